//! What every signed CMS structure has in common: digests, and a signature under the key of a certificate.
use aws_lc_rs::{digest, signature as s};
use der::{
    Any, Decode, Encode, Sequence,
    asn1::{ObjectIdentifier, Uint},
};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
pub(crate) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// The digests a signature may stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    pub(crate) fn of(oid: ObjectIdentifier) -> Option<Digest> {
        match oid {
            SHA256 => Some(Digest::Sha256),
            SHA384 => Some(Digest::Sha384),
            SHA512 => Some(Digest::Sha512),
            _ => None,
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Digest::Sha256 => SHA256,
            Digest::Sha384 => SHA384,
            Digest::Sha512 => SHA512,
        }
    }

    fn length(self) -> u8 {
        match self {
            Digest::Sha256 => 32,
            Digest::Sha384 => 48,
            Digest::Sha512 => 64,
        }
    }

    pub(crate) fn sum(self, bytes: &[u8]) -> Vec<u8> {
        let with = match self {
            Digest::Sha256 => &digest::SHA256,
            Digest::Sha384 => &digest::SHA384,
            Digest::Sha512 => &digest::SHA512,
        };
        digest::digest(with, bytes).as_ref().to_vec()
    }
}

/// The hash by which an attribute names a certificate. SHA-1 too, which the first version of that attribute knows alone: what it protects
/// against is another certificate for the same key, and the chain is judged beside it.
pub(crate) fn named_by(oid: Option<ObjectIdentifier>, certificate: &[u8]) -> Option<Vec<u8>> {
    match oid {
        Some(SHA1) => Some(named_the_old_way(certificate)),
        Some(other) => Digest::of(other).map(|d| d.sum(certificate)),
        None => Some(Digest::Sha256.sum(certificate)),
    }
}

/// The SHA-1 of the first version of that attribute.
pub(crate) fn named_the_old_way(certificate: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, certificate).as_ref().to_vec()
}

#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u8>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<Uint>,
}

/// Why a signature is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unsigned {
    /// An algorithm we do not take.
    Algorithm(String),
    /// It does not fit.
    Wrong,
}

/// Judges a signature under the key of a certificate.
pub(crate) fn signed(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Unsigned> {
    let with = chosen(key, algorithm, digest)?;
    let point = key.subject_public_key.as_bytes().ok_or(Unsigned::Wrong)?;
    s::UnparsedPublicKey::new(with, point).verify(message, signature).map_err(|_| Unsigned::Wrong)
}

fn chosen(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Digest,
) -> Result<&'static dyn s::VerificationAlgorithm, Unsigned> {
    let unknown = || Unsigned::Algorithm(algorithm.oid.to_string());
    // the algorithm may name its digest; it must be the one of the signed attributes
    let named = match algorithm.oid {
        RSA | RSA_PSS => digest,
        RSA_SHA256 | ECDSA_SHA256 => Digest::Sha256,
        RSA_SHA384 | ECDSA_SHA384 => Digest::Sha384,
        RSA_SHA512 | ECDSA_SHA512 => Digest::Sha512,
        _ => return Err(unknown()),
    };
    if named != digest {
        return Err(unknown());
    }
    Ok(match (key.algorithm.oid, algorithm.oid, digest) {
        (RSA | RSA_PSS, RSA_PSS, d) if is_usual_pss(algorithm, d) => match d {
            Digest::Sha256 => &s::RSA_PSS_2048_8192_SHA256,
            Digest::Sha384 => &s::RSA_PSS_2048_8192_SHA384,
            Digest::Sha512 => &s::RSA_PSS_2048_8192_SHA512,
        },
        (RSA, RSA | RSA_SHA256 | RSA_SHA384 | RSA_SHA512, d) => match d {
            Digest::Sha256 => &s::RSA_PKCS1_2048_8192_SHA256,
            Digest::Sha384 => &s::RSA_PKCS1_2048_8192_SHA384,
            Digest::Sha512 => &s::RSA_PKCS1_2048_8192_SHA512,
        },
        (EC, ECDSA_SHA256 | ECDSA_SHA384 | ECDSA_SHA512, d) => match (curve(key), d) {
            (Some(P256), Digest::Sha256) => &s::ECDSA_P256_SHA256_ASN1,
            (Some(P256), Digest::Sha384) => &s::ECDSA_P256_SHA384_ASN1,
            (Some(P256), Digest::Sha512) => &s::ECDSA_P256_SHA512_ASN1,
            (Some(P384), Digest::Sha256) => &s::ECDSA_P384_SHA256_ASN1,
            (Some(P384), Digest::Sha384) => &s::ECDSA_P384_SHA384_ASN1,
            (Some(P384), Digest::Sha512) => &s::ECDSA_P384_SHA512_ASN1,
            _ => return Err(unknown()),
        },
        _ => return Err(unknown()),
    })
}

fn curve(key: &SubjectPublicKeyInfoOwned) -> Option<ObjectIdentifier> {
    key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok())
}

/// PSS with one digest for message and mask and a salt as long as it: the only form in use, and the only one aws-lc-rs takes.
fn is_usual_pss(algorithm: &AlgorithmIdentifierOwned, digest: Digest) -> bool {
    let given = algorithm.parameters.as_ref().and_then(|p: &Any| PssParameters::from_der(&p.to_der().ok()?).ok());
    given.is_some_and(|p| {
        let mask = p.mask.filter(|m| m.oid == MGF1).and_then(|m| m.parameters);
        let mask = mask.and_then(|m| AlgorithmIdentifierOwned::from_der(&m.to_der().ok()?).ok());
        p.hash.is_some_and(|h| h.oid == digest.oid())
            && mask.is_some_and(|m| m.oid == digest.oid())
            && p.salt == Some(digest.length())
            && p.trailer.is_none_or(|t| t.as_bytes() == [1])
    })
}
