//! `doctor`: looks for trouble and says what to do about it. Exit 1 when something does not work.
use crate::{
    config::Config,
    doctor::{self, State},
    house,
    say::{self, lang},
};
use miette::Result;
use std::process::ExitCode;
use web::words;

/// Looks at everything.
pub async fn doctor(config: &Config, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let found = doctor::look(config, &open, true).await.map_err(|e| say::failed(&e))?;
    let worst = found.iter().map(|f| f.state).max().unwrap_or(State::Well);
    let say = |words: &web::Words| words.say(lang());
    if json {
        let lines: Vec<_> = found
            .iter()
            .map(|f| serde_json::json!({ "what": say(&f.what), "state": f.state, "seen": say(&f.seen), "cure": say(&f.cure) }))
            .collect();
        println!("{}", serde_json::json!({ "state": worst, "findings": lines }));
    } else {
        for finding in &found {
            let mark = match finding.state {
                State::Well => words("tốt"),
                State::Ailing => words("cần xem"),
                State::Down => words("HỎNG"),
            };
            println!("{:8} {:18} {}", say(&mark), say(&finding.what), say(&finding.seen));
            if !finding.cure.is_empty() {
                println!("{:27} → {}", "", say(&finding.cure));
            }
        }
    }
    Ok(if worst == State::Down { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
