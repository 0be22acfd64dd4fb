//! Ranges of time in words and in exact figures.

use chrono::{Datelike, Duration, Months, NaiveDateTime, NaiveTime};
use oms_tools::orders::semantic::query::{Comparison, TimeRange, TimeUnit};

/// The range as people say it, with its preposition: `in December 2025`, `on 2025-12-05`, `from A to B`.
pub(super) fn when(range: &TimeRange) -> String {
    match (range.from, range.to) {
        (Some(from), Some(to)) => calendar(from, to).unwrap_or_else(|| match range.label.trim() {
            label if range.running && !label.is_empty() => format!("{} so far", label.trim_end_matches(" so far")),
            _ => format!("from {}", ends(from, to)),
        }),
        (Some(from), None) => format!("since {}", instant(from)),
        (None, Some(to)) => format!("before {}", instant(to)),
        (None, None) => "over all data".to_owned(),
    }
}

/// The range in exact figures, both ends as days that are inside where they are midnights.
pub(super) fn exact(range: &TimeRange) -> String {
    match (range.from, range.to) {
        (Some(from), Some(to)) => format!("{} UTC", ends(from, to)),
        (Some(from), None) => format!("from {} UTC on", instant(from)),
        (None, Some(to)) => format!("before {} UTC", instant(to)),
        (None, None) => "all data".to_owned(),
    }
}

/// What a range is compared with, as people say it.
pub(super) fn base(range: Option<&TimeRange>, comparison: &Comparison) -> String {
    match (comparison, range) {
        (Comparison::Range(other), _) => named(other.from, other.to, &when(other)),
        (Comparison::PreviousYear, Some(TimeRange { from: Some(from), to: Some(to), .. })) => {
            let shifted = |at: NaiveDateTime| at.checked_sub_months(Months::new(12));
            named(shifted(*from), shifted(*to), "a year before")
        }
        (Comparison::PreviousYear, _) => "a year before".to_owned(),
        (Comparison::PreviousPeriod, Some(TimeRange { running: true, unit: Some(unit), .. })) => {
            format!("in the same part of the {} before", unit_name(*unit))
        }
        (Comparison::PreviousPeriod, Some(TimeRange { from: Some(from), to: Some(to), unit: Some(unit), .. }))
            if after(*from, *unit) == Some(*to) =>
        {
            named(before(*from, *unit), Some(*from), "in the period before")
        }
        (Comparison::PreviousPeriod, _) => "in the period before".to_owned(),
    }
}

fn named(from: Option<NaiveDateTime>, to: Option<NaiveDateTime>, otherwise: &str) -> String {
    match (from, to) {
        (Some(from), Some(to)) => calendar(from, to).unwrap_or_else(|| format!("over {}", ends(from, to))),
        _ => otherwise.to_owned(),
    }
}

fn after(from: NaiveDateTime, unit: TimeUnit) -> Option<NaiveDateTime> {
    match span(unit) {
        Span::Months(months) => from.checked_add_months(months),
        Span::Time(time) => from.checked_add_signed(time),
    }
}

fn before(from: NaiveDateTime, unit: TimeUnit) -> Option<NaiveDateTime> {
    match span(unit) {
        Span::Months(months) => from.checked_sub_months(months),
        Span::Time(time) => from.checked_sub_signed(time),
    }
}

enum Span {
    Months(Months),
    Time(Duration),
}

fn span(unit: TimeUnit) -> Span {
    match unit {
        TimeUnit::Hour => Span::Time(Duration::hours(1)),
        TimeUnit::Day => Span::Time(Duration::days(1)),
        TimeUnit::Week => Span::Time(Duration::weeks(1)),
        TimeUnit::Month => Span::Months(Months::new(1)),
        TimeUnit::Quarter => Span::Months(Months::new(3)),
        TimeUnit::Year => Span::Months(Months::new(12)),
    }
}

fn unit_name(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Hour => "hour",
        TimeUnit::Day => "day",
        TimeUnit::Week => "week",
        TimeUnit::Month => "month",
        TimeUnit::Quarter => "quarter",
        TimeUnit::Year => "year",
    }
}

fn ends(from: NaiveDateTime, to: NaiveDateTime) -> String {
    if is_midnight(from) && is_midnight(to) {
        let last = to - Duration::days(1);
        if last <= from { date(from) } else { format!("{} to {}", date(from), date(last)) }
    } else {
        // Half-open with times of day: the end is named as it is, and as not included.
        format!("{} to before {}", minute(from), minute(to))
    }
}

/// The name of the whole calendar unit that the range is, if it is one.
fn calendar(from: NaiveDateTime, to: NaiveDateTime) -> Option<String> {
    if !is_midnight(from) || !is_midnight(to) {
        return None;
    }
    let is = |months: u32| from.checked_add_months(Months::new(months)) == Some(to);
    if to - from == Duration::days(1) {
        return Some(format!("on {}", date(from)));
    }
    if from.day() == 1 {
        if is(1) {
            return Some(format!("in {}", from.format("%B %Y")));
        }
        if is(3) && from.month0().is_multiple_of(3) {
            return Some(format!("in Q{} {}", from.month0() / 3 + 1, from.year()));
        }
        if is(12) && from.month() == 1 {
            return Some(format!("in {}", from.year()));
        }
    }
    if to - from == Duration::days(7) && from.weekday() == chrono::Weekday::Mon {
        return Some(format!("in the week of {}", date(from)));
    }
    None
}

fn instant(at: NaiveDateTime) -> String {
    if is_midnight(at) { date(at) } else { minute(at) }
}

fn date(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d").to_string()
}

fn minute(at: NaiveDateTime) -> String {
    let seconds = at.format("%S").to_string();
    at.format(if seconds == "00" { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

fn is_midnight(at: NaiveDateTime) -> bool {
    at.time() == NaiveTime::MIN
}
