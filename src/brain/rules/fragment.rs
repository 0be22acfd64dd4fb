//! A fragment edits the last question: "and last year?", "only mobile", "by month instead", "top 5".

use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{
    Asked, AskedOf, Comparison, Direction, Filter, FilterOp, Ranking, RowList, Share, Ties, TimeRange,
};

use super::assemble::{Draft, Problem, defining_status};
use super::finish::{check, is_grain};
use super::lexicon::{Family, family_of_measure};
use super::ranking::judged;
use super::tokens::Token;
use super::vocabulary::Vocabulary;

/// What is shown of one order of a list.
const ORDER: [&str; 11] = [
    "order_number",
    "placed_at",
    "order_status",
    "channel",
    "customer",
    "ship_country",
    "ship_city",
    "items_total",
    "grand_total",
    "cancel_reason",
    "updated_at",
];

/// Whether the words only make sense as an edit of the last question.
pub(super) fn is_fragment(frame: &SemanticQuery, draft: &Draft, tokens: &[Token]) -> bool {
    let query = &draft.query;
    // "the second one", "which one is the worst?", "which category got the most?": of what was shown.
    let of_shown = query.measures.is_empty()
        && query.filters.is_empty()
        && query.time.is_none()
        && draft.weak.is_none()
        && !draft.bought
        && draft.count.is_none()
        && query.order_number.is_none();
    // "which carrier?" after one order's story
    if frame.order_number.is_some() && query.measures.is_empty() && query.order_number.is_none() && tokens.len() <= 6 {
        return of_the_order(frame.clone(), draft).is_ok();
    }
    if in_all_of_them(frame, draft, tokens).is_some() {
        return true;
    }
    // "only web orders": the noun is what the last question was about.
    if only_a_noun(frame, draft) {
        return true;
    }
    let ranks = draft.place.is_some()
        || draft.priced.is_some()
        || draft.rank.as_ref().is_some_and(|rank| rank.by.is_none() && !rank.only_order);
    let groups = query.dimensions.is_empty() || query.dimensions == frame.dimensions;
    let shown = frame.list.is_some() || !frame.dimensions.is_empty();
    if of_shown && ranks && groups && shown && (query.dimensions.is_empty() || draft.rank.is_some()) {
        return true;
    }
    let standing = draft.weak.is_some()
        || draft.list
        || draft.bought
        || draft.counted.is_some()
        || draft.count.is_some()
        || draft.first_time
        || !query.sets.is_empty()
        || query.order_number.is_some()
        || !query.having.is_empty();
    if draft.those && draft.list && query.measures.is_empty() && query.dimensions.is_empty() {
        return true;
    }
    if draft.story || draft.percentile.is_some() || draft.distinct || draft.again || draft.how_long {
        return false;
    }
    // "per product, best first" orders what it splits.
    let cuts = draft.rank.as_ref().is_some_and(|rank| !rank.only_order);
    if standing || draft.newest.is_some() || (cuts && !query.dimensions.is_empty()) {
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
    // "revenue?" after a question with a range or groups
    let alone = bare && tokens.len() <= 3 && !draft.how_many;
    draft.instead || ((lead || draft.corrects || alone) && bare) || draft.those && !draft.how_many && bare
}

/// "how many bought in both of these years?" after "in 2023 but not in 2024": in the one and in the other.
fn in_all_of_them(frame: &SemanticQuery, draft: &Draft, tokens: &[Token]) -> Option<SemanticQuery> {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let has = says(&["both"]);
    let ranges = frame.sets.len() == 2 && frame.sets.iter().all(|set| set.time.is_some() && set.count.is_none());
    let new = &draft.query;
    let alone = new.filters.is_empty()
        && new.time.is_none()
        && new.having.is_empty()
        && new.sets.is_empty()
        && draft.rank.is_none()
        && new.measures.iter().all(|name| matches!(name.as_str(), "customers" | "buyers"));
    let those = says(&["these", "those", "them"]);
    if !(ranges && alone && those && has && (draft.bought || draft.how_many)) {
        return None;
    }
    let mut query = frame.clone();
    for set in &mut query.sets {
        set.has = true;
    }
    Some(query)
}

/// "and how was it paid?" after one order's story: the story says it.
fn of_the_order(query: SemanticQuery, draft: &Draft) -> Result<(SemanticQuery, Vec<String>), Problem> {
    let new = &draft.query;
    let told = |name: &String| {
        matches!(name.as_str(), "carrier" | "payment_method" | "customer" | "warehouse" | "product" | "channel")
            || name.ends_with("_status")
            || name.ends_with("_reason")
    };
    let asks = !new.dimensions.is_empty() || !new.measures.is_empty() || !new.filters.is_empty();
    let of_it = |measure: &String| {
        matches!(measure.as_str(), "payment_attempts" | "shipments" | "returned_units" | "returns_count" | "refunds")
    };
    if asks
        && new.dimensions.iter().all(told)
        && new.measures.iter().all(of_it)
        && new.filters.iter().all(|filter| told(&filter.dimension))
        && new.time.is_none()
        && draft.rank.is_none()
        && !draft.how_many
    {
        return Ok((query, draft.notes.clone()));
    }
    Err(Problem::new("the last question was about one order: ask the whole question"))
}

/// The last question with the fragment's changes.
#[expect(clippy::too_many_lines, reason = "one case after the other, in the order in which they are tried")]
pub(super) fn edit(
    frame: &SemanticQuery,
    draft: &Draft,
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Result<(SemanticQuery, Vec<String>), Problem> {
    let mut query = frame.clone();
    if draft.how_many {
        query.asked = None;
    }
    if let Some(both) = in_all_of_them(frame, draft, tokens) {
        return done(both, frame, draft.notes.clone(), vocabulary);
    }
    if draft.those && draft.list {
        return rows_of(frame, draft, vocabulary);
    }
    if query.order_number.is_some() {
        return of_the_order(query, draft);
    }
    // "and in euros" after units: what they came to.
    let euros = tokens.iter().any(|token| matches!(token.text.as_str(), "euro" | "euros" | "eur" | "€"));
    if euros && query.measures == ["units_sold"] && draft.query == SemanticQuery::default() && draft.rank.is_none() {
        query.measures = vec!["revenue".to_owned()];
        if let Some(ranking) = &mut query.ranking {
            "revenue".clone_into(&mut ranking.by);
        }
        return done(query, frame, draft.notes.clone(), vocabulary);
    }
    if let Some((op, values)) = &draft.bound {
        return done(bounded(query, *op, values, vocabulary)?, frame, draft.notes.clone(), vocabulary);
    }
    if let Some(found) = of_the_shown(&query, draft, tokens) {
        return done(found?, frame, draft.notes.clone(), vocabulary);
    }
    if let Some(moved) = unit_before(&query, draft, tokens) {
        query.time = Some(moved);
        return done(query, frame, draft.notes.clone(), vocabulary);
    }
    let mut new = draft.query.clone();
    // "in units rather than value" of the stock: units that lie there, not those that were sold.
    if new.measures == ["units_sold"]
        && frame.measures.first().is_some_and(|measure| family_of_measure(measure) == Family::Stock)
    {
        new.measures = vec!["stock".to_owned()];
    }
    let new = &new;
    let notes = draft.notes.clone();
    if !new.measures.is_empty() && !only_a_noun(frame, draft) {
        if query.list.is_some() {
            return Err(Problem::new("the last question listed rows: ask the whole question"));
        }
        let adds = tokens.first().is_some_and(|token| matches!(token.text.as_str(), "add" | "also"));
        if adds || new.measures.len() == 1 && query.measures.contains(&new.measures[0]) && draft.rank.is_some() {
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
        // "without Portugal" after "only Spain and Portugal" leaves Spain.
        if excludes
            && let Some(chosen) =
                query.filters.iter_mut().find(|known| known.dimension == filter.dimension && known.op == FilterOp::In)
        {
            chosen.values.retain(|value| !filter.values.contains(value));
            if chosen.values.is_empty() {
                return Err(Problem::new("then nothing would be left of the last question's choice"));
            }
            continue;
        }
        query.filters.retain(|known| {
            known.dimension != filter.dimension || (excludes && known.op == FilterOp::NotIn && known != filter)
        });
        query.filters.push(filter.clone());
    }
    if let Some(rank) = draft.rank.clone() {
        if query.dimensions.is_empty() {
            return Err(Problem::new("the last question has no groups to rank: say what is ranked"));
        }
        let again = rank.only_order.then(|| query.ranking.clone()).flatten();
        if let (Some(mut ranking), Some(by)) = (again, rank.by.clone()) {
            // "by profit instead": the same ranking by another figure.
            query.measures.retain(|measure| *measure != ranking.by);
            if !query.measures.contains(&by) {
                query.measures.insert(0, by.clone());
            }
            ranking.by = by;
            query.ranking = Some(ranking);
            return done(query, frame, notes, vocabulary);
        }
        let by = rank
            .by
            .or_else(|| query.ranking.as_ref().map(|ranking| ranking.by.clone()))
            .or_else(|| query.measures.first().cloned());
        let Some(by) = by else { return Err(Problem::new("ranked by which figure?")) };
        if !query.measures.contains(&by) {
            if draft.instead || draft.corrects {
                query.measures.clear();
            }
            query.measures.push(by.clone());
        }
        let per = query.ranking.as_ref().and_then(|ranking| ranking.per.clone());
        let limit = if rank.only_order { None } else { Some(rank.limit.unwrap_or(if rank.extreme { 1 } else { 10 })) };
        let ties = if rank.extreme && rank.limit.is_none() { Ties::All } else { Ties::Cut };
        query.ranking = Some(Ranking {
            by,
            direction: rank.direction,
            limit,
            skip: rank.skip,
            ties,
            per,
            together: false,
            change: None,
        });
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
    done(query, frame, notes, vocabulary)
}

/// "over 500?": the last question's one condition with another number.
fn bounded(
    mut query: SemanticQuery,
    op: FilterOp,
    values: &[String],
    vocabulary: &Vocabulary,
) -> Result<SemanticQuery, Problem> {
    let compares = |op: FilterOp| !matches!(op, FilterOp::In | FilterOp::NotIn | FilterOp::Contains);
    let counts = query.having.iter().filter(|one| compares(one.op) || one.op == FilterOp::In).count();
    let amounts = query.filters.iter().filter(|filter| compares(filter.op)).count();
    match (counts, amounts) {
        (1, 0) => {
            for one in &mut query.having {
                one.op = op;
                one.values = values.to_vec();
            }
        }
        (0, 1) => {
            for filter in query.filters.iter_mut().filter(|filter| compares(filter.op)) {
                filter.op = op;
                filter.values = values.to_vec();
            }
        }
        // "over 500?" after one figure: whether it is.
        (0, 0) if query.list.is_none() && query.dimensions.is_empty() && query.compare.is_none() => {
            let measure = match &query.measures[..] {
                [measure] if !values.iter().any(|value| value.starts_with("0.")) => measure.clone(),
                [measure] if vocabulary.unit(measure) == Some(Unit::Percent) => measure.clone(),
                _ => return Err(Problem::new("which figure is meant? Ask the whole question")),
            };
            query.asked = Some(Asked { measure, op, values: values.to_vec(), of: AskedOf::Figure });
        }
        _ => {
            return Err(Problem::new("the number is a condition on what? Name the figure: \"orders above 500 euros\""));
        }
    }
    Ok(query)
}

/// "and the year before?", "and for the quarter before that?": the same of an earlier range; none where it is compared.
fn unit_before(query: &SemanticQuery, draft: &Draft, tokens: &[Token]) -> Option<TimeRange> {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let new = &draft.query;
    let asks = tokens.first().is_some_and(|token| matches!(token.text.as_str(), "and" | "what" | "how"))
        && says(&["before", "earlier"])
        && !says(&["vs", "versus", "compare", "compared", "against", "than", "difference", "change", "growth"]);
    let alone = new.measures.is_empty() && new.dimensions.is_empty() && new.filters.is_empty() && draft.rank.is_none();
    let time = query.time.as_ref().filter(|time| asks && alone && new.compare.is_some() && !time.running)?;
    let months = |count| chrono::Months::new(count);
    let back = |at: chrono::NaiveDateTime| {
        if says(&["year"]) {
            at.checked_sub_months(months(12))
        } else if says(&["quarter"]) {
            at.checked_sub_months(months(3))
        } else if says(&["month"]) {
            at.checked_sub_months(months(1))
        } else if says(&["week"]) {
            at.checked_sub_signed(chrono::Duration::days(7))
        } else if says(&["day"]) {
            at.checked_sub_signed(chrono::Duration::days(1))
        } else {
            None
        }
    };
    let words: Vec<&str> = tokens.iter().map(|token| token.raw.as_str()).collect();
    Some(TimeRange {
        from: Some(back(time.from?)?),
        to: Some(back(time.to?)?),
        label: words.join(" ").chars().take(40).collect(),
        unit: time.unit,
        running: false,
    })
}

/// "only web orders" after a question about another figure: orders are what it is about, not what is measured.
fn only_a_noun(frame: &SemanticQuery, draft: &Draft) -> bool {
    let new = &draft.query;
    let noun = match &new.measures[..] {
        [one] if one == "orders" => true,
        // "only customers in France", "just the VIP customers": whose orders, returns or refunds they were.
        [one] if one == "customers" => {
            new.filters.iter().all(|filter| filter.dimension.starts_with("customer_")) && frame.list.is_none()
        }
        [one] if matches!(one.as_str(), "shipments" | "returns_count" | "returned_units" | "payment_attempts") => {
            frame.measures.first().is_some_and(|known| family_of_measure(known) == family_of_measure(one))
        }
        _ => false,
    };
    draft.only
        && noun
        && !new.filters.is_empty()
        && new.dimensions.is_empty()
        && new.time.is_none()
        && draft.rank.is_none()
        && !draft.how_many
        && !frame.measures.is_empty()
}

/// "the second one", "the cheapest of them", "which one is the worst?": one of the rows or groups that were shown; none
/// where the words say something else.
fn of_the_shown(query: &SemanticQuery, draft: &Draft, tokens: &[Token]) -> Option<Result<SemanticQuery, Problem>> {
    let new = &draft.query;
    if !new.measures.is_empty() || !new.filters.is_empty() || new.time.is_some() {
        return None;
    }
    let mut query = query.clone();
    let skip = draft.place.map_or(0, |place| place.saturating_sub(1));
    let rank = draft.rank.clone().filter(|rank| !rank.only_order && rank.by.is_none());
    if query.list.as_ref().is_some_and(|list| list.entity == "orders") && !new.dimensions.is_empty() {
        return Some(Err(Problem::new(
            "I do not know the number of that order: ask for it, such as \"everything about ORD-0000042\"",
        )));
    }
    if let Some(list) = &mut query.list {
        let direction = draft.priced.or(rank.as_ref().map(|rank| rank.direction));
        let column = match list.entity.as_str() {
            "orders" => Some("items_total"),
            "products" => Some("price"),
            "payments" => Some("amount"),
            "returns" => Some("refund_amount"),
            _ => None,
        };
        match (direction, column) {
            (None, _) if draft.place.is_none() => return None,
            // "what happened to the second one?": with why it was cancelled.
            (None, _) if list.entity == "orders" && list.columns.is_empty() => {
                list.columns = ORDER.map(str::to_owned).to_vec();
            }
            (None, _) => {}
            (Some(_), None) => {
                return Some(Err(Problem::new("by which figure? The rows of the last answer have several")));
            }
            (Some(direction), Some(column)) => {
                list.order_by = Some(column.to_owned());
                list.ascending = direction == Direction::Bottom;
            }
        }
        list.skip = skip;
        list.limit = Some(rank.and_then(|rank| rank.limit).unwrap_or(1));
        return Some(Ok(query));
    }
    if query.dimensions.is_empty() || draft.priced.is_some() {
        return None;
    }
    let which = draft.which || draft.who;
    if draft.place.is_none() && !(which && rank.is_some()) {
        return None;
    }
    let ranked = query.ranking.as_ref().map(|ranking| (ranking.by.clone(), ranking.direction));
    let (by, before) = match (ranked, query.measures.first()) {
        (Some(ranked), _) => ranked,
        (None, Some(first)) => (first.clone(), Direction::Top),
        (None, None) => return None,
    };
    let direction = rank.as_ref().map_or(before, |rank| judged(rank.direction, &by, tokens));
    let limit = rank.as_ref().and_then(|rank| rank.limit).unwrap_or(1);
    let ties = if skip == 0 && limit == 1 { Ties::All } else { Ties::Cut };
    let per = query.ranking.as_ref().and_then(|ranking| ranking.per.clone());
    query.limit = None;
    query.ranking = Some(Ranking { by, direction, limit: Some(limit), skip, ties, per, together: false, change: None });
    Some(Ok(query))
}

/// "how many orders did those customers place": what the last question said of them holds on.
pub(super) fn of_those(
    frame: &SemanticQuery,
    mut query: SemanticQuery,
    notes: Vec<String>,
    vocabulary: &Vocabulary,
) -> Result<(SemanticQuery, Vec<String>), Problem> {
    let family = |query: &SemanticQuery| query.measures.first().map(|measure| family_of_measure(measure));
    let limited = frame.ranking.as_ref().is_some_and(|ranking| ranking.limit.is_some()) || frame.limit.is_some();
    if limited || !frame.having.is_empty() || frame.order_number.is_some() {
        return Err(Problem::new("`those` are rows of the last answer, which I cannot name: ask the whole question"));
    }
    if frame.time.is_some() && query.time.is_none() {
        if family(frame) != family(&query) {
            return Err(Problem::new("`those` were counted in a range of their own: ask the whole question"));
        }
        query.time.clone_from(&frame.time);
    }
    for filter in &frame.filters {
        if !query.filters.iter().any(|known| known.dimension == filter.dimension) {
            query.filters.push(filter.clone());
        }
    }
    for set in &frame.sets {
        if !query.sets.contains(set) {
            query.sets.push(set.clone());
        }
    }
    done(query, frame, notes, vocabulary)
}

fn done(
    mut query: SemanticQuery,
    frame: &SemanticQuery,
    mut notes: Vec<String>,
    vocabulary: &Vocabulary,
) -> Result<(SemanticQuery, Vec<String>), Problem> {
    // What one figure was asked to be says nothing of another one, nor of its groups.
    let known = query.asked == frame.asked;
    let same = query.measures == frame.measures && query.dimensions == frame.dimensions && query.list == frame.list;
    let groups = query.asked.as_ref().is_some_and(|asked| asked.of == AskedOf::Other);
    if known
        && (!same
            || query.compare != frame.compare
            || query.share != frame.share
            || groups && (query.filters != frame.filters || query.ranking != frame.ranking))
    {
        query.asked = None;
    }
    if query == *frame {
        return Err(Problem::new("this changes nothing in the last question"));
    }
    check(&Draft { query: query.clone(), ..Draft::default() }, vocabulary)?;
    notes.push(format!("carried over from the last question: {}", super::wording::plain(frame, vocabulary)));
    Ok((query, notes))
}

/// "list them": the rows that the last figure counted.
fn rows_of(
    frame: &SemanticQuery,
    draft: &Draft,
    vocabulary: &Vocabulary,
) -> Result<(SemanticQuery, Vec<String>), Problem> {
    let [measure] = &frame.measures[..] else {
        return Err(Problem::new("list what? The last question did not count one kind of rows"));
    };
    let entity = match measure.as_str() {
        "orders" | "cancelled_orders" | "open_orders" | "stuck_orders" => "orders",
        "customers" | "new_customers" => "customers",
        "payment_attempts" => "payments",
        "shipments" => "shipments",
        "returns_count" | "returned_units" => "returns",
        _ => return Err(Problem::new(format!("{} has no rows to list", vocabulary.title(measure)))),
    };
    if !frame.having.is_empty() || frame.ranking.is_some() || frame.compare.is_some() {
        return Err(Problem::new("the last answer's groups cannot be listed as rows: ask the whole question"));
    }
    let mut query = SemanticQuery {
        filters: frame.filters.clone(),
        sets: frame.sets.clone(),
        time: frame.time.clone(),
        list: Some(RowList {
            entity: entity.to_owned(),
            columns: Vec::new(),
            limit: draft.limit,
            ..RowList::default()
        }),
        ..SemanticQuery::default()
    };
    if let Some(status) = defining_status(measure) {
        query.filters.push(Filter {
            dimension: "order_status".to_owned(),
            op: FilterOp::In,
            values: status.iter().map(|status| (*status).to_owned()).collect(),
        });
    }
    if measure == "stuck_orders" && !query.filters.iter().any(|filter| filter.dimension == "days_since_placed") {
        query.filters.push(Filter {
            dimension: "days_since_placed".to_owned(),
            op: FilterOp::Above,
            values: vec!["3".to_owned()],
        });
    }
    query.filters.extend(draft.query.filters.iter().cloned());
    if let Some(time) = &draft.query.time {
        query.time = Some(time.clone());
    }
    done(query, frame, draft.notes.clone(), vocabulary)
}

fn dimensions(query: &mut SemanticQuery, draft: &Draft) -> Result<(), Problem> {
    let new = &draft.query.dimensions;
    if new.is_empty() {
        return Ok(());
    }
    if query.list.is_some() {
        return Err(Problem::new("the last question listed rows, which have no groups: ask the whole question"));
    }
    if draft.instead || draft.corrects {
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
    // "drill into Spain by city": one country is no group any more.
    for filter in &draft.query.filters {
        if filter.op == FilterOp::In
            && filter.values.len() == 1
            && !new.contains(&filter.dimension)
            && query.ranking.is_none()
        {
            query.dimensions.retain(|known| *known != filter.dimension);
        }
    }
    Ok(())
}
