//! Has an outside authority say when a bill was there (RFC 3161).
use pki::{
    Roots,
    tsp::{self, Request},
};
use store::{By, Db, Loaded, Read, Write, append};

use crate::{
    AuditEvent, Settings, Sum,
    event::bill_stream,
    sql::bills,
    stamp_fault::StampFault,
    wire::{Line, Unanswered},
};

/// An authority, and how to reach it.
#[derive(Clone, Debug)]
pub struct Authority {
    line: Line,
    roots: Roots,
    policy: String,
}

/// Settings that do not lead to an authority.
#[derive(Debug, thiserror::Error)]
pub enum BadAuthority {
    /// The address, or the authorities of its TLS line.
    #[error("audit.tsa: {0}")]
    Line(#[from] Unanswered),
    /// An address without roots: its stamps could not be judged.
    #[error("audit.roots: {0}")]
    Roots(String),
    /// The policy is no OID.
    #[error("audit.policy: {0} is no OID in dots")]
    Policy(String),
}

impl Authority {
    /// Reads the settings; `None` when they name no authority.
    pub fn of(settings: &Settings) -> Result<Option<Authority>, BadAuthority> {
        if settings.tsa.is_empty() {
            return Ok(None);
        }
        let line = Line::new(&settings.tsa, settings.ca_file.as_deref())?;
        let roots = roots(settings)?.ok_or_else(|| BadAuthority::Roots("not set".into()))?;
        let policy = settings.policy.clone();
        if !policy.is_empty() && Request::new([0; 32], 0).under(&policy).is_none() {
            return Err(BadAuthority::Policy(policy));
        }
        Ok(Some(Authority { line, roots, policy }))
    }
}

/// The roots of the settings, for judging stamps.
pub fn roots(settings: &Settings) -> Result<Option<Roots>, BadAuthority> {
    let Some(file) = &settings.roots else { return Ok(None) };
    let wrong = |e: &dyn std::fmt::Display| BadAuthority::Roots(format!("{}: {e}", file.display()));
    let pem = std::fs::read(file).map_err(|e| wrong(&e))?;
    Roots::from_pem(&pem).map(Some).map_err(|e| wrong(&e))
}

/// Why there is no stamp yet.
#[derive(Debug, thiserror::Error)]
pub enum NoStamp {
    /// There is no such bill.
    #[error("there is no such bill")]
    Missing,
    /// The authority cannot be reached.
    #[error("the authority does not answer: {0}")]
    Unanswered(#[from] Unanswered),
    /// What it answered is no stamp of this bill.
    #[error("the answer is no stamp of this bill: {0}")]
    Wrong(#[from] tsp::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl NoStamp {
    /// As it is kept with the bill.
    fn kept(&self) -> String {
        match self {
            NoStamp::Unanswered(why) => StampFault::Unanswered.kept(why),
            NoStamp::Wrong(why) => StampFault::of(why).kept(why),
            NoStamp::Missing | NoStamp::Store(_) => StampFault::Unclear.kept(self),
        }
    }
}

/// Has a bill stamped and keeps the token; a bill that has one keeps it.
pub async fn stamp_bill(db: &Db, authority: &Authority, by: &By, number: i64) -> Result<String, NoStamp> {
    let row = db.read(async move |tx: &Read<'_>| bills::bill(tx, number).await).await?.ok_or(NoStamp::Missing)?;
    if row.token.is_some() {
        return Ok("there is a stamp already".into());
    }
    match ask(authority, by, &Sum::of(&row.body)).await {
        Ok((token, stamp)) => {
            let (by, at) = (*by, stamp.at);
            db.write(async move |tx: &Write<'_>| {
                if bills::stamp(tx, number, &token, at).await? {
                    let event = AuditEvent::BillStamped { bill: number, token: Sum::of(&token), stamped_at: at };
                    append(tx, &by, Loaded::at::<AuditEvent>(bill_stream(number), 1), &[event]).await?;
                }
                Ok::<_, store::Error>(())
            })
            .await?;
            Ok(format!("{} {}", stamp.serial, stamp.authority))
        }
        Err(why) => {
            let said = why.kept();
            db.write(async move |tx: &Write<'_>| bills::not_stamped(tx, number, &said).await).await?;
            Err(why)
        }
    }
}

async fn ask(authority: &Authority, by: &By, sum: &Sum) -> Result<(Vec<u8>, tsp::Stamp), NoStamp> {
    let mut nonce = [0; 8];
    nonce.copy_from_slice(&by.seed.bytes("nonce", 0)[..8]);
    let request = Request::new(sum.0, u64::from_be_bytes(nonce));
    let request = request.clone().under(&authority.policy).unwrap_or(request);
    let answer = authority.line.post(tsp::QUERY, request.to_der()?, tsp::LIMIT).await?;
    Ok(request.accept(&answer, &authority.roots)?)
}
