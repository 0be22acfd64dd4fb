//! One set of rows with what is joined to it: where a dimension stands, seen from there.

use crate::orders::semantic::{
    SemanticModel,
    model::{Edge, Place, RowSet},
};

/// A FROM that grows by the joins that are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'a> {
    model: &'a SemanticModel,
    pub(crate) root: &'a RowSet,
    /// The many side that is joined too: rows of the root come once for each of its rows.
    pub(crate) fan: Option<&'a str>,
    joined: Vec<(&'a str, String)>,
}

/// How a set that no row points to is reached: through `many`, whose rows point to `anchor`.
pub(crate) struct Across<'a> {
    pub(crate) many: &'a RowSet,
    pub(crate) anchor: &'a str,
    /// From `many` to `anchor`.
    pub(crate) path: Vec<&'a Edge>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(model: &'a SemanticModel, root: &'a RowSet) -> Self {
        Self { model, root, fan: None, joined: Vec::new() }
    }

    /// Whether each row has at most one row of this set.
    pub(crate) fn reaches(&self, set: &str) -> bool {
        self.model.path(&self.root.name, set).is_some()
            || self.fan.is_some_and(|fan| self.model.path(fan, set).is_some())
    }

    /// The first place that is reached.
    pub(crate) fn place(&self, places: &'a [Place]) -> Option<&'a Place> {
        let from_root = |place: &&Place| self.model.path(&self.root.name, &place.at).is_some();
        places.iter().find(from_root).or_else(|| places.iter().find(|place| self.reaches(&place.at)))
    }

    /// Joins the sets that an expression names, as far as they are reached: others belong to a subquery in it.
    pub(crate) fn join_mentioned(&mut self, expression: &str) {
        for set in self.model.mentioned(expression) {
            self.join(set);
        }
    }

    /// Joins one set that is reached.
    pub(crate) fn join(&mut self, set: &str) {
        self.join_as(set, false);
    }

    /// Joins one set that names groups only. The same rows as with [`Scope::join`], as each row has one there; but a LEFT
    /// JOIN keeps the server from starting at the few products and gathering their lines from all over the table.
    pub(crate) fn join_for_names(&mut self, set: &str) {
        self.join_as(set, true);
    }

    fn join_as(&mut self, set: &str, mut optional: bool) {
        let path = self
            .model
            .path(&self.root.name, set)
            .or_else(|| self.fan.and_then(|fan| self.model.path(fan, set)))
            .unwrap_or_default();
        for edge in path {
            optional |= edge.optional;
            self.add(&edge.to, &edge.on, if optional { "LEFT JOIN" } else { "JOIN" });
        }
    }

    fn add(&mut self, name: &str, on: &str, join: &str) {
        let Some(set) = self.model.row_set(name) else { return };
        if set.name == self.root.name || self.joined.iter().any(|(known, _)| *known == set.name) {
            return;
        }
        self.joined.push((&set.name, format!(" {join} {} ON {on}", declared(set))));
    }

    /// Joins a many side.
    pub(crate) fn fan_out(&mut self, across: &Across<'a>) {
        self.join(across.anchor);
        self.fan = Some(&across.many.name);
        // From the anchor back to the many side: each edge's condition holds in both directions.
        let names: Vec<&str> =
            std::iter::once(across.many.name.as_str()).chain(across.path.iter().map(|edge| edge.to.as_str())).collect();
        for (edge, from) in across.path.iter().zip(&names).rev() {
            self.add(from, &edge.on, "JOIN");
        }
    }

    /// How a set is reached through the many side; `None` where the two have nothing to do with each other.
    pub(crate) fn across(&self, set: &str) -> Option<Across<'a>> {
        let named = |name: &str| self.model.row_set(name);
        let target = named(set)?;
        let candidates = [Some(set), target.across.as_deref(), self.root.across.as_deref()];
        candidates.into_iter().flatten().find_map(|name| {
            let many = named(name)?;
            self.model.path(&many.name, set)?;
            self.anchored(many)
        })
    }

    /// The nearest set that both the root and a many side point to, or the root itself.
    pub(crate) fn anchored(&self, many: &'a RowSet) -> Option<Across<'a>> {
        if many.name == self.root.name {
            return None;
        }
        if let Some(path) = self.model.path(&many.name, &self.root.name) {
            return Some(Across { many, anchor: &self.root.name, path });
        }
        self.model
            .rows
            .iter()
            .filter(|set| set.across.is_none() && self.model.path(&self.root.name, &set.name).is_some())
            .filter_map(|set| Some((set, self.model.path(&many.name, &set.name)?)))
            .min_by_key(|(_, path)| path.len())
            .map(|(set, path)| Across { many, anchor: &set.name, path })
    }

    /// `orders JOIN customers ON ...`.
    pub(crate) fn from(&self) -> String {
        declared(self.root) + &self.joins().concat()
    }

    /// Whether a set is joined already.
    pub(crate) fn has_joined(&self, set: &str) -> bool {
        self.joined.iter().any(|(known, _)| *known == set)
    }

    /// The joins, in their order.
    pub(crate) fn joins(&self) -> Vec<String> {
        self.joined.iter().map(|(_, join)| join.clone()).collect()
    }
}

/// A table with its alias where that is another word.
pub(crate) fn declared(set: &RowSet) -> String {
    if set.table == set.name { set.table.clone() } else { format!("{} AS {}", set.table, set.name) }
}
