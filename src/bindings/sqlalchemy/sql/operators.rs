//! Operators and methods shared by `ColumnElement` and instrumented attributes.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    BinaryOperator, Bound, CompareOperator, DeclaredMethod, Interpreter, UnaryOperator, Value,
    method,
};
use sqlalchemy::elements::{
    self, Binary, CustomOperator, Expression, Modifiers, Operand, Operator,
};
use sqlalchemy::literal::Literal;
use sqlalchemy::sql::SelectBase;
use sqlalchemy::sqltypes::{Type, classes};

use super::select::find_select;
use super::{containers, functions};
use crate::bindings::conversion::{self, find_clause};

/// The right operand of an operator: an expression or a value.
///
/// # Errors
/// `limbeck.Unsupported` for a value whose module is not here.
pub fn operand(vm: &mut Interpreter, value: &Value) -> Result<Operand> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(Operand::Expression(expression));
    }
    if let Some(select) = find_select(value) {
        return Ok(Operand::Expression(select.scalar_subquery()));
    }
    Ok(Operand::Literal(conversion::to_literal(vm, value)?))
}

/// Converts a value to an expression; a plain value becomes a parameter.
///
/// # Errors
/// `limbeck.Unsupported` for a value whose module is not here.
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
pub(super) fn this_expression(vm: &mut Interpreter, this: &Value) -> Result<Expression> {
    find_clause(vm, this)?.ok_or_else(|| vm.type_error("this is no SQL expression"))
}

/// Converts a result to a Python value.
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

/// An operator's answer: `NotImplemented` where it has none.
fn given(answer: Result<Option<Value>>) -> Result<Value> {
    Ok(answer?.unwrap_or(Value::NotImplemented))
}

/// An arithmetic operator as a method: what an instance of a project's own subclass has.
macro_rules! arithmetic {
    ($name:literal, $operator:ident, $reflected:literal) => {
        method($name, "self, other", |vm, this, bound| {
            let other = bound.value("other");
            given(binary(
                vm,
                this,
                BinaryOperator::$operator,
                &other,
                $reflected,
            ))
        })
    };
}

/// A comparison as a method.
macro_rules! comparison {
    ($name:literal, $operator:ident) => {
        method($name, "self, other", |vm, this, bound| {
            let other = bound.value("other");
            given(compare(vm, this, CompareOperator::$operator, &other))
        })
    };
}

/// The methods of `ColumnElement`.
pub static METHODS: &[DeclaredMethod<Value>] = &[
    arithmetic!("__add__", Add, false),
    arithmetic!("__radd__", Add, true),
    arithmetic!("__sub__", Subtract, false),
    arithmetic!("__rsub__", Subtract, true),
    arithmetic!("__mul__", Multiply, false),
    arithmetic!("__rmul__", Multiply, true),
    arithmetic!("__truediv__", Divide, false),
    arithmetic!("__rtruediv__", Divide, true),
    arithmetic!("__floordiv__", FloorDivide, false),
    arithmetic!("__rfloordiv__", FloorDivide, true),
    arithmetic!("__mod__", Modulo, false),
    arithmetic!("__rmod__", Modulo, true),
    arithmetic!("__and__", And, false),
    arithmetic!("__or__", Or, false),
    arithmetic!("__lshift__", LeftShift, false),
    arithmetic!("__rshift__", RightShift, false),
    comparison!("__eq__", Equal),
    comparison!("__ne__", NotEqual),
    comparison!("__lt__", Less),
    comparison!("__le__", LessEqual),
    comparison!("__gt__", Greater),
    comparison!("__ge__", GreaterEqual),
    method("__neg__", "self", |vm, this, _| {
        given(unary(vm, this, UnaryOperator::Negate))
    }),
    method("__invert__", "self", |vm, this, _| {
        given(unary(vm, this, UnaryOperator::Invert))
    }),
    method("is_", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::Is)
    }),
    method("is_not", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::IsNot)
    }),
    method("isnot", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::IsNot)
    }),
    method("is_distinct_from", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::IsDistinctFrom)
    }),
    method("is_not_distinct_from", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::IsNotDistinctFrom)
    }),
    method("isnot_distinct_from", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::IsNotDistinctFrom)
    }),
    method("like", "self, other, escape=None", |vm, this, bound| {
        operate(vm, this, bound, Operator::Like)
    }),
    method("not_like", "self, other, escape=None", |vm, this, bound| {
        operate(vm, this, bound, Operator::NotLike)
    }),
    method("notlike", "self, other, escape=None", |vm, this, bound| {
        operate(vm, this, bound, Operator::NotLike)
    }),
    method("ilike", "self, other, escape=None", |vm, this, bound| {
        operate(vm, this, bound, Operator::ILike)
    }),
    method(
        "not_ilike",
        "self, other, escape=None",
        |vm, this, bound| operate(vm, this, bound, Operator::NotILike),
    ),
    method("notilike", "self, other, escape=None", |vm, this, bound| {
        operate(vm, this, bound, Operator::NotILike)
    }),
    method(
        "startswith",
        "self, other, escape=None, autoescape=False",
        |vm, this, bound| operate(vm, this, bound, Operator::StartsWith),
    ),
    method(
        "endswith",
        "self, other, escape=None, autoescape=False",
        |vm, this, bound| operate(vm, this, bound, Operator::EndsWith),
    ),
    method(
        "contains",
        "self, other, escape=None, autoescape=False",
        |vm, this, bound| match containers::contains(vm, this, bound)? {
            Some(made) => Ok(made),
            None => operate(vm, this, bound, Operator::Contains),
        },
    ),
    method(
        "istartswith",
        "self, other, escape=None, autoescape=False",
        |vm, this, bound| operate(vm, this, bound, Operator::IStartsWith),
    ),
    method(
        "iendswith",
        "self, other, escape=None, autoescape=False",
        |vm, this, bound| operate(vm, this, bound, Operator::IEndsWith),
    ),
    method(
        "icontains",
        "self, other, escape=None, autoescape=False",
        |vm, this, bound| operate(vm, this, bound, Operator::IContains),
    ),
    method("concat", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::Concat)
    }),
    method("match", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::Match)
    }),
    method(
        "regexp_match",
        "self, pattern, flags=None",
        |vm, this, bound| operate(vm, this, bound, Operator::RegexpMatch),
    ),
    method(
        "regexp_replace",
        "self, pattern, replacement, flags=None",
        |vm, this, bound| {
            let text = this_expression(vm, this)?;
            let mut parts = Vec::with_capacity(2);
            for name in ["pattern", "replacement"] {
                let value = operand(vm, &bound.value(name))?;
                parts.push(text.coerce_operand(value));
            }
            let flags = bound.take_some("flags").and_then(|flags| flags.as_text());
            let made = elements::regexp_replace(&text, parts, flags);
            Ok(conversion::expression_value(&made))
        },
    ),
    method("bitwise_and", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::BitwiseAnd)
    }),
    method("bitwise_or", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::BitwiseOr)
    }),
    method("bitwise_xor", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::BitwiseXor)
    }),
    method("bitwise_lshift", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::BitwiseLeftShift)
    }),
    method("bitwise_rshift", "self, other", |vm, this, bound| {
        operate(vm, this, bound, Operator::BitwiseRightShift)
    }),
    method("in_", "self, other", |vm, this, bound| {
        membership(vm, this, &bound.value("other"), false)
    }),
    method("not_in", "self, other", |vm, this, bound| {
        membership(vm, this, &bound.value("other"), true)
    }),
    method("notin_", "self, other", |vm, this, bound| {
        membership(vm, this, &bound.value("other"), true)
    }),
    method("desc", "self", |vm, this, _| {
        modified(vm, this, elements::desc)
    }),
    method("asc", "self", |vm, this, _| {
        modified(vm, this, elements::asc)
    }),
    method("nulls_first", "self", |vm, this, _| {
        modified(vm, this, elements::nulls_first)
    }),
    method("nullsfirst", "self", |vm, this, _| {
        modified(vm, this, elements::nulls_first)
    }),
    method("nulls_last", "self", |vm, this, _| {
        modified(vm, this, elements::nulls_last)
    }),
    method("nullslast", "self", |vm, this, _| {
        modified(vm, this, elements::nulls_last)
    }),
    method("distinct", "self", |vm, this, _| {
        modified(vm, this, |expression| elements::distinct(&expression))
    }),
    method("label", "self, name", |vm, this, bound| {
        let expression = this_expression(vm, this)?;
        let name = bound.value("name").as_text();
        Ok(conversion::expression_value(&elements::label(
            &expression,
            name.as_deref(),
        )))
    }),
    method("collate", "self, collation", |vm, this, bound| {
        let expression = this_expression(vm, this)?;
        let collation = bound.value("collation").as_text().unwrap_or_default();
        Ok(conversion::expression_value(&elements::collate(
            &expression,
            collation,
        )))
    }),
    method("cast", "self, type_", |vm, this, bound| {
        let expression = this_expression(vm, this)?;
        let kind = conversion::to_type(vm, &bound.value("type_"))?;
        Ok(conversion::expression_value(&elements::cast(
            expression, kind,
        )))
    }),
    method(
        "between",
        "self, cleft, cright, symmetric=False",
        |vm, this, bound| {
            let (low, high) = (bound.value("cleft"), bound.value("cright"));
            let symmetric = bound.flag("symmetric");
            let expression = this_expression(vm, this)?;
            let (low, high) = (operand(vm, &low)?, operand(vm, &high)?);
            Ok(conversion::expression_value(
                &expression.between(low, high, symmetric)?,
            ))
        },
    ),
    method(
        "op",
        "self, opstring, precedence=0, is_comparison=False, return_type=None, python_impl=None",
        |vm, this, bound| {
            let comparison = bound.flag("is_comparison");
            custom(vm, this, bound, comparison)
        },
    ),
    method(
        "bool_op",
        "self, opstring, precedence=0, python_impl=None",
        |vm, this, bound| custom(vm, this, bound, true),
    ),
    method(
        "over",
        "self, *, partition_by=None, order_by=None, rows=None, range_=None, groups=None, \
         exclude=None",
        |vm, this, bound| {
            let expression = this_expression(vm, this)?;
            functions::over(vm, expression, bound)
        },
    ),
    method("filter", "self, *criterion", |vm, this, bound| {
        let expression = this_expression(vm, this)?;
        let conditions = coerce_all(vm, &bound.rest)?;
        Ok(conversion::expression_value(&Expression::FunctionFilter(
            Rc::new(expression),
            Rc::new(elements::and_(conditions)),
        )))
    }),
    method("within_group", "self, *order_by", |vm, this, bound| {
        let expression = this_expression(vm, this)?;
        let order = coerce_all(vm, &bound.rest)?;
        Ok(conversion::expression_value(&Expression::WithinGroup(
            Rc::new(expression),
            order.into(),
        )))
    }),
    method("where", "self, *clause", exists_where),
    method("scalar_subquery", "self", itself),
    method("self_group", "self, against=None", itself),
    method("as_string", "self", |vm, this, _| {
        json_as(vm, this, "as_string", Type::new(&classes::GENERIC_UNICODE))
    }),
    method("as_integer", "self", |vm, this, _| {
        json_as(vm, this, "as_integer", Type::integer_type())
    }),
    method("as_boolean", "self", |vm, this, _| {
        json_as(vm, this, "as_boolean", Type::boolean())
    }),
    method("as_float", "self", |vm, this, _| {
        json_as(vm, this, "as_float", Type::float())
    }),
    method("as_json", "self", |vm, this, _| {
        json_as(vm, this, "as_json", Type::json())
    }),
    method(
        "as_numeric",
        "self, precision, scale, asdecimal=True",
        |vm, this, bound| {
            let mut number = |name| bound.value(name).as_int();
            let kind = Type::numeric(number("precision"), number("scale"));
            json_as(vm, this, "as_numeric", kind)
        },
    ),
    method("any_", "self", |vm, this, _| {
        functions::collection(vm, this, "ANY")
    }),
    method("all_", "self", |vm, this, _| {
        functions::collection(vm, this, "ALL")
    }),
];

/// `json["key"].as_string()` and its like: the element as a value of a SQL type.
fn json_as(vm: &mut Interpreter, this: &Value, method: &str, kind: Type) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    if let Expression::Binary(binary) = &expression
        && matches!(
            binary.operator,
            Operator::JsonGetItem | Operator::JsonPathGetItem
        )
    {
        return Ok(conversion::expression_value(&Expression::Binary(Rc::new(
            Binary {
                kind,
                ..(**binary).clone()
            },
        ))));
    }
    if !expression.kind().has_affinity(&classes::JSON) {
        return Err(vm.attribute_error(format!(
            "Neither this expression nor its comparator has an attribute '{method}'"
        )));
    }
    Err(conversion::invalid_request(format!(
        "The JSON cast operator JSON.{method}() only works with a JSON index expression e.g. \
         col['q'].{method}()"
    )))
}

fn itself(_vm: &mut Interpreter, this: &Value, _bound: &mut Bound<'_>) -> Result<Value> {
    Ok(this.clone())
}

fn coerce_all(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<Expression>> {
    values.iter().map(|value| coerce(vm, value)).collect()
}

fn modifiers(bound: &mut Bound<'_>, other: &Operand) -> (Modifiers, Operand) {
    let mut escape = bound.take_some("escape").and_then(|value| value.as_text());
    let auto = bound
        .take_some("autoescape")
        .is_some_and(|value| value.as_bool() != Some(false));
    let flags = bound.take_some("flags").and_then(|value| value.as_text());
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
            flags,
            ..Modifiers::default()
        },
        other,
    )
}

fn operate(
    vm: &mut Interpreter,
    this: &Value,
    bound: &mut Bound<'_>,
    operator: Operator,
) -> Result<Value> {
    let other = bound.get(1).cloned().unwrap_or(Value::None);
    let other = operand(vm, &other)?;
    let (modifiers, other) = modifiers(bound, &other);
    let expression = this_expression(vm, this)?;
    let made = expression.operate_with(operator, other, modifiers, false)?;
    Ok(conversion::expression_value(&made))
}

fn modified(
    vm: &mut Interpreter,
    this: &Value,
    make: fn(Expression) -> Expression,
) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    Ok(conversion::expression_value(&make(expression)))
}

fn membership(vm: &mut Interpreter, this: &Value, other: &Value, negated: bool) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    if let Some(select) = find_select(other) {
        return Ok(conversion::expression_value(
            &expression.in_select(select, negated)?,
        ));
    }
    if let Some(found) = find_clause(vm, other)? {
        return Ok(conversion::expression_value(
            &expression.in_expression(found, negated)?,
        ));
    }
    if other.as_str().is_some() {
        let shown = vm.repr(other)?;
        return Err(conversion::argument_error(format!(
            "IN expression list, SELECT construct, or bound parameter object expected, got \
                 {shown}."
        )));
    }
    let mut items = Vec::new();
    for item in vm.collect(other)? {
        items.push(operand(vm, &item)?);
    }
    Ok(conversion::expression_value(
        &expression.in_list(items, negated)?,
    ))
}

/// `exists(...).where(...)`.
fn exists_where(vm: &mut Interpreter, this: &Value, bound: &mut Bound<'_>) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    if let Expression::Unary(unary) = &expression
        && unary.operator == Some(Operator::Exists)
        && let Expression::ScalarSelect(select) = &unary.element
        && let SelectBase::Select(select) = &**select
    {
        let mut select = select.clone();
        for condition in &bound.rest {
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
    bound: &mut Bound<'_>,
    comparison: bool,
) -> Result<Value> {
    // What Python would do with values: no statement shows it.
    bound.ignore(&["python_impl"]);
    let text = bound.value("opstring").as_text().unwrap_or_default();
    let precedence = bound
        .take_some("precedence")
        .and_then(|value| value.as_int())
        .unwrap_or(0);
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
