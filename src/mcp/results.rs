//! The rows of each person's last calls, for the resources that hold them as CSV. Bounded in number and in rows.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use oms_tools::Table;

use crate::reply::csv;

/// The rows of the last call.
pub(super) const LAST: &str = "oms://last-result.csv";
/// What stands before the number of a result.
const PREFIX: &str = "oms://results/";
/// Results that a person's calls leave.
const KEPT: usize = 8;
/// Rows of all of them together; the newest one is kept whatever its size, which the database's limits bound.
const ROWS: usize = 20_000;

/// The last results by person: nobody reads another's.
#[derive(Debug, Default)]
pub(super) struct Results(Mutex<HashMap<String, Kept>>);

#[derive(Debug, Default)]
struct Kept {
    number: u64,
    tables: VecDeque<(u64, Arc<Table>)>,
}

impl Results {
    /// The pattern of their addresses.
    pub(super) const TEMPLATE: &'static str = "oms://results/{number}.csv";

    /// Keeps a person's result; its address.
    pub(super) fn keep(&self, person: &str, table: Arc<Table>) -> String {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = people.entry(person.to_owned()).or_default();
        kept.number += 1;
        kept.tables.push_back((kept.number, table));
        let rows =
            |tables: &VecDeque<(u64, Arc<Table>)>| tables.iter().map(|(_, table)| table.rows.len()).sum::<usize>();
        let mut gone = Vec::new();
        while kept.tables.len() > 1 && (kept.tables.len() > KEPT || rows(&kept.tables) > ROWS) {
            gone.extend(kept.tables.pop_front());
        }
        // To free thousands of rows takes a while: behind the answer, which somebody waits for.
        if let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !gone.is_empty()
        {
            runtime.spawn(async {
                tokio::task::yield_now().await;
                drop(gone);
            });
        }
        address(kept.number)
    }

    /// The addresses of a person's results, the newest first.
    pub(super) fn addresses(&self, person: &str) -> Vec<String> {
        let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.get(person).map_or_else(Vec::new, |kept| kept.tables.iter().rev().map(|(n, _)| address(*n)).collect())
    }

    /// A person's result as CSV; `None` where there is none at this address.
    pub(super) fn csv(&self, person: &str, address: &str) -> Option<String> {
        let table = {
            let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = people.get(person)?;
            let found = match address {
                LAST => kept.tables.back(),
                other => {
                    let number: u64 = other.strip_prefix(PREFIX)?.strip_suffix(".csv")?.parse().ok()?;
                    kept.tables.iter().find(|(kept, _)| *kept == number)
                }
            };
            found?.1.clone()
        };
        let mut bytes = Vec::new();
        // Writing into memory does not fail.
        csv::write(&table, &mut bytes).ok();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn address(number: u64) -> String {
    format!("{PREFIX}{number}.csv")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    fn table(rows: usize) -> Arc<Table> {
        Arc::new(Table::of_texts(["a"], (0..rows).map(|row| [row.to_string()])))
    }

    #[test]
    fn each_person_has_the_last_results_of_their_own() {
        let results = Results::default();
        assert_eq!(results.keep("ana", table(1)), "oms://results/1.csv");
        assert_eq!(results.keep("ana", table(2)), "oms://results/2.csv");
        assert_eq!(results.csv("ana", LAST).as_deref(), Some("a\r\n0\r\n1\r\n"));
        assert_eq!(results.csv("ana", "oms://results/1.csv").as_deref(), Some("a\r\n0\r\n"));
        for address in ["oms://results/3.csv", "oms://results/x.csv", "oms://results/1", "oms://results/-1.csv", ""] {
            assert_eq!(results.csv("ana", address), None, "{address}");
        }
        assert_eq!(results.csv("ben", LAST), None);
        assert!(results.addresses("ben").is_empty());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let results = Results::default();
        for _ in 0..100 {
            results.keep("ana", table(1));
        }
        assert_eq!(results.addresses("ana").len(), KEPT);
        assert_eq!(results.addresses("ana")[0], "oms://results/100.csv");
        results.keep("ana", table(ROWS + 1));
        assert_eq!(results.addresses("ana"), ["oms://results/101.csv"]);
    }
}
