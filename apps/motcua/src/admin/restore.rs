//! Restore from the screen: the file is checked row by row, waits, and after a second word takes the place of the data. The old data
//! stays beside it: on SQLite as a file, on PostgreSQL as a schema.
use super::{Config, Keep, PAGE};
use axum::{Extension, extract::Multipart};
use base::Clock;
use directory::OfficerDesk;
use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use store::{Db, Files, StoreOptions, Target};
use tokio::{io::AsyncWriteExt, sync::Notify};
use web::{FieldFault, Go, Problem, go, words};

/// Rung when an administrator has confirmed a restore; the server stops, restores, and starts again.
pub static ASKED: Notify = Notify::const_new();

/// The checked backup that waits.
pub fn waiting(config: &Config) -> PathBuf {
    config.data.join("restore.zip")
}

fn told() -> store::backup::Progress {
    Arc::new(|_: &str, _: u64| {})
}

/// `POST /quan-tri/he-thong/khoi-phuc`: takes the file and checks it.
pub async fn upload(desk: OfficerDesk, Extension(config): Extension<Arc<Config>>, mut form: Multipart) -> Result<Go, Problem> {
    desk.require::<Keep>()?;
    let part = config.data.join("restore.part");
    let unreadable = |e: axum::extract::multipart::MultipartError| Problem::unreadable(e.body_text());
    let mut size = 0u64;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("tep") {
            continue;
        }
        let mut file = tokio::fs::File::create(&part).await.map_err(disk)?;
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            size += chunk.len() as u64;
            file.write_all(&chunk).await.map_err(disk)?;
        }
        file.sync_all().await.map_err(disk)?;
    }
    let fault = |said| Problem::fault(vec![FieldFault::new("tep", said)]);
    if size == 0 {
        return Err(fault(words("Chọn tệp sao lưu trước.")));
    }
    let file = File::open(&part).map_err(disk)?;
    if let Err(why) = store::verify_backup(BufReader::new(file), told()).await {
        let _ = std::fs::remove_file(&part);
        return Err(fault(words("Tệp này không phải bản sao lưu nguyên vẹn: {0}").with_words(crate::say::data(&why))));
    }
    std::fs::rename(&part, waiting(&config)).map_err(disk)?;
    Ok(go(PAGE))
}

/// `POST /quan-tri/he-thong/khoi-phuc/thay`: the second word.
pub async fn confirm(desk: OfficerDesk, Extension(config): Extension<Arc<Config>>) -> Result<Go, Problem> {
    desk.require::<Keep>()?;
    if !waiting(&config).is_file() {
        return Err(Problem::not_found());
    }
    ASKED.notify_one();
    Ok(go("/can-bo").saying("Máy chủ đang khôi phục và sẽ chạy lại trong giây lát.", &[]))
}

/// `POST /quan-tri/he-thong/khoi-phuc/bo`
pub async fn drop_waiting(desk: OfficerDesk, Extension(config): Extension<Arc<Config>>) -> Result<Go, Problem> {
    desk.require::<Keep>()?;
    let _ = std::fs::remove_file(waiting(&config));
    Ok(go(PAGE).saying("Đã bỏ tệp chờ khôi phục", &[]))
}

fn disk(error: std::io::Error) -> Problem {
    Problem::away(format!("restore: {error}"))
}

/// Why the last restore was given up, until one goes well.
static FAILED: Mutex<Option<store::Error>> = Mutex::new(None);

/// Why the last restore was given up.
pub fn failed() -> Option<store::Error> {
    FAILED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Puts the waiting backup in the place of the data, when this server has it open no more. If anything fails, nothing has moved, and the
/// screen says why.
pub async fn put_in_place(config: &Config) -> Result<(), store::Error> {
    let done = match &config.database_url {
        Some(url) => beside(config, url).await,
        None => in_a_file(config).await,
    };
    *FAILED.lock().unwrap_or_else(PoisonError::into_inner) = done.as_ref().err().cloned();
    done
}

async fn beside(config: &Config, url: &str) -> Result<(), store::Error> {
    let (files, backup) = opened(config).await?;
    let (options, now) = (crate::house::store_options(config), Clock::system().now());
    store::restore_beside(url, &options, &files, &crate::rooms::migrations(), BufReader::new(backup), now, told()).await?;
    std::fs::remove_file(waiting(config)).map_err(lost)
}

async fn in_a_file(config: &Config) -> Result<(), store::Error> {
    let (live, fresh) = (config.data.join("motcua.db"), config.data.join("motcua-restored.db"));
    for part in parts(&fresh) {
        let _ = std::fs::remove_file(part);
    }
    let (files, backup) = opened(config).await?;
    let db = Db::open(&Target::Sqlite(fresh.clone()), &StoreOptions::default()).await?;
    let restored = store::restore(&db, Some(&files), &crate::rooms::migrations(), BufReader::new(backup), told()).await;
    db.close().await;
    restored?;
    let before = config.data.join(format!("motcua-before-{}.db", Clock::system().now().local().strftime("%Y%m%d-%H%M%S")));
    // A write-ahead log belongs to its file: both move, or the next start would mix two databases.
    for (from, to) in parts(&live).into_iter().zip(parts(&before)).chain(parts(&fresh).into_iter().zip(parts(&live))) {
        if from.exists() {
            std::fs::rename(from, to).map_err(lost)?;
        }
    }
    std::fs::remove_file(waiting(config)).map_err(lost)
}

async fn opened(config: &Config) -> Result<(Files, File), store::Error> {
    Ok((Files::folder(config.data.join("files")).await?, File::open(waiting(config)).map_err(lost)?))
}

fn lost(error: std::io::Error) -> store::Error {
    store::Error::File(error.to_string())
}

/// A SQLite file and what belongs to it.
fn parts(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display())))
}
