//! The fields of a plain form, and what went wrong with them.

use axum::Form;
use axum::extract::{FromRequest, Request};
use jiff::civil::Date;
use web::{FieldFault, Problem, words};

use crate::Error;

/// The fields of a form as they were sent.
#[derive(Debug, Default, serde::Serialize)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a field, without blanks around it; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// The value in NFC, on one line.
    pub fn line(&self, name: &str) -> String {
        base::text::line(self.get(name))
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A day as people write it; nothing typed is none.
    pub fn day(&self, name: &'static str) -> Result<Option<Date>, FieldFault> {
        let typed = self.get(name);
        if typed.is_empty() {
            return Ok(None);
        }
        let day = typed.parse::<base::person::PartialDate>().ok().and_then(base::person::PartialDate::full);
        day.map(Some).ok_or_else(|| FieldFault::new(name, words("Không đọc được ngày này. Ghi dạng 01/07/2025.")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Problem> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state).await?;
        Ok(Fields(fields))
    }
}

/// What was typed is put right where it was typed: faults under their field's name on the form, objections under `field`.
pub fn told(error: Error, field: &'static str, names: &[(&str, &'static str)]) -> Result<Vec<FieldFault>, Problem> {
    match error {
        Error::Fault { field: of, message } => {
            let shown = names.iter().find(|(name, _)| *name == of).map_or(field, |(_, shown)| *shown);
            Ok(vec![FieldFault::new(shown, message)])
        }
        Error::Objection(objection) => Ok(vec![FieldFault::new(field, objection.words())]),
        other => Err(other.into()),
    }
}
