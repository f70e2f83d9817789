//! Messages to people: templates, channels, delivery state.
pub mod template;
