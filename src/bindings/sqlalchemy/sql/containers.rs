//! The operators of PostgreSQL's JSONB, arrays, HSTORE and ranges.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Bound, DeclaredMethod, Interpreter, Value, method};
use sqlalchemy::elements::{
    self, Binary, CustomOperator, Expression, Modifiers, Operand, Operator,
};
use sqlalchemy::sqltypes::{Type, TypeClass, classes};

use super::operators::{operand, this_expression};
use crate::bindings::conversion;

/// The type classes whose values contain others.
static CONTAINERS: &[&TypeClass] = &[
    &classes::POSTGRESQL_JSONB,
    &classes::ARRAY,
    &classes::POSTGRESQL_HSTORE,
    &classes::POSTGRESQL_GENERIC_ABSTRACT_RANGE,
];

/// Those with keys.
static WITH_KEYS: &[&TypeClass] = &[&classes::POSTGRESQL_JSONB, &classes::POSTGRESQL_HSTORE];

/// Those that can overlap.
static WITH_BOUNDS: &[&TypeClass] = &[&classes::ARRAY, &classes::POSTGRESQL_GENERIC_ABSTRACT_RANGE];

static JSONB: &[&TypeClass] = &[&classes::POSTGRESQL_JSONB];

/// What the right operand's type is, where it is a value.
#[derive(Clone, Copy)]
enum Right {
    /// The type of the left one.
    Same,
    /// That of a text.
    Text,
    /// None, so that nothing is cast.
    Untyped,
}

macro_rules! container {
    ($name:literal, $text:literal, $classes:expr, $right:expr) => {
        method($name, "self, other", |vm, this, bound| {
            apply(vm, this, bound, $name, $text, $classes, $right)
        })
    };
}

/// The methods; `contains` is with the operators of texts.
pub(super) static METHODS: &[DeclaredMethod<Value>] = &[
    container!("contained_by", "<@", CONTAINERS, Right::Same),
    container!("has_key", "?", WITH_KEYS, Right::Text),
    container!("has_any", "?|", WITH_KEYS, Right::Same),
    container!("has_all", "?&", WITH_KEYS, Right::Same),
    container!("path_exists", "@?", JSONB, Right::Untyped),
    container!("path_match", "@@", JSONB, Right::Untyped),
    container!("overlap", "&&", WITH_BOUNDS, Right::Same),
    container!("overlaps", "&&", WITH_BOUNDS, Right::Same),
    method("any", "self, other, operator=None", |vm, this, bound| {
        compared(vm, this, bound, "ANY")
    }),
    method("all", "self, other, operator=None", |vm, this, bound| {
        compared(vm, this, bound, "ALL")
    }),
];

/// `contains(other)` where the expression is a container; `None` where it is a text.
///
/// # Errors
/// `limbeck.Unsupported` for a value whose module is not here.
pub(super) fn contains(
    vm: &mut Interpreter,
    this: &Value,
    bound: &mut Bound<'_>,
) -> Result<Option<Value>> {
    let kind = this_expression(vm, this)?.kind();
    if !is_one_of(&kind, CONTAINERS) {
        return Ok(None);
    }
    apply(vm, this, bound, "contains", "@>", CONTAINERS, Right::Same).map(Some)
}

fn is_one_of(kind: &Type, classes: &[&'static TypeClass]) -> bool {
    classes.iter().any(|class| kind.is_instance(class))
}

fn missing(vm: &mut Interpreter, expression: &Expression, name: &str) -> Error {
    let class = conversion::expression_value(expression);
    let class = vm.class_of(&class).name();
    vm.attribute_error(format!(
        "Neither '{class}' object nor 'Comparator' object has an attribute '{name}'"
    ))
}

fn apply(
    vm: &mut Interpreter,
    this: &Value,
    bound: &mut Bound<'_>,
    name: &str,
    text: &str,
    classes: &[&'static TypeClass],
    right: Right,
) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    let kind = expression.kind();
    if !is_one_of(&kind, classes) {
        return Err(missing(vm, &expression, name));
    }
    let other = bound.value("other");
    let other = match operand(vm, &other)? {
        Operand::Expression(other) => other,
        Operand::Literal(value) => {
            let kind = match right {
                Right::Same if kind.is_instance(&classes::POSTGRESQL_GENERIC_ABSTRACT_RANGE) => {
                    elements::literal_type(&value)
                }
                Right::Same => kind,
                Right::Text => Type::string(None),
                Right::Untyped => Type::new(&classes::POSTGRESQL_JSONPATH),
            };
            expression.named_literal(value, kind)
        }
    };
    let operator = Operator::Custom(Rc::new(CustomOperator {
        text: text.to_owned(),
        precedence: 15,
        is_comparison: true,
        natural_self_precedent: true,
        eager_grouping: true,
    }));
    let made = expression.operate(operator, Operand::Expression(other))?;
    Ok(conversion::expression_value(&made))
}

/// `value = ANY (array)`.
fn compared(
    vm: &mut Interpreter,
    this: &Value,
    bound: &mut Bound<'_>,
    word: &str,
) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    let kind = expression.kind();
    let name = word.to_lowercase();
    if !kind.is_instance(&classes::ARRAY) {
        return Err(missing(vm, &expression, &name));
    }
    if !bound.value("operator").is_none() {
        return Err(Error::unsupported(format!("the operator of {name}()")));
    }
    let other = bound.value("other");
    let other = match operand(vm, &other)? {
        Operand::Expression(other) => other,
        Operand::Literal(value) => {
            let item = kind.item_type().unwrap_or_else(Type::null);
            expression.named_literal(value, item)
        }
    };
    let function = elements::any_of(&expression, word);
    let made = other.operate(Operator::Eq, Operand::Expression(function))?;
    Ok(conversion::expression_value(&made))
}

/// `json["key"].astext`: the element as a text.
///
/// # Errors
/// `AttributeError` for what is no element of PostgreSQL's JSON.
pub(super) fn as_text(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    if let Expression::Binary(binary) = &expression {
        let own = binary.left.kind();
        let own = own.is_instance(&classes::POSTGRESQL_JSON);
        let operator = match binary.operator {
            Operator::JsonGetItem if own => Some(Operator::JsonAsText),
            Operator::JsonPathGetItem if own => Some(Operator::JsonPathAsText),
            _ => None,
        };
        if let Some(operator) = operator {
            return Ok(conversion::expression_value(&Expression::Binary(Rc::new(
                Binary {
                    operator,
                    negate: None,
                    kind: Type::new(&classes::GENERIC_TEXT),
                    modifiers: Modifiers::default(),
                    left: binary.left.clone(),
                    right: binary.right.clone(),
                },
            ))));
        }
    }
    Err(missing(vm, &expression, "astext"))
}
