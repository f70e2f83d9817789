//! One's own account: password, PIN, second factor, history, sign out everywhere. An officer's acts on their own account go into the log.
use base::{Moment, Seed};
use store::{By, Db, Loaded, Read, Write};
use uuid::Uuid;
use web::Key;

use crate::{
    CitizenAccountId, DirectoryEvent as Event, Error, PersonId, Realm, Subject,
    identity::account::{AccountKind, CitizenAccount},
    secret::{hashing, password, totp},
    service::{people::Hashed, sessions},
    sql::{
        credentials::{self as sql, Known, Proofs, Tried},
        identity::{self, Linked, Represented},
        people,
    },
};

/// Appends to the stream of an officer's account. Citizens' accounts keep their own.
pub(crate) async fn append(tx: &Write<'_>, by: &By, known: &Known, event: Event) -> Result<(), Error> {
    let id = PersonId(known.subject);
    // loaded again: a second event of one unit must see the version the first one left
    let person = people::person(tx, id).await?.ok_or(Error::Missing("person"))?;
    let version = store::append(tx, by, Loaded::at::<Event>(id.0, person.version), &[event]).await?;
    Ok(people::version(tx, id, version).await?)
}

async fn own(tx: &Read<'_>, subject: Uuid, now: Moment) -> Result<Known, Error> {
    sql::officer_by_id(tx, subject, now).await?.ok_or(Error::Missing("account"))
}

/// What the account page shows.
#[derive(Clone, Debug)]
pub struct Account {
    /// Sign-in name.
    pub login: String,
    /// E-mail.
    pub email: Option<String>,
    /// What there is to prove oneself with.
    pub proofs: Proofs,
    /// The last sign-ins.
    pub history: Vec<Tried>,
}

/// One's own account.
pub async fn account(tx: &Read<'_>, who: PersonId) -> Result<Account, Error> {
    let person = people::person(tx, who).await?.ok_or(Error::Missing("account"))?;
    let proofs = sql::proofs(tx, who.0).await?.ok_or(Error::Missing("account"))?;
    Ok(Account { login: person.login, email: person.email, proofs, history: sql::history(tx, who.0, 20).await? })
}

/// Checks the present password of a person who is signed in, before a sensitive act on the own account.
pub async fn confirm(db: &Db, subject: Uuid, now: Moment, given: String) -> Result<Known, Error> {
    let known = db.read(async move |tx: &Read<'_>| own(tx, subject, now).await).await?;
    if !hashing::verify(given, known.password.clone()).await? {
        return Err(Error::fault("current", "Mật khẩu hiện tại chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt."));
    }
    Ok(known)
}

/// Changes one's own password: every session but the one in hand (`keep`) ends, and browsers must prove themselves again.
pub async fn change_password(
    db: &Db,
    by: &By,
    subject: Uuid,
    current: String,
    new: &str,
    login: &str,
    keep: Option<Key>,
) -> Result<(), Error> {
    let known = confirm(db, subject, by.now, current).await?;
    let hashed: Hashed = crate::hash_password(new, &[login, &known.name], &by.seed).await?;
    let by = *by;
    db.write(async move |tx: &Write<'_>| {
        append(tx, &by, &known, Event::PasswordSet { own: true }).await?;
        sql::set_password(tx, subject, hashed.as_str(), by.now, false).await?;
        sessions::end_all(tx, Subject { realm: Realm::Officer, id: subject }, keep).await?;
        Ok(sql::unprove(tx, subject, None, by.now).await?)
    })
    .await
}

/// Sets the PIN for the desk change-over.
pub async fn set_pin(db: &Db, by: &By, subject: Uuid, current: String, pin: String) -> Result<(), Error> {
    password::judge_pin(&pin)?;
    let known = confirm(db, subject, by.now, current).await?;
    let hash = hashing::hash(pin, &by.seed).await?;
    let by = *by;
    db.write(async move |tx: &Write<'_>| {
        append(tx, &by, &known, Event::PinSet).await?;
        Ok(sql::set_pin(tx, subject, Some(&hash)).await?)
    })
    .await
}

/// Begins to enrol a second factor, or shows again the secret of an enrolment that was begun. None when one is confirmed already.
pub async fn offer_totp(tx: &Write<'_>, subject: Uuid, seed: &Seed) -> Result<Option<Vec<u8>>, Error> {
    let proofs = sql::proofs(tx, subject).await?.ok_or(Error::Missing("account"))?;
    if proofs.totp_confirmed_at.is_some() {
        return Ok(None);
    }
    if let Some(begun) = proofs.totp {
        return Ok(Some(begun));
    }
    let secret = totp::secret(seed);
    sql::offer_totp(tx, subject, &secret).await?;
    Ok(Some(secret))
}

/// Confirms the enrolment with a first code; the answer is the recovery codes, shown once.
pub async fn confirm_totp(tx: &Write<'_>, by: &By, subject: Uuid, code: &str) -> Result<Vec<String>, Error> {
    let known = own(tx, subject, by.now).await?;
    let proofs = sql::proofs(tx, subject).await?.ok_or(Error::Missing("account"))?;
    let secret = proofs.totp.filter(|_| proofs.totp_confirmed_at.is_none()).ok_or(Error::Missing("enrolment"))?;
    let step = totp::check(&secret, code, by.now, proofs.last_step).ok_or_else(|| {
        Error::fault("code", "Mã chưa khớp. Gõ 6 số đang hiện trong ứng dụng; nếu vẫn sai, xem lại giờ của điện thoại.")
    })?;
    sql::take_step(tx, subject, step).await?;
    let codes = fresh_codes(tx, by, subject).await?;
    sql::confirm_totp(tx, subject, by.now).await?;
    append(tx, by, &known, Event::TotpEnrolled).await?;
    Ok(codes)
}

async fn fresh_codes(tx: &Write<'_>, by: &By, subject: Uuid) -> Result<Vec<String>, Error> {
    let codes = totp::recovery_codes(&by.seed);
    let hashes: Vec<Vec<u8>> = codes.iter().filter_map(|c| totp::recovery_hash(subject, c)).collect();
    sql::replace_recovery(tx, subject, &hashes).await?;
    Ok(codes)
}

/// New recovery codes in place of the old ones; the caller asked for the password.
pub async fn renew_codes(tx: &Write<'_>, by: &By, subject: Uuid) -> Result<Vec<String>, Error> {
    let proofs = sql::proofs(tx, subject).await?.ok_or(Error::Missing("account"))?;
    if proofs.totp_confirmed_at.is_none() {
        return Err(Error::Missing("second factor"));
    }
    let known = own(tx, subject, by.now).await?;
    let codes = fresh_codes(tx, by, subject).await?;
    append(tx, by, &known, Event::RecoveryCodesMade).await?;
    Ok(codes)
}

/// Takes one's own second factor away (a new telephone); the caller asked for the password.
pub async fn remove_totp(tx: &Write<'_>, by: &By, subject: Uuid, own_wish: bool) -> Result<(), Error> {
    let known = own(tx, subject, by.now).await?;
    sql::remove_totp(tx, subject).await?;
    sql::unprove(tx, subject, None, by.now).await?;
    append(tx, by, &known, Event::TotpRemoved { own: own_wish }).await
}

/// Leaves a browser for good: it asks for everything again.
pub async fn leave_browser(tx: &Write<'_>, by: &By, subject: Uuid, device: Option<Uuid>) -> Result<(), Error> {
    match device {
        Some(device) => Ok(sql::unprove(tx, subject, Some(device), by.now).await?),
        None => Ok(()),
    }
}

/// Locks a browser for a while: a PIN will do, and the person finds the page they were on.
pub async fn lock(tx: &Write<'_>, subject: Uuid, device: Option<Uuid>, back_to: &str) -> Result<(), Error> {
    match device {
        Some(device) => Ok(sql::set_back_to(tx, device, subject, back_to).await?),
        None => Ok(()),
    }
}

/// Ends every session but the one in hand (`keep`), and every browser must prove itself again; answers how many ended.
pub async fn out_everywhere(tx: &Write<'_>, by: &By, subject: Subject, keep: Key) -> Result<u64, Error> {
    sql::unprove(tx, subject.id, None, by.now).await?;
    if subject.realm == Realm::Officer {
        let known = own(tx, subject.id, by.now).await?;
        append(tx, by, &known, Event::SignedOutEverywhere).await?;
    }
    sessions::end_all(tx, subject, Some(keep)).await
}

/// What a citizen's own page shows.
#[derive(Clone, Debug)]
pub struct Citizen {
    /// The account.
    pub account: CitizenAccount,
    /// Whether it has a password of its own here (demo profile).
    pub has_password: bool,
    /// By whose word people come to it.
    pub identities: Vec<Linked>,
    /// Organisations the person came for; of an organisation: the people who came for it.
    pub represented: Vec<Represented>,
    /// The last sign-ins.
    pub history: Vec<Tried>,
}

/// A citizen's own account.
pub async fn citizen(tx: &Read<'_>, id: CitizenAccountId) -> Result<Citizen, Error> {
    let account = sql::citizen_account(tx, id).await?.ok_or(Error::Missing("account"))?;
    Ok(Citizen {
        has_password: sql::proofs(tx, id.0).await?.is_some_and(|proofs| proofs.password_at.is_some()),
        identities: identity::identities_of(tx, id.0).await?,
        represented: match account.kind {
            AccountKind::Person => identity::represented_by(tx, id).await?,
            AccountKind::Organisation => identity::representatives(tx, id).await?,
        },
        history: sql::history(tx, id.0, 10).await?,
        account,
    })
}
