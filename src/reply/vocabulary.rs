//! The names that a reply uses for measures, dimensions and values.

use std::collections::HashMap;
use std::sync::Arc;

use oms_tools::orders::semantic::Catalog;
use oms_tools::orders::semantic::catalog::{Dimension, Measure};
use oms_tools::orders::values::KnownValues;

use super::clean;

/// The catalogue's titles and the names behind codes. Cheap to clone.
#[derive(Clone)]
pub struct Vocabulary {
    catalog: Arc<Catalog>,
    countries: Arc<HashMap<String, String>>,
}

impl Vocabulary {
    /// The titles of this catalogue, and the country names that the known values carry.
    pub fn new(catalog: Arc<Catalog>, values: &KnownValues) -> Self {
        let mut countries = HashMap::new();
        for known in &values.values {
            if known.dimension.contains("country")
                && let Some(name) = known.words.iter().find(|word| word.len() > 2)
            {
                countries.entry(known.value.clone()).or_insert_with(|| capitalised(&clean::one_line(name)));
            }
        }
        Self { catalog, countries: Arc::new(countries) }
    }

    /// The measure of this name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.catalog.measures.iter().find(|measure| measure.name == name)
    }

    /// The dimension of this name.
    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.catalog.dimensions.iter().find(|dimension| dimension.name == name)
    }

    /// A name as people say it: the catalogue's title, else the name with its underscores as spaces.
    pub fn title(&self, name: &str) -> String {
        self.measure(name)
            .map(|measure| measure.title.clone())
            .or_else(|| self.dimension(name).map(|dimension| dimension.title.clone()))
            .unwrap_or_else(|| clean::one_line(&name.replace('_', " ")))
    }

    /// A value of a dimension or column as people say it, on one line and safe to print: `Spain (ES)`.
    pub fn value(&self, column: &str, value: &str) -> String {
        match self.countries.get(value) {
            Some(name) if column.contains("country") => format!("{name} ({value})"),
            _ => clean::one_line(value),
        }
    }
}

/// The text with its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
