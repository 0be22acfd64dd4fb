//! The conversation at a terminal, and the same through a pipe.
//!
//! It knows lines, keys and colours, and nothing of brains, tools or databases: a turn is one call of [`Converse`].
//! Answers go to stdout, everything else to stderr.

pub mod commands;
mod completion;
mod editor;
mod lines;
mod progress;
mod session;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use futures::future::BoxFuture;
use oms_tools::Effect;
use oms_tools::orders::semantic::Catalog;
use oms_tools::orders::values::KnownValues;
use tokio::sync::mpsc;

use crate::agent::Stopper;
use crate::brain::Spending;
use crate::reply::Reply;
use crate::reply::surface::Surface;
use crate::reply::vocabulary::Vocabulary;
use completion::Completion;
use editor::Editor;
use lines::Lines;
use session::Session;

/// Bytes of one question that are read at most.
pub const LONGEST_QUESTION: usize = 16 * 1024;

/// A conversation that answers one turn after another.
pub trait Converse: Send {
    /// Answers one utterance. Dropping the future cancels the turn; the conversation stays usable and does not remember
    /// the cancelled turn.
    fn turn<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, Reply>;

    /// What stops a change that a turn applies; a turn that applies nothing is stopped by dropping it.
    fn stopper(&self) -> Stopper {
        Stopper::default()
    }

    /// Forgets what was said.
    fn reset(&mut self);

    /// The tools that a turn may use.
    fn tools(&self) -> Vec<ToolInfo>;

    /// The questions and answers so far, oldest first.
    fn history(&self) -> Vec<(String, String)>;

    /// What language models cost: in the last turn, and in all.
    fn spending(&self) -> (Spending, Spending);
}

/// One tool, for `/tools`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolInfo {
    /// The name.
    pub name: String,
    /// What it does to the world.
    pub effect: Effect,
    /// What it is for.
    pub description: String,
}

/// The commands of the conversation, in the order in which `/help` shows them.
pub fn commands() -> &'static [commands::Command] {
    commands::ALL
}

/// How the conversation is held.
#[derive(Clone, Debug)]
pub struct ReplOptions {
    /// Where the lines that were typed are kept; none: nowhere.
    pub history_file: Option<PathBuf>,
    /// Said at the beginning, at a terminal: the data's range and what can be asked.
    pub greeting: Option<String>,
    /// What replies are drawn on.
    pub surface: Surface,
    /// True where stdin and stdout are a terminal: lines are edited, and Ctrl-C cancels a turn. False: lines are read,
    /// answered and not decorated.
    pub interactive: bool,
    /// Bytes of one question that are read at most; [`LONGEST_QUESTION`].
    pub longest_question: usize,
}

/// What happens while a turn applies something, line by line; each is shown on stderr.
pub type Happenings = mpsc::UnboundedReceiver<String>;

/// What came from the person.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Input {
    /// A line, or several that belong together.
    Line(String),
    /// A line that is longer than what is read; its length in bytes.
    TooLong(usize),
    /// A line that is not UTF-8.
    NotText,
    /// Ctrl-C at the prompt.
    Interrupted,
    /// Ctrl-D, or the end of a pipe.
    End,
}

/// Where lines come from.
enum Source<R> {
    Keys(Editor),
    Pipe(Lines<R>),
}

impl<R: tokio::io::AsyncBufRead + Unpin> Source<R> {
    async fn next(&mut self) -> io::Result<Input> {
        match self {
            Self::Keys(editor) => editor.next().await,
            Self::Pipe(lines) => lines.next().await,
        }
    }
}

/// Holds the conversation until the person leaves or the input ends.
///
/// Fails where stdin cannot be read or stdout cannot be written.
pub async fn run(
    conversation: Box<dyn Converse>,
    catalog: Arc<Catalog>,
    values: Arc<KnownValues>,
    options: ReplOptions,
    happenings: Happenings,
) -> io::Result<()> {
    let vocabulary = Vocabulary::new(catalog.clone(), &values);
    let interactive = options.interactive;
    let mut out = io::stdout();
    let mut err = io::stderr();
    let session = Session::new(conversation, vocabulary, options.surface, interactive).hearing(happenings);
    if interactive {
        if let Some(greeting) = &options.greeting {
            writeln!(out, "{greeting}\n{}\n", options.surface.faint("/help lists the commands; Ctrl-D leaves"))?;
        }
        let completion = Completion::new(&catalog, &values);
        let editor = Editor::start(completion, &options)?;
        let interrupts = interrupts()?;
        let source: Source<tokio::io::Empty> = Source::Keys(editor);
        converse(session, source, Some(interrupts), options.longest_question, &mut out, &mut err).await
    } else {
        let stdin = tokio::io::BufReader::new(tokio::io::stdin());
        let source = Source::Pipe(Lines::new(stdin, options.longest_question));
        converse(session, source, None, options.longest_question, &mut out, &mut err).await
    }
}

/// Ctrl-C while a turn runs: the editor has given the terminal back by then, and the key is a signal.
fn interrupts() -> io::Result<mpsc::UnboundedReceiver<()>> {
    let mut signals = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move { while signals.recv().await.is_some() && sender.send(()).is_ok() {} });
    Ok(receiver)
}

/// The loop: one input, one answer.
async fn converse<R: tokio::io::AsyncBufRead + Unpin>(
    mut session: Session,
    mut source: Source<R>,
    mut interrupts: Option<mpsc::UnboundedReceiver<()>>,
    longest: usize,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
) -> io::Result<()> {
    loop {
        match source.next().await? {
            Input::End => return Ok(()),
            Input::Interrupted => writeln!(err, "Ctrl-D or /quit leaves")?,
            Input::TooLong(bytes) => {
                writeln!(err, "cannot read this question: it has {bytes} bytes, and at most {longest} are read")?;
            }
            Input::NotText => writeln!(err, "cannot read this line: it is not UTF-8 text")?,
            Input::Line(line) => {
                if session.take(&line, interrupts.as_mut(), out, err).await? == session::Next::Leave {
                    return Ok(());
                }
            }
        }
        out.flush()?;
    }
}
