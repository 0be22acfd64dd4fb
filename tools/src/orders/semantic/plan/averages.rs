//! Means, medians and percentiles over groups, instead of the groups: the layer behind `average_per`.

use super::{conditions::alone, figures::Assembly, ranges};
use crate::{
    Column, ColumnType, Failure, Role,
    orders::{
        Parameter,
        semantic::{
            dialect::{self, Grain, quoted},
            query::{Statistic, TimeUnit},
            sql::Sql,
            validate,
        },
    },
};

impl Assembly<'_, '_> {
    /// The mean of each measure over the groups of `per`.
    pub(super) fn averaged(&self, per: &str, columns: &mut Vec<Column>) -> Result<Sql, Failure> {
        let dimensions = self.dimensions();
        let mut list: Vec<Sql> = Vec::new();
        let mut keys = Vec::new();
        for name in &dimensions {
            let key = format!("{name}_key");
            let has_key = self.parts.iter().any(|part| part.keys.iter().any(|known| known.alias == key));
            keys.extend(has_key.then_some(key));
            keys.push((*name).to_owned());
        }
        list.extend(keys.iter().map(|key| Sql::new(quoted(key))));
        let units = match Grain::of(per) {
            Some(Grain::Unit(unit)) => Some(self.units(unit)?),
            _ => None,
        };
        let mut placed = vec![Sql::new("answers.*")];
        for one in self.measures {
            let name = quoted(&one.measure.name);
            if let Some(statistic) = self.query().statistic.filter(|_| one.asked) {
                let (ranked, figure) = placed_groups(&one.measure.name, &keys, units.as_ref(), statistic);
                placed.push(ranked);
                list.push(figure);
                continue;
            }
            let mean = match &units {
                Some(units) => units.within(&format!("COALESCE(SUM({name}), 0) * 1e0 / "), &format!(" AS {name}")),
                None => Sql::new(format!("SUM({name}) * 1e0 / NULLIF(COUNT(*), 0) AS {name}")),
            };
            list.push(mean);
        }
        columns.retain(|column| column.name != per || dimensions.contains(&per));
        for column in columns.iter_mut().filter(|column| column.role == Role::Measure) {
            column.kind = ColumnType::Number;
        }
        let mut sql = Sql::join(&list, ", ").within("SELECT ", " FROM ");
        if placed.len() > 1 {
            sql.append(&Sql::join(&placed, ", ").within("(SELECT ", " FROM answers) AS placed"));
        } else {
            sql.push("answers");
        }
        if !keys.is_empty() {
            let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
            sql.push(&format!(" GROUP BY {}", keys.join(", ")));
        }
        Ok(sql)
    }

    /// How many units the range touches: a number, or read from the data where the range has no end.
    fn units(&self, unit: TimeUnit) -> Result<Sql, Failure> {
        let span = self.request.current;
        if let (Some(from), Some(to)) = (span.from, span.to) {
            let count = ranges::units_touched(from, to, unit);
            return Ok(Sql::list([Parameter::Integer(count)]).within("NULLIF(", ", 0)"));
        }
        let axis = self
            .measures
            .first()
            .and_then(|one| self.request.model.figures.get(&one.formula.of))
            .and_then(|figure| figure.axis.as_deref())
            .ok_or_else(|| validate::averages::without_time(self.query()))?;
        let table = axis.split('.').next().unwrap_or_default();
        let end = |at: Option<chrono::NaiveDateTime>, edge: &str| match at {
            Some(at) => Sql::list([Parameter::Datetime(at)]).within("CAST(", " AS DATETIME(3))"),
            None => Sql::new(format!("(SELECT {edge}({axis}) FROM {})", alone(self.request.model, table))),
        };
        let last = span.to.map(|to| to - chrono::Duration::milliseconds(1));
        let mut sql = Sql::new(format!("(SELECT {} FROM (SELECT ", dialect::units_between("earliest", "latest", unit)));
        sql.append(&end(span.from, "MIN")).push(" AS earliest, ").append(&end(last, "MAX"));
        sql.push(" AS latest) AS extent)");
        Ok(sql)
    }
}

/// The places of the groups' figures, and the statistic of them. Calendar units without a row are zeros: they stand
/// behind the figures below zero and move on those that are not.
fn placed_groups(name: &str, keys: &[String], units: Option<&Sql>, statistic: Statistic) -> (Sql, Sql) {
    let column = quoted(name);
    let (place, count) = (quoted(&format!("{name}_place")), quoted(&format!("{name}_places")));
    let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
    let partition = if keys.is_empty() { String::new() } else { format!("PARTITION BY {} ", keys.join(", ")) };
    let row = format!("ROW_NUMBER() OVER ({partition}ORDER BY {column})");
    let rows = format!("COUNT(*) OVER ({})", partition.trim_end());
    let places = match units {
        Some(units) => {
            let mut sql = Sql::new(format!("{row} + CASE WHEN {column} < 0 THEN 0 ELSE "));
            sql.append(units).push(&format!(" - {rows} END AS {place}, "));
            sql.append(units).push(&format!(" AS {count}"));
            sql
        }
        None => Sql::new(format!("{row} AS {place}, {rows} AS {count}")),
    };
    let figure = dialect::at_place(&column, &place, &count, statistic);
    let figure = if units.is_some() { format!("COALESCE({figure}, 0)") } else { figure };
    (places, Sql::new(format!("{figure} AS {column}")))
}
