//! `describe_orders`: what can be asked, in words for people and models alike. Says nothing that the model does not hold.

use std::{fmt::Write, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    PersonalColumns,
    guard::schema,
    semantic::{SemanticModel, catalog::DimensionKind, names},
    values::KnownValues,
};
use crate::{CallScope, Description, Effect, Failure, FailureKind, Tool};

/// How many values of a dimension are shown.
const SHOWN: usize = 60;

/// What `describe_orders` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DescribeOrdersArguments {
    /// A measure, a dimension, an entity or a table; none: the overview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// The tool over a model and the values of a database.
#[derive(Clone, Debug)]
pub struct DescribeOrders {
    model: Arc<SemanticModel>,
    values: Arc<KnownValues>,
    personal: PersonalColumns,
}

impl DescribeOrders {
    /// The tool over a model, the known values and the columns that are kept from answers.
    pub fn new(model: Arc<SemanticModel>, values: Arc<KnownValues>, personal: PersonalColumns) -> Self {
        Self { model, values, personal }
    }

    /// The description of a topic; the overview without one.
    pub fn describe(&self, topic: Option<&str>) -> Result<Description, Failure> {
        let Some(topic) = topic.map(str::trim).filter(|topic| !topic.is_empty()) else {
            return Ok(Description(self.overview()));
        };
        let plain = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
        let wanted = plain(topic);
        let says = |name: &str, title: &str, synonyms: &[String]| {
            plain(name) == wanted || plain(title) == wanted || synonyms.iter().any(|synonym| plain(synonym) == wanted)
        };
        let catalog = &self.model.catalog;
        let mut parts = Vec::new();
        parts.extend(
            catalog
                .measures
                .iter()
                .filter(|one| says(&one.name, &one.title, &one.synonyms))
                .map(|one| self.measure(&one.name)),
        );
        parts.extend(
            catalog
                .dimensions
                .iter()
                .filter(|one| says(&one.name, &one.title, &one.synonyms))
                .map(|one| self.dimension(&one.name)),
        );
        parts.extend(
            catalog.entities.iter().filter(|one| says(&one.name, &one.name, &[])).map(|one| self.entity(&one.name)),
        );
        parts.extend(self.table(&wanted.replace(' ', "_")));
        if parts.is_empty() {
            let measures = catalog.measures.iter().map(|one| one.name.as_str());
            let known: Vec<&str> = measures
                .chain(catalog.dimensions.iter().map(|one| one.name.as_str()))
                .chain(catalog.entities.iter().map(|one| one.name.as_str()))
                .collect();
            let near = names::nearest(topic, known.iter().copied());
            let failure =
                Failure::new(FailureKind::NotFound, format!("no measure, dimension or table named `{topic}`"));
            return Err(match &near[..] {
                [] => failure.hint("call `describe_orders` without a topic for the overview"),
                _ => failure.hint(names::suggestion(topic, known)),
            });
        }
        Ok(Description(parts.join("\n\n")))
    }

    /// Every measure, dimension and row list in full: the glossary.
    pub fn glossary(&self) -> Description {
        let catalog = &self.model.catalog;
        let measures = catalog.measures.iter().map(|one| self.measure(&one.name));
        let dimensions = catalog.dimensions.iter().map(|one| self.dimension(&one.name));
        let entities = catalog.entities.iter().map(|one| self.entity(&one.name));
        Description(measures.chain(dimensions).chain(entities).collect::<Vec<_>>().join("\n\n"))
    }

    /// Every table with its columns, for `select_orders`.
    pub fn schema(&self) -> Description {
        let tables: Vec<String> = schema::TABLES.iter().filter_map(|table| self.table(table.name)).collect();
        Description(tables.join("\n"))
    }

    fn overview(&self) -> String {
        let catalog = &self.model.catalog;
        let mut out = String::from("Measures:\n");
        // Writing to a String cannot fail.
        for measure in &catalog.measures {
            writeln!(out, "  {}: {}", measure.name, measure.definition).ok();
        }
        let of_kind = |kind: DimensionKind| {
            let names: Vec<&str> =
                catalog.dimensions.iter().filter(|one| one.kind == kind).map(|one| one.name.as_str()).collect();
            names.join(", ")
        };
        writeln!(out, "\nTime grains: {}", of_kind(DimensionKind::Time)).ok();
        writeln!(out, "Dimensions: {}", of_kind(DimensionKind::Text)).ok();
        writeln!(out, "Numbers, for filters only: {}", of_kind(DimensionKind::Number)).ok();
        let entities: Vec<&str> = catalog.entities.iter().map(|one| one.name.as_str()).collect();
        writeln!(out, "Rows that can be listed: {}", entities.join(", ")).ok();
        out.push_str("Ask with any of these names as the topic for more.");
        out
    }

    fn measure(&self, name: &str) -> String {
        let Some(measure) = self.model.catalog.measure(name) else { return String::new() };
        let mut out = format!("Measure {name} ({}): {}", measure.title, measure.definition);
        if !measure.synonyms.is_empty() {
            write!(out, "\n  also called: {}", measure.synonyms.join(", ")).ok();
        }
        match self.model.axis(name) {
            Some(axis) => write!(out, "\n  time: {axis}"),
            None => write!(out, "\n  time: none, it is as it is now"),
        }
        .ok();
        write!(out, "\n  splits by: {}", self.model.splits(name).join(", ")).ok();
        out
    }

    fn dimension(&self, name: &str) -> String {
        let Some(dimension) = self.model.catalog.dimension(name) else { return String::new() };
        let mut out = format!("Dimension {name} ({})", dimension.title);
        if let Some(means) = self.model.means(name) {
            write!(out, ": {means}").ok();
        }
        if !dimension.synonyms.is_empty() {
            write!(out, "\n  also called: {}", dimension.synonyms.join(", ")).ok();
        }
        let mut values: Vec<String> = self.model.enumeration(name).to_vec();
        if values.is_empty() {
            let of_it = self.values.values.iter().filter(|known| known.dimension == name);
            values = of_it
                .map(|known| {
                    known.words.first().map_or_else(|| known.value.clone(), |word| format!("{} ({word})", known.value))
                })
                .collect();
        }
        if !values.is_empty() {
            let more = values.len().saturating_sub(SHOWN);
            values.truncate(SHOWN);
            write!(out, "\n  values: {}", values.join(", ")).ok();
            if more > 0 {
                write!(out, " and {more} more").ok();
            }
        }
        out
    }

    fn entity(&self, name: &str) -> String {
        let columns: Vec<String> =
            self.model.entity_columns(name, &self.personal).into_iter().map(|(column, _)| column).collect();
        format!("Rows {name}: {}", columns.join(", "))
    }

    fn table(&self, name: &str) -> Option<String> {
        let columns = schema::table(name)?.columns;
        let shown: Vec<&str> = columns.iter().copied().filter(|column| !self.personal.hides(name, column)).collect();
        Some(format!("Table {name}, for select_orders: {}", shown.join(", ")))
    }
}

impl Tool for DescribeOrders {
    const NAME: &'static str = "describe_orders";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = DescribeOrdersArguments;
    type Report = Description;

    fn description(&self) -> String {
        "Says what can be asked about the orders: without a topic all measures and dimensions; with one its definition, its \
         values, what it splits by, or a table's columns."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        self.describe(arguments.topic.as_deref())
    }
}
