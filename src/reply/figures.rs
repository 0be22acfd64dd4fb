//! Figures as people read them, and exact sums of money.
//!
//! Money never passes through a float here: DECIMAL text is read into scaled integers.

use oms_tools::table::bytes_in_words;
use oms_tools::{Cell, Unit};

/// Stands for SQL NULL.
pub const NO_VALUE: &str = "-";

/// A value in people's form: `€ 1,234.50`, `12.5 %`, `1,234`, `3.2 days`, `2026-01-14 12:00`.
pub fn figure(cell: &Cell, unit: Unit) -> String {
    match (cell, unit) {
        (Cell::Null, _) => NO_VALUE.to_owned(),
        (Cell::Boolean(true), _) => "yes".to_owned(),
        (Cell::Boolean(false), _) => "no".to_owned(),
        (Cell::Text(text), _) => moment(text).unwrap_or_else(|| text.clone()),
        (Cell::Json(text), _) | (Cell::Decimal(text), Unit::Plain) => text.clone(),
        (_, Unit::Euro) => euros(cell),
        (Cell::Integer(value), Unit::Count) => group(&value.to_string()),
        (Cell::Decimal(text), Unit::Count) => group(trim_fraction(text)),
        (Cell::Number(value), Unit::Count) => group(trim_fraction(&format!("{value:.2}"))),
        (_, Unit::Percent) => percent(cell),
        (_, Unit::Days) => {
            cell.as_f64().map_or_else(String::new, |days| format!("{} days", group(&format!("{days:.1}"))))
        }
        (_, Unit::Hours) => {
            cell.as_f64().map_or_else(String::new, |hours| format!("{} hours", group(&format!("{hours:.1}"))))
        }
        (_, Unit::Bytes) => cell.as_f64().map_or_else(String::new, bytes_in_words),
        (Cell::Integer(value), Unit::Plain) => value.to_string(),
        (Cell::Number(value), Unit::Plain) => trim_fraction(&format!("{value:.4}")).to_owned(),
    }
}

fn euros(cell: &Cell) -> String {
    let text = match cell {
        Cell::Number(value) => format!("{value:.2}"),
        other => match Exact::of(other).and_then(|amount| amount.rounded(2)) {
            Some(amount) => amount.to_string(),
            None => return String::new(),
        },
    };
    match group(&text).strip_prefix('-') {
        Some(amount) => format!("-€ {amount}"),
        None => format!("€ {}", group(&text)),
    }
}

fn percent(cell: &Cell) -> String {
    let Some(fraction) = cell.as_f64() else { return String::new() };
    let percent = fraction * 100.0;
    // A share of 0.04 % is not nothing: a second digit keeps it from reading `0.0 %`.
    let digits = if percent != 0.0 && percent.abs() < 0.095 { 2 } else { 1 };
    format!("{} %", group(&format!("{percent:.digits$}")))
}

/// `2026-01-14T12:00:00.000Z` as `2026-01-14 12:00`, with seconds where they are not zero; other text is none.
fn moment(text: &str) -> Option<String> {
    let bare = text.strip_suffix('Z')?;
    let (date, time) = bare.split_once('T')?;
    if date.len() != 10 || time.len() < 8 || !date.is_ascii() || !time.is_ascii() {
        return None;
    }
    let seconds = time.get(6..8)?;
    let shown = if seconds == "00" { time.get(..5)? } else { time.get(..8)? };
    Some(format!("{date} {shown}"))
}

fn trim_fraction(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Puts commas between the thousands of a plain decimal number.
pub fn group(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    // "-0.00" is what rounding leaves of a tiny negative amount.
    let sign = if digits.chars().all(|digit| digit == '0' || digit == '.') { "" } else { sign };
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}

/// An exact decimal number: `units` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    units: i128,
    scale: u32,
}

impl Exact {
    /// Nothing, to start a sum.
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// The exact value of an integer or a DECIMAL; `None` for anything else and for what does not fit.
    pub fn of(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Integer(value) => Some(Self { units: *value, scale: 0 }),
            Cell::Decimal(text) => Self::parse(text),
            _ => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let units = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// The sum; `None` where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Some(Self { units: self.at(scale)?.checked_add(other.at(scale)?)?, scale })
    }

    /// The difference; `None` where it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { units: other.units.checked_neg()?, scale: other.scale })
    }

    fn at(self, scale: u32) -> Option<i128> {
        self.units.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    /// Rounded half away from zero to this many decimals, with exactly that many.
    pub fn rounded(self, scale: u32) -> Option<Self> {
        if scale >= self.scale {
            return Some(Self { units: self.at(scale)?, scale });
        }
        let divisor = 10_i128.checked_pow(self.scale - scale)?;
        let (whole, rest) = (self.units / divisor, self.units % divisor);
        let step = if rest.unsigned_abs() * 2 >= divisor.unsigned_abs() { self.units.signum() } else { 0 };
        Some(Self { units: whole + step, scale })
    }

    /// Less than zero.
    pub fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Zero.
    pub fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self { units: self.units.saturating_abs(), scale: self.scale }
    }

    /// The value as a cell.
    pub fn cell(self) -> Cell {
        if self.scale == 0 { Cell::Integer(self.units) } else { Cell::Decimal(self.to_string()) }
    }
}

impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.units < 0 { "-" } else { "" };
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Cell {
        Cell::Decimal(text.to_owned())
    }

    #[test]
    fn people_read_figures() {
        for (cell, unit, expected) in [
            (decimal("1234.50"), Unit::Euro, "€ 1,234.50"),
            (decimal("-1234567.5"), Unit::Euro, "-€ 1,234,567.50"),
            (decimal("0.005"), Unit::Euro, "€ 0.01"),
            (decimal("-0.001"), Unit::Euro, "€ 0.00"),
            (decimal("99999999999999999999.994"), Unit::Euro, "€ 99,999,999,999,999,999,999.99"),
            (Cell::Number(102.875), Unit::Euro, "€ 102.88"),
            (Cell::Integer(7), Unit::Euro, "€ 7.00"),
            (Cell::Number(0.125), Unit::Percent, "12.5 %"),
            (Cell::Number(0.0004), Unit::Percent, "0.04 %"),
            (Cell::Number(-0.5), Unit::Percent, "-50.0 %"),
            (Cell::Number(0.0), Unit::Percent, "0.0 %"),
            (Cell::Integer(1_234_567), Unit::Count, "1,234,567"),
            (Cell::Integer(-999), Unit::Count, "-999"),
            (decimal("1200"), Unit::Count, "1,200"),
            (Cell::Number(12.5), Unit::Count, "12.5"),
            (Cell::Number(3.16), Unit::Days, "3.2 days"),
            (Cell::Number(26.04), Unit::Hours, "26.0 hours"),
            (Cell::Integer(2025), Unit::Plain, "2025"),
            (Cell::Null, Unit::Euro, "-"),
            (Cell::Boolean(true), Unit::Plain, "yes"),
            (Cell::Text("2026-01-14T12:00:00.000Z".into()), Unit::Plain, "2026-01-14 12:00"),
            (Cell::Text("2026-01-14T12:00:07.500Z".into()), Unit::Plain, "2026-01-14 12:00:07"),
            (Cell::Text("TZ".into()), Unit::Plain, "TZ"),
            (Cell::Text("ÄÄÄÄÄTÄÄÄÄÄÄÄÄZ".into()), Unit::Plain, "ÄÄÄÄÄTÄÄÄÄÄÄÄÄZ"),
        ] {
            assert_eq!(figure(&cell, unit), expected, "{cell:?}");
        }
    }

    #[test]
    fn sums_are_exact() {
        let sum = ["0.10", "0.20", "1000000000000000.01", "-0.3"]
            .iter()
            .try_fold(Exact::ZERO, |sum, text| sum.plus(Exact::of(&decimal(text))?));
        assert_eq!(sum.map(|sum| sum.to_string()), Some("1000000000000000.01".into()));
        let difference = Exact::of(&decimal("1.5")).and_then(|left| left.minus(Exact::of(&Cell::Integer(2))?));
        assert_eq!(difference.map(|difference| difference.to_string()), Some("-0.5".into()));
        assert_eq!(Exact::of(&decimal("1e5")), None);
        assert_eq!(Exact::of(&decimal("1.-5")), None);
        assert_eq!(Exact::of(&Cell::Integer(i128::MAX)).and_then(|most| most.plus(most)), None);
    }
}
