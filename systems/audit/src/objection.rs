//! What the rules do not allow, in words a person can read (409).
use web::{Words, words};

/// Why an act cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub enum Objection {
    /// Somebody closed the alarm before.
    AlarmClosed,
    /// Somebody answered before.
    Answered,
    /// There is a complaint about this look already.
    Complained,
    /// An alarm is closed with a reason.
    ReasonNeeded,
    /// A complaint says something.
    WordsNeeded,
    /// So does its answer.
    AnswerNeeded,
    /// No dossier to draw from.
    NothingToDraw,
}

impl Objection {
    /// What is in the way, and what to do.
    pub fn words(&self) -> Words {
        words(match self {
            Objection::AlarmClosed => "Cảnh báo này đã được đóng. Tải lại trang để xem lý do.",
            Objection::Answered => "Khiếu nại này đã được trả lời. Tải lại trang để xem.",
            Objection::Complained => "Bạn đã khiếu nại lượt xem này. Câu trả lời sẽ hiện ở trang Ai đã xem dữ liệu của bạn.",
            Objection::ReasonNeeded => "Ghi lý do trước khi đóng cảnh báo.",
            Objection::WordsNeeded => "Ghi vì sao bạn khiếu nại trước khi gửi.",
            Objection::AnswerNeeded => "Ghi câu trả lời trước khi gửi.",
            Objection::NothingToDraw => "Đơn vị này không có hồ sơ nào trong khoảng thời gian đã chọn.",
        })
    }
}
