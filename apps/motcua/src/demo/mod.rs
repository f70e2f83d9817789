//! `demo`: a whole province to try things on, and one dossier walked through it.
mod data;
mod load;
