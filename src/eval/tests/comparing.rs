//! What is taken for the same rows, and what is not.

use std::collections::BTreeMap;

use oms_tools::{Cell, Column, ColumnType, Role, Table, Unit};

use crate::eval::compare::{Difference, Extra, Rows, Rules, compare};

/// `name type` columns: `i` integer, `d` decimal, `n` number, `t` text; upper case in an answer says its role too: `m`
/// measure, `g` dimension (group), `a` attribute.
fn table(columns: &str, rows: &[&str]) -> Table {
    let columns: Vec<Column> = columns
        .split_whitespace()
        .map(|word| {
            let parts: Vec<&str> = word.split(':').collect();
            let kind = match parts[1] {
                "i" => ColumnType::Integer,
                "d" => ColumnType::Decimal,
                "n" => ColumnType::Number,
                _ => ColumnType::String,
            };
            let role = match parts.get(2) {
                Some(&"m") => Role::Measure,
                Some(&"g") => Role::Dimension,
                _ => Role::Attribute,
            };
            Column { name: parts[0].to_owned(), kind, role, unit: Unit::Plain }
        })
        .collect();
    let cell = |text: &str, kind: ColumnType| match (text, kind) {
        ("NULL", _) => Cell::Null,
        (_, ColumnType::Integer) => Cell::Integer(text.parse().unwrap()),
        (_, ColumnType::Decimal) => Cell::Decimal(text.to_owned()),
        (_, ColumnType::Number) => Cell::Number(text.parse().unwrap()),
        _ => Cell::Text(text.to_owned()),
    };
    let rows = rows
        .iter()
        .map(|row| row.split('|').zip(&columns).map(|(text, column)| cell(text.trim(), column.kind)).collect())
        .collect();
    Table { columns, rows, truncated: false }
}

#[allow(clippy::needless_pass_by_value)] // a table of cases reads better without borrows
fn check(gold: &Table, answer: &Table, rules: &Rules, expected: Result<(), Difference>) {
    assert_eq!(compare(gold, answer, rules), expected, "{gold:?}\n{answer:?}");
}

fn plain(gold: &Table, answer: &Table, expected: Result<(), Difference>) {
    check(gold, answer, &Rules::default(), expected);
}

#[test]
fn rows_are_a_bag_and_columns_have_no_place() {
    let gold = table("country:t revenue:d", &["PT|10.00", "ES|20.50"]);
    plain(&gold, &table("revenue:d:m country:t:g", &["20.50|ES", "10.00|PT"]), Ok(()));
    plain(&gold, &table("sales:d:m land:t:g", &["20.50|ES", "10.00|PT"]), Ok(()));
    // As many rows of each kind.
    let twice = table("name:t orders:i", &["Ana|1", "Ana|1", "Ana|2"]);
    plain(&twice, &table("name:t:g orders:i:m", &["Ana|2", "Ana|1", "Ana|1"]), Ok(()));
    let other = table("name:t:g orders:i:m", &["Ana|2", "Ana|2", "Ana|1"]);
    plain(&twice, &other, Err(Difference::MissingColumn("orders".to_owned())));
}

#[test]
fn rows_that_agree_column_by_column_only_are_wrong() {
    let gold = table("country:t orders:i", &["PT|1", "ES|2"]);
    plain(&gold, &table("country:t:g orders:i:m", &["PT|2", "ES|1"]), Err(Difference::Rows));
    let gold = table("country:t orders:i revenue:d", &["PT|1|5.00", "ES|2|5.00"]);
    plain(&gold, &table("country:t:g revenue:d:m orders:i:m", &["PT|5.00|1", "ES|5.00|2"]), Ok(()));
    plain(&gold, &table("country:t:g revenue:d:m orders:i:m", &["PT|5.00|2", "ES|5.00|1"]), Err(Difference::Rows));
}

#[test]
fn more_rows_and_fewer_rows_are_wrong() {
    let gold = table("country:t orders:i", &["PT|1", "ES|2"]);
    plain(&gold, &table("country:t:g orders:i:m", &["PT|1", "ES|2", "FR|3"]), Err(Difference::RowCount(2, 3)));
    plain(&gold, &table("country:t:g orders:i:m", &["PT|1"]), Err(Difference::RowCount(2, 1)));
    plain(&gold, &table("country:t:g orders:i:m", &[]), Err(Difference::RowCount(2, 0)));
    plain(&gold, &table("country:t:g orders:i:m", &["PT|1", "PT|1", "ES|2"]), Err(Difference::RowCount(2, 3)));
}

#[test]
fn labels_may_come_besides_and_figures_may_not() {
    let gold = table("product:t units:i", &["Lamp|3"]);
    let label = table("sku:t:g product:t:g units:i:m", &["SKU-00001|Lamp|3"]);
    plain(&gold, &label, Ok(()));
    let figure = table("product:t:g units:i:m revenue:d:m", &["Lamp|3|9.00"]);
    plain(&gold, &figure, Err(Difference::ExtraFigure("revenue".to_owned())));
    check(&gold, &figure, &Rules { extra: Extra::Any, ..Rules::default() }, Ok(()));
    // A label is no figure, and a figure no label.
    plain(&gold, &table("product:t:g units:i:g", &["Lamp|3"]), Err(Difference::MissingColumn("units".to_owned())));
    plain(
        &table("year:i orders:i", &["2025|7"]),
        &table("n:i:m m:i:m", &["7|2025"]),
        Err(Difference::MissingColumn("year".to_owned())),
    );
    plain(&table("year:i orders:i", &["2025|7"]), &table("n:i:m m:i:g", &["7|2025"]), Ok(()));
}

#[test]
fn null_is_neither_zero_nor_empty() {
    let missing = |name: &str| Err(Difference::MissingColumn(name.to_owned()));
    plain(&table("revenue:d", &["NULL"]), &table("revenue:d:m", &["NULL"]), Ok(()));
    plain(&table("revenue:d", &["NULL"]), &table("revenue:d:m", &["0.00"]), missing("revenue"));
    plain(&table("revenue:d", &["0.00"]), &table("revenue:d:m", &["NULL"]), missing("revenue"));
    plain(&table("city:t", &["NULL"]), &table("city:t:g", &[""]), missing("city"));
    plain(&table("city:t", &[""]), &table("city:t:g", &["NULL"]), missing("city"));
    plain(&table("city:t", &["1"]), &table("city:i:g", &["1"]), missing("city"));
}

#[test]
fn numbers_agree_as_far_as_the_contract_says() {
    let one = |gold: &str, column: &str, answer: &str, kind: &str, right: bool| {
        let gold_kind = if gold.contains('.') { "d" } else { "i" };
        let gold = table(&format!("{column}:{gold_kind}"), &[gold]);
        let answer = table(&format!("x:{kind}:m"), &[answer]);
        let expected = if right { Ok(()) } else { Err(Difference::MissingColumn(column.to_owned())) };
        plain(&gold, &answer, expected);
    };
    // Money: less than a cent.
    one("12.3456", "average_order_value", "12.35", "n", true);
    one("10.00", "revenue", "10.00", "d", true);
    one("10.00", "revenue", "10.01", "d", false);
    one("10.00", "revenue", "9.99", "d", false);
    one("1000000.00", "revenue", "1000000.01", "d", false);
    // Whole numbers: exactly.
    one("3", "orders", "3.0", "n", true);
    one("3", "orders", "3.005", "n", false);
    one("3", "orders", "4", "i", false);
    // Fractions: less than 0.0001; a percentage is no fraction.
    one("0.12345", "return_rate", "0.1235", "n", true);
    one("0.1234", "return_rate", "0.1236", "n", false);
    one("0.1234", "return_rate", "12.34", "n", false);
    // Durations: less than 0.001.
    one("2.5000", "transit_days", "2.5005", "n", true);
    one("2.5000", "transit_days", "2.502", "n", false);
    one("2.5000", "transit_days", "60.0", "n", false);
}

#[test]
fn order_counts_where_it_was_asked_for_and_up_to_ties() {
    let rules = Rules { ordered: vec!["units".to_owned()], ..Rules::default() };
    let gold = table("product:t units:i", &["Lamp|9", "Desk|4", "Chair|4", "Rug|1"]);
    check(&gold, &table("product:t:g units:i:m", &["Lamp|9", "Chair|4", "Desk|4", "Rug|1"]), &rules, Ok(()));
    let turned = table("product:t:g units:i:m", &["Rug|1", "Chair|4", "Desk|4", "Lamp|9"]);
    check(&gold, &turned, &rules, Err(Difference::Order("units".to_owned())));
    plain(&gold, &turned, Ok(()));
    let unknown = Rules { ordered: vec!["price".to_owned()], ..Rules::default() };
    check(&gold, &gold, &unknown, Err(Difference::Order("price".to_owned())));
}

#[test]
fn a_cut_answer_is_wrong_whatever_it_shows() {
    let gold = table("orders:i", &["3"]);
    let mut answer = gold.clone();
    answer.truncated = true;
    plain(&gold, &answer, Err(Difference::Truncated));
}

#[test]
fn roles_and_tolerances_of_the_case_come_first() {
    let gold = table("price:d", &["5.00"]);
    let answer = table("price:d:g", &["5.00"]);
    plain(&gold, &answer, Err(Difference::MissingColumn("price".to_owned())));
    let roles = BTreeMap::from([("price".to_owned(), Role::Dimension)]);
    check(&gold, &answer, &Rules { roles, ..Rules::default() }, Ok(()));
    let near = table("price:d:m", &["5.40"]);
    let tolerance = BTreeMap::from([("price".to_owned(), 0.5)]);
    check(&gold, &near, &Rules { tolerance, ..Rules::default() }, Ok(()));
}

#[test]
fn a_story_holds_every_gold_value_somewhere() {
    let rules = Rules { rows: Rows::Contained, ..Rules::default() };
    let gold = table("status:t total:d", &["shipped|12.50", "paid|3.00"]);
    let story = table("at:t what:t amount:d", &["x|order shipped, 12.50 EUR|NULL", "y|paid|3.00"]);
    check(&gold, &story, &rules, Ok(()));
    let other = table("at:t what:t amount:d", &["x|reshipped|12.50", "y|paid|3.00"]);
    check(&gold, &other, &rules, Err(Difference::MissingValue("shipped".to_owned())));
    let number = table("what:t", &["shipped 112.50", "paid 3.00"]);
    check(&gold, &number, &rules, Err(Difference::MissingValue("12.50".to_owned())));
    let moment = table("promised_at:t", &["2026-01-17T20:00:00.000Z"]);
    check(&moment, &table("what:t", &["parcel, promised 2026-01-17 20:00:00"]), &rules, Ok(()));
    let later = Err(Difference::MissingValue("2026-01-17T20:00:00.000Z".to_owned()));
    check(&moment, &table("what:t", &["parcel, promised 2026-01-17 20:00:01"]), &rules, later);
    check(&gold, &table("what:t", &[]), &rules, Err(Difference::MissingValue("shipped".to_owned())));
}
