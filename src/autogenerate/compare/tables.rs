//! Tables and columns that were added or removed.

use ground::formatting::repr::string_repr;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ground::hash::{IndexMap, IndexSet};

use super::{
    Outcome, comments, constraints, defaults, foreign_keys, info, reflect, table_key, types,
};
use crate::autogenerate::api::{AutogenContext, Comparison, SchemaObject};
use crate::operations::ops::{
    AddColumnOp, AlterColumnOp, CreateTableOp, DropColumnOp, DropTableOp, ModifyTableOps,
    OperationList,
};
use ground::diagnostic::Result;
use sqlalchemy::schema::{Column, Constraint, MetaData, Table};

/// A table by schema and name.
type Key = (Option<String>, String);

pub(super) fn autogen_for_tables(
    context: &AutogenContext,
    operations: &OperationList,
    schemas: &[Option<String>],
) -> Result<()> {
    let migration_context = context.migration_context();
    let version_table = migration_context.version_table().to_owned();
    let version_schema = migration_context.version_table_schema().map(str::to_owned);
    let inspector = context.inspector()?;
    inspector.expect_all_tables();
    let mut in_database: IndexSet<Key> = IndexSet::default();
    for schema in schemas {
        for name in inspector.get_table_names(schema.as_deref())?.iter() {
            let name = name.to_string();
            if *schema == version_schema && name == version_table {
                continue;
            }
            if context.run_name_filters(Some(&name), "table", Some(schema.as_deref()), None)? {
                in_database.insert((schema.clone(), name));
            }
        }
    }
    let mut keys = context.table_key_to_table()?;
    let default_schema = inspector.default_schema_name();
    let mut in_models: IndexMap<Key, Table> = IndexMap::default();
    for table in context.sorted_tables()? {
        let schema = table.schema().map(|schema| schema.to_string());
        let name = table.name().to_string();
        if schema == version_schema && name == version_table {
            continue;
        }
        // With several MetaData, the table is the one found by its key.
        let table = keys
            .swap_remove(&table_key(&name, schema.as_deref()))
            .unwrap_or(table);
        let schema = schema.filter(|schema| Some(schema.as_str()) != default_schema.as_deref());
        in_models.insert((schema, name), table);
    }
    compare_tables(context, operations, &in_database, &in_models)
}

fn compare_tables(
    context: &AutogenContext,
    operations: &OperationList,
    in_database: &IndexSet<Key>,
    in_models: &IndexMap<Key, Table>,
) -> Result<()> {
    for ((schema, name), table) in in_models {
        if in_database.contains(&(schema.clone(), name.clone())) {
            continue;
        }
        let object = SchemaObject::Table(table.clone());
        if !context.run_object_filters(&object, Some(name), "table", false, None)? {
            continue;
        }
        operations.push(CreateTableOp::from_table(table, None));
        info(
            context,
            "tables",
            format_args!("Detected added table {}", string_repr(&shown(schema, name))),
        );
        let modify = new_modify(schema, name);
        dispatch_table(context, &modify.ops, schema, name, None, Some(table))?;
        if !modify.ops.is_empty() {
            operations.push(modify);
        }
    }

    let removed_metadata = MetaData::new();
    let mut removed: BTreeMap<Key, Table> = BTreeMap::new();
    for key in in_database {
        if !in_models.contains_key(key) {
            let table = reflect::table(context, &removed_metadata, &key.1, key.0.as_deref(), true)?;
            removed.insert(key.clone(), table);
        }
    }
    for (schema, name) in removal_order(&removed) {
        let Some(table) = removed.get(&(schema.clone(), name.clone())) else {
            continue;
        };
        let object = SchemaObject::Table(table.clone());
        if !context.run_object_filters(&object, Some(&name), "table", true, None)? {
            continue;
        }
        let modify = new_modify(&schema, &name);
        dispatch_table(context, &modify.ops, &schema, &name, Some(table), None)?;
        if !modify.ops.is_empty() {
            operations.push(modify);
        }
        operations.push(DropTableOp::from_table(table, None));
        info(
            context,
            "tables",
            format_args!(
                "Detected removed table {}",
                string_repr(&table_key(&name, schema.as_deref()))
            ),
        );
    }

    let existing_metadata = MetaData::new();
    let mut existing: BTreeMap<(String, String), (Key, Table)> = BTreeMap::new();
    for key in in_database {
        if in_models.contains_key(key) {
            let table =
                reflect::table(context, &existing_metadata, &key.1, key.0.as_deref(), false)?;
            let order = (key.0.clone().unwrap_or_default(), key.1.clone());
            existing.insert(order, (key.clone(), table));
        }
    }
    for ((schema, name), reflected) in existing.into_values() {
        let Some(table) = in_models.get(&(schema.clone(), name.clone())) else {
            continue;
        };
        let accepted = context.run_object_filters(
            &SchemaObject::Table(table.clone()),
            Some(&name),
            "table",
            false,
            Some(&SchemaObject::Table(reflected.clone())),
        )?;
        if !accepted {
            continue;
        }
        let modify = new_modify(&schema, &name);
        let removed = compare_columns(context, &modify.ops, &schema, &name, &reflected, table)?;
        dispatch_table(
            context,
            &modify.ops,
            &schema,
            &name,
            Some(&reflected),
            Some(table),
        )?;
        for column in removed {
            drop_column(context, &modify.ops, &schema, &name, &column)?;
        }
        if !modify.ops.is_empty() {
            operations.push(modify);
        }
    }
    Ok(())
}

fn shown(schema: &Option<String>, name: &str) -> String {
    table_key(name, schema.as_deref().filter(|schema| !schema.is_empty()))
}

fn new_modify(schema: &Option<String>, name: &str) -> ModifyTableOps {
    ModifyTableOps {
        table_name: name.into(),
        schema: schema.as_deref().map(Into::into),
        ops: OperationList::default(),
    }
}

/// The order in which removed tables are dropped: referencing tables before referenced ones.
fn removal_order(tables: &BTreeMap<Key, Table>) -> Vec<Key> {
    let mut refers: BTreeMap<&Key, BTreeSet<Key>> = BTreeMap::new();
    let mut referred: BTreeMap<Key, usize> = BTreeMap::new();
    for (key, table) in tables {
        let mut targets = BTreeSet::new();
        for constraint in table.constraints() {
            if let Constraint::ForeignKey(constraint) = constraint
                && let Some(element) = constraint.elements().first()
            {
                let target = element.target_tokens();
                let target = (
                    target.schema.map(|schema| schema.to_string()),
                    target.table_name.as_deref().unwrap_or_default().to_owned(),
                );
                if target != *key && tables.contains_key(&target) {
                    targets.insert(target);
                }
            }
        }
        for target in &targets {
            *referred.entry(target.clone()).or_default() += 1;
        }
        refers.insert(key, targets);
    }
    let mut remaining: BTreeSet<&Key> = tables.keys().collect();
    let mut order = Vec::with_capacity(tables.len());
    while !remaining.is_empty() {
        // In a cycle every table is referenced; the first by name is dropped next.
        let next = remaining
            .iter()
            .find(|key| referred.get(**key).copied().unwrap_or(0) == 0)
            .or_else(|| remaining.iter().next())
            .copied();
        let Some(next) = next else { break };
        remaining.remove(next);
        for target in refers.get(next).into_iter().flatten() {
            if let Some(count) = referred.get_mut(target) {
                *count = count.saturating_sub(1);
            }
        }
        order.push(next.clone());
    }
    order
}

/// Table-level comparisons.
fn dispatch_table(
    context: &AutogenContext,
    operations: &OperationList,
    schema: &Option<String>,
    name: &str,
    reflected: Option<&Table>,
    table: Option<&Table>,
) -> Result<()> {
    let schema = schema.as_deref();
    if context.plugins().constraints {
        constraints::compare_indexes_and_uniques(
            context, operations, schema, name, reflected, table,
        )?;
        if let (Some(reflected), Some(table)) = (reflected, table) {
            foreign_keys::compare_foreign_keys(
                context, operations, schema, name, reflected, table,
            )?;
        }
    }
    if let (Some(reflected), Some(table)) = (reflected, table) {
        if context.plugins().comments {
            comments::compare_table_comment(context, operations, schema, name, reflected, table);
        }
        if context.plugins().check_constraints {
            constraints::compare_check_constraints(
                context, operations, schema, name, reflected, table,
            )?;
        }
    }
    Ok(())
}

/// Compares added and altered columns; returns the removed ones.
fn compare_columns(
    context: &AutogenContext,
    operations: &OperationList,
    schema: &Option<String>,
    name: &str,
    reflected: &Table,
    table: &Table,
) -> Result<Vec<Column>> {
    let qualified = shown(schema, name);
    let mut in_database: IndexMap<Rc<str>, Column> = IndexMap::default();
    for column in reflected.columns() {
        let column_name = column.name().text();
        if context.run_name_filters(
            Some(&column_name),
            "column",
            Some(schema.as_deref()),
            Some(name),
        )? {
            in_database.insert(column_name, column);
        }
    }
    let mut in_models: IndexMap<Rc<str>, Column> = IndexMap::default();
    for column in table.columns() {
        if !column.system() {
            in_models.insert(column.name().text(), column);
        }
    }
    for (column_name, column) in &in_models {
        if in_database.contains_key(column_name) {
            continue;
        }
        let object = SchemaObject::Column(column.clone());
        if context.run_object_filters(&object, Some(column_name), "column", false, None)? {
            operations.push(AddColumnOp::from_column_and_tablename(
                schema.as_deref().map(Into::into),
                name.into(),
                column,
            ));
            info(
                context,
                "tables",
                format_args!("Detected added column '{qualified}.{column_name}'"),
            );
        }
    }
    for (column_name, column) in &in_models {
        let Some(conn_column) = in_database.get(column_name) else {
            continue;
        };
        let accepted = context.run_object_filters(
            &SchemaObject::Column(column.clone()),
            Some(column_name),
            "column",
            false,
            Some(&SchemaObject::Column(conn_column.clone())),
        )?;
        if !accepted {
            continue;
        }
        let mut alter = AlterColumnOp::new(name, column_name.clone());
        alter.schema = schema.as_deref().map(Into::into);
        dispatch_column(context, &mut alter, name, column_name, conn_column, column)?;
        if alter.has_changes() {
            operations.push(alter);
        }
    }
    Ok(in_database
        .into_iter()
        .filter(|(column_name, _)| !in_models.contains_key(column_name))
        .map(|(_, column)| column)
        .collect())
}

/// Column-level comparisons, in Alembic's order of priority.
fn dispatch_column(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<()> {
    let plugins = context.plugins();
    let mut types = Outcome::Continue;
    let mut default = Outcome::Continue;
    if plugins.types {
        types = if context.options().compare_type == Comparison::Off {
            Outcome::Stop
        } else {
            types::user_compare_type(context, alter, table, name, conn, metadata)?
        };
    }
    if plugins.defaults {
        default =
            defaults::user_compare_server_default(context, alter, table, name, conn, metadata)?;
    }
    if plugins.constraints {
        constraints::compare_nullable(context, alter, table, name, conn, metadata);
    }
    if plugins.defaults {
        if default == Outcome::Continue {
            default = defaults::compare_computed_default(context, table, name, conn, metadata)?;
        }
        if default == Outcome::Continue {
            default =
                defaults::compare_identity_default(context, alter, table, name, conn, metadata)?;
        }
        if default == Outcome::Continue {
            defaults::set_up_autoincrement(alter, metadata)?;
        }
    }
    if plugins.comments {
        comments::compare_column_comment(context, alter, table, name, conn, metadata);
    }
    if plugins.types && types == Outcome::Continue {
        types::dialect_impl_compare_type(context, alter, table, name, conn, metadata)?;
    }
    if plugins.defaults && default == Outcome::Continue {
        defaults::dialect_impl_compare_server_default(context, alter, table, name, conn, metadata)?;
    }
    Ok(())
}

fn drop_column(
    context: &AutogenContext,
    operations: &OperationList,
    schema: &Option<String>,
    table: &str,
    column: &Column,
) -> Result<()> {
    let name = column.name().to_string();
    let object = SchemaObject::Column(column.clone());
    if context.run_object_filters(&object, Some(&name), "column", true, None)? {
        operations.push(DropColumnOp::from_column_and_tablename(
            schema.as_deref().map(Into::into),
            table.into(),
            column,
        ));
        info(
            context,
            "tables",
            format_args!("Detected removed column '{}.{name}'", shown(schema, table)),
        );
    }
    Ok(())
}
