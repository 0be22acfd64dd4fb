//! A query in words: the definitions, the conditions, the exact range; and the notes that an answer carries.

use chrono::{Duration, NaiveDateTime, NaiveTime};

use super::{
    SemanticModel, SemanticQuery,
    catalog::Measure,
    model::Exclusion,
    plan::{
        conditions::{Family, meant},
        parts::{Part, Request, Slot},
        ranges::Span,
    },
    query::{
        Change, Comparison, Direction, Filter, FilterOp, MeasureFilter, Ratio, RowList, SetFilter, Share, Statistic,
        TimeRange,
    },
    validate::sets::REGISTRATION,
};

/// What figures mean: each measure's definition, the conditions, the range.
pub(crate) fn figures(request: &Request<'_>, slots: &[Slot]) -> String {
    let (model, query) = (request.model, request.query);
    let mut parts: Vec<String> = query
        .measures
        .iter()
        .filter_map(|name| model.catalog.measure(name))
        .map(|measure| {
            let of = query.statistic.map(statistic);
            let per = query.average_per.as_ref().map(|per| format!(" per {}", title(model, per)));
            let each = model.formulas.get(&measure.name).and_then(|formula| formula.each.as_ref());
            if let Some(ratio) = &query.ratio {
                return divided(model, measure, ratio);
            }
            match (of, per, each) {
                (Some(of), None, Some(each)) => format!("{of} of {}", each.words),
                (None, None, _) => format!("{}: {}", measure.title, measure.definition),
                (of, per, _) => {
                    let (of, per) = (of.unwrap_or_else(|| "mean".to_owned()), per.unwrap_or_default());
                    format!("{of}{per} of {}: {}", measure.title, measure.definition)
                }
            }
        })
        .collect();
    if slots.iter().any(|slot| replaced(request, slot).is_some()) {
        parts.push("the condition on the status stands in place of what is usually left out".to_owned());
    }
    let family = slots.first().map_or(Family::Orders, |slot| slot.family);
    parts.extend(conditions(model, query, family));
    if query.without_rows {
        let groups = query.dimensions.first().or(query.count_of.as_ref()).map(|name| title(model, name));
        parts.push(format!("only each {} that has none of it", groups.unwrap_or_default()));
    }
    if let Some(counted) = &query.count_of {
        let each = if query.spread { ", for each figure" } else { "" };
        parts.push(format!("the number of its groups by {}{each}", title(model, counted)));
    }
    match &query.share {
        Some(_) if query.count_of.is_some() => {
            parts.push("as a part of all groups that have a row of it".to_owned());
        }
        Some(Share::OfGroups) => parts.push("with each group's share of the total".to_owned()),
        Some(Share::OfWithoutSets) => parts.push("as a share of the same, whoever has such a row or not".to_owned()),
        Some(Share::OfWithout(dimension)) => {
            parts.push(format!("as a share of the same without the condition on {}", title(model, dimension)));
        }
        None => {}
    }
    if let Some(ranking) = query.ranking.as_ref().filter(|ranking| ranking.together) {
        let end = if ranking.direction == Direction::Top { "highest" } else { "lowest" };
        let groups = query.dimensions.first().map(|name| title(model, name)).unwrap_or_default();
        let limit = ranking.limit.unwrap_or_default();
        parts.push(format!("the {limit} groups of {groups} with the {end} {} together", title(model, &ranking.by)));
    }
    if let Some(ranking) = query.ranking.as_ref().filter(|ranking| ranking.change.is_some()) {
        let percent = if ranking.change == Some(Change::Percent) { " in percent" } else { "" };
        parts.push(format!("ranked by the change of {}{percent}", title(model, &ranking.by)));
    }
    let timeless = query.measures.iter().all(|name| model.catalog.measure(name).is_some_and(|one| !one.has_time));
    parts.push(if timeless { "as it is now".to_owned() } else { range(query.time.as_ref()) });
    parts.extend(comparison(request));
    parts.join("; ")
}

/// `returned units per 100 orders: ... / count of orders`.
fn divided(model: &SemanticModel, measure: &Measure, ratio: &Ratio) -> String {
    let divided_by = model.catalog.measure(&ratio.to);
    let to = divided_by.map_or("", |to| to.definition.as_str());
    if divided_by.is_some_and(|to| ratio.is_share(measure.unit, to.unit)) {
        let whole = title(model, &ratio.to);
        return format!("{} as a share of {whole}: {} / {to}", measure.title, measure.definition);
    }
    let divisor = ratio.divisor(&title(model, &ratio.to));
    format!("{} per {divisor}: {} / {to}", measure.title, measure.definition)
}

/// `median`, `90th percentile`.
fn statistic(statistic: Statistic) -> String {
    match statistic {
        Statistic::Median => "median".to_owned(),
        Statistic::Percentile(percent) => {
            let ending = match (percent % 10, percent % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{percent}{ending} percentile")
        }
    }
}

fn comparison(request: &Request<'_>) -> Option<String> {
    let comparison = request.query.compare.as_ref()?;
    Some(match (request.shift, comparison) {
        (Some(_), Comparison::PreviousYear) => "each compared with a year before".to_owned(),
        (Some(_), _) => "each compared with the one before".to_owned(),
        (None, _) => format!("compared with {}", span(request.previous?)),
    })
}

/// What listed rows are.
pub(crate) fn list(model: &SemanticModel, query: &SemanticQuery, list: &RowList, limit: u32, family: Family) -> String {
    let noun = list.entity.replace('_', " ");
    let order = match (&list.order_by, list.ascending) {
        (Some(column), true) => format!("lowest {} first", column.replace('_', " ")),
        (Some(column), false) => format!("highest {} first", column.replace('_', " ")),
        (None, true) => "oldest first".to_owned(),
        (None, false) if list.entity == "inventory" => "by product".to_owned(),
        (None, false) => "newest first".to_owned(),
    };
    let after = if list.skip > 0 { format!(" after the first {}", list.skip) } else { String::new() };
    let mut parts = vec![format!("{noun}, {order}, at most {limit}{after}")];
    if let Some(measure) = list.of.as_ref().and_then(|name| model.catalog.measure(name)) {
        parts.push(format!("only {}: {}", measure.title, measure.definition));
    }
    parts.extend(conditions(model, query, family));
    parts.push(range(query.time.as_ref()));
    parts.join("; ")
}

fn conditions(model: &SemanticModel, query: &SemanticQuery, family: Family) -> Vec<String> {
    let filters = query.filters.iter().map(|filter| condition(model, filter, family));
    let sets = query.sets.iter().map(membership);
    let having = query.having.iter().map(|filter| figure(model, filter));
    filters.chain(sets).chain(having).collect()
}

/// `shipping country is not ES`.
fn condition(model: &SemanticModel, filter: &Filter, family: Family) -> String {
    let name = meant(model, &filter.dimension, family);
    let mut title = title(model, name);
    if let Some(means) = model.dimensions.get(name).and_then(|dimension| dimension.means.as_ref()) {
        title = format!("{title} ({means})");
    }
    format!("{title} {}", relation(filter.op, &filter.values))
}

fn figure(model: &SemanticModel, filter: &MeasureFilter) -> String {
    let of = match filter.of_change {
        Some(Change::Difference) => ": its change",
        Some(Change::Percent) => ": its change as a fraction",
        None if filter.of_total => " as a fraction of the total",
        None => "",
    };
    format!("{}{of} {}", title(model, &filter.measure), relation(filter.op, &filter.values))
}

fn relation(op: FilterOp, values: &[String]) -> String {
    let list = values.join(" or ");
    match op {
        FilterOp::In => format!("is {list}"),
        FilterOp::NotIn => format!("is not {list}"),
        FilterOp::Contains => format!("contains {list}"),
        FilterOp::Above => format!("is above {list}"),
        FilterOp::Below => format!("is below {list}"),
        FilterOp::AtLeast => format!("is at least {list}"),
        FilterOp::AtMost => format!("is at most {list}"),
        FilterOp::Between => format!("is from {}", values.join(" to ")),
    }
}

fn membership(set: &SetFilter) -> String {
    if set.what == REGISTRATION {
        let not = if set.has { "" } else { "not " };
        return format!("{} {not}registered {}", set.who, range(set.time.as_ref()));
    }
    if let Some(event) = set.what.strip_prefix("orders_") {
        let was = if set.has { "was" } else { "was not" };
        return format!(
            "{} {was} {event} ({})",
            set.who,
            set.time.as_ref().map_or("ever".to_owned(), |time| range(Some(time)))
        );
    }
    let has = if set.has { "has" } else { "has no" };
    let what = match set.what.as_str() {
        "orders" => "order that was not cancelled",
        "any_orders" => "order, whatever its status",
        "cancelled_orders" => "cancelled order",
        "open_orders" => "open order (placed, paid or packed)",
        "shipments" => "parcel",
        "payments" => "payment attempt",
        "lines" => "order line",
        _ => "return that was not rejected",
    };
    let article = match (set.has, what.starts_with('o')) {
        (false, _) => "",
        (true, true) => "an ",
        (true, false) => "a ",
    };
    let when = set.time.as_ref().map_or_else(|| "ever".to_owned(), |time| range(Some(time)));
    let of: Vec<String> = set
        .filters
        .iter()
        .map(|filter| format!(", {} {}", filter.dimension.replace('_', " "), relation(filter.op, &filter.values)))
        .collect();
    if let Some(count) = set.count {
        let many = match count.at_most {
            Some(most) if most == count.at_least => format!("{most}"),
            Some(most) => format!("{} to {most}", count.at_least),
            None => format!("at least {}", count.at_least),
        };
        let plural = if count.at_most == Some(1) { "" } else { "s" };
        return format!("{} has {many} {what}{plural} ({when}{})", set.who, of.concat());
    }
    format!("{} {has} {article}{what} ({when}{})", set.who, of.concat())
}

fn title(model: &SemanticModel, name: &str) -> String {
    let measure = model.catalog.measure(name).map(|measure| measure.title.clone());
    measure
        .or_else(|| model.catalog.dimension(name).map(|dimension| dimension.title.clone()))
        .unwrap_or_else(|| name.to_owned())
}

/// The exact range: `2025-12-01 to 2025-12-31 (UTC)`, `all data`.
pub(crate) fn range(range: Option<&TimeRange>) -> String {
    span(Span::of(range))
}

fn span(span: Span) -> String {
    match (span.from, span.to) {
        (Some(from), Some(to)) if is_midnight(from) && is_midnight(to) => {
            let last = (to - Duration::days(1)).date();
            if last <= from.date() {
                format!("{} (UTC)", from.date())
            } else {
                format!("{} to {last} (UTC)", from.date())
            }
        }
        (Some(from), Some(to)) => format!("{} to before {} (UTC)", instant(from), instant(to)),
        (Some(from), None) => format!("from {} on (UTC)", instant(from)),
        (None, Some(to)) => format!("before {} (UTC)", instant(to)),
        (None, None) => "all data".to_owned(),
    }
}

fn instant(at: NaiveDateTime) -> String {
    let format = if is_midnight(at) {
        "%Y-%m-%d"
    } else if at.format("%S").to_string() == "00" {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    at.format(format).to_string()
}

fn is_midnight(at: NaiveDateTime) -> bool {
    at.time() == NaiveTime::MIN
}

/// The exclusion of a slot that a filter replaces.
fn replaced<'a>(request: &Request<'a>, slot: &Slot) -> Option<&'a Exclusion> {
    let exclusion = request.model.figures.get(&slot.figure)?.exclusion.as_ref()?;
    let filters = &request.query.filters;
    filters
        .iter()
        .any(|filter| filter.dimension == exclusion.dimension && filter.op != FilterOp::NotIn)
        .then_some(exclusion)
}

/// What a reader should know besides.
pub(crate) fn notes(request: &Request<'_>, parts: &[Part]) -> Vec<String> {
    let query = request.query;
    let mut notes: Vec<String> = Vec::new();
    let mut put = |note: String| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    for part in parts {
        if let Some(words) = &part.left_out {
            put(format!("{words} are left out"));
        }
        if let Some(many) = &part.across {
            put(format!("groups overlap: each counts once in every group in which it has one of its {many}"));
        }
    }
    let asks = |name: &str| query.measures.iter().any(|measure| measure == name);
    if (asks("cancelled_orders") || asks("cancellation_rate")) && query.time.is_some() {
        put("cancelled orders are counted by when they were placed".to_owned());
    }
    for dimension in query.dimensions.iter().chain(query.filters.iter().map(|filter| &filter.dimension)) {
        let mut meanings: Vec<&str> = [Family::Customers, Family::Stock, Family::Orders]
            .into_iter()
            .filter(|family| {
                query.measures.iter().any(|name| {
                    let formula = request.model.formulas.get(name);
                    formula.is_some_and(|formula| super::plan::figures::family(request.model, formula) == *family)
                })
            })
            .map(|family| meant(request.model, dimension, family))
            .collect();
        meanings.dedup();
        if meanings.len() > 1 {
            put(format!("{dimension} means {}, as each measure has it", meanings.join(" and ").replace('_', " ")));
        }
    }
    notes
}
