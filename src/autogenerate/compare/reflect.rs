//! Reflects the database's tables, with final names that are exempt from naming conventions.

use std::rc::Rc;

use crate::autogenerate::api::AutogenContext;
use ground::diagnostic::Result;
use sqlalchemy::inspector::{ReflectOptions, ReflectedColumn, reflect_table};
use sqlalchemy::name::ConstraintName;
use sqlalchemy::schema::{
    CheckConstraint, Column, Constraint, ForeignKeyConstraint, MetaData, SchemaName, Table,
    TableOptions, UniqueConstraint, table_key,
};
use sqlalchemy::sqltypes::Type;

/// Reflects a table into a metadata, without the tables it references. `removed`: the models do not
/// have it.
///
/// # Errors
/// What the database says; `sqlalchemy.exc.NoSuchTableError`.
pub(super) fn table(
    context: &AutogenContext,
    metadata: &MetaData,
    name: &str,
    schema: Option<&str>,
    removed: bool,
) -> Result<Table> {
    let implementation = context.migration_context().implementation().clone();
    let inspector = context.inspector()?;
    let column_reflect = |table: &Table, column: &mut ReflectedColumn| {
        implementation.autogen_column_reflect(inspector, table, column)
    };
    let table = reflect_table(
        inspector,
        name,
        metadata,
        ReflectOptions {
            skip_referred: true,
            table: TableOptions {
                schema: SchemaName::from(schema),
                ..TableOptions::default()
            },
            column_reflect: Some(&column_reflect),
            adjust_dialect_options: Some(&|options, kind| {
                // Unique constraints of a table that is dropped are rendered as they were found.
                if kind == "index" || !removed {
                    implementation.adjust_reflected_dialect_options(options, kind);
                }
            }),
            sort_expressions: true,
            ..ReflectOptions::default()
        },
    )?;
    for constraint in table.constraints() {
        if let ConstraintName::Plain(name) = constraint.name() {
            constraint.set_name(ConstraintName::Convention(name));
        }
    }
    for index in table.indexes() {
        if let ConstraintName::Plain(name) = index.name() {
            index.set_name(ConstraintName::Convention(name));
        }
    }
    Ok(table)
}

fn constraints<T>(table: &Table, pick: impl Fn(Constraint) -> Option<T>) -> Vec<T> {
    table.constraints().into_iter().filter_map(pick).collect()
}

/// The unique constraints of a reflected table.
pub(super) fn unique_constraints(table: &Table) -> Vec<UniqueConstraint> {
    constraints(table, |constraint| match constraint {
        Constraint::Unique(constraint) => Some(constraint),
        _ => None,
    })
}

/// The check constraints of a reflected table.
pub(super) fn check_constraints(table: &Table) -> Vec<CheckConstraint> {
    constraints(table, |constraint| match constraint {
        Constraint::Check(constraint) => Some(constraint),
        _ => None,
    })
}

/// The foreign keys of a reflected table.
pub(super) fn foreign_keys(table: &Table) -> Vec<ForeignKeyConstraint> {
    constraints(table, |constraint| match constraint {
        Constraint::ForeignKey(constraint) => Some(constraint),
        _ => None,
    })
}

/// Makes a reflected foreign key's target resolvable: a referenced table that is not compared gets
/// a placeholder with the referenced columns.
///
/// # Errors
/// What making the placeholder raises.
pub(super) fn complete_targets(table: &Table, constraint: &ForeignKeyConstraint) -> Result<()> {
    let metadata = table.metadata();
    for element in constraint.elements() {
        let target = element.target_tokens();
        let (Some(name), Some(table_name)) =
            (target.column_name.clone(), target.table_name.clone())
        else {
            continue;
        };
        let key = table_key(&table_name, target.schema.as_deref());
        let kind = element
            .parent()
            .map_or_else(Type::null, |column| column.kind());
        let column = Column::new(name.clone(), kind);
        match metadata.table(&key) {
            None => {
                let schema = match &target.schema {
                    Some(schema) => SchemaName::Named(schema.clone().into()),
                    None => SchemaName::Blank,
                };
                let placeholder = Table::new(
                    table_name.clone(),
                    &metadata,
                    vec![column.into()],
                    TableOptions {
                        schema,
                        ..TableOptions::default()
                    },
                )?;
                placeholder.set_info(Some(Rc::new(Placeholder)));
            }
            Some(known) => {
                let placeholder = known.info().is_some_and(|info| info.is::<Placeholder>());
                if placeholder && known.column_by_name(&name).is_none() {
                    known.append_column(&column, false)?;
                }
            }
        }
    }
    Ok(())
}

/// Marks (in `info`) the placeholder of a table that is not compared.
struct Placeholder;
