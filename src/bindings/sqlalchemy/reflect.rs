//! Reflected tables: `Table(..., autoload_with=...)` and `MetaData.reflect`.

use std::rc::Rc;

use crate::bindings::conversion;
use ground::diagnostic::Result;
use python::{Arguments, Bound, Interpreter, Value};
use sqlalchemy::inspector::{Inspector, ReflectOptions, reflect, reflect_table};
use sqlalchemy::name::Name;
use sqlalchemy::schema::{MetaData, Table, TableItem, TableOptions};

/// The arguments of `Table(..., autoload_with=...)`.
pub struct Reflection {
    /// The table's name.
    pub name: Name,
    /// Its metadata.
    pub metadata: MetaData,
    /// Explicit items, which override reflected ones.
    pub items: Vec<TableItem>,
    /// Its options.
    pub options: TableOptions,
    /// `include_columns`.
    pub include: Option<Vec<Rc<str>>>,
    /// `resolve_fks`.
    pub resolve_foreign_keys: bool,
}

fn inspector(vm: &mut Interpreter, bind: &Value) -> Result<Inspector> {
    conversion::refuse_opaque(bind, "what a table is reflected from")?;
    super::engine::to_inspector(vm, bind)
}

/// `Table(name, metadata, autoload_with=bind)`.
///
/// # Errors
/// `sqlalchemy.exc.NoSuchTableError` and what attaching raises.
pub fn reflected_table(
    vm: &mut Interpreter,
    bind: &Value,
    reflection: Reflection,
) -> Result<Table> {
    let inspector = inspector(vm, bind)?;
    reflect_table(
        &inspector,
        &reflection.name,
        &reflection.metadata,
        ReflectOptions {
            items: reflection.items,
            include_columns: reflection.include,
            skip_referred: !reflection.resolve_foreign_keys,
            table: reflection.options,
            ..ReflectOptions::default()
        },
    )
}

/// `metadata.reflect(bind, ...)`.
///
/// # Errors
/// What reflecting raises.
pub fn reflect_metadata(
    vm: &mut Interpreter,
    metadata: &MetaData,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let bind = bound.value("bind");
    let inspector = inspector(vm, &bind)?;
    let schema = bound.take_some("schema").and_then(|value| value.as_text());
    let views = bound
        .take_some("views")
        .is_some_and(|value| value.as_bool() == Some(true));
    let mut only = None;
    if let Some(value) = bound.take_some("only") {
        only = Some(match &value {
            Value::Function(_) | Value::NativeFunction(_) | Value::Method(_) => {
                let mut chosen = Vec::new();
                for name in inspector.get_table_names(schema.as_deref())?.iter() {
                    let answer = vm.call(
                        &value,
                        Arguments::positional(vec![Value::Str(name.clone()), bound.this().clone()]),
                    )?;
                    if vm.truth(&answer)? {
                        chosen.push(name.clone());
                    }
                }
                chosen
            }
            _ => conversion::to_texts(vm, &value)?,
        });
    }
    let mut options = ReflectOptions::default();
    options.table.extend_existing = bound
        .take_some("extend_existing")
        .is_some_and(|value| value.as_bool() == Some(true));
    options.skip_referred = bound
        .take_some("resolve_fks")
        .is_some_and(|value| value.as_bool() == Some(false));
    reflect(
        &inspector,
        metadata,
        schema.as_deref(),
        views,
        only.as_deref(),
        &options,
    )?;
    super::schema::show_warnings(vm);
    Ok(Value::None)
}
