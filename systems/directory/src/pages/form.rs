//! The fields of a plain form, and what went wrong with them.
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Path, Request},
};
use base::Moment;
use web::{FieldFault, Problem, words};

use crate::Error;

/// The fields of a form as they were sent.
#[derive(serde::Serialize)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a field, without blanks around it; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value as typed: blanks belong to a password.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// The value in NFC, on one line; none when it is empty.
    pub fn line(&self, name: &str) -> Option<String> {
        Some(base::text::line(self.get(name))).filter(|text| !text.is_empty())
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Problem> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state).await?;
        Ok(Fields(fields))
    }
}

/// Faults of fields are shown beside them; everything else is a problem of its own.
pub fn faults(error: Error) -> Result<Vec<FieldFault>, Problem> {
    match error {
        Error::Fault { field, message } => Ok(vec![FieldFault::new(field, message)]),
        other => Err(other.into()),
    }
}

/// An objection to what was typed is shown where it was typed.
pub fn told(error: Error, field: &'static str) -> Result<Vec<FieldFault>, Problem> {
    match error {
        Error::Objection(objection) => Ok(vec![FieldFault::new(field, objection.words())]),
        other => faults(other),
    }
}

/// A day as people write it, its first instant; nothing typed: `now`.
pub fn day(text: &str, field: &'static str, now: Moment) -> Result<Moment, FieldFault> {
    if text.is_empty() {
        return Ok(now);
    }
    let day = text.parse::<base::person::PartialDate>().ok().and_then(base::person::PartialDate::full);
    day.map(|day| Moment::from_local(day.at(0, 0, 0, 0)))
        .ok_or_else(|| FieldFault::new(field, words("Không đọc được ngày này. Ghi dạng 01/07/2025.")))
}

/// A whole number as people write it.
pub fn number(text: &str, field: &'static str) -> Result<i64, FieldFault> {
    text.parse().map_err(|_| FieldFault::new(field, words("Không đọc được số này. Ghi bằng chữ số, ví dụ 10.")))
}

/// The blanks of a path; one that is no id leads to no page.
pub struct At<T>(pub T);

impl<T, S> FromRequestParts<S> for At<T>
where
    T: serde::de::DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> Result<At<T>, Problem> {
        let Path(at) = Path::<T>::from_request_parts(parts, state).await?;
        Ok(At(at))
    }
}
