//! As much of `pydantic` as models need: fields with defaults, no validation.

use std::rc::Rc;

use ground::hash::IndexMap;

use super::field::{ModelField, make_field};
use super::{ModelFields, collect_fields};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBody, ClassBuilder, Dict, Interpreter, Module, NativeClass, Registry,
    Value,
};

/// Whether a class keyword is part of pydantic's configuration.
pub fn is_configuration(name: &str) -> bool {
    matches!(
        name,
        "title"
            | "extra"
            | "frozen"
            | "from_attributes"
            | "arbitrary_types_allowed"
            | "validate_assignment"
            | "populate_by_name"
            | "use_enum_values"
            | "str_strip_whitespace"
            | "env_prefix"
            | "env_file"
            | "case_sensitive"
    )
}

/// Takes the defaults of fields out of a class's namespace, as pydantic does.
pub fn forget_defaults(class: &Class, fields: &IndexMap<Rc<str>, ModelField>) {
    let own: Vec<Rc<str>> = class.annotations.borrow().keys().cloned().collect();
    for name in own {
        if fields.contains_key(&name) {
            class.namespace.remove_str(&name);
        }
    }
}

/// `model_fields` and the like on a class.
///
/// # Errors
/// None of its own.
pub fn class_attribute(_vm: &mut Interpreter, class: &Class, name: &str) -> Result<Option<Value>> {
    if !matches!(name, "model_fields" | "__fields__") {
        return Ok(None);
    }
    let dict = Dict::new();
    if let Some(known) = class.inherited_native::<ModelFields>() {
        for (name, field) in &known.fields {
            dict.set_name(
                name,
                Value::native(super::field::FieldObject(field.info.clone())),
            );
        }
    }
    Ok(Some(Value::Dict(Rc::new(dict))))
}

fn fields_of(vm: &mut Interpreter, this: &Value) -> Option<Rc<ModelFields>> {
    vm.class_of(this).inherited_native::<ModelFields>()
}

fn initialize(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let Some(known) = fields_of(vm, this) else {
        return Ok(Value::None);
    };
    let class = vm.class_of(this);
    if !arguments.positional.is_empty() {
        return Err(vm.type_error(format!(
            "{}.__init__() takes 1 positional argument but {} were given",
            class.name(),
            arguments.positional.len() + 1
        )));
    }
    let mut missing = Vec::new();
    for (name, field) in &known.fields {
        let given = arguments.keyword_value(name).cloned();
        let value = match (given, &field.info.factory, &field.info.default) {
            (Some(value), _, _) => value,
            (None, Some(factory), _) => vm.call(factory, Arguments::none())?,
            (None, None, Some(default)) => default.clone(),
            (None, None, None) => {
                missing.push(name.clone());
                continue;
            }
        };
        vm.set_attribute(this, name, value)?;
    }
    if !known.table && !missing.is_empty() {
        let plural = if missing.len() == 1 { "" } else { "s" };
        let lines: Vec<String> = missing
            .iter()
            .map(|name| format!("{name}\n  Field required [type=missing]"))
            .collect();
        return Err(Error::new(
            "pydantic_core._pydantic_core.ValidationError",
            format!(
                "{} validation error{plural} for {}\n{}",
                missing.len(),
                class.name(),
                lines.join("\n")
            ),
        ));
    }
    for (name, value) in &arguments.keyword {
        if !known.fields.contains_key(name) && class.lookup(name).is_some() {
            vm.set_attribute(this, name, value.clone())?;
        }
    }
    Ok(Value::None)
}

fn dump(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    let dict = Dict::new();
    if let Some(known) = fields_of(vm, this) {
        for name in known.fields.keys() {
            let value = vm.find_attribute(this, name)?.unwrap_or(Value::None);
            dict.set_name(name, value);
        }
    }
    Ok(Value::Dict(Rc::new(dict)))
}

fn shown(vm: &mut Interpreter, this: &Value) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    if let Some(known) = fields_of(vm, this) {
        for name in known.fields.keys() {
            if let Some(value) = vm.find_attribute(this, name)? {
                let text = vm.repr(&value)?;
                parts.push(format!("{name}={text}"));
            }
        }
    }
    Ok(parts)
}

/// The methods that every model has.
pub fn methods(builder: ClassBuilder) -> ClassBuilder {
    let validate = |vm: &mut Interpreter, class: &Class, mut arguments: Arguments| {
        let Some(given) = arguments.take_first() else {
            return Err(
                vm.type_error("model_validate() missing 1 required positional argument: 'obj'")
            );
        };
        let mut call = Arguments::none();
        match given.as_dict() {
            Some(dict) => call.keyword = dict.str_entries(),
            None => {
                if let Some(known) = class.inherited_native::<ModelFields>() {
                    for name in known.fields.keys() {
                        if let Some(value) = vm.find_attribute(&given, name)? {
                            call.keyword.push((name.clone(), value));
                        }
                    }
                }
            }
        }
        if let Some(update) = arguments.take_keyword("update")
            && let Some(dict) = update.as_dict()
        {
            for (name, value) in dict.str_entries() {
                call.take_keyword(&name);
                call.keyword.push((name, value));
            }
        }
        vm.call(&Value::Class(class.clone()), call)
    };
    builder
        .method("__init__", initialize)
        .method("model_dump", |vm, this, _| dump(vm, this))
        .method("dict", |vm, this, _| dump(vm, this))
        .method("__repr__", |vm, this, _| {
            let parts = shown(vm, this)?;
            let name = vm.class_of(this).name();
            Ok(Value::str(format!("{name}({})", parts.join(", "))))
        })
        .method("__str__", |vm, this, _| {
            let parts = shown(vm, this)?;
            Ok(Value::str(parts.join(" ")))
        })
        .class_method("model_validate", validate)
        .class_method("from_orm", validate)
        .class_method("parse_obj", validate)
        .class_method("model_construct", |vm, class, arguments| {
            vm.call(&Value::Class(class.clone()), arguments)
        })
        .class_method("model_rebuild", |_, _, _| Ok(Value::None))
        .class_method("update_forward_refs", |_, _, _| Ok(Value::None))
}

/// Rust's part in `BaseModel` and `BaseSettings`.
struct ModelHooks {
    settings: bool,
}

impl NativeClass for ModelHooks {
    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        body.keywords.retain(|(name, _)| !is_configuration(name));
        let fields = collect_fields(vm, class)?;
        forget_defaults(class, &fields);
        class.set_native(Rc::new(ModelFields {
            fields,
            table: self.settings,
        }));
        Ok(())
    }

    fn missing_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        class_attribute(vm, class, name)
    }
}

fn base_model(vm: &mut Interpreter) -> Class {
    match vm.registered_class("pydantic.main.BaseModel") {
        Some(class) => class,
        None => methods(
            ClassBuilder::new("pydantic.main", "BaseModel").hooks(ModelHooks { settings: false }),
        )
        .build(vm),
    }
}

/// A field of settings comes from the environment, by its name in any case.
fn initialize_settings(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let class = vm.class_of(this);
    let mut arguments = arguments;
    let mut prefix = String::new();
    let mut file = None;
    if let Some(config) = class.lookup("model_config")
        && let Some(dict) = config.as_dict()
    {
        prefix = dict
            .get_str("env_prefix")
            .and_then(|value| value.as_text())
            .map(|text| text.to_string())
            .unwrap_or_default();
        file = dict.get_str("env_file").and_then(|value| value.as_text());
    }
    let mut from_file: Vec<(String, String)> = Vec::new();
    if let Some(path) = file
        && let Ok(bytes) = vm.run.host.read(&path)
    {
        for line in String::from_utf8_lossy(&bytes).lines() {
            let line = line.trim().trim_start_matches("export ");
            if let Some((name, value)) = line.split_once('=')
                && !line.starts_with('#')
            {
                let value = value.trim().trim_matches(['"', '\'']).to_owned();
                from_file.push((name.trim().to_lowercase(), value));
            }
        }
    }
    if let Some(known) = fields_of(vm, this) {
        for (name, field) in &known.fields {
            if arguments.keyword_value(name).is_some() {
                continue;
            }
            let key = format!("{prefix}{name}");
            let host = vm.run.host.clone();
            let found = host
                .environment(&key)
                .or_else(|| host.environment(&key.to_uppercase()))
                .or_else(|| host.environment(&key.to_lowercase()))
                .or_else(|| {
                    from_file
                        .iter()
                        .find(|(known, _)| *known == key.to_lowercase())
                        .map(|(_, value)| value.clone())
                });
            if let Some(text) = found {
                arguments
                    .keyword
                    .push((name.clone(), from_text(&field.annotation, text)));
            }
        }
    }
    initialize(vm, this, arguments)
}

fn from_text(annotation: &Value, text: String) -> Value {
    match annotation {
        Value::Class(class) => match &*class.dotted_name() {
            "int" => text
                .trim()
                .parse::<i64>()
                .map_or_else(|_| Value::str(&text), Value::Int),
            "float" => text
                .trim()
                .parse::<f64>()
                .map_or_else(|_| Value::str(&text), Value::Float),
            "bool" => Value::Bool(matches!(
                text.trim().to_lowercase().as_str(),
                "1" | "true" | "yes" | "on" | "t" | "y"
            )),
            _ => Value::str(text),
        },
        _ => Value::str(text),
    }
}

fn text_class(vm: &mut Interpreter, module: &str, name: &str) -> Class {
    match vm.registered_class(&format!("{module}.{name}")) {
        Some(class) => class,
        None => {
            let text = crate::bindings::conversion::known_class(vm, "str");
            ClassBuilder::new(module, name).base(&text).build(vm)
        }
    }
}

fn decorator(name: &'static str) -> Value {
    Value::function(name, |_, arguments| {
        // Used bare: the function itself; with arguments: a decorator that keeps the function.
        if let [only @ (Value::Function(_) | Value::Descriptor(_))] = &arguments.positional[..] {
            return Ok(only.clone());
        }
        Ok(Value::function("decorator", |_, arguments| {
            Ok(arguments
                .positional
                .into_iter()
                .next()
                .unwrap_or(Value::None))
        }))
    })
}

fn make_pydantic(vm: &mut Interpreter) -> Result<Rc<Module>> {
    if vm.registered_class("sqlmodel.main.FieldInfo").is_none() {
        ClassBuilder::new("sqlmodel.main", "FieldInfo").build(vm);
    }
    let base = base_model(vm);
    let mut module = Module::build("pydantic")
        .value("VERSION", "2.14.3")
        .value("__version__", "2.14.3")
        .class(&base)
        .function("Field", make_field)
        .function("ConfigDict", |_, arguments| {
            Ok(Value::dict(arguments.keyword))
        })
        .function("PrivateAttr", |_, mut arguments| {
            Ok(arguments
                .take_first()
                .or_else(|| arguments.take_keyword("default"))
                .unwrap_or(Value::None))
        });
    for name in [
        "validator",
        "field_validator",
        "model_validator",
        "root_validator",
        "computed_field",
        "field_serializer",
        "model_serializer",
        "validate_call",
    ] {
        module = module.value(name, decorator(name));
    }
    let email = text_class(vm, "pydantic.networks", "EmailStr");
    module = module.class(&email);
    for name in [
        "AnyUrl",
        "AnyHttpUrl",
        "HttpUrl",
        "PostgresDsn",
        "SecretStr",
        "NameEmail",
    ] {
        let class = text_class(vm, "pydantic.networks", name);
        module = module.class(&class);
    }
    for name in ["AwareDatetime", "NaiveDatetime"] {
        let dotted = format!("pydantic.types.{name}");
        let class = match vm.registered_class(&dotted) {
            Some(class) => class,
            None => ClassBuilder::new("pydantic.types", name).build(vm),
        };
        module = module.class(&class);
    }
    let error = vm.define_exception("pydantic_core._pydantic_core", "ValidationError", &[]);
    Ok(module.value("ValidationError", Value::Class(error)).build())
}

fn make_settings(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = match vm.registered_class("pydantic_settings.main.BaseSettings") {
        Some(class) => class,
        None => {
            let base = base_model(vm);
            ClassBuilder::new("pydantic_settings.main", "BaseSettings")
                .base(&base)
                .hooks(ModelHooks { settings: false })
                .method("__init__", initialize_settings)
                .build(vm)
        }
    };
    Ok(Module::build("pydantic_settings")
        .class(&class)
        .function("SettingsConfigDict", |_, arguments| {
            Ok(Value::dict(arguments.keyword))
        })
        .build())
}

/// Adds `pydantic` and `pydantic_settings`.
pub fn register(registry: &mut Registry) {
    registry.add("pydantic", make_pydantic);
    registry.add("pydantic_settings", make_settings);
    registry.add("pydantic.networks", make_pydantic);
    registry.add("pydantic.types", make_pydantic);
}
