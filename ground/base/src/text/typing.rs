//! What a Vietnamese input method makes of keystrokes, word by word. Needed where keystrokes reach us raw: a scanner that types, while no
//! input method composes.

use unicode_normalization::UnicodeNormalization;

use super::syllable::{self, TONES};

/// The two methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Letters double or follow: `Nguyeenx`.
    Telex,
    /// Digits follow: `Nguye6n4`.
    Vni,
}

/// What one key does to the letters before it.
enum Key {
    Tone(char),
    NoTone,
    /// Circumflex on this vowel, or on the last that takes one.
    Circumflex(Option<char>),
    /// Horn on o and u.
    Horn,
    /// Breve on a.
    Breve,
    /// Horn or breve, whichever fits (Telex w).
    Hook,
    Stroke,
}

fn key(method: Method, c: char) -> Option<Key> {
    let [grave, acute, tilde, hook, dot] = TONES;
    Some(match (method, c) {
        (Method::Telex, 'f') | (Method::Vni, '2') => Key::Tone(grave),
        (Method::Telex, 's') | (Method::Vni, '1') => Key::Tone(acute),
        (Method::Telex, 'x') | (Method::Vni, '4') => Key::Tone(tilde),
        (Method::Telex, 'r') | (Method::Vni, '3') => Key::Tone(hook),
        (Method::Telex, 'j') | (Method::Vni, '5') => Key::Tone(dot),
        (Method::Telex, 'z') | (Method::Vni, '0') => Key::NoTone,
        (Method::Telex, 'a' | 'e' | 'o') => Key::Circumflex(Some(c)),
        (Method::Vni, '6') => Key::Circumflex(None),
        (Method::Telex, 'w') => Key::Hook,
        (Method::Vni, '7') => Key::Horn,
        (Method::Vni, '8') => Key::Breve,
        (Method::Telex, 'd') | (Method::Vni, '9') => Key::Stroke,
        _ => return None,
    })
}

/// Letters so far, without tone; the case of each is kept beside it.
#[derive(Default)]
struct Word {
    letters: Vec<(char, bool)>,
    tone: Option<char>,
    pressed: usize,
}

impl Word {
    fn last(&self, of: &str) -> Option<usize> {
        self.letters.iter().rposition(|(c, _)| of.contains(*c))
    }

    fn replace(&mut self, at: Option<usize>, by: impl Fn(char) -> Option<char>) -> bool {
        let Some(at) = at else { return false };
        let Some(c) = by(self.letters[at].0) else { return false };
        self.letters[at].0 = c;
        true
    }

    /// Applies a key; false when there is nothing for it to act on, so that it is a letter.
    fn press(&mut self, key: &Key) -> bool {
        let vowel = self.last("aăâeêioôơuưy").is_some();
        match key {
            Key::Tone(tone) if vowel => {
                self.tone = Some(*tone);
                true
            }
            Key::NoTone if vowel => self.tone.take().is_some(),
            Key::Circumflex(Some(c)) => self.replace(self.last(&c.to_string()), circumflex),
            Key::Circumflex(None) => self.replace(self.last("aeo"), circumflex),
            Key::Horn => self.horn(),
            Key::Breve => self.replace(self.last("a"), |_| Some('ă')),
            Key::Hook => {
                // `ua` takes the horn (mưa), `oa` the breve (hoặc).
                let a_follows_u = matches!(self.letters[..], [.., ('u', _), ('a', _)]);
                (!a_follows_u && self.replace(self.last("a"), |_| Some('ă'))) || self.horn()
            }
            Key::Stroke => self.replace(self.letters.iter().position(|(c, _)| *c == 'd').filter(|at| *at == 0), |_| Some('đ')),
            Key::Tone(_) | Key::NoTone => false,
        }
    }

    fn horn(&mut self) -> bool {
        let o = self.replace(self.last("o"), |_| Some('ơ'));
        let u = self.last("u").filter(|at| !o || self.letters.get(at + 1).is_some_and(|(c, _)| *c == 'ơ'));
        self.replace(u, |_| Some('ư')) || o
    }

    fn spell(&self) -> String {
        let letters: String = self.letters.iter().map(|(c, _)| *c).collect();
        let at = syllable::parse_letters(&letters, self.tone).map(|s| s.initial.chars().count() + syllable::tone_letter(&s.rime));
        let at = at.or_else(|| self.last("aăâeêioôơuưy"));
        let mut out = String::new();
        for (i, (c, upper)) in self.letters.iter().enumerate() {
            if *upper {
                out.extend(c.to_uppercase())
            } else {
                out.push(*c)
            }
            out.extend(self.tone.filter(|_| at == Some(i)));
        }
        out.nfc().collect()
    }
}

fn circumflex(c: char) -> Option<char> {
    match c {
        'a' => Some('â'),
        'e' => Some('ê'),
        'o' => Some('ô'),
        _ => None,
    }
}

/// Composes one word typed by a method, also one that is partly composed already. None when no key of the method acts on anything.
pub fn compose(method: Method, word: &str) -> Option<String> {
    let mut typed = Word::default();
    for c in word.nfc() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        if !typed.letters.is_empty() && key(method, lower).is_some_and(|key| typed.press(&key)) {
            typed.pressed += 1;
            continue;
        }
        let parts: Vec<char> = lower.nfd().collect();
        typed.tone = parts.iter().copied().find(|c| TONES.contains(c)).or(typed.tone);
        let letter: String = parts.into_iter().filter(|c| !TONES.contains(c)).nfc().collect();
        typed.letters.extend(letter.chars().map(|l| (l, c.is_uppercase())));
    }
    (typed.pressed > 0).then(|| typed.spell())
}

/// The letters that Telex may have taken for keys of a word: a tone goes back to its key behind the letter that carries it, a leading ư
/// before a vowel to w. None when there is neither.
pub fn keys_back(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let w_taken = lower.starts_with('ư') && lower.chars().nth(1).is_some_and(|c| "aeioy".contains(c));
    let mut out = String::new();
    let mut changed = w_taken;
    for (i, c) in word.nfc().enumerate() {
        if i == 0 && w_taken {
            out.push(if c.is_uppercase() { 'W' } else { 'w' });
            continue;
        }
        let parts: Vec<char> = c.nfd().collect();
        let tone = parts.iter().find(|c| TONES.contains(c));
        out.extend(parts.iter().copied().filter(|c| !TONES.contains(c)).nfc());
        if let Some(tone) = tone {
            changed = true;
            let at = TONES.iter().position(|t| t == tone).unwrap_or(0);
            out.push(['f', 's', 'x', 'r', 'j'][at]);
        }
    }
    changed.then_some(out)
}
