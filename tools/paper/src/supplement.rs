//! Form 02: phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (TT 03/2025/TT-VPCP), A5: one full list, a legal reason for each line (OS-11).

use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::parts::*;
use crate::{Error, Paper, Sheet, words};

/// Form 02, sent when papers are missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementRequest {
    /// Identity of this paper.
    pub issue: Issue,
    /// Centre that sends it.
    pub office: Office,
    /// Number and symbol ("0007/HDHS"); the symbol alone ("/HDHS") leaves room to write the number.
    pub number: String,
    /// Dossier code, or filing code when nothing was accepted yet.
    pub code: Code,
    /// Where to ask.
    pub lookup: Lookup,
    /// Whose dossier it is.
    pub applicant: Party,
    /// What is asked for.
    pub procedure: Procedure,
    /// At reception or during examination (OS-16).
    pub stage: Stage,
    /// First, second … request.
    pub round: u32,
    /// What to complete; the whole list, once.
    pub items: Vec<SupplementItem>,
    /// Until when it can be handed in; none: no time limit.
    pub until: Option<DateTime>,
    /// What happens then and how to hand it in, in one or two plain sentences; empty: none.
    pub advice: String,
    /// Officer to ask and who guides.
    pub officer: String,
    /// Telephone of the officer or the desk; empty: none.
    pub officer_phone: String,
    /// Signature of the officer.
    pub signing: Signing,
}

/// A code under which the dossier can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// Mã hồ sơ.
    Dossier(String),
    /// Mã nộp.
    Filing(String),
}

/// When the supplement is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Khi tiếp nhận.
    Reception,
    /// Khi thẩm định.
    Examination,
}

/// One line of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementItem {
    /// The paper.
    pub paper: String,
    /// What is missing or wrong with it, in plain words.
    pub what: String,
    /// In which form and how many; empty: the procedure does not say.
    pub wanted: Vec<Copies>,
    /// Legal reason ("Khoản 1 Điều 16 Luật Hộ tịch").
    pub legal: String,
}

/// Bytes of text over which a row may be broken between pages.
const LONG: usize = 900;

impl Paper for SupplementRequest {
    fn title(&self) -> String {
        "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ".to_owned()
    }

    fn issue(&self) -> &Issue {
        &self.issue
    }

    fn sheet(&self) -> Result<Sheet, Error> {
        let items: Vec<Value> = self
            .items
            .iter()
            .map(|item| {
                let wanted = item.wanted.iter().map(|w| format!("{} {}", words::padded(w.count.into(), 2), w.kind.wanted()));
                let form = wanted.collect::<Vec<_>>().join(", ");
                json!({"paper": item.paper, "what": item.what, "form": form, "legal": item.legal})
            })
            .collect();
        let words = json!({
            "head": words::head(&self.office, &self.number, &self.issue),
            "code": words::code(&self.code),
            "lookup": words::lookup(&self.lookup)?,
            "applicant": words::party(&self.applicant),
            "procedure": {"name": self.procedure.name, "code": self.procedure.code},
            "stage": match self.stage {
                Stage::Reception => "khi tiếp nhận",
                Stage::Examination => "khi thẩm định",
            },
            "round": self.round.to_string(),
            "count": words::padded(self.items.len() as u64, 2),
            "long_cells": self.items.iter().any(|i| i.paper.len() + i.what.len() > LONG || i.legal.len() > LONG),
            "items": items,
            "until": self.until.map(words::moment),
            "advice": self.advice,
            "officer": self.officer,
            "officer_phone": self.officer_phone,
            "signing": words::signing(self.signing),
            "made_at": words::stamp(self.issue.at),
        });
        Ok(Sheet { template: "form02.typ", words })
    }

    fn samples() -> Vec<(&'static str, Self)> {
        crate::samples::supplements()
    }
}
