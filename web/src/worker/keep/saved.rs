//! The saved form of a workspace: contents in immutable chunks named by their hash, and a record that
//! lists them. A chunk that several states share is stored once; chunks that no state needs any more are
//! listed for deletion.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use protocol::{HistoryEntry, Made, Printed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::history::{History, Moment, State};
use crate::workspace::{Files, relative};

/// Size of a chunk: a change in a database costs the chunks that it
/// touches.
pub const CHUNK: usize = 65_536;

/// What is known of a saved workspace without its states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The example that it began as; empty for none.
    pub example: String,
    /// Bytes of its chunks.
    pub bytes: u64,
    /// When it last changed, in microseconds since 1970.
    pub time: i64,
    /// Counts the saves: a page that knows another number must not save.
    pub generation: u64,
    /// When it was removed; it goes for good when a page starts later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<i64>,
}

/// The record of a workspace's states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Where it stands.
    pub at: u32,
    /// The newest state of that branch.
    pub tip: u32,
    /// Number of the next state.
    pub next: u32,
    /// The states, by number.
    pub states: Vec<SavedState>,
}

/// A state as it is saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedState {
    /// Its line in the list.
    pub entry: HistoryEntry,
    /// The chunk that names its files' chunks.
    pub files: String,
    /// The current folder.
    pub directory: String,
    /// What `export` set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// The chunk of its console; empty where nothing was printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub console: String,
    /// How many of its parent's console entries came before it.
    #[serde(default)]
    pub after: usize,
    /// Whether the state that it came from is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// The files of a state: chunk names by path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// For each file its chunks.
    pub files: BTreeMap<String, Vec<String>>,
    /// Folders.
    pub folders: BTreeSet<String>,
}

/// The name of a chunk: 128 bits of SHA-256, in hexadecimal.
pub fn chunk_name(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .take(16)
        .fold(String::with_capacity(32), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
}

/// What was found of a state, as long as it stays the same.
struct Known {
    moment: Rc<Moment>,
    console: Vec<Rc<Printed>>,
    saved: SavedState,
    chunks: Vec<String>,
}

/// Contents, held so that their address stays theirs, and the names of their chunks.
type Cut = (Rc<Vec<u8>>, Vec<String>);

/// A chunk that states use.
#[derive(Clone, Copy, Default)]
struct Use {
    states: usize,
    bytes: usize,
}

/// What must be written to save a workspace.
pub struct Writing {
    /// The record, as JSON.
    pub record: String,
    /// New chunks.
    pub put: Vec<(String, Rc<Vec<u8>>)>,
    /// Chunks that no state holds any more.
    pub delete: Vec<String>,
    /// Bytes of all chunks and of the record.
    pub bytes: u64,
}

/// Cuts the states of one workspace into chunks, and knows which of them are kept already.
#[derive(Default)]
pub struct Chunker {
    known: HashMap<u32, Known>,
    uses: HashMap<String, Use>,
    cuts: HashMap<*const Vec<u8>, Cut>,
    fresh: HashMap<String, Rc<Vec<u8>>>,
    stored: HashSet<String>,
}

impl Chunker {
    /// A chunker of a workspace whose chunks of these names are kept.
    pub fn new(stored: HashSet<String>) -> Self {
        Chunker {
            stored,
            ..Chunker::default()
        }
    }

    /// What to write so that exactly this is kept.
    ///
    /// # Errors
    ///
    /// Where a state can't be written as JSON.
    pub fn write(&mut self, history: &History) -> Result<Writing, String> {
        let gone: Vec<u32> = self
            .known
            .keys()
            .copied()
            .filter(|number| history.state(*number).is_none())
            .collect();
        for number in gone {
            self.forget(number);
        }
        let mut record = Record {
            at: history.at,
            tip: history.tip,
            next: history.next,
            states: Vec::new(),
        };
        for state in history.states() {
            record.states.push(self.state(state)?);
        }
        self.cuts
            .retain(|_, (contents, _)| Rc::strong_count(contents) > 1);
        let json = serde_json::to_string(&record).map_err(|error| error.to_string())?;
        let put = self
            .uses
            .keys()
            .filter(|name| !self.stored.contains(*name))
            .filter_map(|name| Some((name.clone(), self.fresh.get(name)?.clone())))
            .collect();
        let delete = self
            .stored
            .iter()
            .filter(|name| !self.uses.contains_key(*name))
            .cloned()
            .collect();
        let bytes = self.uses.values().map(|one| one.bytes).sum::<usize>() + json.len();
        Ok(Writing {
            record: json,
            put,
            delete,
            bytes: bytes as u64,
        })
    }

    /// Notes that what was to be written is kept now.
    pub fn written(&mut self) {
        self.stored = self.uses.keys().cloned().collect();
        self.fresh.clear();
    }

    fn state(&mut self, state: &State) -> Result<SavedState, String> {
        let number = state.entry.number;
        let line = |saved: &SavedState| SavedState {
            entry: state.entry.clone(),
            after: state.after,
            cut: state.cut,
            ..saved.clone()
        };
        if let Some(known) = self.known.get(&number)
            && Rc::ptr_eq(&known.moment, &state.moment)
            && known.console == state.console
        {
            return Ok(line(&known.saved));
        }
        let mut chunks = Vec::new();
        let moment = &state.moment;
        let mut manifest = Manifest {
            files: BTreeMap::new(),
            folders: moment.files.folders.clone(),
        };
        for (path, contents) in &moment.files.files {
            let names = self.names(contents);
            for (name, chunk) in names.iter().zip(contents.chunks(CHUNK)) {
                self.using(name, chunk);
            }
            chunks.extend(names.iter().cloned());
            manifest.files.insert(path.clone(), names);
        }
        let mut whole = |value: String| {
            let name = chunk_name(value.as_bytes());
            self.using(&name, value.as_bytes());
            chunks.push(name.clone());
            name
        };
        let json = |error: serde_json::Error| error.to_string();
        let saved = SavedState {
            files: whole(serde_json::to_string(&manifest).map_err(json)?),
            console: if state.console.is_empty() {
                String::new()
            } else {
                whole(serde_json::to_string(&state.console).map_err(json)?)
            },
            directory: moment.directory.clone(),
            environment: moment.environment.clone(),
            ..SavedState::default()
        };
        // After the new ones, so that what both hold is not forgotten between.
        self.forget(number);
        self.known.insert(
            number,
            Known {
                moment: state.moment.clone(),
                console: state.console.clone(),
                saved: saved.clone(),
                chunks,
            },
        );
        Ok(line(&saved))
    }

    fn using(&mut self, name: &str, bytes: &[u8]) {
        if let Some(one) = self.uses.get_mut(name) {
            one.states += 1;
            return;
        }
        self.uses.insert(
            name.to_owned(),
            Use {
                states: 1,
                bytes: bytes.len(),
            },
        );
        if !self.stored.contains(name) {
            self.fresh.insert(name.to_owned(), Rc::new(bytes.to_vec()));
        }
    }

    fn forget(&mut self, number: u32) {
        let Some(known) = self.known.remove(&number) else {
            return;
        };
        for name in known.chunks {
            if let Some(one) = self.uses.get_mut(&name) {
                one.states -= 1;
                if one.states == 0 {
                    self.uses.remove(&name);
                    self.fresh.remove(&name);
                }
            }
        }
    }

    fn names(&mut self, contents: &Rc<Vec<u8>>) -> Vec<String> {
        // The pointer stays valid as a key: the map holds the contents it points to.
        let key = Rc::as_ptr(contents);
        if let Some((_, names)) = self.cuts.get(&key) {
            return names.clone();
        }
        let names: Vec<String> = contents.chunks(CHUNK).map(chunk_name).collect();
        self.cuts.insert(key, (contents.clone(), names.clone()));
        names
    }
}

/// Chunks by name.
pub type Chunks = HashMap<String, Vec<u8>>;

/// Reads contents that several states share once.
#[derive(Default)]
struct Shared(HashMap<Vec<String>, Rc<Vec<u8>>>);

impl Shared {
    fn files(&mut self, manifest: &Manifest, chunks: &Chunks) -> Result<Files, String> {
        let mut files = Files {
            files: BTreeMap::new(),
            folders: manifest.folders.clone(),
        };
        for (path, names) in &manifest.files {
            let contents =
                match self.0.get(names) {
                    Some(contents) => contents.clone(),
                    None => {
                        let mut contents = Vec::new();
                        for name in names {
                            contents.extend_from_slice(chunks.get(name).ok_or_else(|| {
                                format!("a piece of {} is missing", relative(path))
                            })?);
                        }
                        let contents = Rc::new(contents);
                        self.0.insert(names.clone(), contents.clone());
                        contents
                    }
                };
            files.files.insert(path.clone(), contents);
        }
        Ok(files)
    }
}

/// The history that a record names.
///
/// # Errors
///
/// Where it is damaged, or a chunk is missing.
pub fn restore(record: &str, chunks: &Chunks) -> Result<History, String> {
    let record: Record = serde_json::from_str(record).map_err(|error| error.to_string())?;
    let mut shared = Shared::default();
    let mut manifests: HashMap<&str, Files> = HashMap::new();
    let part = |name: &str| {
        chunks
            .get(name)
            .ok_or_else(|| "a piece of the history is missing".to_owned())
    };
    let mut states = Vec::new();
    for saved in &record.states {
        let files = match manifests.get(saved.files.as_str()) {
            Some(files) => files.clone(),
            None => {
                let manifest: Manifest = serde_json::from_slice(part(&saved.files)?)
                    .map_err(|error| error.to_string())?;
                let files = shared.files(&manifest, chunks)?;
                manifests.insert(&saved.files, files.clone());
                files
            }
        };
        let console = if saved.console.is_empty() {
            Vec::new()
        } else {
            serde_json::from_slice(part(&saved.console)?).map_err(|error| error.to_string())?
        };
        states.push(State {
            moment: Rc::new(Moment {
                files,
                directory: saved.directory.clone(),
                environment: saved.environment.clone(),
            }),
            entry: saved.entry.clone(),
            cut: saved.cut,
            after: saved.after,
            console,
        });
    }
    History::restored(states, record.at, record.tip, record.next)
}

/// The one workspace that versions before 0.2 kept.
#[derive(Deserialize)]
struct Earlier {
    now: Manifest,
    directory: String,
    environment: BTreeMap<String, String>,
    example: String,
    history: Vec<EarlierEntry>,
}

#[derive(Deserialize)]
struct EarlierEntry {
    command: String,
    status: i32,
    time: i64,
    before: Manifest,
    after: Manifest,
}

/// The history of a workspace that an earlier version kept, and the example that it began as.
///
/// # Errors
///
/// Where it is damaged, or a chunk is missing.
pub fn restore_earlier(head: &str, chunks: &Chunks) -> Result<(History, String), String> {
    let head: Earlier = serde_json::from_str(head).map_err(|error| error.to_string())?;
    let mut shared = Shared::default();
    let moment = |files: Files| Moment {
        files,
        directory: head.directory.clone(),
        environment: head.environment.clone(),
    };
    let first = head.history.first().map_or(&head.now, |one| &one.before);
    let time = head.history.first().map_or(0, |one| one.time);
    let mut last = shared.files(first, chunks)?;
    let mut history = History::new(moment(last.clone()), time);
    let edited = |history: &mut History, files: &Files, time: i64| {
        let entry = HistoryEntry {
            command: "edited".to_owned(),
            made: Made::Edit,
            time,
            ..HistoryEntry::default()
        };
        history.push(entry, moment(files.clone()), None);
    };
    for one in &head.history {
        let (before, after) = (
            shared.files(&one.before, chunks)?,
            shared.files(&one.after, chunks)?,
        );
        if !before.same(&last) {
            edited(&mut history, &before, one.time);
        }
        let entry = HistoryEntry {
            command: one.command.clone(),
            status: one.status,
            time: one.time,
            ..HistoryEntry::default()
        };
        history.push(entry, moment(after.clone()), None);
        last = after;
    }
    let now = shared.files(&head.now, chunks)?;
    if !now.same(&last) {
        let time = head.history.last().map_or(0, |one| one.time);
        edited(&mut history, &now, time);
    }
    Ok((history, head.example))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::absolute;

    fn moment(models: &str, database: &[u8]) -> Moment {
        let mut files = Files::new();
        files.put(&absolute("models.py"), models.as_bytes().to_vec());
        files.put(&absolute("empty.py"), Vec::new());
        files.put(&absolute("app.db"), database.to_vec());
        Moment {
            files,
            directory: absolute(""),
            environment: [("A".to_owned(), "b".to_owned())].into(),
        }
    }

    fn store(chunks: &mut Chunks, writing: &Writing) {
        for (name, bytes) in &writing.put {
            chunks.insert(name.clone(), bytes.as_ref().clone());
        }
        for name in &writing.delete {
            assert!(chunks.remove(name).is_some());
        }
    }

    fn same(one: &History, other: &History) {
        assert_eq!(
            (one.at, one.tip, one.next),
            (other.at, other.tip, other.next)
        );
        for (one, other) in one.states().zip(other.states()) {
            assert_eq!(one.entry, other.entry);
            assert_eq!(one.moment, other.moment);
            assert_eq!((one.after, one.cut), (other.after, other.cut));
            assert_eq!(one.console, other.console);
        }
    }

    #[test]
    fn what_is_written_is_what_comes_back_and_no_more_is_kept() {
        let mut database = vec![7; CHUNK * 2 + 5];
        let mut history = History::new(moment("x = 1\n", &database), 1);
        let mut chunker = Chunker::default();
        let mut chunks = Chunks::new();
        let mut save = |history: &History, chunks: &mut Chunks| {
            let writing = chunker.write(history).expect("JSON");
            store(chunks, &writing);
            chunker.written();
            let back = restore(&writing.record, chunks).expect("whole");
            same(history, &back);
            writing
        };
        // Two equal whole chunks are one: with the short one, the models and the manifest four.
        assert_eq!(save(&history, &mut chunks).put.len(), 4);
        database[CHUNK * 2] = 1;
        let printed = Printed {
            line: "alembic upgrade head".to_owned(),
            output: vec![(true, "INFO\n".to_owned())],
            ..Printed::default()
        };
        history.push(
            HistoryEntry::default(),
            moment("x = 1\n", &database),
            Some(printed.clone()),
        );
        // The last piece of the database, the manifest, the console.
        assert_eq!(save(&history, &mut chunks).put.len(), 3);
        history.print(printed);
        let writing = save(&history, &mut chunks);
        assert_eq!((writing.put.len(), writing.delete.len()), (1, 1));
        assert!(history.travel(0).is_some());
        let writing = save(&history, &mut chunks);
        assert_eq!((writing.put.len(), writing.delete.len()), (0, 0));
        history.edit("edited models.py", 2, moment("x = 2\n", &[]));
        save(&history, &mut chunks);
        history.clear_branches();
        let writing = save(&history, &mut chunks);
        assert_eq!(writing.delete.len(), 3);
        let used: u64 = chunks.values().map(|one| one.len() as u64).sum();
        assert_eq!(used + writing.record.len() as u64, writing.bytes);
    }

    #[test]
    fn a_save_that_failed_is_made_up_for() {
        let mut history = History::new(moment("1", b"a"), 1);
        let mut chunker = Chunker::default();
        let mut chunks = Chunks::new();
        assert!(chunker.write(&history).is_ok());
        history.edit("edited models.py", 2, moment("2", b"a"));
        let writing = chunker.write(&history).expect("JSON");
        store(&mut chunks, &writing);
        chunker.written();
        same(&history, &restore(&writing.record, &chunks).expect("whole"));
        let lost = chunks.keys().next().cloned().unwrap_or_default();
        chunks.remove(&lost);
        assert!(restore(&writing.record, &chunks).is_err());
    }

    #[test]
    fn an_earlier_workspace_opens_with_its_history() {
        let mut chunks = Chunks::new();
        let mut manifest = |text: &str| {
            let name = chunk_name(text.as_bytes());
            chunks.insert(name.clone(), text.as_bytes().to_vec());
            serde_json::json!({ "files": { "/project/a.py": [name] }, "folders": ["/project"] })
        };
        let head = serde_json::json!({
            "generation": 4, "now": manifest("d"), "directory": "/project", "environment": {},
            "example": "library", "next": 3,
            "history": [
                { "number": 1, "command": "one", "status": 0, "time": 5, "before": manifest("a"), "after": manifest("b") },
                { "number": 2, "command": "two", "status": 1, "time": 6, "before": manifest("c"), "after": manifest("c") },
            ],
        });
        let (history, example) = restore_earlier(&head.to_string(), &chunks).expect("whole");
        assert_eq!(example, "library");
        let found: Vec<(String, String)> = history
            .states()
            .map(|state| {
                let contents = &state.moment.files.files["/project/a.py"];
                (
                    state.entry.command.clone(),
                    String::from_utf8_lossy(contents).into_owned(),
                )
            })
            .collect();
        let expected = [
            ("start", "a"),
            ("one", "b"),
            ("edited", "c"),
            ("two", "c"),
            ("edited", "d"),
        ];
        assert_eq!(
            found,
            expected.map(|(command, text)| (command.to_owned(), text.to_owned()))
        );
    }
}
