//! `create_all` and `drop_all`: all statements, in dependency order.

use super::{
    add_constraint, create_enum_type, create_index, create_sequence, create_table, drop_constraint,
    drop_enum_type, drop_sequence, drop_table, set_column_comment, set_table_comment,
};
use crate::dialects::Dialect;
use crate::exc;
use crate::literal::Literal;
use crate::schema::{
    ColumnDefault, Constraint, ForeignKeyConstraint, Index, MetaData, Sequence, Table,
};
use crate::sqltypes::{Argument, Type, classes};
use crate::topological::sort_tables_and_constraints;
use ground::diagnostic::{Error, Result};
use ground::order::InOrder;

/// What there is already, as far as somebody looks (`checkfirst`).
pub trait Existing {
    /// Whether there is a table.
    ///
    /// # Errors
    /// What the database says.
    fn has_table(&self, table: &Table) -> Result<bool>;

    /// Whether there is a sequence.
    ///
    /// # Errors
    /// What the database says.
    fn has_sequence(&self, sequence: &Sequence) -> Result<bool>;

    /// Whether there is a type with a name.
    ///
    /// # Errors
    /// What the database says.
    fn has_type(&self, kind: &Type) -> Result<bool>;
}

/// Nobody looks: it is taken for granted that nothing is there, or that everything is.
pub struct Unseen(pub bool);

impl Existing for Unseen {
    fn has_table(&self, _table: &Table) -> Result<bool> {
        Ok(self.0)
    }

    fn has_sequence(&self, _sequence: &Sequence) -> Result<bool> {
        Ok(self.0)
    }

    fn has_type(&self, _kind: &Type) -> Result<bool> {
        Ok(self.0)
    }
}

/// The statements of `metadata.create_all()`, in order; what exists is left out. The types are
/// those of all tables of the metadata, whichever tables are asked for.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`, and what sorting raises.
pub fn create_all(
    metadata: &MetaData,
    tables: Option<&[Table]>,
    dialect: &Dialect,
    existing: &dyn Existing,
) -> Result<Vec<String>> {
    let given = match tables {
        Some(tables) => tables.to_vec(),
        None => metadata.tables(),
    };
    let mut wanted = Vec::new();
    for table in given {
        if !existing.has_table(&table)? {
            wanted.push(table);
        }
    }
    let sorted = sort_tables_and_constraints(&wanted, None, &[])?;
    let mut statements = Vec::new();
    for kind in named_types(&metadata.tables(), dialect)? {
        if !existing.has_type(&kind)? {
            statements.push(create_enum_type(&kind, dialect)?);
        }
    }
    if dialect.supports_sequences() {
        for sequence in metadata.sequences() {
            let optional = sequence.optional() && dialect.sequences_optional();
            if !optional && !existing.has_sequence(&sequence)? {
                statements.push(create_sequence(&sequence, dialect, false)?);
            }
        }
    }
    for (table, foreign_keys) in &sorted {
        let Some(table) = table else {
            for foreign in foreign_keys {
                if !dialect.supports_alter() {
                    continue;
                }
                statements.push(add_constraint(
                    &Constraint::ForeignKey(foreign.clone()),
                    dialect,
                )?);
            }
            continue;
        };
        let inside = dialect.supports_alter().then_some(foreign_keys.as_slice());
        statements.extend(create_table_statements(table, dialect, inside)?);
    }
    Ok(statements)
}

/// CREATE SEQUENCE for the sequences that the table's columns draw their values from.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn column_sequences(table: &Table, dialect: &Dialect) -> Result<Vec<String>> {
    let mut statements = Vec::new();
    if !dialect.supports_sequences() {
        return Ok(statements);
    }
    for column in table.columns() {
        if let Some(ColumnDefault::Sequence(sequence)) = column.default()
            && !(sequence.optional() && dialect.sequences_optional())
        {
            statements.push(create_sequence(&sequence, dialect, false)?);
        }
    }
    Ok(statements)
}

/// The types of these tables that the database names, each once, in order.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` for a type without a name.
pub fn named_types(tables: &[Table], dialect: &Dialect) -> Result<Vec<Type>> {
    let mut found: Vec<(String, Type)> = Vec::new();
    for table in tables {
        for column in table.columns() {
            let Some(kind) = named_type(&column.kind(), dialect)? else {
                continue;
            };
            if matches!(
                kind.argument("create_type"),
                Some(Argument::Value(Literal::Boolean(false)))
            ) {
                continue;
            }
            if kind.name().is_none_or(|name| name.is_empty()) {
                return Err(dialect.ddl_compiler().nameless_type(&kind, dialect));
            }
            let name = kind.compile(dialect)?;
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, kind));
            }
        }
    }
    Ok(found.into_iter().map(|(_, kind)| kind).collect())
}

/// The native Enum that a type is on that dialect, itself or as the item of an array.
///
/// # Errors
/// What a user-defined type raises.
pub fn named_type(kind: &Type, dialect: &Dialect) -> Result<Option<Type>> {
    if !dialect.has_named_types() {
        return Ok(None);
    }
    let mut kind = kind.dialect_impl(dialect)?;
    while kind.is_type_decorator()
        && let Some(wrapped) = kind.impl_type()
    {
        kind = wrapped.dialect_impl(dialect)?;
    }
    if kind.is_instance(&classes::ARRAY)
        && let Some(item) = kind.item_type()
    {
        return named_type(&item, dialect);
    }
    let named = kind.is_instance(&classes::GENERIC_ENUM) && kind.flag("native_enum")
        || kind.is_instance(&classes::POSTGRESQL_DOMAIN);
    Ok(named.then_some(kind))
}

/// CREATE TABLE, its CREATE INDEXes, and comments that are not inline.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_table_statements(
    table: &Table,
    dialect: &Dialect,
    foreign_keys: Option<&[ForeignKeyConstraint]>,
) -> Result<Vec<String>> {
    let mut statements = vec![create_table(table, dialect, false, foreign_keys)?];
    let mut indexes = table.indexes();
    indexes.in_order_by_key(Index::creation_order);
    for index in indexes {
        statements.push(create_index(&index, dialect, false)?);
    }
    if dialect.supports_comments() && !dialect.inline_comments() {
        if table.comment().is_some() {
            statements.push(set_table_comment(table, dialect)?);
        }
        for column in table.columns() {
            if column.comment().is_some() {
                statements.push(set_column_comment(&column, dialect)?);
            }
        }
    }
    Ok(statements)
}

/// The statements of `metadata.drop_all()`, in order.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`, `CircularDependencyError` where a cycle has no name to drop.
pub fn drop_all(
    metadata: &MetaData,
    tables: Option<&[Table]>,
    dialect: &Dialect,
    existing: &dyn Existing,
) -> Result<Vec<String>> {
    let given = match tables {
        Some(tables) => tables.to_vec(),
        None => metadata.tables(),
    };
    let mut wanted = Vec::new();
    for table in given {
        if existing.has_table(&table)? {
            wanted.push(table);
        }
    }
    let apart = |foreign: &ForeignKeyConstraint| {
        if !dialect.supports_alter() || foreign.name().is_none() {
            Some(false)
        } else {
            None
        }
    };
    let mut statements = Vec::new();
    let sorted = match sort_tables_and_constraints(&wanted, Some(&apart), &[]) {
        Ok(mut sorted) => {
            sorted.reverse();
            sorted
        }
        Err(error) if error.class == exc::CIRCULAR_DEPENDENCY_ERROR => {
            let mut names: Vec<String> = crate::topological::cyclic_tables(&wanted)
                .iter()
                .map(Table::fullname)
                .collect();
            names.in_order();
            if dialect.supports_alter() {
                return Err(Error::new(
                    exc::CIRCULAR_DEPENDENCY_ERROR,
                    format!(
                        "Can't sort tables for DROP; an unresolvable foreign key dependency \
                         exists between tables: {}.  Please ensure that the ForeignKey and \
                         ForeignKeyConstraint objects involved in the cycle have names so that \
                         they can be dropped using DROP CONSTRAINT.",
                        names.join(", ")
                    ),
                ));
            }
            crate::schema::warn(format!(
                "Can't sort tables for DROP; an unresolvable foreign key dependency exists \
                 between tables: {}; and backend does not support ALTER.  To restore at least a \
                 partial sort, apply use_alter=True to ForeignKey and ForeignKeyConstraint \
                 objects involved in the cycle to mark these as known cycles that will be \
                 ignored.",
                names.join(", ")
            ));
            wanted
                .iter()
                .map(|table| (Some(table.clone()), Vec::new()))
                .collect()
        }
        Err(error) => return Err(error),
    };
    for (table, foreign_keys) in &sorted {
        match table {
            Some(table) => statements.push(drop_table(table, dialect, false)?),
            None => {
                for foreign in foreign_keys {
                    if !dialect.supports_alter() {
                        continue;
                    }
                    statements.push(drop_constraint(
                        &Constraint::ForeignKey(foreign.clone()),
                        dialect,
                        false,
                        false,
                    )?);
                }
            }
        }
    }
    if dialect.supports_sequences() {
        for sequence in metadata.sequences() {
            if existing.has_sequence(&sequence)? {
                statements.push(drop_sequence(&sequence, dialect, false));
            }
        }
    }
    for kind in named_types(&metadata.tables(), dialect)? {
        if existing.has_type(&kind)? {
            statements.push(drop_enum_type(&kind, dialect)?);
        }
    }
    Ok(statements)
}
