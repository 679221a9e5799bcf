//! SQL expressions as Python values: operators and methods of `ColumnElement`.

use std::rc::Rc;

use super::types::type_value;
use crate::bindings::conversion::{self, find_clause, known_class};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{
    Arguments, BinaryOperator, Bound, Class, ClassBuilder, CompareOperator, Interpreter,
    NativeObject, UnaryOperator, Value,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{
    self, CustomOperator, Expression, LabelName, Modifiers, Operand, Operator,
};
use sqlalchemy::literal::Literal;
use sqlalchemy::sql::SelectBase;

/// Any expression but a column of a table.
pub struct ExpressionObject {
    /// The expression.
    pub expression: Expression,
}

/// `__class__` of an expression.
fn class_name(expression: &Expression) -> &'static str {
    match expression {
        Expression::Text(_) => "sqlalchemy.sql.elements.TextClause",
        Expression::Column(_) => "sqlalchemy.sql.schema.Column",
        Expression::ColumnClause(_) => "sqlalchemy.sql.elements.ColumnClause",
        Expression::BindParameter(_) => "sqlalchemy.sql.elements.BindParameter",
        Expression::Null => "sqlalchemy.sql.elements.Null",
        Expression::True => "sqlalchemy.sql.elements.True_",
        Expression::False => "sqlalchemy.sql.elements.False_",
        Expression::Unary(unary) if unary.operator == Some(Operator::Exists) => {
            "sqlalchemy.sql.selectable.Exists"
        }
        Expression::Unary(_) => "sqlalchemy.sql.elements.UnaryExpression",
        Expression::AsBoolean(_) => "sqlalchemy.sql.elements.AsBoolean",
        Expression::Binary(_) => "sqlalchemy.sql.elements.BinaryExpression",
        Expression::List(list) => match list.operator {
            Some(Operator::And | Operator::Or) => "sqlalchemy.sql.elements.BooleanClauseList",
            _ => "sqlalchemy.sql.elements.ExpressionClauseList",
        },
        Expression::Tuple(_) => "sqlalchemy.sql.elements.Tuple",
        Expression::Grouping(_) => "sqlalchemy.sql.elements.Grouping",
        Expression::Label(_) => "sqlalchemy.sql.elements.Label",
        Expression::Function(_) => "sqlalchemy.sql.functions.Function",
        Expression::Cast(_) => "sqlalchemy.sql.elements.Cast",
        Expression::TypeCoerce(_) => "sqlalchemy.sql.elements.TypeCoerce",
        Expression::Case(_) => "sqlalchemy.sql.elements.Case",
        Expression::Extract(..) => "sqlalchemy.sql.elements.Extract",
        Expression::Over(_) => "sqlalchemy.sql.elements.Over",
        Expression::FunctionFilter(..) => "sqlalchemy.sql.elements.FunctionFilter",
        Expression::WithinGroup(..) => "sqlalchemy.sql.elements.WithinGroup",
        Expression::Collation(_) => "sqlalchemy.sql.elements.CollationClause",
        Expression::ScalarSelect(_) => "sqlalchemy.sql.selectable.ScalarSelect",
        Expression::LabelReference(_) => "sqlalchemy.sql.elements._textual_label_reference",
    }
}

/// The classes of expressions, for `isinstance`.
const CLASSES: &[(&str, &str)] = &[
    ("sqlalchemy.sql.elements", "Null"),
    ("sqlalchemy.sql.elements", "True_"),
    ("sqlalchemy.sql.elements", "False_"),
    ("sqlalchemy.sql.elements", "ColumnClause"),
    ("sqlalchemy.sql.elements", "BindParameter"),
    ("sqlalchemy.sql.elements", "UnaryExpression"),
    ("sqlalchemy.sql.elements", "BinaryExpression"),
    ("sqlalchemy.sql.elements", "BooleanClauseList"),
    ("sqlalchemy.sql.elements", "ExpressionClauseList"),
    ("sqlalchemy.sql.elements", "Tuple"),
    ("sqlalchemy.sql.elements", "Grouping"),
    ("sqlalchemy.sql.elements", "Label"),
    ("sqlalchemy.sql.functions", "FunctionElement"),
    ("sqlalchemy.sql.elements", "Cast"),
    ("sqlalchemy.sql.elements", "TypeCoerce"),
    ("sqlalchemy.sql.elements", "Case"),
    ("sqlalchemy.sql.elements", "Extract"),
    ("sqlalchemy.sql.elements", "Over"),
    ("sqlalchemy.sql.elements", "FunctionFilter"),
    ("sqlalchemy.sql.elements", "WithinGroup"),
    ("sqlalchemy.sql.elements", "CollationClause"),
    ("sqlalchemy.sql.elements", "_textual_label_reference"),
    ("sqlalchemy.sql.selectable", "ScalarSelect"),
];

/// Builds the classes of expressions.
pub fn build_classes(vm: &mut Interpreter) {
    let clause = ClassBuilder::new("sqlalchemy.sql.elements", "ClauseElement")
        .method("compile", compile_method)
        .method("self_group", |_, this, _| Ok(this.clone()))
        .method("unique_params", |_, this, _| Ok(this.clone()))
        .build(vm);
    let operators = ClassBuilder::new("sqlalchemy.sql.operators", "ColumnOperators").build(vm);
    let element = ClassBuilder::new("sqlalchemy.sql.elements", "ColumnElement")
        .base(&clause)
        .base(&operators);
    let element = methods(element).build(vm);
    let mut made: Vec<(&str, Class)> = Vec::new();
    for (module, name) in CLASSES {
        let base = match *name {
            "AsBoolean" => made
                .iter()
                .find(|(known, _)| *known == "UnaryExpression")
                .map_or(&element, |(_, class)| class),
            _ => &element,
        }
        .clone();
        let class = ClassBuilder::new(module, name).base(&base).build(vm);
        made.push((name, class));
    }
    let unary = known_class(vm, "sqlalchemy.sql.elements.UnaryExpression");
    ClassBuilder::new("sqlalchemy.sql.elements", "AsBoolean")
        .base(&unary)
        .build(vm);
    ClassBuilder::new("sqlalchemy.sql.selectable", "Exists")
        .base(&unary)
        .build(vm);
    let function = known_class(vm, "sqlalchemy.sql.functions.FunctionElement");
    ClassBuilder::new("sqlalchemy.sql.functions", "Function")
        .base(&function)
        .build(vm);
    ClassBuilder::new("sqlalchemy.sql.elements", "TextClause")
        .base(&clause)
        .method("bindparams", text_bindparams)
        .method("columns", text_columns)
        .method("self_group", |_, this, _| Ok(this.clone()))
        .build(vm);
}

/// What an operator's other side is: an expression or a value.
///
/// # Errors
/// A plain no for a value that is not here.
pub fn operand(vm: &mut Interpreter, value: &Value) -> Result<Operand> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(Operand::Expression(expression));
    }
    if let Some(select) = super::statements::find_select(value) {
        return Ok(Operand::Expression(select.scalar_subquery()));
    }
    Ok(Operand::Literal(conversion::to_literal(vm, value)?))
}

/// An expression, a plain value becoming a parameter.
///
/// # Errors
/// A plain no for a value that is not here.
pub fn coerce(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    Ok(match operand(vm, value)? {
        Operand::Expression(expression) => expression,
        Operand::Literal(literal) => match literal {
            Literal::Null => elements::null(),
            Literal::Boolean(true) => elements::true_(),
            Literal::Boolean(false) => elements::false_(),
            literal => elements::literal(literal, None),
        },
    })
}

/// The expression that a method was called on.
fn this_expression(vm: &mut Interpreter, this: &Value) -> Result<Expression> {
    find_clause(vm, this)?.ok_or_else(|| vm.type_error("this is no SQL expression"))
}

/// A result as Python sees it.
fn shown(expression: Expression) -> Result<Option<Value>> {
    Ok(Some(conversion::expression_value(&expression)))
}

/// `this + other` and the other arithmetic.
///
/// # Errors
/// What SQLAlchemy raises for the operands.
pub fn binary(
    vm: &mut Interpreter,
    this: &Value,
    operator: BinaryOperator,
    other: &Value,
    reflected: bool,
) -> Result<Option<Value>> {
    let expression = this_expression(vm, this)?;
    if matches!(expression, Expression::Text(_)) {
        return Ok(None);
    }
    let other = operand(vm, other)?;
    let operator = match operator {
        BinaryOperator::Add => Operator::Add,
        BinaryOperator::Subtract => Operator::Sub,
        BinaryOperator::Multiply => Operator::Mul,
        BinaryOperator::Divide => Operator::TrueDiv,
        BinaryOperator::FloorDivide => Operator::FloorDiv,
        BinaryOperator::Modulo => Operator::Mod,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
        BinaryOperator::LeftShift => Operator::BitwiseLeftShift,
        BinaryOperator::RightShift => Operator::BitwiseRightShift,
        BinaryOperator::Power if !reflected => return shown(expression.power(other)),
        _ => return Ok(None),
    };
    shown(if reflected {
        expression.reverse_operate(operator, other)?
    } else {
        expression.operate(operator, other)?
    })
}

/// `-this` and `~this`.
///
/// # Errors
/// None of its own.
pub fn unary(vm: &mut Interpreter, this: &Value, operator: UnaryOperator) -> Result<Option<Value>> {
    let expression = this_expression(vm, this)?;
    match operator {
        UnaryOperator::Negate => shown(expression.negative()),
        UnaryOperator::Invert => shown(expression.negate()),
        UnaryOperator::Not | UnaryOperator::Plus => Ok(None),
    }
}

/// `this == other` and the other comparisons.
///
/// # Errors
/// What SQLAlchemy raises for the operands.
pub fn compare(
    vm: &mut Interpreter,
    this: &Value,
    operator: CompareOperator,
    other: &Value,
) -> Result<Option<Value>> {
    let expression = this_expression(vm, this)?;
    if matches!(expression, Expression::Text(_)) {
        return Ok(None);
    }
    let operator = match operator {
        CompareOperator::Equal => Operator::Eq,
        CompareOperator::NotEqual => Operator::Ne,
        CompareOperator::Less => Operator::Lt,
        CompareOperator::LessEqual => Operator::Le,
        CompareOperator::Greater => Operator::Gt,
        CompareOperator::GreaterEqual => Operator::Ge,
        _ => return Ok(None),
    };
    let other = operand(vm, other)?;
    shown(expression.operate(operator, other)?)
}

/// `this[key]`, for JSON and arrays.
///
/// # Errors
/// What SQLAlchemy raises for the operands.
pub fn get_item(vm: &mut Interpreter, this: &Value, key: &Value) -> Result<Option<Value>> {
    let expression = this_expression(vm, this)?;
    let kind = expression.kind();
    let json = kind.has_affinity(&sqlalchemy::sqltypes::classes::JSON);
    let array = kind.has_affinity(&sqlalchemy::sqltypes::classes::ARRAY);
    if !json && !array {
        return Err(Error::new(
            "NotImplementedError",
            "Operator 'getitem' is not supported on this expression",
        ));
    }
    let operator = match (json, key) {
        (true, Value::Tuple(_)) => Operator::JsonPathGetItem,
        (true, _) => Operator::JsonGetItem,
        _ => Operator::GetItem,
    };
    let key = operand(vm, key)?;
    shown(expression.operate(operator, key)?)
}

impl NativeObject for ExpressionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, class_name(&self.expression))
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        expression_attribute(vm, &self.expression, this, name)
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        binary(vm, this, operator, other, reflected)
    }

    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        unary(vm, this, operator)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        compare(vm, this, operator, other)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        get_item(vm, this, key)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        match &self.expression {
            Expression::Binary(binary) => {
                let same = identity(&binary.left) == identity(&binary.right);
                match binary.operator {
                    Operator::Eq => return Ok(Some(same)),
                    Operator::Ne => return Ok(Some(!same)),
                    _ => {}
                }
            }
            Expression::Null => return Ok(Some(false)),
            _ => {}
        }
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(expression_repr(&self.expression)))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.expression.python_str()))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(identity(&self.expression) as u64))
    }
}

fn identity(expression: &Expression) -> usize {
    match expression {
        Expression::Column(column) => column.identity_key(),
        other => other.anonymous_key(),
    }
}

fn expression_repr(expression: &Expression) -> String {
    let class = class_name(expression);
    match expression {
        Expression::Column(column) => column.python_repr(),
        Expression::ColumnClause(_) | Expression::Label(_) | Expression::Function(_) => {
            let name = expression.name_text();
            format!(
                "<{class} at 0x7f0000000000; {}>",
                name.as_deref().unwrap_or("None")
            )
        }
        _ => format!("<{class} object at 0x7f0000000000>"),
    }
}

fn expression_attribute(
    vm: &mut Interpreter,
    expression: &Expression,
    this: &Value,
    name: &str,
) -> Result<Option<Value>> {
    Ok(match name {
        "type" => Some(type_value(vm, &expression.kind())),
        "text" => match expression {
            Expression::Text(text) => Some(Value::Str(text.text.clone())),
            Expression::ColumnClause(column) => column.name.as_str().map(Value::str),
            _ => None,
        },
        "name" | "key" => {
            let label = expression.label_name();
            match label {
                Some(LabelName::Plain(found)) => Some(Value::Str(found.text())),
                Some(LabelName::Anonymous(found)) => {
                    Some(Value::str(format!("%({} {})s", found.key, found.derived)))
                }
                None => match expression {
                    Expression::BindParameter(parameter) => {
                        Some(Value::Str(parameter.original_key.clone()))
                    }
                    _ => None,
                },
            }
        }
        "value" => match expression {
            Expression::BindParameter(parameter) => match &parameter.value {
                Some(value) => Some(conversion::from_literal(vm, value)?),
                None => Some(Value::None),
            },
            _ => None,
        },
        "left" | "right" => match expression {
            Expression::Binary(binary) => {
                let side = if name == "left" {
                    &binary.left
                } else {
                    &binary.right
                };
                Some(conversion::element_value(vm, side))
            }
            _ => None,
        },
        "element" => match expression {
            Expression::Label(label) => Some(conversion::element_value(vm, &label.element)),
            Expression::Unary(unary) => Some(conversion::element_value(vm, &unary.element)),
            _ => None,
        },
        "clauses" | "clause_expr" => {
            let items: Option<Vec<Expression>> = match expression {
                Expression::Function(function) => Some(function.clauses.clone()),
                Expression::List(list) => Some(list.clauses.clone()),
                Expression::Tuple(items) => Some(items.to_vec()),
                _ => None,
            };
            match items {
                Some(items) => {
                    let mut values = Vec::new();
                    for item in &items {
                        values.push(conversion::element_value(vm, item));
                    }
                    Some(Value::list(values))
                }
                None => None,
            }
        }
        "table" => match expression.table() {
            Some(from) => Some(super::statements::from_value(vm, &from)),
            None => Some(Value::None),
        },
        "is_literal" => match expression {
            Expression::ColumnClause(column) => Some(Value::Bool(column.is_literal)),
            _ => None,
        },
        "expression" => Some(this.clone()),
        "comparator" => Some(this.clone()),
        "foreign_keys" => Some(conversion::set_value(vm, Vec::new())?),
        "primary_key" => Some(Value::Bool(false)),
        _ => None,
    })
}

fn modifiers(bound: &mut Bound<'_>, other: &Operand) -> (Modifiers, Operand) {
    let mut escape = bound.take_some("escape").and_then(|value| value.as_text());
    let auto = bound
        .take_some("autoescape")
        .is_some_and(|value| value.as_bool() != Some(false));
    let mut other = other.clone();
    if auto {
        let mark = escape.get_or_insert_with(|| Rc::from("/")).clone();
        if let Operand::Literal(Literal::String(text)) = &other {
            let mut escaped = text.to_string();
            if &*mark != "%" && &*mark != "_" {
                escaped = escaped.replace(&*mark, &format!("{mark}{mark}"));
            }
            escaped = escaped
                .replace('%', &format!("{mark}%"))
                .replace('_', &format!("{mark}_"));
            other = Operand::Literal(Literal::from(escaped));
        }
    }
    (
        Modifiers {
            escape,
            ..Modifiers::default()
        },
        other,
    )
}

fn simple(operator: Operator) -> impl Fn(&mut Interpreter, &Value, Arguments) -> Result<Value> {
    move |vm, this, arguments| {
        let mut bound = arguments.bind(parameters!(
            "operate",
            "other, escape=None, autoescape=False"
        ))?;
        let other = bound.value("other");
        let other = operand(vm, &other)?;
        let (modifiers, other) = modifiers(&mut bound, &other);
        let expression = this_expression(vm, this)?;
        let made = expression.operate_with(operator.clone(), other, modifiers, false)?;
        Ok(conversion::expression_value(&made))
    }
}

fn membership(negated: bool) -> impl Fn(&mut Interpreter, &Value, Arguments) -> Result<Value> {
    move |vm, this, arguments| {
        let [other] = arguments.exactly("in_")?;
        let expression = this_expression(vm, this)?;
        if let Some(select) = super::statements::find_select(&other) {
            return Ok(conversion::expression_value(
                &expression.in_select(select, negated)?,
            ));
        }
        if let Some(found) = find_clause(vm, &other)? {
            return Ok(conversion::expression_value(
                &expression.in_expression(found, negated)?,
            ));
        }
        if other.as_str().is_some() {
            let shown = vm.repr(&other)?;
            return Err(conversion::argument_error(format!(
                "IN expression list, SELECT construct, or bound parameter object expected, got \
                 {shown}."
            )));
        }
        let mut items = Vec::new();
        for item in vm.collect(&other)? {
            items.push(operand(vm, &item)?);
        }
        Ok(conversion::expression_value(
            &expression.in_list(items, negated)?,
        ))
    }
}

fn unary_method(
    make: fn(Expression) -> Expression,
) -> impl Fn(&mut Interpreter, &Value, Arguments) -> Result<Value> {
    move |vm, this, _| {
        let expression = this_expression(vm, this)?;
        Ok(conversion::expression_value(&make(expression)))
    }
}

fn methods(mut builder: ClassBuilder) -> ClassBuilder {
    for (name, operator) in [
        ("is_", Operator::Is),
        ("is_not", Operator::IsNot),
        ("isnot", Operator::IsNot),
        ("is_distinct_from", Operator::IsDistinctFrom),
        ("is_not_distinct_from", Operator::IsNotDistinctFrom),
        ("isnot_distinct_from", Operator::IsNotDistinctFrom),
        ("like", Operator::Like),
        ("not_like", Operator::NotLike),
        ("notlike", Operator::NotLike),
        ("ilike", Operator::ILike),
        ("not_ilike", Operator::NotILike),
        ("notilike", Operator::NotILike),
        ("startswith", Operator::StartsWith),
        ("endswith", Operator::EndsWith),
        ("contains", Operator::Contains),
        ("istartswith", Operator::IStartsWith),
        ("iendswith", Operator::IEndsWith),
        ("icontains", Operator::IContains),
        ("concat", Operator::Concat),
        ("match", Operator::Match),
        ("regexp_match", Operator::RegexpMatch),
        ("bitwise_and", Operator::BitwiseAnd),
        ("bitwise_or", Operator::BitwiseOr),
        ("bitwise_xor", Operator::BitwiseXor),
        ("bitwise_lshift", Operator::BitwiseLeftShift),
        ("bitwise_rshift", Operator::BitwiseRightShift),
    ] {
        builder = builder.method(name, simple(operator));
    }
    builder
        .method("in_", membership(false))
        .method("not_in", membership(true))
        .method("notin_", membership(true))
        .method("desc", unary_method(elements::desc))
        .method("asc", unary_method(elements::asc))
        .method("nulls_first", unary_method(elements::nulls_first))
        .method("nullsfirst", unary_method(elements::nulls_first))
        .method("nulls_last", unary_method(elements::nulls_last))
        .method("nullslast", unary_method(elements::nulls_last))
        .method(
            "distinct",
            unary_method(|expression| elements::distinct(&expression)),
        )
        .method("label", |vm, this, arguments| {
            let [name] = arguments.between("label", 1)?;
            let expression = this_expression(vm, this)?;
            let name = name.and_then(|name| name.as_text());
            Ok(conversion::expression_value(&elements::label(
                &expression,
                name.as_deref(),
            )))
        })
        .method("collate", |vm, this, arguments| {
            let [name] = arguments.exactly("collate")?;
            let expression = this_expression(vm, this)?;
            Ok(conversion::expression_value(&elements::collate(
                &expression,
                name.as_text().unwrap_or_default(),
            )))
        })
        .method("cast", |vm, this, arguments| {
            let [kind] = arguments.exactly("cast")?;
            let expression = this_expression(vm, this)?;
            let kind = conversion::to_type(vm, &kind)?;
            Ok(conversion::expression_value(&elements::cast(
                expression, kind,
            )))
        })
        .method("between", |vm, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("between", "cleft, cright, symmetric=False"))?;
            let (low, high) = (bound.value("cleft"), bound.value("cright"));
            let symmetric = bound
                .take_some("symmetric")
                .is_some_and(|value| value.as_bool() == Some(true));
            let expression = this_expression(vm, this)?;
            let (low, high) = (operand(vm, &low)?, operand(vm, &high)?);
            Ok(conversion::expression_value(
                &expression.between(low, high, symmetric)?,
            ))
        })
        .method("op", |vm, this, arguments| {
            custom(vm, this, arguments, false)
        })
        .method("bool_op", |vm, this, arguments| {
            custom(vm, this, arguments, true)
        })
        .method("over", |vm, this, arguments| {
            let expression = this_expression(vm, this)?;
            super::functions::over(vm, expression, arguments)
        })
        .method("filter", |vm, this, arguments| {
            let expression = this_expression(vm, this)?;
            let mut conditions = Vec::new();
            for value in &arguments.positional {
                conditions.push(coerce(vm, value)?);
            }
            Ok(conversion::expression_value(&Expression::FunctionFilter(
                Rc::new(expression),
                Rc::new(elements::and_(conditions)),
            )))
        })
        .method("within_group", |vm, this, arguments| {
            let expression = this_expression(vm, this)?;
            let mut order = Vec::new();
            for value in &arguments.positional {
                order.push(coerce(vm, value)?);
            }
            Ok(conversion::expression_value(&Expression::WithinGroup(
                Rc::new(expression),
                order.into(),
            )))
        })
        .method("where", exists_where)
        .method("scalar_subquery", |_, this, _| Ok(this.clone()))
        .method("self_group", |_, this, _| Ok(this.clone()))
        .method("as_string", |_, this, _| Ok(this.clone()))
        .method("as_integer", |_, this, _| Ok(this.clone()))
        .method("as_boolean", |_, this, _| Ok(this.clone()))
        .method("as_float", |_, this, _| Ok(this.clone()))
        .method("any_", |vm, this, _| {
            super::functions::collection(vm, this, "ANY")
        })
        .method("all_", |vm, this, _| {
            super::functions::collection(vm, this, "ALL")
        })
        .method("alias", |_, this, _| Ok(this.clone()))
}

/// `exists(...).where(...)`.
fn exists_where(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    if let Expression::Unary(unary) = &expression
        && unary.operator == Some(Operator::Exists)
        && let Expression::ScalarSelect(select) = &unary.element
        && let SelectBase::Select(select) = &**select
    {
        let mut select = select.clone();
        for condition in &arguments.positional {
            select = select.where_(coerce(vm, condition)?);
        }
        return Ok(conversion::expression_value(&sqlalchemy::sql::exists(
            select,
        )));
    }
    Err(vm.attribute_error("Neither this expression nor its comparator has an attribute 'where'"))
}

fn custom(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    comparison: bool,
) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "op",
        "opstring, precedence=0, is_comparison=False, return_type=None, python_impl=None"
    ))?;
    let text = bound.value("opstring").as_text().unwrap_or_default();
    let precedence = bound
        .take_some("precedence")
        .and_then(|value| value.as_int())
        .unwrap_or(0);
    let comparison = comparison
        || bound
            .take_some("is_comparison")
            .is_some_and(|value| value.as_bool() == Some(true));
    let operator = Operator::Custom(Rc::new(CustomOperator {
        text: text.to_string(),
        precedence: i32::try_from(precedence).unwrap_or(0),
        is_comparison: comparison,
        natural_self_precedent: false,
        eager_grouping: false,
    }));
    let expression = this_expression(vm, this)?;
    Ok(Value::function("op", move |vm, arguments| {
        let [other] = arguments.exactly("op")?;
        let other = operand(vm, &other)?;
        Ok(conversion::expression_value(
            &expression.operate(operator.clone(), other)?,
        ))
    }))
}

/// `expression.compile(...)`: something whose `str()` is the SQL.
pub struct CompiledObject {
    string: String,
}

impl CompiledObject {
    /// Around compiled text.
    pub fn new(string: String) -> CompiledObject {
        CompiledObject { string }
    }
}

impl NativeObject for CompiledObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.compiler.SQLCompiler")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "string" => Some(Value::str(&self.string)),
            "params" => Some(Value::dict(Vec::<(String, Value)>::new())),
            _ => None,
        })
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.string.clone()))
    }
}

/// The dialect and the `literal_binds` that `compile(...)` was given.
///
/// # Errors
/// A plain no for a dialect that is not here.
pub fn compile_arguments(
    vm: &mut Interpreter,
    mut arguments: Arguments,
) -> Result<(Dialect, bool)> {
    let dialect = match arguments
        .take_keyword("dialect")
        .or_else(|| arguments.take_keyword("bind"))
        .or_else(|| arguments.take_first())
        .filter(|value| !value.is_none())
    {
        Some(value) => {
            let value = vm.find_attribute(&value, "dialect")?.unwrap_or(value);
            conversion::to_dialect(vm, &value)?
        }
        None => Dialect::default_dialect(),
    };
    let literal = match arguments.take_keyword("compile_kwargs") {
        Some(keywords) => match keywords
            .as_dict()
            .and_then(|dict| dict.get_str("literal_binds"))
        {
            Some(value) => vm.truth(&value)?,
            None => false,
        },
        None => false,
    };
    Ok((dialect, literal))
}

fn compile_method(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let (dialect, literal) = compile_arguments(vm, arguments)?;
    let expression = this_expression(vm, this)?;
    let string = vm.lend(|| {
        if literal {
            expression.compile_literal(&dialect)
        } else {
            expression.compile(&dialect)
        }
    })?;
    Ok(Value::native(CompiledObject::new(string)))
}

fn text_bindparams(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let Expression::Text(text) = this_expression(vm, this)? else {
        return Ok(this.clone());
    };
    let mut text = (*text).clone();
    for value in &arguments.positional {
        match find_clause(vm, value)? {
            Some(Expression::BindParameter(parameter)) => {
                text = text.bind((*parameter).clone())?;
            }
            _ => return Err(vm.type_error("bindparams() takes bindparam() objects and keywords")),
        }
    }
    for (name, value) in &arguments.keyword {
        let literal = conversion::to_literal(vm, value)?;
        text = text.bind_value(name, literal)?;
    }
    Ok(conversion::expression_value(&Expression::Text(Rc::new(
        text,
    ))))
}

fn text_columns(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let Expression::Text(text) = this_expression(vm, this)? else {
        return Ok(this.clone());
    };
    let mut columns = Vec::new();
    for value in &arguments.positional {
        columns.push(coerce(vm, value)?);
    }
    for (name, kind) in &arguments.keyword {
        let kind = conversion::to_type(vm, kind)?;
        columns.push(elements::column(name.clone(), Some(kind)));
    }
    Ok(super::statements::select_value(SelectBase::Text(Rc::new(
        sqlalchemy::sql::TextualSelect { text, columns },
    ))))
}
