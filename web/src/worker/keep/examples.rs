//! What the examples hold: the folders of `web/examples`, whose files are texts.

use std::collections::BTreeMap;
use std::rc::Rc;

use include_dir::{Dir, include_dir};
use limbeck::ground::diagnostic::Result;
use limbeck::ground::run::Run;
use protocol::examples::{BLANK, Example};

use crate::database::{self, image};
use crate::workspace::{Files, Outside, WorkspaceHost, absolute};

/// What creates an example's database; it is no file of the project.
const DATABASE: &str = "database.sql";

/// The texts of an example, by their paths in its folder.
#[cfg(not(target_family = "wasm"))]
fn texts(example: &str) -> BTreeMap<String, String> {
    static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../examples");
    FOLDERS.get_dir(example).map(within).unwrap_or_default()
}

/// The texts of an example, by their paths in its folder. All but the one of a first visit are read when somebody opens
/// them (`web/hooks/resources.mjs`).
#[cfg(target_family = "wasm")]
fn texts(example: &str) -> BTreeMap<String, String> {
    use limbeck::ground::resource::Resource;
    static FIRST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../examples/library");
    let apart = match example {
        "library" => return within(&FIRST),
        "heroes" => Resource::apart("examples/heroes"),
        "blog" => Resource::apart("examples/blog"),
        "shop" => Resource::apart("examples/shop"),
        "orders" => Resource::apart("examples/orders"),
        "empty" => Resource::apart("examples/empty"),
        BLANK => Resource::apart("examples/blank"),
        _ => return BTreeMap::new(),
    };
    // The build wrote it: an object of texts by their paths.
    serde_json::from_str(apart.text()).unwrap_or_default()
}

/// What a folder holds, by the paths in it.
fn within(folder: &Dir<'_>) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![folder];
    while let Some(next) = folders.pop() {
        folders.extend(next.dirs());
        texts.extend(next.files().filter_map(|file| {
            let path = file.path().strip_prefix(folder.path()).ok()?;
            let path = path.to_string_lossy().replace('\\', "/");
            Some((path, file.contents_utf8()?.to_owned()))
        }));
    }
    texts
}

/// A text file of an example.
pub fn text(example: &str, path: &str) -> String {
    texts(example).remove(path).unwrap_or_default()
}

/// The files of an example.
///
/// # Errors
///
/// The database's, where it can't be made.
pub fn files(example: &Example, outside: &Rc<Outside>) -> Result<Files> {
    let mut files = Files::new();
    let mut contents = texts(example.name);
    if let Some(url) = example.url {
        for (path, text) in texts(BLANK) {
            let text = text.replacen("sqlite:///app.db", url, 1);
            contents.entry(path).or_insert(text);
        }
    }
    let sql = contents.remove(DATABASE);
    for (path, text) in contents {
        files.put(&absolute(&path), text.into_bytes());
    }
    for folder in example.folders {
        files.add_folders(&absolute(folder));
    }
    if let (Some(name), Some(sql)) = (example.database, sql) {
        let path = absolute(name);
        let run = Run::new(Rc::new(WorkspaceHost::new(files.clone(), outside.clone())));
        let connection = database::open(&run, &path)?;
        database::query(&*connection, &format!("BEGIN;\n{sql}\nCOMMIT;"))?;
        files.put(&path, image::saved(&image::take(&run.host, &path)?));
    }
    Ok(files)
}
