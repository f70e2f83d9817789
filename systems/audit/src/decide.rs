//! Rules of billing, watching, complaining and sampling. Pure.
use base::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::objection::Objection;

/// Whether a bill is due: a day has ended since the last one or, before there is any, since the log began.
pub fn bill_is_due(last: Option<Moment>, log_began: Option<Moment>, now: Moment) -> bool {
    let midnight = Moment::from_local(now.date().at(0, 0, 0, 0));
    last.or(log_began).is_some_and(|at| at < midnight)
}

/// When looking becomes harvesting: settings of the province.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// So many different things within an hour are always fine.
    pub free: u32,
    /// Beyond them, so many times what the officer's own busiest hours usually bring.
    pub times: u32,
    /// Days that are looked back on.
    pub days: u32,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch { free: 40, times: 3, days: 30 }
    }
}

/// What an officer usually looks at in the busiest hour of a day: the median over the days with any look. A quiet or unknown officer has 0.
pub fn usual(busiest_hours: &[u32]) -> u32 {
    let mut sorted = busiest_hours.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// Whether an hour with this many different things is far beyond what this officer usually does.
pub fn is_bulk(looks: u32, usual: u32, watch: &Watch) -> bool {
    looks > watch.free.max(usual.saturating_mul(watch.times))
}

/// An alarm is closed once, with a reason.
pub fn close_alarm(closed_at: Option<Moment>, reason: &str) -> Result<(), Objection> {
    if closed_at.is_some() {
        return Err(Objection::AlarmClosed);
    }
    if reason.is_empty() { Err(Objection::ReasonNeeded) } else { Ok(()) }
}

/// A citizen says in words of their own what is not right with a look.
pub fn complain(words: &str) -> Result<(), Objection> {
    if words.is_empty() { Err(Objection::WordsNeeded) } else { Ok(()) }
}

/// A complaint is answered once.
pub fn answer(answered_at: Option<Moment>, answer: &str) -> Result<(), Objection> {
    if answered_at.is_some() {
        return Err(Objection::Answered);
    }
    if answer.is_empty() { Err(Objection::AnswerNeeded) } else { Ok(()) }
}

/// A sample is drawn from dossiers there are.
pub fn draw_sample(population: &[Uuid]) -> Result<(), Objection> {
    if population.is_empty() { Err(Objection::NothingToDraw) } else { Ok(()) }
}

/// Draws from a population by a seed: whoever has both draws the same, whatever order the population came in.
pub fn draw(seed: &str, population: &[Uuid], wanted: usize) -> Vec<Uuid> {
    let mut keyed: Vec<([u8; 32], Uuid)> = population
        .iter()
        .map(|id| (Sha256::new().chain_update(seed).chain_update([0]).chain_update(id.as_bytes()).finalize().into(), *id))
        .collect();
    keyed.sort_unstable();
    keyed.dedup();
    keyed.into_iter().take(wanted).map(|(_, id)| id).collect()
}

/// SHA-256 over the population in the order of ids: whether a later drawing has the same one.
pub fn population_sum(population: &[Uuid]) -> crate::Sum {
    let mut sorted = population.to_vec();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    sorted.iter().for_each(|id| hash.update(id.as_bytes()));
    crate::Sum(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_due_when_a_day_has_ended_since_the_last_one_or_since_the_log_began() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let (began, midnight, before) = (at("2026-11-23T14:30"), at("2026-11-24T00:00"), at("2026-11-23T23:59"));
        assert!(!bill_is_due(None, None, midnight), "nothing to vouch for");
        assert!(!bill_is_due(None, Some(began), before), "the first day is not over");
        assert!(bill_is_due(None, Some(began), midnight));
        assert!(!bill_is_due(Some(midnight), Some(began), at("2026-11-24T23:59")), "today has its bill");
        assert!(bill_is_due(Some(midnight), Some(began), at("2026-11-25T00:00")));
    }

    #[test]
    fn an_hour_is_measured_against_the_officers_own_usual_days() {
        let watch = Watch::default();
        assert!(!is_bulk(40, 0, &watch), "so many are always fine");
        assert!(is_bulk(41, 0, &watch), "a quiet officer");
        assert!(!is_bulk(100, 35, &watch), "somebody at a busy desk");
        assert!(is_bulk(106, 35, &watch));
        assert!(!is_bulk(u32::MAX, u32::MAX, &watch));
    }

    #[test]
    fn the_usual_is_the_median_so_that_one_wild_day_does_not_make_the_next_one_usual() {
        assert_eq!(usual(&[]), 0);
        assert_eq!(usual(&[5, 6, 400, 4, 5]), 5);
    }

    #[test]
    fn the_same_seed_draws_the_same_from_the_same_population_in_any_order() {
        let population: Vec<Uuid> = (0..500).map(Uuid::from_u128).collect();
        let mut turned = population.clone();
        turned.reverse();
        let drawn = draw("2026-11", &population, 20);
        assert_eq!((drawn.len(), &drawn), (20, &draw("2026-11", &turned, 20)));
        assert_eq!(population_sum(&population), population_sum(&turned));
        assert_ne!(drawn, draw("2026-12", &population, 20));
        assert_eq!(draw("x", &population[..3], 20).len(), 3, "no more than there are");
        assert_eq!(draw("2026-11", &population, 30)[..20], drawn[..], "more of the same begins with the same");
    }

    #[test]
    fn each_thing_is_drawn_about_as_often_as_any_other() {
        let population: Vec<Uuid> = (0..50).map(Uuid::from_u128).collect();
        let mut times = [0u32; 50];
        for seed in 0..2000 {
            for id in draw(&seed.to_string(), &population, 5) {
                times[id.as_u128() as usize] += 1;
            }
        }
        // 200 each on average, standard deviation 13
        assert!(times.iter().all(|n| (130..270).contains(n)), "{times:?}");
    }
}
