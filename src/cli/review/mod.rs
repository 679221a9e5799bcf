//! `limbeck review`: reviews of revisions for a terminal, a pull request or a build server.
//!
//! What is found is the room [`review`](crate::review)'s; here it is decided which revisions are
//! reviewed ([`selection`]), what a project has said about findings ([`settings`], [`silence`]), how
//! they are written ([`formats`]), and with which exit status the command ends.

mod branches;
mod fixes;
mod formats;
mod options;
mod reviewed;
mod rules;
mod selection;
mod settings;
mod silence;

pub use formats::Format;
pub use reviewed::{Report, ReportedFinding, ReviewedRevision};
pub use rules::{RULES, Rule, rule};
pub use settings::{Level, Settings};
pub use silence::{Silence, silences};

use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::unusable;
use crate::command;
use crate::review::CopyHost;
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
    // On a copy: to look at a database that there is not would make one.
    let copy = CopyHost::new(&run.host);
    let project = command::describe(&Run::observed(copy.clone(), run.observer.clone()));
    copy.leave_servers();
    if let (true, Some(error)) = (project.revisions.is_empty(), project.errors.first()) {
        return Err(error.clone());
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
                fixes::review_and_fix(run, revision, options.rows, &settings, beside)?;
            report.fixed.extend(applied);
            reviewed
        } else {
            ReviewedRevision::of(run, revision, options.rows, &settings, beside)?
        };
        report.revisions.push(reviewed);
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
