//! What is shown on stderr while the private database is made ready.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use oms_seed::{Phase, Progress, SeedSummary};
use oms_tools::change::ProgressTold;
use tokio::sync::mpsc;

use crate::agent::Stopper;
use crate::config::Config;
use crate::database::Seeding;
use crate::repl::Happenings;
use crate::reply::clean;

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

/// Where a change's progress goes, and the lines that it becomes.
pub(super) fn happenings() -> (ProgressTold, Happenings) {
    let (sender, receiver) = mpsc::unbounded_channel();
    // Nobody listens any more where the conversation is over.
    let progress: ProgressTold = Arc::new(move |progress: &oms_tools::change::Progress| {
        sender.send(progress.line()).ok();
    });
    (progress, receiver)
}

/// A change's progress as lines on stderr; nothing with `--quiet`.
pub(super) fn on_stderr(config: &Config) -> ProgressTold {
    let quiet = config.given.quiet;
    Arc::new(move |progress: &oms_tools::change::Progress| {
        if !quiet {
            writeln!(io::stderr(), "{}", clean::one_line(&progress.line())).ok();
        }
    })
}

/// What it waits for, unless Ctrl-C ends it. Where a change is being applied, the first Ctrl-C tells its step to end, and what
/// was waited for says what was done.
pub(super) async fn unless_interrupted<T>(stopper: &Stopper, work: impl Future<Output = T>) -> Option<T> {
    until_stopped(|| stopper.stop(), work).await
}

/// The same, asking whether a Ctrl-C is a word to what runs; one that is not ends the waiting.
pub(super) async fn until_stopped<T>(stop: impl Fn() -> bool, work: impl Future<Output = T>) -> Option<T> {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Some(done),
            _ = tokio::signal::ctrl_c() => {
                if !stop() {
                    return None;
                }
            }
        }
    }
}
