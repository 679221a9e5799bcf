//! Types in DDL and CAST (`OracleTypeCompiler`).

use crate::compiler::types::{TypeCompiler, number_type, visit_generic};
use crate::dialects::Dialect;
use crate::exc;
use crate::sqltypes::{Argument, Type};
use ground::diagnostic::{Error, Result};

/// Oracle's type names.
pub struct OracleTypeCompiler;

impl TypeCompiler for OracleTypeCompiler {
    fn class_name(&self) -> &'static str {
        "oracle.base.OracleTypeCompiler"
    }

    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        visit(kind, dialect)
    }

    fn visit_native_interval(&self, kind: &Type) -> Option<String> {
        Some(interval(kind, "day_precision", "second_precision"))
    }
}

fn interval(kind: &Type, day: &str, second: &str) -> String {
    let digits = |name: &str| {
        let digits = kind.integer(name);
        digits
            .map(|digits| format!("({digits})"))
            .unwrap_or_default()
    };
    format!("INTERVAL DAY{} TO SECOND{}", digits(day), digits(second))
}

fn varchar(kind: &Type, prefix: &str, suffix: &str) -> String {
    match kind.length().filter(|length| *length != 0) {
        None => format!("{prefix}VARCHAR{suffix}"),
        Some(length) if prefix.is_empty() => format!("VARCHAR{suffix}({length} CHAR)"),
        Some(length) => format!("{prefix}VARCHAR{suffix}({length})"),
    }
}

fn float(kind: &Type) -> Result<String> {
    let binary = kind.integer("binary_precision");
    if let (Some(precision), None) = (kind.precision().filter(|digits| *digits != 0), binary) {
        return Err(Error::new(
            exc::ARGUMENT_ERROR,
            format!(
                "Oracle Database FLOAT types use 'binary precision', which does not convert \
                 cleanly from decimal 'precision'.  Please specify this type with a separate \
                 Oracle Database variant, such as {0}(precision={precision}).with_variant(\
                 oracle.FLOAT(binary_precision={1}), 'oracle'), so that the Oracle Database \
                 specific 'binary_precision' may be specified accurately.",
                kind.class_name(),
                (precision as f64 / 0.30103) as i64
            ),
        ));
    }
    Ok(match binary {
        Some(digits) => format!("FLOAT({digits})"),
        None => "FLOAT".into(),
    })
}

fn visit(kind: &Type, dialect: &Dialect) -> Result<String> {
    Ok(match kind.class().visit_name {
        "datetime" => "DATE".into(),
        "float" | "FLOAT" => float(kind)?,
        "double" | "DOUBLE_PRECISION" => number_type("DOUBLE PRECISION", kind),
        "BINARY_DOUBLE" => number_type("BINARY_DOUBLE", kind),
        "BINARY_FLOAT" => number_type("BINARY_FLOAT", kind),
        "NUMBER" => number_type("NUMBER", kind),
        "INTERVAL" => interval(kind, "day_precision", "second_precision"),
        "LONG" | "ROWID" => kind.class().visit_name.to_owned(),
        "TIMESTAMP" if kind.flag("local_timezone") => "TIMESTAMP WITH LOCAL TIME ZONE".into(),
        "TIMESTAMP" if kind.timezone() => "TIMESTAMP WITH TIME ZONE".into(),
        "string" | "VARCHAR2" | "unicode" => varchar(kind, "", "2"),
        "NVARCHAR2" | "NVARCHAR" => varchar(kind, "N", "2"),
        "VARCHAR" | "enum" => varchar(kind, "", ""),
        "text" | "unicode_text" => "CLOB".into(),
        "large_binary" => "BLOB".into(),
        "big_integer" => "NUMBER(19)".into(),
        "boolean" => "BOOLEAN".into(),
        "RAW" => match kind.length().filter(|length| *length != 0) {
            Some(length) => format!("RAW({length})"),
            None => "RAW".into(),
        },
        "JSON" => match kind.argument("use_blob") {
            Some(Argument::Value(value)) if value.truth() => "BLOB".into(),
            _ => "JSON".into(),
        },
        _ => return visit_generic(kind, dialect),
    })
}
