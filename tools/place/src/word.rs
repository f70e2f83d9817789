//! Words of addresses as people write them: without accents, shortened, run together.

/// A word, folded so that writings of the same sound agree.
pub(crate) type Word = String;

/// The words of a text. `X.Tân Lộc`, `P.7`, `TPHCM` and `phường 07` come out as in full.
pub(crate) fn words_of(text: &str) -> Vec<Word> {
    let mut words = vec![];
    for word in base::text::tokens(text) {
        for part in split_digits(&word) {
            words.push(sounded(part));
        }
    }
    expand(words)
}

/// `p7` is `p 7`.
fn split_digits(word: &str) -> Vec<&str> {
    match word.find(|c: char| c.is_ascii_digit()) {
        Some(at) if at > 0 && at <= 2 && word[at..].bytes().all(|b| b.is_ascii_digit()) => vec![&word[..at], &word[at..]],
        _ => vec![word],
    }
}

/// `07` is `7`; `y` after a consonant sounds like `i`, a final `c` of highland names is also written `k`.
fn sounded(word: &str) -> Word {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        let bare = word.trim_start_matches('0');
        return if bare.is_empty() { word.to_owned() } else { bare.to_owned() };
    }
    let word = word.replace('\'', "").replace('y', "i");
    match word.as_str() {
        "dac" => "dak".to_owned(),
        _ => word,
    }
}

/// Short forms that stand for one thing only wherever they stand.
fn expand(words: Vec<Word>) -> Vec<Word> {
    const SHORT: [(&str, &[&str]); 13] = [
        ("x", &["xa"]),
        ("p", &["phuong"]),
        ("f", &["phuong"]),
        ("h", &["huien"]),
        ("q", &["quan"]),
        ("tt", &["thi", "tran"]),
        ("tx", &["thi", "xa"]),
        ("tp", &["thanh", "pho"]),
        ("t", &["tinh"]),
        ("tphcm", &["thanh", "pho", "ho", "chi", "minh"]),
        ("hcm", &["ho", "chi", "minh"]),
        ("hn", &["ha", "noi"]),
        ("brvt", &["ba", "ria", "vung", "tau"]),
    ];
    words
        .into_iter()
        .flat_map(|word| match SHORT.iter().find(|(short, _)| *short == word) {
            Some((_, full)) => full.iter().map(|w| (*w).to_owned()).collect(),
            None => vec![word],
        })
        .collect()
}
