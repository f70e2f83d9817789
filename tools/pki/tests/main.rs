//! Time stamps from a real authority (openssl), and every way in which an answer can be wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use pki::{BadRoots, Roots, tsp};
use sha2::{Digest, Sha256};
use testkit::tsa::{KeyKind, Tsa, openssl};
use tsp::{Error, Request, Stamp};

mod harmless;
mod wrong;

const DOCUMENT: &[u8] = "Bảng kê ngày 23/11/2026".as_bytes();

fn sum() -> [u8; 32] {
    Sha256::digest(DOCUMENT).into()
}

fn roots(tsa: &Tsa) -> Roots {
    Roots::from_pem(&tsa.root()).unwrap()
}

/// A token and its stamp from this authority.
fn stamped(tsa: &Tsa) -> (Vec<u8>, Stamp) {
    let request = Request::new(sum(), 0xfedc_ba98_7654_3210);
    request.accept(&tsa.reply(&request.to_der().unwrap()), &roots(tsa)).unwrap()
}

#[test]
fn a_stamp_of_a_real_authority_is_accepted_and_verifies_again_later() {
    for kind in [KeyKind::Rsa, KeyKind::P256, KeyKind::P384] {
        let tsa = Tsa::of(kind);
        let before = base::Clock::system().now();
        let (token, stamp) = stamped(&tsa);
        let took = stamp.at.since(before).as_secs();
        assert!((-2..60).contains(&took), "{kind:?}: {} against {before}", stamp.at);
        assert_eq!((stamp.policy.as_str(), stamp.accuracy), ("1.3.6.1.4.1.99999.1", Some(1_500_000)));
        assert_eq!(stamp.serial, "02");
        assert!(stamp.authority.contains("CN=Thử tsa"), "{}", stamp.authority);
        assert_eq!(tsp::verify(&token, &sum(), &roots(&tsa)), Ok(stamp));
    }
}

#[test]
fn every_usual_digest_of_the_signature_and_of_the_certificate_name_is_taken() {
    for (kind, signs, names) in [
        (KeyKind::Rsa, "sha384", "sha1"),
        (KeyKind::Rsa, "sha512", "sha256"),
        (KeyKind::P256, "sha384", "sha512"),
        (KeyKind::P384, "sha384", "sha384"),
        (KeyKind::P384, "sha512", "sha1"),
    ] {
        let tsa = Tsa::of(kind);
        tsa.configure(signs, names);
        stamped(&tsa);
    }
}

#[test]
fn a_signature_with_pss_is_taken() {
    let tsa = Tsa::of(KeyKind::Rsa);
    let info = wrong::content_of(&tsa, &stamped(&tsa).0);
    for digest in ["sha256", "sha384", "sha512"] {
        let length = format!(
            "rsa_pss_saltlen:{}",
            if digest == "sha256" {
                32
            } else if digest == "sha384" {
                48
            } else {
                64
            }
        );
        let pss = ["-md", digest, "-keyopt", "rsa_padding_mode:pss", "-keyopt", &length];
        let token = wrong::signed_again(&tsa, &info, &[&["-cades"], &pss[..]].concat());
        assert!(tsp::verify(&token, &sum(), &roots(&tsa)).is_ok(), "{digest}");
    }
}

#[test]
fn a_policy_that_is_asked_for_is_kept_to() {
    let tsa = Tsa::new();
    let request = Request::new(sum(), 7).under("1.3.6.1.4.1.99999.2").unwrap();
    let (_, stamp) = request.accept(&tsa.reply(&request.to_der().unwrap()), &roots(&tsa)).unwrap();
    assert_eq!(stamp.policy, "1.3.6.1.4.1.99999.2");
    assert!(Request::new(sum(), 7).under("chính sách").is_none());
}

#[test]
fn openssl_reads_our_request_and_verifies_the_token_we_keep() {
    let tsa = Tsa::new();
    let request = Request::new(sum(), 1).to_der().unwrap();
    std::fs::write(tsa.path("ours.tsq"), &request).unwrap();
    let text = openssl(tsa.folder(), &["ts", "-query", "-in", "ours.tsq", "-text"]).stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("Hash Algorithm: sha256") && text.contains("Nonce: 0x01") && text.contains("Certificate required: yes")
    );
    std::fs::write(tsa.path("kept.tst"), stamped(&tsa).0).unwrap();
    std::fs::write(tsa.path("document"), DOCUMENT).unwrap();
    openssl(tsa.folder(), &["ts", "-verify", "-data", "document", "-in", "kept.tst", "-token_in", "-CAfile", "root.pem"]);
}

#[test]
fn a_file_without_certificates_is_no_root() {
    assert_eq!(Roots::from_pem(b"").unwrap_err(), BadRoots::None);
    let cut = b"-----BEGIN CERTIFICATE-----\nMIIB\n";
    assert!(matches!(Roots::from_pem(cut), Err(BadRoots::Unreadable(_))));
    let not_one = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    assert_eq!(Roots::from_pem(not_one).unwrap_err(), BadRoots::Certificate(1));
}
