//! What the law of the directory does not allow, in words a person can read.
use web::{Words, words};

/// Why an act on units, people or posts cannot be done (409).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub enum Objection {
    /// The unit does not exist at that time.
    UnitNotInForce {
        /// Which.
        name: String,
    },
    /// The tree has one root.
    SecondRoot,
    /// The code belongs to another unit.
    CodeTaken {
        /// Code.
        code: String,
        /// Whose.
        name: String,
    },
    /// The key of import files belongs to another unit.
    KeyTaken {
        /// Key.
        key: String,
        /// Whose.
        name: String,
    },
    /// Units below are still open.
    UnitsBelow {
        /// How many.
        count: i64,
    },
    /// A time lies before what it must follow.
    Backwards,
    /// A change that would begin later: not understood yet.
    NotYet,
    /// A post without any role.
    NoRole,
    /// An auditor's post without an end, or with one that is more than a year away.
    AuditWithoutEnd,
    /// The home post is of somebody else, or in the same unit.
    NotAHomePost,
    /// The post ended before.
    PostEnded,
    /// The person left before.
    PersonLeft,
    /// Somebody has this sign-in name.
    LoginTaken {
        /// Which.
        login: String,
    },
}

impl Objection {
    /// What is in the way, and what to do.
    pub fn words(&self) -> Words {
        match self {
            Objection::UnitNotInForce { name } => words("Đơn vị “{0}” không hoạt động tại thời điểm đã chọn.").with(name),
            Objection::SecondRoot => words("Cây đơn vị đã có đơn vị gốc. Chọn đơn vị cấp trên cho đơn vị mới."),
            Objection::CodeTaken { code, name } => {
                words("Mã {0} đang thuộc “{1}”. Mỗi mã chỉ của một đơn vị đang hoạt động.").with(code).with(name)
            }
            Objection::KeyTaken { key, name } => {
                words("Khóa {0} đã là của “{1}”. Khóa đã dùng không đổi nghĩa.").with(key).with(name)
            }
            Objection::UnitsBelow { count } => {
                words("Còn {0} đơn vị trực thuộc đang hoạt động. Kết thúc các đơn vị đó trước.").with(count)
            }
            Objection::Backwards => words("Thời điểm chọn sớm hơn thời điểm bắt đầu, hoặc đã qua. Chọn lại ngày giờ."),
            Objection::NotYet => words("Đổi tên có hiệu lực từ một ngày chưa tới thì làm vào ngày đó."),
            Objection::NoRole => words("Chức vụ cần ít nhất một vai trò."),
            Objection::AuditWithoutEnd => {
                words("Chức vụ kiểm tra, thanh tra chỉ giao có thời hạn, không quá một năm. Ghi ngày kết thúc.")
            }
            Objection::NotAHomePost => words("Chức vụ gốc của người biệt phái phải của chính người đó và ở đơn vị khác."),
            Objection::PostEnded => words("Chức vụ này đã kết thúc."),
            Objection::PersonLeft => words("Người này đã thôi làm việc."),
            Objection::LoginTaken { login } => {
                words("Tên đăng nhập “{0}” đã có người dùng. Tên đã dùng không cấp lại cho người khác.").with(login)
            }
        }
    }

    /// The rule of law behind it; none where it is a rule of the house only.
    pub fn ground(&self) -> Option<&'static str> {
        match self {
            Objection::CodeTaken { .. } => Some("Quyết định 20/2020/QĐ-TTg"), // not on screen as a sentence: a name
            Objection::NotAHomePost => Some("Nghị định 118/2025/NĐ-CP"),      // not on screen as a sentence: a name
            _ => None,
        }
    }
}
