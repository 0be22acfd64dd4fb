//! A fragment edits the last question: "and last year?", "only mobile", "by month instead", "top 5".

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, FilterOp, Ranking, Share, Ties};

use super::assemble::{Draft, Problem};
use super::finish::{check, is_grain};
use super::tokens::Token;
use super::vocabulary::Vocabulary;

/// Whether the words only make sense as an edit of the last question.
pub(super) fn is_fragment(draft: &Draft, tokens: &[Token]) -> bool {
    let query = &draft.query;
    let standing = draft.weak.is_some()
        || draft.list
        || draft.bought
        || draft.counted.is_some()
        || !query.sets.is_empty()
        || query.order_number.is_some()
        || !query.having.is_empty();
    if standing || draft.newest.is_some() || (draft.rank.is_some() && !query.dimensions.is_empty()) {
        return false;
    }
    if query.measures.is_empty() {
        return !draft.which && !draft.who;
    }
    let lead = tokens
        .first()
        .is_some_and(|token| matches!(token.text.as_str(), "and" | "or" | "now" | "same" | "add" | "also"))
        || tokens.len() > 1 && matches!((tokens[0].text.as_str(), tokens[1].text.as_str()), ("what" | "how", "about"));
    let bare = query.dimensions.is_empty() && query.filters.is_empty() && query.time.is_none() && draft.rank.is_none();
    draft.instead || (lead && bare)
}

/// The last question with the fragment's changes.
pub(super) fn edit(
    frame: &SemanticQuery,
    draft: &Draft,
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Result<(SemanticQuery, Vec<String>), Problem> {
    let mut query = frame.clone();
    if query.order_number.is_some() {
        return Err(Problem::new("the last question was about one order: ask the whole question"));
    }
    let new = &draft.query;
    let mut notes = draft.notes.clone();
    if !new.measures.is_empty() {
        if query.list.is_some() {
            return Err(Problem::new("the last question listed rows: ask the whole question"));
        }
        let adds = tokens.first().is_some_and(|token| matches!(token.text.as_str(), "add" | "also"));
        if adds {
            for measure in &new.measures {
                if !query.measures.contains(measure) {
                    query.measures.push(measure.clone());
                }
            }
        } else {
            if let Some(ranking) = query.ranking.as_mut().filter(|ranking| query.measures.contains(&ranking.by)) {
                ranking.by.clone_from(&new.measures[0]);
            }
            query.measures.clone_from(&new.measures);
        }
    }
    if let Some(time) = &new.time {
        query.time = Some(time.clone());
        if matches!(query.compare, Some(Comparison::Range(_))) {
            query.compare = None;
        }
    }
    if let Some(compare) = &new.compare {
        if query.time.is_none() && !query.dimensions.iter().any(|dimension| is_grain(dimension)) {
            return Err(Problem::new("which range is compared? The last question had none"));
        }
        query.compare = Some(compare.clone());
    } else if draft.growth {
        query.compare = Some(Comparison::PreviousPeriod);
    }
    dimensions(&mut query, draft)?;
    for filter in &new.filters {
        let excludes = filter.op == FilterOp::NotIn;
        query.filters.retain(|known| {
            known.dimension != filter.dimension || (excludes && known.op == FilterOp::NotIn && known != filter)
        });
        query.filters.push(filter.clone());
    }
    if let Some(rank) = draft.rank.clone() {
        if query.dimensions.is_empty() {
            return Err(Problem::new("the last question has no groups to rank: say what is ranked"));
        }
        let by = rank
            .by
            .or_else(|| query.ranking.as_ref().map(|ranking| ranking.by.clone()))
            .or_else(|| query.measures.first().cloned());
        let Some(by) = by else { return Err(Problem::new("ranked by which figure?")) };
        let limit = if rank.only_order { None } else { Some(rank.limit.unwrap_or(if rank.extreme { 1 } else { 10 })) };
        let ties = if rank.extreme && rank.limit.is_none() { Ties::All } else { Ties::Cut };
        query.ranking = Some(Ranking { by, direction: rank.direction, limit, ties, per: None });
    }
    if draft.share {
        query.share = Some(match (&query.dimensions[..], &query.filters[..]) {
            ([], [filter]) => Share::OfWithout(filter.dimension.clone()),
            ([], _) => return Err(Problem::new("the share of which part?")),
            _ => Share::OfGroups,
        });
    }
    if new.running_total || draft.trend {
        if !query.dimensions.iter().any(|dimension| is_grain(dimension)) {
            query.dimensions.insert(0, "month".to_owned());
        }
        query.running_total |= new.running_total;
    }
    if let Some(limit) = draft.limit {
        match &mut query.list {
            Some(list) => list.limit = Some(limit),
            None => query.limit = Some(limit),
        }
    }
    if query == *frame {
        return Err(Problem::new("this changes nothing in the last question"));
    }
    check(&Draft { query: query.clone(), ..Draft::default() }, vocabulary)?;
    notes.push(format!("carried over from the last question: {}", super::wording::plain(frame)));
    Ok((query, notes))
}

fn dimensions(query: &mut SemanticQuery, draft: &Draft) -> Result<(), Problem> {
    let new = &draft.query.dimensions;
    if new.is_empty() {
        return Ok(());
    }
    if query.list.is_some() {
        return Err(Problem::new("the last question listed rows, which have no groups: ask the whole question"));
    }
    if draft.instead {
        query.dimensions.clone_from(new);
        query.ranking = query.ranking.take().map(|ranking| Ranking { per: None, ..ranking });
        return Ok(());
    }
    for dimension in new {
        // One grain of time at once.
        if is_grain(dimension) {
            query.dimensions.retain(|known| !is_grain(known));
        }
        if !query.dimensions.contains(dimension) {
            query.dimensions.push(dimension.clone());
        }
    }
    Ok(())
}
