//! Operators on expressions, with SQLAlchemy's coercions, grouping and negation.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::constructors::{
    anonymous_parameter, as_boolean, literal_type, next_key, tuple_of_parameters, unary,
};
use super::{
    AsBoolean, Binary, BindParameter, Cast, Expression, ExpressionList, Label, LabelName,
    Modifiers, Operator, argument_error, func,
};
use crate::literal::Literal;
use crate::name::Name;
use crate::sql::{FromClause, SelectBase};
use crate::sqltypes::{Type, TypeClass, classes};
use ground::diagnostic::Result;

/// The right operand of an operator.
#[derive(Clone)]
pub enum Operand {
    /// A plain value: it becomes a parameter named after the left operand.
    Literal(Literal),
    /// An expression.
    Expression(Expression),
}

impl From<Expression> for Operand {
    fn from(expression: Expression) -> Self {
        Operand::Expression(expression)
    }
}

impl From<&Expression> for Operand {
    fn from(expression: &Expression) -> Self {
        Operand::Expression(expression.clone())
    }
}

impl From<Literal> for Operand {
    fn from(value: Literal) -> Self {
        Operand::Literal(value)
    }
}

impl From<&str> for Operand {
    fn from(value: &str) -> Self {
        Operand::Literal(value.into())
    }
}

impl From<i64> for Operand {
    fn from(value: i64) -> Self {
        Operand::Literal(value.into())
    }
}

impl Expression {
    /// Its type.
    pub fn kind(&self) -> Type {
        match self {
            Expression::Text(_)
            | Expression::Null
            | Expression::Collation(_)
            | Expression::LabelReference(_) => Type::null(),
            Expression::True | Expression::False | Expression::AsBoolean(_) => Type::boolean(),
            Expression::Column(column) => column.kind(),
            Expression::ColumnClause(column) => column.kind.clone(),
            Expression::BindParameter(parameter) => parameter.kind.clone(),
            Expression::Unary(unary) => unary.kind.clone(),
            Expression::Binary(binary) => binary.kind.clone(),
            Expression::List(list) => list.kind.clone(),
            Expression::Tuple(_) => Type::new(&classes::GENERIC_TUPLE_TYPE),
            Expression::Grouping(inner) => inner.kind(),
            Expression::Label(label) => label.kind.clone(),
            Expression::Function(function) => function.kind.clone(),
            Expression::Cast(cast) | Expression::TypeCoerce(cast) => cast.kind.clone(),
            Expression::Case(case) => case.kind.clone(),
            Expression::Extract(..) => Type::integer_type(),
            Expression::Over(over) => over.element.kind(),
            Expression::FunctionFilter(function, _)
            | Expression::WithinGroup(function, _)
            | Expression::AggregateOrderBy(function, _) => function.kind(),
            Expression::ScalarSelect(select) => select.scalar_kind(),
        }
    }

    /// Its name, if it has one: a column's, a label's, a function's.
    pub fn label_name(&self) -> Option<LabelName> {
        match self {
            Expression::Column(column) => Some(LabelName::Plain(column.name())),
            Expression::ColumnClause(column) if column.element.is_some() => None,
            Expression::ColumnClause(column) => Some(column.name.clone()),
            Expression::Label(label) => Some(label.name.clone()),
            Expression::Function(function) => Some(LabelName::Plain(function.name.clone())),
            Expression::Grouping(inner) => inner.label_name(),
            Expression::BindParameter(parameter) => Some(parameter.key.clone()),
            _ => None,
        }
    }

    /// Its name as text, if it has one.
    pub fn name_text(&self) -> Option<Rc<str>> {
        match self.label_name()? {
            LabelName::Plain(name) => Some(name.text()),
            LabelName::Anonymous(_) => None,
        }
    }

    /// Its key in a collection of columns.
    pub fn key(&self) -> Option<Rc<str>> {
        match self {
            Expression::Column(column) => Some(column.key()),
            Expression::ColumnClause(column) => match &column.key {
                Some(key) => Some(key.clone()),
                None => column.name.as_str().map(Rc::from),
            },
            _ => self.name_text(),
        }
    }

    /// The FROM clause that it is a column of.
    pub fn table(&self) -> Option<FromClause> {
        match self {
            Expression::Column(column) => column.table().map(FromClause::Table),
            Expression::ColumnClause(column) => column.table.clone(),
            _ => None,
        }
    }

    /// The key under which the compiler tracks an anonymous expression.
    pub fn anonymous_key(&self) -> usize {
        match self {
            Expression::Column(column) => column.identity_key(),
            Expression::Text(node) => Rc::as_ptr(node) as usize,
            Expression::ColumnClause(node) => match &node.table {
                // Columns of aliases and lightweight tables are recreated on each access.
                Some(table) => {
                    let mut hasher = std::collections::hash_map::DefaultHasher::new();
                    (table.identity_key(), &node.name, node.is_literal).hash(&mut hasher);
                    hasher.finish() as usize
                }
                None => Rc::as_ptr(node) as usize,
            },
            Expression::BindParameter(node) => Rc::as_ptr(node) as usize,
            Expression::Unary(node) => Rc::as_ptr(node) as usize,
            Expression::AsBoolean(node) => Rc::as_ptr(node) as usize,
            Expression::Binary(node) => Rc::as_ptr(node) as usize,
            Expression::List(node) => Rc::as_ptr(node) as usize,
            Expression::Tuple(node) => Rc::as_ptr(node) as *const u8 as usize,
            Expression::Grouping(node) => Rc::as_ptr(node) as usize,
            Expression::Label(node) => Rc::as_ptr(node) as usize,
            Expression::Function(node) => Rc::as_ptr(node) as usize,
            Expression::Cast(node) | Expression::TypeCoerce(node) => Rc::as_ptr(node) as usize,
            Expression::Case(node) => Rc::as_ptr(node) as usize,
            Expression::Extract(_, node) => Rc::as_ptr(node) as usize,
            Expression::Over(node) => Rc::as_ptr(node) as usize,
            Expression::FunctionFilter(node, _)
            | Expression::WithinGroup(node, _)
            | Expression::AggregateOrderBy(node, _) => Rc::as_ptr(node) as usize,
            Expression::ScalarSelect(node) => Rc::as_ptr(node) as usize,
            Expression::Null => 3,
            Expression::True => 5,
            Expression::False => 7,
            Expression::Collation(_) | Expression::LabelReference(_) => 9,
        }
    }

    /// Parenthesizes it if necessary next to `against`.
    pub fn self_group(&self, against: Option<&Operator>) -> Expression {
        let grouped = || Expression::Grouping(Rc::new(self.clone()));
        let by_operator = |operator: &Operator| {
            if operator.is_precedent(against) {
                grouped()
            } else {
                self.clone()
            }
        };
        match self {
            Expression::Text(_) => {
                if against == Some(&Operator::In) {
                    grouped()
                } else {
                    self.clone()
                }
            }
            Expression::Grouping(_)
            | Expression::AsBoolean(_)
            | Expression::Tuple(_)
            | Expression::ScalarSelect(_)
            | Expression::Collation(_)
            | Expression::LabelReference(_) => self.clone(),
            Expression::Unary(unary) => match &unary.operator {
                Some(operator) => by_operator(operator),
                None => self.clone(),
            },
            Expression::Binary(binary) => by_operator(&binary.operator),
            Expression::List(list) => {
                if !list.group {
                    return self.clone();
                }
                if list.clauses.is_empty() {
                    return self.clone();
                }
                match &list.operator {
                    Some(operator) => by_operator(operator),
                    None => self.clone(),
                }
            }
            Expression::TypeCoerce(cast) => {
                let inner = cast.clause.self_group(against);
                if matches!(inner, Expression::Grouping(_))
                    && !matches!(cast.clause, Expression::Grouping(_))
                {
                    Expression::TypeCoerce(Rc::new(Cast {
                        clause: inner,
                        ..(**cast).clone()
                    }))
                } else {
                    self.clone()
                }
            }
            Expression::Label(label) => {
                let inner = label.element.self_group(against);
                Expression::Label(Rc::new(Label {
                    element: inner,
                    ..(**label).clone()
                }))
            }
            Expression::FunctionFilter(..) => by_operator(&Operator::Filter),
            _ => match against {
                Some(Operator::And | Operator::Or | Operator::AsBool)
                    if self.kind().has_affinity(&classes::GENERIC_BOOLEAN) =>
                {
                    as_boolean(self, Operator::IsTrue)
                }
                Some(Operator::Any | Operator::All) => grouped(),
                _ => self.clone(),
            },
        }
    }

    /// `not_(expression)`, `~expression`.
    pub fn negate(&self) -> Expression {
        match self {
            Expression::True => Expression::False,
            Expression::False => Expression::True,
            Expression::AsBoolean(boolean) => match boolean.element {
                Expression::True | Expression::False => boolean.element.negate(),
                _ => Expression::AsBoolean(Rc::new(AsBoolean {
                    element: boolean.element.clone(),
                    operator: boolean.operator.negation().unwrap_or(Operator::IsFalse),
                })),
            },
            Expression::Binary(binary) => match &binary.negate {
                Some(negate) => Expression::Binary(Rc::new(Binary {
                    left: binary.left.clone(),
                    right: binary.right.clone(),
                    operator: negate.clone(),
                    negate: Some(binary.operator.clone()),
                    kind: binary.kind.clone(),
                    modifiers: binary.modifiers.clone(),
                })),
                None => self.self_group(None).negate_plain(),
            },
            Expression::List(list) if list.kind.has_affinity(&classes::GENERIC_BOOLEAN) => unary(
                &self.self_group(Some(&Operator::Inv)),
                Operator::Inv,
                Type::null(),
            ),
            Expression::Unary(node) if node.kind.has_affinity(&classes::GENERIC_BOOLEAN) => unary(
                &self.self_group(Some(&Operator::Inv)),
                Operator::Inv,
                Type::boolean(),
            ),
            Expression::Label(label) => Expression::Label(Rc::new(Label {
                element: label.element.negate(),
                ..(**label).clone()
            })),
            _ => self.negate_plain(),
        }
    }

    fn negate_plain(&self) -> Expression {
        if self.kind().has_affinity(&classes::GENERIC_BOOLEAN)
            && !matches!(self, Expression::Grouping(_))
        {
            as_boolean(self, Operator::IsFalse)
        } else {
            unary(
                &self.self_group(Some(&Operator::Inv)),
                Operator::Inv,
                Type::null(),
            )
        }
    }

    /// The operands, if it is a chain of that operator which may be merged with another.
    pub(crate) fn flattened(&self, operator: &Operator) -> Option<Vec<Expression>> {
        match self {
            Expression::List(list) if list.operator.as_ref() == Some(operator) => {
                Some(list.clauses.clone())
            }
            Expression::Binary(binary)
                if binary.operator == *operator && operator.is_associative() =>
            {
                Some(vec![binary.left.clone(), binary.right.clone()])
            }
            _ => None,
        }
    }

    /// A parameter for `value` as an operand of `operator`.
    pub(crate) fn parameter(&self, value: Literal) -> Expression {
        let kind = self.coerce_compared(&value);
        let derived = self.bind_name();
        Expression::BindParameter(Rc::new(anonymous_parameter(&derived, value, kind)))
    }

    /// A value as a parameter of that type, named after the expression.
    pub fn named_literal(&self, value: Literal, kind: Type) -> Expression {
        Expression::BindParameter(Rc::new(anonymous_parameter(&self.bind_name(), value, kind)))
    }

    fn bind_name(&self) -> Rc<str> {
        match self {
            Expression::Column(column) => column.name().text(),
            Expression::ColumnClause(column) if column.element.is_some() => "param".into(),
            Expression::ColumnClause(column) => match &column.name {
                LabelName::Plain(name) => name.text(),
                LabelName::Anonymous(name) => name.derived.clone(),
            },
            Expression::Function(function) => function.name.text(),
            Expression::Grouping(inner) => inner.bind_name(),
            _ => "param".into(),
        }
    }

    /// The type of a value compared to this (`coerce_compared_value`).
    fn coerce_compared(&self, value: &Literal) -> Type {
        let mut own = self.kind();
        if own.class() == &classes::GENERIC_INTERVAL && own.custom_class().is_none() {
            own = Type::datetime();
        } else if own.is_type_decorator()
            || own.is_instance(&classes::GENERIC_USER_DEFINED_TYPE)
            || (matches!(value, Literal::String(_))
                && (own.is_instance(&classes::GENERIC_UUID)
                    || own.is_instance(&classes::GENERIC_BINARY)))
        {
            return own;
        }
        let resolved = literal_type(value);
        if resolved.is_null() || resolved.affinity() == own.affinity() {
            own
        } else {
            resolved
        }
    }

    /// The other operand as an expression; a value becomes a parameter.
    pub fn coerce_operand(&self, operand: Operand) -> Expression {
        match operand {
            Operand::Expression(Expression::BindParameter(parameter))
                if parameter.kind.is_null() && !self.kind().is_null() =>
            {
                let kind = match &parameter.value {
                    Some(value) => self.coerce_compared(value),
                    None => self.kind(),
                };
                Expression::BindParameter(Rc::new(BindParameter {
                    kind,
                    ..(*parameter).clone()
                }))
            }
            Operand::Expression(expression) => expression,
            Operand::Literal(value) => match (self, value) {
                // A tuple of columns is compared with a tuple of as many parameters.
                (Expression::Tuple(items), Literal::Tuple(values) | Literal::List(values)) => {
                    tuple_of_parameters(items, &values)
                }
                (_, value) => self.parameter(value),
            },
        }
    }

    /// `self operator other`, for every binary operator.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` where NULL, true or false are compared otherwise than by
    /// equality.
    pub fn operate(&self, operator: Operator, other: impl Into<Operand>) -> Result<Expression> {
        self.operate_with(operator, other, Modifiers::default(), false)
    }

    /// `other operator self`: `1 + column`.
    ///
    /// # Errors
    /// As [`Expression::operate`].
    pub fn reverse_operate(
        &self,
        operator: Operator,
        other: impl Into<Operand>,
    ) -> Result<Expression> {
        self.operate_with(operator, other, Modifiers::default(), true)
    }

    /// `self operator other` with operator options.
    ///
    /// # Errors
    /// As [`Expression::operate`].
    pub fn operate_with(
        &self,
        operator: Operator,
        other: impl Into<Operand>,
        modifiers: Modifiers,
        reverse: bool,
    ) -> Result<Expression> {
        let other = other.into();
        match operator {
            Operator::And => return Ok(super::and_([self.clone(), self.coerce_operand(other)])),
            Operator::Or => return Ok(super::or_([self.clone(), self.coerce_operand(other)])),
            _ => {}
        }
        if operator.is_comparison() && !matches!(operator, Operator::Custom(_)) {
            return self.compare(operator, other, modifiers, reverse);
        }
        let other = self.coerce_operand(other);
        let (left, right) = if reverse {
            (other, self.clone())
        } else {
            (self.clone(), other)
        };
        let (operator, kind) = if operator.is_comparison() {
            (operator, Type::boolean())
        } else {
            adapt_expression(&left.kind(), operator, &right.kind())
        };
        Ok(construct(left, right, operator, kind, None, modifiers))
    }

    fn compare(
        &self,
        operator: Operator,
        other: Operand,
        modifiers: Modifiers,
        reverse: bool,
    ) -> Result<Expression> {
        let constant =
            match &other {
                Operand::Literal(Literal::Null) | Operand::Expression(Expression::Null) => {
                    Some(Expression::Null)
                }
                Operand::Literal(Literal::Boolean(true))
                | Operand::Expression(Expression::True) => Some(Expression::True),
                Operand::Literal(Literal::Boolean(false))
                | Operand::Expression(Expression::False) => Some(Expression::False),
                _ => None,
            };
        if let Some(constant) = constant {
            let is_truth = !matches!(constant, Expression::Null);
            let operator = match operator {
                Operator::Eq | Operator::Ne if is_truth => operator,
                Operator::IsDistinctFrom | Operator::IsNotDistinctFrom => operator,
                Operator::Eq | Operator::Is => Operator::Is,
                Operator::Ne | Operator::IsNot => Operator::IsNot,
                _ => {
                    return Err(argument_error(
                        "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', \
                         'is_not_distinct_from()' operators can be used with None/True/False",
                    ));
                }
            };
            let negate = operator.negation();
            return Ok(construct(
                self.clone(),
                constant,
                operator,
                Type::boolean(),
                negate,
                modifiers,
            ));
        }
        let other = self.coerce_operand(other);
        let negate = operator.negation();
        let (left, right) = if reverse {
            (other, self.clone())
        } else {
            (self.clone(), other)
        };
        Ok(construct(
            left,
            right,
            operator,
            Type::boolean(),
            negate,
            modifiers,
        ))
    }

    /// `self == other`.
    ///
    /// # Errors
    /// As [`Expression::operate`].
    pub fn eq(&self, other: impl Into<Operand>) -> Result<Expression> {
        self.operate(Operator::Eq, other)
    }

    /// `self.is_(other)`.
    ///
    /// # Errors
    /// As [`Expression::operate`].
    pub fn is(&self, other: impl Into<Operand>) -> Result<Expression> {
        self.operate(Operator::Is, other)
    }

    /// `self.in_([...])` with plain values: a single expanding parameter.
    ///
    /// # Errors
    /// None now; kept for the shape that the other operators have.
    pub fn in_values(&self, values: Vec<Literal>, negated: bool) -> Result<Expression> {
        let kind = if let Expression::Tuple(_) = self {
            Type::tuple(self)
        } else {
            match values.iter().find(|value| !value.is_null()) {
                Some(value) => self.coerce_compared(value),
                None => self.kind(),
            }
        };
        let mut parameter =
            anonymous_parameter(&self.bind_name(), Literal::List(values.into()), kind);
        parameter.expanding = true;
        let parameter = Expression::BindParameter(Rc::new(parameter));
        self.in_expression(parameter, negated)
    }

    /// `self.in_(select)`, `self.in_(bindparam(..., expanding=True))`.
    ///
    /// # Errors
    /// None now; kept for the shape that the other operators have.
    pub fn in_expression(&self, other: Expression, negated: bool) -> Result<Expression> {
        let (operator, negate) = if negated {
            (Operator::NotIn, Operator::In)
        } else {
            (Operator::In, Operator::NotIn)
        };
        let other = self.coerce_operand(Operand::Expression(other));
        Ok(construct(
            self.clone(),
            other,
            operator,
            Type::boolean(),
            Some(negate),
            Modifiers::default(),
        ))
    }

    /// `self.in_([...])` with expressions and values.
    ///
    /// # Errors
    /// None now; kept for the shape that the other operators have.
    pub fn in_list(&self, items: Vec<Operand>, negated: bool) -> Result<Expression> {
        if items.iter().all(|item| matches!(item, Operand::Literal(_))) {
            let values = items
                .into_iter()
                .filter_map(|item| match item {
                    Operand::Literal(value) => Some(value),
                    Operand::Expression(_) => None,
                })
                .collect();
            return self.in_values(values, negated);
        }
        let clauses = items
            .into_iter()
            .map(|item| match item {
                Operand::Literal(Literal::Null) => Expression::Null,
                other => self
                    .coerce_operand(other)
                    .self_group(Some(&Operator::Comma)),
            })
            .collect();
        let list = Expression::Grouping(Rc::new(Expression::List(Rc::new(ExpressionList {
            clauses,
            operator: Some(Operator::Comma),
            kind: Type::null(),
            group: false,
        }))));
        self.in_expression(list, negated)
    }

    /// `self.in_(select)`.
    ///
    /// # Errors
    /// None now; kept for the shape that the other operators have.
    pub fn in_select(&self, select: impl Into<SelectBase>, negated: bool) -> Result<Expression> {
        self.in_expression(Expression::ScalarSelect(Rc::new(select.into())), negated)
    }

    /// `self.between(low, high)`.
    ///
    /// # Errors
    /// None now; kept for the shape that the other operators have.
    pub fn between(
        &self,
        low: impl Into<Operand>,
        high: impl Into<Operand>,
        symmetric: bool,
    ) -> Result<Expression> {
        let side = |operand: Operand| match operand {
            Operand::Literal(Literal::Null) => Expression::Null,
            other => self.coerce_operand(other),
        };
        let bounds = Expression::List(Rc::new(ExpressionList {
            clauses: vec![
                side(low.into()).self_group(Some(&Operator::And)),
                side(high.into()).self_group(Some(&Operator::And)),
            ],
            operator: Some(Operator::And),
            kind: Type::null(),
            group: false,
        }));
        Ok(Expression::Binary(Rc::new(Binary {
            left: self.self_group(Some(&Operator::Between)),
            right: bounds,
            operator: Operator::Between,
            negate: Some(Operator::NotBetween),
            kind: Type::null(),
            modifiers: Modifiers {
                symmetric,
                ..Modifiers::default()
            },
        })))
    }

    /// `-self`.
    pub fn negative(&self) -> Expression {
        unary(self, Operator::Neg, self.kind())
    }

    /// `self ** other`.
    pub fn power(&self, other: impl Into<Operand>) -> Expression {
        let other = self.coerce_operand(other.into());
        func(Vec::new(), Name::new("pow"), vec![self.clone(), other])
    }

    /// A copy with a new identity, as SQLAlchemy's `_clone` returns.
    pub fn fresh_parameter(parameter: &BindParameter) -> Expression {
        let mut copy = parameter.clone();
        if let LabelName::Anonymous(name) = &mut copy.key {
            name.key = next_key();
        }
        Expression::BindParameter(Rc::new(copy))
    }
}

/// `OperatorExpression._construct_for_op`: flattens chains of an associative operator.
fn construct(
    left: Expression,
    right: Expression,
    operator: Operator,
    kind: Type,
    negate: Option<Operator>,
    modifiers: Modifiers,
) -> Expression {
    if operator.is_associative() && !operator.is_comparison() {
        let same =
            |inner: &Type| inner.affinity() == kind.affinity() || kind.is_null() || inner.is_null();
        let parts = |side: &Expression| match side.flattened(&operator) {
            Some(parts) if same(&side.kind()) => Some(parts),
            _ => None,
        };
        let (lefts, rights) = (parts(&left), parts(&right));
        if lefts.is_some() || rights.is_some() {
            let mut clauses = lefts.unwrap_or_else(|| vec![left.self_group(Some(&operator))]);
            clauses.extend(rights.unwrap_or_else(|| vec![right.self_group(Some(&operator))]));
            return Expression::List(Rc::new(ExpressionList {
                clauses,
                operator: Some(operator),
                kind,
                group: true,
            }));
        }
    }
    let eager = matches!(&operator, Operator::Custom(custom) if custom.eager_grouping);
    let group = |side: Expression| {
        if eager && matches!(side, Expression::Binary(_) | Expression::List(_)) {
            Expression::Grouping(Rc::new(side))
        } else {
            side.self_group(Some(&operator))
        }
    };
    Expression::Binary(Rc::new(Binary {
        left: group(left),
        right: group(right),
        operator,
        negate,
        kind,
        modifiers,
    }))
}

/// The resulting operator and type (`_adapt_expression`).
fn adapt_expression(left: &Type, operator: Operator, right: &Type) -> (Operator, Type) {
    let is = |kind: &Type, class: &'static TypeClass| {
        kind.affinity()
            .is_some_and(|affinity| affinity.is_subclass_of(class))
    };
    if is(left, &classes::GENERIC_STRING) || is(left, &classes::GENERIC_BINARY) {
        let joins = is(right, &classes::GENERIC_STRING)
            || is(right, &classes::GENERIC_BINARY)
            || right.is_null();
        if operator == Operator::Add && joins {
            return (Operator::Concat, left.clone());
        }
        return (operator, left.clone());
    }
    if left.is_null() {
        if right.is_null() || !operator.is_commutative() {
            return (operator, left.clone());
        }
        return adapt_expression(right, operator, left);
    }
    let Some(found) = adaptation(left, &operator, right) else {
        return (operator, left.clone());
    };
    let kind = if right.affinity() == Some(found) {
        right.clone()
    } else if left.affinity() == Some(found) || left.custom_class().is_some() {
        left.clone()
    } else {
        Type::new(found)
    };
    (operator, kind)
}

/// `_expression_adaptations`: the result type of arithmetic between two types.
fn adaptation(left: &Type, operator: &Operator, right: &Type) -> Option<&'static TypeClass> {
    use Operator::{Add, FloorDiv, Mul, Sub, TrueDiv};
    const INTEGER: &TypeClass = &classes::GENERIC_INTEGER;
    const NUMERIC: &TypeClass = &classes::GENERIC_NUMERIC;
    const FLOAT: &TypeClass = &classes::GENERIC_FLOAT;
    const INTERVAL: &TypeClass = &classes::GENERIC_INTERVAL;
    const DATE: &TypeClass = &classes::GENERIC_DATE;
    const TIME: &TypeClass = &classes::GENERIC_TIME;
    const DATETIME: &TypeClass = &classes::GENERIC_DATE_TIME;
    let (mine, other) = (left.affinity()?, right.affinity()?);
    let is = |class: &'static TypeClass| other == class;
    let found = if mine == INTEGER {
        match operator {
            Add if is(DATE) => DATE,
            Mul if is(INTERVAL) => INTERVAL,
            TrueDiv if is(INTEGER) || is(NUMERIC) => NUMERIC,
            FloorDiv if is(NUMERIC) => NUMERIC,
            Add | Mul | Sub if is(NUMERIC) => NUMERIC,
            Add | Mul | Sub | TrueDiv if is(FLOAT) => FLOAT,
            Add | Mul | Sub | FloorDiv if is(INTEGER) => left.class(),
            _ => return None,
        }
    } else if mine == NUMERIC || mine == FLOAT {
        match operator {
            Mul if is(INTERVAL) => INTERVAL,
            Add | Sub | Mul | TrueDiv if is(NUMERIC) || is(FLOAT) || is(INTEGER) => left.class(),
            _ => return None,
        }
    } else if mine == DATETIME {
        match operator {
            Sub if is(DATETIME) => INTERVAL,
            _ => return None,
        }
    } else if mine == DATE {
        match operator {
            Add if is(INTERVAL) || is(TIME) => DATETIME,
            Sub if is(DATE) => INTEGER,
            Sub if is(INTERVAL) => DATETIME,
            Sub if is(DATETIME) => INTERVAL,
            _ => return None,
        }
    } else if mine == TIME {
        match operator {
            Add if is(DATE) => DATETIME,
            Sub if is(TIME) => INTERVAL,
            _ => return None,
        }
    } else if mine == INTERVAL {
        match operator {
            Add if is(DATE) || is(DATETIME) => DATETIME,
            Add if is(TIME) => TIME,
            _ => return None,
        }
    } else {
        return None;
    };
    Some(found)
}
