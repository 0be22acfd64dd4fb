//! Events that wait in the hub, looked at without taking them from the processor: a reader of the default consumer group,
//! without an epoch, so that it neither disturbs nor is disturbed.

use std::time::Duration;

use chrono::NaiveDateTime;
use fe2o3_amqp::Receiver;
use fe2o3_amqp::link::receiver::CreditMode;
use fe2o3_amqp::types::messaging::annotations::OwnedKey;
use fe2o3_amqp::types::messaging::{Body, Message, Source};
use fe2o3_amqp::types::primitives::Value;
use serde::Serialize;
use serde_amqp::described::Described;
use serde_amqp::descriptor::Descriptor;
use tokio::time::{Instant, timeout_at};

use super::HubPlace;
use super::amqp::{Wire, instant, unreachable};
use crate::Failure;

/// The consumer group that every hub has.
const GROUP: &str = "$Default";
/// How a receiver says where it starts.
const SELECTOR: &str = "apache.org:selector-filter:string";
/// The code of a selector's value.
const SELECTOR_CODE: u64 = 0x468C_0000_0004;

/// Where to look in one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The partition.
    pub partition: String,
    /// The events after this sequence number.
    pub after: i64,
    /// Up to this one.
    pub until: i64,
    /// The most that are looked at.
    pub most: usize,
}

/// An event as it stands in the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeekedEvent {
    /// Its partition.
    pub partition: String,
    /// Its sequence number.
    pub sequence: i64,
    /// Its offset.
    pub offset: String,
    /// When the hub took it, UTC.
    pub enqueued: Option<NaiveDateTime>,
    /// The order number, the `subject` of the event; none where the body is no such event.
    pub order: Option<String>,
    /// The `type` of the event.
    pub kind: Option<String>,
}

/// Looks at events. The second value is true where everything that was asked for was seen.
///
/// Fails where the hub cannot be asked at all; what was seen until `limit` is given.
pub async fn peek(place: &HubPlace, places: &[Looked], limit: Duration) -> Result<(Vec<PeekedEvent>, bool), Failure> {
    let deadline = Instant::now() + limit;
    let late = || unreachable(place, "it does not answer in time");
    let mut wire = timeout_at(deadline, Wire::open(place)).await.map_err(|_| late())??;
    let (mut events, mut whole) = (Vec::new(), true);
    for looked in places {
        match timeout_at(deadline, one(&mut wire, place, looked, &mut events)).await {
            Ok(done) => whole &= done?,
            Err(_) => whole = false,
        }
    }
    wire.close().await;
    Ok((events, whole))
}

async fn one(
    wire: &mut Wire,
    place: &HubPlace,
    looked: &Looked,
    events: &mut Vec<PeekedEvent>,
) -> Result<bool, Failure> {
    let path = format!("{}/ConsumerGroups/{GROUP}/Partitions/{}", place.hub, looked.partition);
    wire.claim(place, &path).await?;
    let from = format!("amqp.annotation.x-opt-sequence-number > '{}'", looked.after);
    let source = Source::builder().address(path.as_str()).add_to_filter_using_legacy_format(SELECTOR, described(from));
    let credit = u32::try_from(looked.most).unwrap_or(u32::MAX);
    let mut receiver = Receiver::builder()
        .name(format!("oms-peek-{}-{}-{}", looked.partition, looked.after, std::process::id()))
        .source(source.build())
        .target("oms-peek")
        .credit_mode(CreditMode::Manual)
        .auto_accept(true)
        // The hub gives the source back without what it has understood.
        .verify_incoming_source(false)
        .attach(&mut wire.session)
        .await
        .map_err(|error| {
            tracing::debug!(%error, "no receiver");
            unreachable(place, "it gives us no events")
        })?;
    receiver.set_credit(credit).await.map_err(|_| unreachable(place, "it gives us no events"))?;
    let mut last = looked.after;
    for _ in 0..looked.most {
        if last >= looked.until {
            break;
        }
        let delivery =
            receiver.recv::<Body<Value>>().await.map_err(|_| unreachable(place, "it broke off between events"))?;
        let event = event(&looked.partition, &delivery.into_message());
        last = event.sequence.max(last);
        events.push(event);
    }
    receiver.close().await.ok();
    Ok(last >= looked.until)
}

/// The selector as the service wants it: a described value of its own code.
fn described(text: String) -> Value {
    Value::Described(Box::new(Described { descriptor: Descriptor::Code(SELECTOR_CODE), value: Value::String(text) }))
}

fn event(partition: &str, message: &Message<Body<Value>>) -> PeekedEvent {
    let annotation = |name: &str| {
        message
            .message_annotations
            .iter()
            .flat_map(|annotations| annotations.0.iter())
            .find(|(key, _)| matches!(key, OwnedKey::Symbol(symbol) if symbol.0 == name))
            .map(|(_, value)| value)
    };
    let bytes: Vec<u8> = match &message.body {
        Body::Data(parts) => parts.iter().flat_map(|part| part.0.iter().copied()).collect(),
        _ => Vec::new(),
    };
    let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    PeekedEvent {
        partition: partition.to_owned(),
        sequence: match annotation("x-opt-sequence-number") {
            Some(Value::Long(number)) => *number,
            Some(Value::Int(number)) => i64::from(*number),
            _ => -1,
        },
        offset: match annotation("x-opt-offset") {
            Some(Value::String(text)) => text.clone(),
            _ => String::new(),
        },
        enqueued: match annotation("x-opt-enqueued-time") {
            Some(Value::Timestamp(at)) => instant(at.milliseconds()),
            _ => None,
        },
        order: text("subject"),
        kind: text("type"),
    }
}
