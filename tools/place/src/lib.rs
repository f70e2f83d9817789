//! Addresses written the old way: old commune and district, in full or short, with or without accents, with a street, with dashes → the
//! commune of today, or the candidates when only part of the old one moved (reorganisation of 1 July 2025, Resolution 202/2025/QH15).
//!
//! ```
//! let found = place::resolve("12 Lý Bôn, P.7, TP Bạc Liêu");
//! assert_eq!(found.default.as_deref(), Some("31825"));
//! ```
//! Also an address that is already of today is understood. What is not understood stays empty: nothing is guessed from a street alone.
//!
//! ```
//! let offers = place::today("12 Lý Bôn, P.7, TP Bạc Liêu");
//! assert_eq!(offers[0].written, "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau");
//! ```
mod resolve;
mod table;
mod today;
mod word;

pub use resolve::{Resolved, resolve};
pub use today::{Today, today};

/// What a commune of today is called, with its province: "Phường Bạc Liêu", "Tỉnh Cà Mau".
pub fn commune_of_today(code: &str) -> Option<(String, String)> {
    use table::{Era, Level, Table};
    let table = Table::get();
    let commune = table.at(table.coded(Era::Now, Level::Commune, code)?);
    let province = table.at(commune.above?);
    Some((format!("{} {}", commune.kind_name, commune.name), format!("{} {}", province.kind_name, province.name)))
}
