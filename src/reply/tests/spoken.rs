//! The computed sentences: a report and what is said of it.

use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{
    Asked, AskedOf, Change, Comparison, Count, Direction, Filter, FilterOp, MeasureFilter, Ranking, RowList, SetFilter,
    Share, Ties, TimeRange, TimeUnit,
};
use oms_tools::{Cell, Column, ColumnType, Role, Unit};

use super::fixture::{
    asked, december, dimension, measure, midnight, money, range, report, revenue, revenue_by_country, revenue_by_month,
    text, vocabulary,
};
use crate::reply::sentence::say;

#[track_caller]
fn check(report: &OrdersReport, expected: &str) {
    assert_eq!(say(report, &vocabulary()), expected);
}

fn orders() -> Column {
    measure("orders", ColumnType::Integer, Unit::Count)
}

fn ranking(limit: Option<u32>, direction: Direction) -> Ranking {
    Ranking {
        by: "revenue".into(),
        direction,
        limit,
        ties: Ties::Cut,
        per: None,
        skip: 0,
        together: false,
        change: None,
    }
}

#[test]
fn yes_or_no_comes_from_the_row() {
    for (op, values, cell, said) in [
        (FilterOp::Above, &["500"][..], "500.01", "Yes, above € 500.00. Revenue was"),
        (FilterOp::Above, &["500"], "500.00", "No, not above € 500.00. Revenue was"),
        (FilterOp::AtLeast, &["500"], "500.00", "Yes, at least € 500.00. Revenue was"),
        (FilterOp::Below, &["500"], "499.999", "Yes, below € 500.00 (just below it). Revenue was"),
        (FilterOp::Between, &["1", "2"], "3", "No, not between € 1.00 and € 2.00. Revenue was"),
    ] {
        let mut query = asked(&["revenue"], &[]);
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        query.asked = Some(Asked { measure: "revenue".into(), op, values, of: AskedOf::Figure });
        let said_of = |query, cell| say(&report(Some(query), vec![revenue()], vec![vec![cell]]), &vocabulary());
        let sentence = said_of(query.clone(), money(cell));
        assert!(sentence.starts_with(said), "{sentence}");
        // No figure, or another one than the bound is on: neither yes nor no.
        assert!(said_of(query.clone(), Cell::Null).starts_with("There is no"), "a verdict without a figure");
        query.asked.as_mut().unwrap().measure = "orders".into();
        assert!(said_of(query, money(cell)).starts_with("Revenue was"), "a verdict on another figure");
    }
}

/// "did Germany sell more than Spain", "was it more than a year before": of two figures that are both there, or not at all.
#[test]
fn one_against_the_other_comes_from_both_figures() {
    for (op, values, said) in [
        (FilterOp::Above, ["DE", "ES"], "Yes, Germany (DE) more than Spain (ES). "),
        (FilterOp::Below, ["DE", "ES"], "No, Germany (DE) not less than Spain (ES). "),
        (FilterOp::Above, ["ES", "DE"], "No, Spain (ES) not more than Germany (DE). "),
        (FilterOp::Above, ["DE", "FR"], "Revenue"),
    ] {
        let mut report = revenue_by_country();
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let asked = Asked { measure: "revenue".into(), op, values, of: AskedOf::Other };
        report.query.as_mut().unwrap().asked = Some(asked);
        let sentence = say(&report, &vocabulary());
        assert!(sentence.starts_with(said), "{sentence}");
    }
    let mut query = asked(&["revenue"], &[]);
    query.compare = Some(Comparison::PreviousYear);
    query.asked =
        Some(Asked { measure: "revenue".into(), op: FilterOp::Above, values: Vec::new(), of: AskedOf::Other });
    let before = measure("revenue_previous", ColumnType::Decimal, Unit::Euro);
    for (now, then, said) in [
        (money("2"), money("1"), "Yes, more than in December 2024. "),
        (money("1"), money("1"), "No, as much as in December 2024. "),
        (money("1"), Cell::Null, "Revenue was"),
    ] {
        let report = report(Some(query.clone()), vec![revenue(), before.clone()], vec![vec![now, then]]);
        let sentence = say(&report, &vocabulary());
        assert!(sentence.starts_with(said), "{sentence}");
    }
}

/// "is Spain our biggest market": of the first of all, alone or with those that share its place.
#[test]
fn the_first_is_the_named_one_or_another() {
    for (rows, named, said) in [
        (1, "DE", "Yes, it is Germany (DE). "),
        (1, "ES", "No, it is not Spain (ES). "),
        (2, "ES", "Yes, Spain (ES) is one of 2. "),
    ] {
        let mut report = revenue_by_country();
        report.table.rows.truncate(rows);
        let values = vec![named.to_owned()];
        let asked = Asked { measure: "revenue".into(), op: FilterOp::Above, values, of: AskedOf::Other };
        report.query.as_mut().unwrap().asked = Some(asked);
        let sentence = say(&report, &vocabulary());
        assert!(sentence.starts_with(said), "{sentence}");
    }
}

#[test]
fn one_figure() {
    let mut query = asked(&["revenue"], &[]);
    let one = |query: &oms_tools::orders::semantic::SemanticQuery, cell| {
        report(Some(query.clone()), vec![revenue()], vec![vec![cell]])
    };
    check(
        &one(&query, money("1234.50")),
        "Revenue was € 1,234.50 in December 2025 (2025-12-01 to 2025-12-31 UTC; line totals of orders not cancelled).",
    );
    check(
        &one(&query, Cell::Null),
        "There is no revenue in December 2025: no rows to compute it from (2025-12-01 to 2025-12-31 UTC; line totals of \
         orders not cancelled).",
    );
    query.time = None;
    check(&one(&query, money("5")), "Revenue was € 5.00 over all data (line totals of orders not cancelled).");
    query.time = Some(TimeRange {
        from: Some(midnight(2026, 1, 1)),
        to: Some(midnight(2026, 1, 14) + chrono::Duration::hours(12)),
        label: "this month".into(),
        unit: None,
        running: true,
    });
    check(
        &one(&query, money("5")),
        "Revenue was € 5.00 this month so far (2026-01-01 00:00 to before 2026-01-14 12:00 UTC; line totals of orders not \
         cancelled).",
    );
}

#[test]
fn counts_are_said_as_counts() {
    for (count, expected) in [
        (0, "There were 0 orders in December 2025"),
        (1, "There was 1 order in December 2025"),
        (1234, "There were 1,234 orders in December 2025"),
    ] {
        let report = report(Some(asked(&["orders"], &[])), vec![orders()], vec![vec![Cell::Integer(count)]]);
        check(&report, &format!("{expected} (2025-12-01 to 2025-12-31 UTC; count of orders, whatever their status)."));
    }
    let mut stock = asked(&["stock"], &[]);
    stock.time = None;
    let stock_column = measure("stock", ColumnType::Integer, Unit::Count);
    check(
        &report(Some(stock), vec![stock_column], vec![vec![Cell::Integer(98765)]]),
        "Stock: 98,765 now (sum of units on hand).",
    );
}

#[test]
fn rates_and_durations_have_their_units() {
    let rate = measure("on_time_rate", ColumnType::Number, Unit::Percent);
    check(
        &report(Some(asked(&["on_time_rate"], &[])), vec![rate], vec![vec![Cell::Number(0.9312)]]),
        "On time rate was 93.1 % in December 2025 (2025-12-01 to 2025-12-31 UTC; parcels delivered by the promised time / \
         delivered parcels).",
    );
    let days = measure("transit_time", ColumnType::Number, Unit::Days);
    check(
        &report(Some(asked(&["transit_time"], &[])), vec![days], vec![vec![Cell::Number(2.96)]]),
        "Transit time was 3.0 days in December 2025 (2025-12-01 to 2025-12-31 UTC; average of delivered - shipped).",
    );
}

#[test]
fn several_figures_are_named() {
    let query = asked(&["revenue", "orders"], &[]);
    check(
        &report(Some(query), vec![revenue(), orders()], vec![vec![money("99.90"), Cell::Integer(3)]]),
        "In December 2025: revenue € 99.90 and orders 3 (2025-12-01 to 2025-12-31 UTC; revenue: line totals of orders not \
         cancelled; orders: count of orders, whatever their status).",
    );
}

#[test]
fn conditions_are_told() {
    let mut query = asked(&["revenue"], &[]);
    let filter = |dimension: &str, op, values: &[&str]| Filter {
        dimension: dimension.into(),
        op,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    query.filters = vec![
        filter("channel", FilterOp::In, &["web", "mobile"]),
        filter("ship_country", FilterOp::NotIn, &["ES"]),
        filter("price", FilterOp::Between, &["10", "20"]),
    ];
    query.having = vec![MeasureFilter {
        measure: "orders".into(),
        op: FilterOp::Above,
        values: vec!["3".into()],
        of_total: false,
        of_change: None,
    }];
    query.sets = vec![SetFilter { who: "customer".into(), what: "orders".into(), has: false, ..SetFilter::default() }];
    check(
        &report(Some(query), vec![revenue()], vec![vec![money("7.00")]]),
        "Revenue for channel web or mobile and price between 10 and 20, without shipping country Spain (ES), with orders \
         above 3, never having orders was € 7.00 in December 2025 (2025-12-01 to 2025-12-31 UTC; line totals of orders not \
         cancelled).",
    );
}

/// "late parcels", "lines with a discount": where a title and a value would not read as what they mean.
#[test]
fn states_are_told_as_what_they_mean() {
    let said = |dimension: &str, op, value: &str| {
        let mut query = asked(&["revenue"], &[]);
        query.filters = vec![Filter { dimension: dimension.into(), op, values: vec![value.into()] }];
        say(&report(Some(query), vec![revenue()], vec![vec![money("7.00")]]), &vocabulary())
    };
    for (dimension, op, value, expected) in [
        ("parcel_late", FilterOp::In, "late", "Revenue for late parcels was"),
        ("parcel_late", FilterOp::NotIn, "late", "Revenue without late parcels was"),
        ("back_order", FilterOp::In, "yes", "Revenue for lines on back order was"),
        ("discounted", FilterOp::In, "yes", "Revenue for lines with a discount was"),
        ("discounted", FilterOp::In, "no", "Revenue for lines without a discount was"),
    ] {
        let said = said(dimension, op, value);
        assert!(said.starts_with(expected), "{said}");
    }
}

/// "how many customers bought": of those that are counted it is told what they have.
#[test]
fn a_count_of_groups_says_what_they_have() {
    let mut query = asked(&["units_sold"], &[]);
    query.count_of = Some("product".into());
    let columns = || vec![measure("products", ColumnType::Integer, Unit::Count)];
    let of = |query: SemanticQuery| say(&report(Some(query), columns(), vec![vec![Cell::Integer(12)]]), &vocabulary());
    let said = of(query.clone());
    assert!(said.starts_with("There were 12 products with units sold in December 2025 ("), "{said}");
    query.having = vec![MeasureFilter {
        measure: "units_sold".into(),
        op: FilterOp::Above,
        values: vec!["3".into()],
        of_total: false,
        of_change: None,
    }];
    let said = of(query);
    assert!(said.starts_with("There were 12 products with units sold above 3 in December 2025 ("), "{said}");
}

/// "countries that fell by more than 10 %": the condition is said as people say it; where groups are counted, with its base.
#[test]
fn a_condition_on_a_change_says_which_way() {
    let mut query = asked(&["revenue"], &["ship_country"]);
    query.compare = Some(Comparison::PreviousYear);
    let figure = |name: &str| measure(name, ColumnType::Decimal, Unit::Euro);
    let columns = vec![
        dimension("ship_country"),
        revenue(),
        figure("revenue_previous"),
        figure("revenue_difference"),
        measure("revenue_change", ColumnType::Number, Unit::Percent),
    ];
    let row = vec![text("ES"), money("60.00"), money("40.00"), money("20.00"), Cell::Number(0.5)];
    for (op, value, change, expected) in [
        (FilterOp::Above, "0", Change::Difference, "with revenue up"),
        (FilterOp::AtLeast, "0.2", Change::Percent, "with revenue up by at least 20.0 %"),
        (FilterOp::Below, "0", Change::Difference, "with revenue down"),
        (FilterOp::Below, "-0.1", Change::Percent, "with revenue down by more than 10.0 %"),
        (FilterOp::AtMost, "-500", Change::Difference, "with revenue down by at least € 500.00"),
        (FilterOp::Above, "-5", Change::Difference, "with a change of revenue above -€ 5.00"),
    ] {
        query.having = vec![MeasureFilter {
            measure: "revenue".into(),
            op,
            values: vec![value.into()],
            of_total: false,
            of_change: Some(change),
        }];
        let said = say(&report(Some(query.clone()), columns.clone(), vec![row.clone()]), &vocabulary());
        assert!(said.contains(expected), "{said}");
    }
    query.dimensions.clear();
    query.count_of = Some("ship_country".into());
    query.having[0].values = vec!["0".into()];
    let counted = vec![measure("ship_countries", ColumnType::Integer, Unit::Count)];
    let said = say(&report(Some(query), counted, vec![vec![Cell::Integer(2)]]), &vocabulary());
    assert!(said.contains("with revenue up against the figures in December 2024"), "{said}");
}

#[test]
fn a_row_that_is_looked_for_says_how_many_and_when() {
    let count = |query: &SemanticQuery| report(Some(query.clone()), vec![orders()], vec![vec![Cell::Integer(12)]]);
    let mut query = asked(&["orders"], &[]);
    let lines = |at_least, at_most| SetFilter {
        who: "order".into(),
        what: "lines".into(),
        has: true,
        count: Some(Count { at_least, at_most }),
        ..SetFilter::default()
    };
    for (set, words) in [
        (lines(3, None), "having at least 3 lines"),
        (lines(1, Some(1)), "having exactly 1 line"),
        (lines(2, Some(4)), "having 2 to 4 lines"),
    ] {
        query.sets = vec![set];
        let said = say(&count(&query), &vocabulary());
        assert!(said.starts_with(&format!("There were 12 orders {words} in December 2025 (")), "{said}");
    }
    // The count's own range stands beside what it is of, not behind that of the row.
    let time = Some(range(midnight(2025, 1, 1), midnight(2026, 1, 1)));
    query.sets =
        vec![SetFilter { who: "customer".into(), what: "orders".into(), has: true, time, ..SetFilter::default() }];
    let said = say(&count(&query), &vocabulary());
    assert!(said.starts_with("There were 12 orders in December 2025, having orders in 2025 ("), "{said}");
}

#[test]
fn the_sum_of_a_ranking_says_of_what_it_is() {
    let mut query = asked(&["revenue"], &["ship_country"]);
    query.ranking = Some(Ranking { together: true, ..ranking(Some(3), Direction::Top) });
    query.share = Some(Share::OfGroups);
    let columns = vec![revenue(), measure("revenue_share", ColumnType::Number, Unit::Percent)];
    let said = say(&report(Some(query), columns, vec![vec![money("90.00"), Cell::Number(0.9)]]), &vocabulary());
    let expected = "Revenue of the top 3 shipping countries by revenue together was € 90.00 in December 2025, 90.0 % of the total (";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn comparisons_say_the_change() {
    let columns = || {
        vec![
            revenue(),
            measure("revenue_previous", ColumnType::Decimal, Unit::Euro),
            measure("revenue_difference", ColumnType::Decimal, Unit::Euro),
            measure("revenue_change", ColumnType::Number, Unit::Percent),
        ]
    };
    let mut query = asked(&["revenue"], &[]);
    query.compare = Some(Comparison::PreviousPeriod);
    let rows = |now: &str, before: Cell, change: Cell| vec![vec![money(now), before, Cell::Null, change]];
    let basis = "(2025-12-01 to 2025-12-31 UTC; line totals of orders not cancelled).";
    for (rows, expected) in [
        (
            rows("110.10", money("100.00"), Cell::Number(0.101)),
            "up € 10.10 (10.1 %) from € 100.00 in the period before",
        ),
        (
            rows("50.00", money("100.00"), Cell::Number(-0.5)),
            "down € 50.00 (-50.0 %) from € 100.00 in the period before",
        ),
        (rows("50.00", money("0.00"), Cell::Null), "up € 50.00 from € 0.00 in the period before"),
        (rows("50.00", money("50.00"), Cell::Number(0.0)), "unchanged from € 50.00 in the period before"),
        (rows("50.00", Cell::Null, Cell::Null), "with nothing to compare with in the period before"),
    ] {
        let Cell::Decimal(now) = &rows[0][0] else { unreachable!() };
        let said = format!("Revenue was € {now} in December 2025, {expected} {basis}");
        check(&report(Some(query.clone()), columns(), rows), &said);
    }
    query.dimensions = vec!["ship_country".into()];
    let mut columns = columns();
    columns.insert(0, dimension("ship_country"));
    let row = |country: &str, now: &str, before: &str, change: f64| {
        vec![text(country), money(now), money(before), Cell::Null, Cell::Number(change)]
    };
    check(
        &report(Some(query), columns, vec![row("DE", "90.00", "100.00", -0.1), row("ES", "60.00", "40.00", 0.5)]),
        "Revenue by shipping country in December 2025: € 150.00 in total over 2 shipping countries; largest rise against the \
         figures in the period before: Spain (ES) up € 20.00 (50.0 %) from € 40.00; largest fall: Germany (DE) down € 10.00 \
         (-10.0 %) from € 100.00 (2025-12-01 to 2025-12-31 UTC; line totals of orders not cancelled).",
    );
}

#[test]
fn comparisons_name_the_other_range() {
    let said = |compare: Comparison, time: TimeRange| {
        let mut query = asked(&["revenue"], &[]);
        query.compare = Some(compare);
        query.time = Some(time);
        let columns = vec![revenue(), measure("revenue_previous", ColumnType::Decimal, Unit::Euro)];
        say(&report(Some(query), columns, vec![vec![money("2.00"), money("1.00")]]), &vocabulary())
    };
    let month = || TimeRange { unit: Some(TimeUnit::Month), ..december() };
    let running = || TimeRange { running: true, to: Some(midnight(2025, 12, 14)), ..month() };
    let quarter = || super::fixture::range(midnight(2025, 10, 1), midnight(2026, 1, 1));
    for (compare, time, expected) in [
        (Comparison::PreviousPeriod, month(), "from € 1.00 in November 2025 ("),
        (Comparison::PreviousYear, month(), "from € 1.00 in December 2024 ("),
        (Comparison::PreviousPeriod, running(), "from € 1.00 in the same part of the month before ("),
        (Comparison::PreviousPeriod, december(), "from € 1.00 in the period before ("),
        (Comparison::PreviousYear, running(), "from € 1.00 over 2024-12-01 to 2024-12-13 ("),
        (Comparison::Range(quarter()), month(), "from € 1.00 in Q4 2025 ("),
    ] {
        let said = said(compare, time);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_statement_s_aliases_are_its_own() {
    let share = measure("market_share", ColumnType::Number, Unit::Plain);
    let rows = vec![vec![text("a"), Cell::Number(1.0)], vec![text("b"), Cell::Number(2.0)]];
    let report = report(None, vec![dimension("name"), share], rows);
    assert!(
        crate::reply::chart::draw(&report, &vocabulary(), &crate::reply::surface::Surface::terminal(80, false))
            .is_some()
    );
}

#[test]
fn shares_are_of_the_total() {
    let mut query = asked(&["orders"], &[]);
    query.filters = vec![Filter { dimension: "channel".into(), op: FilterOp::In, values: vec!["mobile".into()] }];
    query.share = Some(Share::OfWithout("channel".into()));
    let share = measure("orders_share", ColumnType::Number, Unit::Percent);
    check(
        &report(Some(query), vec![orders(), share], vec![vec![Cell::Integer(345), Cell::Number(0.345)]]),
        "There were 345 orders for channel mobile in December 2025, 34.5 % of the total over every channel (2025-12-01 to \
         2025-12-31 UTC; count of orders, whatever their status).",
    );
}

#[test]
fn groups_say_total_highest_and_lowest() {
    check(
        &revenue_by_country(),
        "Revenue by shipping country in December 2025: € 201,268.55 in total over 3 shipping countries; highest Germany (DE) \
         with € 120,034.50; lowest Portugal (PT) with € 1,234.05 (2025-12-01 to 2025-12-31 UTC; line totals of orders not \
         cancelled).",
    );
    check(
        &revenue_by_month(&["10.00", "", "30.10"]),
        "Revenue by month in 2025: € 40.10 in total over 3 months; highest 2025-03 with € 30.10; lowest 2025-01 with € 10.00 \
         (2025-01-01 to 2025-12-31 UTC; line totals of orders not cancelled).",
    );
}

#[test]
fn what_does_not_add_up_is_not_summed() {
    let total = |report: &OrdersReport| say(report, &vocabulary()).contains("in total");
    let count = |query| {
        report(
            Some(query),
            vec![dimension("category"), orders()],
            vec![vec![text("Books"), Cell::Integer(3)], vec![text("Toys"), Cell::Integer(4)]],
        )
    };
    assert!(total(&revenue_by_country()));
    // Orders overlap between categories, buyers everywhere, and an average is no part of a sum.
    assert!(!total(&count(asked(&["orders"], &["category"]))));
    assert!(total(&count(asked(&["orders"], &["channel"]))));
    let mut cut = revenue_by_country();
    cut.table.truncated = true;
    assert!(!total(&cut));
    assert!(
        say(&cut, &vocabulary()).contains(": the first 3 shipping countries, where a limit cut the result; highest")
    );
    let mut overlapping = revenue_by_country();
    overlapping.notes.push("groups overlap".into());
    assert!(!total(&overlapping));
    for name in ["buyers", "average_order_value", "on_time_rate", "a_measure_of_tomorrow"] {
        let column = measure(name, ColumnType::Integer, Unit::Count);
        let rows = vec![vec![text("DE"), Cell::Integer(1)], vec![text("ES"), Cell::Integer(2)]];
        assert!(!total(&report(
            Some(asked(&[name], &["ship_country"])),
            vec![dimension("ship_country"), column],
            rows
        )));
    }
}

#[test]
fn rankings_name_the_leader() {
    let mut top = revenue_by_country();
    let set = |report: &mut OrdersReport, ranking| report.query.as_mut().unwrap().ranking = Some(ranking);
    set(&mut top, ranking(Some(3), Direction::Top));
    let basis = "(2025-12-01 to 2025-12-31 UTC; line totals of orders not cancelled).";
    check(
        &top,
        &format!(
            "Top 3 shipping countries by revenue in December 2025: Germany (DE) highest with € 120,034.50; together \
             € 201,268.55 {basis}"
        ),
    );
    set(&mut top, ranking(Some(3), Direction::Bottom));
    check(
        &top,
        &format!(
            "Bottom 3 shipping countries by revenue in December 2025: Portugal (PT) lowest with € 1,234.05; together \
             € 201,268.55 {basis}"
        ),
    );
    set(&mut top, ranking(Some(1), Direction::Top));
    top.table.rows.truncate(1);
    check(&top, &format!("Germany (DE) had the highest revenue in December 2025: € 120,034.50 {basis}"));
    top.table.rows.push(vec![text("PT"), money("120034.50")]);
    check(
        &top,
        &format!(
            "Germany (DE) and Portugal (PT) tie for the highest revenue in December 2025 with € 120,034.50 each {basis}"
        ),
    );
}

/// "which country grew most": the change is what is ranked and told, with the figures it is against.
#[test]
fn a_ranking_by_change_tells_the_change() {
    let columns = vec![
        dimension("ship_country"),
        revenue(),
        measure("revenue_previous", ColumnType::Decimal, Unit::Euro),
        measure("revenue_difference", ColumnType::Decimal, Unit::Euro),
        measure("revenue_change", ColumnType::Number, Unit::Percent),
    ];
    let row = |country: &str, now: &str, before: &str, difference: &str, change: f64| {
        vec![text(country), money(now), money(before), money(difference), Cell::Number(change)]
    };
    // Germany sold more, but Spain grew: by amount and relatively.
    let rows = [row("ES", "60.00", "40.00", "20.00", 0.5), row("DE", "101.00", "100.00", "1.00", 0.01)];
    let mut query = asked(&["revenue"], &["ship_country"]);
    query.compare = Some(Comparison::PreviousYear);
    for (change, limit, expected) in [
        (
            Change::Difference,
            2,
            "Top 2 shipping countries by change of revenue in December 2025 against the figures in December 2024: \
             Spain (ES) highest with € 20.00 (",
        ),
        (
            Change::Percent,
            1,
            "Spain (ES) had the highest change of revenue in percent in December 2025 against the figures in December 2024: \
             50.0 % (",
        ),
    ] {
        query.ranking = Some(Ranking { change: Some(change), ..ranking(Some(limit), Direction::Top) });
        let rows = rows[..limit as usize].to_vec();
        let said = say(&report(Some(query.clone()), columns.clone(), rows), &vocabulary());
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn nothing_is_said_as_nothing() {
    let mut none = revenue_by_country();
    none.table.rows.clear();
    check(
        &none,
        "There are no rows for revenue by shipping country in December 2025 (2025-12-01 to 2025-12-31 UTC; line totals of \
         orders not cancelled).",
    );
    check(&report(None, Vec::new(), Vec::new()), "The statement returned no rows.");
}

#[test]
fn lists_and_stories() {
    let number =
        |name: &str| Column { name: name.into(), kind: ColumnType::String, role: Role::Attribute, unit: Unit::Plain };
    let rows = |count: usize| (0..count).map(|row| vec![text(&format!("ORD-{row:07}"))]).collect::<Vec<_>>();
    let list = |count: usize, limit| {
        let mut query = asked(&[], &[]);
        query.list = Some(RowList {
            entity: "orders".into(),
            columns: Vec::new(),
            limit,
            order_by: None,
            ascending: false,
            ..RowList::default()
        });
        report(Some(query), vec![number("order_number")], rows(count))
    };
    check(&list(0, None), "There are no orders in December 2025 (2025-12-01 to 2025-12-31 UTC).");
    check(&list(1, None), "The only order in December 2025 (2025-12-01 to 2025-12-31 UTC).");
    check(&list(7, None), "All 7 orders in December 2025 (2025-12-01 to 2025-12-31 UTC), newest first.");
    check(
        &list(20, None),
        "20 orders in December 2025 (2025-12-01 to 2025-12-31 UTC), newest first; there may be more.",
    );
    let story = |rows: Vec<Vec<Cell>>| {
        let mut query = asked(&[], &[]);
        query.order_number = Some("ORD-0000042".into());
        query.time = None;
        let columns = ["at", "what", "detail"].map(number).into_iter().chain([Column {
            name: "amount".into(),
            kind: ColumnType::Decimal,
            role: Role::Attribute,
            unit: Unit::Euro,
        }]);
        report(Some(query), columns.collect(), rows)
    };
    check(&story(Vec::new()), "There is no order `ORD-0000042`.");
    let row = |at: &str, what: &str, detail: &str, amount| vec![text(at), text(what), text(detail), amount];
    check(
        &story(vec![
            row(
                "2026-01-02T10:00:00.000Z",
                "order",
                "ORD-0000042 shipped, web, ships to Lyon (FR), customer Zoë Martin",
                money("113.63"),
            ),
            row("2026-01-02T10:00:00.000Z", "event", "order.placed (version 1)", Cell::Null),
            row("2026-01-03T09:30:00.000Z", "parcel", "DPD DP1 from LIS-1, in_transit", Cell::Null),
            row("2026-01-03T09:30:00.000Z", "event", "order.shipped (version 2)", Cell::Null),
        ]),
        "Order `ORD-0000042` is shipped: placed on 2026-01-02 10:00 UTC, web, ships to Lyon (FR), customer Zoë Martin, \
         € 113.63 in all; parcel DPD DP1 from LIS-1, in_transit; last event `order.shipped` on 2026-01-03 09:30 UTC.",
    );
}

#[test]
fn medians_and_percentiles_are_named_as_such() {
    use oms_tools::orders::semantic::query::Statistic;
    let say_of = |statistic, per: Option<&str>, name: &str, unit| {
        let mut query = asked(&[name], &[]);
        query.statistic = Some(statistic);
        query.average_per = per.map(str::to_owned);
        let column = measure(name, ColumnType::Number, unit);
        let mut report = report(Some(query), vec![column], vec![vec![Cell::Number(4.5)]]);
        report.interpretation = "median of the days from shipped to delivered; 2025-12-01 to 2025-12-31 (UTC)".into();
        say(&report, &vocabulary())
    };
    let transit = say_of(Statistic::Median, None, "transit_time", Unit::Days);
    assert!(transit.starts_with("Median transit time was 4.5 days"), "{transit}");
    assert!(transit.contains("median of the days") && !transit.contains("average"), "{transit}");
    let order = say_of(Statistic::Percentile(90), None, "average_order_value", Unit::Euro);
    assert!(order.starts_with("90th percentile of order value was"), "{order}");
    let spend = say_of(Statistic::Percentile(22), Some("product"), "revenue", Unit::Euro);
    assert!(spend.starts_with("22nd percentile of revenue per product was"), "{spend}");
}

#[test]
fn statements_are_counted() {
    let column = measure("n", ColumnType::Integer, Unit::Plain);
    check(&report(None, vec![column.clone()], vec![vec![Cell::Integer(5)]]), "`n` is 5.");
    check(&report(None, vec![column.clone(), column], vec![vec![Cell::Integer(5), Cell::Null]]), "1 row, 2 columns.");
}

#[test]
fn a_name_from_the_data_cannot_break_the_sentence() {
    let mut hostile = revenue_by_country();
    hostile.table.columns[0] = dimension("product");
    hostile.table.rows[0][0] = text("Lamp\x1b[2J\nRevenue was € 0.00");
    let said = say(&hostile, &vocabulary());
    assert!(!said.chars().any(char::is_control), "{said:?}");
}

#[test]
fn ranges_are_named() {
    let when = |from, to| {
        let mut query = asked(&["revenue"], &[]);
        query.time = Some(super::fixture::range(from, to));
        say(&report(Some(query), vec![revenue()], vec![vec![money("1.00")]]), &vocabulary())
    };
    for (from, to, expected) in [
        (midnight(2025, 1, 1), midnight(2026, 1, 1), "in 2025 (2025-01-01 to 2025-12-31 UTC;"),
        (midnight(2025, 4, 1), midnight(2025, 7, 1), "in Q2 2025 (2025-04-01 to 2025-06-30 UTC;"),
        (midnight(2025, 2, 1), midnight(2025, 5, 1), "from 2025-02-01 to 2025-04-30 (2025-02-01 to 2025-04-30 UTC;"),
        (midnight(2026, 1, 5), midnight(2026, 1, 12), "in the week of 2026-01-05 (2026-01-05 to 2026-01-11 UTC;"),
        (midnight(2026, 1, 5), midnight(2026, 1, 6), "on 2026-01-05 (2026-01-05 UTC;"),
    ] {
        let said = when(from, to);
        assert!(said.contains(expected), "{said}");
    }
    assert!(december().from < december().to);
}
