//! What a language model is told before the conversation: the rules of `prompts/system/agent.md` and the catalogue's names.

use std::fmt::Write;

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::Catalog;

const RULES: &str = include_str!("../../prompts/system/agent.md");

/// The system prompt.
pub(super) fn preamble(catalog: &Catalog, now: NaiveDateTime) -> String {
    let mut text = RULES.trim_end().to_owned();
    write!(text, "\n\nNow is {} UTC.\n\nMeasures:\n", now.format("%Y-%m-%d %H:%M:%S, %A")).ok();
    for measure in &catalog.measures {
        let also =
            if measure.synonyms.is_empty() { String::new() } else { format!(" ({})", measure.synonyms.join(", ")) };
        writeln!(text, "- {}{also}: {}", measure.name, measure.definition).ok();
    }
    text.push_str("\nDimensions: ");
    let names: Vec<&str> = catalog.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    text.push_str(&names.join(", "));
    text.push('\n');
    text
}
