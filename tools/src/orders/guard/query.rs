//! Checks queries: CTEs, SELECT bodies, set operations, FROM clauses. One pattern names every field of every clause, so a
//! clause that a new parser learns is a compile error here and not a hole.

use sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, GroupByWithModifier, Ident, Join, JoinConstraint, JoinOperator, LimitClause,
    NamedWindowDefinition, NamedWindowExpr, ObjectName, ObjectNamePart, Offset, OrderBy, OrderByExpr, OrderByKind,
    OrderByOptions, OrderBySort, Query, Select, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    SetOperator, SetQuantifier, TableAlias, TableFactor, TableWithJoins, Value, WildcardAdditionalOptions, With,
};

use super::{
    GuardPolicy, joins,
    literals::{self, Bound},
    refused, schema,
    scope::{Relation, Scope, listed},
};
use crate::Failure;

/// Checks one statement and makes it safe to print on the way.
pub(crate) struct Checker<'p> {
    pub(crate) policy: &'p GuardPolicy<'p>,
    pub(crate) bound: Bound,
    pub(crate) notes: Vec<String>,
}

/// What a query gives: the names of its columns, and whether it has a few rows at most.
pub(crate) struct Shape {
    pub(crate) columns: Vec<String>,
    pub(crate) small: bool,
}

/// A part of a statement that no honest question needs.
pub(super) fn clause(name: &str) -> Failure {
    refused(format!("it has {name}, which is not allowed"))
        .hint("use FROM, JOIN, WHERE, GROUP BY, HAVING, ORDER BY and LIMIT")
}

/// Refuses where the condition holds.
fn unless(absent: bool, name: &str) -> Result<(), Failure> {
    if absent { Ok(()) } else { Err(clause(name)) }
}

impl<'p> Checker<'p> {
    pub(crate) fn new(policy: &'p GuardPolicy<'p>) -> Self {
        Self { policy, bound: Bound::default(), notes: Vec::new() }
    }

    /// Checks a query; `outer` is what stands around a correlated one, `ctes` the CTEs that it may name.
    pub(crate) fn query(
        &mut self,
        query: &mut Query,
        outer: Option<&Scope<'_>>,
        ctes: &[Relation],
    ) -> Result<Shape, Failure> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if !locks.is_empty() {
            return Err(refused("it would lock rows (FOR UPDATE or FOR SHARE); only reading is allowed"));
        }
        unless(fetch.is_none(), "FETCH")?;
        unless(for_clause.is_none(), "FOR")?;
        unless(settings.is_none(), "SETTINGS")?;
        unless(format_clause.is_none(), "FORMAT")?;
        unless(pipe_operators.is_empty(), "a pipe operator")?;
        let mut known = ctes.to_vec();
        if let Some(with) = with {
            self.with(with, &mut known)?;
        }
        let mut shape = self.body(body, order_by.as_mut(), outer, &known)?;
        if let Some(limit) = limit_clause {
            shape.small |= limit_of(limit)? <= 100;
        }
        Ok(shape)
    }

    fn with(&mut self, with: &mut With, known: &mut Vec<Relation>) -> Result<(), Failure> {
        let With { with_token: _, recursive, cte_tables } = with;
        if *recursive {
            return Err(refused("it is recursive (WITH RECURSIVE), which is not allowed"));
        }
        for cte in cte_tables {
            let Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
            unless(from.is_none() && materialized.is_none(), "an option of a CTE")?;
            let shape = self.query(query, None, known)?;
            let relation = Self::own_relation(Some(alias), shape)?;
            // A later one of the same name would be ambiguous; the newest is found first.
            known.insert(0, relation);
        }
        Ok(())
    }

    fn body(
        &mut self,
        body: &mut SetExpr,
        order_by: Option<&mut OrderBy>,
        outer: Option<&Scope<'_>>,
        ctes: &[Relation],
    ) -> Result<Shape, Failure> {
        match body {
            SetExpr::Select(select) => self.select(select, order_by, outer, ctes),
            SetExpr::Query(query) => {
                let shape = self.query(query, outer, ctes)?;
                self.order_result(order_by, &shape, outer, ctes)?;
                Ok(shape)
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                match op {
                    SetOperator::Union | SetOperator::Except | SetOperator::Intersect => {}
                    SetOperator::Minus => return Err(clause("MINUS")),
                }
                match set_quantifier {
                    SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None => {}
                    SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                        return Err(clause("BY NAME"));
                    }
                }
                let mut shape = self.body(left, None, outer, ctes)?;
                let other = self.body(right, None, outer, ctes)?;
                shape.small &= other.small;
                self.order_result(order_by, &shape, outer, ctes)?;
                Ok(shape)
            }
            SetExpr::Values(_) => Err(clause("VALUES")),
            SetExpr::Table(_) => Err(clause("TABLE")),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                Err(refused("it would change data; only SELECT is allowed"))
            }
        }
    }

    /// ORDER BY of a whole set operation: over its columns only.
    fn order_result(
        &mut self,
        order_by: Option<&mut OrderBy>,
        shape: &Shape,
        outer: Option<&Scope<'_>>,
        ctes: &[Relation],
    ) -> Result<(), Failure> {
        let scope = Scope { aliases: shape.columns.clone(), outer, ..Scope::default() };
        order_by.map_or(Ok(()), |order_by| self.order_by(order_by, &scope, ctes))
    }

    #[allow(clippy::too_many_lines)] // one pattern names every clause, then each is checked in the order of meaning
    fn select(
        &mut self,
        select: &mut Select,
        order_by: Option<&mut OrderBy>,
        outer: Option<&Scope<'_>>,
        ctes: &[Relation],
    ) -> Result<Shape, Failure> {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        unless(optimizer_hints.is_empty(), "an optimizer hint")?;
        unless(select_modifiers.as_ref().is_none_or(|modifiers| !modifiers.is_any_set()), "a SELECT modifier")?;
        unless(into.is_none(), "INTO")?;
        unless(top.is_none(), "TOP")?;
        unless(exclude.is_none(), "EXCLUDE")?;
        unless(lateral_views.is_empty(), "LATERAL VIEW")?;
        unless(prewhere.is_none(), "PREWHERE")?;
        unless(connect_by.is_empty(), "CONNECT BY")?;
        unless(cluster_by.is_empty() && distribute_by.is_empty() && sort_by.is_empty(), "CLUSTER BY")?;
        unless(qualify.is_none(), "QUALIFY")?;
        unless(value_table_mode.is_none(), "SELECT AS")?;
        unless(matches!(flavor, SelectFlavor::Standard), "FROM before SELECT")?;
        match distinct {
            None | Some(Distinct::All | Distinct::Distinct) => {}
            Some(Distinct::On(_)) => return Err(clause("DISTINCT ON")),
        }

        let mut scope = Scope { outer, ..Scope::default() };
        for item in from.iter_mut() {
            self.relations(item, &mut scope, ctes)?;
        }
        self.expand_stars(projection, &scope)?;
        for item in projection.iter_mut() {
            if let SelectItem::ExprWithAlias { expr: _, alias } = item {
                literals::own_name(alias)?;
                scope.aliases.push(alias.value.clone());
            }
        }
        for NamedWindowDefinition(name, _) in named_window.iter_mut() {
            literals::own_name(name)?;
            scope.windows.push(name.value.clone());
        }

        let mut ties = Vec::new();
        for item in from.iter_mut() {
            self.conditions(item, &scope, ctes, &mut ties)?;
        }
        if let Some(selection) = selection {
            self.expression(selection, &scope, ctes)?;
        }
        let grouped = self.group_by(group_by, &scope, ctes)?;
        if let Some(having) = having {
            self.expression(having, &scope, ctes)?;
        }
        for NamedWindowDefinition(_, window) in named_window.iter_mut() {
            match window {
                NamedWindowExpr::WindowSpec(window) => self.window(window, &scope, ctes)?,
                NamedWindowExpr::NamedWindow(_) => return Err(clause("a window that names a window")),
            }
        }
        let mut columns = Vec::new();
        let mut only_aggregates = true;
        for item in projection.iter_mut() {
            match item {
                SelectItem::UnnamedExpr(expression) => {
                    self.expression(expression, &scope, ctes)?;
                    only_aggregates &= super::expression::is_aggregate(expression);
                    columns.push(match expression {
                        Expr::Identifier(name) => name.value.clone(),
                        Expr::CompoundIdentifier(names) => names.last().map(|n| n.value.clone()).unwrap_or_default(),
                        other => other.to_string(),
                    });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expression(expr, &scope, ctes)?;
                    only_aggregates &= super::expression::is_aggregate(expr);
                    columns.push(alias.value.clone());
                }
                SelectItem::Wildcard(_) => {
                    only_aggregates = false;
                    columns.extend(scope.relations.iter().flat_map(|relation| relation.columns.clone()));
                }
                SelectItem::QualifiedWildcard(kind, _) => {
                    only_aggregates = false;
                    let index = star_relation(kind, &scope)?;
                    columns.extend(scope.relations[index].columns.clone());
                }
                SelectItem::ExprWithAliases { .. } => return Err(clause("several aliases for one column")),
            }
        }
        if let Some(order_by) = order_by {
            self.order_by(order_by, &scope, ctes)?;
        }
        let conditions: Vec<&Expr> = from.iter().flat_map(joins::on_conditions).chain(selection.as_ref()).collect();
        joins::check(&scope, &conditions, &ties)?;
        let small = from.is_empty()
            || (only_aggregates && !grouped)
            || scope.relations.iter().all(|relation| relation.small) && scope.relations.len() <= 2;
        Ok(Shape { columns, small })
    }

    /// Gathers the relations of one FROM item. Conditions wait until all are known.
    fn relations(
        &mut self,
        item: &mut TableWithJoins,
        scope: &mut Scope<'_>,
        ctes: &[Relation],
    ) -> Result<(), Failure> {
        let TableWithJoins { relation, joins } = item;
        self.factor(relation, scope, ctes)?;
        for Join { relation, global, join_operator: _ } in joins {
            unless(!*global, "GLOBAL")?;
            self.factor(relation, scope, ctes)?;
        }
        Ok(())
    }

    fn factor(&mut self, factor: &mut TableFactor, scope: &mut Scope<'_>, ctes: &[Relation]) -> Result<(), Failure> {
        let relation = match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_directives,
                inheritance,
            } => {
                unless(args.is_none(), "a table function")?;
                unless(with_hints.is_empty() && index_directives.is_empty(), "an index hint")?;
                unless(version.is_none(), "a version of a table")?;
                unless(!*with_ordinality, "WITH ORDINALITY")?;
                unless(partitions.is_empty(), "PARTITION")?;
                unless(json_path.is_none(), "a JSON path of a table")?;
                unless(sample.is_none(), "TABLESAMPLE")?;
                unless(inheritance.is_none(), "ONLY")?;
                let mut relation = self.named_relation(name, ctes)?;
                if let Some(alias) = alias {
                    table_alias(alias)?;
                    unless(alias.columns.is_empty(), "names for the columns of a table")?;
                    relation.name.clone_from(&alias.name.value);
                }
                relation
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                unless(!*lateral, "LATERAL")?;
                unless(sample.is_none(), "TABLESAMPLE")?;
                let shape = self.query(subquery, None, ctes)?;
                Self::own_relation(alias.as_mut(), shape)?
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                unless(alias.is_none(), "a name for joined tables")?;
                return self.relations(table_with_joins, scope, ctes);
            }
            TableFactor::TableFunction { .. }
            | TableFactor::Function { .. }
            | TableFactor::UNNEST { .. }
            | TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::Pivot { .. }
            | TableFactor::Unpivot { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::MatchRecognize { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => return Err(clause("a table function")),
        };
        if scope.relation(&relation.name).is_some() {
            return Err(refused(format!("two relations of one FROM are called `{}`", relation.name))
                .hint("give each its own alias"));
        }
        if scope.relations.len() >= 20 {
            return Err(refused("one FROM has more than 20 relations"));
        }
        scope.relations.push(relation);
        Ok(())
    }

    /// A table of the schema or a CTE.
    fn named_relation(&self, name: &mut ObjectName, ctes: &[Relation]) -> Result<Relation, Failure> {
        let mut parts = Vec::new();
        for part in &mut name.0 {
            match part {
                ObjectNamePart::Identifier(ident) => parts.push(ident),
                ObjectNamePart::Function(_) => return Err(clause("a function in a table's name")),
            }
        }
        let table: &mut Ident = match parts.as_mut_slice() {
            [table] => {
                if let Some(cte) = ctes.iter().find(|cte| cte.name.eq_ignore_ascii_case(&table.value)) {
                    literals::found_name(table, cte.name.clone());
                    return Ok(cte.clone());
                }
                table
            }
            [database, table] if database.value == self.policy.database => {
                if !literals::is_simple(&database.value) {
                    return Err(clause("a database's name with unusual letters"));
                }
                database.quote_style = Some('`');
                table
            }
            _ => {
                let name: Vec<String> = parts.iter().map(|part| part.value.clone()).collect();
                return Err(not_a_table(&name.join(".")));
            }
        };
        let Some(schema) = schema::table(&table.value) else { return Err(not_a_table(&table.value)) };
        literals::found_name(table, schema.name.to_owned());
        let (hidden, columns): (Vec<&str>, Vec<&str>) =
            schema.columns.iter().partition(|column| self.policy.personal.hides(schema.name, column));
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Ok(Relation {
            name: schema.name.to_owned(),
            columns: owned(columns),
            hidden: owned(hidden),
            table: Some(schema),
            small: schema.small,
        })
    }

    /// A derived table or CTE under its alias.
    fn own_relation(alias: Option<&mut TableAlias>, shape: Shape) -> Result<Relation, Failure> {
        let Some(alias) = alias else {
            return Err(refused("a derived table has no name").hint("write `(SELECT ...) AS name`"));
        };
        table_alias(alias)?;
        let columns = if alias.columns.is_empty() {
            shape.columns
        } else if alias.columns.len() == shape.columns.len() {
            alias.columns.iter().map(|column| column.name.value.clone()).collect()
        } else {
            return Err(refused(format!("`{}` names another number of columns than it has", alias.name.value)));
        };
        Ok(Relation { name: alias.name.value.clone(), columns, hidden: Vec::new(), table: None, small: shape.small })
    }

    /// Checks what joins the relations of one FROM item.
    fn conditions(
        &mut self,
        item: &mut TableWithJoins,
        scope: &Scope<'_>,
        ctes: &[Relation],
        ties: &mut Vec<(usize, usize)>,
    ) -> Result<(), Failure> {
        let TableWithJoins { relation, joins } = item;
        if let TableFactor::NestedJoin { table_with_joins, .. } = relation {
            self.conditions(table_with_joins, scope, ctes, ties)?;
        }
        for join in joins {
            if let TableFactor::NestedJoin { table_with_joins, .. } = &mut join.relation {
                self.conditions(table_with_joins, scope, ctes, ties)?;
            }
            let constraint = match &mut join.join_operator {
                JoinOperator::Join(constraint)
                | JoinOperator::Inner(constraint)
                | JoinOperator::Left(constraint)
                | JoinOperator::LeftOuter(constraint)
                | JoinOperator::Right(constraint)
                | JoinOperator::RightOuter(constraint)
                | JoinOperator::CrossJoin(constraint) => constraint,
                JoinOperator::FullOuter(_)
                | JoinOperator::Semi(_)
                | JoinOperator::LeftSemi(_)
                | JoinOperator::RightSemi(_)
                | JoinOperator::Anti(_)
                | JoinOperator::LeftAnti(_)
                | JoinOperator::RightAnti(_)
                | JoinOperator::CrossApply
                | JoinOperator::OuterApply
                | JoinOperator::AsOf { .. }
                | JoinOperator::StraightJoin(_)
                | JoinOperator::ArrayJoin
                | JoinOperator::LeftArrayJoin
                | JoinOperator::InnerArrayJoin => return Err(clause("an unusual kind of join")),
            };
            match constraint {
                JoinConstraint::On(condition) => self.expression(condition, scope, ctes)?,
                JoinConstraint::Using(columns) => ties.extend(joins::using(columns, scope)?),
                JoinConstraint::None => {}
                JoinConstraint::Natural => {
                    return Err(clause("NATURAL JOIN").hint("name the columns in ON"));
                }
                JoinConstraint::UsingAlias(..) => return Err(clause("a name for USING")),
            }
        }
        Ok(())
    }

    /// Writes out the columns that may be seen where `*` stands over a table that has others.
    fn expand_stars(&mut self, projection: &mut Vec<SelectItem>, scope: &Scope<'_>) -> Result<(), Failure> {
        let mut expanded = Vec::with_capacity(projection.len());
        for item in projection.drain(..) {
            let over: Vec<&Relation> = match &item {
                SelectItem::Wildcard(options) => {
                    no_options(options)?;
                    if scope.relations.is_empty() {
                        return Err(refused("`*` stands for nothing without a FROM"));
                    }
                    scope.relations.iter().collect()
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    no_options(options)?;
                    vec![&scope.relations[star_relation(kind, scope)?]]
                }
                SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. } | SelectItem::ExprWithAliases { .. } => {
                    expanded.push(item);
                    continue;
                }
            };
            let qualified = matches!(item, SelectItem::QualifiedWildcard(..));
            if !qualified && over.iter().all(|relation| relation.hidden.is_empty()) {
                expanded.push(item);
                continue;
            }
            for relation in over {
                if !relation.hidden.is_empty() {
                    self.notes.push(format!(
                        "left out of `{}`: {} (personal)",
                        relation.name,
                        listed(&relation.hidden)
                    ));
                }
                for column in &relation.columns {
                    expanded.push(SelectItem::UnnamedExpr(Expr::CompoundIdentifier(vec![
                        Ident::new(relation.name.clone()),
                        Ident::new(column.clone()),
                    ])));
                }
            }
        }
        *projection = expanded;
        Ok(())
    }

    /// Whether there are groups.
    fn group_by(&mut self, group_by: &mut GroupByExpr, scope: &Scope<'_>, ctes: &[Relation]) -> Result<bool, Failure> {
        match group_by {
            GroupByExpr::All(_) => Err(clause("GROUP BY ALL")),
            GroupByExpr::Expressions(expressions, modifiers) => {
                for modifier in modifiers.iter() {
                    match modifier {
                        GroupByWithModifier::Rollup => {}
                        GroupByWithModifier::Cube
                        | GroupByWithModifier::Totals
                        | GroupByWithModifier::GroupingSets(_) => return Err(clause("a GROUP BY modifier")),
                    }
                }
                for expression in expressions.iter_mut() {
                    self.expression(expression, scope, ctes)?;
                }
                Ok(!expressions.is_empty())
            }
        }
    }

    fn order_by(&mut self, order_by: &mut OrderBy, scope: &Scope<'_>, ctes: &[Relation]) -> Result<(), Failure> {
        let OrderBy { kind, interpolate } = order_by;
        unless(interpolate.is_none(), "INTERPOLATE")?;
        match kind {
            OrderByKind::All(_) => Err(clause("ORDER BY ALL")),
            OrderByKind::Expressions(expressions) => self.order(expressions, scope, ctes),
        }
    }

    pub(crate) fn order(
        &mut self,
        expressions: &mut [OrderByExpr],
        scope: &Scope<'_>,
        ctes: &[Relation],
    ) -> Result<(), Failure> {
        for OrderByExpr { expr, options: OrderByOptions { sort, nulls_first }, with_fill } in expressions {
            unless(nulls_first.is_none(), "NULLS FIRST or LAST")?;
            unless(with_fill.is_none(), "WITH FILL")?;
            match sort {
                None | Some(OrderBySort::Asc | OrderBySort::Desc) => {}
                Some(OrderBySort::Using(_)) => return Err(clause("ORDER BY USING")),
            }
            self.expression(expr, scope, ctes)?;
        }
        Ok(())
    }
}

fn not_a_table(name: &str) -> Failure {
    let near = schema::TABLES
        .iter()
        .map(|table| (strsim::damerau_levenshtein(table.name, &name.to_ascii_lowercase()), table.name))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let shown: String = name.chars().filter(|letter| !letter.is_control() && *letter != '`').take(80).collect();
    let failure = refused(format!("`{shown}` is no table of the orders schema"));
    if let Some((_, table)) = near {
        return failure.hint(format!("did you mean `{table}`?"));
    }
    let names: Vec<String> = schema::TABLES.iter().map(|table| table.name.to_owned()).collect();
    failure.hint(format!("the tables are {}", listed(&names)))
}

fn table_alias(alias: &mut TableAlias) -> Result<(), Failure> {
    let TableAlias { explicit: _, name, columns, at } = alias;
    unless(at.is_none(), "AT")?;
    if !literals::is_simple(&name.value) {
        return Err(literals::unusual_name(&name.value));
    }
    literals::own_name(name)?;
    for column in columns {
        unless(column.data_type.is_none(), "a type in an alias")?;
        literals::own_name(&mut column.name)?;
    }
    Ok(())
}

fn no_options(options: &WildcardAdditionalOptions) -> Result<(), Failure> {
    let WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    let none = opt_ilike.is_none()
        && opt_exclude.is_none()
        && opt_except.is_none()
        && opt_replace.is_none()
        && opt_rename.is_none()
        && opt_alias.is_none();
    unless(none, "an option of `*`")
}

fn star_relation(kind: &SelectItemQualifiedWildcardKind, scope: &Scope<'_>) -> Result<usize, Failure> {
    match kind {
        SelectItemQualifiedWildcardKind::ObjectName(ObjectName(parts)) => match parts.as_slice() {
            [ObjectNamePart::Identifier(name)] => scope
                .relation(&name.value)
                .ok_or_else(|| refused("nothing in its FROM is called as it says before `.*`")),
            _ => Err(clause("a long name before `.*`")),
        },
        SelectItemQualifiedWildcardKind::Expr(_) => Err(clause("an expression before `.*`")),
    }
}

/// The rows that LIMIT lets through; both its numbers must be written as digits.
fn limit_of(limit: &LimitClause) -> Result<u64, Failure> {
    let count = |expression: &Expr| match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, false) => {
                digits.parse::<u64>().map_err(|_| clause("a LIMIT that is no whole number"))
            }
            _ => Err(clause("a LIMIT that is no number")),
        },
        _ => Err(clause("a LIMIT that is no number")),
    };
    match limit {
        LimitClause::LimitOffset { limit, offset, limit_by } => {
            unless(limit_by.is_empty(), "LIMIT BY")?;
            if let Some(Offset { value, rows: _ }) = offset {
                count(value)?;
            }
            limit.as_ref().map_or(Ok(u64::MAX), count)
        }
        LimitClause::OffsetCommaLimit { offset, limit } => {
            count(offset)?;
            count(limit)
        }
    }
}
