//! What a plan would change, as typed values.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::redact::{HIDDEN, Redactor};

/// What would happen to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceAction {
    /// Made.
    Add,
    /// Changed where it is.
    Change,
    /// Destroyed and made anew.
    Replace,
    /// Destroyed.
    Destroy,
    /// Let go of, but not destroyed.
    Forget,
    /// Read only.
    Read,
}

impl ResourceAction {
    /// From Terraform's list of actions; `None` where nothing happens.
    pub(super) fn of(actions: &[&str]) -> Option<Self> {
        match actions {
            ["create"] => Some(Self::Add),
            ["update"] => Some(Self::Change),
            ["delete", "create"] | ["create", "delete" | "forget"] => Some(Self::Replace),
            ["delete"] => Some(Self::Destroy),
            ["forget"] => Some(Self::Forget),
            ["read"] => Some(Self::Read),
            _ => None,
        }
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Add => "added",
            Self::Change => "changed",
            Self::Replace => "replaced",
            Self::Destroy => "destroyed",
            Self::Forget => "forgotten",
            Self::Read => "read",
        }
    }
}

/// One attribute that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Its path: `input.units`.
    pub path: String,
    /// Its value before, shortened; none: it was not set.
    pub before: Option<String>,
    /// Its value after, shortened; none: it is not set any more.
    pub after: Option<String>,
    /// Whether it is this one that makes the resource be replaced.
    pub replaces: bool,
}

/// One resource that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceChange {
    /// `module.event_stream.azurerm_eventhub.this`.
    pub address: String,
    /// `azurerm_eventhub`.
    pub kind: String,
    /// What happens to it.
    pub action: ResourceAction,
    /// Why, in Terraform's own word.
    pub reason: Option<String>,
    /// What changes of it.
    pub attributes: Vec<AttributeChange>,
    /// Attributes that are left out of the list.
    pub attributes_left_out: usize,
    /// Whether it holds data.
    pub data_store: bool,
}

impl ResourceChange {
    /// Whether something that is there would be gone.
    pub fn destroys(&self) -> bool {
        matches!(self.action, ResourceAction::Destroy | ResourceAction::Replace)
    }
}

/// How many resources each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Made.
    pub added: usize,
    /// Changed where they are.
    pub changed: usize,
    /// Destroyed and made anew.
    pub replaced: usize,
    /// Destroyed.
    pub destroyed: usize,
    /// Let go of.
    pub forgotten: usize,
}

impl Counts {
    /// How many in all.
    pub fn total(&self) -> usize {
        self.added + self.changed + self.replaced + self.destroyed + self.forgotten
    }

    pub(super) fn count(&mut self, action: ResourceAction) {
        match action {
            ResourceAction::Add => self.added += 1,
            ResourceAction::Change => self.changed += 1,
            ResourceAction::Replace => self.replaced += 1,
            ResourceAction::Destroy => self.destroyed += 1,
            ResourceAction::Forget => self.forgotten += 1,
            ResourceAction::Read => {}
        }
    }
}

/// What a plan would change. Bounded: the counts are of the whole plan, the lists may be cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReport {
    /// The version that made it.
    pub version: String,
    /// How many resources each.
    pub counts: Counts,
    /// Those that destroy or replace come first.
    pub changes: Vec<ResourceChange>,
    /// Changes that are left out of the list.
    pub left_out: usize,
    /// Addresses that would be destroyed or replaced.
    pub destroys: Vec<String>,
    /// Those of them that hold data.
    pub data_at_risk: Vec<String>,
    /// Addresses with data that are left out of the list.
    #[serde(default)]
    pub data_at_risk_left_out: usize,
    /// Outputs that change, with what they become.
    pub outputs: Vec<AttributeChange>,
    /// Addresses that were changed outside Terraform since its last run.
    pub drifted: Vec<String>,
    /// Addresses that are left out of the list of those.
    #[serde(default)]
    pub drifted_left_out: usize,
}

impl PlanReport {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.counts.total() == 0 && self.outputs.is_empty()
    }

    /// Addresses that would be destroyed or replaced and are left out of the list.
    pub fn destroys_left_out(&self) -> usize {
        (self.counts.destroyed + self.counts.replaced).saturating_sub(self.destroys.len())
    }

    /// Hides secrets in every text.
    pub(super) fn hide(&mut self, redactor: &Redactor) {
        let hide = |text: &mut Option<String>| {
            if let Some(text) = text {
                let hidden = redactor.lines(text);
                *text = hidden;
            }
        };
        let attributes = self.changes.iter_mut().flat_map(|change| &mut change.attributes);
        for attribute in attributes.chain(&mut self.outputs) {
            hide(&mut attribute.before);
            hide(&mut attribute.after);
        }
    }
}

/// Signs of one value that are shown.
const LONGEST_VALUE: usize = 120;

/// A value as it is shown, without what is sensitive in it.
pub(super) fn shown(value: &Value, sensitive: &Value) -> String {
    let text = match value {
        _ if *sensitive == Value::Bool(true) => HIDDEN.to_owned(),
        Value::String(text) => text.clone(),
        other => {
            let mut other = other.clone();
            mask(&mut other, sensitive);
            other.to_string()
        }
    };
    let mut short: String = text
        .chars()
        .take(LONGEST_VALUE)
        .map(|sign| if sign.is_control() && sign != '\n' { ' ' } else { sign })
        .collect();
    if text.chars().nth(LONGEST_VALUE).is_some() {
        short.push('…');
    }
    short
}

/// Hides the parts of a value that are marked as sensitive.
fn mask(value: &mut Value, sensitive: &Value) {
    match (value, sensitive) {
        (value, Value::Bool(true)) => *value = Value::String(HIDDEN.to_owned()),
        (Value::Object(fields), Value::Object(marks)) => {
            for (name, mark) in marks {
                if let Some(field) = fields.get_mut(name) {
                    mask(field, mark);
                }
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            items.iter_mut().zip(marks).for_each(|(item, mark)| mask(item, mark));
        }
        _ => {}
    }
}
