//! The SQL of ALTER statements: `alembic.ddl.base`.

use ground::diagnostic::{Error, Result};
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::compiler::types::unsupported_ddl;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::exc;
use sqlalchemy::name::Name;
use sqlalchemy::schema::{Column, ServerDefault};
use sqlalchemy::sqltypes::Type;

/// One ALTER statement, as Alembic's `AlterTable` constructs.
#[derive(Clone)]
pub struct AlterTable {
    /// The table.
    pub table_name: Name,
    /// Its schema.
    pub schema: Option<Name>,
    /// The change.
    pub change: Change,
}

/// The change made by an [`AlterTable`].
#[derive(Clone)]
pub enum Change {
    /// `RenameTable`.
    Rename(Name),
    /// `AddColumn`.
    AddColumn {
        /// The column.
        column: Column,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// Whether its foreign key is rendered inline.
        inline_references: bool,
        /// Whether `PRIMARY KEY` is rendered inline.
        inline_primary_key: bool,
    },
    /// `DropColumn`.
    DropColumn {
        /// The column.
        name: Name,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `ColumnNullable`.
    Nullable(Name, bool),
    /// `ColumnType`.
    Type(Name, Type),
    /// `ColumnName`.
    Name(Name, Name),
    /// `ColumnDefault`, `ComputedColumnDefault` or `IdentityColumnDefault`.
    Default {
        /// The column.
        column: Name,
        /// The new default.
        default: Option<ServerDefault>,
        /// The existing default.
        existing: Option<ServerDefault>,
    },
    /// `ColumnComment`.
    Comment(Name, Option<std::rc::Rc<str>>),
}

/// `format_table_name`: the quoted name with its schema.
pub fn format_table_name(dialect: &Dialect, name: &Name, schema: Option<&Name>) -> String {
    match schema {
        Some(schema) if !schema.is_empty() => format!(
            "{}.{}",
            quote_dotted(dialect, schema),
            dialect.quote_name(name)
        ),
        _ => dialect.quote_name(name),
    }
}

fn quote_dotted(dialect: &Dialect, name: &Name) -> String {
    if name.quote().is_some() {
        return dialect.quote_name(name);
    }
    name.as_str()
        .split('.')
        .map(|part| dialect.quote(part))
        .collect::<Vec<_>>()
        .join(".")
}

impl AlterTable {
    /// `alter_table(compiler, name, schema)`: `ALTER TABLE` and the table.
    pub(super) fn alter_table(&self, dialect: &Dialect) -> String {
        let table = format_table_name(dialect, &self.table_name, self.schema.as_ref());
        format!("ALTER TABLE {table}")
    }

    /// The SQL of the statement in the default dialect.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` for what a dialect can't say.
    pub(super) fn compile(&self, dialect: &Dialect) -> Result<String> {
        let change = self.change_text(dialect)?;
        Ok(format!("{} {change}", self.alter_table(dialect)))
    }

    fn change_text(&self, dialect: &Dialect) -> Result<String> {
        let alter_column = |column: &Name| format!("ALTER COLUMN {}", dialect.quote_name(column));
        Ok(match &self.change {
            Change::Rename(name) => format!(
                "RENAME TO {}",
                format_table_name(dialect, name, self.schema.as_ref())
            ),
            Change::AddColumn {
                column,
                if_not_exists,
                inline_references,
                inline_primary_key,
            } => add_column(
                dialect,
                column,
                *if_not_exists,
                *inline_references,
                *inline_primary_key,
            )?,
            Change::DropColumn { name, if_exists } => format!(
                "DROP COLUMN {}{}",
                if *if_exists { "IF EXISTS " } else { "" },
                dialect.quote_name(name)
            ),
            Change::Nullable(column, nullable) => format!(
                "{} {}",
                alter_column(column),
                if *nullable {
                    "DROP NOT NULL"
                } else {
                    "SET NOT NULL"
                }
            ),
            Change::Type(column, kind) => {
                format!("{} TYPE {}", alter_column(column), kind.compile(dialect)?)
            }
            Change::Name(column, name) => format!(
                "RENAME {} TO {}",
                dialect.quote_name(column),
                dialect.quote_name(name)
            ),
            Change::Default {
                column,
                default,
                existing,
            } => {
                let either = [default.as_ref(), existing.as_ref()];
                if either
                    .iter()
                    .flatten()
                    .any(|default| matches!(default, ServerDefault::Computed(_)))
                {
                    return Err(compile_error(
                        "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, \
                         to or from an existing column is not supported.",
                    ));
                }
                if either
                    .iter()
                    .flatten()
                    .any(|default| matches!(default, ServerDefault::Identity(_)))
                {
                    return Err(compile_error(
                        "Adding, removing or modifying an \"identity\" construct, e.g. GENERATED \
                         AS IDENTITY, to or from an existing column is not supported in this \
                         dialect.",
                    ));
                }
                match default {
                    Some(default) => format!(
                        "{} SET DEFAULT {}",
                        alter_column(column),
                        compiler::default_string(default, dialect)?.unwrap_or_default()
                    ),
                    None => format!("{} DROP DEFAULT", alter_column(column)),
                }
            }
            Change::Comment(..) => {
                let class = "<class 'alembic.ddl.base.ColumnComment'>";
                let class =
                    format!("{class}: {class} construct has no default compilation handler.");
                return Err(unsupported_ddl(&class, dialect));
            }
        })
    }
}

fn compile_error(message: &str) -> Error {
    Error::new(exc::COMPILE_ERROR, message)
}

fn add_column(
    dialect: &Dialect,
    column: &Column,
    if_not_exists: bool,
    inline_references: bool,
    inline_primary_key: bool,
) -> Result<String> {
    let mut text = format!(
        "ADD COLUMN {}{}",
        if if_not_exists { "IF NOT EXISTS " } else { "" },
        compiler::column_specification(column, dialect)?
    );
    if inline_primary_key && column.primary_key() {
        text.push_str(" PRIMARY KEY");
    }
    if inline_references
        && let [foreign_key] = column.foreign_keys().as_slice()
        && let Some(constraint) = foreign_key.constraint()
        && constraint.columns().len() == 1
    {
        let referred = foreign_key.column()?;
        let table = referred
            .table()
            .ok_or_else(|| Error::new("AssertionError", ""))?;
        text.push_str(&format!(
            " REFERENCES {} ({})",
            compiler::format_table(&table, dialect),
            dialect.quote_name(&referred.name())
        ));
        text.push_str(&compiler::foreign_key_options(&constraint, dialect)?);
    }
    let constraints = column
        .constraints()
        .iter()
        .map(|constraint| Ok(compiler::constraint_text(constraint, dialect)?.unwrap_or_default()))
        .collect::<Result<Vec<String>>>()?
        .join(" ");
    if !constraints.is_empty() {
        text.push(' ');
        text.push_str(&constraints);
    }
    Ok(text)
}
