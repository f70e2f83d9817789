//! A question → the ways it can be read.
//! (not on screen)

use super::index::Index;
use super::token::{Token, one_slip, telex, tokens};
use super::words::{agrees, begins};
use super::{Understood, Words};

/// Longest question that is read; what follows says nothing new.
const MOST: usize = 48;

/// One word of a reading.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub token: Token,
    /// How much it counts.
    pub weight: f32,
    /// Its marks were typed (or it was typed unmarked among marked words): the marked word counts.
    pub exact: bool,
    /// The word before it in the reading is not its neighbour in the question.
    pub after_gap: bool,
}

/// One way to read the question.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub asked: Vec<Asked>,
    /// Words that only carry the question ("tôi muốn"): nothing is found by them, and beside a word that was asked they are marked too,
    /// because "dang" of "dang ky" reads like the "đang" of "đang cần".
    pub carried: Vec<Token>,
    /// How sure.
    pub quality: f32,
    /// What was taken for what: (said, means).
    pub meant: Vec<(String, String)>,
}

/// The question, understood.
#[derive(Debug)]
pub(super) struct Query {
    pub readings: Vec<Reading>,
    pub understood: Understood,
}

pub(super) fn read(index: &Index, question: &str, literal: bool) -> Query {
    let mut typed = tokens(question);
    typed.truncate(MOST);
    let marked = typed.iter().filter(|t| t.marked()).count();
    let accented = marked * 5 >= typed.len() * 2 && marked > 0;
    let mut corrected = vec![];
    let mut words = typed.clone();
    if !literal {
        words = spelled_out(&index.words, &words, &mut corrected);
        words = mended(index, words, &mut corrected);
    }
    let spans = if literal { vec![] } else { spans(&index.words, &words, accented) };
    let frame = if literal { vec![false; words.len()] } else { frames(&index.words, &words, &spans, accented) };
    let readings = readings(index, &words, &frame, &spans, accented, literal);
    let text = shown(index, &words, marked > 0);
    let understood = Understood {
        text,
        without_marks: marked == 0 && words.iter().any(|w| w.fold.chars().any(char::is_alphabetic)),
        corrected,
        meant: vec![],
    };
    Query { readings, understood }
}

/// Short forms and chat spelling, written out.
fn spelled_out(words: &Words, typed: &[Token], corrected: &mut Vec<(String, String)>) -> Vec<Token> {
    let mut out = vec![];
    let mut i = 0;
    while i < typed.len() {
        let hit = words.short.iter().find(|(short, _)| begins(&typed[i..], short, false));
        match hit {
            Some((short, long)) => {
                let said = text(&typed[i..i + short.len()]);
                let read = text(long);
                if said.to_lowercase() != read {
                    corrected.push((said, read));
                }
                out.extend(long.iter().cloned());
                i += short.len();
            }
            None => {
                out.push(typed[i].clone());
                i += 1;
            }
        }
    }
    out
}

/// Words that no procedure and no list of ours knows: Telex, two words typed as one, a slip of the finger.
fn mended(index: &Index, words: Vec<Token>, corrected: &mut Vec<(String, String)>) -> Vec<Token> {
    let mut out: Vec<Token> = vec![];
    for (i, word) in words.iter().enumerate() {
        let known = index.knows(&word.fold);
        if known == Known::Well || word.fold.chars().any(|c| c.is_ascii_digit()) {
            out.push(word.clone());
            continue;
        }
        let before = out.last().map(|t| t.fold.clone());
        let after = words.get(i + 1).map(|t| t.fold.clone());
        let read = telex(&word.shown.to_lowercase())
            .map(|t| tokens(&t))
            .filter(|t| t.iter().all(|t| index.knows(&t.fold) == Known::Well))
            .or_else(|| index.parted(&word.fold))
            .or_else(|| index.nearest(&word.fold, before.as_deref(), after.as_deref(), known).map(|w| vec![w]));
        match read {
            Some(read) => {
                corrected.push((word.shown.clone(), text(&read)));
                out.extend(read);
            }
            None => out.push(word.clone()),
        }
    }
    out
}

/// How well a word is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// In names, or in our lists.
    Well,
    /// In long texts only: may be somebody else's slip.
    Barely,
    Not,
}

impl Index {
    fn knows(&self, fold: &str) -> Known {
        let listed = |list: &[Token]| list.iter().any(|t| t.fold == fold);
        if self.usual.contains_key(fold)
            || self.words.frames.iter().any(|f| listed(f))
            || self.words.concepts.iter().any(|c| listed(&c.said))
        {
            Known::Well
        } else if self.folds.contains_key(fold) {
            Known::Barely
        } else {
            Known::Not
        }
    }

    /// "khaisinh" → "khai sinh", when both parts stand together somewhere.
    fn parted(&self, word: &str) -> Option<Vec<Token>> {
        if word.len() < 4 || !word.is_ascii() {
            return None;
        }
        (1..word.len())
            .filter_map(|i| {
                let pair = format!("{} {}", &word[..i], &word[i..]);
                self.fold_pairs.get(&pair).map(|t| (t.postings.len(), pair))
            })
            .max()
            .map(|(_, pair)| tokens(&pair))
    }

    /// The known word one slip away that suits its neighbours best.
    fn nearest(&self, word: &str, before: Option<&str>, after: Option<&str>, known: Known) -> Option<Token> {
        if word.chars().count() < 3 {
            return None;
        }
        let beside = |a: Option<&str>, b: Option<&str>| {
            a.zip(b).and_then(|(a, b)| self.fold_pairs.get(&format!("{a} {b}"))).map_or(0, |t| t.postings.len())
        };
        let near = self.folds.iter().filter(|(near, _)| one_slip(word, near) && self.usual.contains_key(*near));
        let (pairs, _, best) = near
            .map(|(near, term)| (beside(before, Some(near)) + beside(Some(near), after), term.postings.len(), near))
            .max_by_key(|(pairs, many, near)| (pairs.min(&50) * 100 + many.min(&5_000), std::cmp::Reverse(*near)))?;
        // a word that stands in some paper is left alone unless its neighbours say otherwise
        (known == Known::Not || pairs > 0).then(|| tokens(best).pop())?
    }
}

/// A concept found in the question.
#[derive(Clone, Copy, Debug)]
struct Span {
    at: usize,
    len: usize,
    concept: usize,
}

/// Words of life, the longest first, not overlapping; question words inside may be skipped over.
fn spans(words: &Words, typed: &[Token], accented: bool) -> Vec<Span> {
    let mut found: Vec<Span> = vec![];
    for (c, concept) in words.concepts.iter().enumerate() {
        for at in 0..typed.len() {
            let free = |len: usize| !found.iter().any(|s| at < s.at + s.len && s.at < at + len);
            let loose = !concept.exact && (!accented || concept.said.len() > 1);
            if begins(&typed[at..], &concept.said, loose) && free(concept.said.len()) {
                found.push(Span { at, len: concept.said.len(), concept: c });
            }
        }
    }
    found.sort_by_key(|s| s.at);
    found.truncate(4);
    found
}

/// Which words only ask.
fn frames(words: &Words, typed: &[Token], spans: &[Span], accented: bool) -> Vec<bool> {
    let mut frame = vec![false; typed.len()];
    let covered = |i: usize| spans.iter().any(|s| (s.at..s.at + s.len).contains(&i));
    let mut i = 0;
    while i < typed.len() {
        let hit = words.frames.iter().find(|f| begins(&typed[i..], f, !accented || f.len() > 1));
        match hit {
            Some(f) if !(i..i + f.len()).any(covered) => {
                frame[i..i + f.len()].fill(true);
                i += f.len();
            }
            _ => i += 1,
        }
    }
    frame
}

fn readings(index: &Index, typed: &[Token], frame: &[bool], spans: &[Span], accented: bool, literal: bool) -> Vec<Reading> {
    let concepts = &index.words.concepts;
    // each reading: for every span, which of its meanings (none: as typed)
    let mut plans: Vec<Vec<Option<usize>>> = vec![vec![None; spans.len()]];
    for (s, span) in spans.iter().enumerate() {
        for m in 0..concepts[span.concept].means.len() {
            let mut alone = vec![None; spans.len()];
            alone[s] = Some(m);
            plans.push(alone);
        }
    }
    if spans.len() > 1 {
        plans.push(vec![Some(0); spans.len()]);
        if spans.len() > 2 {
            for skip in 0..spans.len() {
                let mut most = vec![Some(0); spans.len()];
                most[skip] = None;
                plans.push(most);
            }
        }
    }
    plans.truncate(14);
    let weak =
        |t: &Token| index.words.weak.contains(&t.key) || !accented && !t.marked() && index.words.weak_folds.contains(&t.fold);
    plans
        .into_iter()
        .filter_map(|plan| {
            let mut asked: Vec<Asked> = vec![];
            let mut meant = vec![];
            let mut carried = vec![];
            let mut quality = 1.0;
            let mut aside = 1.0;
            let mut gap = false;
            let mut i = 0;
            while i < typed.len() {
                if let Some(s) = spans.iter().position(|s| s.at == i)
                    && let Some(m) = plan[s]
                {
                    let concept = &concepts[spans[s].concept];
                    let means = &concept.means[m];
                    asked.extend(means.iter().enumerate().map(|(n, t)| Asked {
                        token: t.clone(),
                        weight: aside,
                        exact: true,
                        after_gap: n == 0,
                    }));
                    let said = text(&typed[i..i + spans[s].len]);
                    quality *= if spans[s].len > 1 { 0.98 } else { 0.93 };
                    meant.push((said, text(means)));
                    i += spans[s].len;
                    gap = true;
                    continue;
                }
                let t = &typed[i];
                // what follows "để" is why the paper is wanted, not which
                if purpose(typed, i) {
                    aside = 0.45;
                }
                if literal || !frame[i] {
                    let mut weight = aside;
                    if !literal && weak(t) {
                        weight *= 0.3;
                    }
                    // words of life beside the one this reading took for law
                    if plan.iter().any(Option::is_some) && spans.iter().any(|s| (s.at..s.at + s.len).contains(&i)) {
                        weight *= 0.5;
                    }
                    asked.push(Asked { token: t.clone(), weight, exact: t.marked() || accented, after_gap: gap });
                    gap = false;
                } else {
                    carried.push(t.clone());
                    gap = true;
                }
                i += 1;
            }
            (!asked.is_empty()).then_some(Reading { asked, carried, quality, meant })
        })
        .collect()
}

fn purpose(typed: &[Token], at: usize) -> bool {
    let t = &typed[at];
    if at == 0 || t.fold != "de" {
        return false;
    }
    let next = typed.get(at + 1).map(|t| t.fold.as_str());
    t.key == "đê\u{302}4"
        || t.key == super::token::keys("để").1
        || !t.marked() && matches!(next, Some("mua" | "vay" | "lam" | "xin" | "di" | "nop" | "bo" | "ban"))
}

fn text(words: &[Token]) -> String {
    words.iter().map(|t| t.shown.as_str()).collect::<Vec<_>>().join(" ")
}

/// The question as the catalogue would write it.
fn shown(index: &Index, words: &[Token], marked: bool) -> String {
    let mut out: Vec<String> = vec![];
    for (i, w) in words.iter().enumerate() {
        let written = if marked || w.marked() {
            w.shown.clone()
        } else {
            let pair = |a: &str, b: &str| index.usual.get(&format!("{a} {b}"));
            let next = words.get(i + 1).and_then(|n| pair(&w.fold, &n.fold)).and_then(|p| p.split(' ').next());
            let before = i.checked_sub(1).and_then(|b| pair(&words[b].fold, &w.fold)).and_then(|p| p.split(' ').nth(1));
            before.or(next).or(index.usual.get(&w.fold).map(String::as_str)).unwrap_or(&w.shown).to_owned()
        };
        out.push(written.to_lowercase());
    }
    out.join(" ")
}

/// Does an asked word stand for this word of a name?
pub(super) fn fits(asked: &Asked, word: &Token) -> f32 {
    if agrees(&asked.token, word, !asked.exact) {
        1.0
    } else if asked.token.fold == word.fold {
        // another mark than typed: a slip of the tone key is common
        if asked.token.marked() && word.marked() { 0.35 } else { 0.7 }
    } else {
        0.0
    }
}
