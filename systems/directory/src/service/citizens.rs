//! Citizens' local accounts: for the demo profile only. In real use citizens come by national identity (VNeID) or the national portal.
use store::{By, Loaded, Write, append};

use crate::{
    CitizenAccountId, DirectoryEvent as Event, Error, Objection,
    identity::account::{AccountKind, CitizenAccount},
    service::people::{Hashed, login},
    sql::credentials as sql,
};

/// A citizen's account to be opened.
#[derive(Clone, Debug, Default)]
pub struct NewCitizen {
    /// The name they will sign in with.
    pub login: String,
    /// Name as typed.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Citizen id, as typed.
    pub citizen_id: Option<String>,
}

/// Opens an account. The caller made sure that this is the demo profile.
pub async fn register(tx: &Write<'_>, by: &By, new: &NewCitizen, hashed: &Hashed) -> Result<CitizenAccountId, Error> {
    let login = login(&new.login)
        .ok_or_else(|| Error::fault("login", "Tên đăng nhập gồm 2–64 chữ không dấu, số, dấu chấm, gạch. Ví dụ: an.nguyen"))?;
    if sql::citizen_login_taken(tx, &login).await? {
        return Err(Objection::LoginTaken { login }.into());
    }
    let name = super::people::name(&new.name)?;
    let id = CitizenAccountId(by.id(&format!("citizen {login}"), 0));
    let version = append(tx, by, Loaded::new::<Event>(id.0), &[Event::CitizenRegistered { account: id }]).await?;
    let account = CitizenAccount {
        login,
        email: new.email.clone(),
        phone: new.phone.clone(),
        citizen_id: new.citizen_id.clone(),
        version,
        ..CitizenAccount::new(id, AccountKind::Person, &name)
    };
    if !sql::open_citizen(tx, &account, by.now).await? {
        return Err(tx.stale().into());
    }
    sql::set_password(tx, id.0, hashed.as_str(), by.now, false).await?;
    Ok(id)
}
