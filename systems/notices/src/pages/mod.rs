//! Administrators see how far messages got, and write their texts; neither page shows what was said to whom. Citizens say how they want to
//! be told.
mod messages;
mod texts;
mod wishes;

pub use wishes::HERE as WISHES;

use directory::{Act, ActSpec, Columns, Grant, Reach, Role, Standing, Thing};
use web::{Door, Routes};

/// The outgoing mail of the house as a whole.
#[derive(Debug)]
pub struct OutgoingMail;

impl Thing for OutgoingMail {
    fn standing(&self) -> Standing<'_> {
        Standing::default()
    }
    const COLUMNS: Columns = Columns::of("notices_message", "recipient");
}

const KEEPER: &[Grant] = &[Grant::to(Role::Administrator, Reach::House)];

/// Sees how far messages got, sends failed ones again.
#[derive(Debug)]
pub enum ReadMessages {}
impl Act for ReadMessages {
    type On = OutgoingMail;
    const SPEC: ActSpec =
        ActSpec { name: "notices.message.read", title: "Xem thư gửi đi", grants: KEEPER, ..ActSpec::NOBODY };
}

/// Writes the texts of messages.
#[derive(Debug)]
pub enum WriteTexts {}
impl Act for WriteTexts {
    type On = OutgoingMail;
    const SPEC: ActSpec = ActSpec { name: "notices.text.write", title: "Sửa mẫu thư", grants: KEEPER, ..ActSpec::NOBODY };
}

directory::acts!(&[ReadMessages::SPEC, WriteTexts::SPEC]);

/// Every page with its door.
pub fn routes() -> Routes {
    let (read, write) = (Door::Officer(ReadMessages::SPEC.name), Door::Officer(WriteTexts::SPEC.name));
    Routes::new()
        .get("/quan-tri/tin-nhan", read, messages::page)
        .post("/quan-tri/tin-nhan/{id}/gui-lai", read, messages::again)
        .get(WISHES, Door::Citizen, wishes::page)
        .post(WISHES, Door::Citizen, wishes::choose)
        .get("/quan-tri/tin-nhan/mau", write, texts::page)
        .get("/quan-tri/tin-nhan/mau/{code}", write, texts::one)
        .post("/quan-tri/tin-nhan/mau/{code}", write, texts::save)
}
