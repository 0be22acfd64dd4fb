//! Reads `terraform show -json PLAN` as it comes, one resource at a time: a plan of any size takes the memory of its largest
//! resource, and of a bounded list of changes.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::change::{AttributeChange, PlanReport, ResourceAction, ResourceChange, shown};
use crate::redact::{HIDDEN, Redactor, is_secret_name};

/// Changes that are kept.
const MOST_CHANGES: usize = 500;
/// Addresses of a list that are kept.
const MOST_ADDRESSES: usize = 2_000;
/// Attributes of one change that are kept.
const MOST_ATTRIBUTES: usize = 30;

/// The report, and the sensitive values that were seen on the way.
pub(super) struct ReadPlan {
    pub(super) report: PlanReport,
    pub(super) redactor: Redactor,
}

/// Reads the report.
pub(super) fn read(source: &mut dyn Read, data_stores: &[String]) -> Result<ReadPlan, String> {
    let mut read = ReadPlan { report: PlanReport::default(), redactor: Redactor::default() };
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::with_capacity(64 * 1024, source));
    let stores: BTreeSet<&str> = data_stores.iter().map(String::as_str).collect();
    Plan { read: &mut read, stores: &stores }.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    let ReadPlan { report, redactor } = &mut read;
    report.hide(redactor);
    Ok(read)
}

struct Plan<'a> {
    read: &'a mut ReadPlan,
    stores: &'a BTreeSet<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    TerraformVersion,
    ResourceChanges,
    ResourceDrift,
    OutputChanges,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for Plan<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Plan<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(part) = map.next_key::<Part>()? {
            match part {
                Part::TerraformVersion => self.read.report.version = map.next_value()?,
                Part::ResourceChanges => {
                    map.next_value_seed(Each(|value: RawChange| self.read.change(value, self.stores)))?;
                }
                Part::ResourceDrift => map.next_value_seed(Each(|value: RawChange| self.read.drift(&value)))?,
                Part::OutputChanges => {
                    let outputs: serde_json::Map<String, Value> = map.next_value()?;
                    for (name, change) in outputs {
                        self.read.output(&name, &change);
                    }
                }
                Part::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Hands each element of a list to a function, and keeps none.
struct Each<F>(F);

impl<'de, F: FnMut(RawChange)> DeserializeSeed<'de> for Each<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(RawChange)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of changes")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(change) = list.next_element()? {
            (self.0)(change);
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawChange {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    mode: String,
    action_reason: Option<String>,
    change: RawValues,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawValues {
    actions: Vec<String>,
    before: Value,
    after: Value,
    after_unknown: Value,
    before_sensitive: Value,
    after_sensitive: Value,
    replace_paths: Vec<Vec<Value>>,
}

impl ReadPlan {
    fn change(&mut self, raw: RawChange, stores: &BTreeSet<&str>) {
        let values = raw.change;
        gather(&values.before, &values.before_sensitive, &mut self.redactor);
        gather(&values.after, &values.after_sensitive, &mut self.redactor);
        let actions: Vec<&str> = values.actions.iter().map(String::as_str).collect();
        let Some(action) = ResourceAction::of(&actions) else { return };
        if action == ResourceAction::Read || raw.mode == "data" {
            return;
        }
        let report = &mut self.report;
        report.counts.count(action);
        let data_store = stores.contains(raw.kind.as_str());
        let change = ResourceChange {
            address: clean(&raw.address),
            kind: raw.kind,
            action,
            reason: raw.action_reason,
            attributes: Vec::new(),
            attributes_left_out: 0,
            data_store,
        };
        if change.destroys() {
            if report.destroys.len() < MOST_ADDRESSES {
                report.destroys.push(change.address.clone());
            }
            if data_store && report.data_at_risk.len() < MOST_ADDRESSES {
                report.data_at_risk.push(change.address.clone());
            } else if data_store {
                report.data_at_risk_left_out += 1;
            }
        }
        if report.changes.len() >= MOST_CHANGES {
            report.left_out += 1;
            // What destroys is told before what does not.
            let harmless = report.changes.iter().rposition(|kept| !kept.destroys());
            match harmless {
                Some(at) if change.destroys() => drop(report.changes.remove(at)),
                _ => return,
            }
        }
        let mut change = change;
        let found = attributes(&values);
        change.attributes_left_out = found.len().saturating_sub(MOST_ATTRIBUTES);
        change.attributes = found.into_iter().take(MOST_ATTRIBUTES).collect();
        let at = if change.destroys() {
            report.changes.iter().position(|kept| !kept.destroys()).unwrap_or(report.changes.len())
        } else {
            report.changes.len()
        };
        report.changes.insert(at, change);
    }

    fn drift(&mut self, raw: &RawChange) {
        gather(&raw.change.before, &raw.change.before_sensitive, &mut self.redactor);
        gather(&raw.change.after, &raw.change.after_sensitive, &mut self.redactor);
        let happens = raw.change.actions.iter().any(|action| action != "no-op");
        if happens && self.report.drifted.len() < MOST_ADDRESSES {
            self.report.drifted.push(clean(&raw.address));
        } else if happens {
            self.report.drifted_left_out += 1;
        }
    }

    fn output(&mut self, name: &str, change: &Value) {
        let (before, after) = (&change["before"], &change["after"]);
        gather(before, &change["before_sensitive"], &mut self.redactor);
        gather(after, &change["after_sensitive"], &mut self.redactor);
        let actions: Vec<&str> = change["actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if matches!(actions.as_slice(), ["no-op"]) || self.report.outputs.len() >= MOST_ADDRESSES {
            return;
        }
        let secret = is_secret_name(name);
        let value = |value: &Value, sensitive: &Value, unknown: &Value| match value {
            _ if *unknown == Value::Bool(true) => Some(UNKNOWN.to_owned()),
            Value::Null => None,
            _ if secret => Some(HIDDEN.to_owned()),
            value => Some(shown(value, sensitive)),
        };
        self.report.outputs.push(AttributeChange {
            path: clean(name),
            before: value(before, &change["before_sensitive"], &Value::Null),
            after: value(after, &change["after_sensitive"], &change["after_unknown"]),
            replaces: false,
        });
    }
}

const UNKNOWN: &str = "(known after apply)";

/// Names as they can be shown.
fn clean(name: &str) -> String {
    name.chars().map(|sign| if crate::process::arguments::is_hidden_sign(sign) { '\u{fffd}' } else { sign }).collect()
}

/// Keeps the sensitive parts of a value, to hide them wherever else they stand.
fn gather(value: &Value, sensitive: &Value, redactor: &mut Redactor) {
    match (value, sensitive) {
        (Value::Bool(_) | Value::Null, _) => {}
        (value, Value::Bool(true)) => redactor.add_json(value),
        (Value::Object(fields), Value::Object(marks)) => {
            for (name, mark) in marks {
                if let Some(field) = fields.get(name) {
                    gather(field, mark, redactor);
                }
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            items.iter().zip(marks).for_each(|(item, mark)| gather(item, mark, redactor));
        }
        _ => {}
    }
}

/// The attributes that differ, by path.
fn attributes(values: &RawValues) -> Vec<AttributeChange> {
    let mut found = Vec::new();
    let replacing: Vec<String> = values.replace_paths.iter().map(|path| path_of(path)).collect();
    let sides = Sides {
        before: &values.before,
        after: &values.after,
        unknown: &values.after_unknown,
        before_sensitive: &values.before_sensitive,
        after_sensitive: &values.after_sensitive,
    };
    differ("", sides, 0, &mut found);
    for attribute in &mut found {
        attribute.replaces =
            replacing.iter().any(|path| attribute.path == *path || attribute.path.starts_with(&format!("{path}.")));
    }
    // What replaces is told first.
    found.sort_by_key(|attribute| !attribute.replaces);
    found
}

fn path_of(path: &[Value]) -> String {
    let parts = path.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
    parts.collect::<Vec<_>>().join(".")
}

#[derive(Clone, Copy)]
struct Sides<'a> {
    before: &'a Value,
    after: &'a Value,
    unknown: &'a Value,
    before_sensitive: &'a Value,
    after_sensitive: &'a Value,
}

/// The deepest level that is compared part by part; what lies deeper is compared whole.
const DEEPEST: usize = 4;
/// Attributes of one resource that are looked for; more are counted as one.
const MOST_FOUND: usize = 2_000;

fn differ(path: &str, sides: Sides<'_>, depth: usize, found: &mut Vec<AttributeChange>) {
    let Sides { before, after, unknown, before_sensitive, after_sensitive } = sides;
    if found.len() >= MOST_FOUND {
        return;
    }
    let names: BTreeSet<String> = match (before, after, unknown) {
        (
            Value::Object(_) | Value::Null,
            Value::Object(_) | Value::Null,
            Value::Object(_) | Value::Bool(_) | Value::Null,
        ) if depth < DEEPEST && *before_sensitive != Value::Bool(true) && *after_sensitive != Value::Bool(true) => {
            let fields = |value: &Value| value.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
            [before, after, unknown].into_iter().filter_map(fields).flatten().collect()
        }
        _ => BTreeSet::new(),
    };
    if !names.is_empty() && *unknown != Value::Bool(true) {
        for name in names {
            let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let part = Sides {
                before: &before[&name],
                after: &after[&name],
                unknown: &unknown[&name],
                before_sensitive: &before_sensitive[&name],
                after_sensitive: &after_sensitive[&name],
            };
            differ(&below, part, depth + 1, found);
        }
        return;
    }
    let is_unknown = contains_true(unknown);
    if path.is_empty()
        || before == after && !is_unknown
        || *before == Value::Null && *after == Value::Null && !is_unknown
    {
        return;
    }
    let secret = path.rsplit('.').next().is_some_and(is_secret_name);
    let value = |value: &Value, sensitive: &Value| match value {
        Value::Null => None,
        _ if secret => Some(HIDDEN.to_owned()),
        value => Some(shown(value, sensitive)),
    };
    found.push(AttributeChange {
        before: value(before, before_sensitive),
        after: if is_unknown { Some(UNKNOWN.to_owned()) } else { value(after, after_sensitive) },
        path: clean(path),
        replaces: false,
    });
}

fn contains_true(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Array(items) => items.iter().any(contains_true),
        Value::Object(fields) => fields.values().any(contains_true),
        _ => false,
    }
}
