//! One captured file: Avro, with the schema that Event Hubs Capture writes.
//!
//! Schema and file names: Microsoft, "Capture events through Azure Event Hubs in Azure Blob Storage".

use apache_avro::Reader;
use apache_avro::types::Value;
use chrono::NaiveDateTime;

use crate::{Failure, FailureKind};

/// How captured files write times: `1/14/2026 6:05:09 PM`, UTC.
const ENQUEUED: &str = "%m/%d/%Y %I:%M:%S %p";

/// One event of a captured file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedEvent {
    /// Its place in the partition: whole numbers without gaps.
    pub sequence: i64,
    /// Its offset in the partition.
    pub offset: String,
    /// When the hub took it, UTC; `None` where the file's text is no time.
    pub enqueued: Option<NaiveDateTime>,
    /// The order number, the `subject` of the event; `None` where the body is no such event.
    pub order: Option<String>,
    /// The `type` of the event.
    pub kind: Option<String>,
}

/// A captured file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedFile {
    /// Its name in the archive.
    pub name: String,
    /// The partition, from the name: `{namespace}/{hub}/{partition}/{year}/...`.
    pub partition: i64,
    /// Its events, as they stand in it.
    pub events: Vec<CapturedEvent>,
}

/// Reads a captured file.
///
/// `name` is its path in the archive with `/` between the parts. Fails where the bytes are no captured file, also when they
/// are cut off.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<CapturedFile, Failure> {
    let broken = |cause: &str| {
        Failure::new(FailureKind::Unavailable, format!("cannot read the captured file `{name}`: {cause}"))
            .hint("fetch it again; if it stays so, the archive holds a damaged file")
    };
    let partition = partition(name).ok_or_else(|| {
        Failure::invalid(format!("cannot read the captured file `{name}`: its name tells no partition"))
            .hint("name the archive's root: files are called `namespace/hub/partition/year/month/day/hour/minute/second.avro`")
    })?;
    let reader = Reader::new(bytes).map_err(|_| broken("it is no Avro file"))?;
    let mut events = Vec::new();
    for record in reader {
        let Ok(Value::Record(fields)) = record else { return Err(broken("it is damaged or cut off")) };
        events.push(event(&fields).ok_or_else(|| broken("its records are not those of Capture"))?);
    }
    Ok(CapturedFile { name: name.to_owned(), partition, events })
}

/// The partition in a captured file's name: the seventh part from its end.
fn partition(name: &str) -> Option<i64> {
    name.split('/').rev().nth(6)?.parse().ok().filter(|partition| *partition >= 0)
}

fn event(fields: &[(String, Value)]) -> Option<CapturedEvent> {
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| plain(value));
    let Value::Long(sequence) = field("SequenceNumber")? else { return None };
    let Value::String(offset) = field("Offset")? else { return None };
    let enqueued = match field("EnqueuedTimeUtc")? {
        Value::String(text) => NaiveDateTime::parse_from_str(text, ENQUEUED).ok(),
        _ => None,
    };
    let body: serde_json::Value = match field("Body")? {
        Value::Bytes(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
        _ => serde_json::Value::Null,
    };
    let text = |name: &str| body.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    Some(CapturedEvent {
        sequence: *sequence,
        offset: offset.clone(),
        enqueued,
        order: text("subject"),
        kind: text("type"),
    })
}

/// A value without the union around it.
fn plain(value: &Value) -> &Value {
    match value {
        Value::Union(_, inner) => plain(inner),
        other => other,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use apache_avro::{Schema, Writer};

    use super::*;

    const SCHEMA: &str = r#"{"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[
        {"name":"SequenceNumber","type":"long"},{"name":"Offset","type":"string"},{"name":"EnqueuedTimeUtc","type":"string"},
        {"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},
        {"name":"Properties","type":{"type":"map","values":["long","double","string","bytes"]}},
        {"name":"Body","type":["null","bytes"]}]}"#;

    /// A captured file with these events: sequence, order, type.
    pub(crate) fn file(events: &[(i64, &str, &str)]) -> Vec<u8> {
        let schema = Schema::parse_str(SCHEMA).unwrap();
        let mut writer = Writer::new(&schema, Vec::new());
        for (sequence, order, kind) in events {
            let body = serde_json::json!({"specversion": "1.0", "subject": order, "type": kind}).to_string();
            let empty = || Value::Map(std::collections::HashMap::new());
            writer
                .append(Value::Record(vec![
                    ("SequenceNumber".into(), Value::Long(*sequence)),
                    ("Offset".into(), Value::String((sequence * 100).to_string())),
                    ("EnqueuedTimeUtc".into(), Value::String("1/14/2026 6:05:09 PM".into())),
                    ("SystemProperties".into(), empty()),
                    ("Properties".into(), empty()),
                    ("Body".into(), Value::Union(1, Box::new(Value::Bytes(body.into_bytes())))),
                ]))
                .unwrap();
        }
        writer.into_inner().unwrap()
    }

    const NAME: &str = "oms/orders/3/2026/01/14/18/06/00.avro";

    #[test]
    fn a_captured_file_is_read() {
        let read =
            read_file(NAME, &file(&[(7, "ORD-0000042", "order.placed"), (8, "ORD-0000043", "order.paid")])).unwrap();
        assert_eq!((read.partition, read.events.len()), (3, 2));
        let first = &read.events[0];
        assert_eq!((first.sequence, first.offset.as_str()), (7, "700"));
        assert_eq!(first.enqueued.unwrap().to_string(), "2026-01-14 18:05:09");
        assert_eq!((first.order.as_deref(), first.kind.as_deref()), (Some("ORD-0000042"), Some("order.placed")));
    }

    #[test]
    fn what_is_no_captured_file_is_told_and_nothing_panics() {
        let whole = file(&[(1, "ORD-0000001", "order.placed")]);
        assert!(read_file(NAME, b"").is_err());
        assert!(read_file(NAME, b"not avro at all").is_err());
        assert!(read_file("somewhere.avro", &whole).is_err());
        assert!(read_file("oms/orders/x/2026/01/14/18/06/00.avro", &whole).is_err());
        for cut in 0..whole.len() {
            // Cut in the header or in a block: refused. Cut between: fewer events, never invented ones.
            if let Ok(read) = read_file(NAME, &whole[..cut]) {
                assert!(read.events.is_empty(), "{cut}");
            }
        }
        let mut flipped = whole.clone();
        for place in 0..flipped.len() {
            flipped[place] ^= 0xff;
            read_file(NAME, &flipped).ok();
            flipped[place] ^= 0xff;
        }
    }
}
