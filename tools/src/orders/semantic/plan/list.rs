//! Rows of one entity: the columns, the conditions, newest first.

use chrono::NaiveDateTime;

use super::{
    Plan,
    conditions::{Conditions, Family, within},
    ranges::Span,
    scope::Scope,
};
use crate::{
    Column, Failure, Role, Unit,
    orders::{
        PersonalColumns, Statement,
        semantic::{
            SemanticModel, SemanticQuery,
            dialect::quoted,
            model::{Exclusion, Figure},
            query::{Filter, FilterOp, RowList},
            sql::Sql,
            validate::{grain, names},
            words,
        },
    },
};

/// How many rows come where no number is asked for.
const USUAL: u32 = 20;

pub(super) fn plan(
    model: &SemanticModel,
    query: &SemanticQuery,
    list: &RowList,
    now: NaiveDateTime,
    personal: &PersonalColumns,
) -> Result<Plan, Failure> {
    let (Some(entity), Some(root)) = (model.entities.get(&list.entity), model.row_set(&list.entity)) else {
        return Err(names::unknown_entity(model, &list.entity));
    };
    let mut columns = Vec::new();
    if list.columns.is_empty() {
        columns.extend(entity.columns.iter().take(entity.usual));
    }
    for name in &list.columns {
        let column = entity.columns.iter().find(|column| column.name == *name);
        let Some(column) = column else { return Err(names::unknown_column(model, &list.entity, name)) };
        if column.personal.as_ref().is_some_and(|(table, column)| personal.hides(table, column)) {
            return Err(names::personal(&list.entity, name));
        }
        columns.push(column);
    }
    let mut scope = Scope::new(model, root);
    let family = match list.entity.as_str() {
        "customers" => Family::Customers,
        "inventory" => Family::Stock,
        _ => Family::Orders,
    };
    let counted = counted(model, list)?;
    let axis = counted.map_or(entity.axis.as_deref(), |figure| figure.axis.as_deref());
    let conditions = Conditions { model, now, family, owner: &list.entity, axis, such_rows: false };
    let mut all: Vec<Sql> = Vec::new();
    if let Some(figure) = counted {
        let lifted = |exclusion: &&Exclusion| {
            query.filters.iter().any(|filter| filter.dimension == exclusion.dimension && filter.op != FilterOp::NotIn)
        };
        let unless = figure.exclusion.as_ref().filter(|exclusion| !lifted(exclusion)).map(|one| &one.condition);
        for condition in figure.condition.iter().chain(unless) {
            scope.join_mentioned(condition);
            all.push(Sql::expand(condition, now));
        }
    }
    if let Some(range) = &query.time {
        let axis = axis.ok_or_else(|| grain::no_axis(&list.entity, "time range"))?;
        scope.join_mentioned(axis);
        all.extend(within(axis, Span::of(Some(range))));
    }
    let filters: Vec<&Filter> = query.filters.iter().collect();
    all.extend(conditions.filters(&mut scope, &filters)?);
    all.extend(conditions.sets(&mut scope, &query.sets)?);
    let order = order(model, entity_order(list, &entity.order), list, entity, personal)?;
    for piece in &order {
        scope.join_mentioned(piece);
    }
    // Last, and as names only: so that the server walks the rows in their order and stops at the limit, and does not begin at
    // all customers.
    let mut outputs = Vec::new();
    for column in &columns {
        for set in model.mentioned(&column.sql) {
            scope.join_for_names(set);
        }
        outputs.push(format!("{} AS {}", column.sql, quoted(&column.name)));
    }
    let mut sql = Sql::new(format!("SELECT {} FROM {}", outputs.join(", "), scope.from()));
    if !all.is_empty() {
        sql.push(" WHERE ").append(&Sql::join(&all, " AND "));
    }
    let limit = list.limit.or(query.limit).unwrap_or(USUAL);
    sql.push(&format!(" ORDER BY {} LIMIT {limit}", order.join(", ")));
    if list.skip > 0 {
        sql.push(&format!(" OFFSET {}", list.skip));
    }
    let shown = sql.with_literals();
    let described = columns
        .iter()
        .map(|column| Column { name: column.name.clone(), kind: column.kind, role: Role::Attribute, unit: column.unit })
        .collect();
    let mut notes = Vec::new();
    if axis == Some("shipments.shipped_at") && query.time.is_some() {
        notes.push("parcels are dated by when they left".to_owned());
    }
    Ok(Plan {
        statement: Statement { sql: sql.text, parameters: sql.parameters, columns: Some(described) },
        shown,
        interpretation: words::list(model, query, list, limit, family),
        notes,
        edge: false,
    })
}

/// The figure whose rows are listed.
fn counted<'a>(model: &'a SemanticModel, list: &RowList) -> Result<Option<&'a Figure>, Failure> {
    let Some(name) = &list.of else { return Ok(None) };
    let figure =
        model.formulas.get(name).filter(|formula| formula.to.is_none()).and_then(|one| model.figures.get(&one.of));
    match figure {
        Some(figure) if figure.rows == list.entity => Ok(Some(figure)),
        Some(figure) => {
            Err(Failure::invalid(format!("cannot list {} by `{name}`: it is of {}", list.entity, figure.rows))
                .hint(format!("list `{}`", figure.rows)))
        }
        None => Err(names::unknown_measure(model, name)),
    }
}

/// The entity's own order, turned around where it is asked ascending.
fn entity_order(list: &RowList, order: &[String]) -> Vec<String> {
    order
        .iter()
        .map(|piece| match piece.strip_suffix(" DESC") {
            Some(column) if list.ascending => column.to_owned(),
            _ => piece.clone(),
        })
        .collect()
}

fn order(
    model: &SemanticModel,
    own: Vec<String>,
    list: &RowList,
    entity: &crate::orders::semantic::model::EntityModel,
    personal: &PersonalColumns,
) -> Result<Vec<String>, Failure> {
    let Some(name) = &list.order_by else { return Ok(own) };
    let Some(column) = entity.columns.iter().find(|column| column.name == *name) else {
        return Err(names::unknown_column(model, &list.entity, name));
    };
    // The order of rows tells their values.
    if column.personal.as_ref().is_some_and(|(table, column)| personal.hides(table, column)) {
        return Err(names::personal(&list.entity, name));
    }
    let direction = if list.ascending { "" } else { " DESC" };
    let mut order = vec![format!("{}{direction}", column.sql)];
    order.extend(own.into_iter().filter(|piece| piece.trim_end_matches(" DESC") != column.sql));
    Ok(order)
}

/// The columns of the entity that may be shown, with their types, for descriptions.
pub(crate) fn columns(model: &SemanticModel, entity: &str, personal: &PersonalColumns) -> Vec<(String, Unit)> {
    model.entities.get(entity).map_or_else(Vec::new, |entity| {
        entity
            .columns
            .iter()
            .filter(|column| column.personal.as_ref().is_none_or(|(table, name)| !personal.hides(table, name)))
            .map(|column| (column.name.clone(), column.unit))
            .collect()
    })
}
