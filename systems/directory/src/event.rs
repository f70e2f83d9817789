//! What happens in the directory. Ids and codes only: names, addresses and secrets stay in rows.
use base::{AgencyCode, Moment, calendar::OfficeHours, due::DuePolicy};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{CitizenAccountId, PersonId, PostId, Role, Secrecy, UnitId, UnitKind, time::DatedDay};

/// Events of the directory. Each kind and version has a frozen sample in `tests/samples/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DirectoryEvent {
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
    /// Address or telephone changed.
    UnitDetailed {
        /// The unit.
        unit: UnitId,
    },
    /// The office hours of a unit change from a day on.
    UnitHoursSet {
        /// The unit.
        unit: UnitId,
        /// The first day on which they hold.
        from: Date,
        /// The hours; none: those of the unit above.
        hours: Option<OfficeHours>,
        /// By which instrument.
        ground: String,
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
    /// The days of a year were decided, as its notice says.
    YearDecided {
        /// Which year.
        year: i16,
        /// Its special days.
        days: Vec<DatedDay>,
        /// By which instrument.
        ground: String,
    },
    /// How terms are counted was decided.
    CountingDecided {
        /// Convention and cut-off hour.
        policy: DuePolicy,
        /// From when.
        from: Moment,
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
    /// New recovery codes replaced the old ones.
    RecoveryCodesMade,
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
    /// A provider of identities was set up or changed.
    ProviderSet {
        /// Its key.
        provider: String,
        /// Whether people may come this way.
        active: bool,
    },
    /// Somebody came by a provider for the first time: an account was opened.
    AccountOpened {
        /// The account.
        account: CitizenAccountId,
        /// The provider's key.
        provider: String,
        /// An organisation's.
        organisation: bool,
    },
    /// A provider answered for the number of an account for the first time.
    AccountVerified {
        /// The account.
        account: CitizenAccountId,
        /// The provider's key.
        provider: String,
    },
    /// An identity of a provider belongs to this account from now on.
    IdentityLinked {
        /// The provider's key.
        provider: String,
        /// `opened` with the account, `number` (a verified number), `login` (the provider's claim), `hand` (an administrator).
        how: String,
    },
    /// An identity belongs to this account no longer.
    IdentityUnlinked {
        /// The provider's key.
        provider: String,
    },
    /// A person came for an organisation for the first time.
    OrganisationRepresented {
        /// The organisation's account.
        organisation: CitizenAccountId,
        /// The person's account.
        person: CitizenAccountId,
        /// The provider's key.
        provider: String,
    },
}

impl store::Event for DirectoryEvent {
    const SYSTEM: &'static str = "directory";

    store::kinds! {
        UnitAdded => "unit_added",
        UnitRenamed => "unit_renamed",
        UnitDetailed => "unit_detailed",
        UnitHoursSet => "unit_hours_set",
        UnitClosed => "unit_closed",
        YearDecided => "year_decided",
        CountingDecided => "counting_decided",
        PersonAdded => "person_added",
        PersonChanged => "person_changed",
        PersonLeft => "person_left",
        PostGiven => "post_given",
        PostEnded => "post_ended",
        PasswordSet => "password_set",
        PinSet => "pin_set",
        TotpEnrolled => "totp_enrolled",
        TotpRemoved => "totp_removed",
        RecoveryCodesMade => "recovery_codes_made",
        RecoveryCodeUsed => "recovery_code_used",
        SignedOutEverywhere => "signed_out_everywhere",
        CitizenRegistered => "citizen_registered",
        ProviderSet => "provider_set",
        AccountOpened => "account_opened",
        AccountVerified => "account_verified",
        IdentityLinked => "identity_linked",
        IdentityUnlinked => "identity_unlinked",
        OrganisationRepresented => "organisation_represented",
    }
}
