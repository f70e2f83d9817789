//! What happens in the directory. Ids and codes only: names, addresses and secrets stay in rows.
use base::{AgencyCode, Moment};
use serde::{Deserialize, Serialize};

use crate::{CitizenAccountId, PersonId, PostId, Role, Secrecy, UnitId, UnitKind};

/// Events of the directory. Each kind and version has a frozen sample in `tests/samples/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A unit begins.
    UnitAdded {
        /// The unit.
        unit: UnitId,
        /// Its code.
        code: AgencyCode,
        /// What it is.
        unit_kind: UnitKind,
        /// The unit above.
        parent: Option<UnitId>,
        /// From when.
        from: Moment,
    },
    /// A unit gets another name, code or kind.
    UnitRenamed {
        /// The unit.
        unit: UnitId,
        /// Its code from now on.
        code: AgencyCode,
        /// What it is from now on.
        unit_kind: UnitKind,
        /// From when.
        from: Moment,
        /// By which instrument.
        ground: String,
    },
    /// Address, telephone or hours changed.
    UnitDetailed {
        /// The unit.
        unit: UnitId,
    },
    /// A unit ends; these take its work.
    UnitClosed {
        /// The unit.
        unit: UnitId,
        /// From when.
        at: Moment,
        /// Who follows.
        successors: Vec<UnitId>,
        /// By which instrument.
        ground: String,
    },
    /// A person comes.
    PersonAdded {
        /// The person.
        person: PersonId,
    },
    /// Name, e-mail or telephone changed.
    PersonChanged {
        /// The person.
        person: PersonId,
    },
    /// A person leaves: every post ends.
    PersonLeft {
        /// The person.
        person: PersonId,
        /// From when.
        at: Moment,
    },
    /// A post is given.
    PostGiven {
        /// The post.
        post: PostId,
        /// Its holder.
        person: PersonId,
        /// Its unit.
        unit: UnitId,
        /// Roles.
        roles: Vec<Role>,
        /// Clearance.
        clearance: Secrecy,
        /// Home post of a seconded officer.
        home: Option<PostId>,
        /// From when.
        from: Moment,
        /// Until when, when known.
        to: Option<Moment>,
    },
    /// A post ends.
    PostEnded {
        /// The post.
        post: PostId,
        /// From when.
        at: Moment,
        /// Why.
        reason: String,
    },
    /// A password was set.
    PasswordSet {
        /// By the person, or by an administrator for the person.
        own: bool,
    },
    /// A PIN for the desk change-over was set.
    PinSet,
    /// The second factor was enrolled and proved once.
    TotpEnrolled,
    /// The second factor was taken away.
    TotpRemoved {
        /// By the person, or by an administrator for the person.
        own: bool,
    },
    /// A recovery code took the place of the second factor.
    RecoveryCodeUsed {
        /// How many are left.
        left: i64,
    },
    /// Every session was ended at once.
    SignedOutEverywhere,
    /// A citizen opened an account (demo profile only).
    CitizenRegistered {
        /// The account.
        account: CitizenAccountId,
    },
}

impl Event {
    /// The word in the log.
    pub fn word(&self) -> &'static str {
        match self {
            Event::UnitAdded { .. } => "unit_added",
            Event::UnitRenamed { .. } => "unit_renamed",
            Event::UnitDetailed { .. } => "unit_detailed",
            Event::UnitClosed { .. } => "unit_closed",
            Event::PersonAdded { .. } => "person_added",
            Event::PersonChanged { .. } => "person_changed",
            Event::PersonLeft { .. } => "person_left",
            Event::PostGiven { .. } => "post_given",
            Event::PostEnded { .. } => "post_ended",
            Event::PasswordSet { .. } => "password_set",
            Event::PinSet => "pin_set",
            Event::TotpEnrolled => "totp_enrolled",
            Event::TotpRemoved { .. } => "totp_removed",
            Event::RecoveryCodeUsed { .. } => "recovery_code_used",
            Event::SignedOutEverywhere => "signed_out_everywhere",
            Event::CitizenRegistered { .. } => "citizen_registered",
        }
    }
}
