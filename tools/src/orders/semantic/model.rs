//! The catalogue with its other side: how each measure and dimension becomes SQL, as data.
//!
//! Built from `prompts/orders/*.yaml` and checked as a whole: every name that is used exists, every expression can be
//! reached from the rows that it is computed over. No SQL is put together here.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use super::{
    catalog::{Catalog, Dimension, DimensionKind, Entity, Measure},
    names,
    plan::list,
    source::{DimensionsFile, EntitiesFile, FigureSource, MeasuresFile, SourceFile, TablesFile, ValuesFile},
    validate::grain,
};
use crate::{ColumnType, Failure, Unit, orders::PersonalColumns};

/// The catalogue and how it becomes SQL.
#[derive(Clone, Debug)]
pub struct SemanticModel {
    /// The words.
    pub catalog: Arc<Catalog>,
    pub(crate) rows: Vec<RowSet>,
    pub(crate) figures: HashMap<String, Figure>,
    pub(crate) formulas: HashMap<String, Formula>,
    pub(crate) dimensions: HashMap<String, DimensionModel>,
    pub(crate) entities: HashMap<String, EntityModel>,
    pub(crate) countries: BTreeMap<String, Vec<String>>,
}

/// A set of rows; its name is its alias in SQL.
#[derive(Clone, Debug)]
pub(crate) struct RowSet {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) key: String,
    pub(crate) noun: String,
    pub(crate) condition: Option<String>,
    pub(crate) across: Option<String>,
    pub(crate) edges: Vec<Edge>,
}

/// What a row points to.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) to: String,
    pub(crate) on: String,
    pub(crate) optional: bool,
}

/// One aggregate over one set of rows.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) rows: String,
    pub(crate) aggregate: Aggregate,
    pub(crate) whole: Option<(String, String)>,
    pub(crate) condition: Option<String>,
    pub(crate) exclusion: Option<Exclusion>,
    pub(crate) axis: Option<String>,
    pub(crate) up_to_end: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Aggregate {
    /// The sum of an expression.
    Sum(String),
    /// The count of the rows.
    Count,
    /// The count of distinct keys: rows may be repeated by a join across the many side.
    Distinct(String),
    /// The count of distinct keys that have at least so many distinct others.
    AtLeast { key: String, count: u32, each: String },
}

/// A default condition that a filter on its dimension replaces.
#[derive(Clone, Debug)]
pub(crate) struct Exclusion {
    pub(crate) dimension: String,
    pub(crate) condition: String,
    pub(crate) words: String,
}

/// How a measure is computed from figures.
#[derive(Clone, Debug)]
pub(crate) struct Formula {
    pub(crate) of: String,
    pub(crate) to: Option<String>,
    pub(crate) scale: Option<u64>,
    pub(crate) only_of: Vec<String>,
    pub(crate) each: Option<Each>,
    pub(crate) counts_customers: bool,
}

/// The rows whose values a quotient is the average of.
#[derive(Clone, Debug)]
pub(crate) struct Each {
    /// A figure that sums them.
    pub(crate) figure: String,
    /// "items totals of orders that were not cancelled".
    pub(crate) words: String,
}

#[derive(Clone, Debug)]
pub(crate) struct DimensionModel {
    pub(crate) kind: DimensionKind,
    pub(crate) means: Option<String>,
    pub(crate) nullable: bool,
    pub(crate) values: Vec<String>,
    pub(crate) generic: Option<Generic>,
    pub(crate) places: Vec<Place>,
}

/// Which dimension a generic word means.
#[derive(Clone, Debug)]
pub(crate) struct Generic {
    pub(crate) customers: String,
    pub(crate) stock: String,
    pub(crate) orders: String,
}

/// Where a dimension's value stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) at: String,
    pub(crate) column: String,
    pub(crate) key: Option<String>,
    pub(crate) age: bool,
}

impl Place {
    /// The column at an instant: `{now}` becomes it.
    pub(crate) fn column_at(&self, now: chrono::NaiveDateTime) -> std::borrow::Cow<'_, str> {
        if self.column.contains("{now}") {
            self.column.replace("{now}", &format!("'{}'", now.format("%F %T"))).into()
        } else {
            self.column.as_str().into()
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct EntityModel {
    pub(crate) axis: Option<String>,
    pub(crate) order: Vec<String>,
    pub(crate) usual: usize,
    pub(crate) columns: Vec<EntityColumn>,
}

#[derive(Clone, Debug)]
pub(crate) struct EntityColumn {
    pub(crate) name: String,
    pub(crate) sql: String,
    pub(crate) kind: ColumnType,
    pub(crate) unit: Unit,
    pub(crate) personal: Option<(String, String)>,
}

impl SemanticModel {
    /// Reads the model that is compiled in.
    pub fn load() -> Result<Self, Failure> {
        Self::load_from(&[])
    }

    /// Reads a model from files given as `(name, text)`; a file that is not given is the compiled one.
    ///
    /// Fails with the file, the line, what is wrong there and the nearest right word.
    pub fn load_from(files: &[(String, String)]) -> Result<Self, Failure> {
        let [tables, measures, dimensions, entities, values] =
            ["tables.yaml", "measures.yaml", "dimensions.yaml", "entities.yaml", "values.yaml"]
                .map(|name| SourceFile::find(name, files));
        let rows = read_rows(&tables)?;
        let mut model = Self {
            catalog: Arc::new(Catalog { measures: Vec::new(), dimensions: Vec::new(), entities: Vec::new() }),
            rows,
            figures: HashMap::new(),
            formulas: HashMap::new(),
            dimensions: HashMap::new(),
            entities: HashMap::new(),
            countries: values.parse::<ValuesFile>()?.countries,
        };
        let dimensions = model.read_dimensions(&dimensions)?;
        let measures = model.read_measures(&measures)?;
        let entities = model.read_entities(&entities)?;
        model.catalog = Arc::new(Catalog { measures, dimensions, entities });
        Ok(model)
    }

    /// The column of a measure's time; `None` for states.
    pub fn axis(&self, measure: &str) -> Option<&str> {
        self.figures.get(&self.formulas.get(measure)?.of)?.axis.as_deref()
    }

    /// The dimensions that a measure can be split by.
    pub fn splits(&self, measure: &str) -> Vec<&str> {
        grain::fitting(self, measure)
    }

    /// What a number dimension is of.
    pub fn means(&self, dimension: &str) -> Option<&str> {
        self.dimensions.get(dimension)?.means.as_deref()
    }

    /// The values of an enumeration; empty for other dimensions.
    pub fn enumeration(&self, dimension: &str) -> &[String] {
        self.dimensions.get(dimension).map_or(&[], |dimension| &dimension.values)
    }

    /// The columns of an entity that may be shown, and how people read them.
    pub fn entity_columns(&self, entity: &str, personal: &PersonalColumns) -> Vec<(String, Unit)> {
        list::columns(self, entity, personal)
    }

    /// The words for a country's code; empty where there are none.
    pub fn country_words(&self, code: &str) -> Vec<String> {
        self.countries.get(code).cloned().unwrap_or_default()
    }

    /// The set of rows of this name. Names in a checked model exist.
    pub(crate) fn row_set(&self, name: &str) -> Option<&RowSet> {
        self.rows.iter().find(|set| set.name == name)
    }

    /// The edges that lead from one set of rows to another, each to one row; the shortest way, `None` where there is none.
    pub(crate) fn path(&self, from: &str, to: &str) -> Option<Vec<&Edge>> {
        let mut seen = HashSet::from([from.to_owned()]);
        let mut ways: Vec<(String, Vec<&Edge>)> = vec![(from.to_owned(), Vec::new())];
        while !ways.is_empty() {
            if let Some((_, way)) = ways.iter().find(|(at, _)| at == to) {
                return Some(way.clone());
            }
            let mut next = Vec::new();
            for (at, way) in &ways {
                for edge in self.row_set(at).map_or(&[][..], |set| &set.edges) {
                    if seen.insert(edge.to.clone()) {
                        next.push((edge.to.clone(), way.iter().copied().chain([edge]).collect()));
                    }
                }
            }
            ways = next;
        }
        None
    }

    /// The sets of rows that an expression names: `orders` of `orders.placed_at`.
    pub(crate) fn mentioned(&self, expression: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut word = String::new();
        for letter in expression.chars() {
            if letter.is_ascii_alphanumeric() || letter == '_' {
                word.push(letter);
            } else {
                if letter == '.'
                    && let Some(set) = self.row_set(&word)
                    && !found.contains(&set.name.as_str())
                {
                    found.push(set.name.as_str());
                }
                word.clear();
            }
        }
        found
    }

    fn read_dimensions(&mut self, file: &SourceFile<'_>) -> Result<Vec<Dimension>, Failure> {
        let source: DimensionsFile = file.parse()?;
        let mut dimensions = Vec::new();
        let all: Vec<String> = source.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
        for entry in source.dimensions {
            let name = entry.name;
            for place in &entry.places {
                self.check_set(file, &name, &place.at)?;
            }
            if entry.kind != DimensionKind::Time && entry.places.is_empty() && entry.generic.is_none() {
                return Err(file.wrong(&name, &name, "it has neither `places` nor `generic`"));
            }
            if let Some(generic) = &entry.generic {
                for target in [&generic.customers, &generic.stock, &generic.orders] {
                    if !all.contains(target) {
                        let hint = names::suggestion(target, all.iter().map(String::as_str));
                        return Err(file.wrong(&name, target, &format!("no dimension named `{target}`")).hint(hint));
                    }
                }
            }
            let model = DimensionModel {
                kind: entry.kind,
                means: entry.means,
                nullable: entry.nullable,
                values: entry.values,
                generic: entry.generic.map(|generic| Generic {
                    customers: generic.customers,
                    stock: generic.stock,
                    orders: generic.orders,
                }),
                places: entry
                    .places
                    .into_iter()
                    .map(|place| Place { at: place.at, column: place.column, key: place.key, age: place.age })
                    .collect(),
            };
            if self.dimensions.insert(name.clone(), model).is_some() {
                return Err(file.wrong(&name, &name, "the name is used twice"));
            }
            dimensions.push(Dimension {
                name,
                title: entry.title,
                synonyms: entry.synonyms,
                kind: entry.kind,
                rules_only: entry.rules_only,
            });
        }
        Ok(dimensions)
    }

    fn read_measures(&mut self, file: &SourceFile<'_>) -> Result<Vec<Measure>, Failure> {
        let source: MeasuresFile = file.parse()?;
        for entry in source.figures {
            self.add_figure(file, &entry.name, entry.figure)?;
        }
        let mut measures = Vec::new();
        let mut ratios = Vec::new();
        for entry in source.measures {
            let name = entry.name;
            match (entry.figure, entry.ratio) {
                (Some(figure), None) => {
                    self.add_figure(file, &name, figure)?;
                    let formula = Formula {
                        of: name.clone(),
                        to: None,
                        scale: None,
                        only_of: Vec::new(),
                        each: None,
                        counts_customers: entry.counts_customers,
                    };
                    self.formulas.insert(name.clone(), formula);
                }
                (None, Some(ratio)) => ratios.push((name.clone(), ratio, entry.counts_customers)),
                _ => return Err(file.wrong(&name, &name, "it needs either `figure` or `ratio`")),
            }
            measures.push(Measure {
                name,
                title: entry.title,
                synonyms: entry.synonyms,
                definition: entry.definition,
                unit: entry.unit,
                has_time: false,
                rules_only: entry.rules_only,
            });
        }
        for (name, ratio, counts_customers) in ratios {
            for part in [&ratio.of, &ratio.to] {
                if !self.figures.contains_key(part) {
                    let hint = names::suggestion(part, self.figures.keys().map(String::as_str));
                    return Err(file.wrong(&name, part, &format!("no figure named `{part}`")).hint(hint));
                }
            }
            for dimension in &ratio.only_of {
                self.check_dimension(file, &name, dimension)?;
            }
            if let Some(each) = &ratio.each
                && !self.figures.get(&each.figure).is_some_and(|one| matches!(one.aggregate, Aggregate::Sum(_)))
            {
                let sums = self.figures.iter().filter(|(_, one)| matches!(one.aggregate, Aggregate::Sum(_)));
                let hint = names::suggestion(&each.figure, sums.map(|(name, _)| name.as_str()).collect::<Vec<_>>());
                return Err(file
                    .wrong(&name, &each.figure, &format!("no figure named `{}` that sums", each.figure))
                    .hint(hint));
            }
            let formula = Formula {
                of: ratio.of,
                to: Some(ratio.to),
                scale: ratio.scale,
                only_of: ratio.only_of,
                each: ratio.each.map(|each| Each { figure: each.figure, words: each.words }),
                counts_customers,
            };
            if self.formulas.insert(name.clone(), formula).is_some() {
                return Err(file.wrong(&name, &name, "the name is used twice"));
            }
        }
        for measure in &mut measures {
            let formula = &self.formulas[&measure.name];
            measure.has_time = self.figures[&formula.of].axis.is_some();
        }
        Ok(measures)
    }

    fn add_figure(&mut self, file: &SourceFile<'_>, name: &str, source: FigureSource) -> Result<(), Failure> {
        self.check_set(file, name, &source.rows)?;
        if let Some(exclusion) = &source.unless {
            self.check_dimension(file, name, &exclusion.dimension)?;
        }
        let aggregate = match (source.sum, source.distinct, source.at_least) {
            (Some(expression), None, None) => Aggregate::Sum(expression),
            (None, None, None) => Aggregate::Count,
            (None, Some(key), None) => Aggregate::Distinct(key),
            (None, Some(key), Some(bound)) => Aggregate::AtLeast { key, count: bound.count, each: bound.each },
            _ => return Err(file.wrong(name, "rows:", "`sum`, `distinct` and `at_least` do not go together")),
        };
        if let Some(axis) = &source.axis {
            for set in self.mentioned(axis) {
                if self.path(&source.rows, set).is_none() {
                    return Err(file.wrong(name, axis, &format!("`{}` does not point to `{set}`", source.rows)));
                }
            }
        }
        let figure = Figure {
            rows: source.rows,
            aggregate,
            whole: source.whole.map(|whole| (whole.rows, whole.sum)),
            condition: source.condition,
            exclusion: source.unless.map(|exclusion| Exclusion {
                dimension: exclusion.dimension,
                condition: exclusion.condition,
                words: exclusion.words,
            }),
            axis: source.axis,
            up_to_end: source.up_to_end,
        };
        if self.figures.insert(name.to_owned(), figure).is_some() {
            return Err(file.wrong(name, name, "the name is used twice"));
        }
        Ok(())
    }

    fn read_entities(&mut self, file: &SourceFile<'_>) -> Result<Vec<Entity>, Failure> {
        let source: EntitiesFile = file.parse()?;
        let mut entities = Vec::new();
        for entry in source.entities {
            self.check_set(file, &entry.name, &entry.name)?;
            let usual = entry.columns.len();
            let columns: Vec<EntityColumn> = entry
                .columns
                .into_iter()
                .chain(entry.more)
                .map(|column| EntityColumn {
                    name: column.name,
                    sql: column.sql,
                    kind: column.kind,
                    unit: column.unit,
                    personal: column.personal,
                })
                .collect();
            for column in &columns {
                for set in self.mentioned(&column.sql) {
                    if self.path(&entry.name, set).is_none() {
                        return Err(file.wrong(&entry.name, &column.sql, &format!("it does not point to `{set}`")));
                    }
                }
            }
            entities.push(Entity {
                name: entry.name.clone(),
                synonyms: entry.synonyms,
                columns: columns
                    .iter()
                    .filter(|column| column.personal.is_none())
                    .map(|column| column.name.clone())
                    .collect(),
                usual,
            });
            self.entities.insert(entry.name, EntityModel { axis: entry.axis, order: entry.order, usual, columns });
        }
        Ok(entities)
    }

    fn check_set(&self, file: &SourceFile<'_>, owner: &str, set: &str) -> Result<(), Failure> {
        if self.row_set(set).is_some() {
            return Ok(());
        }
        let hint = names::suggestion(set, self.rows.iter().map(|set| set.name.as_str()));
        Err(file.wrong(owner, set, &format!("no rows named `{set}`")).hint(hint))
    }

    fn check_dimension(&self, file: &SourceFile<'_>, owner: &str, dimension: &str) -> Result<(), Failure> {
        if self.dimensions.contains_key(dimension) {
            return Ok(());
        }
        let hint = names::suggestion(dimension, self.dimensions.keys().map(String::as_str));
        Err(file.wrong(owner, dimension, &format!("no dimension named `{dimension}`")).hint(hint))
    }
}

fn read_rows(file: &SourceFile<'_>) -> Result<Vec<RowSet>, Failure> {
    let source: TablesFile = file.parse()?;
    let names: Vec<String> = source.rows.iter().map(|set| set.name.clone()).collect();
    let mut rows = Vec::new();
    for entry in source.rows {
        for target in entry.points_to.iter().map(|edge| &edge.to).chain(&entry.across) {
            if !names.contains(target) {
                let hint = names::suggestion(target, names.iter().map(String::as_str));
                return Err(file.wrong(&entry.name, target, &format!("no rows named `{target}`")).hint(hint));
            }
        }
        rows.push(RowSet {
            table: entry.table.unwrap_or_else(|| entry.name.clone()),
            name: entry.name,
            key: entry.key,
            noun: entry.noun,
            condition: entry.condition,
            across: entry.across,
            edges: entry
                .points_to
                .into_iter()
                .map(|edge| Edge { to: edge.to, on: edge.on, optional: edge.optional })
                .collect(),
        });
    }
    Ok(rows)
}
