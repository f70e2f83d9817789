//! `openapi`: the document that the server gives at `/api/openapi.json`.
use crate::{config::Config, house, rooms};
use miette::{IntoDiagnostic, Result};
use std::process::ExitCode;
use web::House;

/// Prints it.
pub async fn print(config: &Config) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let house = House::new(open.db, open.files, open.clock, config.web());
    println!("{}", web::build(house, rooms::rooms(config)).openapi.to_pretty_json().into_diagnostic()?);
    Ok(ExitCode::SUCCESS)
}
