//! Codes of filings: random, easy to read over a telephone, hard to mistype unnoticed.

use std::fmt;
use std::str::FromStr;

use crate::{Lang, Seed};

/// Code of a filing, before it has a dossier code: `N-7Q4K-20XX`.
///
/// Seven random characters (35 bits) and a check character. The alphabet leaves out I, L, O and U; what is typed as I, L or O is read as
/// 1, 1 and 0. The characters are elements of GF(2⁵) and Σ αⁱ·cᵢ = 0 with a primitive α: one wrong character adds αⁱ·e ≠ 0, two
/// neighbours exchanged add (αⁱ + αⁱ⁺¹)(a + b) ≠ 0, so both are always noticed.
///
/// The code finds a filing; it is not a secret that opens personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilingCode([u8; LENGTH]);

/// A text that is no filing code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilingCodeError {
    /// Does not begin with N, or has not eight characters after it.
    #[error("a filing code has N and eight characters, like N-7Q4K-20XX")]
    Form,
    /// The check character does not fit: something was mistyped.
    #[error("one character of the filing code is wrong, or two stand in the wrong order")]
    Check,
}

impl FilingCodeError {
    /// What is wrong and how to put it right.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            FilingCodeError::Form => lang.pick(
                "Mã nộp có chữ N và 8 ký tự, ví dụ N-7Q4K-20XX.",
                "A filing code has N and 8 characters, like N-7Q4K-20XX.",
            ),
            FilingCodeError::Check => lang.pick(
                "Mã nộp có một ký tự gõ sai, hoặc hai ký tự đổi chỗ. So lại với giấy báo đã nộp.",
                "One character of the filing code is wrong, or two are exchanged. Compare it with your receipt.",
            ),
        }
    }
}

const LENGTH: usize = 8;
/// Crockford's base 32 (crockford.com/base32.html).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl FilingCode {
    /// The code that belongs to this seed. `attempt` counts up when the code turns out to be taken.
    pub fn from_seed(seed: &Seed, attempt: u64) -> FilingCode {
        let chance = seed.bytes("filing code", attempt);
        let mut code = [0; LENGTH];
        for (c, byte) in code.iter_mut().zip(chance).take(LENGTH - 1) {
            *c = byte & 31;
        }
        // The check character has weight 1 and is 0 so far: in this field what is missing to zero is the sum itself.
        code[LENGTH - 1] = sum(&code);
        FilingCode(code)
    }
}

/// Σ αⁱ·cᵢ by Horner's rule, with α = x in GF(2)[x]/(x⁵ + x² + 1).
fn sum(code: &[u8]) -> u8 {
    code.iter().fold(0, |sum, c| {
        let shifted = sum << 1;
        (if shifted & 32 != 0 { shifted ^ 0b10_0101 } else { shifted }) ^ c
    })
}

fn value(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        'O' => b'0',
        'I' | 'L' => b'1',
        c => u8::try_from(c).ok()?,
    };
    ALPHABET.iter().position(|&a| a == c).and_then(|i| u8::try_from(i).ok())
}

impl FromStr for FilingCode {
    type Err = FilingCodeError;

    /// Lower case, spaces, dots and dashes anywhere, O for 0 and I or L for 1 are forgiven.
    fn from_str(text: &str) -> Result<FilingCode, FilingCodeError> {
        let mut typed = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '_'));
        if !typed.next().is_some_and(|c| c.eq_ignore_ascii_case(&'N')) {
            return Err(FilingCodeError::Form);
        }
        let values: Vec<u8> = typed.map(value).collect::<Option<_>>().ok_or(FilingCodeError::Form)?;
        let code: [u8; LENGTH] = values.try_into().map_err(|_| FilingCodeError::Form)?;
        if sum(&code) == 0 { Ok(FilingCode(code)) } else { Err(FilingCodeError::Check) }
    }
}

impl fmt::Display for FilingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("N")?;
        for (i, &c) in self.0.iter().enumerate() {
            if i % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[usize::from(c & 31)]))?;
        }
        Ok(())
    }
}

crate::as_text!(FilingCode);
