//! PostgreSQL's EXCLUDE constraints (`sqlalchemy.dialects.postgresql.ExcludeConstraint`).

use std::rc::Rc;

use super::constraints::{Common, Constraint, ConstraintOptions, auto_attach};
use super::{ColumnArgument, Table};
use crate::dialects;
use crate::elements::Expression;
use ground::diagnostic::Result;

/// What two rows are compared by.
#[derive(Clone)]
pub enum ExcludeOperand {
    /// A column by its key.
    Key(Rc<str>),
    /// An expression.
    Expression(Expression),
}

impl ExcludeOperand {
    /// The name by which `ops` refers to it; an expression may have none.
    pub fn name(&self) -> Option<Rc<str>> {
        match self {
            ExcludeOperand::Key(key) => Some(key.clone()),
            ExcludeOperand::Expression(expression) => expression.name_text(),
        }
    }

    /// The expression, in a table.
    pub fn expression(&self, table: Option<&Table>) -> Expression {
        match self {
            ExcludeOperand::Key(key) => match table.and_then(|table| table.column(key)) {
                Some(column) => Expression::Column(column),
                None => crate::elements::column(&**key, None),
            },
            ExcludeOperand::Expression(expression) => expression.clone(),
        }
    }
}

/// The arguments of an `ExcludeConstraint` beside its name and when it is checked.
#[derive(Clone)]
pub struct ExcludeArguments {
    /// The operands, each with its operator.
    pub elements: Vec<(ExcludeOperand, Rc<str>)>,
    /// The index method.
    pub using: Rc<str>,
    /// The rows that are compared.
    pub where_: Option<Expression>,
    /// The operator class of an operand, by name.
    pub ops: Vec<(Rc<str>, Rc<str>)>,
}

pub(super) struct ExcludeData {
    common: Common,
    arguments: ExcludeArguments,
}

/// `postgresql.ExcludeConstraint`.
#[derive(Clone)]
pub struct ExcludeConstraint(pub(super) Rc<ExcludeData>);

impl ExcludeConstraint {
    pub(super) fn common(&self) -> &Common {
        &self.0.common
    }

    /// The name of the dialect that declares it, as `sqlalchemy.dialects` has it.
    pub fn dialect_name() -> &'static str {
        let mut parts = dialects::EXCLUDE_CONSTRAINT.split('.');
        parts.nth(2).unwrap_or_default()
    }

    /// `ExcludeConstraint(*elements, ...)`.
    ///
    /// # Errors
    /// As for a unique constraint of its columns.
    pub fn new(arguments: ExcludeArguments, options: ConstraintOptions) -> Result<Self> {
        options
            .options
            .validate(&["ExcludeConstraint", "Constraint"])?;
        let pending = arguments
            .elements
            .iter()
            .filter_map(|(operand, _)| match operand {
                ExcludeOperand::Key(key) => Some(ColumnArgument::Key(key.clone())),
                ExcludeOperand::Expression(Expression::Column(column)) => {
                    Some(ColumnArgument::Column(column.clone()))
                }
                ExcludeOperand::Expression(_) => None,
            })
            .collect();
        let constraint = ExcludeConstraint(Rc::new(ExcludeData {
            common: Common::new(options, pending, false),
            arguments,
        }));
        auto_attach(&Constraint::Exclude(constraint.clone()))?;
        Ok(constraint)
    }

    /// What it was made with.
    pub fn arguments(&self) -> &ExcludeArguments {
        &self.0.arguments
    }
}
