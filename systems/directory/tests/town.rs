//! A small province for tests: the root, a department, the provincial centre, two wards with a centre each.
use base::Moment;
use directory::{
    Actor, Cx, NewPerson, NewPost, NewUnit, PersonId, PostId, Role, Secrecy, UnitId, UnitKind, add_person, add_post, add_unit,
};
use store::{By, Db, Read, Write};
use testkit::Place;

/// The province, with the ids tests ask for.
pub struct Town {
    pub db: Db,
    pub now: Moment,
    pub province: UnitId,
    pub justice: UnitId,
    pub centre: UnitId,
    pub ward: UnitId,
    pub ward_desk: UnitId,
    pub other_ward: UnitId,
    _place: Place,
}

/// 14:30 on Monday 23 November 2026.
pub fn noon() -> Moment {
    "2026-11-23T14:30".parse().unwrap()
}

/// A moment some minutes after that.
pub fn minutes(n: i64) -> Moment {
    Moment::from_micros(noon().micros() + n * 60_000_000)
}

impl Town {
    pub async fn on(place: Place) -> Town {
        let (db, place) = place.engine().migrated(&[("web", web::MIGRATIONS), ("directory", directory::MIGRATIONS)]).await;
        let cx = Cx::machine(noon());
        let [province, justice, centre, ward, ward_desk, other_ward] = db
            .write(async move |tx: &Write<'_>| {
                let long_ago = "2025-07-01".parse::<Moment>().unwrap();
                let add = async |key: &str, code: &str, name: &str, kind, parent, gso: Option<&str>| {
                    let new = NewUnit {
                        key: key.into(),
                        gso_code: gso.map(str::to_owned),
                        ..NewUnit::new(code.parse().unwrap(), name, kind, parent, long_ago)
                    };
                    add_unit(tx, &cx, &new).await
                };
                let province = add("tinh", "H12", "Ủy ban nhân dân tỉnh Cà Mau", UnitKind::Province, None, None).await?;
                let justice = add("so-tu-phap", "H12.03", "Sở Tư pháp", UnitKind::Department, Some(province), None).await?;
                let office = add("vp", "H12.01", "Văn phòng UBND tỉnh", UnitKind::Department, Some(province), None).await?;
                let name = "Trung tâm Phục vụ hành chính công tỉnh";
                let centre = add("tt", "H12.01.01", name, UnitKind::Centre, Some(office), None).await?;
                let ward =
                    add("32002", "H12.164", "UBND phường An Xuyên", UnitKind::Commune, Some(province), Some("32002")).await?;
                let ward_desk = add("32002-tt", "H12.164.01", "Trung tâm An Xuyên", UnitKind::Centre, Some(ward), None).await?;
                let other =
                    add("31825", "H12.101", "UBND phường Bạc Liêu", UnitKind::Commune, Some(province), Some("31825")).await?;
                Ok::<_, directory::Error>([province, justice, centre, ward, ward_desk, other])
            })
            .await
            .unwrap();
        Town { db, now: noon(), province, justice, centre, ward, ward_desk, other_ward, _place: place }
    }

    /// Somebody without a post.
    pub async fn person(&self, login: &'static str, unit: UnitId) -> PersonId {
        let cx = Cx::machine(self.now);
        self.db
            .write(async move |tx: &Write<'_>| {
                let new = NewPerson { name: "Đỗ Văn Thao Tác".into(), login: login.into(), email: None, phone: None, unit };
                add_person(tx, &cx, &new).await
            })
            .await
            .unwrap()
    }

    /// Gives a post from now on.
    pub async fn post(&self, person: PersonId, unit: UnitId, roles: &[Role], home: Option<PostId>) -> PostId {
        let (cx, roles) = (Cx::machine(self.now), roles.to_vec());
        self.db.write(async move |tx: &Write<'_>| add_post(tx, &cx, &new_post(person, unit, &roles, home)).await).await.unwrap()
    }

    /// Somebody with one post.
    pub async fn officer(&self, login: &'static str, unit: UnitId, role: Role) -> PersonId {
        let person = self.person(login, unit).await;
        self.post(person, unit, &[role], None).await;
        person
    }

    /// The actor at a time.
    pub async fn actor(&self, person: PersonId, at: Moment) -> Option<Actor> {
        self.db.read(async move |tx: &Read<'_>| directory::actor(tx, person, at).await).await.unwrap()
    }

    /// The context of somebody who acts at a time.
    pub async fn cx(&self, person: PersonId, at: Moment) -> Cx {
        let who = self.actor(person, at).await.expect("no such actor");
        Cx { by: By::new(person.0, who.acting.map(|p| p.0), at), who, lang: base::Lang::Vi }
    }
}

pub fn new_post(person: PersonId, unit: UnitId, roles: &[Role], home: Option<PostId>) -> NewPost {
    NewPost {
        person,
        unit,
        title: "Chuyên viên".into(),
        roles: roles.to_vec(),
        clearance: Secrecy::Ordinary,
        home,
        from: noon(),
        to: None,
    }
}

/// The province behind a port: rooms of the ground and of the directory.
pub struct Served {
    pub town: Town,
    pub clock: base::Clock,
    pub base: String,
    _files: tempfile::TempDir,
}

/// Serves the town; `demo` as the setting of that name.
pub async fn serve(place: Place, demo: bool) -> Served {
    serve_with(place, demo, base::Clock::fixed(noon()), directory::SignInSettings::default()).await
}

/// Serves the town by this clock, with these settings of signing in.
pub async fn serve_with(place: Place, demo: bool, clock: base::Clock, sign_in: directory::SignInSettings) -> Served {
    serve_as(place, web::Settings { demo, ..Default::default() }, clock, sign_in).await
}

/// The same, with these settings of the house.
pub async fn serve_as(place: Place, settings: web::Settings, clock: base::Clock, sign_in: directory::SignInSettings) -> Served {
    let town = Town::on(place).await;
    let folder = tempfile::tempdir().unwrap();
    let files = store::Files::folder(folder.path()).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let settings = web::Settings { address: base.clone(), ..settings };
    let house = web::House::new(town.db.clone(), files, clock.clone(), settings);
    let app = web::build(house, vec![directory::room_with(sign_in)]);
    let service = app.router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    Served { town, clock, base, _files: folder }
}

impl Served {
    /// A browser without scripts.
    pub fn browser(&self) -> testkit::http::Visitor {
        testkit::http::Visitor::of(&self.base)
    }
}
