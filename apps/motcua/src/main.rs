//! The program: one binary that serves a province and answers on the command line.
//!
//! | module | what lives there |
//! |---|---|
//! | `cli` | the words of the command line |
//! | `config` | settings and their sources |
//! | `rooms` | the list of rooms, in floor order |
//! | `serve` | from settings to a listening server, and its orderly end |
//! | `commands` | one file per command |
//! | `admin` | the administrator's screens for the machine itself |
//!
//! Errors here are for people at a terminal (`miette`): what happened, and what to do.

mod cli;
mod commands;
mod config;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        // A reader that went away (`motcua … | head`) is no error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> miette::Result<ExitCode> {
    match &cli.command {
        Command::Config { what: cli::Config::Check } => commands::config::check(&cli),
        Command::Check(check) => commands::questions::check(check.what, &check.values).map(|()| ExitCode::SUCCESS),
        Command::Calc(calc) => commands::questions::calc(calc.what, &calc.values).map(|()| ExitCode::SUCCESS),
        _ => Err(miette::miette!("this command has no room yet")),
    }
}

fn is_broken_pipe(error: &miette::Report) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
    while let Some(e) = cause {
        if e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe) {
            return true;
        }
        cause = e.source();
    }
    false
}
