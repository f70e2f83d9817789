//! Restore from the screen: the file is checked row by row, waits, and after a second word takes the place of the data. The old data
//! stays beside it.
use super::{Config, PAGE, must_keep};
use axum::{
    Extension,
    extract::{Multipart, State},
};
use base::Clock;
use directory::OfficerDesk;
use miette::{IntoDiagnostic, Result as Told};
use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Db, Files, StoreOptions, Target};
use tokio::{io::AsyncWriteExt, sync::Notify};
use web::{FieldFault, Go, House, Problem, go, words};

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
    must_keep(&desk).await?;
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
pub async fn confirm(
    desk: OfficerDesk,
    State(house): State<House>,
    Extension(config): Extension<Arc<Config>>,
) -> Result<Go, Problem> {
    must_keep(&desk).await?;
    if house.db.kind() == store::EngineKind::Postgres || !waiting(&config).is_file() {
        return Err(Problem::not_found());
    }
    ASKED.notify_one();
    Ok(go("/can-bo").saying("Máy chủ đang khôi phục và sẽ chạy lại trong giây lát.", &[]))
}

/// `POST /quan-tri/he-thong/khoi-phuc/bo`
pub async fn drop_waiting(desk: OfficerDesk, Extension(config): Extension<Arc<Config>>) -> Result<Go, Problem> {
    must_keep(&desk).await?;
    let _ = std::fs::remove_file(waiting(&config));
    Ok(go(PAGE).saying("Đã bỏ tệp chờ khôi phục", &[]))
}

fn disk(error: std::io::Error) -> Problem {
    Problem::away(format!("restore: {error}"))
}

/// Puts the waiting backup in the place of the SQLite file, when nobody has it open any more. The old one keeps its data under another
/// name; if anything fails, nothing has moved.
pub async fn put_in_place(config: &Config) -> Told<()> {
    let (live, fresh) = (config.data.join("motcua.db"), config.data.join("motcua-restored.db"));
    for part in parts(&fresh) {
        let _ = std::fs::remove_file(part);
    }
    let db = Db::open(&Target::Sqlite(fresh.clone()), &StoreOptions::default()).await.into_diagnostic()?;
    let files = Files::folder(config.data.join("files")).await.into_diagnostic()?;
    let backup = File::open(waiting(config)).into_diagnostic()?;
    store::restore(&db, Some(&files), &crate::rooms::migrations(), BufReader::new(backup), told()).await.into_diagnostic()?;
    drop(db);
    // The last connection folds its log into the file on a thread of its own.
    let log = PathBuf::from(format!("{}-wal", fresh.display()));
    for _ in 0..300 {
        if !log.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let before = config.data.join(format!("motcua-before-{}.db", Clock::system().now().local().strftime("%Y%m%d-%H%M%S")));
    // A write-ahead log belongs to its file: both move, or the next start would mix two databases.
    for (from, to) in parts(&live).into_iter().zip(parts(&before)) {
        if from.exists() {
            std::fs::rename(from, to).into_diagnostic()?;
        }
    }
    for (from, to) in parts(&fresh).into_iter().zip(parts(&live)) {
        if from.exists() {
            std::fs::rename(from, to).into_diagnostic()?;
        }
    }
    std::fs::remove_file(waiting(config)).into_diagnostic()
}

/// A SQLite file and what belongs to it.
fn parts(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display())))
}
