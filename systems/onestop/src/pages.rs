//! Pages for people, one file per screen.

pub mod acting;
pub mod counter;
pub mod decisions;
pub mod dossier;
pub mod filing;
pub mod inbox;
pub mod papers;
pub mod tracking;
pub mod words;

use crate::objection::Objection;
use crate::service::Error;
use base::codes::DossierCodeError;
use web::{FieldFault, Problem};

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Objection(objection) => objected(&objection),
            Error::Denied(denied) if denied.hidden => Problem::not_found(),
            Error::Denied(denied) => {
                Problem::denied(web::words("Việc “{0}” không thuộc nhiệm vụ của bạn ở đơn vị này.").with(denied.title))
            }
            Error::NotFound => Problem::not_found(),
            Error::Faults(faults) => Problem::fault(words::field_faults(&faults)),
            Error::PapersMissing(papers) => Problem::fault(
                papers.into_iter().map(|p| FieldFault::new("giay-to", web::words("Thêm giấy tờ: {0}").with(p))).collect(),
            ),
            Error::File(wrong) => Problem::fault(vec![FieldFault::new("tep", words::file_wrong(wrong))]),
            Error::NoSuchFields(names) => {
                let fault = |name: String| FieldFault::new(name.clone(), web::words("Tờ khai không có ô này: {0}").with(name));
                Problem::fault(names.into_iter().map(fault).collect())
            }
            Error::Store(error) => error.into(),
            Error::Catalogue(error) => error.into(),
            Error::Directory(error) => error.into(),
            Error::Notices(error) => error.into(),
            Error::Code(DossierCodeError::Day(_)) => objected(&Objection::ImpossibleTime),
            Error::Unreadable(_) | Error::Json(_) | Error::Code(_) => Problem::ours(error.to_string()),
        }
    }
}

fn objected(objection: &Objection) -> Problem {
    let mut said = web::words(objection.said());
    if !objection.details().is_empty() {
        said = web::words("{0} {1}").with_words(said).with(objection.details().join("; "));
    }
    Problem::objection(said, objection.ground().unwrap_or_default()).because(objection.code())
}
