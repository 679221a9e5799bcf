//! SQL expressions.

use ground::diagnostic::{Error, Result};
use python::{Arguments, Interpreter, Value};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, Expression};

use super::{argument_error, column_value, find_column, is_type, refuse_opaque, to_type};
use crate::bindings::sqlalchemy::schema::ColumnObject;
use crate::bindings::sqlalchemy::sql::ExpressionObject;
use crate::bindings::sqlalchemy::types;

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

/// A SQL expression, for an argument that must be one. `__clause_element__` is asked.
///
/// # Errors
/// None of its own: `None` where it is no expression.
pub fn find_clause(vm: &mut Interpreter, value: &Value) -> Result<Option<Expression>> {
    if let Some(found) = find_expression(value) {
        return Ok(Some(found));
    }
    if let Value::Instance(instance) = value
        && instance
            .class()
            .inherits_from("sqlalchemy.sql.elements.ClauseElement")
    {
        // A person's own element: what its `@compiles` function writes for SQLite.
        let dialect = Dialect::sqlite();
        let Some(function) = types::find_compiler(&instance.class(), dialect.name()) else {
            return Err(Error::unsupported(format!(
                "{} is an SQL element without a @compiles function for SQLite",
                instance.class().name()
            )));
        };
        let text = types::run_compiler(vm, &function, value, &dialect)?;
        let kind = match vm.find_attribute(value, "type")? {
            Some(kind) if is_type(&kind) => Some(to_type(vm, &kind)?),
            _ => None,
        };
        return Ok(Some(sqlalchemy::elements::literal_column(&text, kind)));
    }
    if let Value::Instance(instance) = value
        && instance.class().lookup("__clause_element__").is_some()
    {
        let element = vm.call_method(value, "__clause_element__", Arguments::none())?;
        return Ok(find_expression(&element));
    }
    Ok(None)
}

/// An expression, or text that is SQL.
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

/// The Python object of an expression; [`element_value`] gives a column the same one each time.
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

/// The Python object of an expression; a column is the table's own.
pub fn element_value(vm: &mut Interpreter, expression: &Expression) -> Value {
    match expression {
        Expression::Column(column) => column_value(vm, column),
        other => expression_value(other),
    }
}
