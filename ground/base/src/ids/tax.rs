//! Tax codes of organisations and their branches.

use std::fmt;
use std::str::FromStr;

use crate::Lang;

/// Ten digits, the last a check digit; a branch adds `-001` to `-999`.
///
/// Check digit (TT 105/2020/TT-BTC; the same rule as python-stdnum `vn.mst`): 10 − (Σ dᵢ·wᵢ mod 11) with the weights 31, 29, 23, 19, 17, 13, 7,
/// 5, 3; a result of 10 is never issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxCode {
    number: [u8; 10],
    /// 0 for the organisation itself.
    branch: u16,
}

/// A text that is no tax code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxCodeError {
    /// Not ten digits, nor ten and three.
    #[error("a tax code has 10 digits, with a branch 13: {0} found")]
    Length(usize),
    /// A character that is no digit, or a dash in the wrong place.
    #[error("a tax code has digits only, with a dash before the branch")]
    Form,
    /// The tenth digit does not fit the first nine.
    #[error("the check digit does not fit: one digit is wrong")]
    Check,
    /// Branches are numbered from 001.
    #[error("branch 000 does not exist")]
    Branch,
}

impl TaxCodeError {
    /// What is wrong and how to put it right.
    pub fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (TaxCodeError::Length(n), Lang::Vi) => format!("Mã số thuế có 10 chữ số, chi nhánh 13 chữ số, bạn gõ {n}."),
            (TaxCodeError::Length(n), Lang::En) => format!("A tax code has 10 digits, a branch 13, you typed {n}."),
            (TaxCodeError::Form, lang) => lang
                .pick(
                    "Mã số thuế chỉ gồm chữ số, có thể thêm -001 cho chi nhánh.",
                    "A tax code has digits only, and may end in -001 for a branch.",
                )
                .into(),
            (TaxCodeError::Check, lang) => lang
                .pick(
                    "Mã số thuế có một chữ số sai. Xem lại giấy đăng ký.",
                    "One digit of the tax code is wrong. Compare it with the registration.",
                )
                .into(),
            (TaxCodeError::Branch, lang) => lang
                .pick("Chi nhánh được đánh số từ 001, không có 000.", "Branches are numbered from 001, there is no 000.")
                .into(),
        }
    }
}

const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

fn check_digit(first_nine: &[u8]) -> u32 {
    let sum: u32 = first_nine.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    10 - sum % 11
}

impl FromStr for TaxCode {
    type Err = TaxCodeError;

    /// `0100233488`, `0314409058-002`, also the thirteen digits without the dash.
    fn from_str(text: &str) -> Result<TaxCode, TaxCodeError> {
        let text = text.trim();
        let bytes = text.as_bytes();
        let all_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let (number, branch) = match bytes.len() {
            10 => (bytes, None),
            13 => (&bytes[..10], Some(&bytes[10..])),
            14 if bytes[10] == b'-' => (&bytes[..10], Some(&bytes[11..])),
            _ if all_digits(bytes) => return Err(TaxCodeError::Length(bytes.len())),
            _ => return Err(TaxCodeError::Form),
        };
        if !all_digits(number) || !branch.is_none_or(all_digits) {
            return Err(TaxCodeError::Form);
        }
        if check_digit(&number[..9]) != u32::from(number[9] - b'0') {
            return Err(TaxCodeError::Check);
        }
        let branch = branch.map(|b| b.iter().fold(0, |n, d| n * 10 + u16::from(d - b'0')));
        if branch == Some(0) {
            return Err(TaxCodeError::Branch);
        }
        let number = number.try_into().map_err(|_| TaxCodeError::Form)?;
        Ok(TaxCode { number, branch: branch.unwrap_or(0) })
    }
}

impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.number).unwrap_or_default())?;
        if self.branch == 0 { Ok(()) } else { write!(f, "-{:03}", self.branch) }
    }
}

crate::as_text!(TaxCode);
