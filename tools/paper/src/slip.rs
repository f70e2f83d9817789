//! Large-type slip for people without telephone or e-mail: the code, the day, the address, how to ask. A5.

use jiff::civil::DateTime;
use serde_json::json;

use crate::parts::*;
use crate::supplement::Code;
use crate::{Error, Paper, Sheet, words};

/// The slip handed over at the counter beside form 01.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Identity of this paper.
    pub issue: Issue,
    /// Centre that issues it.
    pub office: Office,
    /// The code to say when asking.
    pub code: Code,
    /// Where to ask.
    pub lookup: Lookup,
    /// Name of the applicant.
    pub applicant: String,
    /// What is asked for; the short name when there is one.
    pub procedure: String,
    /// When to come for the result; none: not accepted yet.
    pub due_at: Option<DateTime>,
    /// Papers still asked for before it can be accepted.
    pub missing: Vec<String>,
    /// Address to come to.
    pub address: String,
    /// Office hours in words ("Thứ hai – thứ sáu, 7 giờ – 11 giờ, 13 giờ – 17 giờ"); empty: not printed.
    pub hours: String,
    /// What to bring ("Giấy này và căn cước"); empty: not printed.
    pub bring: String,
}

impl Paper for Slip {
    fn title(&self) -> String {
        match self.code {
            Code::Dossier(_) => "Phiếu nhớ mã hồ sơ",
            Code::Filing(_) => "Phiếu nhớ mã nộp hồ sơ",
        }
        .to_owned()
    }

    fn issue(&self) -> &Issue {
        &self.issue
    }

    fn sheet(&self) -> Result<Sheet, Error> {
        let due = self.due_at.map(
            |at| json!({"day": format!("{}, {}", words::weekday(at.date()), words::date(at.date())), "time": words::time(at)}),
        );
        let words = json!({
            "head": words::head(&self.office, "", &self.issue),
            "code": words::code(&self.code),
            "lookup": words::lookup(&self.lookup)?,
            "applicant": self.applicant,
            "procedure": self.procedure,
            "due": due,
            "missing": self.missing,
            "address": self.address,
            "hours": self.hours,
            "bring": self.bring,
        });
        Ok(Sheet { template: "slip.typ", words })
    }

    fn samples() -> Vec<(&'static str, Self)> {
        crate::samples::slips()
    }
}
