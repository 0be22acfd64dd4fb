//! Parts of a whole: two halves beside each other (weekdays and weekends, new customers and returning ones), all but one, one and
//! another. Must not take one half that is named alone.

use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::rephrased::word;

const WEEKENDS: &str = "weekend weekends";
const WEEKDAYS: &str = "weekday weekdays workday workdays";
const NEW: &str = "new first-time firsttime newcomers";
const RETURNING: &str = "returning repeat existing recurring old returners";
const PEOPLE: &str = "customer customers buyer buyers client clients shopper shoppers ones orders order purchases";
/// What joins the two.
const JOINS: &str = "vs versus and or against to with than compared as opposed from";

/// "revenue on weekends vs weekdays": by the type of the day.
pub(super) fn weekdays_or_weekends(found: Vec<Token>) -> Vec<Token> {
    let weekend = |token: &Token| is_one_of(WEEKENDS, &token.text);
    let weekday = |token: &Token| is_one_of(WEEKDAYS, &token.text);
    beside_each_other(found, weekend, weekday, &["day", "type"])
}

/// "revenue of new vs returning customers": by whether it is the customer's first order.
pub(super) fn new_or_returning(found: Vec<Token>) -> Vec<Token> {
    let people = found.iter().any(|token| is_one_of(PEOPLE, &token.text));
    // "by new vs returning" names what it is split by; two figures of customers are asked for by their names.
    let counted = found.iter().any(|token| matches!(token.text.as_str(), "many" | "number" | "count"))
        && !found.iter().any(|token| is_one_of("orders order revenue sales spend aov value", &token.text));
    if !people || counted {
        return found;
    }
    let new = |token: &Token| is_one_of(NEW, &token.text);
    let returning = |token: &Token| is_one_of(RETURNING, &token.text);
    let before = found.len();
    let mut out = beside_each_other(found, new, returning, &["new", "or", "returning"]);
    // The people are what the halves are of: "for new vs returning customers".
    if out.len() != before
        && let Some(at) = (2..out.len()).find(|at| {
            text(&out, at - 1) == "returning"
                && is_one_of("customer customers buyer buyers client clients shopper shoppers ones", text(&out, *at))
        })
    {
        out.remove(at);
    }
    out
}

/// Puts "by" and what tells the halves apart in place of the two.
fn beside_each_other(
    mut found: Vec<Token>,
    one: impl Fn(&Token) -> bool,
    other: impl Fn(&Token) -> bool,
    instead: &[&str],
) -> Vec<Token> {
    let halves: Vec<usize> = (0..found.len()).filter(|at| one(&found[*at]) || other(&found[*at])).collect();
    let [first, second] = halves[..] else { return found };
    if one(&found[first]) == one(&found[second]) || second - first > 5 {
        return found;
    }
    // "weekend orders vs weekday orders", "on weekends compared to those on weekdays"
    let between = &found[first + 1..second];
    let joined = between.iter().any(|token| is_one_of(JOINS, &token.text) || token.text == ",");
    let idle = |token: &Token| {
        is_one_of(JOINS, &token.text)
            || is_one_of("on at during in the our those of for by from , working", &token.text)
            || is_one_of(PEOPLE, &token.text)
    };
    let noun = text(&found, first + 1).to_owned();
    let repeated = text(&found, second + 1) == noun;
    let fits = joined && between.iter().enumerate().all(|(at, token)| idle(token) || at == 0 && repeated);
    if !fits {
        return found;
    }
    let start = found[first].start;
    let kept = repeated.then(|| found[first + 1].clone());
    let mut from = first;
    while from > 0
        && is_one_of(
            "on at during in the our for by per between from of to split into across is it are",
            text(&found, from - 1),
        )
    {
        from -= 1;
    }
    let end = second + 1 + usize::from(repeated);
    let mut words: Vec<Token> = kept.into_iter().collect();
    words.push(word("by", start));
    words.extend(instead.iter().map(|text| word(text, start)));
    found.splice(from..end, words);
    found
}

/// "through channels other than the web": without it, and no row for each of the others.
pub(super) fn all_others(mut found: Vec<Token>) -> Vec<Token> {
    const GROUPS: &str = "channels countries carriers categories brands segments warehouses methods cities";
    const LEADS: &str = "through via on in from with for to using over";
    let at = (2..found.len()).find(|at| {
        (text(&found, *at) == "other" && text(&found, at + 1) == "than"
            || text(&found, *at) == "except"
            || text(&found, *at) == "besides"
            || text(&found, *at) == "apart" && text(&found, at + 1) == "from")
            && is_one_of(GROUPS, text(&found, at - 1))
    });
    let Some(at) = at else { return found };
    let lead = at - 2 - usize::from(matches!(text(&found, at - 2), "all" | "the" | "our") && at > 2);
    if is_one_of(LEADS, text(&found, lead)) {
        found.drain(lead..at);
    }
    found
}

/// "how many orders from Portugal and how many from Spain": from the one and from the other.
pub(super) fn how_many_of_each(mut found: Vec<Token>) -> Vec<Token> {
    let at = (3..found.len()).find(|at| {
        matches!(text(&found, *at), "and" | ",")
            && text(&found, at + 1) == "how"
            && matches!(text(&found, at + 2), "many" | "much")
            && is_one_of("from in to on via by with through", text(&found, at + 3))
    });
    let Some(at) = at else { return found };
    let same = (0..at).any(|place| text(&found, place) == text(&found, at + 3));
    if same && text(&found, 0) == "how" {
        found.drain(at + 1..at + 3);
    }
    found
}

/// "the returns requested since last Friday": by when they were, as returns are counted anyway.
pub(super) fn returns_requested(mut found: Vec<Token>) -> Vec<Token> {
    const WHEN: &str = "since in on during last this yesterday today between from before after over within for";
    let at = (1..found.len()).find(|at| {
        text(&found, *at) == "requested"
            && matches!(text(&found, at - 1), "return" | "returns")
            && is_one_of(WHEN, text(&found, at + 1))
    });
    if let Some(at) = at {
        found.remove(at);
    }
    found
}

/// "had never bought anything from us before that month": bought for the first time.
pub(super) fn never_before(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        text(&found, *at) == "never"
            && is_one_of("bought ordered purchased shopped", text(&found, at + 1))
            && is_one_of("had have has", text(&found, at - 1))
    });
    let Some(at) = at else { return found };
    let before = (at + 2..found.len().min(at + 8)).find(|place| text(&found, *place) == "before");
    let Some(before) = before else { return found };
    let idle = |place: usize| {
        is_one_of("anything from us with here there a thing at all our shop in the", text(&found, place))
    };
    let end = before
        + match (text(&found, before + 1), text(&found, before + 2)) {
            ("that" | "this", "month" | "week" | "quarter" | "year" | "day" | "date") => 3,
            ("that" | "then" | "it", _) => 2,
            ("" | ",", _) => 1,
            _ => return found,
        };
    if (at + 2..before).all(idle) {
        let start = found[at].start;
        let phrase = ["bought", "for", "the", "first", "time"].map(|text| word(text, start));
        found.splice(at - 1..end.min(found.len()), phrase);
    }
    found
}
