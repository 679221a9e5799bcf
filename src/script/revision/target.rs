//! The targets of commands: relative and absolute ones, the revisions on the way to them, and the order in
//! which those are run.

use ground::order::InOrder;
use std::rc::Rc;
use std::sync::LazyLock;

use ground::hash::IndexSet;
use ground::regex::Regex;

use super::graph::{Follow, RevisionSet};
use super::{Identifier, Revision, RevisionError, RevisionMap, RevisionOrBase, RevisionResult};

/// `label@`, a symbol, and a signed number; anchored at the start only, as Alembic's.
static RELATIVE_DESTINATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:(.+?)@)?(\w+)?([+-]\d+)").ok());

/// The parts of a relative target.
struct Relative {
    branch_label: Option<String>,
    symbol: Option<String>,
    text: String,
    steps: i64,
}

fn relative_destination(target: &str) -> Option<Relative> {
    let captures = RELATIVE_DESTINATION.as_ref()?.captures(target)?;
    let part = |index| captures.get(index).map(|part| part.as_str().to_owned());
    let text = part(3)?;
    let steps = ground::formatting::integer::parse(&text)?;
    Some(Relative {
        branch_label: part(1),
        symbol: part(2),
        text,
        steps,
    })
}

fn did_not_produce(relative: &str, steps: i64) -> RevisionError {
    RevisionError::Message(format!(
        "Relative revision {relative} didn't produce {} migrations",
        steps.unsigned_abs()
    ))
}

/// Options of [`RevisionMap::iterate_revisions`], with Alembic's defaults.
#[derive(Clone, Copy, Debug)]
pub struct IterateOptions {
    /// Take in what other branches need, down to their bases.
    pub implicit_base: bool,
    /// Take in the lower end.
    pub inclusive: bool,
    /// A relative target that leaves the graph is an error.
    pub assert_relative_length: bool,
    /// Collect what a downgrade drops.
    pub select_for_downgrade: bool,
}

impl Default for IterateOptions {
    fn default() -> Self {
        IterateOptions {
            implicit_base: false,
            inclusive: false,
            assert_relative_length: true,
            select_for_downgrade: false,
        }
    }
}

impl RevisionMap {
    /// `iterate_revisions`: the revisions between two ends, newest first.
    ///
    /// Errors: those of the revision language, and ends that are not on one line.
    pub fn iterate_revisions(
        &self,
        upper: &Identifier,
        lower: &Identifier,
        options: IterateOptions,
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        let (revisions, heads) = if options.select_for_downgrade {
            self.collect_downgrade_revisions(upper, lower, options)?
        } else {
            self.collect_upgrade_revisions(upper, lower, options)?
        };
        let sorted = self.topological_sort(&revisions, &heads)?;
        sorted
            .into_iter()
            .map(|revision| {
                // Alembic asks the map for each id again, which for a strange id (`head`) may
                // give another revision.
                self.get_revision(Some(&revision.revision))?
                    .ok_or_else(|| RevisionError::assertion(""))
            })
            .collect()
    }

    /// `_walk`: a number of steps up or down from a revision.
    ///
    /// Errors: `Ambiguous walk`.
    pub(super) fn walk(
        &self,
        start: RevisionOrBase,
        steps: i64,
        branch_label: Option<&str>,
        no_overwalk: bool,
    ) -> RevisionResult<RevisionOrBase> {
        let mut place = start;
        for _ in 0..steps.unsigned_abs() {
            let mut children: Vec<RevisionOrBase> = if steps > 0 {
                let ids: Vec<String> = match &place {
                    RevisionOrBase::Base => return Err(RevisionError::assertion("")),
                    RevisionOrBase::None => self.bases()?,
                    RevisionOrBase::Revision(revision) => {
                        revision.nextrev().iter().cloned().collect()
                    }
                };
                let mut up = Vec::new();
                for child in self.get_revisions_of(&ids)? {
                    up.push(child.into_revision()?);
                }
                if let Some(label) = branch_label.filter(|label| !label.is_empty()) {
                    up = self.filter_for_lineage(&up, Some(label), false)?;
                }
                up.into_iter().map(RevisionOrBase::Revision).collect()
            } else {
                let down = match &place {
                    RevisionOrBase::Base => None,
                    RevisionOrBase::None => Some(self.heads()?),
                    RevisionOrBase::Revision(revision) => Some(revision.down_revision.clone()),
                };
                match down {
                    None => Vec::new(),
                    Some(ids) => {
                        let children = self.get_revisions_of(&ids)?;
                        if children.is_empty() {
                            vec![RevisionOrBase::Base]
                        } else {
                            children
                        }
                    }
                }
            };
            match children.len() {
                0 => {
                    return Ok(if no_overwalk {
                        RevisionOrBase::None
                    } else {
                        place
                    });
                }
                1 => place = children.remove(0),
                _ => return Err(RevisionError::Message("Ambiguous walk".to_owned())),
            }
        }
        Ok(place)
    }

    fn place(&self, symbol: Option<&str>) -> RevisionResult<RevisionOrBase> {
        Ok(match self.get_revision(symbol)? {
            Some(revision) => RevisionOrBase::Revision(revision),
            None => RevisionOrBase::None,
        })
    }

    /// `_parse_downgrade_target`.
    fn parse_downgrade_target(
        &self,
        current: &Identifier,
        target: &Identifier,
        assert_relative_length: bool,
    ) -> RevisionResult<(Option<String>, RevisionOrBase)> {
        let target = match target {
            Identifier::None => return Ok((None, RevisionOrBase::None)),
            Identifier::One(target) => target,
            Identifier::Many(_) => {
                return Err(RevisionError::assertion(
                    "Expected downgrade target in string form",
                ));
            }
        };
        let Some(relative) = relative_destination(target) else {
            let (label, symbol) = match target.rsplit_once('@') {
                Some((label, symbol)) => (Some(label), symbol),
                None => (None, target.as_str()),
            };
            let label = label.filter(|label| !label.is_empty()).map(str::to_owned);
            return Ok((label, self.place(Some(symbol))?));
        };
        let Relative {
            mut branch_label,
            mut symbol,
            text,
            steps,
        } = relative;
        if steps >= 0 {
            let Some(symbol) = symbol else {
                return Err(did_not_produce(&text, steps));
            };
            let start = self.place(Some(&symbol))?;
            let place = self.walk(
                start,
                steps,
                branch_label.as_deref(),
                assert_relative_length,
            )?;
            if matches!(place, RevisionOrBase::None) {
                return Err(RevisionError::Message("Walked too far".to_owned()));
            }
            return Ok((branch_label, place));
        }
        let from_current = symbol.is_none();
        if from_current {
            let current = current.to_vec();
            match branch_label.as_deref() {
                Some(label) => {
                    let mut symbols = self.filter_ids_for_lineage(&current, label, false)?;
                    if symbols.is_empty() {
                        let all = self.get_all_current(&current)?;
                        symbols = self
                            .filter_for_lineage(&all, Some(label), false)?
                            .iter()
                            .map(|revision| revision.revision.clone())
                            .collect();
                    }
                    if symbols.len() != 1 {
                        return Err(RevisionError::assertion(""));
                    }
                    symbol = symbols.pop();
                }
                None => {
                    let Some(first) = current.first() else {
                        return Err(did_not_produce(&text, steps));
                    };
                    if current.iter().any(|id| id != first) {
                        self.warn(
                            "downgrade -1 from multiple heads is ambiguous; this usage will be \
                             disallowed in a future release.",
                        );
                    }
                    symbol = Some(first.clone());
                    branch_label = symbol.clone();
                }
            }
        }
        let start = self.labelled_place(branch_label.as_deref(), symbol.as_deref())?;
        let place = self.walk(start, steps, None, assert_relative_length)?;
        if matches!(place, RevisionOrBase::None) {
            return Err(if from_current {
                did_not_produce(&text, steps)
            } else {
                RevisionError::Message("Walked too far".to_owned())
            });
        }
        Ok((branch_label, place))
    }

    /// The revision of `symbol`, or of `label@symbol`.
    fn labelled_place(
        &self,
        label: Option<&str>,
        symbol: Option<&str>,
    ) -> RevisionResult<RevisionOrBase> {
        match (label, symbol) {
            (Some(label), symbol) => {
                let symbol = symbol.unwrap_or("None");
                self.place(Some(&format!("{label}@{symbol}")))
            }
            (None, symbol) => self.place(symbol),
        }
    }

    /// `_parse_upgrade_target`.
    fn parse_upgrade_target(
        &self,
        current: &Identifier,
        target: &Identifier,
        assert_relative_length: bool,
    ) -> RevisionResult<Vec<RevisionOrBase>> {
        let relative = match target {
            Identifier::One(target) => relative_destination(target),
            _ => None,
        };
        let Some(relative) = relative else {
            return self.get_identified(target);
        };
        let Relative {
            branch_label,
            symbol,
            text,
            steps,
        } = relative;
        let label = branch_label.as_deref();
        if steps <= 0 {
            if symbol.is_none() {
                return Err(did_not_produce(&steps.to_string(), steps));
            }
            let start = self.labelled_place(label, symbol.as_deref())?;
            return Ok(vec![self.walk(
                start,
                steps,
                None,
                assert_relative_length,
            )?]);
        }
        if let Some(symbol) = symbol {
            let start = self.place(Some(&symbol))?;
            return Ok(vec![self.walk(
                start,
                steps,
                label,
                assert_relative_length,
            )?]);
        }
        let current = current.to_vec();
        let mut starts: Vec<RevisionOrBase> = Vec::new();
        match label {
            None if current.is_empty() => starts.push(RevisionOrBase::None),
            None => {
                // Only one start is ever used; the others are not looked up.
                if current.len() > 1 {
                    return Err(ambiguous_upgrade());
                }
                starts.push(self.place(current.first().map(String::as_str))?);
            }
            Some(label) => {
                let mut revisions = Vec::new();
                if current.is_empty() {
                    // `(None,)`: `get_revisions` of None is nothing.
                    self.get_revisions(None)?;
                }
                for revision in self.get_revisions_of(&current)? {
                    revisions.push(revision.into_revision()?);
                }
                let on_branch = self.filter_for_lineage(&revisions, Some(label), false)?;
                starts.extend(on_branch.into_iter().map(RevisionOrBase::Revision));
                if starts.is_empty() {
                    let ancestors = self.get_ancestor_nodes(&revisions, true)?;
                    let active = self.filter_for_lineage(&ancestors, Some(label), false)?;
                    let below: IndexSet<String> = active
                        .iter()
                        .flat_map(|revision| revision.normalized_down_revisions())
                        .collect();
                    let tips: IndexSet<&String> = active
                        .iter()
                        .map(|revision| &revision.revision)
                        .filter(|id| !below.contains(*id))
                        .collect();
                    if tips.len() > 1 {
                        return Err(ambiguous_upgrade());
                    }
                    match tips.first() {
                        Some(tip) => starts.push(self.place(Some(tip))?),
                        None => starts.push(RevisionOrBase::None),
                    }
                }
            }
        }
        if starts.len() > 1 {
            return Err(ambiguous_upgrade());
        }
        let start = starts.pop().unwrap_or(RevisionOrBase::None);
        let place = self.walk(start, steps, label, assert_relative_length)?;
        if matches!(place, RevisionOrBase::None) {
            return Err(did_not_produce(&text, steps));
        }
        Ok(vec![place])
    }

    /// `_collect_downgrade_revisions`.
    fn collect_downgrade_revisions(
        &self,
        upper: &Identifier,
        lower: &Identifier,
        options: IterateOptions,
    ) -> RevisionResult<(Vec<Rc<Revision>>, Vec<RevisionOrBase>)> {
        let (branch_label, target) =
            self.parse_downgrade_target(upper, lower, options.assert_relative_length)?;
        let target = match target {
            RevisionOrBase::Revision(revision) => Some(revision),
            RevisionOrBase::Base | RevisionOrBase::None => None,
        };
        let mut roots: Vec<Rc<Revision>> = match &target {
            // A labelled base counts once more for each of its labels, as in Alembic's map; with
            // a label in the target that decides whether the roots are filtered below.
            None => self
                .graph()?
                .map()
                .values()
                .filter(|revision| revision.is_base())
                .cloned()
                .collect(),
            Some(target) if options.inclusive => vec![target.clone()],
            Some(target) => {
                let next: Vec<String> = target.nextrev().iter().cloned().collect();
                self.revisions_only(&next)?
            }
        };
        if let Some(label) = branch_label.as_deref()
            && roots.len() > 1
        {
            let branch = self
                .resolve_branch(label)?
                .ok_or_else(|| RevisionError::assertion(""))?;
            let ancestors: IndexSet<String> = self
                .get_ancestor_nodes(&[branch], false)?
                .iter()
                .map(|revision| revision.revision.clone())
                .collect();
            let ids: Vec<String> = roots
                .iter()
                .map(|revision| revision.revision.clone())
                .filter(|id| ancestors.contains(id))
                .collect();
            roots = self.revisions_only(&ids)?;
            if roots.is_empty() {
                return Err(RevisionError::Message(
                    "Not a valid downgrade target from current heads".to_owned(),
                ));
            }
        }

        let heads = self.get_identified(upper)?;
        let descendants = self.get_descendant_nodes(&roots, true)?;
        let mut head_revisions = Vec::new();
        for head in &heads {
            head_revisions.push(head.clone().into_revision()?);
        }
        let active = self.get_ancestor_nodes(&head_revisions, true)?;
        let mut active_set = RevisionSet::default();
        active_set.extend(&active);
        let mut drop = RevisionSet::default();
        drop.extend(
            descendants
                .iter()
                .filter(|revision| active_set.contains(revision)),
        );
        if options.implicit_base {
            let mut below = RevisionSet::default();
            below.extend(&self.get_ancestor_nodes(&roots, true)?);
            drop.extend(active.iter().filter(|revision| !below.contains(revision)));
        }
        let drop = drop.into_vec();
        if let Some(target) = &target
            && drop.is_empty()
            && !head_revisions.iter().any(|head| Rc::ptr_eq(head, target))
        {
            return Err(RevisionError::RangeNotAncestor {
                lower: Identifier::One("Nothing to drop".to_owned()),
                upper: upper.clone(),
            });
        }
        Ok((drop, heads))
    }

    fn revisions_only(&self, ids: &[String]) -> RevisionResult<Vec<Rc<Revision>>> {
        self.get_revisions_of(ids)?
            .into_iter()
            .map(RevisionOrBase::into_revision)
            .collect()
    }

    /// `_collect_upgrade_revisions`.
    fn collect_upgrade_revisions(
        &self,
        upper: &Identifier,
        lower: &Identifier,
        options: IterateOptions,
    ) -> RevisionResult<(Vec<Rc<Revision>>, Vec<RevisionOrBase>)> {
        let mut targets = Vec::new();
        for target in self.parse_upgrade_target(lower, upper, options.assert_relative_length)? {
            targets.push(target.into_revision()?);
        }
        if let Identifier::One(lower) = lower
            && let Some((branch, _)) = lower.split_once('@')
        {
            let mut branch = branch.to_owned();
            if let Some(revision) = self.get_revision(Some(&branch))?
                && revision.revision == branch
            {
                let labels = revision.branch_labels();
                match (labels.len(), labels.first()) {
                    (1, Some(label)) => branch = label.clone(),
                    _ => return Err(RevisionError::assertion("")),
                }
            }
            let mut unique = RevisionSet::default();
            unique.extend(
                targets
                    .iter()
                    .filter(|target| target.branch_labels().contains(&branch)),
            );
            targets = unique.into_vec();
        }
        let mut required = RevisionSet::default();
        required.extend(&self.checked_nodes(Follow::NormalizedDown, &targets)?);
        required.extend(&targets);

        let mut current = self.get_identified(lower)?;
        let mut lower = lower.clone();
        if !options.implicit_base {
            let outside = current.iter().any(|place| match place {
                RevisionOrBase::None => false,
                RevisionOrBase::Base => true,
                RevisionOrBase::Revision(revision) => !required.contains(revision),
            });
            if outside {
                return Err(RevisionError::RangeNotAncestor {
                    lower,
                    upper: upper.clone(),
                });
            }
        }
        if let Some(RevisionOrBase::None) = current.first() {
            let (_, place) =
                self.parse_downgrade_target(upper, &lower, options.assert_relative_length)?;
            match place {
                RevisionOrBase::None => return Err(RevisionError::assertion("")),
                RevisionOrBase::Base => {
                    current = Vec::new();
                    lower = Identifier::None;
                }
                RevisionOrBase::Revision(revision) => {
                    lower = Identifier::One(revision.revision.clone());
                    current = vec![RevisionOrBase::Revision(revision)];
                }
            }
        }
        let mut current_revisions = Vec::new();
        for place in current {
            current_revisions.push(place.into_revision()?);
        }
        let mut have = RevisionSet::default();
        have.extend(&self.checked_nodes(Follow::NormalizedDown, &current_revisions)?);
        have.extend(&current_revisions);

        let mut needs = RevisionSet::default();
        let required = required.into_vec();
        needs.extend(required.iter().filter(|revision| !have.contains(revision)));
        if options.inclusive {
            for place in self.get_identified(&lower)? {
                needs.insert(&place.into_revision()?);
            }
        }
        let mut needs = needs.into_vec();
        if !current_revisions.is_empty() && !options.implicit_base {
            let mut descendants = RevisionSet::default();
            descendants.extend(&self.checked_nodes(Follow::Next, &current_revisions)?);
            needs.retain(|revision| descendants.contains(revision));
        }
        let heads = targets.into_iter().map(RevisionOrBase::Revision).collect();
        Ok((needs, heads))
    }

    /// `_topological_sort`: children before parents, branches one after the other.
    fn topological_sort(
        &self,
        revisions: &[Rc<Revision>],
        heads: &[RevisionOrBase],
    ) -> RevisionResult<Vec<Rc<Revision>>> {
        let graph = self.graph()?;
        let map = graph.map();
        let node = |id: &str| -> RevisionResult<(usize, Rc<Revision>)> {
            let (index, _, revision) = map
                .get_full(id)
                .ok_or_else(|| RevisionError::key_error(id))?;
            Ok((index, revision.clone()))
        };
        // Nodes are counted by the place of their id in the map: Alembic compares ids, too.
        let mut todo = vec![false; map.len()];
        let mut left = 0usize;
        for revision in revisions {
            let (index, _) = node(&revision.revision)?;
            if !std::mem::replace(&mut todo[index], true) {
                left += 1;
            }
        }
        let ancestors_of = |revision: &Rc<Revision>| -> RevisionResult<Vec<bool>> {
            let mut set = vec![false; map.len()];
            let nodes = graph.related(
                Follow::NormalizedDown,
                std::slice::from_ref(revision),
                false,
            )?;
            for ancestor in nodes {
                if let Some(index) = map.get_index_of(&ancestor.revision) {
                    set[index] = true;
                }
            }
            Ok(set)
        };
        let mut current: Vec<(usize, Rc<Revision>)> = Vec::new();
        for head in heads {
            let head = head.clone().into_revision()?;
            let (index, revision) = node(&head.revision)?;
            if todo[index] && !current.iter().any(|(other, _)| *other == index) {
                current.push((index, revision));
            }
        }
        current.in_order_by_key(|(index, _)| *index);
        let mut ancestors: Vec<Vec<bool>> = current
            .iter()
            .map(|(_, revision)| ancestors_of(revision))
            .collect::<RevisionResult<_>>()?;

        let mut output = Vec::with_capacity(left);
        let mut at = 0usize;
        let mut switches = 0usize;
        while !current.is_empty() {
            let (index, revision) = current[at].clone();
            let waiting = ancestors
                .iter()
                .enumerate()
                .find(|(head, set)| *head != at && set[index]);
            if let Some((head, _)) = waiting {
                at = head;
                switches += 1;
                if switches > current.len() {
                    // Heads that wait for each other, as in a graph whose ids are not unique:
                    // Alembic would loop for ever here.
                    return Err(RevisionError::Message(
                        "Revisions wait for each other; the graph has no order".to_owned(),
                    ));
                }
                continue;
            }
            switches = 0;
            if std::mem::replace(&mut todo[index], false) {
                left -= 1;
                output.push(revision.clone());
            }
            let mut to_add: Vec<(usize, Rc<Revision>)> = Vec::new();
            for id in revision.normalized_down_revisions() {
                let Some((index, _, parent)) = map.get_full(&id) else {
                    continue;
                };
                if todo[index] && !current.iter().any(|(other, _)| *other == index) {
                    to_add.push((index, parent.clone()));
                }
            }
            let mut to_add = to_add.into_iter();
            let Some(first) = to_add.next() else {
                current.remove(at);
                ancestors.remove(at);
                at = at.saturating_sub(1);
                continue;
            };
            let plain = revision.normalized_resolved_dependencies().is_empty()
                && revision.down_revision.len() == 1;
            if plain {
                current[at] = first;
                ancestors[at][index] = false;
            } else {
                ancestors[at] = ancestors_of(&first.1)?;
                current[at] = first;
                for next in to_add {
                    ancestors.push(ancestors_of(&next.1)?);
                    current.push(next);
                }
            }
        }
        if left > 0 {
            return Err(RevisionError::assertion(""));
        }
        Ok(output)
    }
}

fn ambiguous_upgrade() -> RevisionError {
    RevisionError::Message("Ambiguous upgrade from multiple current revisions".to_owned())
}
