//! `sqlalchemy.ext.*`, `sqlalchemy.util`, DDL elements, and names provided by the engine modules.

use std::rc::Rc;

use super::{build_classes, types};
use crate::bindings::conversion::{self, known_class};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Declaration, Declared, FreeFunction, Interpreter, Module, Registry, Value, built_in,
    function, method,
};

fn accepting(name: &'static str) -> Value {
    Value::function(name, |_, arguments| {
        Ok(arguments
            .positional
            .into_iter()
            .next()
            .unwrap_or(Value::None))
    })
}

static MUTABLE: Declaration<Value> = Declaration {
    class_methods: &[
        function("as_mutable", "cls, sqltype", |vm, bound| {
            let kind = conversion::to_type(vm, &bound.value("sqltype"))?;
            Ok(types::type_value(vm, &kind))
        }),
        function("associate_with", "cls, sqltype", |_, _| Ok(Value::None)),
        function("associate_with_attribute", "cls, attribute", |_, _| {
            Ok(Value::None)
        }),
        function("coerce", "cls, key, value", |_, bound| {
            Ok(bound.value("value"))
        }),
    ],
    methods: &[method("changed", "self", |_, _, _| Ok(Value::None))],
    ..Declaration::new("sqlalchemy.ext.mutable.Mutable")
};

const fn mutable(
    path: &'static str,
    bases: &'static [&'static dyn Declared],
) -> Declaration<Value> {
    Declaration {
        bases,
        ..Declaration::new(path)
    }
}

static MUTABLE_DICT: Declaration<Value> = mutable(
    "sqlalchemy.ext.mutable.MutableDict",
    &[&MUTABLE, &built_in::DICT],
);
static MUTABLE_LIST: Declaration<Value> = mutable(
    "sqlalchemy.ext.mutable.MutableList",
    &[&MUTABLE, &built_in::LIST],
);
static MUTABLE_SET: Declaration<Value> = mutable(
    "sqlalchemy.ext.mutable.MutableSet",
    &[&MUTABLE, &built_in::SET],
);
static MUTABLE_COMPOSITE: Declaration<Value> =
    Declaration::new("sqlalchemy.ext.mutable.MutableComposite");

fn make_mutable(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let classes = [
        &MUTABLE,
        &MUTABLE_DICT,
        &MUTABLE_LIST,
        &MUTABLE_SET,
        &MUTABLE_COMPOSITE,
    ];
    let mut module = Module::build("sqlalchemy.ext.mutable");
    for declared in classes {
        module = module.class(&vm.class(declared));
    }
    Ok(module.build())
}

static COMPILER: &[FreeFunction] = &[
    function("compiles", "class_, *specs", |vm, bound| {
        let Value::Class(class) = bound.value("class_") else {
            return Err(vm.type_error("compiles() needs a class"));
        };
        let dialects: Vec<Rc<str>> = bound.rest.iter().filter_map(Value::as_text).collect();
        Ok(Value::function("compiles", move |vm, arguments| {
            let [function] = arguments.exactly("compiles")?;
            types::add_compiler(vm, &class, &dialects, &function)?;
            Ok(function)
        }))
    }),
    function("deregister", "class_", |_, bound| {
        if let Value::Class(class) = bound.value("class_") {
            types::remove_compilers(&class);
        }
        Ok(Value::None)
    }),
];

fn make_compiler(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext.compiler")
        .functions(COMPILER)
        .build())
}

static UTIL: &[FreeFunction] = &[
    function("immutabledict", "*args", |vm, bound| {
        let dict = Value::Class(known_class(vm, "dict"));
        vm.call(
            &dict,
            Arguments::positional(std::mem::take(&mut bound.rest)),
        )
    }),
    function("to_list", "x, default=None", |_, bound| {
        let value = bound.value("x");
        Ok(match value.as_items() {
            Some(items) => Value::list(items),
            None if value.is_none() => bound.value("default"),
            None => Value::list(vec![value]),
        })
    }),
];

fn make_util(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.util")
        .value("OrderedDict", Value::Class(known_class(vm, "dict")))
        .value("EMPTY_DICT", Value::dict(Vec::<(String, Value)>::new()))
        .value("memoized_property", accepting("memoized_property"))
        .value("hybridproperty", accepting("hybridproperty"))
        .functions(UTIL)
        .build())
}

static AUTOMAP_BASE: FreeFunction =
    function("automap_base", "declarative_base=None, **kw", |_, _| {
        Err(Error::unsupported(
            "automap makes classes from a database when a program starts, which is not possible \
             here; use MetaData.reflect() and tables",
        ))
    });

fn make_automap(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext.automap")
        .declared(&AUTOMAP_BASE)
        .build())
}

fn make_ext(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext").build())
}

fn make_utils(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build("sqlalchemy_utils");
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
    Ok(module.functions(UTILS).build())
}

static UTILS: &[FreeFunction] = &[
    function("database_exists", "url", |_, _| {
        Err(Error::unsupported(
            "sqlalchemy_utils.database_exists is not here; connect, and see whether that fails",
        ))
    }),
    function(
        "create_database",
        "url, encoding='utf8', template=None",
        |_, _| {
            Err(Error::unsupported(
                "sqlalchemy_utils.create_database is not here; create the database beforehand",
            ))
        },
    ),
];

/// Registers the extension modules.
pub fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.ext", make_ext);
    registry.add("sqlalchemy.ext.mutable", make_mutable);
    registry.add("sqlalchemy.ext.compiler", make_compiler);
    registry.add("sqlalchemy.ext.automap", make_automap);
    registry.add("sqlalchemy.util", make_util);
    registry.add("sqlalchemy_utils", make_utils);
}
