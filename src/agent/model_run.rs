//! One run of rig's loop for a language model: streamed, counted, and ended where it goes round in circles, costs more than
//! it may, or no longer fits the model's context.

use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use oms_tools::{Failure, FailureKind};
use rig_agent::agent::{
    AgentHook, AgentRunner, CompletionCallAction, CompletionCallEvent, HookContext, MultiTurnStreamItem,
    PromptResponse, RequestPatch,
};
use rig_agent::run::response::PromptError;
use rig_core::message::{Message, ToolChoice};

use super::rig_tools::Record;
use crate::brain::{Budget, Price, Spending};
use crate::config::ToolChoiceSetting;

/// Bytes of one token, on the low side: a history is counted rather too long than too short.
const BYTES_OF_TOKEN: usize = 3;

/// Tokens that text takes, about; never fewer by much.
pub(super) fn tokens(bytes: usize) -> usize {
    bytes.div_ceil(BYTES_OF_TOKEN)
}

/// The length of a message as it is sent.
pub(super) fn length(message: &Message) -> usize {
    serde_json::to_string(message).map_or(0, |text| text.len())
}

/// What a run may use.
pub(super) struct Allowance {
    /// Tokens of the model's context.
    pub(super) context: usize,
    /// Tokens that instructions and tools take of it.
    pub(super) fixed: usize,
    /// What the conversation may spend.
    pub(super) budget: Budget,
    /// What it has spent before.
    pub(super) before: Spending,
    /// What tokens cost.
    pub(super) price: Option<Price>,
    /// Whether it must call a tool before it says anything.
    pub(super) choice: ToolChoiceSetting,
}

/// Watches a run from before each call of the model. Clones watch the same run.
#[derive(Clone)]
pub(super) struct Watch {
    allowance: Arc<Allowance>,
    record: Arc<Record>,
    spent: Arc<Mutex<Spending>>,
    stopped: Arc<Mutex<Option<Failure>>>,
}

impl Watch {
    pub(super) fn new(allowance: Allowance, record: Arc<Record>) -> Self {
        Self { allowance: Arc::new(allowance), record, spent: Arc::default(), stopped: Arc::default() }
    }

    /// What the run has spent so far.
    pub(super) fn spent(&self) -> Spending {
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, event: &CompletionCallEvent<'_>) -> Result<(), Failure> {
        if let Some(tool) = self.record.repeated() {
            return Err(Failure::new(
                FailureKind::Refused,
                format!("stopped the turn: the model made the same failing call of `{tool}` twice"),
            )
            .hint("ask in other words"));
        }
        self.allowance.budget.allows(&self.allowance.before.plus(self.spent()))?;
        let said: usize = event.history.iter().chain([event.prompt]).map(length).sum();
        let needed = self.allowance.fixed + tokens(said);
        if needed > self.allowance.context {
            return Err(Failure::new(
                FailureKind::Unavailable,
                format!(
                    "stopped the turn: it needs about {needed} tokens, and the model's context holds {}",
                    self.allowance.context
                ),
            )
            .hint("ask for fewer rows, begin a new conversation with /new, or raise `model.context`"));
        }
        Ok(())
    }

    /// Runs to the end. The outer error is what the watch stopped it for.
    pub(super) async fn run(&self, runner: AgentRunner) -> Result<Result<PromptResponse, PromptError>, Failure> {
        let mut stream = runner.add_hook(self.clone()).stream();
        while let Some(item) = stream.next().await {
            match item {
                Ok(MultiTurnStreamItem::CompletionCall(call)) => {
                    let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
                    *spent = spent.plus(Spending::of(1, &call.usage, self.allowance.price));
                }
                Ok(MultiTurnStreamItem::FinalResponse(response)) => return Ok(Ok(response)),
                Ok(_) => {}
                Err(error) => {
                    let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner).take();
                    return stopped.map_or(Ok(Err(error)), Err);
                }
            }
        }
        Err(Failure::new(FailureKind::Unavailable, "cannot ask the model: its answer ended before it was whole")
            .hint("ask again, or use `--brain rules`"))
    }
}

impl AgentHook for Watch {
    async fn on_completion_call(&self, _: &HookContext, event: CompletionCallEvent<'_>) -> CompletionCallAction {
        match self.check(&event) {
            // Until a tool has answered words say nothing; what it has answered is said in words, for a small model that is left
            // the choice makes the same call again and again.
            Ok(()) if self.allowance.choice == ToolChoiceSetting::Required => {
                let choice = if self.record.answered() { ToolChoice::None } else { ToolChoice::Required };
                CompletionCallAction::Patch(RequestPatch::new().tool_choice(choice))
            }
            Ok(()) => CompletionCallAction::Continue,
            Err(failure) => {
                let reason = failure.message.clone();
                *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
                CompletionCallAction::Stop(reason)
            }
        }
    }
}
