//! Restore from the screen: the file is checked row by row, waits, and after a second word takes the place of the data. The old data
//! stays beside it ([`store::restore_beside`]), and with it every file it names.
use super::{Config, Keep, PAGE};
use crate::house;
use axum::{Extension, extract::Multipart};
use base::Clock;
use directory::OfficerDesk;
use std::{
    fs::File,
    io::BufReader,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use store::Files;
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
        let mut private = tokio::fs::OpenOptions::new();
        let mut file = private.write(true).create(true).truncate(true).mode(0o600).open(&part).await.map_err(disk)?;
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
    let done = put(config).await;
    *FAILED.lock().unwrap_or_else(PoisonError::into_inner) = done.as_ref().err().cloned();
    done
}

async fn put(config: &Config) -> Result<(), store::Error> {
    let lost = |e: std::io::Error| store::Error::File(e.to_string());
    let (files, backup) = (Files::folder(house::files(config)).await?, File::open(waiting(config)).map_err(lost)?);
    let (place, options, now) = (house::target(config), house::store_options(config), Clock::system().now());
    let rooms = crate::rooms::migrations();
    store::restore_beside(&place, &options, &files, &rooms, BufReader::new(backup), now, told()).await?;
    if let Err(error) = std::fs::remove_file(waiting(config)) {
        tracing::warn!(%error, "the backup that was restored waits on; it can be dropped on the page");
    }
    Ok(())
}
