//! `import units`, `import procedures`: a file in, a report out. Exit 0 unless the file itself cannot be read. `--template`: a file to fill.
use crate::{
    cli::{ImportKind, TemplateKind},
    config::Config,
    house,
};
use base::Lang;
use directory::{
    Cx,
    service::import::{Report, import_units, template_heads},
};
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use serde_json::json;
use std::{
    fs::File,
    io::{Cursor, IsTerminal, Read, Write},
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicI64, Ordering},
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

/// Writes a template to a file, or to standard output.
pub fn template(what: ImportKind, kind: TemplateKind, file: Option<&Path>) -> Result<()> {
    use catalogue::import::Template;
    let bytes = match (what, kind) {
        (ImportKind::Procedures, TemplateKind::Csv) => Template::Csv.bytes().into_diagnostic()?,
        (ImportKind::Procedures, TemplateKind::Xlsx) => Template::Xlsx.bytes().into_diagnostic()?,
        (ImportKind::Procedures, TemplateKind::Jsonl) => Template::Jsonl.bytes().into_diagnostic()?,
        (ImportKind::Units, TemplateKind::Csv) => {
            let mut out = vec![];
            sheet::write_csv(&mut out, &template_heads(), []).into_diagnostic()?;
            out
        }
        (ImportKind::Units, TemplateKind::Xlsx) => sheet::write_xlsx("don-vi", &template_heads(), []).into_diagnostic()?,
        (ImportKind::Units, TemplateKind::Jsonl) => return Err(miette!("units are imported from csv or xlsx")),
    };
    match file {
        // an existing file may be somebody's work
        Some(file) => File::create_new(file)
            .and_then(|mut f| f.write_all(&bytes))
            .into_diagnostic()
            .wrap_err_with(|| format!("{} cannot be written", file.display())),
        None if kind == TemplateKind::Xlsx && std::io::stdout().is_terminal() => {
            Err(miette!("a workbook is no text for a terminal: name the file to write"))
        }
        None => std::io::stdout().write_all(&bytes).into_diagnostic(),
    }
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
    let bytes = source(file)?.into_inner();
    let cx = Cx::machine(open.clock.now());
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let order = catalogue::import::Order { id: cx.by.id("import", 0), job: None, file: name };
    let bar = indicatif::ProgressBar::new_spinner();
    // a log file gets a line every two seconds instead of a bar
    let (plain, last) = (!std::io::stderr().is_terminal(), AtomicI64::new(cx.by.now.micros()));
    let (clock, line) = (open.clock.clone(), bar.clone());
    let told = move |told: catalogue::import::Told| -> std::pin::Pin<Box<dyn Future<Output = bool> + Send>> {
        let said = match told.of {
            Some(of) => format!("{} of {of} rows read, {} unreadable", told.read, told.unreadable),
            None => format!("{} rows read, {} unreadable", told.read, told.unreadable),
        };
        let now = clock.now().micros();
        if plain && now - last.load(Ordering::Relaxed) >= 2_000_000 {
            last.store(now, Ordering::Relaxed);
            eprintln!("{said}");
        }
        line.set_message(said);
        line.tick();
        Box::pin(std::future::ready(true))
    };
    let clock = open.clock.clone();
    let report = catalogue::import::import(&open.db, &cx, &move || clock.now(), &order, bytes, &told).await;
    bar.finish_and_clear();
    let report = report.map_err(|e| miette!("{}: {e}; nothing was imported", file.display()))?;
    for fault in &report.faults {
        eprintln!("line {}: {} {}", fault.line, fault.code, fault.reason);
    }
    let more = report.summary.unreadable.saturating_sub(report.faults.len() as u64);
    if more > 0 {
        eprintln!("… and {more} more lines; the import's page lists them");
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
