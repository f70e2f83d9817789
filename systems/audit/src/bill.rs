//! The daily bill: one line of text that vouches for everything that was written and looked at since the bill before. Pure.
//!
//! The text is canonical JSON (RFC 8785: names in order, no spaces), so that its SHA-256 can be computed by anybody. It names the Merkle root
//! of the events and of the looks, and the SHA-256 of the two lists of leaves, so that `sha256sum` alone judges a list.
use std::{collections::BTreeMap, fmt, str::FromStr};

use base::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Sum, merkle::Tree};

/// The form of the text.
pub const FORMAT: &str = "motcua-bill-1";

/// A bill. Fields stand in the order of their names, which makes the text canonical.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// When it was written.
    pub at: Moment,
    /// Its number, from 1.
    pub bill: i64,
    /// What was written.
    pub events: Events,
    /// [`FORMAT`].
    pub format: String,
    /// SHA-256 of the text of the bill before.
    pub previous: Sum,
    /// What was looked at.
    pub reads: Reads,
}

/// The events a bill covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// Of these, blanked by a lawful destruction before the bill was written.
    pub blanked: u64,
    /// How many of each kind, by system.
    pub counts: BTreeMap<String, BTreeMap<String, u64>>,
    /// The last place of the bill before.
    pub from: i64,
    /// SHA-256 of the list of leaves.
    pub leaves: Sum,
    /// Link of the log at the last place.
    pub link: Sum,
    /// Merkle root over the leaves.
    pub root: Sum,
    /// The last place covered.
    pub to: i64,
}

/// The looks at personal data that a bill covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// How many for each act.
    pub counts: BTreeMap<String, u64>,
    /// SHA-256 of the list of leaves.
    pub leaves: Sum,
    /// Merkle root over the leaves.
    pub root: Sum,
    /// How many.
    pub total: u64,
}

impl Bill {
    /// Its text.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a text; `None` when it is no bill, or is written in another way than ours.
    pub fn read(text: &str) -> Option<Bill> {
        let bill: Bill = serde_json::from_str(text).ok()?;
        (bill.format == FORMAT && bill.text().is_ok_and(|again| again == text)).then_some(bill)
    }
}

/// The leaf of an event: its place, its id, its hash. Written as one line; the line is what the Merkle tree stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventLeaf {
    /// The place.
    pub place: i64,
    /// The event.
    pub event: Uuid,
    /// Its hash; zeros when its row was gone already.
    pub hash: Sum,
}

/// The leaf of a look: its number in the bill, its id, its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLeaf {
    /// The number, from 0.
    pub leaf: i64,
    /// The look.
    pub read: Uuid,
    /// Its seal.
    pub seal: Sum,
}

impl fmt::Display for EventLeaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.place, self.event, self.hash)
    }
}

impl fmt::Display for ReadLeaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.leaf, self.read, self.seal)
    }
}

/// A line that is no leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLeaf;

fn parts(line: &str) -> Result<(i64, Uuid, Sum), NoLeaf> {
    let mut parts = line.split(' ');
    let (Some(number), Some(id), Some(sum), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(NoLeaf);
    };
    Ok((number.parse().map_err(|_| NoLeaf)?, id.parse().map_err(|_| NoLeaf)?, sum.parse().map_err(|_| NoLeaf)?))
}

impl FromStr for EventLeaf {
    type Err = NoLeaf;
    fn from_str(line: &str) -> Result<Self, NoLeaf> {
        parts(line).map(|(place, event, hash)| EventLeaf { place, event, hash })
    }
}

impl FromStr for ReadLeaf {
    type Err = NoLeaf;
    fn from_str(line: &str) -> Result<Self, NoLeaf> {
        parts(line).map(|(leaf, read, seal)| ReadLeaf { leaf, read, seal })
    }
}

/// A list of leaves while it is made: its text and its tree.
#[derive(Clone, Debug, Default)]
pub struct Leaves {
    text: String,
    tree: Tree,
}

impl Leaves {
    /// Adds a leaf.
    pub fn push(&mut self, leaf: &impl fmt::Display) {
        let from = self.text.len();
        self.text.push_str(&leaf.to_string());
        self.tree.push(&self.text.as_bytes()[from..]);
        self.text.push('\n');
    }

    /// How many.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Merkle root.
    pub fn root(&self) -> Sum {
        self.tree.root()
    }

    /// SHA-256 of the list.
    pub fn sum(&self) -> Sum {
        Sum::of(&self.text)
    }

    /// The list.
    pub fn text(&self) -> &str {
        &self.text
    }
}
