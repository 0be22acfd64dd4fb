//! Questions that are said the other way round: what else is bought, how often a thing was sold, money that sits in orders, the
//! cheapest five. Must not take a value for a noun.

use crate::brain::rules::tokens::{Token, is_number, is_one_of, text};

use super::rephrased::word;

const BUYS: &str = "buy buys bought buying order orders ordered purchase purchased sell sold return returned";

/// "what else do people buy with Kettle": what is bought together with it.
pub(super) fn what_else(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "what" || text(&found, 1) != "else" {
        return found;
    }
    let verb = (2..found.len().min(7))
        .find(|at| is_one_of("buy bought order ordered purchase purchased get", text(&found, *at)));
    let Some(verb) = verb else { return found };
    let people = found[2..verb].iter().all(|token| {
        is_one_of(
            "do did does is was are were people customers buyers clients shoppers they who also usually often",
            &token.text,
        )
    });
    let with = verb + 1 + usize::from(is_one_of("together along", text(&found, verb + 1)));
    if people && text(&found, with) == "with" {
        let start = found[0].start;
        let words = ["which", "products", "are", "bought", "together", "with"].map(|text| word(text, start));
        found.splice(0..=with, words);
    }
    found
}

/// "how often was Kettle sold last month": in how many orders.
pub(super) fn how_often_sold(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "how" || text(&found, 1) != "often" || !is_one_of("was were is are", text(&found, 2)) {
        return found;
    }
    let verb = (4..found.len().min(10)).find(|at| is_one_of("sold ordered bought purchased", text(&found, *at)));
    if let Some(verb) = verb {
        let start = found[0].start;
        found.remove(verb);
        found.splice(0..3, ["how", "many", "orders", "with"].map(|text| word(text, start)));
    }
    found
}

/// "customers who bought Brumo products": what follows a name says no more than that it is bought.
pub(super) fn name_and_noun(mut found: Vec<Token>) -> Vec<Token> {
    let at = (2..found.len()).find(|at| {
        is_one_of("products items articles goods", text(&found, *at))
            && found[at - 1].raw.starts_with(char::is_uppercase)
            && is_one_of(BUYS, text(&found, at - 2))
            && found[..at - 2]
                .iter()
                .any(|token| is_one_of("customers customer who countries cities people clients segments", &token.text))
    });
    if let Some(at) = at {
        found.remove(at);
    }
    found
}

/// "how much revenue is stuck in open orders": which is in them, however old they are.
pub(super) fn sits_in_orders(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        let sits = is_one_of("stuck sitting locked", text(&found, *at))
            || text(&found, *at) == "up" && is_one_of("tied held", text(&found, at - 1));
        sits && text(&found, at + 1) == "in"
            && found[at + 2..].iter().take(4).any(|token| is_one_of("orders backlog", &token.text))
    });
    let Some(at) = at else { return found };
    let from = if text(&found, at) == "up" { at - 1 } else { at };
    let from = from - usize::from(is_one_of("is are", text(&found, from - 1)));
    let money = (0..from).find(|place| is_one_of("money revenue sales value cash", text(&found, *place)));
    if let Some(money) = money {
        let start = found[at].start;
        found.drain(from..=at);
        found[money] = word("revenue", start);
    }
    found
}

/// "cheapest 5 products", "orders containing SKU-00066".
pub(super) fn the_cheapest_five(mut found: Vec<Token>) -> Vec<Token> {
    for at in 1..found.len() {
        if is_number(text(&found, at)) && is_one_of("cheapest priciest dearest costliest", text(&found, at - 1)) {
            found.swap(at - 1, at);
        }
        if is_one_of("containing containig", text(&found, at)) && is_one_of("orders order", text(&found, at - 1)) {
            found[at] = word("with", found[at].start);
        }
    }
    found
}

/// "what do VIPs buy the most", "what do people in Porto buy": products by their units.
pub(super) fn what_they_buy(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "what" || !is_one_of("do did does", text(&found, 1)) {
        return found;
    }
    let verb = (3..found.len().min(9)).find(|at| is_one_of("buy order purchase", text(&found, *at)));
    let Some(verb) = verb else { return found };
    // A person by name, and "we" who buy from nobody here, are said elsewhere.
    let group = found[2..verb].iter().any(|token| {
        is_one_of(
            "vip vips people customers buyers clients shoppers businesses business consumers consumer",
            &token.text,
        ) || token.text.ends_with("ans")
            || token.text.ends_with("ish")
    });
    let other = found[2..verb].iter().any(|token| is_one_of("we i you who else", &token.text));
    if !group || other {
        return found;
    }
    let start = found[0].start;
    let mut who: Vec<Token> =
        found[2..verb].iter().filter(|token| !is_one_of("our the", &token.text)).cloned().collect();
    if let Some(people) = who.iter_mut().find(|token| token.text == "people") {
        *people = word("customers", start);
    }
    let end = verb + 1 + usize::from(text(&found, verb + 1) == "the");
    let most = is_one_of("most least", text(&found, end));
    let lead: &[&str] = match text(&found, end) {
        "most" => &["most", "sold", "products", "for"],
        "least" => &["least", "sold", "products", "for"],
        _ => &["units", "sold", "by", "product", "for"],
    };
    let rest = found.split_off(if most { end + 1 } else { verb + 1 });
    let rest = rest.into_iter().skip_while(|token| is_one_of("often from us", &token.text));
    found = lead.iter().map(|text| word(text, start)).chain(who).collect();
    found.extend(rest);
    found
}

/// "have all of yesterday's orders been paid", "are all orders from Monday shipped": how many are in which state.
pub(super) fn all_of_them(mut found: Vec<Token>) -> Vec<Token> {
    if !is_one_of("have has are is were did", text(&found, 0)) || text(&found, 1) != "all" {
        return found;
    }
    let orders = found.iter().any(|token| token.text == "orders");
    let last = found.iter().rposition(|token| !is_one_of("yet already now ?", &token.text)).unwrap_or(0);
    if !orders || !is_one_of("paid packed shipped delivered sent dispatched", text(&found, last)) {
        return found;
    }
    let start = found[0].start;
    let when: Vec<Token> =
        found[2..last].iter().filter(|token| !is_one_of("of the our s orders been", &token.text)).cloned().collect();
    found = ["orders", "by", "order", "status"].map(|text| word(text, start)).into_iter().chain(when).collect();
    found
}

/// "where are our VIPs", "where do most of our orders come from": by country.
pub(super) fn where_from(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "where" {
        return found;
    }
    let start = found[0].start;
    let noun = (2..found.len().min(6))
        .find(|at| is_one_of("orders sales revenue customers vips buyers clients returns", text(&found, *at)));
    let Some(noun) = noun else { return found };
    let between = found[1..noun]
        .iter()
        .all(|token| is_one_of("do does did are is most of our the all vip business", &token.text));
    let most = found[1..noun].iter().any(|token| token.text == "most");
    let come = usize::from(is_one_of("come live based located from", text(&found, noun + 1)));
    let come = come + usize::from(come > 0 && matches!(text(&found, noun + 2), "from" | "in"));
    let ends = come > 0 || is_one_of("are is", text(&found, 1));
    if !between || !ends {
        return found;
    }
    let what: Vec<Token> = found[1..=noun]
        .iter()
        .filter(|token| !is_one_of("do does did are is most of our the all", &token.text))
        .cloned()
        .collect();
    let rest = found.split_off(noun + 1 + come);
    found = if most {
        ["country", "with", "the", "most"].map(|text| word(text, start)).into_iter().chain(what).collect()
    } else {
        what.into_iter().chain(["by", "country"].map(|text| word(text, start))).collect()
    };
    found.extend(rest);
    found
}

/// "how do people pay in Spain", "how do Germans pay": orders by payment method.
pub(super) fn how_they_pay(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "how" || !is_one_of("do did", text(&found, 1)) {
        return found;
    }
    let Some(pay) = (3..found.len().min(7)).find(|at| text(&found, *at) == "pay") else { return found };
    let start = found[0].start;
    let mut who: Vec<Token> =
        found[2..pay].iter().filter(|token| !is_one_of("our the most", &token.text)).cloned().collect();
    if who.iter().any(|token| is_one_of("we you i", &token.text)) {
        return found;
    }
    who.retain(|token| !is_one_of("people they customers", &token.text));
    let rest = found.split_off(pay + 1 + usize::from(text(&found, pay + 1) == "us"));
    found = ["orders", "by", "payment", "method"].map(|text| word(text, start)).to_vec();
    if !who.is_empty() {
        found.push(word("for", start));
        found.extend(who);
    }
    found.extend(rest);
    found
}

/// "sales by month as a chart", "how reliable is GLS": what is drawn anyway, and what a carrier's reliability is.
pub(super) fn as_a_chart(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        is_one_of("as in", text(&found, *at))
            && (is_one_of("chart graph plot diagram", text(&found, at + 1))
                || text(&found, at + 1) == "a" && is_one_of("chart graph plot diagram line bar", text(&found, at + 2)))
    });
    if let Some(at) = at {
        let end = (at + 1..found.len())
            .take_while(|place| is_one_of("a chart graph plot diagram line bar", text(&found, *place)))
            .count();
        found.drain(at..=at + end);
    }
    if text(&found, 0) == "how"
        && is_one_of("reliable punctual", text(&found, 1))
        && is_one_of("is are was were", text(&found, 2))
    {
        let start = found[0].start;
        found.splice(0..3, ["on", "time", "rate", "of"].map(|text| word(text, start)));
    }
    if text(&found, 0) == "when" && text(&found, 1) == "do" && text(&found, 2) == "most" {
        // An hour, a weekday, a month? Not whoever ordered most.
        found.remove(2);
    }
    found
}

/// "what did we sell most of last week", "what sold best in November": the products, by their units.
pub(super) fn what_sold(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "what" {
        return found;
    }
    let start = found[0].start;
    let (at, end) = match (text(&found, 1), text(&found, 2), text(&found, 3)) {
        ("do" | "did", "we", "sell") => {
            let at = 4 + usize::from(text(&found, 4) == "the");
            (at, at + 1 + usize::from(text(&found, at + 1) == "of"))
        }
        ("sold" | "sells", _, _) => {
            let at = 2 + usize::from(text(&found, 2) == "the");
            (at, at + 1)
        }
        _ => return found,
    };
    let products = match text(&found, at) {
        "most" | "best" => "best",
        "least" | "worst" => "worst",
        _ => return found,
    };
    found.splice(0..end, [products, "selling", "products"].map(|text| word(text, start)));
    found
}

/// "pending refunds", "which returns are outstanding": returns that are not through yet.
pub(super) fn pending_returns(mut found: Vec<Token>) -> Vec<Token> {
    let noun = found.iter().position(|token| is_one_of("refunds returns", &token.text));
    let state = found.iter().position(|token| is_one_of("pending outstanding unprocessed unresolved", &token.text));
    if let (Some(noun), Some(state)) = (noun, state)
        && noun.abs_diff(state) < 4
        && !found.iter().any(|token| is_one_of("orders order payments revenue", &token.text))
    {
        let start = found[state].start;
        found[noun] = word("returns", start);
        let mut from = state;
        while from > noun + 1 && is_one_of("that which are is still yet", text(&found, from - 1)) {
            from -= 1;
        }
        found.drain(from..=state);
        let noun = if state < noun { noun - 1 } else { noun };
        let are = noun > 0 && text(&found, noun - 1) == "are";
        found.insert(noun, word("open", start));
        if are {
            found.remove(noun - 1);
        }
    }
    found
}
