//! What a brain says instead of an answer: a question back, or a refusal. Typed as tools, so that no model's free text
//! decides how a turn ends.

mod ask_back;
mod decline;

pub use ask_back::{AskBack, AskBackArguments};
pub use decline::{Decline, DeclineArguments};
