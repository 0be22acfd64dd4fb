//! What the main program and the embedded model's process say to each other: JSON lines over a Unix socket, one answer for
//! each request, one conversation a connection.
//!
//! The model never writes freely for the agent: it *chooses* among texts that it is given. So it can name no measure that
//! does not exist and invent no value, and what it must say anyway costs it nothing.

use serde::{Deserialize, Serialize};

/// The protocol's version; a process of another one is replaced.
pub const PROTOCOL: u32 = 1;

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Who is there.
    Hello {},
    /// Begins a question: the instructions are evaluated once and kept, the text each time.
    Ask {
        /// What is the same for every question.
        instructions: String,
        /// This question.
        text: String,
    },
    /// Lets the model choose how the answer goes on.
    Choose {
        /// Text that comes first, unchosen.
        lead: String,
        /// What may follow; none is the beginning of another. At least one.
        options: Vec<String>,
    },
    /// Lets the model write freely, for comparisons only.
    Write {
        /// Tokens at most.
        most: usize,
        /// Where it ends.
        stop: String,
    },
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To `Hello`.
    Here {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The model's file.
        file: String,
        /// Seconds that loading it took.
        loaded_in: f64,
        /// Process id.
        process: u32,
    },
    /// To `Ask`.
    Ready {
        /// Tokens of instructions and text.
        tokens: usize,
        /// How many of them were known already.
        kept: usize,
    },
    /// To `Choose`.
    Chose {
        /// The option's place.
        option: usize,
        /// How much likelier than the other options it was, 0.0 to 1.0.
        probability: f64,
        /// How much of the model's own wish lay on the options at all, at the least likely step, 0.0 to 1.0.
        mass: f64,
    },
    /// To `Write`.
    Wrote {
        /// The text.
        text: String,
        /// Its tokens.
        tokens: usize,
    },
    /// It could not be done; the connection ends.
    Failed {
        /// Why.
        message: String,
    },
}
