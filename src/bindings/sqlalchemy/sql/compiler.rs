//! `expression.compile(...)`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Bound, Class, Declaration, Interpreter, NativeObject, Value, property};
use sqlalchemy::compiler::Compiled;
use sqlalchemy::dialects::Dialect;

use crate::bindings::conversion;

/// `expression.compile(...)`: an object whose `str()` is the SQL.
pub struct CompiledObject {
    string: String,
    /// The bound values by the names of their parameters.
    params: Vec<(Rc<str>, Value)>,
}

/// The result of `compile()`.
static COMPILED: Declaration<CompiledObject> = Declaration {
    properties: &[
        property("string", |_, this| Ok(Value::str(&this.string))),
        property("params", |_, this| {
            Ok(Value::dict(this.params.iter().cloned()))
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.compiler.SQLCompiler")
};

impl CompiledObject {
    /// Wraps compiled SQL without parameters.
    pub fn new(string: String) -> CompiledObject {
        CompiledObject {
            string,
            params: Vec::new(),
        }
    }

    /// The Python object of a compiled statement.
    ///
    /// # Errors
    /// Where a bound value has no Python object.
    pub fn of(vm: &mut Interpreter, compiled: Compiled) -> Result<Value> {
        let mut params = Vec::with_capacity(compiled.parameters.len());
        for entry in &compiled.parameters {
            let value = match &entry.parameter.value {
                Some(value) => conversion::from_literal(vm, value)?,
                None => Value::None,
            };
            params.push((entry.name.clone(), value));
        }
        Ok(Value::native(CompiledObject {
            string: compiled.string,
            params,
        }))
    }
}

impl NativeObject for CompiledObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COMPILED)
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.string.clone()))
    }
}

/// The parameters of `compile(...)`.
pub const COMPILE: &str = "self, bind=None, dialect=None, **kw";

/// The dialect and `literal_binds` passed to `compile(...)`.
///
/// # Errors
/// `limbeck.Unsupported` for a dialect that is not here.
pub fn compile_arguments(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<(Dialect, bool)> {
    let bind = bound.take_some("bind");
    let dialect = match bound.take_some("dialect").or(bind) {
        Some(value) => {
            let value = vm.find_attribute(&value, "dialect")?.unwrap_or(value);
            conversion::to_dialect(vm, &value)?
        }
        None => Dialect::default_dialect(),
    };
    let keywords = bound
        .extra
        .iter()
        .find(|(name, _)| &**name == "compile_kwargs");
    let literal = keywords
        .and_then(|(_, keywords)| keywords.as_dict())
        .and_then(|keywords| keywords.get_str("literal_binds"));
    let literal = match literal {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    Ok((dialect, literal))
}
