//! Every sentence on screen has its English.
#[test]
fn every_sentence_has_its_english() {
    let missing = web::i18n::missing(env!("CARGO_MANIFEST_DIR"));
    assert!(missing.is_empty(), "{} without English:\n{}", missing.len(), missing.join("\n"));
}
