//! What papers say: in whose name they are issued, what is owed, which days are left out, what is still missing (OS-10, OS-11).

use crate::front::Front;
use crate::given::{at, package};
use crate::town::Town;
use base::Moment;
use base::calendar::{OfficeHours, WorkCalendar};
use base::due::{DuePolicy, Term, TermUnit, due};
use catalogue::package::Package;
use directory::unit::Renaming;
use directory::{Cx, NewUnit, UnitId, UnitKind, add_unit, rename_unit};
use jiff::civil::{Date, date};
use onestop::dossier::{SupplementItem, When};
use onestop::service::{self, Whole};
use onestop::sql::papers::Supplement;
use onestop::{letterhead, printing};
use paper::{AcceptanceReceipt, Code, Copies, CopyKind, Fee, Fees, Office, PaperReceived, Signing};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

const HOUSE: printing::House<'_> = printing::House { address: "https://mot-cua.test", hotline: "1900 0000" };

impl Town {
    /// Everything about a dossier.
    async fn whole_of(&self, id: Uuid) -> Whole {
        let cx = self.officer(self.people.desk, at("2026-11-23T08:30")).await;
        self.db.write(async move |tx: &Write<'_>| service::see(tx, &cx, id, Some("thử")).await).await.unwrap()
    }

    async fn office(&self, unit: UnitId, day: &str) -> Office {
        let at = at(day);
        self.db.read(async move |tx: &Read<'_>| letterhead::office(tx, unit, at).await).await.unwrap()
    }
}

fn office(parent: &str, name: &str, place: &str) -> Office {
    Office { parent: parent.into(), name: name.into(), place: place.into() }
}

fn form_01(whole: &Whole) -> AcceptanceReceipt {
    printing::receipt(whole, office("", "Trung tâm An Xuyên", "An Xuyên"), &HOUSE).unwrap()
}

/// Form 01 of a dossier received at this minute, with this term.
fn promised(whole: &Whole, received: &str, term: Term) -> AcceptanceReceipt {
    let calculation = due(at(received), term, &DuePolicy::default(), &WorkCalendar::vietnam()).unwrap();
    let mut whole = whole.clone();
    whole.row.calculation = Some(serde_json::to_string(&calculation).unwrap());
    form_01(&whole)
}

fn asked(answered_at: Option<Moment>) -> Supplement {
    Supplement {
        round: 1,
        requested_at: at("2026-11-23T08:05"),
        requested_by: "Lê Thị Thí Điểm".into(),
        items: r#"[{ "paper": "chung-sinh", "reason": "Ảnh mờ", "ground": "Điều 16 Luật Hộ tịch" }]"#.into(),
        answered_at,
    }
}

fn with_fees(rows: &[&str]) -> Package {
    Package { fees: rows.iter().map(|row| toml::from_str(row).unwrap()).collect(), ..package() }
}

testkit::both! {
    async fn a_paper_is_headed_by_the_desk_and_what_stands_above_it_as_they_were_called_then(place: Place) {
        let town = Town::on(place).await;
        let (ward, desk) = (town.ward, town.desk);
        let (ward_name, desk_name) = ("Ủy ban nhân dân phường Thí Điểm", "Trung tâm Phục vụ hành chính công phường Thí Điểm");
        town.db
            .write(async move |tx: &Write<'_>| {
                let cx = Cx::machine(at("2026-11-24T08:00"));
                for (unit, name, code, kind) in
                    [(ward, ward_name, "H12.164", UnitKind::Commune), (desk, desk_name, "H12.164.01", UnitKind::Centre)]
                {
                    let to = Renaming {
                        name: name.into(),
                        short_name: name.into(),
                        code: code.parse().unwrap(),
                        kind,
                        ground: "Nghị quyết 01".into(),
                        from: at("2026-11-24T00:00"),
                    };
                    rename_unit(tx, &cx, unit, &to).await?;
                }
                Ok::<_, directory::Error>(())
            })
            .await
            .unwrap();
        let before = town.office(desk, "2026-11-23T08:10").await;
        assert_eq!(before, office("Phường An Xuyên", "Trung tâm An Xuyên", "An Xuyên"));
        assert_eq!(town.office(desk, "2026-11-25T08:10").await, office(ward_name, desk_name, "Thí Điểm"));
        assert_eq!(town.office(ward, "2026-11-25T08:10").await, office("", ward_name, "Thí Điểm"));
    }

    async fn the_provincial_centre_and_a_department_sit_in_the_province(place: Place) {
        let town = Town::on(place).await;
        let (office_name, centre_name) = ("Văn phòng Ủy ban nhân dân tỉnh", "Trung tâm Phục vụ hành chính công tỉnh Cà Mau");
        let (department, centre) = town
            .db
            .write(async move |tx: &Write<'_>| {
                let cx = Cx::machine(at("2026-11-20T09:00"));
                let root = directory::root(tx).await?.map(|unit| unit.id);
                let add = async |code: &str, name: &str, kind, parent| {
                    let from = at("2025-07-01T00:00");
                    add_unit(tx, &cx, &NewUnit::new(code.parse().unwrap(), name, kind, parent, from)).await
                };
                let department = add("H12.01", office_name, UnitKind::Department, root).await?;
                let centre = add("H12.01.01", centre_name, UnitKind::Centre, Some(department)).await?;
                Ok::<_, directory::Error>((department, centre))
            })
            .await
            .unwrap();
        assert_eq!(town.office(centre, "2026-11-23T08:10").await, office(office_name, centre_name, "Cà Mau"));
        let above = "Ủy ban nhân dân tỉnh Cà Mau";
        assert_eq!(town.office(department, "2026-11-23T08:10").await, office(above, office_name, "Cà Mau"));
    }

    async fn form_01_stays_as_it_was_handed_over_when_another_agency_turns_out_to_decide_os_05(place: Place) {
        let front = Front::on(place, package()).await;
        let town = &front.town;
        let (id, desk) = (town.accepted().await.id, front.officer(town.people.desk).await);
        let form = format!("/can-bo/ho-so/{id}/mau-01.pdf");
        let before = front.get(&desk, &form).await.must(200).bytes;
        let (cx, other) = (town.officer(town.people.head, at("2026-11-23T08:20")).await, town.other);
        let moved = async move |tx: &Write<'_>| {
            service::determine_competence(tx, &cx, id, other, "Cư trú ở phường khác", When::now(cx.by.now)).await
        };
        assert_eq!(town.db.write(moved).await.unwrap().unit_name.as_deref(), Some("Phường Bạc Liêu"));
        assert!(front.get(&desk, &form).await.must(200).bytes == before);
    }

    async fn form_01_says_that_nothing_is_charged_only_when_that_is_known(place: Place) {
        let row = "id = \"phi\"\nname = \"Lệ phí\"\ncondition = \"Theo nghị quyết của Hội đồng nhân dân tỉnh.\"";
        let town = Town::with(place, with_fees(&[row])).await;
        let mut whole = town.whole_of(town.accepted().await.id).await;
        assert_eq!(whole.row.fee_due, None);
        let open = |paid| Fees::Open { rules: vec!["Lệ phí: Theo nghị quyết của Hội đồng nhân dân tỉnh".into()], paid };
        assert_eq!(form_01(&whole).fees, open(false));
        whole.row.fee_paid_at = whole.row.accepted_at;
        assert_eq!(form_01(&whole).fees, open(true), "taken, and nobody wrote how much");
        whole.row.fee_due = Some(0);
        assert_eq!(form_01(&whole).fees, Fees::Known(vec![]));
    }

    async fn a_sum_over_several_rows_stands_before_their_names(place: Place) {
        let rows = [
            "id = \"a\"\nname = \"Phí chứng thực, trang 1 và 2\"\namount = 2000\nper = \"một trang\"",
            "id = \"b\"\nname = \"Phí chứng thực, từ trang 3\"\namount = 1000\nper = \"một trang\"",
        ];
        let town = Town::with(place, with_fees(&rows)).await;
        let mut whole = town.whole_of(town.accepted().await.id).await;
        let rules = ["Phí chứng thực, trang 1 và 2: 2.000 đồng một trang", "Phí chứng thực, từ trang 3: 1.000 đồng một trang"];
        assert_eq!(form_01(&whole).fees, Fees::Open { rules: rules.map(str::to_owned).to_vec(), paid: false });
        whole.row.fee_due = Some(10_000);
        let names = ["Phí chứng thực, trang 1 và 2", "Phí chứng thực, từ trang 3"].map(str::to_owned).to_vec();
        assert_eq!(form_01(&whole).fees, Fees::Known(vec![Fee { names, amount: 10_000, paid: false }]));
    }

    async fn days_left_out_are_the_days_off_between_receipt_and_return_and_no_others(place: Place) {
        let town = Town::on(place).await;
        let whole = town.whole_of(town.accepted().await.id).await;
        let days = |form: &AcceptanceReceipt| form.left_out.iter().map(|d| d.day).collect::<Vec<Date>>();
        let three = Term::new(3, TermUnit::WorkingDay).unwrap();
        let (saturday, sunday) = (date(2026, 11, 28), date(2026, 11, 29));
        let cases = [
            ("2026-11-23T08:00", Term::SameDay, vec![], ""),
            ("2026-11-27T15:20", Term::SameDay, vec![saturday, sunday], "Tiếp nhận sau 15 giờ nên trả vào ngày làm việc tiếp theo"),
            ("2026-11-28T09:00", Term::SameDay, vec![sunday], "Tiếp nhận vào ngày nghỉ nên trả vào ngày làm việc tiếp theo"),
            ("2026-11-28T09:00", three, vec![sunday], ""),
            ("2026-11-27T09:00", Term::new(10, TermUnit::CalendarDay).unwrap(), vec![], ""),
            (
                "2026-11-27T09:00",
                Term::new(15, TermUnit::CalendarDay).unwrap(),
                vec![],
                "Ngày cuối của thời hạn là ngày nghỉ nên trả vào ngày làm việc tiếp theo",
            ),
        ];
        for (received, term, left_out, note) in cases {
            let form = promised(&whole, received, term);
            assert_eq!((days(&form), form.due_note.as_str()), (left_out, note), "{received} {term:?}");
        }
        assert_eq!(promised(&whole, "2026-11-23T08:00", Term::SameDay).term, "trong ngày làm việc");
        assert_eq!(promised(&whole, "2026-11-23T08:00", three).term, "3 ngày làm việc");
    }

    async fn form_01_of_the_desk_says_what_came_and_names_no_place_in_the_register(place: Place) {
        let mut two_sets = package();
        (two_sets.papers[0].originals, two_sets.papers[0].copies) = (2, 1);
        let town = Town::with(place, two_sets).await;
        let mut whole = town.whole_of(town.accepted().await.id).await;
        (whole.row.channel, whole.row.result_channel) = ("direct".into(), "desk".into());
        let form = form_01(&whole);
        let came = |kind, count| PaperReceived { name: "Giấy chứng sinh".into(), kind, count };
        assert_eq!(form.papers, [came(CopyKind::Original, 2), came(CopyKind::Copy, 1)]);
        assert_eq!((form.register, form.return_by.as_str()), (None, "Trung tâm An Xuyên"));
    }

    async fn form_02_says_forms_and_quantities_keeps_its_code_and_is_signed_by_pen_on_paper(place: Place) {
        let mut two_sets = package();
        (two_sets.papers[0].originals, two_sets.papers[0].copies) = (2, 1);
        let town = Town::with(place, two_sets).await;
        let row = town.accepted().await;
        let mut whole = town.whole_of(row.id).await;
        let form_02 = |whole: &Whole| {
            let asked = asked(Some(at("2026-11-23T08:08")));
            printing::supplement_request(whole, &asked, Office::default(), "0290 000 0001", &HOUSE)
        };
        let form = form_02(&whole);
        let wanted = [Copies { kind: CopyKind::Original, count: 2 }, Copies { kind: CopyKind::Copy, count: 1 }];
        assert_eq!(form.items[0].wanted, wanted);
        assert_eq!(form.code, Code::Filing(row.filing_code), "it was issued before there was a dossier code");
        assert_eq!((form.number.as_str(), form.officer_phone.as_str()), ("/HDHS", "0290 000 0001"));
        assert_eq!(form.signing, Signing::Unsigned);
        whole.row.channel = "direct".into();
        assert_eq!(form_02(&whole).signing, Signing::ByHand);
    }

    async fn the_slip_names_the_papers_that_are_missing_until_they_came(place: Place) {
        let town = Town::on(place).await;
        let mut whole = town.whole_of(town.submitted().await.id).await;
        let id = town.desk;
        let desk = town.db.read(async move |tx: &Read<'_>| directory::unit(tx, id).await).await.unwrap().unwrap();
        let slip = |whole: &Whole| printing::slip(whole, Office::default(), &desk, OfficeHours::default(), &HOUSE);
        whole.supplements.push(asked(None));
        let waiting = slip(&whole);
        assert_eq!(waiting.missing, ["Giấy chứng sinh"]);
        assert!(waiting.bring.contains("giấy tờ còn thiếu"), "{}", waiting.bring);
        whole.supplements[0].answered_at = Some(at("2026-11-23T09:00"));
        let answered = slip(&whole);
        assert!(answered.missing.is_empty() && !answered.bring.contains("còn thiếu"), "{}", answered.bring);
    }

    async fn each_round_of_form_02_can_be_printed_again(place: Place) {
        let front = Front::on(place, package()).await;
        let town = &front.town;
        let (id, desk) = (town.submitted().await.id, front.officer(town.people.desk).await);
        let cx = town.officer(town.people.desk, at("2026-11-23T08:05")).await;
        let ask = async move |tx: &Write<'_>| {
            let ground = "Điều 16 Luật Hộ tịch".to_owned();
            let item = SupplementItem { paper: "chung-sinh".into(), reason: "Ảnh mờ".into(), ground };
            service::request_supplement(tx, &cx, id, vec![item], When::now(cx.by.now)).await
        };
        town.db.write(ask).await.unwrap();
        let form = format!("/can-bo/ho-so/{id}/mau-02.pdf");
        let last = front.get(&desk, &form).await.must(200).bytes;
        assert!(front.get(&desk, &format!("{form}?lan=1")).await.must(200).bytes == last);
        front.get(&desk, &format!("{form}?lan=2")).await.must(404);
    }
}
