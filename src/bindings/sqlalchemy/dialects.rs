//! Dialect objects, as passed to types and `@compiles` functions.

use python::{Class, Declaration, Interpreter, NativeObject, Value, method, property};
use sqlalchemy::dialects::Dialect;

use crate::bindings::conversion;

/// A dialect without a connection.
pub struct DialectObject {
    /// The dialect.
    pub dialect: Dialect,
}

/// `DefaultDialect`.
pub static DIALECT: Declaration<DialectObject> = Declaration {
    properties: &[property("name", |_, this| {
        Ok(Value::str(this.dialect.name()))
    })],
    methods: &[method(
        "type_descriptor",
        "self, typeobj",
        |vm, this, bound| {
            let kind = conversion::to_type(vm, &bound.value("typeobj"))?;
            let kind = this.dialect.type_descriptor(&kind);
            Ok(conversion::type_value(vm, &kind))
        },
    )],
    ..Declaration::new("sqlalchemy.engine.default.DefaultDialect")
};

impl NativeObject for DialectObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DIALECT)
    }
}
