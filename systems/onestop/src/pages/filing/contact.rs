//! The first page: who the dossier is about, who files it, for which commune.

use super::Drawn;
use super::draw::{Question, When};
use crate::form::DATE_PARTS;
use crate::sent::Sent;
use crate::service::Draft;
use web::ui::field::{Choice, DateParts, checks, date, select, text};
use web::{FieldFault, raw, words};

/// The question that only somebody who files for another is asked.
pub(super) const FOR_ANOTHER: &str = "nguoi-nop";

pub(super) fn questions(drawn: &Drawn) -> Vec<Question> {
    let person = &drawn.draft.data.applicant;
    let birth: Vec<&str> = person.birth.split('-').collect();
    let part = |i: usize| birth.get(i).map(|p| p.trim_start_matches('0').to_owned()).unwrap_or_default();
    let for_another = drawn.draft.data.submitter_name.as_deref();
    let always = [
        text("ho-ten", "Họ, chữ đệm, tên").value(&person.name).hint("Như trên giấy tờ tùy thân.").autocomplete("name").width(30),
        text("so", "Số định danh")
            .value(&person.id_number)
            .hint("12 số trên thẻ căn cước; không có thì ghi số hộ chiếu, hoặc để trống.")
            .optional()
            .width(20),
        date("ngay-sinh", "Ngày sinh", DateParts { day: part(2), month: part(1), year: part(0) })
            .hint("Chỉ nhớ năm thì chỉ ghi năm.")
            .optional(),
        text("dien-thoai", "Điện thoại").value(&person.phone).kind("tel").autocomplete("tel").optional().width(20),
        text("thu", "Thư điện tử")
            .value(&person.email)
            .kind("email")
            .autocomplete("email")
            .hint("Để nhận tin khi hồ sơ có bước mới.")
            .optional()
            .width(30),
        text("dia-chi", "Nơi cư trú").value(&person.address).autocomplete("street-address").optional().width(30),
        select(
            "xa",
            "Nộp cho xã, phường nào",
            std::iter::once(Choice::new("", "Chọn xã, phường"))
                .chain(drawn.communes.iter().map(|u| Choice::new(u.id.0.to_string(), raw(&u.name)))),
        )
        .hint("Thường là nơi cư trú. Trung tâm nào trong tỉnh cũng nhận thay được.")
        .value_opt(drawn.draft.data.commune),
        checks("nop-thay", "Nộp thay", [Choice::new("co", "Tôi nộp thay người khác")]).values(for_another.map(|_| "co")),
    ];
    let other = text(FOR_ANOTHER, "Tên người nộp thay").value_opt(for_another).autocomplete("name").width(30);
    let when = When { field: "nop-thay".to_owned(), is: vec!["co".to_owned()] };
    let conditional = Question { id: FOR_ANOTHER.to_owned(), field: other, when: Some(when), shown: for_another.is_some() };
    always.into_iter().map(Question::always).chain([conditional]).collect()
}

/// Takes what was typed, as typed; answers what is wrong.
pub(super) fn take(draft: &mut Draft, sent: &Sent) -> Vec<FieldFault> {
    let clean = |name: &str| base::text::line(sent.field(name));
    let person = &mut draft.data.applicant;
    (person.name, person.id_number, person.phone) = (clean("ho-ten"), clean("so"), clean("dien-thoai"));
    (person.email, person.address) = (clean("thu"), clean("dia-chi"));
    let [day, month, year] = DATE_PARTS.map(|p| clean(&format!("ngay-sinh.{p}")));
    person.birth =
        [&year, &month, &day].into_iter().take_while(|p| !p.is_empty()).map(|p| format!("{p:0>2}")).collect::<Vec<_>>().join("-");
    draft.data.commune = sent.field("xa").parse().ok();
    let on_behalf = sent.field("nop-thay") == "co";
    draft.data.submitter_name = on_behalf.then(|| clean(FOR_ANOTHER));
    let mut faults = Vec::new();
    let mut wrong = |field: &str, said: &'static str| faults.push(FieldFault::new(field, words(said)));
    if draft.data.applicant.name.is_empty() {
        wrong("ho-ten", "Điền họ, chữ đệm, tên.");
    }
    let id = draft.data.applicant.id_number.clone();
    if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) && id.parse::<base::CitizenId>().is_err() {
        wrong("so", "Số định danh có 12 chữ số. Xem lại từng số.");
    }
    if !(day.is_empty() && month.is_empty() && year.is_empty()) {
        let number = |p: &str| if p.is_empty() { Ok(None) } else { p.parse().map(Some) };
        let read = match (year.parse(), number(&month), number(&day)) {
            (Ok(year), Ok(month), Ok(day)) => base::person::PartialDate::new(year, month, day).ok(),
            _ => None,
        };
        if year.is_empty() {
            wrong("ngay-sinh", "Ghi thêm năm. Chỉ nhớ năm thì chỉ ghi năm.");
        } else if read.is_none() {
            wrong("ngay-sinh", "Ghi ngày bằng số, ví dụ 5 11 2026.");
        }
    }
    if draft.data.commune.is_none() {
        wrong("xa", "Chọn xã, phường nhận hồ sơ.");
    }
    if on_behalf && draft.data.submitter_name.as_deref().is_none_or(str::is_empty) {
        wrong(FOR_ANOTHER, "Điền tên người nộp thay.");
    }
    faults
}
