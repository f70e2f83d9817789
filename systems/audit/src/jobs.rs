//! Work beside the requests: the bill of a day that is over, and its stamp.
use std::sync::Arc;

use base::{Clock, Moment};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{By, Db, Files, Halt, Job, JobRun, Read, Work, Write, enqueue};
use uuid::Uuid;

use crate::{
    Settings,
    decide::{self, Watch},
    service::{
        stamp::{Authority, BadAuthority, NoStamp, roots, stamp_bill},
        verify::verify,
        watch::watch,
        write::{Order, log_began, write_bill_by},
    },
    sql::bills,
};

/// The order to write the bill of a day that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteBill {
    /// The first instant after the day: what happened before belongs to the bill.
    pub day_over: Moment,
}

impl Job for WriteBill {
    const NAME: &'static str = "audit.bill";

    fn title(&self) -> String {
        "Lập bảng kê hằng ngày".to_owned() // not on screen: kept with the job
    }
}

/// The order to look for bulk look-ups in this hour and the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchLooks {
    /// When it was ordered.
    pub at: Moment,
}

impl Job for WatchLooks {
    const NAME: &'static str = "audit.watch";
    const TRIES: u32 = 2;

    fn title(&self) -> String {
        "Rà soát tra cứu hàng loạt".to_owned() // not on screen: kept with the job
    }
}

/// The order to verify everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyEvidence {
    /// Who wants to know.
    pub owner: Uuid,
}

impl Job for VerifyEvidence {
    const NAME: &'static str = "audit.verify";
    const TRIES: u32 = 2;

    fn title(&self) -> String {
        "Xác minh bằng chứng".to_owned() // not on screen: kept with the job
    }

    fn owner(&self) -> Option<Uuid> {
        Some(self.owner)
    }
}

/// The order to have a bill stamped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampBill {
    /// Its number.
    pub bill: i64,
}

impl Job for StampBill {
    const NAME: &'static str = "audit.stamp";

    fn title(&self) -> String {
        format!("Đóng dấu thời gian bảng kê số {}", self.bill) // not on screen: kept with the job
    }
}

struct Biller {
    files: Files,
    stamp: bool,
}

impl Work for Biller {
    type On = WriteBill;

    async fn work(&self, job: WriteBill, run: &JobRun) -> Result<String, Halt> {
        let last = run.db.read(async |tx: &Read<'_>| bills::last(tx).await).await?;
        if last.is_some_and(|l| l.at >= job.day_over) {
            return Ok("there is a bill of later already".into());
        }
        let order = Order::of_house(run.now(), self.stamp);
        let written = write_bill_by(&run.db, &self.files, &order, &|| run.now()).await;
        written.map(|n| n.to_string()).map_err(|e| Halt::Again(e.to_string()))
    }
}

struct Stamper(Authority);

impl Work for Stamper {
    type On = StampBill;

    async fn work(&self, job: StampBill, run: &JobRun) -> Result<String, Halt> {
        stamp_bill(&run.db, &self.0, &run.by, job.bill).await.map_err(|e| match e {
            NoStamp::Missing => Halt::Never(e.to_string()),
            other => Halt::Again(other.to_string()),
        })
    }
}

struct Watcher(Watch);

impl Work for Watcher {
    type On = WatchLooks;

    async fn work(&self, _: WatchLooks, run: &JobRun) -> Result<String, Halt> {
        watch(&run.db, run.now(), &self.0).await.map(|n| n.to_string()).map_err(|e| Halt::Again(e.to_string()))
    }
}

struct Verifier {
    files: Files,
    roots: Option<pki::Roots>,
}

/// Findings a page shows; the command tells them all.
const SHOWN: usize = 200;

impl Work for Verifier {
    type On = VerifyEvidence;

    async fn work(&self, _: VerifyEvidence, run: &JobRun) -> Result<String, Halt> {
        let mut verdict = verify(&run.db, &self.files, self.roots.as_ref()).await?;
        verdict.more |= verdict.findings.len() > SHOWN;
        verdict.findings.truncate(SHOWN);
        serde_json::to_string(&verdict).map_err(|e| Halt::Never(e.to_string()))
    }
}

/// Those who watch, write bills, verify them and have them stamped; the last only when there is an authority.
pub fn hands(settings: &Settings, files: &Files) -> Result<Vec<Arc<dyn store::Hand>>, BadAuthority> {
    let authority = Authority::of(settings)?;
    let mut hands = vec![
        store::hand(Watcher(settings.watch)),
        store::hand(Biller { files: files.clone(), stamp: authority.is_some() }),
        store::hand(Verifier { files: files.clone(), roots: roots(settings)? }),
    ];
    hands.extend(authority.map(|a| store::hand(Stamper(a))));
    Ok(hands)
}

/// How often bulk look-ups are looked for.
const WATCHING: SignedDuration = SignedDuration::from_mins(15);

/// Orders the bill of each day that is over, also of one on which no server ran, stamps that are still missing, and a look for bulk
/// look-ups; for as long as the house runs.
pub async fn keep_billing(db: Db, clock: Clock, stamps: bool) {
    let mut beat = tokio::time::interval(std::time::Duration::from_secs(60));
    loop {
        beat.tick().await;
        if let Err(error) = order_what_is_due(&db, clock.now(), stamps).await {
            tracing::warn!(%error, "the daily bill could not be ordered; the next round tries again");
        }
    }
}

/// One round: orders the bill when a day has ended since the last one; once a day the stamps of bills that have none; every quarter of an hour
/// in which somebody looked at something, a look for bulk look-ups.
pub async fn order_what_is_due(db: &Db, now: Moment, stamps: bool) -> Result<(), store::Error> {
    let midnight = Moment::from_local(now.date().at(0, 0, 0, 0));
    let (last, began, unstamped, bill_ordered, stamps_ordered, watched) = db
        .read(async move |tx: &Read<'_>| {
            let open = async |kind, since: Moment| {
                let jobs = store::jobs(tx, Some(kind), None, 20).await?;
                Ok::<_, store::Error>(jobs.iter().any(|j| j.created >= since || j.state == "waiting" || j.state == "running"))
            };
            let ago = now.plus(SignedDuration::from_hours(-24));
            let unstamped = if stamps { bills::unstamped(tx, 50).await? } else { vec![] };
            // a job of today that failed is not ordered again before tomorrow: `doctor` shows it
            let (bill, stamps) = (open(WriteBill::NAME, midnight).await?, open(StampBill::NAME, ago).await?);
            let lately = now.plus(-WATCHING);
            // nobody looked: nothing to watch
            let watched = !directory::looked_since(tx, lately).await? || open(WatchLooks::NAME, lately).await?;
            Ok::<_, store::Error>((bills::last(tx).await?, log_began(tx).await?, unstamped, bill, stamps, watched))
        })
        .await?;
    let bill_due = !bill_ordered && decide::bill_is_due(last.map(|l| l.at), began, now);
    let stamps_due = if stamps_ordered { vec![] } else { unstamped };
    if !bill_due && stamps_due.is_empty() && watched {
        return Ok(());
    }
    let by = By::system(now);
    db.write(async move |tx: &Write<'_>| {
        if !watched {
            enqueue(tx, &by, &WatchLooks { at: now }).await?;
        }
        if bill_due {
            enqueue(tx, &by, &WriteBill { day_over: midnight }).await?;
        }
        for bill in &stamps_due {
            enqueue(tx, &by, &StampBill { bill: *bill }).await?;
        }
        Ok(())
    })
    .await
}
