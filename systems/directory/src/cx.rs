//! The context of an act: who, for which post, when, under which trace.
use base::{Lang, Moment};
use store::By;

use crate::Actor;

/// Everything an act needs to know about where it comes from. Made outside the unit of work.
#[derive(Clone, Debug)]
pub struct Cx {
    /// As the log keeps it.
    pub by: By,
    /// With all that rights ask.
    pub who: Actor,
    /// The language of the person.
    pub lang: Lang,
}

impl Cx {
    /// The program itself: first start, imports, the command line.
    pub fn machine(now: Moment) -> Self {
        Cx { by: By::system(now), who: Actor::machine(now), lang: Lang::Vi }
    }
}

/// What is still missing in how somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// A second factor is enrolled, or the provider through which they came asks for one itself.
    pub second: bool,
    /// The password was set by somebody else.
    pub must_change: bool,
}
