//! `sqlalchemy.orm.exc`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Class, Interpreter, Module};
use sqlalchemy::exc;

/// The exceptions, and the classes that they inherit from.
const ERRORS: &[(&str, &str)] = &[
    ("StaleDataError", "sqlalchemy.exc.SQLAlchemyError"),
    ("FlushError", "sqlalchemy.exc.SQLAlchemyError"),
    ("DetachedInstanceError", "sqlalchemy.exc.SQLAlchemyError"),
    ("LoaderStrategyException", exc::INVALID_REQUEST_ERROR),
    ("UnmappedError", exc::INVALID_REQUEST_ERROR),
    ("UnmappedInstanceError", "sqlalchemy.orm.exc.UnmappedError"),
    ("UnmappedClassError", "sqlalchemy.orm.exc.UnmappedError"),
    ("UnmappedColumnError", exc::INVALID_REQUEST_ERROR),
    ("ObjectDereferencedError", "sqlalchemy.exc.SQLAlchemyError"),
    ("ObjectDeletedError", exc::INVALID_REQUEST_ERROR),
];

/// Defines the exceptions.
pub(super) fn define(vm: &mut Interpreter) {
    for (name, base) in ERRORS {
        let known = vm.registered_class(&["sqlalchemy.orm.exc.", name].concat());
        if known.is_none() {
            let bases: Vec<Class> = vm.registered_class(base).into_iter().collect();
            vm.define_exception("sqlalchemy.orm.exc", name, &bases);
        }
    }
}

/// Makes the module.
///
/// # Errors
/// None so far.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    define(vm);
    let mut module = Module::build("sqlalchemy.orm.exc");
    for (name, _) in ERRORS {
        if let Some(class) = vm.registered_class(&["sqlalchemy.orm.exc.", name].concat()) {
            module = module.class(&class);
        }
    }
    for name in ["NoResultFound", "MultipleResultsFound"] {
        if let Some(class) = vm.registered_class(&["sqlalchemy.exc.", name].concat()) {
            module = module.class(&class);
        }
    }
    Ok(module.build())
}
