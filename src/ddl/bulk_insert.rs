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
    Expression(RowExpression),
}

/// A SQL expression in a row, and the Python object that it is.
#[derive(Clone)]
pub struct RowExpression {
    /// The expression.
    pub expression: Expression,
    /// The name of its class.
    pub class: Rc<str>,
    /// Its `repr()`.
    pub repr: Rc<str>,
}

/// The rows of `bulk_insert`, each in dictionary order.
pub type Rows = Vec<IndexMap<Rc<str>, RowValue>>;

impl RowValue {
    /// The value as the parameter of a statement: SQL is an object there, which no driver takes.
    fn parameter(&self) -> Literal {
        match self {
            RowValue::Literal(value) => value.clone(),
            RowValue::Inline(value, kind) => {
                let kind = kind.clone().unwrap_or_else(Type::null);
                Literal::Object(Rc::new(ExpressionValue {
                    class: "_literal_bindparam".into(),
                    repr: format!(
                        "_literal_bindparam('%(0 param)s', {}, type_={})",
                        value.python_repr(),
                        kind.python_repr()
                    )
                    .into(),
                }))
            }
            RowValue::Expression(given) => given.object(),
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
            RowValue::Expression(given) => execution::inline_literal(&given.object(), kind),
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
            RowValue::Expression(given) => given.expression.clone(),
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
    if multiinsert {
        let mut insert = Insert::new(table.clone());
        insert.inline = true;
        let sets: Vec<Vec<(Rc<str>, Literal)>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|(key, value)| (key.clone(), value.parameter()))
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

impl RowExpression {
    fn object(&self) -> Literal {
        Literal::Object(Rc::new(ExpressionValue {
            class: self.class.clone(),
            repr: self.repr.clone(),
        }))
    }
}

/// A SQL expression where a plain value is expected.
struct ExpressionValue {
    class: Rc<str>,
    repr: Rc<str>,
}

impl Object for ExpressionValue {
    fn python_repr(&self) -> String {
        self.repr.to_string()
    }

    fn class_name(&self) -> String {
        self.class.to_string()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
