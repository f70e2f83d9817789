//! Portal records: those of our own making, real ones where they are, and arbitrary JSON.

use std::collections::BTreeMap;

use base::due::{Amount, TermUnit};
use catalogue::package::{self, PaperKind};
use catalogue::record::{self, Record, Warning};
use proptest::prelude::*;

fn read(file: std::path::PathBuf) -> Vec<Record> {
    std::fs::read_to_string(file).unwrap().lines().map(|l| record::from_json(l).unwrap()).collect()
}

fn national() -> Option<Vec<Record>> {
    testkit::shared("data/procedures/procedures.jsonl").map(read)
}

/// The package of one record of our own.
fn own(code: &str) -> record::Parsed {
    let records = read(crate::own_records());
    let r = records.iter().find(|r| r.code.to_string() == code).unwrap();
    match r.layer {
        record::Layer::National => record::package(Some(r), None),
        record::Layer::Provincial => record::package(None, Some(r)),
    }
    .unwrap()
}

#[test]
fn records_of_our_own_become_packages_that_leave_open_what_they_leave_open() {
    let open = |code: &str| own(code).package.open_terms().count();
    assert_eq!(
        [open("9.900001"), open("9.900003"), open("9.900004"), open("9.900011")],
        [1, 0, 1, 0],
        "no unit, half a day, 0 hours, 7 days"
    );
    let half = own("9.900003").package;
    assert_eq!(half.terms[0].settled(), Some((Amount::halves(1), TermUnit::WorkingDay)));
    let choice = own("9.900002").package;
    assert!(
        choice.terms.len() == 2 && choice.terms.iter().all(|t| !t.condition.is_empty()),
        "a person chooses: {:?}",
        choice.terms
    );
    assert_eq!(own("9.900005").package.blocking_terms(), 1, "no row at all");
    let warned = |code: &str, warning| own(code).warnings.contains_key(&warning);
    assert!(warned("9.900006", Warning::FeeDoubtful) && warned("9.900006", Warning::FeeByRule));
    assert!(warned("9.900005", Warning::NoResult) && warned("9.900013", Warning::ListingOnly));
    let papers = own("9.900001").package.papers;
    let of = |kind| papers.iter().filter(|p| p.kind == kind).count();
    assert_eq!((of(PaperKind::Submit), of(PaperKind::IfApplicable), of(PaperKind::Note)), (2, 1, 3), "{papers:?}");
    assert_eq!(own("9.900011").package.cases.len(), 2);
    assert_eq!(own("9.900007").package.name, "Thủ tục viết toàn chữ hoa để thử");
    assert_eq!(own("9.900008").package.title(), "Có dấu lạ đứng đầu tên");
}

#[test]
fn every_record_becomes_a_package_without_faults() {
    let records: Vec<Record> = read(crate::own_records()).into_iter().chain(national().into_iter().flatten()).collect();
    let mut warnings: BTreeMap<Warning, u32> = BTreeMap::new();
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for r in &records {
        let (national, provincial) = if r.layer == record::Layer::National { (Some(r), None) } else { (None, Some(r)) };
        let parsed = record::package(national, provincial).unwrap();
        for (w, n) in &parsed.warnings {
            *warnings.entry(*w).or_default() += u32::from(*n > 0);
        }
        for p in &parsed.package.papers {
            *kinds.entry(format!("{:?}", p.kind)).or_default() += 1;
        }
        let faults: Vec<_> = package::check(&parsed.package).into_iter().filter(|f| f.must_be_mended()).collect();
        let faults: Vec<_> = faults.into_iter().filter(|f| !matches!(f.at.as_str(), "competent_agency" | "field")).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", r.code);
    }
    println!("{} records, warnings {warnings:?}, papers {kinds:?}", records.len());
    assert!([14, 14 + 1_760].contains(&records.len()), "{}", records.len());
}

#[test]
fn birth_registration_has_few_papers_among_its_thirty_three_rows() {
    let Some(records) = national() else { return };
    let r = records.iter().find(|r| r.code.to_string() == "1.001193").unwrap();
    let p = record::package(Some(r), None).unwrap().package;
    let of = |k: PaperKind| p.papers.iter().filter(|x| x.kind == k).map(|x| x.name.as_str()).collect::<Vec<_>>();
    assert_eq!(
        of(PaperKind::Submit),
        [
            "Giấy chứng sinh",
            "Tờ khai đăng ký khai sinh theo mẫu (nếu người có yêu cầu lựa chọn nộp hồ sơ theo hình thức trực tiếp hoặc gửi hồ sơ qua hệ thống bưu chính)",
            "Mẫu hộ tịch điện tử tương tác đăng ký khai sinh (do người yêu cầu cung cấp thông tin theo hướng dẫn trên Cổng dịch vụ công, nếu người có yêu cầu lựa chọn nộp hồ sơ theo hình thức trực tuyến)",
        ]
    );
    assert_eq!(of(PaperKind::Present).len(), 1);
    assert_eq!(of(PaperKind::IfApplicable).len(), 4, "{:?}", of(PaperKind::IfApplicable));
    assert_eq!(of(PaperKind::Note).len(), 25);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(|f| serde_json::json!(f)),
        "\\PC{0,40}".prop_map(Into::into),
        Just("Ngày làm việc".into()),
        Just("Trực tuyến".into()),
        Just("20 ngày (hoặc 15 ngày đối với nhà ở riêng lẻ)".into()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop_oneof![
            Just("code".to_owned()),
            Just("name".to_owned()),
            Just("methods".to_owned()),
            Just("method".to_owned()),
            Just("time_value".to_owned()),
            Just("time_unit".to_owned()),
            Just("fees".to_owned()),
            Just("amount".to_owned()),
            Just("condition".to_owned()),
            Just("documents".to_owned()),
            Just("case".to_owned()),
            Just("steps".to_owned()),
            Just("note".to_owned()),
            Just("ca_mau".to_owned()),
            Just("forms".to_owned()),
            "\\PC{0,8}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(key, inner, 0..8).prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_json_is_a_record_or_a_reason(mut value in json()) {
        if let Some(o) = value.as_object_mut() {
            // let half of the objects reach the rules behind the code and the name
            o.entry("code").or_insert("1.001193".into());
            o.entry("name").or_insert("Tên".into());
        }
        if let Ok(r) = record::from_json(&value.to_string()) {
            let parsed = record::package(Some(&r), None).unwrap();
            prop_assert_eq!(parsed.package.code.to_string(), r.code.to_string());
            let _ = (package::check(&parsed.package), record::proposals(&parsed.package));
        }
    }

    #[test]
    fn arbitrary_rows_of_documents_and_methods_never_panic(
        rows in prop::collection::vec(("\\PC{0,30}|Trường hợp \\PC{0,9}|\\* Lưu ý:|a\\) \\PC{0,9}", "\\PC{0,60}|Đơn \\PC{0,30}|\\(1\\.2\\) \\PC{0,9}", 0u32..4), 0..9),
        ways in prop::collection::vec((any::<Option<u32>>(), prop::option::of("Ngày|Tháng|Giờ|\\PC{0,5}"), "\\PC{0,40}|[0-9]{1,4} ngày \\PC{0,9}"), 0..6),
    ) {
        let documents: Vec<_> = rows.iter().map(|(c, n, o)| serde_json::json!({"case": c, "name": n, "originals": o})).collect();
        let methods: Vec<_> = ways.iter().map(|(v, u, n)| serde_json::json!({"method": "Trực tiếp", "time_value": v.map(|v| v % 10_000), "time_unit": u, "note": n,
            "fees": [{"amount": 5, "currency": "VND", "condition": n}]})).collect();
        let line = serde_json::json!({"code": "1.001193", "name": "x", "documents": documents, "methods": methods, "steps": [rows.first().map(|r| r.1.clone())]}).to_string();
        let r = record::from_json(&line).unwrap();
        let parsed = record::package(Some(&r), None).unwrap();
        prop_assert!(parsed.package.papers.iter().all(|p| p.kind != PaperKind::Note || p.originals + p.copies == 0));
    }

    #[test]
    fn arbitrary_bytes_never_panic(text in "\\PC{0,200}") {
        let _ = record::from_json(&text);
    }
}
