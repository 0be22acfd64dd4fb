//! From a timeline to a sentence that says what coincides, and says that this is all it says.

use chrono::NaiveDateTime;
use serde_json::json;

use super::{Change, Compared, Happened, Rate, Scale, Subject, WhyReport};
use crate::table::in_words;
use crate::told::{Chart, ChartSeries};
use crate::{Cell, Column, ColumnType, Role, Table, Told, ToolReport, Unit};

/// Coinciding events that the sentence names, those nearest to the moment; the table has all.
const NAMED: usize = 6;

impl From<WhyReport> for ToolReport {
    fn from(report: WhyReport) -> Self {
        report.told().into()
    }
}

impl Subject {
    fn words(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::FailedPayments => "failed payments",
            Self::IncomingMessages => "incoming messages",
        }
    }
}

impl WhyReport {
    /// What is near enough to the moment to coincide with it.
    pub fn coinciding(&self) -> Vec<&Happened> {
        let near = self.window.scale.near();
        self.timeline.iter().filter(|one| (one.at - self.window.at).abs() <= near).collect()
    }

    /// The report as it is told.
    pub fn told(&self) -> Told {
        let mut told = Told::new(format!("{} {}", self.changed(), self.together()), self.data());
        if !self.timeline.is_empty() {
            told.table = Some(self.table());
        }
        told.chart = Some(self.chart());
        told.notes = self.unasked.iter().map(|(source, cause)| format!("not asked: {source}: {cause}")).collect();
        told
    }

    /// "Orders fell at 14:00: 4 per hour until 16:00, 12 per hour in the three hours before; a week earlier 11 and 12."
    fn changed(&self) -> String {
        let subject = capital(self.arguments.subject.words());
        let at = with_day(self.window.at);
        let verb = match (self.compared.fell(), self.compared.rose(), self.arguments.change) {
            (true, _, Change::Rose) => "did not rise but fell",
            (_, true, Change::Fell) => "did not fall but rose",
            (true, ..) => "fell",
            (_, true, _) => "rose",
            (.., Change::Fell) => "did not fall by more than chance",
            (.., Change::Rose) => "did not rise by more than chance",
            (.., Change::Changed) => "did not change by more than chance",
        };
        let before = match self.window.scale {
            Scale::Hours => "in the three hours before",
            Scale::Days => "in the seven days before",
        };
        let earlier = match &self.week_before {
            Some(Compared { before, after }) => {
                format!("; a week earlier {} after {}", self.rate(*after), self.rate(*before))
            }
            None => String::new(),
        };
        let (unit, _) = self.window.scale.per();
        format!(
            "{subject} {verb} at {at}: {} per {unit} until {}, {} {before}{earlier}.",
            self.rate(self.compared.after),
            self.beside(self.window.to),
            self.rate(self.compared.before)
        )
    }

    fn rate(&self, rate: Rate) -> String {
        in_words(rate.per(self.window.scale.per().1), Unit::Count)
    }

    fn together(&self) -> String {
        let near = match self.window.scale {
            Scale::Hours => "within 15 minutes of it",
            Scale::Days => "within a day of it",
        };
        let coinciding = self.coinciding();
        if coinciding.is_empty() {
            let elsewhere = match self.timeline.len() {
                0 => String::new(),
                1 => "; 1 thing further away is in the table".to_owned(),
                more => format!("; {more} things further away are in the table"),
            };
            return format!("Nothing that is known coincides, {near}{elsewhere}.");
        }
        let mut nearest = coinciding.clone();
        // What we did ourselves goes before what the machine did, and after that what is nearer.
        nearest.sort_by_key(|one| (one.source == "containers", (one.at - self.window.at).abs()));
        nearest.truncate(NAMED);
        nearest.sort_by_key(|one| one.at);
        let mut named: Vec<String> =
            nearest.iter().map(|one| format!("{} {}", self.beside(one.at), one.what)).collect();
        if let Some(more) = coinciding.len().checked_sub(NAMED + 1) {
            named.push(format!("{} more in the table", more + 1));
        }
        format!("Coinciding, {near}: {}. That they coincide does not show that one caused the other.", named.join("; "))
    }

    /// A moment beside that of the question, with its day where it is another.
    fn beside(&self, moment: NaiveDateTime) -> String {
        match self.window.scale {
            Scale::Hours if moment.date() == self.window.at.date() => moment.format("%H:%M").to_string(),
            _ => with_day(moment),
        }
    }

    fn table(&self) -> Table {
        let column = |name: &str, kind, role| Column { name: name.to_owned(), kind, role, unit: Unit::Plain };
        let near = self.window.scale.near();
        let rows = self.timeline.iter().map(|one| {
            let away = one.at - self.window.at;
            vec![
                Cell::Text(one.at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
                Cell::Integer(away.num_minutes().into()),
                Cell::Text(one.source.to_owned()),
                Cell::Text(one.what.clone()),
                Cell::Boolean(away.abs() <= near),
            ]
        });
        Table {
            columns: vec![
                column("time", ColumnType::Datetime, Role::Attribute),
                column("minutes_from_it", ColumnType::Integer, Role::Attribute),
                column("source", ColumnType::String, Role::Attribute),
                column("what", ColumnType::String, Role::Attribute),
                column("coincides", ColumnType::Boolean, Role::Attribute),
            ],
            rows: rows.collect(),
            truncated: false,
        }
    }

    fn chart(&self) -> Chart {
        let words = self.arguments.subject.words();
        let values = self.course.iter().map(|value| Some(*value)).collect();
        Chart {
            title: capital(words),
            start: self.window.from,
            step: u32::try_from(self.window.scale.step().num_seconds()).unwrap_or(900),
            one_scale: true,
            series: vec![ChartSeries { name: words.to_owned(), unit: Unit::Count, values }],
        }
    }

    fn data(&self) -> serde_json::Value {
        json!({
            "subject": self.arguments.subject,
            "at": self.window.at,
            "from": self.window.from,
            "to": self.window.to,
            "fell": self.compared.fell(),
            "rose": self.compared.rose(),
            "before_and_after": self.compared,
            "week_before": self.week_before,
            "timeline": self.timeline,
            "coinciding": self.coinciding(),
            "not_asked": self.unasked.iter().map(|(source, cause)| json!({"source": source, "cause": cause})).collect::<Vec<_>>(),
        })
    }
}

fn with_day(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
