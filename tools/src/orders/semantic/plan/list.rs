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
            query::{Filter, RowList},
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
    let conditions =
        Conditions { model, now, family, owner: &list.entity, axis: entity.axis.as_deref(), such_rows: false };
    let mut all: Vec<Sql> = Vec::new();
    if let Some(range) = &query.time {
        let axis = entity.axis.as_deref().ok_or_else(|| grain::no_axis(&list.entity, "time range"))?;
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
    let shown = sql.with_literals();
    let described = columns
        .iter()
        .map(|column| Column { name: column.name.clone(), kind: column.kind, role: Role::Attribute, unit: column.unit })
        .collect();
    let mut notes = Vec::new();
    if entity.axis.as_deref() == Some("shipments.shipped_at") && query.time.is_some() {
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
