//! A small catalogue, and reports as the orders tools return them.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::catalog::{Dimension, DimensionKind, Measure};
use oms_tools::orders::semantic::query::TimeRange;
use oms_tools::orders::semantic::{Catalog, SemanticQuery};
use oms_tools::orders::values::{KnownValue, KnownValues};
use oms_tools::{Cell, Column, ColumnType, Role, Table, Unit};

use crate::reply::vocabulary::Vocabulary;
use crate::reply::{Reply, Status, sentence};

pub(crate) fn catalog() -> Catalog {
    let measure = |name: &str, definition: &str, unit, has_time| Measure {
        name: name.into(),
        title: name.replace('_', " "),
        synonyms: Vec::new(),
        definition: definition.into(),
        unit,
        has_time,
        rules_only: false,
    };
    let dimension = |name: &str, title: &str, kind| Dimension {
        name: name.into(),
        title: title.into(),
        synonyms: Vec::new(),
        kind,
        rules_only: false,
    };
    Catalog {
        measures: vec![
            measure("orders", "count of orders, whatever their status", Unit::Count, true),
            measure("revenue", "line totals of orders not cancelled", Unit::Euro, true),
            measure("average_order_value", "revenue / number of orders not cancelled", Unit::Euro, true),
            measure("units_sold", "quantities of orders not cancelled", Unit::Count, true),
            measure("on_time_rate", "parcels delivered by the promised time / delivered parcels", Unit::Percent, true),
            measure("transit_time", "average of delivered - shipped", Unit::Days, true),
            measure("stock", "sum of units on hand", Unit::Count, false),
            measure("buyers", "distinct customers with an order not cancelled", Unit::Count, true),
        ],
        dimensions: vec![
            dimension("ship_country", "shipping country", DimensionKind::Text),
            dimension("channel", "channel", DimensionKind::Text),
            dimension("category", "category", DimensionKind::Text),
            dimension("product", "product", DimensionKind::Text),
            dimension("month", "month", DimensionKind::Time),
            dimension("day", "day", DimensionKind::Time),
        ],
        entities: Vec::new(),
    }
}

pub(crate) fn values() -> KnownValues {
    let country = |code: &str, words: &[&str]| KnownValue {
        dimension: "ship_country".into(),
        value: code.into(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    KnownValues {
        values: vec![
            country("DE", &["Germany", "German"]),
            country("ES", &["spain", "spanish"]),
            country("PT", &["Portugal"]),
        ],
    }
}

pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary::new(Arc::new(catalog()), &values())
}

pub(crate) fn text(value: &str) -> Cell {
    Cell::Text(value.into())
}

pub(crate) fn money(value: &str) -> Cell {
    Cell::Decimal(value.into())
}

pub(crate) fn dimension(name: &str) -> Column {
    Column { name: name.into(), kind: ColumnType::String, role: Role::Dimension, unit: Unit::Plain }
}

pub(crate) fn measure(name: &str, kind: ColumnType, unit: Unit) -> Column {
    Column { name: name.into(), kind, role: Role::Measure, unit }
}

pub(crate) fn revenue() -> Column {
    measure("revenue", ColumnType::Decimal, Unit::Euro)
}

pub(crate) fn midnight(year: i32, month: u32, day: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(0, 0, 0).unwrap()
}

pub(crate) fn range(from: NaiveDateTime, to: NaiveDateTime) -> TimeRange {
    TimeRange { from: Some(from), to: Some(to), label: String::new(), unit: None, running: false }
}

pub(crate) fn december() -> TimeRange {
    range(midnight(2025, 12, 1), midnight(2026, 1, 1))
}

pub(crate) fn asked(measures: &[&str], dimensions: &[&str]) -> SemanticQuery {
    SemanticQuery {
        measures: measures.iter().map(|name| (*name).to_owned()).collect(),
        dimensions: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        time: Some(december()),
        ..SemanticQuery::default()
    }
}

pub(crate) fn report(query: Option<SemanticQuery>, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> OrdersReport {
    OrdersReport {
        table: Table { columns, rows, truncated: false },
        sql: "SELECT 1".into(),
        interpretation: "as the catalogue defines it".into(),
        notes: Vec::new(),
        query,
        database_ms: 1.5,
    }
}

/// An answered reply with its computed sentence.
pub(crate) fn answered(report: OrdersReport) -> Reply {
    Reply {
        status: Status::Answered,
        answer: sentence::say(&report, &vocabulary()),
        choices: Vec::new(),
        report: Some(report),
        told: None,
        tool_calls: Vec::new(),
        watermark: None,
        brain: "rules".into(),
        confidence: 1.0,
        elapsed_ms: 2.5,
        error: None,
    }
}

/// A reply without rows.
pub(crate) fn without_rows(status: Status, answer: &str) -> Reply {
    let mut reply = answered(report(None, Vec::new(), Vec::new()));
    reply.status = status;
    reply.answer = answer.into();
    reply.report = None;
    reply
}

pub(crate) fn revenue_by_country() -> OrdersReport {
    report(
        Some(asked(&["revenue"], &["ship_country"])),
        vec![dimension("ship_country"), revenue()],
        vec![
            vec![text("DE"), money("120034.50")],
            vec![text("ES"), money("80000.00")],
            vec![text("PT"), money("1234.05")],
        ],
    )
}

pub(crate) fn revenue_by_month(months: &[&str]) -> OrdersReport {
    let mut query = asked(&["revenue"], &["month"]);
    query.time = Some(range(midnight(2025, 1, 1), midnight(2026, 1, 1)));
    let rows = (1..=12)
        .zip(months)
        .map(|(month, amount)| {
            let amount = if amount.is_empty() { Cell::Null } else { money(amount) };
            vec![text(&format!("2025-{month:02}")), amount]
        })
        .collect();
    report(Some(query), vec![dimension("month"), revenue()], rows)
}
