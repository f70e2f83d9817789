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
        ImportKind::Procedures => return Err(miette!("procedures come with the catalogue")),
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
