//! Tables, judged from outside.

mod text;
