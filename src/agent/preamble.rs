//! What a language model is told before the conversation: the rules of `prompts/system/agent.md` and the catalogue's names.

use std::fmt::Write;
use std::sync::Arc;

use chrono::NaiveDateTime;
use oms_tools::ErasedTool;
use oms_tools::orders::semantic::Catalog;
use sha2::{Digest, Sha256};

use crate::config::ToolChoiceSetting;
use crate::licence::Withheld;

const RULES: &str = include_str!("../../prompts/system/agent.md");

/// The system prompt.
pub(super) fn preamble(catalog: &Catalog, now: NaiveDateTime) -> String {
    let mut text = RULES.trim_end().to_owned();
    write!(text, "\n\nNow is {} UTC.\n\nMeasures:\n", now.format("%Y-%m-%d %H:%M:%S, %A")).ok();
    for measure in catalog.measures_for_models() {
        let also =
            if measure.synonyms.is_empty() { String::new() } else { format!(" ({})", measure.synonyms.join(", ")) };
        writeln!(text, "- {}{also}: {}", measure.name, measure.definition).ok();
    }
    text.push_str("\nDimensions: ");
    let names: Vec<&str> = catalog.dimensions_for_models().map(|dimension| dimension.name.as_str()).collect();
    text.push_str(&names.join(", "));
    text.push('\n');
    text
}

/// What a model is told that may not propose changes.
pub(super) fn without_licence(withheld: &Withheld) -> String {
    format!(
        "\nYou may not propose changes of what is deployed here, and have no tool for it. Where the person asks for such a \
         change, call `decline` with this reason: {}.\n",
        withheld.said()
    )
}

/// The hash of what every conversation tells a model: instructions, names, tools with their schemas; and of whether it must
/// call them.
pub(super) fn fingerprint(catalog: &Catalog, tools: &[Arc<dyn ErasedTool>], choice: ToolChoiceSetting) -> String {
    let mut digest = Sha256::new();
    digest.update(preamble(catalog, NaiveDateTime::default()));
    for tool in tools {
        digest.update(format!("\n{}\n{}\n{}", tool.name(), tool.description(), tool.schema()));
    }
    if choice == ToolChoiceSetting::Required {
        digest.update("\na tool must be called");
    }
    format!("{:x}", digest.finalize())
}
