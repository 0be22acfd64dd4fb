//! Our tools as rig's: typed arguments in, the report kept for the reply, and a bounded text for the model.
//!
//! The gate is passed here, inside the call, so that no model and no forgotten hook can go around it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use oms_tools::{CallScope, Cell, Column, ErasedTool, Failure, FailureKind, ToolReport};
use rig_core::message::ToolName;
use rig_core::tool::{DynamicTool, ToolErrorKind, ToolExecutionError, ToolOutput};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tracing::Instrument;

use super::gate::{By, Call, Gate, Outcome};
use crate::reply::ToolCall;

/// Rows of a result that a model sees.
const ROWS_FOR_MODEL: usize = 40;
/// Characters of one text value that a model sees.
const TEXT_FOR_MODEL: usize = 200;

/// One call that was made, with what came of it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) call: ToolCall,
    pub(super) result: Result<ToolReport, Failure>,
}

/// The calls of one turn.
#[derive(Debug, Default)]
pub(super) struct Record {
    made: Mutex<Vec<Made>>,
    answered: AtomicBool,
}

impl Record {
    pub(super) fn take(&self) -> Vec<Made> {
        std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The tool of a failing call that was made twice with the same arguments.
    pub(super) fn repeated(&self) -> Option<String> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let failed: Vec<&ToolCall> = made.iter().filter(|made| made.result.is_err()).map(|made| &made.call).collect();
        let twice = |(place, call): (usize, &&ToolCall)| {
            failed[..place].iter().any(|earlier| earlier.tool == call.tool && earlier.arguments == call.arguments)
        };
        failed.iter().enumerate().find(|(place, call)| twice((*place, *call))).map(|(_, call)| call.tool.clone())
    }

    /// Whether a tool has answered without an error.
    pub(super) fn answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// A tool has answered without an error.
    pub(super) fn has_answered(&self) {
        self.answered.store(true, Ordering::Relaxed);
    }

    pub(super) fn push(&self, made: Made) {
        if made.result.is_ok() {
            self.has_answered();
        }
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push(made);
    }
}

/// The tools for one turn's agent.
pub(super) fn dynamic_tools(
    tools: &[Arc<dyn ErasedTool>],
    scope: &CallScope,
    gate: &Arc<Gate>,
    record: &Arc<Record>,
) -> Vec<DynamicTool> {
    tools.iter().filter_map(|tool| dynamic_tool(tool.clone(), scope.clone(), gate.clone(), record.clone())).collect()
}

fn dynamic_tool(
    tool: Arc<dyn ErasedTool>,
    scope: CallScope,
    gate: Arc<Gate>,
    record: Arc<Record>,
) -> Option<DynamicTool> {
    let name = ToolName::new(tool.name()).ok()?;
    let (description, schema) = (tool.description(), tool.schema());
    let context = Arc::new((tool, scope, gate, record));
    Some(DynamicTool::new(name, description, schema, move |arguments| {
        let context = context.clone();
        Box::pin(async move {
            let (tool, scope, gate, record) = &*context;
            let span = tracing::info_span!("tool", name = tool.name());
            call(tool.as_ref(), scope, gate, record, arguments).instrument(span).await
        })
    }))
}

async fn call(
    tool: &dyn ErasedTool,
    scope: &CallScope,
    gate: &Gate,
    record: &Record,
    arguments: Value,
) -> Result<ToolOutput, ToolExecutionError> {
    let made = checked(tool, scope, gate, arguments).await;
    let output = match &made.result {
        Ok(report) => Ok(ToolOutput::text(for_model(report))),
        Err(failure) => Err(error_for_model(failure)),
    };
    record.push(made);
    output
}

/// One call past the gate, whoever makes it.
pub(super) async fn checked(tool: &dyn ErasedTool, scope: &CallScope, gate: &Gate, arguments: Value) -> Made {
    let call = Call {
        principal: scope.principal.clone(),
        by: By::Brain,
        tool: tool.name().to_owned(),
        effect: tool.effect(),
        arguments: arguments.clone(),
    };
    let unfinished = Unfinished { gate, call: Some(&call), started: Instant::now() };
    let result = match gate.before(&call) {
        Ok(()) => tool.call(scope, arguments.clone()).await,
        Err(failure) => Err(failure),
    };
    let elapsed_ms = unfinished.finished();
    let status = match &result {
        Ok(_) => "ok",
        Err(failure) if failure.kind == FailureKind::Refused => "refused",
        Err(_) => "error",
    };
    gate.after(&call, &Outcome { status, elapsed_ms });
    let call = ToolCall { tool: call.tool, arguments, status: status.to_owned(), elapsed_ms };
    Made { call, result }
}

/// A call that is being made. Dropped with its turn, it is told to the gate all the same.
struct Unfinished<'a> {
    gate: &'a Gate,
    call: Option<&'a Call>,
    started: Instant,
}

impl Unfinished<'_> {
    fn elapsed_ms(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1000.0
    }

    /// The call came to its end after so many milliseconds.
    fn finished(mut self) -> f64 {
        self.call = None;
        self.elapsed_ms()
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(call) = self.call {
            self.gate.after(call, &Outcome { status: "cancelled", elapsed_ms: self.elapsed_ms() });
        }
    }
}

/// What a model reads of a report: rows as quoted data, cut in number and in length.
pub(super) fn for_model(report: &ToolReport) -> String {
    match report {
        ToolReport::Orders(report) => {
            let table = &report.table;
            let shown = RowsForModel {
                interpretation: &report.interpretation,
                columns: &table.columns,
                rows: table.rows.iter().take(ROWS_FOR_MODEL).map(|row| row.iter().map(ForModel).collect()).collect(),
                rows_in_all: table.rows.len(),
                truncated: table.truncated,
                notes: &report.notes,
            };
            // These types have no map with other keys than text: they can always be written.
            serde_json::to_string(&shown).unwrap_or_default()
        }
        ToolReport::Description(description) => description.to_string(),
        ToolReport::Told(told) => {
            json!({ "answer": told.answer, "data": told.data, "notes": told.notes, "change": told.change }).to_string()
        }
        ToolReport::AskedBack(_) | ToolReport::Declined(_) => "said to the person; the turn is over".to_owned(),
    }
}

#[derive(Serialize)]
struct RowsForModel<'a> {
    interpretation: &'a str,
    columns: &'a [Column],
    rows: Vec<Vec<ForModel<'a>>>,
    rows_in_all: usize,
    truncated: bool,
    notes: &'a [String],
}

/// A value as a model reads it: numbers as JSON has them, long texts cut.
struct ForModel<'a>(&'a Cell);

impl Serialize for ForModel<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Text(text) => match text.char_indices().nth(TEXT_FOR_MODEL) {
                Some((end, _)) => serializer.serialize_str(&format!("{}…", &text[..end])),
                None => serializer.serialize_str(text),
            },
            Cell::Decimal(text) | Cell::Json(text) => match serde_json::from_str(text) {
                Ok(value) => shortened(value).serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
            other => other.serialize(serializer),
        }
    }
}

fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > TEXT_FOR_MODEL => {
            Value::String(text.chars().take(TEXT_FOR_MODEL).chain(['…']).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(shortened).collect()),
        other => other,
    }
}

fn error_for_model(failure: &Failure) -> ToolExecutionError {
    let kind = match failure.kind {
        FailureKind::InvalidArguments | FailureKind::Unsupported => ToolErrorKind::InvalidArgs,
        FailureKind::NotFound => ToolErrorKind::NotFound,
        FailureKind::Refused | FailureKind::ApprovalRequired => {
            return ToolExecutionError::refused(failure.to_string());
        }
        FailureKind::TimedOut => ToolErrorKind::Timeout,
        FailureKind::Unavailable | FailureKind::Internal => ToolErrorKind::Other,
    };
    ToolExecutionError::new(kind, failure.message.clone()).with_model_feedback(failure.to_string())
}
