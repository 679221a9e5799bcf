//! `pydantic` and `pydantic_settings`: the classes that models derive from and their fields. What a
//! model makes of its data is written in Python (`bindings/pydantic`), which is loaded when a
//! program makes or asks a model that is not a table.

use std::rc::Rc;

use ground::hash::IndexMap;

use super::field::{ModelField, make_field};
use super::{ModelFields, collect_fields};
use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, ClassBody, Declaration, Dict, FreeFunction, Interpreter, Module,
    NativeClass, Registry, Value, function, method, property,
};

/// Whether a class keyword is part of pydantic's configuration.
pub fn is_configuration(name: &str) -> bool {
    const NAMES: &str = " title extra frozen from_attributes arbitrary_types_allowed \
         validate_assignment validate_default populate_by_name validate_by_name validate_by_alias \
         use_enum_values str_strip_whitespace str_to_lower str_to_upper str_min_length \
         str_max_length alias_generator strict protected_namespaces json_encoders \
         json_schema_extra coerce_numbers_to_str hide_input_in_errors revalidate_instances \
         defer_build env_prefix env_file env_file_encoding env_nested_delimiter env_ignore_empty \
         case_sensitive secrets_dir ";
    NAMES.contains(&format!(" {name} "))
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

/// Sets the fields of a table, which are not validated.
fn initialize_table(
    vm: &mut Interpreter,
    this: &Value,
    known: &ModelFields,
    keywords: &[(Rc<str>, Value)],
) -> Result<Value> {
    let class = vm.class_of(this);
    for (name, field) in &known.fields {
        let given = keywords.iter().find(|(known, _)| known == name);
        let given = given.map(|(_, value)| value.clone());
        let value = match (given, &field.info.factory, &field.info.default) {
            (Some(value), _, _) => value,
            (None, Some(factory), _) => vm.call(factory, Arguments::none())?,
            (None, None, Some(default)) => default.clone(),
            (None, None, None) => continue,
        };
        vm.set_attribute(this, name, value)?;
    }
    for (name, value) in keywords {
        if !known.fields.contains_key(name) && class.lookup(name).is_some() {
            vm.set_attribute(this, name, value.clone())?;
        }
    }
    Ok(Value::None)
}

fn initialize(vm: &mut Interpreter, bound: &mut Bound<'_>, function: &str) -> Result<Value> {
    let this = bound.this().clone();
    let keywords = std::mem::take(&mut bound.extra);
    match fields_of(vm, &this) {
        None => Ok(Value::None),
        Some(known) if known.table => initialize_table(vm, &this, &known, &keywords),
        Some(_) => {
            let module = match function {
                "initialize" => MODELS,
                _ => SETTINGS,
            };
            let module = vm.import(module)?;
            let given = vec![this, Value::dict(keywords)];
            vm.call_method(&module, function, Arguments::positional(given))
        }
    }
}

/// Where the methods and functions are that are written in Python.
const MODELS: &str = "_pydantic_models";
const DECLARATIONS: &str = "_pydantic_declarations";
const CHECKS: &str = "_pydantic_checks";
const SETTINGS: &str = "_pydantic_settings";

/// Calls a method that is written in Python.
fn delegate(
    vm: &mut Interpreter,
    module: &str,
    name: &str,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let module = vm.import(module)?;
    let methods = vm.get_attribute(&module, "Methods")?;
    let function = vm.get_attribute(&methods, name)?;
    let mut arguments = Arguments::positional(vec![bound.this().clone()]);
    arguments.positional.append(&mut bound.rest);
    let keywords = bound.take_keywords().into_iter();
    let own = keywords.filter(|(name, _)| !matches!(&**name, "self" | "cls"));
    arguments.keyword = own.collect();
    vm.call(&function, arguments)
}

/// The names and values of a model's fields.
fn pairs(vm: &mut Interpreter, this: &Value, which: &str) -> Result<Value> {
    let module = vm.import(MODELS)?;
    let methods = vm.get_attribute(&module, "Methods")?;
    let function = vm.get_attribute(&methods, which)?;
    vm.call(&function, Arguments::positional(vec![this.clone()]))
}

/// The fields that a model shows, each with its value.
fn shown(vm: &mut Interpreter, this: &Value) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    let Some(known) = fields_of(vm, this) else {
        return Ok(parts);
    };
    if known.table {
        for name in known.fields.keys() {
            if let Some(value) = vm.find_attribute(this, name)? {
                let text = vm.repr(&value)?;
                parts.push(format!("{name}={text}"));
            }
        }
        return Ok(parts);
    }
    let pairs = pairs(vm, this, "shown")?;
    for pair in vm.collect(&pairs)? {
        if let Some([name, value]) = pair.as_items().as_deref() {
            let (name, text) = (vm.str(name)?, vm.repr(value)?);
            parts.push(format!("{name}={text}"));
        }
    }
    Ok(parts)
}

/// `pydantic.BaseModel`.
pub(super) static BASE_MODEL: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(ModelHooks)),
    initializer: Some(function("__init__", "self, /, **data", |vm, bound| {
        initialize(vm, bound, "initialize")
    })),
    properties: &[
        property("model_fields_set", |vm, this| pairs(vm, this, "fields_set")),
        property("model_extra", |vm, this| pairs(vm, this, "extra")),
    ],
    methods: &[
        method(
            "model_dump",
            "self, *, mode='python', include=None, exclude=None, context=None, by_alias=None, \
             exclude_unset=False, exclude_defaults=False, exclude_none=False, \
             exclude_computed_fields=False, round_trip=False, warnings=True, fallback=None, \
             serialize_as_any=False, polymorphic_serialization=None",
            |vm, _, bound| delegate(vm, MODELS, "model_dump", bound),
        ),
        method(
            "model_dump_json",
            "self, *, indent=None, ensure_ascii=False, include=None, exclude=None, context=None, \
             by_alias=None, exclude_unset=False, exclude_defaults=False, exclude_none=False, \
             exclude_computed_fields=False, round_trip=False, warnings=True, fallback=None, \
             serialize_as_any=False, polymorphic_serialization=None",
            |vm, _, bound| delegate(vm, MODELS, "model_dump_json", bound),
        ),
        method(
            "dict",
            "self, *, include=None, exclude=None, by_alias=False, exclude_unset=False, \
             exclude_defaults=False, exclude_none=False",
            |vm, _, bound| delegate(vm, MODELS, "dict", bound),
        ),
        method("json", "self, **options", |vm, _, bound| {
            delegate(vm, MODELS, "json", bound)
        }),
        method(
            "model_copy",
            "self, *, update=None, deep=False",
            |vm, _, bound| delegate(vm, MODELS, "model_copy", bound),
        ),
        method(
            "copy",
            "self, *, include=None, exclude=None, update=None, deep=False",
            |vm, _, bound| delegate(vm, MODELS, "copy", bound),
        ),
        method("__iter__", "self", |vm, this, _| {
            let pairs = pairs(vm, this, "pairs")?;
            vm.iterate(&pairs)
        }),
        method("__eq__", "self, other, /", |vm, this, bound| {
            let other = bound.value("other");
            if this.is(&other) {
                return Ok(Value::Bool(true));
            }
            let (one, two) = (vm.class_of(this), vm.class_of(&other));
            let table = fields_of(vm, this).is_none_or(|known| known.table);
            if one != two || table {
                return Ok(Value::NotImplemented);
            }
            let (one, two) = (pairs(vm, this, "pairs")?, pairs(vm, &other, "pairs")?);
            Ok(vm.equal(&one, &two)?.into())
        }),
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
            |vm, bound| delegate(vm, MODELS, "model_validate", bound),
        ),
        function(
            "model_validate_json",
            "cls, json_data, *, strict=None, extra=None, context=None, by_alias=None, by_name=None",
            |vm, bound| delegate(vm, MODELS, "model_validate_json", bound),
        ),
        function("from_orm", "cls, obj, update=None", |vm, bound| {
            delegate(vm, MODELS, "from_orm", bound)
        }),
        function("parse_obj", "cls, obj, update=None", |vm, bound| {
            delegate(vm, MODELS, "parse_obj", bound)
        }),
        function("parse_raw", "cls, b", |vm, bound| {
            delegate(vm, MODELS, "parse_raw", bound)
        }),
        function(
            "model_construct",
            "cls, _fields_set=None, **values",
            |vm, bound| delegate(vm, MODELS, "model_construct", bound),
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

/// Takes what is configuration out of a class's keywords and keeps it on the class.
pub fn note_configuration(class: &Class, body: &mut ClassBody) {
    let mut own = Vec::new();
    body.keywords.retain(|(name, value)| {
        let configures = is_configuration(name);
        if configures {
            own.push((name.clone(), value.clone()));
        }
        !configures
    });
    if !own.is_empty() {
        class.set("__class_keywords__", Value::dict(own));
    }
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
        note_configuration(class, body);
        let fields = collect_fields(vm, class)?;
        forget_defaults(class, &fields);
        class.set_native(Rc::new(ModelFields {
            fields,
            table: false,
        }));
        Ok(())
    }

    fn set_instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        assign(vm, instance, name, value)
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

/// `instance.name = value`; whether it is done.
pub fn assign(vm: &mut Interpreter, instance: &Value, name: &str, value: &Value) -> Result<bool> {
    if name.starts_with("__") || fields_of(vm, instance).is_none_or(|known| known.table) {
        return Ok(false);
    }
    let module = vm.import(MODELS)?;
    let given = vec![instance.clone(), Value::str(name), value.clone()];
    let done = vm.call_method(&module, "assign", Arguments::positional(given))?;
    vm.truth(&done)
}

static FUNCTIONS: &[FreeFunction] = &[function(
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
)];

fn make_pydantic(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.class(&BASE_MODEL);
    Ok(Module::build("pydantic")
        .value("VERSION", "2.14.3")
        .value("__version__", "2.14.3")
        .class(&base)
        .functions(FUNCTIONS)
        .attribute_hook(written)
        .build())
}

/// What is written in Python.
fn written(vm: &mut Interpreter, name: &str) -> Result<Option<Value>> {
    if name.starts_with('_') {
        return Ok(None);
    }
    if matches!(name, "BaseSettings") {
        let module = vm.import(DECLARATIONS)?;
        let class = vm.get_attribute(&module, "PydanticImportError")?;
        let text = Value::str(
            "`BaseSettings` has been moved to the `pydantic-settings` package. See \
             https://docs.pydantic.dev/2.14/migration/#basesettings-has-moved-to-pydantic-settings \
             for more details.",
        );
        let error = vm.call(&class, Arguments::positional(vec![text]))?;
        return Err(vm.raise(&error));
    }
    for module in [DECLARATIONS, "pydantic.networks", MODELS, CHECKS] {
        let module = vm.import(module)?;
        if let Value::Module(inner) = &module
            && let Some(value) = inner.get(name)
            && !matches!(value, Value::Module(_))
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

static BASE_SETTINGS: Declaration<Value> = Declaration {
    bases: &[&BASE_MODEL],
    hooks: Some(|| Rc::new(ModelHooks)),
    initializer: Some(function("__init__", "self, /, **values", |vm, bound| {
        initialize(vm, bound, "initialize_settings")
    })),
    class_methods: &[function(
        "settings_customise_sources",
        "cls, settings_cls, init_settings, env_settings, dotenv_settings, file_secret_settings",
        |vm, bound| delegate(vm, SETTINGS, "settings_customise_sources", bound),
    )],
    ..Declaration::new("pydantic_settings.main.BaseSettings")
};

fn make_settings(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = vm.class(&BASE_SETTINGS);
    Ok(Module::build("pydantic_settings")
        .class(&class)
        .attribute_hook(|vm, name| {
            if name.starts_with('_') {
                return Ok(None);
            }
            let written = vm.import(SETTINGS)?;
            match written {
                Value::Module(module) => Ok(module.get(name)),
                _ => Ok(None),
            }
        })
        .build())
}

/// Registers `pydantic` and `pydantic_settings`.
pub fn register(registry: &mut Registry) {
    registry.add("pydantic", make_pydantic);
    registry.add("pydantic_settings", make_settings);
    let sources = [
        ("pydantic.networks", resource!("pydantic/networks.py")),
        (DECLARATIONS, resource!("pydantic/declarations.py")),
        (CHECKS, resource!("pydantic/checks.py")),
        (MODELS, resource!("pydantic/models.py")),
        (SETTINGS, resource!("pydantic/settings.py")),
    ];
    for (name, text) in sources {
        registry.add_source(name, text);
    }
    for name in [
        "pydantic.types",
        "pydantic.fields",
        "pydantic.functional_validators",
        "pydantic.functional_serializers",
        "pydantic.class_validators",
        "pydantic.aliases",
        "pydantic.config",
        "pydantic.errors",
        "pydantic.main",
        "pydantic.type_adapter",
        "pydantic_core",
        "pydantic_core.core_schema",
    ] {
        registry.add(name, make_pydantic);
    }
    for name in ["pydantic_settings.main", "pydantic_settings.sources"] {
        registry.add(name, make_settings);
    }
}
