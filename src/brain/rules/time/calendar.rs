//! Calendar arithmetic: first instants of units and their neighbours.

use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use oms_tools::orders::semantic::query::{TimeRange, TimeUnit};

/// Midnight of a day.
pub(super) fn start_of_day(instant: NaiveDateTime) -> NaiveDateTime {
    instant.date().and_time(NaiveTime::MIN)
}

/// Midnight of a date; none where there is no such date.
pub(super) fn midnight(year: i32, month: u32, day: u32) -> Option<NaiveDateTime> {
    if !(1970..=2999).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, day).map(|date| date.and_time(NaiveTime::MIN))
}

/// The first instant of the unit that an instant is in.
pub(super) fn start_of(unit: TimeUnit, instant: NaiveDateTime) -> NaiveDateTime {
    let day = start_of_day(instant);
    match unit {
        TimeUnit::Hour => day + Duration::hours(i64::from(instant.hour())),
        TimeUnit::Day => day,
        TimeUnit::Week => day - Duration::days(i64::from(instant.weekday().num_days_from_monday())),
        TimeUnit::Month => midnight(instant.year(), instant.month(), 1).unwrap_or(day),
        TimeUnit::Quarter => midnight(instant.year(), (instant.month0() / 3) * 3 + 1, 1).unwrap_or(day),
        TimeUnit::Year => midnight(instant.year(), 1, 1).unwrap_or(day),
    }
}

/// An instant moved by whole units; the day is clamped to the month's end.
pub(super) fn shift(unit: TimeUnit, instant: NaiveDateTime, count: i64) -> Option<NaiveDateTime> {
    let months = |each: u32| {
        let months = Months::new(u32::try_from(count.unsigned_abs()).ok()?.checked_mul(each)?);
        if count < 0 { instant.checked_sub_months(months) } else { instant.checked_add_months(months) }
    };
    let days = |each: u64| {
        let days = Days::new(count.unsigned_abs().checked_mul(each)?);
        if count < 0 { instant.checked_sub_days(days) } else { instant.checked_add_days(days) }
    };
    match unit {
        TimeUnit::Hour => instant.checked_add_signed(Duration::try_hours(count)?),
        TimeUnit::Day => days(1),
        TimeUnit::Week => days(7),
        TimeUnit::Month => months(1),
        TimeUnit::Quarter => months(3),
        TimeUnit::Year => months(12),
    }
}

/// Whether `earlier` is the complete unit right before the range.
pub(crate) fn unit_before(range: &TimeRange, earlier: &TimeRange) -> bool {
    let (Some(unit), Some(from)) = (range.unit, range.from) else { return false };
    earlier.unit == Some(unit) && !earlier.running && earlier.from == shift(unit, from, -1) && earlier.to == Some(from)
}

/// Black Friday: the day after the fourth Thursday of November.
pub(super) fn black_friday(year: i32) -> Option<NaiveDateTime> {
    NaiveDate::from_weekday_of_month_opt(year, 11, chrono::Weekday::Thu, 4)
        .map(|date| date.and_time(NaiveTime::MIN) + Duration::days(1))
}
