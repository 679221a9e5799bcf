//! `flask_sqlalchemy`: `db = SQLAlchemy()`, `db.Model`, and the SQLAlchemy names available on `db`.
//! `flask`, `flask_migrate` and what of the extension needs an application are written in Python.

use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexMap;

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
    /// The metadata of each database but the first, by its bind key.
    binds: RefCell<IndexMap<Rc<str>, Value>>,
}

impl Extension {
    /// The metadata of a bind key.
    fn metadata(&self, vm: &mut Interpreter, key: Option<&Rc<str>>) -> Result<Value> {
        let Some(key) = key else {
            return Ok(conversion::metadata_value(vm, &self.registry.metadata));
        };
        if let Some(known) = self.binds.borrow().get(key) {
            return Ok(known.clone());
        }
        let core = vm.import("sqlalchemy")?;
        let made = vm.call_method(&core, "MetaData", Arguments::none())?;
        let info = vm.get_attribute(&made, "info")?;
        vm.set_item(&info, Value::str("bind_key"), Value::Str(key.clone()))?;
        self.binds.borrow_mut().insert(key.clone(), made.clone());
        Ok(made)
    }
}

/// Calls a function of the part that is written in Python.
fn written(vm: &mut Interpreter, name: &str, arguments: Vec<Value>) -> Result<Value> {
    let module = vm.import("_flask_sqlalchemy")?;
    vm.call_method(&module, name, Arguments::positional(arguments))
}

/// `create_all`, `drop_all` and `reflect`.
fn for_binds(vm: &mut Interpreter, bound: &mut Bound<'_>, operation: &str) -> Result<Value> {
    let key = bound
        .take("bind_key")
        .unwrap_or_else(|| Value::str("__all__"));
    let this = bound.this().clone();
    written(vm, "for_binds", vec![this, key, Value::str(operation)])
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
    let key = arguments
        .take_keyword("bind_key")
        .and_then(|key| key.as_text());
    if !given && !arguments.positional.is_empty() {
        let metadata = extension.metadata(vm, key.as_ref())?;
        arguments.positional.insert(1, metadata);
    }
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
            let dict = python::Dict::new();
            let metadata = extension.metadata(vm, None)?;
            dict.set(vm, Value::None, metadata)?;
            for (key, metadata) in extension.binds.borrow().iter() {
                dict.set_name(key, metadata.clone());
            }
            Ok(Value::Dict(Rc::new(dict)))
        }),
    ],
    methods: &[
        method("Table", "self, *args, **kwargs", table),
        method("init_app", "self, app", |vm, _, bound| {
            let (this, app) = (bound.this().clone(), bound.value("app"));
            written(vm, "init_app", vec![this, app])
        }),
        method("create_all", "self, bind_key='__all__'", |vm, _, bound| {
            for_binds(vm, bound, "create_all")
        }),
        method("drop_all", "self, bind_key='__all__'", |vm, _, bound| {
            for_binds(vm, bound, "drop_all")
        }),
        method("reflect", "self, bind_key='__all__'", |vm, _, bound| {
            for_binds(vm, bound, "reflect")
        }),
        method(
            "get_engine",
            "self, bind_key=None, **kwargs",
            |vm, _, bound| {
                let (this, key) = (bound.this().clone(), bound.value("bind_key"));
                written(vm, "get_engine", vec![this, key])
            },
        ),
        method(
            "paginate",
            "self, select, *, page=None, per_page=None, max_per_page=None, error_out=True, \
             count=True",
            |_, _, _| {
                Err(Error::unsupported(
                    "SQLAlchemy.paginate: no request is answered here",
                ))
            },
        ),
        method(
            "first_or_404",
            "self, statement, *, description=None",
            |_, _, _| {
                Err(Error::unsupported(
                    "SQLAlchemy.first_or_404: no request is answered here",
                ))
            },
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
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        match name {
            "engine" => return written(vm, "get_engine", vec![this.clone()]).map(Some),
            "engines" | "session" => return written(vm, name, vec![this.clone()]).map(Some),
            "app" => return Ok(Some(Value::None)),
            _ => {}
        }
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
        if let Some(key) = class.lookup("__bind_key__").and_then(|key| key.as_text())
            && let Some(extension) = class.lookup("__fsa__")
            && let Some(extension) = extension.downcast::<Extension>()
        {
            let metadata = extension.metadata(vm, Some(&key))?;
            class.set("metadata", metadata);
        }
        if wants_name(vm, class)? {
            class.set("__tablename__", Value::str(snake_case(&class.name())));
        }
        orm::decl_api::init_declarative_subclass(vm, class, body)
    }

    fn class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        if name == "query"
            && let Some(extension) = class.lookup("__fsa__")
        {
            let session = written(vm, "session", vec![extension])?;
            let model = Arguments::positional(vec![Value::Class(class.clone())]);
            return vm.call_method(&session, "query", model).map(Some);
        }
        Ok(None)
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
    properties: &[property("query", |_, _| {
        Err(Error::unsupported("Model.query is asked of the class"))
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
    let extension = Value::native(Extension {
        model: class.clone(),
        registry,
        binds: RefCell::default(),
    });
    class.set("__fsa__", extension.clone());
    if let Some(app) = bound.take_some("app") {
        written(vm, "init_app", vec![extension.clone(), app])?;
    }
    Ok(extension)
}

fn make_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("flask_sqlalchemy")
        .class(&vm.class(&EXTENSION))
        .build())
}

/// Registers `flask`, `flask_sqlalchemy` and `flask_migrate`.
pub fn register(registry: &mut Registry) {
    registry.add("flask_sqlalchemy", make_module);
    registry.add("flask_sqlalchemy.extension", make_module);
    let sources = [
        ("flask", resource!("flask/flask.py")),
        ("flask.cli", resource!("flask/cli.py")),
        ("flask_migrate", resource!("flask/flask_migrate.py")),
        ("_flask_sqlalchemy", resource!("flask/sqlalchemy.py")),
    ];
    for (name, text) in sources {
        registry.add_source(name, text);
    }
    registry.add_part("flask.app", "flask", None);
    registry.add_part("flask.globals", "flask", None);
}
