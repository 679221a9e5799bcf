//! What the real packages show of themselves, as `tests/oracle/faces.py` wrote it down.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use limbeck::bindings::faces::Signature;
use serde_json::Value;

/// What a name of a module or a class is.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// A class, by its dotted name.
    Class(String),
    /// A function or method without its object, and its parameters where Python tells them.
    Function(Option<Signature>),
    /// A module.
    Module,
    /// A property, a constant, an object, or an attribute that only an annotation declares.
    Value,
}

impl Member {
    fn read(value: &Value) -> Member {
        if let Some(class) = value.get("class").and_then(Value::as_str) {
            return Member::Class(class.to_owned());
        }
        match value.get("function") {
            Some(list) => Member::Function(list.as_str().map(Signature::parse)),
            None if value == "module" => Member::Module,
            None => Member::Value,
        }
    }
}

/// A module.
pub struct Module {
    /// Why it could not be imported.
    pub absent: Option<String>,
    /// Its public names, and those that were asked for.
    pub names: BTreeMap<String, Member>,
    /// The names that were asked for and are not there.
    pub lacks: BTreeSet<String>,
}

/// A class.
pub struct Class {
    bases: Vec<String>,
    /// What its constructor takes, where Python tells it.
    pub constructor: Option<Signature>,
    own: BTreeMap<String, Member>,
}

/// The names of a class with the class that defines each.
pub type Names = BTreeMap<String, (String, Member)>;

/// All that is written down.
pub struct Reference {
    /// Python's version: `3.11`.
    pub python: String,
    /// The modules by name.
    pub modules: BTreeMap<String, Module>,
    /// The classes by dotted name.
    pub classes: BTreeMap<String, Class>,
    orders: RefCell<BTreeMap<String, Rc<Vec<String>>>>,
    names: RefCell<BTreeMap<String, Rc<Names>>>,
}

impl Reference {
    /// Reads the text of `faces.json`.
    pub fn read(text: &str) -> Reference {
        let whole: Value = serde_json::from_str(text).expect("faces.json is JSON");
        let entries = |key: &str| {
            let map = whole[key].as_object().expect("an object of entries");
            assert!(!map.is_empty(), "faces.json has no {key}");
            map.iter().map(|(name, entry)| (name.clone(), entry))
        };
        Reference {
            python: whole["python"].as_str().expect("a version").to_owned(),
            modules: entries("modules")
                .map(|(name, entry)| (name, module(entry)))
                .collect(),
            classes: entries("classes")
                .map(|(name, entry)| (name, class(entry)))
                .collect(),
            orders: RefCell::default(),
            names: RefCell::default(),
        }
    }

    /// The classes that a class inherits from, itself first, in Python's order; `object` is left out.
    pub fn mro(&self, name: &str) -> Rc<Vec<String>> {
        if let Some(order) = self.orders.borrow().get(name) {
            return order.clone();
        }
        let bases = self.classes.get(name).map(|class| &class.bases[..]);
        let order = Rc::new(self.linearized(name, bases.unwrap_or_default()));
        self.orders
            .borrow_mut()
            .insert(name.to_owned(), order.clone());
        order
    }

    fn linearized(&self, name: &str, bases: &[String]) -> Vec<String> {
        let mut sequences: Vec<Vec<String>> =
            bases.iter().map(|base| self.mro(base).to_vec()).collect();
        sequences.push(bases.to_vec());
        let mut order = vec![name.to_owned()];
        loop {
            sequences.retain(|sequence| !sequence.is_empty());
            // The first that stands behind no other: C3, as Python itself merges them.
            let Some(next) = sequences.iter().map(|sequence| &sequence[0]).find(|head| {
                sequences
                    .iter()
                    .all(|sequence| !sequence[1..].contains(head))
            }) else {
                return order;
            };
            let next = next.clone();
            for sequence in &mut sequences {
                if sequence[0] == next {
                    sequence.remove(0);
                }
            }
            order.push(next);
        }
    }

    /// The names of a class with the class that defines each, inherited ones too.
    pub fn names(&self, class: &str) -> Rc<Names> {
        if let Some(names) = self.names.borrow().get(class) {
            return names.clone();
        }
        let mut names = BTreeMap::new();
        for owner in self.mro(class).iter() {
            let own = self.classes.get(owner).map(|class| &class.own);
            for (name, member) in own.into_iter().flatten() {
                names
                    .entry(name.clone())
                    .or_insert_with(|| (owner.clone(), member.clone()));
            }
        }
        let names = Rc::new(names);
        self.names
            .borrow_mut()
            .insert(class.to_owned(), names.clone());
        names
    }
}

fn module(entry: &Value) -> Module {
    Module {
        absent: entry["absent"].as_str().map(str::to_owned),
        names: members(entry),
        lacks: texts(&entry["lacks"]).into_iter().collect(),
    }
}

fn class(entry: &Value) -> Class {
    Class {
        bases: texts(&entry["bases"]),
        constructor: entry["constructor"].as_str().map(Signature::parse),
        own: members(entry),
    }
}

fn members(entry: &Value) -> BTreeMap<String, Member> {
    let names = entry["names"].as_object().into_iter().flatten();
    names
        .map(|(name, member)| (name.clone(), Member::read(member)))
        .collect()
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
