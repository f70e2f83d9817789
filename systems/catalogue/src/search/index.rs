//! Entries → postings. Built once per change of the catalogue, read by many.
//! (not on screen)

use std::collections::HashMap;

use super::token::{Token, tokens};
use super::{Entry, Words, WordsError};

/// Parts of an entry, with how much a word in them counts and how much their length does.
const PARTS: [(Part, f32, f32); 7] = [
    (Part::Name, 3.0, 0.5),
    (Part::Called, 2.6, 0.3),
    (Part::Result, 0.9, 0.5),
    (Part::Field, 0.8, 0.3),
    (Part::Summary, 0.6, 0.5),
    (Part::Paper, 0.35, 0.75),
    (Part::Audience, 0.15, 0.5),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Name,
    Called,
    Result,
    Field,
    Summary,
    Paper,
    Audience,
}

/// How soon more of the same word stops counting.
const SATURATION: f32 = 1.2;

/// One procedure in the index.
#[derive(Debug)]
pub(super) struct Doc {
    pub entry: Entry,
    pub variants: Vec<Variant>,
    pub prior: f32,
    pub foreign: bool,
}

/// One way of naming a procedure.
#[derive(Debug)]
pub(super) struct Variant {
    /// What it is.
    pub of: Of,
    pub tokens: Vec<Token>,
    /// Rarity of each token.
    pub rare: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The full name.
    Name,
    /// The name up to its first qualification.
    Head,
    /// The short name.
    Short,
    /// The n-th synonym.
    Synonym(usize),
}

/// A word or a pair of words and where it stands.
#[derive(Debug, Default)]
pub(super) struct Term {
    pub rare: f32,
    /// (document, what a match there is worth)
    pub postings: Vec<(u32, f32)>,
}

/// Everything that can be found.
#[derive(Debug)]
pub struct Index {
    pub(super) docs: Vec<Doc>,
    pub(super) words: Words,
    /// Single words, by `fold` and by `key`.
    pub(super) folds: HashMap<String, Term>,
    pub(super) keys: HashMap<String, Term>,
    /// Pairs of neighbours, joined by a space.
    pub(super) fold_pairs: HashMap<String, Term>,
    pub(super) key_pairs: HashMap<String, Term>,
    /// The usual marked form of an unmarked word, and of a pair.
    pub(super) usual: HashMap<String, String>,
    pub(super) codes: HashMap<String, u32>,
    /// Rarity of a word that stands nowhere: a reading that has it answers less of the question.
    pub(super) unheard: f32,
}

/// Counts of one word in one document, per part.
type Counts = HashMap<u32, [u16; PARTS.len()]>;

impl Index {
    /// Builds the index with the words of `data/words`.
    pub fn build(entries: impl IntoIterator<Item = Entry>) -> Result<Index, WordsError> {
        Ok(Index::with(entries, Words::ours()?))
    }

    /// Builds the index with given words.
    pub fn with(entries: impl IntoIterator<Item = Entry>, words: Words) -> Index {
        let mut builder = Builder::new(words);
        for entry in entries {
            builder.add(entry);
        }
        builder.finish()
    }

    /// How many procedures it holds.
    pub fn len(&self) -> usize {
        self.docs.len()
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// The entry of a code.
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.codes.get(code).map(|i| &self.docs[*i as usize].entry)
    }

    /// All entries, in the order of the catalogue.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.docs.iter().map(|d| &d.entry)
    }
}

struct Builder {
    words: Words,
    entries: Vec<Entry>,
    folds: HashMap<String, Counts>,
    keys: HashMap<String, Counts>,
    fold_pairs: HashMap<String, Counts>,
    key_pairs: HashMap<String, Counts>,
    lengths: Vec<[u32; PARTS.len()]>,
    shown: HashMap<String, HashMap<String, u32>>,
}

impl Builder {
    fn new(words: Words) -> Builder {
        Builder {
            words,
            entries: vec![],
            folds: HashMap::new(),
            keys: HashMap::new(),
            fold_pairs: HashMap::new(),
            key_pairs: HashMap::new(),
            lengths: vec![],
            shown: HashMap::new(),
        }
    }

    fn add(&mut self, entry: Entry) {
        let doc = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.lengths.push([0; PARTS.len()]);
        for (p, (part, _, _)) in PARTS.iter().enumerate() {
            let texts: Vec<&str> = match part {
                Part::Name => vec![&entry.name],
                Part::Called => entry.synonyms.iter().chain([&entry.short_name]).map(String::as_str).collect(),
                Part::Result => entry.results.iter().map(String::as_str).collect(),
                Part::Field => vec![&entry.field],
                Part::Summary => vec![&entry.summary],
                Part::Paper => entry.papers.iter().map(String::as_str).collect(),
                Part::Audience => entry.audience.iter().map(String::as_str).collect(),
            };
            for text in texts {
                self.text(doc, p, *part, text);
            }
        }
        self.entries.push(entry);
    }

    fn text(&mut self, doc: u32, p: usize, part: Part, text: &str) {
        let tokens = written_out(tokens(text), &self.words);
        self.lengths[doc as usize][p] += tokens.len() as u32;
        for t in &tokens {
            count(&mut self.folds, &t.fold, doc, p);
            count(&mut self.keys, &t.key, doc, p);
            if part != Part::Paper {
                show(&mut self.shown, t.fold.clone(), t.shown.to_lowercase());
            }
        }
        // pairs of long texts would outweigh what they tell
        if matches!(part, Part::Name | Part::Called | Part::Result | Part::Field) {
            for pair in tokens.windows(2) {
                let fold = format!("{} {}", pair[0].fold, pair[1].fold);
                count(&mut self.key_pairs, &format!("{} {}", pair[0].key, pair[1].key), doc, p);
                show(&mut self.shown, fold.clone(), format!("{} {}", pair[0].shown, pair[1].shown).to_lowercase());
                count(&mut self.fold_pairs, &fold, doc, p);
            }
        }
    }

    fn finish(self) -> Index {
        let words = self.words;
        let n = self.entries.len().max(1) as f32;
        let mut mean = [0f32; PARTS.len()];
        for lengths in &self.lengths {
            for (m, l) in mean.iter_mut().zip(lengths) {
                *m += *l as f32 / n;
            }
        }
        let terms = |counts: HashMap<String, Counts>| -> HashMap<String, Term> {
            counts.into_iter().map(|(word, docs)| (word, weigh(&docs, n, &self.lengths, &mean))).collect()
        };
        let folds = terms(self.folds);
        let keys = terms(self.keys);
        let fold_pairs = terms(self.fold_pairs);
        let key_pairs = terms(self.key_pairs);
        let usual = self.shown.into_iter().filter_map(|(fold, forms)| {
            // the same form wins on every machine, also when two are equally common
            let best = forms.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
            Some((fold, best.0))
        });
        let usual = usual.collect();
        let codes = self.entries.iter().enumerate().map(|(i, e)| (e.code.clone(), i as u32)).collect();
        let docs = self.entries.into_iter().map(|e| doc(e, &keys, &words)).collect();
        Index { docs, words, folds, keys, fold_pairs, key_pairs, usual, codes, unheard: (1.0 + 2.0 * n).ln() }
    }
}

/// "TNHH" in a name is found by "trách nhiệm hữu hạn" and by itself: both are written out.
fn written_out(tokens: Vec<Token>, words: &Words) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    for t in tokens {
        let capitals = t.shown.chars().count() > 1 && t.shown.chars().all(|c| c.is_uppercase());
        let long = if capitals { words.short.iter().find(|(short, _)| short.len() == 1 && short[0].key == t.key) } else { None };
        match long {
            Some((_, long)) => out.extend(long.iter().map(|l| Token { at: t.at, ..l.clone() })),
            None => out.push(t),
        }
    }
    out
}

fn count(into: &mut HashMap<String, Counts>, word: &str, doc: u32, part: usize) {
    let counts = match into.get_mut(word) {
        Some(counts) => counts,
        None => into.entry(word.to_owned()).or_default(),
    };
    let slot = &mut counts.entry(doc).or_default()[part];
    *slot = slot.saturating_add(1);
}

fn show(into: &mut HashMap<String, HashMap<String, u32>>, fold: String, shown: String) {
    *into.entry(fold).or_default().entry(shown).or_default() += 1;
}

/// BM25F: parts are added up before the word saturates, so that a word in the name and in a paper counts once.
fn weigh(docs: &Counts, n: f32, lengths: &[[u32; PARTS.len()]], mean: &[f32; PARTS.len()]) -> Term {
    // how telling a word is, names say; papers hold every word there is
    let named = docs.values().filter(|c| (0..PARTS.len()).any(|p| c[p] > 0 && PARTS[p].0 != Part::Paper)).count() as f32;
    let df = named.max(docs.len() as f32 * 0.2);
    let rare = (1.0 + (n - df + 0.5) / (df + 0.5)).ln();
    let mut postings: Vec<(u32, f32)> = docs
        .iter()
        .map(|(doc, counts)| {
            let mut sum = 0.0;
            for (p, (_, weight, by_length)) in PARTS.iter().enumerate() {
                if counts[p] > 0 {
                    let length = lengths[*doc as usize][p] as f32 / mean[p].max(1.0);
                    sum += weight * f32::from(counts[p]) / (1.0 - by_length + by_length * length);
                }
            }
            (*doc, rare * sum / (SATURATION + sum))
        })
        .collect();
    postings.sort_by_key(|p| p.0);
    Term { rare, postings }
}

fn doc(entry: Entry, keys: &HashMap<String, Term>, words: &Words) -> Doc {
    let mut variants = vec![];
    let mut add = |of, text: &str| {
        let tokens = written_out(tokens(text), words);
        if !tokens.is_empty() {
            let rare = tokens.iter().map(|t| keys.get(&t.key).map_or(1.0, |f| f.rare)).collect();
            variants.push(Variant { of, tokens, rare });
        }
    };
    let name = without_lead(&entry.name);
    add(Of::Name, name);
    if let Some(head) = head(name) {
        add(Of::Head, head);
    }
    add(Of::Short, &entry.short_name);
    for (i, s) in entry.synonyms.iter().enumerate() {
        add(Of::Synonym(i), s);
    }
    let foreign = base::text::fold(&entry.name).contains("nuoc ngoai");
    Doc { prior: prior(&entry), variants, foreign, entry }
}

/// "Thủ tục" says nothing about which.
pub(super) fn without_lead(name: &str) -> &str {
    let lead = "thủ tục ".chars().count();
    let cut = name.char_indices().nth(lead).map_or(name.len(), |(i, _)| i);
    if name[..cut].to_lowercase() == "thủ tục " { &name[cut..] } else { name }
}

/// The name up to where it begins to qualify itself: citizens do not say the rest.
fn head(name: &str) -> Option<&str> {
    const CUTS: [&str; 14] = [
        " (",
        ";",
        " đối với ",
        " cho đối tượng ",
        " do ",
        " trong ",
        " thuộc ",
        " theo ",
        " của ",
        " tại ",
        " mà ",
        " nhằm ",
        " được ",
        ". ",
    ];
    let end = CUTS.iter().filter_map(|c| name.find(c)).min()?;
    let head = name[..end].trim();
    (tokens(head).len() >= 3).then_some(head)
}

/// What a citizen asks for is seldom a ministry's own procedure.
fn prior(e: &Entry) -> f32 {
    use crate::package::Level::{Commune, Ministry, Province};
    let mut prior = match e.levels.as_slice() {
        [Commune] => 1.10,
        levels if levels.contains(&Commune) => 1.06,
        levels if levels.contains(&Province) => 1.0,
        [Ministry] | [] => 0.92,
        _ => 1.0,
    };
    if e.audience.iter().any(|a| a.contains("Công dân")) {
        prior *= 1.04;
    }
    if e.local {
        prior *= 1.04;
    }
    if e.listed {
        prior *= 1.06;
    }
    prior
}
