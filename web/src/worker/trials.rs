//! What the workers for trials are told of the workspace: what changed since they were told last, so that
//! a keystroke costs one text and a command the pieces of a database that it wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::session::Session;
use crate::time::history::Moment;
use crate::workspace::Files;

/// Contents are compared in pieces of this many bytes.
const PIECE: usize = 4096;

/// What changed since the update before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Number of the trial that waits for it.
    pub trial: u32,
    /// Files that are new or changed.
    files: Vec<(String, Patch)>,
    /// Files that are gone.
    gone: Vec<String>,
    folders: Option<BTreeSet<String>>,
    directory: String,
    environment: BTreeMap<String, String>,
}

/// How contents differ from those before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Patch {
    /// Their length now, in bytes.
    length: u32,
    /// Bytes that are others, and where they begin.
    pieces: Vec<(u32, Bytes)>,
}

/// Bytes that are written as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Bytes(<&[u8]>::deserialize(deserializer)?.to_vec()))
    }
}

/// What a worker for trials was told.
#[derive(Default)]
pub struct Told(Option<Moment>);

impl Told {
    /// What it is to be told now.
    pub fn update(&mut self, now: Moment, trial: u32) -> Update {
        let nothing = Files::default();
        let before = self.0.as_ref().map_or(&nothing, |moment| &moment.files);
        let files = now
            .files
            .files
            .iter()
            .filter_map(|(path, contents)| {
                let known = before.files.get(path);
                if known.is_some_and(|known| Rc::ptr_eq(known, contents)) {
                    return None;
                }
                let known = known.map_or(&[][..], |known| known.as_slice());
                Some((path.clone(), Patch::between(known, contents)))
            })
            .collect();
        let update = Update {
            trial,
            files,
            gone: before
                .files
                .keys()
                .filter(|path| !now.files.files.contains_key(*path))
                .cloned()
                .collect(),
            folders: (now.files.folders != before.folders).then(|| now.files.folders.clone()),
            directory: now.directory.clone(),
            environment: now.environment.clone(),
        };
        self.0 = Some(now);
        update
    }
}

impl Patch {
    fn between(before: &[u8], now: &[u8]) -> Self {
        let mut pieces: Vec<(u32, Bytes)> = Vec::new();
        for (number, piece) in now.chunks(PIECE).enumerate() {
            let start = number * PIECE;
            if before.get(start..start + piece.len()) == Some(piece) {
                continue;
            }
            match pieces.last_mut() {
                Some((from, bytes)) if *from as usize + bytes.0.len() == start => {
                    bytes.0.extend_from_slice(piece);
                }
                _ => pieces.push((start as u32, Bytes(piece.to_vec()))),
            }
        }
        Patch {
            length: now.len() as u32,
            pieces,
        }
    }

    fn apply(self, before: Option<&Rc<Vec<u8>>>) -> Vec<u8> {
        let mut contents = before.map(|before| before.to_vec()).unwrap_or_default();
        contents.resize(self.length as usize, 0);
        for (start, bytes) in self.pieces {
            let start = start as usize;
            if let Some(place) = contents.get_mut(start..start + bytes.0.len()) {
                place.copy_from_slice(&bytes.0);
            }
        }
        contents
    }
}

impl Update {
    /// What there is now, after what there was before.
    pub fn apply(self, mut moment: Moment) -> Moment {
        for path in &self.gone {
            moment.files.files.remove(path);
        }
        for (path, patch) in self.files {
            let contents = patch.apply(moment.files.files.get(&path));
            moment.files.files.insert(path, Rc::new(contents));
        }
        if let Some(folders) = self.folders {
            moment.files.folders = folders;
        }
        moment.directory = self.directory;
        moment.environment = self.environment;
        moment
    }
}

impl Session {
    /// Takes over what changed in the workspace that this one tries things for.
    pub fn follow(&mut self, update: Update) {
        let moment = update.apply(self.moment());
        *self.host.state.borrow_mut() = moment.files;
        *self.host.directory.borrow_mut() = moment.directory;
        *self.host.environment.borrow_mut() = moment.environment;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{decode, encode};

    fn moment(texts: &[(&str, &[u8])]) -> Moment {
        let mut files = Files::new();
        for (path, contents) in texts {
            files.put(&crate::workspace::absolute(path), contents.to_vec());
        }
        Moment {
            files,
            directory: "/project".to_owned(),
            environment: BTreeMap::new(),
        }
    }

    #[test]
    fn only_what_changed_is_told_and_all_of_it_arrives() {
        let mut database = vec![7; 40 * PIECE];
        let mut told = Told::default();
        let mut there = Moment::default();
        let mut tell = |now: &Moment| {
            let bytes = encode(0, &told.update(now.clone(), 1));
            let (_, update) = decode::<Update>(&bytes).expect("as it was written");
            there = update.apply(std::mem::take(&mut there));
            assert_eq!(there, *now);
            bytes.len()
        };
        let first = moment(&[("app.db", &database), ("m/models.py", b"one"), ("b", b"")]);
        assert!(tell(&first) > 40 * PIECE);
        assert!(tell(&first) < 100);
        database[3 * PIECE] = 1;
        database.truncate(30 * PIECE + 5);
        let mut next = moment(&[("app.db", &database), ("m/models.py", b"one more")]);
        next.environment.insert("A".to_owned(), "b".to_owned());
        let length = tell(&next);
        assert!((PIECE..3 * PIECE).contains(&length), "{length}");
    }
}
