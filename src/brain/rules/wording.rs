//! A semantic query in plain words, for choices and for what was carried over.

use std::fmt::Write as _;

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, FilterOp, TimeRange};

use super::vocabulary::Vocabulary;

/// "revenue by month, shipping country is Spain (ES), from 2025-01-01 to before 2026-01-01".
pub(super) fn plain(query: &SemanticQuery, vocabulary: &Vocabulary) -> String {
    let titles = |names: &[String]| names.iter().map(|name| vocabulary.title(name)).collect::<Vec<_>>().join(" and ");
    let mut out = match (&query.order_number, &query.list) {
        (Some(number), _) => number.clone(),
        (None, Some(list)) => format!("the {}", list.entity.replace('_', " ")),
        (None, None) => titles(&query.measures),
    };
    if let Some(per) = &query.average_per {
        let _ = write!(out, " on average per {}", vocabulary.title(per));
    }
    if let Some(ratio) = &query.ratio {
        let _ = write!(out, " per {}", ratio.divisor(&vocabulary.title(&ratio.to)));
    }
    if !query.dimensions.is_empty() {
        let _ = write!(out, " by {}", titles(&query.dimensions));
    }
    for filter in &query.filters {
        let values: Vec<String> =
            filter.values.iter().map(|value| vocabulary.spoken(&filter.dimension, value)).collect();
        let (says, join) = operator(filter.op);
        let _ = write!(out, ", {} {says} {}", vocabulary.title(&filter.dimension), values.join(join));
    }
    for condition in &query.having {
        let (says, join) = operator(condition.op);
        let of = if condition.of_change.is_some() { "the change of " } else { "" };
        let title = vocabulary.title(&condition.measure);
        let _ = write!(out, ", {of}{title} {says} {}", condition.values.join(join));
    }
    for set in &query.sets {
        let has = if set.has { "with" } else { "without" };
        if set.what == "registration" {
            let time = set.time.as_ref().map_or_else(String::new, range);
            let _ = write!(out, ", customers registered {time}");
            continue;
        }
        let many = set.count.map_or_else(String::new, |count| match count.at_most {
            Some(most) if most == count.at_least => format!("{most} "),
            Some(most) => format!("{} to {most} ", count.at_least),
            None => format!("at least {} ", count.at_least),
        });
        let _ = write!(
            out,
            ", {}s {has} {many}{}",
            vocabulary.title(&set.who),
            set.what.replace("any_", "").replace('_', " ")
        );
        if let Some(time) = &set.time {
            let _ = write!(out, " {}", range(time));
        }
    }
    if let Some(time) = &query.time {
        let _ = write!(out, ", {}", range(time));
    }
    match &query.compare {
        Some(Comparison::PreviousPeriod) => out.push_str(", compared with the period before"),
        Some(Comparison::PreviousYear) => out.push_str(", compared with the year before"),
        Some(Comparison::Range(other)) => {
            let _ = write!(out, ", compared with {}", range(other));
        }
        None => {}
    }
    if let Some(ranking) = &query.ranking {
        let _ = write!(out, ", ranked by {}", vocabulary.title(&ranking.by));
    }
    if query.share.is_some() {
        out.push_str(", as a share");
    }
    out
}

/// What an operator says, and how its values are joined.
fn operator(op: FilterOp) -> (&'static str, &'static str) {
    match op {
        FilterOp::In => ("is", " or "),
        FilterOp::NotIn => ("is not", " or "),
        FilterOp::Contains => ("contains", " or "),
        FilterOp::Above => ("above", " or "),
        FilterOp::Below => ("below", " or "),
        FilterOp::AtLeast => ("at least", " or "),
        FilterOp::AtMost => ("at most", " or "),
        FilterOp::Between => ("between", " and "),
    }
}

fn range(time: &TimeRange) -> String {
    let instant = |instant: chrono::NaiveDateTime| {
        let format = if instant.time() == chrono::NaiveTime::MIN { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
        instant.format(format).to_string()
    };
    match (time.from, time.to) {
        (Some(from), Some(to)) => format!("from {} to before {}", instant(from), instant(to)),
        (Some(from), None) => format!("from {}", instant(from)),
        (None, Some(to)) => format!("before {}", instant(to)),
        (None, None) => "all data".to_owned(),
    }
}
