//! The part of `pydantic` that models need: fields with defaults, no validation.

use std::rc::Rc;

use ground::hash::IndexMap;

use super::field::{ModelField, make_field};
use super::{ModelFields, collect_fields};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, ClassBody, Declaration, Declared, Dict, FreeFunction, Interpreter,
    Module, NativeClass, Registry, Value, built_in, function, method,
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

/// Removes field defaults from a class's namespace, as pydantic does.
pub fn forget_defaults(class: &Class, fields: &IndexMap<Rc<str>, ModelField>) {
    let own: Vec<Rc<str>> = class.annotations.borrow().keys().cloned().collect();
    for name in own {
        if fields.contains_key(&name) {
            class.namespace.remove_str(&name);
        }
    }
}

/// Sets `model_fields` and related attributes on a class.
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

fn initialize(vm: &mut Interpreter, this: &Value, keywords: &[(Rc<str>, Value)]) -> Result<Value> {
    let Some(known) = fields_of(vm, this) else {
        return Ok(Value::None);
    };
    let class = vm.class_of(this);
    let mut missing = Vec::new();
    for (name, field) in &known.fields {
        let given = keywords.iter().find(|(known, _)| known == name);
        let given = given.map(|(_, value)| value.clone());
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
    for (name, value) in keywords {
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

/// `pydantic.BaseModel`.
pub(super) static BASE_MODEL: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(ModelHooks)),
    initializer: Some(function("__init__", "self, /, **data", |vm, bound| {
        let this = bound.this().clone();
        initialize(vm, &this, &bound.extra)
    })),
    methods: &[
        method(
            "model_dump",
            "self, *, mode='python', include=None, exclude=None, context=None, by_alias=None, \
             exclude_unset=False, exclude_defaults=False, exclude_none=False, \
             exclude_computed_fields=False, round_trip=False, warnings=True, fallback=None, \
             serialize_as_any=False, polymorphic_serialization=None",
            |vm, this, _| dump(vm, this),
        ),
        method(
            "dict",
            "self, *, include=None, exclude=None, by_alias=False, exclude_unset=False, \
             exclude_defaults=False, exclude_none=False",
            |vm, this, _| dump(vm, this),
        ),
        method("__repr__", "self", |vm, this, _| {
            let parts = shown(vm, this)?;
            let name = vm.class_of(this).name();
            Ok(Value::str(format!("{name}({})", parts.join(", "))))
        }),
        method("__str__", "self", |vm, this, _| {
            let parts = shown(vm, this)?;
            Ok(Value::str(parts.join(" ")))
        }),
    ],
    class_methods: &[
        function(
            "model_validate",
            "cls, obj, *, strict=None, extra=None, from_attributes=None, context=None, \
             by_alias=None, by_name=None, update=None",
            validate,
        ),
        function("from_orm", "cls, obj, update=None", validate),
        function("parse_obj", "cls, obj, update=None", validate),
        function(
            "model_construct",
            "cls, _fields_set=None, **values",
            |vm, bound| {
                let class = bound.this().clone();
                let values = Arguments {
                    positional: Vec::new(),
                    keyword: std::mem::take(&mut bound.extra),
                };
                vm.call(&class, values)
            },
        ),
        function(
            "model_rebuild",
            "cls, *, force=False, raise_errors=True, _parent_namespace_depth=2, \
             _types_namespace=None",
            |_, _| Ok(Value::None),
        ),
        function("update_forward_refs", "cls, **localns", |_, _| {
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("pydantic.main.BaseModel")
};

fn validate(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let Value::Class(class) = bound.this().clone() else {
        return Err(vm.type_error("a class was expected"));
    };
    let given = bound.value("obj");
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
    if let Some(update) = bound.take("update")
        && let Some(dict) = update.as_dict()
    {
        for (name, value) in dict.str_entries() {
            call.take_keyword(&name);
            call.keyword.push((name, value));
        }
    }
    vm.call(&Value::Class(class), call)
}

/// Class hooks of `BaseModel` and `BaseSettings`.
struct ModelHooks;

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
            table: false,
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

/// Initializes settings fields from environment variables, matched case-insensitively.
fn initialize_settings(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let this = bound.this().clone();
    let class = vm.class_of(&this);
    let mut keywords = std::mem::take(&mut bound.extra);
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
    if let Some(known) = fields_of(vm, &this) {
        for (name, field) in &known.fields {
            if keywords.iter().any(|(given, _)| given == name) {
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
                keywords.push((name.clone(), from_text(&field.annotation, text)));
            }
        }
    }
    initialize(vm, &this, &keywords)
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

static STR_BASES: [&dyn Declared; 1] = [&built_in::STR];

const fn text_class(path: &'static str) -> Declaration<Value> {
    Declaration {
        bases: &STR_BASES,
        ..Declaration::new(path)
    }
}

/// Classes that annotations name.
static CLASSES: [Declaration<Value>; 9] = [
    text_class("pydantic.networks.EmailStr"),
    text_class("pydantic.networks.AnyUrl"),
    text_class("pydantic.networks.AnyHttpUrl"),
    text_class("pydantic.networks.HttpUrl"),
    text_class("pydantic.networks.PostgresDsn"),
    text_class("pydantic.networks.SecretStr"),
    text_class("pydantic.networks.NameEmail"),
    Declaration::new("pydantic.types.AwareDatetime"),
    Declaration::new("pydantic.types.NaiveDatetime"),
];

/// Decorates a function that is passed alone, or else gives a decorator: it stays as it is.
fn decorate(_vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let given = bound.given().map(|(_, value)| value);
    let mut given = given
        .chain(&bound.rest)
        .chain(bound.extra.iter().map(|(_, value)| value));
    if let (Some(only @ (Value::Function(_) | Value::Descriptor(_))), None) =
        (given.next(), given.next())
    {
        return Ok(only.clone());
    }
    Ok(Value::function("decorator", |_, mut arguments| {
        Ok(arguments.take_first().into())
    }))
}

static DECORATORS: &[FreeFunction] = &[
    function(
        "validator",
        "__field, *fields, pre=False, each_item=False, always=False, check_fields=None, allow_reuse=False",
        decorate,
    ),
    function(
        "field_validator",
        "field, /, *fields, mode='after', check_fields=None, json_schema_input_type=PydanticUndefined",
        decorate,
    ),
    function("model_validator", "*, mode", decorate),
    function(
        "root_validator",
        "*__args, pre=False, skip_on_failure=False, allow_reuse=False",
        decorate,
    ),
    function(
        "computed_field",
        "func=None, /, *, alias=None, alias_priority=None, exclude_if=None, title=None, field_title_generator=None, description=None, deprecated=None, examples=None, json_schema_extra=None, repr=None, return_type=PydanticUndefined",
        decorate,
    ),
    function(
        "field_serializer",
        "field, /, *fields, mode='plain', return_type=PydanticUndefined, when_used='always', check_fields=None",
        decorate,
    ),
    function(
        "model_serializer",
        "f=None, /, *, mode='plain', when_used='always', return_type=PydanticUndefined",
        decorate,
    ),
    function(
        "validate_call",
        "func=None, /, *, config=None, validate_return=False",
        decorate,
    ),
];

static FUNCTIONS: &[FreeFunction] = &[
    function(
        "Field",
        "default=PydanticUndefined, *, default_factory=PydanticUndefined, \
         alias=PydanticUndefined, alias_priority=PydanticUndefined, \
         validation_alias=PydanticUndefined, serialization_alias=PydanticUndefined, \
         title=PydanticUndefined, field_title_generator=PydanticUndefined, \
         description=PydanticUndefined, examples=PydanticUndefined, \
         exclude=PydanticUndefined, exclude_if=PydanticUndefined, \
         discriminator=PydanticUndefined, deprecated=PydanticUndefined, \
         json_schema_extra=PydanticUndefined, frozen=PydanticUndefined, \
         validate_default=PydanticUndefined, repr=PydanticUndefined, \
         init=PydanticUndefined, init_var=PydanticUndefined, kw_only=PydanticUndefined, \
         pattern=PydanticUndefined, strict=PydanticUndefined, \
         coerce_numbers_to_str=PydanticUndefined, gt=PydanticUndefined, \
         ge=PydanticUndefined, lt=PydanticUndefined, le=PydanticUndefined, \
         multiple_of=PydanticUndefined, allow_inf_nan=PydanticUndefined, \
         max_digits=PydanticUndefined, decimal_places=PydanticUndefined, \
         min_length=PydanticUndefined, max_length=PydanticUndefined, \
         union_mode=PydanticUndefined, fail_fast=PydanticUndefined, **extra",
        make_field,
    ),
    function("ConfigDict", "**values", |_, bound| {
        Ok(Value::dict(std::mem::take(&mut bound.extra)))
    }),
    function(
        "PrivateAttr",
        "default=PydanticUndefined, *, default_factory=None, init=False",
        |_, bound| Ok(bound.value("default")),
    ),
];

static SETTINGS_CONFIG_DICT: FreeFunction =
    function("SettingsConfigDict", "**values", |_, bound| {
        Ok(Value::dict(std::mem::take(&mut bound.extra)))
    });

fn make_pydantic(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.class(&BASE_MODEL);
    let mut module = Module::build("pydantic")
        .value("VERSION", "2.14.3")
        .value("__version__", "2.14.3")
        .class(&base)
        .functions(FUNCTIONS)
        .functions(DECORATORS);
    for declared in &CLASSES {
        module = module.class(&vm.class(declared));
    }
    let error = vm.define_exception("pydantic_core._pydantic_core", "ValidationError", &[]);
    Ok(module.value("ValidationError", Value::Class(error)).build())
}

static BASE_SETTINGS: Declaration<Value> = Declaration {
    bases: &[&BASE_MODEL],
    hooks: Some(|| Rc::new(ModelHooks)),
    initializer: Some(function(
        "__init__",
        "self, /, **values",
        initialize_settings,
    )),
    ..Declaration::new("pydantic_settings.main.BaseSettings")
};

fn make_settings(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = vm.class(&BASE_SETTINGS);
    Ok(Module::build("pydantic_settings")
        .class(&class)
        .declared(&SETTINGS_CONFIG_DICT)
        .build())
}

/// Registers `pydantic` and `pydantic_settings`.
pub fn register(registry: &mut Registry) {
    registry.add("pydantic", make_pydantic);
    registry.add("pydantic_settings", make_settings);
    registry.add("pydantic.networks", make_pydantic);
    registry.add("pydantic.types", make_pydantic);
}
