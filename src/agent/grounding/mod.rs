//! Whether a language model's sentence may be shown: only where every figure, date and name in it stands in the turn's
//! results, or follows from them by sum, difference, ratio, percentage or rounding.
//!
//! The words are a closed list. A sentence is read as a claim about rows: which figure belongs to which name, which column
//! and which range of time. What cannot be read so is not shown, true or not: the computed sentence stands in its place, and
//! a wrong claim costs more than a plain sentence. Nothing here changes a sentence.

mod claims;
mod figures;
mod judge;
mod lexer;
mod result;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use chrono::NaiveDateTime;
use oms_tools::orders::OrdersReport;

use crate::reply::vocabulary::Vocabulary;

/// Characters of a sentence that is read at all.
const LONGEST: usize = 1200;

/// Why a sentence is not shown. It repeats nothing of the sentence: what was not found must not be said in the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ungrounded {
    /// A figure that does not follow from the result, or belongs to another name or column.
    Figure,
    /// A date or range that is not the result's.
    Time,
    /// A name that is not in the result, or whose rows were left out of it.
    Name,
    /// A word whose claim cannot be checked.
    Word,
    /// A comparison that the result does not bear out.
    Comparison,
    /// It says that there is nothing, or hides it.
    Emptiness,
    /// It says nothing that the result says.
    Nothing,
    /// A result of a kind whose sentences are always computed.
    Kind,
}

impl fmt::Display for Ungrounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Figure => "a figure in it does not follow from the result",
            Self::Time => "a date in it is not the result's",
            Self::Name => "a name in it does not belong to the result",
            Self::Word => "a word in it cannot be checked against the result",
            Self::Comparison => "a comparison in it does not follow from the result",
            Self::Emptiness => "whether there is anything is told otherwise by the result",
            Self::Nothing => "it says nothing of the result",
            Self::Kind => "a result of this kind is told by its own sentence",
        })
    }
}

/// Judges a sentence by the turn's results, the last one being the one that is shown.
///
/// With several results each part of the sentence must be grounded in one of them, and must say in which.
pub(super) fn judge(
    text: &str,
    reports: &[&OrdersReport],
    vocabulary: &Vocabulary,
    now: NaiveDateTime,
) -> Result<(), Ungrounded> {
    if text.chars().count() > LONGEST || text.trim().is_empty() {
        return Err(Ungrounded::Nothing);
    }
    let results = reports
        .iter()
        .map(|report| result::Known::of(report, vocabulary).ok_or(Ungrounded::Kind))
        .collect::<Result<Vec<_>, _>>()?;
    judge::sentence(text, &results, now)
}
