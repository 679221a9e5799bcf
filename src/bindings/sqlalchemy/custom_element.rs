//! User-defined elements: subclasses of `ClauseElement` with `@compiles` functions.

use std::rc::Rc;

use super::types;
use crate::bindings::conversion;
use ground::diagnostic::Result;
use python::{Interpreter, Value};
use sqlalchemy::compiler::types::{unsupported_ddl, unsupported_element};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, CustomElement, Expression};

/// The expression for a user-defined element; its function runs when a statement with it is compiled.
///
/// # Errors
/// Where its `type` can't be a type.
pub fn custom_element(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    let kind = match own_attribute(value, "type") {
        Some(kind) if conversion::is_type(&kind) => Some(conversion::to_type(vm, &kind)?),
        _ => None,
    };
    let name = own_attribute(value, "name").and_then(|name| name.as_text());
    let element = Rc::new(PythonElement(value.clone()));
    Ok(elements::custom_element(element, name.as_deref(), kind))
}

/// An attribute that the project's class or the instance itself has: those of the library's classes are asked of the
/// expression that is being made here.
fn own_attribute(value: &Value, name: &str) -> Option<Value> {
    let Value::Instance(instance) = value else {
        return None;
    };
    instance.attributes.get_str(name).or_else(|| {
        let (owner, found) = instance.class().lookup_with_class(name)?;
        owner.user_defined.then_some(found)
    })
}

/// An instance of a class with `@compiles` functions.
struct PythonElement(Value);

impl CustomElement for PythonElement {
    fn compile(&self, dialect: &Dialect) -> Result<String> {
        Interpreter::borrow_lent(|vm| {
            let class = vm.class_of(&self.0);
            match types::find_compiler(&class, dialect.name()) {
                Some(function) => types::run_compiler(vm, &function, &self.0, dialect),
                None => {
                    let ddl = class.mro().any(|class| class.name().contains("DDLElement"));
                    let shown = vm.repr(&Value::Class(class))?;
                    let shown =
                        format!("{shown}: {shown} construct has no default compilation handler.");
                    Err(if ddl {
                        unsupported_ddl(&shown, dialect)
                    } else {
                        unsupported_element(&shown, dialect)
                    })
                }
            }
        })
    }
}
