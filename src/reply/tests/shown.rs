//! Whole replies at three widths, charts, refusals and errors.

use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::query::{Direction, Ranking, Ties};
use oms_tools::{Cell, Column, ColumnType, Role, Unit};

use super::fixture::{
    answered, asked, dimension, measure, money, report, revenue, revenue_by_country, revenue_by_month, text,
    vocabulary, without_rows,
};
use crate::reply::surface::Surface;
use crate::reply::table::{self, Rows};
use crate::reply::{Reply, ReplyError, Status, chart, csv, terminal};

fn shown(reply: &Reply, width: usize) -> String {
    terminal::render(reply, &vocabulary(), &Surface::terminal(width, false))
}

fn ascii(width: usize) -> Surface {
    Surface { unicode: false, ..Surface::terminal(width, false) }
}

fn top_products() -> OrdersReport {
    let mut query = asked(&["revenue", "units_sold"], &["product"]);
    query.ranking = Some(Ranking {
        by: "revenue".into(),
        direction: Direction::Top,
        limit: Some(4),
        ties: Ties::Cut,
        per: None,
        skip: 0,
        together: false,
        change: None,
    });
    report(
        Some(query),
        vec![dimension("product"), revenue(), measure("units_sold", ColumnType::Integer, Unit::Count)],
        vec![
            vec![
                text("Noise cancelling headphones with a very long product name, second edition"),
                money("45000.90"),
                Cell::Integer(1210),
            ],
            vec![text("電気スタンド 木製"), money("12000.00"), Cell::Integer(300)],
            vec![text("Lamp \x1b[31mred\x1b[0m\u{202e}"), money("900.00"), Cell::Integer(12)],
            vec![text("Café chair"), money("0.00"), Cell::Integer(0)],
        ],
    )
}

#[test]
fn a_ranking() {
    for width in [40, 80, 200] {
        insta::assert_snapshot!(format!("ranking_{width}"), shown(&answered(top_products()), width));
    }
}

#[test]
fn a_split() {
    let mut report = revenue_by_country();
    report.notes.push("read `contry` as country".into());
    insta::assert_snapshot!(shown(&answered(report), 80));
}

#[test]
fn a_series_with_a_gap() {
    let months = [
        "100.00", "120.50", "90.00", "", "160.00", "150.00", "170.00", "165.00", "200.00", "180.00", "420.00", "500.00",
    ];
    let reply = answered(revenue_by_month(&months));
    insta::assert_snapshot!("series_80", shown(&reply, 80));
    let drawn = chart::draw(reply.report.as_ref().unwrap(), &vocabulary(), &ascii(60)).unwrap();
    insta::assert_snapshot!("series_ascii_60", drawn);
}

#[test]
fn several_series() {
    let mut rows = Vec::new();
    for (month, germany, spain) in
        [("2025-10", "10.00", "4.00"), ("2025-11", "30.00", "8.00"), ("2025-12", "20.00", "")]
    {
        rows.push(vec![text(month), text("DE"), money(germany)]);
        if !spain.is_empty() {
            rows.push(vec![text(month), text("ES"), money(spain)]);
        }
    }
    let query = asked(&["revenue"], &["month", "ship_country"]);
    let report = report(Some(query), vec![dimension("month"), dimension("ship_country"), revenue()], rows);
    insta::assert_snapshot!(shown(&answered(report), 80));
}

#[test]
fn bars_below_zero() {
    let query = asked(&["gross_profit"], &["category"]);
    let profit = measure("gross_profit", ColumnType::Decimal, Unit::Euro);
    let rows = vec![
        vec![text("Audio"), money("200.00")],
        vec![text("Books"), money("-100.00")],
        vec![text("Toys"), money("0.00")],
        vec![Cell::Null, Cell::Null],
    ];
    let report = report(Some(query), vec![dimension("category"), profit], rows);
    insta::assert_snapshot!(
        "bars_below_zero",
        chart::draw(&report, &vocabulary(), &Surface::terminal(50, false)).unwrap()
    );
    insta::assert_snapshot!("bars_below_zero_ascii", chart::draw(&report, &vocabulary(), &ascii(50)).unwrap());
}

#[test]
fn charts_that_are_not_drawn() {
    let surface = Surface::terminal(80, false);
    let drawn = |report: &OrdersReport| chart::draw(report, &vocabulary(), &surface);
    let mut one = revenue_by_country();
    one.table.rows.truncate(1);
    assert_eq!(drawn(&one), None, "one row");
    let mut empty = revenue_by_country();
    for row in &mut empty.table.rows {
        row[1] = Cell::Null;
    }
    assert_eq!(drawn(&empty), None, "no figure");
    let attribute =
        Column { name: "order_number".into(), kind: ColumnType::String, role: Role::Attribute, unit: Unit::Plain };
    let list = report(None, vec![attribute], vec![vec![text("a")], vec![text("b")]]);
    assert_eq!(drawn(&list), None, "no measure");
    let mut zeros = revenue_by_month(&["0.00", "0.00", "0.00"]);
    assert!(drawn(&zeros).is_some(), "zeros are figures");
    zeros.table.rows.truncate(2);
    assert!(drawn(&zeros).is_some_and(|bars| !bars.contains('│')), "two months are bars");
}

#[test]
fn more_rows_than_the_screen_shows() {
    let column = measure("n", ColumnType::Integer, Unit::Plain);
    let rows = (0..1500).map(|number| vec![Cell::Integer(number)]).collect();
    let report = report(None, vec![column], rows);
    let surface = Surface { rows: 3, ..Surface::terminal(80, false) };
    insta::assert_snapshot!(table::render(&report.table, &vocabulary(), &surface, Rows::Screen));
    let all = table::render(&report.table, &vocabulary(), &surface, Rows::All);
    assert_eq!(all.lines().count(), 1502);
}

#[test]
fn more_columns_than_the_terminal_has_room_for() {
    let mut columns = vec![dimension("product")];
    let mut row = vec![text("A lamp with a name that is far too long for this terminal")];
    for index in 0..8 {
        columns.push(measure(&format!("figure_{index}"), ColumnType::Decimal, Unit::Euro));
        row.push(money("123456789.12"));
    }
    let report = report(None, columns, vec![row.clone(), row]);
    let surface = Surface::terminal(40, false);
    let drawn = table::render(&report.table, &vocabulary(), &surface, Rows::Screen);
    insta::assert_snapshot!(drawn);
    assert_eq!(drawn.matches("€ 123,456,789.12").count(), 16, "a figure is never cut");
}

#[test]
fn plain_where_there_is_no_terminal() {
    let reply = answered(top_products());
    insta::assert_snapshot!(terminal::render(&reply, &vocabulary(), &Surface::plain()));
}

#[test]
fn colours_only_where_asked() {
    let reply = answered(revenue_by_country());
    let coloured = terminal::render(&reply, &vocabulary(), &Surface::terminal(80, true));
    assert!(coloured.contains("\x1b[36m"));
    assert!(!shown(&reply, 80).contains('\x1b'));
}

#[test]
fn asked_back() {
    let mut reply = without_rows(Status::Clarification, "\"sales\" can be read in two ways.");
    reply.choices = vec!["revenue in December 2025".into(), "units sold in December 2025".into()];
    insta::assert_snapshot!(shown(&reply, 80));
}

#[test]
fn refused_and_failed() {
    let mut reply = without_rows(Status::Refused, "");
    let message = "refused to run this statement: it would change table `orders`; only SELECT is allowed";
    reply.error = Some(ReplyError { kind: "refused".into(), message: message.into(), hint: String::new() });
    insta::assert_snapshot!("refused", shown(&reply, 60));
    reply.status = Status::Error;
    reply.error = Some(ReplyError {
        kind: "unavailable".into(),
        message: "cannot reach the database at `/run/oms.sock`: connection refused".into(),
        hint: "oms db start\noms doctor".into(),
    });
    insta::assert_snapshot!("failed", shown(&reply, 80));
}

#[test]
fn csv_keeps_the_values_and_guards_formulas() {
    let columns = vec![dimension("product"), revenue(), measure("change", ColumnType::Number, Unit::Percent)];
    let rows = vec![
        vec![text("=HYPERLINK(\"http://x\")"), money("-1.50"), Cell::Number(-0.125)],
        vec![text("a, b\nc"), Cell::Null, Cell::Integer(3)],
        vec![text("@SUM"), money("0.10"), Cell::Boolean(true)],
    ];
    let mut written = Vec::new();
    csv::write(&report(None, columns, rows).table, &mut written).unwrap();
    assert_eq!(
        String::from_utf8(written).unwrap(),
        "product,revenue,change\r\n\"'=HYPERLINK(\"\"http://x\"\")\",-1.50,-0.125\r\n\"a, b\nc\",,3\r\n'@SUM,0.10,true\r\n"
    );
}
