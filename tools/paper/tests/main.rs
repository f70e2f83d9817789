//! Papers, judged from outside.

mod renders;
