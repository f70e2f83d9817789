//! Form 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả (TT 03/2025/TT-VPCP), A5.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::parts::*;
use crate::{Error, Paper, Sheet, words};

/// Form 01, given when a dossier is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptanceReceipt {
    /// Identity of this paper.
    pub issue: Issue,
    /// Receiving centre.
    pub office: Office,
    /// Number and symbol ("0031/TNHS").
    pub number: String,
    /// Dossier code.
    pub code: String,
    /// Where to ask; its QR is printed beside the title.
    pub lookup: Lookup,
    /// Whose dossier it is.
    pub applicant: Party,
    /// Who handed it in, when that is somebody else.
    pub submitter: Option<String>,
    /// What is asked for.
    pub procedure: Procedure,
    /// Papers received.
    pub papers: Vec<PaperReceived>,
    /// Number of sets (bộ).
    pub sets: u32,
    /// Term in words ("03 ngày làm việc").
    pub term: String,
    /// Which row of the procedure the term comes from, when it has several ("nộp trực tuyến"); empty: not printed.
    pub term_row: String,
    /// When it was accepted.
    pub received_at: DateTime,
    /// When the result is due.
    pub due_at: DateTime,
    /// Days between the two that do not count.
    pub left_out: Vec<DayLeftOut>,
    /// One more sentence on the calculation ("Tiếp nhận sau 15 giờ nên tính từ ngày làm việc tiếp theo"); empty: none.
    pub due_note: String,
    /// What the rules in force at acceptance say otherwise than those shown to whoever filed ("Thời hạn 15 ngày, trước là 20 ngày").
    pub changed: Vec<String>,
    /// Where and how the result is returned, after "tại:" ("bản điện tử qua kho dữ liệu cá nhân; bản giấy tại trung tâm").
    pub return_by: String,
    /// Fees.
    pub fees: Fees,
    /// Line of the register; none: a paper signed by hand leaves room to write it, an electronic copy leaves it out.
    pub register: Option<RegisterLine>,
    /// How it came in.
    pub filed: Filed,
    /// Name of the receiving officer.
    pub officer: String,
    /// Signature of the receiving side.
    pub signing: Signing,
}

/// A paper received with the dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperReceived {
    /// Name of the paper.
    pub name: String,
    /// Form in which it came.
    pub kind: CopyKind,
    /// How many.
    pub count: u32,
}

impl Paper for AcceptanceReceipt {
    fn title(&self) -> String {
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".to_owned()
    }

    fn issue(&self) -> &Issue {
        &self.issue
    }

    fn sheet(&self) -> Result<Sheet, Error> {
        let papers: Vec<Value> = self
            .papers
            .iter()
            .map(|p| json!({"name": p.name, "kind": p.kind.words(), "count": words::padded(p.count.into(), 2)}))
            .collect();
        let words = json!({
            "head": words::head(&self.office, &self.number, &self.issue),
            "code": {"label": "Mã hồ sơ", "code": self.code},
            "lookup": words::lookup(&self.lookup)?,
            "applicant": words::party(&self.applicant),
            "submitter": self.submitter,
            "procedure": {"name": self.procedure.name, "code": self.procedure.code},
            "long_cells": self.papers.iter().any(|p| p.name.len() > 1500),
            "papers": papers,
            "sets": words::padded(self.sets.into(), 2),
            "term": self.term,
            "term_row": self.term_row,
            "received_at": words::moment(self.received_at),
            "due_at": words::moment(self.due_at),
            "left_out": words::left_out(&self.left_out),
            "due_note": self.due_note.trim_end_matches('.'),
            "changed": self.changed.iter().map(|c| c.trim_end_matches('.')).collect::<Vec<_>>().join("; "),
            "return_by": self.return_by.trim_end_matches('.'),
            "fees": fees(&self.fees),
            "register": self.register.as_ref().map(|r| json!({"book": r.book, "number": words::padded(r.number, 4)})),
            "filed": if self.filed == Filed::Counter { "counter" } else { "remote" },
            "filed_note": filed_note(self.filed),
            "signs": self.submitter.as_ref().unwrap_or(&self.applicant.name),
            "officer": self.officer,
            "signing": words::signing(self.signing),
            "made_at": words::stamp(self.issue.at),
        });
        Ok(Sheet { template: "form01.typ", words })
    }

    fn samples() -> Vec<(&'static str, Self)> {
        crate::samples::receipts()
    }
}

/// What stands under NGƯỜI NỘP HỒ SƠ when the dossier did not come over the counter.
fn filed_note(filed: Filed) -> &'static str {
    match filed {
        Filed::Counter => "",
        Filed::Online { verified: true } => "(Nộp trực tuyến, đã xác thực bằng tài khoản định danh)",
        Filed::Online { verified: false } => "(Nộp trực tuyến)",
        Filed::Post => "(Nộp qua dịch vụ bưu chính công ích)",
    }
}

/// "Lệ phí đăng ký khai sinh: 8.000 đồng (đã nộp)"; several fees end with their sum.
fn fees(fees: &Fees) -> String {
    match fees {
        Fees::Known(fees) => {
            let sum = words::dong(fees.iter().fold(0, |sum, f| sum.saturating_add(f.amount)));
            match fees.as_slice() {
                [] => sum,
                [one] => fee(one),
                more => format!("{}. Tổng cộng {sum}", more.iter().map(fee).collect::<Vec<_>>().join("; ")),
            }
        }
        Fees::Open { rules, paid } => {
            let rules: Vec<&str> = rules.iter().map(|r| r.trim_end_matches('.')).collect();
            let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join("; ")) };
            let state =
                if *paid { "đã thu, số tiền ghi trên biên lai" } else { "tính tại quầy, chưa chốt số tiền" };
            format!("theo quy định{rules}, {state}")
        }
    }
}

/// One amount, with what it is for before it; when it is for several things, after it.
fn fee(fee: &Fee) -> String {
    let state = match (fee.amount, fee.paid) {
        (0, _) => "",
        (_, true) => " (đã nộp)",
        (_, false) => " (chưa nộp)",
    };
    let amount = words::dong(fee.amount);
    match fee.names.as_slice() {
        [] => format!("{amount}{state}"),
        [one] => format!("{one}: {amount}{state}"),
        names => format!("{amount}{state}, gồm {}", names.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(names: &[&str], amount: u64, paid: bool) -> Fee {
        Fee { names: names.iter().map(|n| (*n).to_owned()).collect(), amount, paid }
    }

    #[test]
    fn zero_is_said_only_of_what_is_known_to_cost_nothing() {
        assert_eq!(fees(&Fees::Known(Vec::new())), "0 đồng");
        let open = |rules: &[&str], paid| fees(&Fees::Open { rules: rules.iter().map(|r| (*r).to_owned()).collect(), paid });
        assert_eq!(open(&[], false), "theo quy định, tính tại quầy, chưa chốt số tiền");
        assert_eq!(
            open(&["Lệ phí: theo nghị quyết của Hội đồng nhân dân tỉnh."], false),
            "theo quy định (Lệ phí: theo nghị quyết của Hội đồng nhân dân tỉnh), tính tại quầy, chưa chốt số tiền"
        );
        assert_eq!(open(&["A", "B"], true), "theo quy định (A; B), đã thu, số tiền ghi trên biên lai");
    }

    #[test]
    fn an_amount_is_never_taken_for_a_part_of_a_name() {
        let one = |fee: Fee| fees(&Fees::Known(vec![fee]));
        assert_eq!(
            one(amount(&["Phí chứng thực, từ trang 3"], 10_000, true)),
            "Phí chứng thực, từ trang 3: 10.000 đồng (đã nộp)"
        );
        assert_eq!(
            one(amount(&["Phí chứng thực, trang 1 và 2", "Phí chứng thực, từ trang 3"], 10_000, false)),
            "10.000 đồng (chưa nộp), gồm Phí chứng thực, trang 1 và 2; Phí chứng thực, từ trang 3"
        );
        assert_eq!(one(amount(&[], 10_000, false)), "10.000 đồng (chưa nộp)");
        assert_eq!(
            fees(&Fees::Known(vec![amount(&["A"], 75_000, true), amount(&["B"], 1_250_000, false)])),
            "A: 75.000 đồng (đã nộp); B: 1.250.000 đồng (chưa nộp). Tổng cộng 1.325.000 đồng"
        );
    }
}
