//! The whole house.
mod command_line;
mod floors;
