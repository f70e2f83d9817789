//! Every sentence of this room is said in English too.

#[test]
fn i18n_is_complete() {
    assert_eq!(web::i18n::missing(env!("CARGO_MANIFEST_DIR")), [""; 0]);
}
