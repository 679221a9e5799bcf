//! States of databases as the workspace saves them: an [`Image`] as the bytes of a file, and back.
//!
//! The history holds the workspace's files and keeps no other form of a database (`time`), what is saved
//! has these files in chunks (`keep`), and a difference opens two of them again (`watch`). Which bytes
//! are a database, and what state they are, is known here only: a database whose state is something else
//! than a file of its own is written and read here.

use std::rc::Rc;

use limbeck::ground::diagnostic::{Error, Result};
use limbeck::ground::host::{Host, HostError};
use limbeck::sqlalchemy::image::Image;

use crate::postgresql;

/// What every saved state starts with: the header of SQLite's file format.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// How the names of databases end.
const ENDINGS: [&str; 3] = [".db", ".sqlite", ".sqlite3"];

/// Whether a file is the state of a database: by its first bytes, or by its name while it is empty.
pub fn is_saved(path: &str, contents: &[u8]) -> bool {
    postgresql::is_database(path)
        || contents.starts_with(MAGIC)
        || (contents.is_empty() && ENDINGS.iter().any(|ending| path.ends_with(ending)))
}

/// The bytes that a state is saved as.
pub fn saved(image: &Image) -> Vec<u8> {
    image.bytes()
}

/// The state that was saved as these bytes; none are a database without a table.
///
/// # Errors
///
/// Where no dialect has such states. That the bytes are no database shows when the image is opened.
pub fn read(contents: &[u8]) -> Result<Image> {
    Image::of_file(contents).map_err(|error| unreadable(&error))
}

/// The state of a database of a host, what is not written back yet with it.
///
/// # Errors
///
/// The host's.
pub fn take(host: &Rc<dyn Host>, path: &str) -> Result<Image> {
    Image::take(host, path, None).map_err(|error| unreadable(&error))
}

pub(super) fn unreadable(error: &HostError) -> Error {
    Error::new("OSError", error.to_string())
}

#[cfg(test)]
mod tests {
    use limbeck::driver::Parameters;
    use limbeck::ground::run::Run;

    use super::*;
    use crate::database;
    use crate::session::tests::session;

    #[test]
    fn a_state_that_was_saved_is_the_same_state() -> Result<()> {
        const PATH: &str = "/project/new.db";
        let host: Rc<dyn Host> = Rc::new(session("library").host.copy());
        let connection = database::connect(&Run::new(host.clone()), PATH)?;
        let sql = "CREATE TABLE one (id INTEGER PRIMARY KEY)";
        connection.dbapi()?.execute(sql, &Parameters::NONE)?;
        let image = take(&host, PATH)?;
        let bytes = saved(&image);
        assert!(is_saved("named/otherwise", &bytes));
        let again = read(&bytes)?;
        assert!(again.same(&image));
        let tables = database::tables(&again.open()?)?;
        assert_eq!(tables, database::tables(&connection)?);
        assert_eq!(tables.len(), 1);
        Ok(())
    }

    #[test]
    fn nothing_is_a_database_without_a_table() -> Result<()> {
        assert!(is_saved("/project/app.db", &[]));
        assert!(!is_saved("/project/app.txt", &[]));
        assert!(database::tables(&read(&[])?.open()?)?.is_empty());
        Ok(())
    }
}
