//! The rule of passwords: long enough, not among the commonest, not one's own name. No mixture of signs is asked for, and no change
//! without a reason: both make people write passwords down.
use std::{collections::HashSet, sync::LazyLock};

/// Shortest password, in characters.
pub const SHORTEST: usize = 10;
/// Longest password, in characters: far beyond any phrase, so that hashing has a bound.
pub const LONGEST: usize = 128;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Fewer than [`SHORTEST`] characters.
    #[error("Mật khẩu cần ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt nhất.")]
    Short,
    /// More than [`LONGEST`] characters.
    #[error("Mật khẩu dài nhất 128 ký tự.")]
    Long,
    /// Among the commonest, or a run of the keyboard.
    #[error("Mật khẩu này nằm trong số những mật khẩu hay bị đoán nhất. Hãy chọn một câu của riêng bạn.")]
    Common,
    /// Contains the sign-in name or the person's name.
    #[error("Mật khẩu chứa tên hoặc tên đăng nhập của bạn. Người khác sẽ đoán điều đó trước tiên.")]
    OwnName,
}

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPin {
    /// Not six figures.
    #[error("Mã PIN gồm đúng 6 chữ số.")]
    NotSix,
    /// One figure repeated, or a run.
    #[error("Mã PIN này dễ đoán. Tránh các số giống nhau hoặc liên tiếp.")]
    Easy,
}

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect());

const RUNS: [&str; 7] = [
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
];

/// Judges a password for somebody with these names (sign-in name, own name, unit).
pub fn judge(password: &str, names: &[&str]) -> Result<(), Weak> {
    let length = base::text::nfc(password).chars().count();
    if length < SHORTEST {
        return Err(Weak::Short);
    }
    if length > LONGEST {
        return Err(Weak::Long);
    }
    let plain = base::text::fold(password);
    let squeezed: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    let core = plain.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let letters: String = unmask(core).chars().filter(char::is_ascii_alphabetic).collect();
    let bare: String = plain.chars().filter(char::is_ascii_alphabetic).collect();
    if COMMON.contains(letters.as_str()) || COMMON.contains(bare.as_str()) || few_signs(&squeezed) || is_run(&squeezed) {
        return Err(Weak::Common);
    }
    let own = |name: &&str| {
        let name: String = base::text::fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
        name.chars().count() >= 4 && squeezed.contains(&name) && squeezed.chars().count() < name.chars().count() + 8
    };
    if names.iter().any(own) { Err(Weak::OwnName) } else { Ok(()) }
}

/// Judges a PIN.
pub fn judge_pin(pin: &str) -> Result<(), WeakPin> {
    if pin.len() != 6 || !pin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(WeakPin::NotSix);
    }
    if few_signs(pin) || is_run(pin) { Err(WeakPin::Easy) } else { Ok(()) }
}

/// `P@ssw0rd` is `password` to everybody who guesses.
fn unmask(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '@' | '4' => 'a',
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '$' | '5' => 's',
            other => other,
        })
        .collect()
}

fn few_signs(text: &str) -> bool {
    let allowed = if text.len() <= 6 { 2 } else { 3 };
    text.chars().collect::<HashSet<_>>().len() <= allowed
}

/// The whole text is pieces of keyboard or alphabet runs (`qwerty123456`, `abcdef1234`), or one piece repeated.
fn is_run(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        let piece = (3..=signs.len() - at)
            .rev()
            .find(|n| RUNS.iter().any(|run| run.contains(signs[at..at + n].iter().collect::<String>().as_str())));
        match piece {
            Some(n) => at += n,
            None => return false,
        }
    }
    !signs.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_and_short_passwords_are_refused_and_phrases_taken() {
        let names = ["an.nguyen", "Nguyễn Văn An"];
        for (password, verdict) in [
            ("ngan", Err(Weak::Short)),
            ("Matkhau@123456", Err(Weak::Common)),
            ("P@ssw0rd2026!", Err(Weak::Common)),
            ("mật khẩu 2026", Err(Weak::Common)),
            ("qwertyuiop123", Err(Weak::Common)),
            ("1234567890", Err(Weak::Common)),
            ("aaaaaaaaaaaa", Err(Weak::Common)),
            ("anhyeuem2014", Err(Weak::Common)),
            ("nguyenvanan1990", Err(Weak::OwnName)),
            ("an.nguyen.2026", Err(Weak::OwnName)),
            ("ghe xuong ra Nam Can", Ok(())),
            ("đò chiều rạch Tàu", Ok(())),
            ("v7#kfL20xq", Ok(())),
        ] {
            assert_eq!(judge(password, &names), verdict, "{password}");
        }
        assert_eq!(judge(&"é".repeat(129), &[]), Err(Weak::Long));
    }

    #[test]
    fn a_pin_is_six_figures_nobody_tries_first() {
        assert_eq!(judge_pin("12345"), Err(WeakPin::NotSix));
        assert_eq!(judge_pin("１２３４５６"), Err(WeakPin::NotSix));
        for easy in ["123456", "654321", "111111", "121212", "000001", "123123"] {
            assert_eq!(judge_pin(easy), Err(WeakPin::Easy), "{easy}");
        }
        assert_eq!(judge_pin("482913"), Ok(()));
    }
}
