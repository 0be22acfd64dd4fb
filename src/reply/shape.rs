//! Which columns of a result belong together: the figure of a measure, what it is compared with, its share.

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::{Cell, Role, Table, Unit};

use super::vocabulary::Vocabulary;
use super::{clean, figures};

/// The grains along which a figure is a series.
const SERIES_GRAINS: [&str; 6] = ["hour", "day", "week", "month", "quarter", "year"];

/// True for a dimension whose rows follow each other in time.
pub(crate) fn is_series_grain(name: &str) -> bool {
    SERIES_GRAINS.contains(&name)
}

/// The columns of one measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// The measure's name; a raw SELECT's alias.
    pub(crate) name: String,
    /// The column of the figure itself.
    pub(crate) value: usize,
    /// The figure that it is compared with.
    pub(crate) previous: Option<usize>,
    /// The change as a fraction.
    pub(crate) change: Option<usize>,
    /// The share of the total as a fraction.
    pub(crate) share: Option<usize>,
    /// The running total.
    pub(crate) running: Option<usize>,
}

/// The columns of a result by their part in the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Columns that the figures are split by.
    pub(crate) dimensions: Vec<usize>,
    /// The measures.
    pub(crate) measures: Vec<Figures>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Previous,
    Difference,
    Change,
    Share,
    Running,
}

/// What a query's column is. A derived column carries the measure's name and one of these words: `revenue_previous`,
/// `revenue_difference`, `revenue_change`, `revenue_share`, `revenue_running_total`.
fn part(name: &str, measure: Option<&str>) -> Part {
    let rest = measure.map_or_else(|| name.to_owned(), |measure| name.replacen(measure, "", 1));
    let has = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    if has(&["change", "growth"]) {
        Part::Change
    } else if has(&["difference", "delta"]) {
        Part::Difference
    } else if has(&["previous", "before", "compared", "baseline"]) {
        Part::Previous
    } else if has(&["share"]) {
        Part::Share
    } else if has(&["running", "cumulative"]) {
        Part::Running
    } else {
        Part::Value
    }
}

impl Shape {
    /// Reads the shape from the columns' roles and the query's measures.
    pub(crate) fn of(table: &Table, query: Option<&SemanticQuery>) -> Self {
        let asked: &[String] = query.map_or(&[], |query| &query.measures);
        let mut shape = Self::default();
        let mut derived = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            match column.role {
                Role::Dimension => shape.dimensions.push(index),
                Role::Attribute => {}
                Role::Measure => {
                    // "cancelled_orders_change" names both `orders` and `cancelled_orders`: the longer one is meant.
                    let owner = asked.iter().filter(|name| column.name.contains(*name)).max_by_key(|name| name.len());
                    // A statement's aliases mean what their writer means: nothing is read into them.
                    let part = query.map_or(Part::Value, |_| part(&column.name, owner.map(String::as_str)));
                    match part {
                        Part::Value => {
                            let name = owner.unwrap_or(&column.name).clone();
                            shape.measures.push(Figures { name, value: index, ..Figures::default() });
                        }
                        other => derived.push((index, owner.cloned(), other)),
                    }
                }
            }
        }
        for (index, owner, part) in derived {
            let place =
                owner.and_then(|owner| shape.measures.iter().position(|figures| figures.name == owner)).unwrap_or(0);
            if let Some(figures) = shape.measures.get_mut(place) {
                match part {
                    Part::Previous => figures.previous = Some(index),
                    Part::Change => figures.change = Some(index),
                    Part::Share => figures.share = Some(index),
                    Part::Running => figures.running = Some(index),
                    Part::Difference | Part::Value => {}
                }
            }
        }
        shape
    }

    /// The name of a row's group as people say it: `Spain (ES), 2025-11`.
    pub(crate) fn label(&self, table: &Table, row: &[Cell], vocabulary: &Vocabulary) -> String {
        let names: Vec<String> = self.dimensions.iter().map(|index| cell(table, row, *index, vocabulary)).collect();
        names.join(", ")
    }
}

/// A cell as people read it, on one line and safe to print.
pub(crate) fn cell(table: &Table, row: &[Cell], index: usize, vocabulary: &Vocabulary) -> String {
    let (Some(column), Some(cell)) = (table.columns.get(index), row.get(index)) else { return String::new() };
    match (cell, column.role) {
        (Cell::Null, Role::Dimension) => "(none)".to_owned(),
        (Cell::Text(text), _) if !looks_like_time(text) => vocabulary.value(&column.name, text),
        _ => clean::one_line(&figures::figure(cell, column.unit)),
    }
}

fn looks_like_time(text: &str) -> bool {
    text.ends_with('Z') && text.contains('T')
}

/// The unit of a column.
pub(crate) fn unit(table: &Table, index: usize) -> Unit {
    table.columns.get(index).map_or(Unit::Plain, |column| column.unit)
}
