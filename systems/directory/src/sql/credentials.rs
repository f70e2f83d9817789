//! Passwords, second factors, waits, browsers, the history of sign-ins. Only hashes.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;
use web::Key;

use crate::{CitizenAccountId, secret::wait::Wait};

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

/// Whose account it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountKind {
    /// A person's.
    #[default]
    Person,
    /// An organisation's: a person acts for it.
    Organisation,
}

impl std::fmt::Display for AccountKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AccountKind::Person => "person",
            AccountKind::Organisation => "organisation",
        })
    }
}

impl std::str::FromStr for AccountKind {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "person" => Ok(AccountKind::Person),
            "organisation" => Ok(AccountKind::Organisation),
            _ => Err("no such kind of account"),
        }
    }
}

store::text_value!(AccountKind);

/// A citizen's account, or an organisation's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitizenAccount {
    /// The account.
    pub id: CitizenAccountId,
    /// Sign-in name; for an account that comes by a provider only, its id.
    pub login: String,
    /// Name as typed, or as the provider says it.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Citizen id: as typed by the holder, or as a provider answers for it (`verified_at`).
    pub citizen_id: Option<String>,
    /// Whose.
    pub kind: AccountKind,
    /// Tax code of an organisation.
    pub tax_code: Option<String>,
    /// Date of birth, as the provider says it.
    pub birth_date: Option<String>,
    /// When a provider last answered for the number.
    pub verified_at: Option<Moment>,
    /// Which provider did.
    pub verified_by: Option<String>,
    /// Version of the stream.
    pub version: i64,
}

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

impl FromRow for Wait {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Wait { failures: row.get(0)?, last_at: row.get(1)?, until: row.get(2)? })
    }
}

/// The wait of a bucket.
pub async fn wait(tx: &Read<'_>, bucket: &str) -> Result<Option<Wait>, Error> {
    tx.opt(sql!("SELECT failures, last_at, until FROM sign_in_wait WHERE bucket = $1"), &[&bucket]).await
}

/// Counts one more try; none when the bucket must still wait. What happened before `forget` no longer counts.
pub async fn charge(tx: &Write<'_>, bucket: &str, now: Moment, forget: Moment) -> Result<Option<i64>, Error> {
    tx.opt(
        sql!(
            "INSERT INTO sign_in_wait (bucket, failures, last_at, until) VALUES ($1, 1, $2, $2)
             ON CONFLICT (bucket) DO UPDATE
             SET failures = CASE WHEN sign_in_wait.last_at > $3 THEN sign_in_wait.failures + 1 ELSE 1 END, last_at = $2
             WHERE sign_in_wait.until <= $2
             RETURNING failures"
        ),
        &[&bucket, &now, &forget],
    )
    .await
}

/// Says until when further tries are not looked at.
pub async fn set_until(tx: &Write<'_>, bucket: &str, until: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE sign_in_wait SET until = $2 WHERE bucket = $1"), &[&bucket, &until]).await.map(drop)
}

/// Takes one charge back and the wait with it.
pub async fn give_back(tx: &Write<'_>, bucket: &str, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE sign_in_wait SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, until = $2 WHERE bucket = $1"
        ),
        &[&bucket, &now],
    )
    .await
    .map(drop)
}

/// Forgets the wait of a bucket, and everything long past.
pub async fn clear_wait(tx: &Write<'_>, bucket: &str, long_past: Moment) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM sign_in_wait WHERE bucket = $1 OR last_at < $2"), &[&bucket, &long_past]).await.map(drop)
}

/// A browser somebody signed in from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Whose.
    pub subject: Uuid,
    /// Name of the person.
    pub name: String,
    /// Hash of the browser's secret.
    pub secret: Vec<u8>,
    /// Until when a PIN is enough here.
    pub proved_until: Moment,
    /// Wrong PINs since the last right one.
    pub pin_failures: i64,
    /// Has a PIN.
    pub has_pin: bool,
}

impl FromRow for Device {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Device {
            subject: row.get(0)?,
            name: row.get(1)?,
            secret: row.get(2)?,
            proved_until: row.get(3)?,
            pin_failures: row.get(4)?,
            has_pin: row.get::<Option<String>>(5)?.is_some(),
        })
    }
}

/// Officers who signed in from this browser, by name.
pub async fn on_device(tx: &Read<'_>, device: Uuid, now: Moment) -> Result<Vec<Device>, Error> {
    tx.all(
        sql!(
            "SELECT d.subject, p.name, d.secret, d.proved_until, d.pin_failures, c.pin
             FROM device d
             JOIN person p ON p.id = d.subject AND (p.valid_to IS NULL OR p.valid_to > $2)
             LEFT JOIN credential c ON c.subject = d.subject
             WHERE d.id = $1 ORDER BY p.sort_key"
        ),
        &[&device, &now],
    )
    .await
}

/// The hash of the secret of this person's browser.
pub async fn device_secret(tx: &Read<'_>, device: Uuid, subject: Uuid) -> Result<Option<Vec<u8>>, Error> {
    tx.opt(sql!("SELECT secret FROM device WHERE id = $1 AND subject = $2"), &[&device, &subject]).await
}

/// Remembers the browser for this person.
pub async fn keep_device(
    tx: &Write<'_>,
    device: Uuid,
    subject: Uuid,
    secret: &[u8],
    now: Moment,
    proved_until: Moment,
) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO device (id, subject, secret, first_at, last_at, proved_until, pin_failures) VALUES ($1, $2, $3, $4, $4, $5, 0)
             ON CONFLICT (id, subject) DO UPDATE SET secret = $3, last_at = $4, proved_until = $5, pin_failures = 0"
        ),
        &[&device, &subject, &secret.to_vec(), &now, &proved_until],
    )
    .await
    .map(drop)
}

/// Charges one wrong PIN; after too many the browser counts as unproved.
pub async fn charge_pin(tx: &Write<'_>, device: Uuid, subject: Uuid) -> Result<i64, Error> {
    tx.one(
        sql!("UPDATE device SET pin_failures = pin_failures + 1 WHERE id = $1 AND subject = $2 RETURNING pin_failures"),
        &[&device, &subject],
    )
    .await
}

/// A right PIN: the count starts again.
pub async fn clear_pin(tx: &Write<'_>, device: Uuid, subject: Uuid, now: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE device SET pin_failures = 0, last_at = $3 WHERE id = $1 AND subject = $2"), &[&device, &subject, &now])
        .await
        .map(drop)
}

/// Keeps where somebody was when they locked this browser.
pub async fn set_back_to(tx: &Write<'_>, device: Uuid, subject: Uuid, back_to: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE device SET back_to = $3 WHERE id = $1 AND subject = $2"), &[&device, &subject, &back_to]).await.map(drop)
}

/// Where somebody was when they locked this browser.
pub async fn back_to(tx: &Read<'_>, device: Uuid, subject: Uuid) -> Result<Option<String>, Error> {
    let found: Option<Option<String>> =
        tx.opt(sql!("SELECT back_to FROM device WHERE id = $1 AND subject = $2"), &[&device, &subject]).await?;
    Ok(found.flatten())
}

/// Browsers no longer count as proved: on this one only, or everywhere.
pub async fn unprove(tx: &Write<'_>, subject: Uuid, device: Option<Uuid>, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE device SET proved_until = $3 WHERE subject = $1 AND (CAST($2 AS uuid) IS NULL OR id = $2) AND proved_until > $3"),
        &[&subject, &device, &now],
    )
    .await
    .map(drop)
}

/// One line of the history of sign-ins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The line.
    pub id: Uuid,
    /// Realm.
    pub realm: String,
    /// Who, when it is known.
    pub subject: Option<Uuid>,
    /// When.
    pub at: Moment,
    /// How it went.
    pub outcome: String,
    /// From where.
    pub network: String,
    /// Browser.
    pub device: Option<Uuid>,
    /// The person signed in from this browser before.
    pub known_device: bool,
    /// What the browser calls itself.
    pub agent: String,
    /// The provider of identities they came by.
    pub provider: Option<String>,
    /// The level of the identity.
    pub level: Option<String>,
    /// Why an answer was refused, for the log.
    pub detail: Option<String>,
}

store::from_row!(Tried { id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail });

/// Writes a line.
pub async fn record(tx: &Write<'_>, tried: &Tried) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO sign_in (id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        &[
            &tried.id,
            &tried.realm,
            &tried.subject,
            &tried.at,
            &tried.outcome,
            &tried.network,
            &tried.device,
            &tried.known_device,
            &tried.agent,
            &tried.provider,
            &tried.level,
            &tried.detail,
        ],
    )
    .await
    .map(drop)
}

/// The last lines of one account.
pub async fn history(tx: &Read<'_>, subject: Uuid, limit: i64) -> Result<Vec<Tried>, Error> {
    tx.all(
        sql!(
            "SELECT id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail FROM sign_in
             WHERE subject = $1 ORDER BY at DESC, id LIMIT $2"
        ),
        &[&subject, &limit],
    )
    .await
}

/// A try with the person it names.
#[derive(Clone, Debug)]
pub struct Line {
    /// The try.
    pub tried: Tried,
    /// Name of the person, when it is known who.
    pub name: Option<String>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Line { tried: Tried::from_row(row)?, name: row.get(Tried::FIELDS.len())? })
    }
}

/// Tries of the people a condition of the policy lets through, before a moment, the latest first; `failed`: only those that failed.
pub async fn history_of(
    tx: &Read<'_>,
    rights: sea_query::Condition,
    before: Moment,
    failed: bool,
    limit: u64,
) -> Result<Vec<Line>, Error> {
    use sea_query::{Expr, ExprTrait as _, Order, Query};
    let mut select = Query::select();
    for column in Tried::FIELDS {
        select.column(("sign_in", *column));
    }
    select
        .column(("person", "name"))
        .from("sign_in")
        .inner_join("person", Expr::col(("person", "id")).equals(("sign_in", "subject")))
        .cond_where(rights)
        .and_where(Expr::col(("sign_in", "at")).lt(before.micros()))
        .order_by(("sign_in", "at"), Order::Desc)
        .order_by(("sign_in", "id"), Order::Asc)
        .limit(limit);
    if failed {
        select.and_where(Expr::col(("sign_in", "outcome")).like("wrong%"));
    }
    tx.all_dyn(&select).await
}
