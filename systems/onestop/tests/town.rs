//! A ward with its centre and people, one published procedure, and a second ward whose people may see nothing: what acts on the database
//! start from.

use crate::given::{at, package};
use base::Moment;
use catalogue::Origin;
use catalogue::package::Package;
use directory::{Actor, Cx, NewPerson, NewPost, NewUnit, PersonId, Role, UnitId, UnitKind, add_person, add_post, add_unit};
use onestop::dossier::{ResultChannel, Verdict, When};
use onestop::row::DossierRow;
use onestop::service::{self, Error};
use sha2::Digest as _;
use store::{By, Db, Read, Write};
use testkit::Place;
use uuid::Uuid;

pub struct Town {
    pub db: Db,
    pub ward: UnitId,
    pub desk: UnitId,
    pub other: UnitId,
    pub people: People,
    _place: Place,
}

/// One person per role; `other_*` work in the other ward.
#[derive(Clone, Copy)]
pub struct People {
    pub desk: PersonId,
    /// Works at the same desk.
    pub colleague: PersonId,
    pub case: PersonId,
    pub leader: PersonId,
    /// Settles dossiers and leads: may not do both to one.
    pub both: PersonId,
    pub clerk: PersonId,
    /// Heads the desk.
    pub head: PersonId,
    /// Settled dossiers here until the day before.
    pub gone: PersonId,
    pub administrator: PersonId,
    pub other_desk: PersonId,
    pub other_case: PersonId,
    pub other_leader: PersonId,
}

pub const CITIZEN: Uuid = Uuid::from_u128(0xC1);
pub const STRANGER: Uuid = Uuid::from_u128(0xC2);

/// Monday 23 November 2026, 08:00: everybody is at work.
pub fn morning() -> Moment {
    at("2026-11-23T08:00")
}

impl Town {
    pub async fn on(place: Place) -> Town {
        Town::with(place, package()).await
    }

    pub async fn with(place: Place, package: Package) -> Town {
        let rooms = [
            ("web", web::MIGRATIONS),
            ("directory", directory::MIGRATIONS),
            ("notices", notices::MIGRATIONS),
            ("catalogue", catalogue::MIGRATIONS),
            ("onestop", onestop::MIGRATIONS),
        ];
        let (db, place) = place.engine().migrated(&rooms).await;
        let cx = Cx::machine(at("2026-11-20T08:00"));
        let (ward, desk, other, people) = db
            .write(async move |tx: &Write<'_>| {
                let unit = async |key: &str, code: &str, name: &str, kind, parent| {
                    let from = at("2025-07-01T00:00");
                    // communes are called by their code of the statistics office
                    let gso_code = (kind == UnitKind::Commune).then(|| key.to_owned());
                    let new =
                        NewUnit { key: key.into(), gso_code, ..NewUnit::new(code.parse().unwrap(), name, kind, parent, from) };
                    add_unit(tx, &cx, &new).await
                };
                let province = unit("tinh", "H12", "Ủy ban nhân dân tỉnh Cà Mau", UnitKind::Province, None).await?;
                let ward = unit("32002", "H12.164", "Phường An Xuyên", UnitKind::Commune, Some(province)).await?;
                let desk = unit("32002-tt", "H12.164.01", "Trung tâm An Xuyên", UnitKind::Centre, Some(ward)).await?;
                let other = unit("31825", "H12.101", "Phường Bạc Liêu", UnitKind::Commune, Some(province)).await?;
                let other_desk = unit("31825-tt", "H12.101.01", "Trung tâm Bạc Liêu", UnitKind::Centre, Some(other)).await?;
                let hired_until = async |login: &str, name: &str, unit: UnitId, roles: &[Role], to: Option<Moment>| {
                    let new = NewPerson { name: name.into(), login: login.into(), email: None, phone: None, unit };
                    let person = add_person(tx, &cx, &new).await?;
                    let post = NewPost {
                        person,
                        unit,
                        title: roles[0].title().into(),
                        roles: roles.to_vec(),
                        clearance: Default::default(),
                        home: None,
                        from: cx.by.now,
                        to,
                    };
                    add_post(tx, &cx, &post).await?;
                    Ok::<_, directory::Error>(person)
                };
                let hired = async |login: &str, name: &str, unit: UnitId, roles: &[Role]| {
                    hired_until(login, name, unit, roles, None).await
                };
                let person = async |login: &str, name: &str, unit: UnitId, role: Role| hired(login, name, unit, &[role]).await;
                let people = People {
                    both: hired("kiemnhiem", "Trịnh Văn Thử Việc", ward, &[Role::CaseOfficer, Role::Leader]).await?,
                    desk: person("quay", "Lê Thị Thí Điểm", desk, Role::DeskOfficer).await?,
                    colleague: person("quay1b", "Đỗ Văn Thao Tác", desk, Role::DeskOfficer).await?,
                    case: person("thuly", "Phan Văn Minh Họa", ward, Role::CaseOfficer).await?,
                    leader: person("lanhdao", "Võ Thị Giả Định", ward, Role::Leader).await?,
                    clerk: person("vanthu", "Hồ Văn Kiểm Thử", ward, Role::Clerk).await?,
                    head: person("phutrach", "Mai Thị Phụ Trách", desk, Role::DeskHead).await?,
                    gone: hired_until("daroi", "Lý Văn Đã Rời", ward, &[Role::CaseOfficer], Some(at("2026-11-22T17:00"))).await?,
                    administrator: person("quantri", "Tô Văn Quản Trị", ward, Role::Administrator).await?,
                    other_case: person("thuly2", "Ngô Thị Bên Kia", other, Role::CaseOfficer).await?,
                    other_desk: person("quay2", "Đặng Thị Ví Dụ", other_desk, Role::DeskOfficer).await?,
                    other_leader: person("lanhdao2", "Bùi Văn Tạm", other, Role::Leader).await?,
                };
                Ok::<_, directory::Error>((ward, desk, other, people))
            })
            .await
            .unwrap();
        db.write(async move |tx: &Write<'_>| {
            catalogue::publish(tx, &By::system(morning()), &package, Origin::Written).await?;
            catalogue::put_on_list(tx, &package.code, "all", &package.name).await
        })
        .await
        .unwrap();
        Town { db, ward, desk, other, people, _place: place }
    }

    /// An officer at a time.
    pub async fn officer(&self, person: PersonId, now: Moment) -> Cx {
        let who = self.db.read(async move |tx: &Read<'_>| directory::actor(tx, person, now).await).await.unwrap().unwrap();
        Cx { by: By::new(person.0, who.acting.map(|p| p.0), now), who, lang: base::Lang::Vi }
    }

    /// A citizen at a time.
    pub fn citizen(account: Uuid, now: Moment) -> Cx {
        Cx { by: By::new(account, None, now), who: Actor::citizen(account, "Trần Thị Thử", now), lang: base::Lang::Vi }
    }

    /// A citizen's draft, ready but for papers when `complete` is false.
    pub async fn draft(&self, complete: bool) -> Uuid {
        let cx = Town::citizen(CITIZEN, morning());
        let ward = self.ward.0;
        self.db
            .write(async move |tx: &Write<'_>| {
                let id = service::start_draft(tx, &cx, &"1.001193".parse().unwrap(), None, Default::default()).await?;
                let mut draft = service::own_draft(tx, &cx, id).await?;
                draft.data.applicant.name = "Trần Thị Thử".into();
                draft.data.applicant.phone = "0900 000 002".into();
                draft.data.applicant.email = "thu@example.test".into();
                draft.data.commune = Some(ward);
                draft.data.result_channel = Some(ResultChannel::Electronic);
                service::save_draft(tx, &cx, &draft).await?;
                if complete {
                    service::attach(tx, &cx, id, "chung-sinh", &stored("chung-sinh.pdf", 4)).await?;
                }
                Ok::<_, Error>(id)
            })
            .await
            .unwrap()
    }

    /// A filing that was sent.
    pub async fn submitted(&self) -> DossierRow {
        let draft = self.draft(true).await;
        self.submit(draft).await.unwrap()
    }

    pub async fn submit(&self, draft: Uuid) -> Result<DossierRow, Error> {
        let cx = Town::citizen(CITIZEN, morning());
        self.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, None).await).await
    }

    /// The desk's finding on the birth certificate.
    pub async fn check(&self, by: PersonId, id: Uuid, verdict: Verdict) -> Result<(), Error> {
        let cx = self.officer(by, morning()).await;
        self.db
            .write(async move |tx: &Write<'_>| {
                service::check_paper(tx, &cx, id, "chung-sinh", verdict, When::now(morning())).await.map(drop)
            })
            .await
    }

    pub async fn accept(&self, by: PersonId, id: Uuid, now: Moment) -> Result<DossierRow, Error> {
        let cx = self.officer(by, now).await;
        self.db.write(async move |tx: &Write<'_>| service::accept(tx, &cx, id, None, None, When::now(now)).await).await
    }

    /// A checked and accepted dossier.
    pub async fn accepted(&self) -> DossierRow {
        let row = self.submitted().await;
        self.check(self.people.desk, row.id, Verdict::Good).await.unwrap();
        self.accept(self.people.desk, row.id, at("2026-11-23T08:10")).await.unwrap()
    }
}

/// A stored file of so many bytes, which are not there: nobody reads them here.
pub fn stored(name: &str, size: u64) -> onestop::sent::Stored {
    let sha256 = sha2::Sha256::digest(name.as_bytes()).into();
    let owner = Uuid::from_slice(&sha2::Sha256::digest(name.as_bytes())[..16]).unwrap();
    onestop::sent::Stored::of(store::Stored { owner, sha256, size }, name, "application/pdf")
}

/// A file as a row names it; its bytes do not matter here.
pub fn file(cx: &Cx, name: &str) -> onestop::sql::papers::Attachment {
    onestop::sql::papers::Attachment {
        id: cx.by.id("attachment", 1),
        draft: None,
        dossier: None,
        paper: None,
        role: "paper".into(),
        file: Uuid::nil(),
        name: name.into(),
        media_type: "application/pdf".into(),
        size: 4,
        sha256: "00".repeat(32),
        hint: None,
        added_at: cx.by.now,
        added_by: None,
    }
}
