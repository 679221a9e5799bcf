//! Alembic's revision algebra: revisions, the map of them, the revision language and the walks
//! over the graph. Pure: it knows no Python and no files.
//!
//! Where Alembic's order comes from the hashes of a Python set, and so varies from run to run,
//! this module keeps one order: that in which revisions were loaded. It concerns `nextrev` (what
//! a branch point branches into), branch labels, dependencies of one revision, and the current
//! revisions of several branches.

mod error;
mod graph;
mod map;
mod target;

use std::any::Any;
use std::cell::{Ref, RefCell};
use std::fmt;
use std::rc::Rc;

use ground::hash::IndexSet;

use ground::formatting::repr::{string_repr, tuple_repr};

pub use error::RevisionError;
pub use map::RevisionMap;
pub use target::IterateOptions;

/// The result of a question to the map.
pub type RevisionResult<T> = std::result::Result<T, RevisionError>;

/// What callers ask for: `None`, one identifier, or a tuple of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// `None`.
    None,
    /// A string.
    One(String),
    /// A tuple of strings.
    Many(Vec<String>),
}

impl Identifier {
    /// `str(identifier or "base")`.
    pub(crate) fn or_base(&self) -> String {
        if self.is_empty() {
            "base".to_owned()
        } else {
            self.to_string()
        }
    }

    /// Whether Python takes it for false.
    pub fn is_empty(&self) -> bool {
        match self {
            Identifier::None => true,
            Identifier::One(id) => id.is_empty(),
            Identifier::Many(ids) => ids.is_empty(),
        }
    }

    /// `util.to_tuple`.
    pub fn to_vec(&self) -> Vec<String> {
        match self {
            Identifier::None => Vec::new(),
            Identifier::One(id) => vec![id.clone()],
            Identifier::Many(ids) => ids.clone(),
        }
    }
}

impl fmt::Display for Identifier {
    /// `str(identifier)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identifier::None => f.write_str("None"),
            Identifier::One(id) => f.write_str(id),
            Identifier::Many(ids) => f.write_str(&tuple_repr(ids)),
        }
    }
}

impl From<&str> for Identifier {
    fn from(id: &str) -> Self {
        Identifier::One(id.to_owned())
    }
}

impl From<String> for Identifier {
    fn from(id: String) -> Self {
        Identifier::One(id)
    }
}

impl From<Option<&str>> for Identifier {
    fn from(id: Option<&str>) -> Self {
        id.map_or(Identifier::None, Identifier::from)
    }
}

impl From<&[String]> for Identifier {
    fn from(ids: &[String]) -> Self {
        Identifier::Many(ids.to_vec())
    }
}

impl From<Vec<String>> for Identifier {
    fn from(ids: Vec<String>) -> Self {
        Identifier::Many(ids)
    }
}

/// What an identifier resolves to: nothing, the state before all bases, or a revision.
#[derive(Clone, Debug)]
pub enum RevisionOrBase {
    /// `None`: a walk that left the graph.
    None,
    /// The string `"base"`: a walk that ended below a base.
    Base,
    /// A revision.
    Revision(Rc<Revision>),
}

impl RevisionOrBase {
    /// The revision, if it is one.
    pub fn revision(&self) -> Option<&Rc<Revision>> {
        match self {
            RevisionOrBase::Revision(revision) => Some(revision),
            _ => None,
        }
    }

    /// `is_revision`: the revision, or the `AssertionError` that Alembic raises.
    pub(crate) fn into_revision(self) -> RevisionResult<Rc<Revision>> {
        match self {
            RevisionOrBase::Revision(revision) => Ok(revision),
            _ => Err(RevisionError::assertion("")),
        }
    }
}

/// One revision of a graph, Alembic's `Revision`. What the map finds out about it (what follows
/// it, its inherited labels, its resolved dependencies) is filled in by the map.
pub struct Revision {
    /// The id.
    pub revision: String,
    /// `down_revision` as a tuple: empty for a base, several for a merge.
    pub down_revision: Vec<String>,
    /// `depends_on` as it was written: ids, partial ids or labels.
    pub dependencies: Vec<String>,
    /// The labels written in this revision itself.
    pub orig_branch_labels: Vec<String>,
    /// Whatever the owner of the map attaches: the script.
    pub attachment: Option<Rc<dyn Any>>,
    /// How the owner of the map names a revision in a warning; `None` for `repr`.
    pub describe: Option<fn(&Revision) -> String>,
    branch_labels: RefCell<IndexSet<String>>,
    nextrev: RefCell<IndexSet<String>>,
    all_nextrev: RefCell<IndexSet<String>>,
    resolved_dependencies: RefCell<Vec<String>>,
    normalized_resolved_dependencies: RefCell<Vec<String>>,
    index: std::cell::Cell<usize>,
}

impl Revision {
    /// Makes a revision that belongs to no map yet.
    ///
    /// Errors: a revision that names itself as its parent or dependency, and an id with a
    /// character that the revision language needs.
    pub fn new(
        revision: &str,
        down_revision: Vec<String>,
        dependencies: Vec<String>,
        branch_labels: Vec<String>,
    ) -> RevisionResult<Self> {
        if down_revision.iter().any(|id| id == revision) {
            return Err(RevisionError::Cycle {
                kind: "Self-loop",
                revisions: vec![revision.to_owned()],
            });
        }
        if dependencies.iter().any(|id| id == revision) {
            return Err(RevisionError::Cycle {
                kind: "Dependency self-loop",
                revisions: vec![revision.to_owned()],
            });
        }
        Self::verify_rev_id(revision)?;
        Ok(Revision {
            revision: revision.to_owned(),
            branch_labels: RefCell::new(branch_labels.iter().cloned().collect()),
            down_revision,
            dependencies,
            orig_branch_labels: branch_labels,
            attachment: None,
            describe: None,
            nextrev: RefCell::default(),
            all_nextrev: RefCell::default(),
            resolved_dependencies: RefCell::default(),
            normalized_resolved_dependencies: RefCell::default(),
            index: std::cell::Cell::new(usize::MAX),
        })
    }

    /// The same with an attachment.
    pub fn with_attachment(mut self, attachment: Rc<dyn Any>) -> Self {
        self.attachment = Some(attachment);
        self
    }

    /// `str(revision)`.
    fn described(&self) -> String {
        match self.describe {
            Some(describe) => describe(self),
            None => format!("{self:?}"),
        }
    }

    /// `Revision.verify_rev_id`.
    ///
    /// Errors: an id with one of `+`, `-`, `:`, `@`.
    pub fn verify_rev_id(revision: &str) -> RevisionResult<()> {
        let illegal: Vec<&str> = ["+", "-", ":", "@"]
            .into_iter()
            .filter(|character| revision.contains(character))
            .collect();
        if illegal.is_empty() {
            return Ok(());
        }
        Err(RevisionError::Message(format!(
            "Character(s) '{}' not allowed in revision identifier '{revision}'",
            illegal.join(", ")
        )))
    }

    /// Its own and inherited labels.
    pub fn branch_labels(&self) -> Ref<'_, IndexSet<String>> {
        self.branch_labels.borrow()
    }

    /// What follows it by `down_revision`.
    pub fn nextrev(&self) -> Ref<'_, IndexSet<String>> {
        self.nextrev.borrow()
    }

    /// What follows it by `down_revision` or `depends_on` (`_all_nextrev`).
    pub fn all_nextrev(&self) -> Ref<'_, IndexSet<String>> {
        self.all_nextrev.borrow()
    }

    /// `_resolved_dependencies`.
    pub fn resolved_dependencies(&self) -> Ref<'_, Vec<String>> {
        self.resolved_dependencies.borrow()
    }

    /// `_normalized_resolved_dependencies`.
    pub fn normalized_resolved_dependencies(&self) -> Ref<'_, Vec<String>> {
        self.normalized_resolved_dependencies.borrow()
    }

    /// `_versioned_down_revisions`.
    pub fn versioned_down_revisions(&self) -> &[String] {
        &self.down_revision
    }

    /// `_all_down_revisions`: parents, then resolved dependencies, each once.
    pub fn all_down_revisions(&self) -> Vec<String> {
        dedupe(&self.down_revision, &self.resolved_dependencies.borrow())
    }

    /// `_normalized_down_revisions`: parents, then the dependencies that are not implied.
    pub fn normalized_down_revisions(&self) -> Vec<String> {
        dedupe(
            &self.down_revision,
            &self.normalized_resolved_dependencies.borrow(),
        )
    }

    /// Whether no revision follows it by `down_revision`.
    pub fn is_head(&self) -> bool {
        self.nextrev.borrow().is_empty()
    }

    /// Whether no revision follows it or depends on it.
    pub fn is_real_head(&self) -> bool {
        self.all_nextrev.borrow().is_empty()
    }

    /// Whether it has no parent.
    pub fn is_base(&self) -> bool {
        self.down_revision.is_empty()
    }

    /// Whether it has neither parent nor dependency.
    pub fn is_real_base(&self) -> bool {
        self.down_revision.is_empty() && self.dependencies.is_empty()
    }

    /// Whether more than one revision follows it.
    pub fn is_branch_point(&self) -> bool {
        self.nextrev.borrow().len() > 1
    }

    /// The same, dependencies counted.
    pub fn is_real_branch_point(&self) -> bool {
        self.all_nextrev.borrow().len() > 1
    }

    /// Whether it has several parents.
    pub fn is_merge_point(&self) -> bool {
        self.down_revision.len() > 1
    }

    fn add_nextrev(&self, revision: &Revision) {
        self.all_nextrev
            .borrow_mut()
            .insert(revision.revision.clone());
        if revision.down_revision.contains(&self.revision) {
            self.nextrev.borrow_mut().insert(revision.revision.clone());
        }
    }
}

impl fmt::Debug for Revision {
    /// `repr(revision)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Revision({}, {}",
            string_repr(&self.revision),
            scalar_repr(&self.down_revision)
        )?;
        if !self.dependencies.is_empty() {
            write!(f, ", dependencies={}", scalar_repr(&self.dependencies))?;
        }
        let labels = self.branch_labels.borrow();
        if !labels.is_empty() {
            let labels: Vec<String> = labels.iter().map(|label| string_repr(label)).collect();
            write!(f, ", branch_labels={{{}}}", labels.join(", "))?;
        }
        f.write_str(")")
    }
}

fn dedupe(first: &[String], second: &[String]) -> Vec<String> {
    if first.len() + second.len() < 2 {
        return first.iter().chain(second).cloned().collect();
    }
    let unique: IndexSet<&String> = first.iter().chain(second).collect();
    unique.into_iter().cloned().collect()
}

/// `repr()` of what `tuple_rev_as_scalar` makes of revision ids: `None`, a string, or a tuple of strings.
fn scalar_repr(ids: &[String]) -> String {
    match ids {
        [] => "None".to_owned(),
        [only] => string_repr(only),
        many => tuple_repr(many),
    }
}
