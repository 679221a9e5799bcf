//! SQL expressions.

use ground::diagnostic::Result;
use python::{Arguments, Interpreter, Value};
use sqlalchemy::elements::{self, Expression};

use super::{argument_error, column_value, find_column, refuse_opaque};
use crate::bindings::sqlalchemy::custom_element::custom_element;
use crate::bindings::sqlalchemy::schema::ColumnObject;
use crate::bindings::sqlalchemy::sql::ExpressionObject;

/// A SQL expression, if the value is one.
pub fn find_expression(value: &Value) -> Option<Expression> {
    match value {
        Value::Native(_) => {
            if let Some(object) = value.downcast::<ExpressionObject>() {
                return Some(object.expression.clone());
            }
            find_column(value).map(Expression::Column)
        }
        _ => None,
    }
}

/// A SQL expression, for an argument that must be one; honours `__clause_element__`.
///
/// # Errors
/// None of its own: `None` where it is no expression.
pub fn find_clause(vm: &mut Interpreter, value: &Value) -> Result<Option<Expression>> {
    if let Some(found) = find_expression(value) {
        return Ok(Some(found));
    }
    if let Value::Instance(instance) = value
        && (instance
            .class()
            .inherits_from("sqlalchemy.sql.elements.ClauseElement")
            || instance
                .class()
                .inherits_from("sqlalchemy.sql.ddl.ExecutableDDLElement"))
    {
        return custom_element(vm, value).map(Some);
    }
    if let Value::Instance(instance) = value
        && instance.class().lookup("__clause_element__").is_some()
    {
        let element = vm.call_method(value, "__clause_element__", Arguments::none())?;
        return Ok(find_expression(&element));
    }
    Ok(None)
}

/// An expression, or a string containing SQL.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else.
pub fn text_expression(vm: &mut Interpreter, value: &Value, purpose: &str) -> Result<Expression> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(expression);
    }
    if let Some(text) = value.as_text() {
        return Ok(elements::text(&text));
    }
    refuse_opaque(value, purpose)?;
    let shown = vm.repr(value)?;
    Err(argument_error(format!(
        "SQL expression element or literal value expected, got {shown}."
    )))
}

/// The Python object of an expression; [`element_value`] preserves the identity of columns.
pub fn expression_value(expression: &Expression) -> Value {
    match expression {
        Expression::Column(column) => Value::native(ColumnObject {
            column: column.clone(),
        }),
        other => Value::native(ExpressionObject {
            expression: other.clone(),
        }),
    }
}

/// The Python object of an expression; a column yields the table's own object.
pub fn element_value(vm: &mut Interpreter, expression: &Expression) -> Value {
    match expression {
        Expression::Column(column) => column_value(vm, column),
        other => expression_value(other),
    }
}
