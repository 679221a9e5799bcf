//! The graph that the revisions form: built from all scripts, walked along its edges.

use std::collections::VecDeque;
use std::rc::Rc;

use ground::hash::{IndexMap, IndexSet};
use ground::order::InOrder;

use super::{Revision, RevisionError, RevisionResult};

/// The loaded graph.
#[derive(Default)]
pub(super) struct Graph {
    /// Every revision object, also one whose id is taken by a later one.
    nodes: Vec<Rc<Revision>>,
    /// Ids and branch labels, in the order in which Alembic's dictionary holds them.
    pub(super) map: IndexMap<String, Rc<Revision>>,
    pub(super) heads: Vec<String>,
    pub(super) real_heads: Vec<String>,
    pub(super) bases: Vec<String>,
    pub(super) real_bases: Vec<String>,
}

/// A set of revisions by identity.
#[derive(Clone, Default)]
pub(super) struct RevisionSet {
    members: Vec<bool>,
    pub(super) order: Vec<Rc<Revision>>,
}

impl RevisionSet {
    pub(super) fn insert(&mut self, revision: &Rc<Revision>) -> bool {
        let index = revision.index.get();
        if index >= self.members.len() {
            self.members.resize(index + 1, false);
        }
        if self.members[index] {
            return false;
        }
        self.members[index] = true;
        self.order.push(revision.clone());
        true
    }

    pub(super) fn contains(&self, revision: &Revision) -> bool {
        self.members
            .get(revision.index.get())
            .copied()
            .unwrap_or(false)
    }

    pub(super) fn extend<'a>(&mut self, revisions: impl IntoIterator<Item = &'a Rc<Revision>>) {
        for revision in revisions {
            self.insert(revision);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Rc<Revision>> {
        self.order
    }
}

/// Which neighbours a walk follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// `nextrev`.
    Next,
    /// `_all_nextrev`.
    AllNext,
    /// `nextrev` of the targets, `_all_nextrev` of all others.
    AllNextButTargets,
    /// `_versioned_down_revisions`.
    Down,
    /// `_all_down_revisions`.
    AllDown,
    /// `_normalized_down_revisions`.
    NormalizedDown,
}

impl Graph {
    /// Builds the graph from what the scripts say.
    ///
    /// Errors: a revision that is not there, a label given twice, a cycle.
    pub(super) fn load(revisions: Vec<Revision>, warn: &dyn Fn(&str)) -> RevisionResult<Graph> {
        let mut map: IndexMap<String, Rc<Revision>> = IndexMap::default();
        let mut nodes: Vec<Rc<Revision>> = Vec::with_capacity(revisions.len());
        let mut labelled: Vec<Rc<Revision>> = Vec::new();
        for revision in revisions {
            let revision = Rc::new(revision);
            revision.index.set(nodes.len());
            if map.contains_key(&revision.revision) {
                warn(&format!(
                    "Revision {} is present more than once",
                    revision.revision
                ));
            }
            map.insert(revision.revision.clone(), revision.clone());
            if !revision.orig_branch_labels.is_empty() {
                labelled.push(revision.clone());
            }
            nodes.push(revision);
        }
        let rev_map = map.clone();
        map_branch_labels(&labelled, &mut map)?;
        add_depends_on(&nodes, &map)?;

        let mut is_head = vec![true; nodes.len()];
        let mut is_real_head = vec![true; nodes.len()];
        for revision in map.values() {
            for down in revision.all_down_revisions() {
                let Some(node) = map.get(&down) else {
                    warn(&format!(
                        "Revision {down} referenced from {} is not present",
                        revision.described()
                    ));
                    return Err(RevisionError::parent_not_found(&down, revision));
                };
                node.add_nextrev(revision);
                if revision.down_revision.contains(&down) {
                    is_head[node.index.get()] = false;
                }
                is_real_head[node.index.get()] = false;
            }
        }
        normalize_depends_on(&nodes, &map)?;

        let chosen = |keep: &dyn Fn(&Rc<Revision>) -> bool| -> Vec<Rc<Revision>> {
            nodes.iter().filter(|node| keep(node)).cloned().collect()
        };
        let heads = chosen(&|node| is_head[node.index.get()]);
        let real_heads = chosen(&|node| is_real_head[node.index.get()]);
        let bases = chosen(&|node| node.is_base());
        let real_bases = chosen(&|node| node.is_real_base());
        detect_cycles(&rev_map, &heads, &bases, &real_heads, &real_bases)?;

        let ids = |revisions: &[Rc<Revision>]| -> Vec<String> {
            revisions
                .iter()
                .map(|revision| revision.revision.clone())
                .collect()
        };
        let graph = Graph {
            heads: ids(&heads),
            real_heads: ids(&real_heads),
            bases: ids(&bases),
            real_bases: ids(&real_bases),
            nodes,
            map,
        };
        graph.add_branches(&labelled)?;
        Ok(graph)
    }

    /// Adds one revision.
    ///
    /// Errors: as [`load`](Self::load), but that a cycle is not looked for.
    pub(super) fn add(
        &mut self,
        revision: Revision,
        warn: &dyn Fn(&str),
    ) -> RevisionResult<Rc<Revision>> {
        if self.map.contains_key(&revision.revision) {
            warn(&format!(
                "Revision {} is present more than once",
                revision.revision
            ));
        }
        let revision = Rc::new(revision);
        revision.index.set(self.nodes.len());
        self.nodes.push(revision.clone());
        self.map.insert(revision.revision.clone(), revision.clone());
        let just_this = [revision.clone()];
        self.add_branches(&just_this)?;
        map_branch_labels(&just_this, &mut self.map)?;
        add_depends_on(&just_this, &self.map)?;
        if revision.is_base() {
            self.bases.push(revision.revision.clone());
        }
        if revision.is_real_base() {
            self.real_bases.push(revision.revision.clone());
        }
        let all_down = revision.all_down_revisions();
        for down in &all_down {
            let Some(node) = self.map.get(down) else {
                warn(&format!(
                    "Revision {down} referenced from {} is not present",
                    revision.described()
                ));
                return Err(RevisionError::parent_not_found(down, &revision));
            };
            node.add_nextrev(&revision);
        }
        normalize_depends_on(&just_this, &self.map)?;
        let id = &revision.revision;
        if revision.is_real_head() {
            self.real_heads
                .retain(|head| head != id && !all_down.contains(head));
            self.real_heads.push(id.clone());
        }
        if revision.is_head() {
            self.heads
                .retain(|head| head != id && !revision.down_revision.contains(head));
            self.heads.push(id.clone());
        }
        Ok(revision)
    }

    pub(super) fn map(&self) -> &IndexMap<String, Rc<Revision>> {
        &self.map
    }

    /// The distinct revisions that the map holds.
    pub(super) fn revision_values(&self) -> Vec<Rc<Revision>> {
        let mut set = RevisionSet::default();
        set.extend(self.map.values());
        set.into_vec()
    }

    pub(super) fn related(
        &self,
        follow: Follow,
        targets: &[Rc<Revision>],
        check: bool,
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        related(&self.map, follow, targets, check)
    }

    fn add_branches(&self, revisions: &[Rc<Revision>]) -> RevisionResult<()> {
        for revision in revisions {
            let labels: Vec<String> = revision.branch_labels.borrow().iter().cloned().collect();
            if labels.is_empty() {
                continue;
            }
            let add = |node: &Revision| {
                node.branch_labels
                    .borrow_mut()
                    .extend(labels.iter().cloned());
            };
            let nodes = self.related(Follow::Next, std::slice::from_ref(revision), false)?;
            nodes.iter().for_each(|node| add(node));
            let mut parent = nodes.last().cloned();
            let mut walked = RevisionSet::default();
            while let Some(node) = parent {
                // A revision that took the id of its own ancestor closes a circle, in which
                // Alembic would walk for ever.
                if node.is_real_branch_point() || node.is_merge_point() || !walked.insert(&node) {
                    break;
                }
                add(&node);
                parent = match node.down_revision.first() {
                    None => None,
                    Some(down) => Some(
                        self.map
                            .get(down)
                            .cloned()
                            .ok_or_else(|| RevisionError::key_error(down))?,
                    ),
                };
            }
        }
        Ok(())
    }
}

fn map_branch_labels(
    revisions: &[Rc<Revision>],
    map: &mut IndexMap<String, Rc<Revision>>,
) -> RevisionResult<()> {
    for revision in revisions {
        for label in &revision.orig_branch_labels {
            if let Some(other) = map.get(label) {
                return Err(RevisionError::Message(format!(
                    "Branch name '{label}' in revision {} already used by revision {}",
                    revision.revision, other.revision
                )));
            }
            map.insert(label.clone(), revision.clone());
        }
    }
    Ok(())
}

fn add_depends_on(
    revisions: &[Rc<Revision>],
    map: &IndexMap<String, Rc<Revision>>,
) -> RevisionResult<()> {
    for revision in revisions {
        let mut resolved = Vec::with_capacity(revision.dependencies.len());
        for dependency in &revision.dependencies {
            let target = map
                .get(dependency)
                .ok_or_else(|| RevisionError::key_error(dependency))?;
            resolved.push(target.revision.clone());
        }
        *revision.resolved_dependencies.borrow_mut() = resolved;
    }
    Ok(())
}

fn normalize_depends_on(
    revisions: &[Rc<Revision>],
    map: &IndexMap<String, Rc<Revision>>,
) -> RevisionResult<()> {
    for revision in revisions {
        let mut normalized: IndexSet<String> = revision
            .resolved_dependencies
            .borrow()
            .iter()
            .cloned()
            .collect();
        if !normalized.is_empty() {
            for ancestor in related(map, Follow::Down, std::slice::from_ref(revision), false)? {
                if !Rc::ptr_eq(&ancestor, revision) {
                    for dependency in ancestor.resolved_dependencies.borrow().iter() {
                        normalized.shift_remove(dependency);
                    }
                }
            }
        }
        *revision.normalized_resolved_dependencies.borrow_mut() = normalized.into_iter().collect();
    }
    Ok(())
}

fn detect_cycles(
    map: &IndexMap<String, Rc<Revision>>,
    heads: &[Rc<Revision>],
    bases: &[Rc<Revision>],
    real_heads: &[Rc<Revision>],
    real_bases: &[Rc<Revision>],
) -> RevisionResult<()> {
    if map.is_empty() {
        return Ok(());
    }
    for (kind, heads, down, bases, up) in [
        ("Cycle", heads, Follow::Down, bases, Follow::Next),
        (
            "Dependency cycle",
            real_heads,
            Follow::AllDown,
            real_bases,
            Follow::AllNext,
        ),
    ] {
        if heads.is_empty() || bases.is_empty() {
            return Err(RevisionError::Cycle {
                kind,
                revisions: map.keys().cloned().collect(),
            });
        }
        let ids = |nodes: Vec<Rc<Revision>>| -> ground::hash::HashSet<String> {
            nodes
                .into_iter()
                .map(|node| node.revision.clone())
                .collect()
        };
        let below = ids(related(map, down, heads, false)?);
        let above = ids(related(map, up, bases, false)?);
        let mut outside: Vec<String> = map
            .keys()
            .filter(|id| !(below.contains(*id) && above.contains(*id)))
            .cloned()
            .collect();
        if !outside.is_empty() {
            outside.in_order();
            return Err(RevisionError::Cycle {
                kind,
                revisions: outside,
            });
        }
    }
    Ok(())
}

/// `_iterate_related_revisions`, with a stack of its own: no recursion, each node once.
fn related(
    map: &IndexMap<String, Rc<Revision>>,
    follow: Follow,
    targets: &[Rc<Revision>],
    check: bool,
) -> RevisionResult<Vec<Rc<Revision>>> {
    let mut target_set = RevisionSet::default();
    if check || follow == Follow::AllNextButTargets {
        target_set.extend(targets);
    }
    let mut seen = RevisionSet::default();
    let mut todo: VecDeque<Rc<Revision>> = VecDeque::new();
    for target in targets {
        todo.push_back(target.clone());
        let mut overlaps = RevisionSet::default();
        while let Some(revision) = todo.pop_back() {
            if check && target_set.contains(&revision) && !Rc::ptr_eq(&revision, target) {
                overlaps.insert(&revision);
            }
            if !seen.insert(&revision) {
                continue;
            }
            let mut push = |id: &String| -> RevisionResult<()> {
                let next = map.get(id).ok_or_else(|| RevisionError::key_error(id))?;
                if next.revision != *id {
                    return Err(RevisionError::Message(
                        "Dependency resolution failed; broken map".to_owned(),
                    ));
                }
                todo.push_back(next.clone());
                Ok(())
            };
            match follow {
                Follow::Down => revision.down_revision.iter().try_for_each(&mut push)?,
                Follow::AllDown => revision
                    .all_down_revisions()
                    .iter()
                    .try_for_each(&mut push)?,
                Follow::NormalizedDown => revision
                    .normalized_down_revisions()
                    .iter()
                    .try_for_each(&mut push)?,
                Follow::Next => revision.nextrev().iter().try_for_each(&mut push)?,
                Follow::AllNextButTargets if target_set.contains(&revision) => {
                    revision.nextrev().iter().try_for_each(&mut push)?
                }
                Follow::AllNext | Follow::AllNextButTargets => {
                    revision.all_nextrev().iter().try_for_each(&mut push)?
                }
            }
        }
        if check && !overlaps.order.is_empty() {
            let names: Vec<&str> = overlaps
                .order
                .iter()
                .map(|revision| revision.revision.as_str())
                .collect();
            return Err(RevisionError::Message(format!(
                "Requested revision {} overlaps with other requested revisions {}",
                target.revision,
                names.join(", ")
            )));
        }
    }
    Ok(seen.into_vec())
}
