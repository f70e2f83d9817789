//! A secret of somebody else's, kept so that the table that holds it does not open it: sealed under what only the browser's cookie gives.
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

/// One key seals one text, so its nonce may stand still.
const NONCE: [u8; NONCE_LEN] = [0; NONCE_LEN];

fn key(word: &str) -> Option<LessSafeKey> {
    let bytes: [u8; 32] = Sha256::new().chain_update("motcua/seal").chain_update(word).finalize().into();
    UnboundKey::new(&AES_256_GCM, &bytes).ok().map(LessSafeKey::new)
}

/// Seals a text under a word that is used for nothing else sealed.
pub fn seal(word: &str, text: &str) -> Option<Vec<u8>> {
    let mut sealed = text.as_bytes().to_vec();
    key(word)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(NONCE), Aad::empty(), &mut sealed).ok()?;
    Some(sealed)
}

/// Opens it with the same word; none with any other.
pub fn open(word: &str, sealed: &[u8]) -> Option<String> {
    let mut text = sealed.to_vec();
    let opened = key(word)?.open_in_place(Nonce::assume_unique_for_key(NONCE), Aad::empty(), &mut text).ok()?;
    String::from_utf8(opened.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_its_word_alone() {
        let sealed = seal("word", "a token").unwrap();
        assert_eq!(open("word", &sealed).as_deref(), Some("a token"));
        assert!(!sealed.windows(5).any(|part| part == b"token"));
        assert_eq!(open("another", &sealed), None);
        let mut changed = sealed;
        changed[0] ^= 1;
        assert_eq!(open("word", &changed), None);
        assert_eq!(open("word", &[]), None);
    }
}
