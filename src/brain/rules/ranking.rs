//! What is ranked, by what and how far, and which values are told apart. Must not rank over pairs that nobody asked for.

use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Direction, Filter, FilterOp, Ranking, Ties};

use super::assemble::{Draft, Problem, Rank};
use super::finish::is_grain;
use super::tokens::{Token, is_one_of, text};
use super::vocabulary::Vocabulary;

/// "top" with no number.
pub(super) const TOP: u32 = 10;

/// Measures of which more is worse: their "best" is the lowest.
pub(super) const ADVERSE: [&str; 15] = [
    "late_rate",
    "cancellation_rate",
    "cancelled_orders",
    "return_rate",
    "returned_units",
    "returns_count",
    "refunds",
    "payment_failure_rate",
    "transit_time",
    "fulfilment_time",
    "order_to_door_time",
    "late_shipments",
    "stuck_orders",
    "out_of_stock",
    "low_stock",
];

/// "in each of Fashion and Sports", "in Spain and in Portugal", "return rate of Spain and Portugal": one figure for each of them. A sum
/// over "Spain and Portugal" is one of both, as it is said.
pub(super) fn values_apart(draft: &mut Draft, tokens: &[Token], vocabulary: &Vocabulary) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let means = |name: &String| {
        matches!(vocabulary.unit(name), Some(Unit::Percent | Unit::Days | Unit::Hours)) || name.starts_with("average")
    };
    // "in Spain and in Portugal": the same preposition again.
    let again = (1..tokens.len().saturating_sub(2)).any(|at| {
        text(at) == "and"
            && matches!(text(at + 1), "in" | "from" | "for" | "to" | "of" | "on" | "with" | "at" | "by")
            && (1..=3).any(|back| at > back && text(at - back - 1) == text(at + 1))
    });
    let query = &mut draft.query;
    let joined = says(&["and", "&"])
        && !says(&["or", "together", "combined", "either", "both", "total", "altogether", "plus", "overall"]);
    let rates = joined && !query.measures.is_empty() && query.measures.iter().all(means) && draft.rank.is_none();
    // "in each country (Spain, Portugal)"
    let each = |one: &Filter| {
        (1..tokens.len())
            .any(|at| text(at - 1) == "each" && tokens[at].stem.len() > 3 && one.dimension.ends_with(&tokens[at].stem))
    };
    let each = query.filters.iter().any(each);
    if !(draft.each_value || each || joined && (again || rates))
        || draft.count.is_some()
        || query.count_of.is_some()
        || !query.sets.is_empty()
    {
        return;
    }
    let several: Vec<&Filter> =
        query.filters.iter().filter(|one| one.op == FilterOp::In && (2..=6).contains(&one.values.len())).collect();
    let [one] = &several[..] else { return };
    let dimension = one.dimension.clone();
    let status = dimension.ends_with("status") || dimension.ends_with("reason") || is_grain(&dimension);
    if query.dimensions.contains(&dimension) || status && !draft.each_value || query.compare.is_some() {
        return;
    }
    if let (Some(rank), [_]) = (&mut draft.rank, &query.dimensions[..]) {
        rank.per.get_or_insert_with(|| dimension.clone());
    }
    query.dimensions.push(dimension);
}

/// The ranking that the words ask for, or a limit of the groups.
pub(super) fn rank(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let Some(rank) = draft.rank.take() else {
        if let Some(limit) = draft.limit {
            if draft.query.dimensions.is_empty() {
                return Err(Problem::new(format!("I cannot place the number {limit} in this question")));
            }
            draft.query.limit = Some(limit);
        }
        return Ok(());
    };
    let query = &mut draft.query;
    // "3 best selling books": products of the category that is named in the plural.
    let goods = query.filters.iter().any(|filter| filter.dimension == "category" && filter.op == FilterOp::In);
    if query.dimensions.is_empty()
        && goods
        && matches!(rank.by.as_deref(), Some("units_sold" | "gross_profit" | "returned_units"))
    {
        query.dimensions.push("product".to_owned());
        draft.notes.push("ranked the products of the category".to_owned());
    }
    // "business customers in Germany by spend, top 10": the customers.
    let spends = rank.by.as_deref().is_some_and(|by| by != "customers")
        || matches!(&query.measures[..], [who, _] if who == "customers");
    if query.dimensions.is_empty()
        && spends
        && query.measures.first().is_some_and(|name| name == "customers")
        && !draft.how_many
    {
        query.measures.remove(0);
        query.dimensions.push("customer".to_owned());
    }
    let by_count = units_of_orders(draft, &rank, tokens);
    let query = &mut draft.query;
    if query.dimensions.is_empty() {
        return Err(Problem::new("the top of what? Say what is ranked: products, customers, countries, months, ..."));
    }
    let mut rank = rank;
    if let ([_, _], [each], None) = (&query.dimensions[..], &draft.each[..], &rank.per) {
        rank.per = Some(each.clone());
    }
    if query.dimensions.len() > 1
        && rank.per.is_none()
        && !rank.only_order
        && !is_told_beside(&query.dimensions, tokens)
    {
        let [first, second] = [&query.dimensions[0], &query.dimensions[1]].map(|name| name.replace('_', " "));
        return Err(Problem {
            ruled_out: false,
            message: format!("ranked over all pairs of {first} and {second}, or within each {second}?"),
            choices: vec![format!("top {first} per {second}"), format!("top {second} per {first}")],
        });
    }
    // "bought the most items": the units that were named, not what they cost.
    let buys = tokens.iter().any(|token| matches!(token.text.as_str(), "bought" | "buy" | "buys" | "purchased"));
    let units = buys && rank.by.as_deref() == Some("revenue") && query.measures == ["units_sold"];
    let by = by_count.or_else(|| rank.by.clone().filter(|_| !units)).or_else(|| query.measures.first().cloned());
    let by = of_failures(query, by, tokens);
    let by = ranked_by(query, by_carriers(by, &query.dimensions, tokens)?);
    if by == "returns_count" && query.measures == ["returned_units"] {
        query.measures.clear();
    }
    slow_in_what(query, &by, tokens)?;
    if !query.measures.contains(&by) {
        query.measures.push(by.clone());
    }
    let direction = end_of(rank.direction, query, &by, tokens);
    let one = rank.limit.is_none() && (rank.extreme && rank.singular || draft.limit.is_none() && is_top_one(tokens));
    let limit = match rank.limit.or(draft.limit) {
        Some(limit) => Some(limit),
        None if rank.only_order => None,
        None => Some(if one { 1 } else { TOP }),
    };
    // "what share did the ten largest customers account for", "the top five brands together"
    let several = limit.is_some_and(|limit| limit > 1) && query.dimensions.len() == 1 && rank.per.is_none();
    let said = tokens.iter().any(|token| matches!(token.text.as_str(), "together" | "combined" | "altogether"));
    // "bought together with Kettle" says of the orders.
    let said = said && !query.sets.iter().any(|set| set.who == "order" && set.what == "lines");
    let each = tokens.iter().any(|token| matches!(token.text.as_str(), "each" | "respective" | "respectively"));
    let together = several && !each && (said || draft.share && draft.share_first);
    query.ranking = Some(Ranking {
        together,
        by,
        direction,
        limit,
        skip: rank.skip,
        ties: if one { Ties::All } else { Ties::Cut },
        per: rank.per,
        change: None,
    });
    Ok(())
}

/// "who is our top customer", "top city outside Portugal": one, where "top customers" are ten.
fn is_top_one(tokens: &[Token]) -> bool {
    const ONE: &str = "customer client buyer spender product item article sku brand category city country carrier warehouse channel \
        segment month day week quarter year";
    // "top product categories"
    const MORE: &str = "customers products items brands categories cities countries segments channels names lines reasons groups orders codes";
    (0..tokens.len()).any(|at| {
        let after = text(tokens, at + 2);
        text(tokens, at) == "top" && is_one_of(ONE, text(tokens, at + 1)) && !is_one_of(MORE, after)
    })
}

/// The measure that is ranked by, where none was said: revenue.
fn ranked_by(query: &mut SemanticQuery, by: Option<String>) -> String {
    if by.as_deref() == Some("shipments") && query.measures == ["revenue"] {
        query.measures.clear();
    }
    let by = by.unwrap_or_else(|| "revenue".to_owned());
    // "our best customer among the customers from Lisbon": each is one customer, so by what they bought.
    if matches!(by.as_str(), "customers" | "buyers") && query.dimensions.iter().any(|name| name == "customer") {
        query.measures.retain(|name| *name != by);
        return query.measures.first().cloned().unwrap_or_else(|| "revenue".to_owned());
    }
    by
}

/// "which carrier do we use most", "what's our worst carrier?": a carrier sells nothing, so revenue is no default.
fn by_carriers(by: Option<String>, groups: &[String], tokens: &[Token]) -> Result<Option<String>, Problem> {
    let said = tokens.iter().any(|token| {
        matches!(
            token.stem.as_str(),
            "revenue" | "sale" | "turnover" | "money" | "sold" | "value" | "worth" | "earn" | "sell"
        )
    });
    if groups != ["carrier"] || said || by.as_deref().is_some_and(|by| by != "revenue") {
        return Ok(by);
    }
    if tokens.iter().any(|token| matches!(token.text.as_str(), "use" | "used" | "uses" | "using")) {
        return Ok(Some("shipments".to_owned()));
    }
    Err(Problem {
        ruled_out: false,
        message: "the best or the worst carrier by what?".to_owned(),
        choices: ["carriers by on-time rate", "carriers by transit time", "carriers by number of parcels"]
            .map(str::to_owned)
            .to_vec(),
    })
}

/// "which order had the most units": the orders, by what they hold.
fn units_of_orders(draft: &mut Draft, rank: &Rank, tokens: &[Token]) -> Option<String> {
    let query = &mut draft.query;
    let of_orders = query.measures == ["orders"]
        && query.dimensions.is_empty()
        && !draft.how_many
        && rank.extreme
        && rank.by.as_deref().is_none_or(|by| by == "orders");
    let counted = tokens.iter().find_map(|token| match token.stem.as_str() {
        "unit" | "item" | "piece" | "article" => Some("units_sold"),
        "line" => Some("order_lines"),
        "parcel" | "package" => Some("shipments"),
        _ => None,
    });
    let counted = counted.filter(|_| of_orders)?.to_owned();
    query.measures = vec![counted.clone()];
    query.dimensions.push("order".to_owned());
    Some(counted)
}

/// "our 10 best customers with country and segment": what each of them has once.
fn is_told_beside(dimensions: &[String], tokens: &[Token]) -> bool {
    if !tokens.iter().any(|token| matches!(token.text.as_str(), "with" | "and" | "," | "including")) {
        return false;
    }
    let has = |name: &str| dimensions.iter().any(|known| known == name);
    let of_customers = |name: &String| name.starts_with("customer");
    let of_products = |name: &String| matches!(name.as_str(), "product" | "sku" | "brand" | "category");
    has("customer") && dimensions.iter().all(of_customers) || has("product") && dimensions.iter().all(of_products)
}

/// The direction of a judgement: of what is adverse, the best is the lowest.
pub(super) fn judged(direction: Direction, by: &str, tokens: &[Token]) -> Direction {
    let judged = tokens.iter().any(|token| matches!(token.text.as_str(), "best" | "worst" | "poorest"));
    match (direction, judged && ADVERSE.contains(&by)) {
        (Direction::Top, true) => Direction::Bottom,
        (Direction::Bottom, true) => Direction::Top,
        (direction, false) => direction,
    }
}

/// "our slowest month": few orders, or parcels that take long?
fn slow_in_what(query: &SemanticQuery, by: &str, tokens: &[Token]) -> Result<(), Problem> {
    const TRAVELS: &str = "parcel parcels shipping delivery deliveries transit ship ships deliver delivering orders";
    let slow = tokens.iter().any(|token| matches!(token.text.as_str(), "slowest" | "fastest"));
    let travels = tokens.iter().any(|token| is_one_of(TRAVELS, &token.stem));
    let units = !query.dimensions.is_empty() && query.dimensions.iter().all(|name| is_grain(name));
    if slow && by == "transit_time" && !travels && units && query.measures.iter().all(|name| name == by) {
        return Err(Problem {
            ruled_out: false,
            message: "slow in what: few orders, or parcels that travel long?".to_owned(),
            choices: vec!["the fewest orders".to_owned(), "the longest transit time".to_owned()],
        });
    }
    Ok(())
}

/// Which end is meant: of what is adverse the worst are the most.
fn end_of(said: Direction, query: &SemanticQuery, by: &str, tokens: &[Token]) -> Direction {
    // "back ordered lines per product, the worst ten": of what is adverse the worst are the most.
    let adverse = query.filters.iter().any(|filter| {
        filter.op == FilterOp::In
            && (matches!(filter.dimension.as_str(), "back_order" | "parcel_late" | "failure_reason" | "return_reason")
                || filter
                    .values
                    .iter()
                    .any(|value| matches!(value.as_str(), "failed" | "lost" | "exception" | "cancelled")))
    });
    let worst = tokens.iter().any(|token| matches!(token.text.as_str(), "worst" | "poorest"));
    match judged(said, by, tokens) {
        Direction::Bottom if adverse && worst && said == Direction::Bottom => Direction::Top,
        other => other,
    }
}

/// "which payment method fails most": by attempts, of which no revenue came.
fn of_failures(query: &mut SemanticQuery, by: Option<String>, tokens: &[Token]) -> Option<String> {
    let failed = query.filters.iter().any(|filter| filter.dimension == "payment_status" && filter.values == ["failed"]);
    let money = tokens.iter().any(|token| is_one_of("revenue sales turnover income spend spent worth", &token.text));
    if !failed || money || by.as_deref().is_some_and(|by| by != "revenue") {
        return by;
    }
    query.measures.retain(|name| name != "revenue");
    Some("payment_attempts".to_owned())
}
