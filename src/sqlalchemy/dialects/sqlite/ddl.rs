//! DDL (`SQLiteDDLCompiler`).

use std::fmt::Write as _;

use crate::compiler::ddl::{
    DDLCompiler, check_text, column_default_string, compile_error, computed_text,
    create_index_text, ddl_expression, foreign_key_text, format_column, needs_parentheses,
    prepared_index_name, primary_key_text, unique_text,
};
use crate::dialects::Dialect;
use crate::schema::{
    Autoincrement, CheckConstraint, Column, Constraint, ForeignKeyConstraint, Index,
    PrimaryKeyConstraint, Table, UniqueConstraint,
};
use crate::sqltypes::classes;
use ground::diagnostic::Result;

/// `SQLiteDDLCompiler`.
pub struct SQLiteDDLCompiler;

impl DDLCompiler for SQLiteDDLCompiler {
    fn get_column_specification(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        let kind = column.kind();
        let mut text = format!(
            "{} {}",
            format_column(column, dialect),
            kind.compile(dialect)?
        );
        if let Some(default) = column_default_string(column, dialect)? {
            if needs_parentheses(&default) {
                let _ = write!(text, " DEFAULT ({default})");
            } else {
                let _ = write!(text, " DEFAULT {default}");
            }
        }
        let options = column.dialect_options();
        if !column.nullable() {
            text.push_str(" NOT NULL");
            if let Some(conflict) = options.text("sqlite_on_conflict_not_null") {
                let _ = write!(text, " ON CONFLICT {conflict}");
            }
        }
        if column.primary_key()
            && let Some(table) = column.table()
        {
            let single = table.primary_key().columns().len() == 1;
            if column.autoincrement() == Autoincrement::True && !single {
                return Err(compile_error(
                    "SQLite does not support autoincrement for composite primary keys",
                ));
            }
            if is_inline_autoincrement(column, &table) && single {
                text.push_str(" PRIMARY KEY");
                if let Some(conflict) = options.text("sqlite_on_conflict_primary_key") {
                    let _ = write!(text, " ON CONFLICT {conflict}");
                }
                text.push_str(" AUTOINCREMENT");
            }
        }
        if let Some(computed) = column.computed() {
            let _ = write!(text, " {}", computed_text(&computed, dialect)?);
        }
        Ok(text)
    }

    fn post_create_table(&self, table: &Table, _dialect: &Dialect) -> Result<String> {
        let options = table.dialect_options();
        let mut words = Vec::new();
        if options.flag("sqlite_with_rowid") == Some(false) {
            words.push("WITHOUT ROWID");
        }
        if options.flag("sqlite_strict") == Some(true) {
            words.push("STRICT");
        }
        if words.is_empty() {
            return Ok(String::new());
        }
        Ok(format!("\n {}", words.join(",\n ")))
    }

    fn visit_create_index(
        &self,
        index: &Index,
        table: &Table,
        dialect: &Dialect,
        if_not_exists: bool,
    ) -> Result<String> {
        // The schema is given with the index's name and also applies to the table.
        let name = prepared_index_name(index, dialect, true)?;
        let table = dialect.quote_name(&table.name());
        let mut text = create_index_text(index, &name, &table, dialect, if_not_exists)?;
        if let Some(condition) = index.dialect_options().expression("sqlite_where") {
            let _ = write!(text, " WHERE {}", ddl_expression(&condition, dialect)?);
        }
        Ok(text)
    }

    fn visit_primary_key_constraint(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        let columns = primary_key.columns();
        if let [column] = columns.as_slice()
            && let Some(table) = column.table()
            && column.primary_key()
            && is_inline_autoincrement(column, &table)
        {
            return Ok(None);
        }
        let mut text = if columns.is_empty() {
            String::new()
        } else {
            primary_key_text(primary_key, dialect)?
        };
        let constraint = Constraint::PrimaryKey(primary_key.clone());
        let of_column = Some("sqlite_on_conflict_primary_key");
        text.push_str(&on_conflict(&constraint, &columns, of_column));
        Ok(Some(text))
    }

    fn visit_unique_constraint(
        &self,
        unique: &UniqueConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        let mut text = unique_text(unique, dialect)?;
        let constraint = Constraint::Unique(unique.clone());
        let of_column = Some("sqlite_on_conflict_unique");
        text.push_str(&on_conflict(&constraint, &unique.columns(), of_column));
        Ok(text)
    }

    fn visit_check_constraint(&self, check: &CheckConstraint, dialect: &Dialect) -> Result<String> {
        let mut text = check_text(check, dialect)?;
        let conflict = on_conflict(&Constraint::Check(check.clone()), &[], None);
        if check.is_column_level() && !conflict.is_empty() {
            return Err(compile_error(
                "SQLite does not support on conflict clause for column check constraint",
            ));
        }
        text.push_str(&conflict);
        Ok(text)
    }

    fn visit_foreign_key_constraint(
        &self,
        foreign: &ForeignKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        let remote = foreign.referred_table()?;
        let elements = foreign.elements();
        let parent = elements.first().and_then(|element| element.parent());
        let local = parent.and_then(|parent| parent.table());
        // A foreign key cannot reference another database file.
        if local.is_some_and(|local| local.schema() != remote.schema()) {
            return Ok(None);
        }
        foreign_key_text(foreign, dialect).map(Some)
    }

    fn define_constraint_remote_table(&self, table: &Table, dialect: &Dialect) -> String {
        dialect.quote_name(&table.name())
    }
}

/// Whether `sqlite_autoincrement` renders the primary key inline in the column.
fn is_inline_autoincrement(column: &Column, table: &Table) -> bool {
    table.dialect_options().flag("sqlite_autoincrement") == Some(true)
        && column
            .kind()
            .affinity()
            .is_some_and(|class| class.is_subclass_of(&classes::GENERIC_INTEGER))
        && column.foreign_keys().is_empty()
}

fn on_conflict(constraint: &Constraint, columns: &[Column], of_column: Option<&str>) -> String {
    let own = constraint.dialect_options().text("sqlite_on_conflict");
    let found = own.or_else(|| match (columns, of_column) {
        ([column], Some(name)) => column.dialect_options().text(name),
        _ => None,
    });
    match found {
        Some(conflict) => format!(" ON CONFLICT {conflict}"),
        None => String::new(),
    }
}
