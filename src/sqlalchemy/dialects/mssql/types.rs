//! Types in DDL and CAST (`MSTypeCompiler`).

use crate::compiler::types::{TypeCompiler, visit_generic};
use crate::dialects::Dialect;
use crate::sqltypes::Type;
use ground::diagnostic::Result;

/// SQL Server's type names.
pub struct MSTypeCompiler;

impl TypeCompiler for MSTypeCompiler {
    fn class_name(&self) -> &'static str {
        "mssql.base.MSTypeCompiler"
    }

    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        visit(kind, dialect)
    }
}

fn visit(kind: &Type, dialect: &Dialect) -> Result<String> {
    let string = |name: &str, length: Option<String>| {
        let length = length
            .map(|length| format!("({length})"))
            .unwrap_or_default();
        let collation = kind
            .collation()
            .filter(|collation| !collation.is_empty())
            .map(|collation| format!(" COLLATE {collation}"))
            .unwrap_or_default();
        format!("{name}{length}{collation}")
    };
    // `VARCHAR('max')` has a text for a length.
    let given = || match kind.text("length") {
        Some(text) => Some(text.to_string()),
        None => kind
            .length()
            .filter(|length| *length != 0)
            .map(|length| length.to_string()),
    };
    let or_max = || Some(given().unwrap_or_else(|| "max".into()));
    let precise = |name: &str| match kind.precision() {
        Some(precision) => format!("{name}({precision})"),
        None => name.to_owned(),
    };
    Ok(match kind.class().visit_name {
        "double" => "DOUBLE PRECISION".into(),
        "FLOAT" | "float" => precise("FLOAT"),
        "REAL" | "real" => "REAL".into(),
        "TINYINT" => "TINYINT".into(),
        // The version is not known: as before SQL Server 2008.
        "_BASETIMEIMPL" | "time" | "date" => "DATETIME".into(),
        "TIME" => precise("TIME"),
        "ROWVERSION" | "SMALLDATETIME" | "IMAGE" | "XML" | "MONEY" | "SMALLMONEY"
        | "UNIQUEIDENTIFIER" | "SQL_VARIANT" => kind.class().visit_name.to_owned(),
        "datetime" if kind.timezone() => "DATETIMEOFFSET".into(),
        "DATETIMEOFFSET" => precise("DATETIMEOFFSET"),
        "DATETIME2" => precise("DATETIME2"),
        "unicode" | "NVARCHAR" => string("NVARCHAR", or_max()),
        "string" | "VARCHAR" | "enum" => string("VARCHAR", or_max()),
        // The version is not known, so there are no "large types".
        "text" | "TEXT" => string("TEXT", given()),
        "unicode_text" | "NTEXT" => string("NTEXT", given()),
        "CHAR" => string("CHAR", given()),
        "NCHAR" => string("NCHAR", given()),
        "large_binary" => "IMAGE".into(),
        "VARBINARY" => {
            let text = string("VARBINARY", or_max());
            if kind.flag("filestream") {
                format!("{text} FILESTREAM")
            } else {
                text
            }
        }
        "boolean" | "BIT" => "BIT".into(),
        "JSON" => string("NVARCHAR", Some("max".into())),
        "uuid" if kind.flag("native_uuid") => "UNIQUEIDENTIFIER".into(),
        _ => return visit_generic(kind, dialect),
    })
}
