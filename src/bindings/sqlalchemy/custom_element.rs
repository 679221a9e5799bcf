//! User-defined elements: subclasses of `ClauseElement` with `@compiles` functions.

use sqlalchemy::exc;
use std::rc::Rc;

use super::types;
use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::{Class, Interpreter, Value};
use sqlalchemy::dialects::{self, Dialect};
use sqlalchemy::elements::{self, CustomElement, Expression};

/// The expression for a user-defined element. It is compiled immediately, for the first dialect that
/// has a function, to name the columns it yields and to report a failing function early.
///
/// # Errors
/// [`Error::unsupported`] without a function, and what the function raises.
pub fn custom_element(vm: &mut Interpreter, value: &Value, class: &Class) -> Result<Expression> {
    let mut known = dialects::rooms().into_iter().map(Dialect::of);
    let found = known.find_map(|dialect| {
        let function = types::find_compiler(class, dialect.name())?;
        Some((dialect, function))
    });
    let Some((dialect, function)) = found else {
        return Err(Error::unsupported(format!(
            "{} is an SQL element without a @compiles function",
            class.name()
        )));
    };
    let text = types::run_compiler(vm, &function, value, &dialect)?;
    let kind = match vm.find_attribute(value, "type")? {
        Some(kind) if conversion::is_type(&kind) => Some(conversion::to_type(vm, &kind)?),
        _ => None,
    };
    let element = Rc::new(PythonElement {
        instance: value.clone(),
        dialect,
        text: text.clone(),
    });
    Ok(elements::custom_element(element, &text, kind))
}

/// The element, with its SQL for the dialect asked for first.
struct PythonElement {
    instance: Value,
    dialect: Dialect,
    text: String,
}

impl CustomElement for PythonElement {
    fn compile(&self, dialect: &Dialect) -> Result<String> {
        if *dialect == self.dialect || *dialect == Dialect::default_dialect() {
            return Ok(self.text.clone());
        }
        Interpreter::borrow_lent(|vm| {
            let class = vm.class_of(&self.instance);
            match types::find_compiler(&class, dialect.name()) {
                Some(function) => types::run_compiler(vm, &function, &self.instance, dialect),
                None => Err(Error::new(
                    exc::UNSUPPORTED_COMPILATION_ERROR,
                    format!(
                        "Compiler for {} can't render element of type {}",
                        dialect.name(),
                        class.name()
                    ),
                )),
            }
        })
    }
}
