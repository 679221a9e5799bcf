//! SQL text: statements, DDL, types.

use std::rc::Rc;

use crate::diagnostic::{Error, Result};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::elements::{BindParameter, Expression};
use crate::sqlalchemy::literal::Literal;
use crate::sqlalchemy::sql::Statement;
use crate::sqlalchemy::sqltypes::Type;

pub mod ddl;
pub mod types;

/// How a statement is compiled.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// Values are written in the text.
    pub literal_binds: bool,
    /// For the driver: `?` in place of names, lists expanded.
    pub positional: bool,
    /// Keys of the values that `execute(statement, {...})` was given (`column_keys`).
    pub column_keys: Option<Vec<Rc<str>>>,
    /// How many dictionaries `execute` was given, when several.
    pub for_executemany: bool,
}

/// A parameter of a compiled statement.
#[derive(Clone)]
pub struct CompiledParameter {
    /// Its name in the text.
    pub name: Rc<str>,
    /// The parameter.
    pub parameter: Rc<BindParameter>,
}

/// A column of the rows that a compiled statement gives.
#[derive(Clone)]
pub struct ResultColumn {
    /// Its name in the rows.
    pub name: Rc<str>,
    /// Its key, where it is a column's that differs.
    pub key: Option<Rc<str>>,
    /// Its type.
    pub kind: Type,
    /// What was selected.
    pub expression: Expression,
}

/// A compiled statement.
#[derive(Clone)]
pub struct Compiled {
    /// The text.
    pub string: String,
    /// Its parameters: each once where they stand by name, in order where by position.
    pub parameters: Vec<CompiledParameter>,
    /// The columns of its rows.
    pub result_columns: Vec<ResultColumn>,
    /// Whether it gives rows.
    pub returns_rows: bool,
}

impl Compiled {
    /// The values by position, those of `given` first, then the parameters' own, each as its type
    /// hands it to the driver.
    ///
    /// # Errors
    /// `sqlalchemy.exc.InvalidRequestError` ("A value is required for bind parameter"), and what
    /// the types raise.
    pub fn values(
        &self,
        given: &dyn Fn(&str) -> Option<Literal>,
        dialect: &Dialect,
    ) -> Result<Vec<Literal>> {
        let mut values = Vec::with_capacity(self.parameters.len());
        for entry in &self.parameters {
            let value = match given(&entry.parameter.original_key).or_else(|| given(&entry.name)) {
                Some(value) => value,
                None => match &entry.parameter.value {
                    Some(value) => value.clone(),
                    None => {
                        return Err(Error::new(
                            "sqlalchemy.exc.InvalidRequestError",
                            format!("A value is required for bind parameter '{}'", entry.name),
                        ));
                    }
                },
            };
            values.push(entry.parameter.kind.process_bind(value, dialect)?);
        }
        Ok(values)
    }
}

/// Compiles a statement.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` where the dialect can't render it.
pub fn compile(
    statement: &Statement,
    dialect: &Dialect,
    options: &CompileOptions,
) -> Result<Compiled> {
    let _ = (statement, dialect, options);
    Err(Error::unsupported("compiling statements"))
}

/// Compiles an expression on its own.
///
/// # Errors
/// As [`compile`].
pub fn compile_expression(
    expression: &Expression,
    dialect: &Dialect,
    literal_binds: bool,
) -> Result<Compiled> {
    compile(
        &Statement::Expression(expression.clone()),
        dialect,
        &CompileOptions {
            literal_binds,
            ..CompileOptions::default()
        },
    )
}
