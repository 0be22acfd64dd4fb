//! A question in the words that the grammar knows: everyday phrases are replaced, and words set in the grammar's order. Must
//! not drop what carries meaning.

use crate::brain::rules::numbers;
use crate::brain::rules::tokens::{Token, stem, tokens};

use super::grown::changed;
use super::manner::plainly;
use super::ordered::ordered;
use super::phrases::EVERYDAY;
use super::spoken::{
    at_least_one, average_one, by_a_clause, country_codes, for_the_first_time, in_the_warehouse, lone_percent,
    more_of_two, not_cancelled, same_year, spoken_years, worth_too, years,
};
use super::thesaurus::THESAURUS;
use super::translated::translated;
use super::turns::turned;

pub(super) struct Phrase {
    pub(super) words: Vec<&'static str>,
    instead: &'static str,
}

/// The phrases of a table, by first word; the longest first.
pub(super) struct Table(std::collections::HashMap<&'static str, Vec<Phrase>>);

impl Table {
    pub(super) fn new(texts: &[&'static str]) -> Self {
        let mut table: std::collections::HashMap<&'static str, Vec<Phrase>> = std::collections::HashMap::new();
        for entry in texts.iter().flat_map(|text| text.split(['|', '\n'])) {
            let Some((phrase, instead)) = entry.split_once(" = ") else { continue };
            let words: Vec<&str> = phrase.split_whitespace().collect();
            let Some(first) = words.first() else { continue };
            table.entry(first).or_default().push(Phrase { words, instead: instead.trim() });
        }
        for phrases in table.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
        Self(table)
    }

    pub(super) fn at(&self, tokens: &[Token], at: usize) -> Option<&Phrase> {
        self.0.get(tokens[at].text.as_str())?.iter().find(|phrase| {
            tokens.len() - at >= phrase.words.len()
                && phrase.words.iter().zip(&tokens[at..]).all(|(word, token)| token.text == *word)
        })
    }

    pub(super) fn apply(&self, found: &[Token]) -> Vec<Token> {
        let mut out = Vec::with_capacity(found.len());
        let mut at = 0;
        while at < found.len() {
            if let Some(phrase) = self.at(found, at) {
                for token in tokens(phrase.instead) {
                    out.push(Token { start: found[at].start, ..token });
                }
                at += phrase.words.len();
            } else {
                out.push(found[at].clone());
                at += 1;
            }
        }
        out
    }
}

static EVERYDAY_TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| Table::new(&[EVERYDAY, THESAURUS]));

/// The question in the words of the grammar.
pub(in crate::brain::rules) fn rephrase(found: Vec<Token>) -> Vec<Token> {
    let found = ordered(turned(plainly(changed(translated(found)))));
    let found = same_year(more_of_two(country_codes(in_the_warehouse(worth_too(by_a_clause(found))))));
    let found = lone_percent(not_cancelled(found));
    let found = at_least_one(average_one(for_the_first_time(figure_first(years(once(spoken_years(found)))))));
    let found = came_back(sent_back(how_many_left(EVERYDAY_TABLE.apply(&neither(of_one_order(found))))));
    from_to(bounds(times(how_many_times(more_than(left_out(by_count(durations(compared(found)))))))))
}

pub(in crate::brain::rules) fn word(text: &str, start: usize) -> Token {
    Token { text: text.to_owned(), stem: stem(text), raw: text.to_owned(), start, quoted: false }
}

pub(super) fn is_count(token: &Token) -> bool {
    numbers::small(&[token.text.as_str()]).is_some()
}

/// "compare Toys with Books": what stands between the two says that they are compared.
fn compared(mut found: Vec<Token>) -> Vec<Token> {
    // "the difference between November and December": the change from one to the other.
    let between = found
        .windows(3)
        .position(|run| run[0].text == "difference" && run[1].text == "between" && begins_a_range(&run[2].text));
    if let Some(at) = between
        && let Some(and) = (at + 3..found.len()).find(|and| found[*and].text == "and")
        && found.get(and + 1).is_some_and(|next| begins_a_range(&next.text))
    {
        found[and] = word("vs", found[and].start);
        found.drain(at..at + 2);
        return found;
    }
    let Some(at) = found.iter().position(|token| matches!(token.text.as_str(), "compare" | "comparing")) else {
        return found;
    };
    let joins = |word: &str| {
        found[at..].windows(2).enumerate().skip(2).find_map(|(place, pair)| {
            let before = found[at + place - 1].text.as_str();
            let bound = matches!(
                pair[1].text.as_str(),
                "more" | "less" | "fewer" | "at" | "over" | "no" | "a" | "an" | "under"
            );
            let goes = matches!(before, "shipped" | "sent" | "delivered" | "going" | "due" | "up");
            (pair[0].text == word && !bound && !goes).then_some(place)
        })
    };
    let Some(with) = joins("with").or_else(|| joins("to")) else { return found };
    let start = found[at + with].start;
    found[at + with] = word("vs", start);
    found.remove(at);
    found
}

/// "72h" is 72 hours, "more than a week" more than 7 days, "on average a month" per month.
fn durations(mut found: Vec<Token>) -> Vec<Token> {
    let mean = found.iter().any(|token| matches!(token.text.as_str(), "average" | "avg" | "mean"));
    let mut at = 0;
    while at < found.len() {
        let start = found[at].start;
        let before = at.checked_sub(1).map_or("", |at| found[at].text.as_str());
        let next = found.get(at + 1).map_or("", |token| token.text.as_str());
        let later = found.get(at + 2).map_or("", |token| token.text.as_str());
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if matches!(found[at].text.as_str(), "h" | "hrs") && number(before) {
            found[at] = word("hours", start);
        } else if found[at].text == "x" && at > 0 && !number(before) && !number(next) && !next.is_empty() {
            // "country x channel"
            found[at] = word("and", start);
        } else if let Some(hours) = found[at].text.strip_suffix('h')
            && !hours.is_empty()
            && hours.bytes().all(|byte| byte.is_ascii_digit())
        {
            let words = [hours.to_owned(), "hours".to_owned()];
            found.splice(at..=at, words.iter().map(|text| word(text, start)).collect::<Vec<_>>());
        } else if matches!(before, "than" | "over") && matches!(next, "week" | "weeks") {
            let weeks = if found[at].text == "a" {
                Some(1)
            } else {
                numbers::small(&[found[at].text.as_str()]).map(|(_, count)| count)
            };
            if let Some(days) = weeks.and_then(|weeks| weeks.checked_mul(7)) {
                let words = [days.to_string(), "days".to_owned()];
                found.splice(at..at + 2, words.iter().map(|text| word(text, start)).collect::<Vec<_>>());
            }
        } else if mean
            && !matches!(later, "earlier" | "before" | "ago" | "later")
            && matches!(found[at].text.as_str(), "a" | "an")
            && matches!(next, "day" | "week" | "month" | "quarter" | "year" | "hour")
            && !matches!(
                before,
                "in" | "of"
                    | "for"
                    | "within"
                    | "than"
                    | "over"
                    | "on"
                    | ""
                    | "after"
                    | "before"
                    | "half"
                    | "is"
                    | "what"
            )
        {
            found[at] = word("per", start);
        }
        at += 1;
    }
    found
}

/// "how many customers ordered once, twice, three times", "distribution of orders per customer": customers by number of orders.
fn by_count(mut found: Vec<Token>) -> Vec<Token> {
    let text = |at: usize| found.get(at).map_or("", |token| token.text.as_str());
    // The length of a count in a run: "once", "three times", "two".
    let counted = |at: usize| match text(at) {
        "once" | "twice" | "thrice" => 1,
        number if found.get(at).is_some_and(is_count) && number.len() != 4 => {
            1 + usize::from(matches!(text(at + 1), "time" | "times"))
        }
        _ => 0,
    };
    let joins = |at: usize| match (text(at), text(at + 1)) {
        (",", "and" | "or") => 2,
        ("," | "and" | "or", _) => 1,
        _ => 0,
    };
    let people = found.iter().any(|token| matches!(token.stem.as_str(), "customer" | "client" | "buyer" | "shopper"));
    let many = found.windows(2).any(|pair| pair[0].text == "how" && pair[1].text == "many");
    if let Some(at) = (0..found.len()).find(|at| matches!(text(*at), "distribution" | "histogram"))
        && let Some(per) = (at..found.len()).find(|at| matches!(text(*at), "per" | "by" | "across" | "over" | "among"))
        && people
    {
        let returns = found[at..per].iter().any(|token| token.stem == "return");
        let start = found[at].start;
        let words: &[&str] = if returns {
            &["customers", "by", "number", "of", "returns"]
        } else {
            &["customers", "by", "number", "of", "orders"]
        };
        let end = (per + 1..found.len())
            .find(|at| matches!(found[*at].stem.as_str(), "customer" | "client" | "buyer" | "shopper"))
            .map_or(found.len(), |at| at + 1);
        if found[at + 1..per]
            .iter()
            .all(|token| matches!(token.stem.as_str(), "of" | "the" | "order" | "return" | "number" | "our"))
        {
            found.splice(at..end, words.iter().map(|text| word(text, start)).collect::<Vec<_>>());
        }
        return found;
    }
    if !(people && many) {
        return found;
    }
    for at in 0..found.len() {
        let (mut end, mut runs) = (at, 0);
        while counted(end) > 0 {
            end += counted(end);
            runs += 1;
            match joins(end) {
                0 => break,
                more if counted(end + more) > 0 => end += more,
                _ => break,
            }
        }
        // "between 2 and 4 orders" is a condition.
        if runs < 2 || at > 0 && matches!(found[at - 1].text.as_str(), "between" | "from" | "than") {
            continue;
        }
        let returns = found.iter().any(|token| matches!(token.stem.as_str(), "return" | "returned"));
        let noun = usize::from(matches!(
            found.get(end).map(|token| token.stem.as_str()),
            Some("order" | "purchase" | "return")
        ));
        let start = found[at].start;
        let words = ["by", "number", "of", if returns { "returns" } else { "orders" }];
        found.splice(at..end + noun, words.map(|text| word(text, start)));
        return found;
    }
    found
}

/// "more orders in December than in November": the comparison is in "than".
fn more_than(mut found: Vec<Token>) -> Vec<Token> {
    let more = |token: &Token| {
        matches!(
            token.text.as_str(),
            "more" | "fewer" | "less" | "better" | "worse" | "higher" | "lower" | "bigger" | "larger"
        )
    };
    if let Some(at) = found.iter().position(more)
        && found.get(at + 1).is_some_and(|next| next.text != "than")
        && found[at + 1..].iter().take(8).any(|token| token.text == "than")
        && !found[at + 1..].iter().any(more)
    {
        found.remove(at);
    }
    // "was December better than November": the comparison is in "than" here too, but not before a number.
    let than = found.windows(3).position(|run| {
        (more(&run[0]) || matches!(run[0].text.as_str(), "stronger" | "weaker" | "slower" | "faster"))
            && run[1].text == "than"
            && begins_a_range(&run[2].text)
    });
    if let Some(at) = than {
        found.remove(at);
    }
    found
}

/// Whether a word begins a range of time, and no number.
fn begins_a_range(word: &str) -> bool {
    const MONTHS: &str = "january february march april may june july august september october november december";
    matches!(
        word,
        "last"
            | "this"
            | "previous"
            | "prior"
            | "in"
            | "on"
            | "yesterday"
            | "today"
            | "q1"
            | "q2"
            | "q3"
            | "q4"
            | "h1"
            | "h2"
    ) || MONTHS.split(' ').any(|month| month == word || month.get(..3) == Some(word))
}

/// "how many times did she order": how many orders.
fn how_many_times(mut found: Vec<Token>) -> Vec<Token> {
    let many = found.windows(3).position(|run| run[0].text == "how" && run[1].text == "many" && run[2].text == "times");
    let Some(at) = many else { return found };
    let verb = found.iter().rposition(|token| {
        matches!(
            token.text.as_str(),
            "order" | "ordered" | "buy" | "bought" | "purchase" | "purchased" | "shop" | "shopped"
        )
    });
    let Some(verb) = verb.filter(|verb| *verb > at) else { return found };
    let start = found[at].start;
    found.remove(verb);
    found[at + 2] = word("orders", start);
    found
}

/// "ordered more than 3 times", "bought twice": how many orders; "returned 3 times": how many returns.
fn times(mut found: Vec<Token>) -> Vec<Token> {
    let says = |found: &[Token], words: &[&str]| found.iter().any(|token| words.contains(&token.text.as_str()));
    let counted: &[&str] = if says(&found, &["ordered", "bought", "purchased", "shopped", "order", "buy", "purchase"]) {
        &["orders"]
    } else if says(&found, &["returned", "return"]) {
        &["return", "requests"]
    } else {
        return found;
    };
    for at in (0..found.len()).rev() {
        let start = found[at].start;
        let count = match found[at].text.as_str() {
            "twice" => "2",
            "thrice" => "3",
            "once" if at > 0 && matches!(found[at - 1].text.as_str(), "only" | "just" | "exactly") => {
                found[at - 1] = word("exactly", start);
                "1"
            }
            // "who only bought once"
            "once" if at > 1 && matches!(found[at - 2].text.as_str(), "only" | "just") => {
                let verb = found.remove(at - 1);
                found[at - 2] = verb;
                found.insert(at - 1, word("exactly", start));
                "1"
            }
            "times" | "time" if at > 0 && is_count(&found[at - 1]) => "",
            _ => continue,
        };
        // What somebody bought was not cancelled.
        let kept: &[&str] = if counted == ["orders"] && says(&found, &["bought", "purchased", "buy"]) {
            &["except", "cancelled"]
        } else {
            &[]
        };
        let words =
            (!count.is_empty()).then_some(count).into_iter().chain(counted.iter().copied()).chain(kept.iter().copied());
        found.splice(at..=at, words.map(|text| word(text, start)).collect::<Vec<_>>());
    }
    found
}

/// "how many how many": said once, as people speak.
fn once(mut found: Vec<Token>) -> Vec<Token> {
    let mut at = 0;
    while at < found.len() {
        let again = (1..=2).rev().find(|length| {
            at + 2 * length <= found.len()
                && (at..at + length).all(|one| {
                    let (one, two) = (&found[one], &found[one + length]);
                    one.text == two.text && !one.quoted && one.text.bytes().all(|byte| byte.is_ascii_lowercase())
                })
        });
        match again {
            Some(length) => drop(found.drain(at..at + length)),
            None => at += 1,
        }
    }
    found
}

/// "below an on-time rate of 90 percent": an on-time rate below 90 percent.
fn figure_first(mut found: Vec<Token>) -> Vec<Token> {
    let number = |token: &Token| token.text.starts_with(|sign: char| sign.is_ascii_digit());
    let at = (0..found.len()).find(|at| {
        matches!(found[*at].text.as_str(), "below" | "above" | "under" | "over")
            && found.get(at + 1).is_some_and(|token| matches!(token.text.as_str(), "a" | "an" | "the"))
            && found.get(at + 2).is_some_and(|token| token.text != "course")
    });
    let Some(at) = at else { return found };
    let of =
        (at + 3..found.len().min(at + 7)).find(|of| found[*of].text == "of" && found.get(of + 1).is_some_and(number));
    let Some(of) = of else { return found };
    found[of] = word(&found[at].text.clone(), found[of].start);
    found[at] = word("with", found[at].start);
    found
}

/// "every payment attempt on ORD-0000042": all of one order's, no group for each.
fn of_one_order(mut found: Vec<Token>) -> Vec<Token> {
    if found.iter().any(|token| token.text.starts_with("ord-")) {
        for token in found.iter_mut().filter(|token| matches!(token.text.as_str(), "every" | "each")) {
            *token = word("all", token.start);
        }
    }
    found
}

/// "... - how many left?" at the end asks how many there are.
fn how_many_left(mut found: Vec<Token>) -> Vec<Token> {
    let end: Vec<&str> = found.iter().rev().take(3).map(|token| token.text.as_str()).collect();
    if found.len() > 4 && (end == ["left", "many", "how"] || end == ["remain", "many", "how"]) {
        found.pop();
    }
    found
}

/// "neither delivered, cancelled nor returned": each of them is left out.
fn neither(mut found: Vec<Token>) -> Vec<Token> {
    let Some(first) = found.iter().position(|token| token.text == "neither") else { return found };
    let Some(length) = found[first..].iter().position(|token| token.text == "nor") else { return found };
    // "shipping neither to Spain nor to Portugal": where they go is in "to".
    let goes = first.checked_sub(1).is_some_and(|before| {
        matches!(found[before].text.as_str(), "shipping" | "shipped" | "sent" | "going" | "delivered" | "went")
    });
    if goes && found.get(first + 1).is_some_and(|token| token.text == "to") {
        found.remove(first - 1);
        return neither(found);
    }
    for at in (first..=first + length).rev() {
        let start = found[at].start;
        match found[at].text.as_str() {
            "neither" => found[at] = word("without", start),
            "nor" | "," => {
                let comma = found.get(at + 1).is_some_and(|next| next.text == "nor" || next.text == "without");
                let words: &[&str] = if comma { &[] } else { &["and", "without"] };
                found.splice(at..=at, words.iter().map(|text| word(text, start)).collect::<Vec<_>>());
            }
            _ => {}
        }
    }
    found
}

/// "send furniture back": returned furniture.
fn sent_back(mut found: Vec<Token>) -> Vec<Token> {
    let sends = |token: &Token| matches!(token.text.as_str(), "send" | "sent" | "sends" | "bring" | "brought");
    let verb = found.iter().position(sends);
    let back = verb.and_then(|verb| {
        (verb + 2..found.len().min(verb + 5)).find(|at| found[*at].text == "back").map(|back| (verb, back))
    });
    if let Some((verb, back)) = back {
        found.remove(back);
        found[verb] = word("returned", found[verb].start);
    }
    found
}

/// "an items total from 100 to 200 euros": between the two.
fn from_to(mut found: Vec<Token>) -> Vec<Token> {
    let digits = |token: &Token| token.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let unit = |token: &Token| {
        matches!(
            token.text.as_str(),
            "euro"
                | "euros"
                | "eur"
                | "€"
                | "%"
                | "percent"
                | "units"
                | "pieces"
                | "days"
                | "hours"
                | "orders"
                | "items"
        )
    };
    let at = (0..found.len()).find(|at| {
        found[*at].text == "from"
            && found.get(at + 1).is_some_and(digits)
            && found.get(at + 2).is_some_and(|token| token.text == "to")
            && found.get(at + 3).is_some_and(digits)
            && found.get(at + 4).is_some_and(unit)
    });
    if let Some(at) = at {
        found[at] = word("between", found[at].start);
        found[at + 2] = word("and", found[at + 2].start);
    }
    found
}

/// "3 or more orders", "three orders or more", "5 orders or fewer": at least, at most.
fn bounds(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = found.windows(2).position(|pair| {
        pair[0].text == "or"
            && matches!(
                pair[1].text.as_str(),
                "more" | "above" | "over" | "higher" | "greater" | "less" | "fewer" | "below" | "lower" | "under"
            )
    }) else {
        return found;
    };
    let most = matches!(found[at + 1].text.as_str(), "less" | "fewer" | "below" | "lower" | "under");
    let digits = |token: &Token| token.text.starts_with(|sign: char| sign.is_ascii_digit()) || is_count(token);
    let Some(number) = (at.saturating_sub(4)..at).rev().find(|before| digits(&found[*before])) else { return found };
    found.drain(at..at + 2);
    let start = found[number].start;
    found.splice(number..number, ["at", if most { "most" } else { "least" }].map(|text| word(text, start)));
    found
}

/// Goods come back as returns, customers to buy again.
fn came_back(found: Vec<Token>) -> Vec<Token> {
    let back = |at: usize| {
        matches!(found[at].text.as_str(), "came" | "come" | "coming" | "comes")
            && found.get(at + 1).is_some_and(|next| next.text == "back")
    };
    if !(0..found.len()).any(back) {
        return found;
    }
    let people = found.iter().any(|token| matches!(token.stem.as_str(), "customer" | "client" | "buyer"));
    let word = if people { "again" } else { "returned" };
    let mut out = Vec::with_capacity(found.len());
    let mut at = 0;
    while at < found.len() {
        let step = if back(at) { 2 } else { 1 };
        if step == 2 {
            out.extend(tokens(word).into_iter().map(|token| Token { start: found[at].start, ..token }));
        } else {
            out.push(found[at].clone());
        }
        at += step;
    }
    out
}

/// "leave Spain out", "Spain not included": without Spain.
fn left_out(mut found: Vec<Token>) -> Vec<Token> {
    let without = |start| tokens("without").into_iter().map(move |token| Token { start, ..token });
    if let Some(at) = found.iter().position(|token| matches!(token.text.as_str(), "leave" | "leaving" | "setting"))
        && let Some(length) = found[at + 1..]
            .iter()
            .take(5)
            .position(|token| matches!(token.text.as_str(), "out" | "aside"))
            .filter(|at| *at > 0)
    {
        found.remove(at + 1 + length);
        let start = found[at].start;
        found.splice(at..=at, without(start));
        return found;
    }
    let postfix = (1..found.len()).find_map(|at| {
        let next = found.get(at + 1).map_or("", |token| token.text.as_str());
        match (found[at].text.as_str(), next) {
            ("not", "included" | "counted" | "counting")
            | ("left" | "set", "out" | "aside")
            | ("dont" | "don't" | "doesnt" | "doesn't", "count") => Some((at, 2)),
            // "cancelled ones out"
            ("out", "") if found[at - 1].text == "ones" => Some((at, 1)),
            ("excluded" | "excepted", "") => Some((at, 1)),
            _ => None,
        }
    });
    if let Some((at, length)) = postfix {
        found.drain(at..at + length);
        let from = (at.saturating_sub(4)..at)
            .rev()
            .find(|before| found[*before].text == ",")
            .map_or(at - 1, |comma| comma + 1);
        if from < at {
            let start = found[from].start;
            found.splice(from..from, without(start));
        }
    }
    found
}
