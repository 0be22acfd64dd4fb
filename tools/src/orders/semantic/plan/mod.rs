//! From a checked semantic query to one statement, its words and its notes. Pure: the database is not asked.

mod averages;
pub(crate) mod conditions;
pub(crate) mod counting;
pub(crate) mod figures;
pub(crate) mod list;
pub(crate) mod parts;
pub(crate) mod ranges;
mod ratios;
pub(crate) mod scope;
pub(crate) mod story;

use chrono::NaiveDateTime;

use super::{SemanticModel, SemanticQuery, validate};
use crate::{
    Failure,
    orders::{PersonalColumns, Statement},
};

/// What a query becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The statement; with [`Plan::edge`] its last two columns are for the note on ties only.
    pub statement: Statement,
    /// The statement with its values as literals.
    pub shown: String,
    /// Definitions, conditions and the exact range in words.
    pub interpretation: String,
    /// What a reader should know besides.
    pub notes: Vec<String>,
    /// Whether the last two columns are a group's place and how many groups share its figure.
    pub edge: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            statement: Statement { sql: String::new(), parameters: Vec::new(), columns: None },
            shown: String::new(),
            interpretation: String::new(),
            notes: Vec::new(),
            edge: false,
        }
    }
}

impl SemanticModel {
    /// Checks a query and plans its statement.
    ///
    /// `now` is the question's now. Fails where a name is wrong (with the nearest right one), where words do not go together
    /// (with the reason), or where the query has not exactly one shape.
    pub fn plan(&self, query: &SemanticQuery, now: NaiveDateTime, personal: &PersonalColumns) -> Result<Plan, Failure> {
        validate::check(self, query)?;
        if let Some(number) = &query.order_number {
            return Ok(story::plan(number));
        }
        if let Some(list) = &query.list {
            return list::plan(self, query, list, now, personal);
        }
        figures::plan(self, query, now)
    }
}
