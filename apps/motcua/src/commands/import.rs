//! `import units`, `import procedures`: a file in, a report out. Exit 0 unless the file itself cannot be read. `--template`: a file to fill.
use crate::{
    cli::{ImportKind, TemplateKind},
    config::Config,
    house,
    say::{self, Trouble, say, trouble},
};
use directory::{
    Cx,
    service::import::{ImportError, Report, import_units, reason, template_heads},
};
use miette::{IntoDiagnostic, Result};
use serde_json::json;
use std::{
    fs::File,
    io::{Cursor, IsTerminal, Read, Write},
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicI64, Ordering},
};
use web::words;

/// Brings a file in.
pub async fn import(config: &Config, what: ImportKind, file: &Path, as_json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let report = match what {
        ImportKind::Units => {
            let bytes = source(file)?;
            import_units(&open.db, Cx::machine(open.clock.now()), bytes, false).await.map_err(|e| not_imported(file, &e))?
        }
        ImportKind::Procedures => return procedures(&open, file, as_json).await,
    };
    for fault in &report.faults {
        eprintln!("{}", say(words("Dòng {0}: {1}").with(fault.line).with_words(fault.reason.clone())));
    }
    if as_json {
        println!("{}", json!(report));
    } else {
        let Report { read, new, changed, unchanged, unreadable, .. } = report;
        println!("{}", figures(read, new, changed, unchanged, unreadable));
    }
    Ok(ExitCode::SUCCESS)
}

fn figures(read: u64, new: u64, changed: u64, unchanged: u64, unreadable: u64) -> String {
    let said = words("Đã đọc {0} dòng: {1} mới, {2} thay đổi, {3} như cũ, {4} không đọc được.").with(read).with(new);
    say(said.with(changed).with(unchanged).with(unreadable))
}

/// Why no unit came in.
fn not_imported(file: &Path, e: &ImportError) -> Trouble {
    match e {
        ImportError::File(fault) => trouble(
            words("Không đọc được {0}: {1} Danh mục đơn vị giữ nguyên như trước.").with(file.display()).with_words(reason(fault)),
        )
        .cure(words("Lấy tệp mẫu bằng: motcua import units --template csv TỆP")),
        ImportError::Store(e) | ImportError::Directory(directory::Error::Store(e)) => say::failed(e),
        other => say::unforeseen(other),
    }
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
        (ImportKind::Units, TemplateKind::Jsonl) => {
            return Err(trouble(words("Đơn vị không có mẫu JSONL."))
                .cure(words("Dùng --template csv hoặc --template xlsx."))
                .into());
        }
    };
    match file {
        // an existing file may be somebody's work
        Some(file) => File::create_new(file).and_then(|mut f| f.write_all(&bytes)).map_err(|e| say::unwritable(file, &e).into()),
        None if kind == TemplateKind::Xlsx && std::io::stdout().is_terminal() => {
            Err(trouble(words("Sổ tính không in ra màn hình được.")).cure(words("Ghi thêm tên tệp cần tạo ở cuối lệnh.")).into())
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
    read.map_err(|e| say::unreadable(file, &e))?;
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
            Some(of) => words("Đã đọc {0} trên {1} dòng, {2} không đọc được").with(told.read).with(of).with(told.unreadable),
            None => words("Đã đọc {0} dòng, {1} không đọc được").with(told.read).with(told.unreadable),
        };
        let said = say(said);
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
    let report = report.map_err(|e| {
        trouble(words("{0}: {1}").with(file.display()).with_words(e.words()))
            .cure(words("Lấy tệp mẫu bằng: motcua import procedures --template xlsx TỆP"))
    })?;
    for fault in &report.faults {
        let said = format!("{} {}", fault.code, fault.reason);
        eprintln!("{}", say(words("Dòng {0}: {1}").with(fault.line).with(said.trim())));
    }
    let more = report.summary.unreadable.saturating_sub(report.faults.len() as u64);
    if more > 0 {
        eprintln!("{}", say(words("… và {0} dòng nữa; trang của lần nhập này liệt kê đủ.").with(more)));
    }
    for (warning, n) in &report.warnings {
        eprintln!("{}", say(words("{0} thủ tục: {1}").with(n).with_words(words(warning.words()))));
    }
    if as_json {
        println!("{}", serde_json::to_string(&report.summary).into_diagnostic()?);
    } else {
        let catalogue::import::Summary { read, new, changed, unchanged, unreadable } = report.summary;
        println!("{}", figures(read, new, changed, unchanged, unreadable));
    }
    Ok(ExitCode::SUCCESS)
}
