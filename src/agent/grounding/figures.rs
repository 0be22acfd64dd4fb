//! Figures as sentences write them: `1,234.50`, `€ 12k`, `-3.1 %`, `twenty-five`, `2 dozen`, `twice`. Read with the precision
//! that they claim.

use oms_tools::Unit;
use oms_tools::numbers::{one, ten};

/// What a sentence says a figure is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    /// The value; of percent the percents.
    pub(super) value: f64,
    /// One unit of its last digit.
    pub(super) step: f64,
    /// The unit that is said, if one is.
    pub(super) unit: Option<Said>,
}

/// A unit that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Of a column.
    Of(Unit),
    /// "twice", "1.5 times".
    Times,
    /// One that no column has: dollars, minutes.
    Foreign,
}

/// How exact a figure claims to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Precision {
    /// As it is written, rounded at its last digit.
    #[default]
    Written,
    /// "about": its zeros at the end may stand for other digits.
    About,
    /// "over": so, and the true one is more.
    Above,
    /// "nearly": so, and the true one is less.
    Below,
}

/// What a rounded figure may be off by, besides its last written digit.
const LOOSE: f64 = 0.05;

impl Figure {
    /// True where a value of the result is what the figure says.
    pub(super) fn says(&self, value: f64, precision: Precision) -> bool {
        let off = (value - self.value).abs();
        // What DOUBLE adds and loses.
        let noise = 1e-9 * value.abs().max(1.0);
        if off <= self.step / 2.0 + noise {
            return match precision {
                Precision::Above => value >= self.value - noise,
                Precision::Below => value <= self.value + noise,
                Precision::Written | Precision::About => true,
            };
        }
        let zeros = self.zeros();
        let near = |most: f64| off <= most + noise && off <= LOOSE * value.abs() + noise;
        match precision {
            Precision::Written => false,
            Precision::About => near(zeros / 2.0),
            Precision::Above => value > self.value && near(zeros),
            Precision::Below => value < self.value && near(zeros),
        }
    }

    /// The size of its last digit that is no zero.
    fn zeros(&self) -> f64 {
        let mut step = self.step;
        while step < 1e15
            && self.value != 0.0
            && ((self.value / (step * 10.0)).round() * step * 10.0 - self.value).abs() < step * 1e-6
        {
            step *= 10.0;
        }
        step
    }
}

/// The digits of a written number: value and step. `1,234.5` and `1.234,5`, never a list of numbers.
pub(super) fn digits(text: &str) -> Option<(f64, f64)> {
    let (comma, point) = (text.matches(',').count(), text.matches('.').count());
    let plain = match (comma, point) {
        (0, 0 | 1) => text.to_owned(),
        (0, _) => grouped(text, '.')?,
        (_, 0) => match grouped(text, ',') {
            Some(whole) => whole,
            // A decimal comma: "3,5".
            None if comma == 1 => text.replace(',', "."),
            None => return None,
        },
        _ if text.rfind('.') > text.rfind(',') && point == 1 => {
            let (whole, fraction) = text.split_once('.')?;
            format!("{}.{fraction}", grouped(whole, ',')?)
        }
        _ if comma == 1 => {
            let (whole, fraction) = text.split_once(',')?;
            format!("{}.{fraction}", grouped(whole, '.')?)
        }
        _ => return None,
    };
    let decimals = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let value: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some((value, 10f64.powi(-i32::try_from(decimals).ok()?)))
}

/// Without the signs between its thousands; `None` where they do not stand between thousands.
fn grouped(text: &str, sign: char) -> Option<String> {
    let mut parts = text.split(sign);
    let first = parts.next()?;
    let whole = (1..=3).contains(&first.len()) && parts.all(|part| part.len() == 3);
    whole.then(|| text.replace(sign, ""))
}

/// A number in words, with the words that it takes: "two hundred and five", "a dozen", "half a million".
pub(super) fn in_words(words: &[&str]) -> Option<(usize, f64)> {
    let (mut at, mut sum, mut group, mut any) = (0, 0.0, 0.0, false);
    while let Some(word) = words.get(at) {
        if let Some(number) = one(word).or_else(|| ten(word)) {
            group += f64::from(number);
        } else if *word == "dozen" {
            group = if any { group * 12.0 } else { 12.0 };
        } else if *word == "hundred" {
            group = if any { group * 100.0 } else { 100.0 };
        } else if let Some(scale) = scale(word) {
            sum += if any { group * scale } else { scale };
            group = 0.0;
        } else if any
            && *word == "and"
            && words.get(at + 1).is_some_and(|next| one(next).or_else(|| ten(next)).is_some())
            && group % 100.0 == 0.0
        {
            at += 1;
            continue;
        } else {
            break;
        }
        any = true;
        at += 1;
    }
    any.then_some((at, sum + group))
}

/// "thousand", "k", "million".
pub(super) fn scale(word: &str) -> Option<f64> {
    match word {
        "k" | "thousand" | "thousands" => Some(1e3),
        "m" | "mio" | "million" | "millions" => Some(1e6),
        "bn" | "billion" | "billions" => Some(1e9),
        _ => None,
    }
}

/// The unit that a word after or before a figure says.
pub(super) fn unit(word: &str) -> Option<Said> {
    Some(match word {
        "%" | "percent" | "pct" => Said::Of(Unit::Percent),
        "€" | "eur" | "euro" | "euros" => Said::Of(Unit::Euro),
        "day" | "days" | "d" => Said::Of(Unit::Days),
        "hour" | "hours" | "h" => Said::Of(Unit::Hours),
        "times" | "x" | "×" | "fold" => Said::Times,
        "$" | "£" | "¥" | "usd" | "gbp" | "dollar" | "dollars" | "pound" | "pounds" | "cent" | "cents" | "minute"
        | "minutes" | "second" | "seconds" | "week" | "weeks" | "month" | "months" | "year" | "years" | "kg" | "‰"
        | "bp" | "points" | "pp" => Said::Foreign,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_with_their_precision() {
        for (text, expected) in [
            ("1234", Some((1234.0, 1.0))),
            ("1,234", Some((1234.0, 1.0))),
            ("1,234.50", Some((1234.5, 0.01))),
            ("1.234,50", Some((1234.5, 0.01))),
            ("1.234.567", Some((1_234_567.0, 1.0))),
            ("3,5", Some((3.5, 0.1))),
            ("12,34,567", None),
            ("1,2,3", None),
            ("1.2,3.4", None),
        ] {
            assert_eq!(digits(text), expected, "{text}");
        }
    }

    #[test]
    fn words_are_numbers() {
        for (text, expected) in [
            ("twelve", Some((1, 12.0))),
            ("twenty five orders", Some((2, 25.0))),
            ("two hundred and five", Some((4, 205.0))),
            ("six hundred", Some((2, 600.0))),
            ("one million two hundred thousand", Some((5, 1_200_000.0))),
            ("two dozen", Some((2, 24.0))),
            ("dozen", Some((1, 12.0))),
            ("orders", None),
            ("and five", None),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(in_words(&words), expected, "{text}");
        }
    }

    #[test]
    fn precision_is_what_was_written() {
        let figure = |value, step| Figure { value, step, unit: None };
        for (figure, value, precision, expected) in [
            (figure(600.0, 1.0), 600.0, Precision::Written, true),
            (figure(600.0, 1.0), 601.0, Precision::Written, false),
            (figure(12_346.0, 1.0), 12_345.67, Precision::Written, true),
            (figure(12_345.0, 1.0), 12_345.67, Precision::Written, false),
            (figure(12_000.0, 1.0), 12_345.67, Precision::Written, false),
            (figure(12_000.0, 1.0), 12_345.67, Precision::About, true),
            (figure(12_000.0, 1.0), 12_345.67, Precision::Above, true),
            (figure(12_000.0, 1.0), 12_345.67, Precision::Below, false),
            (figure(13_000.0, 1.0), 12_945.67, Precision::Below, true),
            (figure(10_000.0, 1.0), 12_345.67, Precision::About, false),
            (figure(1.2, 0.1), 1.24, Precision::Written, true),
            (figure(0.0, 1.0), 0.4, Precision::Written, true),
            (figure(0.0, 1.0), 7.0, Precision::About, false),
        ] {
            assert_eq!(figure.says(value, precision), expected, "{figure:?} {value} {precision:?}");
        }
    }
}
