//! Hashes of passwords and PINs: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), a few at a time, never inside a unit of work.
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use base::Seed;
use tokio::sync::Semaphore;

/// How many hashes are computed at once: each takes 19 MiB, and more at once than cores is slower for everybody.
static AT_ONCE: Semaphore = Semaphore::const_new(3);

fn argon() -> Argon2<'static> {
    // these constants are within the limits that `new` checks
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash to keep, with its salt and parameters in PHC form.
pub async fn hash(secret: String, seed: &Seed) -> Result<String, Failed> {
    let salt = seed.bytes("password salt", 0);
    blocking(move || {
        let salt = SaltString::encode_b64(&salt[..16]).map_err(|_| Failed)?;
        Ok(argon().hash_password(base::text::nfc(&secret).as_bytes(), &salt).map_err(|_| Failed)?.to_string())
    })
    .await
}

/// Whether the secret made this hash. Without a hash the same time is spent and the answer is no, so that the time tells nobody which
/// accounts exist.
pub async fn verify(secret: String, kept: Option<String>) -> Result<bool, Failed> {
    blocking(move || {
        let nobody = kept.is_none();
        let kept = kept.as_deref().unwrap_or(NOBODY);
        let kept = PasswordHash::new(kept).map_err(|_| Failed)?;
        let right = argon().verify_password(base::text::nfc(&secret).as_bytes(), &kept).is_ok();
        Ok(right && !nobody)
    })
    .await
}

/// A hash with the same parameters that belongs to nobody.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bW90Y3VhbW90Y3VhbW8$PXZ1YbOGGFVYLUZ0ZHMtZBxYr0sCFwmzRVKNYVBcyXg";

/// The machine could not hash (out of memory, shutting down).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be checked")]
pub struct Failed;

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failed> + Send + 'static) -> Result<T, Failed> {
    let _turn = AT_ONCE.acquire().await.map_err(|_| Failed)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Failed)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_knows_its_password_in_either_normal_form() {
        let kept = hash("đò chiều rạch Tàu".into(), &Seed([7; 32])).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let decomposed: String = unicode("đò chiều rạch Tàu");
        assert!(verify(decomposed, Some(kept.clone())).await.unwrap());
        assert!(!verify("đò chiều rạch Tâu".into(), Some(kept)).await.unwrap());
        assert!(!verify("x".into(), None).await.unwrap());
    }

    fn unicode(text: &str) -> String {
        // decomposed by hand for the letters used
        text.replace('ò', "o\u{300}").replace('ề', "e\u{302}\u{300}").replace('ạ', "a\u{323}").replace('à', "a\u{300}")
    }
}
