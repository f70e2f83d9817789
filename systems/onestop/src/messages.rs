//! What the applicant is told, and when; each text stands here in both languages (not on screen).

use crate::row::DossierRow;
use base::{Lang, wording};
use catalogue::package::{Package, PaperRow};
use notices::Notice;
use notices::template::{Said, Template, Text};

const FIELDS: &[(&str, &str)] = &[
    ("name", "Nguyễn Văn Mẫu"),
    ("code", "H12.32002-261123-0007"),
    ("procedure", "Đăng ký khai sinh"),
    ("desk", "Trung tâm Phục vụ hành chính công phường An Xuyên"),
    ("due", "17:00 thứ Tư, 25/11/2026"),
];

macro_rules! templates {
    ($($name:ident = $code:literal, must: $must:literal, $title:literal, $vi:literal, $vi_body:literal, $en:literal, $en_body:literal;)*) => {
        $(static $name: Template = Template {
            code: $code, must: $must, title: $title, fields: FIELDS, vi: Text::new($vi, $vi_body), en: Text::new($en, $en_body),
        };)*
        /// Every message of this room.
        pub const TEMPLATES: &[&Template] = &[$(&$name),*];
    };
}

templates! {
    SUBMITTED = "onestop.submitted", must: false, "Khi hồ sơ được nộp trên mạng",
        "Đã nhận hồ sơ {code}", "Chào {name},\n\n{desk} đã nhận hồ sơ {procedure} của bạn. Mã nộp: {code}.\n\nChúng tôi kiểm tra và trả lời trước {due}.",
        "Filing {code} received", "Dear {name},\n\n{desk} has received your filing {procedure}. Filing code: {code}.\n\nWe will check it and answer before {due}.";
    ACCEPTED = "onestop.accepted", must: false, "Khi hồ sơ được tiếp nhận (mẫu 01)",
        "Hồ sơ {code} đã được tiếp nhận", "Chào {name},\n\n{desk} đã tiếp nhận hồ sơ {procedure}. Mã hồ sơ: {code}.\n\nHẹn trả kết quả: {due}.",
        "Dossier {code} accepted", "Dear {name},\n\n{desk} has accepted your dossier {procedure}. Dossier code: {code}.\n\nResult due: {due}.";
    SUPPLEMENT = "onestop.supplement_requested", must: true, "Khi cần bổ sung giấy tờ (mẫu 02)",
        "Hồ sơ {code} cần bổ sung giấy tờ", "Chào {name},\n\nHồ sơ {procedure} cần thêm giấy tờ. Xem danh sách và gửi bổ sung ở trang tra cứu, mã {code}.\n\n{desk}",
        "Dossier {code}: papers needed", "Dear {name},\n\nYour dossier {procedure} needs more papers. See the list and send them on the tracking page, code {code}.\n\n{desk}";
    ISSUED = "onestop.issued", must: false, "Khi có kết quả",
        "Hồ sơ {code} đã có kết quả", "Chào {name},\n\nHồ sơ {procedure} đã có kết quả. Tải về ở trang tra cứu, hoặc nhận tại {desk}. Mã hồ sơ: {code}.",
        "Dossier {code}: result ready", "Dear {name},\n\nThe result of {procedure} is ready. Download it from the tracking page, or collect it at {desk}. Dossier code: {code}.";
    RETURNED = "onestop.returned", must: false, "Khi đã trả kết quả",
        "Hồ sơ {code} đã trả kết quả", "Chào {name},\n\nBạn đã nhận kết quả hồ sơ {procedure}. Việc giải quyết thế nào? Xin đánh giá ở trang tra cứu, mã {code}.",
        "Dossier {code}: result returned", "Dear {name},\n\nYou have received the result of {procedure}. How was it handled? Please rate it on the tracking page, code {code}.";
}

// administrators read, preview and change these texts
notices::templates!(TEMPLATES);

/// The filing arrived, sent by somebody who uses this language.
pub fn submitted(row: &DossierRow, spoken: Lang) -> Notice {
    Notice { spoken: Some(spoken), ..about(row, &SUBMITTED) }
}

/// Form 01.
pub fn accepted(row: &DossierRow) -> Notice {
    about(row, &ACCEPTED)
}

/// Form 02.
pub fn supplement_requested(row: &DossierRow) -> Notice {
    about(row, &SUPPLEMENT)
}

/// The result is there.
pub fn issued(row: &DossierRow) -> Notice {
    about(row, &ISSUED)
}

/// The result was handed over; how was it?
pub fn returned(row: &DossierRow) -> Notice {
    about(row, &RETURNED)
}

fn about(row: &DossierRow, template: &'static Template) -> Notice {
    Notice {
        template,
        about_kind: "dossier",
        about: row.id,
        to: row.owner,
        email: row.applicant_email.clone(),
        spoken: None,
        fields: vec![
            ("name", row.applicant_name.as_str().into()),
            ("code", row.name_code().into()),
            ("procedure", row.procedure_name.as_str().into()),
            ("desk", row.desk_name.as_str().into()),
            ("due", Said::of(|lang| wording::due_time(row.sort_due_at, lang))),
        ],
    }
}

/// The ground printed on form 02 for one paper: its own, else the procedure's first legal basis.
pub fn ground_of(paper: &PaperRow, package: &Package) -> String {
    if !paper.basis.is_empty() {
        return paper.basis.clone();
    }
    package.legal.first().map_or_else(
        || format!("Thành phần hồ sơ thủ tục {}", package.code),
        |l| if l.title.is_empty() { l.number.clone() } else { format!("{} ({})", l.title, l.number) },
    )
}
