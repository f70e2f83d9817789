//! Whether messages leave.
use base::Moment;
use store::Read;
use web::{House, Wellness};

use crate::sql;

/// A message that waits longer than this deserves a look.
const MINUTES: i64 = 10;

/// Says how many messages wait, and since when.
pub fn ask(house: House) -> futures_util::future::BoxFuture<'static, Wellness> {
    Box::pin(async move {
        let before = Moment::from_micros(house.clock.now().micros() - MINUTES * 60_000_000);
        match house.db.read(async move |tx: &Read<'_>| sql::waiting(tx, before).await).await {
            Ok((0, _)) => Wellness::Well,
            Ok((count, since)) => {
                let since = since.map(|at| at.to_string()).unwrap_or_default();
                Wellness::Ailing {
                    why: format!("{count} messages wait since {since}; is mail.host set and the mail server there?"),
                }
            }
            Err(error) => Wellness::Down { why: error.to_string() },
        }
    })
}
