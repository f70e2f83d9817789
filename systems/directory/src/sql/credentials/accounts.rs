//! Accounts of citizens and organisations, and who came to them.
use base::Moment;
use store::{Error, Read, Write, sql};
use web::Key;

use crate::{CitizenAccountId, identity::account::CitizenAccount};

store::from_row!(CitizenAccount {
    id,
    login,
    name,
    email,
    phone,
    citizen_id,
    kind,
    tax_code,
    birth_date,
    verified_at,
    verified_by,
    version
});

macro_rules! account_columns {
    () => {
        "a.id, a.login, a.name, a.email, a.phone, a.citizen_id, a.kind, a.tax_code, a.birth_date, a.verified_at, a.verified_by, a.version"
    };
}

/// A citizen's account by id.
pub async fn citizen_account(tx: &Read<'_>, id: CitizenAccountId) -> Result<Option<CitizenAccount>, Error> {
    tx.opt(sql!(concat!("SELECT ", account_columns!(), " FROM citizen_account a WHERE a.id = $1")), &[&id]).await
}

/// The account of the person whom a provider answers for with this number.
pub async fn verified_account(tx: &Read<'_>, citizen_id: &str) -> Result<Option<CitizenAccount>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            account_columns!(),
            " FROM citizen_account a WHERE a.citizen_id = $1 AND a.verified_at IS NOT NULL AND a.kind = 'person'"
        )),
        &[&citizen_id],
    )
    .await
}

/// The account of the organisation with this tax code.
pub async fn organisation(tx: &Read<'_>, tax_code: &str) -> Result<Option<CitizenAccount>, Error> {
    tx.opt(
        sql!(concat!("SELECT ", account_columns!(), " FROM citizen_account a WHERE a.tax_code = $1 AND a.kind = 'organisation'")),
        &[&tax_code],
    )
    .await
}

/// Who came with a session: the account it belongs to, and the person who acts when that is an organisation.
#[derive(Clone, Debug)]
pub struct Come {
    /// Name of the account.
    pub name: String,
    /// The person who acts for it.
    pub through: Option<CitizenAccountId>,
}

store::from_row!(Come { name, through });

/// Who came with this session; none when there is no such account.
pub async fn who_came(tx: &Read<'_>, session: Key, id: CitizenAccountId) -> Result<Option<Come>, Error> {
    tx.opt(
        sql!(
            "SELECT a.name, s.person FROM citizen_account a
             LEFT JOIN identity_session s ON s.session = $2 AND s.subject = a.id AND NOT s.waiting
             WHERE a.id = $1"
        ),
        &[&id, &session],
    )
    .await
}

/// Whether a sign-in name of a citizen is taken.
pub async fn citizen_login_taken(tx: &Read<'_>, login: &str) -> Result<bool, Error> {
    Ok(tx.one::<i64>(sql!("SELECT count(*) FROM citizen_account WHERE login = $1"), &[&login]).await? > 0)
}

/// Writes a new account; false when the same person or organisation has one already.
pub async fn open_citizen(tx: &Write<'_>, account: &CitizenAccount, now: Moment) -> Result<bool, Error> {
    let written = tx.run(
        sql!(
            "INSERT INTO citizen_account (id, login, name, email, phone, citizen_id, registered_at, version, kind, tax_code, birth_date,
                                          verified_at, verified_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING"
        ),
        &[
            &account.id,
            &account.login,
            &account.name,
            &account.email,
            &account.phone,
            &account.citizen_id,
            &now,
            &account.version,
            &account.kind,
            &account.tax_code,
            &account.birth_date,
            &account.verified_at,
            &account.verified_by,
        ],
    )
    .await?;
    Ok(written == 1)
}

/// Writes what a provider says about an account that exists.
pub async fn refresh_citizen(tx: &Write<'_>, account: &CitizenAccount) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE citizen_account SET name = $2, email = $3, phone = $4, citizen_id = $5, birth_date = $6, verified_at = $7,
                    verified_by = $8, version = $9 WHERE id = $1"
        ),
        &[
            &account.id,
            &account.name,
            &account.email,
            &account.phone,
            &account.citizen_id,
            &account.birth_date,
            &account.verified_at,
            &account.verified_by,
            &account.version,
        ],
    )
    .await
    .map(drop)
}
