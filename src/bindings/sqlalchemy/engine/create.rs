//! `MetaData.create_all`, `Table.create`, `Index.create` and their counterparts.

use std::any::Any;
use std::rc::Rc;

use super::{MockConnection, with_connection};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema::SequenceObject;
use ground::diagnostic::{Error, Result};
use python::{Arguments, Bound, Interpreter, Value};
use sqlalchemy::compiler::ddl;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::{Compiled, Connection};
use sqlalchemy::inspector::Inspector;
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::Table;
use sqlalchemy::sqltypes::classes;

/// Creates or drops `this` on a connection or an engine.
///
/// # Errors
/// What the database says.
pub fn create_or_drop(vm: &mut Interpreter, bound: &mut Bound<'_>, create: bool) -> Result<Value> {
    let this = bound.this().clone();
    let bind = bound.value("bind");
    let chosen = match bound.take_some("tables") {
        None => None,
        Some(tables) => Some(
            vm.collect(&tables)?
                .iter()
                .filter_map(conversion::find_table)
                .collect::<Vec<Table>>(),
        ),
    };
    let metadata = conversion::find_metadata(&this);
    // Only `MetaData` checks for existence by default.
    let check = match bound.take_some("checkfirst") {
        Some(check) => vm.truth(&check)?,
        None => metadata.is_some(),
    };
    let table = conversion::find_table(&this);
    let index = conversion::find_index(&this);
    if let Some(mock) = bind.downcast::<MockConnection>() {
        // Nothing can be looked up: all of it is written.
        let statements = statements(vm, &this, chosen.as_deref(), mock.dialect(), create)?;
        for text in statements {
            mock.execute_ddl(vm, text)?;
        }
        return Ok(Value::None);
    }
    with_connection(vm, &bind, |vm, connection| {
        if let Some(index) = index {
            let dialect = connection.dialect();
            vm.lend(|| {
                let sql = if create {
                    ddl::create_index(&index, &dialect, false)?
                } else {
                    ddl::drop_index(&index, &dialect, false)?
                };
                connection.execute(&Compiled::ddl(sql))
            })?;
            return Ok(Value::None);
        }
        let mut tables = match (metadata, table) {
            (Some(metadata), _) => metadata.sorted_tables()?,
            (None, Some(table)) => vec![table],
            (None, None) => return Err(Error::unsupported("creating such an object")),
        };
        if let Some(chosen) = chosen {
            tables.retain(|table| chosen.iter().any(|other| other.ptr_eq(table)));
        }
        vm.lend(|| connection.take_schema_warnings());
        if !create {
            tables.reverse();
        }
        let inspector = Inspector::new(connection)?;
        for table in &tables {
            change(vm, connection, &inspector, table, check, create)?;
        }
        Ok(Value::None)
    })
}

/// What creates or drops an item of a schema, without looking for it first.
fn statements(
    vm: &mut Interpreter,
    item: &Value,
    chosen: Option<&[Table]>,
    dialect: &Dialect,
    create: bool,
) -> Result<Vec<String>> {
    if let Some(metadata) = conversion::find_metadata(item) {
        return vm.lend(|| {
            if create {
                ddl::create_all(&metadata, chosen, dialect, &|_| Ok(false))
            } else {
                ddl::drop_all(&metadata, chosen, dialect, &|_| Ok(true))
            }
        });
    }
    if let Some(table) = conversion::find_table(item) {
        return vm.lend(|| {
            if !create {
                return Ok(vec![ddl::drop_table(&table, dialect, false)?]);
            }
            let mut texts = Vec::new();
            for kind in ddl::named_types(std::slice::from_ref(&table), dialect)? {
                texts.push(ddl::create_enum_type(&kind, dialect)?);
            }
            texts.extend(ddl::column_sequences(&table, dialect)?);
            texts.extend(ddl::create_table_statements(&table, dialect, None)?);
            Ok(texts)
        });
    }
    if let Some(index) = conversion::find_index(item) {
        return vm.lend(|| {
            Ok(vec![if create {
                ddl::create_index(&index, dialect, false)?
            } else {
                ddl::drop_index(&index, dialect, false)?
            }])
        });
    }
    if let Some(object) = item.downcast::<SequenceObject>() {
        let sequence = &object.sequence;
        return vm.lend(|| {
            if !dialect.supports_sequences() {
                return Ok(Vec::new());
            }
            Ok(vec![if create {
                ddl::create_sequence(sequence, dialect, false)?
            } else {
                ddl::drop_sequence(sequence, dialect, false)
            }])
        });
    }
    if conversion::is_type(item) {
        let kind = conversion::to_type(vm, item)?;
        return vm.lend(|| {
            let Some(kind) = ddl::named_type(&kind, dialect)? else {
                let own = kind.is_instance(&classes::POSTGRESQL_ENUM);
                if own && dialect.supports_native_enum() {
                    if create {
                        ddl::create_enum_type(&kind, dialect)?;
                    } else {
                        ddl::drop_enum_type(&kind, dialect)?;
                    }
                }
                return Ok(Vec::new());
            };
            Ok(vec![if create {
                ddl::create_enum_type(&kind, dialect)?
            } else {
                ddl::drop_enum_type(&kind, dialect)?
            }])
        });
    }
    Err(Error::unsupported("creating such an object"))
}

/// `Enum.create` and its counterpart: nothing where the database has no types with names.
///
/// # Errors
/// What the database says.
pub fn create_or_drop_item(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    create: bool,
) -> Result<Value> {
    let this = bound.this().clone();
    let bind = bound.value("bind");
    if let Some(mock) = bind.downcast::<MockConnection>() {
        for text in statements(vm, &this, None, mock.dialect(), create)? {
            mock.execute_ddl(vm, text)?;
        }
        return Ok(Value::None);
    }
    with_connection(vm, &bind, |vm, connection| {
        let dialect = connection.dialect();
        let statements = statements(vm, &this, None, &dialect, create)?;
        for text in statements {
            vm.lend(|| connection.execute(&Compiled::ddl(text)))?;
        }
        Ok(Value::None)
    })
}

fn change(
    vm: &mut Interpreter,
    connection: &Connection,
    inspector: &Inspector,
    table: &Table,
    check: bool,
    create: bool,
) -> Result<()> {
    let dialect = connection.dialect();
    if check {
        let schema = table.schema();
        let schema = schema.as_ref().map(|schema| schema.as_str());
        let there = vm.lend(|| inspector.has_table(&table.name(), schema))?;
        if there == create {
            return Ok(());
        }
    }
    vm.lend(|| {
        let mut statements = Vec::new();
        if create {
            statements.push(ddl::create_table(table, &dialect, false, None)?);
            for index in table.indexes() {
                statements.push(ddl::create_index(&index, &dialect, false)?);
            }
        } else {
            statements.push(ddl::drop_table(table, &dialect, false)?);
        }
        for sql in statements {
            connection.execute(&Compiled::ddl(sql))?;
        }
        Ok(())
    })
}

/// The SQL of `CreateTable(...)`, `DDL("...")` and similar constructs.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub(super) fn ddl_text(value: &Value, connection: &Connection) -> Result<Option<String>> {
    value
        .downcast::<crate::bindings::sqlalchemy::sql::DdlObject>()
        .map(|object| object.compile(&connection.dialect()))
        .transpose()
}

/// Calls a column's Python-side default; a function with a parameter receives `None` as its
/// context.
///
/// # Errors
/// What the function raises.
pub fn call_default(vm: &mut Interpreter, function: &Rc<dyn Any>) -> Result<Literal> {
    let Some(function) = function.downcast_ref::<Value>() else {
        return Err(Error::unsupported("such a column default"));
    };
    let value = match vm.call(function, Arguments::none()) {
        Err(error)
            if error.class == "TypeError"
                && error
                    .message
                    .contains("missing 1 required positional argument") =>
        {
            vm.call(function, Arguments::positional(vec![Value::None]))?
        }
        result => result?,
    };
    conversion::to_literal(vm, &value)
}
