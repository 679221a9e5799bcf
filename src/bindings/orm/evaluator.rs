//! What an expression is made of, for `library/evaluator.py`, which computes conditions on the
//! instances of a session.

use ground::diagnostic::Result;
use python::{Interpreter, Value};
use sqlalchemy::elements::{Expression, Operator};
use sqlalchemy::sqltypes::classes;

use crate::bindings::conversion::{self, element_value};

/// The name of an operator that can be computed, as `sqlalchemy.sql.operators` has it.
fn operator_name(operator: &Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Eq => "eq",
        Operator::Ne => "ne",
        Operator::Lt => "lt",
        Operator::Le => "le",
        Operator::Gt => "gt",
        Operator::Ge => "ge",
        Operator::Is => "is_",
        Operator::IsNot => "is_not",
        Operator::In => "in_op",
        Operator::NotIn => "not_in_op",
        Operator::Add => "add",
        Operator::Sub => "sub",
        Operator::Mul => "mul",
        Operator::TrueDiv => "truediv",
        Operator::Mod => "mod",
        Operator::Concat => "concat_op",
        Operator::And => "and_",
        Operator::Or => "or_",
        Operator::Comma => "comma_op",
        _ => return None,
    })
}

/// The class that SQLAlchemy names where it can't compute an expression.
fn class_name(expression: &Expression) -> &'static str {
    match expression {
        Expression::Text(_) => "TextClause",
        Expression::Function(_) => "Function",
        Expression::Cast(_) => "Cast",
        Expression::TypeCoerce(_) => "TypeCoerce",
        Expression::Case(_) => "Case",
        Expression::Extract(..) => "Extract",
        Expression::Over(_) => "Over",
        Expression::ScalarSelect(_) => "ScalarSelect",
        Expression::Label(_) => "Label",
        Expression::Unary(_) => "UnaryExpression",
        Expression::AsBoolean(_) => "AsBoolean",
        Expression::Binary(_) => "BinaryExpression",
        Expression::List(_) => "ExpressionClauseList",
        _ => "ColumnElement",
    }
}

fn is_number(expression: &Expression) -> bool {
    let kind = expression.kind();
    kind.is_instance(&classes::GENERIC_NUMERIC) || kind.is_instance(&classes::GENERIC_INTEGER)
}

fn named(name: &str, parts: Vec<Value>) -> Value {
    let mut items = vec![Value::str(name)];
    items.extend(parts);
    Value::tuple(items)
}

/// An expression as a tuple: its kind, then its parts.
///
/// # Errors
/// What making a parameter's value raises.
pub(super) fn parts(vm: &mut Interpreter, expression: &Expression) -> Result<Value> {
    Ok(match expression {
        Expression::Grouping(inner) => return parts(vm, inner),
        Expression::Null => named("value", vec![Value::None]),
        Expression::True => named("value", vec![true.into()]),
        Expression::False => named("value", vec![false.into()]),
        Expression::Column(_) => named("column", vec![element_value(vm, expression)]),
        Expression::BindParameter(parameter) => match &parameter.value {
            Some(value) => named("value", vec![conversion::from_literal(vm, value)?]),
            None => named("other", vec![Value::str("BindParameter"), Value::None]),
        },
        Expression::Tuple(items) => {
            let items = items.iter().map(|item| element_value(vm, item)).collect();
            named("list", vec![Value::str("comma_op"), Value::list(items)])
        }
        Expression::List(list) => match list.operator.as_ref().and_then(operator_name) {
            Some(name) => {
                let items = list.clauses.iter();
                let items = items.map(|item| element_value(vm, item)).collect();
                named("list", vec![Value::str(name), Value::list(items)])
            }
            None => named(
                "other",
                vec![Value::str(class_name(expression)), Value::None],
            ),
        },
        Expression::Unary(unary) if matches!(unary.operator, Some(Operator::Inv)) => {
            named("not", vec![element_value(vm, &unary.element)])
        }
        Expression::Binary(binary) => {
            let sides = [
                element_value(vm, &binary.left),
                element_value(vm, &binary.right),
            ];
            let [left, right] = sides;
            let numbers = is_number(&binary.left) && is_number(&binary.right);
            match operator_name(&binary.operator) {
                Some(name) => named(
                    "binary",
                    vec![Value::str(name), left, right, numbers.into()],
                ),
                None => named(
                    "other",
                    vec![
                        Value::str(class_name(expression)),
                        Value::str(format!("{:?}", binary.operator)),
                    ],
                ),
            }
        }
        other => named("other", vec![Value::str(class_name(other)), Value::None]),
    })
}
