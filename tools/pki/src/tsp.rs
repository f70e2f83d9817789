//! Time stamps (RFC 3161): ask for one, read the answer, judge a token, today or in ten years.
//!
//! A chain is judged as of the time in the stamp: a certificate that has run out since does not take the proof away. Revocation is not
//! asked here, because a token must be judged without a network.
use std::time::Duration;

use base::Moment;
use cms::{
    cert::{CertificateChoices, x509::Certificate},
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Any, Decode, Encode, Sequence, Tag, Tagged,
    asn1::{BitString, Int, ObjectIdentifier, OctetString},
};
use jiff::civil::DateTime;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage};
use x509_cert::{
    attr::Attribute,
    ext::{
        Extension, Extensions,
        pkix::{ExtendedKeyUsage, SubjectKeyIdentifier},
    },
    spki::AlgorithmIdentifierOwned,
};

use crate::{
    Roots,
    signed::{self, Digest, Unsigned},
};

/// Largest answer and token that is read; a real one has 2 to 8 KiB.
pub const LIMIT: usize = 32 * 1024;
/// What a request is sent as.
pub const QUERY: &str = "application/timestamp-query";

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// The same as webpki wants it.
const TIME_STAMPING_BYTES: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// What is wrong with an answer or a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than [`LIMIT`].
    #[error("longer than {LIMIT} bytes")]
    TooLarge,
    /// Not the structure it should be.
    #[error("the {0} cannot be read")]
    Malformed(&'static str),
    /// The authority says no.
    #[error("the authority refuses (status {status}): {why}")]
    Refused {
        /// PKIStatus.
        status: u8,
        /// Its words and codes.
        why: String,
    },
    /// Granted, but without a token.
    #[error("granted, but there is no token")]
    NoToken,
    /// The token is no signed data.
    #[error("the token is no signed data")]
    NotSigned,
    /// What is signed is no time stamp.
    #[error("what is signed is no time stamp")]
    NotAStamp,
    /// A token has one signer.
    #[error("{0} signers instead of one")]
    Signers(usize),
    /// The certificate of the signer is not in the token.
    #[error("the certificate of the signer is not in the token")]
    NoCertificate,
    /// A signed attribute is missing, there twice, or says something else.
    #[error("the signed attribute {0} is missing or wrong")]
    Attribute(&'static str),
    /// An algorithm that is not taken.
    #[error("the algorithm {0} is not accepted")]
    Algorithm(String),
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// The certificate is not for time stamps, or not only for them.
    #[error("the certificate is not for time stamps alone")]
    Usage,
    /// No chain to a trusted root at the time of the stamp.
    #[error("no chain to a trusted root: {0}")]
    Chain(String),
    /// The stamp is for other bytes.
    #[error("the stamp is for something else")]
    OtherImprint,
    /// The stamp answers another request.
    #[error("the stamp answers another request")]
    OtherNonce,
    /// The stamp is made under another policy than the one asked for.
    #[error("the stamp is made under policy {0}")]
    OtherPolicy(String),
}

/// What a token proves: these bytes were there at this time, says this authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time, fractions of a second cut to the microsecond.
    pub at: Moment,
    /// How far the time may be off, in microseconds, when the authority says it.
    pub accuracy: Option<u64>,
    /// Number of the stamp, hexadecimal.
    pub serial: String,
    /// Policy under which it was made.
    pub policy: String,
    /// Name of the authority, as in its certificate (RFC 4514).
    pub authority: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    hashed: OctetString,
}

fn no() -> bool {
    false
}

#[derive(Sequence)]
struct TimeStampReq {
    version: u8,
    imprint: MessageImprint,
    policy: Option<ObjectIdentifier>,
    nonce: Option<u64>,
    #[asn1(default = "no")]
    certificates: bool,
}

#[derive(Sequence)]
struct TimeStampResp {
    status: PkiStatusInfo,
    token: Option<Any>,
}

#[derive(Sequence)]
struct PkiStatusInfo {
    status: u8,
    words: Option<Vec<String>>,
    failure: Option<BitString>,
}

/// Our own: the time of the crate for these structures has no fractions of a second, which authorities do write.
#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial: Int,
    at: Any,
    accuracy: Option<Accuracy>,
    #[asn1(default = "no")]
    ordering: bool,
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Sequence)]
struct Accuracy {
    seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<u16>,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
    policies: Option<Vec<Any>>,
}

/// Both versions: the first has no algorithm and means SHA-1, the second means SHA-256 when it has none.
#[derive(Sequence)]
struct CertificateId {
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    issuer: Option<Any>,
}

/// A question for a stamp over the SHA-256 of something.
#[derive(Clone, Debug)]
pub struct Request {
    imprint: [u8; 32],
    nonce: u64,
    policy: Option<ObjectIdentifier>,
}

impl Request {
    /// Asks for a stamp over this hash. The nonce is a number nobody can guess.
    pub fn new(sha256: [u8; 32], nonce: u64) -> Request {
        Request { imprint: sha256, nonce, policy: None }
    }

    /// Under this policy, an OID in dots; `None` when it is none.
    #[must_use]
    pub fn under(self, policy: &str) -> Option<Request> {
        Some(Request { policy: Some(ObjectIdentifier::new(policy).ok()?), ..self })
    }

    /// As it is sent.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let wrong = |_| Error::Malformed("request");
        let imprint = MessageImprint {
            algorithm: AlgorithmIdentifierOwned { oid: signed::SHA256, parameters: Some(Any::null()) },
            hashed: OctetString::new(self.imprint.as_slice()).map_err(wrong)?,
        };
        let asked = TimeStampReq { version: 1, imprint, policy: self.policy, nonce: Some(self.nonce), certificates: true };
        asked.to_der().map_err(wrong)
    }

    /// Reads the answer and judges its token; the token is what is kept.
    pub fn accept(&self, answer: &[u8], roots: &Roots) -> Result<(Vec<u8>, Stamp), Error> {
        let token = token(answer)?;
        let (info, stamp) = judge(&token, &self.imprint, roots)?;
        let nonce = self.nonce.to_der().map_err(|_| Error::Malformed("request"))?;
        if info.nonce.map(|n| n.to_der()) != Some(Ok(nonce)) {
            return Err(Error::OtherNonce);
        }
        match self.policy {
            Some(asked) if asked != info.policy => Err(Error::OtherPolicy(stamp.policy)),
            _ => Ok((token, stamp)),
        }
    }
}

/// Judges a kept token: whether it stamps this hash, and when.
pub fn verify(token: &[u8], sha256: &[u8; 32], roots: &Roots) -> Result<Stamp, Error> {
    judge(token, sha256, roots).map(|(_, stamp)| stamp)
}

/// The token of an answer, when the authority gave one.
fn token(answer: &[u8]) -> Result<Vec<u8>, Error> {
    if answer.len() > LIMIT {
        return Err(Error::TooLarge);
    }
    let answer = TimeStampResp::from_der(answer).map_err(|_| Error::Malformed("answer"))?;
    // 0 granted, 1 granted with modifications
    if answer.status.status > 1 {
        let codes =
            answer.status.failure.map(|f| f.bits().enumerate().filter(|(_, set)| *set).map(|(n, _)| n.to_string()).collect());
        let codes: Vec<String> = codes.unwrap_or_default();
        let mut why = answer.status.words.unwrap_or_default();
        if !codes.is_empty() {
            why.push(format!("failure {}", codes.join(", ")));
        }
        return Err(Error::Refused { status: answer.status.status, why: why.join("; ") });
    }
    answer.token.ok_or(Error::NoToken)?.to_der().map_err(|_| Error::Malformed("token"))
}

fn judge(token: &[u8], imprint: &[u8; 32], roots: &Roots) -> Result<(TstInfo, Stamp), Error> {
    if token.len() > LIMIT {
        return Err(Error::TooLarge);
    }
    let outer = ContentInfo::from_der(token).map_err(|_| Error::Malformed("token"))?;
    if outer.content_type != SIGNED_DATA {
        return Err(Error::NotSigned);
    }
    let inner = outer.content.to_der().map_err(|_| Error::Malformed("token"))?;
    let data = SignedData::from_der(&inner).map_err(|_| Error::Malformed("signed data"))?;
    if data.encap_content_info.econtent_type != TST_INFO {
        return Err(Error::NotAStamp);
    }
    let content = data.encap_content_info.econtent.as_ref().ok_or(Error::NotAStamp)?;
    let content = content.decode_as::<OctetString>().map_err(|_| Error::Malformed("content"))?;
    let info = TstInfo::from_der(content.as_bytes()).map_err(|_| Error::Malformed("time stamp"))?;
    let signer = match data.signer_infos.0.as_ref() {
        [one] => one,
        others => return Err(Error::Signers(others.len())),
    };
    let certificates: Vec<&Certificate> = data
        .certificates
        .iter()
        .flat_map(|set| set.0.iter())
        .filter_map(|c| match c {
            CertificateChoices::Certificate(c) => Some(c),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let own = certificates.iter().copied().find(|c| is_of(c, &signer.sid)).ok_or(Error::NoCertificate)?;
    let own_der = own.to_der().map_err(|_| Error::Malformed("certificate"))?;
    is_signed(signer, own, &own_der, content.as_bytes())?;
    let at = instant(&info.at).ok_or(Error::Malformed("time"))?;
    is_for_stamps(own)?;
    has_chain(own_der, &certificates, own, at, roots)?;
    is_sound(&info)?;
    if info.imprint.algorithm.oid != signed::SHA256 || info.imprint.hashed.as_bytes() != imprint {
        return Err(Error::OtherImprint);
    }
    let stamp = Stamp {
        at,
        accuracy: info.accuracy.as_ref().map(Accuracy::in_micros),
        serial: hex::encode(info.serial.as_bytes()),
        policy: info.policy.to_string(),
        authority: own.tbs_certificate.subject.to_string(),
    };
    Ok((info, stamp))
}

impl Accuracy {
    fn in_micros(&self) -> u64 {
        let part = |n: Option<u16>| u64::from(n.unwrap_or(0));
        u64::from(self.seconds.unwrap_or(0)) * 1_000_000 + part(self.millis) * 1000 + part(self.micros)
    }
}

fn is_sound(info: &TstInfo) -> Result<(), Error> {
    // who marks an extension critical asks not to be believed by those who do not know it
    let unknown = info.extensions.iter().flatten().any(|e: &Extension| e.critical);
    if info.version != 1 || unknown { Err(Error::Malformed("time stamp")) } else { Ok(()) }
}

/// Whether a signer means this certificate.
fn is_of(certificate: &Certificate, signer: &SignerIdentifier) -> bool {
    let body = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            body.issuer == named.issuer && body.serial_number == named.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => extension(certificate, SUBJECT_KEY_ID)
            .and_then(|e| SubjectKeyIdentifier::from_der(e.extn_value.as_bytes()).ok())
            .is_some_and(|id| id.0.as_bytes() == named.0.as_bytes()),
    }
}

fn extension(certificate: &Certificate, id: ObjectIdentifier) -> Option<&Extension> {
    certificate.tbs_certificate.extensions.iter().flatten().find(|e| e.extn_id == id)
}

/// The signed attributes say what they must, and the signature over them fits.
fn is_signed(signer: &SignerInfo, own: &Certificate, own_der: &[u8], content: &[u8]) -> Result<(), Error> {
    let digest = Digest::of(signer.digest_alg.oid).ok_or_else(|| Error::Algorithm(signer.digest_alg.oid.to_string()))?;
    let attributes = signer.signed_attrs.as_ref().ok_or(Error::Attribute("contentType"))?;
    let one = |id: ObjectIdentifier| {
        let mut all = attributes.iter().filter(|a: &&Attribute| a.oid == id);
        match (all.next().map(|a| a.values.as_ref()), all.next()) {
            (Some([value]), None) => Some(value),
            _ => None,
        }
    };
    let kind = one(CONTENT_TYPE).and_then(|v| v.decode_as::<ObjectIdentifier>().ok());
    if kind != Some(TST_INFO) {
        return Err(Error::Attribute("contentType"));
    }
    let sum = one(MESSAGE_DIGEST).and_then(|v| v.decode_as::<OctetString>().ok());
    if sum.is_none_or(|s| s.as_bytes() != digest.sum(content)) {
        return Err(Error::Attribute("messageDigest"));
    }
    let names = |id, first: bool| one(id).is_some_and(|value| names_it(value, first, own_der));
    if !names(SIGNING_CERTIFICATE_V2, false) && !names(SIGNING_CERTIFICATE, true) {
        return Err(Error::Attribute("signingCertificate"));
    }
    let message = attributes.to_der().map_err(|_| Error::Malformed("signed attributes"))?;
    let key = &own.tbs_certificate.subject_public_key_info;
    signed::signed(key, &signer.signature_algorithm, digest, &message, signer.signature.as_bytes()).map_err(|e| match e {
        Unsigned::Algorithm(which) => Error::Algorithm(which),
        Unsigned::Wrong => Error::Signature,
    })
}

/// Whether the attribute names this certificate first, as the one of the signer.
fn names_it(value: &Any, first_version: bool, certificate: &[u8]) -> bool {
    let named = value.to_der().ok().and_then(|bytes| SigningCertificate::from_der(&bytes).ok());
    named.and_then(|n| n.certificates.into_iter().next()).is_some_and(|id| {
        let hash = match first_version {
            true if id.algorithm.is_none() => Some(signed::named_the_old_way(certificate)),
            true => None,
            false => signed::named_by(id.algorithm.map(|a| a.oid), certificate),
        };
        hash.is_some_and(|hash| hash == id.hash.as_bytes())
    })
}

/// RFC 3161 §2.3: the extended key usage is critical and names time stamping alone.
fn is_for_stamps(own: &Certificate) -> Result<(), Error> {
    let usage = extension(own, EXTENDED_KEY_USAGE).filter(|e| e.critical);
    let usage = usage.and_then(|e| ExtendedKeyUsage::from_der(e.extn_value.as_bytes()).ok());
    if usage.is_some_and(|u| u.0 == [TIME_STAMPING]) { Ok(()) } else { Err(Error::Usage) }
}

fn has_chain(own_der: Vec<u8>, all: &[&Certificate], own: &Certificate, at: Moment, roots: &Roots) -> Result<(), Error> {
    let others = all.iter().filter(|c| !std::ptr::eq(**c, own));
    let others: Vec<CertificateDer<'_>> = others.filter_map(|c| c.to_der().ok().map(CertificateDer::from)).collect();
    let seconds = u64::try_from(at.micros().div_euclid(1_000_000)).map_err(|_| Error::Malformed("time"))?;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let own = CertificateDer::from(own_der);
    let own = EndEntityCert::try_from(&own).map_err(|e| Error::Chain(e.to_string()))?;
    // authorities above may leave it out; that the signer's own has it was asked before
    let usage = KeyUsage::required_if_present(TIME_STAMPING_BYTES);
    own.verify_for_usage(ALL_VERIFICATION_ALGS, &roots.0, &others, time, usage, None, None)
        .map(drop)
        .map_err(|e| Error::Chain(e.to_string()))
}

/// GeneralizedTime as RFC 3161 writes it: seconds always there, a fraction without trailing zeros perhaps, always UTC.
fn instant(at: &Any) -> Option<Moment> {
    if at.tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = std::str::from_utf8(at.value()).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let n = |from: usize, to: usize| whole.get(from..to)?.parse::<i16>().ok();
    let small = |from, to| i8::try_from(n(from, to)?).ok();
    let local = DateTime::new(n(0, 4)?, small(4, 6)?, small(6, 8)?, small(8, 10)?, small(10, 12)?, small(12, 14)?, 0).ok()?;
    let whole = jiff::tz::Offset::UTC.to_timestamp(local).ok()?.as_microsecond();
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(Moment::from_micros(whole.checked_add(micros.parse::<i64>().ok()?)?))
}
