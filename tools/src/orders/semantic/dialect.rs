//! How MySQL 8 and MariaDB 10.11 spell what the plan needs. Only spellings that both read alike; no other module writes a
//! function of the server by name.

use super::query::{Statistic, TimeUnit};
use crate::ColumnType;

/// The grains that follow each other in time, and those that do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grain {
    Unit(TimeUnit),
    Weekday,
    /// Whether a day is one of the working week or of its end.
    DayType,
    HourOfDay,
}

/// The names of weekdays as answers have them, from Monday.
pub(crate) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// The types of days: Monday to Friday, and Saturday and Sunday.
pub(crate) const DAY_TYPES: [&str; 2] = ["weekday", "weekend"];

impl Grain {
    /// The grain of a time dimension's name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "hour" => Self::Unit(TimeUnit::Hour),
            "day" => Self::Unit(TimeUnit::Day),
            "week" => Self::Unit(TimeUnit::Week),
            "month" => Self::Unit(TimeUnit::Month),
            "quarter" => Self::Unit(TimeUnit::Quarter),
            "year" => Self::Unit(TimeUnit::Year),
            "weekday" => Self::Weekday,
            "day_type" => Self::DayType,
            "hour_of_day" => Self::HourOfDay,
            _ => return None,
        })
    }

    /// The label of the unit that an instant falls in.
    pub(crate) fn label(self, axis: &str) -> String {
        match self {
            Self::Unit(TimeUnit::Hour) => format!("CAST(DATE_FORMAT({axis}, '%Y-%m-%d %H:00:00') AS DATETIME)"),
            Self::Unit(TimeUnit::Day) => format!("DATE({axis})"),
            Self::Unit(TimeUnit::Week) => format!("DATE({axis}) - INTERVAL WEEKDAY({axis}) DAY"),
            Self::Unit(TimeUnit::Month) => format!("DATE_FORMAT({axis}, '%Y-%m')"),
            Self::Unit(TimeUnit::Quarter) => format!("CONCAT(YEAR({axis}), '-Q', QUARTER({axis}))"),
            Self::Unit(TimeUnit::Year) => format!("YEAR({axis})"),
            Self::Weekday => format!("ELT(WEEKDAY({axis}) + 1, '{}')", WEEKDAYS.join("', '")),
            Self::DayType => format!("IF(WEEKDAY({axis}) < 5, '{}', '{}')", DAY_TYPES[0], DAY_TYPES[1]),
            Self::HourOfDay => format!("HOUR({axis})"),
        }
    }

    /// What a label is in the answer.
    pub(crate) fn column_type(self) -> ColumnType {
        match self {
            Self::Unit(TimeUnit::Hour) => ColumnType::Datetime,
            Self::Unit(TimeUnit::Day | TimeUnit::Week) => ColumnType::Date,
            Self::Unit(TimeUnit::Month | TimeUnit::Quarter) | Self::Weekday | Self::DayType => ColumnType::String,
            Self::Unit(TimeUnit::Year) | Self::HourOfDay => ColumnType::Integer,
        }
    }

    /// What sorts labels in their order in time.
    pub(crate) fn sort_key(self, column: &str) -> String {
        match self {
            Self::Weekday => format!("FIELD({column}, '{}')", WEEKDAYS.join("', '")),
            _ => column.to_owned(),
        }
    }
}

/// `axis` moved on by so many units.
pub(crate) fn shifted(axis: &str, count: u32, unit: TimeUnit) -> String {
    moved_on(axis, &count.to_string(), unit)
}

/// `axis` moved on by as many units as an expression says.
pub(crate) fn moved_on(axis: &str, count: &str, unit: TimeUnit) -> String {
    let unit = match unit {
        TimeUnit::Hour => "HOUR",
        TimeUnit::Day => "DAY",
        TimeUnit::Week => "WEEK",
        TimeUnit::Month => "MONTH",
        TimeUnit::Quarter => "QUARTER",
        TimeUnit::Year => "YEAR",
    };
    let count = if count.contains(' ') { format!("({count})") } else { count.to_owned() };
    format!("({axis} + INTERVAL {count} {unit})")
}

/// How many calendar units two instants touch, both included: an expression.
pub(crate) fn units_between(first: &str, last: &str, unit: TimeUnit) -> String {
    let months = |instant: &str| format!("(YEAR({instant}) * 12 + MONTH({instant}))");
    match unit {
        TimeUnit::Hour => format!("(TIMESTAMPDIFF(HOUR, DATE({first}), {last}) - HOUR({first}) + 1)"),
        TimeUnit::Day => format!("(DATEDIFF({last}, {first}) + 1)"),
        TimeUnit::Week => format!(
            "(DATEDIFF(DATE({last}) - INTERVAL WEEKDAY({last}) DAY, DATE({first}) - INTERVAL WEEKDAY({first}) DAY) DIV 7 + 1)"
        ),
        TimeUnit::Month => format!("({} - {} + 1)", months(last), months(first)),
        TimeUnit::Quarter => {
            format!("(YEAR({last}) * 4 + QUARTER({last}) - YEAR({first}) * 4 - QUARTER({first}) + 1)")
        }
        TimeUnit::Year => format!("(YEAR({last}) - YEAR({first}) + 1)"),
    }
}

/// The value of a group's rows at a statistic's place, of rows that carry their place (from 1, ascending) and their count.
///
/// MySQL has no `PERCENTILE_CONT`. Its value stands at `h = 1 + (n - 1) * p`: the two rows around `h` count with
/// `1 - |place - h|`, every other one with nothing. That is the line between the two, and the row itself where `h` is whole.
pub(crate) fn at_place(value: &str, place: &str, count: &str, statistic: Statistic) -> String {
    let fraction = match statistic {
        Statistic::Median => "0.5".to_owned(),
        Statistic::Percentile(percent) => format!("0.{percent:02}"),
    };
    format!("SUM({value} * GREATEST(0, 1 - ABS({place} - 1.0 - ({count} - 1) * {fraction}))) * 1e0")
}

/// Text as text: an ENUM would sort by its place in the enumeration.
pub(crate) fn as_text(expression: &str) -> String {
    format!("CAST({expression} AS CHAR)")
}

/// A name between backticks.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{name}`")
}
