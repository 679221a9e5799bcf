//! `dict`: a hash table that preserves insertion order.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;

use hashbrown::HashTable;

use super::interpreter::Interpreter;
use super::members::{Member, Members};
use super::value::{Class, Value};
use ground::diagnostic::Result;
use ground::hash::of_text;

/// A `dict`, a namespace, or the items of a set.
#[derive(Default)]
pub struct Dict {
    data: RefCell<Data>,
    /// Members of a native class's namespace that have not been created yet.
    waiting: Cell<Option<Box<Members>>>,
}

#[derive(Default, Clone)]
struct Data {
    entries: Vec<Option<Entry>>,
    table: HashTable<u32>,
    live: usize,
    /// Incremented when the set of keys changes, so that iteration can detect modification.
    version: u64,
}

#[derive(Clone)]
struct Entry {
    hash: u64,
    key: Value,
    value: Value,
}

impl Drop for Dict {
    fn drop(&mut self) {
        let data = self.data.get_mut();
        // Only containers can form a chain that is too long to drop recursively.
        if data
            .entries
            .iter()
            .flatten()
            .any(|entry| entry.value.holds_others())
        {
            super::discard::values(
                data.entries
                    .drain(..)
                    .flatten()
                    .map(|entry| entry.value)
                    .collect(),
            );
        }
    }
}

/// Up to this many entries are searched linearly, without a hash table.
const SMALL: usize = 8;

impl Data {
    fn find(&self, hash: u64, mut same: impl FnMut(&Value) -> bool) -> Option<usize> {
        if self.table.is_empty() {
            return self.entries.iter().position(|entry| {
                entry
                    .as_ref()
                    .is_some_and(|entry| entry.hash == hash && same(&entry.key))
            });
        }
        self.table
            .find(hash, |&index| {
                self.entries[index as usize]
                    .as_ref()
                    .is_some_and(|entry| entry.hash == hash && same(&entry.key))
            })
            .map(|&index| index as usize)
    }

    fn find_str(&self, hash: u64, name: &str) -> Option<usize> {
        self.find(hash, |key| match key {
            Value::Str(text) => &**text == name,
            _ => false,
        })
    }

    fn push(&mut self, hash: u64, key: Value, value: Value) {
        self.version += 1;
        if self.entries.len() > 32 && self.live * 2 < self.entries.len() {
            self.compact();
        }
        let index = self.entries.len();
        self.entries.push(Some(Entry { hash, key, value }));
        self.live += 1;
        if self.table.is_empty() {
            if self.entries.len() > SMALL {
                self.rebuild();
            }
        } else {
            let entries = &self.entries;
            self.table
                .insert_unique(hash, u32::try_from(index).unwrap_or(u32::MAX), |&index| {
                    entries[index as usize]
                        .as_ref()
                        .map_or(0, |entry| entry.hash)
                });
        }
    }

    fn rebuild(&mut self) {
        self.table = HashTable::with_capacity(self.entries.len() * 2);
        let entries = &self.entries;
        for (index, entry) in entries.iter().enumerate() {
            if let Some(entry) = entry {
                self.table.insert_unique(
                    entry.hash,
                    u32::try_from(index).unwrap_or(u32::MAX),
                    |&index| {
                        entries[index as usize]
                            .as_ref()
                            .map_or(0, |entry| entry.hash)
                    },
                );
            }
        }
    }

    fn compact(&mut self) {
        self.entries.retain(Option::is_some);
        self.table = HashTable::new();
        if self.entries.len() > SMALL {
            self.rebuild();
        }
    }

    fn remove(&mut self, index: usize) -> Option<(Value, Value)> {
        let entry = self.entries[index].take()?;
        if !self.table.is_empty()
            && let Ok(found) = self
                .table
                .find_entry(entry.hash, |&other| other as usize == index)
        {
            found.remove();
        }
        self.live -= 1;
        self.version += 1;
        if self.live == 0 {
            self.entries.clear();
            self.table.clear();
        } else if index + 1 == self.entries.len() {
            self.entries.pop();
        }
        if self.table.is_empty() && self.entries.len() > SMALL {
            self.rebuild();
        }
        Some((entry.key, entry.value))
    }
}

impl Dict {
    /// An empty dictionary.
    pub fn new() -> Dict {
        Dict::default()
    }

    /// The lazily filled namespace of a native class.
    pub(crate) fn of_members(members: Members) -> Dict {
        Dict {
            data: RefCell::default(),
            waiting: Cell::new(Some(Box::new(members))),
        }
    }

    /// Adds a member to the namespace of a native class, created on first access.
    pub(crate) fn add_member(&self, class: &Class, name: &'static str, member: Member) {
        let mut members = self
            .waiting
            .take()
            .unwrap_or_else(|| Box::new(Members::new(Rc::default(), class.name())));
        members.list.push((name, member));
        self.waiting.set(Some(members));
    }

    /// Reserves capacity for `count` keys.
    pub(crate) fn reserve(&self, count: usize) {
        self.data.borrow_mut().entries.reserve(count);
    }

    fn look(&self) -> Ref<'_, Data> {
        if let Some(members) = self.waiting.take() {
            members.fill(self);
        }
        self.data.borrow()
    }

    fn change(&self) -> RefMut<'_, Data> {
        if let Some(members) = self.waiting.take() {
            members.fill(self);
        }
        self.data.borrow_mut()
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.look().live
    }

    /// Whether the dictionary is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes whenever a key is added or removed.
    pub fn version(&self) -> u64 {
        self.look().version
    }

    /// Looks up a `str` key.
    pub fn get_str(&self, name: &str) -> Option<Value> {
        let data = self.look();
        if data.live == 0 {
            return None;
        }
        let index = data.find_str(of_text(name), name)?;
        data.entries[index]
            .as_ref()
            .map(|entry| entry.value.clone())
    }

    /// Whether the `str` key exists.
    pub fn contains_str(&self, name: &str) -> bool {
        let data = self.look();
        data.live > 0 && data.find_str(of_text(name), name).is_some()
    }

    /// Sets the value of a `str` key.
    pub fn set_str(&self, name: &str, value: Value) {
        self.set_name_with(name, || Rc::from(name), value);
    }

    /// Sets the value of a `str` key without copying the key.
    pub fn set_name(&self, name: &Rc<str>, value: Value) {
        self.set_name_with(name, || name.clone(), value);
    }

    fn set_name_with(&self, name: &str, key: impl FnOnce() -> Rc<str>, value: Value) {
        let hash = of_text(name);
        let mut data = self.change();
        let old = match data.find_str(hash, name) {
            Some(index) => data.entries[index]
                .as_mut()
                .map(|entry| std::mem::replace(&mut entry.value, value)),
            None => {
                data.push(hash, Value::Str(key()), value);
                None
            }
        };
        drop(data);
        drop(old);
    }

    /// Removes a `str` key and returns its value.
    pub fn remove_str(&self, name: &str) -> Option<Value> {
        let mut data = self.change();
        let index = data.find_str(of_text(name), name)?;
        data.remove(index).map(|(_, value)| value)
    }

    /// All key/value pairs, in insertion order.
    pub fn entries(&self) -> Vec<(Value, Value)> {
        self.look()
            .entries
            .iter()
            .flatten()
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect()
    }

    /// All keys, in insertion order.
    pub fn keys(&self) -> Vec<Value> {
        self.look()
            .entries
            .iter()
            .flatten()
            .map(|entry| entry.key.clone())
            .collect()
    }

    /// All values, in insertion order.
    pub fn values(&self) -> Vec<Value> {
        self.look()
            .entries
            .iter()
            .flatten()
            .map(|entry| entry.value.clone())
            .collect()
    }

    /// The keys that are `str`, with their values, in order.
    pub fn str_entries(&self) -> Vec<(Rc<str>, Value)> {
        self.look()
            .entries
            .iter()
            .flatten()
            .filter_map(|entry| match &entry.key {
                Value::Str(name) => Some((name.clone(), entry.value.clone())),
                _ => None,
            })
            .collect()
    }

    /// The first entry at or after a position, and the position after it.
    pub(crate) fn entry_from(&self, position: usize) -> Option<(usize, Value, Value)> {
        let data = self.look();
        (position..data.entries.len()).find_map(|index| {
            data.entries[index]
                .as_ref()
                .map(|entry| (index + 1, entry.key.clone(), entry.value.clone()))
        })
    }

    /// Removes all entries.
    pub fn clear(&self) {
        drop(self.waiting.take());
        let old = {
            let mut data = self.data.borrow_mut();
            let version = data.version + 1;
            std::mem::replace(
                &mut *data,
                Data {
                    version,
                    ..Data::default()
                },
            )
        };
        drop(old);
    }

    /// A shallow copy.
    pub fn copy(&self) -> Dict {
        Dict {
            data: RefCell::new(self.look().clone()),
            waiting: Cell::default(),
        }
    }

    /// Replaces the contents with those of `other`.
    pub fn assign(&self, other: Dict) {
        drop(other.look());
        let old = std::mem::replace(&mut *self.change(), other.data.take());
        drop(old);
    }

    /// Removes and returns the last entry (`popitem`).
    pub fn pop_last(&self) -> Option<(Value, Value)> {
        let mut data = self.change();
        let index = data.entries.iter().rposition(Option::is_some)?;
        data.remove(index)
    }

    /// Removes and returns the first entry.
    pub fn pop_first(&self) -> Option<(Value, Value)> {
        let mut data = self.change();
        let index = data.entries.iter().position(Option::is_some)?;
        let removed = data.remove(index);
        if data.entries.len() > 32 && index * 2 > data.entries.len() {
            data.compact();
        }
        removed
    }

    fn find(&self, vm: &mut Interpreter, hash: u64, key: &Value) -> Result<Option<usize>> {
        if let Value::Str(name) = key {
            let data = self.look();
            if let Some(index) = data.find_str(hash, name) {
                return Ok(Some(index));
            }
        }
        let mut undecided = Vec::new();
        let found = {
            let data = self.look();
            data.find(hash, |other| match simple_equal(other, key) {
                Some(equal) => equal,
                None => {
                    undecided.push(other.clone());
                    false
                }
            })
        };
        if found.is_some() || undecided.is_empty() {
            return Ok(found);
        }
        for candidate in undecided {
            if vm.equal(&candidate, key)? {
                let data = self.look();
                return Ok(data.find(hash, |other| other.is(&candidate)));
            }
        }
        Ok(None)
    }

    /// Looks up a key. Fails if the key is not hashable.
    pub fn get(&self, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let hash = vm.hash(key)?;
        let Some(index) = self.find(vm, hash, key)? else {
            return Ok(None);
        };
        Ok(self.look().entries[index]
            .as_ref()
            .map(|entry| entry.value.clone()))
    }

    /// Whether the key exists. Fails if it is not hashable.
    pub fn contains(&self, vm: &mut Interpreter, key: &Value) -> Result<bool> {
        let hash = vm.hash(key)?;
        Ok(self.find(vm, hash, key)?.is_some())
    }

    /// Sets the value of a key; an existing key keeps its position.
    pub fn set(&self, vm: &mut Interpreter, key: Value, value: Value) -> Result<()> {
        let hash = vm.hash(&key)?;
        match self.find(vm, hash, &key)? {
            Some(index) => {
                let old = self.change().entries[index]
                    .as_mut()
                    .map(|entry| std::mem::replace(&mut entry.value, value));
                drop(old);
            }
            None => self.change().push(hash, key, value),
        }
        Ok(())
    }

    /// Removes a key and returns its value.
    pub fn remove(&self, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let hash = vm.hash(key)?;
        let Some(index) = self.find(vm, hash, key)? else {
            return Ok(None);
        };
        let removed = self.change().remove(index);
        Ok(removed.map(|(_, value)| value))
    }

    /// Adds all entries of `other`, replacing existing values.
    pub fn update(&self, vm: &mut Interpreter, other: &Dict) -> Result<()> {
        for (key, value) in other.entries() {
            self.set(vm, key, value)?;
        }
        Ok(())
    }
}

/// Whether two keys are equal, if that can be decided without calling `__eq__`; otherwise `None`.
pub(crate) fn simple_equal(a: &Value, b: &Value) -> Option<bool> {
    use Value::*;
    Some(match (a, b) {
        (Str(a), Str(b)) => a == b,
        (Int(a), Int(b)) => a == b,
        (Bool(a), Bool(b)) => a == b,
        (Bool(a), Int(b)) | (Int(b), Bool(a)) => i64::from(*a) == *b,
        (None, None) => true,
        (Float(a), Float(b)) => a == b,
        (Bytes(a), Bytes(b)) => a == b,
        (BigInt(a), BigInt(b)) => a == b,
        (Class(a), Class(b)) if a == b => true,
        (Tuple(a), Tuple(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !a.is(b) && !simple_equal(a, b)? {
                    return Some(false);
                }
            }
            true
        }
        (Str(_) | Bytes(_) | None | Tuple(_), Int(_) | Bool(_) | Float(_) | BigInt(_))
        | (Int(_) | Bool(_) | Float(_) | BigInt(_), Str(_) | Bytes(_) | None | Tuple(_))
        | (Str(_), Bytes(_) | None | Tuple(_))
        | (Bytes(_) | None | Tuple(_), Str(_)) => false,
        (a, b) if a.is(b) => true,
        _ => return Option::None,
    })
}
