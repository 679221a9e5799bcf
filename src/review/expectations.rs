//! What holds of a project in good order, whatever its revisions do: one head, models that the
//! migrations make, ways back that work. In the manner of pytest-alembic, with states compared.

use super::database::{Database, connect};
use super::difference_lines;
use super::rows::Rows;
use super::trial::Trial;
use super::{Renames, StateDifference, Verdict, compare, round_trip};
use crate::command::{self, ProjectState};
use driver::Parameters;
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use sqlalchemy::image;

/// One expectation, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// What is expected, as a short sentence.
    pub title: String,
    /// Why it does not hold, a line each; empty where it does.
    pub failures: Vec<String>,
}

/// Checks a project on empty databases and hands each expectation over as soon as it is known:
///
/// - there is one head;
/// - the models match what the migrations make (`alembic check`);
/// - tables made from the models are those that the migrations make;
/// - each revision can be undone: upgrade, downgrade, upgrade, on rows made up for it, restores the
///   schema. Values that a downgrade can't bring back are no failure: a review tells of them.
///
/// The workspace is not modified.
///
/// # Errors
/// Where the project can't be read, or the observer cancelled.
pub fn expectations(run: &Run, hear: &mut dyn FnMut(Expectation)) -> Result<()> {
    let trial = Trial::new(run);
    let project = trial.describe();
    if let (true, Some(error)) = (project.databases.is_empty(), project.errors.first()) {
        return Err(error.clone());
    }
    let databases = trial.databases_of(&project);
    for name in &databases {
        if let Ok(images) = image::owner(name) {
            // A database that is not there is empty.
            let _ = images.empty(&trial.dyn_host(), name);
        }
    }
    hear(one_head(&project));
    let upgraded = trial.again();
    let up = upgraded.command(&["upgrade", "heads"], false)?;
    if let Some(error) = up.error {
        hear(Expectation {
            title: "an empty database can be upgraded".to_owned(),
            failures: message_lines(&error),
        });
    } else {
        hear(models_match(&upgraded));
        hear(created_tables_match(&trial, &upgraded, &databases)?);
    }
    for revision in project.revisions.iter().rev() {
        trial.check()?;
        hear(can_be_undone(run, &revision.revision)?);
    }
    Ok(())
}

fn one_head(project: &ProjectState) -> Expectation {
    let failures = match project.heads.as_slice() {
        [_, _, ..] => vec![format!("The heads are {}.", project.heads.join(", "))],
        _ => Vec::new(),
    };
    Expectation {
        title: "there is one head".to_owned(),
        failures,
    }
}

fn models_match(upgraded: &Trial) -> Expectation {
    let state = command::pending(&Run::new(upgraded.again().dyn_host()));
    let failures = match &state.error {
        Some(error) => message_lines(error),
        None => state
            .operations
            .iter()
            .map(|operation| format!("{} {}", operation.name, operation.target))
            .collect(),
    };
    Expectation {
        title: "the models match the migrations".to_owned(),
        failures,
    }
}

/// Makes the models' tables in an empty database and compares them with those of the migrations.
fn created_tables_match(
    empty: &Trial,
    upgraded: &Trial,
    databases: &[String],
) -> Result<Expectation> {
    let mut expectation = Expectation {
        title: "tables made from the models are those of the migrations".to_owned(),
        failures: Vec::new(),
    };
    // With several databases nothing says which models belong to which.
    let [name] = databases else {
        return Ok(expectation);
    };
    let created = empty.again();
    let host = created.dyn_host();
    let run = Run::new(host.clone());
    let made = command::model_statements(&run).and_then(|statements| {
        let connection = connect(&run, name)?;
        let dbapi = connection.dbapi()?;
        let result = statements
            .iter()
            .try_for_each(|sql| dbapi.execute(sql, &Parameters::NONE).map(drop));
        connection.engine().dispose();
        result
    });
    let _ = driver::flush(&host);
    match made {
        Err(error) => expectation.failures = message_lines(&error),
        Ok(()) => {
            let migrated = Database::of_host(&upgraded.dyn_host(), name)?;
            let created = Database::of_host(&host, name)?;
            let mut difference = compare(&migrated, &created, &Renames::default(), 0)?;
            // Rows that migrations insert are no part of the models.
            for table in &mut difference.tables {
                table.rows = None;
            }
            expectation.failures = schema_lines(&difference);
        }
    }
    Ok(expectation)
}

fn schema_lines(difference: &StateDifference) -> Vec<String> {
    difference_lines(difference, "migrations", "models")
}

fn can_be_undone(run: &Run, revision: &str) -> Result<Expectation> {
    let trip = round_trip(run, revision, Rows::Generated)?;
    let back = || -> Vec<String> {
        trip.back
            .iter()
            .flat_map(|difference| difference_lines(difference, "before", "after"))
            .collect()
    };
    let failures = match &trip.verdict {
        Verdict::Lossless | Verdict::SchemaOnly | Verdict::LosesData => Vec::new(),
        // What the downgrade left behind is why the second upgrade fails.
        Verdict::NotReversed => back(),
        Verdict::Broken { .. } if trip.back.iter().any(|back| !back.same_schema()) => back(),
        Verdict::Broken { step, error, .. } => {
            let mut lines = message_lines(error);
            if let Some(first) = lines.first_mut() {
                first.insert_str(0, &format!("{step}: "));
            }
            lines
        }
    };
    Ok(Expectation {
        title: format!("{revision} can be undone"),
        failures,
    })
}

fn message_lines(error: &Error) -> Vec<String> {
    error
        .message
        .lines()
        .filter(|line| !line.starts_with("(Background on this error"))
        .map(str::to_owned)
        .collect()
}
