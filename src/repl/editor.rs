//! The line editor, on a thread of its own because it blocks; it waits for each answer before it prompts again.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc as threads;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Context, Helper};
use tokio::sync::mpsc;

use super::completion::{Completion, goes_on};
use super::{Input, ReplOptions};

const PROMPT: &str = "oms> ";
/// Lines of history that are kept.
const HISTORY: usize = 2_000;

/// The editor's near end.
pub(super) struct Editor {
    ask: threads::Sender<()>,
    answers: mpsc::UnboundedReceiver<io::Result<Input>>,
}

impl Editor {
    /// Starts the thread. Fails where there is no terminal.
    pub(super) fn start(completion: Completion, options: &ReplOptions) -> io::Result<Self> {
        let colour = if options.surface.colour { ColorMode::Enabled } else { ColorMode::Disabled };
        let config = Config::builder()
            .max_history_size(HISTORY)
            .map_err(failed)?
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .color_mode(colour)
            .build();
        let past = FileHistory::with_config(&config);
        let mut editor: rustyline::Editor<Assistance, FileHistory> =
            rustyline::Editor::with_history(config, past).map_err(failed)?;
        editor.set_helper(Some(Assistance {
            completion,
            files: FilenameCompleter::new(),
            colour: options.surface.colour,
        }));
        let history = options.history_file.clone();
        if let Some(file) = &history {
            // No history yet is not a failure, and an unreadable one must not keep anyone from asking.
            if let Err(error) = editor.load_history(file) {
                tracing::debug!(%error, "no history was read");
            }
        }
        let longest = options.longest_question;
        let (ask, asked) = threads::channel();
        let (answer, answers) = mpsc::unbounded_channel();
        std::thread::Builder::new().name("line-editor".to_owned()).spawn(move || {
            while asked.recv().is_ok() {
                let input = read(&mut editor, longest, history.as_ref());
                if answer.send(input).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { ask, answers })
    }

    /// Prompts and waits for what is typed.
    pub(super) async fn next(&mut self) -> io::Result<Input> {
        if self.ask.send(()).is_err() {
            return Ok(Input::End);
        }
        self.answers.recv().await.unwrap_or(Ok(Input::End))
    }
}

fn read(
    editor: &mut rustyline::Editor<Assistance, FileHistory>,
    longest: usize,
    history: Option<&PathBuf>,
) -> io::Result<Input> {
    match editor.readline(PROMPT) {
        Ok(line) if line.len() > longest => Ok(Input::TooLong(line.len())),
        Ok(line) => {
            remember(editor, &line, history);
            Ok(Input::Line(line.replace("\\\n", "\n")))
        }
        Err(ReadlineError::Interrupted) => Ok(Input::Interrupted),
        Err(ReadlineError::Eof) => Ok(Input::End),
        Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => Ok(Input::NotText),
        Err(error) => Err(failed(error)),
    }
}

fn remember(editor: &mut rustyline::Editor<Assistance, FileHistory>, line: &str, history: Option<&PathBuf>) {
    if line.trim().is_empty() {
        return;
    }
    let added = editor.add_history_entry(line).unwrap_or(false);
    let Some(file) = history.filter(|_| added) else { return };
    if let Some(folder) = file.parent() {
        // A folder that cannot be made is told by the next line's failure.
        let _ = std::fs::create_dir_all(folder);
    }
    if let Err(error) = editor.append_history(file) {
        tracing::debug!(%error, "the history was not written");
    }
}

fn failed(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(format!("cannot edit lines: {other}")),
    }
}

/// What the editor asks while a line is typed.
struct Assistance {
    completion: Completion,
    files: FilenameCompleter,
    colour: bool,
}

impl Helper for Assistance {}

impl Completer for Assistance {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if line.starts_with("/csv ") {
            return self.files.complete_path(line, pos);
        }
        let (start, found) = self.completion.candidates(line, pos);
        Ok((start, found.into_iter().map(|phrase| Pair { display: phrase.clone(), replacement: phrase }).collect()))
    }
}

impl Hinter for Assistance {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        self.completion.hint(line, pos)
    }
}

impl Highlighter for Assistance {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colour { Cow::Owned(format!("\x1b[1m{prompt}\x1b[0m")) } else { Cow::Borrowed(prompt) }
    }
}

impl Validator for Assistance {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if goes_on(context.input()) { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}
