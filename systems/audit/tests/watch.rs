//! Bulk look-ups raise an alarm; a citizen complains about a look.
use audit::{
    Error,
    decide::Watch,
    objection::Objection,
    service::watch::{answer_complaint, close_alarm, complain, see_complaint, watch},
};
use directory::{PersonId, Role, who_looked_at_owner};
use jiff::SignedDuration;
use store::{Read, Write};
use uuid::Uuid;

use crate::{house::id, office::Office};

const RULE: Watch = Watch { free: 10, times: 3, days: 30 };

async fn alarms(office: &Office) -> Vec<(Uuid, i64, i64)> {
    office
        .db
        .read(async |tx: &Read<'_>| tx.all(store::sql!("SELECT id, looks, usual FROM audit_alarm ORDER BY hour"), &[]).await)
        .await
        .unwrap()
}

testkit::both! {
    async fn an_hour_far_beyond_an_officers_usual_days_raises_one_alarm(place: testkit::Place) {
        let office = Office::on(place).await;
        let busy = office.somebody("ban.ron", office.ward, Role::CaseOfficer).await;
        let quiet = office.somebody("it.viec", office.ward, Role::CaseOfficer).await;
        let today = office.clock.now();
        for day in 1..=5 {
            office.clock.set(today.plus(SignedDuration::from_hours(-24 * day)));
            office.looks(busy, id(7000), 8).await;
        }
        office.clock.set(today);
        // three times the usual is fine for the one, far too much for the other
        office.looks(busy, id(7000), 24).await;
        office.looks(quiet, id(7000), 24).await;
        assert_eq!(watch(&office.db, office.clock.now().plus(SignedDuration::from_secs(1)), &RULE).await.unwrap(), 1);
        assert_eq!(watch(&office.db, office.clock.now().plus(SignedDuration::from_secs(1)), &RULE).await.unwrap(), 0, "once an hour");
        let found = alarms(&office).await;
        assert_eq!((found.len(), found[0].1, found[0].2), (1, 24, 0));
        // the same dossier again and again is one
        office.clock.advance(SignedDuration::from_hours(3));
        for _ in 0..30 {
            office.looks(quiet, id(7000), 1).await;
        }
        assert_eq!(watch(&office.db, office.clock.now().plus(SignedDuration::from_secs(1)), &RULE).await.unwrap(), 0);
    }

    async fn an_alarm_is_closed_by_the_head_of_the_unit_with_a_reason_and_never_by_whom_it_is_about(place: testkit::Place) {
        let office = Office::on(place).await;
        let officer = office.somebody("tra.cuu", office.ward, Role::CaseOfficer).await;
        office.looks(officer, id(7000), 30).await;
        watch(&office.db, office.clock.now().plus(SignedDuration::from_secs(1)), &RULE).await.unwrap();
        let alarm = alarms(&office).await[0].0;
        let close = async |who: PersonId, reason: &'static str| {
            let cx = office.cx(who).await;
            office.db.write(async move |tx: &Write<'_>| close_alarm(tx, &cx, alarm, reason).await).await
        };
        let head = office.somebody("truong", office.ward, Role::Leader).await;
        for (login, unit, role) in [
            ("ktv", office.ward, Role::Auditor),
            ("qt", office.province, Role::Administrator),
            ("truong.khac", office.other, Role::Leader),
            ("tc2", office.ward, Role::CaseOfficer),
        ] {
            let who = office.somebody(login, unit, role).await;
            assert!(matches!(close(who, "Đúng việc").await, Err(Error::Denied(_))), "{login}");
        }
        assert!(matches!(close(head, "").await, Err(Error::Objection(Objection::ReasonNeeded))));
        close(head, "Rà soát theo kế hoạch").await.unwrap();
        assert!(matches!(close(head, "Lần nữa").await, Err(Error::Objection(Objection::AlarmClosed))));
        // a head who is the one that looked
        office.clock.advance(SignedDuration::from_hours(2));
        let both = office.somebody("kiem.nhiem", office.other, Role::CaseOfficer).await;
        let cx = directory::Cx::machine(office.clock.now().plus(SignedDuration::from_hours(-1)));
        let unit = office.other;
        office.db.write(async move |tx: &Write<'_>| {
            let (title, roles, from) = ("Trưởng".to_owned(), vec![Role::Leader], cx.by.now);
            directory::add_post(tx, &cx, &directory::NewPost { person: both, unit, title, roles, clearance: Default::default(), home: None, from, to: None }).await
        }).await.unwrap();
        office.looks(both, id(7000), 30).await;
        watch(&office.db, office.clock.now().plus(SignedDuration::from_secs(1)), &RULE).await.unwrap();
        let own = alarms(&office).await[1].0;
        let cx = office.cx(both).await;
        let done = office.db.write(async move |tx: &Write<'_>| close_alarm(tx, &cx, own, "Tự xem").await).await;
        assert!(matches!(done, Err(Error::Denied(_))), "{done:?}");
    }

    async fn an_alarm_about_somebody_without_a_post_when_the_hour_began_lies_with_the_head_of_the_house(place: testkit::Place) {
        let office = Office::on(place).await;
        let newcomer = office.somebody("moi.den", office.ward, Role::CaseOfficer).await;
        let first = office.cx(newcomer).await.who.acting.unwrap();
        // between two posts at 14:00
        let cx = directory::Cx::machine(office.clock.now().plus(SignedDuration::from_mins(-60)));
        let ends = cx.by.now.plus(SignedDuration::from_secs(1));
        office.db.write(async move |tx: &Write<'_>| directory::end_post(tx, &cx, first, ends, "Chuyển việc").await).await.unwrap();
        let cx = directory::Cx::machine(office.clock.now().plus(SignedDuration::from_mins(-10)));
        let unit = office.ward;
        office.db.write(async move |tx: &Write<'_>| {
            let (title, roles, from) = ("Chuyên viên".to_owned(), vec![Role::CaseOfficer], cx.by.now);
            directory::add_post(tx, &cx, &directory::NewPost { person: newcomer, unit, title, roles, clearance: Default::default(), home: None, from, to: None }).await
        }).await.unwrap();
        office.looks(newcomer, id(7000), 30).await;
        watch(&office.db, office.clock.now().plus(SignedDuration::from_secs(1)), &RULE).await.unwrap();
        let alarm = alarms(&office).await[0].0;
        for (login, unit, may) in [("truong", office.ward, false), ("chu.tich", office.province, true)] {
            let head = office.somebody(login, unit, Role::Leader).await;
            let cx = office.cx(head).await;
            let done = office.db.write(async move |tx: &Write<'_>| close_alarm(tx, &cx, alarm, "Đã hỏi").await).await;
            assert_eq!(done.is_ok(), may, "{login}: {done:?}");
        }
    }

    async fn a_citizen_complains_once_about_a_look_at_their_own_data_and_reads_the_answer(place: testkit::Place) {
        let office = Office::on(place).await;
        let officer = office.somebody("thu.ly", office.ward, Role::CaseOfficer).await;
        let (mine, stranger) = (id(7001), id(7002));
        office.looks(officer, mine, 1).await;
        let later = office.clock.now().plus(SignedDuration::from_secs(1));
        let looks = office.db.read(async move |tx: &Read<'_>| who_looked_at_owner(tx, mine, later, 10).await).await.unwrap();
        let look = looks[0].id;
        let says = async |cx: directory::Cx, words: &'static str| {
            office.db.write(async move |tx: &Write<'_>| complain(tx, &cx, look, words).await).await
        };
        let hidden = says(office.citizen(stranger), "Không phải của tôi").await;
        assert!(matches!(hidden, Err(Error::Denied(d)) if d.hidden), "{hidden:?}");
        assert!(matches!(says(office.cx(officer).await, "Của người khác").await, Err(Error::Denied(_))));
        assert!(matches!(says(office.citizen(mine), "").await, Err(Error::Objection(Objection::WordsNeeded))));
        let complaint = says(office.citizen(mine), "Tôi không nộp hồ sơ nào").await.unwrap();
        assert!(matches!(says(office.citizen(mine), "Lần nữa").await, Err(Error::Objection(Objection::Complained))));
        let reply = async |who: PersonId, words: &'static str| {
            let cx = office.cx(who).await;
            office.db.write(async move |tx: &Write<'_>| answer_complaint(tx, &cx, complaint, words).await).await
        };
        let auditor = office.somebody("ktv", office.ward, Role::Auditor).await;
        let elsewhere = office.somebody("ktv2", office.other, Role::Auditor).await;
        let admin = office.somebody("qt", office.province, Role::Administrator).await;
        for who in [elsewhere, admin, officer] {
            assert!(matches!(reply(who, "Trả lời").await, Err(Error::Denied(_))));
        }
        assert!(matches!(reply(auditor, "").await, Err(Error::Objection(Objection::AnswerNeeded))));
        reply(auditor, "Đã kiểm tra").await.unwrap();
        assert!(matches!(reply(auditor, "Lần nữa").await, Err(Error::Objection(Objection::Answered))));
        // reading the citizen's words is a look of its own
        let cx = office.cx(auditor).await;
        office.db.write(async move |tx: &Write<'_>| see_complaint(tx, &cx, complaint, "Giải quyết khiếu nại").await.map(drop)).await.unwrap();
        let looks = office.db.read(async move |tx: &Read<'_>| who_looked_at_owner(tx, mine, later, 10).await).await.unwrap();
        assert_eq!(looks.len(), 2);
        assert!(looks.iter().any(|l| l.thing_kind == "complaint"));
    }
}
