//! The QR string of identity cards: `id|old id|name|birth date|sex|address|issued`, dates as ddmmyyyy (Căn cước công dân of 2021 on; later
//! cards append fields, which are ignored).
//!
//! Scanners type, and what arrives may be garbled by the keyboard in between. Garbled text is recognised and a cure is offered with both
//! readings side by side; nothing is repaired silently, because a name on a paper must be the name on the card.

mod cure;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use cure::{Cure, Garble};

use crate::ids::{CitizenIdError, Sex};
use crate::person::{PartialDate, PersonName, PersonNameError};
use crate::{CitizenId, Lang};

/// What an identity card says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityCard {
    /// Personal identification number.
    pub id: CitizenId,
    /// Number of the former identity paper (9 or 12 digits), when printed.
    pub old_id: Option<String>,
    /// Full name.
    pub name: PersonName,
    /// Date of birth; day and month are 00 where they are not known.
    pub birth: Option<PartialDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Place of residence as printed, with the units of the time of issue.
    pub address: String,
    /// Day of issue.
    pub issued: Option<Date>,
}

/// Fields of the string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The personal number.
    Id,
    /// The former number.
    OldId,
    /// The name.
    Name,
    /// The date of birth.
    Birth,
    /// Sex.
    Sex,
    /// The address.
    Address,
    /// The day of issue.
    Issued,
}

impl Field {
    /// All, in the order of the string.
    pub const ALL: [Field; 7] = [Field::Id, Field::OldId, Field::Name, Field::Birth, Field::Sex, Field::Address, Field::Issued];

    /// Its name on screens.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Field::Id => lang.pick("Số định danh", "Personal number"),
            Field::OldId => lang.pick("Số giấy tờ cũ", "Former number"),
            Field::Name => lang.pick("Họ và tên", "Full name"),
            Field::Birth => lang.pick("Ngày sinh", "Date of birth"),
            Field::Sex => lang.pick("Giới tính", "Sex"),
            Field::Address => lang.pick("Nơi thường trú", "Residence"),
            Field::Issued => lang.pick("Ngày cấp", "Date of issue"),
        }
    }
}

/// A card as read, with everything a person should look at before using it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What the card says, cures applied.
    pub card: IdentityCard,
    /// What was repaired, both readings.
    pub cures: Vec<Cure>,
    /// What does not fit or could not be read.
    pub doubts: Vec<Doubt>,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Doubt {
    /// A field that could not be read; it stays empty.
    Unreadable {
        /// Which.
        field: Field,
        /// What stood there.
        seen: String,
    },
    /// Characters were lost on the way (`?`, `�`): only scanning again or typing brings them back.
    Lost {
        /// Where.
        field: Field,
    },
    /// A word that an active Telex may have made of another.
    Retyped {
        /// Where.
        field: Field,
        /// The word as it arrived; it stays.
        seen: String,
        /// What the card may say.
        maybe: String,
    },
    /// The number names no province in the list.
    UnknownProvince,
    /// The year of birth in the number is another one.
    OtherBirthYear {
        /// The year in the number.
        in_number: i16,
    },
    /// The sex in the number is the other one.
    OtherSex,
}

impl Doubt {
    /// What to look at.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Doubt::Unreadable { field, seen } => match lang {
                Lang::Vi => format!("{}: không đọc được “{seen}”. Nhập theo thẻ.", field.words(lang)),
                Lang::En => format!("{}: “{seen}” cannot be read. Type it from the card.", field.words(lang)),
            },
            Doubt::Lost { field } => match lang {
                Lang::Vi => format!("{}: máy quét làm mất chữ có dấu. Quét lại hoặc nhập theo thẻ.", field.words(lang)),
                Lang::En => {
                    format!("{}: the scanner lost accented letters. Scan again or type it from the card.", field.words(lang))
                }
            },
            Doubt::Retyped { field, seen, maybe } => match lang {
                Lang::Vi => format!(
                    "{}: nếu bộ gõ Telex đang bật thì “{seen}” có thể là “{maybe}”. Đối chiếu với thẻ.",
                    field.words(lang)
                ),
                Lang::En => format!("{}: if Telex was on, “{seen}” may be “{maybe}”. Compare with the card.", field.words(lang)),
            },
            Doubt::UnknownProvince => {
                let vi = "Ba số đầu của số định danh không có trong danh mục tỉnh nơi đăng ký khai sinh. Đối chiếu với thẻ.";
                lang.pick(vi, "The first three digits name no province of birth registration. Compare with the card.").to_owned()
            }
            Doubt::OtherBirthYear { in_number } => match lang {
                Lang::Vi => format!("Số định danh ghi năm sinh {in_number}, khác ngày sinh trên thẻ. Đối chiếu với thẻ."),
                Lang::En => {
                    format!("The personal number says born in {in_number}, unlike the date of birth. Compare with the card.")
                }
            },
            Doubt::OtherSex => {
                let vi = "Giới tính trong số định danh khác giới tính trên thẻ. Đối chiếu với thẻ.";
                lang.pick(vi, "The sex in the personal number is not the one on the card. Compare with the card.").to_owned()
            }
        }
    }
}

/// A text that is not the string of an identity card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Too few fields.
    #[error("an identity card has seven fields between bars, this has {0}")]
    Fields(usize),
    /// A second card follows the first: whose it is, nobody can tell.
    #[error("two identity cards in one text")]
    TwoCards,
    /// The number is unreadable, so nobody can be found by it.
    #[error("the personal number: {0}")]
    Id(CitizenIdError),
    /// The name is unreadable.
    #[error("the name: {0}")]
    Name(PersonNameError),
}

impl CardError {
    /// What is wrong and how to put it right.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            CardError::Fields(found) => match lang {
                Lang::Vi => {
                    format!("Mã QR trên thẻ căn cước có 7 trường, chuỗi này có {found}. Quét lại mã ở mặt trước của thẻ.")
                }
                Lang::En => format!(
                    "The QR code of an identity card has 7 fields, this text has {found}. Scan the code on the card again."
                ),
            },
            CardError::TwoCards => {
                let vi = "Hai thẻ quét liền nhau. Xóa ô này rồi quét lại từng thẻ.";
                lang.pick(vi, "Two cards were scanned one after the other. Empty the field, then scan each card by itself.")
                    .to_owned()
            }
            CardError::Id(e) => format!("{} {}", e.words(lang), lang.pick("Quét lại thẻ.", "Scan the card again.")),
            CardError::Name(e) => format!("{} {}", e.words(lang), lang.pick("Quét lại thẻ.", "Scan the card again.")),
        }
    }
}

/// Reads the string of a card.
///
/// Fails only without a number or a name, and with two cards in one text; everything else unreadable is a doubt, so that a desk keeps what
/// was read.
pub fn read(text: &str) -> Result<Reading, CardError> {
    let (fields, cures) = cure::cure(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
    let Some([id, old_id, name, birth, sex, address, issued]) = fields.get(..7).and_then(|f| <&[String; 7]>::try_from(f).ok())
    else {
        return Err(CardError::Fields(fields.len()));
    };
    if is_followed_by_another(&fields) {
        return Err(CardError::TwoCards);
    }
    let id: CitizenId = id.parse().map_err(CardError::Id)?;
    let name: PersonName = name.parse().map_err(CardError::Name)?;
    let mut doubts = Vec::new();
    let mut unreadable = |field, seen: &str| doubts.push(Doubt::Unreadable { field, seen: seen.to_owned() });
    let birth = read_or(birth, date, || unreadable(Field::Birth, birth));
    let sex = read_or(sex, read_sex, || unreadable(Field::Sex, sex));
    let issued = read_or(issued, |text| date(text).and_then(PartialDate::full), || unreadable(Field::Issued, issued));
    let old_id = read_or(old_id, read_old_id, || unreadable(Field::OldId, old_id));
    for (field, text) in [(Field::Name, name.as_str()), (Field::Address, address)] {
        if text.contains(['?', '\u{fffd}']) {
            doubts.push(Doubt::Lost { field });
        }
    }
    for seen in name.words() {
        if let Some(maybe) = cure::before_telex(seen) {
            doubts.push(Doubt::Retyped { field: Field::Name, seen: seen.to_owned(), maybe });
        }
    }
    if id.province().is_none() {
        doubts.push(Doubt::UnknownProvince);
    }
    if birth.is_some_and(|birth| birth.year() != id.birth_year()) {
        doubts.push(Doubt::OtherBirthYear { in_number: id.birth_year() });
    }
    if sex.is_some_and(|sex| sex != id.sex()) {
        doubts.push(Doubt::OtherSex);
    }
    let card = IdentityCard { id, old_id, name, birth, sex, address: address.clone(), issued };
    Ok(Reading { card, cures, doubts })
}

/// Does another card begin after this one, since no end of line came between? Its number stands behind the day of issue, or behind a field
/// that later cards append; a date and a sex come after it.
fn is_followed_by_another(fields: &[String]) -> bool {
    let ends_in_id = |text: &str| {
        let id = text.len().checked_sub(12).and_then(|at| text.get(at..));
        id.is_some_and(|id| id.parse::<CitizenId>().is_ok())
    };
    let begins = |card: &[String]| ends_in_id(&card[0]) && date(&card[3]).is_some() && read_sex(&card[4]).is_some();
    fields.get(6..).is_some_and(|after| after.windows(5).any(begins))
}

/// Reads a field; an empty one is simply not there, an unreadable one is reported.
fn read_or<T>(text: &str, read: impl Fn(&str) -> Option<T>, unreadable: impl FnOnce()) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    if value.is_none() {
        unreadable();
    }
    value
}

/// `12031958`, `00031958`, `00001958`; `1958` alone too.
fn date(text: &str) -> Option<PartialDate> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if text.len() == 4 {
        return PartialDate::new(text.parse().ok()?, None, None).ok();
    }
    if text.len() != 8 {
        return None;
    }
    let known = |part: &str| part.parse::<i8>().ok().filter(|n| *n != 0);
    PartialDate::new(text[4..].parse().ok()?, known(&text[2..4]), known(&text[..2])).ok()
}

fn read_sex(text: &str) -> Option<Sex> {
    [Sex::Male, Sex::Female].into_iter().find(|sex| crate::text::spelling(sex.vi()) == crate::text::spelling(text))
}

fn read_old_id(text: &str) -> Option<String> {
    (matches!(text.len(), 9 | 12) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
}
