//! From a set-up to sentences and a table.

use serde_json::Value;

use super::{About, CaptureStatus, HubStatus, NamespaceStatus, StatusReport};
use crate::table::in_words;
use crate::{Cell, Column, ColumnType, Role, Table, Told, ToolReport, Unit};

/// Hubs that the sentence describes; the table has all.
const DESCRIBED: usize = 4;

impl From<StatusReport> for ToolReport {
    fn from(report: StatusReport) -> Self {
        report.told().into()
    }
}

impl StatusReport {
    /// The report as it is told.
    pub fn told(&self) -> Told {
        let mut told = Told::new(self.answer(), serde_json::to_value(self).unwrap_or(Value::Null));
        told.table = Some(if self.every_namespace { self.namespaces_table() } else { self.hubs_table() });
        if self.namespaces.iter().any(|namespace| namespace.grows_to.is_some()) {
            told.notes
                .push("auto-inflate only adds throughput units; nothing takes them back when load falls".to_owned());
        }
        for hub in self.hubs.iter().filter(|hub| hub.status != "Active") {
            told.notes.push(format!("hub `{}` is {}", hub.name, hub.status));
        }
        told
    }

    fn answer(&self) -> String {
        if self.every_namespace {
            let names: Vec<String> = self
                .namespaces
                .iter()
                .map(|namespace| format!("{} ({})", namespace.title(), namespace.size()))
                .collect();
            return match names.as_slice() {
                [] => format!("Subscription `{}` has no Event Hubs namespace.", self.subscription),
                names => format!(
                    "Subscription `{}` has {}: {}.",
                    self.subscription,
                    counted(names.len(), "Event Hubs namespace"),
                    names.join("; ")
                ),
            };
        }
        let Some(namespace) = self.namespaces.first() else { return "There is no namespace.".to_owned() };
        let hubs = |say: &dyn Fn(&HubStatus) -> String| -> String {
            let mut said: Vec<String> =
                self.hubs.iter().take(DESCRIBED).map(|hub| format!("`{}` {}", hub.name, say(hub))).collect();
            if let Some(more) = self.hubs.len().checked_sub(DESCRIBED + 1) {
                said.push(format!("{} more in the table", more + 1));
            }
            if said.is_empty() { "it has no hubs".to_owned() } else { said.join("; ") }
        };
        match self.about {
            About::Throughput => format!("Namespace {} has {}.", namespace.title(), namespace.size()),
            About::Partitions => format!("Partitions: {}.", hubs(&|hub| counted(amount(hub.partitions), "partition"))),
            About::Retention => format!("Events are kept for: {}.", hubs(&HubStatus::kept)),
            About::ConsumerGroups => format!("Consumer groups: {}.", hubs(&HubStatus::groups)),
            About::Capture => {
                let on = self.hubs.iter().filter(|hub| hub.captures()).count();
                let lead = match (on, self.hubs.len()) {
                    (0, _) => "No, Capture is off".to_owned(),
                    (on, all) if on == all => "Yes, Capture is on".to_owned(),
                    (on, all) => format!("Capture is on for {on} of {all} hubs"),
                };
                format!("{lead}: {}.", hubs(&HubStatus::captured))
            }
            About::Everything => format!(
                "Namespace {} is {}: {}, {}. {}.",
                namespace.title(),
                namespace.status,
                namespace.size(),
                counted(self.hubs.len(), "hub"),
                hubs(&|hub| format!(
                    "has {}, keeps events for {}, consumer groups {}, Capture {}",
                    counted(amount(hub.partitions), "partition"),
                    hub.kept(),
                    hub.groups(),
                    hub.captured()
                ))
            ),
        }
    }

    fn namespaces_table(&self) -> Table {
        let rows = self.namespaces.iter().map(|namespace| {
            vec![
                text(&namespace.name),
                text(&namespace.resource_group),
                text(&namespace.location),
                text(&namespace.tier),
                number(namespace.units.map(i64::from)),
                number(namespace.grows_to.map(i64::from)),
                text(&namespace.status),
            ]
        });
        let names = ["namespace", "resource_group", "location", "tier", "units", "grows_to", "status"];
        table(&names, &["units", "grows_to"], rows.collect())
    }

    fn hubs_table(&self) -> Table {
        let rows = self.hubs.iter().map(|hub| {
            vec![
                text(&hub.name),
                number(Some(hub.partitions)),
                number(hub.kept_hours),
                text(&hub.groups.join(", ")),
                text(&hub.captured()),
                text(&hub.status),
            ]
        });
        let names = ["hub", "partitions", "kept_hours", "consumer_groups", "capture", "status"];
        table(&names, &["partitions", "kept_hours"], rows.collect())
    }
}

impl NamespaceStatus {
    fn title(&self) -> String {
        format!("`{}` ({})", self.name, self.location)
    }

    /// "Standard, 2 throughput units, auto-inflate up to 8".
    fn size(&self) -> String {
        let unit = if self.tier.eq_ignore_ascii_case("premium") { "processing unit" } else { "throughput unit" };
        let units =
            self.units.map(|units| format!(", {}", counted(amount(i64::from(units)), unit))).unwrap_or_default();
        let grows = match self.grows_to {
            Some(most) => format!(", auto-inflate up to {most}"),
            None if self.tier.eq_ignore_ascii_case("standard") => ", no auto-inflate".to_owned(),
            None => String::new(),
        };
        format!("tier {}{units}{grows}", self.tier)
    }
}

impl HubStatus {
    fn captures(&self) -> bool {
        self.capture.as_ref().is_some_and(|capture| capture.on)
    }

    fn kept(&self) -> String {
        match self.kept_hours {
            _ if self.compacted => "ever, the newest of each key".to_owned(),
            Some(hours) if hours > 0 && hours % 24 == 0 => counted(amount(hours / 24), "day"),
            Some(hours) => counted(amount(hours), "hour"),
            None => "an unknown time".to_owned(),
        }
    }

    fn groups(&self) -> String {
        let named: Vec<String> = self.groups.iter().map(|group| format!("`{group}`")).collect();
        match named.as_slice() {
            [] => "none".to_owned(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    fn captured(&self) -> String {
        match &self.capture {
            Some(capture) if capture.on => capture.words(),
            _ => "off".to_owned(),
        }
    }
}

impl CaptureStatus {
    fn words(&self) -> String {
        let window = match (self.seconds, self.bytes) {
            (Some(seconds), Some(bytes)) => {
                format!(", every {seconds} s or {}", in_words(f64::from(bytes), Unit::Bytes))
            }
            (Some(seconds), None) => format!(", every {seconds} s"),
            (None, Some(bytes)) => format!(", every {}", in_words(f64::from(bytes), Unit::Bytes)),
            (None, None) => String::new(),
        };
        let container =
            self.container.as_ref().map(|container| format!(" to container `{container}`")).unwrap_or_default();
        let account =
            self.account.as_ref().map(|account| format!(" of storage account `{account}`")).unwrap_or_default();
        let empty = if self.skips_empty { ", no file for a quiet window" } else { "" };
        format!("on{window}{container}{account}{empty}")
    }
}

fn table(names: &[&str], numbers: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    let column = |name: &&str| {
        let kind = if numbers.contains(name) { ColumnType::Integer } else { ColumnType::String };
        Column { name: (*name).to_owned(), kind, role: Role::Attribute, unit: Unit::Plain }
    };
    Table { columns: names.iter().map(column).collect(), rows, truncated: false }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(number: Option<i64>) -> Cell {
    number.map_or(Cell::Null, |number| Cell::Integer(number.into()))
}

fn amount(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// "1 hub", "2 hubs".
fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
