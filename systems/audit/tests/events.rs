//! Every kind of event that was ever written parses for ever.

#[test]
fn every_kind_has_a_frozen_sample_that_parses_and_is_written_the_same() {
    testkit::frozen::<audit::AuditEvent>(include_str!("samples/events.jsonl"));
}
