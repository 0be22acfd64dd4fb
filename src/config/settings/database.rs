//! `[database]`: where the orders are and what a statement may cost.

use oms_tools::orders::Limits;
use serde::Deserialize;

/// `[database]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `mysql://user:password@host:port/name`; none: the private database.
    pub url: Option<String>,
    /// The private database listens on this port of 127.0.0.1 besides its socket; none: on the socket only.
    pub port: Option<u16>,
    /// Seconds that one statement may take.
    pub seconds: f64,
    /// Rows that one statement may return.
    pub rows: usize,
    /// Bytes that one statement may return.
    pub bytes: usize,
    /// Personal columns that answers may show: `["customers.email"]`.
    pub show: Vec<String>,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            url: None,
            port: None,
            seconds: limits.time.as_secs_f64(),
            rows: limits.rows,
            bytes: limits.bytes,
            show: Vec::new(),
        }
    }
}
