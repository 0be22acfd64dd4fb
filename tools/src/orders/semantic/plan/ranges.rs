//! Ranges of time and what they are compared with: calendar arithmetic, half-open, the day clamped to the month's end.

use chrono::{Datelike, Duration, Months, NaiveDateTime, NaiveTime};

use crate::orders::semantic::query::{Comparison, TimeRange, TimeUnit};

/// A half-open range without its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Option<NaiveDateTime>,
    pub(crate) to: Option<NaiveDateTime>,
}

impl Span {
    pub(crate) fn of(range: Option<&TimeRange>) -> Self {
        range.map_or_else(Self::default, |range| Self { from: range.from, to: range.to })
    }

    fn back(self, step: Step) -> Option<Self> {
        let back = |at: Option<NaiveDateTime>| match at {
            Some(at) => step.before(at).map(Some),
            None => Some(None),
        };
        Some(Self { from: back(self.from)?, to: back(self.to)? })
    }
}

/// A way back in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Months(u32),
    Time(Duration),
}

impl Step {
    pub(crate) fn of(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::Hour => Self::Time(Duration::hours(1)),
            TimeUnit::Day => Self::Time(Duration::days(1)),
            TimeUnit::Week => Self::Time(Duration::weeks(1)),
            TimeUnit::Month => Self::Months(1),
            TimeUnit::Quarter => Self::Months(3),
            TimeUnit::Year => Self::Months(12),
        }
    }

    pub(crate) fn before(self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Months(months) => at.checked_sub_months(Months::new(months)),
            Self::Time(time) => at.checked_sub_signed(time),
        }
    }

    fn after(self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Months(months) => at.checked_add_months(Months::new(months)),
            Self::Time(time) => at.checked_add_signed(time),
        }
    }
}

/// The range that a range is compared with; `None` where it has no end on the calendar.
pub(crate) fn compared(range: &TimeRange, comparison: &Comparison) -> Option<Span> {
    let span = Span::of(Some(range));
    match comparison {
        Comparison::Range(other) => Some(Span::of(Some(other))),
        Comparison::PreviousYear => span.back(Step::Months(12)),
        Comparison::PreviousPeriod => {
            let (from, to) = (range.from?, range.to?);
            span.back(period(from, to, range.unit, range.running))
        }
    }
}

/// How far back the period before a range lies.
fn period(from: NaiveDateTime, to: NaiveDateTime, unit: Option<TimeUnit>, running: bool) -> Step {
    if let Some(unit) = unit {
        let step = Step::of(unit);
        // One whole unit, or the elapsed part of one.
        if step.after(from).is_some_and(|end| to == end || running && to < end) {
            return step;
        }
    }
    let is_first = |at: NaiveDateTime| at.day() == 1 && at.time() == NaiveTime::MIN;
    if is_first(from) && is_first(to) {
        let months = (to.year() - from.year()) * 12 + to.month().cast_signed() - from.month().cast_signed();
        if let Ok(months) = u32::try_from(months) {
            return Step::Months(months);
        }
    }
    Step::Time(to - from)
}

/// How many calendar units a range touches.
pub(crate) fn units_touched(from: NaiveDateTime, to: NaiveDateTime, unit: TimeUnit) -> i64 {
    let last = to - Duration::milliseconds(1);
    if last < from {
        return 0;
    }
    let month = |at: NaiveDateTime| i64::from(at.year()) * 12 + i64::from(at.month0());
    let day = |at: NaiveDateTime| i64::from(at.date().num_days_from_ce());
    // 0001-01-01 is a Monday and day 1.
    let week = |at: NaiveDateTime| (day(at) - 1).div_euclid(7);
    let number = |at: NaiveDateTime| match unit {
        TimeUnit::Hour => at.and_utc().timestamp().div_euclid(3600),
        TimeUnit::Day => day(at),
        TimeUnit::Week => week(at),
        TimeUnit::Month => month(at),
        TimeUnit::Quarter => month(at).div_euclid(3),
        TimeUnit::Year => i64::from(at.year()),
    };
    number(last) - number(from) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparison::{PreviousPeriod, PreviousYear};

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn compares_with_the_period_before() {
        let check = |from: &str, to: &str, unit, running, comparison: Comparison, expected: (&str, &str)| {
            let range = TimeRange { from: Some(at(from)), to: Some(at(to)), label: String::new(), unit, running };
            let found = compared(&range, &comparison).unwrap();
            assert_eq!(found, Span { from: Some(at(expected.0)), to: Some(at(expected.1)) }, "{from} {to}");
        };
        let month = Some(TimeUnit::Month);
        check(
            "2025-12-01T00:00:00",
            "2026-01-01T00:00:00",
            month,
            false,
            PreviousPeriod,
            ("2025-11-01T00:00:00", "2025-12-01T00:00:00"),
        );
        check(
            "2026-01-01T00:00:00",
            "2026-01-14T12:00:00",
            month,
            true,
            PreviousPeriod,
            ("2025-12-01T00:00:00", "2025-12-14T12:00:00"),
        );
        check(
            "2026-03-01T00:00:00",
            "2026-03-31T12:00:00",
            month,
            true,
            PreviousPeriod,
            ("2026-02-01T00:00:00", "2026-02-28T12:00:00"),
        );
        check(
            "2025-07-01T00:00:00",
            "2026-01-01T00:00:00",
            None,
            false,
            PreviousPeriod,
            ("2025-01-01T00:00:00", "2025-07-01T00:00:00"),
        );
        check(
            "2025-10-16T12:00:00",
            "2026-01-14T12:00:00",
            None,
            false,
            PreviousPeriod,
            ("2025-07-18T12:00:00", "2025-10-16T12:00:00"),
        );
        check(
            "2026-01-12T00:00:00",
            "2026-01-14T12:00:00",
            Some(TimeUnit::Week),
            true,
            PreviousPeriod,
            ("2026-01-05T00:00:00", "2026-01-07T12:00:00"),
        );
        check(
            "2024-02-29T00:00:00",
            "2024-03-01T00:00:00",
            Some(TimeUnit::Day),
            false,
            PreviousYear,
            ("2023-02-28T00:00:00", "2023-03-01T00:00:00"),
        );
        check(
            "2025-01-01T00:00:00",
            "2026-01-01T00:00:00",
            Some(TimeUnit::Year),
            false,
            PreviousPeriod,
            ("2024-01-01T00:00:00", "2025-01-01T00:00:00"),
        );
    }

    #[test]
    fn counts_the_units_that_a_range_touches() {
        let check = |from: &str, to: &str, unit, expected| {
            assert_eq!(units_touched(at(from), at(to), unit), expected, "{from} {to} {unit:?}");
        };
        check("2025-11-01T00:00:00", "2025-12-01T00:00:00", TimeUnit::Day, 30);
        check("2025-10-01T00:00:00", "2026-01-01T00:00:00", TimeUnit::Week, 14);
        check("2026-01-01T00:00:00", "2026-01-14T12:00:00", TimeUnit::Day, 14);
        check("2025-01-01T00:00:00", "2026-01-01T00:00:00", TimeUnit::Month, 12);
        check("2025-01-01T00:00:00", "2026-01-01T00:00:00", TimeUnit::Quarter, 4);
        check("2026-01-14T11:30:00", "2026-01-14T13:00:00", TimeUnit::Hour, 2);
        check("2026-01-12T00:00:00", "2026-01-19T00:00:00", TimeUnit::Week, 1);
        check("2024-06-01T00:00:00", "2026-01-01T00:00:00", TimeUnit::Year, 2);
        check("2026-01-14T00:00:00", "2026-01-14T00:00:00", TimeUnit::Day, 0);
    }
}
