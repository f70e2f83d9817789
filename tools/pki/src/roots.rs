//! Whom we trust: root certificates of time-stamping authorities.
use rustls_pki_types::{CertificateDer, TrustAnchor, pem::PemObject};

/// Root certificates from which a chain must come.
#[derive(Clone, Debug)]
pub struct Roots(pub(crate) Vec<TrustAnchor<'static>>);

/// A file that holds no usable roots.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRoots {
    /// Not PEM, or a block is cut.
    #[error("this is not a file of PEM certificates: {0}")]
    Unreadable(String),
    /// A block is no certificate.
    #[error("certificate {0} cannot be read")]
    Certificate(usize),
    /// It holds none.
    #[error("there is no certificate in it")]
    None,
}

impl Roots {
    /// Reads a PEM file; everything in it that is a certificate is trusted.
    pub fn from_pem(pem: &[u8]) -> Result<Roots, BadRoots> {
        let mut anchors = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|e| BadRoots::Unreadable(e.to_string()))?;
            let anchor =
                webpki::anchor_from_trusted_cert(&certificate).map_err(|_| BadRoots::Certificate(anchors.len() + 1))?.to_owned();
            anchors.push(anchor);
        }
        if anchors.is_empty() { Err(BadRoots::None) } else { Ok(Roots(anchors)) }
    }
}
