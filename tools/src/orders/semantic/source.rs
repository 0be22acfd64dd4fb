//! The YAML of `prompts/orders/` as it is written, before anything is checked.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};

use super::catalog::DimensionKind;
use crate::{ColumnType, Failure, Unit};

/// The files, with the text that is compiled in.
pub(super) const FILES: [(&str, &str); 5] = [
    ("tables.yaml", include_str!("../../../../prompts/orders/tables.yaml")),
    ("measures.yaml", include_str!("../../../../prompts/orders/measures.yaml")),
    ("dimensions.yaml", include_str!("../../../../prompts/orders/dimensions.yaml")),
    ("entities.yaml", include_str!("../../../../prompts/orders/entities.yaml")),
    ("values.yaml", include_str!("../../../../prompts/orders/values.yaml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TablesFile {
    pub(super) rows: Vec<RowSetSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowSetSource {
    pub(super) name: String,
    pub(super) table: Option<String>,
    pub(super) key: String,
    pub(super) noun: String,
    #[serde(rename = "where")]
    pub(super) condition: Option<String>,
    pub(super) across: Option<String>,
    #[serde(default)]
    pub(super) points_to: Vec<EdgeSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EdgeSource {
    pub(super) to: String,
    pub(super) on: String,
    #[serde(default)]
    pub(super) optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasuresFile {
    pub(super) figures: Vec<NamedFigureSource>,
    pub(super) measures: Vec<MeasureSource>,
}

#[derive(Deserialize)]
pub(super) struct NamedFigureSource {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) figure: FigureSource,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureSource {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) synonyms: Vec<String>,
    pub(super) definition: String,
    #[serde(deserialize_with = "unit")]
    pub(super) unit: Unit,
    #[serde(default)]
    pub(super) rules_only: bool,
    #[serde(default)]
    pub(super) counts_customers: bool,
    pub(super) figure: Option<FigureSource>,
    pub(super) ratio: Option<RatioSource>,
}

#[derive(Deserialize)]
pub(super) struct FigureSource {
    pub(super) rows: String,
    pub(super) sum: Option<String>,
    pub(super) distinct: Option<String>,
    pub(super) at_least: Option<AtLeastSource>,
    pub(super) whole: Option<WholeSource>,
    #[serde(rename = "where")]
    pub(super) condition: Option<String>,
    pub(super) unless: Option<ExclusionSource>,
    pub(super) axis: Option<String>,
    #[serde(default)]
    pub(super) up_to_end: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AtLeastSource {
    pub(super) count: u32,
    pub(super) each: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WholeSource {
    pub(super) rows: String,
    pub(super) sum: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExclusionSource {
    pub(super) dimension: String,
    pub(super) condition: String,
    pub(super) words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatioSource {
    pub(super) of: String,
    pub(super) to: String,
    pub(super) scale: Option<u64>,
    #[serde(default)]
    pub(super) only_of: Vec<String>,
    pub(super) each: Option<EachSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EachSource {
    pub(super) figure: String,
    pub(super) words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DimensionsFile {
    pub(super) dimensions: Vec<DimensionSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DimensionSource {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) synonyms: Vec<String>,
    pub(super) kind: DimensionKind,
    pub(super) means: Option<String>,
    #[serde(default)]
    pub(super) rules_only: bool,
    #[serde(default)]
    pub(super) nullable: bool,
    #[serde(default)]
    pub(super) values: Vec<String>,
    pub(super) generic: Option<GenericSource>,
    #[serde(default)]
    pub(super) places: Vec<PlaceSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GenericSource {
    pub(super) customers: String,
    pub(super) stock: String,
    pub(super) orders: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceSource {
    pub(super) at: String,
    pub(super) column: String,
    pub(super) key: Option<String>,
    #[serde(default)]
    pub(super) age: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntitiesFile {
    pub(super) entities: Vec<EntitySource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntitySource {
    pub(super) name: String,
    pub(super) synonyms: Vec<String>,
    pub(super) axis: Option<String>,
    pub(super) order: Vec<String>,
    pub(super) columns: Vec<ColumnSource>,
    #[serde(default)]
    pub(super) more: Vec<ColumnSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnSource {
    pub(super) name: String,
    pub(super) sql: String,
    #[serde(default = "text", rename = "type", deserialize_with = "column_type")]
    pub(super) kind: ColumnType,
    #[serde(default = "plain", deserialize_with = "unit")]
    pub(super) unit: Unit,
    pub(super) personal: Option<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValuesFile {
    pub(super) countries: BTreeMap<String, Vec<String>>,
}

fn text() -> ColumnType {
    ColumnType::String
}

fn plain() -> Unit {
    Unit::Plain
}

fn unit<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Unit, D::Error> {
    Ok(match String::deserialize(deserializer)?.as_str() {
        "plain" => Unit::Plain,
        "count" => Unit::Count,
        "euro" => Unit::Euro,
        "percent" => Unit::Percent,
        "days" => Unit::Days,
        "hours" => Unit::Hours,
        other => return Err(serde::de::Error::unknown_variant(other, &["count", "euro", "percent", "days", "hours"])),
    })
}

fn column_type<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<ColumnType, D::Error> {
    Ok(match String::deserialize(deserializer)?.as_str() {
        "string" => ColumnType::String,
        "integer" => ColumnType::Integer,
        "decimal" => ColumnType::Decimal,
        "number" => ColumnType::Number,
        "boolean" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "datetime" => ColumnType::Datetime,
        other => {
            return Err(serde::de::Error::unknown_variant(
                other,
                &["string", "integer", "decimal", "number", "boolean", "date", "datetime"],
            ));
        }
    })
}

/// One file with its text, for errors that name the line.
pub(super) struct SourceFile<'a> {
    pub(super) name: &'static str,
    pub(super) text: &'a str,
}

impl<'a> SourceFile<'a> {
    /// The file of this name among those given, else the compiled one.
    pub(super) fn find(name: &'static str, given: &'a [(String, String)]) -> Self {
        let is = |path: &str| path.rsplit('/').next() == Some(name);
        let text = given
            .iter()
            .find(|(path, _)| is(path))
            .map(|(_, text)| text.as_str())
            .or_else(|| FILES.iter().find(|(path, _)| *path == name).map(|(_, text)| *text))
            .unwrap_or_default();
        Self { name, text }
    }

    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_saphyr::from_str(self.text).map_err(|error| {
            let text = error.to_string();
            let cause = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            let line = error.location().map_or_else(|| "1".to_owned(), |at| at.line().to_string());
            Failure::invalid(format!("cannot read `{}` line {line}: {cause}", self.name))
                .hint("mend the file, or leave it away to use the one that is built in")
        })
    }

    /// A failure at the line that holds `mark` after the entry named `owner`.
    pub(super) fn wrong(&self, owner: &str, mark: &str, cause: &str) -> Failure {
        let starts = [format!("name: {owner}"), format!("{owner}:")];
        let lines: Vec<&str> = self.text.lines().collect();
        let is_owner = |line: &str| {
            let line = line.trim_start_matches(['-', ' ', '{']);
            starts.iter().any(|start| {
                line.strip_prefix(start.as_str())
                    .is_some_and(|rest| rest.is_empty() || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            })
        };
        let owner_at = lines.iter().position(|line| is_owner(line)).unwrap_or(0);
        let at = lines.iter().skip(owner_at).position(|line| line.contains(mark)).map_or(owner_at, |at| owner_at + at);
        Failure::invalid(format!("cannot use `{}` line {}: `{owner}`: {cause}", self.name, at + 1))
    }
}
