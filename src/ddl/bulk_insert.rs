//! `bulk_insert`: rows as parameters, or rendered inline.

use std::any::Any;
use std::rc::Rc;

use super::execution::{self, Executable};
use super::implementation::DefaultImpl;
use ground::diagnostic::{Error, Result};
use ground::hash::IndexMap;
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::literal::{Literal, Object};
use sqlalchemy::sql::{FromClause, Insert, Statement};
use sqlalchemy::sqltypes::Type;

/// A value of a row of `bulk_insert`.
#[derive(Clone)]
pub enum RowValue {
    /// A plain value, bound to a parameter.
    Literal(Literal),
    /// `op.inline_literal(...)`: rendered inline.
    Inline(Literal, Option<Type>),
    /// A SQL expression.
    Expression(Expression),
}

/// The rows of `bulk_insert`, each in dictionary order.
pub type Rows = Vec<IndexMap<Rc<str>, RowValue>>;

impl RowValue {
    /// The value, if it is a plain one.
    fn literal(&self) -> Literal {
        match self {
            RowValue::Literal(value) | RowValue::Inline(value, _) => value.clone(),
            RowValue::Expression(_) => Literal::Null,
        }
    }

    /// Rendered inline, for `--sql` mode.
    fn inlined(&self, kind: &Type) -> Expression {
        match self {
            RowValue::Literal(value) => execution::inline_literal(value, kind),
            RowValue::Inline(value, given) => {
                execution::inline_literal(value, given.as_ref().unwrap_or(kind))
            }
            // Alembic takes an expression for a value too, and fails as for any other object.
            RowValue::Expression(expression) => {
                let object = Literal::Object(Rc::new(ExpressionValue(expression.clone())));
                execution::inline_literal(&object, kind)
            }
        }
    }

    /// As a parameter, or inline if the script requested that.
    fn bound(&self, key: &str, kind: Option<&Type>) -> Expression {
        match self {
            RowValue::Literal(value) => {
                elements::bindparam(key, Some(value.clone()), kind.cloned())
            }
            RowValue::Inline(value, given) => {
                let plain = Type::null();
                execution::inline_literal(value, given.as_ref().or(kind).unwrap_or(&plain))
            }
            RowValue::Expression(expression) => expression.clone(),
        }
    }
}

/// See [`DefaultImpl::bulk_insert`].
pub(super) fn bulk_insert<I: DefaultImpl + ?Sized>(
    implementation: &I,
    table: &FromClause,
    rows: &Rows,
    multiinsert: bool,
) -> Result<()> {
    let state = implementation.state();
    if state.as_sql() {
        for row in rows {
            let mut values = Vec::with_capacity(row.len());
            for (key, value) in row {
                let kind = match table.column(key) {
                    Some(column) => column.kind(),
                    None => {
                        return Err(Error::new(
                            "KeyError",
                            ground::formatting::repr::string_repr(key),
                        ));
                    }
                };
                values.push((key.clone(), value.inlined(&kind)));
            }
            let mut insert = Insert::new(table.clone()).values(values);
            insert.inline = true;
            implementation.exec(&Executable::from(insert), None)?;
        }
        return Ok(());
    }
    if rows.is_empty() {
        return Ok(());
    }
    let connection = state.online()?;
    let plain = rows
        .iter()
        .flat_map(|row| row.values())
        .all(|value| matches!(value, RowValue::Literal(_)));
    if multiinsert && plain {
        let mut insert = Insert::new(table.clone());
        insert.inline = true;
        let sets: Vec<Vec<(Rc<str>, Literal)>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|(key, value)| (key.clone(), value.literal()))
                    .collect()
            })
            .collect();
        execution::execute_statement(
            &connection,
            state.dialect(),
            &Statement::Insert(insert),
            &sets,
        )?;
        return Ok(());
    }
    for row in rows {
        let mut values = Vec::with_capacity(row.len());
        for (key, value) in row {
            let kind = table.column(key).map(|column| column.kind());
            values.push((key.clone(), value.bound(key, kind.as_ref())));
        }
        let mut insert = Insert::new(table.clone()).values(values);
        insert.inline = true;
        execution::execute_statement(
            &connection,
            state.dialect(),
            &Statement::Insert(insert),
            &[],
        )?;
    }
    Ok(())
}

/// A SQL expression where a plain value is expected.
struct ExpressionValue(Expression);

impl Object for ExpressionValue {
    fn python_repr(&self) -> String {
        self.0.python_repr()
    }

    fn class_name(&self) -> String {
        "ColumnElement".into()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
