//! `[archive]`: where captured events are.

use serde::Deserialize;

/// `[archive]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveSettings {
    /// A folder, or a container's URL, with a SAS token or, by Entra ID, without; none: the archive is not looked at.
    pub source: Option<String>,
}
