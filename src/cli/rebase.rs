//! `limbeck rebase REVISION --onto REVISION`.

use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::arguments::{Arguments, HELP};
use super::{shown_path, unusable};
use crate::config::{Count, OptionAction, OptionRule, Parser, PositionalRule};
use crate::review::{self, Rebase, difference_lines};

/// The exit status where a rebase was asked about by `--check`, and the order matters.
const DIFFERS: i32 = 1;

const OPTIONS: &[OptionRule] = &[
    HELP,
    OptionRule {
        flags: &["--onto"],
        dest: "onto",
        kind: OptionAction::Value(None),
        help: "the revision that it shall follow; default: the other head",
    },
    OptionRule {
        flags: &["--check"],
        dest: "check",
        kind: OptionAction::Flag,
        help: "try it on copies and say what would change; end with status 1 if the order matters",
    },
];

fn parser() -> Parser {
    Parser {
        program: "limbeck rebase".to_owned(),
        options: OPTIONS.to_vec(),
        positional: Some(PositionalRule {
            dest: "revision",
            count: Count::One,
            help: Some("a revision of the branch that is put after another one"),
        }),
        commands: Vec::new(),
    }
}

/// Does what `limbeck rebase ARGV` asks for, and returns the exit status: 0 where the branch was put
/// after the other one, 1 where `--check` found that the order matters, 2 where nothing was done.
pub(super) fn run(run: &Run, argv: &[String]) -> i32 {
    let parser = parser();
    let arguments = match Arguments::parse(run, &parser, argv) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let revision = arguments.text("revision").unwrap_or_default();
    let onto = arguments.text("onto");
    match rebase(run, &revision, onto.as_deref(), arguments.flag("check")) {
        Ok(status) => status,
        Err(error) => unusable(run, "rebase", &error),
    }
}

fn rebase(run: &Run, revision: &str, onto: Option<&str>, check: bool) -> Result<i32> {
    let rebase = review::rebase(run, revision, onto)?;
    let was = rebase.was.as_deref().unwrap_or("nothing");
    let verb = if check { "would follow" } else { "follows" };
    run.print(&format!(
        "{} {verb} {} (until now {was}): {}\n",
        rebase.revision,
        rebase.onto,
        shown_path(run, &rebase.path)
    ));
    run.print(&proof(&rebase));
    if check {
        return Ok(if rebase.is_proven() { 0 } else { DIFFERS });
    }
    run.host
        .write(&rebase.path, rebase.text.as_bytes())
        .map_err(|error| Error::command(format!("Can't write {}: {error}", rebase.path)))?;
    Ok(0)
}

/// What the trials showed.
fn proof(rebase: &Rebase) -> String {
    if rebase.is_proven() {
        return format!(
            "Tried on copies: {} before and after {}, and the new chain give the same schema and rows.\n",
            rebase.heads.join(", "),
            rebase.onto
        );
    }
    let mut text = String::new();
    for (differences, heading) in [
        (
            &rebase.orders,
            "The order matters. What was tried with the branch first differs after it:",
        ),
        (
            &rebase.rebased,
            "The new chain differs from running the branch last:",
        ),
    ] {
        let lines: Vec<String> = differences
            .iter()
            .flat_map(|difference| difference_lines(difference, "first", "last"))
            .collect();
        if !lines.is_empty() {
            text.push_str(&format!("{heading}\n  {}\n", lines.join("\n  ")));
        }
    }
    text
}
