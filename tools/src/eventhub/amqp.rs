//! What the hub says of itself over AMQP: claims to `$cbs`, then READs to `$management`.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};
use fe2o3_amqp::connection::ConnectionHandle;
use fe2o3_amqp::sasl_profile::SaslProfile;
use fe2o3_amqp::session::SessionHandle;
use fe2o3_amqp::types::messaging::{ApplicationProperties, Body, Message, Properties, Source, Target};
use fe2o3_amqp::types::primitives::{Binary, OrderedMap, SimpleValue, Value};
use fe2o3_amqp::{Connection, Receiver, Sender, Session};
use futures::FutureExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::HubPlace;
use crate::{Failure, FailureKind, trust};

/// How long a farewell may take: nobody waits for it.
const FAREWELL: Duration = Duration::from_millis(100);

/// What the hub says of one of its partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionFacts {
    /// Its name, a number.
    pub partition: String,
    /// The first sequence number that it still keeps; -1 where it is empty.
    pub first: i64,
    /// The last sequence number; -1 where none was ever sent.
    pub last: i64,
    /// When the last event was taken, UTC.
    pub last_enqueued: Option<NaiveDateTime>,
    /// True where it holds no event.
    pub empty: bool,
}

/// What the hub says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubFacts {
    /// Its partitions, by number.
    pub partitions: Vec<PartitionFacts>,
}

/// Asks the hub for its partitions and their ends.
///
/// Fails with what mends it: not reachable, key not accepted, no such hub; also when `limit` is over.
pub async fn hub_facts(place: &HubPlace, limit: Duration) -> Result<HubFacts, Failure> {
    let asked = async {
        let mut wire = Wire::open(place).await?;
        let facts = wire.facts(place).await;
        wire.close().await;
        facts
    };
    within(place, limit, asked.boxed()).await
}

/// Runs a conversation with the hub within a limit.
pub(super) async fn within<T>(
    place: &HubPlace,
    limit: Duration,
    asked: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    timeout(limit, asked).await.unwrap_or_else(|_| {
        Err(Failure::new(
            FailureKind::TimedOut,
            format!("cannot ask the event hub at `{}`: no answer within {} ms", place.dialled(), limit.as_millis()),
        )
        .hint("see whether it runs and can be reached: `oms health`"))
    })
}

/// An open connection whose claims are accepted one by one.
pub(super) struct Wire {
    connection: ConnectionHandle<()>,
    pub(super) session: SessionHandle<()>,
    claims: Requests,
}

/// A request link and the link of its answers.
struct Requests {
    sender: Sender,
    receiver: Receiver,
    reply_to: String,
    next: u64,
}

/// An answer's status, its description and its body.
struct Answer {
    code: i32,
    body: Value,
}

impl Wire {
    pub(super) async fn open(place: &HubPlace) -> Result<Self, Failure> {
        let dialled = place.dialled();
        let broken = |cause: &str| unreachable(place, cause);
        let stream = TcpStream::connect(&dialled).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::ConnectionRefused => broken("nothing listens there"),
            // A name that no server knows has no kind of its own.
            _ if error.raw_os_error().is_none() => broken("its name is not known"),
            kind => broken(&kind.to_string()),
        })?;
        stream.set_nodelay(true).ok();
        let builder = Connection::builder()
            .container_id(format!("oms-{}", std::process::id()))
            .hostname(place.host.as_str())
            .sasl_hostname(place.host.as_str())
            .domain(place.host.as_str())
            .idle_time_out(60_000_u32)
            .max_frame_size(65_536_u32)
            .sasl_profile(SaslProfile::Anonymous);
        // The service speaks TLS from the first byte, without AMQP's own header for it.
        let opened = if place.tls {
            let connector = place.trust().tls()?;
            builder.scheme("amqps").alt_tls_establishment(true).tls_connector(connector).open_with_stream(stream).await
        } else {
            builder.scheme("amqp").open_with_stream(stream).await
        };
        let mut connection = opened.map_err(|error| {
            tracing::debug!(%error, "no AMQP connection");
            if trust::is_distrust(&error) {
                return Failure { hints: vec![trust::REMEDY.to_owned()], ..broken("its certificate is not trusted") };
            }
            broken("it does not speak AMQP as expected")
        })?;
        let mut session = Session::begin(&mut connection).await.map_err(|_| broken("it gives no session"))?;
        let claims = Requests::open(&mut session, "$cbs", place).await?;
        Ok(Self { connection, session, claims })
    }

    /// Claims the right to something of the namespace.
    pub(super) async fn claim(&mut self, place: &HubPlace, path: &str) -> Result<(), Failure> {
        let audience = place.audience(path);
        // Without a token nothing is known of the hub, whatever the sign-in lacks.
        let token = place.token(&audience).await;
        let (token, kind) = token.map_err(|failure| Failure { kind: FailureKind::Refused, ..failure })?;
        let properties = [("operation", "put-token"), ("name", audience.as_str()), ("type", kind)];
        let id = self.claims.ask(place, &properties, Some(token)).await?;
        let answer = self.claims.answer(place, id).await?;
        match answer.code {
            200..=299 => Ok(()),
            404 => Err(no_hub(place)),
            _ => Err(Failure::new(
                FailureKind::Refused,
                format!("cannot read the event hub `{}`: its namespace does not accept our key or token", place.hub),
            )
            .hint(place.remedy())),
        }
    }

    async fn facts(&mut self, place: &HubPlace) -> Result<HubFacts, Failure> {
        let path = format!("{}/$management", place.hub);
        self.claim(place, &path).await?;
        let mut management = Requests::open(&mut self.session, "$management", place).await?;
        let hub = place.hub.as_str();
        let read = [("operation", "READ"), ("name", hub), ("type", "com.microsoft:eventhub")];
        let id = management.ask(place, &read, None).await?;
        let answer = management.answer(place, id).await?;
        let ids = texts(found(place, &answer)?.get(&key("partition_ids")));
        if ids.is_empty() {
            return Err(unreachable(place, "it names no partition"));
        }
        // All are asked before the first answer is read.
        let mut asked = Vec::new();
        for partition in &ids {
            let read = [
                ("operation", "READ"),
                ("name", hub),
                ("type", "com.microsoft:partition"),
                ("partition", partition.as_str()),
            ];
            asked.push(management.ask(place, &read, None).await?);
        }
        let mut partitions = Vec::new();
        for id in asked {
            let answer = management.answer(place, id).await?;
            partitions.push(partition(found(place, &answer)?));
        }
        partitions.sort_by_key(|facts| (facts.partition.parse::<u32>().unwrap_or(u32::MAX), facts.partition.clone()));
        Ok(HubFacts { partitions })
    }

    pub(super) async fn close(mut self) {
        timeout(FAREWELL, async {
            self.session.end().await.ok();
            self.connection.close().await.ok();
        })
        .await
        .ok();
    }
}

impl Requests {
    async fn open(session: &mut SessionHandle<()>, node: &str, place: &HubPlace) -> Result<Self, Failure> {
        let refused = |_| unreachable(place, &format!("its node `{node}` cannot be reached"));
        // The link's name and its target's address are the same, so that either finds it.
        let reply_to = format!("oms-{}-{}", node.trim_start_matches('$'), std::process::id());
        let sender = Sender::builder()
            .name(format!("{reply_to}-requests"))
            .source(reply_to.clone())
            .target(node)
            .attach(session)
            .await
            .map_err(|error| refused(error.to_string()))?;
        let receiver = Receiver::builder()
            .name(reply_to.clone())
            .source(Source::builder().address(node).build())
            .target(Target::builder().address(reply_to.clone()).build())
            .auto_accept(true)
            .attach(session)
            .await
            .map_err(|error| refused(error.to_string()))?;
        Ok(Self { sender, receiver, reply_to, next: 1 })
    }

    /// Sends a request; its number.
    async fn ask(&mut self, place: &HubPlace, fields: &[(&str, &str)], text: Option<String>) -> Result<u64, Failure> {
        let id = self.next;
        self.next += 1;
        let fields = fields.iter().fold(ApplicationProperties::builder(), |fields, (name, value)| {
            fields.insert(*name, SimpleValue::String((*value).to_owned()))
        });
        let properties = Properties::builder().message_id(id.to_string()).reply_to(self.reply_to.clone()).build();
        let message = Message::builder().properties(properties).application_properties(fields.build());
        let sent = match text {
            Some(text) => self.sender.send(message.value(text).build()).await,
            None => self.sender.send(message.data(Binary::from("[]")).build()).await,
        };
        sent.map(|_| id).map_err(|_| unreachable(place, "it takes no request"))
    }

    async fn answer(&mut self, place: &HubPlace, id: u64) -> Result<Answer, Failure> {
        let delivery = self
            .receiver
            .recv::<Body<Value>>()
            .await
            .map_err(|_| unreachable(place, "it broke off before it answered"))?;
        let message = delivery.into_message();
        let fields = message.application_properties.map(|fields| fields.0).unwrap_or_default();
        let code = fields.get("status-code").or_else(|| fields.get("statusCode"));
        let code = match code {
            Some(SimpleValue::Int(code)) => *code,
            Some(SimpleValue::Long(code)) => i32::try_from(*code).unwrap_or_default(),
            Some(SimpleValue::Uint(code)) => i32::try_from(*code).unwrap_or_default(),
            _ => 0,
        };
        tracing::trace!(id, code, "answer of the hub");
        let body = match message.body {
            Body::Value(value) => value.0,
            _ => Value::Null,
        };
        Ok(Answer { code, body })
    }
}

/// The map of a good answer.
fn found<'a>(place: &HubPlace, answer: &'a Answer) -> Result<&'a OrderedMap<Value, Value>, Failure> {
    match (answer.code, &answer.body) {
        (200..=299, Value::Map(map)) => Ok(map),
        (404, _) => Err(no_hub(place)),
        (401 | 403, _) => Err(Failure::new(
            FailureKind::Refused,
            format!("cannot read the event hub `{}`: we may not read its partitions", place.hub),
        )
        .hint(place.remedy())),
        _ => Err(unreachable(place, "its answer is not understood")),
    }
}

fn partition(map: &OrderedMap<Value, Value>) -> PartitionFacts {
    let number = |name: &str| match map.get(&key(name)) {
        Some(Value::Long(number)) => *number,
        Some(Value::Int(number)) => i64::from(*number),
        _ => -1,
    };
    let last = number("last_enqueued_sequence_number");
    PartitionFacts {
        partition: texts(map.get(&key("partition"))).pop().unwrap_or_default(),
        first: number("begin_sequence_number"),
        last,
        last_enqueued: match map.get(&key("last_enqueued_time_utc")) {
            Some(Value::Timestamp(at)) if last >= 0 => instant(at.milliseconds()),
            _ => None,
        },
        empty: matches!(map.get(&key("is_partition_empty")), Some(Value::Bool(true))),
    }
}

/// Milliseconds since 1970 as UTC.
pub(super) fn instant(milliseconds: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis(milliseconds).map(|at| at.naive_utc())
}

fn key(name: &str) -> Value {
    Value::String(name.to_owned())
}

/// The texts of a value: one, a list, or an array.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Symbol(symbol)) => vec![symbol.0.clone()],
        Some(Value::List(items)) => items.iter().flat_map(|item| texts(Some(item))).collect(),
        Some(Value::Array(items)) => items.0.iter().flat_map(|item| texts(Some(item))).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn unreachable(place: &HubPlace, cause: &str) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot ask the event hub at `{}`: {cause}", place.dialled()))
        .hint("check `eventhub` in oms.toml, and whether the hub runs")
}

pub(super) fn no_hub(place: &HubPlace) -> Failure {
    Failure::new(FailureKind::NotFound, format!("no event hub named `{}` in `{}`", place.hub, place.host))
        .hint("check `eventhub.hub` in oms.toml")
}
