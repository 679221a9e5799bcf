//! Defaults: of Python, of the server, computed columns, identities, sequences.

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Bound, Class, Interpreter, NativeObject, Value};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::Name;
use sqlalchemy::schema::*;

use crate::bindings::conversion::{self, known_class};

/// `ColumnDefault`.
pub struct DefaultObject {
    /// The default.
    pub default: ColumnDefault,
}

impl NativeObject for DefaultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match self.default {
                ColumnDefault::Scalar(_) => "sqlalchemy.sql.schema.ScalarElementColumnDefault",
                ColumnDefault::Expression(_) => "sqlalchemy.sql.schema.ColumnElementColumnDefault",
                _ => "sqlalchemy.sql.schema.CallableColumnDefault",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(Some(match name {
            "arg" => match &self.default {
                ColumnDefault::Scalar(value) => conversion::from_literal(vm, value)?,
                ColumnDefault::Expression(expression) => conversion::element_value(vm, expression),
                ColumnDefault::Callable(function) => fixed_callable(function),
                ColumnDefault::Sequence(sequence) => conversion::sequence_value(sequence),
            },
            "is_scalar" => Value::Bool(matches!(self.default, ColumnDefault::Scalar(_))),
            "is_callable" => Value::Bool(matches!(self.default, ColumnDefault::Callable(_))),
            "is_clause_element" => {
                Value::Bool(matches!(self.default, ColumnDefault::Expression(_)))
            }
            "is_sequence" => Value::Bool(false),
            "has_arg" => Value::Bool(true),
            _ => return Ok(None),
        }))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.default.python_repr()))
    }
}

fn fixed_callable(function: &Rc<dyn Any>) -> Value {
    function
        .clone()
        .downcast::<Value>()
        .map_or(Value::None, |value| (*value).clone())
}

/// `DefaultClause` and `FetchedValue`.
pub struct ServerDefaultObject {
    /// The default.
    pub default: ServerDefault,
}

impl NativeObject for ServerDefaultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match self.default {
                ServerDefault::FetchedValue(_) => "sqlalchemy.sql.schema.FetchedValue",
                _ => "sqlalchemy.sql.schema.DefaultClause",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match (name, &self.default) {
            ("arg", ServerDefault::DefaultClause(clause)) => Some(match clause.as_text() {
                Some(text) => Value::Str(text),
                None => match clause.as_expression() {
                    Some(expression) => conversion::element_value(vm, &expression),
                    None => Value::None,
                },
            }),
            ("reflected", ServerDefault::DefaultClause(clause)) => {
                Some(Value::Bool(clause.is_reflected()))
            }
            ("for_update", ServerDefault::DefaultClause(clause)) => {
                Some(Value::Bool(clause.for_update()))
            }
            ("for_update", ServerDefault::FetchedValue(fetched)) => {
                Some(Value::Bool(fetched.for_update))
            }
            ("has_argument", default) => Some(Value::Bool(matches!(
                default,
                ServerDefault::DefaultClause(_)
            ))),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.default.python_repr()))
    }
}

/// `Computed`.
pub struct ComputedObject {
    /// The clause.
    pub computed: Computed,
}

impl NativeObject for ComputedObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Computed")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "sqltext" => Some(conversion::element_value(vm, &self.computed.sqltext())),
            "persisted" => Some(Value::from(self.computed.persisted())),
            "column" => match self.computed.column() {
                Some(column) => Some(conversion::column_value(vm, &column)),
                None => Some(Value::None),
            },
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.computed.python_repr()))
    }
}

/// `Identity`.
pub struct IdentityObject {
    /// The clause.
    pub identity: Identity,
}

impl NativeObject for IdentityObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Identity")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name == "always" {
            return Ok(Some(Value::from(self.identity.always())));
        }
        identity_option(vm, self.identity.options(), name)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.identity.python_repr()))
    }
}

fn identity_option(
    vm: &mut Interpreter,
    options: &sqlalchemy::schema::IdentityOptions,
    name: &str,
) -> Result<Option<Value>> {
    const NAMES: [&str; 8] = [
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
    ];
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    match options
        .items()
        .into_iter()
        .find(|(given, _)| *given == name)
    {
        Some((_, value)) => Ok(Some(conversion::from_literal(vm, &value)?)),
        None => Ok(Some(Value::None)),
    }
}

/// `Sequence`.
pub struct SequenceObject {
    /// The sequence.
    pub sequence: Sequence,
}

impl NativeObject for SequenceObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Sequence")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let sequence = &self.sequence;
        Ok(match name {
            "name" => Some(conversion::name_value(Some(sequence.name()))),
            "schema" => Some(conversion::name_value(sequence.schema())),
            "optional" => Some(Value::Bool(sequence.optional())),
            "metadata" => match sequence.metadata() {
                Some(metadata) => Some(conversion::metadata_value(vm, &metadata)),
                None => Some(Value::None),
            },
            "data_type" => match sequence.data_type() {
                Some(kind) => Some(conversion::type_value(vm, kind)),
                None => Some(Value::None),
            },
            "next_value" => {
                let name = sequence.key();
                Some(Value::function("next_value", move |_, _| {
                    Err(Error::unsupported(format!(
                        "the next value of the sequence '{name}' can't be written here: SQLite has \
                         no sequences"
                    )))
                }))
            }
            _ => identity_option(vm, sequence.options(), name)?,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.sequence.python_repr()))
    }
}

/// `Computed(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_computed(vm: &mut Interpreter, arguments: Arguments) -> Result<Computed> {
    let mut bound = arguments.bind(parameters!("Computed.__init__", "sqltext, persisted=None"))?;
    let sqltext = bound.value("sqltext");
    let sqltext = conversion::text_expression(vm, &sqltext, "the expression of a computed column")?;
    Ok(Computed::new(
        sqltext,
        conversion::flag(vm, &mut bound, "persisted")?,
    ))
}

fn identity_options(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<IdentityOptions> {
    Ok(IdentityOptions {
        start: conversion::integer(bound, "start"),
        increment: conversion::integer(bound, "increment"),
        minvalue: conversion::integer(bound, "minvalue"),
        maxvalue: conversion::integer(bound, "maxvalue"),
        nominvalue: conversion::flag(vm, bound, "nominvalue")?,
        nomaxvalue: conversion::flag(vm, bound, "nomaxvalue")?,
        cycle: conversion::flag(vm, bound, "cycle")?,
        cache: conversion::integer(bound, "cache"),
    })
}

/// `Identity(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_identity(vm: &mut Interpreter, arguments: Arguments) -> Result<Identity> {
    let mut bound = arguments.bind(parameters!(
        "Identity.__init__",
        "always=False, on_null=None, start=None, increment=None, minvalue=None, maxvalue=None, \
         nominvalue=None, nomaxvalue=None, cycle=None, cache=None, order=None, **dialect_kw"
    ))?;
    let always = match bound.take("always") {
        None => Some(false),
        Some(Value::None) => None,
        Some(value) => Some(vm.truth(&value)?),
    };
    let options = identity_options(vm, &mut bound)?;
    let mut dialect = conversion::dialect_options(vm, &bound.extra)?;
    for name in ["on_null", "order"] {
        if let Some(value) = conversion::flag(vm, &mut bound, name)? {
            dialect.insert(format!("oracle_{name}"), value);
        }
    }
    Ok(Identity::with_dialect_options(always, options, dialect))
}

/// `Sequence(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_sequence(vm: &mut Interpreter, arguments: Arguments) -> Result<Sequence> {
    let mut bound = arguments.bind(parameters!(
        "Sequence.__init__",
        "name, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None, \
         nomaxvalue=None, cycle=None, schema=None, cache=None, order=None, data_type=None, \
         optional=False, quote=None, metadata=None, quote_schema=None, for_update=False, \
         **dialect_kw"
    ))?;
    let quote = conversion::flag(vm, &mut bound, "quote")?;
    let name = conversion::identifier(&bound.value("name"), quote).unwrap_or_else(|| Name::new(""));
    let metadata = bound
        .take_some("metadata")
        .as_ref()
        .and_then(conversion::find_metadata);
    let schema = match conversion::schema_name(bound.take("schema"), None) {
        SchemaName::Named(schema) => Some(schema),
        SchemaName::Blank => None,
        SchemaName::Inherit => metadata.as_ref().and_then(MetaData::schema),
    };
    let data_type = match bound.take_some("data_type") {
        Some(kind) => Some(conversion::to_type(vm, &kind)?),
        None => None,
    };
    let optional = conversion::flag(vm, &mut bound, "optional")?.unwrap_or(false);
    let options = identity_options(vm, &mut bound)?;
    let sequence = Sequence::new(name, schema, options, data_type, optional);
    if let Some(metadata) = metadata {
        sequence.set_metadata(&metadata);
    }
    Ok(sequence)
}

/// `DefaultClause(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_default_clause(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "DefaultClause.__init__",
        "arg, for_update=False, _reflected=False"
    ))?;
    let value = bound.value("arg");
    let clause = conversion::default_clause(vm, &value)?;
    let for_update = conversion::flag(vm, &mut bound, "for_update")?.unwrap_or(false);
    Ok(Value::native(ServerDefaultObject {
        default: ServerDefault::DefaultClause(clause.as_for_update(for_update)),
    }))
}

/// `FetchedValue(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_fetched_value(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!("FetchedValue.__init__", "for_update=False"))?;
    let for_update = conversion::flag(vm, &mut bound, "for_update")?.unwrap_or(false);
    Ok(Value::native(ServerDefaultObject {
        default: ServerDefault::FetchedValue(FetchedValue { for_update }),
    }))
}

/// `ColumnDefault(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_column_default(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "ColumnDefault.__init__",
        "arg, for_update=False"
    ))?;
    let value = bound.value("arg");
    let default = match conversion::column_default(vm, Some(value))? {
        Some(default) => default,
        None => ColumnDefault::Scalar(Literal::Null),
    };
    Ok(Value::native(DefaultObject { default }))
}
