//! Types in DDL and CAST (`sqlalchemy.sql.compiler.TypeCompiler`).

use super::overrides;
use crate::dialects::Dialect;
use crate::engine::error::background;
use crate::exc;
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};

/// Renders types for a dialect; the default methods are those of SQLAlchemy's
/// `GenericTypeCompiler`.
pub trait TypeCompiler: Sync {
    /// The path of the class below `sqlalchemy.dialects`, for messages.
    fn class_name(&self) -> &'static str {
        "base.GenericTypeCompiler"
    }

    /// `visit_INTEGER(type_)` and the like: renders a type by its visit name.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where a type can't be rendered.
    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        visit_generic(kind, dialect)
    }

    /// `Interval(native=True)`, if the database has such a type; `None` if it is stored as a
    /// datetime.
    fn visit_native_interval(&self, _kind: &Type) -> Option<String> {
        None
    }

    /// `visit_null(type_)`: no type was given.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError`, since DDL needs one.
    fn visit_null(&self, kind: &Type) -> Result<String> {
        Err(Error::new(
            exc::COMPILE_ERROR,
            format!(
                "Can't generate DDL for {}; did you forget to specify a type on this Column?",
                kind.python_repr()
            ),
        ))
    }

    /// `visit_user_defined(type_)` of a class without `get_col_spec()`.
    ///
    /// # Errors
    /// `AttributeError`.
    fn visit_user_defined(&self, kind: &Type) -> Result<String> {
        Err(Error::new(
            "AttributeError",
            format!(
                "'{}' object has no attribute 'get_col_spec'",
                kind.class_name()
            ),
        ))
    }

    /// A type that the dialect does not know.
    ///
    /// # Errors
    /// `sqlalchemy.exc.UnsupportedCompilationError`.
    fn visit_unsupported_compilation(&self, kind: &Type) -> Result<String> {
        Err(unsupported_compilation(
            self.class_name(),
            &kind.class_name(),
        ))
    }
}

/// The error for what a compiler can't render.
fn unsupported_compilation(compiler: &str, element: &str) -> Error {
    Error::new(
        exc::UNSUPPORTED_COMPILATION_ERROR,
        format!(
            "Compiler <sqlalchemy.dialects.{compiler} object at 0x7f0000000000> can't render \
             element of type {element} {}",
            background("l7de")
        ),
    )
}

/// The error for a DDL element of a class that the dialect's DDL compiler can't render.
pub fn unsupported_ddl(class: &str, dialect: &Dialect) -> Error {
    let compiler = dialect.type_compiler().class_name();
    let compiler = compiler.replace("TypeCompiler", "DDLCompiler");
    unsupported_compilation(&compiler, class)
}

/// The error for an element, named by its class, that the dialect's compiler can't render.
pub fn unsupported_element(class: &str, dialect: &Dialect) -> Error {
    let compiler = dialect.type_compiler().class_name();
    let compiler = compiler.replace("TypeCompiler", "Compiler");
    unsupported_compilation(&compiler, class)
}

/// `type.compile(dialect)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` where the dialect can't render it.
pub fn compile_type(kind: &Type, dialect: &Dialect) -> Result<String> {
    if let Some((_, variant)) = kind.variants().find(|(name, _)| *name == dialect.name()) {
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
    if kind.custom_class().is_none()
        && let Some(text) = overrides::type_text(kind, dialect)?
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
            None => dialect.type_compiler().visit_user_defined(kind),
        };
    }
    dialect.type_compiler().visit(kind, dialect)
}

fn compile_decorator(kind: &Type, dialect: &Dialect) -> Result<String> {
    if let Some(custom) = kind.custom_class()
        && let Some(loaded) = custom.load_dialect_impl(dialect)?
    {
        return compile_type(&loaded, dialect);
    }
    if kind.class() == &classes::GENERIC_INTERVAL
        && kind.custom_class().is_none()
        && kind.flag("native")
        && let Some(text) = dialect.type_compiler().visit_native_interval(kind)
    {
        return Ok(text);
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

/// `NUMERIC(precision, scale)`.
pub(crate) fn number_type(name: &str, kind: &Type) -> String {
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

/// `NAME(length)`.
pub(crate) fn with_length(name: &str, kind: &Type) -> String {
    match kind.length() {
        Some(length) if length != 0 => format!("{name}({length})"),
        _ => name.to_owned(),
    }
}

/// The default rendering of `GenericTypeCompiler`, for types that a dialect does not override.
///
/// # Errors
/// As [`TypeCompiler::visit`].
pub fn visit_generic(kind: &Type, dialect: &Dialect) -> Result<String> {
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
        "null" => return dialect.type_compiler().visit_null(kind),
        _ => return dialect.type_compiler().visit_unsupported_compilation(kind),
    })
}
