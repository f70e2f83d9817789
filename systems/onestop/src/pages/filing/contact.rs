//! The first page: who the dossier is about, who files it, for which commune.

use super::Drawn;
use super::draw::{Question, When};
use super::sheet::{Inputs, last};
use crate::address;
use crate::draft::{DraftData, asked};
use crate::form::DATE_PARTS;
use web::raw;
use web::ui::field::{Choice, DateParts, checks, date, select, text};

/// The input of the address.
pub(super) const ADDRESS: &str = "dia-chi";
/// The question that only somebody who files for another is asked.
pub(super) const FOR_ANOTHER: &str = "nguoi-nop";

pub(super) fn questions(drawn: &Drawn) -> Vec<Question> {
    let person = &drawn.draft.data.applicant;
    let [day, month, year] = birth_parts(&person.birth);
    let for_another = drawn.draft.data.submitter_name.as_deref();
    let person_fields = [
        text("ho-ten", "Họ, chữ đệm, tên").value(&person.name).hint("Như trên giấy tờ tùy thân.").autocomplete("name").width(30),
        text("so", "Số định danh")
            .value(&person.id_number)
            .hint("12 số trên thẻ căn cước; không có thì ghi số hộ chiếu, hoặc để trống.")
            .optional()
            .width(20),
        date("ngay-sinh", "Ngày sinh", DateParts { day, month, year }).hint("Chỉ nhớ năm thì chỉ ghi năm.").optional(),
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
pub(super) fn take(data: &mut DraftData, sent: &[(String, String)]) {
    let clean = |name: &str| base::text::line(last(sent, name));
    let person = &mut data.applicant;
    (person.name, person.id_number, person.phone) = (clean("ho-ten"), clean("so"), clean("dien-thoai"));
    (person.email, person.address) = (clean("thu"), clean(ADDRESS));
    let [day, month, year] = DATE_PARTS.map(|p| clean(&format!("ngay-sinh.{p}")));
    let two = |part: String| if part.is_empty() { part } else { format!("{part:0>2}") };
    person.birth = [year, two(month), two(day)].join("-").trim_end_matches('-').to_owned();
    data.commune = last(sent, "xa").parse().ok();
    data.submitter_name = (last(sent, "nop-thay") == "co").then(|| clean(FOR_ANOTHER));
}

/// What the draft holds of this page: each question with its inputs.
pub(super) fn held(data: &DraftData) -> Vec<(String, Inputs)> {
    let person = &data.applicant;
    let alone = |name: &str, value: &str| (name.to_owned(), vec![(name.to_owned(), value.to_owned())]);
    let birth = DATE_PARTS.into_iter().zip(birth_parts(&person.birth));
    let commune = data.commune.map(|id| id.to_string()).unwrap_or_default();
    vec![
        alone("ho-ten", &person.name),
        alone("so", &person.id_number),
        ("ngay-sinh".to_owned(), birth.map(|(part, value)| (format!("ngay-sinh.{part}"), value)).collect()),
        alone("dien-thoai", &person.phone),
        alone("thu", &person.email),
        alone(ADDRESS, &person.address),
        alone("xa", &commune),
        alone("nop-thay", if data.submitter_name.is_some() { "co" } else { "" }),
        alone(FOR_ANOTHER, data.submitter_name.as_deref().unwrap_or_default()),
    ]
}

/// Day, month and year of a birth date as kept: `1954`, `1954-05` or `1954-05-20`.
fn birth_parts(kept: &str) -> [String; 3] {
    let mut parts = kept.split('-').map(|part| part.trim_start_matches('0').to_owned());
    let [year, month, day] = [(); 3].map(|()| parts.next().unwrap_or_default());
    [day, month, year]
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
