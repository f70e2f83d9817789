//! The list filter and the single decision are one thing: compared on random things, people and acts, on both engines.
use base::Moment;
use directory::{
    ActSpec, Actor, Columns, Grant, Held, PersonId, PostId, Reach, Role, Secrecy, Standing, UnitId,
    policy::{condition, decide},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use store::{Db, Migration, migrate, sql};
use uuid::Uuid;

const TABLE: &[Migration] = &[Migration {
    number: 1,
    name: "things",
    sql: "CREATE TABLE thing (n bigint PRIMARY KEY, unit_path text NOT NULL, desk_path text, assignee uuid, owner uuid, author uuid,
          secrecy bigint NOT NULL);",
}];

/// Few values, so that they meet; with neighbours that a careless prefix or pattern would take for one another.
const PATHS: [&str; 12] = ["/", "/a/", "/a/b/", "/a/b/c/", "/ab/", "/a0/", "/a/b0/", "/a%/", "/a_/", "/A/", "/á/", "/a/b/c/d/"];

fn id(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

#[derive(Debug)]
struct Thing {
    unit_path: &'static str,
    desk_path: Option<&'static str>,
    assignee: Option<u8>,
    owner: Option<u8>,
    author: Option<u8>,
    secrecy: i64,
}

impl Thing {
    fn random(rng: &mut StdRng) -> Thing {
        let some = |rng: &mut StdRng| rng.random_bool(0.7).then(|| rng.random_range(1..6));
        Thing {
            unit_path: PATHS.choose(rng).unwrap(),
            desk_path: rng.random_bool(0.7).then(|| *PATHS.choose(rng).unwrap()),
            assignee: some(rng),
            owner: some(rng),
            author: some(rng),
            secrecy: rng.random_range(0..3),
        }
    }

    /// With the facts that the columns leave out left out here too.
    fn standing(&self, columns: &Columns) -> Standing<'_> {
        Standing {
            unit_path: self.unit_path,
            desk_path: self.desk_path.filter(|_| columns.desk_path.is_some()),
            assignee: self.assignee.filter(|_| columns.assignee.is_some()).map(|n| PostId(id(n))),
            owner: self.owner.filter(|_| columns.owner.is_some()).map(id),
            author: self.author.filter(|_| columns.author.is_some()).map(|n| PersonId(id(n))),
            secrecy: if columns.secrecy.is_some() { Secrecy::of(self.secrecy) } else { Secrecy::Ordinary },
        }
    }
}

fn columns(rng: &mut StdRng) -> Columns {
    let mut some = |name| rng.random_bool(0.8).then_some(name);
    Columns {
        desk_path: some("desk_path"),
        assignee: some("assignee"),
        owner: some("owner"),
        author: some("author"),
        secrecy: some("secrecy"),
        ..Columns::of("thing", "unit_path")
    }
}

fn spec(rng: &mut StdRng) -> ActSpec {
    const REACHES: [Reach; 6] = [Reach::House, Reach::Anywhere, Reach::Subtree, Reach::OwnUnit, Reach::Desk, Reach::Assigned];
    let grants: Vec<Grant> =
        (0..rng.random_range(0..4)).map(|_| Grant::to(*Role::ALL.choose(rng).unwrap(), *REACHES.choose(rng).unwrap())).collect();
    let (owner, four_eyes) = (rng.random_bool(0.5), rng.random_bool(0.3));
    ActSpec { name: "test.act", grants: grants.leak(), owner, four_eyes, ..ActSpec::NOBODY }
}

fn actor(rng: &mut StdRng) -> Actor {
    let at = Moment::from_micros(1_000);
    if rng.random_bool(0.2) {
        return Actor::citizen(id(rng.random_range(1..6)), "Nguyễn Văn Mẫu", at);
    }
    let posts = (0..rng.random_range(0..4))
        .map(|_| Held {
            post: PostId(id(rng.random_range(1..6))),
            unit: UnitId(id(9)),
            unit_path: PATHS.choose(rng).unwrap().to_string(),
            unit_name: String::new(),
            unit_kind: directory::UnitKind::Other,
            title: String::new(),
            roles: (0..rng.random_range(0..4)).map(|_| *Role::ALL.choose(rng).unwrap()).collect(),
            clearance: Secrecy::of(rng.random_range(0..3)),
            from: Moment::from_micros(rng.random_range(0..1_500)),
            to: rng.random_bool(0.5).then(|| Moment::from_micros(rng.random_range(500..2_000))),
        })
        .collect();
    Actor::officer(PersonId(id(rng.random_range(1..6))), "Đỗ Văn Mẫu", at, posts)
}

testkit::both! {
    /// 500 things × 400 pairs of person and act: 200,000 decisions on each engine.
    async fn a_list_shows_exactly_what_a_single_decision_allows(place: testkit::Place) {
        let db = Db::open(&place.target(), &Default::default()).await.unwrap();
        migrate(&db, &[("policy_test", TABLE)]).await.unwrap();
        let seed = std::env::var("MOTCUA_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20261123);
        let mut rng = StdRng::seed_from_u64(seed);
        let things: Vec<Thing> = (0..500).map(|_| Thing::random(&mut rng)).collect();
        let rows: Vec<_> = things
            .iter()
            .map(|t| (t.unit_path, t.desk_path, t.assignee.map(id), t.owner.map(id), t.author.map(id), t.secrecy))
            .collect();
        db.write(async move |tx: &store::Write<'_>| {
            for (n, (unit, desk, assignee, owner, author, secrecy)) in rows.iter().enumerate() {
                tx.run(
                    sql!("INSERT INTO thing (n, unit_path, desk_path, assignee, owner, author, secrecy) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                    &[&(n as i64), unit, desk, assignee, owner, author, secrecy],
                )
                .await?;
            }
            Ok::<_, store::Error>(())
        })
        .await
        .unwrap();
        let (mut decided, mut allowed) = (0, 0);
        for _ in 0..400 {
            let (spec, who, columns) = (spec(&mut rng), actor(&mut rng), columns(&mut rng));
            let asked = (spec, who.clone(), columns);
            let listed: Vec<i64> = db
                .read(async move |tx: &store::Read<'_>| {
                    let (spec, who, columns) = &asked;
                    let mut select = sea_query::Query::select();
                    select.column(("thing", "n")).from("thing").cond_where(condition(spec, who, columns));
                    select.order_by("n", sea_query::Order::Asc);
                    tx.all_dyn(&select).await
                })
                .await
                .unwrap();
            let single: Vec<i64> = things
                .iter()
                .enumerate()
                .filter(|(_, t)| decide(&spec, &who, &t.standing(&columns)).is_ok())
                .map(|(n, _)| n as i64)
                .collect();
            assert_eq!(listed, single, "seed {seed}: {spec:?} {who:?} {columns:?}");
            decided += things.len();
            allowed += single.len();
        }
        eprintln!("{decided} decisions, {allowed} allowed");
        assert!(decided >= 100_000 && allowed > decided / 20 && allowed < decided / 2, "{allowed} of {decided} allowed: too tame a sample");
    }
}

#[test]
fn nobody_without_a_post_in_force_may_do_anything() {
    let at = |t| Moment::from_micros(t);
    let held = |from, to: Option<i64>| Held {
        post: PostId(id(1)),
        unit: UnitId(id(9)),
        unit_path: "/a/".into(),
        unit_name: String::new(),
        unit_kind: directory::UnitKind::Other,
        title: String::new(),
        roles: vec![Role::Leader],
        clearance: Secrecy::Secret,
        from: at(from),
        to: to.map(at),
    };
    const SPEC: ActSpec = ActSpec { grants: &[Grant::to(Role::Leader, Reach::Anywhere)], ..ActSpec::NOBODY };
    let may = |now, from, to| {
        let who = Actor::officer(PersonId(id(2)), "x", at(now), vec![held(from, to)]);
        decide(&SPEC, &who, &Standing { unit_path: "/a/", ..Default::default() }).is_ok()
    };
    assert!(!may(9, 10, None));
    assert!(may(10, 10, Some(20)));
    assert!(may(19, 10, Some(20)));
    assert!(!may(20, 10, Some(20)), "the end is the first instant without rights");
}

#[test]
fn what_belongs_to_the_house_is_for_posts_in_the_root_unit() {
    const SPEC: ActSpec = ActSpec { grants: &[Grant::to(Role::Administrator, Reach::House)], ..ActSpec::NOBODY };
    let may = |path: &str| {
        let held = Held {
            post: PostId(id(1)),
            unit: UnitId(id(9)),
            unit_path: path.into(),
            unit_name: String::new(),
            unit_kind: directory::UnitKind::Other,
            title: String::new(),
            roles: vec![Role::Administrator],
            clearance: Secrecy::Ordinary,
            from: Moment::from_micros(0),
            to: None,
        };
        let who = Actor::officer(PersonId(id(2)), "x", Moment::from_micros(1), vec![held]);
        decide(&SPEC, &who, &Standing::default()).is_ok()
    };
    assert!(may("/a/") && !may("/a/b/") && !may("/a/b/c/"));
}
