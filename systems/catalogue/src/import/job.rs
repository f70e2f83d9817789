//! The import as a job: it may be left, and found again with its report.

use std::pin::Pin;

use base::Lang;
use directory::{Actor, Cx};
use serde::{Deserialize, Serialize};
use store::{Halt, Job, JobRun, Work, Write};
use uuid::Uuid;

use super::{ImportError, Order, Told, import, upload};
use crate::sql;

/// The order to import an uploaded file. Whoever ordered it was asked for the right when it was uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportJob {
    /// The import.
    pub import: Uuid,
    /// Name of the file.
    pub file: String,
    /// Who ordered it.
    pub owner: Uuid,
    /// Their name.
    pub name: String,
    /// For which post.
    pub post: Option<Uuid>,
}

impl Job for ImportJob {
    const NAME: &'static str = "catalogue.import";
    const TRIES: u32 = 3;

    fn title(&self) -> String {
        format!("Nhập danh mục: {}", self.file) // not on screen: kept with the job
    }

    fn owner(&self) -> Option<Uuid> {
        Some(self.owner)
    }
}

/// Does imports.
#[derive(Debug)]
pub struct Importer;

impl Work for Importer {
    type On = ImportJob;

    async fn work(&self, job: ImportJob, run: &JobRun) -> Result<String, Halt> {
        let bytes = upload::bytes(&run.db, job.import).await.map_err(|e| Halt::Again(e.to_string()))?;
        let who = Actor { name: job.name.clone(), ..Actor::machine(run.now()) };
        let by = store::By { who: job.owner, post: job.post, ..run.by };
        let cx = Cx { by, who, lang: Lang::Vi };
        let order = Order { id: job.import, job: Some(run.id.0), file: job.file.clone() };
        let told = |told: Told| -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
            Box::pin(async move {
                let note = format!("{} dòng chưa đọc được", told.unreadable); // not on screen: kept with the job
                run.progress(told.read, told.of, if told.unreadable > 0 { &note } else { "" }).await.is_ok()
            })
        };
        let done = import(&run.db, &cx, &|| run.now(), &order, bytes, &told).await;
        let last = run.tries >= <ImportJob as Job>::TRIES;
        let over = match &done {
            Ok(_) | Err(ImportError::File(_) | ImportError::Stopped) => true,
            Err(_) => last,
        };
        if over {
            let id = job.import;
            let dropped = run.db.write(async move |tx: &Write<'_>| sql::imports::drop_parts(tx, id).await).await;
            dropped.map_err(|e| Halt::Again(e.to_string()))?;
        }
        match done {
            Ok(report) => serde_json::to_string(&report.summary).map_err(|e| Halt::Never(e.to_string())),
            Err(e @ ImportError::File(_)) => Err(Halt::Never(e.words().to_string())),
            Err(ImportError::Stopped) => Err(Halt::Cancelled),
            Err(ImportError::Catalogue(e)) => Err(Halt::Again(e.to_string())),
            Err(e @ ImportError::Unquiet) => Err(Halt::Again(e.words().to_string())),
        }
    }
}
