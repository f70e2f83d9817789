//! The first page: who the dossier is about, who files it, for which commune.

use super::Drawn;
use super::draw::{Question, When};
use crate::address;
use crate::draft::asked;
use crate::form::DATE_PARTS;
use crate::sent::Sent;
use crate::service::Draft;
use web::raw;
use web::ui::field::{Choice, DateParts, checks, date, select, text};

/// The input of the address.
pub(super) const ADDRESS: &str = "dia-chi";
/// The question that only somebody who files for another is asked.
pub(super) const FOR_ANOTHER: &str = "nguoi-nop";

pub(super) fn questions(drawn: &Drawn) -> Vec<Question> {
    let person = &drawn.draft.data.applicant;
    let birth: Vec<&str> = person.birth.split('-').collect();
    let part = |i: usize| birth.get(i).map(|p| p.trim_start_matches('0').to_owned()).unwrap_or_default();
    let for_another = drawn.draft.data.submitter_name.as_deref();
    let person_fields = [
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
        text(ADDRESS, "Nơi cư trú")
            .value(&person.address)
            .data("data-today", address::anchor(ADDRESS))
            .autocomplete("street-address")
            .optional()
            .width(30),
    ];
    let place_fields = [
        select(
            "xa",
            "Nộp cho xã, phường nào",
            std::iter::once(Choice::new("", "Chọn xã, phường"))
                .chain(drawn.communes.iter().map(|u| Choice::new(u.id.0.to_string(), raw(&u.short_name)))),
        )
        .hint("Thường là nơi cư trú. Trung tâm nào trong tỉnh cũng nhận thay được.")
        .value_opt(drawn.draft.data.commune),
        checks("nop-thay", "Nộp thay", [Choice::new("co", "Tôi nộp thay người khác")]).values(for_another.map(|_| "co")),
    ];
    let other = text(FOR_ANOTHER, "Tên người nộp thay").value_opt(for_another).autocomplete("name").width(30);
    let when = When { field: "nop-thay".to_owned(), is: vec!["co".to_owned()] };
    let conditional = Question { id: FOR_ANOTHER.to_owned(), field: other, when: Some(when), shown: for_another.is_some() };
    let always = person_fields.into_iter().chain(address::offer(ADDRESS, &person.address)).chain(place_fields);
    always.map(Question::always).chain([conditional]).collect()
}

/// Takes what was typed, as typed.
pub(super) fn take(draft: &mut Draft, sent: &Sent) {
    let clean = |name: &str| base::text::line(sent.field(name));
    let person = &mut draft.data.applicant;
    (person.name, person.id_number, person.phone) = (clean("ho-ten"), clean("so"), clean("dien-thoai"));
    (person.email, person.address) = (clean("thu"), clean(ADDRESS));
    let [day, month, year] = DATE_PARTS.map(|p| clean(&format!("ngay-sinh.{p}")));
    let two = |part: String| if part.is_empty() { part } else { format!("{part:0>2}") };
    person.birth = [year, two(month), two(day)].join("-").trim_end_matches('-').to_owned();
    draft.data.commune = sent.field("xa").parse().ok();
    draft.data.submitter_name = (sent.field("nop-thay") == "co").then(|| clean(FOR_ANOTHER));
}

/// The input a fault stands beside; inputs of the e-form have the names of their fields.
pub(super) fn input(field: &str) -> &str {
    match field {
        asked::NAME => "ho-ten",
        asked::ID_NUMBER => "so",
        asked::BIRTH => "ngay-sinh",
        asked::PHONE => "dien-thoai",
        asked::EMAIL => "thu",
        asked::COMMUNE => "xa",
        asked::SUBMITTER => FOR_ANOTHER,
        asked::CHANNEL => "kenh",
        field => field,
    }
}
