//! Statement execution: compiles for the dialect and converts values for the driver.

use std::any::Any;
use std::rc::Rc;

use super::dialect::standard_value;
use super::error::{coded_statement_error, wrap_shown};
use super::{Compiled, Connection, CursorResult, Row, StatementParameters};
use crate::compiler::{self, CompileOptions, Executable};
use crate::dialects::Dialect;
use crate::literal::Literal;
use crate::schema::{ColumnDefault, Table};
use crate::sql::{FromClause, InsertSource, Statement};
use crate::sqltypes::{Type, classes, json_loads};
use driver::{DriverObject, Parameters, Value};
use ground::diagnostic::{Error, Result};
use ground::event::Event;
use ground::formatting::repr::string_repr;
use num_bigint::BigInt;

/// A parameter dictionary.
pub type ParameterSet = Vec<(Rc<str>, Literal)>;

/// Calls a Python function used as a column default.
pub type CallDefault<'a> = &'a dyn Fn(&Rc<dyn Any>) -> Result<Literal>;

/// For statements without callable defaults.
///
/// # Errors
/// Always.
pub fn no_callables(_function: &Rc<dyn Any>) -> Result<Literal> {
    Err(Error::unsupported(
        "This statement needs a column default that is a Python function.",
    ))
}

impl Connection {
    /// The dialect for which statements are compiled.
    pub fn dialect(&self) -> Dialect {
        let dialect = self.engine().dialect().clone();
        match self.get_execution_options().schema_translate_map {
            Some(map) => dialect.with_schema_translate_map(map),
            None => dialect,
        }
    }

    /// `Connection.execute(statement, parameters)`: with no, one or several parameter sets.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError`; `sqlalchemy.exc.StatementError` for values that don't fit;
    /// what the database says, wrapped.
    pub fn execute_statement(
        &self,
        statement: &Statement,
        given: &[ParameterSet],
        call_default: CallDefault<'_>,
    ) -> Result<CursorResult> {
        let dialect = self.dialect();
        let many = given.len() > 1;
        let column_keys = Some(match given.first() {
            Some(set) => set.iter().map(|(name, _)| name.clone()).collect(),
            None => Vec::new(),
        });
        let compiled = compiler::compile(
            statement,
            &dialect,
            &CompileOptions {
                for_executemany: many,
                column_keys,
                ..CompileOptions::default()
            },
        )?;
        self.take_schema_warnings();
        self.refuse_json_functions(&compiled)?;
        let none = [ParameterSet::new()];
        let sets = if given.is_empty() { &none } else { given };
        let mut rows = Vec::with_capacity(sets.len());
        let mut sql = compiled.string.clone();
        let mut names = Vec::new();
        for (group, set) in sets.iter().enumerate() {
            let row = self
                .row_of_values(&compiled, set, call_default)
                .map_err(|error| in_group(error, group))
                .map_err(|error| self.wrap_before_execution(error, &compiled.string, given))?;
            sql = row.sql;
            names = row.names;
            rows.push(row.values);
        }
        let named = dialect.paramstyle().is_named().then_some(names);
        let mut driver_rows = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut values = Vec::with_capacity(row.len());
            for (index, value) in row.iter().enumerate() {
                match dialect.driver_value(dialect.driver(), value) {
                    Ok(value) => values.push(value),
                    Err(error) => {
                        let names = named.as_deref();
                        return Err(self.wrap_binding(error, index, &sql, &rows, names, many));
                    }
                }
            }
            driver_rows.push(match &named {
                Some(names) => Parameters::Named(names.iter().cloned().zip(values).collect()),
                None => Parameters::Positional(values),
            });
        }
        if many && matches!(statement, Statement::Insert(insert) if !insert.returning.is_empty()) {
            // The driver's own executemany gives no rows back (`use_insertmanyvalues`).
            return self.insert_many_values(&compiled, &sql, driver_rows);
        }
        let parameters = match (many, driver_rows.pop()) {
            (false, Some(only)) => StatementParameters::Single(only),
            (_, last) => {
                driver_rows.extend(last);
                StatementParameters::Many(driver_rows)
            }
        };
        let columns = result_columns(&compiled);
        let result = self.execute(&Compiled {
            sql,
            parameters,
            columns,
            cached: true,
        })?;
        if let (Statement::Insert(insert), [row]) = (statement, rows.as_slice())
            && let FromClause::Table(table) = &insert.table
            && !matches!(insert.source, InsertSource::Select(..))
        {
            let mut key = inserted_primary_key(table, &compiled, row, result.lastrowid());
            let implicit = insert.returning.is_empty() && result.returns_rows();
            if implicit && let Some(returned) = result.first()? {
                take_returned(table, &returned, &dialect, &mut key)?;
            }
            let result = if implicit {
                // The primary key was fetched implicitly; the caller sees no rows.
                result.without_rows()
            } else {
                result
            };
            result.set_inserted_primary_key(key);
            return Ok(result);
        }
        Ok(result)
    }

    /// Refuses JSON values where the engine was told how to write or read them.
    fn refuse_json_functions(&self, compiled: &compiler::Compiled) -> Result<()> {
        let options = self.engine().options();
        let is_json = |kind: &Type| kind.has_affinity(&classes::JSON);
        let written = compiled
            .parameters
            .iter()
            .any(|entry| is_json(&entry.parameter.kind));
        let read = compiled
            .result_columns
            .iter()
            .any(|column| is_json(&column.kind));
        let name = match (
            options.json_serializer && written,
            options.json_deserializer && read,
        ) {
            (true, _) => "json_serializer",
            (_, true) => "json_deserializer",
            _ => return Ok(()),
        };
        Err(Error::unsupported(format!(
            "create_engine({name}=...) of a JSON value"
        )))
    }

    /// An INSERT with RETURNING for several rows: the rows that each gives, one after another.
    fn insert_many_values(
        &self,
        compiled: &compiler::Compiled,
        sql: &str,
        sets: Vec<Parameters>,
    ) -> Result<CursorResult> {
        let mut all: Option<CursorResult> = None;
        for set in sets {
            let result = self.execute(&Compiled {
                sql: sql.to_owned(),
                parameters: StatementParameters::Single(set),
                columns: result_columns(compiled),
                cached: true,
            })?;
            match &all {
                Some(first) => first.append(&result),
                None => all = Some(result),
            }
        }
        all.ok_or_else(|| Error::new("AssertionError", ""))
    }

    /// Emits warnings collected by the schema layer.
    pub fn take_schema_warnings(&self) {
        for warning in crate::schema::take_warnings() {
            self.run().warning(warning.category, &warning.message);
        }
    }

    fn row_of_values(
        &self,
        compiled: &compiler::Compiled,
        set: &ParameterSet,
        call_default: CallDefault<'_>,
    ) -> Result<Executable> {
        let find = |name: &str| {
            set.iter()
                .find(|(known, _)| &**known == name)
                .map(|(_, value)| value.clone())
        };
        compiled.executable(&find, &|default| match default {
            ColumnDefault::Scalar(value) => Ok(value.clone()),
            ColumnDefault::Callable(function) => call_default(function),
            ColumnDefault::Expression(_) | ColumnDefault::Sequence(_) => Ok(Literal::Null),
        })
    }

    /// Wraps a failure between compilation and the driver as `StatementError`.
    fn wrap_before_execution(&self, error: Error, sql: &str, given: &[ParameterSet]) -> Error {
        if error.class.starts_with("limbeck.") {
            return error;
        }
        let shown = given.iter().any(|set| !set.is_empty()) || given.len() > 1;
        let shown = shown.then(|| {
            let sets: Vec<String> = given
                .iter()
                .map(|set| {
                    let parts: Vec<String> = set
                        .iter()
                        .map(|(name, value)| {
                            format!("{}: {}", string_repr(name), value.python_repr())
                        })
                        .collect();
                    format!("{{{}}}", parts.join(", "))
                })
                .collect();
            super::error::truncated(format!("[{}]", sets.join(", ")))
        });
        let hide = self.engine().options().hide_parameters;
        let error = coded_statement_error(error, sql, shown.as_deref(), hide);
        self.run().tell(Event::Failed {
            error: error.clone(),
        });
        error
    }

    /// The driver's error for a value it cannot bind.
    fn wrap_binding(
        &self,
        error: Error,
        index: usize,
        sql: &str,
        rows: &[Vec<Literal>],
        names: Option<&[Rc<str>]>,
        many: bool,
    ) -> Error {
        let place = (index + 1).to_string();
        let error = self.engine().dialect().binding_error(error, &place);
        let row = |row: &Vec<Literal>| {
            let parts: Vec<String> = row
                .iter()
                .map(|value| super::error::truncated(value.python_repr()))
                .collect();
            if let Some(names) = names {
                let parts: Vec<String> = names
                    .iter()
                    .zip(parts)
                    .map(|(name, part)| format!("{}: {part}", string_repr(name)))
                    .collect();
                return format!("{{{}}}", parts.join(", "));
            }
            match parts.as_slice() {
                [only] => format!("({only},)"),
                parts => format!("({})", parts.join(", ")),
            }
        };
        let shown = if many {
            format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(", "))
        } else {
            rows.first().map(row).unwrap_or_default()
        };
        let hide = self.engine().options().hide_parameters;
        let error = wrap_shown(error, Some(sql), Some(&shown), hide);
        self.run().tell(Event::Failed {
            error: error.clone(),
        });
        error
    }
}

/// From the second parameter set on, SQLAlchemy names the set that lacks a value.
fn in_group(mut error: Error, group: usize) -> Error {
    if group > 0
        && error
            .message
            .starts_with("A value is required for bind parameter")
    {
        error
            .message
            .push_str(&format!(", in parameter group {group}"));
    }
    error
}

/// The names and types of what a statement returns.
fn result_columns(compiled: &compiler::Compiled) -> Vec<(Rc<str>, Type)> {
    let columns = compiled.result_columns.iter();
    columns
        .map(|column| (column.name.clone(), column.kind.clone()))
        .collect()
}

fn inserted_primary_key(
    table: &Table,
    compiled: &compiler::Compiled,
    row: &[Literal],
    lastrowid: Option<i64>,
) -> Vec<Literal> {
    table
        .primary_key()
        .columns()
        .iter()
        .map(|column| {
            let key = column.key();
            let given = compiled
                .parameters
                .iter()
                .position(|parameter| parameter.parameter.original_key == key)
                .and_then(|place| row.get(place))
                .filter(|value| !value.is_null());
            match (given, lastrowid) {
                (Some(value), _) => value.clone(),
                (None, Some(rowid)) => Literal::Integer(rowid),
                (None, None) => Literal::Null,
            }
        })
        .collect()
}

/// Puts what an INSERT returned into the primary key.
fn take_returned(
    table: &Table,
    returned: &Row,
    dialect: &Dialect,
    key: &mut [Literal],
) -> Result<()> {
    for (column, value) in table.primary_key().columns().iter().zip(key) {
        if let Ok(found) = returned.get(&column.name()) {
            *value = column.kind().process_result(literal_of(found), dialect)?;
        }
    }
    Ok(())
}

/// Converts a driver value, before result processing.
pub fn literal_of(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Boolean(truth) => Literal::Boolean(*truth),
        Value::Integer(number) => Literal::Integer(*number),
        Value::BigInteger(digits) => match digits.parse::<BigInt>() {
            Ok(number) => Literal::BigInteger(Rc::new(number)),
            Err(_) => Literal::String(digits.clone()),
        },
        Value::Real(number) => Literal::Float(*number),
        Value::Decimal(text) => Literal::Decimal(text.clone()),
        Value::Text(text) => Literal::String(text.clone()),
        Value::Blob(bytes) => Literal::Bytes(bytes.clone()),
        Value::Date(date) => Literal::Date(*date),
        Value::Time(time, offset) => Literal::Time(*time, *offset),
        Value::DateTime(moment, offset) => Literal::DateTime(*moment, *offset),
        Value::Interval(microseconds) => Literal::Interval(*microseconds),
        Value::Uuid(bytes) => Literal::Uuid(*bytes),
        Value::Json(text) => json_loads(text).unwrap_or_else(|_| Literal::String(text.clone())),
        Value::List(items) => Literal::List(items.iter().map(literal_of).collect()),
        Value::Tuple(items) => Literal::Tuple(items.iter().map(literal_of).collect()),
        Value::Object(object) => Literal::Object(Rc::new(object.clone())),
    }
}

/// Converts a value for a driver that takes Python's own classes, such as psycopg; `None` for one that
/// stands for no value of a database.
pub fn native_value(value: &Literal) -> Option<Value> {
    Some(match value {
        Literal::Boolean(truth) => Value::Boolean(*truth),
        Literal::BigInteger(number) => Value::BigInteger(number.to_string().into()),
        Literal::Decimal(text) => Value::Decimal(text.clone()),
        Literal::Date(date) => Value::Date(*date),
        Literal::Time(time, offset) => Value::Time(*time, *offset),
        Literal::DateTime(moment, offset) => Value::DateTime(*moment, *offset),
        Literal::Interval(microseconds) => Value::Interval(*microseconds),
        Literal::Uuid(bytes) => Value::Uuid(*bytes),
        Literal::List(items) => Value::List(
            items
                .iter()
                .map(native_value)
                .collect::<Option<Vec<_>>>()?
                .into(),
        ),
        Literal::Tuple(items) => Value::Tuple(
            items
                .iter()
                .map(native_value)
                .collect::<Option<Vec<_>>>()?
                .into(),
        ),
        Literal::Enum(member) => Value::Text(member.name.clone()),
        Literal::Object(object) => {
            Value::Object(object.as_any().downcast_ref::<DriverObject>()?.clone())
        }
        other => return standard_value(other),
    })
}
