//! Defaults: Python-side, server-side, computed columns, identities, sequences.

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Bound, Class, Constant, Declaration, Declared, Interpreter, NativeObject, Value, constructor,
    method, property,
};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::Name;
use sqlalchemy::schema::{
    ColumnDefault, Computed, FetchedValue, Identity, IdentityOptions, MetaData, SchemaName,
    Sequence, ServerDefault,
};

use super::SCHEMA_ITEM;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::create_or_drop_item;
use sqlalchemy::elements::next_value;

/// `ColumnDefault`.
pub struct DefaultObject {
    /// The default.
    pub default: ColumnDefault,
}

/// `DefaultClause` and `FetchedValue`.
pub struct ServerDefaultObject {
    /// The default.
    pub default: ServerDefault,
}

/// `Computed`.
pub struct ComputedObject {
    /// The clause.
    pub computed: Computed,
}

/// `Identity`.
pub struct IdentityObject {
    /// The clause.
    pub identity: Identity,
}

/// `Sequence`.
pub struct SequenceObject {
    /// The sequence.
    pub sequence: Sequence,
}

/// `sqlalchemy.ColumnDefault`.
pub static COLUMN_DEFAULT: Declaration<DefaultObject> = Declaration {
    bases: &[&SCHEMA_ITEM],
    constructor: constructor("self, arg, for_update=False", column_default),
    properties: &[
        property("arg", |vm, this| {
            Ok(match &this.default {
                ColumnDefault::Scalar(value) => conversion::from_literal(vm, value)?,
                ColumnDefault::Expression(expression) => conversion::element_value(vm, expression),
                ColumnDefault::Callable(function) => fixed_callable(function),
                ColumnDefault::Sequence(sequence) => conversion::sequence_value(sequence),
            })
        }),
        property("is_scalar", |_, this| {
            Ok(Value::Bool(matches!(
                this.default,
                ColumnDefault::Scalar(_)
            )))
        }),
        property("is_callable", |_, this| {
            Ok(Value::Bool(matches!(
                this.default,
                ColumnDefault::Callable(_)
            )))
        }),
        property("is_clause_element", |_, this| {
            Ok(Value::Bool(matches!(
                this.default,
                ColumnDefault::Expression(_)
            )))
        }),
    ],
    constants: &[
        ("is_sequence", Constant::Bool(false)),
        ("has_arg", Constant::Bool(true)),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.ColumnDefault")
};

static SCALAR_DEFAULT: Declaration<DefaultObject> = Declaration {
    bases: &[&COLUMN_DEFAULT],
    ..Declaration::new("sqlalchemy.sql.schema.ScalarElementColumnDefault")
};

static EXPRESSION_DEFAULT: Declaration<DefaultObject> = Declaration {
    bases: &[&COLUMN_DEFAULT],
    ..Declaration::new("sqlalchemy.sql.schema.ColumnElementColumnDefault")
};

static CALLABLE_DEFAULT: Declaration<DefaultObject> = Declaration {
    bases: &[&COLUMN_DEFAULT],
    ..Declaration::new("sqlalchemy.sql.schema.CallableColumnDefault")
};

/// `sqlalchemy.FetchedValue`.
pub static FETCHED_VALUE: Declaration<Value> = Declaration {
    bases: &[&SCHEMA_ITEM],
    constructor: constructor("self, for_update=False", |vm, bound| {
        let for_update = conversion::flag(vm, bound, "for_update")?.unwrap_or(false);
        Ok(Value::native(ServerDefaultObject {
            default: ServerDefault::FetchedValue(FetchedValue { for_update }),
        }))
    }),
    properties: &[property("for_update", |_, this| {
        let object = this.downcast::<ServerDefaultObject>();
        Ok(Value::Bool(object.is_some_and(
            |object| match &object.default {
                ServerDefault::DefaultClause(clause) => clause.for_update(),
                ServerDefault::FetchedValue(fetched) => fetched.for_update,
                _ => false,
            },
        )))
    })],
    constants: &[("has_argument", Constant::Bool(false))],
    ..Declaration::new("sqlalchemy.sql.schema.FetchedValue")
};

/// `sqlalchemy.DefaultClause`.
pub static DEFAULT_CLAUSE: Declaration<ServerDefaultObject> = Declaration {
    bases: &[&FETCHED_VALUE],
    constructor: constructor(
        "self, arg, for_update=False, _reflected=False",
        default_clause,
    ),
    properties: &[
        property("arg", |vm, this| {
            let ServerDefault::DefaultClause(clause) = &this.default else {
                return Ok(Value::None);
            };
            Ok(match (clause.as_text(), clause.as_expression()) {
                (Some(text), _) => Value::Str(text),
                (None, Some(expression)) => conversion::element_value(vm, &expression),
                (None, None) => Value::None,
            })
        }),
        property("reflected", |_, this| {
            Ok(Value::Bool(match &this.default {
                ServerDefault::DefaultClause(clause) => clause.is_reflected(),
                _ => false,
            }))
        }),
    ],
    constants: &[("has_argument", Constant::Bool(true))],
    ..Declaration::new("sqlalchemy.sql.schema.DefaultClause")
};

/// `sqlalchemy.Computed`.
pub static COMPUTED: Declaration<ComputedObject> = Declaration {
    bases: &[&FETCHED_VALUE],
    constructor: constructor("self, sqltext, persisted=None", computed),
    properties: &[
        property("sqltext", |vm, this| {
            Ok(conversion::element_value(vm, &this.computed.sqltext()))
        }),
        property("persisted", |_, this| {
            Ok(Value::from(this.computed.persisted()))
        }),
        property("column", |vm, this| {
            Ok(match this.computed.column() {
                Some(column) => conversion::column_value(vm, &column),
                None => Value::None,
            })
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.Computed")
};

/// `IdentityOptions`: options common to identities and sequences.
static IDENTITY_OPTIONS: Declaration<Value> = Declaration {
    properties: &[
        property("start", |vm, this| identity_option(vm, this, "start")),
        property("increment", |vm, this| {
            identity_option(vm, this, "increment")
        }),
        property("minvalue", |vm, this| identity_option(vm, this, "minvalue")),
        property("maxvalue", |vm, this| identity_option(vm, this, "maxvalue")),
        property("nominvalue", |vm, this| {
            identity_option(vm, this, "nominvalue")
        }),
        property("nomaxvalue", |vm, this| {
            identity_option(vm, this, "nomaxvalue")
        }),
        property("cycle", |vm, this| identity_option(vm, this, "cycle")),
        property("cache", |vm, this| identity_option(vm, this, "cache")),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.IdentityOptions")
};

/// `sqlalchemy.Identity`.
pub static IDENTITY: Declaration<IdentityObject> = Declaration {
    bases: &[&IDENTITY_OPTIONS, &FETCHED_VALUE],
    constructor: constructor(
        "self, always=False, on_null=None, start=None, increment=None, minvalue=None, \
         maxvalue=None, nominvalue=None, nomaxvalue=None, cycle=None, cache=None, order=None, \
         **dialect_kw",
        identity,
    ),
    properties: &[property("always", |_, this| {
        Ok(Value::from(this.identity.always()))
    })],
    ..Declaration::new("sqlalchemy.sql.schema.Identity")
};

/// `sqlalchemy.Sequence`.
pub static SEQUENCE: Declaration<SequenceObject> = Declaration {
    bases: &[&IDENTITY_OPTIONS, &SCHEMA_ITEM],
    constructor: constructor(
        "self, name, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None, \
         nomaxvalue=None, cycle=None, schema=None, cache=None, order=None, data_type=None, \
         optional=False, quote=None, metadata=None, quote_schema=None, for_update=False, \
         **dialect_kw",
        sequence,
    ),
    properties: &[
        property("name", |_, this| {
            Ok(conversion::name_value(Some(this.sequence.name())))
        }),
        property("schema", |_, this| {
            Ok(conversion::name_value(this.sequence.schema()))
        }),
        property("optional", |_, this| {
            Ok(Value::Bool(this.sequence.optional()))
        }),
        property("metadata", |vm, this| {
            Ok(match this.sequence.metadata() {
                Some(metadata) => conversion::metadata_value(vm, &metadata),
                None => Value::None,
            })
        }),
        property("data_type", |vm, this| {
            Ok(match this.sequence.data_type() {
                Some(kind) => conversion::type_value(vm, kind),
                None => Value::None,
            })
        }),
    ],
    methods: &[
        method("next_value", "self", |_, this, _| {
            Ok(conversion::expression_value(&next_value(&this.sequence)))
        }),
        method("create", "self, bind, checkfirst=True", |vm, _, bound| {
            create_or_drop_item(vm, bound, true)
        }),
        method("drop", "self, bind, checkfirst=True", |vm, _, bound| {
            create_or_drop_item(vm, bound, false)
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.Sequence")
};

fn identity_option(vm: &mut Interpreter, this: &Value, name: &str) -> Result<Value> {
    let items = match (
        this.downcast::<IdentityObject>(),
        this.downcast::<SequenceObject>(),
    ) {
        (Some(object), _) => object.identity.options().items(),
        (None, Some(object)) => object.sequence.options().items(),
        (None, None) => return Ok(Value::None),
    };
    match items.into_iter().find(|(given, _)| *given == name) {
        Some((_, value)) => conversion::from_literal(vm, &value),
        None => Ok(Value::None),
    }
}

fn fixed_callable(function: &Rc<dyn Any>) -> Value {
    function
        .clone()
        .downcast::<Value>()
        .map_or(Value::None, |value| (*value).clone())
}

fn computed(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let sqltext = bound.value("sqltext");
    let sqltext = conversion::text_expression(vm, &sqltext, "the expression of a computed column")?;
    let made = Computed::new(sqltext, conversion::flag(vm, bound, "persisted")?);
    Ok(conversion::computed_value(&made))
}

fn identity_options(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<IdentityOptions> {
    Ok(IdentityOptions {
        start: conversion::integer(bound, "start"),
        increment: conversion::integer(bound, "increment"),
        minvalue: conversion::integer(bound, "minvalue"),
        maxvalue: conversion::integer(bound, "maxvalue"),
        nominvalue: conversion::flag(vm, bound, "nominvalue")?,
        order: conversion::flag(vm, bound, "order")?,
        nomaxvalue: conversion::flag(vm, bound, "nomaxvalue")?,
        cycle: conversion::flag(vm, bound, "cycle")?,
        cache: conversion::integer(bound, "cache"),
    })
}

fn identity(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let always = match bound.take("always") {
        None => Some(false),
        Some(Value::None) => None,
        Some(value) => Some(vm.truth(&value)?),
    };
    let options = identity_options(vm, bound)?;
    let mut dialect = conversion::dialect_options(vm, &bound.extra)?;
    for name in ["on_null", "order"] {
        if let Some(value) = conversion::flag(vm, bound, name)? {
            dialect.insert(format!("oracle_{name}"), value);
        }
    }
    let made = Identity::with_dialect_options(always, options, dialect);
    Ok(conversion::identity_value(&made))
}

fn sequence(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let quote = conversion::flag(vm, bound, "quote")?;
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
    let optional = conversion::flag(vm, bound, "optional")?.unwrap_or(false);
    let mut options = identity_options(vm, bound)?;
    // Its one own argument of a database is ORDER.
    let dialect = conversion::dialect_options(vm, &bound.extra)?;
    dialect.validate(&["Sequence"])?;
    for (name, _) in dialect.iter().filter(|(name, _)| name.ends_with("_order")) {
        options.order = options.order.or(dialect.flag(name));
    }
    let sequence = Sequence::new(name, schema, options, data_type, optional);
    if let Some(metadata) = metadata {
        sequence.set_metadata(&metadata);
    }
    Ok(conversion::sequence_value(&sequence))
}

fn default_clause(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = bound.value("arg");
    let clause = conversion::default_clause(vm, &value)?;
    let for_update = conversion::flag(vm, bound, "for_update")?.unwrap_or(false);
    Ok(Value::native(ServerDefaultObject {
        default: ServerDefault::DefaultClause(clause.as_for_update(for_update)),
    }))
}

fn column_default(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = bound.value("arg");
    let default = match conversion::column_default(vm, Some(value))? {
        Some(default) => default,
        None => ColumnDefault::Scalar(Literal::Null),
    };
    Ok(Value::native(DefaultObject { default }))
}

impl NativeObject for DefaultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.default {
            ColumnDefault::Scalar(_) => &SCALAR_DEFAULT,
            ColumnDefault::Expression(_) => &EXPRESSION_DEFAULT,
            _ => &CALLABLE_DEFAULT,
        })
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.default.python_repr())))
    }
}

impl NativeObject for ServerDefaultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.default {
            ServerDefault::FetchedValue(_) => &FETCHED_VALUE as &dyn Declared,
            _ => &DEFAULT_CLAUSE,
        })
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.default.python_repr())))
    }
}

impl NativeObject for ComputedObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COMPUTED)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.computed.python_repr())))
    }
}

impl NativeObject for IdentityObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&IDENTITY)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.identity.python_repr())))
    }
}

impl NativeObject for SequenceObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SEQUENCE)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.sequence.python_repr())))
    }
}
