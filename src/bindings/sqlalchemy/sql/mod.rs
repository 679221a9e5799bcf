//! `sqlalchemy.sql`: expressions and statements as Python values.

mod compiler;
mod containers;
mod ddl;
mod dml;
mod dml_texts;
mod elements;
mod functions;
mod generative_select;
mod operators;
mod plugin;
mod select;
mod selectable;
mod values;

use python::{Declared, FreeFunction, Interpreter, ModuleBuilder, Value};
use sqlalchemy::elements::Expression;
use sqlalchemy::sql::Statement;

use crate::bindings::conversion;

pub use compiler::{COMPILE, CompiledObject, compile_arguments};
pub use ddl::{DdlObject, ddl_names, ddl_statement};
pub use dml::{ChangeObject, INSERT, INSERT_FUNCTION};
pub use elements::{CLAUSE_ELEMENT, COLUMN_CLAUSE, COLUMN_ELEMENT, ExpressionObject};
pub use functions::{FunctionGenerator, condition};
pub use operators::{binary, coerce, compare, get_item, operand, unary};
pub use plugin::OrmParts;
pub use select::{SelectObject, column_list, compile_statement, find_select, select_value};
pub use selectable::{FromObject, TABLE_CLAUSE, expect_from, find_from, from_value, join};

/// The classes of expressions and statements, by declaring module.
pub static CLASSES: [&[&dyn Declared]; 4] = [
    elements::CLASSES,
    selectable::CLASSES,
    select::CLASSES,
    dml::CLASSES,
];

/// The functions of `sqlalchemy.sql.expression`, by declaring module.
static FUNCTIONS: [&[FreeFunction]; 6] = [
    functions::FUNCTIONS,
    selectable::FUNCTIONS,
    values::FUNCTIONS,
    select::FUNCTIONS,
    dml::FUNCTIONS,
    functions::METHOD_FUNCTIONS,
];

/// Adds the functions that create expressions and statements.
pub fn expression_functions(vm: &mut Interpreter, module: ModuleBuilder) -> ModuleBuilder {
    vm.class(&functions::FUNCTION_GENERATOR);
    FUNCTIONS
        .iter()
        .fold(module, |module, functions| module.functions(functions))
        .declared(&INSERT_FUNCTION)
        .value("func", Value::native(FunctionGenerator::new()))
}

/// A statement, if the value is one: `select(...)`, `insert(...)`, `text(...)`, a function.
pub fn find_statement(value: &Value) -> Option<Statement> {
    if let Some(object) = value.downcast::<SelectObject>() {
        return Some(Statement::Select(object.select.clone()));
    }
    if let Some(object) = value.downcast::<ChangeObject>() {
        return Some(object.statement.clone());
    }
    match conversion::find_expression(value)? {
        Expression::Text(text) => Some(Statement::Text(text)),
        Expression::Column(_) => None,
        expression => Some(Statement::Expression(expression)),
    }
}
