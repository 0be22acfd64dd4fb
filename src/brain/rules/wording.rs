//! A semantic query in plain words, for choices and for what was carried over.

use std::fmt::Write as _;

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{FilterOp, TimeRange};

/// "revenue by month, country ES, from 2025-01-01 to before 2026-01-01".
pub(super) fn plain(query: &SemanticQuery) -> String {
    let spaced = |names: &[String]| names.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(" and ");
    let mut out = match (&query.order_number, &query.list) {
        (Some(number), _) => number.clone(),
        (None, Some(list)) => format!("the {}", list.entity.replace('_', " ")),
        (None, None) => spaced(&query.measures),
    };
    if !query.dimensions.is_empty() {
        let _ = write!(out, " by {}", spaced(&query.dimensions));
    }
    for filter in &query.filters {
        let not = if filter.op == FilterOp::NotIn { "not " } else { "" };
        let _ = write!(out, ", {} {not}{}", filter.dimension.replace('_', " "), filter.values.join(" or "));
    }
    if let Some(time) = &query.time {
        let _ = write!(out, ", {}", range(time));
    }
    if let Some(ranking) = &query.ranking {
        let _ = write!(out, ", ranked by {}", ranking.by.replace('_', " "));
    }
    out
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
