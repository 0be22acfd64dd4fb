//! `trace_order`: one order's whole way by its number, hop by hop, and the hop where it stands.
//!
//! A hop is told as seen only where its trace was read. What could not be looked at is told as such, with the reason, and so
//! is the end of the way: an order that is nowhere in what could be read may still be where nobody could look.

mod looks;
mod report;

pub use report::{Hop, HopState, TraceReport};

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::join;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use super::store::DatabaseAt;
use crate::{CallScope, Effect, Failure, Tool};

/// How long the database, and after it the hub and the archive, may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What `trace_order` takes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceOrderArguments {
    /// The order number, such as `ORD-0000042`.
    pub order: String,
}

/// The tool.
#[derive(Clone)]
pub struct TraceOrder {
    pipeline: Arc<Pipeline>,
    database: DatabaseAt,
}

impl TraceOrder {
    /// The tool over a pipeline and its database.
    pub fn new(pipeline: Arc<Pipeline>, database: DatabaseAt) -> Self {
        Self { pipeline, database }
    }
}

impl Tool for TraceOrder {
    const NAME: &'static str = "trace_order";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = TraceOrderArguments;
    type Report = TraceReport;

    fn description(&self) -> String {
        "One order's whole way through the pipeline by its number: accepted, in the event hub (partition, offset, time), \
         captured (which file), applied (rows and times), payments, parcels, returns, dead letters; names the hop where it \
         stands. For what an order is and where its parcel is, `query_orders` is enough."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        let order = number(&arguments.order)?;
        let stored = tokio::time::timeout(PATIENCE, looks::stored(&self.database, &order))
            .await
            .unwrap_or_else(|_| Err(Failure::new(crate::FailureKind::TimedOut, "the orders database took too long")));
        let places: Vec<(String, String)> = stored.iter().flat_map(looks::Stored::places).collect();
        let containers = self.pipeline.containers(PATIENCE / 4).await.and_then(Result::ok);
        let known = stored.as_ref().is_ok_and(|stored| !stored.events.is_empty());
        let streamed = looks::streamed(&self.pipeline, containers.as_ref(), &order, known, PATIENCE).boxed().await;
        let captured = looks::captured(&self.pipeline, containers.as_ref(), &stored, &streamed, &order, PATIENCE);
        let dead = looks::dead(&self.database, &places, &streamed);
        let (captured, dead) = join(captured, dead).await;
        Ok(report::of(&order, &stored, &streamed, &captured, &dead))
    }
}

/// An order number as the shop writes it; digits alone are enough.
fn number(text: &str) -> Result<String, Failure> {
    let text = text.trim().to_uppercase();
    let digits = text.strip_prefix("ORD-").unwrap_or(&text);
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::invalid("cannot trace this order: its number is not of the form `ORD-0000042`")
            .hint("trace ORD-0000042"));
    }
    Ok(format!("ORD-{digits:0>7}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::number;

    #[test]
    fn order_numbers_are_taken_as_people_write_them() {
        for text in ["ORD-0000042", "ord-42", " 42 ", "0000042"] {
            assert_eq!(number(text).unwrap(), "ORD-0000042", "{text}");
        }
        assert_eq!(number("ORD-12345678").unwrap(), "ORD-12345678");
        for text in ["", "ORD-", "ORD-x", "ORD-1; DROP", "42'", "ORD-12345678901234567", "-1"] {
            assert!(number(text).is_err(), "{text}");
        }
    }
}
