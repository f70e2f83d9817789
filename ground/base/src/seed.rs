//! Chance, taken once and then derived: a unit of work that runs again makes the same ids.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Moment;

/// 32 bytes of chance from which ids, salts and filing codes are derived by label and number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl Seed {
    /// A new seed from the machine's randomness: the only door to it in the house.
    pub fn fresh() -> Seed {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes);
        Seed(bytes)
    }

    /// 32 bytes that belong to this label and number.
    pub fn bytes(&self, label: &str, n: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(n.to_be_bytes());
        hash.update(label.as_bytes());
        hash.finalize().into()
    }

    /// A seed for a part of the work, independent of its siblings.
    pub fn part(&self, label: &str, n: u64) -> Seed {
        Seed(self.bytes(label, n))
    }

    /// An id that belongs to this label and number (RFC 9562 version 8).
    pub fn uuid(&self, label: &str, n: u64) -> Uuid {
        let mut id = [0; 16];
        id.copy_from_slice(&self.bytes(label, n)[..16]);
        uuid::Builder::from_custom_bytes(id).into_uuid()
    }

    /// The same, with the millisecond in front (version 7), so that rows made together lie together in an index.
    pub fn uuid_at(&self, now: Moment, label: &str, n: u64) -> Uuid {
        let mut chance = [0; 10];
        chance.copy_from_slice(&self.bytes(label, n)[..10]);
        let millis = u64::try_from(now.micros().div_euclid(1000)).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
    }
}

/// Says nothing: who knows the seed knows every id and salt of the unit.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}
