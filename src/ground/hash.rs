//! Maps and sets with rustc's quick hash: keys are the short names of a person's own project, which need no protection
//! against those who would choose them badly.
//!
//! The hash has no random seed, but it differs between 32 and 64 bits: the order of a [`HashMap`] or [`HashSet`] must not
//! reach output. Where order matters, [`IndexMap`] and [`IndexSet`] keep that of insertion.

use std::hash::Hasher as _;

use rustc_hash::{FxBuildHasher, FxHasher};
pub use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// `IndexMap` with the quick hash.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FxBuildHasher>;
/// `IndexSet` with the quick hash.
pub type IndexSet<T> = indexmap::IndexSet<T, FxBuildHasher>;

/// The hash of a text, for a table that keeps hashes itself.
pub fn of_text(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}
