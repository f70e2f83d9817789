//! Vietnamese text: one spelling to store, one to search by, one to compare by, one to sort by.

pub mod syllable;
pub mod typing;

use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use syllable::TONES;

/// Unicode NFC, the only form that is stored.
pub fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// NFC on one line: one space between words, none around.
pub fn line(text: &str) -> String {
    nfc(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Not to be seen, and able to deceive: marks that turn the direction of writing, that take no room, or that only tag. In a name they make
/// `gpj.exe` look like `exe.jpg`.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Folded for searching: NFD, without U+0300–036F, đ as d, lower case. `Hoà`, `Hòa`, `HOA` and `hoa` fold alike.
pub fn fold(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase);
    // Lower case may bring a mark of its own (İ), so marks are dropped on both sides of it.
    bare.filter(|c| !is_mark(*c)).map(|c| if c == 'đ' { 'd' } else { c }).collect()
}

/// Is anything typed with Vietnamese letters, rather than without accents?
pub fn has_marks(text: &str) -> bool {
    text.nfd().any(|c| is_mark(c) || matches!(c, 'đ' | 'Đ'))
}

/// Words for searching: runs of letters and digits of the folded text. The apostrophe of `H'Blim` joins.
pub fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text).replace(APOSTROPHES, "");
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The same for every way of writing the same words: lower case, single spaces, one apostrophe, tones after the word, so that `Hoà` and
/// `HÒA` are alike while `Hoa` is another word. For comparing names and units; two lists of the state rarely place tones alike.
pub fn spelling(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let mut tones = String::new();
        let mut letters = String::new();
        for c in word.nfd().flat_map(char::to_lowercase) {
            match c {
                c if TONES.contains(&c) => tones.push(c),
                c if APOSTROPHES.contains(&c) => letters.push('\''),
                c => letters.push(c),
            }
        }
        nfc(&letters) + &tones
    });
    words.collect::<Vec<_>>().join(" ")
}

const APOSTROPHES: [char; 4] = ['\'', '’', 'ʼ', '`'];

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(icu_locale_core::locale!("vi").into(), CollatorOptions::default()).ok());

/// Bytes whose order is the order of a Vietnamese dictionary (CLDR): a ă â b … d đ e ê …, then tones, then capitals.
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::new();
    match &*COLLATOR {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(&nfc(text), &mut key);
        }
        None => key.extend_from_slice(fold(text).as_bytes()),
    }
    key
}
