//! SQLite: `alembic.ddl.sqlite`.

use super::autogen::is_expression;
use super::base::{AlterTable, Change};
use super::implementation::{BatchItem, DefaultImpl, same_affinity};
use super::state::ImplState;
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use sqlalchemy::compiler;
use sqlalchemy::elements::{Expression, cast};
use sqlalchemy::inspector::{Inspector, ReflectedColumn};
use sqlalchemy::name::ConstraintName;
use sqlalchemy::schema::{Column, Constraint, Index, ServerDefault, Table, UniqueConstraint};
use sqlalchemy::sqltypes::{Type, classes};

/// What Alembic says of a constraint that only a batch can change.
pub const NO_ALTER: &str = "No support for ALTER of constraints in SQLite dialect. Please refer to \
                        the batch mode feature which allows for SQLite migrations using a \
                        copy-and-move strategy.";

/// `alembic.ddl.sqlite.SQLiteImpl`.
pub struct SQLiteImpl(ImplState);

impl SQLiteImpl {
    /// Creates an implementation with the given state.
    pub fn new(state: ImplState) -> Self {
        SQLiteImpl(state)
    }
}

impl DefaultImpl for SQLiteImpl {
    fn state(&self) -> &ImplState {
        &self.0
    }

    fn name(&self) -> &'static str {
        "SQLiteImpl"
    }

    fn compile_alter(&self, statement: &AlterTable) -> Result<String> {
        let dialect = self.0.dialect();
        let alter = statement.alter_table(dialect);
        Ok(match &statement.change {
            // A renamed table stays in its database.
            Change::Rename(name) => format!("{alter} RENAME TO {}", dialect.quote_name(name)),
            Change::Name(column, name) => format!(
                "{alter} RENAME COLUMN {} TO {}",
                dialect.quote_name(column),
                dialect.quote_name(name)
            ),
            _ => return statement.compile(dialect),
        })
    }

    fn requires_recreate_in_batch(&self, items: &[BatchItem<'_>]) -> bool {
        for item in items {
            match item {
                BatchItem::AddColumn(column) => match column.server_default() {
                    // ALTER TABLE ADD COLUMN only accepts constant defaults.
                    Some(ServerDefault::DefaultClause(clause))
                        if clause.as_expression().is_some() =>
                    {
                        return true;
                    }
                    Some(ServerDefault::Computed(computed))
                        if computed.persisted() == Some(true) =>
                    {
                        return true;
                    }
                    _ => {}
                },
                BatchItem::Index => {}
                BatchItem::Other => return true,
            }
        }
        false
    }

    fn add_constraint(&self, constraint: &Constraint) -> Result<()> {
        if !constraint.is_type_bound() {
            return Err(Error::new("NotImplementedError", NO_ALTER));
        }
        if constraint.should_create(self.0.dialect()) {
            self.0.run().warning(
                "UserWarning",
                "Skipping unsupported ALTER for creation of implicit constraint. Please refer to \
                 the batch mode feature which allows for SQLite migrations using a copy-and-move \
                 strategy.",
            );
        }
        Ok(())
    }

    fn drop_constraint(&self, constraint: &Constraint, _if_exists: bool) -> Result<()> {
        if !constraint.is_type_bound() {
            return Err(Error::new("NotImplementedError", NO_ALTER));
        }
        Ok(())
    }

    fn drop_named_constraint(
        &self,
        _table: &Table,
        _name: &ConstraintName,
        _if_exists: bool,
    ) -> Result<()> {
        Err(Error::new("NotImplementedError", NO_ALTER))
    }

    fn cast_for_batch_migrate(
        &self,
        existing: &Type,
        expression: Expression,
        new_type: &Type,
    ) -> Expression {
        if same_affinity(existing, new_type) || new_type.is_instance(&classes::JSON) {
            expression
        } else {
            cast(expression, new_type.clone())
        }
    }

    fn autogen_column_reflect(
        &self,
        _inspector: &Inspector,
        _table: &Table,
        column: &mut ReflectedColumn,
    ) -> Result<()> {
        if let Some(text) = &mut column.default
            && is_unparenthesized_expression(text)
        {
            *text = format!("({text})");
        }
        Ok(())
    }

    fn compare_server_default(
        &self,
        _inspector_column: &Column,
        _metadata_column: &Column,
        rendered_metadata_default: Option<&str>,
        rendered_inspector_default: Option<&str>,
    ) -> Result<bool> {
        Ok(rendered_inspector_default.map(without_wrapping)
            != rendered_metadata_default.map(without_wrapping))
    }

    /// Indexes on expressions cannot be reflected and are ignored, unless the database has one of
    /// that name.
    fn correct_for_autogen_constraints(
        &self,
        _conn_unique_constraints: &mut Vec<UniqueConstraint>,
        conn_indexes: &mut Vec<Index>,
        _metadata_unique_constraints: &mut Vec<UniqueConstraint>,
        metadata_indexes: &mut Vec<Index>,
    ) {
        let reflected = |name: &str| {
            conn_indexes
                .iter()
                .any(|index| index.name().as_str() == Some(name))
        };
        metadata_indexes.retain(|index| {
            let name = index.name();
            let name = name.as_str();
            if name.is_some_and(reflected) || !index.expressions().iter().any(is_expression) {
                return true;
            }
            self.0.run().warning(
                "UserWarning",
                &format!(
                    "autogenerate skipping metadata-specified expression-based index {}; dialect \
                     {} under SQLAlchemy 2.1.9 can't reflect these indexes so they can't be \
                     compared",
                    name.map_or_else(|| "None".to_owned(), string_repr),
                    string_repr(self.0.dialect().name())
                ),
            );
            false
        });
    }

    fn render_ddl_sql_expr(
        &self,
        expression: &Expression,
        is_server_default: bool,
    ) -> Result<String> {
        let text = compiler::ddl::ddl_expression(expression, self.0.dialect())?;
        Ok(
            if is_server_default && is_unparenthesized_expression(&text) {
                format!("({text})")
            } else {
                text
            },
        )
    }
}

/// Strips one pair of parentheses around a default and then one pair of quotes, like the patterns
/// `^\((.+)\)$` and `^"?'(.+)'"?$`.
fn without_wrapping(text: &str) -> String {
    let mut text = text;
    let line = |text: &str| !text.is_empty() && !text.contains('\n');
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        && line(inner)
    {
        text = inner;
    }
    let start = text.strip_prefix('"').unwrap_or(text);
    if let Some(start) = start.strip_prefix('\'') {
        let end = start
            .strip_suffix('"')
            .and_then(|rest| rest.strip_suffix('\''))
            .or_else(|| start.strip_suffix('\''));
        if let Some(inner) = end.filter(|inner| line(inner)) {
            text = inner;
        }
    }
    text.to_owned()
}

/// `_guess_if_default_is_unparenthesized_sql_expr`: whether a default is neither a number, nor a
/// string, nor parenthesized.
pub fn is_unparenthesized_expression(text: &str) -> bool {
    // `.` in the patterns does not match a line feed, and `$` matches before a trailing one.
    let body = text.strip_suffix('\n').unwrap_or(text);
    let one_line = !body.contains('\n');
    let inside = |open: char, close: char| {
        one_line && body.chars().count() >= 3 && body.starts_with(open) && body.ends_with(close)
    };
    let mut characters = body.chars();
    let digit = matches!(
        (characters.next(), characters.next()),
        (Some('0'..='9' | '.'), None)
    );
    !text.is_empty() && !digit && !inside('\'', '\'') && !inside('(', ')')
}
