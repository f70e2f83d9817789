//! Signing in: a try is charged before the password is looked at, every outcome is recorded, and whoever guesses slows only themselves.
//!
//! [`with_password`] → ([`with_code`] when a second factor is enrolled) → a session, made by the page. At a change-over
//! [`with_pin`] is enough on a browser where the person gave both factors the same day.
use base::Moment;
use sha2::{Digest, Sha256};
use store::{By, Db, Read, Write};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    DirectoryEvent as Event, Error, Realm, Subject,
    secret::{hashing, totp, wait},
    sql::credentials::{self as sql, Known, Tried},
};

/// Wrong PINs on a browser before it asks for everything again.
pub const PINS: i64 = 5;
/// How long a right password waits for the second factor.
const HALF_WAY_MINUTES: i64 = 10;
/// Wrong codes after one right password.
const CODES: i64 = 5;
/// How long a browser counts as proved after both factors.
const PROVED_HOURS: i64 = 12;

/// Where a try comes from.
#[derive(Clone, Debug)]
pub struct Place {
    /// The network, not the machine: /24 of IPv4, /56 of IPv6.
    pub network: String,
    /// The browser, by its cookie.
    pub device: Option<Device>,
    /// What the browser calls itself.
    pub agent: String,
}

/// A browser: its id, and the hash of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Id.
    pub id: Uuid,
    /// Hash of the secret.
    pub key: [u8; 32],
}

impl Device {
    /// Reads the cookie: id and secret, both in hexadecimal.
    pub fn parse(cookie: &str) -> Option<Device> {
        let (id, secret) = cookie.split_once('.')?;
        let secret = hex::decode(secret).ok().filter(|s| s.len() == 32)?;
        Some(Device { id: id.parse().ok()?, key: Sha256::digest(secret).into() })
    }

    /// A new browser and what its cookie says.
    pub fn fresh(by: &By) -> (Device, String) {
        let (id, secret) = (by.id("device", 0), by.seed.bytes("device secret", 0));
        (Device { id, key: Sha256::digest(secret).into() }, format!("{}.{}", id.simple(), hex::encode(secret)))
    }
}

/// Somebody who proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The account.
    pub subject: Subject,
    /// Name.
    pub name: String,
}

/// How far a try came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// All the way.
    In(Proved),
    /// The password is right; now the second factor.
    Second,
}

/// Why a try came to nothing. None of these says whether the account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIn {
    /// Name, password, code or PIN is wrong.
    Wrong,
    /// Tried too often from here: not looked at before this moment.
    Wait(Moment),
    /// The password was given too long ago, or too many codes were wrong: begin again.
    Again,
}

/// The ids and codes of one try.
struct Try {
    realm: Realm,
    known: Option<Known>,
    known_device: bool,
    buckets: Vec<(String, i64)>,
}

/// Looks at a password.
pub async fn with_password(
    db: &Db,
    by: &By,
    realm: Realm,
    login: &str,
    password: String,
    place: &Place,
    half_way: [u8; 32],
) -> Result<Result<Step, NotIn>, Error> {
    let login = crate::service::people::login(login).unwrap_or_default();
    let charged = charge(db, by, place, async move |tx: &Read<'_>, now| known(tx, realm, &login, now).await, realm).await?;
    let tried = match charged {
        Ok(tried) => tried,
        Err(until) => return Ok(Err(NotIn::Wait(until))),
    };
    let kept = tried.known.as_ref().and_then(|k| k.password.clone());
    let right = hashing::verify(password, kept).await?;
    let (by, place) = (*by, place.clone());
    db.write(async move |tx: &Write<'_>| {
        let Some(known) = tried.known.as_ref().filter(|_| right) else {
            record(tx, &by, &tried, &place, "wrong_password").await?;
            return Ok(Err(NotIn::Wrong));
        };
        if known.totp.is_some() {
            // the charge is given back only when the second factor is right too
            wait_for_second(tx, &by, realm, known.subject, half_way).await?;
            record(tx, &by, &tried, &place, "password").await?;
            return Ok(Ok(Step::Second));
        }
        settle(tx, &by, &tried, &place, "in").await?;
        Ok(Ok(Step::In(proved(realm, known))))
    })
    .await
}

/// The first factor is right (a password, or a provider's word): the second is waited for under this key.
pub async fn wait_for_second(tx: &Write<'_>, by: &By, realm: Realm, subject: Uuid, half_way: [u8; 32]) -> Result<(), Error> {
    Ok(sql::begin_half_way(tx, &half_way, realm.code(), subject, second_until(by.now)).await?)
}

/// Until when the second factor is waited for.
pub(crate) fn second_until(now: Moment) -> Moment {
    later(now, HALF_WAY_MINUTES * 60)
}

/// Looks at the second factor: a one-time code or a recovery code.
pub async fn with_code(
    db: &Db,
    by: &By,
    realm: Realm,
    code: String,
    place: &Place,
    half_way: [u8; 32],
) -> Result<Result<Proved, NotIn>, Error> {
    let (by, place) = (*by, place.clone());
    db.write(async move |tx: &Write<'_>| {
        let Some(subject) = sql::charge_half_way(tx, &half_way, realm.code(), by.now, CODES).await? else {
            return Ok(Err(NotIn::Again));
        };
        let Some(known) = by_id(tx, realm, subject, by.now).await? else { return Ok(Err(NotIn::Again)) };
        let (known_device, buckets) = buckets(tx, Some(&known), &place).await?;
        let tried = Try { realm, known: Some(known), known_device, buckets };
        let Some(known) = &tried.known else { return Ok(Err(NotIn::Again)) };
        let outcome = second(tx, &by, known, &code).await?;
        let Some(outcome) = outcome else {
            record(tx, &by, &tried, &place, "wrong_code").await?;
            return Ok(Err(NotIn::Wrong));
        };
        sql::end_half_way(tx, &half_way, by.now).await?;
        settle(tx, &by, &tried, &place, outcome).await?;
        Ok(Ok(proved(realm, known)))
    })
    .await
}

/// Checks a one-time or recovery code and uses it up; the answer is the word for the record.
async fn second(tx: &Write<'_>, by: &By, known: &Known, code: &str) -> Result<Option<&'static str>, Error> {
    let Some(secret) = &known.totp else { return Ok(None) };
    if let Some(step) = totp::check(secret, code, by.now, known.last_step) {
        return Ok(sql::take_step(tx, known.subject, step).await?.then_some("in"));
    }
    let Some(hash) = totp::recovery_hash(known.subject, code) else { return Ok(None) };
    if !sql::use_recovery(tx, known.subject, &hash, by.now).await? {
        return Ok(None);
    }
    let left = sql::proofs(tx, known.subject).await?.map_or(0, |p| p.recovery_left);
    super::account::append(tx, by, known, Event::RecoveryCodeUsed { left }).await?;
    Ok(Some("in_recovery"))
}

/// Looks at a PIN (or the password) of somebody who gave both factors on this browser today.
pub async fn with_pin(db: &Db, by: &By, subject: Uuid, secret: String, place: &Place) -> Result<Result<Proved, NotIn>, Error> {
    let Some(device) = place.device else { return Ok(Err(NotIn::Again)) };
    let (now, is_pin) = (by.now, secret.len() == 6 && secret.bytes().all(|b| b.is_ascii_digit()));
    // charged first, as with passwords; the fifth wrong one makes the browser ask for everything again
    let known = db
        .write(async move |tx: &Write<'_>| {
            let kept = sql::device_secret(tx, device.id, subject).await?;
            let is_this_browser = kept.is_some_and(|kept| same(&kept, &device.key));
            if !is_this_browser || !sql::charge_pin(tx, device.id, subject, now, PINS).await? {
                return Ok::<_, Error>(None);
            }
            Ok(sql::officer_by_id(tx, subject, now).await?)
        })
        .await?;
    let Some(known) = known else { return Ok(Err(NotIn::Again)) };
    let kept = if is_pin { known.pin.clone() } else { known.password.clone() };
    let right = hashing::verify(secret, kept).await?;
    let (by, place) = (*by, place.clone());
    db.write(async move |tx: &Write<'_>| {
        let known = known.clone();
        let tried = Try { realm: Realm::Officer, known: Some(known.clone()), known_device: true, buckets: vec![] };
        if !right {
            record(tx, &by, &tried, &place, "wrong_pin").await?;
            return Ok(Err(NotIn::Wrong));
        }
        sql::clear_pin(tx, device.id, subject, by.now).await?;
        record(tx, &by, &tried, &place, "in_pin").await?;
        Ok(Ok(proved(Realm::Officer, &known)))
    })
    .await
}

/// Whether a right password waits for the second factor under this key.
pub async fn is_half_way(tx: &Read<'_>, key: &[u8; 32], realm: Realm, now: Moment) -> Result<bool, Error> {
    Ok(sql::half_way(tx, key, realm.code(), now, CODES).await?.is_some())
}

/// Somebody for whom a PIN is enough on this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// The person.
    pub subject: Uuid,
    /// Name.
    pub name: String,
    /// Has a PIN; otherwise the password is asked.
    pub has_pin: bool,
}

/// Officers who gave both factors on this browser today, by name.
pub async fn proved_here(tx: &Read<'_>, device: &Device, now: Moment) -> Result<Vec<Here>, Error> {
    let all = sql::on_device(tx, device.id, now).await?;
    let proved = |d: &sql::Device| d.proved_until > now && d.pin_failures < PINS && same(&d.secret, &device.key);
    let here = |d: sql::Device| Here { subject: d.subject, name: d.name, has_pin: d.has_pin };
    Ok(all.into_iter().filter(proved).map(here).collect())
}

/// Where somebody was when they locked this browser.
pub async fn back_to(tx: &Read<'_>, device: Uuid, subject: Uuid) -> Result<Option<String>, Error> {
    Ok(sql::back_to(tx, device, subject).await?)
}

/// Remembers the browser for a person who gave everything that is asked.
pub async fn remember_device(tx: &Write<'_>, by: &By, subject: Uuid, device: &Device) -> Result<(), Error> {
    let until = later(by.now, PROVED_HOURS * 3600);
    Ok(sql::keep_device(tx, device.id, subject, &device.key, by.now, until).await?)
}

async fn known(tx: &Read<'_>, realm: Realm, login: &str, now: Moment) -> Result<Option<Known>, Error> {
    Ok(match realm {
        Realm::Officer => sql::officer(tx, login, now).await?,
        Realm::Citizen => sql::citizen(tx, login).await?,
    })
}

async fn by_id(tx: &Read<'_>, realm: Realm, subject: Uuid, now: Moment) -> Result<Option<Known>, Error> {
    Ok(match realm {
        Realm::Officer => sql::officer_by_id(tx, subject, now).await?,
        Realm::Citizen => None,
    })
}

fn proved(realm: Realm, known: &Known) -> Proved {
    Proved { subject: Subject { realm, id: known.subject }, name: known.name.clone() }
}

/// The buckets a try is charged to, with their free tries. A known browser has its own and is not held up by its network.
async fn buckets(tx: &Read<'_>, known: Option<&Known>, place: &Place) -> Result<(bool, Vec<(String, i64)>), Error> {
    let all = (wait::of_all(&place.network), wait::FREE_NETWORK);
    let Some(known) = known else { return Ok((false, vec![all])) };
    if let Some(device) = place.device {
        let kept = sql::device_secret(tx, device.id, known.subject).await?;
        if kept.is_some_and(|kept| same(&kept, &device.key)) {
            return Ok((true, vec![(wait::of_device(known.subject, device.id), wait::FREE)]));
        }
    }
    Ok((false, vec![(wait::of_network(known.subject, &place.network), wait::FREE), all]))
}

/// Charges a try, unless one of its buckets must still wait. Reads first, so that a flood of refused tries writes nothing.
async fn charge<F>(db: &Db, by: &By, place: &Place, find: F, realm: Realm) -> Result<Result<Try, Moment>, Error>
where
    F: AsyncFn(&Read<'_>, Moment) -> Result<Option<Known>, Error> + Send + 'static,
{
    let (now, at) = (by.now, place.clone());
    let looked = db
        .read(async move |tx: &Read<'_>| {
            let known = find(tx, now).await?;
            let (known_device, buckets) = buckets(tx, known.as_ref(), &at).await?;
            let until = waiting(tx, &buckets, now).await?;
            Ok::<_, Error>((Try { realm, known, known_device, buckets }, until))
        })
        .await?;
    let tried = match looked {
        (_, Some(until)) => return Ok(Err(until)),
        (tried, None) => tried,
    };
    let buckets = tried.buckets.clone();
    let charged = db
        .write(async move |tx: &Write<'_>| {
            for (bucket, free) in &buckets {
                // one statement that waits for its turn: a thousand tries at once are a thousand charges
                let failures = sql::charge(tx, bucket, now, later(now, -wait::FORGET_SECONDS)).await?;
                let Some(failures) = failures else {
                    return Err(Refused::Waits(sql::wait(tx, bucket).await?.map_or(now, |w| w.until)));
                };
                sql::set_until(tx, bucket, later(now, wait::seconds(failures, *free))).await?;
            }
            Ok(())
        })
        .await;
    match charged {
        Ok(()) => Ok(Ok(tried)),
        Err(Refused::Waits(until)) => Ok(Err(until)),
        Err(Refused::Store(e)) => Err(e.into()),
    }
}

/// Rolls the charges of a refused try back: it is not looked at, so it costs nothing.
enum Refused {
    Waits(Moment),
    Store(store::Error),
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Refused::Store(error)
    }
}

async fn waiting(tx: &Read<'_>, buckets: &[(String, i64)], now: Moment) -> Result<Option<Moment>, Error> {
    let mut until = None;
    for (bucket, _) in buckets {
        until = until.max(sql::wait(tx, bucket).await?.map(|w| w.until).filter(|until| *until > now));
    }
    Ok(until)
}

/// A right try: what was charged is given back and the line is written.
async fn settle(tx: &Write<'_>, by: &By, tried: &Try, place: &Place, outcome: &str) -> Result<(), Error> {
    let long_past = later(by.now, -2 * wait::FORGET_SECONDS);
    for (bucket, free) in &tried.buckets {
        if *free == wait::FREE {
            sql::clear_wait(tx, bucket, long_past).await?;
        } else {
            sql::give_back(tx, bucket, by.now).await?;
        }
    }
    record(tx, by, tried, place, outcome).await
}

async fn record(tx: &Write<'_>, by: &By, tried: &Try, place: &Place, outcome: &str) -> Result<(), Error> {
    let line = Tried {
        id: by.id("sign in", 0),
        realm: tried.realm.code().to_owned(),
        subject: tried.known.as_ref().map(|k| k.subject),
        at: by.now,
        outcome: outcome.to_owned(),
        network: place.network.clone(),
        device: place.device.map(|d| d.id),
        known_device: tried.known_device,
        agent: place.agent.chars().take(200).collect(),
        provider: None,
        level: None,
        detail: None,
    };
    Ok(sql::record(tx, &line).await?)
}

pub(crate) fn same(kept: &[u8], given: &[u8; 32]) -> bool {
    kept.ct_eq(given).into()
}

fn later(at: Moment, seconds: i64) -> Moment {
    Moment::from_micros(at.micros() + seconds * 1_000_000)
}
