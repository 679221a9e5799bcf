//! Why something failed or found nothing, and what to do about it.
#![expect(missing_docs, reason = "the words say what each is")]

use protocol::{Cause, Explanation, Failure, Mend, Verb};

pub const LABEL: &str = "What failed";
pub const TRY_AGAIN: &str = "Try again";
pub const DISMISS: &str = "Dismiss";
pub const FAILED: &str = "failed";
pub const WHY: &str = "failed: why?";
pub const SHOW_WHY: &str = "Show why";
/// In Pending, where the upgrade that it would offer has just failed.
pub const UPGRADE_FAILED: &str = "The upgrade failed. Fix its cause first, then upgrade again.";

/// In place of the advice, where files were changed since.
pub const EDITED: &str = "The files have changed since then.";

/// Before the reason; `again` where the same failed just before, too.
pub fn failed(verb: Option<Verb>, again: bool) -> String {
    let what = match verb {
        Some(Verb::Autogenerate) => "Autogenerate",
        Some(Verb::Merge) => "Merge",
        Some(Verb::Upgrade) => "Upgrade",
        Some(Verb::Downgrade) => "Downgrade",
        None => "The command",
    };
    format!("{what} failed{}:", if again { " again" } else { "" })
}

/// The reason in one sentence.
pub fn sentence(failure: &Failure) -> String {
    match &failure.explanation {
        Some(explanation) => cause(&explanation.cause),
        // What follows the first line is the statement and its parameters.
        None => failure
            .message
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or(&failure.class)
            .trim()
            .to_owned(),
    }
}

/// What to do about a failed command.
pub fn advice(failure: &Failure, leaves: bool) -> String {
    if let Some(explanation) = &failure.explanation {
        return advice_on(explanation).to_owned();
    }
    if let Some(hint) = &failure.hint {
        return hint.clone();
    }
    match (&failure.place, leaves) {
        (Some(_), true) => {
            "Undo what it left behind, fix the marked line, then run it again.".to_owned()
        }
        (Some(_), false) => "Fix the marked line, then run it again.".to_owned(),
        (None, true) => "Undo what it left behind, then run it again.".to_owned(),
        (None, false) => "Its whole output is in the console.".to_owned(),
    }
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// A cause in one sentence.
pub fn cause(cause: &Cause) -> String {
    match cause {
        Cause::UnknownCurrent { revisions, scripts } => {
            let them = list(revisions);
            match scripts {
                0 => format!("the database is at revision {them}, but there are no scripts."),
                _ => format!("the database is at revision {them}, which no script has."),
            }
        }
        Cause::UnknownRevision { revision } => format!("no script has the revision `{revision}`."),
        Cause::UnknownParent {
            parent, revision, ..
        } => format!("revision `{revision}` follows `{parent}`, which no script has."),
        Cause::SeveralHeads { heads } => {
            format!("there are {} heads: {}.", heads.len(), list(heads))
        }
        Cause::Behind => "the database does not have all revisions yet.".to_owned(),
        Cause::NoMetadata => {
            "env.py passes no `target_metadata`, so there are no models to compare.".to_owned()
        }
        Cause::NotImported {
            class,
            place,
            drops_everything: true,
        } => format!(
            "env.py imports no models, so every table would be dropped. `{class}` is in {}.",
            place.path
        ),
        Cause::NotImported { class, place, .. } => {
            format!("`{class}` is not compared: env.py does not import {}.", place.path)
        }
        Cause::NoModels => {
            "the `target_metadata` of env.py has no tables, so every table would be dropped."
                .to_owned()
        }
        Cause::NotATable { class, .. } => {
            format!("`{class}` is not a table: it lacks `table=True`.")
        }
        Cause::TablesExist { .. } => {
            "There are no revisions, and the database already has these tables: a first revision would be empty.".to_owned()
        }
    }
}

/// What to do about a cause.
pub fn advice_on(explanation: &Explanation) -> &'static str {
    match explanation.cause {
        Cause::UnknownCurrent { scripts: 0, .. } => {
            "Restore the scripts from History; or forget the revision, if you want to begin again."
        }
        Cause::UnknownCurrent { .. } => {
            "Restore its script from History; or stamp the newest revision, if the database already has all that it creates."
        }
        Cause::UnknownRevision { .. } => "`alembic history` lists the revisions.",
        Cause::UnknownParent { .. } => {
            "Correct the marked line, or restore the missing script from History."
        }
        Cause::SeveralHeads { .. } => "Merge them, or name the one you mean.",
        Cause::Behind => "Upgrade first.",
        Cause::NoMetadata => {
            "Import the base class of your models in env.py, and set `target_metadata = Base.metadata` there."
        }
        Cause::NotImported { .. } => "Import it in env.py.",
        Cause::NoModels => {
            "Import the base class of your models in env.py, and the files that use it."
        }
        Cause::NotATable { .. } => "Add it to the class, or ignore this if it is only data.",
        Cause::TablesExist { .. } => {
            "Write the revision from an empty database instead, and stamp this one with it."
        }
    }
}

/// The label of the button that mends it.
pub fn mend(explanation: &Explanation) -> String {
    match (&explanation.cause, &explanation.mend) {
        (Cause::UnknownCurrent { scripts: 0, .. }, _) => "Forget the revision".to_owned(),
        (Cause::UnknownCurrent { .. }, _) => "Stamp the newest revision".to_owned(),
        (Cause::UnknownRevision { .. }, _) => "Show the history".to_owned(),
        (Cause::SeveralHeads { .. }, _) => "Merge the heads".to_owned(),
        (Cause::Behind, _) => "Upgrade".to_owned(),
        (Cause::TablesExist { .. }, _) => "Write the first revision".to_owned(),
        (Cause::NotATable { .. }, _) => "Add `table=True`".replace('`', ""),
        (_, Some(Mend::Write { path, .. })) => format!("Add the import to {path}"),
        (_, Some(Mend::Run(line))) => line.clone(),
        (_, None) => String::new(),
    }
}
