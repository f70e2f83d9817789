//! Recognising what a keyboard did to the string of a card, and undoing it in the open.

use serde::{Deserialize, Serialize};

use super::Field;
use crate::Lang;
use crate::text::syllable;
use crate::text::typing::{self, Method};

/// What garbled a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Garble {
    /// Telex keystrokes that nobody composed, or only in part: `Nguyeenx Vawn`.
    Telex,
    /// VNI keystrokes: `Nguye6n4 Va8n`.
    Vni,
    /// UTF-8 read in the code page of Windows: `Nguyá»…n`.
    CodePage,
    /// The digit row of the Vietnamese layout of Windows, which types ă â ê ô … for 1 2 3 4 ….
    DigitRow,
}

/// One repaired field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cure {
    /// Where.
    pub field: Field,
    /// What arrived.
    pub seen: String,
    /// What it is taken for.
    pub read_as: String,
    /// What happened to it.
    pub cause: Garble,
}

impl Cure {
    /// Both readings, and how to keep it from happening again.
    pub fn words(&self, lang: Lang) -> String {
        let Cure { field, seen, read_as, cause } = self;
        let field = field.words(lang);
        let (vi, en) = match cause {
            Garble::Telex | Garble::Vni => {
                let vi = "Đặt máy quét xuất Unicode và tắt bộ gõ tiếng Việt (chọn E) trước khi quét";
                (vi, "Set the scanner to Unicode and switch the Vietnamese input method off before scanning")
            }
            Garble::CodePage => ("Đặt máy quét xuất Unicode (UTF-8)", "Set the scanner to Unicode (UTF-8)"),
            Garble::DigitRow => ("Đổi bàn phím sang tiếng Anh trước khi quét", "Switch the keyboard to English before scanning"),
        };
        match lang {
            Lang::Vi => format!("{field}: máy quét gửi “{seen}”, đọc lại là “{read_as}”. So với thẻ trước khi dùng. {vi}."),
            Lang::En => {
                format!("{field}: the scanner sent “{seen}”, read as “{read_as}”. Compare with the card before use. {en}.")
            }
        }
    }
}

/// The fields of a string, repaired where something recognisable happened to them.
pub(super) fn cure(text: &str) -> (Vec<String>, Vec<Cure>) {
    let seen: Vec<&str> = text.split('|').map(str::trim).collect();
    let mut cures = Vec::new();
    let method = [Method::Telex, Method::Vni].into_iter().find(|method| was_typed(*method, &seen));
    let fields = seen.iter().zip(Field::ALL.into_iter().map(Some).chain(std::iter::repeat(None))).map(|(seen, field)| {
        let read_as = match field {
            Some(Field::Id | Field::OldId | Field::Birth | Field::Issued) => digit_row(seen).map(|text| (text, Garble::DigitRow)),
            Some(Field::Name | Field::Sex | Field::Address) => {
                let composed = || method.and_then(|method| Some((compose_words(method, seen)?, cause(method))));
                code_page(seen).map(|text| (text, Garble::CodePage)).or_else(composed)
            }
            None => None,
        };
        match (read_as, field) {
            (Some((read_as, cause)), Some(field)) => {
                let read_as = crate::text::line(&read_as);
                cures.push(Cure { field, seen: (*seen).to_owned(), read_as: read_as.clone(), cause });
                read_as
            }
            _ => crate::text::line(seen),
        }
    });
    let fields = fields.collect();
    (fields, cures)
}

fn cause(method: Method) -> Garble {
    match method {
        Method::Telex => Garble::Telex,
        Method::Vni => Garble::Vni,
    }
}

/// Did these keystrokes come from this method? One word is enough that cannot be spelt so and that the method turns into a syllable, by
/// keys that no name ends in (Telex s, r, x also end the Khmer and Jrai names Kos, Ksor, Rex, so they count only where nothing at all
/// in the string is accented).
fn was_typed(method: Method, fields: &[&str]) -> bool {
    let text_fields =
        fields.iter().take(7).enumerate().filter(|(i, _)| matches!(i, 2 | 4) || (*i == 5 && method == Method::Telex));
    let words: Vec<&str> = text_fields.flat_map(|(_, field)| field.split_whitespace()).collect();
    let unaccented = !fields.iter().any(|field| crate::text::has_marks(field));
    words.iter().any(|word| composed(method, word).is_some() && (method == Method::Vni || unaccented || has_telltale_keys(word)))
}

/// Keys that are no letters of Vietnamese (f, j, w) after the first letter, or vowels and d doubled.
fn has_telltale_keys(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().skip(1).any(|c| matches!(c, 'f' | 'j' | 'w')) || ["aa", "ee", "oo", "dd"].iter().any(|pair| word.contains(pair))
}

/// What the method makes of a word that is no syllable as it stands, when that is a syllable. Punctuation around the word stays.
fn composed(method: Method, word: &str) -> Option<String> {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    if core.is_empty() || syllable::parse(core).is_some() {
        return None;
    }
    let made = typing::compose(method, core).filter(|made| syllable::parse(made).is_some())?;
    Some(word.replacen(core, &made, 1))
}

/// The whole field with every such word composed; none when there is none.
fn compose_words(method: Method, field: &str) -> Option<String> {
    let words: Vec<_> = field.split_whitespace().map(|word| composed(method, word).ok_or(word)).collect();
    let any = words.iter().any(Result::is_ok);
    any.then(|| words.into_iter().map(|word| word.unwrap_or_else(str::to_owned)).collect::<Vec<_>>().join(" "))
}

/// What a word was before an active Telex took letters of it for keys: `Ksỏ` was `Ksor`, `Ưang` was `Wang`. Only a guess, because other
/// languages of the country are written with the same letters; none for syllables of Vietnamese and words without a tone.
pub(super) fn before_telex(word: &str) -> Option<String> {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    if core.is_empty() || syllable::parse(core).is_some() {
        return None;
    }
    let made = typing::keys_back(core)?;
    Some(word.replacen(core, &made, 1))
}

/// Digits typed through the Vietnamese layout of Windows, whose digit row gives letters and marks.
fn digit_row(field: &str) -> Option<String> {
    if field.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    use unicode_normalization::UnicodeNormalization;
    // Marks may have joined the letter before them (3 then 8 gives ê + acute = ế).
    let mut out = String::new();
    for c in field.nfc() {
        match digit(c) {
            Some(d) => out.push(d),
            None => {
                let parts: Vec<char> = c.nfd().collect();
                let (mark, letter) = parts.split_last()?;
                // A tone below sorts before the letter's own mark; none of the row's marks does.
                let letter: String = letter.iter().copied().nfc().collect();
                let mut letters = letter.chars();
                out.push(letters.next().and_then(digit).filter(|_| letters.next().is_none())?);
                out.push(digit(*mark)?);
            }
        }
    }
    Some(out)
}

fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'ă' => '1',
        'â' => '2',
        'ê' => '3',
        'ô' => '4',
        '\u{300}' => '5',
        '\u{309}' => '6',
        '\u{303}' => '7',
        '\u{301}' => '8',
        'đ' => '9',
        _ => return None,
    })
}

/// UTF-8 whose bytes were shown in Windows-1252 or -1258, read back.
fn code_page(field: &str) -> Option<String> {
    if field.is_ascii() {
        return None;
    }
    let bytes: Vec<u8> = field.chars().map(byte).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

/// The byte that Windows-1252 (or, for the letters it has of its own, -1258) shows as this character.
fn byte(c: char) -> Option<u8> {
    /// 0x80…0x9F; the five bytes without a character come through as controls.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    const OWN_1258: [(char, u8); 10] = [
        ('Ă', 0xc3),
        ('\u{300}', 0xcc),
        ('Đ', 0xd0),
        ('\u{309}', 0xd2),
        ('Ơ', 0xd5),
        ('Ư', 0xdd),
        ('ă', 0xe3),
        ('đ', 0xf0),
        ('ơ', 0xf5),
        ('ư', 0xfd),
    ];
    if let Ok(byte) = u8::try_from(u32::from(c))
        && !(0x80..0xa0).contains(&byte)
    {
        return Some(byte);
    }
    let high = HIGH.iter().position(|h| *h == c).and_then(|i| u8::try_from(0x80 + i).ok());
    high.or_else(|| OWN_1258.iter().find(|(own, _)| *own == c).map(|(_, byte)| *byte))
}
