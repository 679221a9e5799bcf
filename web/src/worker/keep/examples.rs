//! What the examples hold: the folders of `web/examples`.

use std::rc::Rc;

use include_dir::{Dir, DirEntry, include_dir};
use limbeck::ground::diagnostic::Result;
use limbeck::ground::run::Run;
use protocol::examples::{BLANK, Example};

use crate::database::{self, image};
use crate::workspace::{Files, Outside, WorkspaceHost, absolute};

static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../examples");

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

/// A text file of an example.
pub fn text(example: &str, path: &str) -> &'static str {
    FOLDERS
        .get_file(format!("{example}/{path}"))
        .and_then(|file| file.contents_utf8())
        .unwrap_or_default()
}

/// The files of an example.
///
/// # Errors
///
/// The database's, where it can't be made.
pub fn files(example: &Example, outside: &Rc<Outside>) -> Result<Files> {
    let mut files = Files::new();
    if let (Some(url), Some(folder)) = (example.url, FOLDERS.get_dir(BLANK)) {
        add(&mut files, folder, &format!("{BLANK}/"));
        let ini = text(BLANK, "alembic.ini").replacen("sqlite:///app.db", url, 1);
        files.put(&absolute("alembic.ini"), ini.into_bytes());
    }
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
    if let (Some(name), Some(sql)) = (example.database, sql) {
        let path = absolute(name);
        let run = Run::new(Rc::new(WorkspaceHost::new(files.clone(), outside.clone())));
        let connection = database::open(&run, &path)?;
        database::query(&*connection, &format!("BEGIN;\n{sql}\nCOMMIT;"))?;
        files.put(&path, image::saved(&image::take(&run.host, &path)?));
    }
    Ok(files)
}
