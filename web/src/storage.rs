//! Keeps the workspace in IndexedDB, whole or not at all: contents in immutable chunks named by
//! their hash, and one head pointer, all in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::session::Session;
use crate::workspace::{Chunker, Entry, Head, Outside, SavedEntry, restore};

const CHUNKS: &str = "chunks";
const HEAD: &str = "head";

/// The store of one page.
pub struct Store {
    database: Database,
    generation: u64,
    stored: BTreeSet<String>,
    chunker: Chunker,
}

fn words(error: &idb::Error) -> String {
    error.to_string()
}

impl Store {
    /// Opens the store of that name.
    ///
    /// # Errors
    ///
    /// The browser's, such as in a private window.
    pub async fn open(name: &str) -> Result<Self, String> {
        let factory = Factory::new().map_err(|error| words(&error))?;
        let mut request = factory.open(name, Some(1)).map_err(|error| words(&error))?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                for store in [CHUNKS, HEAD] {
                    let _ = database.create_object_store(store, ObjectStoreParams::new());
                }
            }
        });
        let database = request.await.map_err(|error| words(&error))?;
        Ok(Store {
            database,
            generation: 0,
            stored: BTreeSet::new(),
            chunker: Chunker::default(),
        })
    }

    /// The saved workspace, if there is one.
    ///
    /// # Errors
    ///
    /// Where it can't be read, or a piece of it is missing.
    pub async fn load(&mut self, outside: &Rc<Outside>) -> Result<Option<Session>, String> {
        let (head, chunks) = self.read().await.map_err(|error| words(&error))?;
        let Some(head) = head else {
            return Ok(None);
        };
        let head: Head = serde_json::from_str(&head).map_err(|error| error.to_string())?;
        let mut shared = BTreeMap::new();
        let files = restore(&head.now, &chunks, &mut shared)?;
        let mut session = Session::new(files, &head.example, outside.clone());
        *session.host.directory.borrow_mut() = head.directory;
        *session.host.environment.borrow_mut() = head.environment;
        session.next = head.next.max(1);
        for entry in &head.history {
            session.history.push(Entry {
                number: entry.number,
                command: entry.command.clone(),
                status: entry.status,
                time: entry.time,
                before: restore(&entry.before, &chunks, &mut shared)?,
                after: restore(&entry.after, &chunks, &mut shared)?,
            });
        }
        self.generation = head.generation;
        self.stored = chunks.keys().cloned().collect();
        Ok(Some(session))
    }

    async fn read(&self) -> Result<(Option<String>, BTreeMap<String, Rc<Vec<u8>>>), idb::Error> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadOnly)?;
        let head = transaction
            .object_store(HEAD)?
            .get(JsValue::from_str(HEAD))?
            .await?
            .and_then(|value| value.as_string());
        let store = transaction.object_store(CHUNKS)?;
        let keys = store.get_all_keys(None, None)?.await?;
        let values = store.get_all(None, None)?.await?;
        let chunks = keys
            .into_iter()
            .zip(values)
            .filter_map(|(key, value)| {
                let bytes: Uint8Array = value.dyn_into().ok()?;
                Some((key.as_string()?, Rc::new(bytes.to_vec())))
            })
            .collect();
        Ok((head, chunks))
    }

    /// Saves the workspace.
    ///
    /// # Errors
    ///
    /// For a person: the browser's reason, or that another tab has saved since.
    pub async fn save(&mut self, session: &Session) -> Result<(), String> {
        let host = &session.host;
        let mut head = Head {
            generation: self.generation + 1,
            now: self.chunker.manifest(&host.files()),
            directory: host.directory.borrow().clone(),
            environment: host.environment.borrow().clone(),
            example: session.example.clone(),
            history: Vec::new(),
            next: session.next,
        };
        for entry in &session.history {
            head.history.push(SavedEntry {
                number: entry.number,
                command: entry.command.clone(),
                status: entry.status,
                time: entry.time,
                before: self.chunker.manifest(&entry.before),
                after: self.chunker.manifest(&entry.after),
            });
        }
        let used: BTreeSet<String> = head
            .history
            .iter()
            .flat_map(|entry| [&entry.before, &entry.after])
            .chain([&head.now])
            .flat_map(|manifest| manifest.files.values())
            .flatten()
            .cloned()
            .collect();
        let json = serde_json::to_string(&head).map_err(|error| error.to_string())?;
        self.chunker.forget_unused(&used);
        match self.write(&json, &used).await {
            Ok(true) => {
                self.generation = head.generation;
                self.stored = used;
                Ok(())
            }
            Ok(false) => Err(
                "another tab has this project open and saved it; reload to see its state"
                    .to_owned(),
            ),
            Err(error) => Err(words(&error)),
        }
    }

    async fn write(&self, json: &str, used: &BTreeSet<String>) -> Result<bool, idb::Error> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadWrite)?;
        let heads = transaction.object_store(HEAD)?;
        let there = heads
            .get(JsValue::from_str(HEAD))?
            .await?
            .and_then(|value| value.as_string())
            .and_then(|text| serde_json::from_str::<Generation>(&text).ok());
        if there.is_some_and(|there| there.generation != self.generation) {
            transaction.abort()?;
            return Ok(false);
        }
        let chunks = transaction.object_store(CHUNKS)?;
        for name in used.difference(&self.stored) {
            if let Some(chunk) = self.chunker.chunks.get(name) {
                let bytes = Uint8Array::from(chunk.as_slice());
                chunks.put(&bytes, Some(&JsValue::from_str(name)))?;
            }
        }
        for name in self.stored.difference(used) {
            chunks.delete(JsValue::from_str(name))?;
        }
        heads.put(&JsValue::from_str(json), Some(&JsValue::from_str(HEAD)))?;
        transaction.await?;
        Ok(true)
    }
}

#[derive(serde::Deserialize)]
struct Generation {
    generation: u64,
}
