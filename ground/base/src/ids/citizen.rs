//! The personal identification number (số định danh cá nhân).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Lang;

/// Twelve digits: 3 province of birth registration, 1 century and sex, 2 year of birth, 6 random. There is no check digit.
///
/// Source: structure of the number in NĐ 137/2015/NĐ-CP Art. 13 and TT 59/2021/TT-BCA. Provinces are those of before 2025-07-01; numbers
/// given since then may carry others, so an unknown province is for a person to look at ([`CitizenId::province`] is `None`), not an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId([u8; 12]);

/// Sex as the number and the card carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl Sex {
    /// `Nam` or `Nữ`.
    pub fn vi(self) -> &'static str {
        match self {
            Sex::Male => "Nam",
            Sex::Female => "Nữ",
        }
    }
}

/// A text that is no personal identification number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdError {
    /// Not twelve characters; carries how many there are.
    #[error("a personal number has 12 digits, this has {0}")]
    Length(usize),
    /// A character that is no digit.
    #[error("a personal number has digits only, not `{0}`")]
    NotADigit(char),
    /// A year of birth that has not come yet.
    #[error("nobody is born in {0} yet")]
    Unborn(i16),
}

impl CitizenIdError {
    /// What is wrong and how to put it right.
    pub fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (CitizenIdError::Length(n), Lang::Vi) => format!("Số định danh có 12 chữ số, bạn gõ {n}."),
            (CitizenIdError::Length(n), Lang::En) => format!("A personal number has 12 digits, you typed {n}."),
            (CitizenIdError::NotADigit(' '), Lang::Vi) => "Số định danh viết liền 12 chữ số, không có dấu cách.".to_owned(),
            (CitizenIdError::NotADigit(' '), Lang::En) => "A personal number is 12 digits without spaces.".to_owned(),
            (CitizenIdError::Unborn(year), Lang::Vi) => {
                format!("Số định danh này ghi năm sinh {year}, là năm chưa tới. Xem lại số thứ tư, thứ năm và thứ sáu.")
            }
            (CitizenIdError::Unborn(year), Lang::En) => {
                format!("This personal number says birth in {year}, which lies ahead. Look at the fourth to sixth digit.")
            }
            (CitizenIdError::NotADigit(c), Lang::Vi) => format!("Số định danh chỉ gồm chữ số, không có “{c}”."),
            (CitizenIdError::NotADigit(c), Lang::En) => format!("A personal number has digits only, no “{c}”."),
        }
    }
}

impl CitizenId {
    /// A number as somebody gives it on a day: nobody carries one whose year of birth lies ahead.
    pub fn given(text: &str, today: jiff::civil::Date) -> Result<CitizenId, CitizenIdError> {
        let id: CitizenId = text.parse()?;
        if id.birth_year() > today.year() { Err(CitizenIdError::Unborn(id.birth_year())) } else { Ok(id) }
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The three digits of the province of birth registration.
    pub fn province_code(&self) -> &str {
        &self.as_str()[..3]
    }

    /// The province of that code, by its name before 2025-07-01; none when the code is not in the list.
    pub fn province(&self) -> Option<&'static str> {
        let code = self.province_code();
        PROVINCES.binary_search_by(|(known, _)| (*known).cmp(code)).ok().map(|i| PROVINCES[i].1)
    }

    /// The year of birth, 1900 to 2399.
    pub fn birth_year(&self) -> i16 {
        let digit = |i: usize| i16::from(self.0[i] - b'0');
        1900 + digit(3) / 2 * 100 + digit(4) * 10 + digit(5)
    }

    /// Sex at registration: even century digits are male.
    pub fn sex(&self) -> Sex {
        if self.0[3].is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    /// With the middle hidden, for pages that anyone may open: `079•••••1234`.
    pub fn masked(&self) -> String {
        format!("{}•••••{}", &self.as_str()[..3], &self.as_str()[8..])
    }
}

impl FromStr for CitizenId {
    type Err = CitizenIdError;

    /// Exactly twelve digits; a space inside is a fault to show, because it usually hides a missing digit.
    fn from_str(text: &str) -> Result<CitizenId, CitizenIdError> {
        if let Some(c) = text.chars().find(|c| !c.is_ascii_digit()) {
            return Err(CitizenIdError::NotADigit(c));
        }
        text.as_bytes().try_into().map(CitizenId).map_err(|_| CitizenIdError::Length(text.len()))
    }
}

impl fmt::Display for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Masked: personal numbers do not belong in logs (SE-01).
impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", self.masked())
    }
}

crate::as_text!(CitizenId);

/// Province codes of birth registration (TT 59/2021/TT-BCA annex; 63 provinces of before 2025-07-01), sorted by code.
#[rustfmt::skip]
const PROVINCES: [(&str, &str); 63] = [
    ("001", "Hà Nội"), ("002", "Hà Giang"), ("004", "Cao Bằng"), ("006", "Bắc Kạn"),
    ("008", "Tuyên Quang"), ("010", "Lào Cai"), ("011", "Điện Biên"), ("012", "Lai Châu"),
    ("014", "Sơn La"), ("015", "Yên Bái"), ("017", "Hòa Bình"), ("019", "Thái Nguyên"),
    ("020", "Lạng Sơn"), ("022", "Quảng Ninh"), ("024", "Bắc Giang"), ("025", "Phú Thọ"),
    ("026", "Vĩnh Phúc"), ("027", "Bắc Ninh"), ("030", "Hải Dương"), ("031", "Hải Phòng"),
    ("033", "Hưng Yên"), ("034", "Thái Bình"), ("035", "Hà Nam"), ("036", "Nam Định"),
    ("037", "Ninh Bình"), ("038", "Thanh Hóa"), ("040", "Nghệ An"), ("042", "Hà Tĩnh"),
    ("044", "Quảng Bình"), ("045", "Quảng Trị"), ("046", "Huế"), ("048", "Đà Nẵng"),
    ("049", "Quảng Nam"), ("051", "Quảng Ngãi"), ("052", "Bình Định"), ("054", "Phú Yên"),
    ("056", "Khánh Hòa"), ("058", "Ninh Thuận"), ("060", "Bình Thuận"), ("062", "Kon Tum"),
    ("064", "Gia Lai"), ("066", "Đắk Lắk"), ("067", "Đắk Nông"), ("068", "Lâm Đồng"),
    ("070", "Bình Phước"), ("072", "Tây Ninh"), ("074", "Bình Dương"), ("075", "Đồng Nai"),
    ("077", "Bà Rịa - Vũng Tàu"), ("079", "Hồ Chí Minh"), ("080", "Long An"), ("082", "Tiền Giang"),
    ("083", "Bến Tre"), ("084", "Trà Vinh"), ("086", "Vĩnh Long"), ("087", "Đồng Tháp"),
    ("089", "An Giang"), ("091", "Kiên Giang"), ("092", "Cần Thơ"), ("093", "Hậu Giang"),
    ("094", "Sóc Trăng"), ("095", "Bạc Liêu"), ("096", "Cà Mau"),
];
