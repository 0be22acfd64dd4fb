//! A draft becomes a semantic query: the glossary's defaults, and the checks that no cover can make piece by piece.

use chrono::TimeDelta;
use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, Direction, Filter, FilterOp, RowList, TimeUnit};

use super::assemble::{Draft, Problem};
use super::changed;
use super::counted;
use super::forbidden;
use super::grouping;
use super::happened;
use super::lexicon::{Family, family_of_measure};
use super::meaning;
use super::order_story;
use super::ranking::{self, TOP};
use super::share;
use super::statistic;
use super::time;
use super::tokens::Token;
use super::vocabulary::Vocabulary;
use super::wanted;
use super::whether;

const GRAINS: [&str; 9] = ["hour", "day", "week", "month", "quarter", "year", "weekday", "day_type", "hour_of_day"];
/// Ranges under this many days trend by day, longer ones by month.
const DAILY_TREND_DAYS: i64 = 62;

/// Whether a dimension is a grain of time.
pub(super) fn is_grain(dimension: &str) -> bool {
    GRAINS.contains(&dimension)
}

/// Fills the defaults of a question that stands for itself.
pub(super) fn finish(
    mut draft: Draft,
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Result<(SemanticQuery, Vec<String>), Problem> {
    if draft.query.order_number.is_some() {
        return order_story::one_order(draft, tokens);
    }
    let words = draft.percentile.clone();
    let statistic = words.as_deref().map(statistic::named).transpose()?;
    if draft.bound.is_some() {
        return Err(Problem::new("the number is a condition on what? Name the figure: \"orders above 500 euros\""));
    }
    if draft.story {
        return Err(Problem::new("the story of which order? Give its number, such as ORD-0000042"));
    }
    changed::condition(&mut draft, tokens, vocabulary)?;
    meaning::together(&mut draft, tokens)?;
    if statistic.is_some() {
        statistic::of_orders(&mut draft, tokens);
    }
    grouping::settle(&mut draft, tokens)?;
    if let Some(counted) = &draft.counted
        && !(draft.weak.is_some() && draft.query.measures == ["units_sold"])
        && !draft.query.measures.iter().any(|measure| matches!(measure.as_str(), "out_of_stock" | "low_stock"))
    {
        return Err(Problem::new(format!(
            "I cannot count {counted}; I count orders, customers, buyers, units, returns, payments and parcels"
        )));
    }
    let said = !draft.query.filters.is_empty() || draft.query.time.is_some();
    if draft.only && !said && draft.rank.is_none() && draft.limit.is_none() {
        return Err(Problem::new("only what? The word after \"only\" is missing"));
    }
    if draft.instead {
        return Err(Problem::new("there is no question yet that this could change"));
    }
    // "at what hours do people order? orders by hour of the day": the hours of all days together.
    if draft.query.dimensions.iter().any(|name| name == "hour_of_day") {
        draft.query.dimensions.retain(|name| name != "hour");
    }
    shape(&mut draft, tokens)?;
    wanted::goods(&mut draft, tokens);
    if draft.query.list.is_none() {
        counted::returns_as_such(&mut draft, tokens);
        measures(&mut draft, tokens)?;
        ranking::values_apart(&mut draft, tokens, vocabulary);
        ranking::rank(&mut draft, tokens)?;
        along_time(&mut draft)?;
        changed::rank(&mut draft, tokens);
        if let (Some(statistic), Some(words)) = (statistic, &words) {
            statistic::take(&mut draft, statistic, words)?;
        } else {
            statistic::mean_of_sums(&mut draft, tokens);
            averages(&mut draft, vocabulary)?;
        }
        whether::of_change(&mut draft, tokens)?;
        share::of_what(&mut draft, tokens)?;
    } else if let Some(words) = &words {
        return Err(Problem::new(format!("the {words} of which figure? Rows have none")));
    }
    changed::check(&draft)?;
    same_day_last_week(&mut draft, tokens)?;
    meaning::kept(&mut draft)?;
    wanted::on_its_way(&mut draft);
    now_is_no_range(&mut draft, tokens, vocabulary);
    whether::of_one_figure(&mut draft, tokens, vocabulary)?;
    whether::of_the_first(&mut draft, tokens);
    check(&draft, vocabulary)?;
    forbidden::check(&draft, tokens)?;
    if draft.query.measures.iter().any(|measure| measure == "cancelled_orders")
        && draft.query.time.is_some()
        && !tokens.windows(2).any(|pair| pair[0].stem == "cancelled" && pair[1].stem == "order")
    {
        draft.notes.push("cancelled orders are counted by when they were placed".to_owned());
    }
    Ok((draft.query, draft.notes))
}

/// Rows or figures.
#[expect(clippy::too_many_lines, reason = "one shape after the other, in the order in which they are tried")]
fn shape(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    if grouping::outstanding(draft, tokens) {
        return Ok(());
    }
    happened::settle(draft, tokens);
    who_are_they(draft, tokens);
    of_one_person(draft, tokens);
    let query = &mut draft.query;
    let plain = draft.rank.is_none()
        && query.having.is_empty()
        && query.compare.is_none()
        && query.average_per.is_none()
        && !(draft.share || draft.trend || draft.growth || query.running_total || draft.average);
    if !query.sets.is_empty() && query.measures.is_empty() && plain && draft.weak.is_none() {
        let who = query.sets[0].who.clone();
        if query.dimensions.is_empty() || query.dimensions == [who.clone()] {
            query.dimensions.clear();
            query.list = Some(rows(&format!("{who}s"), draft.limit.take(), None));
            return Ok(());
        }
    }
    if let Some(direction) = draft.priced {
        if let ([of], true) = (&draft.each[..], query.measures.is_empty() && query.time.is_none() && plain) {
            // "dearest product of each category": a product's average price is its price.
            let per = of.clone();
            let one = !draft.plural_groups && !tokens.iter().any(|token| token.text == "products");
            let limit = draft.limit.take();
            query.measures.push("average_price".to_owned());
            query.dimensions = vec![per.clone(), "product".to_owned()];
            draft.rank = Some(super::assemble::Rank {
                direction,
                limit: limit.or((!one).then_some(TOP)),
                extreme: true,
                by: Some("average_price".to_owned()),
                singular: one,
                per: Some(per),
                only_order: false,
                skip: draft.place.map_or(0, |place| place.saturating_sub(1)),
            });
            return Ok(());
        }
        let goods = query.dimensions.is_empty() || query.dimensions == ["product"];
        if !query.measures.is_empty() || !goods || !draft.each.is_empty() || !plain || query.time.is_some() {
            return Err(Problem::new(
                "I can list the most expensive or the cheapest products, but not within groups or with figures",
            ));
        }
        let one = !draft.plural_groups && !tokens.iter().any(|token| token.text == "products");
        let limit = draft.place.map(|_| 1).or(draft.limit.take()).or(Some(if one { 1 } else { TOP }));
        let query = &mut draft.query;
        query.dimensions.clear();
        query.list = Some(RowList {
            order_by: Some("price".to_owned()),
            ascending: direction == Direction::Bottom,
            skip: draft.place.map_or(0, |place| place.saturating_sub(1)),
            ..rows("products", limit, None)
        });
        return Ok(());
    }
    // "products cheaper than 20 euros", "what are the list price and the cost of SKU-00011": nothing is measured, so their rows.
    let is = |filter: &Filter, names: &[&str]| names.contains(&filter.dimension.as_str());
    let cheaper = query.dimensions == ["product"] && query.filters.iter().any(|filter| is(filter, &["price"]));
    let of_one = tokens.iter().any(|token| matches!(token.stem.as_str(), "price" | "cost"))
        && query.dimensions.iter().all(|name| matches!(name.as_str(), "price" | "product" | "sku"))
        && matches!(&query.filters[..], [filter] if is(filter, &["sku", "product"]));
    if query.measures.is_empty()
        && plain
        && (cheaper || of_one)
        && draft.weak.is_none()
        && !draft.bought
        && query.time.is_none()
    {
        let limit = draft.limit.take();
        let query = &mut draft.query;
        query.dimensions.clear();
        let mut list = rows("products", limit, None);
        // What it costs the shop stands beside what it costs the customer only where both are asked for.
        let says = |stem: &str| tokens.iter().any(|token| token.stem == stem);
        if of_one && says("price") && says("cost") {
            list.columns = ["sku", "product", "price", "cost"].map(str::to_owned).to_vec();
        }
        query.list = Some(list);
        return Ok(());
    }
    // "which customers signed up last week"
    let signed = |token: &Token| matches!(token.text.as_str(), "registered" | "signed" | "joined" | "created");
    if tokens.iter().any(signed)
        && (draft.list || draft.which && tokens.iter().any(|token| token.text == "which"))
        && !draft.how_many
        && plain
        && query.measures == ["new_customers"]
        && (query.dimensions.is_empty() || query.dimensions == ["customer"])
        && tokens.iter().any(|token| token.stem == "customer")
    {
        let limit = draft.limit.take();
        let query = &mut draft.query;
        query.measures.clear();
        query.dimensions.clear();
        query.list = Some(rows("customers", limit, None));
        return Ok(());
    }
    let rows_asked =
        draft.list || draft.newest.is_some() || (draft.which && tokens.iter().any(|token| token.text == "which"));
    // "packed but not shipped, which ones"
    if (draft.which || draft.list)
        && draft.entity.is_none()
        && query.measures.is_empty()
        && query.dimensions.is_empty()
        && !query.filters.is_empty()
        && draft.weak.is_none()
        && query.filters.iter().all(|filter| filter.dimension == "order_status")
    {
        draft.entity = Some("orders".to_owned());
        query.measures.push("orders".to_owned());
    }
    if draft.newest.is_some() && plain && query.dimensions.is_empty() && draft.entity.as_deref() == Some("orders") {
        of_status(query);
    }
    if let (true, true, Some(entity)) = (rows_asked, plain && query.measures.len() <= 1, draft.entity.clone()) {
        let noun_only = query.dimensions.is_empty()
            || (query.dimensions.len() == 1 && format!("{}s", query.dimensions[0]) == entity);
        // Only a plain noun: "which parcels are late" asks for more than parcels.
        let same = query.measures.first().is_none_or(|measure| {
            family_of_entity(&entity) == Some(family_of_measure(measure))
                && matches!(
                    measure.as_str(),
                    "orders"
                        | "customers"
                        | "payment_attempts"
                        | "shipments"
                        | "returned_units"
                        | "returns_count"
                        | "stock"
                        | "units_sold"
                )
        });
        if noun_only && same && !draft.bought && draft.weak.is_none() {
            let limit = one_row(draft, &entity, tokens);
            let query = &mut draft.query;
            query.measures.clear();
            query.dimensions.clear();
            query.list = Some(rows(&entity, limit, draft.newest));
            draft.limit = None;
            return Ok(());
        }
    }
    // "what's sold out?", "what is running low in Madrid": the products, not how many.
    let flagged = matches!(&draft.query.measures[..], [one] if one == "low_stock" || one == "out_of_stock");
    if flagged && plain && !draft.how_many && draft.query.dimensions.is_empty() && wanted::asks_what(tokens) {
        draft.query.dimensions.push("product".to_owned());
        draft.which = true;
    }
    // "which products are below their reorder level in LIS-1? show 200": the pairs themselves.
    let low = draft.query.measures == ["low_stock"] && !draft.how_many && plain;
    let placed = draft.query.filters.iter().any(|filter| {
        matches!(filter.dimension.as_str(), "warehouse" | "city" | "country")
            || filter.dimension.starts_with("warehouse_")
    });
    if low && (draft.list || draft.which) && (placed || draft.limit.is_some()) && draft.each.is_empty() {
        let limit = draft.limit.take();
        draft.query.list = Some(RowList { of: Some("low_stock".to_owned()), ..rows("inventory", limit, None) });
        draft.query.measures.clear();
        draft.query.dimensions.clear();
        return Ok(());
    }
    // "list late parcels", "which parcels are late"
    let late = draft.query.measures == ["late_shipments"] && draft.query.dimensions.is_empty() && !draft.how_many;
    if late && plain && (draft.list || draft.which && tokens.iter().any(|token| token.text == "which")) {
        let limit = draft.limit.take();
        draft.query.list = Some(RowList { of: Some("late_shipments".to_owned()), ..rows("shipments", limit, None) });
        draft.query.measures.clear();
        return Ok(());
    }
    if draft.newest.is_some() {
        return Err(Problem::new("the latest of what? Say \"latest orders\", or a range such as \"last month\""));
    }
    Ok(())
}

/// "customers who returned something in 2025": they themselves, where nobody asks how many.
fn who_are_they(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let counts = |token: &Token| {
        matches!(
            token.text.as_str(),
            "many" | "number" | "count" | "total" | "share" | "percentage" | "percent" | "%" | "much"
        )
    };
    let named = tokens.iter().find(|token| !matches!(token.text.as_str(), "all" | "our" | "the" | "those"));
    let theirs = named.is_some_and(|token| matches!(token.text.as_str(), "customers" | "clients" | "shoppers"));
    if theirs
        && query.measures == ["customers"]
        && query.dimensions.is_empty()
        && !query.sets.is_empty()
        && query.sets.iter().all(|set| set.who == "customer" && set.what != "registration")
        && !tokens.iter().any(counts)
        && !draft.how_many
    {
        query.measures.clear();
    }
}

/// "orders yesterday vs the same day last week": seven days before, and never a day against a whole week.
fn same_day_last_week(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let same =
        tokens.windows(2).any(|pair| pair[0].text == "same" && matches!(pair[1].text.as_str(), "day" | "weekday"));
    let query = &mut draft.query;
    let (Some(time), Some(Comparison::Range(base))) = (&query.time, &mut query.compare) else { return Ok(()) };
    if time.unit != Some(TimeUnit::Day) || base.unit != Some(TimeUnit::Week) {
        return Ok(());
    }
    let week = TimeDelta::days(7);
    let before = time.from.map(|from| from - week);
    let within =
        before.is_some_and(|day| base.from.is_some_and(|from| from <= day) && base.to.is_some_and(|to| day < to));
    if !same || !within {
        return Err(Problem::new("a day against a whole week? Say \"the same day last week\", or a mean per day"));
    }
    base.from = before;
    base.to = time.to.map(|to| to - week);
    base.unit = Some(TimeUnit::Day);
    "the same day last week".clone_into(&mut base.label);
    query.dimensions.retain(|name| !matches!(name.as_str(), "day" | "weekday"));
    draft.each.clear();
    Ok(())
}

/// "tell me about customer Louis Martin": who that is, where nobody asks how many are called so.
fn of_one_person(draft: &mut Draft, tokens: &[Token]) {
    let about = tokens.iter().any(|token| matches!(token.text.as_str(), "about" | "details" | "profile" | "who"));
    let query = &mut draft.query;
    let [filter] = &query.filters[..] else { return };
    if about
        && !draft.how_many
        && query.measures == ["customers"]
        && query.dimensions.is_empty()
        && query.sets.is_empty()
        && query.time.is_none()
        && filter.dimension == "customer"
        && filter.op == FilterOp::In
    {
        query.measures.clear();
        query.list = Some(rows("customers", None, None));
    }
}

/// "the oldest order that is still open": the status that defines the measure, as rows are asked for.
fn of_status(query: &mut SemanticQuery) {
    let [measure] = &query.measures[..] else { return };
    let Some(status) = super::assemble::defining_status(measure).filter(|_| measure != "stuck_orders") else { return };
    query.filters.push(Filter {
        dimension: "order_status".to_owned(),
        op: FilterOp::In,
        values: status.iter().map(|status| (*status).to_owned()).collect(),
    });
    query.measures = vec!["orders".to_owned()];
}

/// "the last order" is one row.
fn one_row(draft: &Draft, entity: &str, tokens: &[Token]) -> Option<u32> {
    let one = draft.newest.is_some() && tokens.iter().any(|token| format!("{}s", token.text) == entity);
    draft.limit.or(one.then_some(1))
}

fn rows(entity: &str, limit: Option<u32>, newest: Option<bool>) -> RowList {
    RowList {
        entity: entity.to_owned(),
        columns: Vec::new(),
        limit,
        ascending: newest == Some(false),
        ..RowList::default()
    }
}

fn family_of_entity(entity: &str) -> Option<Family> {
    Some(match entity {
        "orders" | "order_items" => Family::Orders,
        "customers" => Family::Customers,
        "payments" => Family::Payments,
        "shipments" => Family::Shipments,
        "returns" => Family::Returns,
        "inventory" => Family::Stock,
        _ => return None,
    })
}

fn measures(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    counted::of_a_segment(draft);
    counted::what_they_buy(draft, tokens);
    let query = &mut draft.query;
    if draft.bought && query.measures == ["customers"] {
        query.measures = vec!["buyers".to_owned()];
        // "how many customers placed orders but no cancelled ones in 2025": the range is of both.
        if query.time.is_none()
            && let [set] = &query.sets[..]
            && !set.has
        {
            query.time.clone_from(&set.time);
        }
    }
    if draft.weak == Some("revenue") && query.measures == ["customers"] {
        return Err(Problem::new("is it the revenue or the number of customers that is meant?"));
    }
    // "gross margin" alone shows the amount and the percentage.
    if query.measures == ["gross_margin"] && draft.rank.is_none() && query.having.is_empty() {
        let alone = tokens.iter().position(|token| token.stem == "margin").is_some_and(|at| {
            at > 0
                && tokens[at - 1].stem == "gross"
                && !tokens
                    .get(at + 1)
                    .is_some_and(|token| matches!(token.stem.as_str(), "%" | "rate" | "percent" | "percentage"))
        });
        if alone {
            query.measures.insert(0, "gross_profit".to_owned());
        }
    }
    counted::of_failed_payments(query);
    if draft.common && query.measures.is_empty() {
        let counted = match query.dimensions.first().map(String::as_str) {
            Some("failure_reason" | "payment_status") => "payment_attempts",
            Some("cancel_reason") => "cancelled_orders",
            Some("carrier" | "shipment_status") => "shipments",
            Some("channel" | "order_status" | "ship_country" | "ship_city") => "orders",
            _ => return Err(Problem::new("most common by which count: orders, units, payments, returns?")),
        };
        query.measures.push(counted.to_owned());
        counted::of_failed_payments(query);
    }
    if counted::is_stock_of_a_product(draft, tokens) {
        draft.query.measures.push("stock".to_owned());
    }
    let query = &mut draft.query;
    if draft.weak.is_none() && !draft.bought {
        counted::take_state(query);
    }
    if query.measures.is_empty() {
        let by = draft.rank.as_ref().and_then(|rank| rank.by.clone());
        // "biggest return reason": by how often it is given.
        let own = match query.dimensions.first().map(String::as_str) {
            Some("return_reason" | "return_status") => Some("returns_count"),
            Some("failure_reason" | "payment_status") => Some("payment_attempts"),
            Some("cancel_reason") => Some("cancelled_orders"),
            Some("shipment_status") => Some("shipments"),
            _ => None,
        };
        let counts_alone = matches!(own, Some("cancelled_orders"));
        let own = own.filter(|_| draft.rank.is_some() || counts_alone).map(str::to_owned);
        let default = by.or_else(|| draft.weak.map(str::to_owned)).or(own).or_else(|| {
            let buys = draft.bought && !query.dimensions.is_empty();
            let anyone = draft.bought
                && tokens.iter().any(|token| {
                    matches!(
                        token.text.as_str(),
                        "anyone" | "anybody" | "someone" | "somebody" | "anything" | "something"
                    )
                });
            match (draft.rank.is_some() || buys, anyone) {
                (true, _) => Some("revenue".to_owned()),
                (false, true) => Some("orders".to_owned()),
                (false, false) => None,
            }
        });
        let all = all_of_them(draft, tokens);
        let query = &mut draft.query;
        if let (None, Some(measure)) = (&default, &all) {
            draft.notes.push(format!("listed all, each with its {}", measure.replace('_', " ")));
        }
        let Some(default) = default.or(all) else {
            return Err(Problem {
                ruled_out: false,
                message: "which figure is meant?".to_owned(),
                choices: ["revenue", "number of orders", "units sold"].map(str::to_owned).to_vec(),
            });
        };
        let sized = tokens.iter().any(|token| matches!(token.text.as_str(), "biggest" | "largest" | "smallest"));
        let by_what =
            draft.rank.as_ref().is_some_and(|rank| rank.by.is_none()) && draft.weak.is_none() && !draft.bought;
        let people = query.dimensions.first().is_some_and(|name| {
            name.starts_with("customer_") || matches!(name.as_str(), "carrier" | "warehouse" | "payment_method")
        });
        if sized && by_what && people {
            return Err(Problem {
                ruled_out: false,
                message: "the biggest by which figure: the number of customers, orders or revenue?".to_owned(),
                choices: ["by number of customers", "by number of orders", "by revenue"].map(str::to_owned).to_vec(),
            });
        }
        query.measures.push(default);
    }
    Ok(())
}

/// "which carriers do we work with": all of them, each with what it is counted by.
fn all_of_them(draft: &Draft, tokens: &[Token]) -> Option<String> {
    let there = tokens.iter().any(|token| {
        matches!(token.text.as_str(), "have" | "use" | "used" | "work" | "exist" | "there" | "offer" | "ship" | "our")
    });
    let asks = draft.which || draft.list || tokens.first().is_some_and(|token| token.text == "what");
    match &draft.query.dimensions[..] {
        [one] if there && asks && draft.rank.is_none() && !is_grain(one) => {
            grouping::default_measure(one, draft, tokens).map(str::to_owned)
        }
        _ => None,
    }
}

fn along_time(draft: &mut Draft) -> Result<(), Problem> {
    let query = &mut draft.query;
    if let Some(grain) = draft.along
        && !query.dimensions.iter().any(|dimension| dimension == grain)
    {
        query.dimensions.insert(0, grain.to_owned());
    }
    let has_grain = query.dimensions.iter().any(|dimension| is_grain(dimension));
    if let Some((first, last)) = draft.ends.take().filter(|_| draft.growth && !has_grain && query.compare.is_none()) {
        query.compare =
            Some(if time::unit_before(&last, &first) { Comparison::PreviousPeriod } else { Comparison::Range(first) });
        query.time = Some(last);
    }
    if has_grain
        && let Some(time) = &query.time
        && !query.dimensions.iter().any(|dimension| dimension == "year")
        && match &query.compare {
            Some(Comparison::Range(other)) => time::year_before(time, other),
            Some(Comparison::PreviousPeriod) => draft.against_year,
            _ => false,
        }
    {
        query.compare = Some(Comparison::PreviousYear);
    }
    if draft.develop && query.compare.is_none() && !draft.growth {
        draft.trend = true;
    }
    if (draft.trend || query.running_total) && !has_grain {
        let short = query.time.as_ref().and_then(time::days).is_some_and(|days| days < DAILY_TREND_DAYS);
        query.dimensions.insert(0, if short { "day" } else { "month" }.to_owned());
    }
    if draft.growth && query.compare.is_none() {
        query.compare = Some(Comparison::PreviousPeriod);
    }
    let has_grain = query.dimensions.iter().any(|dimension| is_grain(dimension));
    if query.compare.is_some() && query.time.is_none() && !has_grain {
        return Err(Problem {
            ruled_out: false,
            message: "which range is compared? Name it".to_owned(),
            choices: vec!["this month vs last month".to_owned(), "growth by month in 2025".to_owned()],
        });
    }
    if query.compare.is_some()
        && !has_grain
        && query.time.as_ref().is_some_and(|time| time.from.is_none() || time.to.is_none())
    {
        return Err(Problem::new("a range without an end cannot be compared"));
    }
    Ok(())
}

fn averages(draft: &mut Draft, vocabulary: &Vocabulary) -> Result<(), Problem> {
    if !draft.average || draft.query.average_per.is_some() || draft.query.ratio.is_some() {
        return Ok(());
    }
    // Those that have a mean of their own: of single refunds and payments.
    for measure in &mut draft.query.measures {
        let mean = match measure.as_str() {
            "refunds" => "average_refund",
            "payment_amounts" => "average_payment",
            "payment_attempts" if !draft.how_many => "average_payment",
            _ => continue,
        };
        if vocabulary.has_measure(mean) {
            mean.clone_into(measure);
        }
    }
    let already = |measure: &String| {
        matches!(vocabulary.unit(measure), Some(Unit::Percent | Unit::Days | Unit::Hours))
            || measure.starts_with("average")
    };
    if draft.query.measures.iter().all(already) {
        return Ok(());
    }
    if draft.how_long {
        return Ok(());
    }
    let measure = draft.query.measures[0].replace('_', " ");
    Err(Problem {
        ruled_out: false,
        message: format!("the average {measure} of what? Say per what"),
        choices: vec![
            format!("average {measure} per day"),
            format!("average {measure} per customer"),
            "average order value".to_owned(),
        ],
    })
}

/// "what is our inventory worth today": as it is now, which is all that is known of it.
fn now_is_no_range(draft: &mut Draft, tokens: &[Token], vocabulary: &Vocabulary) {
    let timeless =
        |name: &String| vocabulary.catalog.measures.iter().any(|measure| measure.name == *name && !measure.has_time);
    let query = &mut draft.query;
    let today = query.time.as_ref().is_some_and(|time| time.running && time.label == "today")
        && tokens.iter().any(|token| token.text == "today");
    if today && query.compare.is_none() && !query.measures.is_empty() && query.measures.iter().all(timeless) {
        query.time = None;
    }
}

/// What the types forbid.
pub(super) fn check(draft: &Draft, vocabulary: &Vocabulary) -> Result<(), Problem> {
    let query = &draft.query;
    if let Some(dimension) =
        query.dimensions.iter().chain(&query.average_per).find(|name| !vocabulary.has_dimension(name))
    {
        return Err(Problem::new(format!(
            "which {dimension} is meant? Name whose it is: \"payment {dimension}\", \"return {dimension}\""
        )));
    }
    for name in &query.measures {
        let Some(measure) = vocabulary.catalog.measures.iter().find(|measure| measure.name == *name) else {
            return Err(Problem::new(format!("there is no measure named `{name}`")));
        };
        let grain = query.dimensions.iter().find(|dimension| is_grain(dimension));
        if !measure.has_time
            && (query.time.is_some()
                || query.compare.is_some()
                || grain.is_some()
                || query.average_per.as_deref().is_some_and(is_grain))
        {
            return Err(Problem::ruled_out(format!(
                "{} is only known as it is now: no history is kept, so leave out the time",
                measure.title
            )));
        }
    }
    Ok(())
}
