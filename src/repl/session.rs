//! One conversation's state at the front end: the last reply, and what it is drawn on.

use std::io::{self, Write};

use oms_tools::Failure;
use tokio::sync::mpsc;

use super::commands::{self, Done};
use super::progress::{DELAY, Working};
use super::{Converse, Happenings, ToolInfo};
use crate::brain::Spending;
use crate::reply::surface::Surface;
use crate::reply::vocabulary::Vocabulary;
use crate::reply::{Reply, clean, terminal};

/// What the loop does after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    Leave,
}

/// What the commands work on.
pub(super) struct Session {
    conversation: Box<dyn Converse>,
    vocabulary: Vocabulary,
    surface: Surface,
    interactive: bool,
    last: Option<Reply>,
    happenings: Option<Happenings>,
}

impl Session {
    pub(super) fn new(
        conversation: Box<dyn Converse>,
        vocabulary: Vocabulary,
        surface: Surface,
        interactive: bool,
    ) -> Self {
        Self { conversation, vocabulary, surface, interactive, last: None, happenings: None }
    }

    /// Shows what happens while a turn applies something.
    pub(super) fn hearing(mut self, happenings: Happenings) -> Self {
        self.happenings = Some(happenings);
        self
    }

    /// Takes a line: a command is run, anything else is one turn.
    pub(super) async fn take(
        &mut self,
        line: &str,
        interrupts: Option<&mut mpsc::UnboundedReceiver<()>>,
        out: &mut (dyn Write + Send),
        err: &mut (dyn Write + Send),
    ) -> io::Result<Next> {
        self.measure();
        let text = clean::typed(line);
        if text.is_empty() {
            return Ok(Next::Continue);
        }
        if let Some((name, argument)) = commands::parse(&text) {
            match commands::run(self, name, argument) {
                Ok(Done::Leave) => return Ok(Next::Leave),
                Ok(Done::Shown(shown)) => writeln!(out, "{shown}\n")?,
                Err(failure) => writeln!(err, "{}\n", self.failure(&failure))?,
            }
            return Ok(Next::Continue);
        }
        match self.turn(&text, interrupts, err).await? {
            Some(reply) => {
                writeln!(out, "{}\n", terminal::render(&reply, &self.vocabulary, &self.surface))?;
                self.last = Some(reply);
            }
            None => writeln!(err, "cancelled\n")?,
        }
        Ok(Next::Continue)
    }

    /// One turn; `None` where Ctrl-C cancelled it.
    ///
    /// Where a change is being applied, the first Ctrl-C tells its step to end, and the reply says what was done.
    async fn turn(
        &mut self,
        text: &str,
        interrupts: Option<&mut mpsc::UnboundedReceiver<()>>,
        err: &mut (dyn Write + Send),
    ) -> io::Result<Option<Reply>> {
        let stopper = self.conversation.stopper();
        let happenings = &mut self.happenings;
        let mut turn = self.conversation.turn(text);
        let Some(interrupts) = interrupts else { return Ok(Some(turn.await)) };
        // A Ctrl-C that came before this turn was meant for something else.
        while interrupts.try_recv().is_ok() {}
        let delay = tokio::time::sleep(DELAY);
        tokio::pin!(delay);
        let mut working = None;
        loop {
            tokio::select! {
                biased;
                Some(()) = interrupts.recv() => {
                    if !stopper.stop() {
                        return Ok(None);
                    }
                }
                Some(line) = heard(happenings) => match &working {
                    Some(working) => Working::tell(working, &line),
                    None => writeln!(err, "{line}")?,
                },
                reply = &mut turn => return Ok(Some(reply)),
                () = &mut delay, if working.is_none() => working = Some(Working::show()),
            }
        }
    }

    /// A terminal can have been resized since the last reply.
    fn measure(&mut self) {
        if self.interactive
            && self.surface.terminal
            && let Some((width, _)) = terminal_size::terminal_size()
        {
            self.surface = Surface { width: usize::from(width.0).max(20), ..self.surface };
        }
    }

    fn failure(&self, failure: &Failure) -> String {
        let mut lines = vec![self.surface.alarm(&terminal::text(&failure.message, &self.surface))];
        for hint in &failure.hints {
            lines.push(self.surface.faint(&terminal::text(&format!("hint: {hint}"), &self.surface)));
        }
        lines.join("\n")
    }

    /// The last reply of this conversation.
    pub(super) fn last(&self) -> Result<&Reply, Failure> {
        self.last.as_ref().ok_or_else(|| Failure::invalid("there is no answer yet").hint("ask a question first"))
    }

    /// The rows behind the last reply.
    pub(super) fn report(&self) -> Result<&oms_tools::orders::OrdersReport, Failure> {
        self.last()?
            .report
            .as_ref()
            .ok_or_else(|| Failure::invalid("the last answer has no rows").hint("ask for figures or rows first"))
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub(super) fn surface(&self) -> &Surface {
        &self.surface
    }

    pub(super) fn tools(&self) -> Vec<ToolInfo> {
        self.conversation.tools()
    }

    pub(super) fn history(&self) -> Vec<(String, String)> {
        self.conversation.history()
    }

    pub(super) fn spending(&self) -> (Spending, Spending) {
        self.conversation.spending()
    }

    pub(super) fn forget(&mut self) {
        self.conversation.reset();
        self.last = None;
    }
}

/// The next thing that happens; never, where nothing is told.
async fn heard(happenings: &mut Option<Happenings>) -> Option<String> {
    match happenings {
        Some(happenings) => happenings.recv().await,
        None => std::future::pending().await,
    }
}
