//! Names of units, people and posts: kinds of id that cannot be taken for each other.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        store::uuid_value!($name);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    };
}

id!(
    /// A unit: an agency, a department, a one-stop desk.
    UnitId
);
id!(
    /// A person who works for the province.
    PersonId
);
id!(
    /// A post: one person in one unit with some roles for some time.
    PostId
);
id!(
    /// A citizen's account in this house.
    CitizenAccountId
);
