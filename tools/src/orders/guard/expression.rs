//! Checks expressions: every kind, operator, function and type by name.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType, DateTimeField, DuplicateTreatment, Expr, Function,
    FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, InTarget, Interval, ObjectName,
    ObjectNamePart, TimezoneInfo, TypedString, UnaryOperator, Value, WindowFrame, WindowFrameBound, WindowSpec,
    WindowType,
};

use super::{
    functions::{self, Call},
    literals,
    query::Checker,
    refused,
    scope::{Meaning, Relation, Scope},
};
use crate::Failure;

/// The longest text that padding may make.
const LONGEST_PADDING: u64 = 200;

fn kind(name: &str) -> Failure {
    refused(format!("it has {name}, which is not allowed"))
        .hint("use comparisons, arithmetic, CASE, LIKE, IN, BETWEEN, EXISTS, aggregates and windows")
}

/// Whether an expression is made of aggregates over all rows: no column stands outside of one.
pub(crate) fn is_aggregate(expression: &Expr) -> bool {
    match expression {
        Expr::Nested(inner) => is_aggregate(inner),
        Expr::BinaryOp { left, right, .. } => is_aggregate(left) && is_aggregate(right),
        Expr::Value(_) => true,
        Expr::Function(function) => {
            function.over.is_none() && functions::allowed(&function.name.to_string()) == Some(Call::Aggregate)
        }
        _ => false,
    }
}

impl Checker<'_> {
    fn all<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e mut Expr>,
        scope: &Scope<'_>,
        ctes: &[Relation],
    ) -> Result<(), Failure> {
        expressions.into_iter().try_for_each(|expression| self.expression(expression, scope, ctes))
    }

    /// Checks one expression and makes its names and literals safe to print.
    #[allow(clippy::too_many_lines)] // one arm for each kind: splitting them would hide one
    pub(crate) fn expression(
        &mut self,
        expression: &mut Expr,
        scope: &Scope<'_>,
        ctes: &[Relation],
    ) -> Result<(), Failure> {
        match expression {
            Expr::Identifier(name) => {
                if !literals::is_simple(&name.value) && name.quote_style.is_none() {
                    return Err(literals::unusual_name(&name.value));
                }
                match scope.resolve(&name.value)? {
                    Meaning::Column { column: spelling, .. } | Meaning::Outer(spelling) | Meaning::Alias(spelling) => {
                        literals::found_name(name, spelling);
                    }
                }
                literals::own_name(name)
            }
            Expr::CompoundIdentifier(names) => {
                let [qualifier, name] = names.as_mut_slice() else {
                    return Err(kind("a name of more than two parts").hint("write `table.column`"));
                };
                let (relation, meaning) = scope.resolve_qualified(&qualifier.value, &name.value)?;
                match meaning {
                    Meaning::Column { column: spelling, .. } | Meaning::Outer(spelling) | Meaning::Alias(spelling) => {
                        literals::found_name(name, spelling);
                    }
                }
                literals::found_name(qualifier, relation);
                literals::own_name(name)
            }
            Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner)
            | Expr::Nested(inner) => self.expression(inner, scope, ctes),
            Expr::In { expr, target, negated: _, global } => {
                if *global {
                    return Err(kind("GLOBAL IN"));
                }
                self.expression(expr, scope, ctes)?;
                match target {
                    InTarget::List(list) => self.all(list, scope, ctes),
                    InTarget::Subquery(query) => self.query(query, Some(scope), ctes).map(drop),
                    InTarget::Unnest(_) => Err(kind("UNNEST")),
                    InTarget::Table { .. } => Err(kind("IN over a table")),
                }
            }
            Expr::Between { expr, negated: _, low, high } => {
                self.all([&mut **expr, &mut **low, &mut **high], scope, ctes)
            }
            Expr::BinaryOp { left, op, right } => {
                operator(op)?;
                self.all([&mut **left, &mut **right], scope, ctes)
            }
            Expr::Like { negated: _, any, expr, pattern, escape_char } => {
                if *any {
                    return Err(kind("LIKE ANY"));
                }
                if let Some(escape) = escape_char {
                    match &**escape {
                        Expr::Value(value) if matches!(&value.value, Value::SingleQuotedString(text) if literals::is_plain(text) || text == "!" || text == "|") =>
                        {
                            // Plain and these two mean the same in every mode; the parser prints them as they are.
                        }
                        _ => return Err(kind("an unusual ESCAPE").hint("use ESCAPE '!'")),
                    }
                }
                if let Expr::Value(value) = &**pattern
                    && let Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) = &value.value
                    && text.contains('\\')
                {
                    return Err(refused("its LIKE pattern has a backslash, which means different things to servers")
                        .hint("write LIKE '50!%' ESCAPE '!'"));
                }
                self.all([&mut **expr, &mut **pattern], scope, ctes)
            }
            Expr::UnaryOp { op, expr } => {
                match op {
                    UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not | UnaryOperator::BangNot => {}
                    UnaryOperator::AtDashAt
                    | UnaryOperator::BitwiseNot
                    | UnaryOperator::DoubleAt
                    | UnaryOperator::Hash
                    | UnaryOperator::PGAbs
                    | UnaryOperator::PGCubeRoot
                    | UnaryOperator::PGPostfixFactorial
                    | UnaryOperator::PGPrefixFactorial
                    | UnaryOperator::PGSquareRoot
                    | UnaryOperator::QuestionDash
                    | UnaryOperator::QuestionPipe => return Err(kind("an unusual operator")),
                }
                self.expression(expr, scope, ctes)
            }
            Expr::Convert { is_try, expr, data_type, charset, target_before_value, styles } => {
                if *is_try || charset.is_some() || *target_before_value || !styles.is_empty() {
                    return Err(kind("CONVERT of an unusual kind").hint("use CAST(x AS DECIMAL(12,2))"));
                }
                data_type.as_ref().map_or_else(|| Err(kind("CONVERT without a type")), cast_type)?;
                self.expression(expr, scope, ctes)
            }
            Expr::Cast { kind: cast, expr, data_type, format } => {
                if !matches!(cast, CastKind::Cast) || format.is_some() {
                    return Err(kind("a cast of an unusual kind").hint("use CAST(x AS DECIMAL(12,2))"));
                }
                cast_type(data_type)?;
                self.expression(expr, scope, ctes)
            }
            Expr::Extract { field, syntax: _, expr } => {
                unit(field)?;
                self.expression(expr, scope, ctes)
            }
            Expr::Ceil { expr, field } | Expr::Floor { expr, field } => match field {
                CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => self.expression(expr, scope, ctes),
                CeilFloorKind::DateTimeField(_) | CeilFloorKind::Scale(_) => Err(kind("CEIL or FLOOR to a unit")),
            },
            Expr::Position { expr, r#in } => self.all([&mut **expr, &mut **r#in], scope, ctes),
            Expr::Substring { expr, substring_from, substring_for, special: _, shorthand: _ } => {
                self.expression(expr, scope, ctes)?;
                self.all([substring_from, substring_for].into_iter().flatten().map(|part| &mut **part), scope, ctes)
            }
            Expr::Trim { trim_where: _, trim_what, expr, trim_characters } => {
                if trim_characters.is_some() {
                    return Err(kind("TRIM of an unusual kind"));
                }
                self.all(trim_what.iter_mut().map(|part| &mut **part), scope, ctes)?;
                self.expression(expr, scope, ctes)
            }
            Expr::Value(value) => self.bound.value(&mut value.value),
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax }) => {
                if *uses_odbc_syntax
                    || !matches!(
                        data_type,
                        DataType::Date
                            | DataType::Time(None, TimezoneInfo::None)
                            | DataType::Timestamp(None, TimezoneInfo::None)
                    )
                {
                    return Err(kind("a typed literal of an unusual kind").hint("write DATE '2026-01-14'"));
                }
                match &value.value {
                    Value::SingleQuotedString(text) if literals::is_plain(text) => Ok(()),
                    _ => Err(kind("a date that is none").hint("write DATE '2026-01-14'")),
                }
            }
            Expr::Function(_) => self.call(expression, scope, ctes),
            Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                self.all(operand.iter_mut().chain(else_result).map(|part| &mut **part), scope, ctes)?;
                for CaseWhen { condition, result } in conditions {
                    self.all([condition, result], scope, ctes)?;
                }
                Ok(())
            }
            Expr::Exists { subquery, negated: _ } | Expr::Subquery(subquery) => {
                self.query(subquery, Some(scope), ctes).map(drop)
            }
            Expr::Tuple(parts) => self.all(parts, scope, ctes),
            Expr::Interval(interval) => {
                let Interval { value, leading_field, leading_precision, last_field, fractional_seconds_precision } =
                    interval;
                if leading_precision.is_some() || last_field.is_some() || fractional_seconds_precision.is_some() {
                    return Err(kind("an INTERVAL of an unusual kind").hint("write INTERVAL 7 DAY"));
                }
                leading_field.as_ref().map_or_else(|| Err(kind("an INTERVAL without a unit")), unit)?;
                self.expression(value, scope, ctes)
            }
            Expr::RLike { .. } => Err(kind("a regular expression").hint("use LIKE")),
            Expr::JsonAccess { .. } => Err(kind("a JSON path").hint("use JSON_VALUE(column, '$.path')")),
            Expr::Collate { .. } => Err(kind("COLLATE")),
            Expr::MatchAgainst { .. } => Err(kind("MATCH ... AGAINST").hint("use LIKE")),
            Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => {
                Err(kind("IS DISTINCT FROM").hint("use <=> or NOT (a <=> b)"))
            }
            Expr::AnyOp { .. } | Expr::AllOp { .. } => Err(kind("ANY or ALL").hint("use IN, EXISTS, MIN or MAX")),
            Expr::CompoundFieldAccess { .. }
            | Expr::IsJson { .. }
            | Expr::IsNormalized { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. }
            | Expr::AtTimeZone { .. }
            | Expr::Overlay { .. }
            | Expr::Prefixed { .. }
            | Expr::GroupingSets(_)
            | Expr::Cube(_)
            | Expr::Rollup(_)
            | Expr::Struct { .. }
            | Expr::Named { .. }
            | Expr::Dictionary(_)
            | Expr::Map(_)
            | Expr::Array(_)
            | Expr::Wildcard(_)
            | Expr::QualifiedWildcard(..)
            | Expr::OuterJoin(_)
            | Expr::Prior(_)
            | Expr::Lambda(_)
            | Expr::MemberOf(_) => Err(kind("an expression of an unusual kind")),
        }
    }

    /// Checks a call, or puts the question's "now" in its place.
    fn call(&mut self, expression: &mut Expr, scope: &Scope<'_>, ctes: &[Relation]) -> Result<(), Failure> {
        let Expr::Function(function) = expression else { return Ok(()) };
        let Function { name, uses_odbc_syntax, parameters, args, within_group, filter, null_treatment, over } =
            function;
        let ObjectName(parts) = name;
        let name = match parts.as_slice() {
            [ObjectNamePart::Identifier(name)] if name.quote_style.is_none() => name.value.to_ascii_uppercase(),
            _ => return Err(kind("a function under a long or quoted name")),
        };
        let Some(call) = functions::allowed(&name) else {
            let shown: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
            return Err(refused(format!("function `{shown}` is not allowed")).hint(functions::instead(&name)));
        };
        if *uses_odbc_syntax
            || !matches!(parameters, FunctionArguments::None)
            || !within_group.is_empty()
            || filter.is_some()
            || null_treatment.is_some()
        {
            return Err(kind("a call of an unusual kind"));
        }
        if call == Call::Now || call == Call::Today {
            return now(expression, call, self.policy.now);
        }
        match (call, &over) {
            (Call::Aggregate, _) | (Call::Window, Some(_)) => {}
            (Call::Window, None) => return Err(refused(format!("`{name}` needs OVER (...)"))),
            (_, Some(_)) => return Err(refused(format!("`{name}` cannot have OVER"))),
            (_, None) => {}
        }
        let FunctionArguments::List(FunctionArgumentList { duplicate_treatment, args, clauses }) = args else {
            return Err(kind("a call without a list of arguments"));
        };
        if !clauses.is_empty() {
            return Err(kind("a clause inside of a call"));
        }
        match duplicate_treatment {
            None => {}
            Some(DuplicateTreatment::Distinct | DuplicateTreatment::All) if call == Call::Aggregate => {}
            Some(_) => return Err(kind("DISTINCT in a call that is no aggregate")),
        }
        for (index, argument) in args.iter_mut().enumerate() {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => match (call, index) {
                    (Call::Unit, 0) => unit_word(inner)?,
                    (Call::Padding, 1) => short_length(inner)?,
                    _ => self.expression(inner, scope, ctes)?,
                },
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if name == "COUNT" => {}
                FunctionArg::Unnamed(
                    FunctionArgExpr::Wildcard
                    | FunctionArgExpr::QualifiedWildcard(_)
                    | FunctionArgExpr::WildcardWithOptions(_),
                ) => return Err(kind("`*` in a call that is not COUNT")),
                FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => return Err(kind("a named argument")),
            }
        }
        match over {
            None => Ok(()),
            Some(WindowType::WindowSpec(window)) => self.window(window, scope, ctes),
            Some(WindowType::NamedWindow(name)) => {
                match scope.windows.iter().find(|window| window.eq_ignore_ascii_case(&name.value)) {
                    Some(spelling) => {
                        literals::found_name(name, spelling.clone());
                        Ok(())
                    }
                    None => Err(refused(format!("there is no window `{}`", name.value))),
                }
            }
        }
    }

    pub(crate) fn window(
        &mut self,
        window: &mut WindowSpec,
        scope: &Scope<'_>,
        ctes: &[Relation],
    ) -> Result<(), Failure> {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = window;
        if window_name.is_some() {
            return Err(kind("a window that names a window"));
        }
        self.all(partition_by, scope, ctes)?;
        self.order(order_by, scope, ctes)?;
        if let Some(WindowFrame { units: _, start_bound, end_bound }) = window_frame {
            for bound in std::iter::once(start_bound).chain(end_bound) {
                match bound {
                    WindowFrameBound::CurrentRow
                    | WindowFrameBound::Preceding(None)
                    | WindowFrameBound::Following(None) => {}
                    WindowFrameBound::Preceding(Some(rows)) | WindowFrameBound::Following(Some(rows)) => {
                        self.expression(rows, scope, ctes)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The question's "now" as a literal: the clock of the server is not it.
fn now(expression: &mut Expr, call: Call, now: chrono::NaiveDateTime) -> Result<(), Failure> {
    if let Expr::Function(Function { args: FunctionArguments::List(list), .. }) = expression {
        let digits = |argument: &FunctionArg| matches!(argument, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) if matches!(value.value, Value::Number(..)));
        if !list.args.iter().all(digits) {
            return Err(kind("NOW with an unusual argument"));
        }
    }
    let (data_type, text) = if call == Call::Today {
        (DataType::Date, now.format("%Y-%m-%d").to_string())
    } else {
        (DataType::Timestamp(None, TimezoneInfo::None), now.format("%Y-%m-%d %H:%M:%S%.3f").to_string())
    };
    let value = Value::SingleQuotedString(text).into();
    *expression = Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false });
    Ok(())
}

fn unit_word(expression: &mut Expr) -> Result<(), Failure> {
    match expression {
        Expr::Identifier(word) if functions::UNITS.contains(&word.value.to_ascii_uppercase().as_str()) => {
            word.value = word.value.to_ascii_uppercase();
            word.quote_style = None;
            Ok(())
        }
        _ => Err(kind("a unit of time that is none").hint("write TIMESTAMPDIFF(DAY, a, b)")),
    }
}

fn short_length(expression: &Expr) -> Result<(), Failure> {
    match expression {
        Expr::Value(value) if matches!(&value.value, Value::Number(digits, false) if digits.parse::<u64>().is_ok_and(|length| length <= LONGEST_PADDING)) => {
            Ok(())
        }
        _ => Err(kind("a padding of unknown length").hint("write its length as a number up to 200")),
    }
}

fn unit(field: &DateTimeField) -> Result<(), Failure> {
    match field {
        DateTimeField::Year
        | DateTimeField::Quarter
        | DateTimeField::Month
        | DateTimeField::Week(None)
        | DateTimeField::Day
        | DateTimeField::Hour
        | DateTimeField::Minute
        | DateTimeField::Second
        | DateTimeField::Microsecond => Ok(()),
        _ => Err(kind("an unusual unit of time").hint("use YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE or SECOND")),
    }
}

fn cast_type(data_type: &DataType) -> Result<(), Failure> {
    match data_type {
        DataType::Char(_)
        | DataType::Decimal(_)
        | DataType::Signed
        | DataType::SignedInteger
        | DataType::Unsigned
        | DataType::UnsignedInteger
        | DataType::Double(_)
        | DataType::Float(_)
        | DataType::Date
        | DataType::Datetime(_)
        | DataType::Time(_, TimezoneInfo::None) => Ok(()),
        _ => {
            Err(kind("a cast to an unusual type")
                .hint("cast to CHAR, DECIMAL, SIGNED, UNSIGNED, DOUBLE, DATE or DATETIME"))
        }
    }
}

fn operator(operator: &BinaryOperator) -> Result<(), Failure> {
    match operator {
        BinaryOperator::Plus
        | BinaryOperator::Minus
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Modulo
        | BinaryOperator::MyIntegerDivide
        | BinaryOperator::Gt
        | BinaryOperator::Lt
        | BinaryOperator::GtEq
        | BinaryOperator::LtEq
        | BinaryOperator::Spaceship
        | BinaryOperator::Eq
        | BinaryOperator::NotEq
        | BinaryOperator::And
        | BinaryOperator::Or
        | BinaryOperator::Xor => Ok(()),
        BinaryOperator::StringConcat => {
            Err(kind("`||`, which means different things to servers").hint("use CONCAT(a, b), or OR"))
        }
        BinaryOperator::Assignment => Err(refused("it sets a variable (:=); only reading is allowed")),
        BinaryOperator::Arrow | BinaryOperator::LongArrow => Err(kind("`->`").hint("use JSON_VALUE(column, '$.path')")),
        _ => Err(kind("an unusual operator")),
    }
}
