//! A SHA-256, written in hexadecimal wherever it is kept or shown.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sum(pub [u8; 32]);

impl Sum {
    /// Nothing yet: what the first bill names as the one before.
    pub const ZERO: Sum = Sum([0; 32]);

    /// Of these bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Sum {
        Sum(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sum {
    type Err = NoSum;
    fn from_str(text: &str) -> Result<Sum, NoSum> {
        let mut sum = [0; 32];
        // one way of writing only: what is read is written the same again
        let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        if lower && hex::decode_to_slice(text, &mut sum).is_ok() { Ok(Sum(sum)) } else { Err(NoSum) }
    }
}

/// A text that is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct NoSum;

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Sum, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

store::text_value!(Sum);
