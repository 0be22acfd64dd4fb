//! `[changes]`: where change sets, approvals and the record are kept.

use std::path::PathBuf;

use serde::Deserialize;

/// `[changes]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangesSettings {
    /// A folder that a team shares, so that one person can approve what another proposed; none: the private state folder.
    pub folder: Option<PathBuf>,
}
