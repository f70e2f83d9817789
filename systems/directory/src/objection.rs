//! What the law of the directory does not allow, in words a person can read.

/// Why an act on units, people or posts cannot be done (409).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// The unit does not exist at that time.
    #[error("Đơn vị “{name}” không có hiệu lực tại thời điểm đã chọn.")]
    UnitNotInForce {
        /// Which.
        name: String,
    },
    /// The tree has one root.
    #[error("Cây đơn vị đã có đơn vị gốc. Chọn đơn vị cấp trên cho đơn vị mới.")]
    SecondRoot,
    /// The code belongs to another unit.
    #[error("Mã {code} đang thuộc đơn vị “{name}”. Mỗi mã chỉ của một đơn vị đang hoạt động.")]
    CodeTaken {
        /// Code.
        code: String,
        /// Whose.
        name: String,
    },
    /// Units below are still open.
    #[error("Còn {count} đơn vị trực thuộc đang hoạt động. Kết thúc hoặc chuyển các đơn vị đó trước.")]
    UnitsBelow {
        /// How many.
        count: i64,
    },
    /// A time lies before what it must follow.
    #[error("Thời điểm kết thúc phải sau thời điểm bắt đầu và không ở quá khứ.")]
    Backwards,
    /// A post without any role.
    #[error("Chức vụ cần ít nhất một vai trò.")]
    NoRole,
    /// The home post is of somebody else, or in the same unit.
    #[error("Chức vụ gốc của người biệt phái phải của chính người đó và ở đơn vị khác.")]
    NotAHomePost,
    /// The post ended before.
    #[error("Chức vụ này đã kết thúc.")]
    PostEnded,
    /// Somebody has this sign-in name.
    #[error("Tên đăng nhập “{login}” đã có người dùng. Tên đã dùng không cấp lại cho người khác.")]
    LoginTaken {
        /// Which.
        login: String,
    },
}

impl Objection {
    /// The rule of law behind it; none where it is a rule of the house only.
    pub fn ground(&self) -> Option<&'static str> {
        match self {
            Objection::CodeTaken { .. } => Some("Quyết định 20/2020/QĐ-TTg"),
            Objection::NotAHomePost => Some("Nghị định 118/2025/NĐ-CP"),
            _ => None,
        }
    }
}
