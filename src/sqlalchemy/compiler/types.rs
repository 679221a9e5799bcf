//! Types as they stand in DDL and CAST.

use crate::dialects::{Dialect, DialectKind};
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};

/// `type.compile(dialect)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` where the dialect can't render it.
pub fn compile_type(kind: &Type, dialect: &Dialect) -> Result<String> {
    if let Some((_, variant)) = kind
        .variants()
        .find(|(name, _)| *name == dialect.name() || dialect.is_mysql() && *name == "mysql")
    {
        return compile_plain(variant, dialect);
    }
    compile_plain(kind, dialect)
}

fn compile_plain(kind: &Type, dialect: &Dialect) -> Result<String> {
    if let Some(custom) = kind.custom_class()
        && let Some(text) = custom.compile(dialect)?
    {
        return Ok(text);
    }
    if kind.is_type_decorator() {
        return compile_decorator(kind, dialect);
    }
    if kind.class() == &classes::GENERIC_USER_DEFINED_TYPE {
        let spec = match kind.custom_class() {
            Some(custom) => custom.get_col_spec()?,
            None => None,
        };
        return match spec {
            Some(spec) => Ok(spec),
            None if dialect.kind() == DialectKind::Default => Ok(kind.python_repr()),
            None => Err(Error::new(
                "AttributeError",
                format!(
                    "'{}' object has no attribute 'get_col_spec'",
                    kind.class_name()
                ),
            )),
        };
    }
    visit(kind, dialect)
}

fn compile_decorator(kind: &Type, dialect: &Dialect) -> Result<String> {
    if let Some(custom) = kind.custom_class()
        && let Some(loaded) = custom.load_dialect_impl(dialect)?
    {
        return compile_type(&loaded, dialect);
    }
    if kind.class() == &classes::GENERIC_INTERVAL
        && kind.custom_class().is_none()
        && dialect.is_postgresql()
        && kind.flag("native")
    {
        return Ok(match kind.integer("second_precision") {
            Some(precision) => format!("INTERVAL ({precision})"),
            None => "INTERVAL".into(),
        });
    }
    match kind.impl_type() {
        Some(wrapped) => compile_type(&wrapped, dialect),
        None => Err(Error::new(
            "AttributeError",
            "TypeDecorator implementations require a class-level variable 'impl' which refers to \
             the class of type being decorated",
        )),
    }
}

fn visit(kind: &Type, dialect: &Dialect) -> Result<String> {
    if dialect.is_mysql()
        && let Some(text) = visit_mysql(kind, dialect)?
    {
        return Ok(text);
    }
    if dialect.is_postgresql()
        && let Some(text) = visit_postgresql(kind, dialect)?
    {
        return Ok(text);
    }
    if dialect.is_sqlite() {
        match kind.class().visit_name {
            "JSON" => return Ok("JSON".into()),
            "JSONB" => return Ok("JSONB".into()),
            "datetime" | "DATETIME" if !has_text_affinity(kind) => {
                return Ok("DATETIME_CHAR".into());
            }
            "date" | "DATE" if !has_text_affinity(kind) => return Ok("DATE_CHAR".into()),
            "time" | "TIME" if !has_text_affinity(kind) => return Ok("TIME_CHAR".into()),
            _ => {}
        }
    }
    visit_generic(kind, dialect)
}

/// Whether SQLite stores a date type of its own dialect as text (`format_is_text_affinity`).
fn has_text_affinity(kind: &Type) -> bool {
    if kind.class().dialect != "sqlite" {
        return true;
    }
    let Some(format) = kind.text("storage_format") else {
        return true;
    };
    let mut rest = &*format;
    while let Some(place) = rest.find('%') {
        if rest[..place]
            .chars()
            .any(|character| !character.is_ascii_digit())
        {
            return true;
        }
        // `%(year)04d`: nothing but digits comes of it.
        match rest[place..].find(['d', 's']) {
            Some(end) => {
                let inside = &rest[place..place + end];
                let after = inside.rfind(')').map_or(0, |close| close + 1);
                let letter = rest[place + after..].find(['d', 's']).unwrap_or(0);
                rest = &rest[place + after + letter + 1..];
            }
            None => return true,
        }
    }
    rest.chars().any(|character| !character.is_ascii_digit())
}

fn number_type(name: &str, kind: &Type) -> String {
    match (kind.precision(), kind.scale()) {
        (None, _) => name.to_owned(),
        (Some(precision), None) => format!("{name}({precision})"),
        (Some(precision), Some(scale)) => format!("{name}({precision}, {scale})"),
    }
}

fn string_type(name: &str, kind: &Type, dialect: &Dialect) -> String {
    let mut text = name.to_owned();
    if let Some(length) = kind.length().filter(|length| *length != 0) {
        text.push_str(&format!("({length})"));
    }
    if let Some(collation) = kind.collation().filter(|collation| !collation.is_empty()) {
        text.push_str(" COLLATE ");
        if let Some(schema) = kind.text("collation_schema") {
            text.push_str(&dialect.quote(&schema));
            text.push('.');
        }
        text.push_str(&dialect.quote(&collation));
    }
    text
}

fn with_length(name: &str, kind: &Type) -> String {
    match kind.length() {
        Some(length) if length != 0 => format!("{name}({length})"),
        _ => name.to_owned(),
    }
}

fn visit_generic(kind: &Type, dialect: &Dialect) -> Result<String> {
    Ok(match kind.class().visit_name {
        "FLOAT" | "float" => "FLOAT".into(),
        "DOUBLE" | "double" => "DOUBLE".into(),
        "DOUBLE_PRECISION" => "DOUBLE PRECISION".into(),
        "REAL" | "real" => "REAL".into(),
        "NUMERIC" | "numeric" => number_type("NUMERIC", kind),
        "DECIMAL" => number_type("DECIMAL", kind),
        "INTEGER" | "integer" => "INTEGER".into(),
        "SMALLINT" | "small_integer" => "SMALLINT".into(),
        "BIGINT" | "big_integer" => "BIGINT".into(),
        "TIMESTAMP" => "TIMESTAMP".into(),
        "DATETIME" | "datetime" => "DATETIME".into(),
        "DATE" | "date" => "DATE".into(),
        "TIME" | "time" => "TIME".into(),
        "CLOB" => "CLOB".into(),
        "NCLOB" => "NCLOB".into(),
        "CHAR" => string_type("CHAR", kind, dialect),
        "NCHAR" => string_type("NCHAR", kind, dialect),
        "VARCHAR" | "string" | "unicode" | "enum" => string_type("VARCHAR", kind, dialect),
        "NVARCHAR" => string_type("NVARCHAR", kind, dialect),
        "TEXT" | "text" | "unicode_text" => string_type("TEXT", kind, dialect),
        "UUID" => "UUID".into(),
        "uuid" => {
            if kind.flag("native_uuid") && dialect.supports_native_uuid() {
                "UUID".into()
            } else {
                "CHAR(32)".into()
            }
        }
        "BLOB" | "large_binary" => "BLOB".into(),
        "BINARY" => with_length("BINARY", kind),
        "VARBINARY" => with_length("VARBINARY", kind),
        "BOOLEAN" | "boolean" => "BOOLEAN".into(),
        "null" => {
            if dialect.kind() == DialectKind::Default {
                "NULL".into()
            } else {
                return Err(Error::new(
                    "sqlalchemy.exc.CompileError",
                    format!(
                        "Can't generate DDL for {}; did you forget to specify a type on this \
                         Column?",
                        kind.python_repr()
                    ),
                ));
            }
        }
        _ if dialect.kind() == DialectKind::Default => {
            let name = kind.class_name();
            if name == name.to_uppercase() {
                name
            } else {
                kind.python_repr()
            }
        }
        _ => {
            let compiler = match dialect.kind() {
                DialectKind::Sqlite => "sqlite.base.SQLiteTypeCompiler",
                DialectKind::Postgresql => "postgresql.base.PGTypeCompiler",
                DialectKind::Mysql | DialectKind::Mariadb => "mysql.base.MySQLTypeCompiler",
                DialectKind::Default | DialectKind::Other => "base.GenericTypeCompiler",
            };
            return Err(Error::new(
                "sqlalchemy.exc.UnsupportedCompilationError",
                format!(
                    "Compiler <sqlalchemy.dialects.{compiler} object> can't render element of \
                     type {}",
                    kind.class_name()
                ),
            ));
        }
    })
}

fn visit_postgresql(kind: &Type, dialect: &Dialect) -> Result<Option<String>> {
    let zone = |name: &str| {
        let precision = kind
            .integer("precision")
            .map(|precision| format!("({precision})"))
            .unwrap_or_default();
        let with = if kind.timezone() { "WITH" } else { "WITHOUT" };
        format!("{name}{precision} {with} TIME ZONE")
    };
    Ok(Some(match kind.class().visit_name {
        "FLOAT" | "float" => match kind.precision() {
            Some(precision) if precision != 0 => format!("FLOAT({precision})"),
            _ => "FLOAT".into(),
        },
        "double" => "DOUBLE PRECISION".into(),
        "datetime" | "TIMESTAMP" => zone("TIMESTAMP"),
        "time" | "TIME" => zone("TIME"),
        "enum" | "ENUM" => {
            if kind.class().dialect != "postgresql" && !kind.flag("native_enum") {
                return Ok(None);
            }
            named_type(kind, dialect, "ENUM")?
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
        "BIT" if kind.class().dialect != "postgresql" => {
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
                Some(item) => compile_type(&item, dialect)?,
                None => return Ok(None),
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
        _ => return Ok(None),
    }))
}

fn named_type(kind: &Type, dialect: &Dialect, what: &str) -> Result<String> {
    let Some(name) = kind.name().filter(|name| !name.is_empty()) else {
        return Err(Error::new(
            "sqlalchemy.exc.CompileError",
            format!("PostgreSQL {what} type requires a name."),
        ));
    };
    let name = dialect.quote(&name);
    Ok(match kind.text("schema") {
        Some(schema) => format!("{}.{name}", dialect.quote(&schema)),
        None => name,
    })
}

fn visit_mysql(kind: &Type, dialect: &Dialect) -> Result<Option<String>> {
    let own = kind.class().dialect == "mysql";
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
                "sqlalchemy.exc.CompileError",
                format!("{name} requires a length on dialect {}", dialect.name()),
            )),
        }
    };
    let values = |name: &str, values: Vec<std::rc::Rc<str>>| {
        let quoted: Vec<String> = values
            .iter()
            .map(|value| {
                let value = value.replace('\'', "''").replace('\\', "\\\\");
                format!("'{}'", value.replace('%', "%%"))
            })
            .collect();
        string(format!("{name}({})", quoted.join(",")), false)
    };
    Ok(Some(match kind.class().visit_name {
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
        "uuid" if kind.flag("native_uuid") && dialect.kind() == DialectKind::Mariadb => {
            "UUID".into()
        }
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
        _ => return Ok(None),
    }))
}
