//! What an address means today, for programs.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An address as it is written somewhere.
#[derive(Deserialize, ToSchema)]
pub struct AddressQuestion {
    /// The address, in any way of writing.
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
#[utoipa::path(post, path = "/api/v1/addresses/today", tag = "onestop", request_body = AddressQuestion, responses((status = 200, body = AddressAnswer)))]
pub async fn today(Json(asked): Json<AddressQuestion>) -> Json<AddressAnswer> {
    let made = |t: place::Today| AddressToday {
        commune: t.code,
        commune_name: t.commune,
        province_name: t.province,
        written: t.written,
    };
    let address = &asked.address;
    Json(AddressAnswer { communes: place::resolve(address).new, today: place::today(address).into_iter().map(made).collect() })
}
