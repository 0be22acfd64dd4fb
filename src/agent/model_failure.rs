//! What a failed run of a language model means to a person. A server's own text is not repeated: it may hold what was sent.

use oms_tools::{Failure, FailureKind};
use rig_agent::run::response::PromptError;

use crate::brain::Provider;

/// How servers say that the model itself wrote what is no call and no answer: no failure of theirs.
const UNREADABLE: [&str; 6] = [
    "does not match the expected",
    "failed to parse input",
    "failed to parse tool call",
    "tool_use_failed",
    "failed_generation",
    "malformed_function_call",
];

/// The failure, with what to do next; `provider` is whose model was asked, where it was a remote one.
pub(super) fn failure(error: &PromptError, provider: Option<Provider>) -> Failure {
    let unavailable = |cause: &str| Failure::new(FailureKind::Unavailable, format!("cannot ask the model: {cause}"));
    match error {
        PromptError::MaxTurns { max_turns, .. } => Failure::new(
            FailureKind::TimedOut,
            format!("stopped the turn: the model made {max_turns} calls without an answer"),
        )
        .hint("ask in other words, or raise `agent.calls`"),
        PromptError::Cancelled { .. } => Failure::new(FailureKind::Refused, "the turn was stopped"),
        PromptError::UnknownToolCall { tool_name, .. } => {
            unavailable(&format!("it called `{tool_name}`, which is no tool of ours"))
                .hint("ask again, or use `--brain rules`")
        }
        error => {
            tracing::warn!(%error, "a call of the model failed");
            let (status, body) = match error {
                PromptError::Provider(error) => (
                    error.provider_response_status().map(|status| status.as_u16()),
                    error.provider_response_body().unwrap_or_default(),
                ),
                PromptError::Report(report) => {
                    (report.http_status, report.provider_response_body().unwrap_or_default())
                }
                _ => (None, ""),
            };
            let text = format!("{error} {body}").to_lowercase();
            let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
            let (key, base, name) = provider.map_or(("its key", "its address", "PROVIDER"), |it| {
                (it.key_variable(), it.base_variable(), it.name())
            });
            if says(&UNREADABLE) {
                unavailable("its server could not read what it wrote, neither as a call nor as an answer").hint(
                    "ask again; a small model does better with `model.tool_choice = \"required\"` and few `model.tools`",
                )
            } else if says(&[
                "context_length",
                "context length",
                "maximum context",
                "prompt is too long",
                "too many tokens",
            ]) {
                unavailable("the conversation is longer than its context")
                    .hint("begin a new conversation with /new, or lower `model.context`")
            } else if says(&["insufficient_quota", "billing", "credit balance", "quota exceeded"]) {
                unavailable("its account has no quota left").hint("check the account's plan, or use `--brain rules`")
            } else if matches!(status, Some(401 | 403)) || says(&["unauthorized", "invalid_api_key", "invalid api key"])
            {
                unavailable("its server does not accept the key").hint(format!("check {key}"))
            } else if status == Some(404) || says(&["model_not_found", "deploymentnotfound"]) {
                unavailable("its server knows no such model").hint(format!("check the name in `--brain {name}:MODEL`"))
            } else if status == Some(429) || says(&["rate limit", "overloaded"]) {
                unavailable("its server takes no more requests for now").hint("wait a little and ask again")
            } else if status.is_some_and(|status| status >= 500) {
                unavailable("its server failed, also when asked again").hint("ask later, or use `--brain rules`")
            } else if says(&["timed out", "timeout", "deadline"]) {
                unavailable("it took longer than it may").hint("ask again, or raise `agent.seconds`")
            } else if says(&["connect", "dns", "refused", "reset", "error sending request"]) {
                unavailable("its server cannot be reached").hint(format!("check {base}, or use `--brain rules`"))
            } else {
                unavailable("its server's answer could not be used").hint("see the log with -v, or use `--brain rules`")
            }
        }
    }
}

/// Whether it is the model that failed, and not its server: what it wrote was neither a call nor an answer.
pub(super) fn is_the_models_own(error: &PromptError) -> bool {
    let body = match error {
        PromptError::Provider(error) => error.provider_response_body().unwrap_or_default(),
        PromptError::Report(report) => report.provider_response_body().unwrap_or_default(),
        _ => "",
    };
    let text = format!("{error} {body}").to_lowercase();
    UNREADABLE.iter().any(|words| text.contains(words))
}
