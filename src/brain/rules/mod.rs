//! The rules brain: finds every reading of a question's words and answers only when one is clearly best. Pure: no I/O.

use oms_tools::orders::semantic::SemanticQuery;

/// What the rules made of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Understanding {
    /// One reading is clearly best.
    Query {
        /// The reading.
        query: Box<SemanticQuery>,
        /// 0.0 to 1.0.
        confidence: f64,
        /// What the person should be told: "read `chanel` as channel".
        notes: Vec<String>,
    },
    /// A SELECT statement typed as it is: goes to `select_orders`.
    Select {
        /// The statement.
        sql: String,
    },
    /// "what can I ask", "which measures are there", "what is revenue": goes to `describe_orders`.
    Describe {
        /// A measure, dimension or table name; none: the overview.
        topic: Option<String>,
    },
    /// Asks to change data or to run what must not run.
    Refuse {
        /// The reason as a sentence.
        reason: String,
    },
    /// Not understood, or understood in several ways.
    AskBack {
        /// The sentence: names the unknown word, offers what is near.
        message: String,
        /// Readings in plain words, or examples of what can be asked.
        choices: Vec<String>,
        /// The readings behind the choices, in the same order; empty where the choices are examples.
        readings: Vec<SemanticQuery>,
    },
}
