//! `MetaData.create_all`, `Table.create`, `Index.create` and their counterparts.

use std::any::Any;
use std::rc::Rc;

use super::{MockConnection, event, with_connection};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema::SequenceObject;
use ground::diagnostic::{Error, Result};
use python::{Arguments, Bound, Interpreter, Value};
use sqlalchemy::compiler::ddl::{self, Existing, Unseen};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::{Compiled, Connection};
use sqlalchemy::inspector::Inspector;
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::{Sequence, Table};
use sqlalchemy::sqltypes::{Type, classes};

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
    // A table is not looked for by default, the types that it needs are.
    let looks = match bound.take_some("checkfirst") {
        Some(check) => {
            let check = vm.truth(&check)?;
            Looks {
                tables: check,
                sequences: check,
                types: check,
            }
        }
        None => {
            let all = conversion::find_metadata(&this).is_some();
            Looks {
                tables: all,
                sequences: all,
                types: all || create,
            }
        }
    };
    carry_out(vm, &this, &bind, chosen.as_deref(), looks, create)
}

/// What is looked for first (`CheckFirst`).
#[derive(Clone, Copy)]
struct Looks {
    tables: bool,
    sequences: bool,
    types: bool,
}

/// What an inspector finds, where somebody looks.
struct Looked<'a> {
    inspector: &'a Inspector,
    looks: Looks,
    create: bool,
}

impl Existing for Looked<'_> {
    fn has_table(&self, table: &Table) -> Result<bool> {
        if !self.looks.tables {
            return Ok(!self.create);
        }
        let schema = table.schema();
        let schema = schema.as_ref().map(|schema| schema.as_str());
        self.inspector.has_table(&table.name(), schema)
    }

    fn has_sequence(&self, sequence: &Sequence) -> Result<bool> {
        if !self.looks.sequences {
            return Ok(!self.create);
        }
        let schema = sequence.schema().map(|schema| schema.as_str());
        self.inspector
            .has_sequence(sequence.name().as_str(), schema)
    }

    fn has_type(&self, kind: &Type) -> Result<bool> {
        if !self.looks.types {
            return Ok(!self.create);
        }
        let name = kind.name().unwrap_or_default();
        self.inspector
            .has_type(&name, kind.text("schema").as_deref())
    }
}

/// Creates or drops on a connection, an engine, or what only collects the statements.
fn carry_out(
    vm: &mut Interpreter,
    item: &Value,
    bind: &Value,
    chosen: Option<&[Table]>,
    looks: Looks,
    create: bool,
) -> Result<Value> {
    refuse_listeners(vm, item, chosen, create)?;
    if let Some(mock) = bind.downcast::<MockConnection>() {
        // Nothing can be looked up: all of it is written.
        let unseen = Unseen(!create);
        for text in statements(vm, item, chosen, mock.dialect(), create, &unseen)? {
            mock.execute_ddl(vm, text)?;
        }
        return Ok(Value::None);
    }
    with_connection(vm, bind, |vm, connection| {
        let inspector = vm.lend(|| Inspector::new(connection))?;
        let looked = Looked {
            inspector: &inspector,
            looks,
            create,
        };
        let dialect = connection.dialect();
        let statements = statements(vm, item, chosen, &dialect, create, &looked)?;
        vm.lend(|| {
            connection.take_schema_warnings();
            for text in statements {
                connection.execute(&Compiled::ddl(text))?;
            }
            Ok(Value::None)
        })
    })
}

/// Refuses what somebody listens to: these events are not called.
fn refuse_listeners(
    vm: &mut Interpreter,
    item: &Value,
    chosen: Option<&[Table]>,
    create: bool,
) -> Result<()> {
    let listeners = event::listeners(vm);
    let events = match create {
        true => ["before_create", "after_create"],
        false => ["before_drop", "after_drop"],
    };
    let mut targets = vec![item.clone()];
    if let Some(metadata) = conversion::find_metadata(item) {
        let tables = chosen.map_or_else(|| metadata.tables(), <[Table]>::to_vec);
        for table in &tables {
            targets.push(conversion::table_value(vm, table));
        }
    }
    for target in &targets {
        for event in events {
            if !listeners.of_target(target, event).is_empty() {
                let shown = vm.repr(target)?;
                return Err(Error::unsupported(format!(
                    "calling the event '{event}' of {shown}"
                )));
            }
        }
    }
    Ok(())
}

/// What creates or drops an item of a schema.
fn statements(
    vm: &mut Interpreter,
    item: &Value,
    chosen: Option<&[Table]>,
    dialect: &Dialect,
    create: bool,
    existing: &dyn Existing,
) -> Result<Vec<String>> {
    if let Some(metadata) = conversion::find_metadata(item) {
        return vm.lend(|| {
            if create {
                ddl::create_all(&metadata, chosen, dialect, existing)
            } else {
                ddl::drop_all(&metadata, chosen, dialect, existing)
            }
        });
    }
    if let Some(table) = conversion::find_table(item) {
        return vm.lend(|| {
            if existing.has_table(&table)? == create {
                return Ok(Vec::new());
            }
            if !create {
                return Ok(vec![ddl::drop_table(&table, dialect, false)?]);
            }
            let mut texts = Vec::new();
            for kind in ddl::named_types(std::slice::from_ref(&table), dialect)? {
                if !existing.has_type(&kind)? {
                    texts.push(ddl::create_enum_type(&kind, dialect)?);
                }
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
            if !dialect.supports_sequences() || existing.has_sequence(sequence)? == create {
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
            if existing.has_type(&kind)? == create {
                return Ok(Vec::new());
            }
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
    let check = match bound.take_some("checkfirst") {
        Some(check) => vm.truth(&check)?,
        // SQLAlchemy's own Enum is created unseen, that of a dialect is looked for.
        None if conversion::is_type(&this) => {
            !conversion::to_type(vm, &this)?.class().dialect.is_empty()
        }
        None => true,
    };
    let looks = Looks {
        tables: check,
        sequences: check,
        types: check,
    };
    carry_out(vm, &this, &bind, None, looks, create)
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
