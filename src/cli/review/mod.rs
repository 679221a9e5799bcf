//! `limbeck review`: reviews of revisions for a terminal, a pull request or a build server.
//!
//! What is found is the room [`review`](crate::review)'s; here it is decided which revisions are
//! reviewed ([`selection`]), what a project has said about findings ([`settings`], [`silence`]), how
//! they are written ([`formats`]), and with which exit status the command ends.

mod base;
mod branches;
mod fixes;
mod formats;
mod options;
mod reviewed;
mod rules;
mod selection;
mod settings;
mod silence;

pub use base::BaseComparison;
pub use formats::Format;
pub use reviewed::{Report, ReportedFinding, ReviewedRevision};
pub use rules::{RULES, Rule, rule};
pub use settings::{Level, Settings};
pub use silence::{Silence, silences};

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::unusable;
use crate::command::{self, ProjectState};
use crate::review::{CopyHost, Seed};
use options::Options;

/// The exit status where nothing is as severe as `--fail-on` says.
const PASSED: i32 = 0;
/// The exit status where something is.
const FAILED: i32 = 1;
/// Does what `limbeck review ARGV` asks for, and returns the exit status: 0 where no finding is as
/// severe as `--fail-on`, 1 where one is, 2 where there is nothing to say because the command line
/// or the project can't be read.
///
/// The project and its databases are not changed, but for `--fix`, which edits revision files.
pub fn run(run: &Run, argv: &[String]) -> i32 {
    let options = match Options::parse(run, argv) {
        Ok(options) => options,
        Err(status) => return status,
    };
    match review(run, &options) {
        Ok(status) => status,
        Err(error) => unusable(run, "review", &error),
    }
}

fn review(run: &Run, options: &Options) -> Result<i32> {
    let settings = Settings::read(run)?;
    let mut project = described(run)?;
    let seeded = match &options.seed {
        Some(path) => Some(seeded(run, options, path, &project)?),
        None => None,
    };
    let tried = match &seeded {
        Some(host) => Run::observed(host.clone(), run.observer.clone()),
        None => run.clone(),
    };
    if seeded.is_some() {
        project = described(&tried)?;
    }
    let selected = selection::select(run, &project, &options.revisions)?;
    let mut report = Report::new(run, &selected.reason);
    for revision in &selected.revisions {
        if run.observer.cancelled() {
            return Err(Error::cancelled());
        }
        let beside = selected.beside.get(revision).map_or(&[][..], Vec::as_slice);
        let reviewed = if options.fix {
            let (reviewed, applied) =
                fixes::review_and_fix(run, &tried, revision, options.rows, &settings, beside)?;
            report.fixed.extend(applied);
            reviewed
        } else {
            ReviewedRevision::of(&tried, revision, options.rows, &settings, beside)?
        };
        report.revisions.push(reviewed);
    }
    let branch = selected.branch.as_ref();
    report.base = branch.and_then(|branch| BaseComparison::of(&tried, branch));
    if let Some(host) = seeded {
        host.leave_servers();
    }
    let text = options.format.write(&report);
    match &options.output {
        Some(path) => run
            .host
            .write(path, text.as_bytes())
            .map_err(|error| Error::command(format!("Can't write {path}: {error}")))?,
        None => run.print(&text),
    }
    let fail_on = options.fail_on.unwrap_or(settings.fail_on);
    Ok(if report.reaches(fail_on) {
        FAILED
    } else {
        PASSED
    })
}

/// The state of the project, looked at in a copy: to look at a database that there is not would make one.
fn described(run: &Run) -> Result<ProjectState> {
    let copy = CopyHost::new(&run.host);
    let project = command::describe(&Run::observed(copy.clone(), run.observer.clone()));
    copy.leave_servers();
    match (project.revisions.is_empty(), project.errors.first()) {
        (true, Some(error)) => Err(error.clone()),
        _ => Ok(project),
    }
}

/// A copy of the project whose databases hold what a file says.
fn seeded(
    run: &Run,
    options: &Options,
    path: &str,
    project: &ProjectState,
) -> Result<Rc<CopyHost>> {
    let bytes = run.host.read(path);
    let bytes = bytes.map_err(|error| Error::command(format!("Can't read {path}: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::command(format!("{path} is no text in UTF-8.")))?;
    let selected = selection::select(run, project, &options.revisions)?;
    let first = selected.revisions.first().map(String::as_str);
    Seed::new(path, &text)?.plant(run, project, first)
}
