//! Why a bill has no stamp, or why its stamp proves nothing: a reason for people, and the detail of whoever judged. Pure.
use std::fmt;

use pki::tsp;
use web::{Words, words};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampFault {
    /// The authority cannot be reached, or does not answer as it should.
    Unanswered,
    /// It says no.
    Refused,
    /// What came is no time stamp that can be read.
    Unreadable,
    /// Its certificate is not for stamps, or leads to no root of the settings.
    Untrusted,
    /// The signature does not fit.
    Signature,
    /// The stamp is for something else than was asked.
    Other,
    /// Only the detail tells.
    Unclear,
}

impl StampFault {
    /// What is wrong with an answer or a token.
    pub fn of(error: &tsp::Error) -> StampFault {
        use tsp::Error as E;
        match error {
            E::Refused { .. } => StampFault::Refused,
            E::TooLarge
            | E::Malformed(_)
            | E::NoToken
            | E::NotSigned
            | E::NotAStamp
            | E::Signers(_)
            | E::NoCertificate
            | E::Attribute(_)
            | E::Algorithm(_) => StampFault::Unreadable,
            E::Usage | E::Chain(_) => StampFault::Untrusted,
            E::Signature => StampFault::Signature,
            E::OtherImprint | E::OtherNonce | E::OtherPolicy(_) => StampFault::Other,
        }
    }

    /// The word before the detail where it is kept; none when only the detail tells.
    fn code(self) -> Option<&'static str> {
        match self {
            StampFault::Unanswered => Some("unanswered"),
            StampFault::Refused => Some("refused"),
            StampFault::Unreadable => Some("unreadable"),
            StampFault::Untrusted => Some("untrusted"),
            StampFault::Signature => Some("signature"),
            StampFault::Other => Some("other"),
            StampFault::Unclear => None,
        }
    }

    /// As it is kept, with its detail.
    pub fn kept(self, detail: impl fmt::Display) -> String {
        self.code().map_or_else(|| detail.to_string(), |code| format!("{code}: {detail}"))
    }

    /// What was kept: the reason and its detail.
    pub fn read(kept: &str) -> (StampFault, &str) {
        let told = kept.split_once(": ").and_then(|(code, detail)| Some((StampFault::coded(code)?, detail)));
        told.unwrap_or((StampFault::Unclear, kept))
    }

    fn coded(code: &str) -> Option<StampFault> {
        use StampFault::{Other, Refused, Signature, Unanswered, Unreadable, Untrusted};
        [Unanswered, Refused, Unreadable, Untrusted, Signature, Other].into_iter().find(|fault| fault.code() == Some(code))
    }

    /// What happened, and what to do.
    pub fn words(self) -> Words {
        words(match self {
            StampFault::Unanswered => {
                "Nơi cấp dấu thời gian chưa trả lời được. Kiểm tra đường mạng và địa chỉ audit.tsa trong motcua.toml."
            }
            StampFault::Refused => "Nơi cấp dấu thời gian từ chối. Hỏi nơi đó, kèm chi tiết kỹ thuật này.",
            StampFault::Unreadable => "Không đọc được dấu thời gian. Hỏi nơi cấp dấu, kèm chi tiết kỹ thuật này.",
            StampFault::Untrusted => {
                "Chứng thư của nơi cấp dấu thời gian không dẫn về chứng thư gốc đã đặt. Kiểm tra audit.roots trong motcua.toml."
            }
            StampFault::Signature => "Chữ ký trong dấu thời gian không khớp. Hỏi nơi cấp dấu, kèm chi tiết kỹ thuật này.",
            StampFault::Other => {
                "Dấu thời gian là của nội dung khác hoặc theo chính sách khác. Kiểm tra audit.policy trong motcua.toml."
            }
            StampFault::Unclear => "Nguyên nhân chỉ có trong chi tiết kỹ thuật này.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_with_its_detail_and_read_again() {
        use StampFault::{Other, Refused, Signature, Unanswered, Unclear, Unreadable, Untrusted};
        for fault in [Unanswered, Refused, Unreadable, Untrusted, Signature, Other, Unclear] {
            assert_eq!(StampFault::read(&fault.kept("no answer: 30 seconds")), (fault, "no answer: 30 seconds"));
        }
        // kept before there were reasons
        let old = "the authority does not answer: the answer has status 503";
        assert_eq!(StampFault::read(old), (Unclear, old));
    }

    #[test]
    fn a_certificate_that_leads_to_no_root_is_untrusted() {
        assert_eq!(StampFault::of(&tsp::Error::Chain("UnknownIssuer".into())), StampFault::Untrusted);
        assert_eq!(StampFault::of(&tsp::Error::OtherImprint), StampFault::Other);
    }
}
