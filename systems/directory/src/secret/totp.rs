//! The second factor: one-time codes by time (RFC 6238, SHA-1, 6 figures, 30 seconds, as every authenticator understands) and recovery codes.
use base::{Moment, Seed};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

const STEP: i64 = 30;
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: u64 = 10;

/// A new secret.
pub fn secret(seed: &Seed) -> Vec<u8> {
    seed.bytes("totp secret", 0)[..20].to_vec()
}

/// The secret as people type it, in groups of four.
pub fn written(secret: &[u8]) -> String {
    let Secret::Encoded(text) = Secret::Raw(secret.to_vec()).to_encoded() else { return String::new() };
    text.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}

/// The address an authenticator reads from a QR code.
pub fn address(secret: &[u8], issuer: &str, account: &str) -> String {
    let (issuer, account) = (percent(issuer), percent(account));
    let secret = written(secret).replace(' ', "");
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&digits=6&period={STEP}")
}

/// Checks a code at a time, one step early or late allowed. The answer is the step to keep: a step at or before the last one kept is
/// refused, so that a code that was looked over somebody's shoulder is worth nothing.
pub fn check(secret: &[u8], code: &str, now: Moment, last_step: i64) -> Option<i64> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, STEP as u64, secret.to_vec()).ok()?;
    let present = now.micros().div_euclid(1_000_000).div_euclid(STEP);
    [present, present - 1, present + 1].into_iter().find(|step| {
        let right = totp.generate(u64::try_from(step * STEP).unwrap_or(0));
        *step > last_step && bool::from(right.as_bytes().ct_eq(code.as_bytes()))
    })
}

/// Fresh recovery codes (80 bits each), as shown once to the person.
pub fn recovery_codes(seed: &Seed) -> Vec<String> {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let code = |n: u64| {
        let bytes = seed.bytes("recovery code", n);
        let signs: String = bytes[..16].iter().map(|b| char::from(SIGNS[usize::from(b % 32)])).collect();
        format!("{}-{}-{}-{}", &signs[..4], &signs[4..8], &signs[8..12], &signs[12..])
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// The hash kept of a recovery code; none when the text cannot be one. Eighty bits of chance need no slow hash.
pub fn recovery_hash(subject: Uuid, typed: &str) -> Option<Vec<u8>> {
    let signs: String = typed
        .to_ascii_uppercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (signs.len() == 16).then(|| Sha256::new().chain_update(subject).chain_update(signs).finalize().to_vec())
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 6238 appendix B, SHA-1, last six figures
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            let now = Moment::from_micros(at * 1_000_000);
            assert_eq!(check(secret, code, now, 0), Some(at / 30), "{at}");
        }
    }

    #[test]
    fn a_code_works_once_and_one_step_around_its_time() {
        let secret = b"12345678901234567890";
        let at = |s: i64| Moment::from_micros(s * 1_000_000);
        assert_eq!(check(secret, "287 082", at(59), 0), Some(1));
        assert_eq!(check(secret, "287082", at(59), 1), None);
        assert_eq!(check(secret, "287082", at(89), 0), Some(1));
        assert_eq!(check(secret, "287082", at(121), 0), None);
        assert_eq!(check(secret, "", at(59), 0), None);
    }

    #[test]
    fn a_recovery_code_may_be_typed_with_small_letters_and_blanks() {
        let codes = recovery_codes(&Seed([3; 32]));
        let me = Uuid::from_bytes([1; 16]);
        assert_eq!(codes.len(), 10);
        let kept = recovery_hash(me, &codes[0]);
        assert_eq!(recovery_hash(me, &codes[0].to_lowercase().replace('-', " ")), kept);
        assert_ne!(recovery_hash(Uuid::from_bytes([2; 16]), &codes[0]), kept);
        assert_eq!(recovery_hash(me, "1234"), None);
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let address = address(b"12345678901234567890", "Một cửa", "an.nguyen");
        assert_eq!(
            address,
            "otpauth://totp/M%E1%BB%99t%20c%E1%BB%ADa:an.nguyen?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=M%E1%BB%99t%20c%E1%BB%ADa&digits=6&period=30"
        );
    }
}
