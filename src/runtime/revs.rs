//! Computes the steps from the current heads to a target; in Alembic these are methods of
//! `ScriptDirectory`.

use std::rc::Rc;

use super::step::{MigrationStep, StampStep};
use crate::script::revision::{Identifier, IterateOptions, Revision, RevisionOrBase};
use crate::script::{RevisionErrorTexts, ScriptDirectory};
use ground::diagnostic::{Error, Result};

/// `ScriptDirectory._upgrade_revs`: the upgrade steps from the heads to the destination.
///
/// # Errors
/// `CommandError` where the destination can't be found or reached.
pub fn upgrade_revs(
    script: &ScriptDirectory,
    destination: &str,
    heads: &[String],
) -> Result<Vec<MigrationStep>> {
    let map = script.revision_map();
    let revisions = RevisionErrorTexts {
        ancestor: Some("Destination %(end)s is not a valid upgrade target from current head(s)"),
        end: Some(destination.to_owned()),
        ..RevisionErrorTexts::default()
    }
    .catch(|| {
        map.iterate_revisions(
            &Identifier::One(destination.to_owned()),
            &Identifier::Many(heads.to_vec()),
            IterateOptions {
                implicit_base: true,
                ..IterateOptions::default()
            },
        )
    })?;
    revisions
        .iter()
        .rev()
        .map(|revision| {
            Ok(MigrationStep::upgrade_from_script(
                map,
                &script.script(revision)?,
            ))
        })
        .collect()
}

/// `ScriptDirectory._downgrade_revs`: the downgrade steps from the heads to the destination.
///
/// # Errors
/// `CommandError` where the destination can't be found or reached.
pub fn downgrade_revs(
    script: &ScriptDirectory,
    destination: &str,
    heads: &[String],
) -> Result<Vec<MigrationStep>> {
    let map = script.revision_map();
    let revisions = RevisionErrorTexts {
        ancestor: Some("Destination %(end)s is not a valid downgrade target from current head(s)"),
        end: Some(destination.to_owned()),
        ..RevisionErrorTexts::default()
    }
    .catch(|| {
        map.iterate_revisions(
            &Identifier::Many(heads.to_vec()),
            &Identifier::One(destination.to_owned()),
            IterateOptions {
                select_for_downgrade: true,
                ..IterateOptions::default()
            },
        )
    })?;
    revisions
        .iter()
        .map(|revision| {
            Ok(MigrationStep::downgrade_from_script(
                map,
                &script.script(revision)?,
            ))
        })
        .collect()
}

/// `ScriptDirectory._stamp_revs`: the steps that change the version without running migrations.
///
/// # Errors
/// `CommandError` where a revision can't be found.
pub fn stamp_revs(
    script: &ScriptDirectory,
    revision: &[String],
    heads: &[String],
) -> Result<Vec<MigrationStep>> {
    let map = script.revision_map();
    let texts = RevisionErrorTexts {
        multiple_heads: Some("Multiple heads are present; please specify a single target revision"),
        ..RevisionErrorTexts::default()
    };
    // Both ends are looked up with the plain texts first, as get_revisions() does.
    let mut head_revisions = Vec::new();
    for head in RevisionErrorTexts::default().catch(|| map.get_revisions_of(heads))? {
        if let RevisionOrBase::Revision(head) = head {
            head_revisions.push(head);
        }
    }
    let revision: Vec<String> = if revision.is_empty() {
        vec!["base".to_owned()]
    } else {
        revision.to_vec()
    };
    let mut filtered: Vec<Rc<Revision>> = Vec::new();
    for target in revision.iter().filter(|target| !target.is_empty()) {
        let found = texts.catch(|| map.filter_for_lineage(&head_revisions, Some(target), true))?;
        for head in found {
            if !contains(&filtered, &head) {
                filtered.push(head);
            }
        }
    }
    let mut destinations =
        RevisionErrorTexts::default().catch(|| map.get_revisions_of(&revision))?;
    if destinations.is_empty() {
        destinations.push(RevisionOrBase::None);
    }
    let stamp = |from: Vec<String>, to: Vec<String>, is_upgrade, branch_move| {
        MigrationStep::Stamp(StampStep {
            from,
            to,
            is_upgrade,
            branch_move,
            revision_map: Some(map.clone()),
        })
    };
    let mut steps = Vec::new();
    for destination in destinations {
        if matches!(destination, RevisionOrBase::Base) {
            return Err(Error::new("AssertionError", ""));
        }
        let RevisionOrBase::Revision(destination) = destination else {
            steps.extend(
                filtered
                    .iter()
                    .map(|head| stamp(vec![head.revision.clone()], Vec::new(), false, true)),
            );
            continue;
        };
        if contains(&filtered, &destination) {
            continue;
        }
        let only = [destination.clone()];
        let descendants = texts.catch(|| map.get_descendant_nodes(&only, true))?;
        let ancestors = texts.catch(|| map.get_ancestor_nodes(&only, true))?;
        let among =
            |revisions: &[Rc<Revision>]| filtered.iter().any(|head| contains(revisions, head));
        let todo = || filtered.iter().map(|head| head.revision.clone()).collect();
        let to = vec![destination.revision.clone()];
        if among(&descendants) {
            if among(&ancestors) {
                return Err(Error::new("AssertionError", ""));
            }
            steps.push(stamp(todo(), to, false, false));
        } else if among(&ancestors) {
            steps.push(stamp(todo(), to, true, false));
        } else {
            steps.push(stamp(Vec::new(), to, true, true));
        }
    }
    Ok(steps)
}

fn contains(revisions: &[Rc<Revision>], revision: &Rc<Revision>) -> bool {
    revisions
        .iter()
        .any(|known| known.revision == revision.revision)
}
