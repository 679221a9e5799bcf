//! `Field(...)`, and the column for a table model's field.

use std::rc::Rc;

use super::types;
use crate::bindings::conversion;
use crate::bindings::orm::annotation::{self, Shape};
use crate::bindings::sqlalchemy::schema;
use crate::bindings::sqlalchemy::schema::ColumnObject;
use crate::bindings::sqlalchemy::types::{TypeObject, make_type};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, NativeObject, Value, function,
    method, property,
};
use sqlalchemy::schema::Column;
use sqlalchemy::sqltypes::{Argument, Type, classes};

/// `FieldInfo`: the arguments of `Field(...)`.
#[derive(Clone, Default)]
pub struct FieldInfo {
    /// The default; `None` if there is none.
    pub default: Option<Value>,
    /// Its `default_factory`.
    pub factory: Option<Value>,
    /// All other keyword arguments.
    pub keywords: Vec<(Rc<str>, Value)>,
    /// The annotation, once the field belongs to a model.
    pub annotation: Option<Value>,
}

impl FieldInfo {
    /// A field with only a default value.
    pub fn plain(default: Value) -> FieldInfo {
        FieldInfo {
            default: Some(default),
            ..FieldInfo::default()
        }
    }

    /// A keyword argument, if it was given.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords
            .iter()
            .find(|(given, _)| &**given == name)
            .map(|(_, value)| value)
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.keyword(name)
            .map(|value| value.as_bool() == Some(true))
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.keyword(name).and_then(Value::as_int)
    }

    /// Whether a value is required.
    pub fn is_required(&self) -> bool {
        self.default.is_none() && self.factory.is_none()
    }

    /// Falls back to `other` where this one has no setting.
    fn over(mut self, other: &FieldInfo) -> FieldInfo {
        if self.default.is_none() && self.factory.is_none() {
            self.default = other.default.clone();
            self.factory = other.factory.clone();
        }
        for (name, value) in &other.keywords {
            if self.keyword(name).is_none() {
                self.keywords.push((name.clone(), value.clone()));
            }
        }
        self
    }
}

/// The Python object returned by `Field(...)`.
pub struct FieldObject(
    /// The field.
    pub FieldInfo,
);

/// `FieldInfo`; besides the default, its attributes are the keywords of `Field(...)`.
pub(super) static FIELD_INFO: Declaration<FieldObject> = Declaration {
    properties: &[
        property("default", |_, field| {
            Ok(field.0.default.clone().unwrap_or(Value::Ellipsis))
        }),
        property("default_factory", |_, field| {
            Ok(Value::optional(field.0.factory.clone()))
        }),
        property("annotation", |_, field| {
            Ok(Value::optional(field.0.annotation.clone()))
        }),
    ],
    methods: &[method("is_required", "self", |_, field, _| {
        Ok(field.0.is_required().into())
    })],
    ..Declaration::new("sqlmodel.main.FieldInfo")
};

impl NativeObject for FieldObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&FIELD_INFO)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let annotation = match &self.0.annotation {
            Some(Value::Class(class)) => class.name().to_string(),
            Some(other) => vm.repr(other)?.replace("typing.", ""),
            None => "NoneType".to_owned(),
        };
        let required = if self.0.is_required() {
            "True"
        } else {
            "False"
        };
        let mut text = format!("FieldInfo(annotation={annotation}, required={required}");
        if let Some(default) = &self.0.default {
            text.push_str(&format!(", default={}", vm.repr(default)?));
        }
        text.push(')');
        Ok(Some(text))
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(self.0.keyword(name).cloned())
    }

    fn attribute_names(&self) -> Vec<String> {
        let keywords = self.0.keywords.iter();
        keywords.map(|(name, _)| name.to_string()).collect()
    }
}

fn refuse(message: &str) -> Error {
    Error::new("RuntimeError", message)
}

/// `sqlmodel.Field`.
pub(super) static FIELD: FreeFunction = function(
    "Field",
    "default=PydanticUndefined, *, default_factory=None, alias=None, validation_alias=None, \
     serialization_alias=None, title=None, description=None, exclude=None, include=None, \
     const=None, gt=None, ge=None, lt=None, le=None, multiple_of=None, max_digits=None, \
     decimal_places=None, min_items=None, max_items=None, unique_items=None, \
     min_length=None, max_length=None, allow_mutation=True, regex=None, discriminator=None, \
     repr=True, primary_key=PydanticUndefined, foreign_key=PydanticUndefined, \
     ondelete=PydanticUndefined, unique=PydanticUndefined, nullable=PydanticUndefined, \
     index=PydanticUndefined, sa_type=PydanticUndefined, sa_column=PydanticUndefined, \
     sa_column_args=PydanticUndefined, sa_column_kwargs=PydanticUndefined, \
     schema_extra=None",
    make_field,
);

/// `Field(...)`.
///
/// # Errors
/// `RuntimeError` for arguments that exclude each other, as SQLModel words it.
pub fn make_field(_vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut field = FieldInfo::default();
    let default = bound.take("default");
    let mut arguments = Arguments {
        positional: Vec::new(),
        keyword: bound.take_keywords(),
    };
    field.default = default.filter(|value| !matches!(value, Value::Ellipsis));
    field.factory = arguments
        .take_keyword("default_factory")
        .filter(|value| !value.is_none());
    if let Some(minimum) = arguments.take_keyword("max_items")
        && arguments.keyword_value("max_length").is_none()
    {
        arguments.keyword.push((Rc::from("max_length"), minimum));
    }
    if let Some(extra) = arguments.take_keyword("schema_extra")
        && let Some(dict) = extra.as_dict()
    {
        for (name, value) in dict.str_entries() {
            if arguments.keyword_value(&name).is_none() {
                arguments.keyword.push((name, value));
            }
        }
    }
    field.keywords = arguments.keyword;
    let given = |name: &str| field.keyword(name).is_some();
    if given("sa_column") {
        for name in [
            "sa_column_args",
            "sa_column_kwargs",
            "primary_key",
            "nullable",
            "foreign_key",
            "ondelete",
            "unique",
            "index",
            "sa_type",
        ] {
            if given(name) {
                return Err(refuse(&format!(
                    "Passing {name} is not supported when also passing a sa_column"
                )));
            }
        }
    }
    if field
        .keyword("sa_column_kwargs")
        .and_then(Value::as_dict)
        .is_some_and(|dict| dict.contains_str("type_"))
    {
        return Err(refuse(
            "Passing type_ is not supported in sa_column_kwargs, use sa_type instead",
        ));
    }
    if given("ondelete") && !given("foreign_key") {
        return Err(refuse("ondelete can only be used with foreign_key"));
    }
    Ok(Value::native(FieldObject(field)))
}

/// A model field: its annotation and its `Field()` arguments.
#[derive(Clone)]
pub struct ModelField {
    /// The annotation as a value, with names resolved.
    pub annotation: Value,
    /// The arguments of `Field()`.
    pub info: FieldInfo,
    /// The text of the annotation, for messages.
    pub source: Rc<str>,
}

/// Builds a field from its annotation and assigned value.
///
/// # Errors
/// NameError for an annotation that names nothing.
pub fn read_field(
    vm: &mut Interpreter,
    class: &Class,
    annotation: &python::Annotation,
    assigned: Option<&Value>,
) -> Result<ModelField> {
    let value = match &annotation.value {
        Some(value) => value.clone(),
        None => annotation::evaluate_text(vm, class, &annotation.source)?,
    };
    let value = annotation::resolve(vm, class, &value)?;
    let mut info = match assigned {
        None => FieldInfo::default(),
        Some(value) => match value.downcast::<FieldObject>() {
            Some(object) => object.0.clone(),
            None => FieldInfo::plain(value.clone()),
        },
    };
    if let Shape::Annotated(_, metadata) = annotation::shape(vm, &value)? {
        for item in metadata.iter().rev() {
            if let Some(object) = item.downcast::<FieldObject>() {
                info = info.over(&object.0);
            }
        }
    }
    info.annotation = Some(value.clone());
    Ok(ModelField {
        annotation: value,
        info,
        source: annotation.source.clone(),
    })
}

fn value_error(message: impl Into<String>) -> Error {
    Error::new("ValueError", message)
}

const UNION: &str = "Cannot have a (non-optional) union as a SQLAlchemy field";

/// The Python class of an annotation (`get_sa_type_from_type_annotation`), and whether `Annotated`
/// marks it as a naive datetime.
fn base_type(vm: &mut Interpreter, annotation: &Value) -> Result<(Value, bool)> {
    match annotation::shape(vm, annotation)? {
        Shape::Annotated(inner, metadata) => {
            let (found, mut naive) = base_type(vm, &inner)?;
            for item in &metadata {
                let shown = match item {
                    Value::Class(class) => class.name().to_string(),
                    other => vm.class_of(other).name().to_string(),
                };
                match shown.as_str() {
                    "NaiveDatetime" => naive = true,
                    "AwareDatetime" => naive = false,
                    _ => {}
                }
            }
            Ok((found, naive))
        }
        Shape::Union(members) => {
            if members.len() > 2 {
                return Err(value_error(UNION));
            }
            let mut rest = Vec::new();
            for member in &members {
                if !matches!(annotation::shape(vm, member)?, Shape::None) {
                    rest.push(member.clone());
                }
            }
            match &rest[..] {
                [one] => base_type(vm, one),
                _ => Err(value_error(UNION)),
            }
        }
        Shape::Generic(origin, _) => Ok((origin, false)),
        Shape::Literal(_) => Err(Error::new(
            "TypeError",
            "issubclass() arg 1 must be a class",
        )),
        _ => Ok((annotation.clone(), false)),
    }
}

/// The column type of a field (`get_sqlalchemy_type`).
fn column_type(vm: &mut Interpreter, field: &ModelField) -> Result<Value> {
    if let Some(given) = field.info.keyword("sa_type") {
        return Ok(given.clone());
    }
    let (base, naive) = base_type(vm, &field.annotation)?;
    conversion::refuse_opaque(&base, "the type of the field")?;
    let Value::Class(class) = &base else {
        return Err(Error::new(
            "TypeError",
            "issubclass() arg 1 must be a class",
        ));
    };
    let is = |name: &str| class.inherits_from(name);
    let plain = |kind: Type| Value::native(TypeObject { kind });
    if is("enum.Enum") {
        let kind = make_type(
            vm,
            &classes::GENERIC_ENUM,
            Arguments::positional(vec![base.clone()]),
        )?;
        return Ok(plain(kind));
    }
    const TEXTS: [&str; 9] = [
        "str",
        "ipaddress.IPv4Address",
        "ipaddress.IPv4Network",
        "ipaddress.IPv6Address",
        "ipaddress.IPv6Network",
        "pathlib.Path",
        "pathlib.PurePath",
        "pydantic.networks.EmailStr",
        "pydantic.EmailStr",
    ];
    if TEXTS.iter().any(|name| is(name)) {
        let length = field
            .info
            .number("max_length")
            .filter(|length| *length != 0);
        return Ok(plain(types::auto_string(Type::string(length))?));
    }
    let kind = if is("float") {
        Type::float()
    } else if is("bool") {
        Type::boolean()
    } else if is("int") {
        Type::integer_type()
    } else if is("pydantic.types.NaiveDatetime") || (naive && is("datetime.datetime")) {
        Type::datetime()
    } else if is("datetime.datetime") || is("pydantic.types.AwareDatetime") {
        types::utc_datetime()?
    } else if is("datetime.date") {
        Type::date()
    } else if is("datetime.timedelta") {
        Type::interval()
    } else if is("datetime.time") {
        Type::time()
    } else if is("bytes") {
        Type::large_binary()
    } else if is("decimal.Decimal") {
        let mut arguments: Vec<(&'static str, Argument)> = Vec::new();
        for (name, own) in [("precision", "max_digits"), ("scale", "decimal_places")] {
            if let Some(number) = field.info.number(own) {
                arguments.push((name, number.into()));
            }
        }
        Type::with_arguments(&classes::GENERIC_NUMERIC, arguments)?
    } else if is("uuid.UUID") {
        Type::uuid()
    } else {
        return Err(value_error(format!(
            "<class '{}'> has no matching SQLAlchemy type",
            class.dotted_name()
        )));
    };
    Ok(plain(kind))
}

/// Whether a field may be NULL (`is_field_noneable`).
fn noneable(vm: &mut Interpreter, field: &ModelField) -> Result<bool> {
    if let Some(nullable) = field.info.flag("nullable") {
        return Ok(nullable);
    }
    match annotation::shape(vm, &field.annotation)? {
        Shape::Union(members) => {
            for member in &members {
                if matches!(annotation::shape(vm, member)?, Shape::None) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Shape::None => Ok(!field.info.is_required() && field.info.default.is_some()),
        _ => Ok(false),
    }
}

/// The column of a field (`get_column_from_field`).
///
/// # Errors
/// What SQLModel and SQLAlchemy raise.
pub fn make_column(vm: &mut Interpreter, field: &ModelField) -> Result<Column> {
    let info = &field.info;
    if let Some(given) = info.keyword("sa_column") {
        if let Some(object) = given.downcast::<ColumnObject>() {
            return Ok(object.column.clone());
        }
        conversion::refuse_opaque(given, "sa_column")?;
    }
    let kind = column_type(vm, field)?;
    let primary_key = info.flag("primary_key").unwrap_or(false);
    let nullable = match info.flag("nullable") {
        Some(nullable) => nullable,
        None => !primary_key && noneable(vm, field)?,
    };
    let mut arguments = Arguments::none();
    if let Some(target) = info.keyword("foreign_key").filter(|value| !value.is_none()) {
        let ondelete = info.keyword("ondelete").cloned().unwrap_or(Value::None);
        if ondelete.as_str() == Some("SET NULL") && !nullable {
            return Err(refuse("ondelete=\"SET NULL\" requires nullable=True"));
        }
        let key = vm.make(
            &schema::FOREIGN_KEY,
            Arguments::positional(vec![target.clone()]).with_keyword("ondelete", ondelete),
        )?;
        arguments.positional.push(key);
    }
    let mut keywords: Vec<(Rc<str>, Value)> = vec![
        (Rc::from("primary_key"), Value::Bool(primary_key)),
        (Rc::from("nullable"), Value::Bool(nullable)),
        (
            Rc::from("index"),
            info.keyword("index").cloned().unwrap_or(Value::Bool(false)),
        ),
        (
            Rc::from("unique"),
            info.keyword("unique")
                .cloned()
                .unwrap_or(Value::Bool(false)),
        ),
    ];
    if let Some(default) = info.factory.clone().or_else(|| info.default.clone()) {
        keywords.push((Rc::from("default"), default));
    }
    if let Some(extra) = info.keyword("sa_column_args") {
        arguments.positional.extend(vm.collect(extra)?);
    }
    if let Some(extra) = info.keyword("sa_column_kwargs").and_then(Value::as_dict) {
        for (name, value) in extra.str_entries() {
            match keywords.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => keywords.push((name, value)),
            }
        }
    }
    arguments.keyword = keywords;
    arguments.keyword.push((Rc::from("type_"), kind));
    schema::make_column(vm, arguments)
}
