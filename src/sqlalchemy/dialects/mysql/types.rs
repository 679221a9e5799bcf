//! Types in DDL and CAST (`MySQLTypeCompiler`).

use super::MYSQL;
use crate::compiler::types::{TypeCompiler, number_type, visit_generic};
use crate::dialects::{DefaultDialect, Dialect};
use crate::exc;
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

/// `MySQLTypeCompiler`.
pub struct MySQLTypeCompiler;

impl TypeCompiler for MySQLTypeCompiler {
    fn class_name(&self) -> &'static str {
        "mysql.base.MySQLTypeCompiler"
    }

    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        visit(kind, dialect)
    }
}

fn visit(kind: &Type, dialect: &Dialect) -> Result<String> {
    let own = kind.class().dialect == MYSQL.name();
    let numeric = |text: String| {
        let mut text = text;
        if own && kind.flag("unsigned") {
            text.push_str(" UNSIGNED");
        }
        if own && kind.flag("zerofill") {
            text.push_str(" ZEROFILL");
        }
        text
    };
    let integer = |name: &str| {
        numeric(match kind.integer("display_width").filter(|_| own) {
            Some(width) => format!("{name}({width})"),
            None => name.to_owned(),
        })
    };
    let fraction = |name: &str| match kind.integer("fsp") {
        Some(digits) if digits != 0 => format!("{name}({digits})"),
        _ => name.to_owned(),
    };
    let string = |text: String, national: bool| {
        let charset = if let Some(charset) = kind.text("charset") {
            Some(format!("CHARACTER SET {charset}"))
        } else if kind.flag("ascii") {
            Some("ASCII".into())
        } else if kind.flag("unicode") {
            Some("UNICODE".into())
        } else {
            None
        };
        let collation = if let Some(collation) = kind.collation() {
            Some(format!("COLLATE {collation}"))
        } else if kind.flag("binary") {
            Some("BINARY".into())
        } else {
            None
        };
        let parts: Vec<String> = if national || kind.flag("national") {
            [Some("NATIONAL".to_owned()), Some(text), collation]
        } else {
            [Some(text), charset, collation]
        }
        .into_iter()
        .flatten()
        .collect();
        parts.join(" ")
    };
    let both = |name: &str| match (kind.precision(), kind.scale()) {
        (Some(precision), Some(scale)) => format!("{name}({precision}, {scale})"),
        _ => name.to_owned(),
    };
    let sized = |name: &str| match kind.length() {
        Some(length) => format!("{name}({length})"),
        None => name.to_owned(),
    };
    let needs_length = |name: &str| -> Result<String> {
        match kind.length() {
            Some(length) => Ok(format!("VARCHAR({length})")),
            None => Err(Error::new(
                exc::COMPILE_ERROR,
                format!("{name} requires a length on dialect {}", dialect.name()),
            )),
        }
    };
    let values = |name: &str, values: Vec<std::rc::Rc<str>>| {
        let quoted: Vec<String> = values
            .iter()
            .map(|value| {
                let value = value.replace('\'', "''").replace('\\', "\\\\");
                format!("'{}'", dialect.double_percents(value))
            })
            .collect();
        string(format!("{name}({})", quoted.join(",")), false)
    };
    Ok(match kind.class().visit_name {
        "NUMERIC" | "numeric" => numeric(number_type("NUMERIC", kind)),
        "DECIMAL" => numeric(number_type("DECIMAL", kind)),
        "DOUBLE" | "double" => numeric(both("DOUBLE")),
        "REAL" | "real" => numeric(both("REAL")),
        "FLOAT" | "float" => numeric(match (kind.precision(), kind.scale().filter(|_| own)) {
            (Some(precision), Some(scale)) => format!("FLOAT({precision}, {scale})"),
            (Some(precision), None) => format!("FLOAT({precision})"),
            _ => "FLOAT".into(),
        }),
        "INTEGER" | "integer" => integer("INTEGER"),
        "BIGINT" | "big_integer" => integer("BIGINT"),
        "MEDIUMINT" => integer("MEDIUMINT"),
        "TINYINT" => integer("TINYINT"),
        "SMALLINT" | "small_integer" => integer("SMALLINT"),
        "BIT" => sized("BIT"),
        "DATETIME" | "datetime" => fraction("DATETIME"),
        "TIME" | "time" => fraction("TIME"),
        "TIMESTAMP" => fraction("TIMESTAMP"),
        "YEAR" => match kind.integer("display_width") {
            Some(width) => format!("YEAR({width})"),
            None => "YEAR".into(),
        },
        "TEXT" | "text" | "unicode_text" => string(sized("TEXT"), false),
        "TINYTEXT" | "MEDIUMTEXT" | "LONGTEXT" => string(kind.class().visit_name.to_owned(), false),
        "VARCHAR" | "string" | "unicode" => string(needs_length("VARCHAR")?, false),
        "enum" if !kind.flag("native_enum") => string(needs_length("VARCHAR")?, false),
        "CHAR" => string(sized("CHAR"), false),
        "NVARCHAR" => string(needs_length("NVARCHAR")?, true),
        "NCHAR" => string(sized("CHAR"), true),
        "UUID" => "UUID".into(),
        "uuid" if kind.flag("native_uuid") && dialect.supports_native_uuid() => "UUID".into(),
        "INET4" | "INET6" => kind.class().visit_name.to_owned(),
        "uuid" => "CHAR(32)".into(),
        "VARBINARY" if kind.length().is_none() => {
            return Err(Error::new(
                "TypeError",
                "%d format: a real number is required, not NoneType",
            ));
        }
        "VARBINARY" => sized("VARBINARY"),
        "JSON" => "JSON".into(),
        "BLOB" | "large_binary" => sized("BLOB"),
        "TINYBLOB" | "MEDIUMBLOB" | "LONGBLOB" => kind.class().visit_name.to_owned(),
        "enum" | "ENUM" => values("ENUM", kind.enums()),
        "SET" => values("SET", kind.strings("values")),
        "BOOLEAN" | "boolean" => "BOOL".into(),
        _ => return visit_generic(kind, dialect),
    })
}
