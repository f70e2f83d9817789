//! `search procedures`: one question a line in, one JSON object a line out, best first.
use super::questions::answer_all;
use crate::{config::Config, house, say};
use catalogue::search::{Narrow, search};
use miette::Result;
use serde_json::json;
use std::process::ExitCode;

/// Hits shown for one question.
const SHOWN: usize = 20;

/// Answers every question from the catalogue as it is now.
pub async fn procedures(config: &Config, questions: &[String]) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let index = catalogue::Finder::new().index(&open.db, open.clock.now()).await.map_err(|e| say::unforeseen(&e))?;
    answer_all(questions, |question| {
        let hits = search(&index, question, &Narrow::default()).hits;
        let shown: Vec<_> = hits.iter().take(SHOWN).map(|h| json!({ "code": h.code, "name": h.name })).collect();
        Ok(json!({ "results": shown }))
    })?;
    Ok(ExitCode::SUCCESS)
}
