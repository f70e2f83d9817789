//! A thousand random alterations of the tables and files that are evidence: each is found, and where.
use std::collections::BTreeSet;

use audit::{
    Settings,
    finding::{Fault, Finding},
    service::{
        stamp::{Authority, stamp_bill},
        verify::verify,
    },
};
use base::Seed;
use jiff::SignedDuration;
use pki::Roots;
use store::{By, Read};
use testkit::{Engine, tsa::Tsa};
use uuid::Uuid;

use crate::house::House;

/// A line of one's own to the database, as somebody has who goes past the program.
enum Raw {
    Sqlite(std::sync::Mutex<rusqlite::Connection>),
    Postgres(tokio_postgres::Client),
}

impl Raw {
    async fn to(house: &House) -> Raw {
        if let Some(file) = house.place.sqlite_file() {
            let line = rusqlite::Connection::open(file).unwrap();
            line.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
            line.execute_batch("PRAGMA synchronous = OFF").unwrap();
            return Raw::Sqlite(line.into());
        }
        let (client, line) = tokio_postgres::connect(&house.place.url().unwrap(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(line);
        Raw::Postgres(client)
    }

    async fn run(&self, sql: &str) {
        match self {
            Raw::Sqlite(line) => line.lock().unwrap().execute_batch(&format!("BEGIN IMMEDIATE; {sql}; COMMIT")),
            Raw::Postgres(line) => {
                return line.batch_execute(&format!("BEGIN; {sql}; COMMIT")).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
            }
        }
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    fn id(&self, id: Uuid) -> String {
        match self {
            Raw::Sqlite(_) => format!("x'{}'", id.simple()),
            Raw::Postgres(_) => format!("'{id}'::uuid"),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Raw::Sqlite(_) => format!("x'{}'", hex::encode(bytes)),
            Raw::Postgres(_) => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }
}

/// Where a finding must point.
#[derive(Clone, Debug)]
enum Where {
    Place(i64),
    Event(Uuid),
    Read(Uuid),
    Bill(i64),
    Line(i64, i64),
    Head,
}

impl Where {
    fn is(&self, f: &Finding) -> bool {
        match self {
            Where::Place(pos) => f.place == Some(*pos),
            Where::Event(event) => f.event == Some(*event),
            Where::Read(read) => f.read == Some(*read),
            Where::Bill(number) => f.bill == Some(*number),
            Where::Line(number, line) => f.bill == Some(*number) && f.leaf == Some(*line) && f.fault == Fault::LeavesChanged,
            Where::Head => f.fault == Fault::HeadChanged,
        }
    }
}

/// Chance that comes again.
struct Dice(Seed, u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.1 += 1;
        let bytes = self.0.bytes("dice", self.1);
        (u64::from_be_bytes(bytes[..8].try_into().unwrap()) % n as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn two<'a, T>(&mut self, all: &'a [T]) -> (&'a T, &'a T) {
        let first = self.below(all.len());
        (&all[first], &all[(first + 1 + self.below(all.len() - 1)) % all.len()])
    }

    fn id(&mut self) -> Uuid {
        self.1 += 1;
        self.0.uuid("other", self.1)
    }
}

/// A look: its id, its bill and number, when it has them.
type LookAt = (Uuid, Option<i64>, Option<i64>);

/// What there is to alter.
struct Stock {
    /// place, event, link
    log: Vec<(i64, Uuid, Vec<u8>)>,
    reads: Vec<LookAt>,
    bills: Vec<audit::BillRow>,
    /// Places that a bill covers.
    covered: i64,
}

const TABLES: [&str; 5] = ["store_event", "store_log", "store_log_head", "reads", "audit_bill"];

async fn prepared(engine: Engine) -> (House, Stock, Raw, Roots) {
    let house = House::on(engine.fresh().await).await;
    let tsa = std::sync::Arc::new(Tsa::new());
    std::fs::write(tsa.path("roots.pem"), tsa.root()).unwrap();
    let settings = Settings { tsa: tsa.serve().await, roots: Some(tsa.path("roots.pem")), ..Settings::default() };
    let authority = Authority::of(&settings).unwrap().unwrap();
    for day in 0..4u128 {
        for thing in 0..12 {
            house.happens(10_000 + day * 1000 + thing * 10).await;
            house.looks(10_000 + thing).await;
        }
        // the last day has no bill yet
        if day < 3 {
            let number = house.bill().await;
            stamp_bill(&house.db, &authority, &By::system(house.clock.now()), number).await.unwrap();
            store::settle(&house.db, &house.clock, &[]).await.unwrap();
        }
        house.clock.advance(SignedDuration::from_hours(24));
    }
    let stock = house
        .db
        .read(async |tx: &Read<'_>| {
            let places = store::places(tx, 0, 1000).await?;
            let log: Vec<_> = places.into_iter().map(|p| (p.pos, p.event, p.link)).collect();
            let (mut reads, mut bills) = (vec![], vec![]);
            for number in 1..=3 {
                let looks = directory::evidence::of_bill(tx, number, -1, 1000).await?;
                reads.extend(looks.into_iter().map(|l| (l.id, l.bill, l.leaf)));
                bills.push(audit::bill_of(tx, number).await?.unwrap());
            }
            let open = directory::evidence::beyond_bill(tx, 3, Uuid::nil(), 1000).await?;
            reads.extend(open.into_iter().map(|l| (l.id, l.bill, l.leaf)));
            let covered = bills.last().map_or(0, |b| b.until);
            Ok::<_, store::Error>(Stock { log, reads, bills, covered })
        })
        .await
        .unwrap();
    let raw = Raw::to(&house).await;
    for table in TABLES {
        raw.run(&format!("CREATE TABLE keep_{table} AS SELECT * FROM {table}")).await;
    }
    (house, stock, raw, Roots::from_pem(&tsa.root()).unwrap())
}

/// One alteration: what it is called, and where it must be found; files are altered by the caller.
struct Alteration {
    name: String,
    at: Vec<Where>,
    file: Option<(std::path::PathBuf, Option<Vec<u8>>)>,
}

fn did(name: impl Into<String>, at: impl IntoIterator<Item = Where>) -> Alteration {
    Alteration { name: name.into(), at: at.into_iter().collect(), file: None }
}

/// Alters something of the events and the log.
async fn alter_log(raw: &Raw, stock: &Stock, dice: &mut Dice) -> Alteration {
    let (pos, event, _) = dice.of(&stock.log).clone();
    let (here, own) = (Where::Place(pos), raw.id(event));
    let other = raw.id(dice.id());
    let set = [
        "payload = payload || ' '".to_owned(),
        "payload = NULL".to_owned(),
        "salt = NULL".to_owned(),
        format!("salt = {}", raw.bytes(dice.id().as_bytes())),
        format!("sealed = {}", raw.bytes(&Seed([7; 32]).bytes("sealed", pos.unsigned_abs()))),
        "kind = kind || 'x'".to_owned(),
        "kind_version = kind_version + 1".to_owned(),
        "system = 'other'".to_owned(),
        "at = at + 1".to_owned(),
        format!("who = {other}"),
        format!("post = {other}"),
        "version = version + 1000".to_owned(),
        format!("stream = {other}"),
        format!("trace = {other}"),
        format!("id = {other}"),
    ];
    let which = dice.below(set.len() + 9);
    if let Some(set) = set.get(which) {
        raw.run(&format!("UPDATE store_event SET {set} WHERE id = {own}")).await;
        return did(format!("event {set}"), [here]);
    }
    let ((one, first, _), (two, second, _)) = dice.two(&stock.log);
    let both = [Where::Place(*one), Where::Place(*two)];
    let last = stock.log.last().unwrap().0;
    match which - set.len() {
        0 => {
            raw.run(&format!("DELETE FROM store_event WHERE id = {own}")).await;
            did("event deleted", [here])
        }
        1 => {
            use sha2::{Digest, Sha256};
            let sealed = Sha256::digest(b"saltforged");
            let set = format!("salt = {}, payload = 'forged', sealed = {}", raw.bytes(b"salt"), raw.bytes(&sealed));
            raw.run(&format!("UPDATE store_event SET {set} WHERE id = {own}")).await;
            did("event forged with its seal", [here])
        }
        2 => {
            let link = raw.bytes(&Seed([9; 32]).bytes("link", pos.unsigned_abs()));
            raw.run(&format!("UPDATE store_log SET link = {link} WHERE pos = {pos}")).await;
            did("link changed", [here])
        }
        3 => {
            raw.run(&format!("UPDATE store_log SET system = 'other' WHERE pos = {pos}")).await;
            did("place of another system", [here])
        }
        4 => {
            raw.run(&format!("UPDATE store_log SET event = {other} WHERE pos = {pos}")).await;
            did("place of another event", [here, Where::Event(event)])
        }
        5 => {
            raw.run(&format!("DELETE FROM store_log WHERE pos = {pos}")).await;
            // the last place of all leaves a head that points at nothing
            did(
                "place deleted",
                if pos == last { vec![Where::Head, Where::Event(event)] } else { vec![here, Where::Event(event)] },
            )
        }
        6 => {
            let (first, second) = (raw.id(*first), raw.id(*second));
            raw.run(&format!(
                "UPDATE store_log SET event = {other} WHERE pos = {one}; UPDATE store_log SET event = {first} WHERE pos = {two};
                 UPDATE store_log SET event = {second} WHERE pos = {one}"
            ))
            .await;
            did(format!("order of {one} and {two} exchanged"), both)
        }
        7 => {
            let by = if dice.below(2) == 0 { "pos = pos + 1" } else { "pos = pos - 1" };
            raw.run(&format!("UPDATE store_log_head SET {by}")).await;
            did("head moved", [Where::Head])
        }
        _ => {
            let new = dice.id();
            let new_id = raw.id(new);
            let columns = "version, system, kind, kind_version, at, who, post, trace, salt, payload, sealed";
            raw.run(&format!(
                "INSERT INTO store_event (id, stream, {columns}) SELECT {new_id}, {new_id}, {columns} FROM store_event WHERE id = {own}"
            ))
            .await;
            if dice.below(2) == 0 {
                return did("event put beside the log", [Where::Event(new)]);
            }
            let at = *dice.of(&[0, -3, last + 1, last + 5]);
            let link = raw.bytes(&[1; 32]);
            raw.run(&format!("INSERT INTO store_log (pos, event, system, link) VALUES ({at}, {new_id}, 'happens', {link})"))
                .await;
            did(format!("place {at} inserted"), [Where::Place(at)])
        }
    }
}

/// Rewrites an event that a bill covers, and every link after it, and the head: the chain alone would not show it.
async fn rewrite_chain(house: &House, raw: &Raw, stock: &Stock, dice: &mut Dice) -> Alteration {
    let pos = 1 + dice.below(stock.covered as usize) as i64;
    let event = raw.id(stock.log[pos as usize - 1].1);
    raw.run(&format!("UPDATE store_event SET at = at + 60000000 WHERE id = {event}")).await;
    let places = house.db.read(async move |tx: &Read<'_>| store::places(tx, pos - 1, 1000).await).await.unwrap();
    let mut link = if pos == 1 { vec![0; 32] } else { stock.log[pos as usize - 2].2.clone() };
    let mut sql = String::new();
    for placed in places {
        link = store::chain_link(&link, placed.pos, &placed.found.unwrap().hash).to_vec();
        sql += &format!("UPDATE store_log SET link = {} WHERE pos = {}; ", raw.bytes(&link), placed.pos);
    }
    raw.run(&format!("{sql} UPDATE store_log_head SET link = {}", raw.bytes(&link))).await;
    did("event changed and the whole chain behind it rewritten", [Where::Place(pos)])
}

/// Alters something of the looks.
async fn alter_reads(house: &House, raw: &Raw, stock: &Stock, dice: &mut Dice) -> Alteration {
    let billed: Vec<LookAt> = stock.reads.iter().copied().filter(|r| r.1.is_some()).collect();
    let (read, bill, _) = *dice.of(&stock.reads);
    let other = raw.id(dice.id());
    let set = [
        format!("who = {other}"),
        format!("post = {other}"),
        "post = NULL".to_owned(),
        "act = 'other.act'".to_owned(),
        "purpose = 'Việc khác'".to_owned(),
        "thing_kind = 'other'".to_owned(),
        format!("thing = {other}"),
        format!("owner = {other}"),
        "at = at - 1".to_owned(),
        format!("trace = {other}"),
        format!("seal = {}", raw.bytes(&[5; 32])),
        "seal = NULL".to_owned(),
    ];
    let which = dice.below(set.len() + 8);
    if let Some(set) = set.get(which) {
        raw.run(&format!("UPDATE reads SET {set} WHERE id = {}", raw.id(read))).await;
        return did(format!("look {set} (bill {bill:?})"), [Where::Read(read)]);
    }
    let (read, bill, leaf) = *dice.of(&billed);
    let (own, bill, leaf) = (raw.id(read), bill.unwrap(), leaf.unwrap());
    let here = Where::Read(read);
    match which - set.len() {
        0 => {
            raw.run(&format!("DELETE FROM reads WHERE id = {own}")).await;
            did("look deleted", [here])
        }
        1 => {
            raw.run(&format!("UPDATE reads SET bill = NULL, leaf = NULL WHERE id = {own}")).await;
            did("look taken out of its bill", [here])
        }
        2 => {
            let to = *dice.of(&[0, 1 + bill % 3, 4, 5, 99]);
            raw.run(&format!("UPDATE reads SET bill = {to}, leaf = leaf + 500 WHERE id = {own}")).await;
            did(format!("look moved from bill {bill} to {to}"), [here])
        }
        3 => {
            let to = *dice.of(&["leaf + 500", "-1 - leaf", "NULL"]);
            raw.run(&format!("UPDATE reads SET leaf = {to} WHERE id = {own}")).await;
            did(format!("number of a look changed to {to}"), [here])
        }
        4 => {
            let same: Vec<LookAt> = billed.iter().copied().filter(|r| r.1 == Some(bill)).collect();
            let ((one, _, a), (two, _, b)) = dice.two(&same);
            let (a, b, first, second) = (a.unwrap(), b.unwrap(), raw.id(*one), raw.id(*two));
            raw.run(&format!(
                "UPDATE reads SET leaf = 9999 WHERE id = {first}; UPDATE reads SET leaf = {a} WHERE id = {second};
                 UPDATE reads SET leaf = {b} WHERE id = {first}"
            ))
            .await;
            did("two looks exchanged", [Where::Read(*one), Where::Read(*two)])
        }
        5 => {
            let new = dice.id();
            let columns = "who, post, act, purpose, thing_kind, thing, owner, at, trace, seal, bill";
            raw.run(&format!(
                "INSERT INTO reads (id, leaf, {columns}) SELECT {}, leaf + 700, {columns} FROM reads WHERE id = {own}",
                raw.id(new)
            ))
            .await;
            did("look inserted into a bill", [Where::Read(new)])
        }
        6 => {
            let new = dice.id();
            raw.run(&format!("UPDATE reads SET id = {} WHERE id = {own}", raw.id(new))).await;
            did("id of a look changed", [Where::Read(new)])
        }
        _ => {
            // changed, and sealed again as the program would
            raw.run(&format!("UPDATE reads SET purpose = 'Việc khác' WHERE id = {own}")).await;
            let looks = house.db.read(async move |tx: &Read<'_>| directory::evidence::of_bill(tx, bill, leaf - 1, 1).await).await;
            let seal = raw.bytes(&looks.unwrap()[0].seal);
            raw.run(&format!("UPDATE reads SET seal = {seal} WHERE id = {own}")).await;
            did("look changed and sealed again", [here])
        }
    }
}

/// Alters something of the bills and stamps.
async fn alter_bills(raw: &Raw, stock: &Stock, dice: &mut Dice) -> Alteration {
    let bill = dice.of(&stock.bills);
    let (number, here) = (bill.number, Where::Bill(bill.number));
    let other = raw.id(dice.id());
    let mut token = bill.token.clone().unwrap();
    let at = dice.below(token.len());
    token[at] ^= 1 << dice.below(8);
    let body = bill.body.replacen("\"total\":12", "\"total\":11", 1);
    assert_ne!(body, bill.body);
    let set = [
        "at = at + 1".to_owned(),
        "until = until - 1".to_owned(),
        format!("body = '{body}'"),
        format!("body = '{body}', sha256 = '{}'", audit::Sum::of(&body)),
        "body = ''".to_owned(),
        format!("sha256 = '{}'", audit::Sum::of("other")),
        "events_file = NULL".to_owned(),
        format!("events_file = {other}"),
        "reads_file = NULL".to_owned(),
        "events_file = reads_file".to_owned(),
        "token = NULL".to_owned(),
        "token = NULL, stamped_at = NULL".to_owned(),
        format!("token = {}", raw.bytes(&token)),
        "stamped_at = stamped_at + 1".to_owned(),
        "stamped_at = NULL".to_owned(),
        "number = number + 10".to_owned(),
        "number = -number".to_owned(),
    ];
    let which = dice.below(set.len() + 3);
    if let Some(set) = set.get(which) {
        raw.run(&format!("UPDATE audit_bill SET {set} WHERE number = {number}")).await;
        return did(format!("bill {}", set.chars().take(40).collect::<String>()), [here]);
    }
    let columns = "at, until, body, sha256, events_file, reads_file, token, stamped_at, stamp_error";
    match which - set.len() {
        0 => {
            raw.run(&format!("DELETE FROM audit_bill WHERE number = {number}")).await;
            did("bill deleted", [here])
        }
        1 => {
            let new = *dice.of(&[4, 7, 0, -1]);
            raw.run(&format!(
                "INSERT INTO audit_bill (number, {columns}) SELECT {new}, {columns} FROM audit_bill WHERE number = {number}"
            ))
            .await;
            did(format!("bill {new} inserted"), [Where::Bill(new)])
        }
        _ => {
            let next = &stock.bills[(number as usize) % 3];
            raw.run(&format!(
                "UPDATE audit_bill SET token = {}, stamped_at = {} WHERE number = {number}",
                raw.bytes(next.token.as_ref().unwrap()),
                next.stamped_at.unwrap().micros()
            ))
            .await;
            did("stamp of another bill", [here])
        }
    }
}

/// Alters a list of leaves in the file store.
fn alter_lists(house: &House, stock: &Stock, dice: &mut Dice) -> Alteration {
    let bill = dice.of(&stock.bills);
    let read = audit::bill::Bill::read(&bill.body).unwrap();
    let sum = if dice.below(2) == 0 { read.events.leaves } else { read.reads.leaves };
    let path = house.list(&sum.to_string());
    let was = std::fs::read(&path).unwrap();
    let mut lines: Vec<String> = String::from_utf8(was.clone()).unwrap().lines().map(str::to_owned).collect();
    let at = dice.below(lines.len());
    let here = vec![Where::Line(bill.number, at as i64)];
    let (name, here) = match dice.below(5) {
        0 => {
            let column = dice.below(lines[at].len());
            let with = if lines[at].as_bytes()[column] == b'7' { "8" } else { "7" };
            lines[at].replace_range(column..=column, with);
            ("one character of a list changed", here)
        }
        1 => {
            lines.remove(at);
            ("a line of a list deleted", here)
        }
        2 => {
            let line = lines[at].clone();
            lines.insert(at, line.replacen('a', "b", 1).replacen(' ', " 0", 1));
            ("a line put into a list", here)
        }
        3 => {
            let with = (at + 1) % lines.len();
            lines.swap(at, with);
            ("two lines of a list exchanged", vec![Where::Line(bill.number, at as i64), Where::Line(bill.number, with as i64)])
        }
        _ => {
            std::fs::remove_file(&path).unwrap();
            let mut gone = did("list deleted", [Where::Bill(bill.number)]);
            gone.file = Some((path, Some(was)));
            return gone;
        }
    };
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    Alteration { name: name.into(), at: here, file: Some((path, Some(was))) }
}

async fn a_thousand(engine: Engine, count: u64) {
    let (house, stock, raw, roots) = prepared(engine).await;
    let clean = verify(&house.db, &house.files, Some(&roots)).await.unwrap();
    assert!(clean.is_sound(), "{:?}", clean.findings);
    assert_eq!((clean.bills, clean.stamped, clean.reads, clean.reads_open), (3, 3, 48, 12));
    let mut kinds = BTreeSet::new();
    let mut missed = vec![];
    for n in 0..count {
        let mut dice = Dice(Seed([42; 32]).part("alteration", n), 0);
        let done = match dice.below(10) {
            0..4 => alter_log(&raw, &stock, &mut dice).await,
            4 => rewrite_chain(&house, &raw, &stock, &mut dice).await,
            5..7 => alter_reads(&house, &raw, &stock, &mut dice).await,
            7..9 => alter_bills(&raw, &stock, &mut dice).await,
            _ => alter_lists(&house, &stock, &mut dice),
        };
        let verdict = verify(&house.db, &house.files, Some(&roots)).await.unwrap();
        for place in &done.at {
            if !verdict.findings.iter().any(|f| place.is(f)) {
                missed.push(format!("{n} {}: no {place:?} in {:?}", done.name, verdict.findings));
            }
        }
        kinds.insert(done.name);
        if let Some((path, Some(was))) = done.file {
            std::fs::write(path, was).unwrap();
        }
        let back: Vec<_> = TABLES.iter().map(|t| format!("DELETE FROM {t}; INSERT INTO {t} SELECT * FROM keep_{t}")).collect();
        raw.run(&back.join("; ")).await;
    }
    assert!(missed.is_empty(), "{} of {count} not found:\n{}", missed.len(), missed.join("\n"));
    assert!(kinds.len() > 60, "only {} kinds of alteration", kinds.len());
    let again = verify(&house.db, &house.files, Some(&roots)).await.unwrap();
    assert!(again.is_sound(), "{:?}", again.findings);
}

#[test]
fn a_thousand_random_alterations_are_all_found_and_located_on_sqlite() {
    testkit::run(a_thousand(Engine::Sqlite, 1000));
}

#[test]
fn two_hundred_random_alterations_are_all_found_and_located_on_postgres() {
    testkit::run(a_thousand(Engine::Postgres, 200));
}
