//! Syllables, with and without marks.
//! (not on screen)

use unicode_normalization::UnicodeNormalization;

/// One syllable (or number) of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Without marks: `hoa`.
    pub fold: String,
    /// With marks, the tone set apart so that `hoà` and `hòa` are equal: `hoa2`, `đang`.
    pub key: String,
    /// As written.
    pub shown: String,
    /// Byte range in the text it came from.
    pub at: (usize, usize),
}

impl Token {
    /// Was any mark typed?
    pub fn marked(&self) -> bool {
        self.key != self.fold
    }
}

/// The syllables of a text. Apostrophes join (`H'Blim`), everything else that is no letter or digit parts.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = vec![];
    let mut start = None;
    for (i, c) in text.char_indices() {
        let inside = c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c) || (matches!(c, '\'' | '’') && start.is_some());
        match (inside, start) {
            (true, None) => start = Some(i),
            (false, Some(s)) => {
                found.extend(token(text, s, i));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(s) = start {
        found.extend(token(text, s, text.len()));
    }
    found
}

fn token(text: &str, start: usize, end: usize) -> Option<Token> {
    let shown: String = text[start..end].trim_end_matches(['\'', '’']).nfc().collect();
    let (fold, key) = keys(&shown);
    (!fold.is_empty()).then_some(Token { fold, key, shown, at: (start, end) })
}

/// The two keys of one syllable.
pub(crate) fn keys(word: &str) -> (String, String) {
    let mut fold = String::new();
    let mut key = String::new();
    let mut tone = None;
    for c in word.nfd().flat_map(char::to_lowercase) {
        match c {
            // huyền, sắc, hỏi, ngã, nặng: of the whole syllable, wherever they were typed
            '\u{300}' => tone = Some('2'),
            '\u{301}' => tone = Some('3'),
            '\u{309}' => tone = Some('4'),
            '\u{303}' => tone = Some('5'),
            '\u{323}' => tone = Some('6'),
            // breve, circumflex, horn: of their letter
            '\u{306}' | '\u{302}' | '\u{31b}' => key.push(c),
            '\u{300}'..='\u{36f}' | '\'' | '’' => {}
            'đ' => {
                fold.push('d');
                key.push('đ');
            }
            _ => {
                fold.push(c);
                key.push(c);
            }
        }
    }
    key.extend(tone);
    // ký and kí are one word
    if matches!(fold.as_str(), "hi" | "ki" | "li" | "mi" | "si" | "ti") {
        fold = fold.replace('i', "y");
        key = key.replacen('i', "y", 1);
    }
    (fold, key)
}

/// A word typed in Telex without an input method ("ddawng", "keets"), read; `None` when nothing in it is Telex.
pub(crate) fn telex(word: &str) -> Option<String> {
    if !word.is_ascii() || word.len() < 3 {
        return None;
    }
    let mut out = String::new();
    let mut tone = None;
    let chars: Vec<char> = word.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        let (c, next) = (chars[i], chars.get(i + 1).copied());
        let pair = match (c, next) {
            ('d', Some('d')) => Some('đ'),
            ('a', Some('a')) => Some('â'),
            ('a', Some('w')) => Some('ă'),
            ('e', Some('e')) => Some('ê'),
            ('o', Some('o')) => Some('ô'),
            ('o', Some('w')) => Some('ơ'),
            ('u', Some('w')) => Some('ư'),
            _ => None,
        };
        if let Some(letter) = pair {
            out.push(letter);
            i += 2;
            continue;
        }
        let mark = match c {
            'f' => Some('\u{300}'),
            's' => Some('\u{301}'),
            'r' => Some('\u{309}'),
            'x' => Some('\u{303}'),
            'j' => Some('\u{323}'),
            _ => None,
        };
        // a tone letter stands behind a vowel and is no part of the initial
        match mark {
            Some(mark) if i > 0 && out.chars().any(is_vowel) && tone.is_none() => tone = Some(mark),
            _ => out.push(c),
        }
        i += 1;
    }
    if let Some(mark) = tone {
        let at = out.char_indices().filter(|(_, c)| is_vowel(*c)).map(|(i, c)| i + c.len_utf8()).next()?;
        out.insert(at, mark);
    }
    let read: String = out.nfc().collect();
    (read != word).then_some(read)
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y')
}

/// Are two words one slip of the finger apart (one letter more, less, other, or two neighbours swapped)?
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[same..], &b[same..]);
    match (ra.len(), rb.len()) {
        (0, 0) => false,
        (x, y) if x == y => ra[1..] == rb[1..] || x >= 2 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2..] == rb[2..],
        (x, y) if x == y + 1 => ra[1..] == *rb,
        (x, y) if x + 1 == y => *ra == rb[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_placement_and_i_y_do_not_matter() {
        assert_eq!(keys("hoà"), keys("hòa"));
        assert_eq!(keys("Thuỷ"), keys("Thủy"));
        assert_eq!(keys("kí"), keys("ký"));
        assert_ne!(keys("mất").1, keys("mật").1);
        assert_eq!(keys("mất").0, keys("mat").0);
        assert_eq!(keys("Đăng"), ("dang".into(), "đa\u{306}ng".into()));
    }

    #[test]
    fn decomposed_text_gives_the_same_tokens() {
        let nfd: String = "đăng ký kết hôn".nfd().collect();
        let keys = |t: &str| tokens(t).into_iter().map(|t| t.key).collect::<Vec<_>>();
        assert_eq!(keys(&nfd), keys("Đăng ký, kết-hôn"));
        assert_eq!(tokens("H'Blim Niê").len(), 2);
    }

    #[test]
    fn telex_is_read_and_plain_words_are_left() {
        assert_eq!(telex("ddawng").as_deref(), Some("đăng"));
        assert_eq!(telex("keets").as_deref(), Some("kết"));
        assert_eq!(telex("hoon").as_deref(), Some("hôn"));
        assert_eq!(telex("khai"), None);
    }

    #[test]
    fn slips_are_one_letter() {
        for (a, b) in [("khia", "khai"), ("sinhh", "sinh"), ("doah", "doanh"), ("tih", "tinh"), ("hon", "hôn")] {
            assert!(one_slip(a, b), "{a} {b}");
        }
        for (a, b) in [("khai", "khai"), ("khai", "kahi1"), ("ab", "cd"), ("a", "abc")] {
            assert!(!one_slip(a, b), "{a} {b}");
        }
    }
}
