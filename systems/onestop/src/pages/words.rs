//! Facts of dossiers in words, shapes and colours: the one place where a state becomes a status.

use super::dossier::sentences;
use crate::changes::Changes;
use crate::dossier::{Outcome, ResultChannel, State, channel_of};
use crate::form::Fault;
use crate::row::DossierRow;
use crate::service::{FileWrong, MOST_BYTES, MOST_FILES};
use askama::Template;
use base::due::left;
use base::{Lang, Moment};
use catalogue::package::Channel;
use directory::WorkTime;
use jiff::SignedDuration;
use web::ui::message::{Notice, notice};
use web::ui::status::{Badge, Due, Status, badge, due};
use web::{FieldFault, Part, Words, raw, words};

/// Less than this left is "soon", in working time.
const SOON: SignedDuration = SignedDuration::from_hours(3);

/// What a fault says, beside the field and in the summary.
pub fn field_faults(faults: &[Fault]) -> Vec<FieldFault> {
    faults
        .iter()
        .map(|fault| {
            let (key, args) = fault.wrong.said();
            FieldFault::new(fault.field.clone(), args.into_iter().fold(words(key), Words::with))
        })
        .collect()
}

/// What a file's fault says, beside its field.
pub fn file_wrong(wrong: FileWrong) -> Words {
    match wrong {
        FileWrong::NotAsked => words("Hồ sơ này không nhận tệp cho giấy tờ đó. Chọn đúng giấy tờ trong danh sách."),
        FileWrong::TooMany => words("Mỗi giấy tờ nhận tối đa {0} tệp. Gộp nhiều trang vào một tệp PDF rồi gửi.").with(MOST_FILES),
        FileWrong::TooHeavy => words("Tất cả tệp của hồ sơ nặng tối đa {0}. Gỡ bớt, hoặc gửi bản nhẹ hơn.")
            .with_words(web::say::size(MOST_BYTES.unsigned_abs())),
        FileWrong::Gone => words("Tệp này không còn ở máy chủ. Chọn lại tệp rồi gửi."),
    }
}

/// The legal state as a badge.
pub fn state_badge(row: &DossierRow) -> Badge {
    match (row.state(), row.outcome.as_deref().and_then(Outcome::parse)) {
        (Ok(State::Submitted), _) => badge(Status::Run, "Mới nộp, đang kiểm tra"),
        (Ok(State::AwaitingSupplement), _) => badge(Status::Hold, "Chờ bổ sung"),
        (Ok(State::InProgress), _) => badge(Status::Run, "Đang xử lý"),
        (Ok(State::Issued), Some(Outcome::Rejected)) => badge(Status::Warn, "Không giải quyết, có văn bản trả lời"),
        (Ok(State::Issued), _) => badge(Status::Ok, "Đã có kết quả"),
        (Ok(State::Returned), _) => badge(Status::Ok, "Đã trả kết quả"),
        (Err(_), _) => badge(Status::Bad, "Không đọc được trạng thái"),
    }
}

/// Time left until what the desk or unit must keep next.
pub fn due_bar(row: &DossierRow, now: Moment, time: &WorkTime, lang: Lang) -> Due {
    let target = row.sort_due_at;
    match row.state() {
        Ok(State::AwaitingSupplement) => due(Status::Hold, words("Tạm dừng"), words("chờ người nộp"), 0),
        Ok(State::Issued | State::Returned) => {
            let kept = row.on_time.unwrap_or(false);
            let (status, said) = if kept { (Status::Ok, "Đúng hạn") } else { (Status::Bad, "Quá hạn") };
            due(status, words(said), raw(row.issued_at.map(|at| base::wording::near(at, now, lang)).unwrap_or_default()), 100)
        }
        _ => {
            let rest = left(now, target, &time.calendar);
            let status = urgency(row, now, time);
            let said = capital(&base::wording::left(&rest, lang));
            due(status, raw(said), raw(base::wording::near(target, now, lang)), used(row, now, time))
        }
    }
}

/// How pressing an open dossier is.
pub fn urgency(row: &DossierRow, now: Moment, time: &WorkTime) -> Status {
    let rest = left(now, row.sort_due_at, &time.calendar);
    if rest.late {
        Status::Bad
    } else if rest.is_under(SOON) {
        Status::Warn
    } else {
        Status::Run
    }
}

/// Share of the allowance used, 0–100.
pub fn used(row: &DossierRow, now: Moment, time: &WorkTime) -> u8 {
    let start = row.accepted_at.unwrap_or(row.submitted_at);
    let whole = time.calendar.working_between(start, row.sort_due_at).as_secs().max(1);
    let gone = time.calendar.working_between(start, now.min(row.sort_due_at)).as_secs();
    u8::try_from((gone * 100 / whole).clamp(0, 100)).unwrap_or(100)
}

fn capital(said: &str) -> String {
    let mut chars = said.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How a dossier came.
pub fn channel(row: &DossierRow) -> Words {
    channel_words(channel_of(&row.channel).unwrap_or(Channel::Direct))
}

/// The same, of a channel.
pub fn channel_words(channel: Channel) -> Words {
    words(match channel {
        Channel::Online => "Trực tuyến",
        Channel::Post => "Bưu chính",
        Channel::Direct => "Trực tiếp",
    })
}

/// How the result is wanted.
pub fn result_channel(channel: ResultChannel) -> Words {
    words(match channel {
        ResultChannel::Desk => "Nhận bản giấy tại trung tâm",
        ResultChannel::Post => "Nhận qua bưu chính",
        ResultChannel::Electronic => "Nhận bản điện tử",
    })
}

/// The fee and whether it was paid.
pub fn fee(row: &DossierRow) -> Words {
    match (row.fee_due, row.fee_paid_at) {
        (Some(0), _) => web::say::dong(0),
        (Some(amount), Some(_)) => words("{0}, đã thu").with_words(web::say::dong(amount)),
        (Some(amount), None) => words("{0}, chưa thu").with_words(web::say::dong(amount)),
        (None, _) => words("Theo quy định, tính tại quầy"),
    }
}

/// A box that tells what is otherwise now; nothing when nothing is.
pub fn changed(changes: &Changes, title: impl Into<Words>, lang: Lang) -> Option<Notice> {
    told(sentences(changes, lang), title)
}

/// A box with a few lines; nothing when there are none.
pub fn told(lines: Vec<Words>, title: impl Into<Words>) -> Option<Notice> {
    (!lines.is_empty()).then(|| notice(Status::Warn, title.into()).part(Part::of(Lines { lines })))
}

#[derive(Debug, Template)]
#[template(source = r#"<ul class="small">{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>"#, ext = "html")]
struct Lines {
    lines: Vec<Words>,
}

impl askama::filters::HtmlSafe for Lines {}

/// A person's sex as filed; nothing when it was not said.
pub fn sex(word: &str) -> Option<Words> {
    match word {
        "male" => Some(words("Nam")),
        "female" => Some(words("Nữ")),
        _ => None,
    }
}

/// A personal number with all but its end hidden.
pub fn masked_id(id: &str) -> String {
    let end: String = id.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    format!("•••• •••• {end}")
}
