//! The options of `limbeck review`.

use ground::run::Run;

use super::formats::Format;
use super::settings::Level;
use crate::cli::arguments::{Arguments, HELP};
use crate::config::{Count, OptionAction, OptionRule, Parser, PositionalRule};
use crate::review::Rows;

/// Which revisions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Revisions {
    /// None named: those that the database does not have, or else the heads.
    Unapplied,
    /// One, by its id, its beginning, or a name such as `head`.
    One(String),
    /// Those after the first up to the second: `BASE..HEAD`.
    Range(String, String),
    /// Those whose files differ from a commit of Git.
    ChangedSince(String),
}

/// What a command line asks for.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// Which revisions.
    pub(super) revisions: Revisions,
    /// `--format`.
    pub(super) format: Format,
    /// `--fail-on`, where given.
    pub(super) fail_on: Option<Level>,
    /// `--rows`.
    pub(super) rows: Rows,
    /// `--seed`: the SQL file that makes the database.
    pub(super) seed: Option<String>,
    /// `--fix`.
    pub(super) fix: bool,
    /// `--output`: the file that is written instead of standard output.
    pub(super) output: Option<String>,
}

const OPTIONS: &[OptionRule] = &[
    HELP,
    OptionRule {
        flags: &["--changed-since"],
        dest: "commit",
        kind: OptionAction::Value(None),
        help: "review the revisions whose files differ from this commit of Git",
    },
    OptionRule {
        flags: &["--format"],
        dest: "format",
        kind: OptionAction::Value(Some("text")),
        help: "text (default), json, markdown, sarif, github or gitlab",
    },
    OptionRule {
        flags: &["--fail-on"],
        dest: "severity",
        kind: OptionAction::Value(None),
        help: "end with status 1 at a finding of this severity or a worse one: error (default), \
               warning, note or never",
    },
    OptionRule {
        flags: &["--rows"],
        dest: "rows",
        kind: OptionAction::Value(Some("keep")),
        help: "keep (default): try revisions on the rows that are there; generate: tables without \
               rows get some, which fit their types, keys and checks",
    },
    OptionRule {
        flags: &["--seed"],
        dest: "script",
        kind: OptionAction::Value(None),
        help: "try revisions on a database that this SQL file makes: a dump with its version table, \
               or rows for the tables before the first reviewed revision",
    },
    OptionRule {
        flags: &["--fix"],
        dest: "fix",
        kind: OptionAction::Flag,
        help: "apply the fixes that findings have to the revision files, and review again",
    },
    OptionRule {
        flags: &["-o", "--output"],
        dest: "file",
        kind: OptionAction::Value(None),
        help: "write to this file instead of standard output",
    },
];

fn parser() -> Parser {
    Parser {
        program: "limbeck review".to_owned(),
        options: OPTIONS.to_vec(),
        positional: Some(PositionalRule {
            dest: "revision",
            count: Count::Optional,
            help: Some(
                "a revision, or BASE..HEAD; without it, what the database does not have yet",
            ),
        }),
        commands: Vec::new(),
    }
}

impl Options {
    /// Reads the words after `limbeck review`; the error is the exit status of a command line that
    /// ends there.
    pub(super) fn parse(run: &Run, argv: &[String]) -> Result<Options, i32> {
        let parser = parser();
        let arguments = Arguments::parse(run, &parser, argv)?;
        let revisions = match (arguments.text("revision"), arguments.text("commit")) {
            (Some(_), Some(_)) => {
                return Err(
                    arguments.usage("argument --changed-since: not allowed with a revision")
                );
            }
            (None, Some(commit)) => Revisions::ChangedSince(commit),
            (Some(word), None) => match word.split_once("..") {
                Some((base, head)) => {
                    let head = if head.is_empty() { "heads" } else { head };
                    Revisions::Range(base.to_owned(), head.to_owned())
                }
                None => Revisions::One(word),
            },
            (None, None) => Revisions::Unapplied,
        };
        let format = arguments.text("format").unwrap_or_default();
        let format = arguments.choice("--format", &format, Format::NAMES, Format::named)?;
        let fail_on = match arguments.text("severity") {
            None => None,
            Some(word) => Some(arguments.choice("--fail-on", &word, Level::NAMES, Level::named)?),
        };
        let rows = arguments.text("rows").unwrap_or_default();
        let rows = arguments.choice("--rows", &rows, &["keep", "generate"], |word| match word {
            "keep" => Some(Rows::AtHand),
            "generate" => Some(Rows::Generated),
            _ => None,
        })?;
        Ok(Options {
            revisions,
            format,
            fail_on,
            rows,
            seed: arguments.text("script"),
            fix: arguments.flag("fix"),
            output: arguments.text("file"),
        })
    }
}
