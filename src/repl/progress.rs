//! Says on stderr that a turn takes its time, and how long it has.

use std::time::Duration;

use crate::reply::clean;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A turn that is answered sooner shows no sign of work.
pub(super) const DELAY: Duration = Duration::from_millis(300);

/// The sign of work; dropping it takes it off the screen.
pub(super) struct Working(ProgressBar);

impl Working {
    /// Shows it, where stderr is a terminal.
    pub(super) fn show() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_elapsed(DELAY);
        if let Ok(style) = ProgressStyle::with_template("{spinner} working… {elapsed} (Ctrl-C cancels)") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Shows a line above it.
    pub(super) fn tell(&self, line: &str) {
        self.0.println(clean::one_line(line));
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
