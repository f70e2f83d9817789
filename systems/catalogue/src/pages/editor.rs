//! The screens of the catalogue's editors, under `/quan-tri/thu-tuc`.

pub mod list;
pub mod one;
