//! What the province chooses; `[audit]` in the configuration file.
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::decide::Watch;

/// How bills are stamped, and from when looking is too much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address of the time-stamping authority, `https://` or `http://`; empty: bills stay without a stamp.
    pub tsa: String,
    /// PEM file with the roots the authority's certificate must come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roots: Option<PathBuf>,
    /// Policy to ask for, an OID in dots; empty: the authority's usual one.
    pub policy: String,
    /// When looking becomes harvesting.
    pub watch: Watch,
    /// PEM file with the authority of the TLS line, when it is not one of the machine's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}
