//! Turns of speech that the grammar says otherwise: what nobody bought, how far one is ahead, what an average order has. Must not
//! drop what carries meaning.

use crate::brain::rules::tokens::Token;

use super::rephrased::word;

fn text(found: &[Token], at: usize) -> &str {
    found.get(at).map_or("", |token| token.text.as_str())
}

/// All of them, one after the other.
pub(super) fn turned(found: Vec<Token>) -> Vec<Token> {
    mean_of_one(ahead_of(nobody(found)))
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
    let single = (2..found.len())
        .find(|at| matches!(text(&found, *at), "a" | "an" | "each" | "every" | "one") && noun(text(&found, at + 1)));
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
