//! `sqlalchemy.engine.reflection.Inspector` as a Python object.

use std::rc::Rc;

use super::class_named;
use super::connection::{EngineObject, connection_value, engine_value, to_connection};
use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, Dict, Interpreter, NativeObject, Value};
use sqlalchemy::inspector::{
    Inspector, ReflectOptions, ReflectedCheckConstraint, ReflectedColumn, ReflectedForeignKey,
    ReflectedIndex, ReflectedPrimaryKey, ReflectedUniqueConstraint, reflect_into,
};
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
                "sqlalchemy.exc.NoInspectionAvailable",
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
        "sqlalchemy.exc.NoInspectionAvailable",
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
        inspector_class(vm)
    }
}

fn inspector(value: &Value) -> Result<Inspector> {
    value
        .downcast::<InspectorObject>()
        .map(|object| object.inspector.clone())
        .ok_or_else(|| Error::new("TypeError", "an Inspector is needed"))
}

fn names(names: &[Rc<str>]) -> Value {
    Value::list(names.iter().cloned().map(Value::Str).collect())
}

/// A column as `get_columns` tells of it.
pub fn column_value(vm: &mut Interpreter, column: &ReflectedColumn) -> Value {
    let kind = super::super::types::type_value(vm, &column.type_);
    let dict = Dict::new();
    dict.set_str("name", Value::Str(column.name.clone()));
    dict.set_str("type", kind);
    dict.set_str("nullable", column.nullable.into());
    dict.set_str("default", column.default.clone().into());
    dict.set_str("primary_key", column.primary_key.into());
    if let Some((sqltext, persisted)) = &column.computed {
        let computed = [
            ("sqltext", Value::str(sqltext)),
            ("persisted", Value::Bool(*persisted)),
        ];
        dict.set_str("computed", Value::dict(computed));
    }
    Value::Dict(Rc::new(dict))
}

fn primary_key_value(key: &ReflectedPrimaryKey) -> Value {
    let columns = names(&key.constrained_columns);
    if key.constrained_columns.is_empty() {
        return Value::dict([("name", Value::None), ("constrained_columns", columns)]);
    }
    Value::dict([
        ("constrained_columns", columns),
        ("name", key.name.clone().into()),
    ])
}

/// A foreign key as `get_foreign_keys` tells of it.
pub fn foreign_key_value(key: &ReflectedForeignKey) -> Value {
    let options = Dict::new();
    if let Some(ondelete) = &key.ondelete {
        options.set_str("ondelete", Value::str(ondelete));
    }
    if let Some(onupdate) = &key.onupdate {
        options.set_str("onupdate", Value::str(onupdate));
    }
    if let Some(deferrable) = key.deferrable {
        options.set_str("deferrable", deferrable.into());
    }
    if let Some(initially) = &key.initially {
        options.set_str("initially", Value::str(initially));
    }
    Value::dict([
        ("name", key.name.clone().into()),
        ("constrained_columns", names(&key.constrained_columns)),
        ("referred_schema", key.referred_schema.clone().into()),
        ("referred_table", Value::Str(key.referred_table.clone())),
        ("referred_columns", names(&key.referred_columns)),
        ("options", Value::Dict(Rc::new(options))),
    ])
}

/// An index as `get_indexes` tells of it.
pub fn index_value(index: &ReflectedIndex) -> Value {
    let options = Dict::new();
    for (name, _) in index.dialect_options.iter() {
        if let Some(expression) = index.dialect_options.expression(name) {
            options.set_str(name, conversion::expression_value(&expression));
        }
    }
    let columns = index.column_names.iter();
    let columns = columns
        .map(|name| name.clone().map_or(Value::None, Value::Str))
        .collect();
    Value::dict([
        ("name", Value::Str(index.name.clone())),
        ("column_names", Value::list(columns)),
        ("unique", Value::Int(index.unique.into())),
        ("dialect_options", Value::Dict(Rc::new(options))),
    ])
}

fn unique_value(unique: &ReflectedUniqueConstraint) -> Value {
    Value::dict([
        ("name", unique.name.clone().into()),
        ("column_names", names(&unique.column_names)),
    ])
}

fn check_value(check: &ReflectedCheckConstraint) -> Value {
    Value::dict([
        ("sqltext", Value::str(&check.sqltext)),
        ("name", check.name.clone().into()),
    ])
}

/// What about a table is asked.
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

const PARTS: [(&str, &str, Part); 8] = [
    ("get_columns", "get_multi_columns", Part::Columns),
    (
        "get_pk_constraint",
        "get_multi_pk_constraint",
        Part::PrimaryKey,
    ),
    (
        "get_foreign_keys",
        "get_multi_foreign_keys",
        Part::ForeignKeys,
    ),
    ("get_indexes", "get_multi_indexes", Part::Indexes),
    (
        "get_unique_constraints",
        "get_multi_unique_constraints",
        Part::UniqueConstraints,
    ),
    (
        "get_check_constraints",
        "get_multi_check_constraints",
        Part::CheckConstraints,
    ),
    (
        "get_table_options",
        "get_multi_table_options",
        Part::Options,
    ),
    (
        "get_table_comment",
        "get_multi_table_comment",
        Part::Comment,
    ),
];

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
            Value::list(
                columns
                    .iter()
                    .map(|column| column_value(vm, column))
                    .collect(),
            )
        }
        Part::PrimaryKey => {
            primary_key_value(&*vm.lend(|| inspector.get_pk_constraint(table, schema))?)
        }
        Part::ForeignKeys => {
            let keys = vm.lend(|| inspector.get_foreign_keys(table, schema))?;
            Value::list(keys.iter().map(foreign_key_value).collect())
        }
        Part::Indexes => {
            let indexes = vm.lend(|| inspector.get_indexes(table, schema))?;
            Value::list(indexes.iter().map(index_value).collect())
        }
        Part::UniqueConstraints => {
            let unique = vm.lend(|| inspector.get_unique_constraints(table, schema))?;
            Value::list(unique.iter().map(unique_value).collect())
        }
        Part::CheckConstraints => {
            let checks = vm.lend(|| inspector.get_check_constraints(table, schema))?;
            Value::list(checks.iter().map(check_value).collect())
        }
        Part::Options => {
            let told = vm.lend(|| inspector.get_table_options(table, schema))?;
            let options = Dict::new();
            for (name, value) in told.iter() {
                if let Argument::Value(literal) = value {
                    options.set_str(name, conversion::from_literal(vm, literal)?);
                }
            }
            Value::Dict(Rc::new(options))
        }
        Part::Comment => {
            let comment = vm.lend(|| inspector.get_table_comment(table, schema))?;
            Value::dict([("text", comment.map_or(Value::None, Value::Str))])
        }
    })
}

fn schema_argument(bound: &mut python::Bound<'_>) -> Option<Rc<str>> {
    bound
        .take_some("schema")
        .and_then(|schema| schema.as_text())
}

fn table_argument(vm: &mut Interpreter, value: &Value) -> Result<Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => {
            conversion::refuse_opaque(value, "The table's name")?;
            vm.str(value).map(Rc::from)
        }
    }
}

type NameLister = fn(&Inspector, Option<&str>) -> Result<Rc<Vec<Rc<str>>>>;

const NAMES: [(&str, NameLister); 7] = [
    ("get_table_names", |inspector, schema| {
        inspector.get_table_names(schema)
    }),
    ("get_view_names", |inspector, schema| {
        inspector.get_view_names(schema)
    }),
    ("get_temp_table_names", |inspector, _| {
        inspector.get_temp_table_names()
    }),
    ("get_temp_view_names", |inspector, _| {
        inspector.get_temp_view_names()
    }),
    ("get_schema_names", |inspector, _| {
        inspector.get_schema_names()
    }),
    ("get_sequence_names", |inspector, schema| {
        inspector.get_sequence_names(schema)
    }),
    ("get_materialized_view_names", |inspector, schema| {
        inspector.get_materialized_view_names(schema)
    }),
];

fn inspector_class(vm: &mut Interpreter) -> Class {
    class_named(
        vm,
        "sqlalchemy.engine.reflection",
        "Inspector",
        |mut builder| {
            for (name, list) in NAMES {
                builder = builder.method(name, move |vm, this, arguments| {
                    let mut bound =
                        arguments.bind(parameters!("get_names", "schema=None, **kw"))?;
                    let schema = schema_argument(&mut bound);
                    let inspector = inspector(this)?;
                    let found = vm.lend(|| list(&inspector, schema.as_deref()))?;
                    Ok(names(&found))
                });
            }
            for (one, several, part) in PARTS {
                builder = builder
                    .method(one, move |vm, this, arguments| {
                        let mut bound =
                            arguments.bind(parameters!("get", "table_name, schema=None, **kw"))?;
                        let schema = schema_argument(&mut bound);
                        let table = table_argument(vm, &bound.value("table_name"))?;
                        tell(vm, &inspector(this)?, part, &table, schema.as_deref())
                    })
                    .method(several, move |vm, this, arguments| {
                        let mut bound = arguments.bind(parameters!(
                            "get_multi",
                            "schema=None, filter_names=None, kind=None, scope=None, **kw"
                        ))?;
                        let schema = schema_argument(&mut bound);
                        let inspector = inspector(this)?;
                        let tables = vm.lend(|| inspector.get_table_names(schema.as_deref()))?;
                        let wanted = match bound.take_some("filter_names") {
                            None => None,
                            Some(names) => {
                                let mut wanted: Vec<Rc<str>> = Vec::new();
                                for name in vm.collect(&names)? {
                                    wanted.push(table_argument(vm, &name)?);
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
                            let key = Value::tuple(vec![
                                schema.clone().into(),
                                Value::Str(table.clone()),
                            ]);
                            let value = tell(vm, &inspector, part, table, schema.as_deref())?;
                            told.set(vm, key, value)?;
                        }
                        Ok(Value::Dict(Rc::new(told)))
                    });
            }
            builder
                .class_method("from_engine", |vm, _class, arguments| {
                    let [bind] = arguments.exactly("from_engine")?;
                    let inspector = to_inspector(vm, &bind)?;
                    Ok(inspector_value(&inspector))
                })
                .method("has_table", |vm, this, arguments| {
                    let mut bound = arguments
                        .bind(parameters!("has_table", "table_name, schema=None, **kw"))?;
                    let schema = schema_argument(&mut bound);
                    let table = table_argument(vm, &bound.value("table_name"))?;
                    let inspector = inspector(this)?;
                    let found = vm.lend(|| inspector.has_table(&table, schema.as_deref()))?;
                    Ok(found.into())
                })
                .method("has_index", |vm, this, arguments| {
                    let mut bound = arguments.bind(parameters!(
                        "has_index",
                        "table_name, index_name, schema=None, **kw"
                    ))?;
                    let schema = schema_argument(&mut bound);
                    let table = table_argument(vm, &bound.value("table_name"))?;
                    let index = table_argument(vm, &bound.value("index_name"))?;
                    let inspector = inspector(this)?;
                    let found =
                        vm.lend(|| inspector.has_index(&table, &index, schema.as_deref()))?;
                    Ok(found.into())
                })
                .method("has_schema", |vm, this, arguments| {
                    let mut bound =
                        arguments.bind(parameters!("has_schema", "schema_name, **kw"))?;
                    let schema = table_argument(vm, &bound.value("schema_name"))?;
                    let inspector = inspector(this)?;
                    Ok(vm.lend(|| inspector.has_schema(&schema))?.into())
                })
                .method("has_sequence", |_vm, _this, _| {
                    Err(Error::new("NotImplementedError", ""))
                })
                .method("get_view_definition", |vm, this, arguments| {
                    let mut bound = arguments.bind(parameters!(
                        "get_view_definition",
                        "view_name, schema=None, **kw"
                    ))?;
                    let schema = schema_argument(&mut bound);
                    let view = table_argument(vm, &bound.value("view_name"))?;
                    let inspector = inspector(this)?;
                    let sql =
                        vm.lend(|| inspector.get_view_definition(&view, schema.as_deref()))?;
                    Ok(Value::Str(sql))
                })
                .method("reflect_table", |vm, this, arguments| {
                    let mut bound = arguments.bind(parameters!(
                        "reflect_table",
                        "table, include_columns=None, exclude_columns=(), resolve_fks=True, **kw"
                    ))?;
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
                    let inspector = inspector(this)?;
                    vm.lend(|| reflect_into(&inspector, &table, &options))?;
                    Ok(Value::None)
                })
                .method("get_sorted_table_and_fkc_names", |_vm, _this, _| {
                    Err(Error::unsupported("get_sorted_table_and_fkc_names()"))
                })
                .method("clear_cache", |_vm, this, _: Arguments| {
                    inspector(this)?.clear_cache();
                    Ok(Value::None)
                })
                .property("bind", |vm, this| {
                    let inspector = inspector(this)?;
                    Ok(match inspector.connection() {
                        Some(connection) => connection_value(vm, connection),
                        None => engine_value(vm, inspector.engine()),
                    })
                })
                .property("engine", |vm, this| {
                    let inspector = inspector(this)?;
                    Ok(engine_value(vm, inspector.engine()))
                })
                .property("dialect", |vm, this| {
                    let dialect = inspector(this)?.engine().dialect().clone();
                    Ok(super::dialect_value(vm, &dialect))
                })
                .property("default_schema_name", |_vm, this| {
                    Ok(Value::Str(inspector(this)?.default_schema_name()))
                })
                .property("info_cache", |_vm, _this| {
                    Ok(Value::Dict(Rc::new(Dict::new())))
                })
        },
    )
}

/// The class, for those who import it.
pub(super) fn class(vm: &mut Interpreter) -> Class {
    inspector_class(vm)
}
