//! Who is there: a random token in a cookie, its hash in a table, a subject that only `directory` understands.
//!
//! A visitor has a token before signing in too (it binds forms, drafts and uploads); a row is written only when somebody signs in.
//! Citizens and officers live in separate realms with separate cookies, so that one browser may hold one of each.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base::Moment;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

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
        if officer("/can-bo") || officer("/quan-tri") { Realm::Officer } else { Realm::Citizen }
    }

    /// How it is kept in the database.
    pub fn code(self) -> &'static str {
        match self {
            Realm::Citizen => "citizen",
            Realm::Officer => "officer",
        }
    }

    /// Reads it back.
    pub fn parse(text: &str) -> Option<Realm> {
        match text {
            "citizen" => Some(Realm::Citizen),
            "officer" => Some(Realm::Officer),
            _ => None,
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
