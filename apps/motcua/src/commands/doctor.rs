//! `doctor`: looks for trouble and says what to do about it. Exit 1 when something does not work.
use crate::{
    config::Config,
    doctor::{self, State},
    house,
};
use miette::{IntoDiagnostic, Result};
use std::process::ExitCode;

/// Looks at everything.
pub async fn doctor(config: &Config, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let found = doctor::look(config, &open, true).await.into_diagnostic()?;
    let worst = found.iter().map(|f| f.state).max().unwrap_or(State::Well);
    if json {
        println!("{}", serde_json::json!({ "state": worst, "findings": found }));
    } else {
        for finding in &found {
            let mark = match finding.state {
                State::Well => "  ok  ",
                State::Ailing => " look ",
                State::Down => " BAD  ",
            };
            println!("{mark} {:14} {}", finding.what, finding.seen);
            if !finding.cure.is_empty() {
                println!("{:21} → {}", "", finding.cure);
            }
        }
    }
    Ok(if worst == State::Down { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
