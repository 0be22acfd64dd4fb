//! The closed grammar of time expressions: every form of the glossary, as half-open ranges. Must not guess day or month
//! order: what can be read in two ways is given as both.

mod calendar;
mod hours;
mod moments;
mod point;

use chrono::{Duration, NaiveDateTime};
use oms_tools::orders::semantic::query::{Comparison, TimeRange, TimeUnit};

use super::numbers;
use super::tokens::Token;
use calendar::start_of_day;
use point::{Point, point, skip_the};

/// What a time expression says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TimeWords {
    /// A range.
    Range(TimeRange),
    /// A range with its first and last unit: "from 2024 to 2025", which a growth compares.
    Span(TimeRange, TimeRange, TimeRange),
    /// "year over year", "same period last year".
    Compare(Comparison),
    /// Days of the week: "at weekends".
    Weekdays(&'static [&'static str]),
    /// Hours of the day: "after 6 pm".
    Hours(Vec<u32>),
}

/// All readings of a time expression that starts at a token, with the number of tokens that each takes.
pub(super) fn readings(tokens: &[Token], at: usize, now: NaiveDateTime) -> Vec<(usize, TimeWords)> {
    let words: Vec<&str> = tokens.iter().skip(at).take(16).map(|token| token.text.as_str()).collect();
    let mut found = Vec::new();
    if let Some((length, comparison)) = comparison(&words) {
        found.push((length, TimeWords::Compare(comparison)));
    }
    if let Some((length, comparison)) = same_part(&words, tokens) {
        found.push((length, TimeWords::Compare(comparison)));
    }
    if let Some((length, hours)) = hours::hours(&words) {
        found.push((length, TimeWords::Hours(hours)));
    }
    // "on which weekdays", "by weekdays": the group, not Monday to Friday.
    let group =
        at > 0 && matches!(tokens[at - 1].text.as_str(), "which" | "what" | "by" | "per" | "different" | "busiest");
    let group = group && words.first() == Some(&"weekdays");
    // "over the weekend": the last one, where no range says of which weekends it is.
    if let Some(length) = the_weekend(&words, tokens)
        && let Some((_, last)) = point(&["last", "weekend"], now, None).into_iter().next()
    {
        let mut range = last.range(now);
        range.label = label(tokens, at, length);
        found.push((length, TimeWords::Range(range)));
        return found;
    }
    if let Some((length, days)) = weekdays(&words).filter(|_| !group) {
        found.push((length, TimeWords::Weekdays(days)));
    }
    for (length, mut range) in ranges(&words, now) {
        range.label = label(tokens, at, length);
        match ends(&words, length, now) {
            Some((first, last)) => found.push((length, TimeWords::Span(range, first, last))),
            None => found.push((length, TimeWords::Range(range))),
        }
    }
    let compares =
        tokens.iter().any(|token| matches!(token.stem.as_str(), "compare" | "difference" | "comparison" | "vs"));
    if let Some((length, mut range)) = in_a_row(&words, now).filter(|_| !compares) {
        range.label = label(tokens, at, length);
        found.push((length, TimeWords::Range(range)));
    }
    found
}

/// The first and the last unit of a range that was said by its ends, both of one unit.
fn ends(words: &[&str], length: usize, now: NaiveDateTime) -> Option<(TimeRange, TimeRange)> {
    let lead = usize::from(matches!(words.first(), Some(&("between" | "from"))));
    let (one, start) = point(words.get(lead..)?, now, None).into_iter().next()?;
    let join = *words.get(lead + one)?;
    if !matches!(join, "and" | "to" | "until" | "till" | "through" | "thru") {
        return None;
    }
    let (two, end) = point(words.get(lead + one + 1..)?, now, None).into_iter().next()?;
    if lead + one + 1 + two != length || start.unit.is_none() || start.unit != end.unit {
        return None;
    }
    let start = if start.yearless {
        point(words.get(lead..)?, now, Some(end.from)).into_iter().next().map_or(start, |(_, point)| point)
    } else {
        start
    };
    let texts = |from: usize, count: usize| words[from..from + count].join(" ");
    let (mut first, mut last) = (start.range(now), end.range(now));
    first.label = texts(lead, one);
    last.label = texts(lead + one + 1, two);
    Some((first, last))
}

/// "November and December 2025": months, quarters or days that follow one another.
fn in_a_row(words: &[&str], now: NaiveDateTime) -> Option<(usize, TimeRange)> {
    let lead = usize::from(matches!(words.first()?, &("in" | "on" | "during" | "for" | "of")));
    let lead = lead + usize::from(words.get(lead) == Some(&"both"));
    let (mut length, first) = point(words.get(lead..)?, now, None).into_iter().next()?;
    let mut parts = vec![(lead, first)];
    length += lead;
    loop {
        let joins = match (words.get(length), words.get(length + 1)) {
            (Some(&","), Some(&"and")) => 2,
            (Some(&("and" | ",")), _) => 1,
            _ => break,
        };
        let Some((taken, next)) =
            words.get(length + joins..).and_then(|rest| point(rest, now, None).into_iter().next())
        else {
            break;
        };
        parts.push((length + joins, next));
        length += joins + taken;
    }
    let (_, last) = parts.last().filter(|_| parts.len() > 1)?.clone();
    let unit = last.unit.filter(|unit| {
        !matches!(
            unit,
            oms_tools::orders::semantic::query::TimeUnit::Year | oms_tools::orders::semantic::query::TimeUnit::Hour
        )
    })?;
    // "last month and this month" are two.
    let relative = ["last", "this", "previous", "past", "prior", "current", "today", "yesterday", "the"];
    if parts.iter().any(|(at, _)| relative.contains(&words[*at])) {
        return None;
    }
    let mut until = last.from;
    let mut from = last.from;
    for (at, part) in parts.iter().rev().skip(1) {
        let part = if part.yearless {
            point(&words[*at..], now, Some(until)).into_iter().next().map(|(_, point)| point)?
        } else {
            part.clone()
        };
        if part.unit != Some(unit) || part.to != until {
            return None;
        }
        until = part.from;
        from = part.from;
    }
    let running = last.from <= now && now < last.to;
    Some((length, span(Some(from), Some(if running { now } else { last.to }), running)))
}

/// The words as typed, without the preposition.
fn label(tokens: &[Token], at: usize, length: usize) -> String {
    let taken = &tokens[at..at + length];
    let from = usize::from(
        taken.len() > 1
            && matches!(taken[0].text.as_str(), "in" | "on" | "during" | "for" | "of" | "at" | "over" | "within"),
    );
    taken[from..].iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
}

fn comparison(words: &[&str]) -> Option<(usize, Comparison)> {
    let phrases: &[(&[&str], Comparison)] = &[
        (&["year", "over", "year"], Comparison::PreviousYear),
        (&["year", "on", "year"], Comparison::PreviousYear),
        (&["yoy"], Comparison::PreviousYear),
        (&["this", "time", "last", "year"], Comparison::PreviousYear),
        (&["same", "period", "last", "year"], Comparison::PreviousYear),
        (&["same", "time", "last", "year"], Comparison::PreviousYear),
        (&["same", "period", "previous", "year"], Comparison::PreviousYear),
        (&["same", "period", "of", "last", "year"], Comparison::PreviousYear),
        (&["same", "month", "last", "year"], Comparison::PreviousYear),
        (&["same", "quarter", "last", "year"], Comparison::PreviousYear),
        (&["same", "week", "last", "year"], Comparison::PreviousYear),
        (&["same", "days", "last", "year"], Comparison::PreviousYear),
        (&["year", "before"], Comparison::PreviousYear),
        (&["year", "earlier"], Comparison::PreviousYear),
        (&["previous", "period"], Comparison::PreviousPeriod),
        (&["prior", "period"], Comparison::PreviousPeriod),
        (&["preceding", "period"], Comparison::PreviousPeriod),
        (&["months", "before"], Comparison::PreviousPeriod),
        (&["period", "before"], Comparison::PreviousPeriod),
        (&["month", "before"], Comparison::PreviousPeriod),
        (&["week", "before"], Comparison::PreviousPeriod),
        (&["quarter", "before"], Comparison::PreviousPeriod),
        (&["day", "before"], Comparison::PreviousPeriod),
    ];
    let skipped = skip_the(words);
    let rest = &words[skipped..];
    if let ["same", noun, tail @ ..] = rest
        && (matches!(*noun, "period" | "time" | "dates" | "date" | "days" | "day" | "point" | "stage" | "moment")
            || matches!(noun.trim_end_matches('s'), "month" | "week" | "quarter"))
    {
        let lead = usize::from(matches!(tail.first(), Some(&("of" | "in" | "from" | "during"))));
        let lead = lead + skip_the(&tail[lead..]);
        if matches!(
            tail[lead..],
            ["last" | "previous" | "prior" | "preceding" | "one", "year", ..]
                | ["year" | "years", "before" | "earlier" | "ago" | "prior", ..]
        ) {
            let length = if tail[lead] == "one" { 3 } else { 2 };
            return (tail.len() >= lead + length).then_some((skipped + 2 + lead + length, Comparison::PreviousYear));
        }
    }
    phrases
        .iter()
        .find(|(phrase, _)| rest.starts_with(phrase))
        .map(|(phrase, comparison)| (skipped + phrase.len(), comparison.clone()))
}

/// "the same days last month" beside "this month": the elapsed part of the unit before.
fn same_part(words: &[&str], tokens: &[Token]) -> Option<(usize, Comparison)> {
    let place = usize::from(matches!(words.first(), Some(&("at" | "by"))));
    let skipped = place + skip_the(&words[place..]);
    let (noun, tail) = match words.get(skipped..)? {
        ["same", noun, tail @ ..] => (noun.trim_end_matches('s'), tail),
        ["this", noun @ ("time" | "point"), tail @ ..] => (*noun, tail),
        _ => return None,
    };
    let part =
        matches!(noun, "day" | "date" | "period" | "time" | "part" | "stretch" | "week" | "point" | "stage" | "moment");
    if !part {
        return None;
    }
    let lead = usize::from(matches!(tail.first(), Some(&("of" | "in" | "from" | "during"))));
    let lead = lead + skip_the(&tail[lead..]);
    // "more this January than at the same point last January"
    if let ["last" | "previous", month, ..] = tail[lead..]
        && point::is_month(month)
    {
        let running = tokens.windows(2).any(|pair| pair[0].text == "this" && pair[1].text == month);
        return running.then_some((skipped + 4 + lead, Comparison::PreviousYear));
    }
    let unit = match tail[lead..] {
        ["last" | "previous" | "prior" | "preceding", unit, ..] | [unit, "before" | "earlier", ..] => unit,
        ["yesterday", ..] => "yesterday",
        _ => return None,
    };
    let short = match unit {
        "month" => "mtd",
        "week" => "wtd",
        "quarter" => "qtd",
        "yesterday" => "today",
        _ => return None,
    };
    let running = tokens.iter().any(|token| token.text == short)
        || tokens.windows(2).any(|pair| matches!(pair[0].text.as_str(), "this" | "current") && pair[1].text == unit);
    let length = if unit == "yesterday" { 1 } else { 2 };
    running.then_some((skipped + 2 + lead + length, Comparison::PreviousPeriod))
}

fn weekdays(words: &[&str]) -> Option<(usize, &'static [&'static str])> {
    let lead = usize::from(matches!(words.first(), Some(&("on" | "at" | "during"))));
    let lead = lead + skip_the(&words[lead.min(words.len())..]);
    let days: &'static [&'static str] = match *words.get(lead)? {
        "weekends" | "weekend" => &["Saturday", "Sunday"],
        "weekdays" => &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        "mondays" => &["Monday"],
        "tuesdays" => &["Tuesday"],
        "wednesdays" => &["Wednesday"],
        "thursdays" => &["Thursday"],
        "fridays" => &["Friday"],
        "saturdays" => &["Saturday"],
        "sundays" => &["Sunday"],
        _ => return None,
    };
    Some((lead + 1, days))
}

/// How many words "over the weekend" takes, where nothing else says when.
fn the_weekend(words: &[&str], tokens: &[Token]) -> Option<usize> {
    let length = match words {
        ["the", "weekend", ..] => 2,
        ["over" | "at" | "for" | "during" | "on", "the", "weekend", ..] => 3,
        _ => return None,
    };
    // "the weekend share", "per day of the weekend", "the weekend before Christmas"
    let alone = words.get(length).is_none_or(|next| {
        matches!(
            *next,
            "," | "by"
                | "in"
                | "for"
                | "we"
                | "i"
                | "please"
                | "from"
                | "per"
                | "only"
                | "to"
                | "and"
                | "was"
                | "how"
                | "with"
        )
    });
    let other = tokens.iter().any(|token| {
        point::is_month(&token.text)
            || token.text.len() == 4 && token.text.starts_with("20")
            || matches!(
                token.text.as_str(),
                "last"
                    | "this"
                    | "past"
                    | "previous"
                    | "since"
                    | "ytd"
                    | "mtd"
                    | "q1"
                    | "q2"
                    | "q3"
                    | "q4"
                    | "h1"
                    | "h2"
                    | "vs"
                    | "than"
                    | "average"
                    | "weekdays"
                    | "weekday"
                    | "share"
                    | "compared"
            )
    });
    (alone && !other).then_some(length)
}

/// The words of "at the end of".
fn end_of(words: &[&str]) -> Option<usize> {
    let lead = usize::from(matches!(words.first(), Some(&("at" | "by"))));
    let lead = lead + skip_the(&words[lead..]);
    (words.get(lead) == Some(&"end") && words.get(lead + 1) == Some(&"of")).then_some(lead + 2)
}

fn finish(length: usize, range: TimeRange) -> Vec<(usize, TimeRange)> {
    vec![(length, range)]
}

fn ranges(words: &[&str], now: NaiveDateTime) -> Vec<(usize, TimeRange)> {
    let Some(&first) = words.first() else { return Vec::new() };
    let after = |count: usize| words.get(count..).unwrap_or_default();
    if let Some(found) = moments::range(words, now).or_else(|| beside_a_point(words, now)) {
        return vec![found];
    }
    match first {
        "between" | "from" => {
            let joins: &[&str] =
                if first == "between" { &["and"] } else { &["to", "until", "till", "through", "thru", "up"] };
            // "from 1 to 5 January"
            if let (Some(first_day), true) = (words.get(1), words.get(2).is_some_and(|word| joins.contains(word)))
                && let Some((length, end)) = point(after(3), now, None).into_iter().next()
                && let Some(start) = point::day_of_same_month(first_day, &end)
            {
                return finish(3 + length, span(Some(start), Some(end.to), false));
            }
            let mut found = Vec::new();
            let opens = 1 + edge(after(1), &["start", "beginning"]);
            for (one, start) in point(after(opens), now, None) {
                let one = one + opens - 1;
                if first == "from" && words.get(1 + one..).is_some_and(|rest| rest.starts_with(&["so", "far"])) {
                    return finish(3 + one, span(Some(start.from), Some(now), true));
                }
                let Some(join) = words.get(1 + one).filter(|word| joins.contains(word)) else { continue };
                let end_at = 2 + one + usize::from(*join == "up");
                let end_at = end_at + edge(after(end_at), &["end"]);
                if words.get(end_at) == Some(&"now") {
                    return finish(end_at + 1, span(Some(start.from), Some(now), true));
                }
                for (two, end) in point(after(end_at), now, None) {
                    // Both orders of day and month of both ends; only ranges that run forward.
                    let range = joined(after(opens), start.clone(), &end, now);
                    if range.from < range.to {
                        found.push((end_at + two, range));
                    }
                }
            }
            if !found.is_empty() {
                return found;
            }
            if first == "from"
                && let Some((one, start)) = point(after(1), now, None).into_iter().next()
            {
                if words.get(1 + one) == Some(&"on") || words.get(1 + one) == Some(&"onwards") {
                    return finish(2 + one, span(Some(start.from), Some(now), true));
                }
                return finish(1 + one, start.range(now));
            }
            Vec::new()
        }
        "at" | "by" | "the" | "end" if end_of(words).is_some() => {
            let lead = end_of(words).unwrap_or_default();
            each(after(lead), now, |point| span(None, Some(point.to), false), lead)
        }
        "same"
            if matches!(words.get(2), Some(&("of" | "in" | "from")))
                && matches!(
                    words.get(1).map(|noun| noun.trim_end_matches('s')),
                    Some("month" | "week" | "quarter" | "period" | "time" | "day" | "date")
                ) =>
        {
            each(after(3), now, |point| point.range(now), 3)
        }
        "since" if words.get(1) == Some(&"midnight") => finish(2, span(Some(start_of_day(now)), Some(now), true)),
        "since" | "starting" => each(after(1), now, |point| span(Some(point.from), Some(now), true), 1),
        "before" => each(after(1), now, |point| span(None, Some(point.from), false), 1),
        "after" => each(after(1), now, |point| span(Some(point.to), None, false), 1),
        "until" | "till" => each(after(1), now, |point| span(None, Some(point.to), false), 1),
        "in" | "on" | "during" | "for" | "of" | "at" | "over" | "within" => {
            // "over 2000 euros" is no year.
            let number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
            let ends = words.get(2).is_none_or(|word| matches!(*word, "by" | "per" | "for" | "in" | "of" | ","));
            if first == "over" && words.get(1).is_some_and(number) && !ends {
                return Vec::new();
            }
            let mut found = joined_by_word(after(1), now, 1);
            found.extend(each(after(1), now, |point| point.range(now), 1));
            found.retain(|(length, _)| *length > 1);
            found
        }
        _ => {
            let mut found = joined_by_word(words, now, 0);
            found.extend(each(words, now, |point| point.range(now), 0));
            found
        }
    }
}

/// "the two weeks before Christmas", "3 days after Black Friday": so long up to a point, or from it on.
fn beside_a_point(words: &[&str], now: NaiveDateTime) -> Option<(usize, TimeRange)> {
    let mut at = usize::from(matches!(words.first(), Some(&("in" | "during" | "over" | "for" | "on"))));
    at += skip_the(words.get(at..)?);
    at += usize::from(matches!(words.get(at), Some(&"last")));
    let (taken, count) = numbers::small(words.get(at..)?).unwrap_or((0, 1));
    at += taken;
    let unit = match words.get(at)?.trim_end_matches('s') {
        "day" => TimeUnit::Day,
        "week" => TimeUnit::Week,
        "month" if taken > 0 => TimeUnit::Month,
        _ => return None,
    };
    at += 1;
    let before = match (words.get(at)?, words.get(at + 1), words.get(at + 2)) {
        (&"before", ..) => true,
        (&"leading", Some(&"up"), Some(&"to")) => {
            at += 2;
            true
        }
        (&("after" | "following"), ..) => false,
        _ => return None,
    };
    at += 1;
    let named = words.get(at + skip_the(words.get(at..)?))?;
    // A feast or a day with its month: "before last" and "before the previous" say something else.
    if matches!(*named, "last" | "this" | "previous" | "that" | "yesterday" | "today" | "now" | "it") {
        return None;
    }
    let (length, point) = point(words.get(at..)?, now, None).into_iter().next()?;
    if point.unit.is_some_and(|unit| unit != TimeUnit::Day) || point.to - point.from > Duration::days(1) {
        return None;
    }
    let count = i64::from(count);
    let (from, to) = if before {
        (calendar::shift(unit, point.from, -count)?, point.from)
    } else {
        (point.to, calendar::shift(unit, point.to, count)?)
    };
    Some((at + length, span(Some(from), Some(to), false)))
}

/// The words of "the end of" before a point.
fn edge(words: &[&str], nouns: &[&str]) -> usize {
    let lead = skip_the(words);
    match words.get(lead..) {
        Some([noun, "of", ..]) if nouns.contains(noun) => lead + 2,
        _ => 0,
    }
}

/// "March through May 2025", "Q1 to Q3 2025": without "from".
fn joined_by_word(words: &[&str], now: NaiveDateTime, lead: usize) -> Vec<(usize, TimeRange)> {
    let mut found = Vec::new();
    for (one, start) in point(words, now, None) {
        if !matches!(words.get(one), Some(&("to" | "through" | "thru" | "until" | "till"))) || start.running {
            continue;
        }
        for (two, end) in point(words.get(one + 1..).unwrap_or_default(), now, None) {
            let range = joined(words, start.clone(), &end, now);
            if range.from < range.to {
                found.push((lead + one + 1 + two, range));
            }
        }
    }
    found
}

fn each(
    words: &[&str],
    now: NaiveDateTime,
    make: impl Fn(&Point) -> TimeRange,
    lead: usize,
) -> Vec<(usize, TimeRange)> {
    point(words, now, None).into_iter().map(|(length, point)| (lead + length, make(&point))).collect()
}

/// From one point's start to another's end; a start without a year is the latest before the end.
fn joined(words: &[&str], start: Point, end: &Point, now: NaiveDateTime) -> TimeRange {
    let start = if start.yearless {
        // A day may lie in the month that ends the range: "from Black Friday to the end of November".
        let limit = if start.unit == end.unit { end.from + Duration::milliseconds(1) } else { end.to };
        point(words, now, Some(limit)).into_iter().next().map_or(start, |(_, point)| point)
    } else {
        start
    };
    let running = end.from <= now && now < end.to;
    span(Some(start.from), Some(if running { now } else { end.to }), running)
}

fn span(from: Option<NaiveDateTime>, to: Option<NaiveDateTime>, running: bool) -> TimeRange {
    TimeRange { from, to, label: String::new(), unit: None, running }
}

/// The days that a range touches; none where it is open.
pub(super) fn days(range: &TimeRange) -> Option<i64> {
    Some((range.to? - start_of_day(range.from?)).num_days())
}

/// Whether `other` is the range a year before.
pub(super) fn year_before(range: &TimeRange, other: &TimeRange) -> bool {
    let back =
        |instant: Option<NaiveDateTime>| instant.and_then(|instant| calendar::shift(TimeUnit::Year, instant, -1));
    back(range.from) == other.from && back(range.to) == other.to && range.from.is_some()
}

pub(super) use calendar::unit_before;
pub(in crate::brain::rules) use point::is_month;
