//! What people say of sizes, ages and names where the grammar has a figure, a bound or rows. Must not take a size of one thing for
//! that of another.

use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::rephrased::word;
use crate::brain::rules::time::is_month;

/// "are marketplace orders bigger than web orders": what an order is worth, not how many there are.
pub(super) fn bigger_orders(mut found: Vec<Token>) -> Vec<Token> {
    if !is_one_of("is are was were", text(&found, 0)) {
        return found;
    }
    let at = (2..found.len()).find(|at| {
        matches!(text(&found, at - 1), "orders" | "baskets" | "carts")
            && is_one_of("bigger larger smaller higher lower", text(&found, *at))
            && text(&found, at + 1) == "than"
    });
    let Some(at) = at else { return found };
    if found[at + 2..].iter().any(|token| token.text.bytes().any(|byte| byte.is_ascii_digit()) && token.text.len() < 4)
    {
        return found;
    }
    let start = found[at].start;
    let direction = if matches!(text(&found, at), "smaller" | "lower") { "lower" } else { "higher" };
    let mut rest: Vec<Token> = found.split_off(at + 1);
    if let Some(again) = rest.iter().position(|token| is_one_of("orders baskets carts ones those", &token.text)) {
        rest.remove(again);
    }
    if let Some(mean) = rest.windows(2).position(|pair| pair[0].text == "on" && pair[1].text == "average") {
        rest.drain(mean..mean + 2);
    }
    found.truncate(at - 1);
    found.extend(["average", "order", "value", direction].map(|text| word(text, start)));
    found.extend(rest);
    found
}

/// "orders placed more than a week ago": older than that.
pub(super) fn placed_ago(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        is_one_of("placed ordered made from", text(&found, *at))
            && is_one_of("more longer over", text(&found, at + 1))
            && (text(&found, at + 2) == "than" || text(&found, at + 1) == "over")
    });
    let Some(at) = at else { return found };
    let ago = (at + 3..found.len().min(at + 7)).find(|place| text(&found, *place) == "ago");
    let Some(ago) = ago else { return found };
    let start = found[at].start;
    found.remove(ago);
    let than = if text(&found, at + 2) == "than" { at + 3 } else { at + 2 };
    found.splice(at..than, ["older", "than"].map(|text| word(text, start)));
    found
}

/// "names of our VIPs living in Berlin", "products launched in 2025": the rows.
pub(super) fn names_of(mut found: Vec<Token>) -> Vec<Token> {
    // "products launched in 2025"
    if text(&found, 0) == "products"
        && text(&found, 1) == "launched"
        && !found.iter().any(|token| is_one_of("and by per revenue sales units many", &token.text))
    {
        let start = found[0].start;
        found.insert(0, word("list", start));
        return found;
    }
    let lead = usize::from(matches!(text(&found, 0), "the" | "give" | "all"));
    if matches!(text(&found, lead), "names" | "name") && text(&found, lead + 1) == "of" {
        let next = text(&found, lead + 2).to_owned();
        if is_one_of("our the all every those any", &next) {
            let start = found[lead].start;
            found.splice(0..lead + 2, [word("list", start)]);
        }
    }
    found
}

/// "orders not shipped to Portugal": all but those that go there, whatever became of them.
pub(super) fn not_to(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(3)).find(|at| {
        text(&found, *at) == "not"
            && is_one_of("shipped sent delivered going shipping", text(&found, at + 1))
            && text(&found, at + 2) == "to"
            && !is_one_of("be us our the date customers customer them", text(&found, at + 3))
    });
    if let Some(at) = at {
        let start = found[at].start;
        found.splice(at..at + 3, [word("without", start)]);
    }
    found
}

/// "how many orders has Carmen Blanco placed and how much has she spent": two figures of hers.
pub(super) fn and_spent(mut found: Vec<Token>) -> Vec<Token> {
    let at = (3..found.len().saturating_sub(4)).find(|at| {
        text(&found, *at) == "and"
            && text(&found, at + 1) == "how"
            && text(&found, at + 2) == "much"
            && is_one_of("has have did had", text(&found, at + 3))
            && is_one_of("she he they", text(&found, at + 4))
            && is_one_of("spent spend", text(&found, at + 5))
    });
    let Some(at) = at else { return found };
    if text(&found, 0) == "how" && text(&found, 1) == "many" && text(&found, 2) == "orders" {
        let start = found[at].start;
        let rest = found.split_off(at + 6);
        found.truncate(at);
        found.splice(3..3, ["and", "revenue"].map(|text| word(text, start)));
        found.splice(0..2, [word("number", start), word("of", start)]);
        found.extend(rest);
    }
    found
}

/// "the second week of December": its days from the 8th to the 14th.
pub(super) fn weeks_of_a_month(mut found: Vec<Token>) -> Vec<Token> {
    let at = (0..found.len().saturating_sub(3)).find(|at| {
        is_one_of("second third fourth 2nd 3rd 4th", text(&found, *at))
            && text(&found, at + 1) == "week"
            && matches!(text(&found, at + 2), "of" | "in")
            && is_month(text(&found, at + 3))
    });
    let Some(at) = at else { return found };
    let (from, to) = match text(&found, at) {
        "second" | "2nd" => ("8", "14"),
        "third" | "3rd" => ("15", "21"),
        _ => ("22", "28"),
    };
    let start = found[at].start;
    let lead = usize::from(at > 0 && text(&found, at - 1) == "the");
    let lead = lead + usize::from(at > lead && is_one_of("in on during of for", text(&found, at - lead - 1)));
    found.splice(at - lead..at + 3, ["between", from, "and", to].map(|text| word(text, start)));
    found
}

/// "average discount rate by brand within Fashion": of what is in it. "within 3 days" is a bound, and "within the week" a range.
pub(super) fn within_a_group(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(1)).find(|at| {
        text(&found, *at) == "within"
            && found[at + 1].raw.starts_with(char::is_uppercase)
            && !is_month(text(&found, at + 1))
            && !text(&found, at + 1).bytes().any(|byte| byte.is_ascii_digit())
    });
    if let Some(at) = at {
        found[at] = word("in", found[at].start);
    }
    found
}

/// "% of orders to Spain", "since the first of December": signs and days as the grammar has them.
pub(super) fn signs_and_firsts(mut found: Vec<Token>) -> Vec<Token> {
    for at in 0..found.len() {
        let start = found[at].start;
        let number = at > 0 && text(&found, at - 1).bytes().any(|byte| byte.is_ascii_digit());
        if text(&found, at) == "%" && text(&found, at + 1) == "of" && !number {
            found[at] = word("percentage", start);
        }
        if text(&found, at) == "first" && text(&found, at + 1) == "of" && is_month(text(&found, at + 2)) {
            let lead = usize::from(at > 0 && text(&found, at - 1) == "the");
            found.splice(at - lead..at + 2, [word("1", start)]);
            break;
        }
    }
    found
}

/// "total spend of each business customer": of the customers of that segment, one by one.
pub(super) fn each_of_a_segment(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        matches!(text(&found, *at), "each" | "every")
            && is_one_of("vip business consumer", text(&found, at + 1))
            && is_one_of("customer client buyer", text(&found, at + 2))
    });
    if let Some(at) = at {
        let start = found[at].start;
        let segment = found[at + 1].clone();
        let lead = usize::from(is_one_of("of for by per from", text(&found, at - 1)));
        let words = ["by", "customer", "for"].map(|text| word(text, start));
        found.splice(at - lead..at + 3, words.into_iter().chain([segment, word("customers", start)]));
    }
    found
}
