//! FROM clauses that no table stands behind: VALUES, functions with columns, samples.

use std::rc::Rc;

use super::{FromClause, anonymous, plain};
use crate::elements::{Expression, LabelName, next_key};
use crate::name::Name;
use crate::sqltypes::Type;

/// `values(*columns, name=..., literal_binds=...).data(rows)`.
#[derive(Clone)]
pub struct Values {
    /// Names and types of its columns.
    pub columns: Vec<(Name, Type)>,
    /// Its name; without one its columns are written alone.
    pub name: Option<LabelName>,
    /// Its rows.
    pub rows: Vec<Vec<Expression>>,
    /// Whether its values are written inline.
    pub literal_binds: bool,
    /// LATERAL.
    pub lateral: bool,
}

/// The list of columns after the name of a function (`render_derived`).
#[derive(Clone)]
pub struct Derived {
    /// Whether their types are written too.
    pub with_types: bool,
}

/// `function.table_valued(...)`, `function.column_valued(...)`, `function.alias(...)`.
#[derive(Clone)]
pub struct TableValued {
    /// The function.
    pub function: Expression,
    /// Names and types of its columns; none for `column_valued()` and `alias()`, of which the only
    /// column is the name itself.
    pub columns: Vec<(Name, Type)>,
    /// Its name.
    pub name: LabelName,
    /// The columns after its name, where `render_derived()` was called.
    pub derived: Option<Derived>,
    /// WITH ORDINALITY.
    pub with_ordinality: bool,
    /// LATERAL.
    pub lateral: bool,
}

/// `tablesample(selectable, sampling, name=..., seed=...)`.
#[derive(Clone)]
pub struct TableSample {
    /// The table.
    pub table: FromClause,
    /// Its name.
    pub name: LabelName,
    /// The method with its argument.
    pub sampling: Expression,
    /// REPEATABLE.
    pub seed: Option<Expression>,
}

/// The name that was given, or one that the compiler makes.
pub fn given_or_anonymous(name: Option<&str>, derived: &str) -> LabelName {
    match name {
        Some(name) => plain(Name::new(name)),
        None => anonymous(next_key(), derived),
    }
}

impl Values {
    /// `alias(name)`.
    pub fn alias(&self, name: Option<&str>) -> FromClause {
        FromClause::Values(Rc::new(Values {
            name: Some(given_or_anonymous(name, "anon")),
            ..self.clone()
        }))
    }

    /// `lateral(name)`.
    pub fn lateral(&self, name: Option<&str>) -> FromClause {
        FromClause::Values(Rc::new(Values {
            name: match name {
                Some(name) => Some(plain(Name::new(name))),
                None => self.name.clone(),
            },
            lateral: true,
            ..self.clone()
        }))
    }
}

impl TableValued {
    /// A function by that name, with those columns.
    pub fn new(function: Expression, columns: Vec<(Name, Type)>, name: Option<&str>) -> Self {
        TableValued {
            function,
            columns,
            name: given_or_anonymous(name, "anon"),
            derived: None,
            with_ordinality: false,
            lateral: false,
        }
    }

    /// The name as a column: what `column_valued()` is selected as.
    pub fn column(self: &Rc<Self>) -> Expression {
        let kind = self.function.kind();
        let from = FromClause::TableValued(self.clone());
        Expression::ColumnClause(Rc::new(crate::elements::ColumnClause {
            name: self.name.clone(),
            key: None,
            kind,
            is_literal: false,
            table: Some(from),
            element: None,
        }))
    }
}
