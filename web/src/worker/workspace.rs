//! The workspace: files, folders and databases of one project.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use limbeck::ground::host::{DatabasePlace, Host, HostError, Now, Stream, absolute_path};
use limbeck::ground::socket::{ServerAddress, Socket, SocketError};
use protocol::{FileEntry, FileKind};

use crate::database::image;
use crate::postgresql::{self, SharedFiles};

/// The folder of the project.
pub const ROOT: &str = "/project";

/// The files of the workspace at one moment; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Contents by absolute path.
    pub files: BTreeMap<String, Rc<Vec<u8>>>,
    /// Absolute paths of folders.
    pub folders: BTreeSet<String>,
}

impl Files {
    /// An empty project.
    pub fn new() -> Self {
        let mut files = Files::default();
        files.add_folders(ROOT);
        files
    }

    /// Makes a folder and those above it.
    pub fn add_folders(&mut self, path: &str) {
        let mut path = absolute_path("/", path);
        while path != "/" && self.folders.insert(path.clone()) {
            match path.rfind('/') {
                Some(0) | None => break,
                Some(end) => path.truncate(end),
            }
        }
    }

    /// Makes or replaces a file, with the folders above it.
    pub fn put(&mut self, path: &str, contents: Vec<u8>) {
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.add_folders(folder);
        }
        self.files.insert(path.to_owned(), Rc::new(contents));
    }

    /// Whether two states hold the same, by identity where possible.
    pub fn same(&self, other: &Files) -> bool {
        self.folders == other.folders
            && self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(
                |((path, contents), (other_path, other_contents))| {
                    path == other_path
                        && (Rc::ptr_eq(contents, other_contents) || contents == other_contents)
                },
            )
    }

    /// The files as the page lists them; `known` has what was found of the same contents before.
    pub fn entries(&self, known: &mut Entries) -> Vec<FileEntry> {
        let mut before = std::mem::take(&mut known.0);
        self.files
            .iter()
            .map(|(path, contents)| {
                let found = before
                    .remove(path)
                    .filter(|(held, _)| Rc::ptr_eq(held, contents));
                let found = found.unwrap_or_else(|| {
                    let entry = FileEntry {
                        path: relative(path),
                        size: contents.len() as u64,
                        hash: quick_hash(contents),
                        kind: kind(path, contents),
                    };
                    (contents.clone(), entry)
                });
                let entry = found.1.clone();
                known.0.insert(path.clone(), found);
                entry
            })
            .collect()
    }

    /// Paths of the database files.
    pub fn databases(&self) -> Vec<String> {
        self.files
            .iter()
            .filter(|(path, contents)| image::is_saved(path, contents))
            .map(|(path, _)| path.clone())
            .collect()
    }
}

/// What was found of files, with their contents.
#[derive(Default)]
pub struct Entries(BTreeMap<String, (Rc<Vec<u8>>, FileEntry)>);

/// What kind of file one is.
pub fn kind(path: &str, contents: &[u8]) -> FileKind {
    if image::is_saved(path, contents) {
        FileKind::Database
    } else if std::str::from_utf8(contents).is_ok_and(|text| !text.contains('\0')) {
        FileKind::Text
    } else {
        FileKind::Binary
    }
}

/// Asks contents whether they are a database.
pub trait FileKindOf {
    /// Whether a file of that name with these contents is a database.
    fn is_database(&self, path: &str) -> bool;
}

impl FileKindOf for Rc<Vec<u8>> {
    fn is_database(&self, path: &str) -> bool {
        image::is_saved(path, self)
    }
}

/// A path as the page shows it: relative to the project where it is in it.
pub fn relative(path: &str) -> String {
    path.strip_prefix(ROOT)
        .map(|rest| rest.trim_start_matches('/'))
        .unwrap_or(path)
        .to_owned()
}

/// The absolute path of one that the page gave.
pub fn absolute(path: &str) -> String {
    if postgresql::is_database(path) {
        return path.to_owned();
    }
    absolute_path(ROOT, path)
}

/// A hash to tell whether a file is another; not one to trust.
fn quick_hash(contents: &[u8]) -> String {
    // FNV-1a over at most 64 kB from both ends and the length: quick on databases.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325 ^ contents.len() as u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    if contents.len() <= 131_072 {
        eat(contents);
    } else {
        eat(&contents[..65_536]);
        eat(&contents[contents.len() - 65_536..]);
    }
    format!("{hash:016x}")
}

/// Where a run's output goes.
pub type OutputListener = Rc<dyn Fn(Stream, &str)>;

/// Fills a buffer with random bytes.
pub type Randomness = Box<dyn Fn(&mut [u8])>;
/// The UTC offset of a time zone; `None` for an unknown one.
pub type ZoneOffset = Box<dyn Fn(&str, i64) -> Option<i32>>;

/// What the browser gives: its clock and its randomness.
pub struct Outside {
    /// The clock.
    pub now: Box<dyn Fn() -> Now>,
    /// Microseconds of a clock that only runs forward.
    pub elapsed: Box<dyn Fn() -> u64>,
    /// Randomness.
    pub random: Randomness,
    /// Seconds to add to UTC in a named time zone, at a moment in microseconds since 1970.
    pub time_zone_offset: ZoneOffset,
}

/// The engine's [`Host`] over a workspace.
pub struct WorkspaceHost {
    /// The files; the sessions of PostgreSQL share them.
    pub state: SharedFiles,
    /// The current folder.
    pub directory: RefCell<String>,
    /// What `export` set.
    pub environment: RefCell<BTreeMap<String, String>>,
    /// The variables that were asked for and are not set.
    pub asked_in_vain: RefCell<BTreeSet<String>>,
    /// Files that commands open in the page's editor, relative to the project.
    pub opened: RefCell<Vec<String>>,
    /// Who listens to output.
    pub listener: RefCell<Option<OutputListener>>,
    /// Clock and randomness.
    pub outside: Rc<Outside>,
}

impl WorkspaceHost {
    /// A host over these files.
    pub fn new(files: Files, outside: Rc<Outside>) -> Self {
        WorkspaceHost {
            state: Rc::new(RefCell::new(files)),
            directory: RefCell::new(ROOT.to_owned()),
            environment: RefCell::default(),
            asked_in_vain: RefCell::default(),
            opened: RefCell::default(),
            listener: RefCell::default(),
            outside,
        }
    }

    /// The files now.
    pub fn files(&self) -> Files {
        postgresql::settle(&self.state);
        self.state.borrow().clone()
    }

    /// A host over a copy of everything, whose output is discarded.
    pub fn copy(&self) -> Self {
        WorkspaceHost {
            state: Rc::new(RefCell::new(self.files())),
            directory: RefCell::new(self.directory.borrow().clone()),
            environment: RefCell::new(self.environment.borrow().clone()),
            asked_in_vain: RefCell::default(),
            opened: RefCell::default(),
            listener: RefCell::default(),
            outside: self.outside.clone(),
        }
    }

    /// An absolute path, from the current folder.
    pub fn path(&self, path: &str) -> String {
        if postgresql::is_database(path) {
            return path.to_owned();
        }
        absolute_path(&self.directory.borrow(), path)
    }
}

impl Host for WorkspaceHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        let absolute = self.path(path);
        if postgresql::is_database(&absolute) {
            postgresql::settle(&self.state);
        }
        let state = self.state.borrow();
        if absolute == "/" || state.folders.contains(&absolute) {
            return Err(HostError::IsADirectory(path.to_owned()));
        }
        match state.files.get(&absolute) {
            Some(contents) => Ok(contents.as_ref().clone()),
            None => Err(HostError::NotFound(path.to_owned())),
        }
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        let absolute = self.path(path);
        let mut state = self.state.borrow_mut();
        if absolute == "/" || state.folders.contains(&absolute) {
            return Err(HostError::IsADirectory(path.to_owned()));
        }
        let folder = absolute.rsplit_once('/').map_or("", |(folder, _)| folder);
        let free = folder.is_empty() || postgresql::is_database(&absolute);
        if !free && !state.folders.contains(folder) {
            return Err(HostError::NotFound(path.to_owned()));
        }
        if state
            .files
            .get(&absolute)
            .is_none_or(|there| there.as_slice() != contents)
        {
            state.files.insert(absolute, Rc::new(contents.to_vec()));
        }
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<(), HostError> {
        let absolute = self.path(path);
        match self.state.borrow_mut().files.remove(&absolute) {
            Some(_) => Ok(()),
            None => Err(HostError::NotFound(path.to_owned())),
        }
    }

    fn create_directories(&self, path: &str) -> Result<(), HostError> {
        let absolute = self.path(path);
        let mut state = self.state.borrow_mut();
        if state.files.contains_key(&absolute) {
            return Err(HostError::Exists(path.to_owned()));
        }
        state.add_folders(&absolute);
        Ok(())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, HostError> {
        let absolute = self.path(path);
        let state = self.state.borrow();
        if absolute != "/" && !state.folders.contains(&absolute) {
            return Err(if state.files.contains_key(&absolute) {
                HostError::NotADirectory(path.to_owned())
            } else {
                HostError::NotFound(path.to_owned())
            });
        }
        let prefix = if absolute == "/" {
            "/".to_owned()
        } else {
            format!("{absolute}/")
        };
        let mut names = BTreeSet::new();
        for path in state.files.keys().chain(&state.folders) {
            if let Some(rest) = path.strip_prefix(&prefix) {
                let name = rest.split('/').next().unwrap_or(rest);
                if !name.is_empty() {
                    names.insert(name.to_owned());
                }
            }
        }
        Ok(names.into_iter().collect())
    }

    fn is_file(&self, path: &str) -> bool {
        self.state.borrow().files.contains_key(&self.path(path))
    }

    fn is_directory(&self, path: &str) -> bool {
        let absolute = self.path(path);
        absolute == "/" || self.state.borrow().folders.contains(&absolute)
    }

    fn current_directory(&self) -> String {
        self.directory.borrow().clone()
    }

    fn now(&self) -> Now {
        (self.outside.now)()
    }

    fn random(&self, buffer: &mut [u8]) {
        (self.outside.random)(buffer);
    }

    fn environment_names(&self) -> Vec<String> {
        self.environment.borrow().keys().cloned().collect()
    }

    fn environment(&self, name: &str) -> Option<String> {
        let value = self.environment.borrow().get(name).cloned();
        if value.is_none() {
            self.asked_in_vain.borrow_mut().insert(name.to_owned());
        }
        value
    }

    fn output(&self, stream: Stream, text: &str) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(stream, text);
        }
    }

    fn database(&self, _path: &str) -> DatabasePlace {
        DatabasePlace::Memory
    }

    fn connect(&self, _address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
        postgresql::connect(&self.state)
    }

    fn copy_of_servers(&self) -> Option<Rc<dyn Host>> {
        let mut files = self.files();
        files.files.retain(|path, _| postgresql::is_database(path));
        Some(Rc::new(WorkspaceHost::new(files, self.outside.clone())))
    }

    fn time_zone_offset(&self, name: &str, microseconds: i64) -> Option<i32> {
        (self.outside.time_zone_offset)(name, microseconds)
    }

    fn open_in_editor(&self, path: &str) -> Result<(), String> {
        // The page opens it when the command is done.
        self.opened.borrow_mut().push(relative(&self.path(path)));
        Ok(())
    }

    fn terminal_width(&self) -> Option<usize> {
        // Alembic reads the terminal's width where there is one; a fixed width keeps its answers
        // the same on every screen.
        None
    }
}

/// Takes back what a command did: files and databases that it changed get back what they held,
/// but a text that was edited since keeps its text.
pub fn undo(now: &Files, before: &Files, after: &Files) -> Files {
    let mut result = now.clone();
    let paths: BTreeSet<&String> = before.files.keys().chain(after.files.keys()).collect();
    for path in paths {
        let (old, new) = (before.files.get(path), after.files.get(path));
        if old == new {
            continue;
        }
        let database = [old, new, now.files.get(path)]
            .into_iter()
            .flatten()
            .any(|contents| kind(path, contents) == FileKind::Database);
        if now.files.get(path) != new && !database {
            continue;
        }
        match old {
            Some(contents) => {
                result.files.insert(path.clone(), contents.clone());
            }
            None => {
                result.files.remove(path);
            }
        }
    }
    for folder in after.folders.difference(&before.folders) {
        let prefix = format!("{folder}/");
        if !result.files.keys().any(|path| path.starts_with(&prefix)) {
            result.folders.remove(folder);
        }
    }
    for folder in before.folders.difference(&after.folders) {
        result.folders.insert(folder.clone());
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        let mut files = Files::new();
        for (path, text) in pairs {
            files.put(&absolute(path), text.as_bytes().to_vec());
        }
        files
    }

    #[test]
    fn undo_takes_back_the_command_and_keeps_what_was_typed_since() {
        let magic = |tail: &str| format!("SQLite format 3\0{tail}");
        let before = files(&[("app.db", &magic("a")), ("v/one.py", "one")]);
        let after = files(&[
            ("app.db", &magic("b")),
            ("v/one.py", "one"),
            ("v/two.py", "two"),
        ]);
        let mut now = after.clone();
        now.put(&absolute("v/one.py"), b"edited".to_vec());
        let result = undo(&now, &before, &after);
        assert_eq!(
            result,
            files(&[("app.db", &magic("a")), ("v/one.py", "edited")])
        );
    }
}
