//! Every sample becomes a file.

use paper::{AcceptanceReceipt, Paper, ResultSheet, Slip, SupplementRequest, proof};

fn all<P: Paper>() {
    for (name, sample) in P::samples() {
        let (pdf, warnings) = proof(&sample).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(pdf.ends_with(b"%%EOF\n"), "{name}");
        assert_eq!(warnings, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_sample_is_typeset() {
    all::<AcceptanceReceipt>();
    all::<SupplementRequest>();
    all::<Slip>();
    all::<ResultSheet>();
}
