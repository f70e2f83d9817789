//! What can be printed: text is brought to NFC, and characters that the embedded fonts lack become a visible box, so that a
//! paper is never refused because of one emoji.

use base::text::nfc;

use crate::press::has_glyph;

/// Stands for a character that cannot be printed.
pub const BOX: char = '□';

/// Characters of this text that would be printed as [`BOX`]; a form can ask for another spelling before it is too late.
pub fn unprintable(text: &str) -> Vec<char> {
    let mut found: Vec<char> = nfc(text).chars().filter(|c| !is_dropped(*c) && !is_space(*c) && !has_glyph(*c)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The text as it is printed.
pub(crate) fn clean(text: &str) -> String {
    nfc(text)
        .chars()
        .filter(|c| !is_dropped(*c))
        .map(|c| match c {
            '\n' => '\n',
            c if is_space(c) => ' ',
            c if has_glyph(c) => c,
            _ => BOX,
        })
        .collect()
}

/// Invisible characters; those that turn the direction of writing could make a paper read differently from its data.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{AD}')
        || (c.is_control() && !is_space(c))
}

fn is_space(c: char) -> bool {
    c.is_whitespace()
}
