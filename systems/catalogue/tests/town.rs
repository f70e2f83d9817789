//! A catalogue for tests: a database, people with roles, a few records.

use base::{Lang, Moment};
use catalogue::import::{ImportError, Order, Report, Told, import};
use catalogue::{Error, VersionId};
use directory::{Actor, Cx, Held, PersonId, PostId, Role, Secrecy, UnitId, UnitKind};
use serde_json::{Value, json};
use store::{By, Db, Read, Write};
use testkit::Place;
use uuid::Uuid;

pub struct Town {
    pub db: Db,
    _place: Place,
}

/// 14:30 on Monday 23 November 2026, and so many minutes later.
pub fn at(minutes: i64) -> Moment {
    let noon: Moment = "2026-11-23T14:30".parse().unwrap();
    Moment::from_micros(noon.micros() + minutes * 60_000_000)
}

/// Somebody with one role, now.
pub fn person(role: Role, minutes: i64) -> Cx {
    let now = at(minutes);
    let id = Uuid::from_u128(role as u128 + 1);
    let held = Held {
        post: PostId(id),
        unit: UnitId(id),
        unit_path: "/tinh/".into(),
        unit_name: "Văn phòng UBND tỉnh".into(),
        unit_kind: UnitKind::Department,
        title: role.title().into(),
        roles: vec![role],
        clearance: Secrecy::Ordinary,
        from: at(-1_000),
        to: None,
    };
    let who = Actor::officer(PersonId(id), "Trần Thị Biên", now, vec![held]);
    Cx { by: By::new(id, Some(id), now), who, lang: Lang::Vi }
}

pub fn editor(minutes: i64) -> Cx {
    person(Role::CatalogueEditor, minutes)
}

impl Town {
    pub async fn on(place: Place) -> Town {
        let rooms = [("web", web::MIGRATIONS), ("directory", directory::MIGRATIONS), ("catalogue", catalogue::MIGRATIONS)];
        let (db, place) = place.engine().migrated(&rooms).await;
        Town { db, _place: place }
    }

    /// Imports a text.
    pub async fn import(&self, minutes: i64, text: impl Into<Vec<u8>>) -> Result<Report, ImportError> {
        let cx = editor(minutes);
        let order = Order { id: cx.by.id("import", 0), job: None, file: "thu-tuc.jsonl".into() };
        self.import_as(&cx, &order, text.into(), |_| true).await
    }

    pub async fn import_as(
        &self,
        cx: &Cx,
        order: &Order,
        bytes: Vec<u8>,
        go_on: impl Fn(Told) -> bool + Send + Sync,
    ) -> Result<Report, ImportError> {
        let now = cx.by.now;
        import(&self.db, cx, &|| now, order, bytes, &|t| {
            let go_on = go_on(t);
            Box::pin(async move { go_on })
        })
        .await
    }

    pub async fn write<T: Send + 'static>(
        &self,
        act: impl AsyncFn(&Write<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.db.write(act).await
    }

    pub async fn read<T: Send + 'static>(&self, look: impl AsyncFn(&Read<'_>) -> Result<T, Error> + Send + 'static) -> T {
        self.db.read(look).await.unwrap()
    }

    pub async fn current(&self, code: &str, minutes: i64) -> Option<(VersionId, catalogue::package::Package)> {
        let code: base::ProcedureCode = code.parse().unwrap();
        let found = self.db.read(async move |tx: &Read<'_>| catalogue::current(tx, &code, at(minutes)).await).await;
        match found {
            Ok(v) => Some((v.id, (*v.package).clone())),
            Err(Error::NotFound) => None,
            Err(e) => panic!("{e}"),
        }
    }

    /// Rows of a table in a state.
    pub async fn count(&self, state: &'static str) -> i64 {
        self.db
            .read(async move |tx: &Read<'_>| {
                let q = store::sql!(
                    "SELECT (SELECT COUNT(*) FROM catalogue_version WHERE state = $1) + (SELECT COUNT(*) FROM catalogue_record WHERE state = $1)"
                );
                tx.one::<i64>(q, &[&state]).await
            })
            .await
            .unwrap()
    }
}

/// A record with one term row.
pub fn record(code: &str, name: &str, value: Option<u32>, unit: Option<&str>) -> Value {
    json!({
        "code": code, "name": name, "field": "Hộ tịch", "agency_level": ["Cấp xã"], "publishing_agency": "Bộ Tư pháp",
        "agencies": ["Ủy ban nhân dân cấp xã"], "decision_number": "163/QĐ-BTP", "audience": ["Công dân Việt Nam"],
        "methods": [
            {"method": "Trực tiếp", "time_value": value, "time_unit": unit, "fees": [], "note": ""},
            {"method": "Trực tuyến", "time_value": value, "time_unit": unit, "fees": [], "note": ""},
            {"method": "Dịch vụ bưu chính", "time_value": value, "time_unit": unit, "fees": [], "note": ""}
        ],
        "documents": [{"case": "", "name": "Tờ khai", "originals": 1, "copies": 0}],
        "steps": ["Nộp hồ sơ"], "results": [{"name": "Giấy", "code": ""}]
    })
}

/// Lines of a file.
pub fn lines(records: &[Value]) -> String {
    records.iter().map(|r| format!("{r}\n")).collect()
}
