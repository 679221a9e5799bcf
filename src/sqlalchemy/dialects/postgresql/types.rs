//! Types in DDL and CAST (`PGTypeCompiler`).

use crate::compiler::types::{TypeCompiler, visit_generic, with_length};
use crate::dialects::{DefaultDialect, Dialect};
use crate::exc;
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

/// `PGTypeCompiler`.
pub struct PGTypeCompiler;

impl TypeCompiler for PGTypeCompiler {
    fn class_name(&self) -> &'static str {
        "postgresql.base.PGTypeCompiler"
    }

    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        visit(kind, dialect)
    }

    fn visit_native_interval(&self, kind: &Type) -> Option<String> {
        Some(match kind.integer("second_precision") {
            Some(precision) => format!("INTERVAL ({precision})"),
            None => "INTERVAL".into(),
        })
    }
}

/// Whether a type's class is defined in `sqlalchemy.dialects.postgresql`.
fn is_own(kind: &Type) -> bool {
    kind.class().dialect == super::PGDialect.name()
}

fn visit(kind: &Type, dialect: &Dialect) -> Result<String> {
    let zone = |name: &str| {
        let precision = kind
            .integer("precision")
            .map(|precision| format!("({precision})"))
            .unwrap_or_default();
        let with = if kind.timezone() { "WITH" } else { "WITHOUT" };
        format!("{name}{precision} {with} TIME ZONE")
    };
    Ok(match kind.class().visit_name {
        "FLOAT" | "float" => match kind.precision() {
            Some(precision) if precision != 0 => format!("FLOAT({precision})"),
            _ => "FLOAT".into(),
        },
        "double" => "DOUBLE PRECISION".into(),
        "datetime" | "TIMESTAMP" => zone("TIMESTAMP"),
        "time" | "TIME" => zone("TIME"),
        "enum" | "ENUM" => {
            if !is_own(kind) && !kind.flag("native_enum") {
                return visit_generic(kind, dialect);
            }
            // A driver's own type has a class of its own.
            match &*kind.class_name() {
                "ENUM" if dialect.driver() == "asyncpg" => {
                    named_type(kind, dialect, "AsyncPgEnum")?
                }
                class => named_type(kind, dialect, class)?,
            }
        }
        "DOMAIN" => named_type(kind, dialect, "DOMAIN")?,
        "INTERVAL" => {
            let mut text = "INTERVAL".to_owned();
            if let Some(fields) = kind.text("fields") {
                text.push_str(&format!(" {fields}"));
            }
            if let Some(precision) = kind.precision() {
                text.push_str(&format!(" ({precision})"));
            }
            text
        }
        "BIT" if !is_own(kind) => {
            return Err(Error::new(
                "AttributeError",
                "'BIT' object has no attribute 'varying'",
            ));
        }
        "BIT" => {
            if kind.flag("varying") {
                with_length("BIT VARYING", kind)
            } else {
                format!("BIT({})", kind.length().unwrap_or(1))
            }
        }
        "uuid" if kind.flag("native_uuid") => "UUID".into(),
        "large_binary" | "BYTEA" => "BYTEA".into(),
        "ARRAY" => {
            let inner = match kind.item_type() {
                Some(item) => item.compile(dialect)?,
                None => return visit_generic(kind, dialect),
            };
            let brackets = "[]".repeat(kind.integer("dimensions").unwrap_or(1).max(0) as usize);
            match inner.find(" COLLATE") {
                Some(place) => format!("{}{brackets}{}", &inner[..place], &inner[place..]),
                None => format!("{inner}{brackets}"),
            }
        }
        "TSVECTOR" | "TSQUERY" | "INET" | "CIDR" | "CITEXT" | "MACADDR" | "MACADDR8" | "MONEY"
        | "OID" | "REGCONFIG" | "REGCLASS" | "HSTORE" | "JSON" | "JSONB" | "JSONPATH"
        | "INT4MULTIRANGE" | "INT8MULTIRANGE" | "NUMMULTIRANGE" | "DATEMULTIRANGE"
        | "TSMULTIRANGE" | "TSTZMULTIRANGE" | "INT4RANGE" | "INT8RANGE" | "NUMRANGE"
        | "DATERANGE" | "TSRANGE" | "TSTZRANGE" => kind.class().visit_name.to_owned(),
        "json_path" => "JSONPATH".into(),
        _ => return visit_generic(kind, dialect),
    })
}

fn named_type(kind: &Type, dialect: &Dialect, what: &str) -> Result<String> {
    let Some(name) = kind.name().filter(|name| !name.is_empty()) else {
        return Err(Error::new(
            exc::COMPILE_ERROR,
            format!("PostgreSQL {what} type requires a name."),
        ));
    };
    let name = match kind.flag("quote") {
        true => dialect.quote_identifier(&name),
        false => dialect.quote(&name),
    };
    Ok(match kind.text("schema") {
        Some(schema) => format!("{}.{name}", dialect.quote(&schema)),
        None => name,
    })
}
