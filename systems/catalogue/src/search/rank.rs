//! Readings × postings → hits. A hit's score has three parts: the words (BM25F over all parts of an entry), how well one of its names is
//! covered and covers (so that the plain procedure stands before its special cases), and whether the words stand together.

use super::index::{Doc, Index, Of, Term, Variant};
use super::query::{self, Asked, Reading, fits};
use super::words::agrees;
use super::{Facets, Found, Hit, Narrow, Why};

/// Candidates looked at closely, per reading.
const CANDIDATES: usize = 90;
/// Reasons are written for so many hits; nobody reads further.
const EXPLAINED: usize = 60;
/// A hit this much weaker than the first is no answer.
const CUT: f32 = 0.34;
/// Words missing from a name count more than words too many.
const RECALL: f32 = 1.4;

pub(super) fn search(index: &Index, question: &str, narrow: &Narrow) -> Found {
    let mut found = Found::default();
    if let Some(hit) = by_code(index, question) {
        found.understood.text = hit.code.clone();
        found.hits.push(hit);
        return found;
    }
    let query = query::read(index, question, narrow.literal);
    found.understood = query.understood;
    let mut best: Vec<Option<(f32, usize)>> = vec![None; index.docs.len()];
    for (r, reading) in query.readings.iter().enumerate() {
        for (doc, score) in candidates(index, reading) {
            if best[doc].is_none_or(|(s, _)| score > s) {
                best[doc] = Some((score, r));
            }
        }
    }
    let mut ranked: Vec<(f32, usize, usize)> =
        best.into_iter().enumerate().filter_map(|(d, b)| b.map(|(s, r)| (s, r, d))).collect();
    // equal scores keep the order of the catalogue, on every machine
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    let top = ranked.first().map_or(0.0, |r| r.0);
    ranked.retain(|r| r.0 >= top * CUT);
    for (_, _, d) in &ranked {
        count(&mut found.facets, &index.docs[*d]);
    }
    // equal counts keep the order of the hits
    found.facets.fields.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    ranked.retain(|(_, _, d)| keeps(narrow, &index.docs[*d]));
    if let Some((_, r, _)) = ranked.first() {
        found.understood.meant = query.readings[*r].meant.clone();
    }
    found.hits = ranked
        .iter()
        .enumerate()
        .map(|(i, (score, r, d))| {
            let doc = &index.docs[*d];
            let reading = &query.readings[*r];
            let why = if i < EXPLAINED { why(index, doc, reading) } else { vec![] };
            let marks = if i < EXPLAINED { marks(&doc.entry.name, reading) } else { vec![] };
            Hit { code: doc.entry.code.clone(), name: doc.entry.name.clone(), score: *score, why, marks }
        })
        .collect();
    found
}

fn by_code(index: &Index, question: &str) -> Option<Hit> {
    let code: base::ProcedureCode = question.trim().parse().ok()?;
    let entry = index.entry(code.base())?;
    Some(Hit { code: entry.code.clone(), name: entry.name.clone(), score: 1.0, why: vec![Why::Code], marks: vec![] })
}

fn count(facets: &mut Facets, doc: &Doc) {
    use crate::package::{Channel, Level};
    for level in &doc.entry.levels {
        facets.levels[match level {
            Level::Commune => 0,
            Level::Province => 1,
            Level::Ministry => 2,
        }] += 1;
    }
    for channel in &doc.entry.channels {
        facets.channels[match channel {
            Channel::Online => 0,
            Channel::Direct => 1,
            Channel::Post => 2,
        }] += 1;
    }
    facets.foreign[usize::from(!doc.foreign)] += 1;
    facets.here += usize::from(doc.entry.here);
    match facets.fields.iter_mut().find(|(field, _)| *field == doc.entry.field) {
        Some((_, n)) => *n += 1,
        None => facets.fields.push((doc.entry.field.clone(), 1)),
    }
}

fn keeps(narrow: &Narrow, doc: &Doc) -> bool {
    narrow.level.is_none_or(|l| doc.entry.levels.contains(&l))
        && narrow.channel.is_none_or(|c| doc.entry.channels.contains(&c))
        && narrow.foreign.is_none_or(|f| doc.foreign == f)
        && narrow.field.as_ref().is_none_or(|f| doc.entry.field == *f)
        && (!narrow.here || doc.entry.here)
}

/// The best documents of one reading, scored.
fn candidates(index: &Index, reading: &Reading) -> Vec<(usize, f32)> {
    let mut scores = vec![0f32; index.docs.len()];
    let mut possible = 0.0;
    let add = |scores: &mut [f32], term: &Term, weight: f32| {
        for (doc, worth) in &term.postings {
            scores[*doc as usize] += worth * weight;
        }
    };
    let asked = &reading.asked;
    for (i, a) in asked.iter().enumerate() {
        let (fold, key) = (index.folds.get(&a.token.fold), index.keys.get(&a.token.key));
        let Some(fold) = fold else {
            possible += a.weight * index.unheard;
            continue;
        };
        match key.filter(|_| a.exact) {
            Some(key) => {
                possible += a.weight * (0.3 * fold.rare + 0.7 * key.rare);
                add(&mut scores, fold, 0.3 * a.weight);
                add(&mut scores, key, 0.7 * a.weight);
            }
            None => {
                possible += a.weight * fold.rare;
                add(&mut scores, fold, a.weight);
            }
        }
        // neighbours that stand together elsewhere are one word of two syllables
        let Some(before) = i.checked_sub(1).map(|b| &asked[b]).filter(|_| !a.after_gap) else { continue };
        let weight = 0.8 * a.weight.min(before.weight);
        let fold = index.fold_pairs.get(&format!("{} {}", before.token.fold, a.token.fold));
        let key = index.key_pairs.get(&format!("{} {}", before.token.key, a.token.key));
        match (fold, key.filter(|_| a.exact || before.exact)) {
            (_, Some(key)) => {
                possible += weight * key.rare;
                add(&mut scores, key, weight);
            }
            (Some(fold), None) => {
                possible += weight * fold.rare;
                add(&mut scores, fold, weight);
            }
            (None, None) => {}
        }
    }
    if possible <= 0.0 {
        return vec![];
    }
    let mut docs: Vec<usize> = (0..scores.len()).filter(|d| scores[*d] > 0.0).collect();
    if docs.len() > CANDIDATES {
        docs.select_nth_unstable_by(CANDIDATES, |a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        docs.truncate(CANDIDATES);
    }
    docs.into_iter()
        .map(|d| {
            let doc = &index.docs[d];
            let (fit, run, _) = naming(index, doc, asked);
            let words = (scores[d] / possible).min(1.0);
            (d, reading.quality * doc.prior * (0.42 * words + 0.44 * fit + 0.14 * run))
        })
        .collect()
}

impl Index {
    /// Rarity of an asked word: with its marks when they count.
    fn rare(&self, a: &Asked) -> Option<f32> {
        let fold = self.folds.get(&a.token.fold)?;
        let key = self.keys.get(&a.token.key).filter(|_| a.exact);
        Some(key.unwrap_or(fold).rare)
    }
}

/// How well the best of its names fits: coverage both ways, words in a row, and which name it was.
fn naming(index: &Index, doc: &Doc, asked: &[Asked]) -> (f32, f32, Option<usize>) {
    let mut best = (0.0, 0.0, None);
    for (v, variant) in doc.variants.iter().enumerate() {
        let (fit, run) = fit(index, variant, asked);
        if fit + 0.3 * run > best.0 + 0.3 * best.1 {
            best = (fit, run, Some(v));
        }
    }
    best
}

fn fit(index: &Index, variant: &Variant, asked: &[Asked]) -> (f32, f32) {
    let (mut got, mut all) = (0.0, 0.0);
    let mut held = vec![0f32; variant.tokens.len()];
    for a in asked {
        let Some(rare) = index.rare(a) else {
            all += a.weight * index.unheard;
            continue;
        };
        all += a.weight * rare;
        let mut best = 0f32;
        for (i, t) in variant.tokens.iter().enumerate() {
            let f = fits(a, t);
            if f > 0.0 {
                held[i] = held[i].max(f);
                best = best.max(f);
            }
        }
        got += a.weight * rare * best;
    }
    if all <= 0.0 || got <= 0.0 {
        return (0.0, 0.0);
    }
    let recall = got / all;
    let whole: f32 = variant.rare.iter().sum();
    let precision = held.iter().zip(&variant.rare).map(|(h, r)| h * r).sum::<f32>() / whole.max(0.01);
    let b = RECALL * RECALL;
    let fit = (1.0 + b) * precision * recall / (b * precision + recall).max(0.001);
    (fit, run(index, variant, asked) / all)
}

/// Weight of the longest stretch of the question that stands in the name in the same order without a gap.
fn run(index: &Index, variant: &Variant, asked: &[Asked]) -> f32 {
    let mut best = 0f32;
    let mut row = vec![0f32; variant.tokens.len() + 1];
    for a in asked {
        let rare = index.rare(a).unwrap_or(0.0) * a.weight;
        // from the right, so that the row above is still there
        for i in (0..variant.tokens.len()).rev() {
            row[i + 1] = if fits(a, &variant.tokens[i]) > 0.6 { row[i] + rare } else { 0.0 };
            best = best.max(row[i + 1]);
        }
        row[0] = 0.0;
    }
    best
}

fn why(index: &Index, doc: &Doc, reading: &Reading) -> Vec<Why> {
    let mut why = vec![];
    let entry = &doc.entry;
    if let (_, _, Some(v)) = naming(index, doc, &reading.asked)
        && let Of::Synonym(s) = doc.variants[v].of
    {
        why.push(Why::Called { words: entry.synonyms[s].clone() });
    }
    for (said, means) in &reading.meant {
        why.push(Why::Means { said: said.clone(), means: means.clone() });
    }
    let tokens = super::token::tokens(&entry.name);
    let stretches = heard(&tokens, reading);
    let longest = stretches.iter().max_by_key(|(a, b)| b - a);
    if let Some((a, b)) = longest.filter(|(a, b)| b - a >= 2) {
        why.push(Why::Phrase { words: entry.name[tokens[*a].at.0..tokens[b - 1].at.1].to_owned() });
    } else if !stretches.is_empty() {
        let words =
            stretches.iter().map(|(a, b)| &entry.name[tokens[*a].at.0..tokens[b - 1].at.1]).collect::<Vec<_>>().join(", ");
        why.push(Why::Words { words });
    }
    if why.len() < 2 {
        let share = |text: &str| {
            let words = super::token::tokens(text);
            let asked = reading.asked.iter().filter(|a| a.weight > 0.25);
            let (mut got, mut all) = (0, 0);
            for a in asked {
                all += 1;
                got += usize::from(words.iter().any(|w| fits(a, w) > 0.6));
            }
            (got * 100).checked_div(all).unwrap_or(0)
        };
        if let Some(r) = entry.results.iter().find(|r| share(r) >= 60) {
            why.push(Why::Result { name: r.clone() });
        } else if let Some(p) = entry.papers.iter().find(|p| share(p) >= 60) {
            why.push(Why::Paper { name: p.chars().take(120).collect() });
        } else if share(&entry.field) >= 50 {
            why.push(Why::Field { name: entry.field.clone() });
        }
    }
    why
}

/// Runs of `true` as half-open ranges.
fn stretches(hit: &[bool]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = vec![];
    for (i, h) in hit.iter().enumerate() {
        match found.last_mut() {
            Some(last) if *h && last.1 == i => last.1 = i + 1,
            _ if *h => found.push((i, i + 1)),
            _ => {}
        }
    }
    found
}

fn marks(name: &str, reading: &Reading) -> Vec<(usize, usize)> {
    let tokens = super::token::tokens(name);
    heard(&tokens, reading).into_iter().map(|(a, b)| (tokens[a].at.0, tokens[b - 1].at.1)).collect()
}

/// Stretches of a name that the question named. A word that says little ("đăng" of "đăng ký") belongs to one only beside a word that says more.
fn heard(tokens: &[super::token::Token], reading: &Reading) -> Vec<(usize, usize)> {
    let weight = |t| reading.asked.iter().filter(|a| fits(a, t) > 0.6).map(|a| a.weight).fold(0.0, f32::max);
    let weights: Vec<f32> = tokens.iter().map(weight).collect();
    let carried = |t: &super::token::Token| reading.carried.iter().any(|c| agrees(c, t, true));
    let any: Vec<bool> = weights.iter().zip(tokens).map(|(w, t)| *w > 0.0 || carried(t)).collect();
    stretches(&any).into_iter().filter(|(a, b)| weights[*a..*b].iter().any(|w| *w > 0.25)).collect()
}
