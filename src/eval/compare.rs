//! Whether an answer's rows are the gold rows.
//!
//! Rows are a bag. Columns are matched by role and content and not by name or place. Extra labels and ids are allowed,
//! extra rows never. Order is looked at only where it was asked for, and only up to ties. NULL is neither 0 nor empty.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use oms_tools::{Cell, Column, ColumnType, Role, Table};
use serde::Deserialize;

use super::coverage::DIMENSIONS;

/// How the rows of one case are compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Gold columns by which the rows must be ordered as the gold rows are; none: any order.
    pub ordered: Vec<String>,
    /// Roles of gold columns where name and type do not tell.
    pub roles: BTreeMap<String, Role>,
    /// How far numbers of a gold column may be off, exclusive, where its name and type do not tell.
    pub tolerance: BTreeMap<String, f64>,
    /// Which further columns an answer may have.
    pub extra: Extra,
    /// Whether the rows must be the gold rows or only hold them.
    pub rows: Rows,
}

/// Which further columns an answer may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extra {
    /// Labels and ids.
    #[default]
    Labels,
    /// Figures too: a share beside its part and its total.
    Any,
}

/// Whether the rows must be the gold rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// These rows and no other.
    #[default]
    Exact,
    /// Every gold value stands somewhere in the rows: for stories, whose layout is free.
    Contained,
}

/// Why an answer is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A limit cut the answer.
    Truncated,
    /// Another number of rows: gold's, the answer's.
    RowCount(usize, usize),
    /// No column of the answer holds this gold column's values.
    MissingColumn(String),
    /// Each column is there, and the rows do not agree.
    Rows,
    /// A figure that nobody asked for.
    ExtraFigure(String),
    /// The right rows in another order; the column that shows it.
    Order(String),
    /// A value of the gold rows that is nowhere in the answer.
    MissingValue(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("a limit cut the answer"),
            Self::RowCount(gold, answer) => write!(f, "{answer} rows instead of {gold}"),
            Self::MissingColumn(name) => write!(f, "no column with the values of `{name}`"),
            Self::Rows => f.write_str("the columns agree, the rows do not"),
            Self::ExtraFigure(name) => write!(f, "the figure `{name}` was not asked for"),
            Self::Order(name) => write!(f, "the rows are not in the order of `{name}`"),
            Self::MissingValue(value) => write!(f, "`{value}` is nowhere in the answer"),
        }
    }
}

/// Compares an answer with the gold rows.
pub fn compare(gold: &Table, answer: &Table, rules: &Rules) -> Result<(), Difference> {
    if answer.truncated {
        return Err(Difference::Truncated);
    }
    if rules.rows == Rows::Contained {
        return contained(gold, answer);
    }
    if gold.rows.len() != answer.rows.len() {
        return Err(Difference::RowCount(gold.rows.len(), answer.rows.len()));
    }
    let fits: Vec<Fit> = gold.columns.iter().map(|column| Fit::of(column, gold, rules)).collect();
    let candidates = candidates(gold, answer, &fits)?;
    let mut search = Search { gold, answer, fits: &fits, rules, candidates, tries: 20_000, best: None };
    let mut taken = Vec::with_capacity(fits.len());
    if search.assign(&mut taken) { Ok(()) } else { Err(search.best.unwrap_or(Difference::Rows)) }
}

/// How one gold column is compared.
struct Fit {
    role: Role,
    tolerance: f64,
}

impl Fit {
    fn of(column: &Column, gold: &Table, rules: &Rules) -> Self {
        let numeric = matches!(column.kind, ColumnType::Integer | ColumnType::Decimal | ColumnType::Number);
        let role = rules.roles.get(&column.name).copied().unwrap_or({
            if numeric && !DIMENSIONS.contains(&column.name.as_str()) { Role::Measure } else { Role::Dimension }
        });
        let tolerance = rules.tolerance.get(&column.name).copied().unwrap_or_else(|| default_tolerance(column, gold));
        Self { role, tolerance }
    }

    fn takes(&self, column: &Column) -> bool {
        // A raw SELECT does not say what its columns are.
        column.role == self.role || column.role == Role::Attribute
    }
}

/// The contract's: whole numbers exactly, money to 0.01, fractions to 0.0001, durations to 0.001.
fn default_tolerance(column: &Column, gold: &Table) -> f64 {
    let name = column.name.as_str();
    let says = |words: &[&str]| name.split('_').any(|part| words.contains(&part));
    if says(&["rate", "share", "percent"]) {
        return 1e-4;
    }
    if says(&["days", "hours"]) {
        return 1e-3;
    }
    let index = gold.columns.iter().position(|other| other.name == name);
    let whole = index.is_some_and(|index| {
        gold.rows.iter().all(|row| match row.get(index) {
            // SUM of whole numbers is a DECIMAL of scale 0.
            Some(Cell::Decimal(text)) => !text.contains('.'),
            Some(Cell::Number(_)) => false,
            _ => true,
        })
    });
    if whole { 1e-6 } else { 0.01 }
}

/// Whether two values are the same; `tolerance` is exclusive and for numbers only.
fn same(gold: &Cell, answer: &Cell, tolerance: f64) -> bool {
    match (gold, answer) {
        (Cell::Null, Cell::Null) => true,
        (Cell::Text(a) | Cell::Json(a), Cell::Text(b) | Cell::Json(b)) => a == b,
        (Cell::Boolean(a), Cell::Boolean(b)) => a == b,
        _ => match (number(gold), number(answer)) {
            // One part in 10^9 of the tolerance is what two ways of writing the same DECIMAL as DOUBLE differ by.
            (Some(a), Some(b)) => (a - b).abs() < tolerance - 1e-9 * a.abs().max(1.0).min(tolerance),
            _ => false,
        },
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Boolean(value) => Some(f64::from(u8::from(*value))),
        other => other.as_f64(),
    }
}

fn order(a: &Cell, b: &Cell) -> std::cmp::Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Null => 0,
        Cell::Text(_) | Cell::Json(_) => 2,
        _ => 1,
    };
    match (a, b) {
        (Cell::Text(a) | Cell::Json(a), Cell::Text(b) | Cell::Json(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)).then_with(|| match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => std::cmp::Ordering::Equal,
        }),
    }
}

fn column(table: &Table, index: usize) -> Vec<&Cell> {
    table.rows.iter().filter_map(|row| row.get(index)).collect()
}

/// For each gold column the answer's columns that hold the same bag of values, one of its name first.
fn candidates(gold: &Table, answer: &Table, fits: &[Fit]) -> Result<Vec<Vec<usize>>, Difference> {
    let sorted = |table: &Table, index| {
        let mut cells: Vec<Cell> = column(table, index).into_iter().cloned().collect();
        cells.sort_by(order);
        cells
    };
    let answers: Vec<Vec<Cell>> = (0..answer.columns.len()).map(|index| sorted(answer, index)).collect();
    let mut all = Vec::with_capacity(fits.len());
    for (index, (fit, name)) in fits.iter().zip(gold.columns.iter().map(|column| &column.name)).enumerate() {
        let wanted = sorted(gold, index);
        let agrees = |other: &[Cell]| wanted.iter().zip(other).all(|(a, b)| same(a, b, fit.tolerance));
        let mut found: Vec<usize> = (0..answer.columns.len())
            .filter(|other| fit.takes(&answer.columns[*other]) && agrees(&answers[*other]))
            .collect();
        found.sort_by_key(|other| &answer.columns[*other].name != name);
        if found.is_empty() {
            return Err(Difference::MissingColumn(name.clone()));
        }
        all.push(found);
    }
    Ok(all)
}

struct Search<'a> {
    gold: &'a Table,
    answer: &'a Table,
    fits: &'a [Fit],
    rules: &'a Rules,
    candidates: Vec<Vec<usize>>,
    tries: u32,
    best: Option<Difference>,
}

impl Search<'_> {
    /// Gives each gold column its own answer column, one after another, until everything agrees.
    fn assign(&mut self, taken: &mut Vec<usize>) -> bool {
        if taken.len() == self.fits.len() {
            self.tries = self.tries.saturating_sub(1);
            return match self.check(taken) {
                Ok(()) => true,
                Err(difference) => {
                    self.best = Some(difference);
                    false
                }
            };
        }
        for index in 0..self.candidates[taken.len()].len() {
            let candidate = self.candidates[taken.len()][index];
            if self.tries == 0 || taken.contains(&candidate) {
                continue;
            }
            taken.push(candidate);
            if self.assign(taken) {
                return true;
            }
            taken.pop();
        }
        false
    }

    fn check(&self, taken: &[usize]) -> Result<(), Difference> {
        if !self.rows_agree(taken) {
            return Err(Difference::Rows);
        }
        if self.rules.extra == Extra::Labels {
            let extra = self.answer.columns.iter().enumerate();
            let figure = |(index, column): &(usize, &Column)| column.role == Role::Measure && !taken.contains(index);
            if let Some((_, column)) = extra.into_iter().find(figure) {
                return Err(Difference::ExtraFigure(column.name.clone()));
            }
        }
        for name in &self.rules.ordered {
            let Some(index) = self.gold.columns.iter().position(|column| &column.name == name) else {
                return Err(Difference::Order(name.clone()));
            };
            let (gold, answer) = (column(self.gold, index), column(self.answer, taken[index]));
            // The same sequence of keys: ties may stand in any order among themselves.
            if !gold.iter().zip(&answer).all(|(a, b)| same(a, b, self.fits[index].tolerance)) {
                return Err(Difference::Order(name.clone()));
            }
        }
        Ok(())
    }

    fn rows_agree(&self, taken: &[usize]) -> bool {
        // Rows with the same texts are compared by their numbers, each answer's row used once.
        let key = |cells: &mut dyn Iterator<Item = &Cell>| {
            let mut key = String::new();
            for cell in cells {
                match cell {
                    Cell::Text(text) | Cell::Json(text) => key.push_str(text),
                    Cell::Null => key.push('\u{1}'),
                    _ => {}
                }
                key.push('\u{0}');
            }
            key
        };
        let mut left: HashMap<String, Vec<&Vec<Cell>>> = HashMap::new();
        for row in &self.answer.rows {
            left.entry(key(&mut taken.iter().filter_map(|index| row.get(*index)))).or_default().push(row);
        }
        self.gold.rows.iter().all(|gold| {
            let Some(rows) = left.get_mut(&key(&mut gold.iter())) else { return false };
            let matches = |row: &&Vec<Cell>| {
                taken.iter().enumerate().all(|(index, other)| {
                    matches!((gold.get(index), row.get(*other)),
                        (Some(a), Some(b)) if same(a, b, self.fits[index].tolerance))
                })
            };
            rows.iter().position(matches).map(|found| rows.swap_remove(found)).is_some()
        })
    }
}

/// Whether every gold value stands somewhere in the answer's rows.
fn contained(gold: &Table, answer: &Table) -> Result<(), Difference> {
    let cells: Vec<&Cell> = answer.rows.iter().flatten().collect();
    for wanted in gold.rows.iter().flatten() {
        let text = match wanted {
            Cell::Null => continue,
            Cell::Text(text) | Cell::Json(text) | Cell::Decimal(text) => text.clone(),
            Cell::Integer(value) => value.to_string(),
            Cell::Number(value) => value.to_string(),
            Cell::Boolean(value) => value.to_string(),
        };
        // A moment as people write it, within a text: "promised 2026-01-17 20:00:00".
        let moment = text.get(..19).filter(|_| text.ends_with('Z')).map(|moment| moment.replace('T', " "));
        let holds = |cell: &&Cell| match cell {
            Cell::Text(other) | Cell::Json(other) => {
                holds_word(other, &text) || moment.as_ref().is_some_and(|moment| holds_word(other, moment))
            }
            other => same(wanted, other, 0.01),
        };
        if !cells.iter().any(holds) {
            return Err(Difference::MissingValue(text));
        }
    }
    Ok(())
}

/// Whether a text holds a word that ends where it ends: `12` is not in `312` nor in `12.5`.
fn holds_word(text: &str, word: &str) -> bool {
    let joins = |character: char| character.is_alphanumeric();
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let mut after = text[start + word.len()..].chars();
        let next = after.next();
        let decimal = matches!(next, Some('.' | ',')) && after.next().is_some_and(|digit| digit.is_ascii_digit());
        !before.is_some_and(joins) && !next.is_some_and(joins) && !decimal
    })
}
