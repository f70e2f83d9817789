//! Result letter in the layout of NĐ 30/2020/NĐ-CP, A4, for results that have no paper of their own yet.

use serde_json::json;

use crate::parts::*;
use crate::{Error, Paper, Sheet, words};

/// A result as an official letter. Marked as an unsigned draft on every page until `signing` exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSheet {
    /// Identity of this paper.
    pub issue: Issue,
    /// Agency that decides.
    pub office: Office,
    /// Number and symbol ("0012/TB-UBND"); empty: not numbered yet.
    pub number: String,
    /// Kind of document ("Thông báo").
    pub kind: String,
    /// What it is about ("kết quả giải quyết thủ tục …").
    pub subject: String,
    /// Dossier code, printed with the QR at the foot.
    pub code: String,
    /// Where to ask.
    pub lookup: Lookup,
    /// "Kính gửi".
    pub to: String,
    /// Legal grounds, one line each, without the final mark.
    pub grounds: Vec<String>,
    /// Body, a paragraph each.
    pub body: Vec<String>,
    /// Facts as a two-column table (label, value); empty: none.
    pub facts: Vec<(String, String)>,
    /// Who signs.
    pub signer: Signer,
    /// "Nơi nhận" lines, without dash and final mark.
    pub copies: Vec<String>,
}

impl ResultSheet {
    /// A document without a heading could not be read aloud.
    fn kind(&self) -> &str {
        if self.kind.trim().is_empty() { "Thông báo" } else { &self.kind }
    }
}

/// The signature block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signer {
    /// Capacity line ("TM. Ủy ban nhân dân", "KT. Chủ tịch"); empty: none.
    pub capacity: String,
    /// Post ("Chủ tịch").
    pub post: String,
    /// Name.
    pub name: String,
}

impl Paper for ResultSheet {
    fn title(&self) -> String {
        format!("{} {}", self.kind(), self.subject).trim_end().to_owned()
    }

    fn issue(&self) -> &Issue {
        &self.issue
    }

    fn sheet(&self) -> Result<Sheet, Error> {
        let plain =
            |lines: &[String]| -> Vec<String> { lines.iter().map(|line| line.trim_end_matches(['.', ';']).to_owned()).collect() };
        let words = json!({
            "head": words::head(&self.office, &self.number, &self.issue),
            "kind": self.kind(),
            "subject": words::capitalised(&self.subject),
            "code": self.code,
            "lookup": words::lookup(&self.lookup)?,
            "to": self.to,
            "grounds": plain(&self.grounds),
            "body": self.body,
            "long_cells": self.facts.iter().any(|(label, value)| label.len() > 900 || value.len() > 1500),
            "facts": self.facts,
            "signer": {"capacity": self.signer.capacity, "post": self.signer.post, "name": self.signer.name},
            "copies": plain(&self.copies),
        });
        Ok(Sheet { template: "result.typ", words })
    }

    fn samples() -> Vec<(&'static str, Self)> {
        crate::samples::results()
    }
}
