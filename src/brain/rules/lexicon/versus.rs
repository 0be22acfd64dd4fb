//! How people set one thing against another: "the gap between", "who sold more", "beat", "over the one before". Must not compare what
//! is only named twice.

use crate::brain::rules::time::is_month;
use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::grown::is_a_change;
use super::manner::{UNITS, is_number};
use super::rephrased::word;

/// "the gap between UPS and GLS in delivery time": both, side by side.
pub(super) fn gap_between(mut found: Vec<Token>) -> Vec<Token> {
    // "the difference in AOV between business and consumer customers"
    let apart = (0..found.len()).find(|at| {
        matches!(text(&found, *at), "gap" | "difference" | "diference")
            && text(&found, at + 1) == "in"
            && (at + 3..found.len().min(at + 6)).any(|place| text(&found, place) == "between")
    });
    if let Some(at) = apart
        && let Some(between) = (at + 3..found.len()).find(|place| text(&found, *place) == "between")
        && !text(&found, between + 1).starts_with(|sign: char| sign.is_ascii_digit())
        && !is_month(text(&found, between + 1))
    {
        let start = found[at].start;
        found[between] = word("for", start);
        found.splice(0..at + 2, [word("compare", start)]);
        return found;
    }
    let at = (0..found.len()).find(|at| {
        matches!(text(&found, *at), "gap" | "difference" | "differences") && text(&found, at + 1) == "between"
    });
    let Some(at) = at else { return found };
    let time = |text: &str| {
        is_month(text)
            || is_number(text)
            || matches!(text, "last" | "this" | "the" | "today" | "yesterday" | "q1" | "q2" | "q3" | "q4" | "h1" | "h2")
    };
    if time(text(&found, at + 2)) {
        return found;
    }
    // What stands before it only asks.
    let opens = (0..at).all(|place| {
        matches!(
            text(&found, place),
            "what"
                | "is"
                | "s"
                | "the"
                | "was"
                | "show"
                | "me"
                | "would"
                | "you"
                | "say"
                | "tell"
                | "big"
                | "how"
                | "a"
                | "there"
        )
    });
    if opens {
        let start = found[at].start;
        found.splice(0..at + 2, [word("compare", start)]);
    }
    found
}

/// "compare return reasons between VIPs and consumers": for both of them.
pub(super) fn between_two(mut found: Vec<Token>) -> Vec<Token> {
    let compares = found.iter().any(|token| matches!(token.text.as_str(), "compare" | "comparing" | "comparison"));
    let Some(at) = (1..found.len()).find(|at| text(&found, *at) == "between").filter(|_| compares) else {
        return found;
    };
    let next = text(&found, at + 1);
    let time = is_month(next)
        || next.starts_with(|sign: char| sign.is_ascii_digit())
        || matches!(next, "last" | "this" | "the" | "q1" | "q2" | "q3" | "q4" | "h1" | "h2");
    if !time {
        found[at] = word("for", found[at].start);
    }
    found
}

/// "2025 over 2024: growth by channel": the one against the other.
pub(super) fn over_the_other(mut found: Vec<Token>) -> Vec<Token> {
    let range = |text: &str| {
        text.len() == 4 && text.starts_with("20") && is_number(text)
            || matches!(text, "q1" | "q2" | "q3" | "q4" | "h1" | "h2")
            || is_month(text)
    };
    let at = (1..found.len()).find(|at| {
        matches!(text(&found, *at), "over" | "on") && range(text(&found, at - 1)) && range(text(&found, at + 1))
    });
    if let Some(at) =
        at.filter(|_| found.iter().any(|token| matches!(token.text.as_str(), "growth" | "change" | "growing" | "grew")))
    {
        found[at] = word("vs", found[at].start);
    }
    found
}

/// "did Porto beat Lisbon last month": whether it sold more.
pub(super) fn beats(mut found: Vec<Token>) -> Vec<Token> {
    let asks = matches!(text(&found, 0), "did" | "does" | "do" | "has" | "have" | "will");
    let at = (2..found.len().saturating_sub(1))
        .find(|at| matches!(text(&found, *at), "beat" | "beats" | "outsell" | "outsells" | "outsold" | "beaten"));
    if let (true, Some(at)) = (asks, at) {
        let start = found[at].start;
        found.splice(at..=at, ["sell", "more", "than"].map(|text| word(text, start)));
    }
    found
}

/// "consumers vs businesses: who has the larger basket": the basket of both.
pub(super) fn who_has_the_larger(mut found: Vec<Token>) -> Vec<Token> {
    let two = found.iter().any(|token| matches!(token.text.as_str(), "vs" | "or" | "versus"));
    let than = found.iter().any(|token| token.text == "than");
    let at = (0..found.len()).find(|at| {
        matches!(text(&found, *at), "who" | "which")
            && matches!(text(&found, at + 1), "has" | "have" | "had" | "gets" | "get" | "shows" | "brings")
    });
    let Some(at) = at.filter(|_| two && !than) else { return found };
    let the = usize::from(matches!(text(&found, at + 2), "the" | "a"));
    let larger = matches!(
        text(&found, at + 2 + the),
        "larger" | "bigger" | "higher" | "better" | "lower" | "smaller" | "worse" | "fatter" | "more" | "greater"
    );
    if larger {
        found.drain(at..at + 3 + the);
    }
    found
}

/// "Acme or Lumina, who sold more pieces": both, side by side.
pub(super) fn who_sold_more(mut found: Vec<Token>) -> Vec<Token> {
    let two = found.iter().any(|token| matches!(token.text.as_str(), "or" | "vs"));
    let than = found.iter().any(|token| token.text == "than");
    let at = (1..found.len()).find(|at| {
        matches!(text(&found, *at), "who" | "which")
            && matches!(
                text(&found, at + 1),
                "sold" | "sells" | "made" | "makes" | "brought" | "brings" | "got" | "gets" | "had" | "has" | "did"
            )
            && matches!(text(&found, at + 2), "more" | "fewer" | "less")
    });
    if let Some(at) = at.filter(|_| two && !than) {
        let start = found[0].start;
        found.drain(at..at + 3);
        found.insert(0, word("compare", start));
    }
    found
}

/// "compared with the one before", "is that more than the 24 hours before": with the range before this one.
pub(super) fn one_before(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = (2..found.len()).find(|at| {
        text(&found, *at) == "before" && matches!(text(&found, at + 1), "" | "," | "and" | "by" | "in" | "for" | "per")
    }) else {
        return found;
    };
    let start = found[at].start;
    let compared = |at: usize| {
        matches!(
            text(&found, at),
            "than" | "with" | "to" | "vs" | "versus" | "against" | "on" | "over" | "from" | "and"
        )
    };
    // A feast is compared with that of the year before, other ranges with the unit before.
    let feast = found.iter().any(|token| {
        matches!(token.text.as_str(), "christmas" | "friday" | "easter" | "xmas" | "valentine" | "halloween")
    });
    if text(&found, at - 1) == "one" && text(&found, at - 2) == "the" && at > 2 && compared(at - 3) {
        let instead: &[&str] = if feast { &["year", "before"] } else { &["previous", "period"] };
        let and = text(&found, at - 3) == "and";
        found.splice(at - 1..=at, instead.iter().map(|text| word(text, start)).collect::<Vec<_>>());
        if and {
            found[at - 3] = word("vs", start);
        }
        return found;
    }
    // "the 24 hours before", "the three weeks before"
    if is_one_of(UNITS, text(&found, at - 1)) && text(&found, at - 1).ends_with('s') && at > 3 {
        let the = (at - 4..at - 1).find(|place| text(&found, *place) == "the" && *place > 0 && compared(place - 1));
        if let Some(the) = the {
            found.splice(the + 1..=at, ["previous", "period"].map(|text| word(text, start)));
        }
    }
    found
}

/// "which category grew most in percent": the change as a fraction, no share of a total.
pub(super) fn grew_in_percent(mut found: Vec<Token>) -> Vec<Token> {
    let changes = found.iter().any(|token| {
        is_one_of("grew grow growing grown growth rose fell dropped declined shrank increased decreased", &token.text)
    });
    let ranks = found.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "most" | "least" | "highest" | "lowest" | "biggest" | "top" | "fastest" | "strongest"
        )
    });
    let at = found.windows(2).position(|pair| {
        pair[0].text == "in" && matches!(pair[1].text.as_str(), "percent" | "%" | "percentage" | "relative")
    });
    // "month over month growth in percent": the change is shown so anyway.
    let growth = found.iter().any(|token| matches!(token.text.as_str(), "growth" | "change" | "changes"));
    if let Some(at) = at.filter(|_| growth && !ranks) {
        found.drain(at..at + 2);
        return found;
    }
    if let Some(at) = at.filter(|_| changes && ranks) {
        let start = found[at].start;
        let terms = usize::from(text(&found, at + 2) == "terms");
        found.splice(at..at + 2 + terms, [word("relatively", start)]);
    }
    found
}

/// "Black Friday revenue 2025": of that year's.
pub(super) fn feast_of_a_year(mut found: Vec<Token>) -> Vec<Token> {
    let at = (0..found.len()).find(|at| {
        let feast = matches!(
            (text(&found, *at), text(&found, at + 1)),
            ("black", "friday") | ("cyber", "monday") | ("christmas", "day")
        );
        feast
            && matches!(text(&found, at + 2), "revenue" | "sales" | "orders" | "turnover" | "profit")
            && text(&found, at + 3).len() == 4
            && text(&found, at + 3).starts_with("20")
    });
    if let Some(at) = at {
        found.swap(at + 2, at + 3);
    }
    found
}

/// "is revenue up on last month", "how do sales compare to last year": this one so far, against that one.
pub(super) fn now_against_the_last(mut found: Vec<Token>) -> Vec<Token> {
    const UP: &str = "up down grown grew growing growth higher lower better worse change changed increase increased decrease decreased risen \
        fallen rising falling dropped compare compares compared comparing doing improved";
    let against = |at: usize| {
        matches!(text(&found, at), "on" | "vs" | "versus" | "against" | "than" | "over" | "from" | "compared")
            || matches!(text(&found, at), "to" | "with")
                && found[..at].iter().any(|token| {
                    matches!(token.text.as_str(), "compare" | "compares" | "compared" | "comparing" | "relative")
                })
    };
    let at = (1..found.len()).find(|at| {
        let last = text(&found, *at) == "last" && is_one_of("week month quarter year", text(&found, at + 1));
        (last || text(&found, *at) == "yesterday") && against(at - 1)
    });
    let Some(at) = at else { return found };
    let yesterday = text(&found, at) == "yesterday";
    let own = if yesterday { at..at + 1 } else { at..at + 2 };
    let said = |token: &Token| {
        is_month(&token.text)
            || is_one_of(UNITS, &token.text)
            || is_one_of(
                "this today yesterday last previous past now weekend weekends so ytd mtd q1 q2 q3 q4 h1 h2 monday tuesday \
                wednesday thursday friday saturday sunday christmas since between monthly weekly daily quarterly before",
                &token.text,
            )
            || is_number(&token.text)
    };
    let other = found.iter().enumerate().any(|(place, token)| !own.contains(&place) && said(token));
    let moved = found[..at].iter().any(|token| is_one_of(UP, &token.text) || is_a_change(&token.text));
    if other || !moved {
        return found;
    }
    let start = found[at].start;
    let unit = text(&found, at + 1).to_owned();
    let said: Vec<&str> = if yesterday { vec!["today", "vs"] } else { vec!["this", &unit, "vs"] };
    let mut from = at - 1;
    if from > 0
        && matches!(text(&found, from), "to" | "with")
        && matches!(text(&found, from - 1), "compared" | "relative")
    {
        from -= 1;
    }
    found.splice(from..at, said.iter().map(|text| word(text, start)).collect::<Vec<_>>());
    found
}

/// "December revenue versus December the year before": the year before is what it is set against.
pub(super) fn same_month_before(mut found: Vec<Token>) -> Vec<Token> {
    let against = |text: &str| matches!(text, "vs" | "versus" | "against" | "with" | "to" | "than" | "and");
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        let month = text(&found, *at);
        is_month(month)
            && against(text(&found, at - 1))
            && found[..at - 1].iter().any(|token| token.text == month)
            && (matches!(
                (text(&found, at + 1), text(&found, at + 2), text(&found, at + 3)),
                ("the", "year", "before" | "prior" | "earlier") | ("the", "previous" | "prior" | "preceding", "year")
            ) || (text(&found, at + 1), text(&found, at + 2), text(&found, at + 3)) == ("a", "year", "earlier")
                || (text(&found, at + 1), text(&found, at + 2)) == ("last", "year"))
    });
    let Some(at) = at else { return found };
    let start = found[at].start;
    let words = if text(&found, at + 1) == "last" { 2 } else { 3 };
    let compared = at > 1 && matches!(text(&found, at - 2), "compared" | "compare" | "relative");
    let from = at - 1 - usize::from(compared);
    found[from] = word("vs", start);
    found.splice(from + 1..=at + words, ["the", "year", "before"].map(|text| word(text, start)));
    found
}
