//! A province with two wards, an auditor of each, their heads, and officers who look.
use std::sync::Arc;

use audit::files::{AsOf, Case, Content, Files, Told};
use base::{Clock, Moment};
use directory::{
    About, Act, ActSpec, Actor, Columns, Cx, Grant, NewPerson, NewPost, NewUnit, PersonId, Reach, Role, Standing, Thing, UnitId,
    UnitKind, add_person, add_post, add_unit, allow, read_recorded,
};
use store::{By, Db, Read, Write};
use testkit::{Place, http::Visitor};
use uuid::Uuid;

use crate::house::{id, noon};

/// A dossier of somebody.
pub struct Paper(pub Uuid);
impl Thing for Paper {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: "/", owner: Some(self.0), ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("paper", "unit_path");
}
pub enum See {}
impl Act for See {
    type On = Paper;
    const SPEC: ActSpec =
        ActSpec { name: "office.see", title: "Xem", grants: &[Grant::to(Role::CaseOfficer, Reach::Anywhere)], ..ActSpec::NOBODY };
}

/// Forty dossiers of the ward, four of the other.
pub struct Forty {
    pub ward: String,
    pub other: String,
}

/// Whoever keeps dossiers asks the database for them.
async fn asked(tx: &Read<'_>) -> Result<(), store::Error> {
    tx.one::<i64>(store::sql!("SELECT count(*) FROM audit_sample"), &[]).await.map(drop)
}

impl Forty {
    fn case(&self, n: u128) -> Option<Case> {
        (n < 44).then(|| Case {
            id: id(5000 + n),
            code: format!("H12.1-{n:04}"),
            title: "Thủ tục mẫu".into(),
            unit_path: if n < 40 { self.ward.clone() } else { self.other.clone() },
            unit_name: "Phường".into(),
            owner: id(7000),
            filed_at: noon(),
        })
    }
}

impl Files for Forty {
    fn by_code<'a>(&'a self, _: &'a Read<'_>, code: &'a str) -> Told<'a, Option<Case>> {
        Box::pin(async move { Ok((0..44).filter_map(|n| self.case(n)).find(|c| c.code == code)) })
    }
    fn by_id<'a>(&'a self, tx: &'a Read<'_>, wanted: Uuid) -> Told<'a, Option<Case>> {
        Box::pin(async move {
            asked(tx).await?;
            Ok((0..44).filter_map(|n| self.case(n)).find(|c| c.id == wanted))
        })
    }
    fn by_ids<'a>(&'a self, tx: &'a Read<'_>, wanted: &'a [Uuid]) -> Told<'a, Vec<Case>> {
        Box::pin(async move {
            asked(tx).await?;
            Ok((0..44).filter_map(|n| self.case(n)).filter(|c| wanted.contains(&c.id)).collect())
        })
    }
    fn filed<'a>(&'a self, tx: &'a Read<'_>, unit_path: &'a str, from: Moment, to: Moment) -> Told<'a, Vec<Uuid>> {
        Box::pin(async move {
            asked(tx).await?;
            let all = (0..44).filter_map(|n| self.case(n));
            let here = all.filter(|c| directory::within(&c.unit_path, unit_path) && from <= c.filed_at && c.filed_at < to);
            Ok(here.map(|c| c.id).collect())
        })
    }
    fn complete<'a>(&'a self, _: &'a Read<'_>, _: Uuid) -> Told<'a, Vec<(String, Content)>> {
        Box::pin(async { Ok(vec![("ho-so.json".into(), Content::Bytes(b"{}".to_vec()))]) })
    }
    fn as_of<'a>(&'a self, _: &'a Read<'_>, _: Uuid, at: Moment) -> Told<'a, Option<AsOf>> {
        Box::pin(async move { Ok((at > noon()).then(|| AsOf { facts: vec![], happened: vec![], papers: vec![] })) })
    }
}

pub struct Office {
    pub db: Db,
    pub files: store::Files,
    pub clock: Clock,
    pub province: UnitId,
    pub ward: UnitId,
    pub other: UnitId,
    pub forty: Arc<dyn Files>,
    _folder: tempfile::TempDir,
    _place: Place,
}

const ROOMS: &[(&str, &[store::Migration])] =
    &[("web", web::MIGRATIONS), ("directory", directory::MIGRATIONS), ("audit", audit::MIGRATIONS)];

impl Office {
    pub async fn on(place: Place) -> Office {
        let (db, place) = place.engine().migrated(ROOMS).await;
        let cx = Cx::machine(noon().plus(jiff::SignedDuration::from_hours(-24 * 60)));
        let ((province, ward, other), paths) = db
            .write(async move |tx: &Write<'_>| {
                let add = async |code: &str, name: &str, kind, above| {
                    add_unit(tx, &cx, &NewUnit::new(code.parse().unwrap(), name, kind, above, cx.by.now)).await
                };
                let province = add("H12", "Tỉnh", UnitKind::Province, None).await?;
                let ward = add("H12.101", "Phường An Xuyên", UnitKind::Commune, Some(province)).await?;
                let other = add("H12.102", "Phường Bạc Liêu", UnitKind::Commune, Some(province)).await?;
                let path = async |id| Ok::<_, directory::Error>(directory::unit(tx, id).await?.unwrap().path);
                Ok::<_, directory::Error>(((province, ward, other), (path(ward).await?, path(other).await?)))
            })
            .await
            .unwrap();
        let folder = tempfile::tempdir_in(testkit::memory_folder()).unwrap();
        let files = store::Files::folder(folder.path()).await.unwrap();
        let forty = Arc::new(Forty { ward: paths.0, other: paths.1 });
        Office { db, files, clock: Clock::fixed(noon()), province, ward, other, forty, _folder: folder, _place: place }
    }

    /// Somebody with one post since two months.
    pub async fn somebody(&self, login: &'static str, unit: UnitId, role: Role) -> PersonId {
        let cx = Cx::machine(noon().plus(jiff::SignedDuration::from_hours(-24 * 59)));
        self.db
            .write(async move |tx: &Write<'_>| {
                let name = format!("Người {}", login.trim_end_matches(|c: char| !c.is_alphabetic()));
                let new = NewPerson { name, login: login.into(), email: None, phone: None, unit };
                let person = add_person(tx, &cx, &new).await?;
                let (title, roles, clearance, from) = ("Chức vụ".to_owned(), vec![role], Default::default(), cx.by.now);
                add_post(
                    tx,
                    &cx,
                    &NewPost {
                        person,
                        unit,
                        title,
                        roles,
                        clearance,
                        home: None,
                        from,
                        to: Some(directory::longest_audit(from)),
                    },
                )
                .await?;
                Ok::<_, directory::Error>(person)
            })
            .await
            .unwrap()
    }

    /// The pages of this house; answers where.
    pub async fn serve(&self, settings: &audit::Settings) -> String {
        let demo = web::Settings { demo: true, ..Default::default() };
        let house = web::House::new(self.db.clone(), self.files.clone(), self.clock.clone(), demo);
        let app = web::build(house, vec![directory::room(), audit::room(settings, self.forty.clone())]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!("http://{}", listener.local_addr().unwrap());
        let service = app.router.into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        at
    }

    /// Somebody with one post, signed in where the pages are.
    pub async fn enters(&self, at: &str, login: &'static str, unit: UnitId, role: Role) -> Visitor {
        let password = "ghe xuồng ra Năm Căn";
        let hashed = directory::hash_password(password, &[], &base::Seed::fresh()).await.unwrap();
        let (person, cx) = (self.somebody(login, unit, role).await, Cx::machine(noon()));
        self.db.write(async move |tx: &Write<'_>| directory::set_password(tx, &cx, person, &hashed, true).await).await.unwrap();
        let browser = Visitor::of(at);
        let form = browser.get("/can-bo/dang-nhap").await.must(200);
        let fields = [("ten", login), ("mat-khau", password), ("next", "/can-bo/toi")];
        browser.post(&form, "/can-bo/dang-nhap", &fields).await.must(200);
        browser
    }

    /// A citizen who registered where the pages are, and the account.
    pub async fn registers(&self, at: &str) -> (Visitor, Uuid) {
        let citizen = Visitor::of(at);
        let form = citizen.get("/dang-ky?next=/tai-khoan").await.must(200);
        let fields =
            [("ho-ten", "Thạch Thị Sà Rươl"), ("ten", "sa.ruol"), ("mat-khau", "đò chiều rạch Tàu"), ("next", "/tai-khoan")];
        assert!(citizen.post(&form, "/dang-ky", &fields).await.must(200).text.contains("/tai-khoan/luot-xem"));
        let account = async |tx: &Read<'_>| tx.one(store::sql!("SELECT id FROM citizen_account"), &[]).await;
        (citizen, self.db.read(account).await.unwrap())
    }

    pub async fn cx(&self, person: PersonId) -> Cx {
        let now = self.clock.now();
        let who = self.db.read(async move |tx: &Read<'_>| directory::actor(tx, person, now).await).await.unwrap().unwrap();
        Cx { by: By::new(person.0, who.acting.map(|p| p.0), now), who, lang: base::Lang::Vi }
    }

    pub fn citizen(&self, account: Uuid) -> Cx {
        let now = self.clock.now();
        Cx {
            by: By::new(account, None, now), who: Actor::citizen(account, "Thạch Thị Sà Rươl", now), lang: base::Lang::Vi
        }
    }

    /// An officer opens so many dossiers of this citizen within the hour that the clock shows.
    pub async fn looks(&self, officer: PersonId, owner: Uuid, count: u128) {
        let cx = self.cx(officer).await;
        self.db
            .write(async move |tx: &Write<'_>| {
                for n in 0..count {
                    let seen = allow::<See>(&cx.who, Paper(owner))?;
                    read_recorded(tx, &cx, &seen, About { kind: "dossier", id: id(5000 + n) }, "Thụ lý hồ sơ").await?;
                }
                Ok::<_, directory::Error>(())
            })
            .await
            .unwrap();
    }
}
