//! `oms draw`, which only `oms bridge` starts: charts from standard input as PNG on standard output, a line each.

use std::io;

use super::Status;
use crate::bridge;

/// Reads no settings and keeps no record: it draws what it is given.
pub(super) fn run() -> Status {
    // Either end may be gone: whoever asked is not there any more.
    bridge::draw_lines(io::stdin().lock(), io::stdout().lock()).ok();
    0
}
