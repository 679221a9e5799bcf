//! Resolves declared column types to SQLAlchemy types.

use crate::literal::Literal;
use crate::sqltypes::{Argument, Type, TypeClass};
use ground::diagnostic::{Error, Result};
use ground::run::Run;

const LENGTH: &[&str] = &["length", "collation", "collation_schema"];
const FLOAT: &[&str] = &["precision", "asdecimal", "decimal_return_scale"];
const NUMERIC: &[&str] = &["precision", "scale", "decimal_return_scale", "asdecimal"];
const TIMEZONE: &[&str] = &["timezone"];
const JSON: &[&str] = &["none_as_null"];

/// Declared type, class, and the class's arguments.
const NAMES: [(&str, &str, &[&str]); 26] = [
    ("BIGINT", "BIGINT", &[]),
    ("BLOB", "BLOB", &["length"]),
    (
        "BOOL",
        "BOOLEAN",
        &["create_constraint", "name", "_create_events"],
    ),
    (
        "BOOLEAN",
        "BOOLEAN",
        &["create_constraint", "name", "_create_events"],
    ),
    ("CHAR", "CHAR", LENGTH),
    ("DATE", "DATE", &[]),
    ("DATE_CHAR", "DATE", &[]),
    ("DATETIME", "DATETIME", TIMEZONE),
    ("DATETIME_CHAR", "DATETIME", TIMEZONE),
    ("DOUBLE", "DOUBLE", FLOAT),
    ("DECIMAL", "DECIMAL", NUMERIC),
    ("FLOAT", "FLOAT", FLOAT),
    ("INT", "INTEGER", &[]),
    ("INTEGER", "INTEGER", &[]),
    ("JSON", "JSON", JSON),
    ("JSONB", "JSONB", JSON),
    ("NUMERIC", "NUMERIC", NUMERIC),
    ("REAL", "REAL", FLOAT),
    ("SMALLINT", "SMALLINT", &[]),
    ("TEXT", "TEXT", LENGTH),
    ("TIME", "TIME", TIMEZONE),
    ("TIME_CHAR", "TIME", TIMEZONE),
    ("TIMESTAMP", "TIMESTAMP", TIMEZONE),
    ("VARCHAR", "VARCHAR", LENGTH),
    ("NVARCHAR", "NVARCHAR", LENGTH),
    ("NCHAR", "NCHAR", LENGTH),
];

/// The type for an upper-case declared type, by SQLite's affinity rules if SQLAlchemy has no class
/// of that name.
///
/// # Errors
/// As the type's constructor.
pub(super) fn resolve(run: &Run, declared: &str) -> Result<Type> {
    let end = declared
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ' '))
        .unwrap_or(declared.len());
    let (name, rest) = declared.split_at(end);
    let arguments = rest
        .strip_prefix('(')
        .filter(|_| !name.is_empty())
        .and_then(|rest| rest.find(')').map(|close| &rest[..close]))
        .filter(|inside| !inside.contains('\n'))
        .unwrap_or_default();
    let has = |part: &str| name.contains(part);
    let known = |wanted: &str| NAMES.iter().find(|(declared, ..)| *declared == wanted);
    let by_affinity = |class: &'static str| {
        let names = known(class).map_or(&[] as &[&str], |(_, _, names)| names);
        (class, names)
    };
    let (class, names) = if let Some((_, class, names)) = known(name) {
        (*class, *names)
    } else if has("INT") {
        by_affinity("INTEGER")
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        by_affinity("TEXT")
    } else if has("BLOB") || name.is_empty() {
        ("NullType", &[] as &[&str])
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        by_affinity("REAL")
    } else {
        by_affinity("NUMERIC")
    };
    let numbers: Vec<&str> = arguments
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .collect();
    if numbers.len() > names.len() {
        let module = match class {
            "JSON" | "JSONB" => "sqlalchemy.dialects.sqlite.json",
            _ => "sqlalchemy.sql.sqltypes",
        };
        let shown: Vec<String> = numbers.iter().map(|digits| format!("'{digits}'")).collect();
        run.warning(
            "SAWarning",
            &format!(
                "Could not instantiate type <class '{module}.{class}'> with reflected arguments \
                 [{}]; using no arguments.",
                shown.join(", ")
            ),
        );
        return make(class, Vec::new());
    }
    let arguments = names
        .iter()
        .zip(numbers)
        .map(|(name, digits)| {
            let number = digits.parse().unwrap_or(i64::MAX);
            (*name, Argument::Value(Literal::Integer(number)))
        })
        .collect();
    make(class, arguments)
}

fn make(class: &str, arguments: Vec<(&'static str, Argument)>) -> Result<Type> {
    let dialect = match class {
        "JSON" | "JSONB" => "sqlite",
        _ => "",
    };
    let class = TypeClass::find(dialect, class)
        .ok_or_else(|| Error::unsupported(format!("There is no type of the name {class}.")))?;
    Type::with_arguments(class, arguments)
}
