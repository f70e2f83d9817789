//! Who acts: a person with the posts in force at this minute, or a citizen.
use std::{fmt, str::FromStr};

use base::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CitizenAccountId, PersonId, PostId, Realm, Secrecy, Subject, UnitId, UnitKind};

/// What a post lets its holder do. The grants of each act say how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Receives and returns at a one-stop desk.
    DeskOfficer,
    /// Settles dossiers in the competent unit.
    CaseOfficer,
    /// Decides and signs for the unit.
    Leader,
    /// Numbers, seals and issues what the unit has decided (văn thư).
    Clerk,
    /// Runs a one-stop desk: its people, its hours, its queues.
    DeskHead,
    /// Keeps units, people, posts and settings. Not a reader of dossiers.
    Administrator,
    /// Writes and publishes procedures.
    CatalogueEditor,
    /// Reads what is evidence, within a unit and for a time; changes nothing but what is an auditor's own.
    Auditor,
}

impl Role {
    /// All roles, in the order screens show them.
    pub const ALL: [Role; 8] = [
        Role::DeskOfficer,
        Role::CaseOfficer,
        Role::Leader,
        Role::Clerk,
        Role::DeskHead,
        Role::Administrator,
        Role::CatalogueEditor,
        Role::Auditor,
    ];

    /// The word kept in data.
    pub fn code(self) -> &'static str {
        match self {
            Role::DeskOfficer => "desk_officer",
            Role::CaseOfficer => "case_officer",
            Role::Leader => "leader",
            Role::Clerk => "clerk",
            Role::DeskHead => "desk_head",
            Role::Administrator => "administrator",
            Role::CatalogueEditor => "catalogue_editor",
            Role::Auditor => "auditor",
        }
    }

    /// In Vietnamese; the key of its translation.
    pub fn title(self) -> &'static str {
        match self {
            Role::DeskOfficer => "Cán bộ một cửa",
            Role::CaseOfficer => "Cán bộ thụ lý",
            Role::Leader => "Lãnh đạo",
            Role::Clerk => "Văn thư",
            Role::DeskHead => "Phụ trách bộ phận một cửa",
            Role::Administrator => "Quản trị hệ thống",
            Role::CatalogueEditor => "Biên tập thủ tục",
            Role::Auditor => "Kiểm tra, thanh tra",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A word that is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a role")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(s: &str) -> Result<Self, UnknownRole> {
        Role::ALL.into_iter().find(|r| r.code() == s).ok_or_else(|| UnknownRole(s.to_owned()))
    }
}

/// One post as its holder holds it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The post.
    pub post: PostId,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's place in the tree.
    pub unit_path: String,
    /// The unit's name today, as lists show it.
    pub unit_name: String,
    /// What the unit is.
    pub unit_kind: UnitKind,
    /// The post's name ("Chuyên viên").
    pub title: String,
    /// What it lets the holder do.
    pub roles: Vec<Role>,
    /// How secret a thing it may see.
    pub clearance: Secrecy,
    /// Begins. For a seconded officer the later of the home post and the desk post.
    pub from: Moment,
    /// Ends (first instant without rights). For a seconded officer the earlier of the two; also when the unit or the person ends.
    pub to: Option<Moment>,
}

impl Held {
    /// Whether it gives rights at this instant.
    pub fn in_force(&self, at: Moment) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// Somebody who wants to do something, with all that rights ask about them.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account: realm and id. In the officers' realm the id is the person's.
    pub subject: Subject,
    /// The officer.
    pub person: Option<PersonId>,
    /// Name as typed.
    pub name: String,
    /// The instant the rights are asked for.
    pub at: Moment,
    /// Posts, ended and future ones may be among them: only those in force count.
    pub posts: Vec<Held>,
    /// The post the person chose to act in now; papers and records name it.
    pub acting: Option<PostId>,
    /// The account of the person who acts, when `subject` is an organisation's: the log names the person.
    pub through: Option<CitizenAccountId>,
}

impl Actor {
    /// A citizen who signed in.
    pub fn citizen(account: Uuid, name: impl Into<String>, at: Moment) -> Self {
        let subject = Subject { realm: Realm::Citizen, id: account };
        Actor { subject, person: None, name: name.into(), at, posts: vec![], acting: None, through: None }
    }

    /// An officer with these posts.
    pub fn officer(person: PersonId, name: impl Into<String>, at: Moment, posts: Vec<Held>) -> Self {
        let subject = Subject { realm: Realm::Officer, id: person.0 };
        let acting = posts.iter().find(|h| h.in_force(at)).map(|h| h.post);
        Actor { subject, person: Some(person), name: name.into(), at, posts, acting, through: None }
    }

    /// The program itself: first start, imports, the command line. Whoever may run the program on the machine may do this.
    pub fn machine(at: Moment) -> Self {
        let held = Held {
            post: PostId(Uuid::nil()),
            unit: UnitId(Uuid::nil()),
            unit_path: "/".into(),
            unit_name: String::new(),
            unit_kind: UnitKind::Other,
            title: String::new(),
            roles: vec![Role::Administrator, Role::CatalogueEditor],
            clearance: Secrecy::Ordinary,
            from: at,
            to: None,
        };
        Actor { person: None, ..Actor::officer(PersonId(Uuid::nil()), "motcua", at, vec![held]) }
    }

    /// Posts that give rights now, the one acted in first.
    pub fn in_force(&self) -> impl Iterator<Item = &Held> {
        let (first, rest): (Vec<_>, Vec<_>) =
            self.posts.iter().filter(|h| h.in_force(self.at)).partition(|h| Some(h.post) == self.acting);
        first.into_iter().chain(rest)
    }

    /// The post acted in, or the first in force.
    pub fn post(&self) -> Option<&Held> {
        self.in_force().next()
    }

    /// Whether a post in force has the role.
    pub fn has(&self, role: Role) -> bool {
        self.in_force().any(|h| h.roles.contains(&role))
    }
}
