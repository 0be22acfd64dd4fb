//! How many groups there are, and which have no row: the layers behind `count_of`, `spread` and `without_rows`.

use super::{
    conditions::{Conditions, meant},
    figures::Assembly,
    scope::Scope,
};
use crate::{
    Column, ColumnType, Failure, Role, Unit,
    orders::{
        Parameter,
        semantic::{
            dialect::{self, Grain, quoted},
            query::{Filter, TimeUnit},
            sql::Sql,
            validate,
        },
    },
};

/// The column of a count of groups.
pub(crate) fn column(dimension: &str) -> String {
    format!("number_of_{dimension}")
}

impl Assembly<'_, '_> {
    /// The number of groups, in each of the groups that split it.
    pub(super) fn counted(&self, of: &str, from: &str, conditions: &[Sql], columns: &mut Vec<Column>) -> Sql {
        let query = self.query();
        let name = column(of);
        let measure = query.measures.first().cloned().unwrap_or_default();
        let dimensions = self.dimensions();
        let mut keys = self.key_list(&dimensions);
        for name in dimensions.iter().map(|name| quoted(name)) {
            if !keys.contains(&name) {
                keys.push(name);
            }
        }
        let spread = query.spread.then(|| quoted(&measure));
        let grouped: Vec<String> = keys.iter().cloned().chain(spread).collect();
        let holds = Sql::join(conditions, " AND ");
        let part = query.share.is_some() && !query.spread && !conditions.is_empty();
        let mut list: Vec<Sql> = grouped.iter().map(Sql::new).collect();
        if part {
            list.push(holds.within("COUNT(CASE WHEN ", &format!(" THEN 1 END) AS {}", quoted(&name))));
            let mut share = holds.within("COUNT(CASE WHEN ", " THEN 1 END) * 1e0 / NULLIF(COUNT(*), 0)");
            share.push(&format!(" AS {}", quoted(&format!("{name}_share"))));
            list.push(share);
        } else {
            list.push(Sql::new(format!("COUNT(*) AS {}", quoted(&name))));
            if query.share.is_some() {
                let share = format!(
                    "COUNT(*) * 1e0 / NULLIF(SUM(COUNT(*)) OVER (), 0) AS {}",
                    quoted(&format!("{name}_share"))
                );
                list.push(Sql::new(share));
            }
        }
        let mut sql = Sql::join(&list, ", ").within("SELECT ", &format!(" FROM {from}"));
        if !part && !conditions.is_empty() {
            sql.push(" WHERE ").append(&holds);
        }
        if !grouped.is_empty() {
            sql.push(&format!(" GROUP BY {}", grouped.join(", ")));
        }
        let value = columns.iter().find(|column| column.name == measure).cloned();
        columns.retain(|column| column.role == Role::Dimension && column.name != of);
        columns.extend(value.filter(|_| query.spread).map(|value| Column { role: Role::Dimension, ..value }));
        let measured = |name: String, kind, unit| Column { name, kind, role: Role::Measure, unit };
        columns.push(measured(name.clone(), ColumnType::Integer, Unit::Count));
        if query.share.is_some() {
            columns.push(measured(format!("{name}_share"), ColumnType::Number, Unit::Percent));
        }
        sql
    }

    /// The groups of the one dimension that have no row of the measure: all that there are, less those of the answer.
    pub(super) fn missing(&self, columns: &mut Vec<Column>) -> Result<Sql, Failure> {
        let [name] = self.request.dimensions[..] else {
            return Err(validate::groups::one_dimension());
        };
        let all = match Grain::of(name) {
            Some(Grain::Unit(unit)) => self.calendar(name, unit)?,
            Some(grain) => return Err(validate::groups::no_calendar(name, grain)),
            None => self.known(name)?,
        };
        columns.retain(|column| column.role == Role::Dimension);
        let name = quoted(name);
        let mut sql = Sql::new(format!("SELECT known.{name} FROM ("));
        sql.append(&all).push(&format!(
            ") AS known LEFT JOIN answers ON answers.{name} = known.{name} WHERE answers.{name} IS NULL"
        ));
        Ok(sql)
    }

    /// Every calendar unit that the range touches and that has begun; without an end those from the first row to the last.
    fn calendar(&self, name: &str, unit: TimeUnit) -> Result<Sql, Failure> {
        let span = self.request.current;
        let to = span.to.map(|to| to.min(self.request.now));
        let axis = self.axis().ok_or_else(|| validate::averages::without_time(self.query()))?;
        let table = axis.split('.').next().unwrap_or_default();
        let end = |at: Option<chrono::NaiveDateTime>, edge: &str| match at {
            Some(at) => Sql::list([Parameter::Datetime(at)]).within("CAST(", " AS DATETIME(3))"),
            None => Sql::new(format!(
                "(SELECT {edge}({axis}) FROM {})",
                super::conditions::alone(self.request.model, table)
            )),
        };
        let first = end(span.from, "MIN");
        let last = end(to.map(|to| to - chrono::Duration::milliseconds(1)), "MAX");
        let grain = Grain::Unit(unit);
        let digits = |place: &str| {
            format!(
                "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL \
                 SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS {place}"
            )
        };
        let name = quoted(name);
        let step =
            dialect::moved_on("extent.earliest", "ones.n + 10 * tens.n + 100 * hundreds.n + 1000 * thousands.n", unit);
        let mut extent = first.within("(SELECT ", " AS earliest, ");
        extent.append(&last).push(" AS latest) AS extent");
        let mut sql = Sql::new(format!("SELECT {} AS {name} FROM ", grain.label(&step)));
        sql.append(&extent).push(&format!(
            " CROSS JOIN {} CROSS JOIN {} CROSS JOIN {} CROSS JOIN {} WHERE {step} <= extent.latest UNION SELECT {} AS {name} FROM ",
            digits("ones"),
            digits("tens"),
            digits("hundreds"),
            digits("thousands"),
            grain.label("extent.latest"),
        ));
        sql.append(&extent);
        Ok(sql)
    }

    /// The column of time of the query's first measure.
    fn axis(&self) -> Option<&str> {
        let one = self.measures.first()?;
        self.request.model.figures.get(&one.formula.of)?.axis.as_deref()
    }

    /// Every value that a dimension has where it stands, under the filters that are reached from there.
    fn known(&self, name: &str) -> Result<Sql, Failure> {
        let model = self.request.model;
        let Some(one) = self.measures.first() else { return Err(validate::groups::one_dimension()) };
        let family = super::figures::family(model, one.formula);
        let meant_name = meant(model, name, family);
        let place = model.dimensions.get(meant_name).and_then(|dimension| dimension.places.first());
        let Some((place, root)) = place.and_then(|place| Some((place, model.row_set(&place.at)?))) else {
            return Err(validate::groups::one_dimension());
        };
        if place.key.is_some() {
            return Err(validate::groups::a_set(name));
        }
        let mut scope = Scope::new(model, root);
        let filters: Vec<&Filter> = self
            .query()
            .filters
            .iter()
            .filter(|filter| {
                let dimension = model.dimensions.get(meant(model, &filter.dimension, family));
                dimension.is_some_and(|dimension| scope.place(&dimension.places).is_some())
            })
            .collect();
        let conditions = Conditions { model, now: self.request.now, family, owner: name, axis: None, such_rows: false };
        let mut all: Vec<Sql> = root.condition.iter().map(|text| Sql::expand(text, self.request.now)).collect();
        all.extend(conditions.filters(&mut scope, &filters)?);
        let column = place.column_at(self.request.now);
        let mut sql = Sql::new(format!("SELECT DISTINCT {column} AS {} FROM {}", quoted(name), scope.from()));
        if !all.is_empty() {
            sql.push(" WHERE ").append(&Sql::join(&all, " AND "));
        }
        Ok(sql)
    }
}
