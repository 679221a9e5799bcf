//! The `sqlalchemy.exc` errors raised by statement execution, and the display of parameters in
//! errors and logs.

use std::rc::Rc;

use crate::exc;
use driver::{Parameters, Value};
use ground::diagnostic::Error;
use ground::formatting::repr::string_repr;

/// The SQLAlchemy version in the documentation links of its errors.
const VERSION_TOKEN: &str = "21";

/// A `sqlalchemy.exc` error whose message ends with its documentation link.
pub fn coded(class: &'static str, message: &str, code: &str) -> Error {
    Error::new(class, format!("{message} {}", background(code)))
}

/// The documentation link of an error.
pub fn background(code: &str) -> String {
    format!("(Background on this error at: https://sqlalche.me/e/{VERSION_TOKEN}/{code})")
}

/// Parameters of an execution: one set, or one set for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementParameters {
    /// `cursor.execute`.
    Single(Parameters),
    /// `cursor.executemany`.
    Many(Vec<Parameters>),
}

impl StatementParameters {
    /// No parameters.
    pub const NONE: StatementParameters = StatementParameters::Single(Parameters::NONE);

    /// Whether it is falsy in Python.
    pub fn is_empty(&self) -> bool {
        match self {
            StatementParameters::Single(parameters) => parameters.is_empty(),
            StatementParameters::Many(sets) => sets.is_empty(),
        }
    }

    /// The repr shown in errors and logs: abbreviated if there are many or long values.
    pub fn repr(&self) -> String {
        /// The maximum number of parameter sets shown.
        const BATCHES: usize = 10;
        match self {
            StatementParameters::Single(parameters) => repr_set(parameters),
            StatementParameters::Many(sets) if sets.len() > BATCHES => {
                let first: Vec<String> = sets[..BATCHES - 2].iter().map(repr_set).collect();
                let last: Vec<String> = sets[sets.len() - 2..].iter().map(repr_set).collect();
                format!(
                    "[{}  ... displaying {BATCHES} of {} total bound parameter sets ...  {}]",
                    first.join(", "),
                    sets.len(),
                    last.join(", ")
                )
            }
            StatementParameters::Many(sets) => {
                let sets: Vec<String> = sets.iter().map(repr_set).collect();
                format!("[{}]", sets.join(", "))
            }
        }
    }

    /// All values as text, one list per parameter set.
    pub fn as_text(&self) -> Vec<Vec<String>> {
        let set = |parameters: &Parameters| match parameters {
            Parameters::Positional(values) => values.iter().map(Value::python_repr).collect(),
            Parameters::Named(values) => values
                .iter()
                .map(|(_, value)| value.python_repr())
                .collect(),
        };
        match self {
            StatementParameters::Single(parameters) if parameters.is_empty() => Vec::new(),
            StatementParameters::Single(parameters) => vec![set(parameters)],
            StatementParameters::Many(sets) => sets.iter().map(set).collect(),
        }
    }
}

/// Truncates text in the middle beyond SQLAlchemy's limit.
pub fn truncated(text: String) -> String {
    const LONGEST: usize = 300;
    let count = text.chars().count();
    if count <= LONGEST {
        return text;
    }
    let characters: Vec<char> = text.chars().collect();
    let start: String = characters[..LONGEST / 2].iter().collect();
    let end: String = characters[count - LONGEST / 2..].iter().collect();
    format!(
        "{start} ... ({} characters truncated) ... {end}",
        count - LONGEST
    )
}

fn repr_set(parameters: &Parameters) -> String {
    /// The maximum number of values shown per set.
    const SHOWN: usize = 100;
    let shorten = |parts: Vec<String>| {
        if parts.len() > SHOWN {
            format!(
                "{} ... {} parameters truncated ... {}",
                parts[..SHOWN / 2].join(", "),
                parts.len() - SHOWN,
                parts[parts.len() - SHOWN / 2..].join(", ")
            )
        } else {
            parts.join(", ")
        }
    };
    match parameters {
        Parameters::Positional(values) => {
            let parts: Vec<String> = values
                .iter()
                .map(|value| truncated(value.python_repr()))
                .collect();
            let comma = if parts.len() == 1 { "," } else { "" };
            format!("({}{comma})", shorten(parts))
        }
        Parameters::Named(values) => {
            let parts: Vec<String> = values
                .iter()
                .map(|(name, value)| {
                    format!("{}: {}", string_repr(name), truncated(value.python_repr()))
                })
                .collect();
            format!("{{{}}}", shorten(parts))
        }
    }
}

/// Wraps a driver error as `sqlalchemy.exc.DBAPIError` and its subclasses do: the driver's message,
/// the statement, its parameters and the documentation link. Errors that are not DBAPI errors are
/// returned unchanged.
pub fn wrap(
    error: Error,
    statement: Option<&str>,
    parameters: Option<&StatementParameters>,
    hide_parameters: bool,
) -> Error {
    let shown = parameters
        .filter(|parameters| !parameters.is_empty())
        .map(StatementParameters::repr);
    let mut error = wrap_shown(error, statement, shown.as_deref(), hide_parameters);
    if let Some(parameters) = parameters
        && error.statement.is_some()
    {
        error.parameters = Some(Rc::new(parameters.clone()));
    }
    error
}

/// As [`wrap`], with the parameters already formatted.
pub fn wrap_shown(
    error: Error,
    statement: Option<&str>,
    parameters: Option<&str>,
    hide_parameters: bool,
) -> Error {
    let Some(name) = driver::dbapi_class(&error.class) else {
        return error;
    };
    let (class, code) = match name {
        "InterfaceError" => (exc::INTERFACE_ERROR, "rvf5"),
        "DatabaseError" => (exc::DATABASE_ERROR, "4xp6"),
        "DataError" => (exc::DATA_ERROR, "9h9h"),
        "OperationalError" => (exc::OPERATIONAL_ERROR, "e3q8"),
        "IntegrityError" => (exc::INTEGRITY_ERROR, "gkpj"),
        "InternalError" => (exc::INTERNAL_ERROR, "2j85"),
        "ProgrammingError" => (exc::PROGRAMMING_ERROR, "f405"),
        "NotSupportedError" => (exc::NOT_SUPPORTED_ERROR, "tw8g"),
        _ => (exc::DBAPI_ERROR, "dbapi"),
    };
    statement_error(class, code, error, statement, parameters, hide_parameters)
}

/// Wraps an error that is not a DBAPI error as `sqlalchemy.exc.StatementError`, if there is a
/// statement.
pub(super) fn coded_statement_error(
    orig: Error,
    statement: &str,
    parameters: Option<&str>,
    hide_parameters: bool,
) -> Error {
    if orig.class == exc::STATEMENT_ERROR {
        return orig;
    }
    let code = if orig
        .message
        .starts_with("A value is required for bind parameter")
    {
        "cd3x"
    } else {
        ""
    };
    statement_error(
        exc::STATEMENT_ERROR,
        code,
        orig,
        Some(statement),
        parameters,
        hide_parameters,
    )
}

/// A `sqlalchemy.exc.StatementError` or subclass, caused by the given error.
pub fn statement_error(
    class: &'static str,
    code: &str,
    orig: Error,
    statement: Option<&str>,
    parameters: Option<&str>,
    hide_parameters: bool,
) -> Error {
    let class_name = if orig.class.contains('.') {
        module_and_name(&orig.class)
    } else {
        format!("builtins.{}", orig.class)
    };
    let mut message = format!("({class_name}) {}", orig.message);
    if let Some(statement) = statement.filter(|statement| !statement.is_empty()) {
        message.push_str(&format!("\n[SQL: {statement}]"));
        if let Some(parameters) = parameters {
            if hide_parameters {
                message.push_str("\n[SQL parameters hidden due to hide_parameters=True]");
            } else {
                message.push_str(&format!("\n[parameters: {parameters}]"));
            }
        }
    }
    if !code.is_empty() {
        message.push('\n');
        message.push_str(&background(code));
    }
    let mut error = Error::new(class, message);
    error.database_code = orig.database_code;
    error.report = orig.report.clone();
    error.hint = orig.hint.clone();
    error.statement = statement.map(str::to_owned);
    error.with_cause(orig)
}

/// A class's module and name, without the classes that it is defined in.
fn module_and_name(class: &str) -> String {
    let parts: Vec<&str> = class.split('.').collect();
    let outer = parts
        .iter()
        .position(|part| part.starts_with(|first: char| first.is_ascii_uppercase()));
    match (outer, parts.last()) {
        (Some(outer), Some(name)) if outer + 1 < parts.len() => {
            format!("{}.{name}", parts[..outer].join("."))
        }
        _ => class.to_owned(),
    }
}
