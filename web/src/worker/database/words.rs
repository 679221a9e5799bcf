//! Why rows are not read.

pub const NO_DATABASE: &str = "there is no database yet";

pub fn no_table(table: &str, path: &str) -> String {
    format!("there is no table {table} in {path}")
}
