//! The map of revisions: how it is loaded, how identifiers are resolved, how nodes are walked.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use ground::order::InOrder;

use super::graph::{Follow, Graph, RevisionSet};
use super::{Identifier, Revision, RevisionError, RevisionOrBase, RevisionResult};
use ground::formatting::integer;

/// Loads every revision of a directory, in order.
type RevisionLoader = dyn Fn() -> RevisionResult<Vec<Revision>>;

/// Alembic's `RevisionMap`; a cheap handle. It loads its revisions when first
/// used, and tries again at the next use where loading failed.
#[derive(Clone)]
pub struct RevisionMap(Rc<Inner>);

struct Inner {
    generator: Box<RevisionLoader>,
    warn: Box<dyn Fn(&str)>,
    graph: RefCell<Option<Graph>>,
}

impl RevisionMap {
    /// A map that loads its revisions with `generator` and calls `warn` with the text of each warning.
    pub fn new(
        generator: impl Fn() -> RevisionResult<Vec<Revision>> + 'static,
        warn: impl Fn(&str) + 'static,
    ) -> Self {
        RevisionMap(Rc::new(Inner {
            generator: Box::new(generator),
            warn: Box::new(warn),
            graph: RefCell::new(None),
        }))
    }

    /// The loaded graph; loads it at the first call.
    pub(super) fn graph(&self) -> RevisionResult<Ref<'_, Graph>> {
        if self.0.graph.borrow().is_none() {
            // Loading runs the scripts, which may use this map: no borrow is held meanwhile.
            let revisions = (self.0.generator)()?;
            let graph = Graph::load(revisions, &self.0.warn)?;
            *self.0.graph.borrow_mut() = Some(graph);
        }
        Ref::filter_map(self.0.graph.borrow(), Option::as_ref)
            .map_err(|_| RevisionError::assertion("revision map is not loaded"))
    }

    /// `warnings.warn`.
    pub(super) fn warn(&self, message: &str) {
        (self.0.warn)(message);
    }

    /// Every revision of the map, in the order of loading.
    pub fn revisions(&self) -> RevisionResult<Vec<Rc<Revision>>> {
        let graph = self.graph()?;
        Ok(graph.revision_values())
    }

    /// `heads`.
    pub fn heads(&self) -> RevisionResult<Vec<String>> {
        Ok(self.graph()?.heads.clone())
    }

    /// `bases`.
    pub fn bases(&self) -> RevisionResult<Vec<String>> {
        Ok(self.graph()?.bases.clone())
    }

    /// `_real_heads`: heads on which nothing depends.
    pub fn real_heads(&self) -> RevisionResult<Vec<String>> {
        Ok(self.graph()?.real_heads.clone())
    }

    /// `_real_bases`: bases without dependencies.
    pub fn real_bases(&self) -> RevisionResult<Vec<String>> {
        Ok(self.graph()?.real_bases.clone())
    }

    /// Whether that exact id or label is in the map.
    pub fn contains(&self, id: &str) -> RevisionResult<bool> {
        Ok(self.graph()?.map.contains_key(id))
    }

    /// `add_revision`: adds one revision to a loaded map and returns it.
    pub fn add_revision(&self, revision: Revision) -> RevisionResult<Rc<Revision>> {
        self.graph()?;
        match self.0.graph.borrow_mut().as_mut() {
            Some(graph) => graph.add(revision, &self.0.warn),
            None => Err(RevisionError::assertion("revision map is not loaded")),
        }
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
            && let Some(steps) = integer::parse(only)
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
        if let Some(revision) = self.graph()?.map.get(label) {
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
        let exact = self.graph()?.map.get(id).cloned();
        let revision = match exact {
            Some(revision) => revision,
            None => {
                if id.is_empty() {
                    return Err(RevisionError::assertion(""));
                }
                let mut matches: Vec<String> = self
                    .graph()?
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
                    [only] => match self.graph()?.map.get(only) {
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
                self.graph()?;
                Vec::new()
            }
            Some(id) => {
                self.graph()?;
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
        self.graph()?.related(follow, targets, false)
    }

    /// `_get_descendant_nodes` with `omit_immediate_dependencies`: what depends on a target
    /// itself is left out, what depends on its descendants is not.
    ///
    /// Errors: a broken map.
    pub fn get_descendant_nodes_without_immediate_dependencies(
        &self,
        targets: &[Rc<Revision>],
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        self.graph()?
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
        self.graph()?.related(follow, targets, false)
    }

    /// The same with `check=True`.
    ///
    /// Errors: targets of which one is among another's relatives.
    pub(super) fn checked_nodes(
        &self,
        follow: Follow,
        targets: &[Rc<Revision>],
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        self.graph()?.related(follow, targets, true)
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
        let graph = self.graph()?;
        let mut current: Vec<Rc<Revision>> = set
            .order
            .iter()
            .filter(|revision| {
                !revision
                    .nextrev()
                    .iter()
                    .any(|next| graph.map().get(next).is_some_and(|next| set.contains(next)))
            })
            .cloned()
            .collect();
        current.in_order_by_key(|revision| revision.index.get());
        Ok(current)
    }
}
