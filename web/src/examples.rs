//! The projects that the page offers to start with. Each is a folder of `web/examples`; its
//! `database.sql` is no file of the project but makes the database that it comes with.

#[cfg(feature = "engine")]
pub use contents::files;

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Name of its folder.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// The database that `database.sql` makes.
    pub database: Option<&'static str>,
    /// Folders that are empty.
    pub folders: &'static [&'static str],
    /// The folder where the console starts.
    pub directory: &'static str,
}

/// All of them, the one for the first visit first.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: "library",
        title: "A lending library",
        about: "SQLAlchemy 2.0: four related tables with rows, two revisions",
        database: Some("library.db"),
        folders: &[],
        directory: "",
    },
    Example {
        name: "heroes",
        title: "Heroes and teams",
        about: "SQLModel, with a Makefile: one revision is still to run",
        database: Some("heroes.db"),
        folders: &[],
        directory: "",
    },
    Example {
        name: "blog",
        title: "A blog",
        about: "SQLAlchemy 1.x style in a package, in backend/; a new table to write a revision for",
        database: Some("backend/blog.db"),
        folders: &[],
        directory: "backend",
    },
    Example {
        name: "shop",
        title: "A shop with two heads",
        about: "Two revisions from one parent, to merge before an upgrade",
        database: Some("shop.db"),
        folders: &[],
        directory: "",
    },
    Example {
        name: "empty",
        title: "A bare alembic init",
        about: "Nothing but what alembic init writes",
        database: None,
        folders: &["alembic/versions"],
        directory: "",
    },
];

/// The example of that name, or the first.
pub fn example(name: &str) -> &'static Example {
    EXAMPLES
        .iter()
        .find(|example| example.name == name)
        .unwrap_or(&EXAMPLES[0])
}

#[cfg(feature = "engine")]
mod contents {
    use std::rc::Rc;

    use include_dir::{Dir, DirEntry, include_dir};
    use limbeck::ground::diagnostic::Result;

    use super::Example;
    use crate::workspace::{Files, Outside, WorkspaceHost, absolute};

    static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples");

    fn add(files: &mut Files, folder: &Dir<'_>, prefix: &str) {
        for entry in folder.entries() {
            let path = entry.path().to_string_lossy().replace('\\', "/");
            let path = path.strip_prefix(prefix).unwrap_or(&path);
            match entry {
                DirEntry::Dir(folder) => {
                    files.add_folders(&absolute(path));
                    add(files, folder, prefix);
                }
                DirEntry::File(file) if path != "database.sql" => {
                    files.put(&absolute(path), file.contents().to_vec());
                }
                DirEntry::File(_) => {}
            }
        }
    }

    /// The files of an example.
    ///
    /// # Errors
    ///
    /// SQLite's, where its database can't be made.
    pub fn files(example: &Example, outside: &Rc<Outside>) -> Result<Files> {
        let mut files = Files::new();
        let prefix = format!("{}/", example.name);
        if let Some(folder) = FOLDERS.get_dir(example.name) {
            add(&mut files, folder, &prefix);
        }
        for folder in example.folders {
            files.add_folders(&absolute(folder));
        }
        let sql = FOLDERS
            .get_file(format!("{prefix}database.sql"))
            .and_then(|file| file.contents_utf8());
        if let (Some(database), Some(sql)) = (example.database, sql) {
            let host = Rc::new(WorkspaceHost::new(files, outside.clone()));
            let run = limbeck::ground::run::Run::new(host.clone());
            let connection = crate::database::open(&run, &absolute(database))?;
            connection.execute_script(&format!("BEGIN;\n{sql}\nCOMMIT;"))?;
            connection.close();
            let _ = limbeck::driver::flush(&run.host);
            files = host.files();
        }
        Ok(files)
    }
}
