//! PostgreSQL, as needed for `--sql`: `alembic.ddl.postgresql`.

use super::alter_column::{AlterColumn, alter_column_parts};
use super::base::{AlterTable, Change, format_table_name};
use super::implementation::DefaultImpl;
use super::state::ImplState;
use ground::diagnostic::{Error, Result};
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::exc;
use sqlalchemy::schema::Table;
use sqlalchemy::sqltypes::{Type, classes};

/// `alembic.ddl.postgresql.PostgresqlImpl`.
pub struct PostgresqlImpl(ImplState);

impl PostgresqlImpl {
    /// Creates an implementation with the given state.
    pub fn new(state: ImplState) -> Self {
        PostgresqlImpl(state)
    }

    /// `PostgresqlColumnType`: a new type, with the USING expression that converts the values.
    fn alter_type(&self, alter: &AlterColumn, kind: &Type, using: Option<&str>) -> Result<()> {
        let dialect = self.0.dialect();
        let using = using.filter(|text| !text.is_empty());
        self.exec_ddl(&format!(
            "ALTER TABLE {} ALTER COLUMN {} TYPE {} {}",
            format_table_name(dialect, &alter.table_name, alter.schema.as_ref()),
            dialect.quote_name(&alter.column_name),
            kind.compile(dialect)?,
            using.map_or_else(String::new, |text| format!("USING {text}"))
        ))
    }

    /// Creates the ENUM types of a table.
    fn create_enums(&self, table: &Table) -> Result<()> {
        let mut made: Vec<std::rc::Rc<str>> = Vec::new();
        for column in table.columns() {
            let kind = column.kind();
            if !kind.is_instance(&classes::GENERIC_ENUM) || !kind.flag("native_enum") {
                continue;
            }
            let name = kind.name().ok_or_else(|| {
                Error::new(exc::COMPILE_ERROR, "PostgreSQL ENUM type requires a name.")
            })?;
            if made.contains(&name) {
                continue;
            }
            let values: Vec<String> = kind
                .enums()
                .iter()
                .map(|value| format!("'{}'", value.replace('\'', "''")))
                .collect();
            self.exec_ddl(&format!(
                "CREATE TYPE {} AS ENUM ({})",
                self.0.dialect().quote(&name),
                values.join(", ")
            ))?;
            made.push(name);
        }
        Ok(())
    }
}

impl DefaultImpl for PostgresqlImpl {
    fn state(&self) -> &ImplState {
        &self.0
    }

    fn name(&self) -> &'static str {
        "PostgresqlImpl"
    }

    fn assumes_transactional_ddl(&self) -> bool {
        true
    }

    fn compile_alter(&self, statement: &AlterTable) -> Result<String> {
        let dialect = self.0.dialect();
        Ok(match &statement.change {
            // A renamed table stays in its schema.
            Change::Rename(name) => format!(
                "{} RENAME TO {}",
                statement.alter_table(dialect),
                dialect.quote_name(name)
            ),
            Change::Comment(column, comment) => format!(
                "COMMENT ON COLUMN {}.{} IS {}",
                format_table_name(dialect, &statement.table_name, statement.schema.as_ref()),
                dialect.quote_name(column),
                comment.as_ref().map_or_else(
                    || "NULL".to_owned(),
                    |text| format!("'{}'", text.replace('\'', "''"))
                )
            ),
            _ => return statement.compile(dialect),
        })
    }

    fn type_synonyms(&self) -> &'static [&'static [&'static str]] {
        &[&["numeric", "decimal"], &["float", "double precision"]]
    }

    fn identity_attrs_ignore(&self) -> &'static [&'static str] {
        &["on_null", "order"]
    }

    fn comments_apart(&self) -> bool {
        true
    }

    fn create_table(&self, table: &Table, if_not_exists: bool) -> Result<()> {
        self.create_enums(table)?;
        let dialect = self.0.dialect();
        self.exec_ddl(&compiler::create_table(
            table,
            dialect,
            if_not_exists,
            None,
        )?)?;
        for index in table.indexes() {
            self.create_index(&index, false)?;
        }
        if table.comment().is_some() {
            self.create_table_comment(table)?;
        }
        for column in table.columns() {
            if column.comment().is_some() {
                self.create_column_comment(&column)?;
            }
        }
        Ok(())
    }

    fn alter_column(&self, alter: &AlterColumn) -> Result<()> {
        let using = alter.dialect.text("postgresql_using");
        let mut rest = alter.clone();
        match (rest.kind.take(), using) {
            (None, Some(_)) => {
                return Err(Error::command(
                    "postgresql_using must be used with the type_ parameter",
                ));
            }
            (Some(kind), using) => self.alter_type(alter, &kind, using.as_deref())?,
            (None, None) => {}
        }
        alter_column_parts(self, &rest)
    }
}
