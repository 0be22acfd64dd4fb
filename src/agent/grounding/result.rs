//! What a result says, in the form in which sentences are held against it.

use chrono::{Days, Months, NaiveDate, NaiveDateTime};
use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, Direction, FilterOp, TimeRange, TimeUnit};
use oms_tools::{Cell, Role, Unit};

use super::lexer;
use crate::brain::rules::singular;
use crate::reply::sentence;
use crate::reply::shape::{Shape, is_series_grain};
use crate::reply::vocabulary::Vocabulary;

/// A half-open range.
pub(super) type Range = (Option<NaiveDateTime>, Option<NaiveDateTime>);

/// The columns of one measure, as numbers; percents as percents.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    pub(super) unit: Unit,
    pub(super) values: Vec<Option<f64>>,
    pub(super) previous: Option<Vec<Option<f64>>>,
    pub(super) share: Option<Vec<Option<f64>>>,
    /// The sum over the rows is the figure of all rows together.
    pub(super) adds_up: bool,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// These rows.
    Rows(Vec<usize>),
    /// All rows: a condition keeps them, this value being one of so many of the condition at this place.
    Kept {
        /// The condition's place.
        condition: usize,
        /// The value's place in it.
        value: usize,
        /// Its values.
        of: usize,
    },
    /// No row: a condition leaves them out.
    LeftOut,
}

/// What a phrase of the catalogue stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// The measure at this place.
    Measure(usize),
    /// What the rows are split by: its count is the count of the rows.
    Split,
    /// A dimension of a condition.
    Condition,
}

/// What a result says.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) rows: usize,
    /// No limit and no truncation: all groups are there.
    pub(super) all_rows: bool,
    /// Whether the highest and the lowest of all groups are among the rows.
    pub(super) has_highest: bool,
    pub(super) has_lowest: bool,
    pub(super) measures: Vec<Measure>,
    /// Names by their pieces.
    pub(super) names: Vec<(Vec<String>, Name)>,
    /// Phrases by the stems of their words.
    pub(super) phrases: Vec<(Vec<String>, Phrase)>,
    /// The range of all rows.
    pub(super) time: Option<Range>,
    /// The range that it is compared with.
    pub(super) base: Option<Range>,
    /// Ranges of single rows.
    pub(super) row_times: Vec<(Range, Vec<usize>)>,
}

impl Known {
    /// Reads a result; `None` where its rows are no figures by names: lists, stories, conditions on groups.
    pub(super) fn of(report: &OrdersReport, vocabulary: &Vocabulary) -> Option<Self> {
        let statement = SemanticQuery::default();
        let query = report.query.as_ref();
        if query.is_some_and(beyond) {
            return None;
        }
        let shape = Shape::of(&report.table, query);
        let asked = query.unwrap_or(&statement);
        if shape.measures.is_empty() || report.table.columns.iter().any(|column| column.role == Role::Attribute) {
            return None;
        }
        let column = |index: usize| -> Vec<Option<f64>> {
            let percent = report.table.columns.get(index).is_some_and(|column| column.unit == Unit::Percent);
            let scale = if percent { 100.0 } else { 1.0 };
            report
                .table
                .rows
                .iter()
                .map(|row| row.get(index).and_then(Cell::as_f64).map(|value| value * scale))
                .collect()
        };
        let measures: Vec<Measure> = shape
            .measures
            .iter()
            .map(|figures| Measure {
                unit: report.table.columns.get(figures.value).map_or(Unit::Plain, |column| column.unit),
                values: column(figures.value),
                previous: figures.previous.map(column),
                share: figures.share.map(column),
                adds_up: sentence::adds_up(report, &figures.name),
            })
            .collect();
        let limited = asked.limit.is_some() || report.table.truncated;
        let ranking = asked.ranking.as_ref();
        let cut = ranking.is_some_and(|ranking| ranking.limit.is_some() || ranking.skip > 0 || ranking.per.is_some());
        let end = |direction| {
            !limited
                && (!cut
                    || ranking.is_some_and(|ranking| {
                        ranking.direction == direction && ranking.skip == 0 && ranking.per.is_none()
                    }))
        };
        let mut known = Self {
            rows: report.table.rows.len(),
            all_rows: !limited && !cut,
            has_highest: end(Direction::Top),
            has_lowest: end(Direction::Bottom),
            measures,
            names: Vec::new(),
            phrases: Vec::new(),
            time: asked.time.as_ref().map(|time| (time.from, time.to)),
            base: base(asked),
            row_times: Vec::new(),
        };
        known.take_names(report, &shape, asked, vocabulary);
        known.take_phrases(report, &shape, asked, vocabulary);
        Some(known)
    }

    /// The result holds nothing: no row, or no value in any.
    pub(super) fn is_empty(&self) -> bool {
        self.measures.iter().all(|measure| measure.values.iter().all(|value| value.is_none_or(|value| value == 0.0)))
    }

    fn take_names(&mut self, report: &OrdersReport, shape: &Shape, query: &SemanticQuery, vocabulary: &Vocabulary) {
        for &index in &shape.dimensions {
            let Some(column) = report.table.columns.get(index) else { continue };
            for (place, row) in report.table.rows.iter().enumerate() {
                let value = match row.get(index) {
                    Some(Cell::Text(text)) => text.clone(),
                    Some(Cell::Integer(number)) if column.name == "year" => number.to_string(),
                    _ => continue,
                };
                if is_series_grain(&column.name)
                    && let Some(range) = grain(&column.name, &value)
                {
                    match self.row_times.iter_mut().find(|(known, _)| *known == range) {
                        Some((_, rows)) => rows.push(place),
                        None => self.row_times.push((range, vec![place])),
                    }
                    continue;
                }
                for form in forms(&vocabulary.value(&column.name, &value), &value) {
                    self.name(&form, &Name::Rows(vec![place]));
                }
            }
        }
        for (condition, filter) in query.filters.iter().enumerate() {
            for (place, value) in filter.values.iter().enumerate() {
                let name = match filter.op {
                    FilterOp::In => Name::Kept { condition, value: place, of: filter.values.len() },
                    FilterOp::NotIn => Name::LeftOut,
                    _ => continue,
                };
                for form in forms(&vocabulary.value(&filter.dimension, value), value) {
                    self.name(&form, &name);
                }
            }
        }
    }

    fn name(&mut self, text: &str, name: &Name) {
        let pieces: Vec<String> = lexer::tokens(text).into_iter().map(|token| token.text).collect();
        if pieces.is_empty() {
            return;
        }
        let known = self.names.iter_mut().find(|(known, _)| *known == pieces);
        match (known, name) {
            (Some((_, Name::Rows(rows))), Name::Rows(more)) => {
                let new: Vec<usize> = more.iter().filter(|row| !rows.contains(row)).copied().collect();
                rows.extend(new);
            }
            // A row of a kept value is that row.
            (Some(_), _) => {}
            (None, _) => self.names.push((pieces, name.clone())),
        }
    }

    fn take_phrases(&mut self, report: &OrdersReport, shape: &Shape, query: &SemanticQuery, vocabulary: &Vocabulary) {
        let mut dimensions: Vec<(String, Phrase)> =
            query.dimensions.iter().map(|name| (name.clone(), Phrase::Split)).collect();
        if query.dimensions.is_empty() {
            let columns = shape.dimensions.iter().filter_map(|index| report.table.columns.get(*index));
            dimensions.extend(columns.map(|column| (column.name.clone(), Phrase::Split)));
        }
        dimensions.extend(query.filters.iter().map(|filter| (filter.dimension.clone(), Phrase::Condition)));
        dimensions.extend(query.average_per.iter().map(|name| (name.clone(), Phrase::Condition)));
        for (place, figures) in shape.measures.iter().enumerate() {
            let name = query.count_of.as_ref().unwrap_or(&figures.name);
            let mut words = vec![name.replace('_', " "), vocabulary.title(name)];
            if let Some(measure) = vocabulary.measure(name).filter(|_| query.statistic.is_none()) {
                words.extend(measure.synonyms.clone());
            }
            if let Some(dimension) = vocabulary.dimension(name).filter(|_| query.count_of.is_some()) {
                words.extend(dimension.synonyms.clone());
            }
            if query.average_per.is_some() {
                words = words.iter().map(|words| format!("average {words}")).collect();
            }
            if let Some(ratio) = &query.ratio {
                let to = ratio.divisor(&vocabulary.title(&ratio.to));
                words = words.iter().map(|words| format!("{words} per {to}")).collect();
            }
            for words in words {
                self.phrase(&words, Phrase::Measure(place));
            }
        }
        for (name, phrase) in dimensions {
            self.phrase(&name.replace('_', " "), phrase);
            self.phrase(&vocabulary.title(&name), phrase);
            for synonym in vocabulary.dimension(&name).map(|dimension| dimension.synonyms.clone()).unwrap_or_default() {
                self.phrase(&synonym, phrase);
            }
            // "countries" of "shipping country"
            if let Some(last) = vocabulary.title(&name).rsplit(' ').next() {
                self.phrase(last, phrase);
            }
        }
    }

    fn phrase(&mut self, words: &str, phrase: Phrase) {
        let stems: Vec<String> = lexer::tokens(words).into_iter().map(|token| singular(&token.text)).collect();
        if !stems.is_empty() && !self.phrases.iter().any(|(known, _)| *known == stems) {
            self.phrases.push((stems, phrase));
        }
    }
}

/// Results whose rows are not figures by names.
fn beyond(query: &SemanticQuery) -> bool {
    query.list.is_some()
        || query.order_number.is_some()
        || query.without_rows
        || query.spread
        || query.running_total
        || query.statistic.is_some()
        || !query.having.is_empty()
        || !query.sets.is_empty()
        || query.filters.iter().any(|filter| !matches!(filter.op, FilterOp::In | FilterOp::NotIn))
}

/// The forms in which a value may be named: "Spain (ES)" is "Spain", "ES" and "Spain (ES)".
fn forms(spoken: &str, value: &str) -> Vec<String> {
    let mut forms = vec![spoken.to_owned(), value.to_owned()];
    if let Some((bare, _)) = spoken.split_once(" (") {
        forms.push(bare.to_owned());
    }
    forms
}

/// The range of a row along a time grain.
fn grain(name: &str, value: &str) -> Option<Range> {
    let midnight = |date: NaiveDate| date.and_hms_opt(0, 0, 0);
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(midnight);
    let (from, to) = match name {
        "day" => {
            let from = day(value)?;
            (from, from.checked_add_days(Days::new(1))?)
        }
        "week" => {
            let from = day(value)?;
            (from, from.checked_add_days(Days::new(7))?)
        }
        "month" => {
            let from = day(&format!("{value}-01"))?;
            (from, from.checked_add_months(Months::new(1))?)
        }
        "quarter" => {
            let (year, quarter) = value.split_once("-Q")?;
            let month = quarter.parse::<u32>().ok().filter(|quarter| (1..=4).contains(quarter))? * 3 - 2;
            let from = day(&format!("{year}-{month:02}-01"))?;
            (from, from.checked_add_months(Months::new(3))?)
        }
        "year" => {
            let from = day(&format!("{value}-01-01"))?;
            (from, from.checked_add_months(Months::new(12))?)
        }
        _ => return None,
    };
    Some((Some(from), Some(to)))
}

/// The range that the figures are compared with, where it is a whole one.
fn base(query: &SemanticQuery) -> Option<Range> {
    let time = query.time.as_ref()?;
    match query.compare.as_ref()? {
        Comparison::Range(other) => Some((other.from, other.to)),
        Comparison::PreviousYear => {
            let back = |at: Option<NaiveDateTime>| at.and_then(|at| at.checked_sub_months(Months::new(12)));
            Some((back(time.from), back(time.to)))
        }
        Comparison::PreviousPeriod => {
            let TimeRange { from: Some(from), to: Some(_), unit: Some(unit), running: false, .. } = time else {
                return None;
            };
            let before = match unit {
                TimeUnit::Hour => from.checked_sub_signed(chrono::Duration::hours(1)),
                TimeUnit::Day => from.checked_sub_days(Days::new(1)),
                TimeUnit::Week => from.checked_sub_days(Days::new(7)),
                TimeUnit::Month => from.checked_sub_months(Months::new(1)),
                TimeUnit::Quarter => from.checked_sub_months(Months::new(3)),
                TimeUnit::Year => from.checked_sub_months(Months::new(12)),
            }?;
            Some((Some(before), Some(*from)))
        }
    }
}
