//! Passwords, PINs, second factors, and the wait between the first and the second.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;

/// Who a sign-in name belongs to, with what proves it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Person or citizen's account.
    pub subject: Uuid,
    /// Name of the person.
    pub name: String,
    /// Hash of the password.
    pub password: Option<String>,
    /// Secret of the confirmed second factor.
    pub totp: Option<Vec<u8>>,
    /// Step of the last one-time code taken.
    pub last_step: i64,
    /// Hash of the PIN.
    pub pin: Option<String>,
    /// Version of the stream.
    pub version: i64,
}

store::from_row!(Known { subject, name, password, totp, last_step, pin, version });

/// An officer by sign-in name; nobody who left.
pub async fn officer(tx: &Read<'_>, login: &str, now: Moment) -> Result<Option<Known>, Error> {
    tx.opt(
        sql!(
            "SELECT p.id, p.name, c.password, CASE WHEN c.totp_confirmed_at IS NULL THEN NULL ELSE c.totp END,
                    COALESCE(c.totp_last_step, 0), c.pin, p.version
             FROM person p LEFT JOIN credential c ON c.subject = p.id
             WHERE p.login = $1 AND (p.valid_to IS NULL OR p.valid_to > $2)"
        ),
        &[&login, &now],
    )
    .await
}

/// An officer by id; nobody who left.
pub async fn officer_by_id(tx: &Read<'_>, id: Uuid, now: Moment) -> Result<Option<Known>, Error> {
    tx.opt(
        sql!(
            "SELECT p.id, p.name, c.password, CASE WHEN c.totp_confirmed_at IS NULL THEN NULL ELSE c.totp END,
                    COALESCE(c.totp_last_step, 0), c.pin, p.version
             FROM person p LEFT JOIN credential c ON c.subject = p.id
             WHERE p.id = $1 AND (p.valid_to IS NULL OR p.valid_to > $2)"
        ),
        &[&id, &now],
    )
    .await
}

/// A citizen's account by sign-in name.
pub async fn citizen(tx: &Read<'_>, login: &str) -> Result<Option<Known>, Error> {
    tx.opt(
        sql!(
            "SELECT a.id, a.name, c.password, c.totp, COALESCE(c.totp_last_step, 0), c.pin, a.version
             FROM citizen_account a LEFT JOIN credential c ON c.subject = a.id WHERE a.login = $1"
        ),
        &[&login],
    )
    .await
}

/// Keeps a password.
pub async fn set_password(tx: &Write<'_>, subject: Uuid, hash: &str, now: Moment, must_change: bool) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO credential (subject, password, password_at, must_change, totp_last_step) VALUES ($1, $2, $3, $4, 0)
             ON CONFLICT (subject) DO UPDATE SET password = $2, password_at = $3, must_change = $4"
        ),
        &[&subject, &hash, &now, &must_change],
    )
    .await
    .map(drop)
}

/// A place for what somebody may prove themselves with later, when there is none yet.
pub async fn open_credential(tx: &Write<'_>, subject: Uuid) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO credential (subject, must_change, totp_last_step) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING"),
        &[&subject, &false],
    )
    .await
    .map(drop)
}

/// Keeps a PIN, or takes it away.
pub async fn set_pin(tx: &Write<'_>, subject: Uuid, hash: Option<&str>) -> Result<(), Error> {
    tx.run(sql!("UPDATE credential SET pin = $2 WHERE subject = $1"), &[&subject, &hash.map(str::to_owned)]).await.map(drop)
}

/// Begins to enrol a second factor: it counts only once confirmed.
pub async fn offer_totp(tx: &Write<'_>, subject: Uuid, secret: &[u8]) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE credential SET totp = $2, totp_confirmed_at = NULL, totp_last_step = 0
             WHERE subject = $1 AND totp_confirmed_at IS NULL"
        ),
        &[&subject, &secret.to_vec()],
    )
    .await
    .map(drop)
}

/// What a person has to prove themselves with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proofs {
    /// When the password was set.
    pub password_at: Option<Moment>,
    /// The password was set by somebody else.
    pub must_change: bool,
    /// There is a PIN.
    pub pin: bool,
    /// Secret of a second factor, confirmed or not.
    pub totp: Option<Vec<u8>>,
    /// When the second factor was confirmed.
    pub totp_confirmed_at: Option<Moment>,
    /// Step of the last code taken.
    pub last_step: i64,
    /// Recovery codes not used yet.
    pub recovery_left: i64,
}

impl FromRow for Proofs {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Proofs {
            password_at: row.get(0)?,
            must_change: row.get(1)?,
            pin: row.get::<Option<String>>(2)?.is_some(),
            totp: row.get(3)?,
            totp_confirmed_at: row.get(4)?,
            last_step: row.get(5)?,
            recovery_left: row.get(6)?,
        })
    }
}

/// What a person has to prove themselves with.
pub async fn proofs(tx: &Read<'_>, subject: Uuid) -> Result<Option<Proofs>, Error> {
    tx.opt(
        sql!(
            "SELECT password_at, must_change, pin, totp, totp_confirmed_at, totp_last_step,
                    (SELECT count(*) FROM recovery_code r WHERE r.subject = credential.subject AND r.used_at IS NULL)
             FROM credential WHERE subject = $1"
        ),
        &[&subject],
    )
    .await
}

/// Keeps the step of a code that was taken; false when the same or a later one was taken meanwhile.
pub async fn take_step(tx: &Write<'_>, subject: Uuid, step: i64) -> Result<bool, Error> {
    let taken = tx
        .run(sql!("UPDATE credential SET totp_last_step = $2 WHERE subject = $1 AND totp_last_step < $2"), &[&subject, &step])
        .await?;
    Ok(taken == 1)
}

/// The second factor counts from now on.
pub async fn confirm_totp(tx: &Write<'_>, subject: Uuid, now: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE credential SET totp_confirmed_at = $2 WHERE subject = $1"), &[&subject, &now]).await.map(drop)
}

/// Takes the second factor and its recovery codes away.
pub async fn remove_totp(tx: &Write<'_>, subject: Uuid) -> Result<(), Error> {
    tx.run(sql!("UPDATE credential SET totp = NULL, totp_confirmed_at = NULL WHERE subject = $1"), &[&subject]).await?;
    replace_recovery(tx, subject, &[]).await
}

/// New recovery codes in place of the old ones.
pub async fn replace_recovery(tx: &Write<'_>, subject: Uuid, hashes: &[Vec<u8>]) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM recovery_code WHERE subject = $1"), &[&subject]).await?;
    for hash in hashes {
        tx.run(sql!("INSERT INTO recovery_code (subject, hash) VALUES ($1, $2)"), &[&subject, hash]).await?;
    }
    Ok(())
}

/// Uses a recovery code up; false when there is none like it left.
pub async fn use_recovery(tx: &Write<'_>, subject: Uuid, hash: &[u8], now: Moment) -> Result<bool, Error> {
    let used = tx
        .run(
            sql!("UPDATE recovery_code SET used_at = $3 WHERE subject = $1 AND hash = $2 AND used_at IS NULL"),
            &[&subject, &hash.to_vec(), &now],
        )
        .await?;
    Ok(used == 1)
}

/// A right password waits for the second factor under this key.
pub async fn begin_half_way(tx: &Write<'_>, key: &[u8; 32], realm: &str, subject: Uuid, until: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO half_way (key, realm, subject, until, tries) VALUES ($1, $2, $3, $4, 0)
             ON CONFLICT (key) DO UPDATE SET realm = $2, subject = $3, until = $4, tries = 0"
        ),
        &[key, &realm, &subject, &until],
    )
    .await
    .map(drop)
}

/// Charges one try of a code; none when nobody waits under this key, or too long, or too often.
pub async fn charge_half_way(tx: &Write<'_>, key: &[u8; 32], realm: &str, now: Moment, most: i64) -> Result<Option<Uuid>, Error> {
    tx.opt(
        sql!(
            "UPDATE half_way SET tries = tries + 1 WHERE key = $1 AND realm = $2 AND until > $3 AND tries < $4 RETURNING subject"
        ),
        &[key, &realm, &now, &most],
    )
    .await
}

/// Whose password was right under this key, for the page that asks for the code.
pub async fn half_way(tx: &Read<'_>, key: &[u8; 32], realm: &str, now: Moment, most: i64) -> Result<Option<Uuid>, Error> {
    tx.opt(
        sql!("SELECT subject FROM half_way WHERE key = $1 AND realm = $2 AND until > $3 AND tries < $4"),
        &[key, &realm, &now, &most],
    )
    .await
}

/// The wait for the code is over; long forgotten ones go too.
pub async fn end_half_way(tx: &Write<'_>, key: &[u8; 32], now: Moment) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM half_way WHERE key = $1 OR until < $2"), &[key, &now]).await.map(drop)
}
