//! Who calls a tool, and from when.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// The person or program on whose behalf a call is made; set by the front end, never by an argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The name, for the record: the operating-system user at a terminal.
    pub name: String,
}

/// What every call carries besides its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallScope {
    /// On whose behalf.
    pub principal: Principal,
    /// The question's "now" in UTC: `--as-of`, else `dataset_info.as_of`, else the clock.
    pub now: NaiveDateTime,
}
