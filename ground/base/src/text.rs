//! Vietnamese text: one spelling to store, one to search by, one to sort by.

use std::sync::LazyLock;

use icu_collator::options::{AlternateHandling, CollatorOptions};
use icu_collator::{Collator, CollatorBorrowed};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Unicode NFC, the only form that is stored.
pub fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// NFC, one space between words, none around: what a person meant who typed one line.
pub fn line(text: &str) -> String {
    nfc(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Folded for searching: NFD, without U+0300–036F, đ as d, lower case. `Hoà`, `Hòa` and `hoa` fold alike.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// Words for searching: runs of letters and digits of the folded text. `H'Blim` is one word.
pub fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text).replace(['\'', '’', 'ʼ'], "");
    folded.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    options.alternate_handling = Some(AlternateHandling::NonIgnorable);
    Collator::try_new(icu_locale_core::locale!("vi").into(), options).ok()
});

/// Bytes whose order is the Vietnamese dictionary order: a ă â b … d đ e ê …, then tone, then case.
pub fn sort_key(text: &str) -> Vec<u8> {
    let text = nfc(text);
    let mut key = Vec::new();
    match &*COLLATOR {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(&text, &mut key);
        }
        None => key.extend_from_slice(fold(&text).as_bytes()),
    }
    key
}
