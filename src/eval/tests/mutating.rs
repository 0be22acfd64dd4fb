//! Mutants: one change each, and never the statement itself.

use crate::eval::mutants::{Mutation, mutants};

fn check(sql: &str, expected: &[(Mutation, &str)]) {
    let found: Vec<(Mutation, String)> = mutants(sql).into_iter().map(|mutant| (mutant.mutation, mutant.sql)).collect();
    let expected: Vec<(Mutation, String)> =
        expected.iter().map(|(mutation, sql)| (*mutation, (*sql).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn filters_are_lost_one_at_a_time() {
    check(
        "SELECT COUNT(*) FROM orders o WHERE o.status <> 'cancelled' AND ship_country = 'ES'",
        &[
            (Mutation::ExclusionLost, "SELECT COUNT(*) FROM orders o WHERE 1 = 1 AND ship_country = 'ES'"),
            (Mutation::FilterDropped, "SELECT COUNT(*) FROM orders o WHERE o.status <> 'cancelled' AND 1 = 1"),
        ],
    );
    check(
        "SELECT 1 FROM orders WHERE status IN ('placed', 'paid')",
        &[(Mutation::FilterDropped, "SELECT 1 FROM orders WHERE 1 = 1")],
    );
    check(
        "SELECT 1 FROM products WHERE name LIKE '%x%'",
        &[(Mutation::FilterDropped, "SELECT 1 FROM products WHERE 1 = 1")],
    );
}

#[test]
fn a_rate_s_part_is_no_filter() {
    check(
        "SELECT SUM(status = 'failed') / COUNT(*) FROM payments",
        &[(Mutation::SumForCount, "SELECT COUNT(status = 'failed') / COUNT(*) FROM payments")],
    );
}

#[test]
fn ranges_narrow_and_dates_change() {
    check(
        "SELECT 1 FROM orders WHERE placed_at >= '2025-03-01' AND placed_at < '2025-03-31 12:00:00'",
        &[
            (
                Mutation::WrongDate,
                "SELECT 1 FROM orders WHERE updated_at >= '2025-03-01' AND updated_at < '2025-03-31 12:00:00'",
            ),
            (
                Mutation::RangeShifted,
                "SELECT 1 FROM orders WHERE placed_at >= '2025-03-08 00:00:00' AND placed_at < '2025-03-31 12:00:00'",
            ),
            (
                Mutation::RangeShifted,
                "SELECT 1 FROM orders WHERE placed_at >= '2025-03-01' AND placed_at < '2025-03-24 12:00:00'",
            ),
        ],
    );
}

#[test]
fn only_the_first_key_of_an_order_turns() {
    check(
        "SELECT a FROM t ORDER BY x DESC, id DESC LIMIT 1",
        &[(Mutation::DirectionTurned, "SELECT a FROM t ORDER BY x ASC, id DESC LIMIT 1")],
    );
}

#[test]
fn bounds_between_numbers_shift() {
    check("SELECT 1 FROM t HAVING n >= 3", &[(Mutation::BoundShifted, "SELECT 1 FROM t HAVING n > 3")]);
    check("SELECT 1 FROM t WHERE n < 3.5", &[(Mutation::BoundShifted, "SELECT 1 FROM t WHERE n <= 3.5")]);
    check("SELECT 1 FROM t WHERE a < b", &[]);
}

#[test]
fn functions_and_rankings_change() {
    check(
        "SELECT COUNT(DISTINCT customer_id) FROM orders",
        &[(Mutation::DistinctLost, "SELECT COUNT( customer_id) FROM orders")],
    );
    check(
        "SELECT SUM(n) FROM t ORDER BY 1 DESC LIMIT 10",
        &[
            (Mutation::SumForCount, "SELECT COUNT(n) FROM t ORDER BY 1 DESC LIMIT 10"),
            (Mutation::DirectionTurned, "SELECT SUM(n) FROM t ORDER BY 1 ASC LIMIT 10"),
            (Mutation::LimitShifted, "SELECT SUM(n) FROM t ORDER BY 1 DESC LIMIT 11"),
        ],
    );
}

#[test]
fn texts_and_open_ends_do_not_mislead() {
    check("SELECT 'status <> ''cancelled''' FROM t", &[]);
    for sql in ["", "SUM(", "x IN ('a'", "LIMIT", "a <", "'", "a = "] {
        assert!(mutants(sql).iter().all(|mutant| mutant.sql != sql), "{sql}");
    }
}
