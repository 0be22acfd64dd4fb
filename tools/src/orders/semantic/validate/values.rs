//! The values of conditions: as many as the operator needs, of the dimension's kind, and of its enumeration.

use chrono::{NaiveDate, NaiveDateTime};

use super::unsupported;
use crate::{
    Failure,
    orders::{
        Parameter,
        semantic::{
            SemanticModel, SemanticQuery,
            catalog::DimensionKind,
            dialect::{DAY_TYPES, Grain, WEEKDAYS},
            model::DimensionModel,
            names,
            query::{Filter, FilterOp, MeasureFilter, TimeUnit},
        },
    },
};

/// At most so many values in one condition.
const MOST: usize = 1000;

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    for filter in &query.filters {
        count(&filter.dimension, filter.op, filter.values.len())?;
    }
    for filter in &query.having {
        count(&filter.measure, filter.op, filter.values.len())?;
        bounds(filter)?;
        if matches!(filter.op, FilterOp::NotIn | FilterOp::Contains) {
            return Err(no_such_comparison(filter));
        }
    }
    if !query.having.is_empty() && query.dimensions.is_empty() && query.count_of.is_none() {
        return Err(Failure::invalid(
            "cannot use `having` without `dimensions`: its condition is on each group's figure",
        )
        .hint("name the groups, for example `\"dimensions\": [\"customer\"]`"));
    }
    Ok(())
}

fn count(name: &str, op: FilterOp, given: usize) -> Result<(), Failure> {
    let (fits, wanted) = match op {
        FilterOp::In | FilterOp::NotIn | FilterOp::Contains => {
            ((1..=MOST).contains(&given), "between 1 and 1000 values")
        }
        FilterOp::Between => (given == 2, "two values, the lowest and the highest"),
        FilterOp::Above | FilterOp::Below | FilterOp::AtLeast | FilterOp::AtMost => (given == 1, "one value"),
    };
    if fits {
        return Ok(());
    }
    Err(Failure::invalid(format!("cannot use the condition on `{name}` with {given} values: it needs {wanted}"))
        .hint("give `values` as a list of texts"))
}

/// The numbers of a condition on figures.
pub(crate) fn bounds(filter: &MeasureFilter) -> Result<Vec<String>, Failure> {
    filter.values.iter().map(|value| decimal(&filter.measure, value)).collect()
}

/// The numbers of a condition on a number of each row.
pub(crate) fn numbers(filter: &Filter) -> Result<Vec<String>, Failure> {
    filter.values.iter().map(|value| decimal(&filter.dimension, value)).collect()
}

fn decimal(name: &str, value: &str) -> Result<String, Failure> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain(whole) && plain(fraction) && whole.len() <= 18 && fraction.len() <= 8 {
        return Ok(value.to_owned());
    }
    Err(Failure::invalid(format!("cannot compare `{name}` with `{value}`: it is not a plain decimal number"))
        .hint("write it as `1250` or `0.125`"))
}

/// A condition on figures that there is not.
pub(crate) fn no_such_comparison(filter: &MeasureFilter) -> Failure {
    Failure::invalid(format!("cannot use this operator on the figures of `{}`", filter.measure))
        .hint("use `in`, `above`, `below`, `at_least`, `at_most` or `between`")
}

/// A number that is compared with, not equal to.
pub(crate) fn needs_comparison(filter: &Filter) -> Failure {
    Failure::invalid(format!("cannot use this operator on `{}`: it changes all the time", filter.dimension))
        .hint("use `above`, `below`, `at_least`, `at_most` or `between`")
}

/// The values of a filter as they are bound.
pub(crate) fn checked(
    model: &SemanticModel,
    filter: &Filter,
    dimension: &DimensionModel,
) -> Result<Vec<Parameter>, Failure> {
    let name = filter.dimension.as_str();
    let compares = matches!(
        filter.op,
        FilterOp::Above | FilterOp::Below | FilterOp::AtLeast | FilterOp::AtMost | FilterOp::Between
    );
    if dimension.kind == DimensionKind::Number || matches!(name, "year" | "hour_of_day") {
        if filter.op == FilterOp::Contains {
            return Err(Failure::invalid(format!("cannot look for text in `{name}`: it is a number"))
                .hint("use `above`, `below`, `at_least`, `at_most` or `between`"));
        }
        return Ok(numbers(filter)?.into_iter().map(Parameter::Decimal).collect());
    }
    if let Some(grain) = Grain::of(name) {
        return filter.values.iter().map(|value| label(name, grain, value, filter.op)).collect();
    }
    if compares {
        return Err(unsupported(format!("cannot compare `{name}` with `above` or `below`: it is text"))
            .hint("use `in`, `not_in` or `contains`"));
    }
    if filter.op == FilterOp::Contains {
        return Ok(filter.values.iter().map(|value| Parameter::Text(value.clone())).collect());
    }
    filter
        .values
        .iter()
        .map(|value| {
            if !dimension.values.is_empty() {
                return enumerated(name, &dimension.values, value);
            }
            let is_country = dimension.places.iter().any(|place| place.column.ends_with("country"));
            Ok(Parameter::Text(if is_country { country(model, value) } else { value.clone() }))
        })
        .collect()
}

/// The code of a country that is given by name.
pub(crate) fn country(model: &SemanticModel, value: &str) -> String {
    let wanted = value.to_lowercase();
    let by_name = || {
        model
            .countries
            .iter()
            .find(|(_, words)| words.iter().any(|word| word.to_lowercase() == wanted))
            .map(|(code, _)| code)
    };
    let code = value.to_uppercase();
    if value.len() == 2 && (value == code || model.countries.contains_key(&code)) {
        return code;
    }
    by_name().cloned().unwrap_or_else(|| value.to_owned())
}

fn enumerated(name: &str, known: &[String], value: &str) -> Result<Parameter, Failure> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    if let Some(found) = known.iter().find(|known| plain(known) == plain(value)) {
        return Ok(Parameter::Text(found.clone()));
    }
    Err(Failure::invalid(format!("no value `{value}` of `{name}`"))
        .hint(names::suggestion(value, known.iter().map(String::as_str))))
}

/// A grain's label, in the form that answers have.
fn label(name: &str, grain: Grain, value: &str, op: FilterOp) -> Result<Parameter, Failure> {
    let wrong = |form: &str| {
        Err(Failure::invalid(format!("cannot read `{value}` as a {}", name.replace('_', " ")))
            .hint(format!("write it as {form}")))
    };
    let text = Ok(Parameter::Text(value.to_owned()));
    match grain {
        Grain::Weekday => {
            if !matches!(op, FilterOp::In | FilterOp::NotIn) {
                return Err(unsupported("cannot compare weekdays with `above` or `below`").hint("name them with `in`"));
            }
            match WEEKDAYS.iter().find(|day| day.eq_ignore_ascii_case(value)) {
                Some(day) => Ok(Parameter::Text((*day).to_owned())),
                None => wrong("`Monday`"),
            }
        }
        Grain::DayType => match DAY_TYPES.iter().find(|kind| kind.eq_ignore_ascii_case(value)) {
            Some(kind) if matches!(op, FilterOp::In | FilterOp::NotIn) => Ok(Parameter::Text((*kind).to_owned())),
            _ => wrong("`weekday` or `weekend`"),
        },
        _ if op == FilterOp::Contains => {
            Err(unsupported(format!("cannot look for text in `{name}`")).hint("use `in` or a time range"))
        }
        Grain::Unit(TimeUnit::Hour) => {
            let read =
                ["%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
                    .iter()
                    .find_map(|format| NaiveDateTime::parse_from_str(value, format).ok());
            read.map_or_else(|| wrong("`2026-01-14T12:00:00`"), |at| Ok(Parameter::Datetime(at)))
        }
        Grain::Unit(TimeUnit::Day | TimeUnit::Week) => match value.parse::<NaiveDate>() {
            Ok(day) => Ok(Parameter::Date(day)),
            Err(_) => wrong("`2026-01-14`"),
        },
        Grain::Unit(TimeUnit::Month) => match format!("{value}-01").parse::<NaiveDate>() {
            Ok(_) if value.len() == 7 => text,
            _ => wrong("`2026-01`"),
        },
        Grain::Unit(TimeUnit::Quarter) => {
            let (year, quarter) = value.split_once("-Q").unwrap_or_default();
            if year.len() == 4 && year.parse::<u16>().is_ok() && matches!(quarter, "1" | "2" | "3" | "4") {
                text
            } else {
                wrong("`2026-Q1`")
            }
        }
        Grain::Unit(TimeUnit::Year) | Grain::HourOfDay => text,
    }
}
