//! A person.

use crate::draft::Applicant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person as filed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// Name as typed.
    pub name: String,
    /// Personal number, passport, or empty.
    pub id_number: String,
    /// `1954`, `1954-05` or `1954-05-20`.
    pub birth: String,
    /// `male`, `female` or empty.
    pub sex: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Address.
    pub address: String,
}

impl From<Person> for Applicant {
    fn from(p: Person) -> Applicant {
        Applicant {
            name: base::text::line(&p.name),
            id_number: base::text::line(&p.id_number),
            birth: p.birth,
            sex: p.sex,
            phone: base::text::line(&p.phone),
            email: base::text::line(&p.email),
            address: base::text::line(&p.address),
        }
    }
}

impl From<&Applicant> for Person {
    fn from(a: &Applicant) -> Person {
        Person {
            name: a.name.clone(),
            id_number: a.id_number.clone(),
            birth: a.birth.clone(),
            sex: a.sex.clone(),
            phone: a.phone.clone(),
            email: a.email.clone(),
            address: a.address.clone(),
        }
    }
}
