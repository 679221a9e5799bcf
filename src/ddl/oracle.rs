//! Oracle Database, as needed for `--sql`: `alembic.ddl.oracle`.

use super::base::{AlterTable, Change, format_table_name};
use super::implementation::{DefaultImpl, write_plain};
use super::state::ImplState;
use ground::diagnostic::Result;
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::dialects::oracle::identity_text;
use sqlalchemy::schema::ServerDefault;

/// `alembic.ddl.oracle.OracleImpl`.
pub struct OracleImpl(ImplState);

impl OracleImpl {
    /// Creates an implementation with the given state.
    pub fn new(state: ImplState) -> Self {
        OracleImpl(state)
    }
}

fn is_identity(default: Option<&ServerDefault>) -> bool {
    matches!(default, Some(ServerDefault::Identity(_)))
}

fn is_computed(default: Option<&ServerDefault>) -> bool {
    matches!(default, Some(ServerDefault::Computed(_)))
}

impl DefaultImpl for OracleImpl {
    fn state(&self) -> &ImplState {
        &self.0
    }

    fn name(&self) -> &'static str {
        "OracleImpl"
    }

    fn command_terminator(&self) -> &'static str {
        ""
    }

    fn comments_apart(&self) -> bool {
        true
    }

    fn type_synonyms(&self) -> &'static [&'static [&'static str]] {
        &[
            &["numeric", "decimal"],
            &["varchar", "varchar2"],
            &[
                "bigint", "integer", "smallint", "decimal", "numeric", "number",
            ],
            &["double", "float", "double_precision"],
        ]
    }

    fn identity_attrs_ignore(&self) -> &'static [&'static str] {
        &[]
    }

    fn write_statement(&self, text: &str) -> Result<()> {
        write_plain(self, text)?;
        self.write_separator("oracle_batch_separator", "/")
    }

    fn emit_begin(&self) -> Result<()> {
        self.exec_ddl("SET TRANSACTION READ WRITE")
    }

    fn emit_commit(&self) -> Result<()> {
        self.exec_ddl("COMMIT")
    }

    fn compile_alter(&self, statement: &AlterTable) -> Result<String> {
        let dialect = self.0.dialect();
        let table = format_table_name(dialect, &statement.table_name, statement.schema.as_ref());
        Ok(match &statement.change {
            Change::AddColumn { column, .. } => format!(
                "ALTER TABLE {table} ADD {}",
                compiler::column_specification(column, dialect)?
            ),
            Change::Nullable(column, nullable) => format!(
                "ALTER TABLE {table} MODIFY {} {}",
                dialect.quote_name(column),
                if *nullable { "NULL" } else { "NOT NULL" }
            ),
            Change::Type(column, kind) => format!(
                "ALTER TABLE {table} MODIFY {} {}",
                dialect.quote_name(column),
                kind.compile(dialect)?
            ),
            Change::Name(column, name) => format!(
                "ALTER TABLE {table} RENAME COLUMN {} TO {}",
                dialect.quote_name(column),
                dialect.quote_name(name)
            ),
            Change::Rename(name) => {
                format!("ALTER TABLE {table} RENAME TO {}", dialect.quote_name(name))
            }
            // Neither the table nor the column is quoted here.
            Change::Comment(column, comment) => format!(
                "COMMENT ON COLUMN {}.{column} IS {}",
                statement.table_name,
                compiler::quote_literal(comment.as_deref().unwrap_or_default(), dialect)
            ),
            Change::Default {
                default, existing, ..
            } if is_computed(default.as_ref()) || is_computed(existing.as_ref()) => {
                return statement.compile(dialect);
            }
            Change::Default {
                column,
                default,
                existing,
            } => {
                let head = format!("ALTER TABLE {table} MODIFY {}", dialect.quote_name(column));
                if is_identity(default.as_ref()) || is_identity(existing.as_ref()) {
                    match default {
                        None => format!("{head} DROP IDENTITY"),
                        Some(ServerDefault::Identity(identity)) => {
                            format!("{head} {}", identity_text(identity))
                        }
                        Some(_) => return statement.compile(dialect),
                    }
                } else {
                    let text = match default {
                        Some(default) => compiler::default_string(default, dialect)?,
                        None => None,
                    };
                    format!("{head} DEFAULT {}", text.unwrap_or_else(|| "NULL".into()))
                }
            }
            Change::DropColumn { .. } => return statement.compile(dialect),
        })
    }
}
