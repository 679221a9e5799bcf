//! `sqlalchemy.ext.*`, `sqlalchemy.util`, DDL elements, and names provided by the engine modules.

use std::rc::Rc;

use super::{build_classes, sql, types};
use crate::bindings::conversion::{self, known_class};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Interpreter, Module, ModuleBuilder, Registry, Value};

/// Adds names to a module; set by another part of the bindings.
pub type AddNames = fn(&mut Interpreter, ModuleBuilder) -> Result<ModuleBuilder>;

/// The names of `sqlalchemy.dialects.postgresql` other than types.
pub fn postgresql_names(vm: &mut Interpreter, module: ModuleBuilder) -> ModuleBuilder {
    let _ = vm;
    module
        .function("array", |vm, arguments| {
            let Some(first) = arguments.positional.first() else {
                return Err(vm.type_error("array() missing 1 required positional argument"));
            };
            let mut items = Vec::new();
            for item in vm.collect(first)? {
                items.push(sql::coerce(vm, &item)?);
            }
            Ok(conversion::expression_value(&sqlalchemy::elements::func(
                Vec::new(),
                sqlalchemy::name::Name::new("ARRAY"),
                items,
            )))
        })
        .function("ExcludeConstraint", |_, _| {
            Err(Error::unsupported(
                "EXCLUDE constraints are PostgreSQL's own and can't be made here",
            ))
        })
        .function("aggregate_order_by", |vm, arguments| {
            let Some(first) = arguments.positional.first() else {
                return Err(vm.type_error("aggregate_order_by() needs an argument"));
            };
            let first = sql::coerce(vm, first)?;
            Ok(conversion::expression_value(&first))
        })
        .function("to_tsvector", |vm, arguments| {
            postgresql_function(vm, "to_tsvector", arguments)
        })
        .function("to_tsquery", |vm, arguments| {
            postgresql_function(vm, "to_tsquery", arguments)
        })
        .function("array_agg", |vm, arguments| {
            postgresql_function(vm, "array_agg", arguments)
        })
}

fn postgresql_function(vm: &mut Interpreter, name: &str, arguments: Arguments) -> Result<Value> {
    let function = Value::native(sql::FunctionGenerator::new());
    let function = vm.get_attribute(&function, name)?;
    vm.call(&function, arguments)
}

fn accepting(name: &'static str) -> Value {
    Value::function(name, |_, arguments| {
        Ok(arguments
            .positional
            .into_iter()
            .next()
            .unwrap_or(Value::None))
    })
}

fn make_mutable(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("sqlalchemy.ext.mutable");
    let as_mutable = |vm: &mut Interpreter, _class: &Class, arguments: Arguments| {
        let Some(kind) = arguments.positional.first() else {
            return Err(
                vm.type_error("as_mutable() missing 1 required positional argument: 'sqltype'")
            );
        };
        let kind = conversion::to_type(vm, kind)?;
        Ok(types::type_value(vm, &kind))
    };
    let base = ClassBuilder::new("sqlalchemy.ext.mutable", "Mutable")
        .class_method("as_mutable", as_mutable)
        .class_method("associate_with", |_, _, _| Ok(Value::None))
        .class_method("associate_with_attribute", |_, _, _| Ok(Value::None))
        .class_method("coerce", |_, _, arguments| {
            Ok(arguments
                .positional
                .into_iter()
                .last()
                .unwrap_or(Value::None))
        })
        .method("changed", |_, _, _| Ok(Value::None))
        .build(vm);
    module = module.class(&base);
    for (name, plain) in [
        ("MutableDict", "dict"),
        ("MutableList", "list"),
        ("MutableSet", "set"),
    ] {
        let plain = known_class(vm, plain);
        let class = ClassBuilder::new("sqlalchemy.ext.mutable", name)
            .base(&base)
            .base(&plain)
            .build(vm);
        module = module.class(&class);
    }
    let composite = ClassBuilder::new("sqlalchemy.ext.mutable", "MutableComposite").build(vm);
    Ok(module.class(&composite).build())
}

fn make_compiler(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext.compiler")
        .function("compiles", |vm, arguments| {
            let Some(Value::Class(class)) = arguments.positional.first().cloned() else {
                return Err(vm.type_error("compiles() needs a class"));
            };
            let dialects: Vec<Rc<str>> = arguments
                .positional
                .iter()
                .skip(1)
                .filter_map(Value::as_text)
                .collect();
            Ok(Value::function("compiles", move |_, arguments| {
                let [function] = arguments.exactly("compiles")?;
                types::add_compiler(&class, &dialects, &function);
                Ok(function)
            }))
        })
        .function("deregister", |_, _| Ok(Value::None))
        .build())
}

fn make_util(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.util")
        .value("EMPTY_DICT", Value::dict(Vec::<(String, Value)>::new()))
        .function("immutabledict", |vm, arguments| {
            match arguments.positional.first() {
                Some(value) => {
                    let class = Value::Class(known_class(vm, "dict"));
                    vm.call(&class, Arguments::positional(vec![value.clone()]))
                }
                None => Ok(Value::dict(Vec::<(String, Value)>::new())),
            }
        })
        .value("memoized_property", accepting("memoized_property"))
        .value("hybridproperty", accepting("hybridproperty"))
        .function("to_list", |vm, arguments| {
            let [value] = arguments.exactly("to_list")?;
            match value.as_items() {
                Some(items) => Ok(Value::list(items)),
                None if value.is_none() => Ok(Value::None),
                None => {
                    let _ = vm;
                    Ok(Value::list(vec![value]))
                }
            }
        })
        .build())
}

fn make_automap(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext.automap")
        .function("automap_base", |_, _| {
            Err(Error::unsupported(
                "automap makes classes from a database when a program starts, which is not \
                 possible here; use MetaData.reflect() and tables",
            ))
        })
        .build())
}

fn make_ext(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext").build())
}

fn make_utils(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build("sqlalchemy_utils");
    let uuid = types::python_class(vm, &sqlalchemy::sqltypes::classes::GENERIC_UUID);
    let _ = uuid;
    let names: &[&str] = &[
        "UUIDType",
        "EmailType",
        "URLType",
        "PhoneNumberType",
        "ChoiceType",
        "JSONType",
        "ScalarListType",
        "IPAddressType",
        "PasswordType",
        "EncryptedType",
        "StringEncryptedType",
        "TSVectorType",
        "ArrowType",
        "LocaleType",
        "TimezoneType",
        "CountryType",
        "CurrencyType",
        "ColorType",
        "LtreeType",
    ];
    for name in names {
        let value = vm.opaque(&format!("sqlalchemy_utils.{name}"));
        module = module.value(name, value);
    }
    Ok(module
        .function("database_exists", |_, _| {
            Err(Error::unsupported(
                "sqlalchemy_utils.database_exists is not here: a SQLite database exists when its \
                 file does",
            ))
        })
        .function("create_database", |_, _| {
            Err(Error::unsupported(
                "sqlalchemy_utils.create_database is not here: SQLite makes a database when it is \
                 opened",
            ))
        })
        .build())
}

/// Registers the extension modules.
pub fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.ext", make_ext);
    registry.add("sqlalchemy.ext.mutable", make_mutable);
    registry.add("sqlalchemy.ext.compiler", make_compiler);
    registry.add("sqlalchemy.ext.automap", make_automap);
    registry.add("sqlalchemy.util", make_util);
    registry.add("sqlalchemy_utils", make_utils);
}

/// The value of a keyword that says how a thing is checked first, left out of `create_all`.
///
/// # Errors
/// TypeError for other arguments.
pub fn creation_arguments(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<(Value, Option<Vec<sqlalchemy::schema::Table>>, bool)> {
    let mut bound = arguments.bind(parameters!(
        "MetaData.create_all",
        "bind, tables=None, checkfirst=True"
    ))?;
    let bind = bound.value("bind");
    let tables = match bound.take_some("tables") {
        Some(value) => Some(
            vm.collect(&value)?
                .iter()
                .filter_map(conversion::find_table)
                .collect(),
        ),
        None => None,
    };
    let check = match bound.take("checkfirst") {
        Some(value) => vm.truth(&value)?,
        None => true,
    };
    Ok((bind, tables, check))
}
