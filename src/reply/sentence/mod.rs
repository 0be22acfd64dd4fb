//! The sentence of an orders report, computed from the typed query and the typed rows: no model has a say in it.
//!
//! It names the figure with its unit, the definition and the exact range, and what follows from the rows: the highest,
//! the lowest, the total where the groups add up, the change of a comparison. Sums of money are exact.

mod conditions;
mod counting;
mod facts;
mod grouped;
mod range;
mod rows;
mod single;
mod verdict;

use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Direction, Statistic};
use oms_tools::{Cell, Unit};

pub(crate) use facts::adds_up;

use super::shape::{self, Shape};
use super::vocabulary::{Vocabulary, capitalised};
use super::{clean, figures};

/// The sentence, on one line and safe to print.
pub fn say(report: &OrdersReport, vocabulary: &Vocabulary) -> String {
    let Some(query) = &report.query else { return rows::statement(report, vocabulary) };
    let context = Context { report, query, vocabulary, shape: Shape::of(&report.table, Some(query)) };
    let sentence = if let Some(number) = &query.order_number {
        rows::order(&context, number)
    } else if let Some(list) = &query.list {
        rows::list(&context, list)
    } else if query.without_rows || query.spread {
        counting::groups(&context)
    } else if report.table.rows.is_empty() {
        context.nothing()
    } else if context.shape.measures.is_empty() {
        rows::statement(report, vocabulary)
    } else if context.shape.dimensions.is_empty() && report.table.rows.len() == 1 {
        single::figures(&context)
    } else {
        grouped::groups(&context)
    };
    clean::one_line(&(verdict::of(&context) + &sentence))
}

/// What the sentences of all shapes need.
struct Context<'a> {
    report: &'a OrdersReport,
    query: &'a SemanticQuery,
    vocabulary: &'a Vocabulary,
    shape: Shape,
}

impl Context<'_> {
    /// The figure in people's form.
    fn figure(&self, row: usize, column: usize) -> String {
        let cell = self.cell(row, column).unwrap_or(&Cell::Null);
        figures::figure(cell, self.unit(column))
    }

    fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.report.table.rows.get(row)?.get(column)
    }

    fn unit(&self, column: usize) -> Unit {
        shape::unit(&self.report.table, column)
    }

    /// The name of a row's group.
    fn label(&self, row: usize) -> String {
        self.report
            .table
            .rows
            .get(row)
            .map_or_else(String::new, |cells| self.shape.label(&self.report.table, cells, self.vocabulary))
    }

    /// The names of several rows' groups; long ties are counted.
    fn labels(&self, rows: &[usize]) -> String {
        if rows.len() > 3 {
            return format!("{} and {} others", self.label(rows[0]), rows.len() - 1);
        }
        conditions::list(rows.iter().map(|row| self.label(*row)), "and")
    }

    /// A measure's title, with the mean or the median that was asked for: `average revenue per day`, `median order value`.
    fn title(&self, measure: &str) -> String {
        if let Some(of) = &self.query.count_of {
            return format!("number of {}", plural(&self.vocabulary.title(of)));
        }
        let title = self.vocabulary.title(measure);
        if let Some(ratio) = &self.query.ratio {
            let units = self.vocabulary.measure(measure).zip(self.vocabulary.measure(&ratio.to));
            if units.is_some_and(|(of, to)| ratio.is_share(of.unit, to.unit)) {
                return format!("{title} as a share of {}", self.vocabulary.title(&ratio.to));
            }
            return format!("{title} per {}", ratio.divisor(&self.vocabulary.title(&ratio.to)));
        }
        let bare = title.strip_prefix("average ").unwrap_or(&title);
        let per = self.query.average_per.as_ref().map(|per| format!(" per {}", self.vocabulary.title(per)));
        match (self.query.statistic, per) {
            (Some(Statistic::Median), per) => format!("median {bare}{}", per.unwrap_or_default()),
            (Some(Statistic::Percentile(percent)), per) => {
                format!("{} percentile of {bare}{}", ordinal(percent), per.unwrap_or_default())
            }
            (None, Some(per)) => format!("average {bare}{per}"),
            (None, None) => title,
        }
    }

    /// True where all measures are states that have no time axis.
    fn timeless(&self) -> bool {
        !self.query.measures.is_empty()
            && self
                .query
                .measures
                .iter()
                .all(|name| self.vocabulary.measure(name).is_some_and(|measure| !measure.has_time))
    }

    /// The range as people say it: `in December 2025`, `over all data`, `now`.
    fn when(&self) -> String {
        match &self.query.time {
            Some(time) => range::when(time),
            None if self.timeless() => "now".to_owned(),
            None => "over all data".to_owned(),
        }
    }

    fn conditions(&self) -> String {
        let words = conditions::words(self.query, self.vocabulary);
        let Some(ranking) = self.query.ranking.as_ref().filter(|ranking| ranking.together) else { return words };
        let end = if ranking.direction == Direction::Top { "top" } else { "bottom" };
        let groups = self.query.dimensions.first().map(|name| plural(&self.vocabulary.title(name)));
        let limit = ranking.limit.unwrap_or_default();
        format!(" of the {end} {limit} {} by {} together{words}", groups.unwrap_or_default(), self.title(&ranking.by))
    }

    /// The exact range and the definitions, in parentheses; the interpretation where the catalogue has no definition.
    fn basis(&self) -> String {
        // A median is not what the catalogue defines: the tool's own words say of what it is.
        if self.query.statistic.is_some() {
            return format!("({})", self.report.interpretation);
        }
        let mut parts = Vec::new();
        if let Some(time) = &self.query.time {
            parts.push(range::exact(time));
        }
        let several = self.query.measures.len() > 1;
        for name in &self.query.measures {
            if let Some(measure) = self.vocabulary.measure(name) {
                let title = if several { format!("{}: ", measure.title) } else { String::new() };
                parts.push(format!("{title}{}", measure.definition));
            }
        }
        if parts.is_empty() { format!("({})", self.report.interpretation) } else { format!("({})", parts.join("; ")) }
    }

    /// No row came back.
    fn nothing(&self) -> String {
        let titles = conditions::list(self.query.measures.iter().map(|name| self.title(name)), "and");
        let what = if titles.is_empty() { "result".to_owned() } else { titles };
        let by = if self.query.dimensions.is_empty() { String::new() } else { format!(" by {}", self.dimensions()) };
        format!("There are no rows for {what}{by}{} {} {}.", self.conditions(), self.when(), self.basis())
    }

    fn dimensions(&self) -> String {
        conditions::list(self.query.dimensions.iter().map(|name| self.vocabulary.title(name)), "and")
    }
}

/// `1 row`, `1,234 rows`.
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { noun.to_owned() } else { plural(noun) };
    format!("{} {plural}", figures::group(&count.to_string()))
}

/// The plural of a noun of the shop: `city` is `cities`.
fn plural(noun: &str) -> String {
    if let Some((head, rest)) = noun.split_once(" of ") {
        format!("{} of {rest}", plural(head))
    } else if noun.ends_with("ss") || noun.ends_with("sh") || noun.ends_with('x') || noun.ends_with("us") {
        format!("{noun}es")
    } else if noun.ends_with('s') {
        noun.to_owned()
    } else if let Some(stem) = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        format!("{stem}ies")
    } else {
        format!("{noun}s")
    }
}

/// `1st`, `22nd`, `90th`.
fn ordinal(number: u8) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// `was` or `were`, by whether the title is a plural.
fn verb(title: &str) -> &'static str {
    let noun = title.split(" per ").next().unwrap_or(title);
    let first = noun.split(' ').next().unwrap_or(noun);
    let plural = |word: &str| word.ends_with('s') && !word.ends_with("ss");
    let last = noun.rsplit(' ').next().unwrap_or(noun);
    if plural(last) || (plural(first) && last != "rate" && last != "%") { "were" } else { "was" }
}

/// The sentence's first letter in upper case.
fn opened(sentence: &str) -> String {
    capitalised(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_have_plurals() {
        for (noun, expected) in [
            ("month", "months"),
            ("shipping country", "shipping countries"),
            ("order status", "order statuses"),
            ("day", "days"),
            ("hour of day", "hours of day"),
            ("SKU", "SKUs"),
        ] {
            assert_eq!(plural(noun), expected);
        }
        for (title, expected) in [
            ("revenue", "was"),
            ("orders", "were"),
            ("units sold", "were"),
            ("discounts", "were"),
            ("gross margin %", "was"),
            ("average revenue per days", "was"),
            ("out of stock", "was"),
        ] {
            assert_eq!(verb(title), expected, "{title}");
        }
    }
}
