//! Mapped classes that are dataclasses: their fields and their constructor.

use std::rc::Rc;

use super::mapped_column::{DataclassOptions, MappedColumn};
use super::properties::Property;
use crate::bindings::conversion::invalid_request;
use ground::diagnostic::Result;
use python::{Arguments, Class, Interpreter, NativeFunction, Value};

/// `MappedAsDataclass(init=..., kw_only=...)`, stored on a class and inherited by its subclasses.
#[derive(Clone, Default)]
pub struct DataclassTransform {
    /// `init=`.
    pub init: Option<bool>,
    /// `kw_only=`.
    pub kw_only: Option<bool>,
}

/// One field of a dataclass.
#[derive(Clone)]
pub struct DataclassField {
    /// Its name.
    pub name: Rc<str>,
    /// Whether the constructor takes it.
    pub init: bool,
    /// Its default.
    pub default: Option<Value>,
    /// Its `default_factory`.
    pub factory: Option<Value>,
    /// Whether it is keyword-only.
    pub kw_only: Option<bool>,
}

/// The fields of a dataclass, stored on the class.
pub struct Fields(
    /// The fields, those of base classes first.
    pub Vec<DataclassField>,
);

/// The field of an attribute.
pub fn field(name: &Rc<str>, value: Option<&Value>) -> DataclassField {
    let mut options = DataclassOptions::default();
    let mut plain = None;
    if let Some(value) = value {
        if let Some(mapped) = value.downcast::<MappedColumn>() {
            options = mapped.dataclass.clone();
        } else if let Some(property) = value.downcast::<Property>() {
            options = property.dataclass.clone();
        } else {
            plain = Some(value.clone());
        }
    }
    DataclassField {
        name: name.clone(),
        init: options.init.unwrap_or(true),
        default: options.default.or(plain),
        factory: options.default_factory,
        kw_only: options.kw_only,
    }
}

/// Takes the dataclass options from the class keywords.
pub fn take_keywords(keywords: &mut Vec<(Rc<str>, Value)>) -> DataclassTransform {
    let mut transform = DataclassTransform::default();
    keywords.retain(|(name, value)| {
        match &**name {
            "init" => transform.init = value.as_bool(),
            "kw_only" => transform.kw_only = value.as_bool(),
            "repr" | "eq" | "order" | "unsafe_hash" | "match_args" | "dataclass_callable" => {}
            _ => return true,
        }
        false
    });
    transform
}

/// Turns a class into a dataclass with these fields and those of its bases.
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError` where a field without a default follows one with.
pub fn apply(vm: &mut Interpreter, class: &Class, own: Vec<DataclassField>) -> Result<()> {
    let transform = class
        .inherited_native::<DataclassTransform>()
        .map(|found| (*found).clone())
        .unwrap_or_default();
    let mut fields: Vec<DataclassField> = Vec::new();
    let bases: Vec<Class> = class.mro().skip(1).cloned().collect();
    for base in bases.iter().rev() {
        if let Some(known) = base.native::<Fields>() {
            for field in &known.0 {
                put(&mut fields, field.clone());
            }
        }
    }
    for mut field in own {
        field.kw_only = field.kw_only.or(transform.kw_only);
        put(&mut fields, field);
    }
    let mut seen_default = false;
    for field in fields.iter().filter(|field| field.init) {
        if field.kw_only == Some(true) {
            continue;
        }
        if field.default.is_some() || field.factory.is_some() {
            seen_default = true;
        } else if seen_default {
            return Err(invalid_request(format!(
                "Python dataclasses error encountered when creating dataclass for '{}': \
                 TypeError(\"non-default argument '{}' follows default argument\"). Please refer \
                 to Python dataclasses documentation for additional information. (Background on \
                 this error at: https://sqlalche.me/e/21/dcte)",
                class.name(),
                field.name
            )));
        }
    }
    class.set_native(Rc::new(Fields(fields.clone())));
    let fields_dict: Vec<(Rc<str>, Value)> = fields
        .iter()
        .map(|field| (field.name.clone(), Value::None))
        .collect();
    class.set("__dataclass_fields__", Value::dict(fields_dict));
    if transform.init != Some(false) && class.namespace.get_str("__init__").is_none() {
        let name = format!("{}.__init__", class.name());
        class.set("__init__", constructor(&name, fields));
    }
    let _ = vm;
    Ok(())
}

fn put(fields: &mut Vec<DataclassField>, field: DataclassField) {
    match fields.iter_mut().find(|known| known.name == field.name) {
        Some(known) => *known = field,
        None => fields.push(field),
    }
}

fn constructor(name: &str, fields: Vec<DataclassField>) -> Value {
    let mut list = vec!["self".to_owned()];
    let shown = |field: &DataclassField| {
        if field.default.is_some() || field.factory.is_some() {
            format!("{}=...", field.name)
        } else {
            field.name.to_string()
        }
    };
    list.extend(
        fields
            .iter()
            .filter(|field| field.init && field.kw_only != Some(true))
            .map(shown),
    );
    let keywords: Vec<String> = fields
        .iter()
        .filter(|field| field.init && field.kw_only == Some(true))
        .map(shown)
        .collect();
    if !keywords.is_empty() {
        list.push("*".to_owned());
        list.extend(keywords);
    }
    let parameters = python::Parameters::new(name, &list.join(", "));
    Value::NativeFunction(Rc::new(NativeFunction::new(
        name,
        "",
        true,
        move |vm, arguments: Arguments| {
            let mut bound = arguments.bind(&parameters)?;
            let this = bound.value("self");
            for field in &fields {
                let given = if field.init {
                    bound.take(&field.name)
                } else {
                    None
                };
                let value = match (given, &field.factory, &field.default) {
                    (Some(value), _, _) => value,
                    (None, Some(factory), _) => vm.call(factory, Arguments::none())?,
                    (None, None, Some(default)) => default.clone(),
                    (None, None, None) => continue,
                };
                vm.set_attribute(&this, &field.name, value)?;
            }
            if let Some(after) = vm.find_attribute(&this, "__post_init__")? {
                vm.call(&after, Arguments::none())?;
            }
            Ok(Value::None)
        },
    )))
}
