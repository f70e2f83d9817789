//! Rules of the ground floor, one module per subject.

mod vectors;
