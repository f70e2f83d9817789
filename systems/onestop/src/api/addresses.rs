//! What an address means today, for programs.

use crate::decide::MOST_LETTERS;
use crate::form::{self, Fault};
use crate::service::Error;
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;

/// An address as it is written somewhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressQuestion {
    /// The address, in any way of writing, at most 1,000 letters.
    address: String,
}

/// One way to write it today.
#[derive(Serialize, ToSchema)]
pub struct AddressToday {
    /// Code of the commune of today.
    commune: String,
    /// "Phường Bạc Liêu".
    commune_name: String,
    /// "Tỉnh Cà Mau".
    province_name: String,
    /// The whole address.
    written: String,
}

/// What it means.
#[derive(Serialize, ToSchema)]
pub struct AddressAnswer {
    /// Codes of the communes of today that it may name, the likeliest first; empty when it is not understood.
    communes: Vec<String>,
    /// For an address written the old way: how it is written today; several when the old commune was divided.
    today: Vec<AddressToday>,
}

/// What an address means today. A question, sent in the body because addresses do not belong into logs; nothing is kept.
#[utoipa::path(post, path = "/api/v1/addresses/today", tag = "onestop", request_body = AddressQuestion, responses((status = 200, body = AddressAnswer), (status = 422)))]
pub async fn today(Json(asked): Json<AddressQuestion>) -> Result<Json<AddressAnswer>, Problem> {
    let address = &asked.address;
    if let Some(wrong) = form::too_long(address, MOST_LETTERS) {
        return Err(Error::Faults(vec![Fault { field: "address".to_owned(), wrong }]).into());
    }
    let made = |t: place::Today| AddressToday {
        commune: t.code,
        commune_name: t.commune,
        province_name: t.province,
        written: t.written,
    };
    let communes = place::resolve(address).new;
    Ok(Json(AddressAnswer { communes, today: place::today(address).into_iter().map(made).collect() }))
}
