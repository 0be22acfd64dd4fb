//! One figure over one set of rows: FROM, WHERE, the keys of its groups and its aggregate. Parts that read the same rows
//! become one.

use chrono::NaiveDateTime;

use super::{
    conditions::{Conditions, Family, meant, within},
    ranges::Span,
    scope::{Scope, declared},
};
use crate::{
    Failure,
    orders::semantic::{
        SemanticModel, SemanticQuery,
        dialect::{self, Grain},
        model::{Aggregate, Figure},
        query::{Filter, FilterOp, Statistic, TimeUnit},
        sql::Sql,
        validate::grain,
    },
};

/// What is computed: a figure in one of the ways that a query needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) figure: String,
    pub(crate) variant: Variant,
    /// Dimensions whose filters this figure does not have.
    pub(crate) ignored: Vec<String>,
    /// Whether it is the divisor of a ratio.
    pub(crate) such_rows: bool,
    pub(crate) family: Family,
    /// Not the sum of the rows' values but this of them.
    pub(crate) statistic: Option<Statistic>,
    /// The measure that it belongs to, for refusals.
    pub(crate) measure: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    Current,
    Previous,
    /// Without the filters on this dimension.
    Without(String),
    /// Without the conditions on who has or has not a row.
    WithoutSets,
}

impl Slot {
    /// Whether both are the same column.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let column = |slot: &Self| (slot.ignored.clone(), slot.such_rows, slot.family, slot.statistic);
        (&self.figure, &self.variant) == (&other.figure, &other.variant) && column(self) == column(other)
    }
}

/// A group's key in the answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) alias: String,
    pub(crate) sql: Sql,
    late: Option<Late>,
}

/// A key whose name is joined after the rows are grouped by what points to it: a few groups instead of all rows.
#[derive(Clone, Debug, PartialEq)]
struct Late {
    /// `order_items.product_id`.
    pointer: String,
    /// `product_id`.
    column: String,
    joins: Vec<String>,
    /// The key that it points to, where the names stand in that very row: `products.id`.
    target: Option<String>,
}

/// The rows of one or more slots.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    root: String,
    /// The joins; without a many side they lead to one row each, and leave out none.
    joins: Vec<String>,
    pub(crate) keys: Vec<Key>,
    pub(crate) common: Vec<Sql>,
    /// The condition that is the figure's own.
    pub(crate) own: Vec<Sql>,
    /// Conditions on names that are joined after the rows are grouped.
    of_groups: Vec<Sql>,
    /// Slot number and its aggregate.
    pub(crate) columns: Vec<(usize, Sql)>,
    pub(crate) across: Option<String>,
    pub(crate) left_out: Option<String>,
    aggregate: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Sum(String),
    Count,
    Distinct(String),
    AtLeast {
        key: String,
        count: u32,
        each: String,
    },
    /// A value of the rows by its place among them.
    Placed {
        value: String,
        statistic: Statistic,
    },
}

impl Shape {
    /// Whether the aggregate is over a subquery of its own, which no other figure shares.
    fn is_own(&self) -> bool {
        matches!(self, Self::AtLeast { .. } | Self::Placed { .. })
    }

    /// The alias of that subquery.
    fn alias(&self) -> &'static str {
        if matches!(self, Self::Placed { .. }) { "placed" } else { "repeated" }
    }
}

/// Everything that the parts of one query share.
pub(crate) struct Request<'a> {
    pub(crate) model: &'a SemanticModel,
    pub(crate) query: &'a SemanticQuery,
    pub(crate) dimensions: Vec<&'a str>,
    pub(crate) now: NaiveDateTime,
    pub(crate) current: Span,
    pub(crate) previous: Option<Span>,
    /// With a series grain: how far the units before are moved on.
    pub(crate) shift: Option<(u32, TimeUnit)>,
    /// Sets of rows that no figure needs finer than `whole` has it.
    pub(crate) coarse: bool,
}

impl<'a> Request<'a> {
    /// The part of one slot.
    pub(crate) fn part(&self, number: usize, slot: &'a Slot) -> Result<Part, Failure> {
        let figure = self.figure(slot)?;
        let filters: Vec<&Filter> = self
            .query
            .filters
            .iter()
            .filter(|filter| {
                let same = |name: &String| {
                    meant(self.model, name, slot.family) == meant(self.model, &filter.dimension, slot.family)
                };
                let without = matches!(&slot.variant, Variant::Without(dimension) if same(dimension));
                !without && !slot.ignored.iter().any(same)
            })
            .collect();
        let (rows, shape) = self.rows(figure, &filters, slot);
        let Some(root) = self.model.row_set(rows) else { return Err(grain::unknown_rows(rows)) };
        let mut scope = Scope::new(self.model, root);
        let split = self.dimensions.iter().map(|name| meant(self.model, name, slot.family));
        if let Some(name) = split.into_iter().find(|name| slot.ignored.iter().any(|ignored| ignored == name)) {
            return Err(grain::only_numerator(&slot.measure, name));
        }
        let across = self.fan_out(&mut scope, figure, slot)?;
        let conditions = Conditions {
            model: self.model,
            now: self.now,
            family: slot.family,
            owner: &slot.measure,
            axis: figure.axis.as_deref(),
            such_rows: slot.such_rows,
        };
        let mut common: Vec<Sql> = root.condition.iter().map(|condition| Sql::expand(condition, self.now)).collect();
        if let Some(axis) = &figure.axis {
            let mut span =
                if slot.variant == Variant::Previous { self.previous.unwrap_or_default() } else { self.current };
            if figure.up_to_end {
                span.from = None;
            }
            let bounds = within(axis, span);
            if !bounds.is_empty() {
                scope.join_mentioned(axis);
            }
            common.extend(bounds);
        }
        let (of_groups, filters) = self.of_groups(&scope, figure, slot, filters);
        common.extend(conditions.filters(&mut scope, &filters)?);
        if slot.variant != Variant::WithoutSets {
            common.extend(conditions.sets(&mut scope, &self.query.sets)?);
        }
        let mut own: Vec<Sql> = figure.condition.iter().map(|condition| Sql::expand(condition, self.now)).collect();
        let mut left_out = None;
        if let Some(exclusion) = &figure.exclusion {
            let replaces = |filter: &&&Filter| filter.dimension == exclusion.dimension && filter.op != FilterOp::NotIn;
            if !filters.iter().any(|filter| replaces(&filter)) {
                own.push(Sql::expand(&exclusion.condition, self.now));
                left_out = self.dimensions.contains(&exclusion.dimension.as_str()).then(|| exclusion.words.clone());
            }
        }
        for condition in &own {
            scope.join_mentioned(&condition.text);
        }
        let shape = match shape {
            Shape::Distinct(key) if scope.fan.is_none() && key == root.key => Shape::Count,
            other => other,
        };
        let shape = match (shape, slot.statistic) {
            (Shape::Sum(value), Some(statistic)) => Shape::Placed { value, statistic },
            (other, _) => other,
        };
        match &shape {
            Shape::Sum(expression) | Shape::Distinct(expression) | Shape::Placed { value: expression, .. } => {
                scope.join_mentioned(expression);
            }
            Shape::Count => {}
            Shape::AtLeast { key, each, .. } => {
                scope.join_mentioned(key);
                scope.join_mentioned(each);
            }
        }
        // Last, so that what conditions need is joined as they need it.
        let groups_first = scope.fan.is_none() && matches!(shape, Shape::Sum(_) | Shape::Count);
        let late =
            |scope: &Scope<'_>, filter: &&Filter| groups_first && self.leaves_groups_out(scope, filter, slot.family);
        let (of_groups, of_rows): (Vec<&Filter>, Vec<&Filter>) =
            of_groups.into_iter().partition(|filter| late(&scope, filter));
        common.extend(conditions.filters(&mut scope, &of_rows)?);
        let of_groups = conditions.filters(&mut scope.clone(), &of_groups)?;
        let keys = self.keys(&mut scope, figure, slot, groups_first)?;
        let aggregate = aggregate(&shape, &[]);
        Ok(Part {
            root: declared(root),
            joins: scope.joins(),
            keys,
            common,
            own,
            of_groups,
            columns: vec![(number, aggregate)],
            across,
            left_out,
            aggregate: shape,
        })
    }

    fn figure(&self, slot: &Slot) -> Result<&'a Figure, Failure> {
        self.model.figures.get(&slot.figure).ok_or_else(|| grain::unknown_rows(&slot.figure))
    }

    /// The rows that the figure is computed over: the coarser ones where nothing asks for more.
    fn rows(&self, figure: &'a Figure, filters: &[&Filter], slot: &Slot) -> (&'a str, Shape) {
        let fine = match &figure.aggregate {
            Aggregate::Sum(expression) => Shape::Sum(expression.clone()),
            Aggregate::Count => Shape::Count,
            Aggregate::Distinct(key) => Shape::Distinct(key.clone()),
            Aggregate::AtLeast { key, count, each } => {
                Shape::AtLeast { key: key.clone(), count: *count, each: each.clone() }
            }
        };
        let Some((whole, expression)) = figure.whole.as_ref().filter(|_| self.coarse) else {
            return (&figure.rows, fine);
        };
        let names = self.dimensions.iter().copied().chain(filters.iter().map(|filter| filter.dimension.as_str()));
        let suffices = names.map(|name| meant(self.model, name, slot.family)).all(|name| {
            self.model.dimensions.get(name).is_some_and(|dimension| {
                Grain::of(name).is_some()
                    || dimension.places.iter().any(|place| self.model.path(whole, &place.at).is_some())
            })
        });
        let sets = self.query.sets.iter().all(|set| set.who == "customer");
        if suffices && sets { (whole, Shape::Sum(expression.clone())) } else { (&figure.rows, fine) }
    }

    /// Joins the many side where a dimension stands there and the figure counts keys once.
    fn fan_out(&self, scope: &mut Scope<'a>, figure: &Figure, slot: &Slot) -> Result<Option<String>, Failure> {
        let far: Vec<&str> = self
            .dimensions
            .iter()
            .map(|name| meant(self.model, name, slot.family))
            .filter(|name| {
                Grain::of(name).is_none()
                    && self
                        .model
                        .dimensions
                        .get(*name)
                        .is_some_and(|dimension| scope.place(&dimension.places).is_none())
            })
            .collect();
        let Some(first) = far.first().copied() else { return Ok(None) };
        let places = |name: &str| self.model.dimensions.get(name).map_or(&[][..], |dimension| &dimension.places[..]);
        let ways: Vec<_> =
            far.iter().flat_map(|name| places(name)).filter_map(|place| scope.across(&place.at)).collect();
        if ways.is_empty() {
            return Err(grain::unrelated(self.model, &slot.measure, &scope.root.noun, first));
        }
        if !matches!(figure.aggregate, Aggregate::Distinct(_) | Aggregate::AtLeast { .. }) {
            return Err(grain::many_side(self.model, &slot.measure, &scope.root.noun, first));
        }
        let others = self.model.rows.iter().filter(|set| set.across.is_none()).filter_map(|set| scope.anchored(set));
        let all = |many: &str| {
            far.iter().all(|name| places(name).iter().any(|place| self.model.path(many, &place.at).is_some()))
        };
        let Some(way) = ways.into_iter().chain(others).find(|way| all(&way.many.name)) else {
            return Err(grain::two_many_sides(&slot.measure, &far));
        };
        let noun = way.many.noun.clone();
        scope.fan_out(&way);
        Ok(Some(noun))
    }

    fn keys(
        &self,
        scope: &mut Scope<'a>,
        figure: &'a Figure,
        slot: &Slot,
        groups_first: bool,
    ) -> Result<Vec<Key>, Failure> {
        let mut keys = Vec::new();
        for asked in &self.dimensions {
            let name = meant(self.model, asked, slot.family);
            if let Some(grain) = Grain::of(name) {
                let axis = figure.axis.as_deref().ok_or_else(|| grain::no_axis(&slot.measure, name))?;
                if figure.up_to_end {
                    return Err(grain::no_history_of_count(&slot.measure, name));
                }
                scope.join_mentioned(axis);
                let moved = match self.shift {
                    Some((count, unit)) if slot.variant == Variant::Previous => dialect::shifted(axis, count, unit),
                    _ => axis.to_owned(),
                };
                keys.push(Key { alias: (*asked).to_owned(), sql: Sql::new(grain.label(&moved)), late: None });
                continue;
            }
            let dimension = self.model.dimensions.get(name);
            let Some(place) = dimension.and_then(|dimension| scope.place(&dimension.places)) else {
                return Err(grain::unrelated(self.model, &slot.measure, &scope.root.noun, name));
            };
            let late = if groups_first { self.late(scope, &place.at) } else { None };
            if late.is_none() {
                scope.join_for_names(&place.at);
            }
            if let Some(key) = &place.key {
                keys.push(Key { alias: format!("{asked}_key"), sql: Sql::new(key), late: late.clone() });
            }
            keys.push(Key { alias: (*asked).to_owned(), sql: Sql::new(place.column_at(self.now)), late });
        }
        Ok(keys)
    }
}

impl Request<'_> {
    /// The filters that may be left to the groups, and the others: from the few groups that are kept the server would gather
    /// their rows one by one from all over the table.
    fn of_groups<'f>(
        &self,
        scope: &Scope<'_>,
        figure: &Figure,
        slot: &Slot,
        filters: Vec<&'f Filter>,
    ) -> (Vec<&'f Filter>, Vec<&'f Filter>) {
        let sums = matches!(figure.aggregate, Aggregate::Sum(_) | Aggregate::Count) && slot.statistic.is_none();
        filters
            .into_iter()
            .partition(|filter| sums && scope.fan.is_none() && self.leaves_groups_out(scope, filter, slot.family))
    }

    /// Whether a filter says nothing of the rows but which of the groups are left out: its column stands where the name of a
    /// group is joined late.
    fn leaves_groups_out(&self, scope: &Scope<'_>, filter: &Filter, family: Family) -> bool {
        let late = |name: &str| {
            let places = &self.model.dimensions.get(meant(self.model, name, family))?.places;
            self.late(scope, &scope.place(places)?.at)
        };
        filter.op == FilterOp::NotIn
            && late(&filter.dimension).is_some_and(|filtered| {
                self.dimensions
                    .iter()
                    .filter_map(|name| late(name))
                    .any(|key| filtered.joins.iter().all(|join| key.joins.contains(join)))
            })
    }

    /// How a set that names groups is joined after grouping; `None` where conditions have joined it already, or where the
    /// root does not point to it by a column of its own.
    fn late(&self, scope: &Scope<'_>, set: &str) -> Option<Late> {
        let path = self.model.path(&scope.root.name, set)?;
        let first = path.first()?;
        if scope.has_joined(&first.to) || self.model.row_set(&first.to)?.across.is_none() {
            return None;
        }
        let column = first.on.split(" = ").find_map(|side| side.strip_prefix(&format!("{}.", scope.root.name)))?;
        let pointer = format!("{}.{column}", scope.root.name);
        let joins = path
            .iter()
            .filter_map(|edge| {
                let target = self.model.row_set(&edge.to)?;
                let on = edge.on.replace(&pointer, &format!("grouped.{column}"));
                Some(format!(" LEFT JOIN {} ON {on}", declared(target)))
            })
            .collect();
        let target = self.model.row_set(&first.to).filter(|_| path.len() == 1).map(|target| target.key.clone());
        Some(Late { column: column.to_owned(), pointer, joins, target })
    }
}

/// The aggregate, over the rows that meet these conditions.
fn aggregate(shape: &Shape, own: &[Sql]) -> Sql {
    let when = |value: &str| {
        if own.is_empty() {
            return Sql::new(value);
        }
        Sql::join(own, " AND ").within("CASE WHEN ", &format!(" THEN {value} END"))
    };
    match shape {
        Shape::Sum(expression) => when(expression).within("SUM(", ")"),
        Shape::Count if own.is_empty() => Sql::new("COUNT(*)"),
        Shape::Count => when("1").within("COUNT(", ")"),
        Shape::Distinct(key) => when(key).within("COUNT(DISTINCT ", ")"),
        Shape::AtLeast { .. } => Sql::new("COUNT(*)"),
        Shape::Placed { statistic, .. } => {
            Sql::new(dialect::at_place("placed.each_value", "placed.place", "counted.places", *statistic))
        }
    }
}

impl Part {
    /// A slot's aggregate in the SELECT of this part.
    pub(crate) fn column(&self, slot: usize) -> Option<Sql> {
        let (_, sql) = self.columns.iter().find(|(number, _)| *number == slot)?;
        Some(match (self.is_late(), self.is_grouped_already()) {
            (false, _) => sql.clone(),
            (true, false) => Sql::new(format!("SUM(grouped.f{slot})")),
            (true, true) => Sql::new(format!("grouped.f{slot}")),
        })
    }

    fn is_late(&self) -> bool {
        self.keys.iter().any(|key| key.late.is_some())
    }

    /// Whether the rows grouped by what points to the names are the answer's groups: then nothing is grouped twice.
    fn is_grouped_already(&self) -> bool {
        let Some(first) = self.keys.first().and_then(|key| key.late.as_ref()) else { return false };
        self.keys.iter().all(|key| key.late.as_ref() == Some(first))
            && self.keys.iter().any(|key| Some(&key.sql.text) == first.target.as_ref())
    }

    /// The rows grouped by what points to the names.
    fn grouped(&self) -> Sql {
        let mut outputs: Vec<Sql> = Vec::new();
        for key in &self.keys {
            let output = match &key.late {
                // As an expression: by its index the server would gather the rows one by one from all over the table.
                Some(late) => Sql::new(format!("{} + 0 AS {}", late.pointer, late.column)),
                None => key.sql.within("", &format!(" AS {}", dialect::quoted(&key.alias))),
            };
            if !outputs.contains(&output) {
                outputs.push(output);
            }
        }
        let places: Vec<String> = (1..=outputs.len()).map(|place| place.to_string()).collect();
        outputs.extend(self.columns.iter().map(|(slot, sql)| sql.within("", &format!(" AS f{slot}"))));
        // All rows are read: then the rows themselves come first, and what they point to is looked up.
        let all = self.common.is_empty() && !self.joins.is_empty();
        let mut sql = Sql::new(if all { "SELECT STRAIGHT_JOIN " } else { "SELECT " });
        sql.append(&Sql::join(&outputs, ", ")).push(&format!(" FROM {}", self.from()));
        self.push_where(&mut sql);
        sql.push(&format!(" GROUP BY {}", places.join(", ")));
        sql
    }

    /// The SELECT of this part with `columns` as its figures, each with its alias.
    pub(crate) fn select(&self, columns: &[(String, Sql)]) -> Sql {
        let mut sql = Sql::new("SELECT ");
        let mut outputs: Vec<Sql> = Vec::new();
        let inner = self.aggregate.is_own().then(|| self.aggregate.alias());
        for key in &self.keys {
            let alias = dialect::quoted(&key.alias);
            let expression = if let Some(inner) = inner {
                Sql::new(format!("{inner}.{alias}"))
            } else if self.is_late() && key.late.is_none() {
                Sql::new(format!("grouped.{alias}"))
            } else {
                key.sql.clone()
            };
            outputs.push(expression.within("", &format!(" AS {}", dialect::quoted(&key.alias))));
        }
        for (alias, column) in columns {
            outputs.push(column.within("", &format!(" AS {}", dialect::quoted(alias))));
        }
        sql.append(&Sql::join(&outputs, ", ")).push(" FROM ");
        if let Shape::AtLeast { key, count, each } = &self.aggregate {
            sql.push("(SELECT ");
            for key in &self.keys {
                sql.append(&key.sql).push(&format!(" AS {}, ", dialect::quoted(&key.alias)));
            }
            let counted = if self.across.is_some() { format!("COUNT(DISTINCT {each})") } else { "COUNT(*)".to_owned() };
            sql.push(&format!("{key} AS whose FROM {}", self.from()));
            self.push_where(&mut sql);
            let places: Vec<String> = (1..=self.keys.len() + 1).map(|place| place.to_string()).collect();
            sql.push(&format!(" GROUP BY {} HAVING {counted} >= {count}) AS repeated", places.join(", ")));
        } else if let Shape::Placed { value, .. } = &self.aggregate {
            sql.append(&self.placed(value));
        } else if self.is_late() {
            sql.append(&self.grouped().within("(", ") AS grouped"));
            let mut joins: Vec<&String> = Vec::new();
            for join in self.keys.iter().filter_map(|key| key.late.as_ref()).flat_map(|late| &late.joins) {
                if !joins.contains(&join) {
                    joins.push(join);
                    sql.push(join);
                }
            }
            if !self.of_groups.is_empty() {
                sql.push(" WHERE ").append(&Sql::join(&self.of_groups, " AND "));
            }
        } else {
            sql.push(&self.from());
            self.push_where(&mut sql);
        }
        if !self.keys.is_empty() && !self.is_grouped_already() {
            let places: Vec<String> = (1..=self.keys.len()).map(|place| place.to_string()).collect();
            sql.push(&format!(" GROUP BY {}", places.join(", ")));
        }
        sql
    }

    /// The rows, each with its value and its place in its group; and joined to them how many the group has. Both could be
    /// windows of one subquery, but a second window costs as much as the first: a plain count costs a tenth.
    fn placed(&self, value: &str) -> Sql {
        let keys: Vec<Sql> = self.keys.iter().map(|key| key.sql.clone()).collect();
        let partition = Sql::join(&keys, ", ");
        let partition = if keys.is_empty() { partition } else { partition.within("PARTITION BY ", " ") };
        let mut rows = Sql::new(format!(" FROM {}", self.from()));
        self.push_where(&mut rows);
        let is_first = self.common.is_empty() && self.own.is_empty();
        rows.push(&format!(" {} {value} IS NOT NULL", if is_first { "WHERE" } else { "AND" }));
        let named = |counted: bool| {
            let mut named = Sql::new("(SELECT ");
            for (number, key) in self.keys.iter().enumerate() {
                // Names of their own: ORDER BY names the others.
                let alias = if counted { format!("key_{number}") } else { dialect::quoted(&key.alias) };
                named.append(&key.sql).push(&format!(" AS {alias}, "));
            }
            named
        };
        let mut sql = named(false);
        sql.push(&format!("{value} AS each_value, "));
        sql.append(&partition.within("ROW_NUMBER() OVER (", &format!("ORDER BY {value}) AS place")));
        sql.append(&rows).push(") AS placed JOIN ").append(&named(true)).push("COUNT(*) AS places").append(&rows);
        if !self.keys.is_empty() {
            let places: Vec<String> = (1..=self.keys.len()).map(|place| place.to_string()).collect();
            sql.push(&format!(" GROUP BY {}", places.join(", ")));
        }
        let same =
            |(number, key): (usize, &Key)| format!("counted.key_{number} <=> placed.{}", dialect::quoted(&key.alias));
        let same: Vec<String> = self.keys.iter().enumerate().map(same).collect();
        sql.push(") AS counted ON ");
        sql.push(if same.is_empty() { "TRUE".to_owned() } else { same.join(" AND ") }.as_str());
        sql
    }

    fn from(&self) -> String {
        self.root.clone() + &self.joins.concat()
    }

    /// Whether both read the same rows: a join to one row changes none.
    fn reads_like(&self, other: &Self) -> bool {
        if self.across != other.across || self.root != other.root {
            return false;
        }
        // A join for names only is a LEFT JOIN, and of the same row.
        let bare = |join: &String| join.trim_start_matches(" LEFT").to_owned();
        let covers = |more: &Self, less: &Self| {
            less.joins.iter().all(|join| more.joins.iter().any(|other| bare(other) == bare(join)))
        };
        self.joins == other.joins || self.across.is_none() && (covers(self, other) || covers(other, self))
    }

    fn push_where(&self, sql: &mut Sql) {
        let conditions: Vec<Sql> = self.common.iter().chain(&self.own).cloned().collect();
        if !conditions.is_empty() {
            sql.push(" WHERE ").append(&Sql::join(&conditions, " AND "));
        }
    }
}

/// Joins parts that read the same rows: equal conditions, or one that has none of its own.
pub(crate) fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::new();
    for part in parts {
        let same = |other: &&mut Part| {
            !other.aggregate.is_own()
                && !part.aggregate.is_own()
                && other.reads_like(&part)
                && other.keys == part.keys
                && other.common == part.common
                && other.of_groups == part.of_groups
                && (other.own == part.own || other.own.is_empty() || part.own.is_empty())
        };
        let mut found = merged.iter_mut().find(same);
        if let Some(other) = &mut found
            && other.joins.len() < part.joins.len()
        {
            other.joins.clone_from(&part.joins);
        }
        match found {
            Some(other) if other.own == part.own => other.columns.extend(part.columns),
            Some(other) if other.own.is_empty() => {
                other
                    .columns
                    .extend(part.columns.iter().map(|(slot, _)| (*slot, aggregate(&part.aggregate, &part.own))));
            }
            Some(other) if other.columns.len() == 1 => {
                let own = std::mem::take(&mut other.own);
                if let Some((_, column)) = other.columns.first_mut() {
                    *column = aggregate(&other.aggregate, &own);
                }
                other.left_out = other.left_out.take().or(part.left_out);
                other.columns.extend(part.columns);
            }
            _ => merged.push(part),
        }
    }
    merged
}
