//! Figures by groups: a ranking, a series, a split.

use oms_tools::Cell;
use oms_tools::orders::semantic::query::{Change, Direction, Ranking, Share};

use super::{Context, conditions, counted, facts, opened, plural, range, single};
use crate::reply::figures;
use crate::reply::shape::{Figures, is_series_grain};

/// The sentence of a result with groups; there is at least one row and one measure.
pub(super) fn groups(context: &Context<'_>) -> String {
    let ranked = context.query.ranking.as_ref();
    let main = context
        .shape
        .measures
        .iter()
        .find(|figures| ranked.is_some_and(|ranking| ranking.by == figures.name))
        .unwrap_or(&context.shape.measures[0]);
    let facts = match ranked {
        Some(ranking) => ranking_facts(context, main, ranking),
        None => split_facts(context, main),
    };
    opened(&format!("{facts} {}.", context.basis()))
}

fn ranking_facts(context: &Context<'_>, main: &Figures, ranking: &Ranking) -> String {
    let count = context.report.table.rows.len();
    let (conditions, when, title) = (context.conditions(), context.when(), context.title(&ranking.by));
    // "which category grew most": the change is what is ranked, and told.
    let changed = format!("{}_difference", ranking.by);
    let difference = || context.report.table.columns.iter().position(|column| column.name == changed);
    let (value, title) = match ranking.change {
        None => (main.value, title),
        Some(Change::Difference) => (difference().unwrap_or(main.value), format!("change of {title}")),
        Some(Change::Percent) => (main.change.unwrap_or(main.value), format!("change of {title} in percent")),
    };
    let (highest, lowest) = facts::extremes(context.report, value);
    let (end, word) = match ranking.direction {
        Direction::Top => (&highest, "highest"),
        Direction::Bottom => (&lowest, "lowest"),
    };
    let place = u8::try_from(ranking.skip + 1).map_or_else(|_| (ranking.skip + 1).to_string(), super::ordinal);
    let word = &if ranking.skip > 0 { format!("{place} {word}") } else { word.to_owned() };
    let Some(first) = end.first() else { return split_facts(context, main) };
    let base = ranking
        .change
        .and(context.query.compare.as_ref())
        .map(|compare| format!(" against the figures {}", range::base(context.query.time.as_ref(), compare)));
    let when = format!("{when}{}", base.unwrap_or_default());
    let figure = context.figure(*first, value);
    if let Some(per) = &ranking.per {
        let per = context.vocabulary.title(per);
        return format!(
            "the {word} {title} of each {per}{conditions} {when}: {}, {word} of all {} with {figure}",
            counted(count, "row"),
            context.labels(end)
        );
    }
    if end.len() == count {
        // One winner, or all that are shown tie.
        let names = context.labels(end);
        return match count {
            1 => format!("{names} had the {word} {title}{conditions} {when}: {figure}{}", share(context, main, *first)),
            _ => format!("{names} tie for the {word} {title}{conditions} {when} with {figure} each"),
        };
    }
    let groups = if let [dimension] = context.query.dimensions.as_slice() {
        plural(&context.vocabulary.title(dimension))
    } else {
        "groups".to_owned()
    };
    // Fewer groups than were asked for: these are all there are.
    let limit = ranking.limit.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit <= count);
    let scope = match (limit, ranking.direction) {
        (Some(_), _) if ranking.skip > 0 => format!("{count} {groups} by {title} from the {place} on"),
        (Some(_), Direction::Top) => format!("top {count} {groups} by {title}"),
        (Some(_), Direction::Bottom) => format!("bottom {count} {groups} by {title}"),
        (None, _) => format!("all {} {groups} by {title}", figures::group(&count.to_string())),
    };
    let tie = if end.len() > 1 { " each" } else { "" };
    let together = together(context, main)
        .filter(|_| ranking.change.is_none())
        .map_or_else(String::new, |total| format!("; together {total}"));
    format!(
        "{scope}{conditions} {when}: {} {word} with {figure}{tie}{}{together}",
        context.labels(end),
        if end.len() == 1 { share(context, main, *first) } else { String::new() }
    )
}

fn split_facts(context: &Context<'_>, main: &Figures) -> String {
    let titles = conditions::list(context.shape.measures.iter().map(|figures| context.title(&figures.name)), "and");
    let dimensions = context.dimensions();
    let by = if dimensions.is_empty() { String::new() } else { format!(" by {dimensions}") };
    let mut parts = Vec::new();
    let series = context.query.dimensions.iter().any(|name| is_series_grain(name));
    let count = context.report.table.rows.len();
    let groups = match context.query.dimensions.as_slice() {
        [dimension] => counted(count, &context.vocabulary.title(dimension)),
        _ => counted(count, "group"),
    };
    // What is said of a part is said as of a part.
    let limit = context.query.limit.and_then(|limit| usize::try_from(limit).ok());
    let groups = match (context.report.table.truncated, limit) {
        (true, _) => format!("the first {groups}, where a limit cut the result"),
        (false, Some(limit)) if limit <= count => format!("the first {groups}"),
        _ => groups,
    };
    match together(context, main) {
        Some(total) => parts.push(format!("{} in total over {groups}", named(context, main, &total))),
        None => parts.push(groups),
    }
    if count == 1 {
        parts = vec![format!("{} {}", context.label(0), context.figure(0, main.value))];
    } else if main.previous.is_some() && !series {
        parts.extend(movers(context, main));
    } else {
        let (highest, lowest) = facts::extremes(context.report, main.value);
        if let (Some(high), Some(low)) = (highest.first(), lowest.first()) {
            if highest.len() == lowest.len() && high == low {
                parts.push(named(context, main, &format!("all at {}", context.figure(*high, main.value))));
            } else {
                parts.push(format!("highest {}", extreme(context, main, &highest)));
                parts.push(format!("lowest {}", extreme(context, main, &lowest)));
            }
        }
    }
    format!("{titles}{by}{} {}: {}", context.conditions(), context.when(), parts.join("; "))
}

fn extreme(context: &Context<'_>, main: &Figures, rows: &[usize]) -> String {
    let first = rows.first().copied().unwrap_or(0);
    let each = if rows.len() > 1 { " each" } else { "" };
    let share = if rows.len() == 1 { share(context, main, first) } else { String::new() };
    format!("{} with {}{each}{share}", context.labels(rows), context.figure(first, main.value))
}

/// A fact of one measure among several is named.
fn named(context: &Context<'_>, main: &Figures, fact: &str) -> String {
    if context.shape.measures.len() > 1 { format!("{} {fact}", context.title(&main.name)) } else { fact.to_owned() }
}

/// The sum of all groups that are shown, where they add up.
fn together(context: &Context<'_>, main: &Figures) -> Option<String> {
    if context.report.table.rows.len() < 2 || !facts::adds_up(context.report, &main.name) {
        return None;
    }
    let total = facts::total(context.report, main.value)?;
    Some(figures::figure(&total.cell(), context.unit(main.value)))
}

fn share(context: &Context<'_>, main: &Figures, row: usize) -> String {
    main.share.and_then(|column| facts::percent(context.cell(row, column))).map_or_else(String::new, |percent| {
        match context.query.share {
            // "mobile share of orders by month": of that month's, not of all months together.
            Some(Share::OfWithout(_) | Share::OfWithoutSets) => format!(" ({percent} of all there)"),
            _ => format!(" ({percent} of the total)"),
        }
    })
}

/// The groups that rose and fell most against the other range.
fn movers(context: &Context<'_>, main: &Figures) -> Vec<String> {
    let Some(previous) = main.previous else { return Vec::new() };
    let moves: Vec<(usize, f64)> = (0..context.report.table.rows.len())
        .filter_map(|row| {
            let (now, before) = (context.cell(row, main.value)?, context.cell(row, previous)?);
            Some((row, facts::difference(now, before)?.as_f64()?))
        })
        .collect();
    let described = |row: usize| {
        let (now, before) = (context.cell(row, main.value)?, context.cell(row, previous)?);
        let fraction = main.change.and_then(|column| context.cell(row, column));
        let was = context.figure(row, previous);
        let change = single::change(now, before, context.unit(main.value), fraction, &was)?;
        Some(format!("{} {change}", context.label(row)))
    };
    let rise = moves
        .iter()
        .filter(|(_, by)| *by > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .and_then(|(row, _)| described(*row));
    let fall = moves
        .iter()
        .filter(|(_, by)| *by < 0.0)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .and_then(|(row, _)| described(*row));
    let time = context.query.time.as_ref();
    let base = context.query.compare.as_ref().map_or_else(String::new, |compare| range::base(time, compare));
    let mut said = Vec::new();
    said.extend(rise.map(|rise| format!("largest rise against the figures {base}: {rise}")));
    said.extend(fall.map(|fall| format!("largest fall: {fall}")));
    if said.is_empty() && !matches!(context.cell(0, previous), Some(Cell::Null)) {
        said.push(format!("nothing changed against the figures {base}"));
    }
    said
}
