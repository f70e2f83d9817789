//! What a written Vietnamese syllable can be: an initial consonant, a rime and a tone. Used to tell words from accidents of a keyboard,
//! never to judge names: `Niê`, `K'Brôih` and `Rươl` are names too.
//!
//! Source: the inventory of initials and rimes of standard orthography (Đoàn Thiện Thuật, *Ngữ âm tiếng Việt*), with the rimes of
//! common loans (oong, ooc, uyp).

use unicode_normalization::UnicodeNormalization;

/// The five marks of tone: huyền, sắc, ngã, hỏi, nặng.
pub const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

const INITIALS: &str = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x";

const RIMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uô uôc uôi uôm uôn uông uôt uơ up ut \
    uy uya uych uyên uyêt uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ynh yt";

/// A syllable taken apart; letters in lower case, without the tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syllable {
    /// The initial consonant; may be empty.
    pub initial: String,
    /// The rest.
    pub rime: String,
    /// The mark of tone, if it has one.
    pub tone: Option<char>,
}

/// Takes a word apart; none when it is no syllable of Vietnamese spelling.
pub fn parse(word: &str) -> Option<Syllable> {
    let mut tone = None;
    let mut letters = String::new();
    for c in word.nfd().flat_map(char::to_lowercase) {
        if !TONES.contains(&c) {
            letters.push(c);
        } else if tone.replace(c).is_some() {
            return None;
        }
    }
    parse_letters(&letters.nfc().collect::<String>(), tone)
}

/// The same for letters and tone already apart.
pub fn parse_letters(letters: &str, tone: Option<char>) -> Option<Syllable> {
    let split = |initial: &str| -> Option<Syllable> {
        let rime = letters.strip_prefix(initial)?;
        RIMES.split_whitespace().any(|known| known == rime).then(|| Syllable { initial: initial.into(), rime: rime.into(), tone })
    };
    // The longest initial that leaves a rime: `gia` is gi + a, `gì` is g + i.
    let found = INITIALS.split_whitespace().chain([""]).filter_map(split).max_by_key(|s| s.initial.len())?;
    let stopped = ["c", "ch", "p", "t"].iter().any(|stop| found.rime.ends_with(stop));
    let short = matches!(found.tone, Some('\u{301}' | '\u{323}'));
    (!stopped || short).then_some(found)
}

/// Which letter of a rime carries the tone, in the traditional style (`hòa`, `thủy`).
pub fn tone_letter(rime: &str) -> usize {
    let letters: Vec<char> = rime.chars().collect();
    let is_vowel = |c: &char| "aăâeêioôơuưy".contains(*c);
    if let Some(shaped) = letters.iter().rposition(|c| "ăâêôơ".contains(*c)).or_else(|| letters.iter().position(|c| *c == 'ư'))
    {
        return shaped;
    }
    let vowels = letters.iter().take_while(|c| is_vowel(c)).count();
    let closed = vowels < letters.len();
    match vowels {
        0 | 1 => 0,
        2 => usize::from(closed),
        _ => 1,
    }
}
