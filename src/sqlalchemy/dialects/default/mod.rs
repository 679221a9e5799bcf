//! What holds for every dialect that does not say otherwise (`sqlalchemy.engine.default`).

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
use crate::sqltypes::TypeProcessors;

/// The reserved words of a dialect that has no list of its own.
pub(super) fn reserved_words() -> &'static [&'static str] {
    reserved_words::DEFAULT
}

/// One database: its features, how it quotes, who compiles for it. The default methods are
/// SQLAlchemy's `DefaultDialect`; a room overrides what its database does otherwise.
pub trait DefaultDialect: EngineDialect {
    /// `name`: the part of a URL before `+` or `:`.
    fn name(&self) -> &'static str {
        "default"
    }

    /// The dialect whose `with_variant()` and `<dialect>_<option>` arguments count too: MariaDB
    /// reads what was said for MySQL.
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

    /// What the dialect's own types do to values (`colspecs`).
    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &processors::DefaultTypeProcessors
    }

    /// `construct_arguments`: for each class of schema items the arguments that it takes as
    /// `<dialect>_<argument>`; `*` takes all.
    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[]
    }

    /// `paramstyle` where none was asked for: how a parameter stands in a compiled text.
    fn default_paramstyle(&self) -> Paramstyle {
        Paramstyle::Named
    }

    /// `paramstyle` of the driver that executes the text.
    fn driver_paramstyle(&self) -> Paramstyle {
        Paramstyle::Qmark
    }

    /// `supports_native_boolean`.
    fn supports_native_boolean(&self) -> bool {
        false
    }

    /// `non_native_boolean_check_constraint`: `Boolean(create_constraint=True)` makes a CHECK
    /// where there is no native boolean.
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

    /// `supports_alter`: constraints can be added to a table that is there.
    fn supports_alter(&self) -> bool {
        true
    }

    /// `supports_comments`.
    fn supports_comments(&self) -> bool {
        false
    }

    /// `inline_comments`: comments stand in CREATE TABLE.
    fn inline_comments(&self) -> bool {
        false
    }

    /// `supports_sequences`.
    fn supports_sequences(&self) -> bool {
        false
    }

    /// `sequences_optional`: `Sequence(optional=True)` is left to the database.
    fn sequences_optional(&self) -> bool {
        false
    }

    /// Whether a native Enum is a type of the database's own, created before the tables that use
    /// it and dropped after them (`NamedType`).
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

    /// `insert_returning`: INSERT gives back what the database filled in.
    fn insert_returning(&self) -> bool {
        false
    }

    /// `postfetch_lastrowid`: a counted key is read from the cursor's `lastrowid`, so that
    /// RETURNING is not asked for it.
    fn postfetch_lastrowid(&self) -> bool {
        true
    }

    /// `tuple_in_values`: a list of tuples on the right of IN begins with VALUES.
    fn tuple_in_values(&self) -> bool {
        false
    }

    /// Whether VARCHAR must say its length.
    fn requires_varchar_length(&self) -> bool {
        false
    }

    /// `div_is_floordiv`: `/` between whole numbers gives a whole number.
    fn div_is_floordiv(&self) -> bool {
        true
    }

    /// `max_identifier_length`, in characters.
    fn max_identifier_length(&self) -> usize {
        9999
    }

    /// `max_index_name_length`, in characters; None where it is that of every identifier.
    fn max_index_name_length(&self) -> Option<usize> {
        None
    }

    /// `max_constraint_name_length`, in characters; None where it is that of every identifier.
    fn max_constraint_name_length(&self) -> Option<usize> {
        None
    }

    /// `default_schema_name` before a connection has told.
    fn default_schema_name(&self) -> Option<&'static str> {
        None
    }

    /// `get_isolation_level_values()`: what `isolation_level=` takes.
    fn isolation_level_values(&self) -> &'static [&'static str] {
        &[]
    }
}

/// `sqlalchemy.sql.compiler.IdentifierPreparer` as it is.
pub struct DefaultIdentifierPreparer;

impl IdentifierPreparer for DefaultIdentifierPreparer {}

/// A dialect that is known by its name only.
pub struct NamedDialect;

impl DefaultDialect for NamedDialect {}

impl EngineDialect for NamedDialect {}

/// `StrCompileDialect`: what `str(statement)` uses.
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
