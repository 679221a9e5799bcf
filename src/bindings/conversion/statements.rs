//! Statements.

use ground::diagnostic::Result;
use python::{Interpreter, Value};
use sqlalchemy::elements::Expression;
use sqlalchemy::sql::Statement;

use super::find_clause;
use crate::bindings::sqlalchemy::sql;

/// A statement, if the value is one.
///
/// # Errors
/// What `__clause_element__` raises.
pub fn to_statement(vm: &mut Interpreter, value: &Value) -> Result<Option<Statement>> {
    if let Some(found) = sql::find_statement(value) {
        return Ok(Some(found));
    }
    Ok(find_clause(vm, value)?.map(|expression| match expression {
        Expression::Text(text) => Statement::Text(text),
        expression => Statement::Expression(expression),
    }))
}
