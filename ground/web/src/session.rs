//! Who is there: a random token in a cookie, its hash in a table, a subject that only `directory` understands.
//!
//! A visitor has a token before signing in too (it binds forms, drafts and uploads); a row is written only when somebody signs in.
//! Citizens and officers live in separate realms with separate cookies, so that one browser may hold one of each.

use axum::response::{IntoResponseParts, ResponseParts};
use base::Moment;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};
use store::{Read, Write};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::house::{House, Settings};
use crate::sql;
use crate::visit::Visit;

/// Two separate worlds of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Realm {
    /// People who come with a matter.
    Citizen,
    /// People who work on it.
    Officer,
}

impl Realm {
    /// Which realm a path belongs to.
    pub fn of_path(path: &str) -> Realm {
        let officer = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|r| r.starts_with('/'));
        if ["/can-bo", "/quan-tri", "/kiem-tra"].into_iter().any(officer) { Realm::Officer } else { Realm::Citizen }
    }

    /// How it is kept in the database.
    pub fn code(self) -> &'static str {
        match self {
            Realm::Citizen => "citizen",
            Realm::Officer => "officer",
        }
    }

    /// Where one signs in.
    pub fn sign_in(self) -> &'static str {
        match self {
            Realm::Citizen => "/dang-nhap",
            Realm::Officer => "/can-bo/dang-nhap",
        }
    }

    /// The name of its cookie. `__Host-` pins it to this host over TLS, so that a neighbour cannot plant one.
    pub(crate) fn cookie(self, https: bool) -> &'static str {
        match (self, https) {
            (Realm::Citizen, true) => "__Host-motcua",
            (Realm::Citizen, false) => "motcua",
            (Realm::Officer, true) => "__Host-motcua-cb",
            (Realm::Officer, false) => "motcua-cb",
        }
    }
}

/// Who a session belongs to; only `directory` knows what the id means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Subject {
    /// Which world.
    pub realm: Realm,
    /// The person in it.
    pub id: Uuid,
}

/// What a cookie holds: 32 bytes of chance. Never logged, never stored.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The hash of a token: what tables may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(pub [u8; 32]);

impl Key {
    /// As bytes, for a column.
    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl Token {
    pub(crate) fn new(bytes: [u8; 32]) -> Token {
        Token(bytes)
    }

    /// Reads a cookie or a bearer token.
    pub fn parse(text: &str) -> Option<Token> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Token)
    }

    /// As it stands in the cookie, and in the answer of an API sign-in.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What tables may hold of it.
    pub fn key(&self) -> Key {
        Key(labelled("key", &self.0))
    }

    /// What forms carry: follows from the token, so no table is needed, and does not give it away.
    pub fn csrf(&self) -> String {
        URL_SAFE_NO_PAD.encode(&labelled("csrf", &self.0)[..24])
    }

    /// Whether a form carries this token's word.
    pub fn accepts(&self, csrf: &str) -> bool {
        self.csrf().as_bytes().ct_eq(csrf.as_bytes()).into()
    }

    pub(crate) fn cookie(&self, realm: Realm, https: bool) -> String {
        let secure = if https { "; Secure" } else { "" };
        format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}", realm.cookie(https), self.reveal())
    }
}

fn labelled(label: &str, bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"motcua/session/");
    hash.update(label.as_bytes());
    hash.update(bytes);
    hash.finalize().into()
}

/// A session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its row.
    pub key: Key,
    /// Whose it is.
    pub subject: Subject,
    /// The post the officer works in now.
    pub post: Option<Uuid>,
    /// When they signed in.
    pub started_at: Moment,
    /// When they were last here, to the minute.
    pub seen_at: Moment,
    /// When it ends whatever happens.
    pub ends_at: Moment,
    /// What the browser calls itself, so that a person knows their sessions apart.
    pub device: String,
}

impl store::Value for Key {
    fn bound(&self) -> store::Bound<'_> {
        store::Bound::Bytes(std::borrow::Cow::Borrowed(&self.0))
    }
}
impl store::Column for Key {
    fn from_cell(cell: store::Cell<'_>) -> Result<Self, String> {
        <[u8; 32]>::from_cell(cell).map(Key)
    }
}

impl std::fmt::Display for Realm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
impl std::str::FromStr for Realm {
    type Err = String;
    fn from_str(text: &str) -> Result<Realm, String> {
        match text {
            "citizen" => Ok(Realm::Citizen),
            "officer" => Ok(Realm::Officer),
            other => Err(format!("no realm {other}")),
        }
    }
}
store::text_value!(Realm);

/// What a visit's cookie leads to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// The session, when it is alive.
    pub(crate) session: Option<Session>,
    /// Whose it was, when it has just ended: what they typed is kept for them alone.
    pub(crate) former: Option<Subject>,
}

impl Standing {
    /// Whose session it is, or was until just now.
    pub(crate) fn whose(&self) -> Option<Uuid> {
        self.session.as_ref().map(|s| s.subject).or(self.former).map(|s| s.id)
    }
}

const MINUTE: i64 = 60_000_000;

fn idle(realm: Realm, settings: &Settings) -> i64 {
    let minutes = match realm {
        Realm::Citizen => settings.citizen_idle_minutes,
        Realm::Officer => settings.officer_idle_minutes,
    };
    i64::from(minutes) * MINUTE
}

impl Visit {
    /// Who has signed in, if anybody. Asks the database once per visit, and only when the cookie is there.
    pub async fn session(&self, house: &House) -> Result<Option<Session>, store::Error> {
        Ok(self.standing(house).await?.session.clone())
    }

    pub(crate) async fn standing(&self, house: &House) -> Result<&Standing, store::Error> {
        self.session_cell().get_or_try_init(|| look(self, house)).await
    }
}

async fn look(visit: &Visit, house: &House) -> Result<Standing, store::Error> {
    let Some(key) = visit.known_key() else { return Ok(Standing::default()) };
    let found = house.db.read(async move |tx: &Read<'_>| sql::session(tx, key).await).await?;
    let Some(session) = found else { return Ok(Standing::default()) };
    let now = visit.at();
    let is_api = visit.path().starts_with("/api/");
    if !is_api && session.subject.realm != visit.realm() {
        return Ok(Standing::default());
    }
    if !is_api && session.device != visit.device() {
        // A cookie that turns up in another browser was taken from this one.
        tracing::warn!(realm = %session.subject.realm, "a session was shown by another browser and refused");
        return Ok(Standing::default());
    }
    let over = now >= session.ends_at || now.micros() - session.seen_at.micros() > idle(session.subject.realm, &house.settings);
    if over {
        return Ok(Standing { former: Some(session.subject), session: None });
    }
    if now.micros() - session.seen_at.micros() >= MINUTE {
        // Nobody waits for this; if it is lost, the session only ends a little sooner.
        let db = house.db.clone();
        tokio::spawn(async move {
            let touched = db.write(async move |tx: &Write<'_>| sql::touch_session(tx, key, now).await).await;
            if let Err(error) = touched {
                tracing::warn!(%error, "could not note that a session is in use");
            }
        });
    }
    Ok(Standing { session: Some(session), former: None })
}

/// A session that was just opened. As part of an answer it sets the cookie, and leads first to what its subject had typed when an earlier
/// session ended: `(opened, go("/can-bo"))`.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The new token; an API answers it to the caller.
    pub token: Token,
    /// The row.
    pub session: Session,
    /// The visitor's key before: drafts that belonged to it can be taken over.
    pub before: Option<Key>,
    /// What waits for its subject, not seen since.
    waiting: Option<Uuid>,
    https: bool,
}

/// A sign-in made ready outside the unit of work, which may run again.
#[derive(Debug, Clone)]
pub struct Opening {
    token: Token,
    before: Option<Key>,
    at: Moment,
    hours: u32,
    device: String,
    https: bool,
}

/// Prepares a sign-in: a new token, so that one known before is worth nothing after.
pub fn opening(visit: &Visit, house: &House) -> Opening {
    Opening {
        token: visit.rotate(),
        before: visit.known_key(),
        at: visit.at(),
        hours: house.settings.session_hours,
        device: visit.device().to_owned(),
        https: visit.is_https(),
    }
}

/// Signs a subject in, inside the caller's unit: the old session of this browser ends, and what was parked or uploaded here by nobody else
/// becomes the subject's.
pub async fn open(tx: &Write<'_>, opening: &Opening, subject: Subject, post: Option<Uuid>) -> Result<Opened, store::Error> {
    let now = opening.at;
    let ends_at = now.plus(jiff::SignedDuration::from_hours(i64::from(opening.hours)));
    let key = opening.token.key();
    let waiting = sql::unseen(tx, subject.id).await?;
    if let Some(before) = opening.before {
        sql::end_session(tx, before).await?;
        sql::move_along(tx, before, key, subject.id, now).await?;
    }
    let session = Session { key, subject, post, started_at: now, seen_at: now, ends_at, device: opening.device.clone() };
    sql::add_session(tx, &session, opening.before).await?;
    Ok(Opened { token: opening.token.clone(), session, before: opening.before, waiting, https: opening.https })
}

/// Changes the post an officer works in.
pub async fn change_post(tx: &Write<'_>, key: Key, post: Option<Uuid>) -> Result<(), store::Error> {
    sql::set_post(tx, key, post).await
}

/// Ends one session.
pub async fn close(tx: &Write<'_>, key: Key) -> Result<(), store::Error> {
    sql::end_session(tx, key).await
}

/// Ends every session of a subject, except perhaps the one in hand; answers how many.
pub async fn close_all(tx: &Write<'_>, subject: Subject, except: Option<Key>) -> Result<u64, store::Error> {
    sql::end_sessions(tx, subject, except).await
}

/// The sessions of a subject, newest first: where am I signed in?
pub async fn list(tx: &Read<'_>, subject: Subject) -> Result<Vec<Session>, store::Error> {
    sql::sessions_of(tx, subject).await
}

/// Forgets what is over: sessions a day after their end, parked posts after a week.
pub async fn sweep(tx: &Write<'_>, now: Moment) -> Result<u64, store::Error> {
    let sessions = sql::forget_sessions(tx, now.plus(jiff::SignedDuration::from_hours(-24))).await?;
    let parked = sql::forget_parked(tx, now.plus(jiff::SignedDuration::from_hours(-24 * 7))).await?;
    Ok(sessions + parked)
}

/// Takes the cookie away; part of the answer to signing out: `(Closed::of(&visit), go("/"))`.
#[derive(Debug, Clone)]
pub struct Closed(Realm, bool);

impl Closed {
    /// The cookie of this visit's realm.
    pub fn of(visit: &Visit) -> Closed {
        Closed(visit.realm(), visit.is_https())
    }
}

fn add_cookie(parts: &mut ResponseParts, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        parts.headers_mut().append(header::SET_COOKIE, value);
    }
}

impl IntoResponseParts for Opened {
    type Error = std::convert::Infallible;
    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let realm = self.session.subject.realm;
        add_cookie(&mut parts, &self.token.cookie(realm, self.https));
        if let (Some(waiting), Some(to)) = (self.waiting, parts.headers_mut().get_mut(header::LOCATION)) {
            crate::parked::lead_first(to, realm, waiting);
        }
        Ok(parts)
    }
}

impl IntoResponseParts for Closed {
    type Error = std::convert::Infallible;
    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let secure = if self.1 { "; Secure" } else { "" };
        add_cookie(&mut parts, &format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}", self.0.cookie(self.1)));
        Ok(parts)
    }
}
