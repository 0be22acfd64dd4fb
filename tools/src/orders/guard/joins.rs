//! Which relations of a FROM clause are tied together: two large ones that are not would multiply their rows.

use sqlparser::ast::{
    BinaryOperator, Expr, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, TableFactor, TableWithJoins,
};

use super::{
    literals,
    query::clause,
    refused,
    scope::{Meaning, Scope, listed},
};
use crate::Failure;

/// The pairs of relations that USING ties: each column must be in two of them, and to be seen.
pub(super) fn using(columns: &mut [ObjectName], scope: &Scope<'_>) -> Result<Vec<(usize, usize)>, Failure> {
    let mut ties = Vec::new();
    for ObjectName(parts) in columns {
        let [ObjectNamePart::Identifier(name)] = parts.as_mut_slice() else {
            return Err(clause("a long name in USING"));
        };
        scope.resolve(&name.value)?;
        let having: Vec<usize> = (0..scope.relations.len())
            .filter(|&index| {
                scope.relations[index].columns.iter().any(|column| column.eq_ignore_ascii_case(&name.value))
            })
            .collect();
        if having.len() < 2 {
            return Err(refused(format!("column `{}` in USING is not in both tables", name.value)));
        }
        let keyed = |index: usize| {
            let relation = &scope.relations[index];
            relation.small || relation.table.is_none_or(|table| table.keys.contains(&name.value.as_str()))
        };
        if having.iter().any(|&index| keyed(index)) {
            ties.extend(having.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let spelling = scope.relations[having[0]]
            .columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(&name.value))
            .cloned()
            .unwrap_or_default();
        literals::found_name(name, spelling);
    }
    Ok(ties)
}

/// The conditions of all joins of one FROM item, those in brackets too.
pub(super) fn on_conditions(item: &TableWithJoins) -> Vec<&Expr> {
    fn inner(factor: &TableFactor) -> Vec<&Expr> {
        match factor {
            TableFactor::NestedJoin { table_with_joins, .. } => on_conditions(table_with_joins),
            _ => Vec::new(),
        }
    }
    let mut found = inner(&item.relation);
    for join in &item.joins {
        found.extend(inner(&join.relation));
        if let JoinOperator::Join(JoinConstraint::On(condition))
        | JoinOperator::Inner(JoinConstraint::On(condition))
        | JoinOperator::Left(JoinConstraint::On(condition))
        | JoinOperator::LeftOuter(JoinConstraint::On(condition))
        | JoinOperator::Right(JoinConstraint::On(condition))
        | JoinOperator::RightOuter(JoinConstraint::On(condition))
        | JoinOperator::CrossJoin(JoinConstraint::On(condition)) = &join.join_operator
        {
            found.push(condition);
        }
    }
    found
}

/// Refuses a FROM clause whose large relations are not tied by its conditions; `ties` come from USING.
pub(crate) fn check(scope: &Scope<'_>, conditions: &[&Expr], ties: &[(usize, usize)]) -> Result<(), Failure> {
    let count = scope.relations.len();
    let mut group: Vec<usize> = (0..count).collect();
    let found = conditions.iter().flat_map(|condition| tied(condition, scope));
    for (left, right) in found.chain(ties.iter().copied()) {
        let (from, to) = (group[left], group[right]);
        for member in &mut group {
            if *member == from {
                *member = to;
            }
        }
    }
    let groups: std::collections::BTreeSet<usize> = group.iter().copied().collect();
    let large: Vec<usize> = groups
        .iter()
        .copied()
        .filter(|of| (0..count).any(|index| group[index] == *of && !scope.relations[index].small))
        .collect();
    if large.len() <= 1 && groups.len() <= 4 {
        return Ok(());
    }
    let names: Vec<String> = scope.relations.iter().map(|relation| relation.name.clone()).collect();
    Err(refused(format!("nothing ties {} together, so every row would meet every row", listed(&names)))
        .hint("join on keys: `orders.id = order_items.order_id`, `orders.customer_id = customers.id`, and so on"))
}

/// The pairs of relations that a condition ties.
fn tied(condition: &Expr, scope: &Scope<'_>) -> Vec<(usize, usize)> {
    match condition {
        Expr::Nested(inner) => tied(inner, scope),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            let mut pairs = tied(left, scope);
            pairs.extend(tied(right, scope));
            pairs
        }
        // Either side alone must tie them.
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            let other = tied(right, scope);
            tied(left, scope).into_iter().filter(|pair| other.contains(pair)).collect()
        }
        Expr::BinaryOp { left, op: BinaryOperator::Eq | BinaryOperator::Spaceship, right } => {
            if let (Some(one), Some(two)) = (column(left, scope), column(right, scope))
                && !finds_few(&one, scope)
                && !finds_few(&two, scope)
            {
                return Vec::new();
            }
            across(left, right, scope)
        }
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Lt | BinaryOperator::LtEq | BinaryOperator::Gt | BinaryOperator::GtEq,
            right,
        } => ranges(across(left, right, scope), scope),
        Expr::Between { expr, negated: false, low, high } => {
            let mut pairs = across(expr, low, scope);
            pairs.extend(across(expr, high, scope));
            ranges(pairs, scope)
        }
        _ => Vec::new(),
    }
}

/// A range ties two relations only where one of them is a result of the statement's own, as a calendar is.
fn ranges(pairs: Vec<(usize, usize)>, scope: &Scope<'_>) -> Vec<(usize, usize)> {
    let own = |index: usize| scope.relations[index].table.is_none() || scope.relations[index].small;
    pairs.into_iter().filter(|(left, right)| own(*left) || own(*right)).collect()
}

fn across(left: &Expr, right: &Expr, scope: &Scope<'_>) -> Vec<(usize, usize)> {
    let (mut ones, mut twos) = (Vec::new(), Vec::new());
    relations_in(left, scope, &mut ones);
    relations_in(right, scope, &mut twos);
    let pairs = ones.iter().flat_map(|one| twos.iter().map(move |two| (*one.min(two), *one.max(two))));
    pairs.filter(|(one, two)| one != two).collect()
}

/// Whether an equality on this column finds few rows of its relation, or the relation has few.
fn finds_few((relation, column): &(usize, String), scope: &Scope<'_>) -> bool {
    let relation = &scope.relations[*relation];
    relation.small || relation.table.is_none_or(|table| table.keys.contains(&column.as_str()))
}

fn column(expression: &Expr, scope: &Scope<'_>) -> Option<(usize, String)> {
    let meaning = match expression {
        Expr::Nested(inner) => return column(inner, scope),
        Expr::Identifier(name) => scope.resolve(&name.value).ok()?,
        Expr::CompoundIdentifier(names) => {
            let [.., qualifier, name] = names.as_slice() else { return None };
            scope.resolve_qualified(&qualifier.value, &name.value).ok()?.1
        }
        _ => return None,
    };
    match meaning {
        Meaning::Column { relation, column } => Some((relation, column)),
        Meaning::Outer(_) | Meaning::Alias(_) => None,
    }
}

/// The relations whose columns an expression uses, outside of subqueries.
fn relations_in(expression: &Expr, scope: &Scope<'_>, found: &mut Vec<usize>) {
    if let Some((relation, _)) = column(expression, scope) {
        found.push(relation);
        return;
    }
    let _ = sqlparser::ast::visit_expressions(expression, |inner| {
        if matches!(inner, Expr::Subquery(_) | Expr::Exists { .. }) {
            return std::ops::ControlFlow::Break(());
        }
        if let Some((relation, _)) = column(inner, scope) {
            found.push(relation);
        }
        std::ops::ControlFlow::Continue(())
    });
}
