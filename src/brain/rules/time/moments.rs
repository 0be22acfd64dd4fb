//! Ranges between moments of named days: "between 22:00 yesterday and 06:00 this morning", "since 6 this morning", "since 18:00".
//! Must not take hours of every day for one of them.

use chrono::{Duration, NaiveDateTime};
use oms_tools::orders::semantic::query::{TimeRange, TimeUnit};

use super::calendar::start_of_day;
use super::hours::minute;
use super::point::point;

/// A moment as it was said.
struct Moment {
    /// Minutes after midnight, 0 to 1440.
    minute: i64,
    /// Midnight of its day; none where no day was named.
    day: Option<NaiveDateTime>,
}

impl Moment {
    fn of(&self, day: NaiveDateTime) -> NaiveDateTime {
        day + Duration::minutes(self.minute)
    }
}

/// The range that the words name from or between moments, with the number of tokens that they take.
pub(super) fn range(words: &[&str], now: NaiveDateTime) -> Option<(usize, TimeRange)> {
    let rest = words.get(1..)?;
    let today = start_of_day(now);
    match *words.first()? {
        "since" => {
            let (taken, moment) = moment(rest, now)?;
            let latest = || {
                let at = moment.of(today);
                if at <= now { at } else { at - Duration::days(1) }
            };
            let from = moment.day.map_or_else(latest, |day| moment.of(day));
            (from < now).then(|| (1 + taken, running(from, now)))
        }
        first @ ("between" | "from") => {
            let (one, start) = moment(rest, now).or_else(|| hour_of_the_end(rest, now))?;
            let join = *rest.get(one)?;
            let joins = if first == "between" { join == "and" } else { matches!(join, "to" | "until" | "till") };
            if !joins {
                return None;
            }
            let after = rest.get(one + 1..)?;
            if after.first() == Some(&"now") {
                let from = start.of(start.day?);
                return (from < now).then(|| (one + 3, running(from, now)));
            }
            let (two, end) = moment(after, now)?;
            // Without any day they are hours of every day.
            let (from, to) = match (start.day, end.day) {
                (Some(from), Some(to)) => (start.of(from), end.of(to)),
                (Some(from), None) => {
                    let to = end.of(from);
                    (start.of(from), if end.minute > start.minute { to } else { to + Duration::days(1) })
                }
                _ => return None,
            };
            let range = TimeRange { from: Some(from), to: Some(to), label: String::new(), unit: None, running: false };
            (from < to).then_some((one + two + 2, range))
        }
        _ => None,
    }
}

fn running(from: NaiveDateTime, now: NaiveDateTime) -> TimeRange {
    TimeRange { from: Some(from), to: Some(now), label: String::new(), unit: None, running: true }
}

/// "22:00 yesterday", "yesterday at 22:00", "6 this morning", "noon".
fn moment(words: &[&str], now: NaiveDateTime) -> Option<(usize, Moment)> {
    if let Some((taken, day)) = named_day(words, now) {
        let at = taken + usize::from(words.get(taken) == Some(&"at"));
        if let Some((length, minute)) = minute(words.get(at..)?) {
            return Some((at + length, Moment { minute, day: Some(day) }));
        }
    }
    let (length, minute) = if let Some(found) = minute(words) {
        found
    } else {
        // "6 this morning": the half of the day is said by its name.
        let hour: i64 = words.first()?.parse().ok().filter(|hour| (1..=12).contains(hour))?;
        let part = words.get(1..)?.iter().take(2).find(|word| PARTS.contains(word))?;
        (1, hour_of(hour, part) * 60)
    };
    let on = length + usize::from(words.get(length) == Some(&"on"));
    let found = words.get(on..).and_then(|rest| named_day(rest, now));
    Some(match found {
        Some((taken, day)) => (on + taken, Moment { minute, day: Some(day) }),
        None => (length, Moment { minute, day: None }),
    })
}

/// "12 this morning" is noon, "12 last night" midnight.
fn hour_of(hour: i64, part: &str) -> i64 {
    match part {
        "morning" => hour,
        "night" if hour == 12 => 24,
        _ => hour % 12 + 12,
    }
}

/// "between 9 and 12 this morning": the day and the half of it are said once, at the end.
fn hour_of_the_end(words: &[&str], now: NaiveDateTime) -> Option<(usize, Moment)> {
    let hour: i64 = words.first()?.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let end = words.get(2..)?;
    let part = end.iter().take(3).find(|word| PARTS.contains(word))?;
    let (_, day) = moment(end, now)?;
    Some((1, Moment { minute: hour_of(hour, part) * 60, day: day.day }))
}

const PARTS: [&str; 4] = ["morning", "afternoon", "evening", "night"];

/// "yesterday evening", "last night", "this morning", "Monday", "12 January": the midnight that it begins with.
fn named_day(words: &[&str], now: NaiveDateTime) -> Option<(usize, NaiveDateTime)> {
    let today = start_of_day(now);
    let part = |at: usize| words.get(at).is_some_and(|word| PARTS.contains(word));
    match words {
        ["yesterday", ..] => return Some((1 + usize::from(part(1)), today - Duration::days(1))),
        ["today" | "tonight", ..] => return Some((1, today)),
        ["this" | "in", "morning" | "afternoon" | "evening", ..] => return Some((2, today)),
        ["last", "night", ..] => return Some((2, today - Duration::days(1))),
        _ => {}
    }
    let (taken, day) = point(words, now, None).into_iter().next()?;
    (day.unit == Some(TimeUnit::Day)).then(|| (taken + usize::from(part(taken)), day.from))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::range;

    #[test]
    fn moments_are_of_the_days_that_are_named() {
        let now = NaiveDate::from_ymd_opt(2026, 1, 14).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap_or_default();
        for (text, expected) in [
            ("between 22:00 yesterday and 06:00 this morning", Some((7, "2026-01-13 22:00 2026-01-14 06:00"))),
            ("between 22:00 yesterday and 06:00", Some((5, "2026-01-13 22:00 2026-01-14 06:00"))),
            ("from yesterday 6 pm to today 7:30", Some((7, "2026-01-13 18:00 2026-01-14 07:30"))),
            ("since 6 this morning", Some((4, "2026-01-14 06:00 2026-01-14 12:00"))),
            ("since 10 pm last night by channel", Some((5, "2026-01-13 22:00 2026-01-14 12:00"))),
            ("since 18:00", Some((2, "2026-01-13 18:00 2026-01-14 12:00"))),
            ("since noon yesterday", Some((3, "2026-01-13 12:00 2026-01-14 12:00"))),
            ("from 22:00 yesterday until now", Some((5, "2026-01-13 22:00 2026-01-14 12:00"))),
            ("since 14:00 on 12 january", Some((5, "2026-01-12 14:00 2026-01-14 12:00"))),
            ("between 9 and 12 this morning", Some((6, "2026-01-14 09:00 2026-01-14 12:00"))),
            ("between 18:00 and 21:00", None),
            ("since 6", None),
            ("since 2024", None),
            ("between 06:00 today and 22:00 yesterday", None),
            ("since 15:00 today", None),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            let found = range(&words, now).map(|(taken, range)| {
                let at =
                    |at: Option<chrono::NaiveDateTime>| at.unwrap_or_default().format("%Y-%m-%d %H:%M").to_string();
                (taken, format!("{} {}", at(range.from), at(range.to)))
            });
            assert_eq!(found, expected.map(|(taken, text)| (taken, text.to_owned())), "{text}");
        }
    }
}
