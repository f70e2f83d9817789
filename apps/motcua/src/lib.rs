//! The program: one binary that serves a province and answers on the command line.
//!
//! | module | what lives there |
//! |---|---|
//! | `cli` | the words of the command line |
//! | `config` | settings and their sources |
//! | `rooms` | the list of rooms, in floor order |
//! | `serve` | from settings to a listening server, and its orderly end |
//! | `commands` | one file per command |
//! | `say` | what a person at a terminal reads |
//! | `admin` | the administrator's screens for the machine itself |
//!
//! Errors here are for people at a terminal: what happened, what was kept, what to do (`say`).

mod admin;
pub mod cli;
mod commands;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod house;
pub mod rooms;
mod say;
pub mod serve;
mod sql;
mod usage;

use clap::Parser;
use cli::{Cli, Command};
use config::Config;
use std::process::ExitCode;

/// The program: reads its words, does what they say, answers with an exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) => return usage::tell(&wrong),
    };
    match run(cli) {
        Ok(code) => code,
        // A reader that went away (`motcua … | head`) is no error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say::tell(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> miette::Result<ExitCode> {
    match &cli.command {
        Command::Serve => serve_on_all_cores(serve::serve(&Config::load(cli.config.as_deref())?)).map(|()| ExitCode::SUCCESS),
        Command::Demo(options) => {
            serve_on_all_cores(demo::demo(&Config::load(cli.config.as_deref())?, options.once)).map(|()| ExitCode::SUCCESS)
        }
        Command::Config { what: cli::Config::Check } => commands::config::check(&cli),
        Command::Check(check) => commands::questions::check(check.what, &check.values).map(|()| ExitCode::SUCCESS),
        Command::Resolve(resolve) => commands::questions::resolve(resolve.what, &resolve.values).map(|()| ExitCode::SUCCESS),
        Command::Calc(calc) => commands::questions::calc(calc.what, &calc.values).map(|()| ExitCode::SUCCESS),
        Command::Import { what, file, template: Some(kind) } => {
            commands::import::template(*what, *kind, file.as_deref()).map(|()| ExitCode::SUCCESS)
        }
        Command::Import { what, file, template: None } => {
            let file = file.as_deref().unwrap_or(std::path::Path::new("-"));
            let config = Config::load(cli.config.as_deref())?;
            block_on(commands::import::import(&config, *what, file, cli.json))
        }
        Command::Doctor => block_on(commands::doctor::doctor(&Config::load(cli.config.as_deref())?, cli.json)),
        Command::Backup { file } => block_on(commands::backup::backup(&Config::load(cli.config.as_deref())?, file, cli.json)),
        Command::Restore { file } => block_on(commands::backup::restore(&Config::load(cli.config.as_deref())?, file, cli.json)),
        Command::Openapi => block_on(commands::openapi::print(&Config::load(cli.config.as_deref())?)),
        Command::User { what: cli::User::Add { login, name, unit, role, password_stdin } } => {
            let config = Config::load(cli.config.as_deref())?;
            let new = commands::user::New { login, name, unit: unit.as_deref(), roles: role, password_stdin: *password_stdin };
            block_on(commands::user::add(&config, new, cli.json))
        }
        Command::Audit { what } => {
            let config = Config::load(cli.config.as_deref())?;
            block_on(async {
                match what {
                    cli::Audit::Bill => commands::audit::bill(&config, cli.json).await,
                    cli::Audit::Verify { roots } => commands::audit::verify(&config, roots.as_deref(), cli.json).await,
                    cli::Audit::Export { folder } => commands::audit::export(&config, folder, cli.json).await,
                }
            })
        }
        Command::Search { what: cli::SearchKind::Procedures, words } => {
            block_on(commands::search::procedures(&Config::load(cli.config.as_deref())?, words))
        }
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

/// Runs a command's work; the server makes its own, larger runtime.
fn block_on<T>(work: impl Future<Output = miette::Result<T>>) -> miette::Result<T> {
    use miette::IntoDiagnostic;
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().into_diagnostic()?.block_on(work)
}

/// The server's runtime: a thread for each core.
fn serve_on_all_cores<T>(work: impl Future<Output = miette::Result<T>>) -> miette::Result<T> {
    use miette::IntoDiagnostic;
    tokio::runtime::Builder::new_multi_thread().enable_all().build().into_diagnostic()?.block_on(work)
}
