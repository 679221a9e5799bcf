//! `flask_sqlalchemy`: `db = SQLAlchemy()`, `db.Model`, and the SQLAlchemy names available on `db`.

use std::rc::Rc;

use crate::bindings::conversion;
use crate::bindings::orm::registry::{Registry as Mapped, RegistryObject, make_registry};
use crate::bindings::orm::{self, Mapping};
use crate::bindings::sqlalchemy::schema::make_table;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, ClassBody, ClassBuilder, Declaration, Interpreter, Module,
    NativeClass, NativeObject, Registry, Value, constructor, method, property,
};

/// `db`.
struct Extension {
    model: Class,
    registry: Rc<Mapped>,
}

fn opaque(vm: &mut Interpreter, name: &str) -> Result<Value> {
    Ok(vm.opaque(&format!("flask_sqlalchemy.SQLAlchemy().{name}")))
}

/// `db.Table(name, ...)`, which puts the table into the extension's metadata.
fn table(vm: &mut Interpreter, extension: &Extension, bound: &mut Bound<'_>) -> Result<Value> {
    let mut arguments = Arguments {
        positional: std::mem::take(&mut bound.rest),
        keyword: std::mem::take(&mut bound.extra),
    };
    let given = arguments
        .positional
        .get(1)
        .is_some_and(|value| conversion::find_metadata(value).is_some());
    if !given && !arguments.positional.is_empty() {
        let metadata = conversion::metadata_value(vm, &extension.registry.metadata);
        arguments.positional.insert(1, metadata);
    }
    arguments.take_keyword("bind_key");
    make_table(vm, arguments)
}

static EXTENSION: Declaration<Extension> = Declaration {
    constructor: constructor(
        "self, app=None, *, metadata=None, session_options=None, query_class=Query, \
         model_class=Model, engine_options=None, add_models_to_shell=True, \
         disable_autonaming=False",
        make_extension,
    ),
    properties: &[
        property("Model", |_, extension| Ok(extension.model.clone().into())),
        property("metadata", |vm, extension| {
            Ok(conversion::metadata_value(vm, &extension.registry.metadata))
        }),
        property("metadatas", |vm, extension| {
            let metadata = conversion::metadata_value(vm, &extension.registry.metadata);
            let dict = python::Dict::new();
            dict.set(vm, Value::None, metadata)?;
            Ok(Value::Dict(Rc::new(dict)))
        }),
        property("app", |_, _| Ok(Value::None)),
        property("session", |vm, _| opaque(vm, "session")),
        property("engine", |vm, _| opaque(vm, "engine")),
        property("engines", |vm, _| opaque(vm, "engines")),
    ],
    methods: &[
        method("Table", "self, *args, **kwargs", table),
        method("init_app", "self, app", |_, _, _| Ok(Value::None)),
        method("create_all", "self, bind_key='__all__'", |_, _, _| {
            Ok(Value::None)
        }),
        method("drop_all", "self, bind_key='__all__'", |_, _, _| {
            Ok(Value::None)
        }),
        method("reflect", "self, bind_key='__all__'", |_, _, _| {
            Ok(Value::None)
        }),
        method("get_engine", "self, bind_key=None, **kwargs", |vm, _, _| {
            opaque(vm, "get_engine")
        }),
        method(
            "paginate",
            "self, select, *, page=None, per_page=None, max_per_page=None, error_out=True, \
             count=True",
            |vm, _, _| opaque(vm, "paginate"),
        ),
        method(
            "first_or_404",
            "self, statement, *, description=None",
            |vm, _, _| opaque(vm, "first_or_404"),
        ),
    ],
    ..Declaration::new("flask_sqlalchemy.extension.SQLAlchemy")
};

impl NativeObject for Extension {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&EXTENSION)
    }

    /// The names of SQLAlchemy that are not the extension's own.
    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name.starts_with("__") || EXTENSION.declares(name) {
            return Ok(None);
        }
        for module in ["sqlalchemy", "sqlalchemy.orm"] {
            let module = vm.import(module)?;
            if let Some(found) = vm.find_attribute(&module, name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Converts `CamelCase` to `camel_case`, as Flask-SQLAlchemy names tables.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (index, letter) in letters.iter().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            let before = letters[index - 1];
            let after = letters.get(index + 1);
            if before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || after.is_some_and(char::is_ascii_lowercase)
            {
                text.push('_');
            }
        }
        text.extend(letter.to_lowercase());
    }
    text.trim_start_matches('_').to_owned()
}

/// Class hooks of `db.Model` and its subclasses.
struct ModelHooks;

impl NativeClass for ModelHooks {
    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        if let Some(key) = class.lookup("__bind_key__")
            && !key.is_none()
        {
            return Err(Error::unsupported(
                "__bind_key__ puts a model into another database, which is not possible here",
            ));
        }
        if wants_name(vm, class)? {
            class.set("__tablename__", Value::str(snake_case(&class.name())));
        }
        orm::decl_api::init_declarative_subclass(vm, class, body)
    }

    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        orm::decl_base::add_attribute(vm, class, name, value)
    }
}

/// Whether a class's table name is derived from the class name (`should_set_tablename`).
fn wants_name(vm: &mut Interpreter, class: &Class) -> Result<bool> {
    if let Some(value) = class.namespace.get_str("__abstract__")
        && vm.truth(&value)?
    {
        return Ok(false);
    }
    if class.namespace.contains_str("__table__") {
        return Ok(false);
    }
    for base in class.mro() {
        let Some(name) = base.namespace.get_str("__tablename__") else {
            continue;
        };
        if base == class || !matches!(name, Value::Str(_)) {
            return Ok(false);
        }
        let mixin = base.inherited_native::<Mapping>().is_none();
        if mixin {
            return Ok(false);
        }
        break;
    }
    // A subclass without a primary key of its own shares its parent's table.
    let inherits = class
        .mro()
        .skip(1)
        .any(|base| base.native::<Mapping>().is_some());
    if inherits {
        let own_key = class
            .namespace
            .values()
            .iter()
            .filter_map(conversion::find_column)
            .any(|column| column.primary_key());
        return Ok(own_key);
    }
    Ok(true)
}

/// What each extension's `Model` shows.
static MODEL: Declaration<Value> = Declaration {
    properties: &[property("query", |vm, _| {
        Ok(vm.opaque("flask_sqlalchemy.model.Model.query"))
    })],
    ..Declaration::new("flask_sqlalchemy.model.Model")
};

fn make_extension(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let metadata = bound.take("metadata");
    let model = bound.take_some("model_class");
    vm.import("sqlalchemy.orm")?;
    let mut given = Arguments::none();
    if let Some(metadata) = metadata.filter(|value| !value.is_none()) {
        given = given.with_keyword("metadata", metadata);
    }
    if let Some(Value::Class(base)) = &model {
        // A declarative base keeps its own behaviour; only table naming is added.
        if let Some(metadata) = base
            .lookup("metadata")
            .filter(|value| conversion::find_metadata(value).is_some())
        {
            given.take_keyword("metadata");
            given = given.with_keyword("metadata", metadata);
        }
        if let Some(types) = base.lookup("type_annotation_map") {
            given = given.with_keyword("type_annotation_map", types);
        }
    }
    let registry = make_registry(vm, given)?;
    let metadata = conversion::metadata_value(vm, &registry.metadata);
    // Each extension has a class of its own, whose bases are those that it was given.
    let mut builder = ClassBuilder::new("flask_sqlalchemy.model", "Model")
        .hooks(ModelHooks)
        .declared(&MODEL)
        .constant("metadata", metadata)
        .constant("__abstract__", Value::Bool(true))
        .constant("registry", Value::native(RegistryObject(registry.clone())));
    if let Some(Value::Class(base)) = &model
        && base.inherits_from("sqlalchemy.orm.decl_api.MappedAsDataclass")
    {
        let dataclass = vm.class(&orm::decl_api::MAPPED_AS_DATACLASS);
        builder = builder.base(&dataclass);
    }
    let class = builder.build(vm);
    orm::decl_api::adopt_base(&class, &registry);
    Ok(Value::native(Extension {
        model: class,
        registry,
    }))
}

fn make_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("flask_sqlalchemy")
        .class(&vm.class(&EXTENSION))
        .build())
}

/// Registers `flask_sqlalchemy`.
pub fn register(registry: &mut Registry) {
    registry.add("flask_sqlalchemy", make_module);
}
