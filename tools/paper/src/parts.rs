//! Parts that several papers share: who issues, for whom, about what, where to ask.

use jiff::civil::{Date, DateTime};

/// Identity of one issued paper. The same issue and content give the same bytes, so a reprint is the same file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Stable id of the paper, for example the id of the event that made it; feeds the PDF identifier and is not printed.
    pub id: String,
    /// When it was made, Vietnamese local time; its day is the day printed at the head.
    pub at: DateTime,
}

/// The issuing body as printed at the head, in ordinary letters: the layout sets capitals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// Body it belongs to ("Ủy ban nhân dân phường An Xuyên"); empty: none.
    pub parent: String,
    /// Its own name ("Trung tâm Phục vụ hành chính công phường An Xuyên").
    pub name: String,
    /// Place name of the date line ("An Xuyên").
    pub place: String,
}

/// A person or an organisation, printed as recorded. Anything but the name may be unknown: people without a document,
/// a telephone or an address exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Name as typed.
    pub name: String,
    /// Identity document.
    pub identity: Option<Identity>,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// What a party is identified by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Số định danh cá nhân.
    Citizen(String),
    /// Mã số thuế.
    Tax(String),
    /// Hộ chiếu.
    Passport(String),
    /// Any other document: its Vietnamese name in lower case, and its number.
    Other(String, String),
}

/// The procedure asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procedure {
    /// National code ("1.000689").
    pub code: String,
    /// Full official name.
    pub name: String,
}

/// Where the holder of a paper can ask about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Content of the QR code: the full address of the tracking page with the code.
    pub qr: String,
    /// The page as a person types it ("motcua.example/tra-cuu").
    pub page: String,
    /// Telephone; empty: none.
    pub phone: String,
}

/// Form of a paper handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyKind {
    /// Bản chính.
    Original,
    /// Bản sao chứng thực.
    Certified,
    /// Bản sao, where it is not said whether certified or photocopied.
    Copy,
    /// Bản sao (photo).
    Photocopy,
    /// Bản quét.
    Scan,
    /// Bản điện tử.
    Electronic,
    /// Bản điện tử có ký số.
    ElectronicSigned,
}

impl CopyKind {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Original => "Bản chính",
            Self::Certified => "Bản sao chứng thực",
            Self::Copy => "Bản sao",
            Self::Photocopy => "Bản sao (photo)",
            Self::Scan => "Bản quét",
            Self::Electronic => "Bản điện tử",
            Self::ElectronicSigned => "Bản điện tử có ký số",
        }
    }

    /// As in "01 bản chính".
    pub(crate) fn wanted(self) -> &'static str {
        match self {
            Self::Original => "bản chính",
            Self::Certified => "bản sao chứng thực",
            Self::Copy => "bản sao",
            Self::Photocopy => "bản sao (photo)",
            Self::Scan => "bản quét",
            Self::Electronic => "bản điện tử",
            Self::ElectronicSigned => "bản điện tử có ký số",
        }
    }
}

/// So many of a paper in one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies {
    /// In which form.
    pub kind: CopyKind,
    /// How many.
    pub count: u32,
}

/// A calendar day that the term does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLeftOut {
    /// The day.
    pub day: Date,
    /// Why, as a phrase after the day ("nghỉ hằng tuần", "nghỉ Ngày Văn hóa Việt Nam"). Days with the same reason are printed together.
    pub reason: String,
}

/// What a dossier costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fees {
    /// The amounts are known; none: nothing is charged.
    Known(Vec<Fee>),
    /// The amount is not known here.
    Open {
        /// What it follows from, a phrase each ("Phí chứng thực: 2.000 đồng một trang"); empty: not printed.
        rules: Vec<String>,
        /// It was paid all the same.
        paid: bool,
    },
}

/// One amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// What it is for: one name ("Lệ phí đăng ký khai sinh"), or all those of which only the sum is known; empty: not printed.
    pub names: Vec<String>,
    /// Amount in đồng.
    pub amount: u64,
    /// Whether it has been paid.
    pub paid: bool,
}

/// Line of the dossier register (form 07).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterLine {
    /// Book ("11/2026").
    pub book: String,
    /// Running number.
    pub number: u64,
}

/// How the dossier came in; decides what stands under NGƯỜI NỘP HỒ SƠ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filed {
    /// At the counter: the submitter signs the paper.
    Counter,
    /// Over the network; `verified` when the account is tied to a national identity.
    Online {
        /// Signed in with a verified identity.
        verified: bool,
    },
    /// By public post.
    Post,
}

/// State of the signature of the issuing side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signing {
    /// Printed and signed by pen: room is left above the name.
    ByHand,
    /// Electronic copy that nobody has signed: a box says that it has no legal value yet.
    Unsigned,
}
