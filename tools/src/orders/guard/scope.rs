//! What a name in a statement means: which relation a column belongs to, and whether it may be seen.

use super::{refused, schema::TableSchema};
use crate::Failure;

/// One relation of a FROM clause.
#[derive(Clone)]
pub(crate) struct Relation {
    /// The name that the statement calls it by.
    pub(crate) name: String,
    /// The columns that may be named, as the server spells them.
    pub(crate) columns: Vec<String>,
    /// The columns that are there and may not.
    pub(crate) hidden: Vec<String>,
    /// The table, where it is one.
    pub(crate) table: Option<&'static TableSchema>,
    /// A few rows at most.
    pub(crate) small: bool,
}

/// What one SELECT can name: its relations, its aliases, and what stands around it.
#[derive(Clone, Default)]
pub(crate) struct Scope<'outer> {
    pub(crate) relations: Vec<Relation>,
    pub(crate) aliases: Vec<String>,
    pub(crate) windows: Vec<String>,
    pub(crate) outer: Option<&'outer Scope<'outer>>,
}

/// What a name means.
pub(crate) enum Meaning {
    /// A column of the relation at this place of the innermost scope.
    Column { relation: usize, column: String },
    /// A column of a relation around.
    Outer(String),
    /// An alias of the projection.
    Alias(String),
}

impl Relation {
    fn find(&self, name: &str) -> Option<&String> {
        self.columns.iter().find(|column| column.eq_ignore_ascii_case(name))
    }

    pub(crate) fn hides(&self, name: &str) -> bool {
        self.hidden.iter().any(|column| column.eq_ignore_ascii_case(name))
    }

    fn refuse_hidden(&self, name: &str) -> Failure {
        refused(format!("column `{name}` of `{}` is personal and not to be seen", self.name))
            .hint(format!("the columns to be seen are {}", listed(&self.columns)))
    }
}

impl Scope<'_> {
    pub(crate) fn relation(&self, name: &str) -> Option<usize> {
        self.relations.iter().position(|relation| relation.name.eq_ignore_ascii_case(name))
    }

    /// What `name` means. A hidden column wins over an alias of its name, because in WHERE it does on the server.
    pub(crate) fn resolve(&self, name: &str) -> Result<Meaning, Failure> {
        if let Some(relation) = self.relations.iter().find(|relation| relation.hides(name)) {
            return Err(relation.refuse_hidden(name));
        }
        for (index, relation) in self.relations.iter().enumerate() {
            if let Some(column) = relation.find(name) {
                return Ok(Meaning::Column { relation: index, column: column.clone() });
            }
        }
        if let Some(alias) = self.aliases.iter().find(|alias| alias.eq_ignore_ascii_case(name)) {
            return Ok(Meaning::Alias(alias.clone()));
        }
        match self.outer {
            Some(outer) => match outer.resolve(name)? {
                Meaning::Column { column, .. } | Meaning::Outer(column) => Ok(Meaning::Outer(column)),
                Meaning::Alias(alias) => Ok(Meaning::Outer(alias)),
            },
            None => Err(self.unknown(name)),
        }
    }

    /// What `qualifier.name` means; also the relation's own spelling.
    pub(crate) fn resolve_qualified(&self, qualifier: &str, name: &str) -> Result<(String, Meaning), Failure> {
        let Some(index) = self.relation(qualifier) else {
            return match self.outer {
                Some(outer) => {
                    let (relation, meaning) = outer.resolve_qualified(qualifier, name)?;
                    match meaning {
                        Meaning::Column { column, .. } | Meaning::Outer(column) | Meaning::Alias(column) => {
                            Ok((relation, Meaning::Outer(column)))
                        }
                    }
                }
                None => Err(refused(format!("nothing in its FROM is called `{qualifier}`"))
                    .hint("name the table in FROM or JOIN, and call it by its alias where it has one")),
            };
        };
        let relation = &self.relations[index];
        if relation.hides(name) {
            return Err(relation.refuse_hidden(name));
        }
        match relation.find(name) {
            Some(column) => Ok((relation.name.clone(), Meaning::Column { relation: index, column: column.clone() })),
            None => Err(refused(format!("there is no column `{name}` in `{}`", relation.name))
                .hint(format!("its columns are {}", listed(&relation.columns)))),
        }
    }

    fn unknown(&self, name: &str) -> Failure {
        let mut all: Vec<&String> = self.relations.iter().flat_map(|relation| &relation.columns).collect();
        all.extend(&self.aliases);
        let near = all
            .iter()
            .map(|column| (strsim::damerau_levenshtein(column, name), column))
            .min()
            .filter(|(distance, column)| *distance <= column.len().div_ceil(3));
        let failure = refused(format!("there is no column `{name}` in the tables it names"));
        match near {
            Some((_, column)) => failure.hint(format!("did you mean `{column}`?")),
            None => {
                failure.hint("`describe_orders` lists the tables and their columns; text stands in 'single quotes'")
            }
        }
    }
}

/// `` `a`, `b`, `c` ``.
pub(crate) fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
