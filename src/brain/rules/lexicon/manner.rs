//! Small words of speech that say nothing more, or the same as others: "the busiest single hour", "the last four complete
//! quarters", "24 and 25 December", "more then". Must not drop one that changes which rows are meant.

use crate::brain::rules::time::is_month;
pub(super) use crate::brain::rules::tokens::is_number;
use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::clauses::{
    and_how_many_was_it, and_why, at_least_once, beside_it, buyers_and_revenue, by_anyone, cancelled_left_out,
    days_to_days, each_of_several, each_of_those, few_in_stock, halves_of_a_year, how_many_cancelled,
    money_of_payments, never_on, not_yet, of_those_with_any, orders_billed_above, parcels_delivered_in, same_days,
    ship_the_most, status_of_the_latest, that_year, the_one_in, waiting_for, who_were_our, with_tax_and_shipping,
};
use super::halves::{
    all_others, how_many_of_each, never_before, new_or_returning, returns_requested, weekdays_or_weekends,
};
use super::oddly::{
    all_of_them, as_a_chart, how_often_sold, how_they_pay, name_and_noun, pending_returns, sits_in_orders,
    the_cheapest_five, what_else, what_sold, what_they_buy, where_from,
};
use super::queue::{have_not_been, next_step, rejected_left_out, went_out, why_it_happened};
use super::rephrased::word;
use super::usage::{
    amount_and_percent, and_spent, bigger_orders, bought_from, each_of_a_segment, names_of, no_discount, not_to,
    of_the_people_who, placed_ago, signs_and_firsts, weeks_of_a_month, with_a_return, within_a_group,
};
use super::versus::{
    beats, between_two, feast_of_a_year, gap_between, grew_in_percent, now_against_the_last, one_before,
    over_the_other, same_month_before, who_has_the_larger, who_sold_more,
};

pub(super) const UNITS: &str = "hour hours day days week weeks month months quarter quarters year years";
const COMPARATIVES: &str = "more less fewer higher lower bigger smaller larger longer shorter older newer younger later earlier better \
    worse greater cheaper faster slower";
/// What a day of the week may stand right before: "Sunday deliveries".
const HAPPENINGS: &str = "deliveries orders parcels sales revenue shipments purchases returns";

/// Each of them, in the order in which they are tried.
const TURNS: [fn(Vec<Token>) -> Vec<Token>; 96] = [
    more_then,
    pending_returns,
    what_sold,
    what_they_buy,
    all_of_them,
    where_from,
    how_they_pay,
    as_a_chart,
    what_else,
    how_often_sold,
    name_and_noun,
    sits_in_orders,
    the_cheapest_five,
    of_the_people_who,
    bought_from,
    amount_and_percent,
    have_not_been,
    why_it_happened,
    next_step,
    went_out,
    rejected_left_out,
    no_discount,
    with_a_return,
    signs_and_firsts,
    each_of_a_segment,
    within_a_group,
    not_to,
    and_spent,
    weeks_of_a_month,
    bigger_orders,
    placed_ago,
    names_of,
    returns_requested,
    never_before,
    all_others,
    how_many_of_each,
    weekdays_or_weekends,
    new_or_returning,
    whole_units,
    days_of_a_month,
    just_gone,
    one_before,
    single,
    usually,
    gap_between,
    mix_of,
    weekday_of,
    topping,
    made_up_by,
    within,
    each_of_the_last,
    relative_to,
    between_two,
    percent_late,
    x_by_x,
    number_and_amount,
    over_the_other,
    beats,
    who_has_the_larger,
    in_the_catalogue,
    for_the_same,
    feast_of_a_year,
    who_sold_more,
    one_more_too,
    grew_in_percent,
    in_parcels,
    vips,
    now_against_the_last,
    same_month_before,
    who_were_our,
    each_of_those,
    orders_billed_above,
    waiting_for,
    few_in_stock,
    and_why,
    cancelled_left_out,
    and_how_many_was_it,
    by_anyone,
    of_those_with_any,
    beside_it,
    with_tax_and_shipping,
    that_year,
    parcels_delivered_in,
    each_of_several,
    at_least_once,
    buyers_and_revenue,
    never_on,
    how_many_cancelled,
    halves_of_a_year,
    days_to_days,
    ship_the_most,
    same_days,
    status_of_the_latest,
    money_of_payments,
    not_yet,
    the_one_in,
];

/// All of them, one after the other.
pub(super) fn plainly(found: Vec<Token>) -> Vec<Token> {
    TURNS.iter().fold(found, |found, turn| turn(found))
}

/// "more then 5": a typing error that is a word.
fn more_then(mut found: Vec<Token>) -> Vec<Token> {
    for at in 1..found.len() {
        if found[at].text == "then" && is_one_of(COMPARATIVES, text(&found, at - 1)) && at + 1 < found.len() {
            found[at] = word("than", found[at].start);
        }
    }
    found
}

/// "the last four complete quarters", "last full month": units are whole.
fn whole_units(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        let adjective =
            matches!(text(&found, *at), "complete" | "full" | "whole" | "calendar" | "completed" | "finished");
        let last = |at: usize| matches!(text(&found, at), "last" | "past" | "previous" | "latest" | "preceding");
        adjective && is_one_of(UNITS, text(&found, at + 1)) && (last(at - 1) || *at > 1 && last(at - 2))
    });
    if let Some(at) = at {
        found.remove(at);
    }
    found
}

/// "24 and 25 December": both are of the month.
fn days_of_a_month(mut found: Vec<Token>) -> Vec<Token> {
    let day = |text: &str| {
        let digits = text.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
        digits.len() <= 2 && digits.parse::<u32>().is_ok_and(|day| (1..=31).contains(&day))
    };
    let at = (0..found.len()).find(|at| {
        day(text(&found, *at))
            && matches!(text(&found, at + 1), "and" | "or")
            && day(text(&found, at + 2))
            && is_month(text(&found, at + 3))
            && (*at == 0 || !matches!(text(&found, at - 1), "between" | "from" | "than" | "least" | "most" | "top"))
    });
    if let Some(at) = at {
        let month = Token { start: found[at].start, ..found[at + 3].clone() };
        found.insert(at + 1, month);
    }
    found
}

/// "the year just gone": the last one.
fn just_gone(mut found: Vec<Token>) -> Vec<Token> {
    let at = (0..found.len()).find(|at| {
        is_one_of("week month quarter year", text(&found, *at))
            && text(&found, at + 1) == "just"
            && matches!(text(&found, at + 2), "gone" | "ended" | "past" | "finished" | "closed")
    });
    if let Some(at) = at {
        let start = found[at].start;
        found.drain(at + 1..at + 3);
        let the = at > 0 && matches!(text(&found, at - 1), "the" | "this");
        if the {
            found[at - 1] = word("last", start);
        } else {
            found.insert(at, word("last", start));
        }
    }
    // "these days": as things are now.
    let days = found.windows(2).position(|pair| pair[0].text == "these" && pair[1].text == "days");
    if let Some(at) = days.filter(|at| at + 2 == found.len() || text(&found, at + 2) == ",") {
        let start = found[at].start;
        found.splice(at..at + 2, [word("now", start)]);
    }
    found
}

/// "our busiest single hour", "best single day": which one is said by the ranking.
fn single(mut found: Vec<Token>) -> Vec<Token> {
    for at in (1..found.len()).rev() {
        if found[at].text != "single" {
            continue;
        }
        let before = text(&found, at - 1);
        let ranks = before.ends_with("est") && before.len() > 4 && before != "interest"
            || matches!(before, "best" | "worst" | "most" | "top");
        let every = matches!(before, "every" | "each") && is_one_of(UNITS, text(&found, at + 1));
        if ranks || every {
            found.remove(at);
        }
    }
    found
}

/// "at what hour do we usually get the most orders": said of a ranking or a duration it changes nothing.
fn usually(mut found: Vec<Token>) -> Vec<Token> {
    let ranks = found.iter().any(|token| {
        matches!(token.text.as_str(), "most" | "least" | "best" | "worst" | "fewest")
            || token.text.ends_with("est") && token.text.len() > 5 && token.text != "request"
    }) || found
        .windows(2)
        .any(|pair| pair[0].text == "how" && matches!(pair[1].text.as_str(), "long" | "fast" | "quickly"));
    if ranks {
        found.retain(|token| {
            !matches!(token.text.as_str(), "usually" | "normally" | "typically" | "generally" | "ordinarily")
        });
    }
    found
}

/// "the revenue mix by segment": the share of each.
fn mix_of(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = (1..found.len()).find(|at| text(&found, *at) == "mix") else { return found };
    let start = found[at].start;
    let split = matches!(text(&found, at + 1), "by" | "per" | "across" | "between" | "of");
    match text(&found, at - 1) {
        "revenue" | "sales" | "order" | "orders" | "profit" | "turnover" if split => {
            found.remove(at);
            if matches!(text(&found, at), "across" | "between" | "of") {
                found[at] = word("by", start);
            }
            found.splice(at - 1..at - 1, ["share", "of"].map(|text| word(text, start)));
        }
        "channel" | "category" | "segment" | "brand" | "country" | "carrier" if !split => {
            let noun = found[at - 1].clone();
            let figure = if noun.text == "carrier" {
                "parcels"
            } else if noun.text == "channel" {
                "orders"
            } else {
                "revenue"
            };
            let words = ["share", "of", figure, "by"].map(|text| word(text, start));
            found.splice(at - 1..=at, words.into_iter().chain([noun]));
        }
        "payment" => {
            let words = ["share", "of", "orders", "by", "payment", "method"].map(|text| word(text, start));
            found.splice(at - 1..=at, words);
            // "payment mix for mobile orders": the orders are said.
            let orders = (at + 5..found.len()).find(|place| text(&found, *place) == "orders");
            if let Some(place) = orders {
                found.remove(place);
            }
        }
        _ => {}
    }
    found
}

/// "Sunday deliveries last year": those of all Sundays in it.
fn weekday_of(mut found: Vec<Token>) -> Vec<Token> {
    let day = |text: &str| is_one_of("monday tuesday wednesday thursday friday saturday sunday", text);
    let ranged = |found: &[Token]| {
        found.iter().any(|token| {
            matches!(token.text.as_str(), "last" | "this" | "past" | "previous" | "since" | "ytd")
                || is_month(&token.text)
                || token.text.len() == 4 && token.text.starts_with("20")
        })
    };
    let at = (0..found.len()).find(|at| {
        let before = at.checked_sub(1).map_or("", |before| text(&found, before));
        day(text(&found, *at))
            && is_one_of(HAPPENINGS, text(&found, at + 1))
            && !matches!(before, "last" | "this" | "on" | "black" | "past" | "previous" | "cyber" | "since" | "and")
    });
    let compared = found.iter().any(|token| matches!(token.text.as_str(), "vs" | "than" | "against" | "versus"));
    if let Some(at) = at.filter(|_| ranged(&found) && !compared) {
        let plural = format!("{}s", found[at].text);
        let start = found[at].start;
        found.remove(at);
        found.insert(at + 1, word(&plural, start));
        found.insert(at + 1, word("on", start));
    }
    found
}

/// "in which months did revenue top 200k": was above.
fn topping(mut found: Vec<Token>) -> Vec<Token> {
    for at in 1..found.len() {
        let verb = matches!(
            text(&found, at),
            "top" | "topped" | "pass" | "passed" | "cross" | "crossed" | "exceed" | "exceeded" | "hit"
        );
        let amount = text(&found, at + 1);
        let number = amount.starts_with(|sign: char| sign.is_ascii_digit()) || amount == "€";
        let figure = matches!(
            text(&found, at - 1),
            "revenue" | "sales" | "turnover" | "orders" | "profit" | "returns" | "refunds" | "we"
        );
        let large = amount.len() > 2 || text(&found, at + 2) == "%" || text(&found, at + 2) == "percent";
        if verb
            && number
            && figure
            && large
            && found[..at]
                .iter()
                .any(|token| matches!(token.text.as_str(), "did" | "where" | "when" | "which" | "has" | "have"))
        {
            found[at] = word("above", found[at].start);
        }
    }
    found
}

/// "how much of the sales do our ten best products make up": their share.
fn made_up_by(mut found: Vec<Token>) -> Vec<Token> {
    let how = found.windows(4).position(|run| {
        run[0].text == "how"
            && run[1].text == "much"
            && run[2].text == "of"
            && matches!(run[3].text.as_str(), "the" | "our" | "total" | "all")
    });
    let makes = (4..found.len()).find(|at| {
        matches!(text(&found, *at), "make" | "made") && text(&found, at + 1) == "up"
            || matches!(text(&found, *at), "come" | "comes" | "came") && text(&found, at + 1) == "from"
            || matches!(text(&found, *at), "account" | "accounts" | "accounted") && text(&found, at + 1) == "for"
    });
    let (Some(how), Some(makes)) = (how, makes.filter(|at| how.is_some_and(|how| how < *at))) else { return found };
    let start = found[how].start;
    let verb = (how + 4..makes).find(|at| matches!(text(&found, *at), "do" | "does" | "did"));
    if text(&found, makes + 1) == "from" {
        found[makes] = word("is", start);
    } else {
        found.drain(makes..makes + 2);
    }
    if let Some(verb) = verb {
        found[verb] = word("from", start);
    }
    found.splice(how..how + 3, ["share", "of"].map(|text| word(text, start)));
    found
}

/// "shipped within 24 hours of being placed": at most that long. "within the last 30 days" is a range.
fn within(mut found: Vec<Token>) -> Vec<Token> {
    let moves = |token: &Token| {
        matches!(
            token.text.as_str(),
            "ship"
                | "shipped"
                | "delivered"
                | "deliver"
                | "arrive"
                | "arrived"
                | "left"
                | "leave"
                | "dispatched"
                | "sent"
                | "went"
        )
    };
    let Some(at) = (1..found.len()).find(|at| {
        text(&found, *at) == "within"
            && (is_number(text(&found, at + 1)) || super::rephrased::is_count(&found[(at + 1).min(found.len() - 1)]))
            && is_one_of("hour hours day days", text(&found, at + 2))
    }) else {
        return found;
    };
    if !found[..at].iter().any(moves) {
        return found;
    }
    let start = found[at].start;
    // "of being placed", "of the order", "of ordering"
    let tail = match (text(&found, at + 3), text(&found, at + 4), text(&found, at + 5)) {
        ("of" | "after", "being", "placed") | ("of" | "after", "the" | "their", "order") => 3,
        ("of" | "after", "placing" | "ordering" | "order" | "purchase", _) => 2,
        _ => 0,
    };
    found.drain(at + 3..at + 3 + tail);
    found.splice(at..=at, ["at", "most"].map(|text| word(text, start)));
    found
}

/// "in each of the last four quarters": by quarter, in those.
fn each_of_the_last(mut found: Vec<Token>) -> Vec<Token> {
    let at = (0..found.len()).find(|at| {
        matches!(text(&found, *at), "each" | "every")
            && text(&found, at + 1) == "of"
            && matches!(text(&found, at + 2), "the" | "our")
            && matches!(text(&found, at + 3), "last" | "past" | "previous")
            && is_one_of("days weeks months quarters years", text(&found, at + 5))
    });
    // "customers who bought in each of the last 3 months" did so in all of them.
    let all = found.iter().any(|token| matches!(token.text.as_str(), "who" | "that"))
        && !found.iter().any(|token| token.text == "many")
        && found.iter().any(|token| is_one_of("bought ordered purchased shopped", &token.text));
    let Some(at) = at else { return found };
    let start = found[at].start;
    let unit = text(&found, at + 5).trim_end_matches('s').to_owned();
    if all {
        found.splice(at..at + 2, ["every", &unit, "of"].map(|text| word(text, start)));
        return found;
    }
    let lead = usize::from(at > 0 && matches!(text(&found, at - 1), "in" | "for" | "over" | "during"));
    found.splice(at - lead..at + 2, ["by", &unit, "in"].map(|text| word(text, start)));
    found
}

/// "which country cancels most, relative to its orders": the rate.
fn relative_to(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        text(&found, *at) == "relative" && text(&found, at + 1) == "to"
            || text(&found, *at) == "in" && text(&found, at + 1) == "relative" && text(&found, at + 2) == "terms"
            || text(&found, *at) == "proportionally"
            || text(&found, *at) == "as" && text(&found, at + 1) == "a" && text(&found, at + 2) == "rate"
    });
    let Some(at) = at else { return found };
    let rest = (at..found.len()).all(|place| {
        matches!(
            text(&found, place),
            "relative"
                | "to"
                | "in"
                | "terms"
                | "proportionally"
                | "as"
                | "a"
                | "rate"
                | "its"
                | "their"
                | "the"
                | "orders"
                | "order"
                | "number"
                | "of"
        )
    });
    let rate = |found: &[Token]| {
        let says = |words: &[&str]| found.iter().any(|token| words.contains(&token.text.as_str()));
        if says(&["cancel", "cancels", "cancelled", "canceled"]) {
            Some("cancellation")
        } else if says(&["return", "returns", "returned"]) {
            Some("return")
        } else {
            None
        }
    };
    let most = (1..at).find(|place| matches!(text(&found, *place), "most" | "least"));
    let (Some(rate), Some(most), true) = (rate(&found), most, rest) else { return found };
    let verb = (0..most).rev().find(|place| {
        matches!(
            text(&found, *place),
            "cancel" | "cancels" | "cancelled" | "canceled" | "return" | "returns" | "returned"
        )
    });
    let Some(verb) = verb else { return found };
    let start = found[verb].start;
    let end = if text(&found, most) == "most" { "highest" } else { "lowest" };
    let comma = usize::from(text(&found, at - 1) == ",");
    found.truncate(at - comma);
    found.splice(verb..=most, ["has", "the", end, rate, "rate"].map(|text| word(text, start)));
    // "on which channel do customers cancel": the channel is asked for.
    found.retain(|token| !matches!(token.text.as_str(), "customers" | "do" | "clients" | "people"));
    found
}

/// "percent late deliveries": the percentage of them.
fn percent_late(mut found: Vec<Token>) -> Vec<Token> {
    let at = (0..found.len()).find(|at| {
        let before = at.checked_sub(1).map_or("", |before| text(&found, before));
        matches!(text(&found, *at), "percent" | "pct")
            && !before.ends_with(|last: char| last.is_ascii_digit())
            && !matches!(
                before,
                "in" | "as"
                    | "per"
                    | "of"
                    | "and"
                    | "by"
                    | "many"
                    | "a"
                    | "the"
                    | "what"
                    | "which"
                    | "or"
                    | "margin"
                    | "rate"
            )
            && !at.checked_sub(1).is_some_and(|before| super::rephrased::is_count(&found[before]))
            && matches!(
                text(&found, at + 1),
                "late" | "returned" | "cancelled" | "canceled" | "failed" | "mobile" | "web" | "delivered"
            )
    });
    if let Some(at) = at {
        let start = found[at].start;
        found.splice(at..=at, ["percentage", "of"].map(|text| word(text, start)));
    }
    found
}

/// "brand by brand", "category by category": one row each.
fn x_by_x(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        text(&found, at + 1) == "by"
            && found[*at].text == found[at + 2].text
            && is_one_of("brand category country city carrier channel segment product warehouse method customer quarter week year", text(&found, *at))
    });
    if let Some(at) = at {
        found.remove(at);
    }
    found
}

/// "payments in December: number and amount", "returns, count and total value": two figures of the one noun.
fn number_and_amount(mut found: Vec<Token>) -> Vec<Token> {
    // "with their revenue next to it"
    if found.len() > 4
        && found[found.len() - 3].text == "next"
        && found[found.len() - 2].text == "to"
        && found[found.len() - 1].text == "it"
    {
        found.truncate(found.len() - 3);
    }
    let end = found.len();
    let amount = |text: &str| matches!(text, "amount" | "value" | "sum" | "total");
    let count = |text: &str| matches!(text, "number" | "count");
    let words: Vec<&str> = found.iter().map(|token| token.text.as_str()).collect();
    let length = match &words[..] {
        [.., one, "and", two] if count(one) && amount(two) => 3,
        [.., one, "and", "total" | "the", two] if count(one) && amount(two) => 4,
        [.., "how", "many", "and", "how", "much"] => 5,
        [.., "how", "many", "and", "for", "how", "much"] => 6,
        _ => return found,
    };
    let rest = &words[..end - length];
    let says = |stems: &[&str]| found[..end - length].iter().any(|token| stems.contains(&token.stem.as_str()));
    let second: &[&str] = if says(&["payment", "card"]) {
        &["and", "payment", "amount"]
    } else if says(&["return", "returned", "refund"]) {
        &["and", "refunds"]
    } else if says(&["order", "placed"]) {
        &["and", "revenue"]
    } else {
        return found;
    };
    // "rejected returns: how many and for how much": what is refunded of them is nothing.
    if rest.contains(&"rejected") || rest.contains(&"requested") {
        return found;
    }
    let noun: &[&str] = match second[1] {
        "payment" => &[",", "number", "of", "payments"],
        "refunds" => &[",", "number", "of", "returns"],
        _ => &[",", "number", "of", "orders"],
    };
    let start = found[end - length].start;
    found.truncate(end - length);
    if found.last().is_some_and(|token| token.text == ",") {
        found.pop();
    }
    found.extend(noun.iter().chain(second).map(|text| word(text, start)));
    found
}

/// "products in our catalogue": where else.
fn in_the_catalogue(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        text(&found, *at) == "in"
            && matches!(text(&found, at + 1), "our" | "the")
            && matches!(text(&found, at + 2), "catalogue" | "catalog" | "assortment")
    });
    if let Some(at) = at {
        found.drain(at..at + 3);
    }
    found
}

/// "now the transit time for the same month": what goes on keeps its range.
fn for_the_same(mut found: Vec<Token>) -> Vec<Token> {
    let goes_on = matches!(text(&found, 0), "and" | "now" | "then" | "same" | "also");
    let end = found.len();
    let tail = end > 4
        && matches!(text(&found, end - 4), "for" | "in" | "of" | "over" | "during")
        && text(&found, end - 3) == "the"
        && text(&found, end - 2) == "same"
        && is_one_of("day week month quarter year period range time", text(&found, end - 1));
    if goes_on && tail {
        found.truncate(end - 4);
    }
    found
}

/// "revenue this week. Orders too.": one figure more.
fn one_more_too(mut found: Vec<Token>) -> Vec<Token> {
    let end = found.len();
    let figure =
        |text: &str| is_one_of("orders revenue units profit margin customers buyers returns refunds sales", text);
    if end > 4
        && text(&found, end - 1) == "too"
        && figure(text(&found, end - 2))
        && !matches!(text(&found, end - 3), "and" | "the" | "of")
    {
        let start = found[end - 2].start;
        let noun = found[end - 2].clone();
        found.truncate(end - 2);
        // Beside the first figure, before its range.
        let first = found.iter().position(|token| figure(&token.text));
        let place = first.map_or(found.len(), |first| first + 1);
        found.splice(place..place, [word("and", start), noun]);
    }
    found
}

/// "orders that went out in more than two parcels", "shipped in several packages": with so many.
fn in_parcels(mut found: Vec<Token>) -> Vec<Token> {
    let went = |text: &str| {
        matches!(
            text,
            "went" | "sent" | "shipped" | "left" | "arrived" | "dispatched" | "delivered" | "out" | "us" | "split"
        )
    };
    let at = (1..found.len()).find(|at| {
        let noun = (at + 2..(at + 5).min(found.len())).any(|place| {
            is_one_of("parcel parcels package packages box boxes shipment shipments", text(&found, place))
        });
        let many = at + 1 < found.len()
            && (is_one_of("more at several two three four fewer less", text(&found, at + 1))
                || is_number(text(&found, at + 1)));
        text(&found, *at) == "in" && went(text(&found, at - 1)) && many && noun
    });
    let Some(at) = at else { return found };
    let start = found[at].start;
    let several = text(&found, at + 1) == "several";
    let verb = if matches!(text(&found, at - 1), "out" | "us") { at - 2.min(at) } else { at - 1 };
    let many: &[&str] = if several { &["with", "more", "than", "1"] } else { &["with"] };
    found.splice(verb..=at + usize::from(several), many.iter().map(|text| word(text, start)));
    found
}

/// "which vips", "share of vips that": VIP customers, where no other segment is set beside them.
fn vips(mut found: Vec<Token>) -> Vec<Token> {
    let segments =
        |token: &Token| is_one_of("consumer consumers business businesses segment segments", token.text.as_str());
    let at = found.iter().position(|token| token.text == "vips");
    if let Some(at) = at.filter(|_| !found.iter().any(segments)) {
        let start = found[at].start;
        found.splice(at..=at, ["vip", "customers"].map(|text| word(text, start)));
    }
    found
}
