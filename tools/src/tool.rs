//! What a tool is: a name, a declared effect, typed arguments, a typed report.

use std::fmt;

use futures::{FutureExt, future::BoxFuture};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Told;
use crate::archive::ArchiveReport;
use crate::conversation::{AskBackArguments, DeclineArguments};
use crate::{CallScope, Effect, Failure, orders::OrdersReport};

/// One capability that a brain can see.
pub trait Tool: Send + Sync + 'static {
    /// `<system>_<verb or noun>`.
    const NAME: &'static str;
    /// What it does to the world.
    const EFFECT: Effect;
    /// What it takes; the documentation of its fields is what a model reads.
    type Arguments: DeserializeOwned + JsonSchema + Send;
    /// What it returns.
    type Report: Into<ToolReport> + Send;

    /// What it is for, in one or two sentences for a model.
    fn description(&self) -> String;

    /// Does it.
    fn call(
        &self,
        scope: &CallScope,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Result<Self::Report, Failure>> + Send;
}

/// Any tool's typed report.
#[derive(Clone, Debug)]
pub enum ToolReport {
    /// Rows from the orders database.
    Orders(Box<OrdersReport>),
    /// A description, as text for people and models alike.
    Description(Description),
    /// What any other tool has to tell.
    Told(Box<Told>),
    /// A question back.
    AskedBack(AskBackArguments),
    /// A refusal.
    Declined(DeclineArguments),
}

/// What can be asked, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(pub String);

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<OrdersReport> for ToolReport {
    fn from(report: OrdersReport) -> Self {
        Self::Orders(Box::new(report))
    }
}

impl From<Description> for ToolReport {
    fn from(description: Description) -> Self {
        Self::Description(description)
    }
}

impl From<ArchiveReport> for ToolReport {
    fn from(report: ArchiveReport) -> Self {
        Told::new(report.to_string().trim_end(), Value::String(report.to_string())).into()
    }
}

impl From<AskBackArguments> for ToolReport {
    fn from(question: AskBackArguments) -> Self {
        Self::AskedBack(question)
    }
}

impl From<DeclineArguments> for ToolReport {
    fn from(refusal: DeclineArguments) -> Self {
        Self::Declined(refusal)
    }
}

/// A [`Tool`] behind one type, for the list.
pub trait ErasedTool: Send + Sync {
    /// [`Tool::NAME`].
    fn name(&self) -> &'static str;
    /// [`Tool::EFFECT`].
    fn effect(&self) -> Effect;
    /// [`Tool::description`].
    fn description(&self) -> String;
    /// The JSON schema of the arguments.
    fn schema(&self) -> Value;
    /// [`Tool::call`] on JSON arguments; ones that do not fit the schema are a failure that says why.
    fn call<'a>(&'a self, scope: &'a CallScope, arguments: Value) -> BoxFuture<'a, Result<ToolReport, Failure>>;
}

impl<T: Tool> ErasedTool for T {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn effect(&self) -> Effect {
        T::EFFECT
    }

    fn description(&self) -> String {
        Tool::description(self)
    }

    fn schema(&self) -> Value {
        serde_json::to_value(schemars::schema_for!(T::Arguments)).unwrap_or_default()
    }

    fn call<'a>(&'a self, scope: &'a CallScope, arguments: Value) -> BoxFuture<'a, Result<ToolReport, Failure>> {
        async move {
            let arguments = serde_json::from_value(arguments).map_err(|error| {
                Failure::invalid(format!("cannot read the arguments of `{}`: {error}", T::NAME))
                    .hint("call it again with arguments that fit its schema")
            })?;
            Tool::call(self, scope, arguments).await.map(Into::into)
        }
        .boxed()
    }
}
