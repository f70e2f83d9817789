//! Every sentence of the program's own screens has its English.
#[test]
fn every_sentence_has_its_english() {
    let missing = web::i18n::missing(env!("CARGO_MANIFEST_DIR"));
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
