//! What the words of a question mean together, beyond each alone: durations, stock, buying again, rates said as shares. Must
//! not look at the words' order.

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Filter, FilterOp, MeasureFilter, SetFilter};

use super::assemble::{Draft, Problem, defining_status};
use super::finish::is_grain;
use super::lexicon::{Family, family_of_measure};
use super::tokens::{Token, is_one_of};
use super::wanted;

/// What the words together mean, beyond each alone: durations, stock, buying again, rates said as shares.
#[expect(clippy::too_many_lines, reason = "one case after the other, in the order in which they are tried")]
pub(super) fn together(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let query = &mut draft.query;
    if query.sets.len() == 2 {
        query.measures.retain(|measure| !matches!(measure.as_str(), "orders" | "buyers" | "customers" | "units_sold"));
        let who = query.sets[0].who.clone();
        query.dimensions.retain(|dimension| *dimension != who);
        if query.measures.is_empty() && (draft.how_many || !query.dimensions.is_empty()) {
            query.measures.push(format!("{}s", query.sets[0].who));
            draft.weak = None;
        } else if query.measures.is_empty() {
            draft.weak = None;
        }
    }
    if let Some(by) = draft.rank.as_ref().and_then(|rank| rank.by.clone())
        && matches!(by.as_str(), "transit_time" | "on_time_rate")
        && query.measures == ["shipments"]
    {
        query.measures = vec![by];
    }
    if draft.hold {
        match &query.measures[..] {
            [] => query.measures.push("stock".to_owned()),
            [known] if known == "units_sold" => query.measures = vec!["stock".to_owned()],
            [known] if family_of_measure(known) == Family::Stock => {}
            _ => return Err(Problem::new("is it what was sold or what lies in stock that is meant?")),
        }
    }
    // "how much money lies on the shelves", "euros in inventory": what the stock is worth.
    let money = says(&["money", "euro", "euros", "eur", "€", "cash", "worth", "capital"]) && !draft.how_many;
    if money
        && query.measures == ["stock"]
        && query.having.is_empty()
        && query.filters.iter().all(|filter| filter.dimension != "price")
    {
        if draft.available {
            return Err(Problem::new(
                "what is not reserved has no value of its own here: ask for its units, or for the value of all stock",
            ));
        }
        query.measures = vec!["stock_value".to_owned()];
        if let Some(rank) = draft.rank.as_mut().filter(|rank| rank.by.as_deref() == Some("stock")) {
            rank.by = Some("stock_value".to_owned());
        }
    }
    if draft.available && query.measures == ["stock"] {
        query.measures = vec!["available_stock".to_owned()];
    }
    // "how much did customers who joined in March spend": the range is of their joining.
    if query.measures == ["new_customers"]
        && draft.weak == Some("revenue")
        && !draft.how_many
        && query.sets.is_empty()
        && says(&["registered", "created"])
        && let Some(time) = query.time.take()
    {
        query.sets.push(SetFilter {
            who: "customer".to_owned(),
            what: "registration".to_owned(),
            has: true,
            time: Some(time),
            ..SetFilter::default()
        });
        query.measures = vec!["revenue".to_owned()];
    }
    if draft.registered {
        match &query.measures[..] {
            [known] if known == "customers" => {
                if query.time.as_ref().is_some_and(|time| time.from.is_some())
                    || query.dimensions.iter().any(|name| is_grain(name))
                {
                    query.measures = vec!["new_customers".to_owned()];
                }
            }
            [] if says(&["anyone", "anybody", "someone", "somebody", "who"]) => {
                query.dimensions.clear();
                query.measures.push("new_customers".to_owned());
            }
            [known] if known == "new_customers" || known == "orders" && !says(&["customers", "customer"]) => {}
            _ => return Err(Problem::new("registered or created: is it customers or orders that are meant?")),
        }
    }
    only_who(draft, tokens)?;
    units_sent_back(draft, tokens);
    units_in_a_warehouse(draft, tokens)?;
    value_of_orders(draft, tokens);
    average_days(draft, tokens);
    whatever_the_status(draft, tokens);
    shipped_parcels(&mut draft.query, tokens);
    one_of_two(draft, tokens);
    wanted::of_those_orders(draft, tokens);
    delivered(draft, tokens);
    if draft.how_long {
        how_long(draft, tokens)?;
    }
    let query = &mut draft.query;
    if draft.again && query.sets.is_empty() {
        match &query.measures[..] {
            [known] if matches!(known.as_str(), "customers" | "buyers" | "repeat_buyers") && draft.how_many => {
                query.measures = vec!["repeat_buyers".to_owned()];
                draft.bought = false;
            }
            _ if draft.share && query.dimensions == ["customer"] && query.having.is_empty() => {
                query.dimensions.clear();
                query.measures = vec!["repeat_rate".to_owned()];
                draft.bought = false;
                draft.weak = None;
                draft.share = false;
            }
            _ if !draft.how_many && query.dimensions == ["customer"] && query.having.is_empty() => {
                query.measures = vec!["orders".to_owned()];
                query.having.push(MeasureFilter {
                    measure: "orders".to_owned(),
                    op: FilterOp::AtLeast,
                    values: vec!["2".to_owned()],
                    of_total: false,
                    of_change: None,
                });
                draft.bought = false;
                draft.weak = None;
            }
            _ => return Err(Problem::new("bought again: is it the number of repeat buyers or their repeat rate?")),
        }
    }
    if draft.distinct
        && query.dimensions == ["customer"]
        && query.measures.iter().all(|measure| measure == "orders")
        && draft.rank.is_none()
        && query.having.is_empty()
    {
        query.dimensions.clear();
        query.measures = vec!["buyers".to_owned()];
    }
    if draft.distinct {
        let fine = |measure: &String| matches!(measure.as_str(), "buyers" | "customers" | "repeat_buyers" | "orders");
        if draft.counted.is_none() && draft.count.is_none() && query.measures.iter().any(|measure| !fine(measure))
            || query.measures.is_empty() && draft.counted.is_none() && draft.count.is_none()
        {
            return Err(Problem::new(
                "I count orders, customers and buyers only once each; of what should different ones be counted?",
            ));
        }
        if query.measures == ["customers"] && draft.weak.is_some() {
            query.measures = vec!["buyers".to_owned()];
            draft.weak = None;
        }
        if query.measures == ["customers"] && query.time.is_some() && !draft.registered && !draft.bought {
            return Err(Problem {
                ruled_out: false,
                message: "is it those who bought in the range, or those who were registered by its end?".to_owned(),
                choices: ["buyers", "registered customers"].map(str::to_owned).to_vec(),
            });
        }
    }
    // "how much did VIP customers spend": the customers are who, not how many.
    if let Some(weak) = draft.weak
        && query.measures == ["customers"]
    {
        if draft.average && query.average_per.is_none() && query.dimensions.is_empty() {
            query.average_per = Some("customer".to_owned());
            query.measures = vec![weak.to_owned()];
        } else if !draft.how_many {
            query.measures = vec![weak.to_owned()];
        }
    }
    if draft.average && draft.query.measures == ["orders"] && says(&["worth", "value", "spent", "cost"]) {
        draft.query.measures = vec!["average_order_value".to_owned()];
    }
    let many = draft.how_many && !says(&["amount"]);
    if draft.weak == Some("billed_amount") && !many && draft.query.measures.len() == 1 {
        let status = defining_status(&draft.query.measures[0]);
        if let Some(statuses) = status {
            // "billed amount of the cancelled orders"
            draft.query.filters.push(Filter {
                dimension: "order_status".to_owned(),
                op: FilterOp::In,
                values: statuses.iter().map(|status| (*status).to_owned()).collect(),
            });
        }
        if draft.query.measures == ["stuck_orders"] {
            draft.query.filters.push(Filter {
                dimension: "days_since_placed".to_owned(),
                op: FilterOp::Above,
                values: vec!["3".to_owned()],
            });
        }
        if status.is_some() || draft.query.measures == ["orders"] {
            draft.query.measures = vec!["billed_amount".to_owned()];
        }
    }
    // "how many of SKU-00042 did we sell"
    if draft.how_many
        && draft.query.measures.is_empty()
        && draft.counted.is_none()
        && draft.count.is_none()
        && draft.weak == Some("revenue")
        && says(&["sell", "sold"])
    {
        draft.query.measures.push("units_sold".to_owned());
    }
    // "cities with less than 1 % of the total": the condition is the share.
    if draft.query.having.iter().any(|filter| filter.of_total) {
        draft.share = false;
    }
    // "which product came back damaged the most": units that were returned, whatever became of the order.
    let reason = draft.query.filters.iter().any(|filter| filter.dimension == "return_reason");
    let returned = draft.query.filters.iter().position(|filter| {
        filter.dimension == "order_status" && filter.op == FilterOp::In && filter.values == ["returned"]
    });
    if let (true, Some(at)) = (reason, returned)
        && matches!(&draft.query.measures[..], [] | [_])
        && draft.query.measures.first().is_none_or(|name| matches!(name.as_str(), "units_sold" | "returned_units"))
        && (draft.rank.is_some() || !draft.query.measures.is_empty())
    {
        draft.query.filters.remove(at);
        draft.query.measures = vec!["returned_units".to_owned()];
        if let Some(rank) = draft.rank.as_mut().filter(|rank| rank.by.as_deref() == Some("units_sold")) {
            rank.by = None;
        }
    }
    // "how many refunds": they are counted, not summed.
    if draft.how_many
        && draft.query.measures == ["refunds"]
        && !says(&["much", "euros", "€", "amount", "value", "sum", "total", "money"])
    {
        draft.query.measures = vec!["returns_count".to_owned()];
        draft.query.filters.retain(|filter| filter.dimension != "return_status");
        draft.query.filters.push(Filter {
            dimension: "return_status".to_owned(),
            op: FilterOp::In,
            values: vec!["refunded".to_owned()],
        });
    }
    // "how often did payments fail, as a rate"
    let failed =
        draft.query.filters.iter().any(|filter| filter.dimension == "payment_status" && filter.values == ["failed"]);
    if failed && draft.query.measures == ["payment_attempts"] && says(&["rate"]) {
        draft.share = true;
    }
    draft.percent = says(&["percentage", "percent", "%", "rate"]);
    if draft.share {
        rate_of(draft, tokens);
    }
    // "revenue per day on average"
    if draft.average
        && draft.query.average_per.is_none()
        && let [each] = &draft.each[..]
    {
        draft.query.average_per = Some(each.clone());
        draft.query.dimensions.retain(|dimension| dimension != each);
        let means = |name: &String| name == "average_order_value" || name.ends_with("_time");
        if !draft.query.measures.is_empty() && draft.query.measures.iter().all(means) {
            draft.query.dimensions.push(each.clone());
            draft.query.average_per = None;
        }
    }
    Ok(())
}

/// "did we ship any parcels", "warehouses that sent out fewer than 100 parcels", "the slowest warehouse to ship": the verb says what
/// the figure says already, and no state of the order as it is now. "shipped orders" are in that state.
fn shipped_parcels(query: &mut SemanticQuery, tokens: &[Token]) {
    let of_parcels = |name: &String| {
        matches!(name.as_str(), "shipments" | "late_shipments" | "late_rate" | "on_time_rate")
            || name.ends_with("_time")
    };
    let state = tokens.windows(2).any(|pair| {
        pair[0].text == "shipped" && pair[1].stem == "order" || pair[0].stem == "status" && pair[1].text == "shipped"
    });
    if !state && !query.measures.is_empty() && query.measures.iter().all(of_parcels) {
        query.filters.retain(|filter| {
            filter.dimension != "order_status" || filter.op != FilterOp::In || filter.values != ["shipped"]
        });
    }
}

/// "total units in MAD-1 and PAR-1": what was sold from there, or what lies there?
fn units_in_a_warehouse(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let there = query.filters.iter().any(|filter| filter.dimension.starts_with("warehouse"));
    let sold = tokens.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "sold" | "sell" | "sales" | "shipped" | "sent" | "ordered" | "bought" | "returned" | "left" | "from"
        )
    });
    if query.measures == ["units_sold"] && there && !sold && query.time.is_none() && query.sets.is_empty() {
        return Err(Problem {
            ruled_out: false,
            message: "is it what was sold from there, or what lies in stock there?".to_owned(),
            choices: ["units sold", "stock"].map(str::to_owned).to_vec(),
        });
    }
    Ok(())
}

/// "units of Acme sent back in 2025": the units that came back; those of returned orders are of that status.
fn units_sent_back(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let returned = query.filters.iter().position(|filter| {
        filter.dimension == "order_status" && filter.op == FilterOp::In && filter.values == ["returned"]
    });
    let orders = tokens.iter().any(|token| token.stem == "order");
    if let Some(at) =
        returned.filter(|_| query.measures == ["units_sold"] && !orders && !draft.share && draft.rank.is_none())
    {
        query.filters.remove(at);
        query.measures = vec!["returned_units".to_owned()];
    }
}

/// "value of the open orders", "cancelled order value by reason": what they are worth, whatever their status.
fn value_of_orders(draft: &mut Draft, tokens: &[Token]) {
    let number = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            token.text.starts_with(|sign: char| sign.is_ascii_digit())
                || matches!(
                    token.text.as_str(),
                    "over" | "above" | "below" | "under" | "between" | "of" | "more" | "less" | "at"
                ) && tokens.get(at + 1).is_some_and(|next| {
                    next.text.starts_with(|sign: char| sign.is_ascii_digit()) || next.text == "than"
                })
        })
    };
    let said = (0..tokens.len()).any(|at| matches!(tokens[at].text.as_str(), "value" | "worth") && !number(at + 1));
    let query = &mut draft.query;
    let [measure] = &query.measures[..] else { return };
    if !said
        || draft.how_many
        || draft.rank.is_some()
        || draft.list
        || draft.average
        || draft.share
        || !query.having.is_empty()
    {
        return;
    }
    let statuses: &[&str] = match measure.as_str() {
        "orders" if query.filters.iter().any(|filter| filter.dimension == "order_status") => &[],
        "cancelled_orders" => &["cancelled"],
        "open_orders" => &["placed", "paid", "packed"],
        _ => return,
    };
    if query.filters.iter().any(|filter| matches!(filter.dimension.as_str(), "order_value" | "grand_total")) {
        return;
    }
    if !statuses.is_empty() {
        query.filters.push(Filter {
            dimension: "order_status".to_owned(),
            op: FilterOp::In,
            values: statuses.iter().map(|status| (*status).to_owned()).collect(),
        });
    }
    query.dimensions.retain(|name| name != "order_value");
    query.measures = vec!["revenue".to_owned()];
}

/// "which products do Spanish customers send back the most": the customers are who, no figure beside the one that is asked for.
fn only_who(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    // "orders in December from first-time customers": settled with the sets.
    if draft.first_time {
        return Ok(());
    }
    let query = &mut draft.query;
    let sign = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|token| matches!(token.text.as_str(), "and" | "," | "plus" | "vs" | "&" | "also"))
    };
    // "customer segment" is no figure.
    let noun = (0..tokens.len()).find(|at| {
        let noun =
            matches!(tokens[*at].stem.as_str(), "customer" | "buyer" | "client" | "shopper" | "people" | "person");
        noun && tokens
            .get(at + 1)
            .is_none_or(|next| !matches!(next.stem.as_str(), "segment" | "country" | "city" | "group" | "type"))
    });
    let joined = noun.is_none_or(|at| {
        let before = (0..at).rev().find(|at| !matches!(tokens[*at].text.as_str(), "the" | "our" | "new" | "all"));
        sign(before) || sign(Some(at + 1))
    });
    // What is ranked by another figure.
    let ranked = draft
        .rank
        .as_ref()
        .and_then(|rank| rank.by.as_deref())
        .is_some_and(|by| !matches!(by, "customers" | "buyers" | "orders" | "revenue"));
    // "at what time of day do people order most": orders.
    let by_orders = draft.rank.as_ref().and_then(|rank| rank.by.as_deref()) == Some("orders");
    let verb = (query.measures == ["customers", "orders"] || query.measures == ["customers"] && by_orders)
        && !joined
        && tokens.windows(2).any(|pair| {
            matches!(pair[0].stem.as_str(), "customer" | "buyer" | "people" | "person" | "shopper")
                && pair[1].text == "order"
        });
    if verb {
        query.measures = vec!["orders".to_owned()];
        return Ok(());
    }
    if query.measures == ["customers"] && ranked && !joined && !draft.how_many && !query.dimensions.is_empty() {
        query.measures.clear();
        return Ok(());
    }
    let people = |name: &String| matches!(name.as_str(), "customers" | "buyers");
    if query.measures.len() != 2 || joined || !query.measures.iter().any(people) || draft.share {
        return Ok(());
    }
    if draft.how_many {
        return Err(Problem::new("is it the number of customers, or the other figure, that is asked for?"));
    }
    query.measures.retain(|name| !people(name));
    Ok(())
}

/// "average days from order to door": the unit of what is averaged, no mean over days.
fn average_days(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let unit = tokens.windows(2).any(|pair| {
        matches!(pair[0].text.as_str(), "average" | "avg" | "mean") && matches!(pair[1].text.as_str(), "days" | "hours")
    });
    let lasts = !query.measures.is_empty() && query.measures.iter().all(|name| name.ends_with("_time"));
    if unit && lasts && matches!(query.average_per.as_deref(), Some("day" | "hour")) {
        query.average_per = None;
    }
}

/// "regardless of status": what a figure leaves out by its meaning is in it.
fn whatever_the_status(draft: &mut Draft, tokens: &[Token]) {
    let said =
        tokens.windows(3).any(|run| run[0].text == "regardless" && run[1].text == "of" && run[2].text == "status");
    if !said {
        return;
    }
    let all = |dimension: &str, values: &[&str]| Filter {
        dimension: dimension.to_owned(),
        op: FilterOp::In,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let returns = || all("return_status", &["requested", "received", "refunded", "rejected"]);
    let query = &mut draft.query;
    for set in query.sets.iter_mut().filter(|set| set.what == "returns") {
        set.filters.push(returns());
    }
    let own = |name: &String| matches!(name.as_str(), "returned_units" | "returns_count");
    if query.sets.is_empty() && query.measures.iter().any(own) {
        query.filters.push(returns());
    } else if query.sets.is_empty()
        && query.measures.iter().any(|name| matches!(name.as_str(), "revenue" | "units_sold"))
    {
        let statuses = ["placed", "paid", "packed", "shipped", "delivered", "cancelled", "returned"];
        query.filters.push(all("order_status", &statuses));
    }
}

/// Words that say one figure in two ways: "returns, number of returns", "payments, failure rate".
fn one_of_two(draft: &mut Draft, tokens: &[Token]) {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let query = &mut draft.query;
    let has = |name: &str| query.measures.iter().any(|measure| measure == name);
    let two = query.measures.len() == 2 && !says(&["and", "plus"]);
    // "orders paid by PayPal": how they were paid, not when.
    let means = tokens.windows(2).any(|pair| {
        pair[0].text == "paid" && matches!(pair[1].text.as_str(), "by" | "with" | "via" | "using" | "through")
    });
    let kept = if query.measures == ["orders_paid"]
        && means
        && query.filters.iter().any(|filter| filter.dimension == "payment_method")
    {
        "orders"
    } else if two && has("returned_units") && has("returns_count") {
        "returns_count"
    } else if two && has("payment_attempts") && has("payment_failure_rate") {
        "payment_failure_rate"
    } else if two && has("orders") && has("open_orders") {
        "open_orders"
    } else if two && has("orders") && has("stuck_orders") {
        "stuck_orders"
    } else if query.measures == ["stock"] && says(&["worth"]) && !says(&["days", "weeks"]) {
        "stock_value"
    } else if query.measures == ["returned_units"]
        && says(&["count", "number"])
        && !says(&["unit", "units", "item", "items", "pieces"])
    {
        "returns_count"
    } else if query.measures.iter().all(|name| matches!(name.as_str(), "orders" | "cancelled_orders"))
        && !query.measures.is_empty()
        && query.dimensions == ["cancel_reason"]
    {
        // What was not cancelled has no reason.
        if let Some(rank) = draft.rank.as_mut().filter(|rank| rank.by.as_deref() == Some("orders")) {
            rank.by = Some("cancelled_orders".to_owned());
        }
        "cancelled_orders"
    } else if query.measures == ["orders"]
        && draft.weak == Some("revenue")
        && !draft.how_many
        && draft.rank.is_none()
        && says(&["bring", "brought", "brings", "earn", "earned", "generate", "generated"])
    {
        "revenue"
    } else {
        return;
    };
    query.measures = vec![kept.to_owned()];
}

/// "parcels delivered last week": by when they arrived; "delivered parcels" are those whose status that is.
fn delivered(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let at = |stems: &[&str]| tokens.iter().position(|token| stems.contains(&token.stem.as_str()));
    let noun = at(&["parcel", "package", "shipment"]);
    let verb = at(&["delivered", "deliver"]);
    let status = query.filters.iter().position(|filter| {
        filter.op == FilterOp::In && filter.dimension.ends_with("status") && filter.values == ["delivered"]
    });
    if let (Some(noun), Some(verb), Some(at), true) = (noun, verb, status, query.time.is_some())
        && noun < verb
        && query.measures == ["shipments"]
        && query.dimensions.iter().all(|name| !name.ends_with("status"))
    {
        query.filters.remove(at);
        query.measures = vec!["parcels_delivered".to_owned()];
    }
}

/// "how long do parcels take to arrive", "how fast do we ship", "how many days from order to door".
fn how_long(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.stem.as_str()));
    let measures = &mut draft.query.measures;
    if measures.iter().any(|measure| measure.ends_with("_time")) {
        measures.retain(|measure| measure.ends_with("_time"));
        draft.query.filters.retain(is_no_event);
        return Ok(());
    }
    let arrives = says(&[
        "arrive",
        "arrived",
        "deliver",
        "delivered",
        "delivery",
        "reach",
        "transit",
        "door",
        "doorstep",
        "home",
    ]);
    let leaves = says(&[
        "ship",
        "shipped",
        "dispatch",
        "dispatched",
        "handle",
        "pack",
        "leave",
        "send",
        "fulfil",
        "fulfill",
        "process",
    ]);
    let order = says(&["order", "ordering", "purchase"]);
    let parcel = says(&["parcel", "package", "shipment", "carrier", "transit", "courier"]);
    let measure = match (arrives, leaves, order && !parcel) {
        (true | false, false, false) if arrives || parcel => "transit_time",
        (false, true, _) => "fulfilment_time",
        (true, _, true) => "order_to_door_time",
        (true, true, false) => "transit_time",
        _ => {
            return Err(Problem {
                ruled_out: false,
                message: "how long does what take?".to_owned(),
                choices: ["transit time", "fulfilment time", "order-to-door time"].map(str::to_owned).to_vec(),
            });
        }
    };
    if measures.iter().any(|known| {
        !matches!(known.as_str(), "orders" | "shipments" | "customers" | "orders_delivered" | "orders_shipped")
    }) {
        return Err(Problem::new("how long takes what? Ask for the transit, fulfilment or order-to-door time"));
    }
    draft.query.filters.retain(is_no_event);
    draft.query.measures = vec![measure.to_owned()];
    Ok(())
}

/// "how fast are parcels shipped": the verb of a duration is no condition.
fn is_no_event(filter: &Filter) -> bool {
    !(matches!(filter.dimension.as_str(), "order_status" | "shipment_status")
        && matches!(&filter.values[..], [value] if matches!(value.as_str(), "shipped" | "delivered" | "packed" | "in_transit")))
}

/// A share that has a name of its own: cancelled of all orders, returned of all units.
fn rate_of(draft: &mut Draft, tokens: &[Token]) {
    let number_too = tokens.windows(3).any(|run| {
        matches!(run[0].text.as_str(), "number" | "count")
            && run[1].text == "and"
            && matches!(run[2].text.as_str(), "percentage" | "share" | "percent" | "rate")
    });
    let query = &mut draft.query;
    let is = |names: &[&str]| query.measures.iter().map(String::as_str).eq(names.iter().copied());
    let failed = query.filters.iter().position(|filter| {
        filter.dimension == "payment_status" && filter.op == FilterOp::In && filter.values == ["failed"]
    });
    let returned =
        query.filters.iter().position(|filter| filter.dimension == "order_status" && filter.values == ["returned"]);
    let cancelled = query.filters.iter().position(|filter| {
        filter.dimension == "order_status" && filter.op == FilterOp::In && filter.values == ["cancelled"]
    });
    let (rate, filter) = if is(&["late_shipments"]) || is(&["shipments", "late_shipments"]) {
        ("late_rate", None)
    } else if query.filters.iter().any(|filter| filter.dimension == "cancel_reason") {
        // "share of cancelled orders that were for fraud": of the cancelled ones.
        return;
    } else if (is(&["orders", "cancelled_orders"]) || is(&["cancelled_orders"])) && number_too {
        // "cancelled orders last week: number and percentage"
        query.measures = vec!["cancelled_orders".to_owned(), "cancellation_rate".to_owned()];
        draft.share = false;
        return;
    } else if is(&["orders", "cancelled_orders"]) || is(&["cancelled_orders"]) {
        ("cancellation_rate", None)
    } else if is(&["orders"]) && cancelled.is_some() {
        ("cancellation_rate", cancelled)
    } else if is(&["payment_attempts"]) && failed.is_some() {
        ("payment_failure_rate", failed)
    } else if is(&["units_sold"]) && returned.is_some() {
        ("return_rate", returned)
    } else if is(&["units_sold", "returned_units"])
        || is(&["returned_units"])
            && (draft.percent || query.dimensions.is_empty() && query.filters.is_empty())
            && query.filters.iter().all(|filter| !filter.dimension.starts_with("return_"))
            && query.dimensions.iter().all(|name| !name.starts_with("return_"))
    {
        ("return_rate", None)
    } else if is(&["buyers", "repeat_buyers"]) || is(&["customers", "repeat_buyers"]) || is(&["repeat_buyers"]) {
        ("repeat_rate", None)
    } else {
        return;
    };
    if let Some(at) = filter {
        query.filters.remove(at);
    }
    query.measures = vec![rate.to_owned()];
    draft.share = false;
}

/// "customers who have never placed an order": an order is one whatever became of it, where "never bought anything" leaves those
/// out that were cancelled.
pub(super) fn placed(query: &mut SemanticQuery, tokens: &[Token]) {
    if tokens.iter().any(|token| token.text == super::lexicon::KEPT) {
        return;
    }
    let says = |words: &str| tokens.iter().any(|token| is_one_of(words, &token.text));
    let none = |set: &SetFilter| !set.has && set.what == "orders";
    if !query.sets.iter().any(none)
        || !says("order orders ordered ordering")
        || says("bought buy buys buying buyer buyers purchase purchases purchased spent sold first shopped")
    {
        return;
    }
    for set in &mut query.sets {
        if set.who == "customer" && set.what == "orders" && set.filters.is_empty() && set.count.is_none() {
            "any_orders".clone_into(&mut set.what);
        }
    }
}

/// "cancelled orders don't count": of orders as such, those of another status; who bought never counts them.
pub(super) fn kept(draft: &mut Draft) -> Result<(), Problem> {
    let query = &mut draft.query;
    if !draft.kept || !query.sets.is_empty() {
        return Ok(());
    }
    let about = |name: &String| name.contains("cancel");
    if query.measures.iter().any(about) || query.filters.iter().any(|filter| filter.dimension == "order_status") {
        return Err(Problem::new("cancelled orders are left out and asked for at once: which is meant?"));
    }
    query.filters.push(Filter {
        dimension: "order_status".to_owned(),
        op: FilterOp::NotIn,
        values: vec!["cancelled".to_owned()],
    });
    Ok(())
}
