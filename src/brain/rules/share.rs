//! Of what a share is: of all groups, of a part in each group, of those who have a row. Must not read words again that a span
//! has read, but for those that say that something is divided.

use oms_tools::orders::semantic::query::Share;

use super::assemble::{Draft, Problem};
use super::finish::is_grain;
use super::tokens::Token;

/// "mobile share of orders per quarter" is what mobile has in each; "revenue from Spain divided between the categories, in
/// percent" is what each has in it.
fn part_in_each_group(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &mut draft.query;
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let divided =
        says(&["divide", "divides", "divided", "split", "splits", "breakdown", "break", "distribution", "mix"])
            || says(&["each", "every"]) && says(&["within"]);
    let named = draft.part.clone().filter(|part| query.filters.iter().any(|filter| filter.dimension == *part));
    let along_time = query.dimensions.iter().all(|name| is_grain(name));
    let one = || match &query.filters[..] {
        [filter] if along_time || draft.grouped_first => Some(filter.dimension.clone()),
        _ => None,
    };
    if divided && named.is_none() && !along_time {
        query.share = Some(Share::OfGroups);
        return Ok(());
    }
    if let Some(part) = named.or_else(one).filter(|_| !divided && query.sets.is_empty() && query.ranking.is_none()) {
        query.share = Some(Share::OfWithout(part));
        return Ok(());
    }
    let part = query.filters[0].values.join(" or ");
    Err(Problem::new(format!("is it each group's share within {part}, or the share that {part} has in each group?")))
}

/// Says of what the share is, where one is asked for; asks back where the words leave it open.
pub(super) fn of_what(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    if !draft.share {
        return Ok(());
    }
    let query = &mut draft.query;
    // A rate is one already; "in percent" says nothing more.
    let rates =
        query.measures.iter().all(|measure| {
            measure.ends_with("_rate") || matches!(measure.as_str(), "gross_margin" | "average_discount")
        }) || query.measures == ["gross_profit", "gross_margin"];
    if rates && !query.measures.is_empty() {
        return Ok(());
    }
    let of_a_part = draft.part_first || draft.part.is_some() || draft.grouped_first;
    if of_a_part && !query.dimensions.is_empty() && !query.filters.is_empty() {
        return part_in_each_group(draft, tokens);
    }
    query.share =
        Some(if !query.sets.is_empty() && (draft.part.is_none() || draft.part_named) && query.dimensions.is_empty() {
            Share::OfWithoutSets
        } else if !query.dimensions.is_empty() {
            Share::OfGroups
        } else if let [filter] = &query.filters[..] {
            Share::OfWithout(filter.dimension.clone())
        } else if let Some(part) =
            draft.part.clone().filter(|part| query.filters.iter().any(|filter| filter.dimension == *part))
        {
            Share::OfWithout(part)
        } else {
            return Err(Problem::new(
                "the share of which part? Say \"share of revenue by country\" or \"share of orders that are mobile\"",
            ));
        });
    Ok(())
}
