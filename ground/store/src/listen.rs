//! Listeners: what must happen after an event, told in the order of the log.

use std::{future::Future, pin::Pin, sync::Arc};

use crate::{Error, Event, Recorded, Write, log::RawEvent};

/// Hears the events of one system. Its own rows and its place in the log are written in one transaction; effects outside are jobs.
///
/// ```ignore
/// impl Listener for TellCitizen {
///     const NAME: &'static str = "notices.tell-citizen";
///     type On = onestop::Event;
///     async fn hear(&self, tx: &Write<'_>, e: &Recorded<onestop::Event>) -> Result<(), store::Error> {
///         enqueue(tx, &e.by(Self::NAME, self.clock.now()), &Mail { .. }).await.map(drop)
///     }
/// }
/// ```
#[allow(async_fn_in_trait)] // a unit runs where its database is and need not be `Send`
pub trait Listener: Send + Sync + 'static {
    /// Its name for ever: its place in the log is kept under it.
    const NAME: &'static str;
    /// The events it hears.
    type On: Event;
    /// Hears one event. An error is tried again some times, then the event is parked for `doctor` and the next one is heard.
    async fn hear(&self, tx: &Write<'_>, e: &Recorded<Self::On>) -> Result<(), Error>;
}

type Hearing<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// A [`Listener`] of any kind of event, made by [`ear`].
pub trait Ear: Send + Sync + 'static {
    /// Name of the listener.
    fn name(&self) -> &'static str;
    /// System whose events it hears.
    fn system(&self) -> &'static str;
    /// Parses and hears one event.
    fn hear_raw<'a>(&'a self, tx: &'a Write<'_>, event: &'a RawEvent) -> Hearing<'a>;
}

/// Makes a listener fit for the list of a room.
pub fn ear(listener: impl Listener) -> Arc<dyn Ear> {
    Arc::new(Typed(listener))
}

struct Typed<L>(L);

impl<L: Listener> Ear for Typed<L> {
    fn name(&self) -> &'static str {
        L::NAME
    }

    fn system(&self) -> &'static str {
        L::On::SYSTEM
    }

    fn hear_raw<'a>(&'a self, tx: &'a Write<'_>, event: &'a RawEvent) -> Hearing<'a> {
        Box::pin(async move {
            match event.parse::<L::On>()? {
                Some(event) => self.0.hear(tx, &event).await,
                // Lawfully destroyed before it was heard: there is nothing left to tell.
                None => Ok(()),
            }
        })
    }
}
