//! Identification codes of agencies, in both systems in use.

use std::fmt;
use std::str::FromStr;

use super::{digits, tidy};
use crate::Lang;

/// Identification code of an agency.
///
/// * Today (DM-30, Decision 20/2020/QĐ-TTg): a letter and two digits, further levels after dots: `H12`, `H12.15`, `H15.50.05.13`.
/// * Before (DM-32, QCVN 102:2016): `V1V2V3.Z1Z2.Y1Y2.MX1X2`, the first level last: `000.00.00.H12`. Still found in procedure codes and
///   in dossiers up to 2025.
///
/// Both are kept as written: which old code became which new one is a table of the province, not arithmetic (DM-31).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgencyCode(String);

/// A text that is no agency code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an agency code like H12, H12.15 or 000.00.00.H12")]
pub struct AgencyCodeError(String);

impl AgencyCodeError {
    /// What is wrong and how to put it right.
    pub fn words(&self, lang: Lang) -> String {
        match lang {
            Lang::Vi => format!("“{}” không phải mã cơ quan. Mã có dạng H12, H12.15 hoặc 000.00.00.H12.", self.0),
            Lang::En => format!("“{}” is not an agency code. Codes look like H12, H12.15 or 000.00.00.H12.", self.0),
        }
    }
}

impl AgencyCode {
    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is it of the old system (`000.00.00.H12`)?
    pub fn is_legacy(&self) -> bool {
        self.0.starts_with(|c: char| c.is_ascii_digit())
    }
}

fn level1(part: &str) -> bool {
    part.len() == 3 && part.as_bytes()[0].is_ascii_uppercase() && part.is_char_boundary(1) && digits(&part[1..], 2)
}

fn modern(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.next().is_some_and(level1)
        && text.split('.').count() <= 4
        && parts.all(|p| matches!(p.len(), 2 | 3) && p.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
}

fn legacy(text: &str) -> bool {
    match text.split('.').collect::<Vec<_>>()[..] {
        [v, z, y, mx] => digits(v, 3) && digits(z, 2) && digits(y, 2) && level1(mx),
        _ => false,
    }
}

impl FromStr for AgencyCode {
    type Err = AgencyCodeError;

    fn from_str(text: &str) -> Result<AgencyCode, AgencyCodeError> {
        let code = tidy(text);
        if modern(&code) || legacy(&code) { Ok(AgencyCode(code)) } else { Err(AgencyCodeError(text.to_owned())) }
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::as_text!(AgencyCode);
