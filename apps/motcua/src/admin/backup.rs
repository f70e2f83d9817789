//! A backup as a job: begun with a button, found again on the page, downloaded whole.
use super::{Config, Keep, PAGE};
use crate::house;
use axum::{
    Extension,
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use directory::OfficerDesk;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::PathBuf,
    sync::Arc,
};
use store::{Files, Halt, Job, JobRun, Work, Write};
use tokio_util::io::ReaderStream;
use web::{Go, Problem, go};

/// The order.
#[derive(Serialize, Deserialize)]
pub struct BackUp {}

impl Job for BackUp {
    const NAME: &'static str = "motcua.backup";
    const TRIES: u32 = 1;

    fn title(&self) -> String {
        "Sao lưu toàn bộ".into()
    }
}

/// Who does it.
pub struct Keeper {
    /// The data folder.
    pub data: PathBuf,
}

/// Where backups lie.
pub fn folder(config: &Config) -> PathBuf {
    config.data.join("backups")
}

impl Work for Keeper {
    type On = BackUp;

    async fn work(&self, _: BackUp, run: &JobRun) -> Result<String, Halt> {
        let folder = self.data.join("backups");
        let disk = |e: std::io::Error| Halt::Never(e.to_string());
        house::make_private(&folder).map_err(disk)?;
        let name = format!("motcua-{}.zip", run.by.now.local().strftime("%Y%m%d-%H%M%S"));
        let part = folder.join(format!("{name}.part"));
        let file = house::private_file(&part).map_err(disk)?;
        let written = self.write(file, run).await;
        let named = written.and_then(|manifest| house::name(&part, &folder.join(&name)).map_err(disk).map(|()| manifest));
        let manifest = named.inspect_err(|_| drop(std::fs::remove_file(&part)))?;
        let rows: u64 = manifest.tables.iter().map(|t| t.rows).sum();
        Ok(format!("{name}: {rows} + {}", manifest.files))
    }
}

impl Keeper {
    async fn write(&self, file: File, run: &JobRun) -> Result<store::Manifest, Halt> {
        let files = Files::folder(self.data.join("files")).await?;
        let told = Arc::new(|_: &str, _: u64| {});
        let rooms = crate::rooms::migrations();
        let (mut sink, manifest) = store::backup(&run.db, Some(&files), &rooms, run.by.now, BufWriter::new(file), told).await?;
        sink.flush().and_then(|()| sink.get_ref().sync_all()).map_err(|e| Halt::Never(e.to_string()))?;
        Ok(manifest)
    }
}

/// `POST /quan-tri/he-thong/sao-luu`
pub async fn begin(desk: OfficerDesk) -> Result<Go, Problem> {
    desk.require::<Keep>()?;
    let by = desk.cx.by;
    desk.house.db.write(async move |tx: &Write<'_>| store::enqueue(tx, &by, &BackUp {}).await).await?;
    Ok(go(PAGE).saying("Đang sao lưu; trang này cho biết khi xong", &[]))
}

/// `GET /quan-tri/he-thong/sao-luu/{name}`
pub async fn download(
    desk: OfficerDesk,
    Extension(config): Extension<Arc<Config>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    desk.require::<Keep>()?;
    // Only names this program gives: nothing that leads out of the folder.
    let sound = name.starts_with("motcua-")
        && name.ends_with(".zip")
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if !sound || name.contains("..") {
        return Err(Problem::not_found());
    }
    let file = tokio::fs::File::open(folder(&config).join(&name)).await.map_err(|_| Problem::not_found())?;
    let size = file.metadata().await.map_err(|e| Problem::ours(e.to_string()))?.len();
    let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.extend(HeaderValue::from_str(&disposition).ok().map(|v| (header::CONTENT_DISPOSITION, v)));
    Ok(response)
}
