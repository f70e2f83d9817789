//! Signing in through somebody else's word (OpenID Connect): who gives it, how it is asked for, and what must hold before it is believed.
//!
//! - [`provider`]: a provider of identities as data, whether it is sound, and what its claims say about a person. Pure.
//! - [`answer`]: whether what came back with the browser is the provider's answer, and a yes. Pure.
//! - [`token`]: whether a token is genuine, ours, fresh and answers the question we asked. Pure.
//! - [`account`]: whose account it is, when two identities are one person, and what a provider's word changes. Pure.
//! - [`client`]: the lines to providers; what they publish about themselves is kept for an hour.
//!
//! The use cases (ask, arrive, leave, keep) stand in [`crate::service::identity`].
pub mod account;
pub mod answer;
pub mod client;
mod proposed;
pub mod provider;
pub mod token;

use web::{Problem, Realm, Words, rich, words};

/// Why an answer of a provider lets nobody in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// This way of signing in is switched off.
    #[error("switched off")]
    Off,
    /// The settings are not complete, or do not fit the provider; what is wrong, for the log.
    #[error("settings: {0}")]
    Settings(String),
    /// The question was never asked, was answered before, or was asked too long ago.
    #[error("stale")]
    Stale,
    /// Another browser asked the question.
    #[error("another browser")]
    OtherBrowser,
    /// The person (or the provider) said no.
    #[error("declined")]
    Declined,
    /// The provider does not answer, or not in its own words; why, for the log.
    #[error("away: {0}")]
    Away(String),
    /// Something in the answer does not hold; what, for the log.
    #[error("untrusted: {0}")]
    Untrusted(&'static str),
    /// The account there is of too low a level.
    #[error("level {have:?}, {need:?} needed")]
    Level {
        /// The level of the account.
        have: String,
        /// The lowest that is taken.
        need: String,
    },
    /// Nobody here belongs to this identity; the identity, to be read to an administrator.
    #[error("nobody here has this identity")]
    Unknown {
        /// As the provider calls it.
        subject: String,
    },
    /// What the provider says of an organisation is not enough; what is missing, for the log.
    #[error("organisation: {0}")]
    Organisation(&'static str),
}

impl Refused {
    /// For the history of sign-ins and the log.
    pub fn code(&self) -> String {
        self.to_string()
    }

    /// Why, for people, of a [`code`](Refused::code) that stands in the history: its first word is the kind.
    pub fn reason(code: &str) -> Words {
        words(match code.split([':', ' ']).next().unwrap_or_default() {
            "settings" => "Chưa cấu hình xong, hoặc không khớp với nơi xác thực",
            "stale" => "Mã nhận về đã dùng hoặc đã quá hạn",
            "declined" => "Người dùng hủy, hoặc nơi xác thực không đồng ý",
            "away" => "Nơi xác thực chưa trả lời được",
            "untrusted" => "Không xác minh được câu trả lời",
            "level" => "Mức định danh chưa đủ",
            "nobody" => "Chưa gắn với cán bộ nào",
            "organisation" => "Chưa nhận ra tổ chức",
            _ => "Khác",
        })
    }

    /// What a person reads: what happened, what was kept, what to do.
    pub fn problem(&self, label: &str, realm: Realm, address: &str) -> Problem {
        let again = words("Đăng nhập lại");
        let problem = match self {
            Refused::Off => Problem::objection(words("“{0}” đang tắt. Chọn cách đăng nhập khác.").with_words(label.to_owned()), ""),
            Refused::Settings(_) => Problem::objection(
                words("“{0}” chưa được cấu hình xong nên chưa dùng được. Quản trị viên đã có dòng nhật ký để sửa.").with_words(label.to_owned()),
                "",
            ),
            Refused::Stale => Problem::objection(
                words("Lần đăng nhập này đã xong hoặc quá 10 phút. Chưa có gì thay đổi; bắt đầu lại là được."),
                "",
            )
            .titled(words("Trang đăng nhập đã cũ")),
            Refused::OtherBrowser => Problem::objection(
                words("Lần đăng nhập này bắt đầu ở một trình duyệt khác. Nếu bạn nhận liên kết này từ người khác, đừng dùng; hãy tự bắt đầu lại ở đây."),
                "",
            )
            .titled(words("Không phải lần đăng nhập của trình duyệt này")),
            Refused::Declined => Problem::objection(
                words("Bạn đã hủy, hoặc nơi xác thực không đồng ý. Chưa có gì được gửi cho chúng tôi."),
                "",
            )
            .titled(words("Chưa đăng nhập")),
            Refused::Away(_) => Problem::unanswered(
                words("“{0}” chưa trả lời nên bạn chưa đăng nhập được. Chưa có gì thay đổi. Đăng nhập bằng cách khác, như mật khẩu nếu bạn có, hoặc thử lại sau ít phút.").with_words(label.to_owned()),
            )
            .titled(words("Nơi xác thực chưa trả lời được")),
            Refused::Untrusted(_) => Problem::objection(
                words("Câu trả lời của nơi xác thực không qua được kiểm tra nên chúng tôi không nhận. Tài khoản của bạn không bị ảnh hưởng; hãy thử lại, nếu vẫn vậy thì gọi tổng đài."),
                "",
            )
            .titled(words("Không xác minh được câu trả lời")),
            Refused::Level { have, need } => Problem::objection(
                rich("Tài khoản của bạn ở mức “{0}”, ở đây cần mức “{1}” trở lên. Nâng mức định danh rồi đăng nhập lại; hoặc mang thẻ căn cước đến bất kỳ trung tâm nào trong tỉnh.")
                    .with(have)
                    .with(need),
                "Nghị định 69/2024/NĐ-CP", // not on screen as a sentence: a name
            )
            .titled(words("Mức định danh chưa đủ")),
            Refused::Unknown { subject } => Problem::objection(
                rich("Danh tính này chưa gắn với cán bộ nào. Đọc cho quản trị của đơn vị mã sau để được gắn: {0}").with(subject),
                "",
            )
            .titled(words("Chưa gắn với cán bộ nào")),
            Refused::Organisation(_) => Problem::objection(
                words("Nơi xác thực chưa cho biết đủ mã số thuế của tổ chức và số định danh của người đại diện theo pháp luật. Bổ sung ở tài khoản của tổ chức rồi đăng nhập lại."),
                "",
            )
            .titled(words("Chưa nhận ra tổ chức")),
        };
        problem.because(format!("{}: {}", address, self.code())).way(realm.sign_in(), again)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_that_stands_in_the_history_has_its_reason_in_words() {
        let (have, need) = ("urn:1".to_owned(), "2".to_owned());
        let kept = [
            (Refused::Settings("no secret for vneid".into()), "Chưa cấu hình xong, hoặc không khớp với nơi xác thực"),
            (Refused::Stale, "Mã nhận về đã dùng hoặc đã quá hạn"),
            (Refused::Declined, "Người dùng hủy, hoặc nơi xác thực không đồng ý"),
            (Refused::Away("no answer in time".into()), "Nơi xác thực chưa trả lời được"),
            (Refused::Untrusted("nonce"), "Không xác minh được câu trả lời"),
            (Refused::Level { have, need }, "Mức định danh chưa đủ"),
            (Refused::Unknown { subject: "cb-1".into() }, "Chưa gắn với cán bộ nào"),
            (Refused::Organisation("tax code"), "Chưa nhận ra tổ chức"),
        ];
        for (why, said) in kept {
            assert_eq!(Refused::reason(&why.code()), words(said), "{why}");
        }
        assert_eq!(Refused::reason(""), words("Khác"));
    }
}
