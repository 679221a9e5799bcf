//! A branch of the revision graph put after another one: the `down_revision` of its first revision
//! is changed, and what that does is tried on copies.

use std::collections::BTreeSet;

use super::database::Database;
use super::findings::{TextEdit, apply_edits};
use super::script::Script;
use super::trial::Trial;
use super::{Renames, StateDifference, compare};
use crate::command::{ProjectRevision, ProjectState};
use ground::diagnostic::{Error, Result};
use ground::host::Host as _;
use ground::run::Run;
use python::Value;
use python::tree::ExpressionKind;

/// The maximum number of differing rows listed per table.
const SAMPLE: usize = 20;

/// A branch put after another one, on paper: nothing of the project is changed.
#[derive(Clone, Debug)]
pub struct Rebase {
    /// The first revision of the branch, whose `down_revision` changes.
    pub revision: String,
    /// Its parent until now.
    pub was: Option<String>,
    /// Its new parent.
    pub onto: String,
    /// The path of its file.
    pub path: String,
    /// The new text of its file.
    pub text: String,
    /// The heads of the branch.
    pub heads: Vec<String>,
    /// What differs, for each database, between running the branch before the other one and after
    /// it, as the graph allows until now. Nothing where the order does not matter.
    pub orders: Vec<StateDifference>,
    /// What differs between running the branch after the other one until now, and running the new
    /// chain.
    pub rebased: Vec<StateDifference>,
}

impl Rebase {
    /// Whether both orders and the new chain give the same schema and rows.
    pub fn is_proven(&self) -> bool {
        let same =
            |differences: &[StateDifference]| differences.iter().all(StateDifference::is_empty);
        same(&self.orders) && same(&self.rebased)
    }
}

/// Puts the branch that a revision belongs to after another revision, by default after the other
/// head. The branch begins with the
/// oldest ancestor of `revision` that `onto` does not build on.
///
/// The workspace is not modified; [`Rebase::text`] is what the file shall be. The run's observer can
/// cancel it.
///
/// # Errors
/// `CommandError` where the graph does not allow it (unknown revisions, `onto` builds on the branch,
/// a merge of both), where the branch is applied in a database, where a script fails on a copy; what
/// reading the project raises.
pub fn rebase(run: &Run, revision: &str, onto: Option<&str>) -> Result<Rebase> {
    let trial = Trial::new(run);
    let project = trial.describe();
    if let (true, Some(error)) = (project.databases.is_empty(), project.errors.first()) {
        return Err(error.clone());
    }
    let onto = match onto {
        Some(word) => project.find(word)?.revision.clone(),
        None => other_head(&project, project.find(revision)?)?,
    };
    let below = project.ancestors([&onto]);
    let first = branch_start(&project, project.find(revision)?, &below)?;
    let branch = following(&project, &first.revision);
    check_graph(&project, first, &onto, &below, &branch)?;
    check_databases(&project, first, &onto)?;

    let text = trial
        .host_text(&first.path)
        .ok_or_else(|| Error::command(format!("Can't read {}", first.path)))?;
    let script = Script::new(&first.path, &text)?;
    let text = apply_edits(&text, &edits(&script, &onto)?);
    let heads: Vec<String> = project
        .revisions
        .iter()
        .filter(|known| branch.contains(&known.revision) && known.is_head)
        .map(|known| known.revision.clone())
        .collect();

    let onto_first = trial.again();
    upgrade(&onto_first, std::slice::from_ref(&onto))?;
    upgrade(&onto_first, &heads)?;
    let branch_first = trial.again();
    upgrade(&branch_first, &heads)?;
    upgrade(&branch_first, std::slice::from_ref(&onto))?;
    let chain = trial.again();
    chain
        .host
        .write(&first.path, text.as_bytes())
        .map_err(|error| super::copy::unreadable(&error))?;
    upgrade(&chain, &heads)?;

    let names = trial.databases_of(&project);
    Ok(Rebase {
        revision: first.revision.clone(),
        was: first.down_revision.first().cloned(),
        onto,
        path: first.path.clone(),
        text,
        heads,
        orders: differences(&names, &branch_first, &onto_first)?,
        rebased: differences(&names, &onto_first, &chain)?,
    })
}

/// The one head that does not build on a revision.
fn other_head(project: &ProjectState, revision: &ProjectRevision) -> Result<String> {
    let own = following(project, &revision.revision);
    let mut others = project.heads.iter().filter(|head| !own.contains(*head));
    match (others.next(), others.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => Err(Error::command("There is one head: nothing to rebase.")),
        (Some(_), Some(_)) => Err(Error::command(format!(
            "There are several heads ({}): name one by --onto.",
            project.heads.join(", ")
        ))),
    }
}

/// The oldest ancestor of a revision that is not among `below`.
fn branch_start<'a>(
    project: &'a ProjectState,
    revision: &'a ProjectRevision,
    below: &BTreeSet<String>,
) -> Result<&'a ProjectRevision> {
    let mut first = revision;
    loop {
        match first.down_revision.as_slice() {
            [] => return Ok(first),
            [parent] if below.contains(parent) => return Ok(first),
            [parent] => first = project.find(parent)?,
            _ => {
                return Err(Error::command(format!(
                    "{} is a merge of {}: a merge can't be put after another revision.",
                    first.revision,
                    first.down_revision.join(" and ")
                )));
            }
        }
    }
}

/// A revision and all that follow it.
fn following(project: &ProjectState, revision: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([revision.to_owned()]);
    // The project lists the newest first; reversed, parents come before those that follow them.
    for known in project.revisions.iter().rev() {
        if known
            .down_revision
            .iter()
            .any(|parent| found.contains(parent))
        {
            found.insert(known.revision.clone());
        }
    }
    found
}

fn check_graph(
    project: &ProjectState,
    first: &ProjectRevision,
    onto: &str,
    below: &BTreeSet<String>,
    branch: &BTreeSet<String>,
) -> Result<()> {
    if below.contains(&first.revision) {
        return Err(Error::command(format!(
            "{onto} builds on {}, so it can't come before it.",
            first.revision
        )));
    }
    if first
        .down_revision
        .first()
        .is_some_and(|parent| parent == onto)
    {
        return Err(Error::command(format!(
            "{} follows {onto} already.",
            first.revision
        )));
    }
    let depends = |known: &&ProjectRevision| {
        below.contains(&known.revision) && known.depends_on.iter().any(|on| branch.contains(on))
    };
    if let Some(dependent) = project.revisions.iter().find(depends) {
        return Err(Error::command(format!(
            "{} depends on the branch of {}, so it can't come before it.",
            dependent.revision, first.revision
        )));
    }
    let merge = project.revisions.iter().find(|known| {
        branch.contains(&known.revision)
            && known.is_merge_point
            && known
                .down_revision
                .iter()
                .any(|parent| below.contains(parent))
    });
    match merge {
        Some(merge) => Err(Error::command(format!(
            "{} merges the two branches. Remove that revision first: after this there is nothing \
             to merge.",
            merge.revision
        ))),
        None => Ok(()),
    }
}

/// A branch that a database has stays where it is: the database would look as if it had the other
/// branch too.
fn check_databases(project: &ProjectState, first: &ProjectRevision, onto: &str) -> Result<()> {
    let has = project.databases.iter().find(|database| {
        project
            .ancestors(&database.current)
            .contains(&first.revision)
    });
    let Some(database) = has else { return Ok(()) };
    let back = first.down_revision.first().map_or("base", String::as_str);
    Err(Error::command(format!(
        "{} is applied in {}, which would look as if it had {onto} before it.",
        first.revision, database.url
    ))
    .with_hint(format!(
        "Take it back first: downgrade {}@{back}, then rebase and upgrade again.",
        first.revision
    )))
}

/// The edits of the first revision's file: its `down_revision`, and what its docstring says.
fn edits(script: &Script, onto: &str) -> Result<Vec<TextEdit>> {
    let Some(value) = script.assigned("down_revision") else {
        return Err(Error::command(format!(
            "{} has no down_revision that could be changed.",
            script.path
        )));
    };
    if !matches!(
        value.kind,
        ExpressionKind::Constant(Value::Str(_) | Value::None)
    ) {
        return Err(Error::command(format!(
            "The down_revision of {} is computed: change it by hand.",
            script.path
        )));
    }
    let quote = if script.slice(value.extent).starts_with('\'') {
        '\''
    } else {
        '"'
    };
    let mut edits = vec![script.replace_extent(value.extent, &format!("{quote}{onto}{quote}"))];
    edits.extend(script.docstring_entry(REVISES, onto));
    Ok(edits)
}

/// How Alembic's template tells the parent in the docstring.
pub(super) const REVISES: &str = "Revises:";

pub(super) fn upgrade(trial: &Trial, targets: &[String]) -> Result<()> {
    for target in targets {
        if let Some(error) = trial.command(&["upgrade", target], false)?.error {
            return Err(error);
        }
    }
    Ok(())
}

pub(super) fn differences(
    names: &[String],
    before: &Trial,
    after: &Trial,
) -> Result<Vec<StateDifference>> {
    names
        .iter()
        .map(|name| {
            let before = Database::of_host(&before.dyn_host(), name)?;
            let after = Database::of_host(&after.dyn_host(), name)?;
            compare(&before, &after, &Renames::default(), SAMPLE)
        })
        .collect()
}
