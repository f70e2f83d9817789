//! What a verification finds, and where. Pure.
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web::{Words, words};

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The event at this place is not as it was.
    EventChanged,
    /// Salt and payload of the event are not as they were, or one of them is gone.
    PayloadChanged,
    /// The log names another system for the event.
    SystemChanged,
    /// The event of this place is gone.
    EventMissing,
    /// Another event stands at this place.
    OtherEvent,
    /// The log has no such place any more.
    PlaceMissing,
    /// The log has a place that was not there.
    PlaceInserted,
    /// The link of this place does not fit.
    LinkChanged,
    /// The end of the log is not where its head says.
    HeadChanged,
    /// An event lies outside of the log.
    StrayEvent,
    /// A look is not as it was.
    ReadChanged,
    /// A look is gone, or was taken out of its bill.
    ReadMissing,
    /// Another look stands at this number.
    OtherRead,
    /// A look stands in a bill that does not cover it.
    ReadInserted,
    /// The marks of a look do not fit any bill.
    ReadMarks,
    /// A bill is gone.
    BillMissing,
    /// The text of a bill is not as it was, or its row is not.
    BillChanged,
    /// The log knows nothing of this bill.
    BillUnknown,
    /// The bill does not follow the one before.
    ChainBroken,
    /// A list of leaves is not as it was.
    LeavesChanged,
    /// A list of leaves is gone.
    LeavesMissing,
    /// The stamp of a bill is gone.
    StampMissing,
    /// The stamp is not the one that was received.
    StampChanged,
    /// The stamp does not prove this bill.
    StampWrong,
}

impl Fault {
    /// In words.
    pub fn words(self) -> Words {
        words(match self {
            Fault::EventChanged => "Sự kiện đã bị sửa.",
            Fault::PayloadChanged => "Nội dung sự kiện đã bị sửa hoặc xóa dở.",
            Fault::SystemChanged => "Sổ ghi sự kiện này của phân hệ khác.",
            Fault::EventMissing => "Sự kiện đã bị xóa.",
            Fault::OtherEvent => "Chỗ này trong sổ nay là sự kiện khác.",
            Fault::PlaceMissing => "Chỗ này trong sổ đã bị xóa.",
            Fault::PlaceInserted => "Chỗ này được chen thêm vào sổ.",
            Fault::LinkChanged => "Mắt xích không khớp.",
            Fault::HeadChanged => "Cuối sổ không khớp với đầu ghi của sổ.",
            Fault::StrayEvent => "Sự kiện nằm ngoài sổ.",
            Fault::ReadChanged => "Lượt xem đã bị sửa.",
            Fault::ReadMissing => "Lượt xem đã bị xóa hoặc bị rút khỏi bảng kê.",
            Fault::OtherRead => "Số này trong bảng kê nay là lượt xem khác.",
            Fault::ReadInserted => "Lượt xem được chen thêm vào bảng kê.",
            Fault::ReadMarks => "Lượt xem mang số bảng kê không đúng.",
            Fault::BillMissing => "Bảng kê đã bị xóa.",
            Fault::BillChanged => "Bảng kê đã bị sửa.",
            Fault::BillUnknown => "Sổ không biết bảng kê này.",
            Fault::ChainBroken => "Bảng kê không nối với bảng kê trước.",
            Fault::LeavesChanged => "Danh sách kèm bảng kê đã bị sửa.",
            Fault::LeavesMissing => "Danh sách kèm bảng kê đã bị xóa.",
            Fault::StampMissing => "Dấu thời gian của bảng kê đã bị xóa.",
            Fault::StampChanged => "Dấu thời gian không phải dấu đã nhận.",
            Fault::StampWrong => "Dấu thời gian không chứng thực được bảng kê này.",
        })
    }
}

/// One finding: what, and where. What is not known stays empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// What does not fit.
    pub fault: Fault,
    /// The bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill: Option<i64>,
    /// The place of the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// The event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Uuid>,
    /// The look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Uuid>,
    /// Number of the leaf: of the look in its bill, or of the line in a list, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<i64>,
    /// More about it: of a stamp, the reason and its detail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Finding {
    /// A fault without a place yet.
    pub fn new(fault: Fault) -> Finding {
        Finding { fault, bill: None, place: None, event: None, read: None, leaf: None, why: None }
    }

    /// In this bill.
    #[must_use]
    pub fn bill(mut self, number: i64) -> Finding {
        self.bill = Some(number);
        self
    }

    /// At this place of the log.
    #[must_use]
    pub fn place(mut self, place: i64) -> Finding {
        self.place = Some(place);
        self
    }

    /// This event.
    #[must_use]
    pub fn event(mut self, event: Uuid) -> Finding {
        self.event = Some(event);
        self
    }

    /// This look.
    #[must_use]
    pub fn read(mut self, read: Uuid) -> Finding {
        self.read = Some(read);
        self
    }

    /// This leaf.
    #[must_use]
    pub fn leaf(mut self, leaf: i64) -> Finding {
        self.leaf = Some(leaf);
        self
    }

    /// For this reason.
    #[must_use]
    pub fn why(mut self, why: impl std::fmt::Display) -> Finding {
        self.why = Some(why.to_string());
        self
    }

    /// Where, as people say it.
    pub fn place_words(&self) -> Vec<Words> {
        let mut said = vec![];
        said.extend(self.bill.map(|n| words("bảng kê số {0}").with(n)));
        said.extend(self.place.map(|n| words("chỗ {0} trong sổ").with(n)));
        said.extend(self.event.map(|id| words("sự kiện {0}").with(id)));
        said.extend(self.leaf.map(|n| words("dòng {0}").with(n)));
        said.extend(self.read.map(|id| words("lượt xem {0}").with(id)));
        said
    }
}

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Bills that were walked.
    pub bills: u64,
    /// Events seen.
    pub events: u64,
    /// Of these, in no bill yet.
    pub events_open: u64,
    /// Looks seen.
    pub reads: u64,
    /// Of these, in no bill yet.
    pub reads_open: u64,
    /// Events that were blanked, as a lawful destruction does; their hash still fits.
    pub blanked: u64,
    /// Stamps that prove their bill.
    pub stamped: u64,
    /// Bills without a stamp.
    pub unstamped: u64,
    /// Stamps that could not be judged because no roots were given.
    pub unjudged: u64,
    /// What does not fit.
    pub findings: Vec<Finding>,
    /// There were more findings than are told.
    pub more: bool,
}

/// Findings that are told at most.
const TOLD: usize = 10_000;

impl Verdict {
    /// Whether everything fits.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn find(&mut self, finding: Finding) {
        if self.findings.len() < TOLD { self.findings.push(finding) } else { self.more = true }
    }
}
