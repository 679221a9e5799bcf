//! The defaults for all dialects (`sqlalchemy.engine.default`).

mod compiler;
mod ddl;
mod processors;
mod reserved_words;
mod types;

use super::{IdentifierPreparer, Paramstyle};
use crate::compiler::SQLCompiler;
use crate::compiler::ddl::DDLCompiler;
use crate::compiler::types::TypeCompiler;
use crate::engine::dialect::EngineDialect;
use crate::sqltypes::{Type, TypeProcessors};

/// The reserved words of a dialect without its own list.
pub(super) fn reserved_words() -> &'static [&'static str] {
    reserved_words::DEFAULT
}

/// A dialect: its features, quoting rules and compilers. The default methods are those of
/// SQLAlchemy's `DefaultDialect`; each dialect overrides what differs.
pub trait DefaultDialect: EngineDialect {
    /// `name`: the part of a URL before `+` or `:`.
    fn name(&self) -> &'static str {
        "default"
    }

    /// Another dialect whose `with_variant()` and `<dialect>_<option>` arguments also apply:
    /// MariaDB uses those of MySQL.
    fn fallback_name(&self) -> Option<&'static str> {
        None
    }

    /// `identifier_preparer`.
    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &DefaultIdentifierPreparer
    }

    /// `type_compiler`.
    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::GenericTypeCompiler
    }

    /// `statement_compiler`.
    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::StrSQLCompiler
    }

    /// `ddl_compiler`.
    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::DefaultDDLCompiler
    }

    /// Bind and result processing by the dialect's own types (`colspecs`).
    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &processors::DefaultTypeProcessors
    }

    /// `construct_arguments`: for each schema item class, the arguments it accepts as
    /// `<dialect>_<argument>`; `*` accepts any.
    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[]
    }

    /// The default `paramstyle` of SQL compiled for a driver.
    fn default_paramstyle(&self, driver: &str) -> Paramstyle {
        let _ = driver;
        Paramstyle::Named
    }

    /// Whether a driver that marks parameters by `%` needs each other `%` twice.
    fn doubles_percents_for(&self, driver: &str) -> bool {
        let _ = driver;
        true
    }

    /// A parameter's name as the driver takes it (`bindname_escape_characters`).
    fn bind_name(&self, name: &str) -> String {
        name.chars()
            .map(|character| match character {
                '%' => 'P',
                '(' => 'A',
                ')' => 'Z',
                ':' => 'C',
                '.' | '[' | ']' | ' ' => '_',
                other => other,
            })
            .collect()
    }

    /// `quote_case_sensitive_collations`.
    fn quote_case_sensitive_collations(&self) -> bool {
        true
    }

    /// `supports_multivalues_insert`.
    fn supports_multivalues_insert(&self) -> bool {
        true
    }

    /// `supports_native_boolean`.
    fn supports_native_boolean(&self) -> bool {
        false
    }

    /// `non_native_boolean_check_constraint`: `Boolean(create_constraint=True)` adds a CHECK if
    /// there is no native boolean.
    fn non_native_boolean_check_constraint(&self) -> bool {
        true
    }

    /// `supports_native_enum`.
    fn supports_native_enum(&self) -> bool {
        false
    }

    /// `supports_native_decimal`.
    fn supports_native_decimal(&self) -> bool {
        false
    }

    /// `supports_native_uuid`.
    fn supports_native_uuid(&self) -> bool {
        false
    }

    /// `type_descriptor(typeobj)`: the type that this database uses in place of one given by a project.
    fn type_descriptor(&self, kind: &Type) -> Type {
        kind.clone()
    }

    /// `supports_alter`: constraints can be added to an existing table.
    fn supports_alter(&self) -> bool {
        true
    }

    /// `supports_comments`.
    fn supports_comments(&self) -> bool {
        false
    }

    /// `inline_comments`: comments are part of CREATE TABLE.
    fn inline_comments(&self) -> bool {
        false
    }

    /// `supports_sequences`.
    fn supports_sequences(&self) -> bool {
        false
    }

    /// `sequences_optional`: `Sequence(optional=True)` is not created.
    fn sequences_optional(&self) -> bool {
        false
    }

    /// Whether a native Enum is a named database type, created before the tables that use it and
    /// dropped after them (`NamedType`).
    fn has_named_types(&self) -> bool {
        false
    }

    /// `supports_identity_columns`.
    fn supports_identity_columns(&self) -> bool {
        false
    }

    /// `supports_default_values`: `INSERT INTO ... DEFAULT VALUES` for a row without values.
    fn supports_default_values(&self) -> bool {
        true
    }

    /// `insert_returning`: INSERT supports RETURNING.
    fn insert_returning(&self) -> bool {
        false
    }

    /// `postfetch_lastrowid`: an autoincremented key is read from the cursor's `lastrowid` instead
    /// of RETURNING.
    fn postfetch_lastrowid(&self) -> bool {
        true
    }

    /// `tuple_in_values`: a list of tuples on the right of IN is prefixed with VALUES.
    fn tuple_in_values(&self) -> bool {
        false
    }

    /// Whether VARCHAR requires a length.
    fn requires_varchar_length(&self) -> bool {
        false
    }

    /// `div_is_floordiv`: `/` between integers is an integer division.
    fn div_is_floordiv(&self) -> bool {
        true
    }

    /// `max_identifier_length`, in characters.
    fn max_identifier_length(&self) -> usize {
        9999
    }

    /// `max_index_name_length`, in characters; `None` if it is `max_identifier_length`.
    fn max_index_name_length(&self) -> Option<usize> {
        None
    }

    /// `max_constraint_name_length`, in characters; `None` if it is `max_identifier_length`.
    fn max_constraint_name_length(&self) -> Option<usize> {
        None
    }

    /// `default_schema_name` before connecting.
    fn default_schema_name(&self) -> Option<&'static str> {
        None
    }

    /// `get_isolation_level_values()`: the accepted values of `isolation_level=`.
    fn isolation_level_values(&self) -> &'static [&'static str] {
        &[]
    }
}

/// `sqlalchemy.sql.compiler.IdentifierPreparer` unchanged.
pub struct DefaultIdentifierPreparer;

impl IdentifierPreparer for DefaultIdentifierPreparer {}

/// A dialect of which only the name is known.
pub struct NamedDialect;

impl DefaultDialect for NamedDialect {}

impl EngineDialect for NamedDialect {}

/// `StrCompileDialect`, used by `str(statement)`.
pub struct StrCompileDialect;

impl EngineDialect for StrCompileDialect {}

impl DefaultDialect for StrCompileDialect {
    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::StrSQLTypeCompiler
    }

    fn supports_native_boolean(&self) -> bool {
        true
    }
}
