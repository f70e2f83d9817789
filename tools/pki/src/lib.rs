//! Public key infrastructure: what others have signed, read and judged. Time stamps (RFC 3161) for now.
//!
//! ```ignore
//! let request = pki::tsp::Request::new(sha256_of_the_document, nonce);
//! let answer = post(address, request.to_der()?);              // the caller's own HTTP
//! let (token, stamp) = request.accept(&answer, &roots)?;      // keep the token
//! let later = pki::tsp::verify(&token, &sha256_of_the_document, &roots)?;
//! assert_eq!(stamp, later);
//! ```
//!
//! No database, no HTTP, no clock, no chance: everything is passed in. Whatever bytes come in, nothing panics, and memory is bounded by
//! [`tsp::LIMIT`]. Signatures are judged by aws-lc-rs and chains by webpki; the structures are those of the `der` family.
//!
//! # How to add a kind of signed thing
//!
//! A module of its own beside [`tsp`]: its ASN.1 as small structs with `der`'s derives, one `Error` with a variant for each way in which an
//! answer can be wrong, one test for each variant.
mod roots;
mod signed;
pub mod tsp;

pub use roots::{BadRoots, Roots};
