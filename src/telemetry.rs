//! Spans and events of turns, brain calls, tool calls and SQL: to stderr with `-v`, and as JSON lines to a file.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::database::private_folder;

/// Bytes of the log file before it becomes `oms.log.1` and a new one is begun.
const LARGEST: u64 = 16 << 20;

/// How much of what happens is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verbosity(pub u8);

/// Begins to record. A log file that cannot be written is done without: it must not stop an answer.
pub fn begin(state: &Path, verbosity: Verbosity) {
    let own = |level: LevelFilter| {
        Targets::new().with_target("oms", level).with_target("oms_tools", level).with_target("oms_seed", level)
    };
    let file = open(state).map(|file| {
        fmt::layer()
            .json()
            .with_span_events(FmtSpan::CLOSE)
            .with_current_span(true)
            .with_span_list(true)
            .with_writer(Mutex::new(file))
            .with_filter(own(LevelFilter::INFO))
    });
    let level = match verbosity.0 {
        0 => None,
        1 => Some(LevelFilter::INFO),
        _ => Some(LevelFilter::DEBUG),
    };
    let screen = level.map(|level| {
        fmt::layer()
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .with_target(false)
            .with_writer(std::io::stderr)
            .with_filter(own(level))
    });
    tracing_subscriber::registry().with(file).with(screen).try_init().ok();
}

fn open(state: &Path) -> Option<File> {
    private_folder(state).ok()?;
    let path = state.join("oms.log");
    if fs::metadata(&path).is_ok_and(|found| found.len() > LARGEST) {
        fs::rename(&path, state.join("oms.log.1")).ok();
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(&path).ok()
}
