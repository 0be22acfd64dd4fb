//! Forms of speech that become others before phrases are replaced: years of two digits, codes of countries in small letters,
//! "the average buyer", "for the first time". Must not drop what carries meaning.

use crate::brain::rules::tokens::Token;

use super::rephrased::{is_count, word};

/// "the second half of 2025 with the first half": the first half of 2025.
pub(super) fn same_year(mut found: Vec<Token>) -> Vec<Token> {
    let place = |token: &Token| matches!(token.text.as_str(), "first" | "second" | "third" | "fourth" | "last");
    let unit = |token: &Token| matches!(token.text.as_str(), "half" | "quarter");
    let year = |token: &Token| {
        token.text.len() == 4 && token.text.starts_with("20") && token.text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let named: Vec<usize> =
        (0..found.len().saturating_sub(1)).filter(|at| place(&found[*at]) && unit(&found[at + 1])).collect();
    if named.len() != 2 || found[named[0] + 1].text != found[named[1] + 1].text {
        return found;
    }
    let of = |at: usize| {
        let next =
            at + 2 + usize::from(found.get(at + 2).is_some_and(|token| matches!(token.text.as_str(), "of" | "in")));
        found.get(next).filter(|token| year(token)).cloned()
    };
    let (one, two) = (of(named[0]), of(named[1]));
    let (from, to) = match (one, two) {
        (Some(said), None) => (said, named[1]),
        (None, Some(said)) => (said, named[0]),
        _ => return found,
    };
    let start = found[to].start;
    found.splice(to + 2..to + 2, [word("of", start), Token { start, ..from }]);
    found
}

/// "did we sell more units of Toys or of Books": both are compared.
pub(super) fn more_of_two(mut found: Vec<Token>) -> Vec<Token> {
    let asks = found
        .first()
        .is_some_and(|token| matches!(token.text.as_str(), "did" | "do" | "does" | "have" | "has" | "were" | "was"));
    let more = found.iter().position(|token| {
        matches!(
            token.text.as_str(),
            "more"
                | "fewer"
                | "less"
                | "bigger"
                | "larger"
                | "higher"
                | "lower"
                | "smaller"
                | "better"
                | "worse"
                | "faster"
                | "slower"
        )
    });
    let or = found.iter().position(|token| token.text == "or");
    let than = found.iter().any(|token| token.text == "than");
    if let (true, Some(more), Some(or), false) = (asks, more, or, than)
        && more < or
        && !found.get(or + 1).is_some_and(|token| matches!(token.text.as_str(), "more" | "less" | "fewer"))
    {
        found[more] = word("compare", found[more].start);
    }
    found
}

/// "orders pt es fr": codes of countries in small letters, where several stand together.
pub(super) fn country_codes(mut found: Vec<Token>) -> Vec<Token> {
    const CODES: [&str; 11] = ["pt", "es", "fr", "de", "it", "nl", "be", "ie", "pl", "uk", "gb"];
    let code = |token: &Token| CODES.contains(&token.text.as_str()) && token.raw == token.text;
    let joins = |token: &Token| matches!(token.text.as_str(), "," | "and" | "or" | "vs");
    let mut at = 0;
    while at < found.len() {
        let mut end = at;
        let mut codes = Vec::new();
        while end < found.len() && (code(&found[end]) || !codes.is_empty() && joins(&found[end])) {
            if code(&found[end]) {
                codes.push(end);
            }
            end += 1;
        }
        let sure = codes.iter().any(|at| !matches!(found[*at].text.as_str(), "de" | "it" | "be" | "es"));
        if codes.len() > 1 && sure {
            for place in codes.into_iter().rev() {
                let start = found[place].start;
                found[place].raw = found[place].text.to_uppercase();
                if place > at && !joins(&found[place - 1]) {
                    found.insert(place, word(",", start));
                    end += 1;
                }
            }
        }
        at = end.max(at + 1);
    }
    found
}

/// "dhl on time % q4": a rate, where no number stands before the sign.
pub(super) fn lone_percent(mut found: Vec<Token>) -> Vec<Token> {
    for at in 1..found.len() {
        let number = found[at - 1].text.ends_with(|last: char| last.is_ascii_digit()) || is_count(&found[at - 1]);
        if found[at].text == "%" && !number && found[at - 1].text == "time" {
            found[at] = word("rate", found[at].start);
        }
    }
    found
}

/// "more than 3 non-cancelled orders": orders that are not cancelled, not whoever has none that is.
pub(super) fn not_cancelled(mut found: Vec<Token>) -> Vec<Token> {
    let at = found.windows(3).position(|run| {
        matches!(run[0].text.as_str(), "non" | "not")
            && run[1].stem == "cancelled"
            && matches!(run[2].stem.as_str(), "order" | "purchase")
    });
    if let Some(at) = at {
        let start = found[at].start;
        let noun = found[at + 2].clone();
        found.splice(at..at + 3, [noun, word("except", start), word("cancelled", start)]);
    }
    found
}

/// "how many orders did the average buyer place": per buyer on average.
pub(super) fn average_one(mut found: Vec<Token>) -> Vec<Token> {
    let people = |token: &Token| matches!(token.text.as_str(), "customer" | "buyer" | "client" | "shopper" | "vip");
    let asks = found.first().is_some_and(|token| matches!(token.text.as_str(), "how" | "what"));
    let at = (0..found.len())
        .find(|at| matches!(found[*at].text.as_str(), "average" | "typical") && found.get(at + 1).is_some_and(people));
    let Some(at) = at.filter(|_| asks) else { return found };
    let start = found[at].start;
    found[at] = word("average", start);
    // "an average VIP" is a customer of that segment.
    if found[at + 1].text == "vip" && found.get(at + 2).is_none_or(|next| next.stem != "customer") {
        found.insert(at + 1, word("customer", start));
    }
    found.insert(at + 1, word("per", start));
    if at > 0 && matches!(found[at - 1].text.as_str(), "the" | "an" | "our") {
        found.remove(at - 1);
    }
    found
}

/// "bought from us for the very first time", "made their first purchase": first-time buyers.
pub(super) fn for_the_first_time(mut found: Vec<Token>) -> Vec<Token> {
    let text = |at: usize| found.get(at).map_or("", |token| token.text.as_str());
    let verb = |word: &str| {
        matches!(word, "bought" | "buy" | "ordered" | "order" | "purchased" | "purchase" | "shopped" | "shop")
    };
    let time = (0..found.len()).find(|at| text(*at) == "first" && text(at + 1) == "time" && *at > 1);
    if let Some(at) = time {
        let from = (0..at).rev().take_while(|at| matches!(text(*at), "for" | "the" | "very" | "their")).last();
        let back = from.and_then(|from| (from.saturating_sub(4)..from).rev().find(|at| verb(text(*at))));
        if let (Some(from), Some(back)) = (from, back)
            && text(from) == "for"
        {
            let start = found[back].start;
            found.drain(from..at + 2);
            let phrase = ["bought", "for", "the", "first", "time"];
            found.splice(back..=back, phrase.map(|text| word(text, start)));
        }
        return found;
    }
    let made = (1..found.len()).find(|at| {
        text(*at) == "first"
            && matches!(text(at + 1), "purchase" | "order" | "buy")
            && matches!(text(at - 1), "their" | "her" | "his" | "a")
    });
    if let Some(at) = made
        && at >= 2
        && matches!(text(at - 2), "made" | "make" | "placed" | "place" | "did")
    {
        let start = found[at].start;
        let phrase = ["bought", "for", "the", "first", "time"];
        found.splice(at - 2..at + 2, phrase.map(|text| word(text, start)));
    }
    found
}

/// "orders with at least one return", "with one or more parcels": with any.
pub(super) fn at_least_one(mut found: Vec<Token>) -> Vec<Token> {
    let text = |found: &[Token], at: usize| found.get(at).map(|token| token.text.clone()).unwrap_or_default();
    let at = (1..found.len()).find(|at| {
        text(&found, *at) == "at"
            && text(&found, at + 1) == "least"
            && matches!(text(&found, at + 2).as_str(), "one" | "1")
            && matches!(text(&found, at - 1).as_str(), "with" | "had" | "have" | "has" | "having")
    });
    let Some(at) = at else { return found };
    let of_orders = found[..at].iter().any(|token| token.stem == "order");
    let noun = found[at + 3..].iter().take(3).any(|token| {
        matches!(token.stem.as_str(), "return" | "parcel" | "package" | "shipment" | "payment" | "attempt")
    });
    if of_orders && noun {
        found.drain(at..at + 3);
        let start = found[at - 1].start;
        found[at - 1] = word("with", start);
    }
    // "contained at least one Audio product together with at least one Computers product"
    let contains = found.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "contain" | "contained" | "contains" | "containing" | "include" | "included" | "with" | "held" | "had"
        )
    });
    let mut at = 0;
    while found.iter().any(|token| token.stem == "order") && contains && at + 4 < found.len() {
        let one = text(&found, at) == "at"
            && text(&found, at + 1) == "least"
            && matches!(text(&found, at + 2).as_str(), "one" | "1");
        let goods = found[at + 3..]
            .iter()
            .take(3)
            .skip(1)
            .any(|token| matches!(token.stem.as_str(), "product" | "item" | "article"));
        if one && goods {
            found.drain(at..at + 3);
        } else {
            at += 1;
        }
    }
    found
}

/// "twenty twenty four" is 2024.
pub(super) fn spoken_years(mut found: Vec<Token>) -> Vec<Token> {
    for at in (0..found.len().saturating_sub(2)).rev() {
        if found[at].text == "twenty" && found[at + 1].text == "twenty" {
            let digit = match found[at + 2].text.as_str() {
                "three" => "2023",
                "four" => "2024",
                "five" => "2025",
                "six" => "2026",
                _ => continue,
            };
            let start = found[at].start;
            found.splice(at..at + 3, [word(digit, start)]);
        }
    }
    found
}

/// A year of two digits where it can be nothing else: "q4 25", "24 vs 25", "jan to mar 25".
pub(super) fn years(mut found: Vec<Token>) -> Vec<Token> {
    const NAMED: &str = "january february march april may june july august september october november december";
    let is_month = |text: &str| NAMED.split(' ').any(|month| month == text || month.get(..3) == Some(text));
    let two = |found: &[Token], at: usize| {
        found.get(at).is_some_and(|token| matches!(token.text.as_str(), "23" | "24" | "25" | "26"))
    };
    let year = |found: &mut Vec<Token>, at: usize| {
        let text = format!("20{}", found[at].text);
        found[at] = word(&text, found[at].start);
    };
    for at in 0..found.len() {
        let text = |at: usize| found.get(at).map_or("", |token| token.text.as_str());
        let quarter = matches!(text(at), "q1" | "q2" | "q3" | "q4") && two(&found, at + 1);
        // Its beginning has no day, so its end has none.
        let months = is_month(text(at))
            && matches!(text(at + 1), "to" | "until" | "till" | "through" | "-")
            && is_month(text(at + 2))
            && two(&found, at + 3);
        let full = |at: usize| {
            text(at).len() == 4 && text(at).starts_with("20") && text(at).bytes().all(|byte| byte.is_ascii_digit())
        };
        let yearly = found.iter().any(|token| matches!(token.stem.as_str(), "year" | "yr"));
        let pair = (matches!(text(at + 1), "vs" | "versus" | "against")
            || yearly && matches!(text(at + 1), "n" | "and" | ","))
            && two(&found, at + 2)
            && (two(&found, at) || full(at));
        if quarter {
            year(&mut found, at + 1);
        } else if months {
            year(&mut found, at + 3);
        } else if pair {
            if two(&found, at) {
                year(&mut found, at);
            }
            year(&mut found, at + 2);
        }
    }
    // "black friday 2024 vs 2025": another date in each year.
    let movable = (0..found.len()).find(|at| {
        let text = |at: usize| found.get(at).map_or("", |token| token.text.as_str());
        let year = |at: usize| text(at).len() == 4 && text(at).starts_with("20");
        matches!((text(*at), text(at + 1)), ("black", "friday") | ("cyber", "monday"))
            && year(at + 2)
            && matches!(text(at + 3), "vs" | "versus" | "and" | "against")
            && year(at + 4)
    });
    if let Some(at) = movable {
        let name = [found[at].clone(), found[at + 1].clone()];
        found.splice(at + 4..at + 4, name);
    }
    found
}

/// "split by how people paid", "by who carried them", "by why it was returned": the group that the clause describes.
pub(super) fn by_a_clause(mut found: Vec<Token>) -> Vec<Token> {
    const LONGEST: usize = 7;
    let text = |at: usize| found.get(at).map_or("", |token: &Token| token.text.as_str());
    let asks = |word: &str| matches!(word, "how" | "who" | "whom" | "why" | "where");
    // "by how much did orders grow" asks for a number.
    let number = |word: &str| matches!(word, "much" | "many" | "far" | "long" | "often");
    let clause = |at: &usize| text(*at) == "by" && asks(text(at + 1)) && !number(text(at + 2));
    let Some(at) = (0..found.len()).find(clause) else { return found };
    let ends = |word: &str| {
        matches!(word, "," | "and" | "in" | "for" | "last" | "this" | "since" | "during" | "between" | "?" | "of")
    };
    let end = (at + 2..found.len().min(at + 2 + LONGEST))
        .find(|end| ends(text(*end)))
        .unwrap_or(found.len().min(at + 2 + LONGEST));
    let verb = |words: &[&str]| (at + 2..end).any(|at| words.contains(&text(at)));
    let paid = ["pay", "paid", "pays", "paying"];
    let carried = [
        "carried",
        "carries",
        "carry",
        "delivered",
        "delivers",
        "deliver",
        "shipped",
        "ships",
        "transported",
        "brought",
    ];
    let bought = ["bought", "ordered", "order", "orders", "buys", "buy", "purchased", "shopped", "shop"];
    let reached = ["came", "come", "arrived", "reached", "reach", "placed"];
    let back = ["returned", "back", "return", "returns"];
    let group: &[&str] = match text(at + 1) {
        "how" if verb(&paid) => &["payment", "method"],
        "how" if verb(&bought) || verb(&reached) => &["channel"],
        "who" if verb(&carried) => &["carrier"],
        "who" | "whom" if verb(&bought) => &["customer"],
        "why" if verb(&["failed", "fail", "declined"]) => &["failure", "reason"],
        "why" if verb(&["cancelled", "canceled", "cancel"]) => &["cancel", "reason"],
        "why" if verb(&back) => &["return", "reason"],
        _ => return found,
    };
    let start = found[at].start;
    let words = std::iter::once("by").chain(group.iter().copied());
    found.splice(at..end, words.map(|text| word(text, start)).collect::<Vec<_>>());
    found
}

/// "how many orders, and what were they worth": the money of what was counted.
pub(super) fn worth_too(mut found: Vec<Token>) -> Vec<Token> {
    let text = |at: usize| found.get(at).map_or("", |token: &Token| token.text.as_str());
    let it = |word: &str| matches!(word, "it" | "that" | "they" | "those" | "these" | "this");
    let is = |word: &str| matches!(word, "was" | "is" | "were" | "are");
    let length = |at: usize| {
        let much = text(at) == "how" && text(at + 1) == "much";
        let from = at + if much { 2 } else { usize::from(text(at) == "what") };
        let from = from + usize::from(much && text(from) == "money");
        if from == at {
            return None;
        }
        let told = is(text(from)) && it(text(from + 1)) && (much || text(from + 2) == "worth");
        let came =
            text(from) == "did" && it(text(from + 1)) && matches!(text(from + 2), "come" | "amount" | "add" | "sum");
        let end = if told {
            from + 2 + usize::from(text(from + 2) == "worth")
        } else if came {
            let more = (from + 3..found.len()).take_while(|at| matches!(text(*at), "to" | "up")).count();
            from + 3 + more
        } else {
            return None;
        };
        let tail = (end..found.len())
            .take_while(|at| matches!(text(*at), "in" | "euros" | "total" | "altogether" | "all"))
            .count();
        Some(end + tail - at)
    };
    let at = (2..found.len()).find(|at| {
        matches!(text(at - 1), "and" | ",")
            && length(*at).is_some_and(|taken| at + taken == found.len() || text(at + taken) == ",")
    });
    let Some((at, taken)) = at.and_then(|at| length(at).map(|taken| (at, taken))) else { return found };
    let before = &found[..at];
    let says = |words: &[&str]| before.iter().any(|token| words.contains(&token.stem.as_str()));
    let figure: &[&str] = if says(&["stock", "inventory", "warehouse", "shelf", "shelves"]) {
        &["stock", "value"]
    } else if says(&[
        "return",
        "returned",
        "refund",
        "payment",
        "cancelled",
        "parcel",
        "shipment",
        "open",
        "stuck",
        "pending",
    ]) {
        return found;
    } else if says(&["order", "sale", "sold", "unit", "purchase", "sell", "bought"]) {
        &["revenue"]
    } else {
        return found;
    };
    let start = found[at].start;
    let comma = found[at - 1].text == ",";
    let and = comma.then_some("and");
    found.splice(
        at..at + taken,
        and.into_iter().chain(figure.iter().copied()).map(|text| word(text, start)).collect::<Vec<_>>(),
    );
    found
}

/// "pieces in the warehouse by brand": what lies there, not what was sold.
pub(super) fn in_the_warehouse(mut found: Vec<Token>) -> Vec<Token> {
    let moved = |token: &Token| {
        matches!(
            token.stem.as_str(),
            "sold"
                | "sell"
                | "shipped"
                | "ship"
                | "sent"
                | "left"
                | "leave"
                | "returned"
                | "sale"
                | "order"
                | "bought"
                | "dispatched"
                | "return"
        )
    };
    let goods = |token: &Token| {
        matches!(token.stem.as_str(), "piece" | "unit" | "item" | "article" | "good" | "stuff" | "product")
    };
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        found[*at].text == "in"
            && matches!(found[at + 1].text.as_str(), "the" | "our" | "all" | "my")
            && found[at + 2].stem == "warehouse"
    });
    let Some(at) = at.filter(|at| found[..*at].iter().any(goods) && !found.iter().any(moved)) else { return found };
    let start = found[at].start;
    found.splice(at..at + 3, ["in", "stock"].map(|text| word(text, start)));
    found
}
