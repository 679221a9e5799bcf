//! MySQL and MariaDB, as needed for `--sql`: `alembic.ddl.mysql`.

use super::alter_column::{AlterColumn, alter_column_parts};
use super::base::{AlterTable, Change, format_table_name};
use super::implementation::DefaultImpl;
use super::state::ImplState;
use ground::diagnostic::{Error, Result};
use ground::exception;
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::name::ConstraintName;
use sqlalchemy::schema::{Constraint, ServerDefault, Table};
use sqlalchemy::sqltypes::classes;

/// `alembic.ddl.mysql.MySQLImpl`, and its subclass `MariaDBImpl`.
pub struct MySQLImpl {
    state: ImplState,
    name: &'static str,
}

impl MySQLImpl {
    /// `MySQLImpl` with the given state.
    pub fn new(state: ImplState) -> Self {
        MySQLImpl {
            state,
            name: "MySQLImpl",
        }
    }

    /// `MariaDBImpl` with the given state.
    pub fn mariadb(state: ImplState) -> Self {
        MySQLImpl {
            state,
            name: "MariaDBImpl",
        }
    }

    fn alter_table(&self, alter: &AlterColumn) -> String {
        let table = format_table_name(
            self.state.dialect(),
            &alter.table_name,
            alter.schema.as_ref(),
        );
        format!("ALTER TABLE {table}")
    }

    /// What MODIFY and CHANGE say of a column: all of it, so that what is not changed has to be repeated.
    fn column_specification(&self, alter: &AlterColumn) -> Result<String> {
        let dialect = self.state.dialect();
        let Some(kind) = alter.kind.as_ref().or(alter.existing_type.as_ref()) else {
            return Err(Error::command(
                "All MySQL CHANGE/MODIFY COLUMN operations require the existing type.",
            ));
        };
        let nullable = alter.nullable.or(alter.existing_nullable).unwrap_or(true);
        let mut text = kind.compile(dialect)?;
        text.push_str(if nullable { " NULL" } else { " NOT NULL" });
        if alter.autoincrement.or(alter.existing_autoincrement) == Some(true) {
            text.push_str(" AUTO_INCREMENT");
        }
        let default = match &alter.server_default {
            Some(default) => default.as_ref(),
            None => alter.existing_server_default.iter().flatten().next(),
        };
        if let Some(default) = default {
            text.push_str(" DEFAULT ");
            text.push_str(&self.server_default(default)?);
        }
        let comment = match &alter.comment {
            Some(comment) => comment.as_ref(),
            None => alter.existing_comment.as_ref(),
        };
        if let Some(comment) = comment {
            text.push_str(" COMMENT ");
            text.push_str(&compiler::quote_literal(comment, dialect));
        }
        Ok(text)
    }

    /// `format_server_default`.
    fn server_default(&self, default: &ServerDefault) -> Result<String> {
        compiler::default_string(default, self.state.dialect())?
            .ok_or_else(|| Error::new("AssertionError", ""))
    }
}

/// Whether the database computes the value: such a default can't be altered.
fn is_generated(default: Option<&ServerDefault>) -> bool {
    matches!(
        default,
        Some(ServerDefault::Computed(_) | ServerDefault::Identity(_))
    )
}

/// Whether MySQL takes a function as the default of a column: of a DATETIME, also where the default stays as it is.
fn allows_functional_default(alter: &AlterColumn) -> bool {
    let kind = alter.kind.as_ref().or(alter.existing_type.as_ref());
    kind.and_then(|kind| kind.affinity()) == Some(&classes::GENERIC_DATE_TIME)
        && !matches!(alter.server_default, Some(None))
}

impl DefaultImpl for MySQLImpl {
    fn state(&self) -> &ImplState {
        &self.state
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn compile_alter(&self, statement: &AlterTable) -> Result<String> {
        match &statement.change {
            Change::Default {
                default, existing, ..
            } if is_generated(default.as_ref()) || is_generated(existing.as_ref()) => {
                statement.compile(self.state.dialect())
            }
            Change::Nullable(..) | Change::Name(..) | Change::Default { .. } | Change::Type(..) => {
                Err(Error::new(
                    exception::NOT_IMPLEMENTED_ERROR,
                    "Individual alter column constructs not supported by MySQL",
                ))
            }
            _ => statement.compile(self.state.dialect()),
        }
    }

    fn type_synonyms(&self) -> &'static [&'static [&'static str]] {
        &[
            &["numeric", "decimal"],
            &["bool", "tinyint"],
            &["json", "longtext"],
        ]
    }

    fn alter_column(&self, alter: &AlterColumn) -> Result<()> {
        let given = [&alter.server_default, &alter.existing_server_default];
        if given
            .iter()
            .any(|default| is_generated(default.iter().flatten().next()))
        {
            // The statement for such a default says that it can't be.
            alter_column_parts(
                self,
                &AlterColumn {
                    name: None,
                    comment: None,
                    autoincrement: None,
                    existing_autoincrement: None,
                    ..alter.clone()
                },
            )?;
        }
        let dialect = self.state.dialect();
        let column = dialect.quote_name(&alter.column_name);
        if alter.name.is_some() || allows_functional_default(alter) {
            let name = alter.name.as_ref().unwrap_or(&alter.column_name);
            return self.exec_ddl(&format!(
                "{} CHANGE {column} {} {}",
                self.alter_table(alter),
                dialect.quote_name(name),
                self.column_specification(alter)?
            ));
        }
        if alter.nullable.is_some()
            || alter.kind.is_some()
            || alter.autoincrement.is_some()
            || alter.comment.is_some()
        {
            return self.exec_ddl(&format!(
                "{} MODIFY {column} {}",
                self.alter_table(alter),
                self.column_specification(alter)?
            ));
        }
        if let Some(default) = &alter.server_default {
            let change = match default {
                Some(default) => format!("SET DEFAULT {}", self.server_default(default)?),
                None => "DROP DEFAULT".to_owned(),
            };
            return self.exec_ddl(&format!(
                "{} ALTER COLUMN {column} {change}",
                self.alter_table(alter)
            ));
        }
        Ok(())
    }

    fn drop_constraint(&self, constraint: &Constraint, _if_exists: bool) -> Result<()> {
        if matches!(constraint, Constraint::Check(_)) && constraint.is_type_bound() {
            return Ok(());
        }
        self.exec_ddl(&compiler::drop_constraint(
            constraint,
            self.state.dialect(),
            false,
            false,
        )?)
    }

    fn drop_named_constraint(
        &self,
        _table: &Table,
        _name: &ConstraintName,
        _if_exists: bool,
    ) -> Result<()> {
        Err(Error::new(
            exception::NOT_IMPLEMENTED_ERROR,
            "No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type",
        ))
    }
}
