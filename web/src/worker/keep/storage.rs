//! Stores workspaces in IndexedDB: chunks, record and metadata are written in one transaction. Chunks
//! belong to one workspace, so that unused ones go with the next save and all of them with the workspace.

use std::collections::HashSet;

use idb::{
    Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, Transaction,
    TransactionMode,
};
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::saved::{self, Chunker, Chunks, Meta, Writing};
use super::words;
use crate::time::history::History;

const CHUNKS: &str = "chunks";
const HEAD: &str = "head";

/// The store of all workspaces.
pub struct Store {
    database: Database,
}

/// Why something was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another page saved since, or removed the workspace.
    Elsewhere,
    /// The browser has no more room.
    Full,
    /// The browser's reason, for a person.
    Failed(String),
}

impl From<idb::Error> for Refusal {
    fn from(error: idb::Error) -> Self {
        let text = error.to_string();
        if text.contains("QuotaExceeded") {
            Refusal::Full
        } else {
            Refusal::Failed(text)
        }
    }
}

impl Refusal {
    /// The reason, for a person.
    pub fn words(self) -> String {
        match self {
            Refusal::Elsewhere => words::SAVED_SINCE.to_owned(),
            Refusal::Full => words::NO_ROOM.to_owned(),
            Refusal::Failed(reason) => reason,
        }
    }
}

fn meta_key(id: &str) -> JsValue {
    JsValue::from_str(&format!("meta/{id}"))
}

fn states_key(id: &str) -> JsValue {
    JsValue::from_str(&format!("states/{id}"))
}

/// All keys that begin so: `/` is followed by `0`.
fn under(folder: &str) -> Result<KeyRange, idb::Error> {
    KeyRange::bound(
        &JsValue::from_str(&format!("{folder}/")),
        &JsValue::from_str(&format!("{folder}0")),
        None,
        Some(true),
    )
}

/// Waits until all of a transaction is kept, or none of it.
async fn whole(transaction: Transaction) -> Result<(), Refusal> {
    let raw = JsValue::from(transaction);
    // Not the event of the request that failed: why it all failed is known only when it was aborted.
    let ended = JsFuture::from(Promise::new(&mut |resolve, _| {
        for event in ["oncomplete", "onabort"] {
            let _ = Reflect::set(&raw, &event.into(), &resolve);
        }
    }))
    .await;
    let complete = ended.is_ok_and(|event| {
        event
            .dyn_ref::<web_sys::Event>()
            .is_some_and(|event| event.type_() == "complete")
    });
    if complete {
        return Ok(());
    }
    Err(match Transaction::try_from(raw)?.error() {
        Some(error) => idb::Error::DomException(error).into(),
        None => Refusal::Failed(words::GAVE_UP.to_owned()),
    })
}

impl Store {
    /// Opens the store of that name.
    ///
    /// # Errors
    ///
    /// The browser's, such as in a private window.
    pub async fn open(name: &str) -> Result<Self, Refusal> {
        let mut request = Factory::new()?.open(name, Some(1))?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                for store in [CHUNKS, HEAD] {
                    let _ = database.create_object_store(store, ObjectStoreParams::new());
                }
            }
        });
        Ok(Store {
            database: request.await?,
        })
    }

    /// What is known of all workspaces, removed ones too.
    ///
    /// # Errors
    ///
    /// The browser's.
    pub async fn list(&self) -> Result<Vec<Meta>, Refusal> {
        let transaction = self
            .database
            .transaction(&[HEAD], TransactionMode::ReadOnly)?;
        let found = transaction
            .object_store(HEAD)?
            .get_all(Some(Query::KeyRange(under("meta")?)), None)?
            .await?;
        Ok(found.iter().filter_map(read_meta).collect())
    }

    /// A workspace, where there is one of that id.
    ///
    /// # Errors
    ///
    /// Where it can't be read, or a piece of it is missing.
    pub async fn load(&self, id: &str) -> Result<Option<(Meta, History, Chunker)>, Refusal> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadOnly)?;
        let head = transaction.object_store(HEAD)?;
        let (meta, record) = (head.get(meta_key(id))?, head.get(states_key(id))?);
        let store = transaction.object_store(CHUNKS)?;
        let range = || under(id).map(Query::KeyRange);
        let keys = store.get_all_keys(Some(range()?), None)?;
        let values = store.get_all(Some(range()?), None)?;
        let meta = meta.await?.and_then(|value| read_meta(&value));
        let record = record.await?.and_then(|value| value.as_string());
        let chunks = read_chunks(&keys.await?, values.await?, id.len() + 1);
        let (Some(meta), Some(record)) = (meta, record) else {
            return Ok(None);
        };
        let history = saved::restore(&record, &chunks).map_err(Refusal::Failed)?;
        let stored: HashSet<String> = chunks.into_keys().collect();
        Ok(Some((meta, history, Chunker::new(stored))))
    }

    /// Saves a workspace; gives what is known of it now. `meta` has the generation that this page
    /// knows, 0 for a new workspace.
    ///
    /// # Errors
    ///
    /// Where another page saved since, or the browser can't.
    pub async fn save(
        &self,
        meta: &Meta,
        history: &History,
        chunker: &mut Chunker,
    ) -> Result<Meta, Refusal> {
        let writing = chunker.write(history).map_err(Refusal::Failed)?;
        let next = Meta {
            generation: meta.generation + 1,
            bytes: writing.bytes,
            ..meta.clone()
        };
        self.write(&next, Some(&writing)).await?;
        chunker.written();
        Ok(next)
    }

    /// Writes what is known of a workspace, its name or that it was removed, and nothing else; the
    /// generation is the one after that of `meta`.
    ///
    /// # Errors
    ///
    /// Where another page saved since, or the browser can't.
    pub async fn note(&self, meta: &Meta) -> Result<Meta, Refusal> {
        let next = Meta {
            generation: meta.generation + 1,
            ..meta.clone()
        };
        self.write(&next, None).await?;
        Ok(next)
    }

    async fn write(&self, next: &Meta, writing: Option<&Writing>) -> Result<(), Refusal> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadWrite)?;
        if let Err(refusal) = put(&transaction, next, writing).await {
            // Else what was put before would be kept.
            let _ = transaction.abort();
            return Err(refusal);
        }
        whole(transaction).await
    }

    /// Forgets a workspace for good.
    ///
    /// # Errors
    ///
    /// The browser's.
    pub async fn forget(&self, id: &str) -> Result<(), Refusal> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadWrite)?;
        transaction.object_store(CHUNKS)?.delete(under(id)?)?;
        let head = transaction.object_store(HEAD)?;
        head.delete(meta_key(id))?;
        head.delete(states_key(id))?;
        whole(transaction).await
    }

    /// The one workspace that an earlier version kept, if there is one: its history, and the example
    /// that it began as.
    ///
    /// # Errors
    ///
    /// Where it can't be read.
    pub async fn earlier(&self) -> Result<Option<(History, String)>, Refusal> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadOnly)?;
        let head = transaction
            .object_store(HEAD)?
            .get(JsValue::from_str(HEAD))?
            .await?
            .and_then(|value| value.as_string());
        let Some(head) = head else {
            return Ok(None);
        };
        let store = transaction.object_store(CHUNKS)?;
        let keys = store.get_all_keys(None, None)?;
        let values = store.get_all(None, None)?;
        let chunks = read_chunks(&keys.await?, values.await?, 0);
        saved::restore_earlier(&head, &chunks)
            .map(Some)
            .map_err(Refusal::Failed)
    }

    /// Forgets what an earlier version kept.
    ///
    /// # Errors
    ///
    /// The browser's.
    pub async fn forget_earlier(&self) -> Result<(), Refusal> {
        let transaction = self
            .database
            .transaction(&[CHUNKS, HEAD], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(CHUNKS)?;
        for key in store.get_all_keys(None, None)?.await? {
            if key.as_string().is_some_and(|key| !key.contains('/')) {
                store.delete(key)?;
            }
        }
        transaction
            .object_store(HEAD)?
            .delete(JsValue::from_str(HEAD))?;
        whole(transaction).await
    }
}

async fn put(
    transaction: &Transaction,
    next: &Meta,
    writing: Option<&Writing>,
) -> Result<(), Refusal> {
    let id = &next.id;
    let head = transaction.object_store(HEAD)?;
    let there = head
        .get(meta_key(id))?
        .await?
        .and_then(|value| read_meta(&value))
        .map_or(0, |meta| meta.generation);
    if there + 1 != next.generation {
        return Err(Refusal::Elsewhere);
    }
    if let Some(writing) = writing {
        let chunks = transaction.object_store(CHUNKS)?;
        let key = |name: &str| JsValue::from_str(&format!("{id}/{name}"));
        for (name, bytes) in &writing.put {
            chunks.put(&Uint8Array::from(bytes.as_slice()), Some(&key(name)))?;
        }
        for name in &writing.delete {
            chunks.delete(key(name))?;
        }
        head.put(&JsValue::from_str(&writing.record), Some(&states_key(id)))?;
    }
    let meta = serde_json::to_string(next).map_err(|error| Refusal::Failed(error.to_string()))?;
    head.put(&JsValue::from_str(&meta), Some(&meta_key(id)))?;
    Ok(())
}

fn read_meta(value: &JsValue) -> Option<Meta> {
    serde_json::from_str(&value.as_string()?).ok()
}

fn read_chunks(keys: &[JsValue], values: Vec<JsValue>, prefix: usize) -> Chunks {
    keys.iter()
        .zip(values)
        .filter_map(|(key, value)| {
            let bytes: Uint8Array = value.dyn_into().ok()?;
            let key = key.as_string()?;
            Some((key.get(prefix..)?.to_owned(), bytes.to_vec()))
        })
        .collect()
}
