//! How much may lie here that nobody has taken yet: uploads on their way or in no dossier, forms that wait for a sign-in.
//!
//! Both doors are open to people who have not signed in, so what lies behind them is bounded by visitor and by network: nobody fills the
//! disk.

use base::Moment;
use serde::{Deserialize, Serialize};
use store::Write;
use uuid::Uuid;

use crate::house::{House, Settings};
use crate::i18n::words;
use crate::problem::Problem;
use crate::session::Key;
use crate::sql;
use crate::visit::Visit;

/// How much may lie here at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// How many.
    pub number: u64,
    /// How many bytes all together.
    pub bytes: u64,
}

impl Budget {
    /// Whether one more of so many bytes fits beside what lies here.
    fn has_room(self, lying: Lying, bytes: u64) -> bool {
        lying.number < self.number && lying.bytes.saturating_add(bytes) <= self.bytes
    }
}

/// What lies here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lying {
    number: u64,
    bytes: u64,
}
store::from_row!(Lying { number, bytes });

/// Who leaves something here.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) key: Key,
    /// Whose session it is, or was until just now.
    pub(crate) subject: Option<Uuid>,
    pub(crate) network: String,
    pub(crate) at: Moment,
}

impl Who {
    /// The visitor of a request, known by this key.
    pub(crate) async fn of(house: &House, visit: &Visit, key: Key) -> Result<Who, store::Error> {
        let subject = visit.standing(house).await?.whose();
        Ok(Who { key, subject, network: visit.network(), at: visit.at() })
    }
}

/// Objects when an upload of so many bytes finds no room; asked in the unit that begins it.
pub(crate) async fn for_upload(tx: &Write<'_>, who: &Who, settings: &Settings, bytes: u64) -> Result<(), Problem> {
    sql::take_turn(tx, &who.network, who.at).await?;
    let title = words("Có quá nhiều tệp chưa nằm trong hồ sơ nào");
    if !settings.visitor_uploads.has_room(sql::uploads_of_visitor(tx, who).await?, bytes) {
        let detail = words(
            "Bạn đã gửi nhiều tệp mà chưa lưu vào hồ sơ nào. Tệp đã nhận và những gì bạn đã điền vẫn còn: lưu hoặc nộp hồ sơ đang điền \
             rồi gửi tiếp. Tệp không dùng đến tự xóa sau {0} giờ.",
        );
        return Err(Problem::too_much(title, detail.with(settings.upload_hours)));
    }
    if !settings.network_uploads.has_room(sql::uploads_of_network(tx, &who.network).await?, bytes) {
        let detail = words(
            "Từ mạng bạn đang dùng có quá nhiều tệp chưa lưu vào hồ sơ nào. Tệp đã nhận và những gì bạn đã điền vẫn còn. \
             Thử lại sau một giờ hoặc dùng mạng khác; cần ngay thì gọi tổng đài.",
        );
        return Err(Problem::too_much(title, detail));
    }
    Ok(())
}

/// Objects when a form of so many bytes finds no room to wait in; asked in the unit that parks it.
pub(crate) async fn for_form(tx: &Write<'_>, who: &Who, settings: &Settings, bytes: u64) -> Result<(), Problem> {
    sql::take_turn(tx, &who.network, who.at).await?;
    let has_room = settings.visitor_parked.has_room(sql::parked_of_visitor(tx, who).await?, bytes)
        && settings.network_parked.has_room(sql::parked_of_network(tx, &who.network).await?, bytes);
    if has_room {
        return Ok(());
    }
    let detail = words(
        "Phiên làm việc đã hết, và từ chỗ bạn có quá nhiều biểu mẫu đang chờ nên lần này chúng tôi chưa giữ hộ được. \
         Những gì bạn đã điền còn ở trang này: mở một thẻ khác để đăng nhập, rồi quay lại đây bấm gửi lại.",
    );
    let mut problem = Problem::too_much(words("Có quá nhiều biểu mẫu đang chờ đăng nhập lại"), detail);
    problem.again = true;
    Err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_fits_while_neither_the_number_nor_the_bytes_are_used_up() {
        let budget = Budget { number: 2, bytes: 100 };
        assert!(budget.has_room(Lying { number: 1, bytes: 60 }, 40));
        assert!(!budget.has_room(Lying { number: 1, bytes: 60 }, 41));
        assert!(!budget.has_room(Lying { number: 2, bytes: 0 }, 1));
        assert!(!budget.has_room(Lying { number: 0, bytes: 1 }, u64::MAX));
    }
}
