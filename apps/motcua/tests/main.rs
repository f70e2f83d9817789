//! The whole house.
mod command_line;
mod doors;
mod floors;
mod statements;
mod walk;
mod words;
