//! What is said of a part and of the whole: a verdict with its reasons and the evidence behind them.

use std::fmt::Write;

use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Cell, Column, ColumnType, Role, Table, Told, ToolReport, Unit};

/// How a part is, or the whole; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was asked, and all is well.
    Healthy,
    /// It could not be asked: never taken for healthy.
    Unknown,
    /// It works, and something is not as it should be.
    Degraded,
    /// It does not work.
    Down,
}

impl Verdict {
    /// The word that people and machines read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unknown => "unknown",
            Self::Degraded => "degraded",
            Self::Down => "down",
        }
    }
}

/// The parts of the pipeline, in the order of an order's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Traefik, the way in.
    Traefik,
    /// The web servers.
    Web,
    /// The service that accepts orders.
    Intake,
    /// The event hub.
    Hub,
    /// What Capture has not written yet.
    Capture,
    /// The service that applies events.
    Processor,
    /// The orders database.
    Database,
    /// The disks of this machine.
    Disk,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Traefik, Self::Web, Self::Intake, Self::Hub, Self::Capture, Self::Processor, Self::Database, Self::Disk];

    /// The word that people and machines read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Traefik => "traefik",
            Self::Web => "web",
            Self::Intake => "intake",
            Self::Hub => "hub",
            Self::Capture => "capture",
            Self::Processor => "processor",
            Self::Database => "database",
            Self::Disk => "disk",
        }
    }

    /// The words of a sentence.
    fn spoken(self) -> &'static str {
        match self {
            Self::Web => "group of web servers",
            Self::Hub => "event hub",
            other => other.word(),
        }
    }

    /// Whether no order passes without it. Capture is not: the hub keeps what it has not written yet.
    fn carries(self) -> bool {
        self != Self::Capture
    }
}

/// One part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartHealth {
    /// The part.
    pub part: Part,
    /// How it is.
    pub verdict: Verdict,
    /// Why: one sentence without a full stop.
    pub said: String,
    /// What to do about it.
    pub hints: Vec<String>,
    /// What was seen, for machines.
    pub evidence: Map<String, Value>,
}

impl PartHealth {
    /// A part with its reason.
    pub(crate) fn new(part: Part, verdict: Verdict, said: impl Into<String>) -> Self {
        Self { part, verdict, said: said.into(), hints: Vec::new(), evidence: Map::new() }
    }

    /// With something that was seen.
    #[must_use]
    pub(crate) fn saw(mut self, name: &str, value: impl Serialize) -> Self {
        self.evidence.insert(name.to_owned(), json!(value));
        self
    }

    /// With what to do.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// The whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthReport {
    /// How it is.
    pub verdict: Verdict,
    /// When it was looked at, UTC.
    pub checked_at: NaiveDateTime,
    /// How long that took, in milliseconds.
    pub elapsed_ms: f64,
    /// The parts, in the order of an order's way.
    pub parts: Vec<PartHealth>,
    /// Whether only some parts were asked about.
    #[serde(skip)]
    some: bool,
}

impl HealthReport {
    /// The whole of its parts.
    pub(crate) fn of(mut parts: Vec<PartHealth>, checked_at: NaiveDateTime, elapsed_ms: f64) -> Self {
        parts.sort_by_key(|part| part.part);
        Self { verdict: whole(&parts), checked_at, elapsed_ms, parts, some: false }
    }

    /// The sentence: the verdict, and what stands behind it.
    pub fn sentence(&self) -> String {
        if self.some {
            let said: Vec<String> = self
                .parts
                .iter()
                .map(|part| format!("The {} is {}: {}.", part.part.spoken(), part.verdict.word(), part.said))
                .collect();
            return said.join(" ");
        }
        let of = |verdict: Verdict| self.parts.iter().filter(move |part| part.verdict == verdict);
        let mut text = match self.verdict {
            Verdict::Healthy => {
                format!("The pipeline is healthy: all {} parts were asked and are well", self.parts.len())
            }
            verdict => format!(
                "The pipeline is {}",
                if verdict == Verdict::Unknown { "in an unknown state" } else { verdict.word() }
            ),
        };
        let mut before = ": ";
        for verdict in [Verdict::Down, Verdict::Degraded] {
            for part in of(verdict) {
                write!(text, "{before}{} is {}, {}", part.part.word(), verdict.word(), part.said).ok();
                before = "; ";
            }
        }
        let unknown: Vec<&str> = of(Verdict::Unknown).map(|part| part.part.word()).collect();
        if !unknown.is_empty() {
            write!(text, "{before}{} could not be asked", listed(&unknown)).ok();
        }
        text.push('.');
        text
    }

    /// The same for a question about some parts: what they are, healthy or not.
    #[must_use]
    pub(crate) fn narrowed(mut self) -> Self {
        self.some = true;
        self
    }

    /// One row a part.
    pub fn table(&self) -> Table {
        let column =
            |name: &str, role| Column { name: name.to_owned(), kind: ColumnType::String, role, unit: Unit::Plain };
        Table {
            columns: vec![
                column("part", Role::Attribute),
                column("verdict", Role::Attribute),
                column("what was seen", Role::Attribute),
            ],
            rows: self
                .parts
                .iter()
                .map(|part| {
                    let text = |text: &str| Cell::Text(text.to_owned());
                    vec![text(part.part.word()), text(part.verdict.word()), text(&part.said)]
                })
                .collect(),
            truncated: false,
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The worst that a part makes of the whole: a part without which orders still pass degrades it at most.
fn whole(parts: &[PartHealth]) -> Verdict {
    parts
        .iter()
        .map(|part| if part.part.carries() { part.verdict } else { part.verdict.min(Verdict::Degraded) })
        .max()
        // Nothing was asked.
        .unwrap_or(Verdict::Unknown)
}

impl From<HealthReport> for ToolReport {
    fn from(report: HealthReport) -> Self {
        let hints = report.parts.iter().flat_map(|part| part.hints.clone());
        let mut told = Told::new(report.sentence(), serde_json::to_value(&report).unwrap_or_default());
        told.notes = hints.collect();
        told.with_table(report.table()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(part: Part, verdict: Verdict) -> PartHealth {
        PartHealth::new(part, verdict, "so it is")
    }

    #[test]
    fn the_whole_is_as_its_worst_part() {
        use Verdict::{Degraded, Down, Healthy, Unknown};
        for (parts, expected) in [
            (vec![], Unknown),
            (vec![part(Part::Web, Healthy), part(Part::Hub, Healthy)], Healthy),
            (vec![part(Part::Web, Healthy), part(Part::Hub, Unknown)], Unknown),
            (vec![part(Part::Web, Degraded), part(Part::Hub, Unknown)], Degraded),
            (vec![part(Part::Web, Degraded), part(Part::Hub, Down)], Down),
            (vec![part(Part::Capture, Down), part(Part::Hub, Healthy)], Degraded),
            (vec![part(Part::Capture, Unknown), part(Part::Hub, Healthy)], Unknown),
        ] {
            let report = HealthReport::of(parts, NaiveDateTime::default(), 1.0);
            assert_eq!(report.verdict, expected, "{}", report.sentence());
            assert!(report.sentence().contains(expected.word()));
        }
    }

    #[test]
    fn the_sentence_names_what_is_wrong_and_what_is_not_known() {
        let parts = vec![
            part(Part::Processor, Verdict::Down),
            part(Part::Web, Verdict::Degraded),
            part(Part::Disk, Verdict::Unknown),
            part(Part::Capture, Verdict::Unknown),
            part(Part::Hub, Verdict::Healthy),
        ];
        let said = HealthReport::of(parts, NaiveDateTime::default(), 1.0).sentence();
        assert_eq!(
            said,
            "The pipeline is down: processor is down, so it is; web is degraded, so it is; capture and disk could not be asked."
        );
    }
}
