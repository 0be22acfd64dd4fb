//! The values of the database that a question may name: countries, cities, brands, products, people, carriers.
//!
//! Low-cardinality columns and names only; never e-mail or phone, no free text.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{OrdersDatabase, Parameter, Statement, semantic::SemanticModel};
use crate::{Cell, Failure};

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

/// At most so many products are known by name.
const PRODUCTS: usize = 10_000;
/// At most so many customers are known by name.
const CUSTOMERS: usize = 100_000;
/// Where more distinct values than these are in a column, it names no thing that people would say.
const DISTINCT: usize = 5_000;

/// A column of few values, and the dimensions that it gives them to.
struct Source {
    sql: &'static str,
    dimensions: &'static [&'static str],
    countries: bool,
}

const SOURCES: [Source; 9] = [
    Source {
        sql: "SELECT ship_country FROM orders UNION SELECT country FROM customers",
        dimensions: &["ship_country", "customer_country"],
        countries: true,
    },
    Source { sql: "SELECT DISTINCT country FROM warehouses", dimensions: &["warehouse_country"], countries: true },
    Source {
        sql: "SELECT ship_city FROM orders UNION SELECT city FROM customers",
        dimensions: &["ship_city", "customer_city"],
        countries: false,
    },
    Source { sql: "SELECT DISTINCT city FROM warehouses", dimensions: &["warehouse_city"], countries: false },
    Source { sql: "SELECT DISTINCT code FROM warehouses", dimensions: &["warehouse"], countries: false },
    Source { sql: "SELECT name FROM categories", dimensions: &["category"], countries: false },
    Source { sql: "SELECT DISTINCT brand FROM products", dimensions: &["brand"], countries: false },
    Source { sql: "SELECT DISTINCT carrier FROM shipments", dimensions: &["carrier"], countries: false },
    Source { sql: "SELECT DISTINCT name FROM products", dimensions: &["product"], countries: false },
];

impl KnownValues {
    /// Reads the values of a database, with the compiled words for countries.
    ///
    /// At most 10,000 products and 100,000 customers; never an e-mail address or a phone number. Fails where the database
    /// cannot be read.
    pub async fn read(database: &OrdersDatabase) -> Result<Self, Failure> {
        Self::read_with(database, &SemanticModel::load()?).await
    }

    /// Reads the values of a database, with a model's words for countries.
    pub async fn read_with(database: &OrdersDatabase, model: &SemanticModel) -> Result<Self, Failure> {
        let mut values = Vec::new();
        for source in &SOURCES {
            let bound = if source.dimensions == ["product"] { PRODUCTS } else { DISTINCT };
            let statement = plain(format!("{} ORDER BY 1 LIMIT {bound}", source.sql), Vec::new());
            let (table, _) = database.run(&statement).await?;
            for value in table.rows.iter().filter_map(|row| text(row.first()?)) {
                let words = if source.countries { model.country_words(value) } else { Vec::new() };
                for dimension in source.dimensions {
                    values.push(KnownValue {
                        dimension: (*dimension).to_owned(),
                        value: value.to_owned(),
                        words: words.clone(),
                    });
                }
            }
        }
        for name in customers(database).await? {
            values.push(KnownValue { dimension: "customer".to_owned(), value: name, words: Vec::new() });
        }
        values.sort_by(|one, other| (&one.dimension, &one.value).cmp(&(&other.dimension, &other.value)));
        Ok(Self { values })
    }
}

/// The names of customers, page by page: a session reads only so many rows at once.
async fn customers(database: &OrdersDatabase) -> Result<BTreeSet<String>, Failure> {
    let page = database.limits().rows.clamp(1, 10_000);
    let mut names = BTreeSet::new();
    let (mut last, mut read) = (0, 0);
    loop {
        let sql = format!("SELECT id, full_name FROM customers WHERE id > ? ORDER BY id LIMIT {page}");
        let (table, _) = database.run(&plain(sql, vec![Parameter::Integer(last)])).await?;
        for row in &table.rows {
            if let [Cell::Integer(id), Cell::Text(name)] = &row[..] {
                last = i64::try_from(*id).unwrap_or(i64::MAX);
                names.insert(name.clone());
            }
        }
        read += table.rows.len();
        if table.rows.is_empty() || (table.rows.len() < page && !table.truncated) || read >= CUSTOMERS {
            return Ok(names);
        }
    }
}

/// A cheap mark of the data: another one means that the known values may have changed. Read from the ends of indexes.
pub async fn fingerprint(database: &OrdersDatabase) -> Result<String, Failure> {
    let sql = "SELECT (SELECT MAX(id) FROM orders), (SELECT MAX(id) FROM customers), (SELECT MAX(id) FROM products), \
               (SELECT COUNT(*) FROM products), (SELECT COUNT(*) FROM categories), (SELECT COUNT(*) FROM warehouses), \
               (SELECT MAX(id) FROM shipments), (SELECT MAX(placed_at) FROM orders), (SELECT MAX(created_at) FROM customers), \
               (SELECT MAX(occurred_at) FROM order_events), (SELECT MAX(value) FROM dataset_info WHERE name = 'as_of')";
    let (table, _) = database.run(&plain(sql.to_owned(), Vec::new())).await?;
    let cells = table.rows.first().map(|row| serde_json::to_string(row).unwrap_or_default());
    Ok(cells.unwrap_or_default())
}

fn plain(sql: String, parameters: Vec<Parameter>) -> Statement {
    Statement { sql, parameters, columns: None }
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}
