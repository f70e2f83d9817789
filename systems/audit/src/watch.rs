//! Alarms, complaints and samples: what stands in their rows. Pure.
use base::Moment;
use directory::{Columns, PersonId, Standing, Thing};
use uuid::Uuid;

/// An alarm over an hour of bulk look-ups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Id.
    pub id: Uuid,
    /// Who looked.
    pub officer: Uuid,
    /// Name, as it was.
    pub officer_name: String,
    /// The unit of the officer's post.
    pub unit_path: String,
    /// Its name, as it was.
    pub unit_name: String,
    /// The hour's first instant.
    pub hour: Moment,
    /// Different things that were looked at.
    pub looks: i64,
    /// What the officer's busiest hours usually bring.
    pub usual: i64,
    /// When it was raised.
    pub raised_at: Moment,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// By whom, as they were called.
    pub closed_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}
store::from_row!(Alarm {
    id,
    officer,
    officer_name,
    unit_path,
    unit_name,
    hour,
    looks,
    usual,
    raised_at,
    closed_at,
    closed_by,
    reason
});

impl Thing for Alarm {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.unit_path, author: Some(PersonId(self.officer)), ..Standing::default() }
    }
    const COLUMNS: Columns = Columns { author: Some("officer"), ..Columns::of("audit_alarm", "unit_path") };
}

/// What a citizen says about a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Id.
    pub id: Uuid,
    /// About which look.
    pub look: Uuid,
    /// Whose data it was: the citizen who complains.
    pub owner: Uuid,
    /// Who looked.
    pub officer: Uuid,
    /// Name, as it was.
    pub officer_name: String,
    /// The unit of the officer's post.
    pub unit_path: String,
    /// Its name, as it was.
    pub unit_name: String,
    /// What for.
    pub purpose: String,
    /// When.
    pub looked_at: Moment,
    /// The citizen's words.
    pub words: String,
    /// When they were sent.
    pub made_at: Moment,
    /// The answer.
    pub answer: Option<String>,
    /// When it was given.
    pub answered_at: Option<Moment>,
    /// By whom, as they were called.
    pub answered_by: Option<String>,
}
store::from_row!(Complaint {
    id,
    look,
    owner,
    officer,
    officer_name,
    unit_path,
    unit_name,
    purpose,
    looked_at,
    words,
    made_at,
    answer,
    answered_at,
    answered_by
});

impl Thing for Complaint {
    fn standing(&self) -> Standing<'_> {
        Standing {
            unit_path: &self.unit_path,
            owner: Some(self.owner),
            author: Some(PersonId(self.officer)),
            ..Standing::default()
        }
    }
    const COLUMNS: Columns =
        Columns { owner: Some("owner"), author: Some("officer"), ..Columns::of("audit_complaint", "unit_path") };
}

/// A sample that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Id.
    pub id: Uuid,
    /// Of which unit and all below.
    pub unit_path: String,
    /// Its name, as it was.
    pub unit_name: String,
    /// The seed.
    pub seed: String,
    /// Filed from.
    pub since: Moment,
    /// Filed before.
    pub until: Moment,
    /// How many there were to draw from.
    pub population: i64,
    /// [`crate::decide::population_sum`].
    pub population_sum: String,
    /// Ids, separated by blanks, in the order drawn.
    pub drawn: String,
    /// When.
    pub drawn_at: Moment,
    /// By whom, as they were called.
    pub drawn_by: String,
}
store::from_row!(Sample { id, unit_path, unit_name, seed, since, until, population, population_sum, drawn, drawn_at, drawn_by });

impl Sample {
    /// The ids that were drawn.
    pub fn ids(&self) -> Vec<Uuid> {
        self.drawn.split(' ').filter_map(|id| id.parse().ok()).collect()
    }
}

impl Thing for Sample {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.unit_path, ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("audit_sample", "unit_path");
}

/// A look that a citizen may complain about.
#[derive(Clone, Debug)]
pub struct LookAtMine(pub directory::LookedAt);

impl Thing for LookAtMine {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: self.0.unit_path.as_deref().unwrap_or_default(), owner: self.0.owner, ..Standing::default() }
    }
    const COLUMNS: Columns = Columns { owner: Some("owner"), ..Columns::of("reads", "unit_path") };
}

/// All looks of the people of a unit and below.
#[derive(Clone, Debug)]
pub struct LooksOf(pub String);

impl Thing for LooksOf {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.0, ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("unit", "path");
}
