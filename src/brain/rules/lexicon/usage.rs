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

/// "orders without any discount", "orders that had no discount": without a line of that.
pub(super) fn no_discount(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| is_one_of("without no", text(&found, *at)));
    let Some(at) = at else { return found };
    let end = at + 1 + usize::from(is_one_of("a any", text(&found, at + 1)));
    let mut from = at;
    while from > 1 && is_one_of("with that which had have has were having", text(&found, from - 1)) {
        from -= 1;
    }
    if is_one_of("discount discounts", text(&found, end)) && is_one_of("orders order purchases", text(&found, from - 1))
    {
        let start = found[at].start;
        let whole = end + if text(&found, end + 1) == "at" && text(&found, end + 2) == "all" { 2 } else { 0 };
        found.splice(from..=whole, ["without", "discounted"].map(|text| word(text, start)));
    }
    found
}

/// "customers with a return", "how many customers had a return": who returned something.
pub(super) fn with_a_return(mut found: Vec<Token>) -> Vec<Token> {
    let at = (2..found.len()).find(|at| {
        is_one_of("return returns", text(&found, *at))
            && (is_one_of("a any", text(&found, at - 1))
                || is_one_of("one 1", text(&found, at - 1)) && text(&found, at.saturating_sub(2)) == "least")
    });
    let Some(at) = at else { return found };
    let article = if is_one_of("a any", text(&found, at - 1)) { at - 1 } else { at - 3 };
    let mut from = article;
    while from > 1 && is_one_of("who that which with had have has having made", text(&found, from - 1)) {
        from -= 1;
    }
    let people = found[..from].iter().any(|token| is_one_of("customers clients buyers shoppers people", &token.text));
    let orders = found[..from].iter().any(|token| is_one_of("orders order", &token.text));
    if from < article && people && !orders && !is_one_of("rate reason status request of with", text(&found, at + 1)) {
        let start = found[article].start;
        found.splice(from..=at, ["who", "returned", "something"].map(|text| word(text, start)));
    }
    found
}

/// "bought a product from Phones", "but bought nothing from Audio": what is bought is said by what follows.
pub(super) fn bought_from(mut found: Vec<Token>) -> Vec<Token> {
    const BUYS: &str = "buy buys bought buying purchased ordered";
    let buys = |found: &[Token], at: usize| is_one_of(BUYS, text(found, at));
    let first = (1..found.len().saturating_sub(3)).find(|at| {
        buys(&found, *at)
            && is_one_of("a an any some", text(&found, at + 1))
            && is_one_of("product products item items article articles", text(&found, at + 2))
            && is_one_of("from of in", text(&found, at + 3))
    });
    if let Some(at) = first {
        found.drain(at + 1..at + 3);
    }
    let again = (2..found.len().saturating_sub(1)).find(|at| {
        buys(&found, *at) && text(&found, at + 1) == "nothing" && is_one_of("but and", text(&found, at - 1))
    });
    if let Some(at) = again
        && (0..at).any(|before| buys(&found, before))
    {
        found.remove(at);
    }
    found
}

/// "of the people who bought Phones in 2025, how many bought nothing from Audio": one group of people, and both conditions.
pub(super) fn of_the_people_who(mut found: Vec<Token>) -> Vec<Token> {
    const PEOPLE: &str = "people customers buyers clients shoppers those";
    if text(&found, 0) != "of" {
        return found;
    }
    let noun = (1..found.len().min(4)).find(|at| is_one_of(PEOPLE, text(&found, *at)));
    let Some(noun) = noun.filter(|at| matches!(text(&found, at + 1), "who" | "that")) else { return found };
    let how = (noun + 3..found.len().saturating_sub(2))
        .find(|at| text(&found, *at) == "how" && text(&found, at + 1) == "many" && text(&found, at - 1) == ",");
    let Some(how) = how else { return found };
    let them =
        if text(&found, how + 2) == "of" && is_one_of("them those these", text(&found, how + 3)) { 2 } else { 0 };
    let rest = how + 2 + them;
    let link = match (text(&found, rest), text(&found, rest + 1)) {
        ("bought" | "ordered", "nothing") | ("never", _) => "but",
        ("also", "bought" | "ordered") => "and",
        _ => return found,
    };
    let start = found[0].start;
    let (who, what) = (found[noun + 1..how - 1].to_vec(), found[rest..].to_vec());
    found = ["how", "many", "customers"].map(|text| word(text, start)).to_vec();
    found.extend(who.into_iter().skip(1));
    found.push(word(link, start));
    found.extend(what);
    found
}

/// "gross margin last month, € and %": it shows both.
pub(super) fn amount_and_percent(mut found: Vec<Token>) -> Vec<Token> {
    let unit = |token: &Token| is_one_of("€ euro euros eur amount value absolute", &token.text);
    let rate = |token: &Token| is_one_of("% percent percentage percentages pct rate", &token.text);
    let margin = found.iter().any(|token| token.text == "margin");
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        let joined = matches!(text(&found, at + 1), "and" | "&" | "plus");
        joined && (unit(&found[*at]) && rate(&found[at + 2]) || rate(&found[*at]) && unit(&found[at + 2]))
    });
    if let Some(at) = at.filter(|_| margin) {
        let mut from = at;
        while from > 0 && is_one_of(", both in as as", text(&found, from - 1)) {
            from -= 1;
        }
        if from < at || at + 3 == found.len() {
            found.drain(from..at + 3);
        }
    }
    found
}
