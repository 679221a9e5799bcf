//! SQLite: `alembic.ddl.sqlite`.

use super::base::AlterStyle;
use super::implementation::{BatchItem, DefaultImpl, ImplState, same_affinity};
use ground::diagnostic::{Error, Result};
use sqlalchemy::compiler;
use sqlalchemy::elements::{Expression, cast};
use sqlalchemy::schema::{Constraint, ServerDefault};
use sqlalchemy::sqltypes::{Type, classes};

const NO_ALTER: &str = "No support for ALTER of constraints in SQLite dialect. Please refer to \
                        the batch mode feature which allows for SQLite migrations using a \
                        copy-and-move strategy.";

/// `alembic.ddl.sqlite.SQLiteImpl`.
pub struct SQLiteImpl(ImplState);

impl SQLiteImpl {
    /// An implementation with that state.
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

    fn alter_style(&self) -> AlterStyle {
        AlterStyle::SQLite
    }

    fn requires_recreate_in_batch(&self, items: &[BatchItem<'_>]) -> bool {
        for item in items {
            match item {
                BatchItem::AddColumn(column) => match column.server_default() {
                    // ALTER TABLE ADD COLUMN takes constant defaults only.
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

    fn drop_constraint(
        &self,
        constraint: Option<&Constraint>,
        _if_exists: Option<bool>,
    ) -> Result<()> {
        if constraint.is_none_or(|constraint| !constraint.is_type_bound()) {
            return Err(Error::new("NotImplementedError", NO_ALTER));
        }
        Ok(())
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

    fn autogen_column_reflect(&self, default: Option<String>) -> Option<String> {
        default.map(|text| {
            if is_unparenthesized_expression(&text) {
                format!("({text})")
            } else {
                text
            }
        })
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

/// `_guess_if_default_is_unparenthesized_sql_expr`: whether a default is neither a digit, nor a
/// string, nor in parentheses.
pub fn is_unparenthesized_expression(text: &str) -> bool {
    // `.` of the patterns does not match a line feed, and `$` matches before a last one.
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
