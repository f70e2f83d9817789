//! `backup` and `restore`: everything in one file, from either database into either.
use crate::{
    config::Config,
    house, rooms,
    say::{self, Trouble, say, trouble},
};
use indicatif::{ProgressBar, ProgressStyle};
use miette::Result;
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use web::words;

/// Writes a backup; the server may go on meanwhile.
pub async fn backup(config: &Config, to: &Path, json: bool) -> Result<ExitCode> {
    // A backup is never overwritten.
    if to.exists() {
        return Err(say::unwritable(to, &std::io::ErrorKind::AlreadyExists.into()).into());
    }
    // Whole or not there: the name is given when the last byte is safe. What lies under the name before may be somebody's: it stays.
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let taken = |e: &std::io::Error| e.kind() == std::io::ErrorKind::AlreadyExists;
    let file = house::private_file(&part).map_err(|e| say::unwritable(if taken(&e) { part.as_path() } else { to }, &e))?;
    let done = write(config, to, file, json).await.and_then(|manifest| {
        house::name(&part, to).map_err(|e| say::unwritable(to, &e))?;
        Ok(manifest)
    });
    let manifest = done.inspect_err(|_| drop(std::fs::remove_file(&part)))?;
    let rows: u64 = manifest.tables.iter().map(|t| t.rows).sum();
    if json {
        println!("{}", serde_json::json!(manifest));
    } else {
        let said = words("Đã sao lưu vào {0}: {1} dòng của {2} bảng, {3} tệp.").with(to.display()).with(rows);
        println!("{}", say(said.with(manifest.tables.len()).with(manifest.files)));
        for (owner, sha256) in &manifest.missing {
            println!("{}", say(words("Thiếu hoặc hỏng trong kho tệp: {0}/{1}").with(owner).with(sha256)));
        }
    }
    Ok(if manifest.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn write(config: &Config, to: &Path, file: File, json: bool) -> Result<store::backup::Manifest> {
    let open = house::open(config).await?;
    let bar = bar(json);
    let told = bar.clone();
    let progress = Arc::new(move |what: &str, n: u64| told.set_message(say(words("Đang sao lưu {0}: {1}").with(what).with(n))));
    let done =
        store::backup(&open.db, Some(&open.files), &rooms::migrations(), open.clock.now(), BufWriter::new(file), progress).await;
    bar.finish_and_clear();
    let not_written = |e: store::Error| match e {
        // the backup's own disk, or that of the database: either way there is no room
        store::Error::Full(_) => say::unwritable(to, &std::io::ErrorKind::StorageFull.into()),
        other => say::failed(&other),
    };
    let (mut sink, manifest) = done.map_err(not_written)?;
    sink.flush().and_then(|()| sink.get_ref().sync_all()).map_err(|e| say::unwritable(to, &e))?;
    Ok(manifest)
}

/// Reads a backup into an empty place.
pub async fn restore(config: &Config, from: &Path, json: bool) -> Result<ExitCode> {
    let file = File::open(from).and_then(|file| match file.metadata()?.is_dir() {
        true => Err(std::io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    });
    let file = file.map_err(|e| say::unreadable(from, &e))?;
    let open = house::connect(config).await?;
    let bar = bar(json);
    let told = bar.clone();
    let progress = Arc::new(move |what: &str, n: u64| told.set_message(say(words("Đang khôi phục {0}: {1}").with(what).with(n))));
    let done = store::restore(&open.db, Some(&open.files), &rooms::migrations(), BufReader::new(file), progress).await;
    bar.finish_and_clear();
    let restored = done.map_err(|e| not_restored(config, from, &e))?;
    let rows: u64 = restored.manifest.tables.iter().map(|t| t.rows).sum();
    if json {
        println!("{}", serde_json::json!({ "manifest": restored.manifest, "chain": restored.chain }));
    } else {
        let said = words("Đã khôi phục {0} dòng và {1} tệp; {2} sự kiện khớp nhau.").with(rows).with(restored.manifest.files);
        println!("{}", say(said.with(restored.chain.events)));
    }
    if let Some((pos, why)) = restored.chain.broken {
        let said =
            words("Dữ liệu đã khôi phục xong, nhưng chuỗi sự kiện không khớp từ sự kiện {0} ({1}); lúc sao lưu đã như vậy.");
        return Err(trouble(said.with(pos).with(why))
            .cure(words("Giữ nguyên máy đã sao lưu và gọi hỗ trợ: sổ đã bị sửa ngoài chương trình."))
            .into());
    }
    Ok(ExitCode::SUCCESS)
}

fn not_restored(config: &Config, from: &Path, e: &store::Error) -> Trouble {
    use store::BadBackup as Bad;
    let said =
        words("Không khôi phục được {0}: {1}. Dữ liệu đang có không thay đổi.").with(from.display()).with_words(say::data(e));
    trouble(said).cure(match e {
        store::Error::Backup(Bad::NotEmpty(_)) => words("Đặt MOTCUA_DATA hoặc DATABASE_URL là một nơi còn trống rồi chạy lại."),
        store::Error::Backup(Bad::NotWhole(_) | Bad::Damaged(_)) => {
            words("Lấy lại tệp từ nơi lưu giữ, hoặc dùng một bản sao lưu khác.")
        }
        store::Error::Backup(Bad::OtherProgram(_)) => words("Cài phiên bản motcua đã ghi bản sao lưu này hoặc mới hơn."),
        store::Error::Full(_) => words("Dọn chỗ trên ổ đĩa rồi chạy lại lệnh này vào đúng nơi đó."),
        store::Error::OtherFiles => {
            words("Chuyển thư mục {0} sang chỗ khác, giữ lại, hoặc đặt MOTCUA_DATA là một thư mục mới, rồi chạy lại.")
                .with(house::files(config).display())
        }
        _ => words("Chạy lại lệnh này vào đúng nơi đó; motcua doctor cho biết tình trạng."),
    })
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
