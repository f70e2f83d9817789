//! The procedure package: everything a province decides about one procedure, as a folder of text files that a person can read and compare.
//!
//! ```text
//! 1.001193/
//! ├─ procedure.toml    identity, decision, terms, fees, papers, steps, results, legal basis  → [`Package`]
//! ├─ form.json         pages of the e-form (absent: filed with the general form)             → [`EForm`]
//! └─ en.toml           the English of its sentences, as far as there is one                  → [`Package::english`]
//! ```
//!
//! Imported records become packages too; what they leave open (a term without a unit) stays open here and blocks acceptance
//! until a named person settles it.

mod check;
mod folder;
mod rows;
mod told;

pub use check::{Fault, Problem, check};
pub use folder::{PackageError, parse, read, write};
pub use rows::{CHANNELS, Terms, channels_of};
pub use told::told;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One version of one procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// National code, `d.dddddd` (OS-43).
    pub code: base::ProcedureCode,
    /// The province's own spelling of the code (`1.001776.000.00.00.H12`); empty when it uses the national one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub local_code: String,
    /// Full official name.
    pub name: String,
    /// At most 40 characters, for lists; papers and the procedure page use the full name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short_name: String,
    /// Field ("Hộ tịch").
    pub field: String,
    /// What citizens call it, in their own words; found by search beside the name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// One or two sentences for the procedure page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Levels of government at which it is decided.
    pub levels: Vec<Level>,
    /// Who may file, as printed ("Công dân Việt Nam").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// Kind of online service.
    #[serde(default)]
    pub service: ServiceKind,
    /// The competent agency as printed in the record.
    pub competent_agency: String,
    /// Where it is decided here; the unit found from it handles the dossier, wherever it was received (OS-05).
    #[serde(default)]
    pub competence: Competence,
    /// Set when the procedure lives in another system (police matters): it has a page, nothing can be filed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
    /// The decision that published this version.
    #[serde(default)]
    pub decision: Decision,
    /// Same-day procedure: accepted after the cut-off hour it is due the next working day (OS-14). A row may say otherwise of itself.
    #[serde(default)]
    pub same_day: bool,
    /// When form 01 is printed at the desk.
    #[serde(default)]
    pub print_receipt: PrintReceipt,
    /// Cases between which the law lets a person choose ("Có yếu tố nước ngoài").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// Term rows; each belongs to channels and a case. The receipt names the row used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermRow>,
    /// Fee rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<FeeRow>,
    /// Required papers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PaperRow>,
    /// Internal steps after acceptance, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// How the record describes the way to do it, for the public page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guidance: Vec<String>,
    /// Requirements and conditions, as printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub conditions: String,
    /// What the applicant receives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultRow>,
    /// Legal basis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal: Vec<LegalRow>,
    /// Life events on the front page ("co-con").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub life_events: Vec<String>,
    /// Where the facts come from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The e-form, from `form.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<EForm>,
    /// English of the package's own sentences, by the Vietnamese one, from `en.toml`. See [`Package::told_in`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub english: BTreeMap<String, String>,
}

/// Level of government.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Commune, ward, special zone.
    Commune,
    /// Provincial People's Committee and its departments.
    Province,
    /// Ministry or vertical agency.
    Ministry,
}

/// Kind of online public service (EL, section 2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Toàn trình: everything on the network.
    Full,
    /// Một phần: at least one step in person.
    Partial,
    /// Only information is given online.
    #[default]
    Information,
}

/// Where a dossier is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Competence {
    /// The commune named in the filing (residence, place of the land …); the field's own word for it.
    Commune {
        /// Id of the form field that names the commune; absent: the commune chosen at filing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by_field: Option<String>,
    },
    /// A provincial department, by its local key ("so-tu-phap").
    Department {
        /// Key of the department in `data/units`.
        key: String,
    },
    /// Any centre that receives it (certified copies).
    Anywhere,
    /// Not known: waits in the queue "cannot determine competence" (OS-05).
    #[default]
    Unknown,
}

/// A procedure handled in another register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// Name of the system ("Cổng dịch vụ công Bộ Công an").
    pub system: String,
    /// What to tell the citizen: where to go, in one or two sentences.
    pub advice: String,
    /// Public address, shown as text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
}

/// The decision behind a version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decision {
    /// Number ("2628/QĐ-BTC"); empty when the record names none.
    pub number: String,
    /// Publishing agency.
    pub agency: String,
    /// Number of the ministry's own decision when `number` is the province's ("163/QĐ-BTP").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub central: String,
    /// First day in force, ISO date; absent: from import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<jiff::civil::Date>,
    /// Day after the last day in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<jiff::civil::Date>,
}

/// When form 01 is printed on paper at the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintReceipt {
    /// Always.
    #[default]
    Always,
    /// Only when accepted after the cut-off hour of OS-14.
    AfterCutOff,
    /// Never (electronic only).
    Never,
}

/// One case of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Short id used by terms, fees and papers.
    pub id: String,
    /// Name a citizen understands.
    pub name: String,
    /// When it applies.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
}

/// How a filing arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At a desk (trực tiếp).
    Direct,
    /// By the submitter's own sign-in (trực tuyến).
    Online,
    /// By the public postal service (bưu chính).
    Post,
}

/// One row of terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermRow {
    /// Short id, kept with the dossier and named on the receipt.
    pub id: String,
    /// Channels it is for; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Case it is for; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Amount, 3 or 0.5; absent when the record has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<base::due::Amount>,
    /// Unit; absent when the record shows none. Both are needed before anything is accepted on this row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<base::due::TermUnit>,
    /// Whether its one working day means within the day, where that was said of this row: by the person who settled it. Absent: as the package
    /// says of all its rows (OS-14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_day: Option<bool>,
    /// Condition under which a person chooses this row, when more than one fits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// What the record prints beside the row; where an open row's allowance is usually hidden.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Legal basis, or the person and paper that settled it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// One row of fees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeRow {
    /// Short id.
    pub id: String,
    /// Name ("Lệ phí").
    pub name: String,
    /// Channels it is for; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Case it is for; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Amount in đồng; absent: set by a rule not held here (`condition` says which).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// What the amount is for ("một bản"); empty: the dossier.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub per: String,
    /// Condition or who is exempt, as printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// Legal basis.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Marked when the source's figure is doubtful: shown to officers, never charged unseen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
}

/// What is asked of the applicant for one paper row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Must be handed in or uploaded.
    Submit,
    /// Is shown and given back.
    Present,
    /// Only in the case its text names.
    IfApplicable,
    /// Not a paper at all: a remark of the record. Never an upload slot.
    Note,
}

/// One row of required papers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperRow {
    /// Short id, stable between versions when the paper is the same.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// What is asked.
    pub kind: PaperKind,
    /// Channels it is for; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Case it is for; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Originals asked.
    #[serde(default)]
    pub originals: u32,
    /// Copies asked.
    #[serde(default)]
    pub copies: u32,
    /// Name of the official form, when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form_file: String,
    /// When it is needed, or how to get it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Ground named on form 02 when it is missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// The e-form itself stands for this paper (tờ khai).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_form: bool,
}

/// One internal step (TC-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Short id.
    pub id: String,
    /// What is done ("Thẩm định hồ sơ").
    pub name: String,
    /// What kind of act closes it.
    pub act: StepAct,
    /// Role that does it: the desk officer at the receiving desk, every other in the competent unit.
    pub role: StepRole,
    /// Done at the receiving desk rather than in the competent unit; so it is for the desk officer's steps, and for no others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_desk: bool,
    /// Allotted working minutes; 0 when the record gives none.
    #[serde(default)]
    pub minutes: u32,
}

/// Acts a step may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepAct {
    /// Examine and draft the result.
    Process,
    /// Decide: approve or reject.
    Approve,
    /// Number, seal and issue the result.
    Issue,
    /// Hand over to the applicant.
    Return,
}

/// Roles of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// Cán bộ một cửa.
    DeskOfficer,
    /// Công chức chuyên môn.
    CaseOfficer,
    /// Lãnh đạo.
    Leader,
    /// Văn thư.
    Clerk,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultRow {
    /// National result code; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Name ("Giấy khai sinh").
    pub name: String,
}

/// One legal instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalRow {
    /// Number ("60/2014/QH13").
    pub number: String,
    /// Title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
}

/// The e-form: pages of fields, asked one page at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EForm {
    /// Title of the printed form ("Tờ khai đăng ký khai sinh").
    pub title: String,
    /// Template number, as printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// Pages in order, one subject each.
    pub pages: Vec<FormPage>,
}

/// One page of an e-form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormPage {
    /// Short id used in addresses.
    pub id: String,
    /// Heading ("Trẻ được khai sinh").
    pub title: String,
    /// Short name for the stepper; empty: the heading.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short: String,
    /// Fields in order.
    pub fields: Vec<Field>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Id, unique in the form ("con.ho_ten").
    pub id: String,
    /// Label, always visible.
    pub label: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Must be answered (when shown).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Help under the label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// Choices of `one_of` and `many_of`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Longest answer in characters; absent: the kind's own limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// Shown only when another field has one of these values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<ShowIf>,
    /// A date that cannot lie ahead: of birth, of death, of issue.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
    /// Taken from the applicant's own data when known ("applicant.name").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Prefill>,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stored value.
    pub value: String,
    /// Words shown.
    pub label: String,
}

/// Condition for showing a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowIf {
    /// Field looked at.
    pub field: String,
    /// Values that show this one.
    pub is: Vec<String>,
}

/// Sources of prefilled answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefill {
    /// Full name of the submitter.
    Name,
    /// Birth date of the submitter.
    BirthDate,
    /// Citizen id of the submitter.
    CitizenId,
    /// Sex of the submitter.
    Sex,
    /// Address of the submitter.
    Address,
    /// Telephone of the submitter.
    Phone,
    /// E-mail of the submitter.
    Email,
}

/// Kinds of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// Whole or decimal number.
    Number,
    /// Amount in đồng.
    Money,
    /// Full date, three boxes.
    Date,
    /// Day and month may be missing.
    PartialDate,
    /// Year.
    Year,
    /// Clock time.
    Time,
    /// Telephone.
    Phone,
    /// E-mail.
    Email,
    /// Twelve-digit personal number.
    CitizenId,
    /// Tax code.
    TaxCode,
    /// Identity paper: kind, number, issued when and where, in one line.
    IdentityDocument,
    /// Name of a person, as typed.
    PersonName,
    /// Address, free text with today's commune recognised later.
    Address,
    /// Commune of this province, picked from the list.
    Commune,
    /// Agency the form is addressed to.
    Agency,
    /// Ethnic group.
    Ethnicity,
    /// Nationality.
    Nationality,
    /// Yes or no.
    YesNo,
    /// One of the options.
    OneOf,
    /// Any of the options.
    ManyOf,
    /// A promise the submitter ticks.
    Consent,
}
