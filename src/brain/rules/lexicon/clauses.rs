//! Clauses that say what a plainer question says: "which carriers do we work with, and how many parcels did each carry". Must not drop
//! a clause that asks for something of its own.

use crate::brain::rules::tokens::{Token, is_one_of, singular, text};

use super::manner::{UNITS, is_number};
use super::rephrased::word;

/// "who were our ten biggest customers": the customers that are asked for.
pub(super) fn who_were_our(mut found: Vec<Token>) -> Vec<Token> {
    let at = found.iter().position(|token| token.text == "who").filter(|at| *at < 2);
    if let Some(at) = at
        && matches!(text(&found, at + 1), "are" | "is" | "were" | "was")
        && matches!(text(&found, at + 2), "our" | "the" | "my")
        && found[at + 3..]
            .iter()
            .take(5)
            .any(|token| is_one_of("customer customers buyer buyers client clients shoppers", &token.text))
        && found
            .iter()
            .any(|token| token.text.ends_with("est") || matches!(token.text.as_str(), "top" | "most" | "least"))
    {
        found.drain(at..at + 3);
    }
    found
}

/// "which carriers do we work with, and how many parcels did each of them carry": how many each of those did.
pub(super) fn each_of_those(mut found: Vec<Token>) -> Vec<Token> {
    let Some(opens) =
        found.iter().position(|token| matches!(token.text.as_str(), "which" | "what")).filter(|at| *at < 3)
    else {
        return found;
    };
    let noun = text(&found, opens + 1).to_owned();
    let named = noun.ends_with('s') && matches!(text(&found, opens + 2), "do" | "did" | "are" | "were" | "have");
    let and = (opens + 3..found.len())
        .find(|at| text(&found, *at) == "and" && matches!(text(&found, at + 1), "how" | "what"));
    let each = found.iter().rposition(|token| token.text == "each");
    let (Some(and), Some(each)) = (and.filter(|_| named), each) else { return found };
    // What the first half says but for the noun must be empty talk.
    let idle = "do did we are were have there work with use used using sell sold offer ship to in our the stock out ,";
    if each < and || !found[opens + 2..and].iter().all(|token| is_one_of(idle, &token.text)) {
        return found;
    }
    let start = found[each].start;
    let of = if text(&found, each + 1) == "of" && matches!(text(&found, each + 2), "them" | "those" | "these") {
        2
    } else {
        usize::from(text(&found, each + 1) == "one")
    };
    let one = singular(&noun);
    found.splice(each..=each + of, ["each".to_owned(), one].map(|text| word(&text, start)));
    found.drain(..=and);
    found
}

/// "open orders billed above 200 euros": by the grand total of each.
pub(super) fn orders_billed_above(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        matches!(text(&found, *at), "billed" | "charged" | "invoiced")
            && matches!(text(&found, at - 1), "orders" | "order")
            && matches!(text(&found, at + 1), "above" | "over" | "under" | "below" | "more" | "less" | "at" | "between")
    });
    if let Some(at) = at {
        let start = found[at].start;
        found.splice(at..=at, ["with", "a", "grand", "total"].map(|text| word(text, start)));
    }
    found
}

/// "orders that have been waiting for more than 5 days to be shipped": those that wait so long.
pub(super) fn waiting_for(mut found: Vec<Token>) -> Vec<Token> {
    let bound = |found: &[Token], at: usize| {
        matches!(text(found, at), "more" | "over" | "longer" | "at" | "since") || is_number(text(found, at))
    };
    let Some(at) = (1..found.len()).find(|at| text(&found, *at) == "waiting") else { return found };
    let ordered = found[..at].iter().any(|token| matches!(token.text.as_str(), "orders" | "order"));
    let from = at + 1 + usize::from(text(&found, at + 1) == "for");
    let stated = found[..at].iter().any(|token| matches!(token.text.as_str(), "paid" | "packed" | "placed" | "open"));
    let aim = match (text(&found, at + 1), text(&found, at + 2), text(&found, at + 3)) {
        ("to", "be", "shipped" | "sent" | "dispatched") => 4,
        ("for", "shipping" | "shipment" | "dispatch", _) | ("to", "ship" | "leave", _) => 3,
        _ => 0,
    };
    // "packed orders waiting for shipment": their state says it.
    if ordered && stated && aim > 0 {
        found.drain(at..at + aim);
        return found;
    }
    if !ordered || !bound(&found, from) {
        return found;
    }
    let days = (from..found.len()).find(|place| is_one_of("days hours day hour", text(&found, *place)));
    let Some(days) = days else { return found };
    let end = match (text(&found, days + 1), text(&found, days + 2), text(&found, days + 3)) {
        ("to", "be", "shipped" | "sent" | "packed" | "dispatched") => 3,
        ("for", "shipping" | "shipment" | "dispatch", _) | ("to", "ship" | "leave" | "go", _) => 2,
        _ => 0,
    };
    found.drain(days + 1..=days + end);
    found.drain(at + 1..from);
    let mut from = at;
    while from > 1 && is_one_of("that which have has been are were still", text(&found, from - 1)) {
        from -= 1;
    }
    let start = found[at].start;
    found.splice(from..=at, ["stuck", "for"].map(|text| word(text, start)));
    found
}

/// "products with fewer than 10 left": units in stock.
pub(super) fn few_in_stock(mut found: Vec<Token>) -> Vec<Token> {
    let at = (2..found.len().saturating_sub(1)).find(|at| {
        text(&found, at - 1) == "than"
            && is_number(text(&found, *at))
            && (matches!(text(&found, at + 1), "left" | "remaining")
                || text(&found, at + 1) == "in" && text(&found, at + 2) == "stock"
                || text(&found, at + 1) == "on" && text(&found, at + 2) == "hand")
    });
    if let Some(at) = at
        && found[..at]
            .iter()
            .any(|token| matches!(token.text.as_str(), "product" | "products" | "items" | "articles" | "skus"))
    {
        let start = found[at].start;
        let words = if matches!(text(&found, at + 1), "left" | "remaining") { 1 } else { 2 };
        found.splice(at + 1..=at + words, ["units", "in", "stock"].map(|text| word(text, start)));
    }
    found
}

/// "how many payments failed yesterday and why": by reason.
pub(super) fn and_why(mut found: Vec<Token>) -> Vec<Token> {
    let end = found.len();
    if end > 3 && text(&found, end - 1) == "why" && text(&found, end - 2) == "and" {
        let start = found[end - 2].start;
        found.splice(end - 2..end, ["by", "reason"].map(|text| word(text, start)));
    }
    found
}

/// The word that says that cancelled orders are left out, whatever is asked.
pub(in crate::brain::rules) const KEPT: &str = "keptorders";

/// "(orders that were cancelled don't count)", "cancelled orders left aside", "leave cancelled orders out of it".
pub(super) fn cancelled_left_out(mut found: Vec<Token>) -> Vec<Token> {
    let cancelled = |at: usize| matches!(text(&found, at), "cancelled" | "canceled" | "cancellations");
    let Some(at) = (0..found.len()).find(|at| cancelled(*at)) else { return found };
    let noun = usize::from(matches!(text(&found, at + 1), "orders" | "order" | "ones" | "purchases"));
    let after = at + 1 + noun;
    // What stands before: "orders that were", "leave the", ", without any".
    let mut from = at;
    while from > 0
        && matches!(
            text(&found, from - 1),
            "the" | "any" | "all" | "that" | "which" | "were" | "are" | "was" | "have" | "been"
        )
    {
        from -= 1;
    }
    let bracketed = from > 0 && from < at && matches!(text(&found, from - 1), "orders" | "ones");
    if bracketed {
        from -= 1;
    }
    let before = from.checked_sub(1).map_or("", |before| text(&found, before));
    let counts = match (text(&found, after), text(&found, after + 1), text(&found, after + 2)) {
        ("don" | "doesn" | "do" | "does" | "should", "t" | "not", "count") => 3,
        ("dont", "count", _)
        | ("not", "counted" | "included", _)
        | ("left", "aside" | "out", _)
        | ("set", "aside", _) => 2,
        ("excluded" | "excl", ..) => 1,
        _ => 0,
    };
    let out = matches!(before, "leave" | "keep" | "leaving" | "keeping") && text(&found, after) == "out";
    let of_it = text(&found, after + 1) == "of" && matches!(text(&found, after + 2), "it" | "this" | "that" | "them");
    let without = matches!(before, "without" | "excluding" | "except" | "excl" | "ignoring" | "minus")
        || matches!(before, "counting" | "including") && from > 1 && text(&found, from - 2) == "not";
    let ranged = |at: usize| {
        let word = text(&found, at);
        word == ","
            || word.len() == 4 && word.starts_with("20") && is_number(word)
            || is_one_of("year month week quarter", word)
    };
    let opens = from - usize::from(before == "counting" || before == "including") * usize::from(from > 1);
    let aside = without && noun == 1 && opens > 1 && ranged(opens - 2);
    let (start, end) = if counts > 0 {
        (from, after + counts)
    } else if out {
        (from - 1, after + if of_it { 3 } else { 1 })
    } else if aside && text(&found, after).is_empty() {
        (opens - 1, after)
    } else {
        return found;
    };
    let place = found[start].start;
    found.splice(start..end.min(found.len()), [word(KEPT, place)]);
    found
}

/// "which cities had more than 40 orders, and how many was it?": the figure stands beside each.
pub(super) fn and_how_many_was_it(mut found: Vec<Token>) -> Vec<Token> {
    let at = (2..found.len().saturating_sub(3)).find(|at| {
        text(&found, *at) == "and"
            && text(&found, at + 1) == "how"
            && matches!(text(&found, at + 2), "many" | "much")
            && (matches!(
                (text(&found, at + 3), text(&found, at + 4)),
                ("was" | "is", "it" | "that") | ("were" | "are", "they" | "there" | "those") | ("did", "they")
            ) && at + 5 >= found.len()
                || matches!(text(&found, at + 3), "each" | "exactly") && at + 4 == found.len())
    });
    // "which category had the highest refunds, and how much?"
    let ends = found.len().checked_sub(3).filter(|at| {
        *at > 2
            && text(&found, *at) == "and"
            && text(&found, at + 1) == "how"
            && matches!(text(&found, at + 2), "many" | "much")
            && is_one_of("which what who", text(&found, 0))
            && found[..*at].iter().any(|token| is_one_of("most highest lowest biggest best largest", &token.text))
    });
    let at = at.or(ends);
    if let Some(at) = at {
        let from = at - usize::from(text(&found, at - 1) == ",");
        found.truncate(from);
    }
    found
}

/// "never ordered by anyone": by nobody in particular.
pub(super) fn by_anyone(mut found: Vec<Token>) -> Vec<Token> {
    let at =
        found.windows(2).position(|pair| pair[0].text == "by" && matches!(pair[1].text.as_str(), "anyone" | "anybody"));
    let never = found.iter().any(|token| matches!(token.text.as_str(), "never" | "not" | "no" | "nobody"));
    if let Some(at) = at.filter(|_| never) {
        found.drain(at..at + 2);
    }
    found
}

/// "counting only customers who placed at least one": a mean over those that have any is one.
pub(super) fn of_those_with_any(mut found: Vec<Token>) -> Vec<Token> {
    let average = found.iter().any(|token| matches!(token.text.as_str(), "average" | "avg" | "mean"));
    let at = (2..found.len()).find(|at| {
        matches!(text(&found, *at), "counting" | "considering" | "taking" | "including")
            && text(&found, at + 1) == "only"
            && matches!(text(&found, at + 2), "customers" | "buyers" | "people" | "those")
            && text(&found, at + 3) == "who"
            && is_one_of("placed ordered bought made had have", text(&found, at + 4))
            && found[at + 5..].iter().all(|token| is_one_of("at least one order purchase", &token.text))
    });
    if let Some(at) = at.filter(|_| average) {
        let from = at - usize::from(text(&found, at - 1) == ",");
        found.truncate(from);
    }
    found
}

/// "inventory value per warehouse, stock next to it": one more figure. "with the difference and the change": both stand beside what is
/// compared.
pub(super) fn beside_it(mut found: Vec<Token>) -> Vec<Token> {
    let compares = found.iter().any(|token| {
        matches!(token.text.as_str(), "against" | "vs" | "versus" | "compared" | "compare" | "than" | "before")
    });
    let with = (2..found.len()).find(|at| {
        text(&found, *at) == "with"
            && found[at + 1..].iter().all(|token| {
                is_one_of("the both and , difference differences change changes in percent % percentage absolute terms as well too euros", &token.text)
            })
            && at + 1 < found.len()
    });
    // ", I want to see both the amount and the percent": as a gross margin is shown.
    let both = (2..found.len()).find(|at| {
        text(&found, at - 1) == ","
            && found[*at..].iter().all(|token| {
                is_one_of("i we want need would d like to see show me with both the amount amounts and percent % percentage rate please as well", &token.text)
            })
            && found[*at..].iter().any(|token| matches!(token.text.as_str(), "amount" | "amounts"))
            && found[*at..].iter().any(|token| matches!(token.text.as_str(), "percent" | "percentage" | "%" | "rate"))
    });
    if let Some(at) = both.filter(|at| found[..*at].iter().any(|token| token.text == "margin")) {
        found.truncate(at - 1);
        return found;
    }
    if let Some(at) = with.filter(|_| compares) {
        found.truncate(at - usize::from(text(&found, at - 1) == ","));
        return found;
    }
    let end = found.len();
    let words = match (
        end.checked_sub(3).map_or("", |at| text(&found, at)),
        text(&found, end.saturating_sub(2)),
        text(&found, end.saturating_sub(1)),
    ) {
        ("next", "to", "it" | "that" | "them") => 3,
        (_, "beside" | "alongside", "it" | "that" | "them") => 2,
        (_, _, "alongside") => 1,
        _ => return found,
    };
    let Some(comma) = found[..end - words].iter().rposition(|token| token.text == ",") else { return found };
    if comma + 1 < end - words && end - words - comma <= 5 {
        // Said first, the other figure shares the groups.
        let start = found[comma].start;
        found.truncate(end - words);
        let mut other = found.split_off(comma);
        other.remove(0);
        if other.first().is_some_and(|token| token.text == "with") {
            other.remove(0);
        }
        other.push(word("and", start));
        let asks = found
            .iter()
            .take_while(|token| is_one_of("show me give list us please the i need want", &token.text))
            .count();
        found.splice(asks..asks, other);
    }
    found
}

/// "amount charged to customers, with tax and shipping, per month": what is charged has them in it.
pub(super) fn with_tax_and_shipping(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(3)).find(|at| {
        matches!(text(&found, *at), "with" | "including" | "incl")
            && matches!(text(&found, at + 1), "tax" | "shipping" | "vat")
            && text(&found, at + 2) == "and"
            && matches!(text(&found, at + 3), "tax" | "shipping" | "vat")
    });
    let billed = |token: &Token| is_one_of("bill billed charge charged invoice invoiced", &token.text);
    let tax = |at: usize| is_one_of("tax taxes vat", text(&found, at));
    // "what did we bill in December including tax", "..., taxes included"
    let alone = (2..found.len()).find(|at| {
        is_one_of("with including incl includes", text(&found, at - 1)) && tax(*at)
            || is_one_of("included incl", text(&found, *at)) && tax(at - 1)
    });
    if let (None, Some(end)) = (at, alone)
        && found[..end - 1].iter().any(billed)
    {
        let from = end - 1 - usize::from(text(&found, end - 2) == ",");
        found.drain(from..=end);
        return found;
    }
    if let Some(at) = at
        && found[..at].iter().any(billed)
    {
        let from = at - usize::from(text(&found, at - 1) == ",");
        let end = at + 4 + usize::from(text(&found, at + 4) == ",");
        found.drain(from..end);
    }
    found
}

/// "bought on mobile in 2025 but never on the web that year": in the one that was named.
pub(super) fn that_year(mut found: Vec<Token>) -> Vec<Token> {
    let at = (2..found.len().saturating_sub(1))
        .find(|at| matches!(text(&found, *at), "that" | "same") && text(&found, at + 1) == "year");
    let Some(at) = at else { return found };
    let year = |token: &Token| token.text.len() == 4 && token.text.starts_with("20") && is_number(&token.text);
    let years: Vec<&Token> = found[..at].iter().filter(|token| year(token)).collect();
    let against = (1..at).any(|place| {
        matches!(text(&found, place), "never" | "not") && matches!(text(&found, place - 1), "but" | "and")
    });
    if years.len() != 1 || !against {
        return found;
    }
    let from = match (text(&found, at - 2), text(&found, at - 1)) {
        ("in", "the") => at - 2,
        (_, "in" | "the") => at - 1,
        _ => at,
    };
    found.drain(from..=at + 1);
    found
}

/// "dropped by half or more", "has doubled": how much that is.
pub(super) fn by_half(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        text(&found, at - 1) == "by"
            && matches!(text(&found, *at), "half")
            && found.get(at + 1).is_none_or(|next| {
                next.text == "or"
                    || next.text == "in"
                    || next.text == "from"
                    || next.text == "between"
                    || next.text == "since"
            })
    });
    if let Some(at) = at {
        let start = found[at].start;
        let or_more = if text(&found, at + 1) == "or" && text(&found, at + 2) == "more" { 2 } else { 0 };
        if or_more == 2 {
            found.splice(at..=at + or_more, ["at", "least", "50", "%"].map(|text| word(text, start)));
        }
    }
    found
}

/// "median days in transit per carrier, parcels delivered in December": the range is counted so anyway.
pub(super) fn parcels_delivered_in(mut found: Vec<Token>) -> Vec<Token> {
    let timed = found.iter().any(|token| matches!(token.text.as_str(), "transit" | "punctual" | "late"))
        || found.windows(3).any(|run| run[0].text == "on" && run[1].text == "time" && run[2].text == "rate");
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        text(&found, at - 1) == ","
            && text(&found, *at) == "parcels"
            && text(&found, at + 1) == "delivered"
            && matches!(text(&found, at + 2), "in" | "last" | "this" | "since" | "during")
    });
    if let Some(at) = at.filter(|_| timed) {
        found.drain(at - 1..at + 2);
    }
    found
}

/// "in each of my two countries": in each country. "in each of Fashion and Sports": the values are groups.
pub(super) fn each_of_several(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = (0..found.len().saturating_sub(2)).find(|at| {
        text(&found, *at) == "each"
            && text(&found, at + 1) == "of"
            && !matches!(text(&found, at + 2), "them" | "these" | "those" | "which")
    }) else {
        return found;
    };
    let start = found[at].start;
    if !matches!(text(&found, at + 2), "my" | "our" | "the" | "its") {
        found.splice(at..at + 2, [word("eachvalue", start)]);
        return found;
    }
    let numbered = is_number(text(&found, at + 3))
        || matches!(text(&found, at + 3), "two" | "three" | "four" | "five" | "six" | "main" | "biggest");
    let noun = at + 3 + usize::from(numbered);
    // "each of the last six months" is another turn's, and who bought in each of four quarters is asked back.
    let time = is_one_of("hours days weeks months quarters years weekdays", text(&found, noun));
    if numbered && !time && text(&found, noun).ends_with('s') {
        let one = singular(text(&found, noun));
        found.splice(at..=noun, ["each".to_owned(), one].map(|text| word(&text, start)));
    }
    found
}

/// "customers who bought at least once": who bought.
pub(super) fn at_least_once(mut found: Vec<Token>) -> Vec<Token> {
    let at = found.windows(3).position(|run| run[0].text == "at" && run[1].text == "least" && run[2].text == "once");
    if let Some(at) = at {
        found.drain(at..at + 3);
    }
    found
}

/// "for each segment, how many customers bought in 2025 and how much revenue did they bring": two figures of the same groups.
pub(super) fn buyers_and_revenue(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = (0..found.len().saturating_sub(3)).find(|at| {
        text(&found, *at) == "how"
            && text(&found, at + 1) == "many"
            && matches!(text(&found, at + 2), "customers" | "buyers" | "people" | "clients" | "shoppers")
            && matches!(text(&found, at + 3), "bought" | "ordered" | "purchased")
    }) else {
        return found;
    };
    let Some(and) = (at + 4..found.len().saturating_sub(2)).find(|place| {
        text(&found, *place) == "and"
            && text(&found, place + 1) == "how"
            && text(&found, place + 2) == "much"
            && (matches!(text(&found, place + 3), "revenue" | "money" | "turnover")
                || text(&found, place + 3) == "they"
                || text(&found, place + 3) == "did" && text(&found, place + 4) == "they")
    }) else {
        return found;
    };
    // The rest only says that they brought it.
    let idle = "revenue money turnover they did that in year we earned earn brought bring spent spend generated generate made make from them us altogether in total";
    if !found[and + 3..].iter().all(|token| is_one_of(idle, &token.text)) {
        return found;
    }
    let start = found[at].start;
    found.truncate(and);
    found.splice(at..at + 4, ["buyers", "and", "revenue"].map(|text| word(text, start)));
    found
}

/// "bought on mobile but never on the web": not there.
pub(super) fn never_on(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        text(&found, *at) == "never"
            && matches!(text(&found, at - 1), "but" | "and")
            && matches!(text(&found, at + 1), "on" | "via" | "through" | "in")
    });
    if let Some(at) = at {
        found[at] = word("not", found[at].start);
    }
    found
}

/// "how many orders did we have, and how many of them were cancelled": both are counted.
pub(super) fn how_many_cancelled(mut found: Vec<Token>) -> Vec<Token> {
    let orders = (0..found.len()).find(|at| {
        text(&found, *at) == "how"
            && text(&found, at + 1) == "many"
            && matches!(text(&found, at + 2), "orders" | "purchases")
    });
    let Some(first) = orders else { return found };
    let Some(and) = (first + 3..found.len())
        .find(|at| text(&found, *at) == "and" && text(&found, at + 1) == "how" && text(&found, at + 2) == "many")
    else {
        return found;
    };
    let mut at = and + 3;
    if text(&found, at) == "of" && matches!(text(&found, at + 1), "them" | "those" | "these") {
        at += 2;
    }
    at += usize::from(matches!(text(&found, at), "were" | "are" | "got" | "was"));
    let cancelled = matches!(text(&found, at), "cancelled" | "canceled");
    if cancelled
        && (at + 1 == found.len() || matches!(text(&found, at + 1), "in" | "by" | "per" | "last" | "this" | ","))
    {
        let start = found[and].start;
        found.splice(and + 1..=at, ["cancelled", "orders"].map(|text| word(text, start)));
    }
    found
}

/// "compare H1 and H2 2025": both of that year.
pub(super) fn halves_of_a_year(mut found: Vec<Token>) -> Vec<Token> {
    let part = |text: &str| matches!(text, "h1" | "h2" | "q1" | "q2" | "q3" | "q4");
    let year = |text: &str| text.len() == 4 && text.starts_with("20") && is_number(text);
    let at = (0..found.len().saturating_sub(3)).find(|at| {
        part(text(&found, *at))
            && matches!(text(&found, at + 1), "and" | "vs" | "versus" | "to" | "against" | "with" | "or" | "," | "than")
            && part(text(&found, at + 2))
            && year(text(&found, at + 3))
    });
    if let Some(at) = at {
        let start = found[at].start;
        let named = text(&found, at + 3).to_owned();
        found.insert(at + 1, word(&named, start));
    }
    found
}

/// "Christmas week, 22 to 28 December": from the one to the other.
pub(super) fn days_to_days(mut found: Vec<Token>) -> Vec<Token> {
    let day = |text: &str| is_number(text) && text.len() < 3;
    let at = (0..found.len().saturating_sub(3)).find(|at| {
        day(text(&found, *at))
            && matches!(text(&found, at + 1), "to" | "until" | "till" | "through")
            && day(text(&found, at + 2))
            && crate::brain::rules::time::is_month(text(&found, at + 3))
            && (*at == 0 || !matches!(text(&found, at - 1), "from" | "between" | "the"))
    });
    if let Some(at) = at {
        let start = found[at].start;
        found.insert(at, word("from", start));
    }
    found
}

/// "which weekday do we ship the most": parcels.
pub(super) fn ship_the_most(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        matches!(text(&found, *at), "most" | "least")
            && (matches!(text(&found, at - 1), "ship" | "ships" | "shipped")
                || text(&found, at - 1) == "the"
                    && *at > 1
                    && matches!(text(&found, at - 2), "ship" | "ships" | "shipped"))
            && (at + 1 == found.len()
                || matches!(text(&found, at + 1), "in" | "on" | "last" | "this" | "to" | "from" | "during"))
    });
    if let Some(at) = at {
        let start = found[at].start;
        found.insert(at + 1, word("parcels", start));
    }
    found
}

/// "this week vs last week same days": a range that is running is compared so anyway.
pub(super) fn same_days(mut found: Vec<Token>) -> Vec<Token> {
    let end = found.len();
    if end > 4
        && text(&found, end - 2) == "same"
        && matches!(text(&found, end - 1), "days" | "point" | "time" | "period")
        && is_one_of(UNITS, text(&found, end - 3))
        && text(&found, end - 4) == "last"
        && found.iter().any(|token| matches!(token.text.as_str(), "vs" | "versus" | "against" | "compared" | "than"))
    {
        found.truncate(end - 2);
    }
    found
}

/// "what's the status of Carmen Blanco's latest order": the order shows it.
pub(super) fn status_of_the_latest(mut found: Vec<Token>) -> Vec<Token> {
    let end = found.len();
    let latest = end > 4
        && matches!(text(&found, end - 1), "order" | "orders")
        && matches!(text(&found, end - 2), "latest" | "last" | "newest" | "recent");
    let at = found.windows(2).position(|pair| pair[0].text == "status" && pair[1].text == "of");
    if let (true, Some(at)) = (latest, at)
        && found[..at].iter().all(|token| is_one_of("what is s the current present whats tell me", &token.text))
        && !matches!(text(&found, at + 2), "the" | "our")
    {
        found.drain(..at + 2);
    }
    found
}

/// "total amount of captured payments", "captured amount": their money, not their number.
pub(super) fn money_of_payments(mut found: Vec<Token>) -> Vec<Token> {
    let state = |at: usize| is_one_of("captured authorized authorised failed declined", text(&found, at));
    let of = (0..found.len().saturating_sub(2)).find(|at| {
        let the = usize::from(matches!(text(&found, at + 2), "the" | "our" | "all"));
        matches!(text(&found, *at), "amount" | "value" | "sum" | "volume" | "money")
            && matches!(text(&found, at + 1), "of" | "in")
            && state(at + 2 + the)
            && matches!(text(&found, at + 3 + the), "payments" | "payment")
    });
    let before = (0..found.len().saturating_sub(1))
        .find(|at| state(*at) && matches!(text(&found, at + 1), "amount" | "amounts") && text(&found, at + 2) != "of");
    let (from, end, at) = match (of, before) {
        (Some(at), _) => {
            let the = usize::from(matches!(text(&found, at + 2), "the" | "our" | "all"));
            (at, at + 4 + the, at + 2 + the)
        }
        (None, Some(at)) => (at, at + 2, at),
        _ => return found,
    };
    let start = found[from].start;
    let named = text(&found, at).to_owned();
    found.splice(from..end, ["sum", "of", "payments", &named].map(|text| word(text, start)));
    found
}

/// "sign-ups that haven't bought anything yet": never bought anything.
pub(super) fn not_yet(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = (1..found.len().saturating_sub(2)).find(|at| {
        let has = matches!(text(&found, *at), "haven" | "hasn") && text(&found, at + 1) == "t"
            || matches!(text(&found, *at), "have" | "has") && text(&found, at + 1) == "not";
        has && is_one_of("bought ordered purchased placed", text(&found, at + 2))
            && found[at + 3..].iter().take(4).any(|token| token.text == "yet")
    }) else {
        return found;
    };
    let start = found[at].start;
    let yet = (at + 3..found.len()).find(|place| text(&found, *place) == "yet");
    found.drain(yet.unwrap_or(at)..=yet.unwrap_or(at));
    found.splice(at..at + 2, [word("never", start)]);
    found
}

/// "than the one in 2024" of a feast: that year's.
pub(super) fn the_one_in(mut found: Vec<Token>) -> Vec<Token> {
    let feast = found.windows(2).find_map(|pair| match (pair[0].text.as_str(), pair[1].text.as_str()) {
        ("black", "friday") => Some(["black", "friday"]),
        ("cyber", "monday") => Some(["cyber", "monday"]),
        _ => None,
    });
    let at = (1..found.len().saturating_sub(3)).find(|at| {
        text(&found, *at) == "the"
            && text(&found, at + 1) == "one"
            && matches!(text(&found, at + 2), "in" | "of" | "from")
            && text(&found, at + 3).starts_with("20")
            && matches!(text(&found, at - 1), "than" | "vs" | "with" | "to" | "against")
    });
    if let (Some(feast), Some(at)) = (feast, at) {
        let start = found[at].start;
        found.splice(at..at + 3, feast.map(|text| word(text, start)));
        found[at - 1] = word("vs", start);
    }
    found
}
