//! Whether a language model may propose changes: it is examined once, on cases that are data, and its verdict is kept by the
//! model, what it is told and the cases. The rules need no licence: what they propose they were written to.
//!
//! Nothing here asks a model: `agent/exam.rs` does. A verdict is read anew for every turn, so that an examination in another
//! terminal counts at once.

mod cases;
mod progress;
mod score;
mod verdict;

pub use cases::{Answers, Case, Kind, cases};
pub use progress::Progress;
pub use score::{Called, judge};
pub use verdict::{Scores, Subject, Verdict};

use oms_tools::Failure;

use crate::config::Config;

/// Why a model may not propose changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The model, as `--brain` writes it.
    pub brain: String,
    /// Why: `it has not been examined`.
    pub cause: String,
}

impl Withheld {
    /// The refusal of a call that the model made all the same.
    pub fn refusal(&self, tool: &str) -> Failure {
        Failure::refused(format!("refused to call `{tool}`: {}", self.said())).hint(self.hint())
    }

    /// One sentence without its end: who may not propose, and why.
    pub fn said(&self) -> String {
        format!("the model `{}` may not propose changes: {}", self.brain, self.cause)
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        format!(
            "`oms doctor --brain {}` examines it; the rules propose what they understand: `--brain rules`",
            self.brain
        )
    }
}

/// Whether this model may propose changes. A verdict decides; without one, the setting `model.unexamined` does.
pub fn of(config: &Config, subject: &Subject) -> Result<(), Withheld> {
    let withheld = |cause: String| Err(Withheld { brain: subject.brain.clone(), cause });
    let pass = config.settings.model.pass;
    match Verdict::read(config, subject) {
        Some(verdict) => match verdict.weakest() {
            Some((kind, _)) if verdict.unasked(kind) => withheld(format!(
                "it was examined, but of the kind `{kind}` no case could be asked with the tools in `model.tools`"
            )),
            Some((kind, share)) if share < pass => withheld(format!(
                "it was examined, and of the cases `{kind}` it passed {:.0} %, where {:.0} % are needed",
                share * 100.0,
                pass * 100.0
            )),
            Some(_) => Ok(()),
            None => withheld("its examination is empty".to_owned()),
        },
        None if config.settings.model.unexamined => Ok(()),
        None => withheld("it has not been examined as it is told and asked now".to_owned()),
    }
}
