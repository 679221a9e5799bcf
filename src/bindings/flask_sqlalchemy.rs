//! `flask_sqlalchemy`: `db = SQLAlchemy()`, `db.Model`, and the SQLAlchemy names available on `db`.

use std::rc::Rc;

use crate::bindings::conversion::{self, known_class};
use crate::bindings::orm::registry::{Registry as Mapped, RegistryObject, make_registry};
use crate::bindings::orm::{self, Mapping};
use crate::bindings::sqlalchemy::schema::make_table;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBody, ClassBuilder, Interpreter, Module, NativeClass, NativeObject,
    Registry, Value,
};

/// `db`.
struct Extension {
    model: Class,
    registry: Rc<Mapped>,
}

impl NativeObject for Extension {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "flask_sqlalchemy.extension.SQLAlchemy")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let registry = self.registry.clone();
        Ok(match name {
            "Model" => Some(Value::Class(self.model.clone())),
            "metadata" => Some(conversion::metadata_value(vm, &registry.metadata)),
            "metadatas" => {
                let metadata = conversion::metadata_value(vm, &registry.metadata);
                let dict = python::Dict::new();
                dict.set(vm, Value::None, metadata)?;
                Some(Value::Dict(Rc::new(dict)))
            }
            "Table" => Some(Value::function("Table", move |vm, mut arguments| {
                let given = arguments
                    .positional
                    .get(1)
                    .is_some_and(|value| conversion::find_metadata(value).is_some());
                if !given && !arguments.positional.is_empty() {
                    let metadata = conversion::metadata_value(vm, &registry.metadata);
                    arguments.positional.insert(1, metadata);
                }
                arguments.take_keyword("bind_key");
                make_table(vm, arguments)
            })),
            "init_app" | "create_all" | "drop_all" | "reflect" => {
                Some(Value::function(name, |_, _| Ok(Value::None)))
            }
            "session" | "engine" | "engines" | "get_engine" | "paginate" | "first_or_404" => {
                Some(vm.opaque(&format!("flask_sqlalchemy.SQLAlchemy().{name}")))
            }
            "app" => Some(Value::None),
            name if name.starts_with("__") => None,
            name => {
                for module in ["sqlalchemy", "sqlalchemy.orm"] {
                    let module = vm.import(module)?;
                    if let Some(found) = vm.find_attribute(&module, name)? {
                        return Ok(Some(found));
                    }
                }
                None
            }
        })
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

fn make_extension(vm: &mut Interpreter, mut arguments: Arguments) -> Result<Value> {
    let metadata = arguments.take_keyword("metadata");
    let model = arguments
        .take_keyword("model_class")
        .filter(|value| !value.is_none());
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
    let mut builder = ClassBuilder::new("flask_sqlalchemy.model", "Model")
        .hooks(ModelHooks)
        .constant("metadata", metadata)
        .constant("__abstract__", Value::Bool(true))
        .constant("registry", Value::native(RegistryObject(registry.clone())))
        .property("query", |vm, _| {
            Ok(vm.opaque("flask_sqlalchemy.model.Model.query"))
        });
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

struct ExtensionHooks;

impl NativeClass for ExtensionHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        make_extension(vm, arguments.clone()).map(Some)
    }
}

fn make_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = match vm.registered_class("flask_sqlalchemy.extension.SQLAlchemy") {
        Some(class) => class,
        None => ClassBuilder::new("flask_sqlalchemy.extension", "SQLAlchemy")
            .hooks(ExtensionHooks)
            .build(vm),
    };
    Ok(Module::build("flask_sqlalchemy").class(&class).build())
}

/// Registers `flask_sqlalchemy`.
pub fn register(registry: &mut Registry) {
    registry.add("flask_sqlalchemy", make_module);
}
