//! Microsoft SQL Server, as needed for `--sql`: `alembic.ddl.mssql`.

use super::alter_column::{AlterColumn, alter_column_parts};
use super::base::{AlterTable, Change, format_table_name};
use super::bulk_insert::{self, Rows};
use super::implementation::{DefaultImpl, add_included_columns, write_plain};
use super::state::ImplState;
use ground::diagnostic::{Error, Result};
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::name::Name;
use sqlalchemy::schema::{Column, DialectOptions, Index, ServerDefault};
use sqlalchemy::sql::FromClause;

/// `alembic.ddl.mssql.MSSQLImpl`.
pub struct MSSQLImpl(ImplState);

impl MSSQLImpl {
    /// Creates an implementation with the given state.
    pub fn new(state: ImplState) -> Self {
        MSSQLImpl(state)
    }

    /// Drops the constraint of a column that the catalogue view `view` lists, whatever its name.
    fn drop_column_constraint(
        &self,
        table: &Name,
        column: &Name,
        schema: Option<&Name>,
        view: &str,
    ) -> Result<()> {
        let dot = schema.map_or_else(String::new, |schema| format!("{schema}."));
        let quoted = format_table_name(self.0.dialect(), table, schema);
        self.exec_ddl(&format!(
            "declare @const_name varchar(256)\nselect @const_name = QUOTENAME([name]) from \
             {view}\nwhere parent_object_id = object_id('{dot}{table}')\nand \
             col_name(parent_object_id, parent_column_id) = '{column}'\nexec('alter table {quoted} \
             drop constraint ' + @const_name)"
        ))
    }

    /// Drops the foreign key of a column, whatever its name.
    fn drop_column_foreign_key(
        &self,
        table: &Name,
        column: &Name,
        schema: Option<&Name>,
    ) -> Result<()> {
        let dot = schema.map_or_else(String::new, |schema| format!("{schema}."));
        let quoted = format_table_name(self.0.dialect(), table, schema);
        self.exec_ddl(&format!(
            "declare @const_name varchar(256)\nselect @const_name = QUOTENAME([name]) \
             from\nsys.foreign_keys fk join sys.foreign_key_columns fkc\non \
             fk.object_id=fkc.constraint_object_id\nwhere fkc.parent_object_id = \
             object_id('{dot}{table}')\nand col_name(fkc.parent_object_id, fkc.parent_column_id) = \
             '{column}'\nexec('alter table {quoted} drop constraint ' + @const_name)"
        ))
    }

    /// A column's comment added, changed or dropped.
    fn comment_text(&self, alter: &AlterColumn, comment: Option<&str>) -> Result<String> {
        let dialect = self.0.dialect();
        let Some(schema) = alter.schema.as_ref().filter(|schema| !schema.is_empty()) else {
            // The connection's default schema, which a script has not.
            return Err(Error::new("AssertionError", ""));
        };
        let place = format!(
            "'schema', {}, 'table', {}, 'column', {}",
            dialect.quote_schema(schema),
            dialect.quote_name(&alter.table_name),
            dialect.quote_name(&alter.column_name)
        );
        let procedure = match (comment, &alter.existing_comment) {
            (None, _) => {
                return Ok(format!(
                    "exec sp_dropextendedproperty 'MS_Description', {place}"
                ));
            }
            (Some(_), Some(_)) => "sp_updateextendedproperty",
            (Some(_), None) => "sp_addextendedproperty",
        };
        let literal = compiler::quote_literal(comment.unwrap_or_default(), dialect);
        Ok(format!(
            "exec {procedure} 'MS_Description', N{literal}, {place}"
        ))
    }
}

fn is_generated(default: Option<&ServerDefault>) -> bool {
    matches!(
        default,
        Some(ServerDefault::Computed(_) | ServerDefault::Identity(_))
    )
}

impl DefaultImpl for MSSQLImpl {
    fn create_index(&self, index: &Index, if_not_exists: bool) -> Result<()> {
        add_included_columns(index, "mssql_include")?;
        self.exec_ddl(&compiler::create_index(
            index,
            self.state().dialect(),
            if_not_exists,
        )?)
    }

    fn state(&self) -> &ImplState {
        &self.0
    }

    fn name(&self) -> &'static str {
        "MSSQLImpl"
    }

    fn assumes_transactional_ddl(&self) -> bool {
        true
    }

    fn comments_apart(&self) -> bool {
        true
    }

    fn type_synonyms(&self) -> &'static [&'static [&'static str]] {
        &[&["numeric", "decimal"], &["varchar", "nvarchar"]]
    }

    fn identity_attrs_ignore(&self) -> &'static [&'static str] {
        &[
            "order",
            "on_null",
            "minvalue",
            "maxvalue",
            "nominvalue",
            "nomaxvalue",
            "cycle",
            "cache",
        ]
    }

    fn write_statement(&self, text: &str) -> Result<()> {
        write_plain(self, text)?;
        self.write_separator("mssql_batch_separator", "GO")
    }

    fn emit_begin(&self) -> Result<()> {
        self.static_output("BEGIN TRANSACTION;")
    }

    fn emit_commit(&self) -> Result<()> {
        self.static_output("COMMIT;")?;
        self.write_separator("mssql_batch_separator", "GO")
    }

    fn compile_alter(&self, statement: &AlterTable) -> Result<String> {
        let dialect = self.0.dialect();
        let table = format_table_name(dialect, &statement.table_name, statement.schema.as_ref());
        Ok(match &statement.change {
            Change::AddColumn { column, .. } => format!(
                "ALTER TABLE {table} ADD {}",
                compiler::column_specification(column, dialect)?
            ),
            Change::Type(column, kind) => format!(
                "ALTER TABLE {table} ALTER COLUMN {} {}",
                dialect.quote_name(column),
                kind.compile(dialect)?
            ),
            Change::Default {
                column,
                default: Some(default),
                existing,
            } if !is_generated(Some(default)) && !is_generated(existing.as_ref()) => format!(
                "ALTER TABLE {table} ADD DEFAULT {} FOR {}",
                compiler::default_string(default, dialect)?.unwrap_or_default(),
                dialect.quote_name(column)
            ),
            Change::Name(column, name) => format!(
                "EXEC sp_rename '{table}.{}', {}, 'COLUMN'",
                dialect.quote_name(column),
                dialect.quote_name(name)
            ),
            Change::Rename(name) => {
                format!("EXEC sp_rename '{table}', {}", dialect.quote_name(name))
            }
            _ => return statement.compile(dialect),
        })
    }

    fn alter_column(&self, alter: &AlterColumn) -> Result<()> {
        let mut rest = AlterColumn {
            server_default: None,
            name: None,
            nullable: None,
            comment: None,
            ..alter.clone()
        };
        let mut nullable = alter.nullable;
        if nullable.is_some() {
            if let Some(kind) = rest.kind.take() {
                rest.existing_type = Some(kind);
            } else if rest.existing_type.is_none() {
                return Err(Error::command(
                    "MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the \
                     existing_type or a new type_ be passed.",
                ));
            }
        } else if alter.existing_nullable.is_some() && rest.kind.is_some() {
            nullable = alter.existing_nullable;
            rest.existing_type = rest.kind.take();
        } else if rest.kind.is_some() {
            self.0.run().warning(
                "UserWarning",
                "MS-SQL ALTER COLUMN operations that specify type_= should also specify a \
                 nullable= or existing_nullable= argument to avoid implicit conversion of NOT \
                 NULL columns to NULL.",
            );
        }
        let existing = alter.existing_server_default.clone();
        let generated = is_generated(alter.server_default.iter().flatten().next())
            || is_generated(existing.iter().flatten().next());
        if let Some(default) = &alter.server_default
            && !generated
            && (existing.is_some() || default.is_none())
        {
            self.drop_column_constraint(
                &alter.table_name,
                &alter.column_name,
                alter.schema.as_ref(),
                "sys.default_constraints",
            )?;
        }
        if let (Some(nullable), Some(kind)) = (nullable, &rest.existing_type) {
            let dialect = self.0.dialect();
            self.exec_ddl(&format!(
                "ALTER TABLE {} ALTER COLUMN {} {} {}",
                format_table_name(dialect, &alter.table_name, alter.schema.as_ref()),
                dialect.quote_name(&alter.column_name),
                kind.compile(dialect)?,
                if nullable { "NULL" } else { "NOT NULL" }
            ))?;
        }
        if generated {
            rest.server_default = alter.server_default.clone();
        }
        alter_column_parts(self, &rest)?;
        if let Some(comment) = &alter.comment {
            self.exec_ddl(&self.comment_text(alter, comment.as_deref())?)?;
        }
        let only = |change: Change| AlterTable {
            table_name: alter.table_name.clone(),
            schema: alter.schema.clone(),
            change,
        };
        if let Some(Some(default)) = &alter.server_default
            && !generated
        {
            self.exec_alter(&only(Change::Default {
                column: alter.column_name.clone(),
                default: Some(default.clone()),
                existing: None,
            }))?;
        }
        if let Some(name) = &alter.name {
            self.exec_alter(&only(Change::Name(alter.column_name.clone(), name.clone())))?;
        }
        Ok(())
    }

    fn drop_column(
        &self,
        table_name: &Name,
        column: &Column,
        schema: Option<&Name>,
        if_exists: bool,
        kw: &DialectOptions,
    ) -> Result<()> {
        let name = column.name();
        if kw.flag("mssql_drop_default") == Some(true) {
            self.drop_column_constraint(table_name, &name, schema, "sys.default_constraints")?;
        }
        if kw.flag("mssql_drop_check") == Some(true) {
            self.drop_column_constraint(table_name, &name, schema, "sys.check_constraints")?;
        }
        if kw.flag("mssql_drop_foreign_key") == Some(true) {
            self.drop_column_foreign_key(table_name, &name, schema)?;
        }
        self.exec_alter(&AlterTable {
            table_name: table_name.clone(),
            schema: schema.cloned(),
            change: Change::DropColumn { name, if_exists },
        })
    }

    fn bulk_insert(&self, table: &FromClause, rows: &Rows, multiinsert: bool) -> Result<()> {
        if !self.0.as_sql() {
            return bulk_insert::bulk_insert(self, table, rows, multiinsert);
        }
        let dialect = self.0.dialect();
        let name = match table {
            FromClause::TableClause(table) => {
                format_table_name(dialect, &table.name, table.schema.as_ref())
            }
            FromClause::Table(table) => compiler::format_table(table, dialect),
            _ => return bulk_insert::bulk_insert(self, table, rows, multiinsert),
        };
        self.exec_ddl(&format!("SET IDENTITY_INSERT {name} ON"))?;
        bulk_insert::bulk_insert(self, table, rows, multiinsert)?;
        self.exec_ddl(&format!("SET IDENTITY_INSERT {name} OFF"))
    }
}
