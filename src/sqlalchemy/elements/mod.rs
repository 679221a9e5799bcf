//! SQL expressions as a tree: columns, parameters, operators, functions.
//!
//! An [`Expression`] follows SQLAlchemy's `ColumnElement` and its kin. Each node stands behind an
//! `Rc`: cloning is cheap, and a node that is used twice keeps its identity, so that a parameter
//! used twice has one name.

use crate::exc;
use std::rc::Rc;

use crate::dialects::Dialect;
use crate::literal::Literal;
use crate::name::Name;
use crate::schema::Column;
use crate::sql::{FromClause, SelectBase};
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

mod constructors;
mod operations;
mod operators;
mod traversal;

pub use constructors::*;
pub use operations::Operand;
pub use operators::{CustomOperator, Operator};
pub use traversal::copy_expression;

/// A name that is settled when the statement is compiled: `anon_1`, `name_1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnonymousName {
    /// Whose name it is: one number for each nameless thing.
    pub key: usize,
    /// What it is derived from (`param`, `anon`, the column's name).
    pub derived: Rc<str>,
}

/// The name of a label, an alias, a parameter or a column of a subquery.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LabelName {
    /// A name that a person gave.
    Plain(Name),
    /// One that the compiler gives.
    Anonymous(AnonymousName),
}

impl LabelName {
    /// The text of a given name.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            LabelName::Plain(name) => Some(name),
            LabelName::Anonymous(_) => None,
        }
    }
}

/// `text("...")`, with the parameters found in it.
#[derive(Clone)]
pub struct Text {
    /// The text as given, `:name` and `\:` included.
    pub text: Rc<str>,
    /// Parameters by name, in the order in which they were first found.
    pub parameters: ground::hash::IndexMap<Rc<str>, Rc<BindParameter>>,
}

/// A column that belongs to no schema: `column("x")`, `literal_column("1")`, a column of an alias.
#[derive(Clone)]
pub struct ColumnClause {
    /// Its name.
    pub name: LabelName,
    /// The key it has in its table's collection, where that is not the name.
    pub key: Option<Rc<str>>,
    /// Its type.
    pub kind: Type,
    /// Whether the name is SQL to be written as it stands.
    pub is_literal: bool,
    /// Where it is selected from.
    pub table: Option<FromClause>,
    /// The person's element that it stands for; its name is then what that is on one dialect.
    pub element: Option<Rc<dyn CustomElement>>,
}

/// An element whose class a person wrote, with functions of `@compiles`; implemented in
/// `bindings`.
pub trait CustomElement {
    /// What its function writes on a dialect.
    ///
    /// # Errors
    /// What the function raises; `sqlalchemy.exc.UnsupportedCompilationError` where there is none.
    fn compile(&self, dialect: &Dialect) -> Result<String>;
}

/// A bound parameter.
#[derive(Clone)]
pub struct BindParameter {
    /// Its name.
    pub key: LabelName,
    /// The name it was made with, where that differs.
    pub original_key: Rc<str>,
    /// Its value, if it has one.
    pub value: Option<Literal>,
    /// Its type.
    pub kind: Type,
    /// Whether it stands for a list, as on the right of IN.
    pub expanding: bool,
    /// Whether it must be given a value before it is executed.
    pub required: bool,
    /// Whether its name may be changed so as to be the only one.
    pub unique: bool,
    /// Whether it is always written as a literal.
    pub literal_execute: bool,
}

/// An operator with one operand.
#[derive(Clone)]
pub struct Unary {
    /// The operand, in parentheses where it needs them.
    pub element: Expression,
    /// An operator before it.
    pub operator: Option<Operator>,
    /// An operator after it.
    pub modifier: Option<Operator>,
    /// The type of the whole.
    pub kind: Type,
}

/// A truth value asked of something that is not a comparison (`AsBoolean`).
#[derive(Clone)]
pub struct AsBoolean {
    /// What is asked.
    pub element: Expression,
    /// `IsTrue` or `IsFalse`.
    pub operator: Operator,
}

/// An operator with two operands.
#[derive(Clone)]
pub struct Binary {
    /// Left operand, in parentheses where it needs them.
    pub left: Expression,
    /// Right operand, in parentheses where it needs them.
    pub right: Expression,
    /// The operator.
    pub operator: Operator,
    /// The operator of the opposite.
    pub negate: Option<Operator>,
    /// The type of the whole.
    pub kind: Type,
    /// `escape` of LIKE, `flags` of a regular expression, and `autoescape`.
    pub modifiers: Modifiers,
}

/// What an operator takes beside its operands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// `escape=` of LIKE.
    pub escape: Option<Rc<str>>,
    /// `flags=` of a regular expression.
    pub flags: Option<Rc<str>>,
    /// `symmetric=` of BETWEEN.
    pub symmetric: bool,
}

/// Several expressions with one operator between them: AND, OR, `a || b || c`, a comma.
#[derive(Clone)]
pub struct ExpressionList {
    /// The expressions.
    pub clauses: Vec<Expression>,
    /// What stands between them; None for a space.
    pub operator: Option<Operator>,
    /// The type of the whole.
    pub kind: Type,
    /// Whether it is put in parentheses next to an operator that binds more tightly.
    pub group: bool,
}

/// `expression.label("name")`.
#[derive(Clone)]
pub struct Label {
    /// Its name.
    pub name: LabelName,
    /// What is labelled.
    pub element: Expression,
    /// Its type.
    pub kind: Type,
}

/// `func.name(...)`.
#[derive(Clone)]
pub struct Function {
    /// The packages before the name (`func.pg_catalog.now`).
    pub packages: Vec<Name>,
    /// The name as given.
    pub name: Name,
    /// Arguments.
    pub clauses: Vec<Expression>,
    /// Type of the result.
    pub kind: Type,
}

/// `cast(expression, type)`.
#[derive(Clone)]
pub struct Cast {
    /// What is cast.
    pub clause: Expression,
    /// To which type.
    pub kind: Type,
    /// Whether it is `try_cast`.
    pub attempt: bool,
}

/// `case(...)`.
#[derive(Clone)]
pub struct Case {
    /// `value=`.
    pub value: Option<Expression>,
    /// Conditions and results.
    pub whens: Vec<(Expression, Expression)>,
    /// `else_=`.
    pub otherwise: Option<Expression>,
    /// Type of the result.
    pub kind: Type,
}

/// `function.over(...)`.
#[derive(Clone)]
pub struct Over {
    /// The function.
    pub element: Expression,
    /// `partition_by=`.
    pub partition_by: Vec<Expression>,
    /// `order_by=`.
    pub order_by: Vec<Expression>,
    /// `range_=`, `rows=` or `groups=`: the word, and the two ends (None is unbounded).
    pub frame: Option<(&'static str, Option<i64>, Option<i64>)>,
}

/// A SQL expression.
#[derive(Clone)]
pub enum Expression {
    /// `text("...")`.
    Text(Rc<Text>),
    /// A column of a [`Table`](crate::schema::Table), or one that will be.
    Column(Column),
    /// A column that belongs to no schema.
    ColumnClause(Rc<ColumnClause>),
    /// A bound parameter.
    BindParameter(Rc<BindParameter>),
    /// `null()`.
    Null,
    /// `true()`.
    True,
    /// `false()`.
    False,
    /// One operand.
    Unary(Rc<Unary>),
    /// A truth asked of a value.
    AsBoolean(Rc<AsBoolean>),
    /// Two operands.
    Binary(Rc<Binary>),
    /// Several operands.
    List(Rc<ExpressionList>),
    /// `tuple_(...)`.
    Tuple(Rc<[Expression]>),
    /// Parentheses.
    Grouping(Rc<Expression>),
    /// `.label(...)`.
    Label(Rc<Label>),
    /// `func.name(...)`.
    Function(Rc<Function>),
    /// `cast(...)`.
    Cast(Rc<Cast>),
    /// `type_coerce(...)`.
    TypeCoerce(Rc<Cast>),
    /// `case(...)`.
    Case(Rc<Case>),
    /// `extract(field, expression)`.
    Extract(Rc<str>, Rc<Expression>),
    /// `function.over(...)`.
    Over(Rc<Over>),
    /// `function.filter(...)`.
    FunctionFilter(Rc<Expression>, Rc<Expression>),
    /// `function.within_group(...)`.
    WithinGroup(Rc<Expression>, Rc<[Expression]>),
    /// The name of a collation.
    Collation(Name),
    /// A SELECT used as a value, or on the right of IN or EXISTS: always in parentheses.
    ScalarSelect(Rc<SelectBase>),
    /// A text in ORDER BY or GROUP BY that names a label.
    LabelReference(Rc<str>),
}

impl Expression {
    /// `expression.compile(dialect=...)`, as `str()` of it gives: parameters by name.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where the dialect can't render it.
    pub fn compile(&self, dialect: &Dialect) -> Result<String> {
        Ok(crate::compiler::compile_expression(self, dialect, false)?.string)
    }

    /// The same with `literal_binds`: values are written in the text.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` for a value that has no literal form.
    pub fn compile_literal(&self, dialect: &Dialect) -> Result<String> {
        Ok(crate::compiler::compile_expression(self, dialect, true)?.string)
    }

    /// `str(expression)`: compiled for the default dialect.
    pub fn python_str(&self) -> String {
        self.compile(&Dialect::default_dialect())
            .unwrap_or_else(|error| error.message.clone())
    }

    /// `repr(expression)`; where Python shows an address, the same one always.
    pub fn python_repr(&self) -> String {
        match self {
            Expression::Text(_) => {
                format!("<sqlalchemy.sql.elements.TextClause object at {ADDRESS}>")
            }
            Expression::Function(function) => {
                let name = function.name.as_str();
                let class = if GENERIC_FUNCTIONS.contains(&name) {
                    name
                } else {
                    "Function"
                };
                format!("<sqlalchemy.sql.functions.{class} at {ADDRESS}; {name}>")
            }
            Expression::Column(column) => column.python_repr(),
            other => other.python_str(),
        }
    }
}

/// What stands where Python shows the address of an object, which means nothing.
const ADDRESS: &str = "0x7f0000000000";

/// The functions that have a class of their own in `sqlalchemy.sql.functions`.
const GENERIC_FUNCTIONS: [&str; 29] = [
    "aggregate_strings",
    "array_agg",
    "char_length",
    "coalesce",
    "concat",
    "count",
    "cube",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "dense_rank",
    "grouping_sets",
    "localtime",
    "localtimestamp",
    "max",
    "min",
    "mode",
    "now",
    "percent_rank",
    "percentile_cont",
    "percentile_disc",
    "random",
    "rank",
    "rollup",
    "session_user",
    "sum",
    "user",
];

pub(crate) fn argument_error(message: impl Into<String>) -> Error {
    Error::new(exc::ARGUMENT_ERROR, message)
}
