//! Reading personal data is recorded before the answer leaves, and the citizen can see who looked.
use store::{Read, Write};
use uuid::Uuid;

use crate::{Act, Cx, Error, For, PersonId, Realm, Thing as _, sql::reads};

/// What was looked at.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The kind of thing, one word: `dossier`.
    pub kind: &'static str,
    /// Which.
    pub id: Uuid,
}

/// Records that the person of `cx` reads this thing for its act. Call it in the unit that loads the thing, before anything is shown.
///
/// `purpose` is what a citizen will read: "Thụ lý hồ sơ". A citizen who reads what is theirs leaves no line.
pub async fn read_recorded<A: Act>(tx: &Write<'_>, cx: &Cx, thing: &For<A>, about: About, purpose: &str) -> Result<(), Error> {
    if cx.who.subject.realm == Realm::Citizen {
        return Ok(());
    }
    let look = reads::NewLook {
        id: cx.by.id("read", tx.serial()),
        who: cx.by.who,
        post: thing.through().map(|p| p.0).or(cx.by.post),
        act: A::SPEC.name,
        purpose,
        thing_kind: about.kind,
        thing: about.id,
        owner: thing.standing().owner,
        at: cx.by.now,
        trace: cx.by.trace,
    };
    Ok(reads::insert(tx, &look).await?)
}

/// Records that the person of `cx` searched the things of an act for somebody: each search is a look at a thing of its own, nobody's, so that
/// an auditor sees it and many of them raise the alarm.
pub async fn search_recorded<A: Act>(tx: &Write<'_>, cx: &Cx, purpose: &str) -> Result<(), Error> {
    let look = reads::NewLook {
        id: cx.by.id("search", tx.serial()),
        who: cx.by.who,
        post: cx.by.post,
        act: A::SPEC.name,
        purpose,
        thing_kind: "search",
        thing: cx.by.id("searched", tx.serial()),
        owner: None,
        at: cx.by.now,
        trace: cx.by.trace,
    };
    Ok(reads::insert(tx, &look).await?)
}

/// Which of these things an officer looked at, at some time: lists mark what was opened.
pub async fn looked_at_by(tx: &Read<'_>, who: PersonId, things: &[Uuid]) -> Result<Vec<Uuid>, store::Error> {
    reads::by_person(tx, who.0, things).await
}

pub use reads::{
    Look, LookedAt, LooksAsked, busiest_hours, busy_hours, look, looked_since, looks, of_owner as who_looked_at_owner,
    of_thing as who_looked_at_thing,
};

/// Looks as evidence, for the system that vouches for them.
pub mod evidence {
    pub use crate::sql::reads::{SealedLook, beyond_bill, next_leaf, of_bill, of_thing_sealed, put_into_bill};
}
