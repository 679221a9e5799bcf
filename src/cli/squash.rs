//! `limbeck squash A:B`.

use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::arguments::{Arguments, HELP};
use super::{shown_path, unusable};
use crate::config::{Count, OptionAction, OptionRule, Parser, PositionalRule};
use crate::review::{self, Ground, Squash, SquashTrial, difference_lines};

/// The exit status where the new revision does something else, so that nothing was written.
const DIFFERS: i32 = 1;

const OPTIONS: &[OptionRule] = &[
    HELP,
    OptionRule {
        flags: &["-m", "--message"],
        dest: "message",
        kind: OptionAction::Value(None),
        help: "the message of the new revision; default: that of the last one",
    },
    OptionRule {
        flags: &["--check"],
        dest: "check",
        kind: OptionAction::Flag,
        help: "try it on copies, print the new revision, and change nothing",
    },
];

fn parser() -> Parser {
    Parser {
        program: "limbeck squash".to_owned(),
        options: OPTIONS.to_vec(),
        positional: Some(PositionalRule {
            dest: "range",
            count: Count::One,
            help: Some(
                "FIRST:LAST, the revisions that `history -r FIRST:LAST` lists; `base:LAST` is all \
                 that LAST builds on",
            ),
        }),
        commands: Vec::new(),
    }
}

/// Does what `limbeck squash ARGV` asks for, and returns the exit status: 0 where one revision stands
/// for the others, 1 where it would do something else, 2 where nothing could be tried.
pub(super) fn run(run: &Run, argv: &[String]) -> i32 {
    let parser = parser();
    let arguments = match Arguments::parse(run, &parser, argv) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let range = arguments.text("range").unwrap_or_default();
    let Some((first, last)) = range.split_once(':') else {
        return arguments.usage("argument range: FIRST:LAST is expected");
    };
    let message = arguments.text("message");
    let squashed = review::squash(run, first, last, message.as_deref());
    match squashed.and_then(|squash| carry_out(run, &squash, arguments.flag("check"))) {
        Ok(status) => status,
        Err(error) => unusable(run, "squash", &error),
    }
}

fn carry_out(run: &Run, squash: &Squash, check: bool) -> Result<i32> {
    let id = &squash.revision;
    if !squash.is_proven() {
        run.print(&format!(
            "One revision in place of {} does something else; nothing is changed.\n",
            squash.replaces.join(", ")
        ));
        run.print(&proof(squash));
        return Ok(DIFFERS);
    }
    run.print(&format!(
        "{id} {} {}: {}\n",
        if check {
            "would stand for"
        } else {
            "stands for"
        },
        squash.replaces.join(", "),
        shown_path(run, &squash.path)
    ));
    run.print(&proof(squash));
    run.print(&format!(
        "A database that has {id} needs nothing. One at {} does not know its revision any more: \
         upgrade it to {id} with the files as they were, before it gets the new one.\n",
        either(squash.in_between())
    ));
    if check {
        run.print(&format!("\n{}", squash.text));
        return Ok(0);
    }
    let host = &run.host;
    host.write(&squash.path, squash.text.as_bytes())
        .map_err(|error| Error::command(format!("Can't write {}: {error}", squash.path)))?;
    for path in squash.removed.iter().filter(|path| **path != squash.path) {
        host.remove(path)
            .map_err(|error| Error::command(format!("Can't remove {path}: {error}")))?;
    }
    Ok(0)
}

/// `a, b or c`.
fn either(ids: &[String]) -> String {
    match ids {
        [first @ .., before, last] => [first, &[format!("{before} or {last}")]]
            .concat()
            .join(", "),
        _ => ids.concat(),
    }
}

/// What the trials showed.
fn proof(squash: &Squash) -> String {
    let mut text = String::new();
    for trial in &squash.trials {
        let from = match (trial.ground, trial.generated) {
            (Ground::Empty, false) => "from an empty database",
            (Ground::Empty, true) => "on rows made up for it",
            (Ground::Here | Ground::TakenBack, false) => "on the rows at hand",
            (Ground::Here | Ground::TakenBack, true) => {
                "on the rows at hand and, in tables without, rows made up"
            }
        };
        text.push_str(&match &trial.stopped {
            Some((step, error)) => format!(
                "Tried {from}: {step} fails with the revisions and with the new one: {}\n",
                error.message.lines().next().unwrap_or_default()
            ),
            None => verdict(trial, from),
        });
    }
    text
}

fn verdict(trial: &SquashTrial, from: &str) -> String {
    if let Some((step, error)) = &trial.failure {
        let why = error.message.lines().next().unwrap_or_default();
        return format!("Tried {from}: {step} fails: {why}\n");
    }
    let mut lines = Vec::new();
    for (differences, when) in [
        (&trial.up, "after the upgrade"),
        (&trial.down, "after the downgrade"),
        (
            &trial.crossed,
            "after the new downgrade of what the revisions upgraded",
        ),
    ] {
        let differing = differences
            .iter()
            .flat_map(|difference| difference_lines(difference, "with them", "with it"));
        lines.extend(differing.map(|line| format!("  {when}: {line}\n")));
    }
    if lines.is_empty() {
        return format!("Tried {from}, up and down: the same schema and rows.\n");
    }
    format!("Tried {from}:\n{}", lines.concat())
}
