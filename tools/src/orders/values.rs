//! The values of the database that a question may name: countries, cities, brands, products, people, carriers.
//!
//! Low-cardinality columns and names only; never e-mail or phone, no free text.

use serde::{Deserialize, Serialize};

/// One value of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownValue {
    /// The catalogue name of the dimension, `brand`.
    pub dimension: String,
    /// The value as the database has it, `ES`.
    pub value: String,
    /// Other words for it, `Spain`, `Spanish`.
    pub words: Vec<String>,
}

/// All known values, in the order of dimension and value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownValues {
    /// The values.
    pub values: Vec<KnownValue>,
}
