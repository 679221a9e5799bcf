//! The exceptions of `sqlalchemy.exc`, and their attributes.

use std::rc::Rc;

use super::event::parameters_value;
use crate::bindings::sqlalchemy::dialects;
use ground::diagnostic::{Error, Result};
use python::{Arguments, Class, Interpreter, Module, NativeFunction, Value};
use sqlalchemy::engine::error::{StatementParameters, background};

/// The exceptions of `sqlalchemy.exc`: name, bases, and the code used in documentation links.
const EXCEPTIONS: [(&str, &[&str], &str); 53] = [
    ("SQLAlchemyError", &["Exception"], ""),
    ("ArgumentError", &["SQLAlchemyError"], ""),
    ("DuplicateColumnError", &["ArgumentError"], ""),
    ("ObjectNotExecutableError", &["ArgumentError"], ""),
    ("NoSuchModuleError", &["ArgumentError"], ""),
    ("NoForeignKeysError", &["ArgumentError"], ""),
    ("AmbiguousForeignKeysError", &["ArgumentError"], ""),
    ("ConstraintColumnNotFoundError", &["ArgumentError"], ""),
    ("CircularDependencyError", &["SQLAlchemyError"], ""),
    ("CompileError", &["SQLAlchemyError"], ""),
    ("UnsupportedCompilationError", &["CompileError"], "l7de"),
    ("IdentifierError", &["SQLAlchemyError"], ""),
    ("DisconnectionError", &["SQLAlchemyError"], ""),
    ("InvalidatePoolError", &["DisconnectionError"], ""),
    ("TimeoutError", &["SQLAlchemyError"], ""),
    ("InvalidRequestError", &["SQLAlchemyError"], ""),
    ("IllegalStateChangeError", &["InvalidRequestError"], ""),
    ("NoInspectionAvailable", &["InvalidRequestError"], ""),
    ("NoDBAPILoaded", &["InvalidRequestError"], ""),
    ("PendingRollbackError", &["InvalidRequestError"], ""),
    ("ResourceClosedError", &["InvalidRequestError"], ""),
    (
        "NoSuchColumnError",
        &["InvalidRequestError", "KeyError"],
        "",
    ),
    ("AmbiguousColumnError", &["InvalidRequestError"], ""),
    ("NoResultFound", &["InvalidRequestError"], ""),
    ("MultipleResultsFound", &["InvalidRequestError"], ""),
    ("NoReferenceError", &["InvalidRequestError"], ""),
    ("AwaitRequired", &["InvalidRequestError"], "xd1r"),
    ("MissingGreenlet", &["InvalidRequestError"], "xd2s"),
    ("NoReferencedTableError", &["NoReferenceError"], ""),
    ("NoReferencedColumnError", &["NoReferenceError"], ""),
    ("NoSuchTableError", &["InvalidRequestError"], ""),
    ("UnreflectableTableError", &["InvalidRequestError"], ""),
    ("UnboundExecutionError", &["InvalidRequestError"], ""),
    ("DontWrapMixin", &["object"], ""),
    ("StatementError", &["SQLAlchemyError"], ""),
    ("DBAPIError", &["StatementError"], "dbapi"),
    ("InterfaceError", &["DBAPIError"], "rvf5"),
    ("DatabaseError", &["DBAPIError"], "4xp6"),
    ("DataError", &["DatabaseError"], "9h9h"),
    ("OperationalError", &["DatabaseError"], "e3q8"),
    ("IntegrityError", &["DatabaseError"], "gkpj"),
    ("InternalError", &["DatabaseError"], "2j85"),
    ("ProgrammingError", &["DatabaseError"], "f405"),
    ("NotSupportedError", &["DatabaseError"], "tw8g"),
    ("SATestSuiteWarning", &["Warning"], ""),
    ("SADeprecationWarning", &["DeprecationWarning"], ""),
    ("Base20DeprecationWarning", &["SADeprecationWarning"], ""),
    ("LegacyAPIWarning", &["Base20DeprecationWarning"], ""),
    ("MovedIn20Warning", &["Base20DeprecationWarning"], ""),
    (
        "SAPendingDeprecationWarning",
        &["PendingDeprecationWarning"],
        "",
    ),
    ("SAWarning", &["RuntimeWarning"], ""),
    ("NoSuchRowError", &["NoResultFound"], ""),
    ("UnmappedColumnError", &["InvalidRequestError"], ""),
];

fn base(vm: &mut Interpreter, name: &str) -> Class {
    let dotted = format!("sqlalchemy.exc.{name}");
    vm.registered_class(&dotted)
        .or_else(|| vm.registered_class(name))
        .unwrap_or_else(|| vm.object_class())
}

/// Defines the exceptions, once per interpreter.
pub(super) fn define(vm: &mut Interpreter) {
    if vm
        .registered_class("sqlalchemy.exc.SQLAlchemyError")
        .is_some()
    {
        return;
    }
    for (name, bases, code) in EXCEPTIONS {
        let bases: Vec<Class> = bases.iter().map(|name| base(vm, name)).collect();
        let class = vm.define_exception("sqlalchemy.exc", name, &bases);
        if name == "SQLAlchemyError" {
            // Also overrides KeyError, whose text would be a repr.
            let text = NativeFunction::new("SQLAlchemyError.__str__", "sqlalchemy.exc", true, text);
            class.set("__str__", Value::NativeFunction(Rc::new(text)));
        }
        if name == "SQLAlchemyError" || !code.is_empty() {
            class.set(
                "code",
                if code.is_empty() {
                    Value::None
                } else {
                    code.into()
                },
            );
        }
    }
    vm.on_exception("sqlalchemy.exc.StatementError", fill_statement_error);
    dialects::define_exceptions(vm);
}

/// `str(error)`.
fn text(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let [error] = arguments.exactly("__str__")?;
    let given = vm.get_attribute(&error, "args")?;
    let mut text = match vm.collect(&given)?.as_slice() {
        [] => String::new(),
        [only] => vm.str(only)?,
        _ => vm.str(&given)?,
    };
    // An error that a program made itself has its link, too.
    let code = vm.find_attribute(&error, "code")?;
    if let Some(code) = code.as_ref().and_then(Value::as_str)
        && !text.contains("(Background on this error at")
    {
        let class = vm.class_of(&error);
        let statement = class.inherits_from("sqlalchemy.exc.StatementError");
        text.push(if statement { '\n' } else { ' ' });
        text.push_str(&background(code));
    }
    Ok(Value::str(text))
}

/// Sets `orig`, `statement` and `params` of a StatementError.
fn fill_statement_error(vm: &mut Interpreter, error: &Error, exception: &Value) -> Result<()> {
    let orig = match &error.cause {
        Some(cause) => vm.exception_value(&mut cause.clone()),
        None => Value::None,
    };
    vm.set_attribute(exception, "orig", orig)?;
    let statement = error.statement.as_deref();
    vm.set_attribute(exception, "statement", statement.into())?;
    let parameters = error.parameters.clone();
    let parameters = match parameters.and_then(|given| given.downcast::<StatementParameters>().ok())
    {
        Some(parameters) => parameters_value(vm, &parameters)?,
        None => Value::None,
    };
    vm.set_attribute(exception, "params", parameters)?;
    vm.set_attribute(exception, "connection_invalidated", false.into())
}

/// Makes `sqlalchemy.exc`.
///
/// # Errors
/// None so far.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    define(vm);
    let mut module = Module::build("sqlalchemy.exc");
    for (name, ..) in EXCEPTIONS {
        if let Some(class) = vm.registered_class(&format!("sqlalchemy.exc.{name}")) {
            module = module.class(&class);
        }
    }
    let no_such_module = vm.registered_class("sqlalchemy.exc.NoSuchModuleError");
    if let Some(class) = no_such_module {
        module = module.value("NoSuchModuleError", class);
    }
    Ok(module.build())
}
