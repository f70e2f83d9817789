//! `backup` and `restore`: everything in one file, from either database into either.
use crate::{config::Config, house, rooms};
use indicatif::{ProgressBar, ProgressStyle};
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// Writes a backup; the server may go on meanwhile.
pub async fn backup(config: &Config, to: &Path, json: bool) -> Result<ExitCode> {
    if to.exists() {
        return Err(miette!(
            help = "choose another name, or move the old file away first",
            "{} is there already; a backup is never overwritten",
            to.display()
        ));
    }
    let open = house::open(config).await?;
    // Whole or not there: the name is given when the last byte is safe.
    let part = to.with_extension("part");
    let file = File::create(&part).into_diagnostic().wrap_err_with(|| format!("{} cannot be written", part.display()))?;
    let bar = bar(json);
    let told = bar.clone();
    let progress = Arc::new(move |what: &str, n: u64| told.set_message(format!("{what} {n}")));
    let done =
        store::backup(&open.db, Some(&open.files), &rooms::migrations(), open.clock.now(), BufWriter::new(file), progress).await;
    bar.finish_and_clear();
    let (mut sink, manifest) = done.into_diagnostic().inspect_err(|_| drop(std::fs::remove_file(&part)))?;
    sink.flush().and_then(|()| sink.get_ref().sync_all()).into_diagnostic()?;
    std::fs::rename(&part, to).into_diagnostic()?;
    let rows: u64 = manifest.tables.iter().map(|t| t.rows).sum();
    if json {
        println!("{}", serde_json::json!(manifest));
    } else {
        println!("{}: {rows} rows of {} tables, {} files", to.display(), manifest.tables.len(), manifest.files);
        for (owner, sha256) in &manifest.missing {
            println!("missing or damaged in the file store: {owner}/{sha256}");
        }
    }
    Ok(if manifest.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads a backup into an empty place.
pub async fn restore(config: &Config, from: &Path, json: bool) -> Result<ExitCode> {
    let file = File::open(from).into_diagnostic().wrap_err_with(|| format!("{} cannot be read", from.display()))?;
    let open = house::connect(config).await?;
    let bar = bar(json);
    let told = bar.clone();
    let progress = Arc::new(move |what: &str, n: u64| told.set_message(format!("{what} {n}")));
    let done = store::restore(&open.db, Some(&open.files), &rooms::migrations(), BufReader::new(file), progress).await;
    bar.finish_and_clear();
    let restored = done.map_err(|e| miette!(help = "set MOTCUA_DATA or DATABASE_URL to an empty place", "{e}"))?;
    let rows: u64 = restored.manifest.tables.iter().map(|t| t.rows).sum();
    if json {
        println!("{}", serde_json::json!({ "manifest": restored.manifest, "chain": restored.chain }));
    } else {
        println!("{rows} rows and {} files restored; {} events fit together", restored.manifest.files, restored.chain.events);
    }
    if let Some((pos, why)) = restored.chain.broken {
        return Err(miette!("the chain of events is broken at {pos}: {why}; it was so when the backup was made"));
    }
    Ok(ExitCode::SUCCESS)
}

fn bar(json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
