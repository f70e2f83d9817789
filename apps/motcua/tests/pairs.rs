//! What people do on a page of a dossier, programs can do as JSON; what they cannot is said here, with the reason.
use crate::doors::app;
use http::Method;
use std::collections::BTreeSet;

/// Addresses that are written to, each with the calls that do the same.
const PAIRS: &[(&str, &[&str])] = &[
    ("/can-bo/dang-nhap", &["POST /api/v1/sign-in"]),
    ("/can-bo/dang-nhap/ma", &["POST /api/v1/sign-in"]),
    ("/can-bo/dang-xuat", &["POST /api/v1/sign-out"]),
    ("/can-bo/toi/chuc-vu", &["PUT /api/v1/me/post"]),
    ("/dang-nhap", &["POST /api/v1/sign-in"]),
    ("/dang-xuat", &["POST /api/v1/sign-out"]),
    ("/can-bo/duyet/{id}", &["POST /api/v1/dossiers/{id}/approve", "POST /api/v1/dossiers/{id}/reject"]),
    (
        "/can-bo/tai-quay/{id}",
        &[
            "PUT /api/v1/receptions/{id}",
            "DELETE /api/v1/receptions/{id}",
            "POST /api/v1/receptions/{id}/park",
            "POST /api/v1/receptions/{id}/receive",
        ],
    ),
    ("/can-bo/tai-quay/{id}/nhan", &["POST /api/v1/receptions/{id}/take-up"]),
    ("/can-bo/tai-quay/{id}/tiep", &["POST /api/v1/receptions/{id}/next", "POST /api/v1/receptions/{id}/end-visit"]),
    ("/can-bo/ho-so/{id}/giay-to", &["POST /api/v1/dossiers/{id}/papers"]),
    ("/can-bo/ho-so/{id}/tiep-nhan", &["POST /api/v1/dossiers/{id}/accept"]),
    ("/can-bo/ho-so/{id}/bo-sung", &["POST /api/v1/dossiers/{id}/supplement-request"]),
    ("/can-bo/ho-so/{id}/nhan-bo-sung", &["POST /api/v1/dossiers/{id}/supplement"]),
    ("/can-bo/ho-so/{id}/tham-quyen", &["POST /api/v1/dossiers/{id}/competence"]),
    ("/can-bo/ho-so/{id}/nhan-viec", &["POST /api/v1/dossiers/{id}/claim"]),
    ("/can-bo/ho-so/{id}/tra-hang", &["POST /api/v1/dossiers/{id}/release"]),
    ("/can-bo/ho-so/{id}/ghi-chu", &["POST /api/v1/dossiers/{id}/notes", "POST /api/v1/dossiers/{id}/files"]),
    ("/can-bo/ho-so/{id}/chuyen-tiep", &["POST /api/v1/dossiers/{id}/pass-on"]),
    ("/can-bo/ho-so/{id}/tra-lai", &["POST /api/v1/dossiers/{id}/send-back"]),
    ("/can-bo/ho-so/{id}/duyet", &["POST /api/v1/dossiers/{id}/approve"]),
    ("/can-bo/ho-so/{id}/khong-duyet", &["POST /api/v1/dossiers/{id}/reject"]),
    ("/can-bo/ho-so/{id}/ban-hanh", &["POST /api/v1/dossiers/{id}/issue", "POST /api/v1/dossiers/{id}/result"]),
    ("/can-bo/ho-so/{id}/tra-ket-qua", &["POST /api/v1/dossiers/{id}/return"]),
    ("/nop/{code}", &["POST /api/v1/drafts"]),
    ("/nop/nhap/{id}/{page}", &["PUT /api/v1/drafts/{id}", "POST /api/v1/drafts/{id}/files", "POST /api/v1/addresses/today"]),
    ("/nop/nhap/{id}/{page}/luu", &["PUT /api/v1/drafts/{id}"]),
    ("/nop/nhap/{id}/go", &["DELETE /api/v1/drafts/{id}/files/{file}"]),
    ("/nop/nhap/{id}/nop", &["POST /api/v1/drafts/{id}/submit"]),
    ("/nop/nhap/{id}/xoa", &["DELETE /api/v1/drafts/{id}"]),
    ("/tra-cuu/{code}/xem", &["POST /api/v1/track/{code}/proof"]),
    ("/tra-cuu/{code}/danh-gia", &["POST /api/v1/my/dossiers/{id}/rating"]),
    ("/tra-cuu/{code}/bo-sung", &["POST /api/v1/my/dossiers/{id}/supplement"]),
    ("/tai-khoan/thu-bao", &["PUT /api/v1/notice-wishes"]),
    ("/quan-tri/don-vi/{id}/them", &["POST /api/v1/units"]),
    ("/quan-tri/nguoi/them", &["POST /api/v1/people"]),
    ("/quan-tri/nguoi/{id}/chuc-vu", &["POST /api/v1/posts"]),
    ("/quan-tri/nguoi/{id}/chuc-vu/{post}/ket-thuc", &["POST /api/v1/posts/{id}/end"]),
    ("/quan-tri/thu-tuc/nhap", &["POST /api/v1/imports"]),
    ("/quan-tri/thu-tuc/nhap/{id}/dung", &["POST /api/v1/imports/{id}/stop"]),
    ("/quan-tri/thu-tuc/{code}/thoi-han", &["POST /api/v1/procedures/{code}/terms/{term}/settle"]),
    ("/quan-tri/thu-tuc/{code}/danh-muc", &["PUT /api/v1/procedures/{code}/listing"]),
    ("/quan-tri/thu-tuc/{code}/bo-danh-muc", &["DELETE /api/v1/procedures/{code}/listing"]),
];

/// Addresses, by how they begin, that only people write to.
const PEOPLE_ONLY: &[(&str, &str)] = &[
    ("/can-bo/doi-ca", "two officers at one screen"),
    ("/can-bo/tep", "a file goes with the call it belongs to"),
    ("/tep", "a file goes with the call it belongs to"),
    ("/can-bo/toi/", "one's own secrets are set by oneself, at a screen"),
    ("/tai-khoan/", "one's own sessions, and complaints: by oneself, at a screen"),
    ("/dang-ky", "an account is opened by a person"),
    ("/quan-tri/don-vi/", "keeping the house: at a screen or on the command line"),
    ("/quan-tri/nguoi/", "keeping the house: at a screen or on the command line"),
    ("/quan-tri/danh-tinh", "keeping the house: at a screen"),
    ("/quan-tri/lich/", "keeping the house: at a screen"),
    ("/quan-tri/tin-nhan/", "keeping the house: at a screen"),
    ("/kiem-tra/", "auditing: at a screen or on the command line"),
    ("/quan-tri/he-thong/", "keeping the house: at a screen or on the command line"),
];

/// Calls that no person makes.
const PROGRAMS_ONLY: &[(&str, &str)] =
    &[("POST /api/v1/identity-providers/{key}/sign-out", "a provider of identities ends the sessions it began")];

#[test]
fn what_a_page_can_do_a_program_can_do() {
    testkit::run(async {
        let (app, _place, _files) = app().await;
        let written =
            app.routes.iter().filter(|r| r.method != Method::GET && r.method != Method::HEAD && r.method != Method::OPTIONS);
        let (calls, pages): (Vec<_>, Vec<_>) = written.partition(|r| r.path.starts_with("/api/"));
        let calls: BTreeSet<String> = calls.into_iter().map(|r| format!("{} {}", r.method, r.path)).collect();
        let pages: BTreeSet<&str> = pages.into_iter().map(|r| r.path.as_str()).collect();
        let is_paired = |page: &str| PAIRS.iter().any(|(paired, _)| *paired == page);
        let alone: Vec<_> =
            pages.iter().filter(|p| !is_paired(p) && !PEOPLE_ONLY.iter().any(|(begins, _)| p.starts_with(begins))).collect();
        assert!(alone.is_empty(), "no program can do what these do: {alone:?}");
        let paired: BTreeSet<&str> = PAIRS.iter().flat_map(|(_, calls)| calls.iter().copied()).collect();
        let known = |call: &str| paired.contains(call) || PROGRAMS_ONLY.iter().any(|(only, _)| *only == call);
        let alone: Vec<_> = calls.iter().filter(|call| !known(call)).collect();
        assert!(alone.is_empty(), "no page does what these do: {alone:?}");
        let gone: Vec<_> = PAIRS.iter().map(|(page, _)| *page).filter(|page| !pages.contains(page)).collect();
        let is_there = |begins: &str| pages.iter().any(|page| page.starts_with(begins));
        let gone_people: Vec<_> = PEOPLE_ONLY.iter().filter(|(begins, _)| !is_there(begins)).collect();
        let all_calls = paired.into_iter().chain(PROGRAMS_ONLY.iter().map(|(only, _)| *only));
        let gone_calls: Vec<_> = all_calls.filter(|call| !calls.contains(*call)).collect();
        let none = gone.is_empty() && gone_people.is_empty() && gone_calls.is_empty();
        assert!(none, "not there any more: {gone:?} {gone_people:?} {gone_calls:?}");
    });
}
