//! Figures: the parts' SELECTs joined on the dimensions, the measures computed from them, and what is shown of the groups.
//!
//! Layers, each only where it is needed: `answers` (groups and measures), `averaged` (means over a unit), `measured`
//! (shares, running totals), `ranked` (places), and the final SELECT with its order.

use super::{
    Plan,
    conditions::{self, Family, meant},
    counting,
    parts::{Part, Request, Slot, Variant, merged},
    ranges::{self, Span, Step},
};
use crate::{
    Column, ColumnType, Failure, Role, Unit,
    orders::{
        Statement,
        semantic::{
            SemanticModel, SemanticQuery,
            catalog::Measure,
            dialect::{self, Grain, quoted},
            model::{Aggregate, Formula},
            query::{Change, Comparison, Direction, Ranking, Share, Ties, TimeUnit},
            sql::Sql,
            validate, words,
        },
    },
};

/// One measure with its slots.
pub(super) struct Computed<'a> {
    pub(super) measure: &'a Measure,
    pub(super) formula: &'a Formula,
    pub(super) asked: bool,
    /// Whether it is a statistic of rows, not the formula.
    placed: bool,
    current: (usize, Option<usize>),
    previous: Option<(usize, Option<usize>)>,
    without: Option<usize>,
}

/// A column of a layer.
struct Output {
    sql: Sql,
    column: Column,
}

/// The layers so far: what comes before the last SELECT, and where that reads from.
struct Layers {
    with: Vec<(&'static str, Sql)>,
}

impl Layers {
    fn last(&self) -> &'static str {
        self.with.last().map_or("answers", |(name, _)| *name)
    }
}

pub(super) fn plan(model: &SemanticModel, query: &SemanticQuery, now: chrono::NaiveDateTime) -> Result<Plan, Failure> {
    let request = request(model, query, now)?;
    let mut slots = Vec::new();
    let measures = computed(&request, &mut slots)?;
    let parts: Vec<Part> =
        slots.iter().enumerate().map(|(number, slot)| request.part(number, slot)).collect::<Result<_, _>>()?;
    let mut notes = words::notes(&request, &parts);
    let statement = Assembly { request: &request, measures: &measures, slots: &slots, parts: merged(parts) }
        .statement(&mut notes)?;
    Ok(Plan { interpretation: words::figures(&request, &slots), notes, ..statement })
}

fn request<'a>(
    model: &'a SemanticModel,
    query: &'a SemanticQuery,
    now: chrono::NaiveDateTime,
) -> Result<Request<'a>, Failure> {
    let mut dimensions: Vec<&str> = query.dimensions.iter().map(String::as_str).collect();
    dimensions.dedup();
    if let Some(per) = &query.average_per
        && !dimensions.contains(&per.as_str())
    {
        dimensions.push(per);
    }
    if let Some(counted) = &query.count_of
        && !dimensions.contains(&counted.as_str())
    {
        dimensions.push(counted);
    }
    let finest = finest(&dimensions);
    let shift = match (&query.compare, finest) {
        (Some(Comparison::PreviousPeriod), Some(unit)) => Some((1, unit)),
        (Some(Comparison::PreviousYear), Some(_)) => Some((1, TimeUnit::Year)),
        _ => None,
    };
    let previous = match (&query.compare, shift, &query.time) {
        (None, ..) => None,
        (Some(_), Some((_, unit)), range) => Some(moved_back(Span::of(range.as_ref()), unit)),
        (Some(comparison), None, Some(range)) => {
            Some(ranges::compared(range, comparison).ok_or_else(validate::comparison::needs_range)?)
        }
        (Some(_), None, None) => return Err(validate::comparison::needs_range()),
    };
    let whole = |figure: &str| {
        let figures = &model.figures;
        figures.get(figure).is_none_or(|one| {
            one.whole.is_some() || !figures.values().any(|other| other.whole.is_some() && other.rows == one.rows)
        })
    };
    let coarse = names(query)
        .iter()
        .filter_map(|name| model.formulas.get(*name))
        .all(|formula| whole(&formula.of) && formula.to.as_deref().is_none_or(whole));
    Ok(Request { model, query, dimensions, now, current: Span::of(query.time.as_ref()), previous, shift, coarse })
}

fn moved_back(span: Span, unit: TimeUnit) -> Span {
    let step = Step::of(unit);
    Span { from: span.from.and_then(|at| step.before(at)), to: span.to.and_then(|at| step.before(at)) }
}

/// The finest grain that makes a series.
pub(crate) fn finest(dimensions: &[&str]) -> Option<TimeUnit> {
    let order = [TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Quarter, TimeUnit::Year];
    order.into_iter().find(|unit| dimensions.iter().any(|name| Grain::of(name) == Some(Grain::Unit(*unit))))
}

/// All measures that are computed: the asked ones, then those that only conditions and ranking need.
fn names(query: &SemanticQuery) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let others = query.having.iter().map(|filter| filter.measure.as_str());
    let by = query.ranking.as_ref().map(|ranking| ranking.by.as_str());
    let to = query.ratio.as_ref().map(|ratio| ratio.to.as_str());
    for name in query.measures.iter().map(String::as_str).chain(others).chain(by).chain(to) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn computed<'a>(request: &Request<'a>, slots: &mut Vec<Slot>) -> Result<Vec<Computed<'a>>, Failure> {
    let (model, query) = (request.model, request.query);
    names(query)
        .into_iter()
        .map(|name| {
            let (Some(measure), Some(formula)) = (model.catalog.measure(name), model.formulas.get(name)) else {
                return Err(validate::names::unknown_measure(model, name));
            };
            let asked = query.measures.iter().any(|asked| asked == name);
            // With `average_per` it is the groups' figures that have places, not the rows.
            let statistic = query.statistic.filter(|_| asked && query.average_per.is_none());
            let each = statistic.and(formula.each.as_ref());
            let mut slot = |variant: Variant| {
                let one = |figure: &str, ignored: &[String], such_rows| Slot {
                    figure: figure.to_owned(),
                    variant: variant.clone(),
                    ignored: ignored.to_vec(),
                    such_rows,
                    family: family(model, formula),
                    statistic,
                    measure: name.to_owned(),
                };
                if let Some(each) = each {
                    return (number(slots, one(&each.figure, &[], false)), None);
                }
                let of = number(slots, one(&formula.of, &[], false));
                let to = formula.to.as_ref().map(|to| number(slots, one(to, &formula.only_of, true)));
                (of, to)
            };
            let current = slot(Variant::Current);
            let divides = query.ratio.as_ref().is_some_and(|ratio| ratio.to == name);
            let previous = (request.previous.is_some() && (asked || divides)).then(|| slot(Variant::Previous));
            let without = match &query.share {
                Some(Share::OfWithout(dimension)) if asked => Some(slot(Variant::Without(dimension.clone())).0),
                Some(Share::OfWithoutSets) if asked => Some(slot(Variant::WithoutSets).0),
                _ => None,
            };
            Ok(Computed { measure, formula, asked, placed: each.is_some(), current, previous, without })
        })
        .collect()
}

fn number(slots: &mut Vec<Slot>, slot: Slot) -> usize {
    slots.iter().position(|known| known.is(&slot)).unwrap_or_else(|| {
        slots.push(slot);
        slots.len() - 1
    })
}

pub(crate) fn family(model: &SemanticModel, formula: &Formula) -> Family {
    if formula.counts_customers {
        Family::Customers
    } else if model.figures.get(&formula.of).is_some_and(|figure| figure.axis.is_none()) {
        Family::Stock
    } else {
        Family::Orders
    }
}

pub(super) struct Assembly<'r, 'a> {
    pub(super) request: &'r Request<'a>,
    pub(super) measures: &'r [Computed<'a>],
    slots: &'r [Slot],
    pub(super) parts: Vec<Part>,
}

impl Assembly<'_, '_> {
    pub(super) fn query(&self) -> &SemanticQuery {
        self.request.query
    }

    /// The asked dimensions, without the one that is averaged over.
    pub(super) fn dimensions(&self) -> Vec<&str> {
        self.query().dimensions.iter().map(String::as_str).collect()
    }

    fn statement(&self, notes: &mut Vec<String>) -> Result<Plan, Failure> {
        let query = self.query();
        let hidden_key = self.parts.iter().any(|part| part.keys.iter().any(|key| self.is_key(&key.alias)));
        let windows = query.share == Some(Share::OfGroups) && query.count_of.is_none()
            || query.running_total
            || query.having.iter().any(|filter| filter.of_total);
        let ranked = query.ranking.as_ref().is_some_and(|ranking| ranking.limit.is_some());
        let hidden_measure = self.measures.iter().any(|measure| !measure.asked);
        let layered = hidden_key
            || windows
            || ranked
            || hidden_measure
            || query.average_per.is_some()
            || query.count_of.is_some()
            || query.without_rows
            || !query.having.is_empty()
            || query.ranking.is_some();
        let outputs = self.outputs();
        let answers = self.answers(&outputs);
        let mut layers = Layers { with: vec![("answers", answers.clone())] };
        let mut columns: Vec<Column> = self.dimension_columns();
        columns.extend(outputs.into_iter().map(|output| output.column));
        if let Some(per) = &query.average_per {
            let averaged = self.averaged(per, &mut columns)?;
            layers.with.push(("averaged", averaged));
        }
        if windows {
            let measured = self.measured(layers.last(), &mut columns, notes)?;
            layers.with.push(("measured", measured));
        }
        let mut conditions = self.having()?;
        if query.without_rows {
            layers.with.push(("missing", self.missing(&mut columns)?));
        }
        if let Some(counted) = &query.count_of {
            layers.with.push(("counted", self.counted(counted, layers.last(), &conditions, &mut columns)));
            conditions.clear();
        }
        let mut edge = false;
        if let Some(ranking) = &query.ranking {
            conditions.push(Sql::new(format!("{} IS NOT NULL", quoted(&self.ranked_by(ranking)))));
            if ranking.limit.is_some() {
                edge = ranking.ties == Ties::Cut;
                layers.with.push(("ranked", self.ranked(layers.last(), &conditions, edge)));
                conditions = self.within_ranking();
            }
        }
        columns.retain(|column| self.is_shown(&column.name));
        let together = query.ranking.as_ref().is_some_and(|ranking| ranking.together);
        if together {
            edge = false;
            let sum = added_up(layers.last(), &std::mem::take(&mut conditions), &mut columns);
            layers.with.push(("together", sum));
        }
        let mut sql = if layered {
            let last = layers.last();
            let mut sql = Sql::new("WITH ");
            for (index, (name, layer)) in layers.with.iter().enumerate() {
                sql.push(if index > 0 { ", " } else { "" }).push(name).append(&layer.within(" AS (", ")"));
            }
            let mut shown: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
            if edge {
                shown.extend(["rank_place".to_owned(), "tied".to_owned()]);
            }
            sql.push(&format!(" SELECT {} FROM {last}", shown.join(", ")));
            if !conditions.is_empty() {
                sql.push(" WHERE ").append(&Sql::join(&conditions, " AND "));
            }
            sql
        } else {
            answers
        };
        let keyed = hidden_key && !query.without_rows;
        let order = self.order(layered && keyed);
        if !order.is_empty() && !together {
            sql.push(&format!(" ORDER BY {}", order.join(", ")));
        }
        if let Some(limit) = query.limit {
            sql.push(&format!(" LIMIT {limit}"));
        }
        if edge {
            columns.extend(["rank_place", "tied"].map(|name| Column {
                name: name.to_owned(),
                kind: ColumnType::Integer,
                role: Role::Attribute,
                unit: Unit::Count,
            }));
        }
        let shown = sql.with_literals();
        Ok(Plan {
            statement: Statement { sql: sql.text, parameters: sql.parameters, columns: Some(columns) },
            shown,
            edge,
            ..Plan::default()
        })
    }

    /// Whether an alias is a key that no answer shows.
    pub(super) fn is_key(&self, alias: &str) -> bool {
        alias.strip_suffix("_key").is_some_and(|name| self.request.dimensions.contains(&name))
    }

    /// The column that a ranking is by: the count where groups are counted.
    fn ranked_by(&self, ranking: &Ranking) -> String {
        match ranking.change {
            Some(Change::Difference) => return format!("{}_difference", ranking.by),
            Some(Change::Percent) => return format!("{}_change", ranking.by),
            None => {}
        }
        self.query().count_of.as_deref().map_or_else(|| ranking.by.clone(), counting::column)
    }

    fn is_shown(&self, name: &str) -> bool {
        let hidden = |measure: &Computed<'_>| {
            !measure.asked
                && name.strip_prefix(measure.measure.name.as_str()).is_some_and(|rest| {
                    ["", "_previous", "_difference", "_change", "_share", "_of_total", "_running_total"].contains(&rest)
                })
        };
        !self.is_key(name) && !name.ends_with("_of_total") && !self.measures.iter().any(hidden)
    }

    fn dimension_columns(&self) -> Vec<Column> {
        self.request
            .dimensions
            .iter()
            .map(|name| Column {
                name: (*name).to_owned(),
                kind: Grain::of(name).map_or(ColumnType::String, Grain::column_type),
                role: Role::Dimension,
                unit: Unit::Plain,
            })
            .collect()
    }

    /// A slot's figure in `answers`.
    fn slot(&self, number: usize) -> Sql {
        match &self.parts[..] {
            [one] => one.column(number).unwrap_or_default(),
            _ => Sql::new(format!("SUM(f{number})")),
        }
    }

    fn is_count(&self, number: usize) -> bool {
        let figure = self.slots.get(number).and_then(|slot| self.request.model.figures.get(&slot.figure));
        figure.is_some_and(|figure| !matches!(figure.aggregate, Aggregate::Sum(_)))
    }

    /// A sum or count of which nothing is 0, not NULL.
    fn filled(&self, number: usize) -> Sql {
        let slot = self.slot(number);
        if self.parts.len() == 1 && self.is_count(number) { slot } else { slot.within("COALESCE(", ", 0)") }
    }

    /// A measure's own figure, of its slots.
    pub(super) fn value(&self, one: &Computed<'_>, (of, to): (usize, Option<usize>)) -> Sql {
        let formula = one.formula;
        if one.placed {
            // Of no rows there is none: NULL, as for an average.
            return formula
                .scale
                .map_or_else(|| self.slot(of), |scale| self.slot(of).within("", &format!(" / {scale}e0")));
        }
        let Some(to) = to else { return self.filled(of) };
        let mut sql = match formula.scale {
            Some(scale) => self.slot(of).within("", &format!(" / {scale}e0")),
            None => self.filled(of).within("", " * 1e0"),
        };
        sql.push(" / NULLIF(").append(&self.slot(to)).push(", 0)");
        sql
    }

    /// The measures' columns of `answers`.
    fn outputs(&self) -> Vec<Output> {
        let mut outputs = Vec::new();
        for one in self.measures {
            let name = &one.measure.name;
            let unit = self.unit(one);
            let divisor = self.divisor().filter(|_| one.asked).map(|(divisor, _)| divisor);
            let kind = if divisor.is_some() { ColumnType::Number } else { measure_type(one) };
            let mut put = |suffix: &str, sql: Sql, kind, unit| {
                let column = Column { name: format!("{name}{suffix}"), kind, role: Role::Measure, unit };
                outputs.push(Output { sql, column });
            };
            let current = self.shown(one, one.current, divisor.map(|divisor| divisor.current));
            put("", current.clone(), kind, unit);
            if let Some(previous) = one.previous {
                let before = self.shown(one, previous, divisor.and_then(|divisor| divisor.previous));
                let minus = |sql: &Sql| Sql::join([sql, &before], " - ");
                let mut change = minus(&current).within("(", ") * 1e0 / NULLIF(");
                change.append(&before).push(", 0)");
                put("_previous", before.clone(), kind, unit);
                put("_difference", minus(&current), kind, unit);
                put("_change", change, ColumnType::Number, Unit::Percent);
            }
            if let Some(without) = one.without {
                let mut share = current.within("", " * 1e0 / NULLIF(");
                share.append(&self.slot(without)).push(", 0)");
                put("_share", share, ColumnType::Number, Unit::Percent);
            }
        }
        outputs
    }

    /// The groups with their measures.
    fn answers(&self, outputs: &[Output]) -> Sql {
        let columns: Vec<(String, Sql)> =
            outputs.iter().map(|output| (output.column.name.clone(), output.sql.clone())).collect();
        if let [one] = &self.parts[..] {
            return one.select(&columns);
        }
        // No FULL JOIN in either server: all parts under each other, then one group for each key.
        let selects: Vec<Sql> = self
            .parts
            .iter()
            .map(|part| {
                let figures: Vec<(String, Sql)> = (0..self.slots.len())
                    .map(|number| (format!("f{number}"), part.column(number).unwrap_or_else(|| Sql::new("NULL"))))
                    .collect();
                part.select(&figures)
            })
            .collect();
        let keys: Vec<Sql> = self
            .parts
            .first()
            .map_or_else(Vec::new, |part| part.keys.iter().map(|key| Sql::new(quoted(&key.alias))).collect());
        let shown = columns.iter().map(|(alias, sql)| sql.within("", &format!(" AS {}", quoted(alias))));
        let list: Vec<Sql> = keys.iter().cloned().chain(shown).collect();
        let mut sql = Sql::join(&list, ", ").within("SELECT ", " FROM (");
        sql.append(&Sql::join(&selects, " UNION ALL ")).push(") AS parts");
        if !keys.is_empty() {
            sql.push(" GROUP BY ").append(&Sql::join(&keys, ", "));
            if self.request.shift.is_some() {
                let current: Vec<String> = (0..self.slots.len())
                    .filter(|number| self.slots[*number].variant == Variant::Current)
                    .map(|number| format!("SUM(f{number})"))
                    .collect();
                sql.push(&format!(" HAVING COALESCE({}) IS NOT NULL", current.join(", ")));
            }
        }
        sql
    }

    /// Shares of all groups and running totals.
    fn measured(&self, from: &str, columns: &mut Vec<Column>, notes: &mut Vec<String>) -> Result<Sql, Failure> {
        let query = self.query();
        let mut list = vec![Sql::new(format!("{from}.*"))];
        for one in self.measures {
            let name = &one.measure.name;
            let column = quoted(name);
            let of_total = query.having.iter().any(|filter| filter.of_total && filter.measure == *name);
            let shared = query.share == Some(Share::OfGroups) && query.count_of.is_none() && one.asked;
            if of_total || shared {
                let total = if self.is_additive(one) {
                    Sql::new(format!("SUM({column}) OVER ()"))
                } else {
                    notes
                        .push(format!("groups overlap: shares of {} may add up to more than 100 %", one.measure.title));
                    self.total(name)?
                };
                let mut share = Sql::new(format!("{column} * 1e0 / NULLIF("));
                share.append(&total).push(", 0)");
                if shared {
                    list.push(share.within("", &format!(" AS {}", quoted(&format!("{name}_share")))));
                    insert_after(columns, name, "_share", ColumnType::Number, Unit::Percent);
                }
                if of_total {
                    list.push(share.within("", &format!(" AS {}", quoted(&format!("{name}_of_total")))));
                }
            }
            if query.running_total && one.asked {
                let dimensions = self.dimensions();
                let (along, others): (Vec<&str>, Vec<&str>) =
                    dimensions.iter().partition(|name| matches!(Grain::of(name), Some(Grain::Unit(_))));
                let partition = if others.is_empty() {
                    String::new()
                } else {
                    format!("PARTITION BY {} ", self.key_list(&others).join(", "))
                };
                let order: Vec<String> = along.iter().map(|name| quoted(name)).collect();
                list.push(Sql::new(format!(
                    "SUM({column}) OVER ({partition}ORDER BY {} ROWS UNBOUNDED PRECEDING) AS {}",
                    order.join(", "),
                    quoted(&format!("{name}_running_total"))
                )));
                insert_after(columns, name, "_running_total", measure_type(one), one.measure.unit);
            }
        }
        Ok(Sql::join(&list, ", ").within("SELECT ", &format!(" FROM {from}")))
    }

    /// Whether the groups' figures add up to the total's.
    fn is_additive(&self, one: &Computed<'_>) -> bool {
        if one.formula.to.is_some() || self.query().average_per.is_some() || self.query().ratio.is_some() {
            return false;
        }
        let Some(figure) = self.request.model.figures.get(&one.formula.of) else { return false };
        let key = self.request.model.row_set(&figure.rows).map(|set| set.key.as_str());
        match &figure.aggregate {
            Aggregate::Sum(_) | Aggregate::Count => true,
            Aggregate::Distinct(distinct) => {
                Some(distinct.as_str()) == key && self.parts.iter().all(|part| part.across.is_none())
            }
            Aggregate::AtLeast { .. } => false,
        }
    }

    /// A measure over all groups, as a subquery.
    fn total(&self, name: &str) -> Result<Sql, Failure> {
        let query = SemanticQuery {
            measures: vec![name.to_owned()],
            filters: self.query().filters.clone(),
            sets: self.query().sets.clone(),
            time: self.query().time.clone(),
            ..SemanticQuery::default()
        };
        let plan = plan(self.request.model, &query, self.request.now)?;
        let sql = Sql { text: plan.statement.sql, parameters: plan.statement.parameters };
        Ok(sql.within("(", ")"))
    }

    fn having(&self) -> Result<Vec<Sql>, Failure> {
        self.query()
            .having
            .iter()
            .map(|filter| {
                let suffix = match filter.of_change {
                    Some(Change::Difference) => "_difference",
                    Some(Change::Percent) => "_change",
                    None if filter.of_total => "_of_total",
                    None => "",
                };
                conditions::compared(&quoted(&format!("{}{suffix}", filter.measure)), filter)
            })
            .collect()
    }

    /// The columns that tell groups apart: the key where a name may stand twice.
    pub(super) fn key_list(&self, names: &[&str]) -> Vec<String> {
        names
            .iter()
            .map(|name| {
                let key = format!("{name}_key");
                let has_key = self.parts.iter().any(|part| part.keys.iter().any(|known| known.alias == key));
                quoted(if has_key { &key } else { name })
            })
            .collect()
    }

    /// Each group's place.
    fn ranked(&self, from: &str, conditions: &[Sql], edge: bool) -> Sql {
        let Some(ranking) = &self.query().ranking else { return Sql::default() };
        let by = quoted(&self.ranked_by(ranking));
        let direction = if ranking.direction == Direction::Top { "DESC" } else { "ASC" };
        let per: Vec<String> = ranking.per.as_deref().map_or_else(Vec::new, |per| self.key_list(&[per]));
        let partition = |more: &[String]| {
            let all: Vec<String> = per.iter().chain(more).cloned().collect();
            if all.is_empty() { String::new() } else { format!("PARTITION BY {} ", all.join(", ")) }
        };
        let mut names = self.names(true);
        names.insert(0, format!("{by} {direction}"));
        let rank = format!("RANK() OVER ({}ORDER BY {by} {direction}) AS rank_place", partition(&[]));
        let mut sql = Sql::new(format!("SELECT {from}.*, {rank} FROM {from}"));
        sql.push(" WHERE ").append(&Sql::join(conditions, " AND "));
        let Some(limit) = ranking.limit.filter(|_| edge) else { return sql };
        // Places and ties of those near the edge only: a window over all groups is what costs.
        let row = format!("ROW_NUMBER() OVER ({}ORDER BY {}) AS row_place", partition(&[]), names.join(", "));
        let tied = format!("COUNT(*) OVER ({}) AS tied", partition(&[by]).trim_end());
        sql.within(
            &format!("SELECT nearest.*, {row}, {tied} FROM ("),
            &format!(") AS nearest WHERE rank_place <= {}", u64::from(limit) + u64::from(ranking.skip)),
        )
    }

    fn within_ranking(&self) -> Vec<Sql> {
        let Some(ranking) = &self.query().ranking else { return Vec::new() };
        let place = if ranking.ties == Ties::Cut { "row_place" } else { "rank_place" };
        let skip = (ranking.skip > 0).then(|| Sql::new(format!("{place} > {}", ranking.skip)));
        let last = |limit| Sql::new(format!("{place} <= {}", u64::from(limit) + u64::from(ranking.skip)));
        skip.into_iter().chain(ranking.limit.map(last)).collect()
    }

    /// The names of the groups ascending, in the order of the dimensions; keys last.
    fn names(&self, keys: bool) -> Vec<String> {
        let dimensions = self.dimensions();
        let mut names: Vec<String> = dimensions.iter().map(|name| self.sorted(name)).collect();
        if keys {
            names.extend(self.key_list(&dimensions).into_iter().filter(|key| key.ends_with("_key`")));
        }
        names
    }

    fn sorted(&self, name: &str) -> String {
        let column = quoted(name);
        if let Some(grain) = Grain::of(name) {
            return grain.sort_key(&column);
        }
        let name = meant(self.request.model, name, Family::Orders);
        let enumerated = self.request.model.dimensions.get(name).is_some_and(|known| !known.values.is_empty());
        if enumerated { dialect::as_text(&column) } else { column }
    }

    /// The answer's order: by the ranking; else time ascending, then the first measure descending, then names ascending.
    fn order(&self, keys: bool) -> Vec<String> {
        let query = self.query();
        let dimensions = self.dimensions();
        if query.spread {
            return query.measures.first().map(|measure| quoted(measure)).into_iter().collect();
        }
        if dimensions.is_empty() {
            return Vec::new();
        }
        let mut order = Vec::new();
        if let Some(ranking) = &query.ranking {
            order.extend(ranking.per.as_deref().map(|per| self.sorted(per)));
            let direction = if ranking.direction == Direction::Top { "DESC" } else { "ASC" };
            order.push(format!("{} {direction}", quoted(&self.ranked_by(ranking))));
        } else if let Some(counted) = &query.count_of {
            order.extend(dimensions.iter().filter(|name| Grain::of(name).is_some()).map(|name| self.sorted(name)));
            if order.len() < dimensions.len() {
                order.push(format!("{} DESC", quoted(&counting::column(counted))));
            }
        } else if query.without_rows {
            order.extend(dimensions.iter().map(|name| self.sorted(name)));
        } else {
            order.extend(dimensions.iter().filter(|name| Grain::of(name).is_some()).map(|name| self.sorted(name)));
            if order.len() < dimensions.len()
                && let Some(first) = query.measures.first()
            {
                order.push(format!("{} DESC", quoted(first)));
            }
        }
        for name in self.names(keys) {
            if !order.contains(&name) {
                order.push(name);
            }
        }
        order
    }
}

/// The figures of the groups that a ranking keeps, in one row.
fn added_up(from: &str, conditions: &[Sql], columns: &mut Vec<Column>) -> Sql {
    columns.retain(|column| column.role == Role::Measure);
    let sum = |column: &Column| Sql::new(format!("SUM({0}) AS {0}", quoted(&column.name)));
    let sums: Vec<Sql> = columns.iter().map(sum).collect();
    let mut sql = Sql::join(&sums, ", ").within("SELECT ", &format!(" FROM {from} WHERE "));
    sql.append(&Sql::join(conditions, " AND "));
    sql
}

fn measure_type(one: &Computed<'_>) -> ColumnType {
    match (one.measure.unit, one.formula.to.is_some()) {
        (Unit::Count, false) => ColumnType::Integer,
        (Unit::Euro, false) => ColumnType::Decimal,
        _ => ColumnType::Number,
    }
}

fn insert_after(columns: &mut Vec<Column>, name: &str, suffix: &str, kind: ColumnType, unit: Unit) {
    let column = Column { name: format!("{name}{suffix}"), kind, role: Role::Measure, unit };
    let at = columns.iter().rposition(|known| known.name.starts_with(name)).map_or(columns.len(), |at| at + 1);
    columns.insert(at, column);
}
