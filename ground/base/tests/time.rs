use base::{Clock, Moment, Seed};
use jiff::SignedDuration;
use proptest::prelude::*;

pub fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn a_moment_survives_writing_and_reading(micros in any::<i64>()) {
        let m = Moment::from_micros(micros);
        prop_assert_eq!(Moment::from_micros(m.micros()), m);
        if (0..=9999).contains(&m.local().year()) {
            prop_assert_eq!(m.to_string().parse::<Moment>().unwrap(), m);
            prop_assert_eq!(Moment::from_local(m.local()), m);
        }
        prop_assert!(m.to_minute() <= m && m.since(m.to_minute()) < SignedDuration::from_mins(1));
    }

    #[test]
    fn no_text_makes_a_moment_panic(text in ".{0,40}") {
        let _ = text.parse::<Moment>();
    }

    #[test]
    fn moving_and_measuring_agree(micros in -4_000_000_000_000_000i64..4_000_000_000_000_000, by in -1_000_000_000_000i64..1_000_000_000_000) {
        let m = Moment::from_micros(micros);
        prop_assert_eq!(m.plus(SignedDuration::from_micros(by)).since(m), SignedDuration::from_micros(by));
    }
}

#[test]
fn a_moment_is_written_in_vietnam_and_read_from_anywhere() {
    let noon = at("2026-11-23T05:00:00Z");
    assert_eq!(noon.to_string(), "2026-11-23T12:00:00+07:00");
    assert_eq!(serde_json::to_string(&noon).unwrap(), r#""2026-11-23T12:00:00+07:00""#);
    for same in ["2026-11-23T12:00", "2026-11-23 12:00:00", "2026-11-23T12:00:00.000000+07:00"] {
        assert_eq!(at(same), noon);
    }
}

#[test]
fn a_fixed_clock_moves_only_when_told_and_its_clones_with_it() {
    let clock = Clock::fixed(at("2026-11-23T14:30"));
    let other = clock.clone();
    assert_eq!(clock.now(), other.now());
    clock.advance(SignedDuration::from_hours(2));
    assert_eq!(other.now(), at("2026-11-23T16:30"));
}

#[test]
fn a_unit_that_runs_again_makes_the_same_ids_and_no_other_unit_does() {
    let (seed, other) = (Seed([7; 32]), Seed([8; 32]));
    assert_eq!(seed.uuid("dossier", 0), seed.uuid("dossier", 0));
    let ids = [seed.uuid("dossier", 0), seed.uuid("dossier", 1), seed.uuid("event", 0), other.uuid("dossier", 0)];
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    assert_ne!(Seed::fresh(), Seed::fresh());
    assert_eq!(format!("{seed:?}"), "Seed(…)");
    let (early, late) = (at("2026-11-23T14:30"), at("2026-11-23T14:31"));
    assert!(seed.uuid_at(early, "x", 0) < other.uuid_at(late, "x", 0));
}
