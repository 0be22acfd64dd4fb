//! One point of the calendar as a span: "last month", "3 May 2025", "Q1", "2 days ago".

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use oms_tools::orders::semantic::query::{TimeRange, TimeUnit};

use super::calendar::{black_friday, midnight, shift, start_of, start_of_day};
use crate::brain::rules::numbers;

/// A span of the calendar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) from: NaiveDateTime,
    pub(super) to: NaiveDateTime,
    pub(super) unit: Option<TimeUnit>,
    /// Ends at now because it is still running.
    pub(super) running: bool,
    /// Named without a year: the latest that has begun.
    pub(super) yearless: bool,
}

impl Point {
    /// The range; a unit that is still running ends at now.
    pub(super) fn range(&self, now: NaiveDateTime) -> TimeRange {
        let running = self.running || (self.unit.is_some() && self.from <= now && now < self.to);
        TimeRange {
            from: Some(self.from),
            to: Some(if running { now } else { self.to }),
            label: String::new(),
            unit: self.unit,
            running,
        }
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

/// The earlier day of the month that a span's day is in: the `1` of "1 to 5 January".
pub(super) fn day_of_same_month(word: &str, end: &Point) -> Option<NaiveDateTime> {
    if end.unit != Some(TimeUnit::Day) {
        return None;
    }
    midnight(end.from.year(), end.from.month(), day(word)?).filter(|start| *start <= end.from)
}

/// How many leading articles there are.
pub(super) fn skip_the(words: &[&str]) -> usize {
    usize::from(matches!(words.first(), Some(&("the" | "a" | "an"))))
}

fn unit(word: &str) -> Option<TimeUnit> {
    Some(match word {
        "hour" | "hours" => TimeUnit::Hour,
        "day" | "days" => TimeUnit::Day,
        "week" | "weeks" => TimeUnit::Week,
        "month" | "months" => TimeUnit::Month,
        "quarter" | "quarters" => TimeUnit::Quarter,
        "year" | "years" => TimeUnit::Year,
        _ => return None,
    })
}

fn month(word: &str) -> Option<u32> {
    let word = if word == "sept" { "sep" } else { word };
    let position = MONTHS.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(word)))?;
    u32::try_from(position + 1).ok()
}

/// Whether a word names a month.
pub(in crate::brain::rules) fn is_month(word: &str) -> bool {
    month(word).is_some()
}

fn year(word: &str) -> Option<i32> {
    (word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| word.parse().ok())
        .flatten()
        .filter(|year| (1990..=2099).contains(year))
}

/// A day of the month: `3`, `3rd`, `third`.
fn day(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    digits.parse().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
}

fn ordinal(word: &str) -> Option<u32> {
    Some(match word {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" => 4,
        _ => return None,
    })
}

fn made(from: NaiveDateTime, unit: TimeUnit, count: i64) -> Option<Point> {
    let to = shift(unit, from, count)?;
    Some(Point { from, to, unit: (count == 1).then_some(unit), running: false, yearless: false })
}

/// The year that was said (`2025`, `last year`, `this year`), or none; with the tokens taken.
fn said_year(words: &[&str], now: NaiveDateTime) -> (usize, Option<i32>) {
    let lead = usize::from(matches!(words.first(), Some(&("of" | "in" | ","))));
    let rest = &words[lead..];
    match rest {
        [word, ..] if year(word).is_some() => (lead + 1, year(word)),
        ["last" | "previous", "year", ..] => (lead + 2, Some(now.year() - 1)),
        ["this", "year", ..] => (lead + 2, Some(now.year())),
        _ => (0, None),
    }
}

/// Builds a yearly point for the said year, or for the latest year in which it has begun.
fn yearly(said: Option<i32>, limit: NaiveDateTime, build: impl Fn(i32) -> Option<Point>) -> Option<Point> {
    if let Some(year) = said {
        return build(year);
    }
    // Nine years cover 29 February.
    (0..9)
        .filter_map(|back| build(limit.year() - back))
        .find(|point| point.from <= limit)
        .map(|point| Point { yearless: true, ..point })
}

/// All readings of a point at the start of the words; the longest first, several of one length where the order of day and
/// month is open. A point without a year is the latest that begins by `limit` (now where none is given).
pub(super) fn point(words: &[&str], now: NaiveDateTime, limit: Option<NaiveDateTime>) -> Vec<(usize, Point)> {
    let lead = skip_the(words);
    let rest = &words[lead..];
    // "this past week", "month of May", "all of 2025"
    let more = match rest {
        ["this", "last" | "past" | "previous", ..] => 1,
        ["month", "of", name, ..] if month(name).is_some() => 2,
        ["all" | "whole" | "year", "of", ..] => 2,
        ["calendar" | "full" | "entire" | "whole", "year" | "month" | "quarter" | "week", ..] if rest.len() > 2 => 1,
        _ => 0,
    };
    let (lead, rest) = (lead + more, &rest[more..]);
    let limit = limit.unwrap_or(now);
    if let Some(both) = rest.first().and_then(|word| slashed(word)) {
        return both.into_iter().map(|point| (lead + 1, point)).collect();
    }
    part_of(rest, now)
        .or_else(|| relative(rest, now))
        .or_else(|| dated(rest, now, limit))
        .or_else(|| parts_of_year(rest, now, limit))
        .map(|(length, point)| (lead + length, point))
        .into_iter()
        .collect()
}

/// "the last quarter of 2025", "first three months of 2025": whole units at an end of a longer one.
fn part_of(words: &[&str], now: NaiveDateTime) -> Option<(usize, Point)> {
    let at_end = match *words.first()? {
        "first" => false,
        "last" | "final" => true,
        _ => return None,
    };
    let (taken, count) = numbers::small(&words[1..]).unwrap_or((0, 1));
    let unit = unit(words.get(1 + taken)?)?;
    // Weeks do not fill months or years; but "the first week of January" is its first seven days.
    let week = unit == TimeUnit::Week && count == 1;
    if matches!(unit, TimeUnit::Week | TimeUnit::Year) && !week || count == 0 {
        return None;
    }
    let of = 2 + taken;
    if !matches!(words.get(of), Some(&("of" | "in"))) {
        return None;
    }
    let rest = words.get(of + 1..)?;
    let lead = skip_the(rest);
    let (length, whole) = dated(&rest[lead..], now, now)
        .or_else(|| relative(&rest[lead..], now).filter(|(_, point)| point.unit.is_some() && !point.running))?;
    if week && whole.unit != Some(TimeUnit::Month) {
        return None;
    }
    let count_signed = i64::from(count);
    let (from, to) = if at_end {
        (shift(unit, whole.to, -count_signed)?, whole.to)
    } else {
        (whole.from, shift(unit, whole.from, count_signed)?)
    };
    if from < whole.from || to > whole.to {
        return None;
    }
    let unit = (count == 1 && !week).then_some(unit);
    Some((of + 1 + lead + length, Point { from, to, unit, running: false, yearless: whole.yearless }))
}

/// `24.12.2025`, `03/2025`, `2025/03`, `2025/03/05`: what has one reading only.
fn numeric(word: &str) -> Option<Point> {
    let sign = if word.contains('.') { '.' } else { '/' };
    let parts: Vec<&str> = word.split(sign).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    match parts[..] {
        [day, month, year_] if sign == '.' => {
            made(midnight(year(year_)?, number(month)?, number(day)?)?, TimeUnit::Day, 1)
        }
        [year_, month, day] if year(year_).is_some() => {
            made(midnight(year(year_)?, number(month)?, number(day)?)?, TimeUnit::Day, 1)
        }
        [month, year_] if year(year_).is_some() => made(midnight(year(year_)?, number(month)?, 1)?, TimeUnit::Month, 1),
        [year_, month] if year(year_).is_some() => made(midnight(year(year_)?, number(month)?, 1)?, TimeUnit::Month, 1),
        _ => None,
    }
}

/// `03/05/2025`: both orders where both are dates.
fn slashed(word: &str) -> Option<Vec<Point>> {
    let parts: Vec<u32> = word.split('/').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [first, second, year] = parts[..] else { return None };
    let year = i32::try_from(year).ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    let build = |month, day| midnight(year, month, day).and_then(|from| made(from, TimeUnit::Day, 1));
    let mut both: Vec<Point> = [build(second, first), build(first, second)].into_iter().flatten().collect();
    both.dedup();
    (!both.is_empty()).then_some(both)
}

fn relative(words: &[&str], now: NaiveDateTime) -> Option<(usize, Point)> {
    let today = start_of_day(now);
    let running = |from, unit| Point { from, to: now, unit: Some(unit), running: true, yearless: false };
    match words {
        ["today", ..] => return Some((1, running(today, TimeUnit::Day))),
        ["yesterday", ..] => return Some((1, made(today - Duration::days(1), TimeUnit::Day, 1)?)),
        ["day", "before", "yesterday", ..] => return Some((3, made(today - Duration::days(2), TimeUnit::Day, 1)?)),
        ["wtd" | "mtd" | "qtd" | "ytd", ..] => {
            let unit = match words[0] {
                "wtd" => TimeUnit::Week,
                "mtd" => TimeUnit::Month,
                "qtd" => TimeUnit::Quarter,
                _ => TimeUnit::Year,
            };
            return Some((1, running(start_of(unit, now), unit)));
        }
        [name, "to", "date", ..] if unit(name).is_some() => {
            let unit = unit(name)?;
            return Some((3, running(start_of(unit, now), unit)));
        }
        ["so", "far", "this" | "today", ..] => {
            let (length, unit) = if words[2] == "today" { (3, TimeUnit::Day) } else { (4, unit(words.get(3)?)?) };
            return Some((length, running(start_of(unit, now), unit)));
        }
        ["this" | "current", name, rest @ ..] if unit(name).is_some() => {
            let unit = unit(name)?;
            let length = if rest.starts_with(&["so", "far"]) { 4 } else { 2 };
            return Some((length, running(start_of(unit, now), unit)));
        }
        // The latest Saturday and Sunday that are over.
        ["last" | "previous" | "past", "weekend", ..] => {
            let monday = start_of(TimeUnit::Week, now);
            let saturday = monday - Duration::days(2);
            return Some((2, Point { from: saturday, to: monday, unit: None, running: false, yearless: false }));
        }
        ["last" | "previous" | "past" | "prior" | "preceding", name, ..] => {
            if let Some(unit) = unit(name).filter(|_| !name.ends_with('s')) {
                if unit == TimeUnit::Hour || (unit == TimeUnit::Day && words[0] != "previous") {
                    return rolling(unit, 1, now).map(|point| (2, point));
                }
                let from = shift(unit, start_of(unit, now), -1)?;
                return Some((2, made(from, unit, 1)?));
            }
            if let Some((_, weekday)) = WEEKDAYS.iter().find(|(long, _)| long == name) {
                return Some((2, made(latest(*weekday, today - Duration::days(1)), TimeUnit::Day, 1)?));
            }
            if let Some(month) = month(name) {
                // "last May": the latest complete one.
                let point = yearly(None, shift(TimeUnit::Month, start_of(TimeUnit::Month, now), -1)?, |year| {
                    made(midnight(year, month, 1)?, TimeUnit::Month, 1)
                })?;
                return Some((2, Point { yearless: false, ..point }));
            }
        }
        _ => {}
    }
    counted(words, now)
}

fn rolling(unit: TimeUnit, count: i64, now: NaiveDateTime) -> Option<Point> {
    Some(Point { from: shift(unit, now, -count)?, to: now, unit: None, running: false, yearless: false })
}

/// "last 3 months", "rolling 90 days", "2 weeks ago".
fn counted(words: &[&str], now: NaiveDateTime) -> Option<(usize, Point)> {
    let lead =
        usize::from(matches!(words.first()?, &("last" | "past" | "previous" | "prior" | "rolling" | "trailing")));
    let lead = if lead == 1 && matches!(words.get(1), Some(&("rolling" | "trailing"))) { 2 } else { lead };
    let (taken, count) = numbers::small(words.get(lead..)?)?;
    let count = i64::from(count);
    let unit = unit(words.get(lead + taken)?)?;
    let length = lead + taken + 1;
    if lead == 0 {
        if words.get(length) != Some(&"ago") {
            return None;
        }
        let from = match unit {
            TimeUnit::Hour => shift(unit, start_of(unit, now), -count)?,
            _ => shift(unit, if unit == TimeUnit::Day { start_of_day(now) } else { start_of(unit, now) }, -count)?,
        };
        return Some((length + 1, made(from, unit, 1)?));
    }
    if count == 0 {
        return None;
    }
    let is_rolling =
        matches!(words[0], "rolling" | "trailing") || matches!(words.get(1), Some(&("rolling" | "trailing")));
    if matches!(unit, TimeUnit::Hour | TimeUnit::Day) || (is_rolling && unit == TimeUnit::Week) {
        return rolling(unit, count, now).map(|point| (length, point));
    }
    let end = start_of(unit, now);
    let from = shift(unit, end, -count)?;
    let point = Point { from, to: end, unit: (count == 1).then_some(unit), running: false, yearless: false };
    Some((length, point))
}

fn latest(weekday: Weekday, until: NaiveDateTime) -> NaiveDateTime {
    let back = (7 + until.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
    until - Duration::days(i64::from(back))
}

/// Days, months and years by name or number.
fn dated(words: &[&str], now: NaiveDateTime, limit: NaiveDateTime) -> Option<(usize, Point)> {
    let first = *words.first()?;
    if let Ok(date) = NaiveDate::parse_from_str(first, "%Y-%m-%d") {
        return Some((1, made(date.and_time(NaiveTime::MIN), TimeUnit::Day, 1)?));
    }
    if let Some((left, right)) = first.split_once('-')
        && let (Some(year), Ok(month)) = (year(left), right.parse::<u32>())
    {
        return Some((1, made(midnight(year, month, 1)?, TimeUnit::Month, 1)?));
    }
    if let Some((left, right)) = first.split_once('-')
        && let (Some(from), Some(to)) = (year(left), year(right))
        && from < to
    {
        let (from, to) = (midnight(from, 1, 1)?, midnight(to + 1, 1, 1)?);
        return Some((1, Point { from, to: to.min(now.max(from)), unit: None, running: false, yearless: false }));
    }
    if let Some(point) = numeric(first) {
        return Some((1, point));
    }
    // "1-15 March"
    if let Some((left, right)) = first.split_once('-')
        && let (Some(start), Some(end)) = (day(left), day(right))
        && start < end
        && let Some(month) = words.get(1).and_then(|word| month(word))
    {
        let (taken, said) = said_year(&words[2..], now);
        let point = yearly(said, limit, |year| {
            let to = midnight(year, month, end)? + Duration::days(1);
            Some(Point { from: midnight(year, month, start)?, to, unit: None, running: false, yearless: false })
        })?;
        return Some((2 + taken, point));
    }
    if let Some(said) = year(first) {
        // "2025 Q1", "2025 March"
        if let Some(next) = words.get(1) {
            let part = match next.as_bytes() {
                [b'q', digit @ b'1'..=b'4'] => quarter(said, u32::from(digit - b'0')),
                [b'h', digit @ b'1'..=b'2'] => half_year(said, u32::from(digit - b'0')),
                _ => None,
            };
            let named =
                month(next).filter(|_| words.get(2).is_none_or(|word| year(word).is_none() && day(word).is_none()));
            let part = part.or_else(|| made(midnight(said, named?, 1)?, TimeUnit::Month, 1));
            if let Some(point) = part.filter(|_| words.get(2).is_none_or(|word| year(word).is_none())) {
                return Some((2, point));
            }
        }
        return Some((1, made(midnight(said, 1, 1)?, TimeUnit::Year, 1)?));
    }
    if first == "year"
        && let Some(year) = words.get(1).and_then(|word| year(word))
    {
        return Some((2, made(midnight(year, 1, 1)?, TimeUnit::Year, 1)?));
    }
    if let Some((_, weekday)) = WEEKDAYS.iter().find(|(name, _)| *name == first) {
        return Some((1, made(latest(*weekday, start_of_day(now)), TimeUnit::Day, 1)?));
    }
    // "3 May", "3rd of May 2025".
    if let Some(number) = day(first) {
        let of = usize::from(words.get(1) == Some(&"of"));
        if let Some(month) = words.get(1 + of).and_then(|word| month(word)) {
            let (taken, said) = said_year(&words[2 + of..], now);
            let point = yearly(said, limit, |year| made(midnight(year, month, number)?, TimeUnit::Day, 1))?;
            return Some((2 + of + taken, point));
        }
    }
    let month = month(first)?;
    // "Dec 1-7, 2025"
    if let Some((left, right)) = words.get(1).and_then(|word| word.split_once('-'))
        && let (Some(start), Some(end)) = (day(left), day(right))
        && start < end
    {
        let (taken, said) = said_year(&words[2..], now);
        let point = yearly(said, limit, |year| {
            let to = midnight(year, month, end)? + Duration::days(1);
            Some(Point { from: midnight(year, month, start)?, to, unit: None, running: false, yearless: false })
        })?;
        return Some((2 + taken, point));
    }
    if let Some(number) = words.get(1).and_then(|word| day(word)) {
        let (taken, said) = said_year(&words[2..], now);
        let point = yearly(said, limit, |year| made(midnight(year, month, number)?, TimeUnit::Day, 1))?;
        return Some((2 + taken, point));
    }
    let (taken, said) = said_year(&words[1..], now);
    let point = yearly(said, limit, |year| made(midnight(year, month, 1)?, TimeUnit::Month, 1))?;
    Some((1 + taken, point))
}

/// Quarters, halves, numbered weeks, holidays.
fn parts_of_year(words: &[&str], now: NaiveDateTime, limit: NaiveDateTime) -> Option<(usize, Point)> {
    let first = *words.first()?;
    let (length, build): (usize, Box<dyn Fn(i32) -> Option<Point>>) = match words {
        ["black", "friday", "week", ..] => {
            (3, Box::new(|year| made(start_of(TimeUnit::Week, black_friday(year)?), TimeUnit::Week, 1)))
        }
        ["black", "friday", ..] => (2, Box::new(|year| made(black_friday(year)?, TimeUnit::Day, 1))),
        ["cyber", "monday", ..] => {
            (2, Box::new(|year| made(black_friday(year)? + Duration::days(3), TimeUnit::Day, 1)))
        }
        ["christmas" | "xmas", "week", ..] => {
            (2, Box::new(|year| made(start_of(TimeUnit::Week, midnight(year, 12, 25)?), TimeUnit::Week, 1)))
        }
        ["christmas" | "xmas", "eve", ..] => (2, Box::new(|year| made(midnight(year, 12, 24)?, TimeUnit::Day, 1))),
        ["boxing", "day", ..] => (2, Box::new(|year| made(midnight(year, 12, 26)?, TimeUnit::Day, 1))),
        ["new", "year" | "years", "eve", ..] => (3, Box::new(|year| made(midnight(year, 12, 31)?, TimeUnit::Day, 1))),
        ["new", "year" | "years", "day", ..] => (3, Box::new(|year| made(midnight(year, 1, 1)?, TimeUnit::Day, 1))),
        ["new", "year" | "years", ..] => (2, Box::new(|year| made(midnight(year, 1, 1)?, TimeUnit::Day, 1))),
        ["valentine" | "valentines", "day", ..] => (2, Box::new(|year| made(midnight(year, 2, 14)?, TimeUnit::Day, 1))),
        ["halloween", ..] => (1, Box::new(|year| made(midnight(year, 10, 31)?, TimeUnit::Day, 1))),
        ["calendar", "week", number, ..] => {
            let number: u32 = number.parse().ok()?;
            (3, Box::new(move |year| week(year, number)))
        }
        ["cw" | "kw", number, ..] => {
            let number: u32 = number.parse().ok()?;
            (2, Box::new(move |year| week(year, number)))
        }
        [nth, "week", ..] if nth.len() >= 3 && ["st", "nd", "rd", "th"].iter().any(|end| nth.ends_with(end)) => {
            let number: u32 = nth[..nth.len() - 2].parse().ok()?;
            (2, Box::new(move |year| week(year, number)))
        }
        ["christmas", "day", ..] => (2, Box::new(|year| made(midnight(year, 12, 25)?, TimeUnit::Day, 1))),
        ["christmas" | "xmas", ..] => (1, Box::new(|year| made(midnight(year, 12, 25)?, TimeUnit::Day, 1))),
        ["week", "of", rest @ ..] => {
            let (taken, point) = dated(rest, now, limit)
                .or_else(|| parts_of_year(rest, now, limit))
                .filter(|(_, point)| point.unit == Some(TimeUnit::Day))?;
            let week = made(start_of(TimeUnit::Week, point.from), TimeUnit::Week, 1)?;
            return Some((2 + taken, week));
        }
        ["week", number, ..] => {
            let number: u32 = number.parse().ok()?;
            (2, Box::new(move |year| week(year, number)))
        }
        [half, "half", ..] if matches!(ordinal(half), Some(1 | 2)) => {
            let half = ordinal(half)?;
            (2, Box::new(move |year| half_year(year, half)))
        }
        [nth, "quarter", ..] if ordinal(nth).is_some() => {
            let nth = ordinal(nth)?;
            (2, Box::new(move |year| quarter(year, nth)))
        }
        ["quarter", nth, ..] if nth.len() == 1 => {
            let nth: u32 = nth.parse().ok()?;
            (2, Box::new(move |year| quarter(year, nth)))
        }
        _ => {
            let nth: u32 = first.get(1..).filter(|rest| rest.len() == 1)?.parse().ok()?;
            match first.as_bytes().first()? {
                b'q' => (1, Box::new(move |year| quarter(year, nth))),
                b'h' if nth <= 2 => (1, Box::new(move |year| half_year(year, nth))),
                _ => return None,
            }
        }
    };
    let (taken, said) = match said_year(&words[length..], now) {
        (0, None) => short_year(first, &words[length..], now),
        said => said,
    };
    Some((length + taken, yearly(said, limit, build)?))
}

/// "q3 25": after a quarter or a half two digits are a year.
fn short_year(part: &str, rest: &[&str], now: NaiveDateTime) -> (usize, Option<i32>) {
    let ends = rest.get(1).is_none_or(|word| matches!(*word, "by" | "per" | "for" | "in" | "vs" | "," | "and"));
    let said = rest
        .first()
        .filter(|digits| digits.len() == 2 && ends && matches!(part.as_bytes(), [b'q' | b'h', _]))
        .and_then(|digits| digits.parse::<i32>().ok())
        .map(|digits| 2000 + digits)
        .filter(|year| (now.year() - 15..=now.year() + 1).contains(year));
    (usize::from(said.is_some()), said)
}

fn quarter(year: i32, nth: u32) -> Option<Point> {
    if !(1..=4).contains(&nth) {
        return None;
    }
    made(midnight(year, nth * 3 - 2, 1)?, TimeUnit::Quarter, 1)
}

fn half_year(year: i32, half: u32) -> Option<Point> {
    made(midnight(year, if half == 1 { 1 } else { 7 }, 1)?, TimeUnit::Quarter, 2)
}

fn week(year: i32, number: u32) -> Option<Point> {
    let date = NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)?;
    made(date.and_time(NaiveTime::MIN), TimeUnit::Week, 1)
}
