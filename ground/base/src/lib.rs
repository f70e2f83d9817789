//! The country as value types and pure rules. Everything here is a value or a function of values: no file, no database, no clock of
//! its own. Rule ids (OS- one-stop, DM- documents, CA- calendar, SE- security) stand beside the code and in the tests that prove them.
//!
//! | module | what it knows |
//! |---|---|
//! | [`moment`] [`clock`] [`seed`] | time at UTC+7, and the only two doors to the outside: the clock and chance |
//! | [`codes`] | codes of agencies, procedures, dossiers and filings |
//! | [`ids`] | citizen id and tax code, with their check rules |
//! | [`money`] | đồng, checked |
//! | [`text`] [`person`] | Vietnamese text, names as typed, partial dates |
//! | [`calendar`] [`due`] | working days and hours, terms and due times |
//! | [`lunar`] | the Vietnamese lunar calendar, and next year's proposed holidays |
//! | [`card`] | the QR string of identity cards, also when a keyboard garbled it |
//! | [`wording`] | dates, terms, sizes and numbers as people read them |
//! | [`ask`] | the same rules for the command line: one question a line in, one JSON object out |
//!
//! Adding a value type: a newtype with a private field, `FromStr` with a typed error, `Display`, serde through [`as_text`](macro@as_text),
//! and a property test in `tests/` that names its rule.

pub mod ask;
pub mod calendar;
pub mod card;
pub mod clock;
pub mod codes;
pub mod due;
pub mod ids;
pub mod lunar;
pub mod moment;
pub mod money;
pub mod person;
pub mod seed;
pub mod text;
pub mod wording;

pub use clock::Clock;
pub use codes::{AgencyCode, DossierCode, FilingCode, ProcedureCode};
pub use ids::{CitizenId, TaxCode};
pub use moment::Moment;
pub use money::Money;
pub use seed::Seed;
pub use wording::Lang;

/// serde as the text of `Display` and `FromStr`, so that a value is checked wherever it is read.
#[macro_export]
macro_rules! as_text {
    ($($t:ty),+) => {$(
        impl serde::Serialize for $t {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $t {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
