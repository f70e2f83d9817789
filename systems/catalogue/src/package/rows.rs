//! Which rows of a package hold for one filing: its channel and its case. Pure; the one-stop system asks nothing else of a version.
//! (not on screen)

use std::borrow::Cow;

use base::due::{Amount, Term, TermUnit};

use super::{Channel, Package, PaperKind, PaperRow, Step, StepAct, StepRole, TermRow};

/// What the package says about the allowance of one filing.
#[derive(Clone, Debug, PartialEq)]
pub enum Terms<'a> {
    /// No row is for this channel and case: nothing can be promised.
    None,
    /// Exactly one row, with value and unit.
    One(&'a TermRow),
    /// Several rows fit and the law leaves the choice to a person, who reads their conditions. Rows still open cannot be chosen.
    Choice(Vec<&'a TermRow>),
    /// Every row that fits lacks its value or its unit: blocks acceptance until a named person settles one.
    Open(Vec<&'a TermRow>),
}

impl TermRow {
    /// Value and unit, when both are known and the calendar can count them.
    pub fn settled(&self) -> Option<(Amount, TermUnit)> {
        let (value, unit) = (self.value?, self.unit?);
        Term::of(value, unit).is_ok().then_some((value, unit))
    }
}

/// All channels, in the order in which pages name them.
pub const CHANNELS: [Channel; 3] = [Channel::Online, Channel::Direct, Channel::Post];

/// The channels a row is for: its own list, or all.
pub fn channels_of(row: &[Channel]) -> &[Channel] {
    if row.is_empty() { &CHANNELS } else { row }
}

fn fits(channels: &[Channel], case: Option<&str>, channel: Channel, wanted: Option<&str>) -> bool {
    let same_case = match (case, wanted) {
        (None, _) => true,
        (Some(row), Some(wanted)) => row == wanted,
        (Some(_), None) => false,
    };
    same_case && channels_of(channels).contains(&channel)
}

impl Package {
    /// Name for lists: the short one, else the full one without the word that every record begins with.
    pub fn title(&self) -> String {
        if !self.short_name.is_empty() {
            return self.short_name.clone();
        }
        // some records begin with a stray sign
        let name = self.name.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end();
        let rest = ["Thủ tục ", "THỦ TỤC ", "thủ tục "].iter().find_map(|lead| name.strip_prefix(lead)).unwrap_or(name);
        let mut letters = rest.trim_start().chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// Do its rows differ by channel or by case, so that a person is better told what holds for theirs?
    pub fn differs(&self) -> bool {
        let some = |channels: &[Channel], case: &Option<String>| {
            case.is_some() || !channels.is_empty() && channels.len() < CHANNELS.len()
        };
        !self.cases.is_empty()
            || self.channels().len() > 1
                && (self.terms.iter().any(|t| some(&t.channels, &t.case))
                    || self.fees.iter().any(|f| some(&f.channels, &f.case))
                    || self.papers.iter().any(|p| some(&p.channels, &p.case)))
    }

    /// Channels that have a term row; a record without terms is taken to know the desk only.
    pub fn channels(&self) -> Vec<Channel> {
        let mut found: Vec<Channel> =
            CHANNELS.into_iter().filter(|c| self.terms.iter().any(|t| channels_of(&t.channels).contains(c))).collect();
        if found.is_empty() {
            found.push(Channel::Direct);
        }
        found
    }

    /// The allowance for one filing.
    pub fn terms_for(&self, channel: Channel, case: Option<&str>) -> Terms<'_> {
        let rows: Vec<&TermRow> = self.terms.iter().filter(|t| fits(&t.channels, t.case.as_deref(), channel, case)).collect();
        match rows.as_slice() {
            [] => Terms::None,
            rows if rows.iter().all(|t| t.settled().is_none()) => Terms::Open(rows.to_vec()),
            [one] => Terms::One(one),
            _ => Terms::Choice(rows),
        }
    }

    /// The allowance of a row, once it is settled. A same-day procedure may have longer rows too (1.004859): only its one-day rows end the
    /// same day, after the cut-off hour the next working day (OS-14). What was said of the row itself stands before what the package says.
    pub fn allowance(&self, row: &TermRow) -> Option<Term> {
        let same_day = row.same_day.unwrap_or(self.same_day);
        match row.settled()? {
            (value, TermUnit::WorkingDay) if same_day && value == Amount::whole(1) => Some(Term::SameDay),
            (value, unit) => Term::of(value, unit).ok(),
        }
    }

    /// A term row by its id.
    pub fn term(&self, id: &str) -> Option<&TermRow> {
        self.terms.iter().find(|t| t.id == id)
    }

    /// Term rows that still lack value or unit.
    pub fn open_terms(&self) -> impl Iterator<Item = &TermRow> {
        self.terms.iter().filter(|t| t.settled().is_none())
    }

    /// How many rows keep it from being received: those still open, or one that is not there at all.
    pub fn blocking_terms(&self) -> usize {
        if self.terms.is_empty() && self.elsewhere.is_none() { 1 } else { self.open_terms().count() }
    }

    /// Every paper row that asks for something, whatever the channel and case.
    pub fn papers_asked(&self) -> impl Iterator<Item = &PaperRow> {
        self.papers.iter().filter(|p| p.kind != PaperKind::Note)
    }

    /// Remarks of the record that stand between its papers.
    pub fn notes(&self) -> impl Iterator<Item = &PaperRow> {
        self.papers.iter().filter(|p| p.kind == PaperKind::Note)
    }

    /// Internal steps: those of the package, else the plainest process that can carry a dossier (and `true`: nobody approved it, TC-06).
    pub fn process(&self) -> (Cow<'_, [Step]>, bool) {
        if !self.steps.is_empty() {
            return (Cow::Borrowed(&self.steps), false);
        }
        let step =
            |id: &str, name: &str, act, role, at_desk| Step { id: id.into(), name: name.into(), act, role, at_desk, minutes: 0 };
        let plain = vec![
            step("tham-dinh", "Thẩm định, soạn kết quả", StepAct::Process, StepRole::CaseOfficer, false),
            step("phe-duyet", "Xem xét, phê duyệt", StepAct::Approve, StepRole::Leader, false),
            step("ban-hanh", "Vào sổ, ban hành kết quả", StepAct::Issue, StepRole::Clerk, false),
            step("tra-ket-qua", "Trả kết quả", StepAct::Return, StepRole::DeskOfficer, true),
        ];
        (Cow::Owned(plain), true)
    }

    /// Hash of everything the package says; two packages with the same hash are the same version.
    pub fn hash(&self) -> String {
        use sha2::Digest;
        // Field order is the struct's, so the text is canonical without sorting.
        let text = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(sha2::Sha256::digest(text))
    }
}
