//! The floor that the embedded model is measured against: the same model, given the tables, writes a SELECT of its own. No
//! conversation comes here; `oms eval --free-sql` does.

use oms_model::{Answer, Request};
use oms_tools::Failure;

use super::Talk;

/// Tokens of one statement.
const MOST: usize = 300;

/// The tables as the model is told them: without engines, keys and checks, which say nothing of the meaning.
fn tables(schema: &str) -> String {
    let said = |line: &&str| {
        let line = line.trim_start();
        !line.is_empty()
            && !["--", "KEY", "UNIQUE KEY", "CHECK", "CONSTRAINT"].iter().any(|start| line.starts_with(start))
    };
    let short = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with(") ENGINE") { ");".to_owned() } else { words.join(" ") }
    };
    schema.lines().filter(said).map(short).collect::<Vec<String>>().join("\n")
}

/// Asks for a SELECT.
pub(super) async fn select(talk: &mut Talk, schema: &str, text: &str, now: &str) -> Result<String, Failure> {
    let instructions = format!(
        "You write one MySQL SELECT that answers a question about a web shop's orders, and nothing else. Times are UTC; \
         now is {now}. Revenue is quantity times unit price of the lines of orders that were not cancelled.\n\n{}",
        tables(schema)
    );
    let asked: String = text.chars().filter(|letter| !letter.is_control()).collect();
    talk.request(&Request::Ask { instructions, text: format!("Question: {asked}\nSQL:") }).await?;
    match talk.request(&Request::Write { most: MOST, stop: ";".to_owned() }).await? {
        Answer::Wrote { text, .. } => Ok(bare(&text)),
        _ => Ok(String::new()),
    }
}

/// The statement without the fence that models put around it.
fn bare(text: &str) -> String {
    let text = text.trim();
    let inner = text.split_once("```").map_or(text, |(_, rest)| rest.trim_start_matches("sql"));
    inner.split("```").next().unwrap_or_default().trim().trim_end_matches(';').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_stands_alone_and_the_tables_are_short() {
        for text in ["SELECT 1;", "```sql\nSELECT 1;\n```", "Here it is:\n```sql\nSELECT 1\n``` as asked", "SELECT 1"] {
            assert_eq!(bare(text), "SELECT 1", "{text}");
        }
        let told = tables(oms_seed::SCHEMA);
        assert!(told.contains("CREATE TABLE orders (") && told.contains("'ORD-0000042'"), "{told}");
        assert!(!told.contains("ENGINE") && !told.contains("\nKEY") && told.len() < 9000, "{}", told.len());
    }
}
