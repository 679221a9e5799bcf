//! The map of revisions: how it is loaded, how identifiers are resolved, how nodes are walked.

use ground::order::InOrder;
use std::cell::{Ref, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use ground::hash::{IndexMap, IndexSet};

use super::{Identifier, Revision, RevisionError, RevisionOrBase, RevisionResult};
use crate::config::python_text::python_int;

/// Loads every revision of a directory, in order.
type Generator = dyn Fn() -> RevisionResult<Vec<Revision>>;

/// Alembic's `RevisionMap`; a cheap handle. It loads its revisions when it is first asked, and
/// again at the next question where loading failed.
#[derive(Clone)]
pub struct RevisionMap(Rc<Inner>);

struct Inner {
    generator: Box<Generator>,
    warn: Box<dyn Fn(&str)>,
    state: RefCell<Option<State>>,
}

/// The loaded graph.
#[derive(Default)]
pub(super) struct State {
    /// Every revision object, also one whose id is taken by a later one.
    nodes: Vec<Rc<Revision>>,
    /// Ids and branch labels, in the order in which Alembic's dictionary holds them.
    map: IndexMap<String, Rc<Revision>>,
    heads: Vec<String>,
    real_heads: Vec<String>,
    bases: Vec<String>,
    real_bases: Vec<String>,
}

/// A set of revisions by identity.
#[derive(Clone, Default)]
pub(super) struct RevisionSet {
    members: Vec<bool>,
    order: Vec<Rc<Revision>>,
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

impl RevisionMap {
    /// A map that loads its revisions with `generator` and tells of odd ones with `warn`.
    pub fn new(
        generator: impl Fn() -> RevisionResult<Vec<Revision>> + 'static,
        warn: impl Fn(&str) + 'static,
    ) -> Self {
        RevisionMap(Rc::new(Inner {
            generator: Box::new(generator),
            warn: Box::new(warn),
            state: RefCell::new(None),
        }))
    }

    /// The loaded graph; loads it at the first call.
    pub(super) fn state(&self) -> RevisionResult<Ref<'_, State>> {
        if self.0.state.borrow().is_none() {
            // Loading runs the scripts, which may ask this map: no borrow is held meanwhile.
            let revisions = (self.0.generator)()?;
            let state = State::load(revisions, &self.0.warn)?;
            *self.0.state.borrow_mut() = Some(state);
        }
        Ref::filter_map(self.0.state.borrow(), Option::as_ref)
            .map_err(|_| RevisionError::assertion("revision map is not loaded"))
    }

    /// Tells of something odd, as `warnings.warn`.
    pub(super) fn warn(&self, message: &str) {
        (self.0.warn)(message);
    }

    /// Every revision of the map, in the order of loading.
    pub fn revisions(&self) -> RevisionResult<Vec<Rc<Revision>>> {
        let state = self.state()?;
        Ok(state.revision_values())
    }

    /// `heads`.
    pub fn heads(&self) -> RevisionResult<Vec<String>> {
        Ok(self.state()?.heads.clone())
    }

    /// `bases`.
    pub fn bases(&self) -> RevisionResult<Vec<String>> {
        Ok(self.state()?.bases.clone())
    }

    /// `_real_heads`: heads on which nothing depends.
    pub fn real_heads(&self) -> RevisionResult<Vec<String>> {
        Ok(self.state()?.real_heads.clone())
    }

    /// `_real_bases`: bases without dependencies.
    pub fn real_bases(&self) -> RevisionResult<Vec<String>> {
        Ok(self.state()?.real_bases.clone())
    }

    /// Whether that exact id or label is in the map.
    pub fn contains(&self, id: &str) -> RevisionResult<bool> {
        Ok(self.state()?.map.contains_key(id))
    }

    /// `add_revision`: adds one revision to a loaded map and returns it.
    pub fn add_revision(&self, revision: Revision) -> RevisionResult<Rc<Revision>> {
        self.state()?;
        let mut slot = self.0.state.borrow_mut();
        let Some(state) = slot.as_mut() else {
            return Err(RevisionError::assertion("revision map is not loaded"));
        };
        if state.map.contains_key(&revision.revision) {
            self.warn(&format!(
                "Revision {} is present more than once",
                revision.revision
            ));
        }
        let revision = Rc::new(revision);
        revision.index.set(state.nodes.len());
        state.nodes.push(revision.clone());
        state
            .map
            .insert(revision.revision.clone(), revision.clone());
        let just_this = [revision.clone()];
        state.add_branches(&just_this)?;
        map_branch_labels(&just_this, &mut state.map)?;
        add_depends_on(&just_this, &state.map)?;
        if revision.is_base() {
            state.bases.push(revision.revision.clone());
        }
        if revision.is_real_base() {
            state.real_bases.push(revision.revision.clone());
        }
        let all_down = revision.all_down_revisions();
        for down in &all_down {
            let Some(node) = state.map.get(down) else {
                self.warn(&format!(
                    "Revision {down} referenced from {} is not present",
                    revision.described()
                ));
                return Err(RevisionError::key_error(down));
            };
            node.add_nextrev(&revision);
        }
        normalize_depends_on(&just_this, &state.map)?;
        let id = &revision.revision;
        if revision.is_real_head() {
            state
                .real_heads
                .retain(|head| head != id && !all_down.contains(head));
            state.real_heads.push(id.clone());
        }
        if revision.is_head() {
            state
                .heads
                .retain(|head| head != id && !revision.down_revision.contains(head));
            state.heads.push(id.clone());
        }
        Ok(revision)
    }

    /// `get_current_head`.
    ///
    /// Errors: `MultipleHeads`.
    pub fn get_current_head(&self, branch_label: Option<&str>) -> RevisionResult<Option<String>> {
        let mut heads = self.heads()?;
        let label = branch_label.filter(|label| !label.is_empty());
        if let Some(label) = label {
            heads = self.filter_ids_for_lineage(&heads, label, false)?;
        }
        if heads.len() > 1 {
            return Err(RevisionError::MultipleHeads {
                heads,
                argument: label.map_or_else(|| "head".to_owned(), |label| format!("{label}@head")),
            });
        }
        Ok(heads.into_iter().next())
    }

    /// `get_revisions` of one identifier.
    ///
    /// Errors: those of resolving it.
    pub fn get_revisions(&self, id: Option<&str>) -> RevisionResult<Vec<RevisionOrBase>> {
        let (resolved, label) = self.resolve_revision_number(id)?;
        if let [only] = resolved.as_slice()
            && let Some(steps) = python_int(only)
            && steps < 0
        {
            let mut heads = self.get_revisions(Some("heads"))?;
            if let Some(label) = &label {
                heads.retain(|head| {
                    head.revision()
                        .is_some_and(|head| head.branch_labels().contains(label))
                });
            }
            return heads
                .into_iter()
                .map(|head| self.walk(head, steps, None, true))
                .collect();
        }
        resolved
            .iter()
            .map(|id| {
                Ok(match self.revision_for_ident(Some(id), label.as_deref())? {
                    Some(revision) => RevisionOrBase::Revision(revision),
                    None => RevisionOrBase::None,
                })
            })
            .collect()
    }

    /// `get_revisions` of several identifiers, one after the other.
    ///
    /// Errors: those of resolving them.
    pub fn get_revisions_of(&self, ids: &[String]) -> RevisionResult<Vec<RevisionOrBase>> {
        let mut revisions = Vec::new();
        for id in ids {
            revisions.extend(self.get_revisions(Some(id))?);
        }
        Ok(revisions)
    }

    /// `get_revisions` of whatever was asked for.
    ///
    /// Errors: those of resolving it.
    pub fn get_identified(&self, id: &Identifier) -> RevisionResult<Vec<RevisionOrBase>> {
        match id {
            Identifier::None => self.get_revisions(None),
            Identifier::One(id) => self.get_revisions(Some(id)),
            Identifier::Many(ids) => self.get_revisions_of(ids),
        }
    }

    /// `get_revision`.
    ///
    /// Errors: `MultipleHeads`, and those of resolving the identifier.
    pub fn get_revision(&self, id: Option<&str>) -> RevisionResult<Option<Rc<Revision>>> {
        let (resolved, label) = self.resolve_revision_number(id)?;
        if resolved.len() > 1 {
            return Err(RevisionError::MultipleHeads {
                heads: resolved,
                argument: id.unwrap_or("None").to_owned(),
            });
        }
        self.revision_for_ident(resolved.first().map(String::as_str), label.as_deref())
    }

    /// `_resolve_branch`.
    pub(super) fn resolve_branch(&self, label: &str) -> RevisionResult<Option<Rc<Revision>>> {
        if let Some(revision) = self.state()?.map.get(label) {
            return Ok(Some(revision.clone()));
        }
        self.revision_for_ident(Some(label), None)
            .map_err(|error| match error {
                RevisionError::Resolution { .. } => RevisionError::Resolution {
                    message: format!("No such branch: '{label}'"),
                    argument: label.to_owned(),
                },
                other => other,
            })
    }

    /// `_revision_for_ident`; `None` stands for both `None` and `()`.
    fn revision_for_ident(
        &self,
        id: Option<&str>,
        check_branch: Option<&str>,
    ) -> RevisionResult<Option<Rc<Revision>>> {
        let check_branch = check_branch.filter(|label| !label.is_empty());
        let branch = match check_branch {
            Some(label) => self.resolve_branch(label)?,
            None => None,
        };
        let Some(id) = id else {
            return Ok(None);
        };
        let exact = self.state()?.map.get(id).cloned();
        let revision = match exact {
            Some(revision) => revision,
            None => {
                if id.is_empty() {
                    return Err(RevisionError::assertion(""));
                }
                let mut matches: Vec<String> = self
                    .state()?
                    .map
                    .keys()
                    .filter(|key| key.chars().nth(3).is_some() && key.starts_with(id))
                    .cloned()
                    .collect();
                if branch.is_some()
                    && let Some(label) = check_branch
                {
                    matches = self.filter_ids_for_lineage(&matches, label, false)?;
                }
                match matches.as_slice() {
                    [] => {
                        let hint = if id.chars().count() < 4 {
                            "; please ensure at least four characters are present for partial \
                             revision identifier matches"
                        } else {
                            ""
                        };
                        return Err(RevisionError::Resolution {
                            message: format!("No such revision or branch '{id}'{hint}"),
                            argument: id.to_owned(),
                        });
                    }
                    [only] => match self.state()?.map.get(only) {
                        Some(revision) => revision.clone(),
                        None => return Err(RevisionError::key_error(only)),
                    },
                    many => {
                        let first: Vec<String> =
                            many.iter().take(3).map(|id| format!("'{id}'")).collect();
                        return Err(RevisionError::Resolution {
                            message: format!(
                                "Multiple revisions start with '{id}': {}...",
                                first.join(", ")
                            ),
                            argument: id.to_owned(),
                        });
                    }
                }
            }
        };
        if let Some(label) = check_branch {
            let Some(branch) = branch else {
                return Err(RevisionError::assertion(""));
            };
            if id.is_empty() {
                return Err(RevisionError::assertion(""));
            }
            let lineage = [branch.revision.clone()];
            if !self.shares_lineage(&revision, &lineage, false)? {
                return Err(RevisionError::Resolution {
                    message: format!(
                        "Revision {} is not a member of branch '{label}'",
                        revision.revision
                    ),
                    argument: id.to_owned(),
                });
            }
        }
        Ok(Some(revision))
    }

    /// `filter_for_lineage` of revisions.
    ///
    /// Errors: those of resolving `check_against`.
    pub fn filter_for_lineage(
        &self,
        targets: &[Rc<Revision>],
        check_against: Option<&str>,
        include_dependencies: bool,
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        let shares = self.lineage_of(check_against)?;
        let mut kept = Vec::new();
        for target in targets {
            if self.shares_lineage(target, &shares, include_dependencies)? {
                kept.push(target.clone());
            }
        }
        Ok(kept)
    }

    /// `filter_for_lineage` of identifiers.
    ///
    /// Errors: those of resolving `check_against` or a target.
    pub fn filter_ids_for_lineage(
        &self,
        targets: &[String],
        check_against: &str,
        include_dependencies: bool,
    ) -> RevisionResult<Vec<String>> {
        let shares = self.lineage_of(Some(check_against))?;
        let mut kept = Vec::new();
        for target in targets {
            if shares.is_empty() {
                kept.push(target.clone());
                continue;
            }
            let revision = self
                .revision_for_ident(Some(target), None)?
                .ok_or_else(|| RevisionError::assertion(""))?;
            if self.shares_lineage(&revision, &shares, include_dependencies)? {
                kept.push(target.clone());
            }
        }
        Ok(kept)
    }

    fn lineage_of(&self, check_against: Option<&str>) -> RevisionResult<Vec<String>> {
        let (ids, label) = self.resolve_revision_number(check_against)?;
        Ok(label
            .into_iter()
            .filter(|label| !label.is_empty())
            .chain(ids)
            .collect())
    }

    fn shares_lineage(
        &self,
        target: &Rc<Revision>,
        against: &[String],
        include_dependencies: bool,
    ) -> RevisionResult<bool> {
        if against.is_empty() {
            return Ok(true);
        }
        let mut resolved = Vec::new();
        for id in against {
            if let Some(revision) = self.revision_for_ident(Some(id), None)? {
                resolved.push(revision);
            }
        }
        let targets = std::slice::from_ref(target);
        let mut lineage = RevisionSet::default();
        lineage.extend(&self.get_descendant_nodes(targets, include_dependencies)?);
        lineage.extend(&self.get_ancestor_nodes(targets, include_dependencies)?);
        Ok(resolved.iter().any(|revision| lineage.contains(revision)))
    }

    /// `_resolve_revision_number`: the ids that an identifier stands for, and the label before
    /// its `@`.
    ///
    /// Errors: `MultipleHeads` for `head`, and those of resolving the label.
    pub fn resolve_revision_number(
        &self,
        id: Option<&str>,
    ) -> RevisionResult<(Vec<String>, Option<String>)> {
        let (label, id) = match id.and_then(|id| id.split_once('@')) {
            Some((label, id)) => (Some(label.to_owned()), Some(id)),
            None => (None, id),
        };
        // An empty label (`@head`) counts as none, though it is handed back.
        let real_label = label.as_deref().filter(|label| !label.is_empty());
        let ids = match id {
            Some("heads") => match real_label {
                Some(label) => self.filter_ids_for_lineage(&self.heads()?, label, false)?,
                None => self.real_heads()?,
            },
            Some("head") => self.get_current_head(real_label)?.into_iter().collect(),
            Some("base") | None => {
                self.state()?;
                Vec::new()
            }
            Some(id) => {
                self.state()?;
                vec![id.to_owned()]
            }
        };
        Ok((ids, label))
    }

    /// `_get_descendant_nodes`: the targets and all that follows them.
    ///
    /// Errors: a broken map.
    pub fn get_descendant_nodes(
        &self,
        targets: &[Rc<Revision>],
        include_dependencies: bool,
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        let follow = if include_dependencies {
            Follow::AllNext
        } else {
            Follow::Next
        };
        self.state()?.related(follow, targets, false)
    }

    /// `_get_descendant_nodes` with `omit_immediate_dependencies`: what depends on a target
    /// itself is left out, what depends on its descendants is not.
    ///
    /// Errors: a broken map.
    pub fn get_descendant_nodes_without_immediate_dependencies(
        &self,
        targets: &[Rc<Revision>],
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        self.state()?
            .related(Follow::AllNextButTargets, targets, false)
    }

    /// `_get_ancestor_nodes`: the targets and all that they come from.
    ///
    /// Errors: a broken map.
    pub fn get_ancestor_nodes(
        &self,
        targets: &[Rc<Revision>],
        include_dependencies: bool,
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        let follow = if include_dependencies {
            Follow::NormalizedDown
        } else {
            Follow::Down
        };
        self.state()?.related(follow, targets, false)
    }

    /// The same with `check=True`.
    ///
    /// Errors: targets of which one is among another's relatives.
    pub(super) fn checked_nodes(
        &self,
        follow: Follow,
        targets: &[Rc<Revision>],
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        self.state()?.related(follow, targets, true)
    }

    /// `_get_all_current`: of the given revisions and all that they come from, those that no
    /// other follows. In the order of loading.
    ///
    /// Errors: those of resolving the ids.
    pub fn get_all_current(&self, ids: &[String]) -> RevisionResult<Vec<Rc<Revision>>> {
        let mut top = Vec::new();
        for revision in self.get_revisions_of(ids)? {
            top.push(revision.into_revision()?);
        }
        let mut set = RevisionSet::default();
        set.extend(&top);
        set.extend(&self.get_ancestor_nodes(&top, true)?);
        // The set holds every ancestor of its members, so that a revision with a descendant in it
        // has a direct successor in it: one look at those instead of Alembic's walk from each.
        let state = self.state()?;
        let mut current: Vec<Rc<Revision>> = set
            .order
            .iter()
            .filter(|revision| {
                !revision
                    .nextrev()
                    .iter()
                    .any(|next| state.map.get(next).is_some_and(|next| set.contains(next)))
            })
            .cloned()
            .collect();
        current.in_order_by_key(|revision| revision.index.get());
        Ok(current)
    }
}

impl State {
    fn load(revisions: Vec<Revision>, warn: &dyn Fn(&str)) -> RevisionResult<State> {
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
                    return Err(RevisionError::key_error(&down));
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
        let state = State {
            heads: ids(&heads),
            real_heads: ids(&real_heads),
            bases: ids(&bases),
            real_bases: ids(&real_bases),
            nodes,
            map,
        };
        state.add_branches(&labelled)?;
        Ok(state)
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
