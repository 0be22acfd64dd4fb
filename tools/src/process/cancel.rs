//! Who looks on while a program runs: a callback for its lines, and the word that ends it.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

/// A word that ends what it was given to. Clones are the same word.
#[derive(Clone, Debug)]
pub struct Cancel(watch::Sender<bool>);

impl Default for Cancel {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Cancel {
    /// Says it.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was said.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.subscribe();
        // The sender is `self`, so it is not gone while this waits.
        receiver.wait_for(|said| *said).await.ok();
    }
}

/// Which of the two streams a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
}

/// One line of a running program: secrets hidden, cut where it is very long, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where it came from.
    pub stream: Stream,
    /// What it says.
    pub text: &'a str,
}

/// What is told each line.
pub type Lines = Arc<dyn Fn(&Line<'_>) + Send + Sync>;

/// What looks on while a program runs.
#[derive(Clone, Default)]
pub struct Watch {
    /// Ends it.
    pub cancel: Cancel,
    /// Told each line.
    pub lines: Option<Lines>,
}

impl Watch {
    /// A watch that tells each line to a function.
    pub fn telling(lines: impl Fn(&Line<'_>) + Send + Sync + 'static) -> Self {
        Self { cancel: Cancel::default(), lines: Some(Arc::new(lines)) }
    }

    pub(super) fn tell(&self, stream: Stream, text: &str) {
        if let Some(lines) = &self.lines {
            lines(&Line { stream, text });
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("cancel", &self.cancel).field("lines", &self.lines.is_some()).finish()
    }
}
