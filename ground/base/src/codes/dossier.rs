//! Codes of dossiers: who received it, on which day, and which one of that day.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::{AgencyCode, digits, tidy};
use crate::Lang;

/// Code of an accepted dossier.
///
/// * Today (OS-41): `H15.50.05.13-261008-0975`.
/// * Before (OS-40, TT 01/2018 Art. 19): `000.00.07.H12-230915-0001`.
///
/// The number restarts each day at each receiving unit and has at least four digits; central systems of ministries write six or seven,
/// whose first two are the ministry. In the old form it has no upper end (OS-42). Codes of others are kept as they came (leading zeros too).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DossierCode {
    agency: AgencyCode,
    received: Date,
    number: String,
}

/// A text that is no dossier code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DossierCodeError {
    /// Not three parts with dashes.
    #[error("`{0}` is not a dossier code like H12.15-261123-0001")]
    Form(String),
    /// The part before the date is no agency code.
    #[error("`{0}` is not an agency code")]
    Agency(String),
    /// The six digits are no day, or (when made) the day has no two-digit year.
    #[error("`{0}` is not a day written yymmdd")]
    Day(String),
    /// Not four to seven digits (at least four in the old form).
    #[error("`{0}` is not a number of four to seven digits")]
    Number(String),
}

impl DossierCodeError {
    /// What is wrong and how to put it right.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (DossierCodeError::Form(seen), Lang::Vi) => format!("“{seen}” không phải mã hồ sơ. Mã có dạng H12.15-261123-0001."),
            (DossierCodeError::Form(seen), Lang::En) => {
                format!("“{seen}” is not a dossier code. Codes look like H12.15-261123-0001.")
            }
            (DossierCodeError::Agency(seen), Lang::Vi) => {
                format!("Trong mã hồ sơ, “{seen}” không phải mã cơ quan. Xem lại phần trước ngày.")
            }
            (DossierCodeError::Agency(seen), Lang::En) => {
                format!("“{seen}” is not an agency code. Look at the part before the date.")
            }
            (DossierCodeError::Day(seen), Lang::Vi) => {
                format!("Trong mã hồ sơ, “{seen}” không phải ngày viết năm, tháng, ngày (261123).")
            }
            (DossierCodeError::Day(seen), Lang::En) => format!("“{seen}” is not a day written year, month, day (261123)."),
            (DossierCodeError::Number(seen), Lang::Vi) => {
                format!("Số thứ tự cuối mã hồ sơ có 4 đến 7 chữ số, không phải “{seen}”.")
            }
            (DossierCodeError::Number(seen), Lang::En) => format!("The number at the end has 4 to 7 digits, not “{seen}”."),
        }
    }
}

impl DossierCode {
    /// The code of the `number`-th dossier an agency receives on a day: four digits, five and more when the day is that busy (OS-41).
    pub fn make(agency: &AgencyCode, received: Date, number: u64) -> Result<DossierCode, DossierCodeError> {
        if !(2000..=2099).contains(&received.year()) {
            return Err(DossierCodeError::Day(received.to_string()));
        }
        if !(1..=9_999_999).contains(&number) {
            return Err(DossierCodeError::Number(number.to_string()));
        }
        Ok(DossierCode { agency: agency.clone(), received, number: format!("{number:04}") })
    }

    /// Who received it.
    pub fn agency(&self) -> &AgencyCode {
        &self.agency
    }

    /// The day of reception.
    pub fn received(&self) -> Date {
        self.received
    }

    /// The digits after the date, as written.
    pub fn number(&self) -> &str {
        &self.number
    }
}

fn day(text: &str) -> Option<Date> {
    if !digits(text, 6) {
        return None;
    }
    let part = |from: usize| text[from..from + 2].parse::<i8>().ok();
    Date::new(2000 + i16::from(part(0)?), part(2)?, part(4)?).ok()
}

impl FromStr for DossierCode {
    type Err = DossierCodeError;

    fn from_str(text: &str) -> Result<DossierCode, DossierCodeError> {
        let code = tidy(text);
        let [agency, received, number] = code.split('-').collect::<Vec<_>>()[..] else {
            return Err(DossierCodeError::Form(text.to_owned()));
        };
        let agency: AgencyCode = agency.parse().map_err(|_| DossierCodeError::Agency(agency.to_owned()))?;
        let received = day(received).ok_or_else(|| DossierCodeError::Day(received.to_owned()))?;
        let length_fits = number.len() >= 4 && (agency.is_legacy() || number.len() <= 7);
        if !length_fits || !digits(number, number.len()) {
            return Err(DossierCodeError::Number(number.to_owned()));
        }
        Ok(DossierCode { agency, received, number: number.to_owned() })
    }
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.received;
        write!(f, "{}-{:02}{:02}{:02}-{}", self.agency, day.year().rem_euclid(100), day.month(), day.day(), self.number)
    }
}

crate::as_text!(DossierCode);
