//! The time grammar at several nows: phrase, expected range.

use super::fixture::at;
use crate::brain::rules::time::{TimeWords, readings};
use crate::brain::rules::tokens::tokens;

fn check(now: &str, phrase: &str, expected: &str) {
    let tokens = tokens(phrase);
    let found = readings(&tokens, 0, at(now)).into_iter().find(|(length, _)| *length == tokens.len());
    let found = match found {
        Some((_, TimeWords::Range(range) | TimeWords::Span(range, ..))) => {
            let show = |instant: Option<chrono::NaiveDateTime>| {
                instant.map_or(String::new(), |instant| instant.format("%Y-%m-%dT%H").to_string())
            };
            format!("{} {}{}", show(range.from), show(range.to), if range.running { " running" } else { "" })
        }
        other => format!("{other:?}"),
    };
    assert_eq!(found, expected, "{phrase} at {now}");
}

#[test]
fn phrases_at_the_end_of_november() {
    for (phrase, expected) in [
        ("today", "2026-11-23T00 2026-11-23T15 running"),
        ("yesterday", "2026-11-22T00 2026-11-23T00"),
        ("this week", "2026-11-23T00 2026-11-23T15 running"),
        ("last week", "2026-11-16T00 2026-11-23T00"),
        ("last month", "2026-10-01T00 2026-11-01T00"),
        ("last quarter", "2026-07-01T00 2026-10-01T00"),
        ("last year", "2025-01-01T00 2026-01-01T00"),
        ("past 30 days", "2026-10-24T15 2026-11-23T15"),
        ("last 3 months", "2026-08-01T00 2026-11-01T00"),
        ("trailing 12 months", "2025-11-01T00 2026-11-01T00"),
        ("rolling 90 days", "2026-08-25T15 2026-11-23T15"),
        ("Q3", "2026-07-01T00 2026-10-01T00"),
        ("Q3 2025", "2025-07-01T00 2025-10-01T00"),
        ("year to date", "2026-01-01T00 2026-11-23T15 running"),
        ("ytd", "2026-01-01T00 2026-11-23T15 running"),
        ("MTD", "2026-11-01T00 2026-11-23T15 running"),
        ("since March", "2026-03-01T00 2026-11-23T15 running"),
        ("week 45", "2026-11-02T00 2026-11-09T00"),
        ("H1 2026", "2026-01-01T00 2026-07-01T00"),
        ("first half of 2026", "2026-01-01T00 2026-07-01T00"),
        ("since 1 Sep", "2026-09-01T00 2026-11-23T15 running"),
        ("between Jan 5 and Feb 10", "2026-01-05T00 2026-02-11T00"),
        ("in May", "2026-05-01T00 2026-06-01T00"),
        ("from June to August 2025", "2025-06-01T00 2025-09-01T00"),
        ("week of 10 November", "2026-11-09T00 2026-11-16T00"),
        ("Black Friday", "2025-11-28T00 2025-11-29T00"),
        ("Black Friday 2024", "2024-11-29T00 2024-11-30T00"),
        ("Christmas", "2025-12-25T00 2025-12-26T00"),
        ("last Friday", "2026-11-20T00 2026-11-21T00"),
        ("on 3 May", "2026-05-03T00 2026-05-04T00"),
        ("December", "2025-12-01T00 2026-01-01T00"),
        ("November", "2026-11-01T00 2026-11-23T15 running"),
        ("2025-10", "2025-10-01T00 2025-11-01T00"),
        ("2 weeks ago", "2026-11-09T00 2026-11-16T00"),
        ("5 hours ago", "2026-11-23T10 2026-11-23T11"),
        ("last 48 hours", "2026-11-21T15 2026-11-23T15"),
        ("before March 2026", " 2026-03-01T00"),
        ("after 3 May 2026", "2026-05-04T00 "),
        ("until 3 May 2026", " 2026-05-04T00"),
        ("3rd quarter of 2025", "2025-07-01T00 2025-10-01T00"),
    ] {
        check("2026-11-23T15:00:00", phrase, expected);
    }
}

#[test]
fn edges_of_months_years_and_leap_days() {
    for (now, phrase, expected) in [
        ("2026-01-01T00:00:00", "last month", "2025-12-01T00 2026-01-01T00"),
        ("2026-01-01T00:00:00", "yesterday", "2025-12-31T00 2026-01-01T00"),
        ("2026-01-01T00:00:00", "last week", "2025-12-22T00 2025-12-29T00"),
        ("2024-03-31T10:00:00", "last month", "2024-02-01T00 2024-03-01T00"),
        ("2026-01-14T12:00:00", "29 February", "2024-02-29T00 2024-03-01T00"),
        ("2026-01-14T12:00:00", "from November to January", "2025-11-01T00 2026-01-14T12 running"),
        ("2026-01-14T12:00:00", "between December and February", "2024-12-01T00 2025-03-01T00"),
        ("2026-01-14T12:00:00", "week 1", "2025-12-29T00 2026-01-05T00"),
        ("2025-12-31T23:00:00", "this quarter", "2025-10-01T00 2025-12-31T23 running"),
        ("2026-05-04T08:00:00", "last Monday", "2026-04-27T00 2026-04-28T00"),
        ("2026-05-04T08:00:00", "3 May", "2026-05-03T00 2026-05-04T00"),
        ("2026-05-04T08:00:00", "5 May", "2025-05-05T00 2025-05-06T00"),
    ] {
        check(now, phrase, expected);
    }
}
