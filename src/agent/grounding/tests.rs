//! Models that tell the truth, and models that lie in many ways. Each sentence stands beside the result that it speaks of.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use chrono::NaiveDateTime;
use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, Direction, Filter, FilterOp, Ranking, Ties};
use oms_tools::{Cell, ColumnType, Unit};

use super::{Ungrounded, judge};
use crate::reply::tests::fixture::{
    asked, dimension, measure, midnight, money, report, revenue, revenue_by_country, revenue_by_month, text, vocabulary,
};

fn now() -> NaiveDateTime {
    midnight(2026, 1, 14)
}

/// Sentences that must be shown and, behind `!`, such that must not.
fn check(report: &OrdersReport, sentences: &[&str]) {
    let mut wrong = Vec::new();
    for line in sentences {
        let (lie, sentence) = line.strip_prefix('!').map_or((false, *line), |sentence| (true, sentence));
        let judged = judge(sentence, &[report], &vocabulary(), now());
        if judged.is_err() != lie {
            wrong.push(format!("{line}: {judged:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn counted(name: &str, value: i128) -> OrdersReport {
    report(
        Some(asked(&[name], &[])),
        vec![measure(name, ColumnType::Integer, Unit::Count)],
        vec![vec![Cell::Integer(value)]],
    )
}

#[test]
fn one_figure() {
    check(
        &counted("orders", 600),
        &[
            "There were 600 orders.",
            "There were 600 orders in total in December 2025.",
            "Last month your shop had six hundred orders.",
            "In total, 600 orders were placed last month.",
            "About 600 orders.",
            "From 2025-12-01 to 2025-12-31 there were 600 orders.",
            // Another figure.
            "!There were 601 orders.",
            "!There were six hundred and one orders.",
            "!There were 60 dozen orders.",
            "!There were 6,000 orders.",
            "!There were 600k orders.",
            "!About 1000 orders.",
            "!There were at least 700 orders.",
            "!More than 600 orders were placed, 650.",
            "!There were -600 orders.",
            // Another unit or thing.
            "!There were 600 customers.",
            "!There were 600 units sold.",
            "!Revenue was € 600.",
            "!There were 600 % orders.",
            "!There were 600 dollars of orders.",
            "!There were 600 days.",
            "!There were 600 cancelled orders.",
            "!There were 600 profitable orders.",
            // Another time.
            "!There were 600 orders in November 2025.",
            "!There were 600 orders this month.",
            "!There were 600 orders in 2025.",
            "!There were 600 orders yesterday.",
            "!There were 600 orders last week.",
            "!There were 600 orders between 2025-12-01 and 2025-12-15.",
            // A name that nothing was asked of.
            "!There were 600 orders in Spain.",
            "!There were 600 orders for Acme.",
            // Emptiness, comparisons, opinions.
            "!There were no orders.",
            "!There were not 600 orders.",
            "!There weren't 600 orders.",
            "!None of the 600 orders.",
            "!There were 600 orders, more than in November.",
            "!Orders rose to 600.",
            "!Orders grew by 12 % to 600.",
            "!Orders doubled to 600.",
            "!There were 600 orders, the highest so far.",
            "!There were 600 orders, a great month!",
            "!There were 600 orders, half of them in Spain.",
            "!There were 600 orders, 50 a day.",
            "!There were 600 orders and 12 returns.",
            // Nothing at all.
            "!Here are your orders.",
            "!ok",
            "!",
            "!The average was 600 orders.",
            "!2025 orders were placed.",
        ],
    );
}

#[test]
fn money_and_rounding() {
    let amount = report(Some(asked(&["revenue"], &[])), vec![revenue()], vec![vec![money("201268.55")]]);
    check(
        &amount,
        &[
            "Revenue was € 201,268.55.",
            "Revenue was €201,268.55 last month.",
            "The revenue amounted to 201.268,55 euros.",
            "Revenue was EUR 201,269.",
            "Revenue was about 201 thousand euros.",
            "Revenue was 0.2 million euros.",
            "Revenue was over € 200,000.",
            "Revenue was more than € 201,000.",
            "Revenue was nearly 202,000 euros.",
            "Revenue was **€ 201,268.55**.",
            "!Revenue was € 201,268.54.",
            "!Revenue was $ 201,268.55.",
            "!Revenue was 201,268.55 dollars.",
            "!Revenue was € 201,268.55 k.",
            "!Revenue was € 201,000.",
            "!Revenue was nearly € 201,000.",
            "!Revenue was over € 202,000.",
            "!Revenue was over € 100,000.",
            "!Profit was € 201,268.55.",
            "!Net revenue was € 201,268.55.",
            "!Revenue was 201,268.55 %.",
            "!There were 201,269 orders.",
        ],
    );
}

#[test]
fn names_belong_to_their_figures() {
    check(
        &revenue_by_country(),
        &[
            "Germany had € 120,034.50, Spain € 80,000.00 and Portugal € 1,234.05.",
            "Revenue was € 120,034.50 in Germany, € 80,000 in Spain and € 1,234.05 in Portugal.",
            "Germany (DE) had the highest revenue with € 120,034.50.",
            "The highest revenue was in Germany with € 120,034.50, followed by Spain with € 80,000.",
            "The lowest revenue came from Portugal: € 1,234.05.",
            "In total, revenue was € 201,268.55 in December 2025.",
            "Germany had € 120,034.50, more than Spain with € 80,000.",
            "Germany had € 40,034.50 more than Spain.",
            "Germany had 1.5 times more revenue than Spain.",
            "Revenue in Germany was 50 % higher than in Spain.",
            "Spain accounted for 39.7 % of revenue.",
            "There were 3 countries.",
            "Germany was the top country. It had € 120,034.50.",
            // Swapped.
            "!Germany had € 80,000.00 and Spain € 120,034.50.",
            "!Revenue was € 80,000 in Germany, € 120,034.50 in Spain.",
            "!Spain had the highest revenue with € 80,000.",
            "!Portugal had the highest revenue.",
            "!The lowest revenue came from Spain: € 80,000.",
            "!The highest revenue was in Germany with € 120,034.50, followed by Portugal with € 1,234.05, then Spain with € 80,000.",
            "!Spain had more than Germany.",
            "!Germany had less than Spain.",
            "!Germany had € 30,000 more than Spain.",
            "!Revenue in Germany was 80 % higher than in Spain.",
            "!Germany had twice the revenue of Spain.",
            "!Spain accounted for 45 % of revenue.",
            // Not in the result.
            "!France had € 80,000.",
            "!Germany had € 120,034.50 and France nothing.",
            "!Revenue was € 120,034.50.",
            "!In total, revenue was € 200,000.",
            "!There were 4 countries.",
            "!There were 3 customers.",
            "!All countries had € 80,000.",
            "!Spain and Portugal had € 80,000.",
            "!Germany grew by 12 %.",
            "!Germany is our most loyal country.",
        ],
    );
}

#[test]
fn counts_by_channel() {
    let mut query = asked(&["orders"], &["channel"]);
    query.time = None;
    let rows = [("web", 312), ("mobile", 191), ("marketplace", 97)];
    let rows = rows.iter().map(|(name, count)| vec![text(name), Cell::Integer(*count)]).collect();
    let columns = vec![dimension("channel"), measure("orders", ColumnType::Integer, Unit::Count)];
    check(
        &report(Some(query), columns, rows),
        &[
            "The highest number of orders came from web with 312.",
            "Most orders came from web (312), followed by mobile (191) and marketplace (97).",
            "There were 600 orders in total: 312 from web, 191 from mobile and 97 from marketplace.",
            "The web channel accounted for 52 % of orders.",
            "!The highest number of orders came from mobile with 191.",
            "!The highest number of orders came from mobile with 312.",
            "!Most orders came from marketplace.",
            "!The mobile channel accounted for 52 % of orders.",
        ],
    );
}

#[test]
fn a_ranking_that_was_cut_knows_one_end() {
    let mut query = asked(&["revenue"], &["ship_country"]);
    query.ranking = Some(Ranking {
        by: "revenue".into(),
        direction: Direction::Top,
        limit: Some(2),
        skip: 0,
        ties: Ties::Cut,
        per: None,
        together: false,
        change: None,
    });
    let rows = vec![vec![text("DE"), money("120034.50")], vec![text("ES"), money("80000.00")]];
    let top = report(Some(query), vec![dimension("ship_country"), revenue()], rows);
    check(
        &top,
        &[
            "The top 2 countries by revenue were Germany with € 120,034.50 and Spain with € 80,000.",
            "Germany had the highest revenue.",
            "!Spain had the lowest revenue with € 80,000.",
            "!In total, revenue was € 200,034.50.",
            "!There were 2 countries.",
            "!The top 3 countries by revenue were Germany with € 120,034.50 and Spain with € 80,000.",
            "!Germany accounted for 60 % of revenue.",
        ],
    );
}

#[test]
fn months_are_names() {
    check(
        &revenue_by_month(&["100.00", "300.00", "200.00"]),
        &[
            "In February 2025 revenue was € 300.00.",
            "Revenue was highest in February 2025 with € 300.",
            "January 2025 had € 100, February 2025 € 300 and March 2025 € 200.",
            "!In January 2025 revenue was € 300.00.",
            "!Revenue was highest in March 2025 with € 200.",
            "!In April 2025 revenue was € 200.",
            "!In February 2024 revenue was € 300.",
            "!Revenue rose from € 100 in January 2025 to € 200 in March 2025, up 12 %.",
        ],
    );
}

#[test]
fn conditions_are_kept_or_left_out() {
    let with = |op, values: &[&str]| {
        let filter = Filter {
            dimension: "ship_country".into(),
            op,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let query = SemanticQuery { filters: vec![filter], ..asked(&["orders"], &[]) };
        report(Some(query), vec![measure("orders", ColumnType::Integer, Unit::Count)], vec![vec![Cell::Integer(42)]])
    };
    check(
        &with(FilterOp::In, &["ES"]),
        &[
            "There were 42 orders in Spain.",
            "There were 42 orders for ES last month.",
            "!There were 42 orders in Portugal.",
            "!There were 42 orders outside Spain.",
            "!There were 42 orders in all countries.",
        ],
    );
    check(
        &with(FilterOp::NotIn, &["ES"]),
        &[
            "There were 42 orders outside Spain.",
            "Without Spain there were 42 orders.",
            "!There were 42 orders in Spain.",
            "!There were 42 orders without Portugal.",
        ],
    );
    check(
        &with(FilterOp::In, &["ES", "PT"]),
        &[
            "There were 42 orders in Spain and Portugal.",
            "!There were 42 orders in Spain.",
            "!There were 42 orders in Portugal.",
        ],
    );
}

#[test]
fn comparisons_follow_the_rows() {
    let mut query = asked(&["revenue"], &[]);
    query.compare = Some(Comparison::PreviousYear);
    let columns = vec![
        revenue(),
        measure("revenue_previous", ColumnType::Decimal, Unit::Euro),
        measure("revenue_difference", ColumnType::Decimal, Unit::Euro),
        measure("revenue_change", ColumnType::Number, Unit::Percent),
    ];
    let rows = vec![vec![money("150.00"), money("120.00"), money("30.00"), Cell::Number(0.25)]];
    check(
        &report(Some(query), columns, rows),
        &[
            "Revenue rose by 25 % to € 150.",
            "Revenue increased from € 120 to € 150.",
            "Revenue was € 150 in December 2025, up 25 % from € 120 in December 2024.",
            "Revenue was € 30 higher than in December 2024.",
            "Revenue was € 150 in December 2025.",
            "!Revenue fell by 25 % to € 150.",
            "!Revenue rose by 20 % to € 150.",
            "!Revenue rose by 25 % to € 120.",
            "!Revenue increased from € 150 to € 120.",
            "!Revenue was € 150 in December 2024.",
            "!Revenue was € 120 in December 2025.",
            "!Revenue doubled.",
            "!Revenue was € 30 higher than in November 2025.",
            "!Revenue was unchanged.",
        ],
    );
}

#[test]
fn percents_and_several_measures() {
    let columns = vec![
        measure("orders", ColumnType::Integer, Unit::Count),
        revenue(),
        measure("on_time_rate", ColumnType::Number, Unit::Percent),
        measure("units_sold", ColumnType::Integer, Unit::Count),
    ];
    let rows = vec![vec![Cell::Integer(40), money("1234.50"), Cell::Number(0.914), Cell::Integer(95)]];
    check(
        &report(Some(asked(&["orders", "revenue", "on_time_rate", "units_sold"], &[])), columns, rows),
        &[
            "There were 40 orders and revenue was € 1,234.50.",
            "There were 40 orders and 95 units sold.",
            "The on time rate was 91.4 %.",
            "The on time rate was 91 percent.",
            "!There were 95 orders and 40 units sold.",
            "!The on time rate was 0.914.",
            "!The on time rate was 95 %.",
            "!The on time rate was 40.",
            "!There were 40.",
            "!Revenue was 91.4 %.",
        ],
    );
}

#[test]
fn emptiness_is_told_as_it_is() {
    let nothing = report(
        Some(asked(&["orders"], &["channel"])),
        vec![dimension("channel"), measure("orders", ColumnType::Integer, Unit::Count)],
        vec![],
    );
    let both = [
        "There were no orders last month.",
        "No orders were placed.",
        "!There were 12 orders.",
        "!There were orders last month.",
        "!Orders rose.",
        "!There were no orders in Spain.",
    ];
    check(&nothing, &both);
    check(&counted("orders", 0), &both);
    check(&counted("orders", 0), &["There were 0 orders.", "There were zero orders."]);
    let null = report(Some(asked(&["revenue"], &[])), vec![revenue()], vec![vec![Cell::Null]]);
    check(&null, &["There was no revenue.", "!Revenue was € 5."]);
}

#[test]
fn several_results_are_told_apart() {
    let december = counted("orders", 600);
    let mut november = counted("orders", 500);
    november.query.as_mut().unwrap().time =
        Some(crate::reply::tests::fixture::range(midnight(2025, 11, 1), midnight(2025, 12, 1)));
    for (sentence, shown) in [
        ("There were 500 orders in November 2025; in December 2025 there were 600.", true),
        ("There were 600 orders in December 2025.", true),
        ("There were 500 orders in December 2025; in November 2025 there were 600.", false),
        ("There were 600 orders.", false),
    ] {
        let judged = judge(sentence, &[&november, &december], &vocabulary(), now());
        assert_eq!(judged.is_ok(), shown, "{sentence}: {judged:?}");
    }
}

#[test]
fn what_is_not_figures_by_names_is_told_by_its_own_sentence() {
    let mut listed = counted("orders", 600);
    listed.query.as_mut().unwrap().order_number = Some("ORD-0000042".into());
    assert_eq!(judge("There were 600 orders.", &[&listed], &vocabulary(), now()), Err(Ungrounded::Kind));
}

#[test]
fn arbitrary_text_is_judged_without_a_panic() {
    let report = revenue_by_country();
    for text in [
        "",
        "€",
        "-",
        "€-",
        "1.",
        ",,,",
        "\u{0}\u{202e}6",
        "½ ٣ ３ orders",
        "'25 '2",
        "%%%",
        "twenty-",
        "one hundred and",
        "İİİ ISO",
        "9".repeat(400).as_str(),
        "to to from from",
        "more than",
        "top",
        "top 99999999999999999999",
    ] {
        assert!(judge(text, &[&report], &vocabulary(), now()).is_err(), "{text}");
    }
}
