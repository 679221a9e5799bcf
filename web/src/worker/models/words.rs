//! Texts of the worker about models.

pub(crate) const LOOK_AT: &str = "To look at";
pub(crate) const NO_REVISION: &str = "the first revision could not be written";

pub(crate) fn no_tables(database: &str) -> String {
    format!("{database} has no tables to write models for")
}

pub(crate) fn written_from(database: &str) -> String {
    format!("Models written from {database}.")
}

pub(crate) fn first_revision(database: &str) -> String {
    format!("tables of {database}")
}
