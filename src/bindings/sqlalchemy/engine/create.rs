//! `MetaData.create_all`, `Table.create`, `Index.create` and their counterparts.

use std::any::Any;
use std::rc::Rc;

use super::with_connection;
use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::{Arguments, Bound, Interpreter, Value};
use sqlalchemy::compiler::ddl;
use sqlalchemy::engine::{Compiled, Connection};
use sqlalchemy::inspector::Inspector;
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::Table;

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
