//! What is counted when it is no measure: groups ("in how many cities"), groups under a condition ("how many customers
//! ordered more than twice"), groups without a row, customers by what they bought. Must not read words again that a span
//! has read.

use oms_tools::orders::semantic::query::{Filter, FilterOp, RowList, SetFilter, Share, TimeRange};

use super::assemble::{Draft, Problem, Rank};
use super::finish::is_grain;
use super::membership;
use super::tokens::Token;

/// What stands on an order's lines.
pub(super) const GOODS: [&str; 4] = ["product", "brand", "category", "sku"];

/// Settles what "how many" counts, and who bought what.
pub(super) fn settle(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    first_time(draft)?;
    membership::settle(draft, tokens)?;
    bought_what(draft, tokens);
    both_in_one_order(draft, tokens);
    spread(draft);
    part_of_groups(draft)?;
    side_by_side(draft, tokens);
    counted_after(draft);
    in_every(draft, tokens)?;
    if let Some(of) = draft.count.take() {
        count(draft, of, tokens)?;
    }
    catalogue(draft, tokens);
    if draft.query.without_rows {
        if draft.query.measures.is_empty() {
            let goods =
                draft.query.dimensions.iter().chain(&draft.query.count_of).any(|name| GOODS.contains(&name.as_str()));
            let default = if goods { "units_sold" } else { "orders" };
            draft.query.measures.push(default.to_owned());
        }
        draft.weak = None;
        draft.bought = false;
    }
    Ok(())
}

/// "average price of products per category": the products are what is priced.
fn catalogue(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let priced = query.measures.iter().all(|measure| matches!(measure.as_str(), "average_price" | "products"));
    let of = tokens.windows(2).any(|pair| {
        matches!(pair[0].text.as_str(), "of" | "our" | "all" | "for" | "price") && pair[1].stem == "product"
    });
    if priced && !query.measures.is_empty() && of && draft.rank.is_none() && !draft.which && query.dimensions.len() > 1
    {
        query.dimensions.retain(|dimension| dimension != "product");
    }
}

/// "who is faster, DHL or UPS?": both, side by side.
fn side_by_side(draft: &mut Draft, tokens: &[Token]) {
    let better = ["faster", "slower", "better", "worse", "quicker", "higher", "lower", "bigger", "both"];
    let query = &mut draft.query;
    let two: Vec<&Filter> =
        query.filters.iter().filter(|filter| filter.op == FilterOp::In && filter.values.len() == 2).collect();
    let [filter] = two[..] else { return };
    let measured = !query.measures.is_empty() && query.measures != ["customers"];
    // "Acme and Lumina sales by month": a row of each.
    let added = ["or", "plus", "together", "combined", "either", "jointly"];
    let along = matches!(&query.dimensions[..], [grain] if is_grain(grain));
    if draft.named_first
        && along
        && draft.rank.is_none()
        && !draft.share
        && !query.running_total
        && !filter.dimension.ends_with("status")
        && !is_grain(&filter.dimension)
        && !tokens.iter().any(|token| added.contains(&token.text.as_str()))
    {
        let dimension = filter.dimension.clone();
        query.dimensions.push(dimension);
        return;
    }
    let compared = tokens.iter().any(|token| matches!(token.text.as_str(), "compare" | "comparing" | "comparison"));
    let asks = compared || draft.which || draft.who || query.measures.iter().any(|measure| measure.ends_with("_time"));
    // "compare return reasons for VIPs and consumers": both, in each group.
    if measured
        && compared
        && !query.dimensions.is_empty()
        && !query.dimensions.contains(&filter.dimension)
        && draft.rank.is_none()
        && query.compare.is_none()
        && !draft.share
        && query.sets.is_empty()
        && !is_grain(&filter.dimension)
        && !filter.dimension.ends_with("status")
        && !tokens.iter().any(|token| added.contains(&token.text.as_str()))
    {
        let dimension = filter.dimension.clone();
        query.dimensions.push(dimension);
        return;
    }
    if measured
        && asks
        && (query.dimensions.is_empty() || draft.who && query.dimensions == ["customer"])
        && !draft.share
        && query.sets.is_empty()
        && (compared || tokens.iter().any(|token| better.contains(&token.text.as_str())))
    {
        let dimension = filter.dimension.clone();
        query.dimensions = vec![dimension];
    }
}

/// "customers with exactly 1 order in 2025, how many": counted, though the groups were named first.
fn counted_after(draft: &mut Draft) {
    let query = &mut draft.query;
    // "stuff below its reorder level in Lisbon, just how many": counted as they are defined.
    let defined = query.measures == ["low_stock"] || query.measures == ["out_of_stock"];
    if draft.how_many && defined && draft.each.is_empty() && draft.rank.is_none() && query.having.is_empty() {
        query.dimensions.retain(|name| !matches!(name.as_str(), "product" | "warehouse"));
    }
    let [group] = &query.dimensions[..] else { return };
    let who = group.clone();
    let plain =
        draft.rank.is_none() && !draft.average && !draft.share && draft.each.is_empty() && draft.count.is_none();
    if !draft.how_many || !plain || !matches!(who.as_str(), "customer" | "product") || query.average_per.is_some() {
        return;
    }
    if !query.sets.is_empty() && query.having.is_empty() && query.measures.is_empty() {
        query.measures.push(format!("{who}s"));
    } else if let ([one], true) = (&query.having[..], query.sets.is_empty()) {
        query.measures = vec![one.measure.clone()];
        query.count_of = Some(who);
    } else if query.having.is_empty()
        && query.sets.is_empty()
        && who == "customer"
        && matches!(&query.measures[..], [one] if matches!(one.as_str(), "shipments" | "late_shipments" | "payment_attempts" | "returns_count" | "returned_units"))
    {
        // "people with a lost parcel in 2025, just the count"
        query.count_of = Some(who);
    } else if query.measures != ["out_of_stock"] {
        return;
    }
    query.dimensions.clear();
    draft.weak = None;
    draft.bought = false;
}

/// "how many customers bought in every quarter": in all of them, or for each?
fn in_every(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let every = tokens.iter().any(|token| token.text == "every");
    let people = query.measures.iter().any(|measure| matches!(measure.as_str(), "customers" | "buyers"));
    if every && people && draft.bought && query.dimensions.iter().any(|name| is_grain(name)) {
        return Err(Problem::new(
            "is it those who bought in every one of them, which I cannot tell yet, or how many there were in each?",
        ));
    }
    let low = query.measures.iter().any(|name| matches!(name.as_str(), "low_stock" | "out_of_stock"));
    let everywhere =
        tokens.windows(2).any(|pair| matches!(pair[0].text.as_str(), "every" | "all") && pair[1].stem == "warehouse");
    if low && everywhere {
        return Err(Problem::new(
            "is it what is so in all warehouses at once, which I cannot tell yet, or in which of them? Say \"by product and warehouse\"",
        ));
    }
    let both = |op| query.filters.iter().any(|filter| filter.dimension == "warehouse" && filter.op == op);
    if both(FilterOp::In) && both(FilterOp::NotIn) {
        return Err(Problem::new("what lies in one warehouse and not in another is not something that I can tell yet"));
    }
    Ok(())
}

/// "first-time buyers last month": they bought in the range, and never before.
fn first_time(draft: &mut Draft) -> Result<(), Problem> {
    if !draft.first_time {
        return Ok(());
    }
    let query = &mut draft.query;
    // "orders in December from first-time customers": those that were each customer's first.
    let other = |measure: &String| !matches!(measure.as_str(), "customers" | "buyers");
    let orders = |measure: &String| {
        matches!(
            measure.as_str(),
            "orders" | "revenue" | "average_order_value" | "units_sold" | "gross_profit" | "discounts"
        )
    };
    let figures: Vec<String> = query.measures.iter().filter(|name| other(name)).cloned().collect();
    if !figures.is_empty() && figures.iter().all(orders) && query.sets.is_empty() {
        query.measures = figures;
        query.dimensions.retain(|dimension| dimension != "customer");
        query.filters.push(Filter {
            dimension: "order_sequence".to_owned(),
            op: FilterOp::In,
            values: vec!["first".to_owned()],
        });
        return Ok(());
    }
    let Some(range) = query.time.take() else {
        return Err(Problem::new("first-time buyers of which range? Every buyer bought for a first time once"));
    };
    let others = query.measures.iter().any(|measure| !matches!(measure.as_str(), "customers" | "buyers"));
    let Some(from) = range.from.filter(|_| !others) else {
        return Err(Problem::new("I can count first-time buyers of a range, but not their figures"));
    };
    let before = TimeRange { from: None, to: Some(from), label: String::new(), unit: None, running: false };
    for (has, time) in [(true, range), (false, before)] {
        query.sets.push(set("customer", "orders", has, Some(time), Vec::new()));
    }
    query.measures = vec!["customers".to_owned()];
    query.dimensions.retain(|dimension| dimension != "customer");
    draft.bought = false;
    draft.weak = None;
    Ok(())
}

pub(super) fn set(who: &str, what: &str, has: bool, time: Option<TimeRange>, filters: Vec<Filter>) -> SetFilter {
    SetFilter { who: who.to_owned(), what: what.to_owned(), has, time, filters, count: None }
}

fn is_goods(filter: &Filter) -> bool {
    GOODS.contains(&filter.dimension.as_str())
        && matches!(filter.op, FilterOp::In | FilterOp::NotIn | FilterOp::Contains)
}

/// One set for each of the goods: all values of one where either suffices, one each where all are wanted.
fn sets_of(who: &str, what: &str, filters: &[Filter], each: bool, time: Option<&TimeRange>) -> Vec<SetFilter> {
    let mut sets = Vec::new();
    for filter in filters {
        let has = filter.op != FilterOp::NotIn;
        let positive = |values: Vec<String>| {
            let op = if filter.op == FilterOp::Contains { FilterOp::Contains } else { FilterOp::In };
            vec![Filter { dimension: filter.dimension.clone(), op, values }]
        };
        if each && has {
            for value in &filter.values {
                sets.push(set(who, what, true, time.cloned(), positive(vec![value.clone()])));
            }
        } else {
            sets.push(set(who, what, has, time.cloned(), positive(filter.values.clone())));
        }
    }
    sets
}

/// Whether two channels are two things that somebody did: "bought both on web and on mobile", "on web but never on mobile".
fn both_channels(filters: &[Filter], both: bool) -> bool {
    let of = |op| filters.iter().filter(move |filter| filter.dimension == "channel" && filter.op == op);
    let values: usize = of(FilterOp::In).map(|filter| filter.values.len()).sum();
    both && values > 1 || values > 0 && of(FilterOp::NotIn).next().is_some()
}

/// "who bought A but never B", "customers who bought both A and B".
fn bought_what(draft: &mut Draft, tokens: &[Token]) {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let query = &mut draft.query;
    let people = query.measures.iter().any(|measure| matches!(measure.as_str(), "customers" | "buyers"))
        || query.dimensions == ["customer"]
        || draft.who && query.dimensions.is_empty();
    // "on web as well as on mobile", "on web and also on mobile"
    let as_well = tokens
        .windows(2)
        .any(|pair| matches!((pair[0].text.as_str(), pair[1].text.as_str()), ("as", "well") | ("and", "also")));
    let channels = both_channels(&query.filters, says(&["both"]) || as_well);
    let sought = |filter: &Filter| is_goods(filter) || channels && filter.dimension == "channel";
    let goods: Vec<Filter> = query.filters.iter().filter(|filter| sought(filter)).cloned().collect();
    let without = goods.iter().any(|filter| filter.op == FilterOp::NotIn);
    let values =
        goods.iter().filter(|filter| filter.op == FilterOp::In).map(|filter| filter.values.len()).sum::<usize>();
    let all = values > 1 && !says(&["or", "either"]) && (says(&["and", "both"]) || as_well);
    let plain = draft.rank.is_none() && query.having.is_empty() && !draft.share && query.average_per.is_none();
    let sets_too = !query.sets.is_empty() && !goods.is_empty();
    if !people || !plain || !(without || all || sets_too) {
        return;
    }
    query.filters.retain(|filter| !sought(filter));
    if sets_too {
        // "bought Garden products in 2024 but not in 2025": the goods are those of every order that is looked for.
        let positive: Vec<Filter> = goods.into_iter().filter(|filter| filter.op != FilterOp::NotIn).collect();
        // "bought Furniture in 2024 and nothing at all in 2025": nothing of anything.
        let nothing = tokens.iter().any(|token| matches!(token.text.as_str(), "nothing" | "anything"));
        let named = query.sets.iter().filter(|set| set.what == "orders" && (set.has || !nothing)).count();
        let all_alike = named == 0;
        for set in query.sets.iter_mut().filter(|set| set.what == "orders" && (set.has || !nothing || all_alike)) {
            set.filters.extend(positive.iter().cloned());
        }
        return;
    }
    let time = query.time.take();
    query.sets.extend(sets_of("customer", "orders", &goods, all, time.as_ref()));
    let figures = query.measures.iter().any(|measure| !matches!(measure.as_str(), "customers" | "buyers"))
        || draft.weak.is_some();
    draft.bought = false;
    if !figures {
        let counts = draft.how_many || !query.measures.is_empty() && !draft.list && !draft.which && !draft.who;
        query.dimensions.retain(|dimension| dimension != "customer");
        if counts {
            query.measures = vec!["customers".to_owned()];
        } else {
            query.measures.clear();
        }
    }
}

/// "orders with both Toys and Garden products": a line of each.
fn both_in_one_order(draft: &mut Draft, tokens: &[Token]) {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let query = &mut draft.query;
    let orders = query.measures == ["orders"] && query.dimensions.is_empty() && query.having.is_empty();
    let goods: Vec<Filter> = query.filters.iter().filter(|filter| is_goods(filter)).cloned().collect();
    let values: usize = goods.iter().filter(|filter| filter.op == FilterOp::In).map(|filter| filter.values.len()).sum();
    let both = values > 1 && says(&["both", "together"]) && !says(&["or", "either"]);
    // "orders that contain Fashion but nothing from Beauty"
    let but_not = values > 0 && goods.iter().any(|filter| filter.op == FilterOp::NotIn);
    if orders && (both || but_not) && draft.rank.is_none() && !draft.share {
        query.filters.retain(|filter| !is_goods(filter));
        query.sets.extend(sets_of("order", "lines", &goods, both || says(&["and"]), None));
    }
}

/// "customers by number of orders": one row for each number.
fn spread(draft: &mut Draft) {
    let Some(rank) = draft.rank.as_ref().filter(|rank| rank.only_order) else { return };
    let query = &mut draft.query;
    let by = rank.by.as_deref().unwrap_or_default();
    let who = match &query.measures[..] {
        [known] if matches!(known.as_str(), "customers" | "buyers") => "customer",
        [known] if known == "orders" && by != "orders" => "order",
        _ => return,
    };
    let counts = ["orders", "returns_count", "returned_units", "units_sold", "shipments", "payment_attempts"];
    if counts.contains(&by) && query.dimensions.is_empty() && query.having.is_empty() && !draft.average {
        query.measures = vec![by.to_owned()];
        query.count_of = Some(who.to_owned());
        query.spread = true;
        draft.rank = None;
        draft.bought = false;
    }
}

/// "percentage of customers with more than one order": of all that have one.
fn part_of_groups(draft: &mut Draft) -> Result<(), Problem> {
    let query = &mut draft.query;
    let conditions = query.having.iter().any(|filter| !filter.of_total);
    if !draft.share || !conditions || draft.rank.is_some() {
        return Ok(());
    }
    let [group] = &query.dimensions[..] else {
        // "what share of the orders consisted of exactly one line"
        let counted = query.count_of.take().or_else(|| draft.count.take());
        return match counted {
            Some(counted) => {
                query.count_of = Some(counted);
                if let ([filter], true) = (&query.having[..], query.measures.is_empty()) {
                    query.measures = vec![filter.measure.clone()];
                }
                query.share = Some(Share::OfGroups);
                draft.share = false;
                Ok(())
            }
            None => Err(Problem::new("the share of which groups is meant? Name one kind, such as customers")),
        };
    };
    query.count_of = Some(group.clone());
    query.dimensions.clear();
    if let [filter] = &query.having[..] {
        query.measures = vec![filter.measure.clone()];
    }
    query.share = Some(Share::OfGroups);
    draft.share = false;
    draft.bought = false;
    draft.weak = None;
    Ok(())
}

/// The measure whose groups are counted where none is named.
pub(super) fn default_measure(of: &str, draft: &Draft, tokens: &[Token]) -> Option<&'static str> {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.stem.as_str()));
    let query = &draft.query;
    let moves = draft.bought || draft.weak.is_some();
    let of_orders = query.filters.iter().any(|filter| {
        matches!(
            filter.dimension.as_str(),
            "channel" | "order_status" | "ship_country" | "ship_city" | "payment_method"
        )
    });
    Some(match of {
        "product" | "brand" | "category" | "sku" if moves || of_orders => "units_sold",
        "product" | "brand" | "category" | "sku" if query.time.is_none() => "products",
        "carrier" | "shipment_status" => "shipments",
        "warehouse" | "warehouse_city" | "warehouse_country" => "stock",
        "payment_method" | "payment_status" => "payment_attempts",
        "return_reason" | "return_status" => "returns_count",
        "cancel_reason" => "cancelled_orders",
        "customer_segment" | "customer_country" | "customer_city" if !moves => "customers",
        "customer_segment" | "customer_country" | "customer_city" => "buyers",
        "ship_country" | "ship_city" if says(&["ship", "shipped", "deliver", "delivered", "send", "sent"]) => {
            "shipments"
        }
        "ship_country" | "ship_city" if moves => "revenue",
        "ship_country" | "ship_city" | "channel" | "order_status" | "customer" => "orders",
        _ => return None,
    })
}

fn count(draft: &mut Draft, of: String, tokens: &[Token]) -> Result<(), Problem> {
    let default = default_measure(&of, draft, tokens);
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.stem.as_str()));
    let query = &mut draft.query;
    query.dimensions.retain(|dimension| *dimension != of);
    // "at least three orders that were not cancelled": a condition on the orders.
    if !query.having.is_empty()
        && query.sets.iter().all(|set| set.what == "cancelled_orders" && !set.has)
        && !query.sets.is_empty()
    {
        query.sets.clear();
        query.filters.push(Filter {
            dimension: "order_status".to_owned(),
            op: FilterOp::NotIn,
            values: vec!["cancelled".to_owned()],
        });
    }
    if !query.sets.is_empty() && !query.having.is_empty() {
        return Err(Problem::new("two conditions on the same groups at once: ask for one of them"));
    }
    if !query.sets.is_empty() {
        let counted = match of.as_str() {
            "product" => "products",
            "customer" => "customers",
            _ => {
                return Err(Problem::new(format!(
                    "I cannot count each {} that has none: ask for customers or products",
                    of.replace('_', " ")
                )));
            }
        };
        query.measures = vec![counted.to_owned()];
        draft.weak = None;
        draft.bought = false;
        return Ok(());
    }
    // "how many brands did VIP customers buy": those that were sold to them.
    if GOODS.contains(&of.as_str()) && query.measures == ["customers"] && draft.bought {
        query.measures.clear();
    }
    // "countries we shipped to": where parcels went, whatever became of the orders.
    let shipped_to = tokens.windows(2).any(|pair| pair[0].stem.starts_with("ship") && pair[1].text == "to");
    if shipped_to && matches!(of.as_str(), "ship_country" | "ship_city") {
        query.filters.retain(|filter| !(filter.dimension == "order_status" && filter.values == ["shipped"]));
    }
    // What goods are sold, returned or in stock: the measure that says so; nouns beside it are none.
    if query.measures.len() > 1 {
        let named: Vec<String> = query
            .measures
            .iter()
            .filter(|measure| !matches!(measure.as_str(), "customers" | "orders"))
            .cloned()
            .collect();
        if named.len() == 1 {
            query.measures = named;
        }
    }
    if query.measures.len() > 1 {
        return Err(Problem::new(format!("how many {} by which of the figures?", of.replace('_', " "))));
    }
    if query.measures.is_empty() && query.having.is_empty() && !query.without_rows {
        let Some(default) = default else {
            return Err(Problem::new(format!(
                "how many of `{}` have what? Name the figure: orders, revenue, units sold, returns",
                of.replace('_', " ")
            )));
        };
        query.measures.push(default.to_owned());
    }
    draft.weak = None;
    draft.bought = false;
    if query.without_rows {
        query.count_of = Some(of);
        return Ok(());
    }
    // The catalogue's own count.
    if of == "product" && query.measures == ["products"] {
        return Ok(());
    }
    if of == "product" && query.measures == ["customers"] && says(&["bought", "buy"]) {
        query.measures = vec!["units_sold".to_owned()];
    }
    // They count products, or pairs with a warehouse, as they are defined; "how many products ... in units" says units.
    let defined = query.measures == ["out_of_stock"] || query.measures == ["low_stock"];
    let units = query.measures == ["units_sold"] && says(&["unit", "piece"]) && query.having.is_empty();
    if of == "product" && (defined || units) {
        return Ok(());
    }
    let event = query.filters.iter().position(|filter| {
        filter.dimension == "order_status"
            && filter.values.len() == 1
            && matches!(filter.values[0].as_str(), "shipped" | "delivered")
    });
    // "to how many cities did we ship orders in December": the verb's time.
    if let Some(at) = event.filter(|_| query.time.is_some() && query.measures == ["orders"]) {
        query.measures = vec![format!("orders_{}", query.filters.remove(at).values[0])];
    }
    if is_grain(&of) && query.measures == ["customers"] {
        return Err(Problem::new("customers are counted at a moment, not by day: ask for new customers"));
    }
    query.count_of = Some(of);
    Ok(())
}

/// Rows that stand out by an amount of their own: "largest order", "smallest refund", "dearest payments".
pub(super) fn outstanding(draft: &mut Draft, tokens: &[Token]) -> bool {
    // "the most expensive order"
    if let Some(direction) = draft.priced.filter(|_| draft.query.measures == ["orders"] && draft.rank.is_none()) {
        draft.priced = None;
        draft.rank = Some(Rank {
            direction,
            limit: draft.place.map(|_| 1),
            extreme: true,
            by: None,
            singular: true,
            per: None,
            only_order: false,
            skip: draft.place.map_or(0, |place| place.saturating_sub(1)),
        });
    }
    let query = &mut draft.query;
    let Some(rank) = &draft.rank else { return false };
    let sizes = [
        "largest",
        "biggest",
        "highest",
        "smallest",
        "lowest",
        "greatest",
        "top",
        "max",
        "maximum",
        "min",
        "minimum",
        "largest",
        "expensive",
        "valuable",
        "heaviest",
        "cheapest",
        "priciest",
        "dearest",
    ];
    let by_size = tokens.iter().any(|token| sizes.contains(&token.text.as_str()))
        && !tokens.iter().any(|token| matches!(token.text.as_str(), "number" | "count" | "average" | "volume"));
    let dimensions: Vec<&str> =
        query.dimensions.iter().map(String::as_str).filter(|name| !matches!(*name, "order_value" | "order")).collect();
    let (entity, column, noun) = match &query.measures[..] {
        [one] if one == "orders" => ("orders", "items_total", "order"),
        [one] if one == "refunds" => ("returns", "refund_amount", "refund"),
        [one] if one == "payment_attempts" => ("payments", "amount", "payment"),
        [] if query.dimensions == ["order_value"] || query.dimensions == ["order"] => {
            ("orders", "items_total", "order")
        }
        _ => return false,
    };
    let by = rank.by.as_deref().filter(|by| query.measures.first().map(String::as_str) != Some(by));
    let column = match by {
        Some("billed_amount") if entity == "orders" => "grand_total",
        _ => column,
    };
    let values = ["value", "revenue", "billed_amount", "average_order_value"];
    let other = by.is_some_and(|by| entity != "orders" || !values.contains(&by));
    if !by_size
        || other
        || !dimensions.is_empty()
        || !draft.each.is_empty()
        || draft.count.is_some()
        || query.count_of.is_some()
        || !query.having.is_empty()
        || query.compare.is_some()
        || draft.share
        || draft.average
        || rank.only_order
    {
        return false;
    }
    let one =
        tokens.iter().any(|token| token.text == noun) && !tokens.iter().any(|token| token.text == format!("{noun}s"));
    let limit = rank.limit.or(draft.limit.take()).unwrap_or(if one { 1 } else { 10 });
    if noun == "refund" {
        query.filters.push(Filter {
            dimension: "return_status".to_owned(),
            op: FilterOp::In,
            values: vec!["refunded".to_owned()],
        });
    }
    query.list = Some(RowList {
        entity: entity.to_owned(),
        limit: Some(limit),
        order_by: Some(column.to_owned()),
        ascending: rank.direction == oms_tools::orders::semantic::query::Direction::Bottom,
        skip: rank.skip,
        ..RowList::default()
    });
    query.measures.clear();
    query.dimensions.clear();
    draft.rank = None;
    draft.weak = None;
    true
}
