//! National codes of administrative procedures.

use std::fmt;
use std::str::FromStr;

use super::{AgencyCode, digits, tidy};
use crate::Lang;

/// Code of a procedure (OS-43): `1.001193`, or localised: `1.001776.000.00.00.H12`, `1.001776.H12`.
///
/// The base code names the procedure in the national database; the locality says which province published its own version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcedureCode {
    base: String,
    locality: Option<AgencyCode>,
}

/// A text that is no procedure code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a procedure code like 1.001193 or 1.001193.H12")]
pub struct ProcedureCodeError(String);

impl ProcedureCodeError {
    /// What is wrong and how to put it right.
    pub fn words(&self, lang: Lang) -> String {
        match lang {
            Lang::Vi => format!("“{}” không phải mã thủ tục. Mã có dạng 1.001193 hoặc 1.001193.H12.", self.0),
            Lang::En => format!("“{}” is not a procedure code. Codes look like 1.001193 or 1.001193.H12.", self.0),
        }
    }
}

impl ProcedureCode {
    /// The national code without locality, `1.001193`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same procedure without its locality.
    pub fn national(&self) -> ProcedureCode {
        ProcedureCode { base: self.base.clone(), locality: None }
    }

    /// Who localised it, as written: `H12` or `000.00.00.H12`.
    pub fn locality(&self) -> Option<&AgencyCode> {
        self.locality.as_ref()
    }
}

impl FromStr for ProcedureCode {
    type Err = ProcedureCodeError;

    fn from_str(text: &str) -> Result<ProcedureCode, ProcedureCodeError> {
        let wrong = || ProcedureCodeError(text.to_owned());
        let code = tidy(text);
        let mut parts = code.splitn(3, '.');
        let (Some(group), Some(number)) = (parts.next(), parts.next()) else { return Err(wrong()) };
        if !digits(group, 1) || !digits(number, 6) {
            return Err(wrong());
        }
        let locality = parts.next().map(str::parse).transpose().map_err(|_| wrong())?;
        Ok(ProcedureCode { base: format!("{group}.{number}"), locality })
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)?;
        self.locality.iter().try_for_each(|place| write!(f, ".{place}"))
    }
}

crate::as_text!(ProcedureCode);
