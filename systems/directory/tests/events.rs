//! Every kind of event that was ever written parses for ever.
use directory::DirectoryEvent;
use store::Event as _;

/// One line per (kind, version), never changed: `kind version json`.
const FROZEN: &str = include_str!("samples/events.jsonl");

#[test]
fn every_frozen_event_parses_and_is_written_the_same() {
    let mut kinds = std::collections::BTreeSet::new();
    for line in FROZEN.lines() {
        let event: DirectoryEvent = serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"));
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
        kinds.insert(event.kind());
    }
    assert_eq!(kinds.len(), 19, "a new kind needs its frozen line: {kinds:?}");
}
