//! What programs see.

use std::sync::Arc;

use base::due::{Amount, TermUnit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::package::{Channel, Level, Package};
use crate::search::{Understood, Why};
use crate::{Line, Listing, Origin, ReceivedAt};

/// A procedure in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedureLine {
    /// National code.
    pub code: String,
    /// The version in force.
    pub version: Uuid,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub title: String,
    /// Field.
    pub field: String,
    /// `commune`, `province`, `ministry`.
    pub levels: Vec<String>,
    /// Competent agency, as printed.
    pub agency: String,
    /// The decision that published it.
    pub decision: String,
    /// `written` by people, or `imported`.
    #[schema(value_type = String)]
    pub origin: Origin,
    /// Term rows that keep it from being received until a person settles them.
    pub open_terms: i64,
    /// Where it can be filed in this province: `all`, `province`, `commune`; absent: not here.
    #[schema(value_type = Option<String>)]
    pub received_at: Option<ReceivedAt>,
    /// In a search: why it is here, the strongest reason first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub why: Vec<Why>,
}

impl ProcedureLine {
    /// A line of the list, with the reasons of a search.
    pub fn of(line: Line, why: Vec<Why>) -> ProcedureLine {
        ProcedureLine {
            code: line.code,
            version: line.version.0,
            name: line.name,
            title: line.title,
            field: line.field,
            levels: line.levels.split(',').filter(|l| !l.is_empty()).map(str::to_owned).collect(),
            agency: line.agency,
            decision: line.decision,
            origin: line.origin,
            open_terms: line.open_terms,
            received_at: line.received_at,
            why,
        }
    }
}

/// One page of procedures.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedurePage {
    /// How many there are in all.
    pub total: u64,
    /// Page, from 1.
    pub page: u64,
    /// Procedures on one page.
    pub per_page: u64,
    /// In a search: how the question was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub understood: Option<Understood>,
    /// Best first in a search, else in dictionary order.
    pub procedures: Vec<ProcedureLine>,
}

/// One version of a procedure.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// Id of the version, for ever.
    pub version: Uuid,
    /// `written` by people, or `imported`.
    #[schema(value_type = String)]
    pub origin: Origin,
    /// When it was published.
    #[schema(value_type = String)]
    pub published_at: base::Moment,
    /// Is it in force now?
    pub in_force: bool,
    /// The list's row, when the procedure can be filed here today.
    pub listing: Option<ListingView>,
    /// Can it be received here now? Not while a term is open.
    pub receivable: bool,
    /// Everything it says: the procedure package.
    #[schema(value_type = Object)]
    #[serde(serialize_with = "whole")]
    pub package: Arc<Package>,
}

fn whole<S: serde::Serializer>(package: &Arc<Package>, to: S) -> Result<S::Ok, S::Error> {
    package.as_ref().serialize(to)
}

/// A row of the Chairman's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingView {
    /// National code.
    pub code: String,
    /// `all`, `province`, `commune`.
    pub received_at: String,
    /// The name the list gives it.
    pub name: String,
    /// By which decision.
    pub decision: String,
    /// First day, ISO; absent: since always.
    pub from_day: Option<String>,
    /// Day after the last one.
    pub to_day: Option<String>,
}

impl From<Listing> for ListingView {
    fn from(l: Listing) -> ListingView {
        let day = |at: base::Moment| at.date().to_string();
        ListingView {
            code: l.code.base().to_owned(),
            received_at: l.received_at.to_string(),
            from_day: l.begins().map(day),
            to_day: l.valid_to.map(day),
            name: l.name,
            decision: l.decision,
        }
    }
}

/// A field with its procedures counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldCount {
    /// Name.
    pub field: String,
    /// Procedures in force.
    pub procedures: i64,
}

/// A row that a person has to settle.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenTerm {
    /// Its id; `all` for a procedure whose record has no row.
    pub term: String,
    /// Channels it is for.
    #[schema(value_type = Vec<String>)]
    pub channels: Vec<Channel>,
    /// Case it is for.
    pub case: Option<String>,
    /// What the record prints as its amount.
    #[schema(value_type = Option<f64>)]
    pub value: Option<Amount>,
    /// What the record prints beside it.
    pub note: String,
}

/// What an open row may mean; never applied unseen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalView {
    /// Amount.
    #[schema(value_type = f64)]
    pub value: Amount,
    /// Unit.
    #[schema(value_type = String)]
    pub unit: TermUnit,
    /// Done within the day (OS-14).
    pub same_day: bool,
    /// The sentence it was read from.
    pub quote: String,
}

/// Open rows and what the text proposes.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenTerms {
    /// The rows.
    pub terms: Vec<OpenTerm>,
    /// Allowances that the text of the record names, the most telling first.
    pub proposals: Vec<ProposalView>,
}

/// What a person settles.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleOrder {
    /// Amount, in whole units or halves: 3, 0.5.
    #[schema(value_type = f64)]
    pub value: Amount,
    /// `working_day`, `working_hour`, `calendar_day`, `month`.
    #[schema(value_type = String)]
    pub unit: TermUnit,
    /// Done within the day of acceptance (OS-14); only with 1 working day.
    #[serde(default)]
    pub same_day: bool,
    /// The text it follows from.
    pub basis: String,
}

/// The version that came of an act.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewVersion {
    /// Its id.
    pub version: Uuid,
}

/// A row to be put on the Chairman's list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOrder {
    /// `all`, `province`, `commune`.
    #[schema(value_type = String)]
    pub received_at: ReceivedAt,
    /// By which decision.
    pub decision: String,
    /// First day, ISO; absent: at once. A day that has passed is at once too, where the procedure has been received since.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<jiff::civil::Date>,
    /// Day after the last one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub to: Option<jiff::civil::Date>,
}

/// Words of filters.
pub fn level(word: &str) -> Option<Level> {
    match word {
        "commune" => Some(Level::Commune),
        "province" => Some(Level::Province),
        "ministry" => Some(Level::Ministry),
        _ => None,
    }
}
