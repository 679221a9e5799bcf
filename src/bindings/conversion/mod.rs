//! Conversion between Python values and the engine's types.
//!
//! `find_…` returns `None` for a value of another kind, `to_…` raises, and `…_value` converts back.

use sqlalchemy::exc;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Class, Interpreter, Value};

mod arguments;
mod dialects;
mod expressions;
mod fields;
mod literals;
mod names;
mod schema_items;
mod statements;
mod types;

pub use crate::bindings::sqlalchemy::types::type_value;
pub use arguments::{
    fixed_info, flag, info_argument, info_value, integer, set_value, text, to_texts,
};
pub use dialects::{argument_value, dialect_argument, dialect_options, options_value, to_dialect};
pub use expressions::{
    element_value, expression_value, find_clause, find_expression, text_expression,
};
pub use fields::{OperationField, distinct_texts, keyword_items, texts};
pub use literals::{PythonObject, from_literal, to_literal};
pub use names::{
    BlankSchema, CONV, ConventionName, QUOTED_NAME, QuotedName, constraint_name,
    constraint_name_value, convention_value, identifier, name_value, quoted_name_value,
    schema_name,
};
pub use schema_items::{
    autoincrement, column_arguments, column_default, column_item, column_value, computed_value,
    constraint_value, default_clause, default_value, find_column, find_constraint, find_index,
    find_metadata, find_table, foreign_key_value, identity_value, index_expression, index_value,
    metadata_value, not_a_schema_item, reference, schema_item_value, sequence_value,
    server_default, server_default_value, table_item, table_value, to_column, to_metadata,
};
pub use statements::to_statement;
pub use types::{is_type, to_type};

/// A class by its dotted name; `object` if it has not been built.
pub fn known_class(vm: &mut Interpreter, dotted_name: &str) -> Class {
    vm.registered_class(dotted_name)
        .unwrap_or_else(|| vm.object_class())
}

/// `sqlalchemy.exc.ArgumentError`.
pub fn argument_error(message: impl Into<String>) -> Error {
    Error::new(exc::ARGUMENT_ERROR, message)
}

/// `sqlalchemy.exc.InvalidRequestError`.
pub fn invalid_request(message: impl Into<String>) -> Error {
    Error::new(exc::INVALID_REQUEST_ERROR, message)
}

/// The name of an opaque value.
pub fn opaque_name(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Native(object) => object.opaque(),
        Value::Module(module) if module.opaque => Some(module.name.clone()),
        Value::Class(class) => class.opaque_base.clone(),
        Value::Instance(instance) => instance.class().opaque_base.clone(),
        _ => None,
    }
}

/// Raises `limbeck.Unsupported` if the value comes from an unavailable module.
pub fn refuse_opaque(value: &Value, purpose: &str) -> Result<()> {
    match opaque_name(value) {
        Some(name) if crate::bindings::registry().is_known(&name) => Err(Error::unsupported(
            format!("{purpose} is {name}, which is not implemented in Limbeck"),
        )),
        Some(name) => Err(Error::unsupported(format!(
            "{purpose} is {name}, which comes from a module that is not here"
        ))),
        None => Ok(()),
    }
}
