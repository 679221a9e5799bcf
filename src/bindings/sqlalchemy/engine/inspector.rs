//! `sqlalchemy.engine.reflection.Inspector` as a Python object.

use sqlalchemy::exc;
use std::rc::Rc;

use super::connection::{EngineObject, connection_value, engine_value, to_connection};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::dialects;
use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, Declaration, Dict, Interpreter, NativeObject, Value, function, method, property,
};
use sqlalchemy::inspector::{
    Inspector, Part as Shape, ReflectOptions, ReflectedCheckConstraint, ReflectedColumn,
    ReflectedForeignKey, ReflectedIndex, ReflectedPrimaryKey, ReflectedUniqueConstraint,
    reflect_into,
};
use sqlalchemy::schema::DialectOptions;
use sqlalchemy::sqltypes::Argument;

/// An inspector.
pub struct InspectorObject {
    /// The inspector.
    pub inspector: Inspector,
}

/// The inspector for an engine, a connection, or an inspector itself.
///
/// # Errors
/// `sqlalchemy.exc.NoInspectionAvailable` for anything else; what connecting says.
pub fn to_inspector(vm: &mut Interpreter, value: &Value) -> Result<Inspector> {
    if let Some(object) = value.downcast::<InspectorObject>() {
        return Ok(object.inspector.clone());
    }
    if let Some(connection) = to_connection(value) {
        return Inspector::new(&connection);
    }
    if let Some(object) = value.downcast::<EngineObject>() {
        if object.asynchronous {
            return Err(Error::new(
                exc::NO_INSPECTION_AVAILABLE,
                "Inspection on an AsyncEngine is currently not supported. Please obtain a \
                 connection then use ``conn.run_sync`` to pass a callable where it's possible to \
                 call ``inspect`` on the passed connection.",
            ));
        }
        return vm.lend(|| Inspector::of_engine(&object.engine));
    }
    conversion::refuse_opaque(value, "What is inspected")?;
    let class = vm.class_of(value).dotted_name();
    Err(Error::new(
        exc::NO_INSPECTION_AVAILABLE,
        format!("No inspection system is available for object of type <class '{class}'>"),
    ))
}

/// `sqlalchemy.inspect(engine or connection)`; `None` for anything else.
///
/// # Errors
/// What connecting says.
pub fn inspect(vm: &mut Interpreter, value: &Value) -> Result<Option<Value>> {
    let known = value.downcast::<EngineObject>().is_some() || to_connection(value).is_some();
    if !known {
        return Ok(None);
    }
    let inspector = to_inspector(vm, value)?;
    Ok(Some(Value::native(InspectorObject { inspector })))
}

/// The Python object of an inspector.
pub fn inspector_value(inspector: &Inspector) -> Value {
    Value::native(InspectorObject {
        inspector: inspector.clone(),
    })
}

impl NativeObject for InspectorObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let dialect = self.inspector.engine().dialect().name();
        match dialects::inspector_class(dialect) {
            Some(own) => vm.class(own),
            None => vm.class(&INSPECTOR),
        }
    }
}

/// A list of names.
pub(in crate::bindings::sqlalchemy) fn names(names: &[Rc<str>]) -> Value {
    Value::list(names.iter().cloned().map(Value::Str).collect())
}

/// A dictionary of reflection: those of the entries whose keys the dialect gives, in its order.
fn entry(inspector: &Inspector, part: Shape, mut entries: Vec<(&'static str, Value)>) -> Value {
    let dict = Dict::new();
    for key in inspector.keys_of(part) {
        if let Some(place) = entries.iter().position(|(name, _)| name == key) {
            dict.set_str(key, entries.swap_remove(place).1);
        }
    }
    Value::Dict(Rc::new(dict))
}

fn text_or_none(text: &Option<Rc<str>>) -> Value {
    text.clone().map_or(Value::None, Value::Str)
}

fn options_value(vm: &mut Interpreter, options: &DialectOptions) -> Result<Value> {
    let dict = Dict::new();
    for (name, value) in options.iter() {
        let value = match value {
            Argument::Value(literal) => conversion::from_literal(vm, literal)?,
            Argument::Expression(expression) => conversion::expression_value(expression),
            Argument::Type(_) => continue,
        };
        dict.set_str(name, value);
    }
    Ok(Value::Dict(Rc::new(dict)))
}

/// An entry of `get_columns`.
///
/// # Errors
/// Those of the interpreter.
fn column_value(
    vm: &mut Interpreter,
    inspector: &Inspector,
    column: &ReflectedColumn,
) -> Result<Value> {
    let kind = super::super::types::type_value(vm, &column.type_);
    let mut entries = vec![
        ("name", Value::Str(column.name.clone())),
        ("type", kind),
        ("nullable", column.nullable.into()),
        ("default", column.default.clone().into()),
        ("primary_key", column.primary_key.into()),
        (
            "autoincrement",
            column.autoincrement.unwrap_or(false).into(),
        ),
        ("comment", text_or_none(&column.comment)),
    ];
    if let Some((sqltext, persisted)) = &column.computed {
        let computed = [
            ("sqltext", Value::str(sqltext)),
            ("persisted", Value::Bool(*persisted)),
        ];
        entries.push(("computed", Value::dict(computed)));
    }
    if let Some((always, options)) = &column.identity {
        let number = |number: Option<i64>| number.map_or(Value::None, Value::Int);
        let identity = [
            ("always", Value::Bool(*always)),
            ("start", number(options.start)),
            ("increment", number(options.increment)),
            ("minvalue", number(options.minvalue)),
            ("maxvalue", number(options.maxvalue)),
            ("cache", number(options.cache)),
            ("cycle", options.cycle.map_or(Value::None, Value::Bool)),
        ];
        entries.push(("identity", Value::dict(identity)));
    }
    Ok(entry(inspector, Shape::Columns, entries))
}

fn primary_key_value(
    vm: &mut Interpreter,
    inspector: &Inspector,
    key: &ReflectedPrimaryKey,
) -> Result<Value> {
    let columns = names(&key.constrained_columns);
    if key.constrained_columns.is_empty() {
        return Ok(Value::dict([
            ("name", Value::None),
            ("constrained_columns", columns),
        ]));
    }
    let entries = vec![
        ("constrained_columns", columns),
        ("name", key.name.clone().into()),
        ("comment", text_or_none(&key.comment)),
        ("dialect_options", options_value(vm, &key.dialect_options)?),
    ];
    Ok(entry(inspector, Shape::PrimaryKey, entries))
}

/// An entry of `get_foreign_keys`.
fn foreign_key_value(inspector: &Inspector, key: &ReflectedForeignKey) -> Value {
    let mut options = Vec::new();
    if let Some(ondelete) = &key.ondelete {
        options.push(("ondelete", Value::str(ondelete)));
    }
    if let Some(onupdate) = &key.onupdate {
        options.push(("onupdate", Value::str(onupdate)));
    }
    if let Some(deferrable) = key.deferrable {
        options.push(("deferrable", deferrable.into()));
    }
    if let Some(initially) = &key.initially {
        options.push(("initially", Value::str(initially)));
    }
    if let Some(match_) = &key.match_ {
        options.push(("match", Value::str(match_)));
    }
    let options = entry(inspector, Shape::ForeignKeyOptions, options);
    let entries = vec![
        ("name", key.name.clone().into()),
        ("constrained_columns", names(&key.constrained_columns)),
        ("referred_schema", key.referred_schema.clone().into()),
        ("referred_table", Value::Str(key.referred_table.clone())),
        ("referred_columns", names(&key.referred_columns)),
        ("options", options),
        ("comment", text_or_none(&key.comment)),
    ];
    entry(inspector, Shape::ForeignKeys, entries)
}

/// An entry of `get_indexes`.
///
/// # Errors
/// Those of the interpreter.
fn index_value(
    vm: &mut Interpreter,
    inspector: &Inspector,
    index: &ReflectedIndex,
) -> Result<Value> {
    let columns = index.column_names.iter();
    let columns = columns
        .map(|name| name.clone().map_or(Value::None, Value::Str))
        .collect();
    let unique = if index.unique_is_number {
        Value::Int(index.unique.into())
    } else {
        Value::Bool(index.unique)
    };
    let mut entries = vec![
        ("name", Value::Str(index.name.clone())),
        ("column_names", Value::list(columns)),
        ("unique", unique),
        (
            "dialect_options",
            options_value(vm, &index.dialect_options)?,
        ),
    ];
    if !index.expressions.is_empty() {
        entries.push(("expressions", names(&index.expressions)));
    }
    if !index.column_sorting.is_empty() {
        let sorting = Dict::new();
        for (element, words) in &index.column_sorting {
            let words = words.iter().cloned().map(Value::Str).collect();
            sorting.set_str(element, Value::tuple(words));
        }
        entries.push(("column_sorting", Value::Dict(Rc::new(sorting))));
    }
    if let Some(constraint) = &index.duplicates_constraint {
        entries.push(("duplicates_constraint", Value::Str(constraint.clone())));
    }
    Ok(entry(inspector, Shape::Indexes, entries))
}

fn unique_value(
    vm: &mut Interpreter,
    inspector: &Inspector,
    unique: &ReflectedUniqueConstraint,
) -> Result<Value> {
    let entries = vec![
        ("name", unique.name.clone().into()),
        ("column_names", names(&unique.column_names)),
        ("comment", text_or_none(&unique.comment)),
        (
            "dialect_options",
            options_value(vm, &unique.dialect_options)?,
        ),
    ];
    Ok(entry(inspector, Shape::UniqueConstraints, entries))
}

fn check_value(
    vm: &mut Interpreter,
    inspector: &Inspector,
    check: &ReflectedCheckConstraint,
) -> Result<Value> {
    let mut entries = vec![
        ("sqltext", Value::str(&check.sqltext)),
        ("name", check.name.clone().into()),
        ("comment", text_or_none(&check.comment)),
    ];
    if !check.dialect_options.is_empty() {
        let options = options_value(vm, &check.dialect_options)?;
        entries.push(("dialect_options", options));
    }
    Ok(entry(inspector, Shape::CheckConstraints, entries))
}

/// The kinds of information that can be reflected from a table.
#[derive(Clone, Copy)]
enum Part {
    Columns,
    PrimaryKey,
    ForeignKeys,
    Indexes,
    UniqueConstraints,
    CheckConstraints,
    Options,
    Comment,
}

fn tell(
    vm: &mut Interpreter,
    inspector: &Inspector,
    part: Part,
    table: &str,
    schema: Option<&str>,
) -> Result<Value> {
    Ok(match part {
        Part::Columns => {
            let columns = vm.lend(|| inspector.get_columns(table, schema))?;
            list(&columns, |column| column_value(vm, inspector, column))?
        }
        Part::PrimaryKey => {
            let key = vm.lend(|| inspector.get_pk_constraint(table, schema))?;
            primary_key_value(vm, inspector, &key)?
        }
        Part::ForeignKeys => {
            let keys = vm.lend(|| inspector.get_foreign_keys(table, schema))?;
            list(&keys, |key| Ok(foreign_key_value(inspector, key)))?
        }
        Part::Indexes => {
            let indexes = vm.lend(|| inspector.get_indexes(table, schema))?;
            list(&indexes, |index| index_value(vm, inspector, index))?
        }
        Part::UniqueConstraints => {
            let unique = vm.lend(|| inspector.get_unique_constraints(table, schema))?;
            list(&unique, |unique| unique_value(vm, inspector, unique))?
        }
        Part::CheckConstraints => {
            let checks = vm.lend(|| inspector.get_check_constraints(table, schema))?;
            list(&checks, |check| check_value(vm, inspector, check))?
        }
        Part::Options => {
            let options = vm.lend(|| inspector.get_table_options(table, schema))?;
            options_value(vm, &options)?
        }
        Part::Comment => {
            let comment = vm.lend(|| inspector.get_table_comment(table, schema))?;
            Value::dict([("text", comment.map_or(Value::None, Value::Str))])
        }
    })
}

/// A list of what is made of each item.
///
/// # Errors
/// What making one returns.
pub(in crate::bindings::sqlalchemy) fn list<T>(
    items: &[T],
    value: impl FnMut(&T) -> Result<Value>,
) -> Result<Value> {
    let values: Result<Vec<Value>> = items.iter().map(value).collect();
    values.map(Value::list)
}

/// The argument `schema`, where it is given.
pub(in crate::bindings::sqlalchemy) fn schema_argument(bound: &mut Bound<'_>) -> Option<Rc<str>> {
    bound
        .take_some("schema")
        .and_then(|schema| schema.as_text())
}

/// A name that may be of any class with a text.
///
/// # Errors
/// What its `__str__` raises.
pub(in crate::bindings::sqlalchemy) fn name_argument(
    vm: &mut Interpreter,
    value: &Value,
) -> Result<Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => {
            conversion::refuse_opaque(value, "The table's name")?;
            vm.str(value).map(Rc::from)
        }
    }
}

/// Lists names of a schema.
pub(in crate::bindings::sqlalchemy) type NameLister =
    fn(&Inspector, Option<&str>) -> Result<Rc<Vec<Rc<str>>>>;

/// The parameters of what is asked about one table.
const OF_TABLE: &str = "self, table_name, schema=None, **kw";
/// Parameters of the `get_multi_…` methods.
const OF_TABLES: &str = "self, schema=None, filter_names=None, kind=ObjectKind.TABLE, \
     scope=ObjectScope.DEFAULT, **kw";

/// `Inspector`.
pub(in crate::bindings::sqlalchemy) static INSPECTOR: Declaration<InspectorObject> = Declaration {
    properties: &[
        property("bind", |vm, this| {
            let inspector = this.inspector.clone();
            Ok(match inspector.connection() {
                Some(connection) => connection_value(vm, connection),
                None => engine_value(vm, inspector.engine()),
            })
        }),
        property("engine", |vm, this| {
            let inspector = this.inspector.clone();
            Ok(engine_value(vm, inspector.engine()))
        }),
        property("dialect", |vm, this| {
            let dialect = this.inspector.clone().engine().dialect().clone();
            Ok(super::dialect_value(vm, &dialect))
        }),
        property("default_schema_name", |_, this| {
            Ok(this.inspector.default_schema_name().into())
        }),
        property("info_cache", |_, _| Ok(Value::Dict(Rc::new(Dict::new())))),
    ],
    methods: &[
        method(
            "get_table_names",
            "self, schema=None, **kw",
            |vm, this, bound| {
                listed(vm, this, bound, |inspector, schema| {
                    inspector.get_table_names(schema)
                })
            },
        ),
        method(
            "get_view_names",
            "self, schema=None, **kw",
            |vm, this, bound| {
                listed(vm, this, bound, |inspector, schema| {
                    inspector.get_view_names(schema)
                })
            },
        ),
        method("get_temp_table_names", "self, **kw", |vm, this, bound| {
            listed(vm, this, bound, |inspector, _| {
                inspector.get_temp_table_names()
            })
        }),
        method("get_temp_view_names", "self, **kw", |vm, this, bound| {
            listed(vm, this, bound, |inspector, _| {
                inspector.get_temp_view_names()
            })
        }),
        method("get_schema_names", "self, **kw", |vm, this, bound| {
            listed(vm, this, bound, |inspector, _| inspector.get_schema_names())
        }),
        method(
            "get_sequence_names",
            "self, schema=None, **kw",
            |vm, this, bound| {
                listed(vm, this, bound, |inspector, schema| {
                    inspector.get_sequence_names(schema)
                })
            },
        ),
        method(
            "get_materialized_view_names",
            "self, schema=None, **kw",
            |vm, this, bound| {
                listed(vm, this, bound, |inspector, schema| {
                    inspector.get_materialized_view_names(schema)
                })
            },
        ),
        method("get_columns", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::Columns)
        }),
        method("get_multi_columns", OF_TABLES, |vm, this, bound| {
            of_tables(vm, this, bound, Part::Columns)
        }),
        method("get_pk_constraint", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::PrimaryKey)
        }),
        method("get_multi_pk_constraint", OF_TABLES, |vm, this, bound| {
            of_tables(vm, this, bound, Part::PrimaryKey)
        }),
        method("get_foreign_keys", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::ForeignKeys)
        }),
        method("get_multi_foreign_keys", OF_TABLES, |vm, this, bound| {
            of_tables(vm, this, bound, Part::ForeignKeys)
        }),
        method("get_indexes", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::Indexes)
        }),
        method("get_multi_indexes", OF_TABLES, |vm, this, bound| {
            of_tables(vm, this, bound, Part::Indexes)
        }),
        method("get_unique_constraints", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::UniqueConstraints)
        }),
        method(
            "get_multi_unique_constraints",
            OF_TABLES,
            |vm, this, bound| of_tables(vm, this, bound, Part::UniqueConstraints),
        ),
        method("get_check_constraints", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::CheckConstraints)
        }),
        method(
            "get_multi_check_constraints",
            OF_TABLES,
            |vm, this, bound| of_tables(vm, this, bound, Part::CheckConstraints),
        ),
        method("get_table_options", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::Options)
        }),
        method("get_multi_table_options", OF_TABLES, |vm, this, bound| {
            of_tables(vm, this, bound, Part::Options)
        }),
        method("get_table_comment", OF_TABLE, |vm, this, bound| {
            of_table(vm, this, bound, Part::Comment)
        }),
        method("get_multi_table_comment", OF_TABLES, |vm, this, bound| {
            of_tables(vm, this, bound, Part::Comment)
        }),
        method("has_table", OF_TABLE, |vm, this, bound| {
            let schema = schema_argument(bound);
            let table = name_argument(vm, &bound.value("table_name"))?;
            let inspector = this.inspector.clone();
            let found = vm.lend(|| inspector.has_table(&table, schema.as_deref()))?;
            Ok(found.into())
        }),
        method(
            "has_index",
            "self, table_name, index_name, schema=None, **kw",
            |vm, this, bound| {
                let schema = schema_argument(bound);
                let table = name_argument(vm, &bound.value("table_name"))?;
                let index = name_argument(vm, &bound.value("index_name"))?;
                let inspector = this.inspector.clone();
                let found = vm.lend(|| inspector.has_index(&table, &index, schema.as_deref()))?;
                Ok(found.into())
            },
        ),
        method(
            "has_schema",
            "self, schema_name, **kw",
            |vm, this, bound| {
                let schema = name_argument(vm, &bound.value("schema_name"))?;
                let inspector = this.inspector.clone();
                Ok(vm.lend(|| inspector.has_schema(&schema))?.into())
            },
        ),
        method(
            "has_sequence",
            "self, sequence_name, schema=None, **kw",
            |vm, this, bound| {
                let schema = schema_argument(bound);
                let sequence = name_argument(vm, &bound.value("sequence_name"))?;
                let inspector = this.inspector.clone();
                let found = vm.lend(|| inspector.has_sequence(&sequence, schema.as_deref()))?;
                Ok(found.into())
            },
        ),
        method(
            "get_view_definition",
            "self, view_name, schema=None, **kw",
            |vm, this, bound| {
                let schema = schema_argument(bound);
                let view = name_argument(vm, &bound.value("view_name"))?;
                let inspector = this.inspector.clone();
                let sql = vm.lend(|| inspector.get_view_definition(&view, schema.as_deref()))?;
                Ok(Value::Str(sql))
            },
        ),
        method(
            "reflect_table",
            "self, table, include_columns=None, exclude_columns=(), resolve_fks=True, **kw",
            |vm, this, bound| {
                let table = bound.value("table");
                let Some(table) = conversion::find_table(&table) else {
                    return Err(vm.type_error("reflect_table() needs a Table"));
                };
                let mut texts =
                    |name: &str, vm: &mut Interpreter| -> Result<Option<Vec<Rc<str>>>> {
                        match bound.take_some(name) {
                            None => Ok(None),
                            Some(value) => Ok(Some(
                                vm.collect(&value)?
                                    .iter()
                                    .filter_map(Value::as_text)
                                    .collect(),
                            )),
                        }
                    };
                let options = ReflectOptions {
                    include_columns: texts("include_columns", vm)?,
                    exclude_columns: texts("exclude_columns", vm)?.unwrap_or_default(),
                    ..ReflectOptions::default()
                };
                let inspector = this.inspector.clone();
                vm.lend(|| reflect_into(&inspector, &table, &options))?;
                Ok(Value::None)
            },
        ),
        method(
            "get_sorted_table_and_fkc_names",
            "self, schema=None, **kw",
            |_, _, _| Err(Error::unsupported("get_sorted_table_and_fkc_names()")),
        ),
        method("clear_cache", "self", |_, this, _| {
            this.inspector.clone().clear_cache();
            Ok(Value::None)
        }),
    ],
    static_methods: &[function("from_engine", "bind", |vm, bound| {
        let inspector = to_inspector(vm, &bound.value("bind"))?;
        Ok(inspector_value(&inspector))
    })],
    ..Declaration::new("sqlalchemy.engine.reflection.Inspector")
};

/// What lists names of a schema.
pub(in crate::bindings::sqlalchemy) fn listed(
    vm: &mut Interpreter,
    this: &InspectorObject,
    bound: &mut Bound<'_>,
    list: NameLister,
) -> Result<Value> {
    let schema = schema_argument(bound);
    let found = vm.lend(|| list(&this.inspector, schema.as_deref()))?;
    Ok(names(&found))
}

fn of_table(
    vm: &mut Interpreter,
    this: &InspectorObject,
    bound: &mut Bound<'_>,
    part: Part,
) -> Result<Value> {
    let schema = schema_argument(bound);
    let table = name_argument(vm, &bound.value("table_name"))?;
    tell(vm, &this.inspector, part, &table, schema.as_deref())
}

fn of_tables(
    vm: &mut Interpreter,
    this: &InspectorObject,
    bound: &mut Bound<'_>,
    part: Part,
) -> Result<Value> {
    let schema = schema_argument(bound);
    let inspector = &this.inspector;
    let tables = vm.lend(|| inspector.get_table_names(schema.as_deref()))?;
    let wanted = match bound.take_some("filter_names") {
        None => None,
        Some(names) => {
            let mut wanted: Vec<Rc<str>> = Vec::new();
            for name in vm.collect(&names)? {
                wanted.push(name_argument(vm, &name)?);
            }
            Some(wanted)
        }
    };
    let told = Dict::new();
    for table in tables.iter() {
        if wanted
            .as_ref()
            .is_some_and(|wanted| !wanted.contains(table))
        {
            continue;
        }
        let key = Value::tuple(vec![schema.clone().into(), Value::Str(table.clone())]);
        let value = tell(vm, inspector, part, table, schema.as_deref())?;
        told.set(vm, key, value)?;
    }
    Ok(Value::Dict(Rc::new(told)))
}
