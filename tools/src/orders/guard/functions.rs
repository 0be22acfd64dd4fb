//! The functions that a SELECT may call. What is not in the list is refused, whatever it does.

/// What calling a function means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// Many rows to one value, or a window over them.
    Aggregate,
    /// Only with OVER.
    Window,
    /// One row's values to one value.
    Plain,
    /// Its first argument is a unit: `TIMESTAMPDIFF(DAY, a, b)`.
    Unit,
    /// Its second argument is a length, and only a small literal may stand there.
    Padding,
    /// The question's "now", which the guard writes in its place.
    Now,
    /// The same, the day alone.
    Today,
}

const AGGREGATES: &[&str] = &[
    "AVG",
    "COUNT",
    "MAX",
    "MIN",
    "STD",
    "STDDEV",
    "STDDEV_POP",
    "STDDEV_SAMP",
    "SUM",
    "VARIANCE",
    "VAR_POP",
    "VAR_SAMP",
];

const WINDOWS: &[&str] = &[
    "CUME_DIST",
    "DENSE_RANK",
    "FIRST_VALUE",
    "LAG",
    "LAST_VALUE",
    "LEAD",
    "NTH_VALUE",
    "NTILE",
    "PERCENT_RANK",
    "RANK",
    "ROW_NUMBER",
];

const PLAIN: &[&str] = &[
    // Dates and times.
    "ADDDATE",
    "ADDTIME",
    "DATE",
    "DATEDIFF",
    "DATE_ADD",
    "DATE_FORMAT",
    "DATE_SUB",
    "DAY",
    "DAYNAME",
    "DAYOFMONTH",
    "DAYOFWEEK",
    "DAYOFYEAR",
    "FROM_DAYS",
    "FROM_UNIXTIME",
    "HOUR",
    "LAST_DAY",
    "MAKEDATE",
    "MICROSECOND",
    "MINUTE",
    "MONTH",
    "MONTHNAME",
    "PERIOD_ADD",
    "PERIOD_DIFF",
    "QUARTER",
    "SECOND",
    "SEC_TO_TIME",
    "STR_TO_DATE",
    "SUBDATE",
    "SUBTIME",
    "TIME",
    "TIMEDIFF",
    "TIMESTAMP",
    "TIME_FORMAT",
    "TIME_TO_SEC",
    "TO_DAYS",
    "TO_SECONDS",
    "WEEK",
    "WEEKDAY",
    "WEEKOFYEAR",
    "YEAR",
    "YEARWEEK",
    // Text.
    "ASCII",
    "CHARACTER_LENGTH",
    "CHAR_LENGTH",
    "CONCAT",
    "CONCAT_WS",
    "FIELD",
    "FIND_IN_SET",
    "FORMAT",
    "INSTR",
    "LCASE",
    "LEFT",
    "LENGTH",
    "LOCATE",
    "LOWER",
    "LTRIM",
    "MID",
    "REPLACE",
    "REVERSE",
    "RIGHT",
    "RTRIM",
    "STRCMP",
    "SUBSTR",
    "SUBSTRING",
    "SUBSTRING_INDEX",
    "TRIM",
    "UCASE",
    "UPPER",
    // Numbers.
    "ABS",
    "CEIL",
    "CEILING",
    "EXP",
    "FLOOR",
    "GREATEST",
    "LEAST",
    "LN",
    "LOG",
    "LOG10",
    "LOG2",
    "MOD",
    "POW",
    "POWER",
    "ROUND",
    "SIGN",
    "SQRT",
    "TRUNCATE",
    // Choices.
    "ANY_VALUE",
    "COALESCE",
    "IF",
    "IFNULL",
    "ISNULL",
    "NULLIF",
    // JSON.
    "JSON_EXTRACT",
    "JSON_UNQUOTE",
    "JSON_VALUE",
];

/// What a function is, by its name in any case; `None` where it may not be called.
pub(crate) fn allowed(name: &str) -> Option<Call> {
    let name = name.to_ascii_uppercase();
    let name = name.as_str();
    match name {
        "TIMESTAMPADD" | "TIMESTAMPDIFF" => Some(Call::Unit),
        "LPAD" | "RPAD" => Some(Call::Padding),
        "NOW" | "CURRENT_TIMESTAMP" | "LOCALTIME" | "LOCALTIMESTAMP" | "SYSDATE" | "UTC_TIMESTAMP" => Some(Call::Now),
        "CURDATE" | "CURRENT_DATE" | "UTC_DATE" => Some(Call::Today),
        _ if AGGREGATES.contains(&name) => Some(Call::Aggregate),
        _ if WINDOWS.contains(&name) => Some(Call::Window),
        _ if PLAIN.contains(&name) => Some(Call::Plain),
        _ => None,
    }
}

/// The words that name a unit of time.
pub(crate) const UNITS: &[&str] =
    &["MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];

/// Why a function is not in the list, where that helps.
pub(crate) fn instead(name: &str) -> &'static str {
    match name.to_ascii_uppercase().as_str() {
        "GROUP_CONCAT" | "JSON_ARRAYAGG" | "JSON_OBJECTAGG" => {
            "return one row for each value instead: the server cuts long lists silently"
        }
        "RAND" | "UUID" => "order by a column instead: an answer must be the same when it is asked again",
        "REPEAT" | "SPACE" => "return the value as it is",
        "REGEXP_LIKE" | "REGEXP_REPLACE" | "REGEXP_SUBSTR" | "REGEXP_INSTR" => "use LIKE",
        _ => "use aggregates, windows, and functions of dates, text and numbers",
    }
}
