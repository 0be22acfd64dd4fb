//! `query_orders`: a semantic query, planned by the model and run by the session. The way that most questions go.

use std::sync::Arc;

use super::{
    OrdersDatabase, OrdersReport, SemanticQuery,
    semantic::{Plan, SemanticModel, is_tracking_number, near_orders},
};
use crate::{CallScope, Cell, Effect, Failure, FailureKind, Table, Tool};

/// The tool over a database and the meaning of its data.
#[derive(Clone, Debug)]
pub struct QueryOrders {
    database: Arc<OrdersDatabase>,
    model: Arc<SemanticModel>,
}

impl QueryOrders {
    /// The tool over a database and a model.
    pub fn new(database: Arc<OrdersDatabase>, model: Arc<SemanticModel>) -> Self {
        Self { database, model }
    }

    /// Why there is no such order, with the numbers around it.
    async fn no_such_order(&self, number: &str) -> Failure {
        if is_tracking_number(number) {
            return Failure::new(FailureKind::NotFound, format!("no parcel has the tracking number `{number}`"))
                .hint("ask for the order by its number, such as ORD-0000042");
        }
        let failure = Failure::new(FailureKind::NotFound, format!("no order numbered `{number}`"));
        let near: Vec<String> = match self.database.run(&near_orders(number)).await {
            Ok((table, _)) => table.rows.iter().flatten().filter_map(text).map(|near| format!("`{near}`")).collect(),
            // The hint is a courtesy: the order is missing all the same.
            Err(_) => Vec::new(),
        };
        let failure = if near.is_empty() {
            failure.hint("there are no orders")
        } else {
            failure.hint(format!("near it are {}", near.join(" and ")))
        };
        // An order that was accepted and is in no row yet is somewhere on its way.
        let is_one = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        if number.strip_prefix("ORD-").is_some_and(is_one) {
            return failure.hint(format!(
                "trace {number}: whether it was accepted, waits in the hub, was captured or is a dead letter"
            ));
        }
        failure
    }
}

impl Tool for QueryOrders {
    const NAME: &'static str = "query_orders";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = SemanticQuery;
    type Report = OrdersReport;

    fn description(&self) -> String {
        "Answers questions about the shop's orders from the semantic model: figures by dimension and time, comparisons, \
         rankings, shares, lists of rows, one order's story. Names come from describe_orders; values are as the database \
         has them (country `ES`); times are UTC and half-open."
            .to_owned()
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        let plan = self.model.plan(&arguments, scope.now, self.database.personal())?;
        let (mut table, database_ms) = self.database.run(&plan.statement).await?;
        let Plan { shown, interpretation, mut notes, edge, .. } = plan;
        if edge {
            notes.extend(cut_tie(&mut table, &arguments));
        }
        if let Some(number) = arguments.order_number.as_deref().filter(|_| table.rows.is_empty()) {
            return Err(self.no_such_order(number.trim()).await);
        }
        if table.truncated {
            notes.push(format!("cut after {} rows", table.rows.len()));
        }
        Ok(OrdersReport { table, sql: shown, interpretation, notes, query: Some(arguments), database_ms })
    }
}

/// Takes the place and the number of equals off each row, and tells where a ranking was cut among equals.
fn cut_tie(table: &mut Table, query: &SemanticQuery) -> Option<String> {
    let kept = table.columns.len().saturating_sub(2);
    table.columns.truncate(kept);
    let mut cut = None;
    let skip = query.ranking.as_ref().map_or(0, |ranking| i128::from(ranking.skip));
    let limit = skip + i128::from(query.ranking.as_ref().and_then(|ranking| ranking.limit).unwrap_or_default());
    for row in &mut table.rows {
        let ends = row.split_off(kept.min(row.len()));
        if let [Cell::Integer(place), Cell::Integer(tied)] = ends[..]
            && place + tied - 1 > limit
        {
            cut = Some((place, tied));
        }
    }
    let (place, tied) = cut?;
    let shown = limit - place + 1;
    let per = query.ranking.as_ref().and_then(|ranking| ranking.per.as_ref());
    Some(match per {
        Some(per) => format!("in some {per} equals at the edge were cut by name"),
        None if skip > 0 => format!("{tied} tie at place {place}: they come in the order of their names"),
        None => format!(
            "{tied} tie at place {place}: the first {shown} by name {} shown",
            if shown == 1 { "is" } else { "are" }
        ),
    })
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}
