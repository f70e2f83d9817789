//! What the house does not allow, in words a person can act on, with its legal ground (HTTP 409).

use crate::dossier::State;
use catalogue::package::StepRole;

/// Why an act cannot be done now. The Vietnamese sentence is the key of its translation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// The dossier is not where the act expects it; usually somebody was faster.
    #[error("dossier is {is:?}, the act needs {needs:?}")]
    NotIn {
        /// Where it is.
        is: State,
        /// Where it should be.
        needs: State,
    },
    /// The current step asks for another act.
    #[error("the current step is not of this kind")]
    OtherStep,
    /// The procedure is not on the list received here (OS-08).
    #[error("the procedure is not received here")]
    NotReceivedHere,
    /// The list says it is received at centres of another kind (OS-08).
    #[error("the procedure is received at other centres")]
    ReceivedElsewhere {
        /// At those of communes; otherwise at the provincial one.
        at_commune: bool,
    },
    /// Another system of the state takes it, none of the house does.
    #[error("the procedure is filed in another system")]
    FiledElsewhere {
        /// Its name, what to do there, its address.
        at: Vec<String>,
    },
    /// So many drafts of one person are open that no other is begun.
    #[error("too many drafts are open")]
    TooManyDrafts,
    /// No term row fits, or the one that fits has no amount or unit.
    #[error("the term is not settled")]
    TermNotSettled,
    /// The working calendar does not reach the due time.
    #[error("the working calendar does not reach so far")]
    BeyondCalendar,
    /// Several term rows fit and the law leaves the choice to a person.
    #[error("choose the term row")]
    ChooseTerm,
    /// Required papers were found missing: form 02, not acceptance (OS-11).
    #[error("papers are missing")]
    PapersMissing {
        /// Their names.
        papers: Vec<String>,
    },
    /// Papers not looked at yet.
    #[error("papers were not checked")]
    PapersUnchecked {
        /// Their names.
        papers: Vec<String>,
    },
    /// Form 02 must name at least one item.
    #[error("nothing is asked for")]
    NothingAsked,
    /// Each item of form 02 needs its reason and ground.
    #[error("an item lacks its reason or ground")]
    ItemWithoutGround,
    /// A paper this dossier is not asked for.
    #[error("the paper is not asked for")]
    PaperNotAsked,
    /// A paper of which no file came, and which nobody brought, cannot be in order.
    #[error("there is nothing to see of the paper")]
    NothingSeen,
    /// Items of form 02 are still open.
    #[error("the supplement is incomplete")]
    SupplementIncomplete {
        /// Names of the papers that are not there.
        papers: Vec<String>,
    },
    /// Another version of the procedure came into force while somebody looked at the dossier, or at a draft before sending it.
    #[error("the procedure changed meanwhile")]
    VersionChanged,
    /// The competent unit is unknown (OS-05).
    #[error("competence is not determined")]
    NoCompetentUnit,
    /// A unit that decides nothing in its own name: a desk, a centre, a division, one that has ended.
    #[error("the unit decides no dossiers")]
    NotAnAgency,
    /// A unit of a level of government at which the procedure is not decided (OS-05).
    #[error("the unit is of another level than the procedure")]
    OtherLevel,
    /// The unit named is the competent one already.
    #[error("the unit is the competent one already")]
    AlreadyCompetent,
    /// The dossier was passed on, so it goes back to its first step before it changes its unit.
    #[error("work on it has begun")]
    WorkHasBegun,
    /// The step belongs to another role.
    #[error("the step is the {role:?}'s")]
    OtherRole {
        /// Whose it is.
        role: StepRole,
    },
    /// Somebody else holds the step.
    #[error("somebody else holds the step")]
    HeldByAnother,
    /// Nobody holds the step, so nobody can give it back.
    #[error("nobody holds the step")]
    NotHeld,
    /// Approving one's own work.
    #[error("own work cannot be approved by oneself")]
    OwnWork,
    /// An act that needs a reason.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// The entry is late by more than 15 minutes and says not why.
    #[error("a late entry needs a reason")]
    LateEntryNeedsReason,
    /// The fact lies in the future, or what was typed is no time.
    #[error("the time of the fact is impossible")]
    ImpossibleTime,
    /// The fact lies before the last act that moved the dossier.
    #[error("the fact lies before the last act")]
    BeforeLastAct,
    /// The fact is older than any late entry may be.
    #[error("the fact is too old to be entered")]
    TooOld,
    /// The fact lies before the desk, or the version of the procedure it goes by, was there.
    #[error("the fact lies before the desk or the version began")]
    BeforeBeginning,
    /// A note without words.
    #[error("nothing is written")]
    NothingWritten,
    /// Words that would stand in the log for ever are too many.
    #[error("the words are too many")]
    TooLong,
    /// First step: nothing to send back to.
    #[error("there is no step before this one")]
    NoStepBefore,
    /// The post acted in is at no desk.
    #[error("the post acted in is not at a desk")]
    NotAtDesk,
    /// A colleague goes on with this reception.
    #[error("somebody else goes on with this reception")]
    ReceptionTaken,
    /// The draft was sent: it is a dossier now.
    #[error("already filed")]
    AlreadyFiled,
    /// Already rated.
    #[error("already rated")]
    AlreadyRated,
    /// Score outside 1–5.
    #[error("the score is 1 to 5")]
    ScoreOutOfRange,
}

impl Objection {
    /// What to tell the person; a key of the translations.
    pub fn said(&self) -> &'static str {
        match self {
            Objection::NotIn { .. } => {
                "Hồ sơ đã chuyển sang trạng thái khác, có thể người khác vừa làm xong việc này. Tải lại trang để xem."
            }
            Objection::OtherStep => "Bước hiện tại của hồ sơ cần một việc khác. Tải lại trang để xem việc đang chờ.",
            Objection::NotReceivedHere => "Thủ tục này không có trong danh mục tiếp nhận của trung tâm.",
            Objection::ReceivedElsewhere { at_commune: false } => {
                "Theo danh mục, thủ tục này chỉ tiếp nhận tại Trung tâm Phục vụ hành chính công cấp tỉnh. Hướng dẫn người nộp đến đó."
            }
            Objection::ReceivedElsewhere { at_commune: true } => {
                "Theo danh mục, thủ tục này chỉ tiếp nhận tại trung tâm cấp xã. Hướng dẫn người nộp đến trung tâm của xã, phường."
            }
            Objection::FiledElsewhere { .. } => "Thủ tục này không nộp ở đây mà nộp tại:",
            Objection::TooManyDrafts => {
                "Bạn có quá nhiều hồ sơ đang soạn nên chưa mở hồ sơ mới; những hồ sơ đó vẫn còn nguyên. Nộp hoặc xóa bớt rồi làm lại."
            }
            Objection::TermNotSettled => {
                "Thời hạn của thủ tục chưa được xác định. Người phụ trách danh mục cần ghi thời hạn và căn cứ trước khi tiếp nhận."
            }
            Objection::BeyondCalendar => "Lịch làm việc chưa có đủ ngày để tính hạn. Người quản trị cần nhập lịch năm tới.",
            Objection::ChooseTerm => "Thủ tục có nhiều thời hạn cùng áp dụng được. Chọn thời hạn đúng với hồ sơ này.",
            Objection::PapersMissing { .. } => {
                "Hồ sơ còn giấy tờ chưa đạt: dùng phiếu yêu cầu bổ sung, không tiếp nhận và cũng không từ chối."
            }
            Objection::PapersUnchecked { .. } => "Còn giấy tờ chưa kiểm. Đánh dấu từng giấy tờ rồi tiếp nhận.",
            Objection::NothingAsked => "Phiếu yêu cầu bổ sung cần ít nhất một nội dung.",
            Objection::ItemWithoutGround => "Mỗi nội dung yêu cầu bổ sung cần lý do và căn cứ pháp lý.",
            Objection::NoCompetentUnit => "Chưa xác định được cơ quan có thẩm quyền giải quyết. Chọn cơ quan trước khi làm tiếp.",
            Objection::PaperNotAsked => "Hồ sơ này không yêu cầu giấy tờ đó. Chọn trong danh sách giấy tờ của hồ sơ.",
            Objection::NothingSeen => {
                "Giấy tờ này chưa có tệp và chưa ai mang đến quầy nên chưa ghi Đạt được. Ghi Chưa đạt rồi yêu cầu bổ sung; không thuộc trường hợp thì ghi Không cần."
            }
            Objection::SupplementIncomplete { .. } => "Phiếu yêu cầu bổ sung chưa đủ, còn thiếu:",
            Objection::VersionChanged => {
                "Thủ tục vừa có phiên bản mới, có thể khác thời hạn, phí hoặc giấy tờ. Tải lại trang, xem phần đã đổi rồi làm tiếp."
            }
            Objection::NotAnAgency => "Đơn vị này không giải quyết hồ sơ. Chọn sở, ngành hoặc Ủy ban nhân dân đang hoạt động.",
            Objection::OtherLevel => "Thủ tục này không do cấp của đơn vị đó giải quyết. Chọn cơ quan đúng cấp của thủ tục.",
            Objection::AlreadyCompetent => "Hồ sơ đang ở chính cơ quan này.",
            Objection::WorkHasBegun => "Hồ sơ đã qua bước đầu. Trả lại về bước đầu rồi mới chuyển cơ quan.",
            Objection::OtherRole { role: StepRole::DeskOfficer } => "Bước này do cán bộ một cửa ở quầy tiếp nhận làm.",
            Objection::OtherRole { role: StepRole::CaseOfficer } => "Bước này do cán bộ thụ lý của cơ quan giải quyết làm.",
            Objection::OtherRole { role: StepRole::Leader } => "Bước này do lãnh đạo cơ quan giải quyết làm.",
            Objection::OtherRole { role: StepRole::Clerk } => "Bước này do văn thư của cơ quan giải quyết làm.",
            Objection::HeldByAnother => {
                "Người khác đang giữ bước này. Người đó, hoặc lãnh đạo của đơn vị, trả bước về hàng chung thì người khác làm được."
            }
            Objection::NotHeld => "Chưa ai giữ bước này.",
            Objection::OwnWork => "Bạn đã xử lý hồ sơ này nên không tự phê duyệt được. Chuyển người khác có thẩm quyền.",
            Objection::ReasonNeeded => "Ghi lý do trước khi làm việc này.",
            Objection::LateEntryNeedsReason => "Việc đã xảy ra hơn 15 phút trước. Ghi lý do nhập muộn.",
            Objection::ImpossibleTime => "Thời điểm ghi không thể có: ở tương lai, hoặc không phải ngày giờ.",
            Objection::BeforeLastAct => "Thời điểm ghi trước việc gần nhất của hồ sơ. Xem Diễn biến, ghi từ lúc đó trở đi.",
            Objection::TooOld => "Thời điểm ghi đã quá một năm trước. Xem lại năm.",
            Objection::BeforeBeginning => {
                "Thời điểm ghi trước ngày trung tâm này hoạt động, hoặc trước ngày thủ tục có hiệu lực. Xem lại ngày, năm."
            }
            Objection::NothingWritten => "Ghi nội dung trước khi lưu.",
            Objection::TooLong => "Nội dung dài quá mức nhận được. Ghi ngắn lại, phần còn lại để trong tệp kèm theo.",
            Objection::NoStepBefore => "Đây là bước đầu, không có bước trước để trả lại.",
            Objection::NotAtDesk => "Chức vụ bạn đang làm việc không thuộc quầy tiếp nhận nào. Đổi chức vụ rồi mở lại trang này.",
            Objection::ReceptionTaken => "Đồng nghiệp đang làm tiếp lượt này. Những gì bạn đã điền vẫn được giữ.",
            Objection::AlreadyFiled => {
                "Hồ sơ này đã nộp nên không sửa ở đây được nữa. Cần thêm giấy tờ thì trung tâm sẽ gửi phiếu yêu cầu bổ sung."
            }
            Objection::AlreadyRated => "Bạn đã đánh giá hồ sơ này. Cảm ơn bạn.",
            Objection::ScoreOutOfRange => "Chọn một trong năm mức hài lòng.",
        }
    }

    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Objection::NotIn { .. } => "not-in-state",
            Objection::OtherStep => "other-step",
            Objection::NotReceivedHere => "not-received-here",
            Objection::ReceivedElsewhere { .. } => "received-elsewhere",
            Objection::FiledElsewhere { .. } => "filed-elsewhere",
            Objection::TooManyDrafts => "too-many-drafts",
            Objection::TermNotSettled => "term-not-settled",
            Objection::BeyondCalendar => "beyond-calendar",
            Objection::ChooseTerm => "choose-term",
            Objection::PapersMissing { .. } => "papers-missing",
            Objection::PapersUnchecked { .. } => "papers-unchecked",
            Objection::NothingAsked => "nothing-asked",
            Objection::ItemWithoutGround => "item-without-ground",
            Objection::NoCompetentUnit => "no-competent-unit",
            Objection::PaperNotAsked => "paper-not-asked",
            Objection::NothingSeen => "nothing-seen",
            Objection::SupplementIncomplete { .. } => "supplement-incomplete",
            Objection::VersionChanged => "version-changed",
            Objection::NotAnAgency => "not-an-agency",
            Objection::OtherLevel => "other-level",
            Objection::AlreadyCompetent => "already-competent",
            Objection::WorkHasBegun => "work-has-begun",
            Objection::OtherRole { .. } => "other-role",
            Objection::HeldByAnother => "held-by-another",
            Objection::NotHeld => "not-held",
            Objection::OwnWork => "own-work",
            Objection::ReasonNeeded => "reason-needed",
            Objection::LateEntryNeedsReason => "late-entry-needs-reason",
            Objection::ImpossibleTime => "impossible-time",
            Objection::BeforeLastAct => "before-last-act",
            Objection::TooOld => "too-old",
            Objection::BeforeBeginning => "before-beginning",
            Objection::NothingWritten => "nothing-written",
            Objection::TooLong => "too-long",
            Objection::NoStepBefore => "no-step-before",
            Objection::NotAtDesk => "not-at-desk",
            Objection::ReceptionTaken => "reception-taken",
            Objection::AlreadyFiled => "already-filed",
            Objection::AlreadyRated => "already-rated",
            Objection::ScoreOutOfRange => "score-out-of-range",
        }
    }

    /// Legal ground, where the law is the reason.
    pub fn ground(&self) -> Option<&'static str> {
        match self {
            Objection::NotReceivedHere | Objection::ReceivedElsewhere { .. } => {
                Some("Nghị định 118/2025/NĐ-CP: danh mục thủ tục tiếp nhận do Chủ tịch UBND tỉnh công bố")
            }
            Objection::PapersMissing { .. }
            | Objection::NothingAsked
            | Objection::ItemWithoutGround
            | Objection::SupplementIncomplete { .. } => Some("Mẫu 02, Thông tư 03/2025/TT-VPCP"),
            Objection::TermNotSettled | Objection::ChooseTerm => {
                Some("Mẫu 01, Thông tư 03/2025/TT-VPCP: giấy hẹn ghi rõ thời hạn")
            }
            Objection::OtherRole { .. } => Some("Quy trình nội bộ của thủ tục, Chủ tịch UBND tỉnh phê duyệt"),
            Objection::NoCompetentUnit | Objection::NotAnAgency | Objection::OtherLevel => {
                Some("Nghị định 118/2025/NĐ-CP: chuyển hồ sơ theo thẩm quyền")
            }
            _ => None,
        }
    }

    /// Names to list under the sentence.
    pub fn details(&self) -> &[String] {
        match self {
            Objection::PapersMissing { papers }
            | Objection::PapersUnchecked { papers }
            | Objection::SupplementIncomplete { papers } => papers,
            Objection::FiledElsewhere { at } => at,
            _ => &[],
        }
    }
}
