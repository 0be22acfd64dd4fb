//! Turns of speech that the grammar says otherwise: what nobody bought, how far one is ahead, what an average order has. Must not
//! drop what carries meaning.

use crate::brain::rules::tokens::{Token, text};

use super::rephrased::word;

/// All of them, one after the other.
pub(super) fn turned(found: Vec<Token>) -> Vec<Token> {
    faster_than(mean_of_one(mean_spend(ahead_of(nobody(whether_any(this_weeks(sold_for(each_had(found)))))))))
}

/// "does DHL deliver faster than UPS": their transit times, one against the other.
fn faster_than(mut found: Vec<Token>) -> Vec<Token> {
    let asks = matches!(text(&found, 0), "does" | "do" | "did" | "is" | "are" | "was" | "were" | "has" | "have");
    let at = (1..found.len())
        .find(|at| matches!(text(&found, *at), "faster" | "quicker" | "slower") && text(&found, at + 1) == "than");
    let Some(at) = at.filter(|_| asks) else { return found };
    let verb = |token: &Token| {
        matches!(token.text.as_str(), "deliver" | "delivering" | "delivered" | "ship" | "shipping" | "arrive")
    };
    if found[..at].iter().any(|token| matches!(token.text.as_str(), "we" | "orders" | "order" | "grow" | "growing")) {
        return found;
    }
    let start = found[0].start;
    found.splice(at..at + 2, [word("vs", start)]);
    let mut place = 0;
    found.retain(|token| {
        place += 1;
        place > at || !verb(token)
    });
    found.splice(0..1, ["transit", "time", "of"].map(|text| word(text, start)));
    found
}

/// "list the customers with more than 10 orders and how many each had": their figure is shown with the condition on it.
fn each_had(mut found: Vec<Token>) -> Vec<Token> {
    let at = found.windows(4).position(|run| {
        run[0].text == "and"
            && run[1].text == "how"
            && run[2].text == "many"
            && matches!(run[3].text.as_str(), "each" | "they")
    });
    let Some(at) = at else { return found };
    let rest = &found[at + 4..];
    let idle = |token: &Token| {
        matches!(
            token.text.as_str(),
            "of" | "them" | "one" | "had" | "has" | "have" | "placed" | "made" | "bought" | "did"
        )
    };
    if rest.len() <= 3
        && rest.iter().all(idle)
        && found[..at].iter().any(|token| token.text == "than" || token.text == "least")
    {
        found.truncate(at);
    }
    found
}

/// "what do we sell the lamp for, and what does it cost us": its price and its cost.
fn sold_for(mut found: Vec<Token>) -> Vec<Token> {
    let cost = found
        .windows(4)
        .position(|run| run[0].text == "what" && run[1].text == "does" && run[2].text == "it" && run[3].text == "cost");
    if let Some(at) = cost {
        found.drain(at..at + 3);
    }
    let asks = text(&found, 0) == "what"
        && matches!(text(&found, 1), "do" | "does")
        && text(&found, 2) == "we"
        && text(&found, 3) == "sell";
    let end = (5..found.len())
        .find(|at| text(&found, *at) == "for" && matches!(text(&found, at + 1), "" | "," | "and" | "now" | "today"));
    if let (true, Some(end)) = (asks, end) {
        let start = found[0].start;
        found.remove(end);
        found.splice(0..4, ["what", "is", "the", "price", "of"].map(|text| word(text, start)));
    }
    found
}

/// "last weeks cancelled orders": last week's, typed without its apostrophe.
fn this_weeks(mut found: Vec<Token>) -> Vec<Token> {
    for at in 1..found.len() {
        let unit = match text(&found, at) {
            "weeks" => "week",
            "months" => "month",
            "quarters" => "quarter",
            "years" => "year",
            _ => continue,
        };
        let one = matches!(text(&found, at - 1), "last" | "this");
        let the = at > 1 && matches!(text(&found, at - 2), "the" | "over" | "these" | "in");
        if one && !the && at + 1 < found.len() {
            found[at] = word(unit, found[at].start);
        }
    }
    found
}

/// "did we get any orders from Cork yet, and how many?": whether there is any is told with how many there are.
fn whether_any(mut found: Vec<Token>) -> Vec<Token> {
    let asks =
        matches!(text(&found, 0), "did" | "do" | "does" | "is" | "are" | "was" | "were" | "have" | "has" | "had");
    if !asks || !found.iter().any(|token| token.text == "any") {
        return found;
    }
    let words: Vec<&str> = found.iter().rev().take(5).map(|token| token.text.as_str()).collect();
    let tail = match &words[..] {
        ["many", "how", "so", "if", ","] => 5,
        ["many", "how", "so", "if", ..] | ["many", "how", "and", ",", ..] => 4,
        ["many", "how", "and" | ",", ..] => 3,
        _ => 0,
    };
    found.truncate(found.len() - tail);
    // "is there any Travel Guide left": in stock.
    let left = (2..found.len())
        .find(|at| text(&found, *at) == "left" && matches!(text(&found, at + 1), "" | "," | "in" | "now"));
    if let Some(at) = left.filter(|_| matches!(text(&found, 0), "is" | "are") && text(&found, 1) == "there") {
        let start = found[at].start;
        found.splice(at..=at, ["in", "stock"].map(|text| word(text, start)));
    }
    // "not shipped yet" is a state.
    if !found.iter().any(|token| token.text == "not" || token.text.ends_with("n't")) {
        found.retain(|token| token.text != "yet");
    }
    found
}

/// "products that nobody bought", "which products did nobody buy", "no one has bought": never bought.
fn nobody(mut found: Vec<Token>) -> Vec<Token> {
    let buys = |word: &str| {
        matches!(word, "buy" | "buys" | "bought" | "order" | "ordered" | "purchase" | "purchased" | "want" | "wanted")
    };
    let at = (0..found.len()).find_map(|at| match (text(&found, at), text(&found, at + 1)) {
        ("nobody" | "noone", _) => Some((at, 1)),
        ("no", "one" | "customer" | "client" | "buyer") if at > 0 => Some((at, 2)),
        _ => None,
    });
    let Some((at, length)) = at else { return found };
    let verb = (at + length..found.len().min(at + length + 3))
        .find(|place| !matches!(text(&found, *place), "has" | "have" | "had" | "ever"));
    let Some(verb) = verb.filter(|verb| buys(text(&found, *verb))) else { return found };
    // "did nobody buy", "that nobody bought": what stands before it says nothing more.
    let from = if at > 0 && matches!(text(&found, at - 1), "did" | "that" | "which" | "has" | "have") && at > 1 {
        at - 1
    } else {
        at
    };
    // Of customers it would say who did not buy what.
    if !found[..from].iter().any(|token| matches!(token.stem.as_str(), "product" | "item" | "article" | "sku")) {
        return found;
    }
    let start = found[from].start;
    found.splice(from..=verb, ["never", "bought"].map(|text| word(text, start)));
    found
}

/// "how far ahead of last month are we", "are we behind last year": this one so far against that one.
fn ahead_of(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = found.iter().position(|token| matches!(token.text.as_str(), "ahead" | "behind")) else {
        return found;
    };
    let named = (at + 1..found.len().min(at + 6)).find(|place| {
        matches!(text(&found, *place), "last" | "previous")
            && matches!(text(&found, place + 1), "day" | "week" | "month" | "quarter" | "year")
    });
    let Some(place) = named else { return found };
    let said = |token: &Token| matches!(token.text.as_str(), "of" | "are" | "we" | "is" | "our" | "the");
    let others = found.iter().any(|token| matches!(token.text.as_str(), "this" | "today" | "vs" | "compared" | "than"));
    if !found[at + 1..place].iter().all(said) || others {
        return found;
    }
    let start = found[at].start;
    let unit = found[place + 1].text.clone();
    let range = ["this", &unit, "vs", "last", &unit].map(|text| word(text, start));
    found.splice(at..place + 2, range);
    // "how far", "by how much": the difference is shown.
    if let Some(far) = found.windows(2).position(|pair| pair[0].text == "how" && pair[1].text == "far") {
        found.drain(far..far + 2);
    }
    found
}

/// "what does a customer spend with us in a year, on average": the average per customer.
fn mean_spend(mut found: Vec<Token>) -> Vec<Token> {
    let asks = matches!((text(&found, 0), text(&found, 1)), ("what", "do" | "does" | "did") | ("how", "much"));
    let people = |word: &str| matches!(word, "customer" | "buyer" | "client" | "shopper" | "person");
    let at = (1..found.len())
        .find(|at| matches!(text(&found, *at), "a" | "an" | "each" | "one") && people(text(&found, at + 1)));
    // "on average per month": of a customer, or of all of them together?
    let grouped = found.iter().any(|token| matches!(token.text.as_str(), "per" | "by" | "every"));
    let Some(at) = at.filter(|_| asks && !grouped) else { return found };
    let mean = |at: usize| match (text(&found, at), text(&found, at + 1)) {
        ("on", "average" | "avg") => 2,
        ("typically" | "usually" | "average", _) => 1,
        _ => 0,
    };
    let Some(said) = (at..found.len()).find(|at| mean(*at) > 0) else { return found };
    let length = mean(said);
    let comma = usize::from(said > 0 && text(&found, said - 1) == ",");
    found.drain(said - comma..said + length);
    let start = found[at].start;
    found.splice(at..=at, ["average", "per"].map(|text| word(text, start)));
    // "in a year": the range is said besides, as in "take last year".
    let unit = found.windows(3).position(|run| {
        run[0].text == "in"
            && run[1].text == "a"
            && matches!(run[2].text.as_str(), "year" | "month" | "week" | "quarter")
    });
    if let Some(place) = unit {
        let name = found[place + 2].text.clone();
        let ranged = found.iter().enumerate().any(|(other, token)| {
            other != place + 2
                && (token.text == name || name == "year" && token.text.len() == 4 && token.text.starts_with("20"))
        });
        if ranged {
            found.drain(place..place + 3);
        }
    }
    found
}

/// "how many items are in an average order", "how many orders does a customer place on average": per one of them.
fn mean_of_one(mut found: Vec<Token>) -> Vec<Token> {
    let many = found.first().is_some_and(|token| token.text == "how") && text(&found, 1) == "many";
    let noun = |word: &str| matches!(word, "order" | "basket" | "customer" | "buyer" | "client" | "shopper");
    if !many {
        return found;
    }
    let average = (2..found.len()).find(|at| {
        matches!(text(&found, *at), "average" | "typical")
            && noun(text(&found, at + 1))
            && !matches!(text(&found, at + 2), "value" | "size" | "total" | "amount")
    });
    // "to get an order out of the door" is what is done with it.
    let done = |at: usize| {
        matches!(text(&found, at - 1), "get" | "ship" | "deliver" | "pack" | "process" | "handle" | "fulfil" | "send")
    };
    let single = (2..found.len()).find(|at| {
        matches!(text(&found, *at), "a" | "an" | "each" | "every" | "one") && noun(text(&found, at + 1)) && !done(*at)
    });
    let says_mean = found.iter().any(|token| matches!(token.text.as_str(), "average" | "typically" | "usually"));
    let at = match (average, single) {
        (Some(at), _) => at,
        (None, Some(at)) if says_mean => at,
        _ => return found,
    };
    if text(&found, at - 1) == "per" {
        return found;
    }
    let start = found[at].start;
    let articled = at > 2 && matches!(text(&found, at - 1), "a" | "an" | "the" | "our");
    let per = ["average", "per"].map(|text| word(text, start));
    if average.is_some() {
        found.splice(at..=at, per);
    } else {
        found[at] = word("per", start);
    }
    if articled {
        found.remove(at - 1);
    }
    for token in found.iter_mut().filter(|token| matches!(token.text.as_str(), "typically" | "usually")) {
        *token = word("average", token.start);
    }
    found
}
