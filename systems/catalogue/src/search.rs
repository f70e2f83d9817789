//! Finding the right procedure from what a person types.
//! (not on screen)
//!
//! One index in memory, the same on both databases: the catalogue has some thousands of versions, and neither engine folds đ. A question goes through
//! [`query`]: spelling (NFC, tone placement, Telex, chat, regional), short forms, the words of the question itself, and words of life that the law
//! calls otherwise. [`rank`] then weighs names, short names, what people call it, field, results and papers, and says for each hit why it is there.
//!
//! | file | holds |
//! |---|---|
//! | `token.rs` | a syllable with and without its marks; keys that are equal for `hoà` and `hòa` |
//! | `words.rs` | `data/words`: short forms, chat, question words, concepts |
//! | `query.rs` | question → readings |
//! | `index.rs` | entries → postings |
//! | `rank.rs` | readings × postings → hits with their reasons |

mod index;
mod query;
mod rank;
mod token;
mod words;

use serde::{Deserialize, Serialize};

use crate::package::{Channel, Level, Package, PaperKind};

pub use index::Index;
pub use words::{Words, WordsError};

/// What the index knows of one procedure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// National code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub short_name: String,
    /// What people call it.
    pub synonyms: Vec<String>,
    /// Field.
    pub field: String,
    /// One or two sentences.
    pub summary: String,
    /// Names of papers asked.
    pub papers: Vec<String>,
    /// Names of results.
    pub results: Vec<String>,
    /// Who may file.
    pub audience: Vec<String>,
    /// Levels.
    pub levels: Vec<Level>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// The province published it itself.
    pub local: bool,
    /// It can be filed here.
    pub listed: bool,
    /// It can be filed here on the network: on the list, with an online term that is settled.
    pub here: bool,
}

impl Entry {
    /// The entry of a package; `listed`: it is on the Chairman's list today.
    pub fn of(package: &Package, listed: bool) -> Entry {
        Entry {
            code: package.code.to_string(),
            name: package.name.clone(),
            short_name: package.short_name.clone(),
            synonyms: package.synonyms.clone(),
            field: package.field.clone(),
            summary: package.summary.clone(),
            papers: package.papers.iter().filter(|p| p.kind != PaperKind::Note).map(|p| p.name.clone()).collect(),
            results: package.results.iter().map(|r| r.name.clone()).collect(),
            audience: package.audience.clone(),
            levels: package.levels.clone(),
            channels: package.channels(),
            local: !package.local_code.is_empty() || package.decision.agency.contains("UBND tỉnh"),
            listed,
            here: listed && package.elsewhere.is_none() && takes_online(package),
        }
    }
}

/// Is there a term, settled, for somebody who files on the network?
fn takes_online(package: &Package) -> bool {
    let online = |row: &crate::package::TermRow| crate::package::channels_of(&row.channels).contains(&Channel::Online);
    package.terms.iter().any(|row| online(row) && row.settled().is_some())
}

/// What the person narrowed the search to. Empty: everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Decided at this level.
    pub level: Option<Level>,
    /// Can be filed this way.
    pub channel: Option<Channel>,
    /// With (`true`) or without a foreign element.
    pub foreign: Option<bool>,
    /// Of exactly this field.
    pub field: Option<String>,
    /// Only what can be filed on the network here, today.
    pub here: bool,
    /// Take the words exactly as typed: no short forms, no question words left out, no other words tried.
    pub literal: bool,
}

/// One hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// National code.
    pub code: String,
    /// Name.
    pub name: String,
    /// How well it fits; only the order means anything.
    pub score: f32,
    /// Why it is here, the strongest reason first.
    pub why: Vec<Why>,
    /// Byte ranges of the name to mark.
    #[serde(skip)]
    pub marks: Vec<(usize, usize)>,
}

/// A reason, for the person who wonders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Why {
    /// The code was typed.
    Code,
    /// The name holds these words in this order.
    Phrase {
        /// The words, as the name writes them.
        words: String,
    },
    /// The name holds these words.
    Words {
        /// The words, as the name writes them.
        words: String,
    },
    /// People call it so.
    Called {
        /// What they say.
        words: String,
    },
    /// The question's word means this in law.
    Means {
        /// What was typed.
        said: String,
        /// What it means.
        means: String,
    },
    /// The result has this name.
    Result {
        /// Name of the result.
        name: String,
    },
    /// A required paper has these words.
    Paper {
        /// Name of the paper.
        name: String,
    },
    /// The field has this name.
    Field {
        /// Name of the field.
        name: String,
    },
}

/// How a question was read, to be shown beside the hits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// The question in standard spelling.
    pub text: String,
    /// Typed without marks.
    pub without_marks: bool,
    /// Words that were read otherwise than typed: (typed, read as).
    pub corrected: Vec<(String, String)>,
    /// Words of life and what they were taken for: (said, means).
    pub meant: Vec<(String, String)>,
}

/// How many procedures a filter would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// Per level: commune, province, ministry.
    pub levels: [usize; 3],
    /// Per channel: online, direct, post.
    pub channels: [usize; 3],
    /// With and without a foreign element.
    pub foreign: [usize; 2],
    /// Per field, the most hits first.
    pub fields: Vec<(String, usize)>,
    /// That can be filed on the network here.
    pub here: usize,
}

/// The answer to a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Best first.
    pub hits: Vec<Hit>,
    /// How the question was read.
    pub understood: Understood,
    /// What filters would leave.
    pub facets: Facets,
}

/// Searches the index. Everything that fits at all comes back, best first; callers page.
pub fn search(index: &Index, question: &str, narrow: &Narrow) -> Found {
    rank::search(index, question, narrow)
}

#[cfg(test)]
mod tests;
