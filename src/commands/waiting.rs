//! What is shown on stderr while the private database is made ready.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use oms_seed::{Phase, Progress, SeedSummary};

use crate::config::Config;
use crate::database::Seeding;

/// A progress bar at a terminal, single lines elsewhere, nothing with `--quiet`.
pub(super) struct Waiting {
    quiet: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Waiting {
    pub(super) fn of(config: &Config) -> Self {
        Self { quiet: config.given.quiet, bar: Mutex::new(None) }
    }

    fn end(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl Seeding for Waiting {
    fn said(&self, what: &str) {
        if !self.quiet {
            writeln!(io::stderr(), "{what}").ok();
        }
    }

    fn progress(&self, progress: Progress) {
        if self.quiet || !io::stderr().is_terminal() {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
            if let Ok(style) = ProgressStyle::with_template("{msg:12} {bar:40} {human_pos} of {human_len}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(match progress.phase {
            Phase::Schema => "tables",
            Phase::Loading => "orders",
            Phase::Indexes => "indexes",
            Phase::Finishing => "finishing",
        });
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }

    fn done(&self, summary: &SeedSummary) {
        self.end();
        if !self.quiet {
            let (orders, rows) = (summary.rows_of("orders"), summary.rows);
            writeln!(io::stderr(), "seeded {} orders, {} rows in all", HumanCount(orders), HumanCount(rows)).ok();
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.end();
    }
}
