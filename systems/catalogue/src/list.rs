//! The Chairman's list as a desk reads it: what can be received, and where.

use base::Moment;
use store::Read;

use crate::error::Error;
use crate::sql;
use crate::version::ReceivedAt;

/// One procedure of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnList {
    /// National code.
    pub code: String,
    /// Its name in the list.
    pub name: String,
    /// At which centres.
    pub received_at: ReceivedAt,
}

/// The list as it holds at a moment, by name.
pub async fn on_list(tx: &Read<'_>, at: Moment) -> Result<Vec<OnList>, Error> {
    let rows = sql::local::holding(tx, at).await?.into_iter();
    let mut list: Vec<OnList> =
        rows.map(|l| OnList { code: l.code.base().to_owned(), name: l.name, received_at: l.received_at }).collect();
    list.sort_by_cached_key(|l| (base::text::sort_key(&l.name), l.code.clone()));
    Ok(list)
}
