//! Statements: SELECT, INSERT, UPDATE, DELETE, and their FROM clauses.

use std::rc::Rc;

use crate::dialects::Dialect;
use crate::elements::{AnonymousName, ColumnClause, Expression, LabelName, Text};
use crate::name::Name;
use crate::schema::Table;
use ground::diagnostic::Result;

mod dml;
mod from;
mod select;
mod text;
mod values;

pub use dml::{ConflictTarget, Delete, Insert, InsertSource, OnConflict, OnConflictAction, Update};
pub use from::{Alias, AliasElement, AliasKind, Join, TableClause, table};
pub(crate) use select::{CompoundData, SelectJoin};
pub use select::{
    CompoundSelect, Fetch, ForUpdate, LabelStyle, LockTarget, Select, SelectBase, SetOperation,
    TextualSelect, exists, select,
};
pub(crate) use text::hints_for;
pub use text::{DialectText, Hint};
pub use values::{Derived, TableSample, TableValued, Values, given_or_anonymous};

/// What a layer above keeps with a statement, and finds again in what the statement's methods return.
pub type Plugin = Option<Rc<dyn std::any::Any>>;

/// A FROM clause.
#[derive(Clone)]
pub enum FromClause {
    /// A schema table.
    Table(Table),
    /// A lightweight table.
    TableClause(Rc<TableClause>),
    /// `JOIN`.
    Join(Rc<Join>),
    /// An alias, subquery, CTE or lateral.
    Alias(Rc<Alias>),
    /// Text.
    Text(Rc<Text>),
    /// A function that is selected from as it is.
    Function(Rc<Expression>),
    /// `values(...).data(...)`.
    Values(Rc<Values>),
    /// A function with columns, or with another name.
    TableValued(Rc<TableValued>),
    /// `tablesample(...)`.
    TableSample(Rc<TableSample>),
}

/// A statement that can be executed.
#[derive(Clone)]
pub enum Statement {
    /// SELECT, UNION, ...
    Select(SelectBase),
    /// INSERT.
    Insert(Insert),
    /// UPDATE.
    Update(Update),
    /// DELETE.
    Delete(Delete),
    /// `text("...")`.
    Text(Rc<Text>),
    /// An expression on its own.
    Expression(Expression),
}

impl Statement {
    /// The columns of its RETURNING.
    pub fn returning(&self) -> &[Expression] {
        match self {
            Statement::Insert(insert) => &insert.returning,
            Statement::Update(update) => &update.returning,
            Statement::Delete(delete) => &delete.returning,
            _ => &[],
        }
    }

    /// `cte(name, recursive=..., nesting=...)` of an INSERT, UPDATE or DELETE.
    pub fn cte(&self, name: Option<&str>, recursive: bool, nesting: bool) -> FromClause {
        FromClause::Alias(Rc::new(Alias {
            name: values::given_or_anonymous(name, "anon"),
            element: AliasElement::Change(Rc::new(self.clone())),
            kind: AliasKind::Cte { recursive, nesting },
            restates: None,
        }))
    }

    /// Compiles it: text, parameters, result columns.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where the dialect can't render it.
    pub fn compile(
        &self,
        dialect: &Dialect,
        options: &crate::compiler::CompileOptions,
    ) -> Result<crate::compiler::Compiled> {
        crate::compiler::compile(self, dialect, options)
    }
}

macro_rules! statement_from {
    ($($kind:ident => $variant:ident;)*) => {
        $(impl From<$kind> for Statement {
            fn from(statement: $kind) -> Statement { Statement::$variant(statement.into()) }
        })*
    };
}

statement_from! {
    SelectBase => Select;
    Select => Select;
    CompoundSelect => Select;
    Insert => Insert;
    Update => Update;
    Delete => Delete;
    Expression => Expression;
}

/// `column("name", type)` with a parent table.
pub(crate) fn proxy_column(
    from: &FromClause,
    name: LabelName,
    key: Option<Rc<str>>,
    kind: crate::sqltypes::Type,
) -> Expression {
    Expression::ColumnClause(Rc::new(ColumnClause {
        name,
        key,
        kind,
        is_literal: false,
        table: Some(from.clone()),
        element: None,
    }))
}

pub(crate) fn anonymous(key: usize, derived: &str) -> LabelName {
    LabelName::Anonymous(AnonymousName {
        key,
        derived: derived.into(),
    })
}

pub(crate) fn plain(name: impl Into<Name>) -> LabelName {
    LabelName::Plain(name.into())
}
