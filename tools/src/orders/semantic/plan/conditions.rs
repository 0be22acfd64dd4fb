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
            query::{Filter, FilterOp, MeasureFilter, SetFilter},
            sql::Sql,
            validate::{grain, sets, values},
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
        if place.age {
            self.age(filter, &place.column)
        } else {
            self.compare(filter, &place.column_at(self.now), dimension)
        }
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
        let who = match set.who.as_str() {
            "customer" => "customers",
            "order" => "orders",
            _ => "products",
        };
        if !scope.reaches(who) {
            return Err(grain::unrelated(self.model, self.owner, &scope.root.noun, &set.who));
        }
        // The key of whoever it is: the row that points to them holds it too, and needs no join.
        scope.join(who);
        let sought = sought(who, set);
        let Sought { mut from, link, condition, axis, has_line } = sought;
        let mut inner = Vec::new();
        for filter in &set.filters {
            let Some(column) = column_of_set(&filter.dimension, &set.what, who != "orders") else {
                return Err(sets::no_such_condition(&set.what, &filter.dimension));
            };
            let Some(dimension) = self.model.dimensions.get(&filter.dimension) else { continue };
            if column.starts_with("goods.") || column.starts_with("kinds.") {
                if !has_line && !from.contains("AS line") {
                    from.push_str(" JOIN order_items AS line ON line.order_id = bought.id");
                }
                if !from.contains("AS goods") {
                    from.push_str(" JOIN products AS goods ON goods.id = line.product_id");
                }
                if column.starts_with("kinds.") && !from.contains("AS kinds") {
                    from.push_str(" JOIN categories AS kinds ON kinds.id = goods.category_id");
                }
            }
            inner.push(self.compare(filter, column, dimension)?);
        }
        inner.extend(within(axis, Span::of(set.time.as_ref())));
        if !condition.is_empty() {
            inner.insert(0, Sql::new(condition));
        }
        // The buyers or holders of a product, and what happened in a range, are gathered once: asked of each customer or order, the
        // server goes through all rows of all of them, six to twelve times as long with a million orders.
        let goods = from.contains("AS goods");
        let gathered = match who {
            "customers" if goods => Some(("customers.id", "bought.customer_id")),
            "orders" if goods && set.what == "lines" && set.count.is_none() => Some(("orders.id", "line.order_id")),
            "orders" if set.what.starts_with("orders_") && set.time.is_some() => {
                Some(("orders.order_number", "happened.order_number"))
            }
            _ => None,
        };
        if let Some((key, column)) = gathered {
            let word = if set.has { "IN" } else { "NOT IN" };
            let rows = format!("{key} {word} (SELECT whose FROM (SELECT DISTINCT {column} AS whose FROM {from} WHERE ");
            return Ok(Sql::join(&inner, " AND ").within(&rows, ") AS gathered)"));
        }
        inner.insert(0, Sql::new(link));
        if let Some(count) = set.count {
            let rows = Sql::join(&inner, " AND ").within(&format!("(SELECT COUNT(*) FROM {from} WHERE "), ")");
            return Ok(match count.at_most {
                Some(most) => rows.within("", &format!(" BETWEEN {} AND {most}", count.at_least)),
                None => rows.within("", &format!(" >= {}", count.at_least)),
            });
        }
        let word = if set.has { "EXISTS" } else { "NOT EXISTS" };
        Ok(Sql::join(&inner, " AND ").within(&format!("{word} (SELECT 1 FROM {from} WHERE "), ")"))
    }
}

/// The rows that a set looks for. Aliases of their own: the scope may hold the same tables.
struct Sought {
    from: String,
    link: &'static str,
    condition: &'static str,
    axis: &'static str,
    /// Whether an order's line is among them.
    has_line: bool,
}

/// The event of a measure of that name: paid is what an attempt that did not fail made so.
fn happened(event: &str) -> &'static str {
    match event {
        "orders_packed" => "happened.type = 'order.packed'",
        "orders_shipped" => "happened.type = 'order.shipped'",
        "orders_delivered" => "happened.type = 'order.delivered'",
        "orders_returned" => "happened.type = 'order.returned'",
        _ => {
            "happened.type = 'order.paid' AND EXISTS (SELECT 1 FROM orders AS paid JOIN payments AS tried ON tried.order_id = \
             paid.id WHERE paid.order_number = happened.order_number AND tried.attempted_at = happened.occurred_at AND \
             tried.status <> 'failed')"
        }
    }
}

fn sought(who: &str, set: &SetFilter) -> Sought {
    let rows =
        |from: &str, link, condition, axis, has_line| Sought { from: from.to_owned(), link, condition, axis, has_line };
    let returns = matches!(set.what.as_str(), "returns" | "returned_units" | "returns_count");
    // A status that is named replaces the exclusion.
    let named = set.filters.iter().any(|filter| filter.dimension == "return_status");
    let given_back = if named { "" } else { "given_back.status <> 'rejected'" };
    if who == "orders" {
        return match set.what.as_str() {
            "shipments" => rows("shipments AS sent", "sent.order_id = orders.id", "", "sent.shipped_at", false),
            "lines" => rows("order_items AS line", "line.order_id = orders.id", "", "", true),
            "payments" => rows("payments AS tried", "tried.order_id = orders.id", "", "tried.attempted_at", false),
            event if event.starts_with("orders_") => {
                let link = "happened.order_number = orders.order_number";
                rows("order_events AS happened", link, happened(event), "happened.occurred_at", false)
            }
            _ => rows(
                "returns AS given_back JOIN order_items AS line ON line.id = given_back.order_item_id",
                "line.order_id = orders.id",
                given_back,
                "given_back.requested_at",
                true,
            ),
        };
    }
    let condition = match set.what.as_str() {
        "any_orders" => "",
        "cancelled_orders" => "bought.status = 'cancelled'",
        "open_orders" => "bought.status IN ('placed', 'paid', 'packed')",
        _ => "bought.status <> 'cancelled'",
    };
    match (who, returns) {
        ("customers", false) if set.what == sets::REGISTRATION => {
            rows("customers AS joined", "joined.id = customers.id", "", "joined.created_at", false)
        }
        ("customers", false) => {
            rows("orders AS bought", "bought.customer_id = customers.id", condition, "bought.placed_at", false)
        }
        ("customers", true) => rows(
            "returns AS given_back JOIN order_items AS line ON line.id = given_back.order_item_id JOIN orders AS bought \
             ON bought.id = line.order_id",
            "bought.customer_id = customers.id",
            given_back,
            "given_back.requested_at",
            true,
        ),
        (_, false) => rows(
            "order_items AS line JOIN orders AS bought ON bought.id = line.order_id",
            "line.product_id = products.id",
            condition,
            "bought.placed_at",
            true,
        ),
        (_, true) => rows(
            "returns AS given_back JOIN order_items AS line ON line.id = given_back.order_item_id JOIN orders AS bought \
             ON bought.id = line.order_id",
            "line.product_id = products.id",
            given_back,
            "given_back.requested_at",
            true,
        ),
    }
}

/// Where a dimension stands among the rows that a set looks for.
fn column_of_set(dimension: &str, what: &str, orders: bool) -> Option<&'static str> {
    let returns = matches!(what, "returns" | "returned_units" | "returns_count");
    Some(match (dimension, what) {
        ("payment_method", "payments") => "tried.method",
        ("payment_status", "payments") => "tried.status",
        ("failure_reason", "payments") => "tried.failure_reason",
        ("carrier", "shipments") => "sent.carrier",
        ("shipment_status", "shipments") => "sent.status",
        ("return_reason", _) if returns => "given_back.reason",
        ("return_status", _) if returns => "given_back.status",
        (_, "payments" | "shipments") => return None,
        (_, event) if event.starts_with("orders_") => return None,
        ("product", _) => "goods.name",
        ("sku", _) => "goods.sku",
        ("brand", _) => "goods.brand",
        ("category", _) => "kinds.name",
        ("channel", _) if orders => "bought.channel",
        ("ship_country", _) if orders => "bought.ship_country",
        ("ship_city", _) if orders => "bought.ship_city",
        _ => return None,
    })
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

/// A condition on a column of figures.
pub(super) fn compared(column: &str, filter: &MeasureFilter) -> Result<Sql, Failure> {
    let numbers = values::bounds(filter)?;
    let bound = |text: &String| Sql::list([Parameter::Decimal(text.clone())]).within("CAST(", " AS DECIMAL(30, 8))");
    let operator = match filter.op {
        FilterOp::Above => ">",
        FilterOp::Below => "<",
        FilterOp::AtLeast => ">=",
        FilterOp::AtMost => "<=",
        FilterOp::In => {
            let list: Vec<Sql> = numbers.iter().map(bound).collect();
            return Ok(Sql::join(&list, ", ").within(&format!("{column} IN ("), ")"));
        }
        FilterOp::Between => {
            let list: Vec<Sql> = numbers.iter().map(bound).collect();
            return Ok(Sql::join(&list, " AND ").within(&format!("{column} BETWEEN "), ""));
        }
        FilterOp::NotIn | FilterOp::Contains => return Err(values::no_such_comparison(filter)),
    };
    let first = numbers.first().cloned().unwrap_or_default();
    Ok(bound(&first).within(&format!("{column} {operator} "), ""))
}
