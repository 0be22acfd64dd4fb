//! Days, hours and how busy they are. Times are milliseconds since 1970-01-01 UTC, days are days since then.

use crate::random::{Purpose, Random};

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 2023-01-01: the shop opens.
pub(crate) const OPENING_DAY: i64 = 19_358;

/// Year, month and day of a day (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
pub(crate) fn civil(day: i64) -> (i64, u32, u32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u32::try_from(month).unwrap_or(1), u32::try_from(date).unwrap_or(1))
}

/// The day of a date (the same source, `days_from_civil`).
pub(crate) fn day_of(year: i64, month: u32, date: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(date) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

/// 0 for Monday to 6 for Sunday.
pub(crate) fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

/// The day of Black Friday of a year: the day after the fourth Thursday of November.
pub(crate) fn black_friday(year: i64) -> i64 {
    let first = day_of(year, 11, 1);
    let to_thursday = (3 - i64::try_from(weekday(first)).unwrap_or(0)).rem_euclid(7);
    first + to_thursday + 21 + 1
}

/// Days from a day to its year's Black Friday; negative after it.
pub(crate) fn to_black_friday(day: i64) -> i64 {
    black_friday(civil(day).0) - day
}

/// Appends a number with leading zeros.
fn push_padded(out: &mut String, value: i64, width: u32) {
    for place in (0..width).rev() {
        let digit = u8::try_from(value / 10_i64.pow(place) % 10).unwrap_or(0);
        out.push(char::from(b'0' + digit));
    }
}

/// Appends `2025-11-03`.
pub(crate) fn push_date(out: &mut String, day: i64) {
    let (year, month, date) = civil(day);
    push_padded(out, year, 4);
    out.push('-');
    push_padded(out, i64::from(month), 2);
    out.push('-');
    push_padded(out, i64::from(date), 2);
}

/// Appends `2025-11-03 14:05:09.123`, with this letter between date and time.
pub(crate) fn push_time(out: &mut String, at: i64, separator: char) {
    push_date(out, at.div_euclid(DAY));
    out.push(separator);
    let of_day = at.rem_euclid(DAY);
    push_padded(out, of_day / HOUR, 2);
    out.push(':');
    push_padded(out, of_day / MINUTE % 60, 2);
    out.push(':');
    push_padded(out, of_day / SECOND % 60, 2);
    out.push('.');
    push_padded(out, of_day % SECOND, 3);
}

/// How busy each hour of the day is: a lunch break and a clear evening peak.
const HOURS: [u64; 24] = [14, 8, 5, 4, 4, 7, 14, 26, 40, 52, 60, 66, 72, 70, 58, 54, 56, 62, 74, 92, 118, 104, 66, 34];

const MONTHS: [u64; 12] = [92, 84, 92, 96, 98, 96, 92, 82, 97, 104, 124, 140];
const WEEKDAYS: [u64; 7] = [114, 104, 100, 98, 95, 86, 103];

/// How many orders a day attracts, in some unit: growth, seasons, holidays and luck.
fn busyness(seed: u64, day: i64) -> u64 {
    let (_, month, date) = civil(day);
    let age = u64::try_from(day - OPENING_DAY).unwrap_or(0);
    let to_friday = to_black_friday(day);
    let special = match to_friday {
        0 => 330,
        -1 => 190,
        -2 => 170,
        -3 => 270,
        1..=4 => 145,
        _ => match (month, date) {
            (12, 1..=19) => 128,
            (12, 24 | 25) => 42,
            (12, 26..=31) | (1, 1) => 72,
            _ => 100,
        },
    };
    let luck = 88 + Random::of(seed, Purpose::Days, age).below(25);
    let month = usize::try_from(month).unwrap_or(1).clamp(1, 12) - 1;
    (620 + age) * MONTHS[month] * WEEKDAYS[weekday(day)] * special * luck / 1_000_000
}

/// The share of a day that lies before an hour.
fn hours_before(of_day: i64) -> u64 {
    let hour = usize::try_from(of_day / HOUR).unwrap_or(0).min(23);
    let part = u64::try_from(of_day % HOUR / MINUTE).unwrap_or(0);
    HOURS[..hour].iter().sum::<u64>() * 60 + HOURS[hour] * part
}

/// When orders are placed, ascending; the same every time it is asked.
#[derive(Debug)]
pub(crate) struct OrderTimes {
    seed: u64,
    end: i64,
    orders: u64,
    total: u128,
    edges: Vec<i64>,
    day: i64,
    before: u128,
    /// Today's, the latest first.
    today: Vec<i64>,
}

impl OrderTimes {
    /// Times of so many orders from the opening to (not including) `end`.
    pub(crate) fn new(seed: u64, orders: u64, end: i64) -> Self {
        let edges = edges(orders, end);
        let mut times = Self {
            seed,
            end,
            orders: orders - edges.len() as u64,
            total: 0,
            edges,
            day: OPENING_DAY,
            before: 0,
            today: Vec::new(),
        };
        times.total = (OPENING_DAY..=end.div_euclid(DAY)).map(|day| times.weight(day)).sum();
        times
    }

    fn weight(&self, day: i64) -> u128 {
        let whole = hours_before(DAY - 1);
        let share = if day == self.end.div_euclid(DAY) { hours_before(self.end.rem_euclid(DAY)) } else { whole };
        u128::from(busyness(self.seed, day)) * u128::from(share)
    }

    /// Draws the times of one more day.
    fn open(&mut self) {
        let day = self.day;
        let after = self.before + self.weight(day);
        let total = self.total.max(1);
        let count = u128::from(self.orders) * after / total - u128::from(self.orders) * self.before / total;
        let mut random = Random::of(self.seed, Purpose::Times, u64::try_from(day).unwrap_or(0));
        let limit = (self.end - day * DAY).min(DAY);
        let mut latest = None;
        for _ in 0..count {
            let of_day = loop {
                let hour = i64::try_from(random.weighted(&HOURS)).unwrap_or(0);
                let of_day = hour * HOUR + random.between(0, HOUR - 1);
                if of_day < limit {
                    break of_day;
                }
            };
            // Two people press the button in the same millisecond now and then.
            let of_day = latest.filter(|_| random.chance(15)).unwrap_or(of_day);
            latest = Some(of_day);
            self.today.push(day * DAY + of_day);
        }
        self.today.extend(self.edges.iter().filter(|edge| edge.div_euclid(DAY) == day));
        self.today.sort_unstable_by(|one, other| other.cmp(one));
        self.before = after;
        self.day += 1;
    }
}

/// The last millisecond of quarters and the first of the next ones, the latest first, at most a tenth of the orders.
fn edges(orders: u64, end: i64) -> Vec<i64> {
    let last_year = civil(end.div_euclid(DAY)).0;
    let starts = (2023..=last_year).flat_map(|year| [1, 4, 7, 10].map(|month| day_of(year, month, 1)));
    let mut edges: Vec<i64> = starts
        .flat_map(|day| [day * DAY - 1, day * DAY])
        .filter(|edge| *edge >= OPENING_DAY * DAY && *edge < end)
        .collect();
    edges.reverse();
    edges.truncate(usize::try_from(orders / 10).unwrap_or(usize::MAX));
    edges
}

impl Iterator for OrderTimes {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        while self.today.is_empty() {
            if self.day > self.end.div_euclid(DAY) {
                return None;
            }
            self.open();
        }
        self.today.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(at: i64) -> String {
        let mut out = String::new();
        push_time(&mut out, at, ' ');
        out
    }

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(day_of(2023, 1, 1), OPENING_DAY);
        for day in -1_000..60_000 {
            let (year, month, date) = civil(day);
            assert_eq!(day_of(year, month, date), day);
        }
        assert_eq!(time(1_768_392_000_000), "2026-01-14 12:00:00.000");
        assert_eq!(time(-1), "1969-12-31 23:59:59.999");
        assert_eq!(weekday(day_of(2026, 1, 14)), 2);
    }

    #[test]
    fn black_friday_follows_the_fourth_thursday() {
        for (year, date) in [(2023, 24), (2024, 29), (2025, 28), (2026, 27), (2029, 23)] {
            assert_eq!(civil(black_friday(year)), (year, 11, date));
        }
    }

    #[test]
    fn times_are_as_many_as_asked_and_ascend() {
        let end = 1_768_392_000_000;
        for orders in [0, 1, 9, 200, 5_000] {
            let times: Vec<i64> = OrderTimes::new(3, orders, end).collect();
            assert_eq!(times.len() as u64, orders);
            assert!(times.is_sorted());
            assert!(times.iter().all(|at| *at >= OPENING_DAY * DAY && *at < end));
        }
    }

    #[test]
    fn black_friday_and_the_evening_are_peaks() {
        let times: Vec<i64> = OrderTimes::new(1, 50_000, 1_768_392_000_000).collect();
        let on = |day: i64| times.iter().filter(|at| at.div_euclid(DAY) == day).count();
        assert!(on(black_friday(2025)) > 2 * on(black_friday(2025) - 14));
        let at_hour = |hour: i64| times.iter().filter(|at| at.rem_euclid(DAY) / HOUR == hour).count();
        assert!((0..24).all(|hour| hour == 20 || at_hour(hour) < at_hour(20)));
        let in_year = |year: i64| times.iter().filter(|at| civil(at.div_euclid(DAY)).0 == year).count();
        assert!(in_year(2023) < in_year(2024) && in_year(2024) < in_year(2025));
    }
}
