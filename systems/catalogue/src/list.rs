//! The Chairman's list as a desk reads it: what can be received, and where.

use base::Moment;
use store::{Read, sql};

use crate::Error;

/// One procedure of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnList {
    /// National code.
    pub code: String,
    /// Its name in the list.
    pub name: String,
    /// `all`, `province` or `commune`.
    pub received_at: String,
}
store::from_row!(OnList { code, name, received_at });

impl OnList {
    /// Is it received at a centre of a commune (or, otherwise, at the provincial one)?
    pub fn is_received_at(&self, commune: bool) -> bool {
        match self.received_at.as_str() {
            "commune" => commune,
            "province" => !commune,
            _ => true,
        }
    }
}

/// The whole list, by name.
pub async fn on_list(tx: &Read<'_>, _at: Moment) -> Result<Vec<OnList>, Error> {
    Ok(tx.all(sql!("SELECT code, name, received_at FROM catalogue_local ORDER BY name, code"), &[]).await?)
}
