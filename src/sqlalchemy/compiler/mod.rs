//! Compilation to SQL text: statements, DDL, types.

use crate::exc;
use std::rc::Rc;

use crate::dialects::{Dialect, Paramstyle};
use crate::elements::{BindParameter, Expression};
use crate::literal::Literal;
use crate::schema::ColumnDefault;
use crate::sql::Statement;
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

pub mod ddl;
mod defaults;
mod dml;
mod expressions;
mod froms;
mod functions;
mod labels;
pub mod overrides;
mod select;
mod state;
mod statement;
pub mod types;

pub use state::{Compilation, Flags};
pub use statement::{Limited, SQLCompiler, visit_cast};
pub(crate) use statement::{
    all_tables, empty_set_of_nulls, fetch_first, json_scalar, limit_and_offset, lock_waits,
    several_tables,
};

/// Compilation options.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// Renders values inline.
    pub literal_binds: bool,
    /// Keys of the parameters passed to `execute(statement, {...})` (`column_keys`).
    pub column_keys: Option<Vec<Rc<str>>>,
    /// Whether it is compiled for `executemany`.
    pub for_executemany: bool,
}

/// A parameter of a compiled statement.
#[derive(Clone)]
pub struct CompiledParameter {
    /// Its name in the text.
    pub name: Rc<str>,
    /// The parameter.
    pub parameter: Rc<BindParameter>,
    /// The column default that provides its value if none is given.
    pub default: Option<ColumnDefault>,
    /// Whether it is the list of a NOT IN.
    pub negated: bool,
}

/// A result column of a compiled statement.
#[derive(Clone)]
pub struct ResultColumn {
    /// Its name in the rows.
    pub name: Rc<str>,
    /// Its key, if it is a column whose key differs from its name.
    pub key: Option<Rc<str>>,
    /// Its type.
    pub kind: Type,
    /// The selected expression.
    pub expression: Expression,
}

/// A part of compiled SQL.
#[derive(Clone)]
pub(crate) enum Segment {
    /// SQL.
    Text(String),
    /// A parameter, by its index in the list.
    Parameter(usize),
    /// An expanding parameter; the operator determines how an empty list is rendered.
    Expanding(usize),
    /// A parameter whose value is written into the text when it is executed.
    Literal(usize),
}

/// A compiled statement.
#[derive(Clone)]
pub struct Compiled {
    /// The SQL text, as `str(compiled)` returns it.
    pub string: String,
    /// Its parameters, without duplicates.
    pub parameters: Vec<CompiledParameter>,
    /// Its result columns.
    pub result_columns: Vec<ResultColumn>,
    /// Whether it returns rows.
    pub returns_rows: bool,
    segments: Rc<[Segment]>,
    dialect: Dialect,
}

/// A statement ready for the driver.
#[derive(Clone)]
pub struct Executable {
    /// The SQL, with expanding parameters expanded.
    pub sql: String,
    /// The values by position, each processed by its type's bind processor.
    pub values: Vec<Literal>,
    /// The name of each value, as the driver takes it.
    pub names: Vec<Rc<str>>,
}

impl Compiled {
    /// The SQL and values for the driver: `given` are the parameters of `execute`, by name;
    /// `evaluate` calls a Python-side default.
    ///
    /// # Errors
    /// `sqlalchemy.exc.InvalidRequestError` ("A value is required for bind parameter"), and what
    /// the types raise.
    pub fn executable(
        &self,
        given: &dyn Fn(&str) -> Option<Literal>,
        evaluate: &dyn Fn(&ColumnDefault) -> Result<Literal>,
    ) -> Result<Executable> {
        let mut values = Vec::with_capacity(self.parameters.len());
        for entry in &self.parameters {
            // A column that the first set of parameters lacks has its default in all of them.
            if let Some(default) = &entry.default {
                values.push(match default {
                    ColumnDefault::Scalar(value) => value.clone(),
                    other => evaluate(other)?,
                });
                continue;
            }
            let value = match given(&entry.name).or_else(|| given(&entry.parameter.original_key)) {
                Some(value) => value,
                None => match &entry.parameter.value {
                    Some(value) => value.clone(),
                    None if !entry.parameter.required => Literal::Null,
                    None => {
                        return Err(Error::new(
                            exc::INVALID_REQUEST_ERROR,
                            format!("A value is required for bind parameter '{}'", entry.name),
                        ));
                    }
                },
            };
            values.push(value);
        }
        let mut bound = Executable {
            sql: String::new(),
            values: Vec::new(),
            names: Vec::new(),
        };
        for segment in self.segments.iter() {
            match segment {
                Segment::Text(text) => bound.sql.push_str(text),
                Segment::Parameter(place) => {
                    let entry = &self.parameters[*place];
                    self.bind(
                        &entry.name,
                        &entry.parameter.kind,
                        &values[*place],
                        &mut bound,
                    )?;
                }
                Segment::Expanding(place) => self.expand(*place, &values[*place], &mut bound)?,
                Segment::Literal(place) => {
                    let kind = &self.parameters[*place].parameter.kind;
                    bound.sql.push_str(&match &values[*place] {
                        Literal::Null => "NULL".to_owned(),
                        value => kind.process_literal(value, &self.dialect)?,
                    });
                }
            }
        }
        Ok(bound)
    }

    /// Writes a parameter's mark in the driver's paramstyle and takes its value. Where a mark names its
    /// value, a parameter that is used again has one value.
    fn bind(&self, name: &str, kind: &Type, value: &Literal, bound: &mut Executable) -> Result<()> {
        let style = self.dialect.paramstyle();
        let name: Rc<str> = self.dialect.bind_name(name).into();
        let known = match style {
            Paramstyle::Qmark | Paramstyle::Format => None,
            _ => bound.names.iter().position(|known| *known == name),
        };
        let place = match known {
            Some(place) => place,
            None => {
                let value = kind.process_bind(value.clone(), &self.dialect)?;
                bound.values.push(value);
                bound.names.push(name.clone());
                bound.values.len() - 1
            }
        };
        bound.sql.push_str(&style.mark(&name, place));
        Ok(())
    }

    fn expand(&self, place: usize, value: &Literal, bound: &mut Executable) -> Result<()> {
        let CompiledParameter {
            name,
            parameter,
            negated,
            ..
        } = &self.parameters[place];
        let kind = &parameter.kind;
        let items: Vec<Literal> = match value {
            Literal::List(items) | Literal::Tuple(items) => items.to_vec(),
            other => {
                return Err(Error::new(
                    "TypeError",
                    format!("'{}' object is not iterable", other.class_name()),
                ));
            }
        };
        let compiler = self.dialect.statement_compiler();
        let types = kind.tuple_types();
        if items.is_empty() {
            let columns = types.as_ref().map_or(1, Vec::len);
            let empty = compiler.visit_empty_set_op_expr(columns, *negated);
            bound.sql.push_str(&empty);
            return Ok(());
        }
        let tuples = matches!(items[0], Literal::Tuple(_) | Literal::List(_))
            && (kind.is_null() || types.is_some());
        let types = types.unwrap_or_default();
        if tuples && self.dialect.tuple_in_values() {
            bound.sql.push_str("VALUES ");
        }
        for (number, item) in items.into_iter().enumerate() {
            if number > 0 {
                bound.sql.push_str(", ");
            }
            let number = number + 1;
            match item {
                Literal::Tuple(parts) | Literal::List(parts) if tuples => {
                    bound.sql.push('(');
                    for (inner, part) in parts.iter().enumerate() {
                        if inner > 0 {
                            bound.sql.push_str(", ");
                        }
                        let kind = tuple_type(&types, inner, part);
                        let name = format!("{name}_{number}_{}", inner + 1);
                        self.bind(&name, &kind, part, bound)?;
                        let cast = compiler.render_bind_cast(&kind, &self.dialect)?;
                        bound.sql.push_str(&cast);
                    }
                    bound.sql.push(')');
                }
                item => {
                    self.bind(&format!("{name}_{number}"), kind, &item, bound)?;
                    let cast = compiler.render_bind_cast(kind, &self.dialect)?;
                    bound.sql.push_str(&cast);
                }
            }
        }
        Ok(())
    }
}

/// The type of a value in a tuple: its column's, else its own.
fn tuple_type(types: &[Type], place: usize, value: &Literal) -> Type {
    match types.get(place) {
        Some(kind) if !kind.is_null() => kind.clone(),
        _ => crate::elements::literal_type(value),
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
    let mut compiler = Compilation::new(dialect, options);
    let flags = Flags {
        literal_binds: options.literal_binds,
        ..Flags::default()
    };
    let text = match statement {
        Statement::Select(select) => compiler.select_base(select, flags, true)?,
        Statement::Insert(insert) => compiler.insert(insert, flags)?,
        Statement::Update(update) => compiler.update(update, flags)?,
        Statement::Delete(delete) => compiler.delete(delete, flags)?,
        Statement::Text(text) => compiler.text(text, flags)?,
        Statement::Expression(expression) => compiler.expression(expression, flags)?,
    };
    Ok(compiler.finish(text, matches!(statement, Statement::Select(_))))
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
    let options = CompileOptions {
        literal_binds,
        ..CompileOptions::default()
    };
    if let Expression::ScalarSelect(select) = expression {
        let mut compiler = Compilation::new(dialect, &options);
        let flags = Flags {
            literal_binds,
            ..Flags::default()
        };
        let text = compiler.select_base(select, flags, true)?;
        return Ok(compiler.finish(format!("({text})"), false));
    }
    compile(
        &Statement::Expression(expression.clone()),
        dialect,
        &options,
    )
}

/// An expression in DDL: inline literals, no table names.
pub(crate) fn compile_ddl_expression(expression: &Expression, dialect: &Dialect) -> Result<String> {
    let options = CompileOptions {
        literal_binds: true,
        ..CompileOptions::default()
    };
    let mut compiler = Compilation::new(dialect, &options);
    let flags = Flags {
        literal_binds: true,
        include_table: false,
        ..Flags::default()
    };
    let text = compiler.expression(expression, flags)?;
    Ok(compiler.finish(text, false).string)
}

/// A string as a SQL literal, with each `%` twice where the driver takes one as the mark of a parameter.
pub fn quote_literal(text: &str, dialect: &Dialect) -> String {
    let value = dialect.statement_compiler().escape_literal(text);
    format!("'{}'", dialect.double_percents(value))
}
