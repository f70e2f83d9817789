//! Whether a token is genuine, from the right provider, meant for us, fresh, and the answer to our own question. Pure: keys, time and what
//! is expected are passed in. Signatures are checked by jsonwebtoken over aws-lc-rs; every claim is checked here, one rule a line.
use base::Moment;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation,
    jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::{
    Refused,
    provider::{Claims, LONGEST_ID, text},
};

/// Longest token that is looked at.
const LONGEST: usize = 32 * 1024;
/// How far the clocks of two houses may differ.
const SKEW_SECONDS: i64 = 60;
/// How old a token may be when it arrives.
const OLDEST_SECONDS: i64 = 600;
/// What a logout token says it is.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Algorithms with a public key. A shared secret proves nothing to us: whoever knows it could sign too.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// A token whose signature holds.
#[derive(Clone, Debug)]
pub struct Signed {
    /// What it says.
    pub claims: Claims,
    /// How it was signed.
    pub algorithm: Algorithm,
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsigned {
    /// None of these keys is named: perhaps the provider has new ones.
    UnknownKey,
    /// It never will.
    Bad(&'static str),
}

impl From<Unsigned> for Refused {
    fn from(why: Unsigned) -> Refused {
        match why {
            Unsigned::UnknownKey => Refused::Untrusted("key"),
            Unsigned::Bad(why) => Refused::Untrusted(why),
        }
    }
}

/// Checks the signature by the keys that the provider publishes.
pub fn signed(token: &str, keys: &JwkSet) -> Result<Signed, Unsigned> {
    if token.len() > LONGEST {
        return Err(Unsigned::Bad("token too long"));
    }
    // a token that calls itself unsigned (`none`) has no algorithm this knows, and fails here
    let header = jsonwebtoken::decode_header(token).map_err(|_| Unsigned::Bad("header"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Unsigned::Bad("algorithm"));
    }
    if header.crit.is_some() {
        return Err(Unsigned::Bad("critical header"));
    }
    let key = DecodingKey::from_jwk(chosen(&header, keys)?).map_err(|_| Unsigned::Bad("key"))?;
    let mut rule = Validation::new(header.alg);
    // time and audience are judged below, by a clock that is passed in
    (rule.validate_exp, rule.validate_nbf, rule.validate_aud) = (false, false, false);
    rule.required_spec_claims.clear();
    match jsonwebtoken::decode::<Claims>(token, &key, &rule) {
        Ok(data) => Ok(Signed { claims: data.claims, algorithm: data.header.alg }),
        Err(_) => Err(Unsigned::Bad("signature")),
    }
}

/// The key a token names; without a name there must be only one that fits.
fn chosen<'a>(header: &Header, keys: &'a JwkSet) -> Result<&'a Jwk, Unsigned> {
    let fits = |key: &&Jwk| {
        let family = match key.algorithm {
            AlgorithmParameters::RSA(_) => AlgorithmFamily::Rsa,
            AlgorithmParameters::EllipticCurve(_) => AlgorithmFamily::Ec,
            AlgorithmParameters::OctetKeyPair(_) => AlgorithmFamily::Ed,
            _ => return false,
        };
        family == header.alg.family()
            && key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature)
            && key.common.key_algorithm.is_none_or(|alg| alg == KeyAlgorithm::from(header.alg))
    };
    let mut found = keys.keys.iter().filter(|k| header.kid.is_none() || k.common.key_id == header.kid).filter(fits);
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(Unsigned::UnknownKey),
        (Some(_), Some(_)) => Err(Unsigned::Bad("two keys fit")),
    }
}

/// What an id token must answer to.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The provider's name.
    pub issuer: &'a str,
    /// Our name there.
    pub client_id: &'a str,
    /// What only this answer may carry.
    pub nonce: &'a str,
    /// Now.
    pub now: Moment,
}

/// The rule of id tokens (OpenID Connect Core 3.1.3.7).
pub fn id_token(claims: &Claims, asked: &Question<'_>) -> Result<(), Refused> {
    issued_by(claims, asked.issuer)?;
    for_us(claims, asked.client_id)?;
    fresh(claims, asked.now)?;
    text(claims, "sub").filter(|sub| sub.len() <= LONGEST_ID).ok_or(Refused::Untrusted("subject"))?;
    let nonce = text(claims, "nonce").ok_or(Refused::Untrusted("nonce"))?;
    if !bool::from(nonce.as_bytes().ct_eq(asked.nonce.as_bytes())) {
        return Err(Refused::Untrusted("nonce"));
    }
    Ok(())
}

/// The access token that came along is the one the id token was made with, when it says so.
pub fn came_together(signed: &Signed, access_token: &str) -> Result<(), Refused> {
    let Some(said) = text(&signed.claims, "at_hash") else { return Ok(()) };
    let bytes = access_token.as_bytes();
    let hash = match signed.algorithm {
        Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => Sha384::digest(bytes).to_vec(),
        Algorithm::RS512 | Algorithm::PS512 | Algorithm::EdDSA => Sha512::digest(bytes).to_vec(),
        _ => Sha256::digest(bytes).to_vec(),
    };
    let half = URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2]);
    if half == said { Ok(()) } else { Err(Refused::Untrusted("access token")) }
}

/// Whose sessions a logout token ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whose; none: whoever has the session.
    pub sub: Option<String>,
    /// Which session at the provider; none: all of theirs.
    pub sid: Option<String>,
    /// The number of the token: each is taken once.
    pub jti: String,
    /// Until when its number must be remembered.
    pub until: Moment,
}

/// The rule of logout tokens (OpenID Connect Back-Channel Logout 2.6).
pub fn logout_token(claims: &Claims, issuer: &str, client_id: &str, now: Moment) -> Result<Ended, Refused> {
    issued_by(claims, issuer)?;
    for_us(claims, client_id)?;
    fresh(claims, now)?;
    if !claims.get("events").and_then(|e| e.get(LOGOUT)).is_some_and(Value::is_object) {
        return Err(Refused::Untrusted("events"));
    }
    // an id token is no order to sign somebody out
    if claims.contains_key("nonce") {
        return Err(Refused::Untrusted("nonce"));
    }
    let (sub, sid) = (text(claims, "sub"), text(claims, "sid"));
    if sub.is_none() && sid.is_none() {
        return Err(Refused::Untrusted("subject"));
    }
    let jti = text(claims, "jti").filter(|jti| jti.len() <= LONGEST_ID).ok_or(Refused::Untrusted("number"))?;
    let until = seconds(claims, "exp").unwrap_or_default().max(unix(now) + OLDEST_SECONDS) + SKEW_SECONDS;
    Ok(Ended { sub, sid, jti, until: Moment::from_micros(until.saturating_mul(1_000_000)) })
}

fn issued_by(claims: &Claims, issuer: &str) -> Result<(), Refused> {
    match claims.get("iss").and_then(Value::as_str) {
        Some(said) if said == issuer => Ok(()),
        _ => Err(Refused::Untrusted("issuer")),
    }
}

/// We are among those it is meant for; when there are others, it must say that we asked for it.
fn for_us(claims: &Claims, client_id: &str) -> Result<(), Refused> {
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if !audience.contains(&client_id) {
        return Err(Refused::Untrusted("audience"));
    }
    match claims.get("azp") {
        None if audience.len() > 1 => Err(Refused::Untrusted("authorized party")),
        Some(party) if party.as_str() != Some(client_id) => Err(Refused::Untrusted("authorized party")),
        _ => Ok(()),
    }
}

fn fresh(claims: &Claims, now: Moment) -> Result<(), Refused> {
    let now = unix(now);
    let expires = seconds(claims, "exp").ok_or(Refused::Untrusted("expiry"))?;
    if expires + SKEW_SECONDS <= now {
        return Err(Refused::Untrusted("expiry"));
    }
    let issued = seconds(claims, "iat").ok_or(Refused::Untrusted("time of issue"))?;
    if issued > now + SKEW_SECONDS || issued + OLDEST_SECONDS + SKEW_SECONDS < now {
        return Err(Refused::Untrusted("time of issue"));
    }
    match claims.get("nbf") {
        Some(_) if seconds(claims, "nbf").is_none_or(|from| from > now + SKEW_SECONDS) => Err(Refused::Untrusted("not yet")),
        _ => Ok(()),
    }
}

/// Seconds since 1970; a moment so far away that it cannot be reckoned with is none.
fn seconds(claims: &Claims, name: &str) -> Option<i64> {
    let said = claims.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "parts of a second do not matter, and the range is checked")]
    let whole = said.as_i64().or_else(|| said.as_f64().map(|s| s as i64))?;
    (0..=100_000_000_000).contains(&whole).then_some(whole)
}

fn unix(at: Moment) -> i64 {
    at.micros().div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ISSUER: &str = "https://provider.example";

    fn now() -> Moment {
        "2026-11-23T14:30".parse().unwrap()
    }

    fn said(change: Value) -> Claims {
        let at = unix(now());
        let mut all = json!({"iss": ISSUER, "aud": "us", "sub": "a", "nonce": "n", "iat": at, "exp": at + 300});
        for (name, value) in change.as_object().unwrap() {
            all[name] = value.clone();
        }
        let all = all.as_object().unwrap().iter().filter(|(_, v)| !v.is_null());
        all.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn judged(change: Value) -> Result<(), Refused> {
        let asked = Question { issuer: ISSUER, client_id: "us", nonce: "n", now: now() };
        id_token(&said(change), &asked)
    }

    #[test]
    fn each_rule_of_an_id_token_refuses_by_itself() {
        let at = unix(now());
        assert_eq!(judged(json!({})), Ok(()));
        assert_eq!(judged(json!({"aud": ["us", "other"], "azp": "us"})), Ok(()));
        assert_eq!(judged(json!({"exp": at - 59, "iat": at + 59, "nbf": at + 59})), Ok(()), "clocks may differ by a minute");
        for (change, why) in [
            (json!({"iss": "https://provider.example/"}), "issuer"),
            (json!({"iss": null}), "issuer"),
            (json!({"aud": "other"}), "audience"),
            (json!({"aud": []}), "audience"),
            (json!({"aud": null}), "audience"),
            (json!({"aud": ["us", "other"]}), "authorized party"),
            (json!({"azp": "other"}), "authorized party"),
            (json!({"azp": 7}), "authorized party"),
            (json!({"exp": at - 60}), "expiry"),
            (json!({"exp": null}), "expiry"),
            (json!({"exp": "soon"}), "expiry"),
            (json!({"exp": 1e30}), "expiry"),
            (json!({"iat": at + 61}), "time of issue"),
            (json!({"iat": at - 661}), "time of issue"),
            (json!({"iat": null}), "time of issue"),
            (json!({"nbf": at + 61}), "not yet"),
            (json!({"nbf": "x"}), "not yet"),
            (json!({"sub": null}), "subject"),
            (json!({"sub": ""}), "subject"),
            (json!({"sub": "a".repeat(256)}), "subject"),
            (json!({"nonce": "m"}), "nonce"),
            (json!({"nonce": null}), "nonce"),
        ] {
            assert_eq!(judged(change.clone()), Err(Refused::Untrusted(why)), "{change}");
        }
    }

    #[test]
    fn each_rule_of_a_logout_token_refuses_by_itself() {
        let judged = |change: Value| {
            let mut claims = said(json!({"nonce": null, "jti": "1", "sid": "s", "events": {LOGOUT: {}}}));
            for (name, value) in change.as_object().unwrap() {
                claims.insert(name.clone(), value.clone());
            }
            logout_token(&claims, ISSUER, "us", now()).map(|ended| (ended.sub, ended.sid))
        };
        assert_eq!(judged(json!({})), Ok((Some("a".into()), Some("s".into()))));
        assert_eq!(judged(json!({"sub": null})), Ok((None, Some("s".into()))));
        for (change, why) in [
            (json!({"aud": "other"}), "audience"),
            (json!({"nonce": "n"}), "nonce"),
            (json!({"events": {}}), "events"),
            (json!({"events": {LOGOUT: "x"}}), "events"),
            (json!({"events": LOGOUT}), "events"),
            (json!({"sub": null, "sid": null}), "subject"),
            (json!({"jti": null}), "number"),
            (json!({"exp": 1}), "expiry"),
        ] {
            assert_eq!(judged(change.clone()), Err(Refused::Untrusted(why)), "{change}");
        }
    }

    #[test]
    fn garbage_is_refused_without_a_panic() {
        for token in ["", ".", "..", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30.", &"a".repeat(LONGEST + 1)] {
            assert!(matches!(signed(token, &JwkSet::default()), Err(Unsigned::Bad(_))), "{token}");
        }
    }
}
