//! Filters and sets as conditions on a scope: on its own rows and what they point to, or as "has at least one".

use chrono::{Duration, NaiveDateTime};

use super::{
    ranges::Span,
    scope::{Scope, declared},
};
use crate::{
    Failure,
    orders::{
        Parameter,
        semantic::{
            SemanticModel,
            dialect::Grain,
            model::{DimensionModel, Place},
            query::{Filter, FilterOp, SetFilter},
            sql::Sql,
            validate::{grain, values},
        },
    },
};

/// Whose own country and city the generic words mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Customers,
    Stock,
    Orders,
}

/// The dimension that a word means for a family.
pub(crate) fn meant<'a>(model: &'a SemanticModel, name: &'a str, family: Family) -> &'a str {
    match model.dimensions.get(name).and_then(|dimension| dimension.generic.as_ref()) {
        Some(generic) => match family {
            Family::Customers => &generic.customers,
            Family::Stock => &generic.stock,
            Family::Orders => &generic.orders,
        },
        None => name,
    }
}

/// A filter with its dimension and the place where that stands.
type Compared<'a> = (&'a Filter, &'a DimensionModel, &'a Place);

/// What conditions need to know besides the scope.
#[derive(Clone, Copy)]
pub(crate) struct Conditions<'a> {
    pub(crate) model: &'a SemanticModel,
    pub(crate) now: NaiveDateTime,
    pub(crate) family: Family,
    /// Who is filtered, for refusals: a measure or a list.
    pub(crate) owner: &'a str,
    /// The column of time, for conditions on grains.
    pub(crate) axis: Option<&'a str>,
    /// "Not" across the many side means "has such a row that is not": the divisor of a ratio over those rows.
    pub(crate) such_rows: bool,
}

impl<'a> Conditions<'a> {
    /// The conditions of these filters; joins what they need.
    pub(crate) fn filters(&self, scope: &mut Scope<'a>, filters: &[&'a Filter]) -> Result<Vec<Sql>, Failure> {
        let mut conditions = Vec::new();
        let mut across: Vec<(&'a str, Vec<Compared<'a>>)> = Vec::new();
        for filter in filters {
            let name = meant(self.model, &filter.dimension, self.family);
            let Some(dimension) = self.model.dimensions.get(name) else { continue };
            if let Some(grain) = Grain::of(name) {
                let axis = self.axis.ok_or_else(|| grain::no_axis(self.owner, name))?;
                scope.join_mentioned(axis);
                conditions.push(self.compare(filter, &grain.label(axis), dimension)?);
            } else if let Some(place) = scope.place(&dimension.places) {
                scope.join(&place.at);
                conditions.push(self.compare_place(filter, dimension, place)?);
            } else {
                let Some((place, way)) =
                    dimension.places.iter().find_map(|place| Some((place, scope.across(&place.at)?)))
                else {
                    return Err(grain::unrelated(self.model, self.owner, &scope.root.noun, name));
                };
                let many = way.many.name.as_str();
                let alone = filter.op == FilterOp::NotIn && !self.such_rows;
                match across.iter_mut().find(|(name, _)| *name == many && !alone) {
                    Some((_, same)) => same.push((filter, dimension, place)),
                    None if alone => {
                        let positive = Filter { op: FilterOp::In, ..(*filter).clone() };
                        let inner = self.compare_place(&positive, dimension, place)?;
                        conditions.push(self.exists(scope, place, &[inner], "NOT EXISTS"));
                    }
                    None => across.push((many, vec![(filter, dimension, place)])),
                }
            }
        }
        for (_, same) in across {
            let mut inner = Vec::new();
            for (filter, dimension, place) in &same {
                inner.push(self.compare_place(filter, dimension, place)?);
            }
            let places: Vec<&Place> = same.iter().map(|(_, _, place)| *place).collect();
            conditions.push(self.exists_all(scope, &places, &inner, "EXISTS"));
        }
        Ok(conditions)
    }

    fn exists(&self, scope: &mut Scope<'a>, place: &'a Place, inner: &[Sql], word: &str) -> Sql {
        self.exists_all(scope, &[place], inner, word)
    }

    /// `EXISTS (SELECT 1 FROM many JOIN ... WHERE many points to anchor AND ...)`.
    fn exists_all(&self, scope: &mut Scope<'a>, places: &[&'a Place], inner: &[Sql], word: &str) -> Sql {
        let Some(way) = places.first().and_then(|place| scope.across(&place.at)) else { return Sql::new("FALSE") };
        scope.join(way.anchor);
        let mut seen = Scope::new(self.model, way.many);
        let (last, before) = match way.path.split_last() {
            Some((last, before)) => (last.on.as_str(), before),
            None => ("TRUE", &[][..]),
        };
        for edge in before {
            seen.join(&edge.to);
        }
        for place in places {
            seen.join(&place.at);
        }
        let mut sql = Sql::new(format!("{word} (SELECT 1 FROM {} WHERE {last}", seen.from()));
        for condition in inner {
            sql.push(" AND ").append(condition);
        }
        sql.push(")");
        sql
    }

    fn compare_place(&self, filter: &Filter, dimension: &DimensionModel, place: &Place) -> Result<Sql, Failure> {
        if place.age { self.age(filter, &place.column) } else { self.compare(filter, &place.column, dimension) }
    }

    /// A condition on an expression.
    fn compare(&self, filter: &Filter, column: &str, dimension: &DimensionModel) -> Result<Sql, Failure> {
        let checked = values::checked(self.model, filter, dimension)?;
        let list = |values: Vec<Parameter>| {
            if values.len() == 1 { Sql::list(values).within("= ", "") } else { Sql::list(values).within("IN (", ")") }
        };
        let bound = |value: &Parameter| match value {
            Parameter::Decimal(_) => Sql::list([value.clone()]).within("CAST(", " AS DECIMAL(30, 8))"),
            other => Sql::list([other.clone()]),
        };
        let after = |operator: &str, value: &Parameter| bound(value).within(&format!("{column} {operator} "), "");
        let first = checked.first().cloned().unwrap_or(Parameter::Null);
        Ok(match filter.op {
            FilterOp::In => list(checked).within(&format!("{column} "), ""),
            FilterOp::NotIn => {
                let not = if checked.len() == 1 {
                    Sql::list(checked).within(&format!("{column} <> "), "")
                } else {
                    Sql::list(checked).within(&format!("{column} NOT IN ("), ")")
                };
                let optional = dimension.nullable || dimension.places.iter().any(|place| self.is_optional(&place.at));
                if optional { not.within(&format!("({column} IS NULL OR "), ")") } else { not }
            }
            FilterOp::Contains => {
                let parts: Vec<Sql> = checked
                    .into_iter()
                    .map(|value| Sql::list([pattern(value)]).within(&format!("{column} LIKE "), " ESCAPE '!'"))
                    .collect();
                Sql::join(&parts, " OR ").within("(", ")")
            }
            FilterOp::Above => after(">", &first),
            FilterOp::Below => after("<", &first),
            FilterOp::AtLeast => after(">=", &first),
            FilterOp::AtMost => after("<=", &first),
            FilterOp::Between => {
                let highest = checked.last().cloned().unwrap_or(Parameter::Null);
                let mut sql = after("BETWEEN", &first);
                sql.push(" AND ").append(&bound(&highest));
                sql
            }
        })
    }

    fn is_optional(&self, set: &str) -> bool {
        self.model.rows.iter().flat_map(|rows| &rows.edges).any(|edge| edge.to == set && edge.optional)
    }

    /// "more than 5 days ago" as a bound on the instant itself, where an index serves it.
    fn age(&self, filter: &Filter, column: &str) -> Result<Sql, Failure> {
        let days = values::numbers(filter)?;
        let back = |text: &String| {
            let days: f64 = text.parse().unwrap_or(0.0);
            #[allow(clippy::cast_possible_truncation)] // days of an order: far below what a whole number holds
            let milliseconds = (days.clamp(-1e6, 1e6) * 86_400_000.0).round() as i64;
            Parameter::Datetime(self.now - Duration::milliseconds(milliseconds))
        };
        let bound =
            |operator: &str, text: &String| Sql::list([back(text)]).within(&format!("{column} {operator} "), "");
        let operator = match filter.op {
            FilterOp::Above => "<",
            FilterOp::Below => ">",
            FilterOp::AtLeast => "<=",
            FilterOp::AtMost => ">=",
            FilterOp::Between => {
                let mut sql = bound("<=", &days[0]);
                sql.push(" AND ").append(&bound(">=", &days[1]));
                return Ok(sql);
            }
            FilterOp::In | FilterOp::NotIn | FilterOp::Contains => return Err(values::needs_comparison(filter)),
        };
        Ok(bound(operator, &days[0]))
    }

    /// The conditions of these sets.
    pub(crate) fn sets(&self, scope: &mut Scope<'a>, sets: &'a [SetFilter]) -> Result<Vec<Sql>, Failure> {
        sets.iter().map(|set| self.set(scope, set)).collect()
    }

    fn set(&self, scope: &mut Scope<'a>, set: &'a SetFilter) -> Result<Sql, Failure> {
        let who = if set.who == "customer" { "customers" } else { "products" };
        if !scope.reaches(who) {
            return Err(grain::unrelated(self.model, self.owner, &scope.root.noun, &set.who));
        }
        // The key of whoever it is: the row that points to them holds it too, and needs no join.
        scope.join(who);
        // Aliases of their own: the scope may hold the same tables.
        let returns = set.what == "returns" || set.what == "returned_units" || set.what == "returns_count";
        let (from, link, mut condition, axis) = match (who, returns) {
            ("customers", false) => (
                "orders AS bought",
                "bought.customer_id = customers.id",
                "bought.status <> 'cancelled'",
                "bought.placed_at",
            ),
            ("customers", true) => (
                "returns AS given_back JOIN order_items AS line ON line.id = given_back.order_item_id JOIN orders AS bought \
                 ON bought.id = line.order_id",
                "bought.customer_id = customers.id",
                "given_back.status <> 'rejected'",
                "given_back.requested_at",
            ),
            (_, false) => (
                "order_items AS line JOIN orders AS bought ON bought.id = line.order_id",
                "line.product_id = products.id",
                "bought.status <> 'cancelled'",
                "bought.placed_at",
            ),
            (_, true) => (
                "returns AS given_back JOIN order_items AS line ON line.id = given_back.order_item_id",
                "line.product_id = products.id",
                "given_back.status <> 'rejected'",
                "given_back.requested_at",
            ),
        };
        if set.what == "cancelled_orders" {
            condition = "bought.status = 'cancelled'";
        }
        let word = if set.has { "EXISTS" } else { "NOT EXISTS" };
        let mut sql = Sql::new(format!("{word} (SELECT 1 FROM {from} WHERE {link} AND {condition}"));
        for bound in within(axis, Span::of(set.time.as_ref())) {
            sql.push(" AND ").append(&bound);
        }
        sql.push(")");
        Ok(sql)
    }
}

/// The half-open bounds of a range on its own column.
pub(crate) fn within(axis: &str, span: Span) -> Vec<Sql> {
    let bound = |operator: &str, at: NaiveDateTime| {
        Sql::list([Parameter::Datetime(at)]).within(&format!("{axis} {operator} "), "")
    };
    span.from.map(|at| bound(">=", at)).into_iter().chain(span.to.map(|at| bound("<", at))).collect()
}

fn pattern(value: Parameter) -> Parameter {
    match value {
        Parameter::Text(text) => {
            let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            Parameter::Text(format!("%{escaped}%"))
        }
        other => other,
    }
}

/// A FROM with nothing joined, for the extent of a column.
pub(crate) fn alone(model: &SemanticModel, set: &str) -> String {
    model.row_set(set).map(declared).unwrap_or_default()
}
