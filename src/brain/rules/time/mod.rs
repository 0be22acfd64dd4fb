//! The closed grammar of time expressions: every form of the glossary, as half-open ranges. Must not guess day or month
//! order: what can be read in two ways is given as both.

mod calendar;
mod point;

use chrono::{Duration, NaiveDateTime};
use oms_tools::orders::semantic::query::{Comparison, TimeRange};

use super::tokens::Token;
use calendar::start_of_day;
use point::{Point, point, skip_the};

/// What a time expression says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TimeWords {
    /// A range.
    Range(TimeRange),
    /// "year over year", "same period last year".
    Compare(Comparison),
    /// Days of the week: "at weekends".
    Weekdays(&'static [&'static str]),
}

/// All readings of a time expression that starts at a token, with the number of tokens that each takes.
pub(super) fn readings(tokens: &[Token], at: usize, now: NaiveDateTime) -> Vec<(usize, TimeWords)> {
    let words: Vec<&str> = tokens.iter().skip(at).take(16).map(|token| token.text.as_str()).collect();
    let mut found = Vec::new();
    if let Some((length, comparison)) = comparison(&words) {
        found.push((length, TimeWords::Compare(comparison)));
    }
    if let Some((length, days)) = weekdays(&words) {
        found.push((length, TimeWords::Weekdays(days)));
    }
    for (length, mut range) in ranges(&words, now) {
        range.label = label(tokens, at, length);
        found.push((length, TimeWords::Range(range)));
    }
    found
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
        (&["period", "before"], Comparison::PreviousPeriod),
        (&["month", "before"], Comparison::PreviousPeriod),
        (&["week", "before"], Comparison::PreviousPeriod),
        (&["quarter", "before"], Comparison::PreviousPeriod),
        (&["day", "before"], Comparison::PreviousPeriod),
    ];
    let skipped = skip_the(words);
    let rest = &words[skipped..];
    phrases
        .iter()
        .find(|(phrase, _)| rest.starts_with(phrase))
        .map(|(phrase, comparison)| (skipped + phrase.len(), comparison.clone()))
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

fn finish(length: usize, range: TimeRange) -> Vec<(usize, TimeRange)> {
    vec![(length, range)]
}

fn ranges(words: &[&str], now: NaiveDateTime) -> Vec<(usize, TimeRange)> {
    let Some(&first) = words.first() else { return Vec::new() };
    let after = |count: usize| words.get(count..).unwrap_or_default();
    match first {
        "between" | "from" => {
            let joins: &[&str] = if first == "between" { &["and"] } else { &["to", "until", "till", "through", "up"] };
            // "from 1 to 5 January"
            if let (Some(first_day), true) = (words.get(1), words.get(2).is_some_and(|word| joins.contains(word)))
                && let Some((length, end)) = point(after(3), now, None).into_iter().next()
                && let Some(start) = point::day_of_same_month(first_day, &end)
            {
                return finish(3 + length, span(Some(start), Some(end.to), false));
            }
            let mut found = Vec::new();
            for (one, start) in point(after(1), now, None) {
                let Some(join) = words.get(1 + one).filter(|word| joins.contains(word)) else { continue };
                let end_at = 2 + one + usize::from(*join == "up");
                if words.get(end_at) == Some(&"now") {
                    return finish(end_at + 1, span(Some(start.from), Some(now), true));
                }
                for (two, end) in point(after(end_at), now, None) {
                    // Both orders of day and month of both ends; only ranges that run forward.
                    let range = joined(after(1), start.clone(), &end, now);
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
        "since" => each(after(1), now, |point| span(Some(point.from), Some(now), true), 1),
        "before" => each(after(1), now, |point| span(None, Some(point.from), false), 1),
        "after" => each(after(1), now, |point| span(Some(point.to), None, false), 1),
        "until" | "till" => each(after(1), now, |point| span(None, Some(point.to), false), 1),
        "in" | "on" | "during" | "for" | "of" | "at" | "over" | "within" => {
            let mut found = each(after(1), now, |point| point.range(now), 1);
            found.retain(|(length, _)| *length > 1);
            found
        }
        _ => each(words, now, |point| point.range(now), 0),
    }
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
        point(words, now, Some(end.from + Duration::milliseconds(1)))
            .into_iter()
            .next()
            .map_or(start, |(_, point)| point)
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

pub(super) use calendar::unit_before;
