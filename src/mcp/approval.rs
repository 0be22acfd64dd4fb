//! The way to `apply_change`: only with approvals made outside the model. They were given before (`oms change approve`), or the
//! person at the client gives one now, where the client can ask (elicitation). An argument never approves.
//!
//! Whoever answers for the person, also a client that lies, can do no more than the person whose token or login it holds:
//! the policy decides again, and an approval counts once, for the digest that was shown.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use oms_tools::change::{ApplyChangeArguments, Changes, Decision, Person, Shown, Standing, Watching, said};
use oms_tools::process::Cancel;
use oms_tools::{Failure, FailureKind, Principal, Told, ToolReport};
use rmcp::RoleServer;
use rmcp::model::{
    BooleanSchema, CallToolRequestParams, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequiredResult, PrimitiveSchemaDefinition, ProtocolVersion, StringSchema,
};
use rmcp::service::RequestContext;
use serde_json::Value;

use super::progress::Teller;
use crate::agent::{Agent, Brought};

/// How long a person may take to answer.
const PATIENCE: Duration = Duration::from_mins(10);
/// Questions that wait for clients that come back with the answer; older ones give way.
const WAITING: usize = 256;
/// The name of the one question in a result that asks.
const QUESTION: &str = "approval";
/// Letters of what is shown with the question.
const SHOWN: usize = 6000;

/// What came of a call.
pub(super) enum Applied {
    /// It ran.
    Done(Brought),
    /// The client asks its person and calls again.
    Asks(InputRequiredResult),
}

/// Questions that clients carry to their people and bring back (protocol 2026-07-28 on): what was asked is kept here, so
/// that what comes back can change none of it.
#[derive(Debug, Default)]
pub(super) struct Questions(Mutex<HashMap<String, Question>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Question {
    person: String,
    change: String,
    digest: String,
    asked: Instant,
}

impl Questions {
    fn ask(&self, person: &str, shown: &Shown) -> Result<String, Failure> {
        let key = super::tokens::random()?;
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, question| question.asked.elapsed() < PATIENCE);
        if open.len() >= WAITING
            && let Some(oldest) = open.iter().min_by_key(|(_, question)| question.asked).map(|(key, _)| key.clone())
        {
            open.remove(&oldest);
        }
        let question = Question {
            person: person.to_owned(),
            change: shown.stored.change.id.clone(),
            digest: shown.stored.state.digest.clone(),
            asked: Instant::now(),
        };
        open.insert(key.clone(), question);
        Ok(key)
    }

    /// Takes a question back, once; `None` for another person's, another change set's, or one that is too old.
    fn answered(&self, key: &str, person: &str, change: &str) -> Option<Question> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = open.get(key)?;
        let fits = found.person == person && found.change == change && found.asked.elapsed() < PATIENCE;
        if fits { open.remove(key) } else { None }
    }
}

/// One call of `apply_change`.
pub(super) struct Applying<'a> {
    pub(super) agent: &'a Agent,
    pub(super) principal: &'a Principal,
    pub(super) questions: &'a Questions,
    /// Whether the settings let people approve through a client.
    pub(super) may_ask: bool,
    /// Said when the client is gone: nobody will answer.
    pub(super) gone: &'a Cancel,
}

impl Applying<'_> {
    /// Looks at the approvals, asks where one is missing, and applies.
    pub(super) async fn call(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<Applied, Failure> {
        let arguments = Value::Object(request.arguments.clone().unwrap_or_default());
        let arguments: ApplyChangeArguments = serde_json::from_value(arguments).map_err(|error| {
            Failure::invalid(format!("cannot read the arguments of `apply_change`: {error}"))
                .hint("call it again with arguments that fit its schema")
        })?;
        let work = async {
            let id = &arguments.id;
            let changes = self.agent.changes();
            let shown = changes.show(id)?;
            // What cannot run says so itself, whoever approves it.
            let open = matches!(
                shown.standing,
                Standing::Waiting | Standing::Interrupted | Standing::Failed | Standing::Cancelled
            );
            if open && shown.missing() > 0 {
                if let Some(asks) = self.ask(&shown, &request, context).await? {
                    return Ok(Applied::Asks(asks));
                }
                let decided = changes.show(id)?;
                if decided.missing() > 0 {
                    return Err(self.unapproved(&decided));
                }
            }
            self.apply(changes, id, context).await.map(Applied::Done)
        };
        self.agent.applying(self.principal, &arguments, Box::pin(work)).await
    }

    /// Asks the person at the client, and takes the decision. Returns what the client must bring back, where it asks by
    /// calling again.
    async fn ask(
        &self,
        shown: &Shown,
        request: &CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<Option<InputRequiredResult>, Failure> {
        let change = &shown.stored.change;
        if let Some(key) = &request.request_state {
            let asked = self.questions.answered(key, &self.principal.name, &change.id).ok_or_else(|| {
                Failure::refused(format!("refused: nobody was asked about `{}` in this way", change.id))
                    .hint("call `apply_change` again without an answer")
            })?;
            let answer = request.input_responses.as_ref().and_then(|answers| answers.get(QUESTION)).cloned();
            let answer: Option<ElicitResult> = answer.and_then(|answer| serde_json::from_value(answer).ok());
            return self.decide(shown, &asked.digest, answer.as_ref()).map(|()| None);
        }
        let asks = context.client_capabilities().and_then(|client| client.elicitation).is_some_and(|can| {
            // Neither form nor address named: forms are meant.
            can.form.is_some() || can.url.is_none()
        });
        if !self.may_ask || !asks {
            return Err(self.unapproved(shown));
        }
        // Nobody is asked for what they may not give.
        self.agent.changes().policy().may_approve(&self.principal.name, &change.environment)?;
        let question = question(shown, &self.principal.name);
        let calls_again = context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        if calls_again {
            let key = self.questions.ask(&self.principal.name, shown)?;
            let asked = InputRequest::Elicitation(ElicitRequest::new(question));
            let asked = BTreeMap::from([(QUESTION.to_owned(), asked)]);
            return Ok(Some(InputRequiredResult::new(Some(asked), Some(key))));
        }
        let answer = tokio::select! {
            answer = context.peer.create_elicitation_with_timeout(question, Some(PATIENCE)) => answer.ok(),
            () = self.gone.cancelled() => None,
            () = context.ct.cancelled() => None,
        };
        self.decide(shown, &shown.stored.state.digest, answer.as_ref()).map(|()| None)
    }

    /// Takes the person's answer about what was shown; no answer decides nothing.
    fn decide(&self, shown: &Shown, digest: &str, answer: Option<&ElicitResult>) -> Result<(), Failure> {
        let (id, environment) = (&shown.stored.change.id, &shown.stored.change.environment);
        let person = Person::present(self.principal.clone());
        let changes = self.agent.changes();
        let content = |name: &str| answer.and_then(|answer| answer.content.as_ref()?.get(name)).cloned();
        let decline = |()| {
            changes.decide(&person, id, digest, &Decision::Decline)?;
            Err(Failure::refused(format!("`{id}` is declined by `{}`; nothing ran", self.principal.name)))
        };
        match answer.map(|answer| &answer.action) {
            Some(ElicitationAction::Accept) => {
                let typed_name = content("environment").and_then(|name| Some(name.as_str()?.trim().to_owned()));
                let yes = content("approve") == Some(Value::Bool(true));
                match (shown.requirement.type_name, yes) {
                    (false, false) => decline(()),
                    _ => match changes.decide(&person, id, digest, &Decision::Approve { typed_name }) {
                        Ok(_) => Ok(()),
                        Err(failure) if failure.kind == FailureKind::InvalidArguments => Err(Failure::new(
                            FailureKind::ApprovalRequired,
                            format!("`{id}` is not approved: the environment's name, `{environment}`, was not typed"),
                        )
                        .hint(format!("call `apply_change` again, or at a terminal: oms change approve {id}"))),
                        Err(failure) => Err(failure),
                    },
                }
            }
            Some(ElicitationAction::Decline) => decline(()),
            _ => Err(Failure::new(FailureKind::ApprovalRequired, format!("`{id}` is not approved: nobody answered"))
                .hint(format!("oms change approve {id}"))),
        }
    }

    /// The refusal of what still waits for people.
    fn unapproved(&self, shown: &Shown) -> Failure {
        let id = &shown.stored.change.id;
        let given = match shown.approved_by.as_slice() {
            [] => "nobody has approved it".to_owned(),
            given => format!("{} approved it", given.join(", ")),
        };
        let missing = match shown.missing() {
            1 => "one more person must".to_owned(),
            count => format!("{count} more people must"),
        };
        let failure = Failure::new(FailureKind::ApprovalRequired, format!("`{id}` waits: {given}, {missing}"));
        let failure = failure.hint(format!("a person, at a terminal: oms change approve {id}"));
        let server = crate::principal::user_name();
        let policy = self.agent.changes().policy();
        if self.principal.name != server && !policy.speaks_for_others(&server) {
            return failure.hint(format!(
                "an approval that `{}` gives through this server counts once `people.speakers` in oms.toml names `{server}`",
                self.principal.name
            ));
        }
        failure
    }

    /// Runs what is approved; a call that is cancelled stops between and in steps, and what was done is on record.
    async fn apply(
        &self,
        changes: &Changes,
        id: &str,
        context: &RequestContext<RoleServer>,
    ) -> Result<Brought, Failure> {
        let teller = Teller::of(context);
        let lines = teller.lines();
        let watching = Watching {
            cancel: Cancel::default(),
            progress: Some(std::sync::Arc::new(move |happened| {
                // A client that does not read its progress holds nothing up.
                lines.try_send(happened.line()).ok();
            })),
        };
        let stopping = async {
            context.ct.cancelled().await;
            watching.cancel.cancel();
            std::future::pending::<std::convert::Infallible>().await
        };
        let run = async {
            tokio::select! {
                shown = changes.apply(self.principal, id, false, &watching) => shown,
                never = stopping => match never {},
            }
        };
        let shown = teller.during("apply_change", run).await?;
        let told = said::applied(&shown);
        if shown.standing == Standing::Applied {
            return Ok(Brought::from(ToolReport::from(told)));
        }
        Err(Failure::new(FailureKind::Internal, told.answer).hint(format!("oms change show {id}")))
    }
}

/// What the person sees and fills in.
fn question(shown: &Shown, person: &str) -> ElicitRequestParams {
    let Told { answer, .. } = said::standing(shown);
    let environment = &shown.stored.change.environment;
    let mut message: String = answer.chars().take(SHOWN).collect();
    if message.len() < answer.len() {
        message.push_str("\n(the rest: oms change show)");
    }
    let field = if shown.requirement.type_name {
        let text = StringSchema::new()
            .title("Environment")
            .description(format!("type `{environment}` to approve this as `{person}`"));
        ("environment".to_owned(), PrimitiveSchemaDefinition::String(text))
    } else {
        let yes = BooleanSchema::new().title("Approve").description(format!("approve this as `{person}`"));
        ("approve".to_owned(), PrimitiveSchemaDefinition::Boolean(yes))
    };
    let required = vec![field.0.clone()];
    let requested_schema = ElicitationSchema::new(BTreeMap::from([field])).with_required(required);
    ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema }
}
