//! What happens to the evidence itself: bills and stamps stand in the log like everything else, so that none can be taken away unseen.
use base::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Sum;

/// Events of this system. Each kind and version has a frozen sample in `tests/samples/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditEvent {
    /// A bill was written.
    BillWritten {
        /// Its number.
        bill: i64,
        /// SHA-256 of its text.
        sha256: Sum,
        /// The last place it covers.
        until: i64,
    },
    /// An outside authority stamped it.
    BillStamped {
        /// Its number.
        bill: i64,
        /// SHA-256 of the token.
        token: Sum,
        /// The time in the stamp.
        stamped_at: Moment,
    },
    /// An officer looked at far more than usual within an hour.
    AlarmRaised {
        /// Who.
        officer: Uuid,
        /// The hour's first instant.
        hour: Moment,
        /// Different things.
        looks: i64,
        /// What the officer's busiest hours usually bring.
        usual: i64,
    },
    /// Somebody in charge looked into it; the reason stays in its row.
    AlarmClosed {},
    /// A citizen complained about a look; the words stay in their row.
    Complained {
        /// The look.
        look: Uuid,
    },
    /// The complaint was answered.
    ComplaintAnswered {},
    /// An auditor drew a sample.
    SampleDrawn {
        /// From how many.
        population: i64,
        /// SHA-256 over them.
        population_sum: Sum,
        /// SHA-256 over what was drawn.
        drawn_sum: Sum,
    },
}

impl store::Event for AuditEvent {
    const SYSTEM: &'static str = "audit";
    store::kinds! {
        BillWritten => "bill_written",
        BillStamped => "bill_stamped",
        AlarmRaised => "alarm_raised",
        AlarmClosed => "alarm_closed",
        Complained => "complained",
        ComplaintAnswered => "complaint_answered",
        SampleDrawn => "sample_drawn",
    }
}

/// The stream of a bill, computed from its number: a bill that was taken away is still asked for.
pub fn bill_stream(number: i64) -> Uuid {
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::new().chain_update("motcua bill").chain_update(number.to_be_bytes()).finalize()[..16]);
    uuid::Builder::from_custom_bytes(id).into_uuid()
}
