//! `select_orders`: one SELECT in the asker's own words, past the guard, the session and the account.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    OrdersDatabase, OrdersReport,
    guard::{self, GuardPolicy},
};
use crate::{CallScope, Effect, Failure, Tool};

/// What `select_orders` takes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectOrdersArguments {
    /// One SELECT in the dialect that MySQL 8 and MariaDB share, over the tables of the orders schema. Joins need ON with
    /// keys. Times are UTC; `NOW()` is the question's "now". No variables, hints, locks, regular expressions, other
    /// databases or personal columns.
    pub sql: String,
}

/// The tool: the way out for what the semantic query cannot say.
#[derive(Clone, Debug)]
pub struct SelectOrders {
    database: Arc<OrdersDatabase>,
}

impl SelectOrders {
    /// The tool over a database.
    pub fn new(database: Arc<OrdersDatabase>) -> Self {
        Self { database }
    }
}

impl Tool for SelectOrders {
    const NAME: &'static str = "select_orders";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = SelectOrdersArguments;
    type Report = OrdersReport;

    fn description(&self) -> String {
        "Runs one read-only SELECT over the orders schema. Use it only for what query_orders cannot express; \
         describe_orders lists the tables and columns."
            .to_owned()
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        let policy = GuardPolicy { database: self.database.name(), personal: self.database.personal(), now: scope.now };
        let select = guard::check(&arguments.sql, &policy)?;
        let (table, database_ms) = self.database.run_once(&select.statement()).await?;
        let mut notes = select.notes().to_vec();
        if table.truncated {
            notes.push(format!("cut after {} rows", table.rows.len()));
        }
        Ok(OrdersReport {
            table,
            sql: select.shown().to_owned(),
            interpretation: "a SELECT as it was written; times are UTC".to_owned(),
            notes,
            query: None,
            database_ms,
        })
    }
}
