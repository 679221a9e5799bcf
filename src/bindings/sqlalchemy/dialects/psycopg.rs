//! Python's drivers for PostgreSQL as modules: `psycopg`, `psycopg2`, `asyncpg`, `pg8000`. They have their
//! exceptions, which is what migrations take from them; connections are SQLAlchemy's business.

use std::rc::Rc;

use driver::postgresql::{exception_base, sqlstate};
use ground::diagnostic::{Error, Result};
use python::{
    Class, Declaration, Interpreter, Module, NativeObject, Property, Registry, Value, property,
};

/// The exceptions of PEP 249, which the modules have at their top.
const PEP_249: [&str; 10] = [
    "Warning",
    "Error",
    "InterfaceError",
    "DatabaseError",
    "DataError",
    "OperationalError",
    "IntegrityError",
    "InternalError",
    "ProgrammingError",
    "NotSupportedError",
];

/// Has the drivers' exceptions made when they are first raised or named, and filled in.
pub(super) fn define_exceptions(vm: &mut Interpreter) {
    vm.on_exception_class(exception_base);
    vm.on_exception("psycopg.Error", |vm, error, exception| {
        fill_state(vm, error, exception, &["sqlstate"])?;
        vm.set_attribute(exception, "diag", diagnostic(error))
    });
    vm.on_exception("psycopg2.Error", |vm, error, exception| {
        fill_state(vm, error, exception, &["pgcode"])?;
        let severity = field(error, b'S').map(|severity| format!("{severity}:  {}", error.message));
        vm.set_attribute(exception, "pgerror", severity.as_deref().into())?;
        vm.set_attribute(exception, "diag", diagnostic(error))
    });
    vm.on_exception(
        "sqlalchemy.dialects.postgresql.asyncpg.AsyncAdapt_asyncpg_dbapi.Error",
        |vm, error, exception| {
            fill_state(vm, error, exception, &["sqlstate", "pgcode"])?;
            vm.set_attribute(exception, "detail", field(error, b'D').into())
        },
    );
    vm.on_exception(
        "asyncpg.exceptions.PostgresError",
        |vm, error, exception| {
            fill_state(vm, error, exception, &["sqlstate"])?;
            for (name, letter) in [
                ("message", b'M'),
                ("detail", b'D'),
                ("hint", b'H'),
                ("schema_name", b's'),
                ("table_name", b't'),
                ("column_name", b'c'),
                ("constraint_name", b'n'),
            ] {
                vm.set_attribute(exception, name, field(error, letter).into())?;
            }
            Ok(())
        },
    );
    vm.on_exception("pg8000.exceptions.Error", |vm, error, exception| {
        let Some(report) = &error.report else {
            return Ok(());
        };
        let fields = report
            .iter()
            .map(|(letter, value)| (char::from(*letter).to_string(), Value::str(value)));
        let fields = Value::dict(fields.collect::<Vec<_>>());
        vm.set_attribute(exception, "args", Value::tuple(vec![fields]))
    });
}

fn field(error: &Error, letter: u8) -> Option<&str> {
    let mut fields = error.report.as_deref()?.iter();
    fields
        .find(|(known, _)| *known == letter)
        .map(|(_, value)| value.as_str())
}

fn fill_state(
    vm: &mut Interpreter,
    error: &Error,
    exception: &Value,
    names: &[&str],
) -> Result<()> {
    for name in names {
        vm.set_attribute(exception, name, field(error, b'C').into())?;
    }
    Ok(())
}

fn diagnostic(error: &Error) -> Value {
    Value::native(Diagnostic {
        fields: error.report.clone().unwrap_or_default(),
    })
}

/// `diag` of an exception: what the server reported.
struct Diagnostic {
    fields: Rc<[(u8, String)]>,
}

impl Diagnostic {
    fn field(&self, letter: u8) -> Value {
        let mut fields = self.fields.iter();
        match fields.find(|(known, _)| *known == letter) {
            Some((_, value)) => Value::str(value),
            None => Value::None,
        }
    }
}

static PROPERTIES: &[Property<Diagnostic>] = &[
    property("severity", |_, this| Ok(this.field(b'S'))),
    property("severity_nonlocalized", |_, this| Ok(this.field(b'V'))),
    property("sqlstate", |_, this| Ok(this.field(b'C'))),
    property("message_primary", |_, this| Ok(this.field(b'M'))),
    property("message_detail", |_, this| Ok(this.field(b'D'))),
    property("message_hint", |_, this| Ok(this.field(b'H'))),
    property("statement_position", |_, this| Ok(this.field(b'P'))),
    property("internal_position", |_, this| Ok(this.field(b'p'))),
    property("internal_query", |_, this| Ok(this.field(b'q'))),
    property("context", |_, this| Ok(this.field(b'W'))),
    property("schema_name", |_, this| Ok(this.field(b's'))),
    property("table_name", |_, this| Ok(this.field(b't'))),
    property("column_name", |_, this| Ok(this.field(b'c'))),
    property("datatype_name", |_, this| Ok(this.field(b'd'))),
    property("constraint_name", |_, this| Ok(this.field(b'n'))),
    property("source_file", |_, this| Ok(this.field(b'F'))),
    property("source_line", |_, this| Ok(this.field(b'L'))),
    property("source_function", |_, this| Ok(this.field(b'R'))),
];

static DIAGNOSTIC: Declaration<Diagnostic> = Declaration {
    properties: PROPERTIES,
    ..Declaration::new("psycopg.errors.Diagnostic")
};

impl NativeObject for Diagnostic {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DIAGNOSTIC)
    }
}

/// An exception class, with its SQLSTATE.
fn exception(vm: &mut Interpreter, dotted: &str) -> Option<Class> {
    let class = vm.exception_class(dotted)?;
    if let Some(state) = sqlstate(dotted) {
        class.set("sqlstate", state.into());
    }
    Some(class)
}

/// A module of exceptions that are made when they are named. Another name is a value that nothing can be
/// done with but to pass it on.
fn exceptions(
    vm: &mut Interpreter,
    module: &'static str,
    home: &'static str,
) -> Result<Rc<Module>> {
    define_exceptions(vm);
    let mut builder = Module::build(module);
    for name in PEP_249 {
        if let Some(class) = exception(vm, &format!("{home}.{name}")) {
            builder = builder.class(&class);
        }
    }
    Ok(builder
        .attribute_hook(move |vm, name| {
            if name.starts_with("__") {
                return Ok(None);
            }
            let here = format!("{module}.{name}");
            let class = exception(vm, &here).or_else(|| exception(vm, &format!("{home}.{name}")));
            Ok(Some(match class {
                Some(class) => Value::Class(class),
                None if MODULES.contains(&here.as_str()) => vm.import(&here)?,
                None => vm.opaque(&here),
            }))
        })
        .build())
}

/// All of them.
const MODULES: [&str; 8] = [
    "psycopg",
    "psycopg.errors",
    "psycopg2",
    "psycopg2.errors",
    "psycopg2.errorcodes",
    "asyncpg",
    "asyncpg.exceptions",
    "pg8000.dbapi",
];

/// `psycopg2.errorcodes`: the SQLSTATEs by name.
fn error_codes(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("psycopg2.errorcodes")
        .attribute_hook(|_, name| {
            let camel: String = name
                .split('_')
                .flat_map(|word| {
                    let lower = word.to_lowercase();
                    let mut characters = lower.chars();
                    let first = characters.next().map(|first| first.to_ascii_uppercase());
                    first.into_iter().chain(characters).collect::<Vec<char>>()
                })
                .collect();
            Ok(sqlstate(&format!("psycopg2.errors.{camel}")).map(Into::into))
        })
        .build())
}

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("psycopg", |vm| exceptions(vm, "psycopg", "psycopg"));
    registry.add("psycopg.errors", |vm| {
        exceptions(vm, "psycopg.errors", "psycopg")
    });
    registry.add("psycopg2", |vm| exceptions(vm, "psycopg2", "psycopg2"));
    registry.add("psycopg2.errors", |vm| {
        exceptions(vm, "psycopg2.errors", "psycopg2")
    });
    registry.add("psycopg2.errorcodes", error_codes);
    registry.add("asyncpg", |vm| {
        exceptions(vm, "asyncpg", "asyncpg.exceptions")
    });
    registry.add("asyncpg.exceptions", |vm| {
        exceptions(vm, "asyncpg.exceptions", "asyncpg.exceptions")
    });
    registry.add("pg8000", |vm| exceptions(vm, "pg8000", "pg8000.dbapi"));
    registry.add("pg8000.dbapi", |vm| {
        exceptions(vm, "pg8000.dbapi", "pg8000.dbapi")
    });
    registry.add("pg8000.exceptions", |vm| {
        exceptions(vm, "pg8000.exceptions", "pg8000.exceptions")
    });
}
