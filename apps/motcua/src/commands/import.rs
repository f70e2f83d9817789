//! `import units`, `import procedures`: a file in, a report out. Exit 0 unless the file itself cannot be read.
use crate::{cli::ImportKind, config::Config, house};
use base::Lang;
use directory::{
    Cx,
    service::import::{Report, import_units},
};
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use serde_json::json;
use std::{
    fs::File,
    io::{Cursor, Read},
    path::Path,
    process::ExitCode,
};

/// Brings a file in.
pub async fn import(config: &Config, what: ImportKind, file: &Path, as_json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let report = match what {
        ImportKind::Units => {
            import_units(&open.db, Cx::machine(open.clock.now()), source(file)?, false).await.into_diagnostic()?
        }
        ImportKind::Procedures => return procedures(&open, file, as_json).await,
    };
    for fault in &report.faults {
        eprintln!("line {}: {}", fault.line, fault.reason.say(Lang::En));
    }
    if as_json {
        println!("{}", json!(report));
    } else {
        let Report { read, new, changed, unchanged, unreadable, .. } = report;
        println!("{read} read: {new} new, {changed} changed, {unchanged} unchanged, {unreadable} unreadable");
    }
    Ok(ExitCode::SUCCESS)
}

/// The bytes of a file; `-` is standard input.
pub fn source(file: &Path) -> Result<Cursor<Vec<u8>>> {
    let mut bytes = vec![];
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|mut f| f.read_to_end(&mut bytes))
    };
    read.into_diagnostic().wrap_err_with(|| format!("{} cannot be read", file.display()))?;
    Ok(Cursor::new(bytes))
}

/// Brings records of procedures in: staged, then switched over at once. What people wrote stays in force.
async fn procedures(open: &house::Open, file: &Path, as_json: bool) -> Result<ExitCode> {
    let bytes = std::fs::read(file).into_diagnostic().wrap_err_with(|| format!("{} cannot be read", file.display()))?;
    let cx = Cx::machine(open.clock.now());
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let order = catalogue::import::Order { id: cx.by.id("import", 0), job: None, file: name };
    let bar = indicatif::ProgressBar::new_spinner();
    let (clock, line) = (open.clock.clone(), bar.clone());
    let told = move |told: catalogue::import::Told| -> std::pin::Pin<Box<dyn Future<Output = bool> + Send>> {
        line.set_message(match told.of {
            Some(of) => format!("{} of {of} rows read, {} unreadable", told.read, told.unreadable),
            None => format!("{} rows read, {} unreadable", told.read, told.unreadable),
        });
        line.tick();
        Box::pin(std::future::ready(true))
    };
    let report = catalogue::import::import(&open.db, &cx, &move || clock.now(), &order, bytes, &told).await;
    bar.finish_and_clear();
    let report = report.map_err(|e| miette!("{}: {e}; nothing was imported", file.display()))?;
    for fault in &report.faults {
        eprintln!("line {}: {} {}", fault.line, fault.code, fault.reason);
    }
    for (warning, n) in &report.warnings {
        eprintln!("{n} procedures: {}", serde_json::to_string(warning).into_diagnostic()?);
    }
    if as_json {
        println!("{}", serde_json::to_string(&report.summary).into_diagnostic()?);
    } else {
        let catalogue::import::Summary { read, new, changed, unchanged, unreadable } = report.summary;
        println!("{read} read: {new} new, {changed} changed, {unchanged} unchanged, {unreadable} unreadable");
    }
    Ok(ExitCode::SUCCESS)
}
