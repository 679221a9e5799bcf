//! The reflection methods of a dialect.

use std::rc::Rc;

use super::{
    Inspector, ListedTable, ReflectedCheckConstraint, ReflectedColumn, ReflectedDomain,
    ReflectedEnum, ReflectedForeignKey, ReflectedIndex, ReflectedPrimaryKey,
    ReflectedUniqueConstraint,
};
use crate::schema::DialectOptions;
use ground::diagnostic::{Error, Result};

/// Names of a schema's tables, views and the like.
pub type Names = Vec<Rc<str>>;

/// The kinds of things that are reflected of a table, each a dictionary in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `get_columns`.
    Columns,
    /// `get_pk_constraint`, of a table that has one.
    PrimaryKey,
    /// `get_foreign_keys`.
    ForeignKeys,
    /// `options` of a foreign key.
    ForeignKeyOptions,
    /// `get_indexes`.
    Indexes,
    /// `get_unique_constraints`.
    UniqueConstraints,
    /// `get_check_constraints`.
    CheckConstraints,
}

/// Reflection of a dialect: the `get_...` methods of `sqlalchemy.engine.interfaces.Dialect`.
///
/// Each is called through the [`Inspector`], which caches the result and provides the connection
/// ([`Inspector::with_connection`]). A method that depends on another one's result asks the
/// inspector for it. An implementation may keep its own cache until [`clear`](Reflection::clear).
///
/// # Errors
/// Each returns what the database says; those about a table
/// [`no_such_table`](super::no_such_table) where there is none.
#[allow(clippy::missing_errors_doc, reason = "told for all of them above")]
pub trait Reflection {
    /// Announces that every table will be reflected, so that they may be read together.
    fn expect_all_tables(&self) {}

    /// Clears the implementation's cache.
    fn clear(&self) {}

    /// The keys that the dictionaries of this dialect have, in its order.
    fn keys_of(&self, part: Part) -> &'static [&'static str] {
        match part {
            Part::Columns => &[
                "name",
                "type",
                "nullable",
                "default",
                "primary_key",
                "computed",
            ],
            Part::PrimaryKey => &["constrained_columns", "name"],
            Part::ForeignKeys => &[
                "name",
                "constrained_columns",
                "referred_schema",
                "referred_table",
                "referred_columns",
                "options",
            ],
            Part::ForeignKeyOptions => &["ondelete", "onupdate", "deferrable", "initially"],
            Part::Indexes => &["name", "column_names", "unique", "dialect_options"],
            Part::UniqueConstraints => &["name", "column_names"],
            Part::CheckConstraints => &["sqltext", "name"],
        }
    }

    /// `get_schema_names`.
    fn get_schema_names(&self, inspector: &Inspector) -> Result<Names> {
        let _ = inspector;
        Err(not_implemented())
    }

    /// `get_table_names`, sorted.
    fn get_table_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names>;

    /// `get_view_names`, sorted.
    fn get_view_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        let _ = (inspector, schema);
        Err(not_implemented())
    }

    /// `get_temp_table_names`, sorted.
    fn get_temp_table_names(&self, inspector: &Inspector) -> Result<Names> {
        let _ = inspector;
        Err(not_implemented())
    }

    /// `get_temp_view_names`, sorted.
    fn get_temp_view_names(&self, inspector: &Inspector) -> Result<Names> {
        let _ = inspector;
        Err(not_implemented())
    }

    /// `get_materialized_view_names`, sorted.
    fn get_materialized_view_names(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
    ) -> Result<Names> {
        let _ = (inspector, schema);
        Err(not_implemented())
    }

    /// `get_sequence_names`, sorted.
    fn get_sequence_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        let _ = (inspector, schema);
        Err(not_implemented())
    }

    /// `get_foreign_table_names`.
    fn get_foreign_table_names(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
    ) -> Result<Names> {
        let _ = (inspector, schema);
        Err(not_implemented())
    }

    /// `get_view_definition`: the SELECT or the whole CREATE VIEW, as the database stores it.
    fn get_view_definition(
        &self,
        inspector: &Inspector,
        view: &str,
        schema: Option<&str>,
    ) -> Result<Rc<str>> {
        let _ = (inspector, view, schema);
        Err(not_implemented())
    }

    /// All tables and views by name, in the database's own words. SQLAlchemy has no such method.
    fn get_listing(&self, inspector: &Inspector) -> Result<Vec<ListedTable>> {
        let _ = inspector;
        Err(not_implemented())
    }

    /// `has_table`: whether there is a table or a view of that name.
    fn has_table(&self, inspector: &Inspector, table: &str, schema: Option<&str>) -> Result<bool>;

    /// `has_sequence`.
    fn has_sequence(
        &self,
        inspector: &Inspector,
        sequence: &str,
        schema: Option<&str>,
    ) -> Result<bool> {
        let _ = (inspector, sequence, schema);
        Err(not_implemented())
    }

    /// `has_type`: whether there is a type of that name; `*` stands for any schema.
    fn has_type(&self, inspector: &Inspector, name: &str, schema: Option<&str>) -> Result<bool> {
        let _ = (inspector, name, schema);
        Err(not_implemented())
    }

    /// `get_table_oid`: the number by which the database knows a table.
    fn get_table_oid(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<i64> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_enums`; `*` stands for all schemas.
    fn get_enums(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Vec<ReflectedEnum>> {
        let _ = (inspector, schema);
        Err(not_implemented())
    }

    /// `get_domains`; `*` stands for all schemas.
    fn get_domains(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedDomain>> {
        let _ = (inspector, schema);
        Err(not_implemented())
    }

    /// The sequence that a column's default draws from and the column that owns it, where one
    /// does. Not part of SQLAlchemy's interface.
    fn owned_sequence(
        &self,
        inspector: &Inspector,
        default: &str,
    ) -> Result<Option<(Rc<str>, Rc<str>)>> {
        let _ = (inspector, default);
        Ok(None)
    }

    /// `get_columns`.
    fn get_columns(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedColumn>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_pk_constraint`; without columns if there is none.
    fn get_pk_constraint(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<ReflectedPrimaryKey> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_foreign_keys`.
    fn get_foreign_keys(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedForeignKey>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_indexes`, sorted by name.
    fn get_indexes(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedIndex>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// The indexes of a table created by CREATE INDEX, by name, with that statement, including
    /// those that `get_indexes` omits. Not part of SQLAlchemy's interface.
    fn get_index_definitions(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<(Rc<str>, Rc<str>)>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_unique_constraints`.
    fn get_unique_constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedUniqueConstraint>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_check_constraints`.
    fn get_check_constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedCheckConstraint>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }

    /// `get_table_options`, by prefixed name.
    fn get_table_options(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<DialectOptions> {
        let _ = (inspector, table, schema);
        Ok(DialectOptions::new())
    }

    /// The options of a table, as rendered in CREATE TABLE. Not part of SQLAlchemy's interface.
    fn table_option_words(&self, options: &DialectOptions) -> Vec<String> {
        options
            .iter()
            .map(|(name, _)| {
                let option = name.split_once('_').map_or(name, |(_, option)| option);
                let value = options.text(name).unwrap_or_default();
                format!("{}={value}", option.to_uppercase())
            })
            .collect()
    }

    /// `get_table_comment`; `NotImplementedError` if the database has no comments.
    fn get_table_comment(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Option<Rc<str>>> {
        let _ = (inspector, table, schema);
        Err(not_implemented())
    }
}

/// The error that SQLAlchemy raises for a method that a dialect does not implement.
fn not_implemented() -> Error {
    Error::new("NotImplementedError", "")
}
