//! `[pipeline]`: where its parts are, and from when on something is said of them.

use std::path::PathBuf;

use oms_tools::pipeline::Part;
use serde::Deserialize;

/// `[pipeline]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineSettings {
    /// The Compose project of a stack on this machine: its containers tell states, restarts and addresses.
    pub stack: Option<String>,
    /// The socket of its Docker engine.
    pub engine: PathBuf,
    /// The shop's address.
    pub shop: Option<String>,
    /// The shop's certificate, where no authority has signed it: a PEM file.
    pub certificate: Option<PathBuf>,
    /// The web servers.
    pub web: Vec<String>,
    /// The intake.
    pub intake: Option<String>,
    /// The processors' monitors.
    pub processors: Vec<String>,
    /// Paths whose disks must not be full; none: the one with our data.
    pub disks: Vec<PathBuf>,
    /// Parts that this pipeline does not have.
    pub without: Vec<Part>,
    /// Seconds that all parts together may take to answer.
    pub seconds: f64,
    /// From how many seconds of lag on the pipeline is behind.
    pub lag_seconds: u32,
    /// The length of Capture's window in seconds.
    pub capture_seconds: u32,
    /// From how many percent on a disk is full.
    pub disk_percent: u8,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            stack: None,
            engine: PathBuf::from("/var/run/docker.sock"),
            shop: None,
            certificate: None,
            web: Vec::new(),
            intake: None,
            processors: Vec::new(),
            disks: Vec::new(),
            without: Vec::new(),
            seconds: 1.5,
            lag_seconds: 60,
            capture_seconds: 300,
            disk_percent: 90,
        }
    }
}

impl PipelineSettings {
    /// What is wrong with a figure; `None`: nothing.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        if !(self.seconds.is_finite() && self.seconds >= 0.1 && self.seconds <= 60.0) {
            Some(("seconds", "must be at least 0.1 and at most 60"))
        } else if self.lag_seconds == 0 {
            Some(("lag_seconds", "must be at least 1"))
        } else if self.capture_seconds == 0 {
            Some(("capture_seconds", "must be at least 1"))
        } else if !(1..=100).contains(&self.disk_percent) {
            Some(("disk_percent", "must be from 1 to 100"))
        } else {
            None
        }
    }
}
