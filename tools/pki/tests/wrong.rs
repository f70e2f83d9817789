//! One test for each way in which an answer can be wrong.
use super::{Error, KeyKind, Request, Roots, Tsa, openssl, roots, stamped, sum, tsp};

/// What a token signs.
pub fn content_of(tsa: &Tsa, token: &[u8]) -> Vec<u8> {
    std::fs::write(tsa.path("token"), token).unwrap();
    openssl(tsa.folder(), &["cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "info"]);
    std::fs::read(tsa.path("info")).unwrap()
}

/// The same content signed again by openssl's general tool, which can be told to leave things out.
pub fn signed_again(tsa: &Tsa, content: &[u8], how: &[&str]) -> Vec<u8> {
    signed_as(tsa, content, &["-signer", "tsa.pem", "-inkey", "tsa.key"], how)
}

fn signed_as(tsa: &Tsa, content: &[u8], who: &[&str], how: &[&str]) -> Vec<u8> {
    std::fs::write(tsa.path("info"), content).unwrap();
    let fixed =
        ["cms", "-sign", "-binary", "-nodetach", "-in", "info", "-outform", "DER", "-out", "again", "-certfile", "middle.pem"];
    let kind: &[&str] = if how.contains(&"-econtent_type") { &[] } else { &["-econtent_type", "1.2.840.113549.1.9.16.1.4"] };
    openssl(tsa.folder(), &[&fixed, who, kind, how].concat());
    std::fs::read(tsa.path("again")).unwrap()
}

fn judged(tsa: &Tsa, token: &[u8]) -> Result<(), Error> {
    tsp::verify(token, &sum(), &roots(tsa)).map(drop)
}

/// A token whose content was changed byte by byte before it was signed again, in order.
fn with_content(change: impl Fn(&mut Vec<u8>)) -> Result<(), Error> {
    let tsa = Tsa::new();
    let mut content = content_of(&tsa, &stamped(&tsa).0);
    change(&mut content);
    let token = signed_again(&tsa, &content, &["-cades"]);
    judged(&tsa, &token)
}

fn position(all: &[u8], part: &[u8]) -> usize {
    all.windows(part.len()).position(|w| w == part).unwrap()
}

#[test]
fn the_general_tool_signs_a_token_that_is_accepted() {
    assert_eq!(with_content(|_| {}), Ok(()));
}

#[test]
fn an_answer_that_is_too_large_is_not_read() {
    let tsa = Tsa::new();
    let request = Request::new(sum(), 1);
    assert_eq!(request.accept(&vec![0x30; tsp::LIMIT + 1], &roots(&tsa)).unwrap_err(), Error::TooLarge);
    assert_eq!(judged(&tsa, &vec![0x30; tsp::LIMIT + 1]), Err(Error::TooLarge));
}

#[test]
fn an_answer_that_is_cut_cannot_be_read() {
    let tsa = Tsa::new();
    let request = Request::new(sum(), 1);
    let answer = tsa.reply(&request.to_der().unwrap());
    let cut = request.accept(&answer[..answer.len() - 1], &roots(&tsa)).unwrap_err();
    assert_eq!(cut, Error::Malformed("answer"));
    assert_eq!(judged(&tsa, b"<html>"), Err(Error::Malformed("token")));
}

#[test]
fn a_refusal_is_told_with_its_reason() {
    let tsa = Tsa::new();
    // a policy the authority does not have
    let request = Request::new(sum(), 1).under("1.2.3.4").unwrap();
    let refused = request.accept(&tsa.reply(&request.to_der().unwrap()), &roots(&tsa)).unwrap_err();
    assert!(
        matches!(&refused, Error::Refused { status: 2, why } if why.contains("policy") && why.contains("failure 15")),
        "{refused}"
    );
}

#[test]
fn a_grant_without_a_token_is_none() {
    let granted = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00];
    let tsa = Tsa::new();
    assert_eq!(Request::new(sum(), 1).accept(&granted, &roots(&tsa)).unwrap_err(), Error::NoToken);
}

#[test]
fn a_token_that_is_not_signed_is_none() {
    // ContentInfo of kind data
    let data = [0x30, 0x11, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01, 0xa0, 0x04, 0x04, 0x02, 0x6d, 0x63];
    assert_eq!(judged(&Tsa::new(), &data), Err(Error::NotSigned));
}

#[test]
fn something_else_that_is_signed_is_no_stamp() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    let token = signed_again(&tsa, &content, &["-cades", "-econtent_type", "1.2.840.113549.1.7.1"]);
    assert_eq!(judged(&tsa, &token), Err(Error::NotAStamp));
}

#[test]
fn two_signers_are_one_too_many() {
    let tsa = Tsa::new();
    tsa.certificate("second", "middle", KeyKind::P256, "critical,timeStamping", 30);
    let content = content_of(&tsa, &stamped(&tsa).0);
    let who = ["-signer", "tsa.pem", "-inkey", "tsa.key", "-signer", "second.pem", "-inkey", "second.key"];
    let token = signed_as(&tsa, &content, &who, &["-cades"]);
    assert_eq!(judged(&tsa, &token), Err(Error::Signers(2)));
}

#[test]
fn a_token_without_the_certificate_of_its_signer_proves_nothing() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    let token = signed_again(&tsa, &content, &["-cades", "-nocerts"]);
    assert_eq!(judged(&tsa, &token), Err(Error::NoCertificate));
}

#[test]
fn a_signer_named_by_the_id_of_the_key_is_found() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    assert_eq!(judged(&tsa, &signed_again(&tsa, &content, &["-cades", "-keyid"])), Ok(()));
}

#[test]
fn a_token_without_signed_attributes_is_refused() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    assert_eq!(judged(&tsa, &signed_again(&tsa, &content, &["-noattr"])), Err(Error::Attribute("contentType")));
}

#[test]
fn a_token_that_does_not_name_its_certificate_is_refused() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    assert_eq!(judged(&tsa, &signed_again(&tsa, &content, &[])), Err(Error::Attribute("signingCertificate")));
}

#[test]
fn content_changed_after_signing_does_not_fit_its_digest() {
    let tsa = Tsa::new();
    let mut token = stamped(&tsa).0;
    let at = position(&token, &sum());
    token[at] ^= 1;
    assert_eq!(judged(&tsa, &token), Err(Error::Attribute("messageDigest")));
}

#[test]
fn a_changed_signature_does_not_fit() {
    let tsa = Tsa::new();
    let mut token = stamped(&tsa).0;
    *token.last_mut().unwrap() ^= 1;
    assert_eq!(judged(&tsa, &token), Err(Error::Signature));
}

#[test]
fn an_algorithm_that_is_too_weak_is_refused() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    let token = signed_again(&tsa, &content, &["-cades", "-md", "sha1"]);
    assert!(matches!(judged(&tsa, &token), Err(Error::Algorithm(_))));
}

#[test]
fn a_certificate_for_something_else_makes_no_stamps() {
    let tsa = Tsa::new();
    let content = content_of(&tsa, &stamped(&tsa).0);
    for usage in ["", "timeStamping", "critical,timeStamping,codeSigning", "critical,codeSigning"] {
        tsa.certificate("other", "middle", KeyKind::P256, usage, 30);
        let token = signed_as(&tsa, &content, &["-signer", "other.pem", "-inkey", "other.key"], &["-cades"]);
        assert_eq!(judged(&tsa, &token), Err(Error::Usage), "{usage}");
    }
}

#[test]
fn an_authority_nobody_trusts_is_refused() {
    let (tsa, other) = (Tsa::new(), Tsa::new());
    let token = stamped(&tsa).0;
    assert!(matches!(tsp::verify(&token, &sum(), &roots(&other)), Err(Error::Chain(_))));
    let both = Roots::from_pem(&[other.root(), tsa.root()].concat()).unwrap();
    assert!(tsp::verify(&token, &sum(), &both).is_ok());
}

#[test]
fn a_chain_that_was_not_valid_at_the_time_of_the_stamp_is_refused() {
    // a time ten years before the certificates began
    let year = |c: &mut Vec<u8>| {
        let at = c.windows(2).position(|w| w[0] == 0x18 && w[1] >= 15).unwrap() + 2;
        c[at + 2] -= 1;
    };
    assert!(matches!(with_content(year), Err(Error::Chain(_))));
}

#[test]
fn a_stamp_over_something_else_is_refused() {
    let tsa = Tsa::new();
    let mut other = sum();
    other[0] ^= 1;
    assert_eq!(tsp::verify(&stamped(&tsa).0, &other, &roots(&tsa)), Err(Error::OtherImprint));
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let tsa = Tsa::new();
    let answer = tsa.reply(&Request::new(sum(), 1).to_der().unwrap());
    assert_eq!(Request::new(sum(), 2).accept(&answer, &roots(&tsa)).unwrap_err(), Error::OtherNonce);
}

#[test]
fn an_answer_under_another_policy_is_refused() {
    let tsa = Tsa::new();
    let answer = tsa.reply(&Request::new(sum(), 1).to_der().unwrap());
    let asked = Request::new(sum(), 1).under("1.3.6.1.4.1.99999.2").unwrap();
    assert_eq!(asked.accept(&answer, &roots(&tsa)).unwrap_err(), Error::OtherPolicy("1.3.6.1.4.1.99999.1".into()));
}

#[test]
fn a_time_that_is_none_is_refused() {
    let month = |c: &mut Vec<u8>| {
        let at = c.windows(2).position(|w| w[0] == 0x18 && w[1] >= 15).unwrap() + 2;
        c[at + 4..at + 6].copy_from_slice(b"13");
    };
    assert_eq!(with_content(month), Err(Error::Malformed("time")));
}

#[test]
fn a_stamp_of_another_version_is_not_guessed_at() {
    // SEQUENCE, length, INTEGER 1
    let version = |c: &mut Vec<u8>| {
        let at = position(c, &[0x02, 0x01, 0x01]);
        c[at + 2] = 2;
    };
    assert_eq!(with_content(version), Err(Error::Malformed("time stamp")));
    assert_eq!(with_content(|c| c.truncate(c.len() - 3)), Err(Error::Malformed("time stamp")));
}

#[test]
fn roots_are_certificates() {
    assert!(Roots::from_pem(&Tsa::new().root()).is_ok());
}
