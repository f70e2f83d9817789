//! Makes dossiers findable anew: a job over all of them, for what was kept before there was an index of words.

use crate::sql::dossiers;
use serde::{Deserialize, Serialize};
use store::{Halt, Job, JobRun, Read, Work, Write};

/// The order to index every dossier. A migration gives it (`0006_search.sql`), again whenever what a dossier is found by has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexJob {}

impl Job for IndexJob {
    const NAME: &'static str = "onestop.index";

    fn title(&self) -> String {
        "Lập chỉ mục tìm hồ sơ".to_owned() // not on screen: kept with the job
    }
}

/// Indexes dossiers, in the order of their ids.
#[derive(Debug)]
pub struct Indexer;

/// Dossiers indexed in one unit of work.
const CHUNK: u64 = 100;

impl Work for Indexer {
    type On = IndexJob;

    async fn work(&self, _: IndexJob, run: &JobRun) -> Result<String, Halt> {
        let job = run.id;
        let begun = async move |tx: &Read<'_>| {
            let done = store::job(tx, job).await?.map_or(0, |kept| kept.done);
            Ok::<_, store::Error>((done, dossiers::at_place(tx, done).await?, dossiers::how_many(tx).await?))
        };
        // what an earlier try has told to be done is not done again
        let (mut done, mut last, total) = run.db.read(begun).await?;
        loop {
            let after = last;
            let indexed = run.db.write(async move |tx: &Write<'_>| dossiers::index_after(tx, after, CHUNK).await).await?;
            let Some(reached) = indexed.last().copied() else { return Ok(done.to_string()) };
            (last, done) = (Some(reached), done + indexed.len() as u64);
            run.progress(done, Some(total.max(done)), "").await?;
        }
    }
}
