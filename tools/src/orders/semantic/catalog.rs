//! The catalogue: measures, dimensions, entities and their words, read from `prompts/orders/*.yaml` and checked.
//!
//! The YAML files are compiled into the binary; [`Catalog::load`] checks them.

use serde::Deserialize;

use super::SemanticModel;
use crate::{Failure, Unit};

/// The checked catalogue.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// All measures, in glossary order.
    pub measures: Vec<Measure>,
    /// All dimensions, time grains included.
    pub dimensions: Vec<Dimension>,
    /// The row lists.
    pub entities: Vec<Entity>,
}

impl Catalog {
    /// Reads the catalogue that is compiled in.
    ///
    /// Fails with the file, the line and what is wrong there.
    pub fn load() -> Result<Self, Failure> {
        SemanticModel::load().map(|model| model.catalog.as_ref().clone())
    }

    /// Reads a catalogue from files given as `(name, text)`; a file that is not given is the compiled one.
    ///
    /// The files are `tables.yaml`, `measures.yaml`, `dimensions.yaml`, `entities.yaml` and `values.yaml`.
    pub fn load_from(files: &[(String, String)]) -> Result<Self, Failure> {
        SemanticModel::load_from(files).map(|model| model.catalog.as_ref().clone())
    }

    /// The measures that language models are told of. The others are found by what a question says: a longer list costs a small
    /// model more than it gains.
    pub fn measures_for_models(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| !measure.rules_only)
    }

    /// The dimensions that language models are told of, as [`Self::measures_for_models`].
    pub fn dimensions_for_models(&self) -> impl Iterator<Item = &Dimension> {
        self.dimensions.iter().filter(|dimension| !dimension.rules_only)
    }

    /// The measure of this name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    /// The dimension of this name.
    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.name == name)
    }
}

/// One measure of the glossary: the words and the definition. How it becomes SQL is private to the plan.
#[derive(Clone, Debug)]
pub struct Measure {
    /// `average_order_value`.
    pub name: String,
    /// "average order value".
    pub title: String,
    /// "AOV", "basket size".
    pub synonyms: Vec<String>,
    /// One line for people: "revenue / number of orders not cancelled".
    pub definition: String,
    /// How people read it.
    pub unit: Unit,
    /// False for stock measures: no history is kept, so a time range is refused.
    pub has_time: bool,
    /// Found by what a question says; models are not told of it.
    pub rules_only: bool,
}

/// One dimension.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// `ship_country`, `category`, `month`.
    pub name: String,
    /// "shipping country".
    pub title: String,
    /// Other words.
    pub synonyms: Vec<String>,
    /// What it holds.
    pub kind: DimensionKind,
    /// Said by its values or by a turn of speech, never by its name; models are not told of it.
    pub rules_only: bool,
}

/// What a dimension holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DimensionKind {
    /// A grain of the measure's time axis.
    Time,
    /// Text with known values.
    Text,
    /// A number of the row, for `above` and `below`: `order_value`, `price`.
    Number,
    /// True or false.
    Boolean,
}

/// A kind of row that can be listed.
#[derive(Clone, Debug)]
pub struct Entity {
    /// `orders`.
    pub name: String,
    /// Other words.
    pub synonyms: Vec<String>,
    /// Its columns, the usual ones first.
    pub columns: Vec<String>,
    /// How many of them are the usual ones.
    pub usual: usize,
}
