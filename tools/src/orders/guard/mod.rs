//! Reads a SELECT that somebody else wrote, and lets through only what is on its lists.
//!
//! Every statement, clause, expression, operator, function, table and column is matched by name; what is not named is
//! refused, so a new version of the parser or the server opens nothing. The text that was given is never sent: what runs is
//! printed anew from what was checked, with unusual values bound. The guard knows nothing of sessions and accounts and must
//! hold without them.

mod expression;
mod functions;
mod joins;
mod literals;
mod query;
pub(crate) mod schema;
mod scope;

use chrono::NaiveDateTime;
use sqlparser::{
    ast::{Query, Statement as Ast},
    dialect::MySqlDialect,
    parser::{Parser, ParserError},
    tokenizer::{Token, Tokenizer, Word},
};

use super::{
    limits::PersonalColumns,
    session::{Parameter, Statement},
};
use crate::{Failure, FailureKind};

/// The longest statement, in bytes.
const LONGEST: usize = 64 << 10;
/// The most operators: each may nest the tree by one.
const MOST_OPERATORS: usize = 1000;
/// Deepest nesting of parentheses and subqueries.
const DEEPEST: usize = 50;
/// Walking a tree of that depth takes less than this.
const STACK: usize = 64 << 20;
/// Of that, what each token adds at most: it may nest the tree by one.
const STACK_OF_TOKEN: usize = 64 << 10;
/// And what is needed whatever the statement is.
const STACK_AT_LEAST: usize = 256 << 10;

/// What a SELECT may see.
#[derive(Clone, Debug)]
pub struct GuardPolicy<'a> {
    /// The database that holds the orders; the only one that a name may be qualified with.
    pub database: &'a str,
    /// The columns that are kept from answers.
    pub personal: &'a PersonalColumns,
    /// The question's "now": it stands where the statement calls `NOW()` or `CURDATE()`.
    pub now: NaiveDateTime,
}

/// A SELECT that was checked, as it will run.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardedSelect {
    sql: String,
    shown: String,
    parameters: Vec<Parameter>,
    notes: Vec<String>,
}

impl GuardedSelect {
    /// The text with a `?` for each parameter.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The text with all values in it, for people.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The values of the `?`, in order.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// What a reader should know: columns that `*` left out.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The statement that the session runs.
    pub fn statement(&self) -> Statement {
        Statement { sql: self.sql.clone(), parameters: self.parameters.clone(), columns: None }
    }
}

pub(crate) fn refused(cause: impl std::fmt::Display) -> Failure {
    Failure::refused(format!("refused to run this statement: {cause}"))
}

/// The tables that a SELECT may name, each with all of its columns in the schema's order.
pub fn tables() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    schema::TABLES.iter().map(|table| (table.name, table.columns))
}

/// Checks one SELECT and prints it anew; refuses everything else with the reason.
pub fn check(sql: &str, policy: &GuardPolicy<'_>) -> Result<GuardedSelect, Failure> {
    if sql.len() > LONGEST {
        return Err(refused(format!("it is longer than {} KiB", LONGEST >> 10)));
    }
    let tokens = scan(sql)?;
    // Trees are walked by recursion: where the stack might be too small, on one of its own that the deepest allowed tree fits.
    // Not on a thread of its own: to start one and to wait for it takes longer than the check.
    let needed = tokens.saturating_mul(STACK_OF_TOKEN).saturating_add(STACK_AT_LEAST).min(STACK);
    std::panic::catch_unwind(|| stacker::maybe_grow(needed, STACK, || read(sql, policy))).unwrap_or_else(|_| {
        Err(Failure::new(FailureKind::Internal, "cannot check the statement: the guard ended early"))
    })
}

fn read(sql: &str, policy: &GuardPolicy<'_>) -> Result<GuardedSelect, Failure> {
    let mut query = parse(sql)?;
    let mut checker = query::Checker::new(policy);
    checker.query(&mut query, None, &[])?;
    let text = query.to_string();
    // What was printed must read back as what was checked; `?n` stands for bound values in both.
    match Parser::parse_sql(&MySqlDialect {}, &text).as_deref() {
        Ok([Ast::Query(again)]) if **again == *query => {}
        _ => return Err(refused("it cannot be printed safely").hint("write it in a simpler way")),
    }
    let shown = checker.bound.shown(&text);
    let (sql, parameters) = checker.bound.finish(&text);
    Ok(GuardedSelect { sql, shown, parameters, notes: checker.notes })
}

/// What can be told from the text and its words, before there is a tree. The number of its tokens, blanks left out.
fn scan(sql: &str) -> Result<usize, Failure> {
    if sql.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(refused("it has control characters"));
    }
    // Inside of text too: no honest value looks so, and servers and parsers disagree about where comments are.
    for (opening, what) in
        [("/*!", "an executable comment"), ("/*m!", "an executable comment"), ("/*+", "an optimizer hint")]
    {
        if sql.to_ascii_lowercase().contains(opening) {
            return Err(refused(format!("it has {what}")).hint("leave comments out"));
        }
    }
    let tokens = Tokenizer::new(&MySqlDialect {}, sql)
        .tokenize()
        .map_err(|error| refused(format!("it cannot be read as SQL: {}", plain_reason(&error.to_string()))))?;
    // `20E` is 20 with the name `E` to the parser, and the start of 20E5 to the server.
    let runs_on = tokens.windows(2).any(|pair| {
        matches!(pair, [Token::Number(..), Token::Number(..) | Token::Word(Word { quote_style: None, .. })])
    });
    if runs_on {
        return Err(refused("a number in it runs into letters or another number").hint("put a space after the number"));
    }
    let mut operators = 0;
    for token in &tokens {
        match token {
            Token::Word(Word { value, quote_style: None, .. }) => {
                let word = value.to_ascii_uppercase();
                match word.as_str() {
                    "INTO" | "OUTFILE" | "DUMPFILE" => {
                        return Err(refused("it would write its result somewhere (INTO); only reading is allowed"));
                    }
                    "AND" | "OR" | "XOR" | "NOT" | "UNION" | "EXCEPT" | "INTERSECT" | "DIV" | "MOD" | "IS" | "LIKE"
                    | "BETWEEN" | "JOIN" | "IN" | "CASE" => operators += 1,
                    _ if word.starts_with('@') => {
                        return Err(refused("it uses a variable of the server; only columns of tables may be read"));
                    }
                    _ => {}
                }
            }
            Token::AtSign | Token::Assignment => {
                return Err(refused("it uses a variable of the server; only columns of tables may be read"));
            }
            Token::Word(_)
            | Token::Whitespace(_)
            | Token::Comma
            | Token::Period
            | Token::LParen
            | Token::RParen
            | Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_) => {}
            _ => operators += 1,
        }
    }
    if operators > MOST_OPERATORS {
        return Err(refused(format!("it has more than {MOST_OPERATORS} operators")).hint("use IN (...) for long lists"));
    }
    Ok(tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_))).count())
}

/// The one query of the text; the reason where it is none.
fn parse(sql: &str) -> Result<Box<Query>, Failure> {
    let parsed = Parser::new(&MySqlDialect {})
        .with_recursion_limit(DEEPEST)
        .try_with_sql(sql)
        .and_then(|mut parser| parser.parse_statements());
    let mut statements = match parsed {
        Ok(statements) => statements,
        Err(ParserError::RecursionLimitExceeded) => return Err(refused("it is nested too deeply")),
        Err(ParserError::ParserError(reason) | ParserError::TokenizerError(reason)) => {
            return Err(match first_word(sql).as_str() {
                "SELECT" | "WITH" | "" => {
                    refused(format!("it cannot be read as one SELECT: {}", plain_reason(&reason)))
                        .hint("use plain SELECT syntax: FROM, JOIN ... ON, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT")
                }
                word => only_select(word, None),
            });
        }
    };
    if statements.len() > 1 {
        return Err(refused(format!("it has {} statements; only one SELECT is allowed", statements.len())));
    }
    match statements.pop() {
        Some(Ast::Query(query)) => Ok(query),
        Some(other) => {
            let mut table = None;
            let _ = sqlparser::ast::visit_relations(&other, |name| {
                table = name.0.last().map(|part| part.to_string().replace(['`', '"'], ""));
                std::ops::ControlFlow::<()>::Break(())
            });
            Err(only_select(&first_word(sql), table.as_deref()))
        }
        None => Err(refused("it is empty; only SELECT is allowed")),
    }
}

fn only_select(word: &str, table: Option<&str>) -> Failure {
    let changes = [
        "INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "DROP", "ALTER", "CREATE", "RENAME", "LOAD",
        "GRANT", "REVOKE",
    ];
    match table {
        Some(table) if changes.contains(&word) && literals::is_simple(table) => {
            refused(format!("it would change table `{table}`; only SELECT is allowed"))
        }
        _ if changes.contains(&word) => {
            refused(format!("it would change the database ({word}); only SELECT is allowed"))
        }
        _ if literals::is_simple(word) => refused(format!("it is {word}; only SELECT is allowed")),
        _ => refused("only SELECT is allowed"),
    }
}

/// The first word in capitals, past comments and parentheses.
fn first_word(sql: &str) -> String {
    let tokens = Tokenizer::new(&MySqlDialect {}, sql).tokenize().unwrap_or_default();
    let word = tokens.iter().find_map(|token| match token {
        Token::Word(word) => Some(word.value.to_ascii_uppercase()),
        _ => None,
    });
    word.unwrap_or_default()
}

/// The parser's reason, which quotes nothing but the statement itself: short and on one line.
fn plain_reason(reason: &str) -> String {
    let line: String = reason.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(160).collect();
    let line = line.trim_start_matches("sql parser error: ");
    let mut letters = line.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
