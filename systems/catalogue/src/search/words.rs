//! `data/words`, read once and built into the program.
//! (not on screen)

use std::collections::{BTreeMap, HashSet};

use super::token::{Token, tokens};

/// How people say what the law calls otherwise.
#[derive(Debug)]
pub struct Words {
    /// Short forms and spellings, by their keys; longest first.
    pub(super) short: Vec<(Vec<Token>, Vec<Token>)>,
    /// Words of the question itself, longest first.
    pub(super) frames: Vec<Vec<Token>>,
    /// Syllables that are kept but weigh little, by their keys, and the same without marks.
    pub(super) weak: HashSet<String>,
    pub(super) weak_folds: HashSet<String>,
    /// Words of life, longest first.
    pub(super) concepts: Vec<Concept>,
}

/// One way of saying, and what it may mean.
#[derive(Debug)]
pub(super) struct Concept {
    pub said: Vec<Token>,
    /// Only when typed with its marks.
    pub exact: bool,
    pub means: Vec<Vec<Token>>,
}

/// A line of `data/words` that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {message}")]
pub struct WordsError {
    file: &'static str,
    message: String,
}

#[derive(serde::Deserialize)]
struct File {
    concept: Vec<Row>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    say: Option<Vec<String>>,
    exact: Option<Vec<String>>,
    mean: Vec<String>,
}

impl Words {
    /// The words built in.
    pub fn ours() -> Result<Words, WordsError> {
        Words::read(
            [
                ("abbreviations.csv", include_str!("../../../../data/words/abbreviations.csv")),
                ("chat.csv", include_str!("../../../../data/words/chat.csv")),
            ],
            include_str!("../../../../data/words/questions.txt"),
            include_str!("../../../../data/words/concepts.toml"),
        )
    }

    /// No words at all: the index as it stands.
    pub fn none() -> Words {
        Words { short: vec![], frames: vec![], weak: HashSet::new(), weak_folds: HashSet::new(), concepts: vec![] }
    }

    fn read(tables: [(&'static str, &str); 2], questions: &str, concepts: &str) -> Result<Words, WordsError> {
        let mut short = BTreeMap::new();
        for (file, text) in tables {
            for line in text.lines().skip(1).filter(|l| !l.trim().is_empty()) {
                let Some((a, b)) = line.split_once(',') else {
                    return Err(WordsError { file, message: format!("no comma in “{line}”") });
                };
                let (a, b) = (tokens(a), tokens(b));
                short.entry(spelled(&a)).or_insert((a, b));
            }
        }
        let mut short: Vec<_> = short.into_values().collect();
        short.sort_by_key(|(a, _)| std::cmp::Reverse(a.len()));
        let lines = || questions.lines().map(str::trim).filter(|l| !l.is_empty());
        let mut frames: Vec<_> = lines().filter(|l| !l.starts_with('~')).map(tokens).collect();
        frames.sort_by_key(|f| std::cmp::Reverse(f.len()));
        let weak = || lines().filter_map(|l| l.strip_prefix('~')).flat_map(tokens);
        let file: File = toml::from_str(concepts).map_err(|e| WordsError { file: "concepts.toml", message: e.to_string() })?;
        let mut concepts = vec![];
        for row in file.concept {
            let means: Vec<Vec<Token>> = row.mean.iter().map(|m| tokens(m)).collect();
            let said =
                row.say.into_iter().flatten().map(|s| (s, false)).chain(row.exact.into_iter().flatten().map(|s| (s, true)));
            concepts.extend(said.map(|(s, exact)| Concept { said: tokens(&s), exact, means: means.clone() }));
        }
        concepts.sort_by_key(|c| std::cmp::Reverse(c.said.len()));
        Ok(Words { short, frames, weak: weak().map(|t| t.key).collect(), weak_folds: weak().map(|t| t.fold).collect(), concepts })
    }
}

fn spelled(tokens: &[Token]) -> Vec<String> {
    tokens.iter().map(|t| t.key.clone()).collect()
}

/// Does the typed syllable stand for this one? Equal with its marks, or typed without any where that is allowed (`loose`).
pub(super) fn agrees(typed: &Token, word: &Token, loose: bool) -> bool {
    typed.key == word.key || loose && !typed.marked() && typed.fold == word.fold
}

/// Do the typed syllables begin with these words?
pub(super) fn begins(typed: &[Token], words: &[Token], loose: bool) -> bool {
    !words.is_empty() && typed.len() >= words.len() && words.iter().zip(typed).all(|(w, t)| agrees(t, w, loose))
}
