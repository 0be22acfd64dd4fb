//! "last night", "overnight", "this morning": what somebody who is on call says of hours. The calendar of questions about
//! orders has none of them, because a shop's day has no night that everybody means; here the answer tells the hours.

use chrono::{Duration, NaiveDateTime};
use oms_tools::orders::semantic::query::TimeRange;

/// Phrases with their hours, counted from the midnight that today began with.
const PARTS: &[(&[&str], i64, i64)] = &[
    (&["last", "night"], -4, 6),
    (&["overnight"], -4, 6),
    (&["during", "the", "night"], -4, 6),
    (&["this", "morning"], 6, 12),
    (&["this", "afternoon"], 12, 18),
    (&["this", "evening"], 18, 24),
    (&["tonight"], 20, 30),
];

/// Takes the part of a day out of a text; the text without it, and its hours. One that has not begun stays in the text.
pub(super) fn without_hours(text: &str, now: NaiveDateTime) -> (String, Option<TimeRange>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare: Vec<String> =
        words.iter().map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase()).collect();
    let found = (0..bare.len()).find_map(|at| {
        let part = PARTS.iter().find(|(phrase, ..)| {
            bare.get(at..at + phrase.len())
                .is_some_and(|words| words.iter().zip(*phrase).all(|(one, other)| one == other))
        })?;
        Some((at, part))
    });
    let Some((at, (phrase, from, to))) = found else { return (text.to_owned(), None) };
    let Some(range) = range(*from, *to, &phrase.join(" "), now) else { return (text.to_owned(), None) };
    let rest: Vec<&str> = words[..at].iter().chain(&words[at + phrase.len()..]).copied().collect();
    (rest.join(" "), Some(range))
}

fn range(from: i64, to: i64, label: &str, now: NaiveDateTime) -> Option<TimeRange> {
    let midnight = now.date().and_time(chrono::NaiveTime::MIN);
    let hour = |hours: i64| midnight.checked_add_signed(Duration::hours(hours));
    let (mut from, mut to) = (hour(from)?, hour(to)?);
    if from >= now {
        // After midnight, tonight is the night that runs.
        (from, to) = (from.checked_sub_signed(Duration::days(1))?, to.checked_sub_signed(Duration::days(1))?);
        if to <= now {
            return None;
        }
    }
    let running = now < to;
    Some(TimeRange { from: Some(from), to: Some(to.min(now)), label: label.to_owned(), unit: None, running })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::{NaiveDate, NaiveDateTime};

    use super::without_hours;

    fn now(hour: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, 14).unwrap().and_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn parts_of_a_day_are_hours() {
        for (text, hour, rest, from, to) in [
            ("were we throttled last night?", 12, "were we throttled", "2026-01-13 20:00:00", "2026-01-14 06:00:00"),
            ("Last night, were we throttled?", 12, "were we throttled?", "2026-01-13 20:00:00", "2026-01-14 06:00:00"),
            ("any throttling overnight", 12, "any throttling", "2026-01-13 20:00:00", "2026-01-14 06:00:00"),
            // The night that runs.
            ("throttling last night", 3, "throttling", "2026-01-13 20:00:00", "2026-01-14 03:00:00"),
            ("throttling tonight", 3, "throttling", "2026-01-13 20:00:00", "2026-01-14 03:00:00"),
            ("throttling tonight", 22, "throttling", "2026-01-14 20:00:00", "2026-01-14 22:00:00"),
            ("messages this morning", 9, "messages", "2026-01-14 06:00:00", "2026-01-14 09:00:00"),
            ("messages this morning", 15, "messages", "2026-01-14 06:00:00", "2026-01-14 12:00:00"),
        ] {
            let (left, range) = without_hours(text, now(hour));
            let range = range.unwrap();
            let (begins, ends) = (range.from.unwrap().to_string(), range.to.unwrap().to_string());
            assert_eq!((left.as_str(), begins.as_str(), ends.as_str()), (rest, from, to), "{text} at {hour}");
        }
    }

    #[test]
    fn what_names_none_or_one_to_come_stays_as_it_is() {
        for (text, hour) in [
            ("were we throttled last week?", 12),
            ("last", 12),
            ("", 12),
            ("messages tonight", 12),
            ("errors this evening", 9),
        ] {
            assert_eq!(without_hours(text, now(hour)), (text.to_owned(), None), "{text}");
        }
    }
}
