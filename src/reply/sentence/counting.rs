//! How many groups there are, group by group of their figure; and the groups without a row.

use super::{Context, conditions, counted, opened, plural};

/// Groups that the sentence names; the rows name all.
const NAMED: usize = 5;

/// The sentence of a count by figure, or of groups without a row.
pub(super) fn groups(context: &Context<'_>) -> String {
    if context.query.without_rows { without_rows(context) } else { spread(context) }
}

fn without_rows(context: &Context<'_>) -> String {
    let query = context.query;
    let measure = query.measures.first().map_or_else(String::new, |name| context.vocabulary.title(name));
    let dimension = query.dimensions.first().or(query.count_of.as_ref());
    let noun = dimension.map_or_else(String::new, |name| context.vocabulary.title(name));
    let tail = format!("without {measure}{} {} {}", context.conditions(), context.when(), context.basis());
    if query.count_of.is_some() {
        let shown = context.figure(0, 0);
        let (is, noun) = if shown == "1" { ("is", noun) } else { ("are", plural(&noun)) };
        return format!("There {is} {shown} {noun} {tail}.");
    }
    let rows: Vec<usize> = (0..context.report.table.rows.len()).collect();
    if rows.is_empty() {
        return format!("There is no {noun} {tail}.");
    }
    let named = conditions::list(
        rows.iter().take(NAMED).map(|row| context.label(*row)),
        if rows.len() > NAMED { "," } else { "and" },
    );
    let more = if rows.len() > NAMED { format!(" and {} more", rows.len() - NAMED) } else { String::new() };
    opened(&format!("{} {tail}: {named}{more}.", counted(rows.len(), &noun)))
}

fn spread(context: &Context<'_>) -> String {
    let query = context.query;
    let measure = query.measures.first().map_or_else(String::new, |name| context.vocabulary.title(name));
    let Some(figures) = context.shape.measures.first() else { return context.nothing() };
    if context.report.table.rows.is_empty() {
        return context.nothing();
    }
    let noun = query.count_of.as_ref().map_or_else(String::new, |name| plural(&context.vocabulary.title(name)));
    let rows = 0..context.report.table.rows.len().min(NAMED);
    let clauses = rows.map(|row| format!("{} with {}", context.figure(row, figures.value), context.label(row)));
    let more = if context.report.table.rows.len() > NAMED { ", and so on" } else { "" };
    let list = clauses.collect::<Vec<_>>().join(", ");
    opened(&format!(
        "{noun} by their number of {measure}{} {}: {list}{more} {}.",
        context.conditions(),
        context.when(),
        context.basis()
    ))
}
