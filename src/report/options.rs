//! The options of `limbeck review`.

use ground::run::Run;

use super::formats::Format;
use super::settings::Level;
use crate::config::{
    Count, Namespace, OptionAction, OptionRule, OptionValue, Parser, PositionalRule, Stop,
};

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
    /// `--fix`.
    pub(super) fix: bool,
    /// `--output`: the file that is written instead of standard output.
    pub(super) output: Option<String>,
}

/// What became of a command line.
pub(super) enum Parsed {
    /// It can be read.
    Options(Box<Options>),
    /// `--help`: what to print.
    Help(String),
    /// A usage error: what to print.
    Usage(String),
}

const OPTIONS: &[OptionRule] = &[
    OptionRule {
        flags: &["-h", "--help"],
        dest: "help",
        kind: OptionAction::Help,
        help: "show this help message and exit",
    },
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
    /// Reads the words after `limbeck review`.
    pub(super) fn parse(run: &Run, argv: &[String]) -> Parsed {
        let parser = parser();
        let columns = run.host.terminal_width().unwrap_or(80);
        let usage = |message: &str| {
            Parsed::Usage(format!(
                "{}{}: error: {message}\n",
                parser.usage(columns),
                parser.program
            ))
        };
        let mut values = Namespace::default();
        match parser.parse(argv, &mut values) {
            Err(Stop::Error(message)) => return usage(&message),
            Err(Stop::Help | Stop::Version) => return Parsed::Help(parser.help(columns)),
            Ok(left) if !left.is_empty() => {
                return usage(&format!("unrecognized arguments: {}", left.join(" ")));
            }
            Ok(_) => {}
        }
        let text = |name: &str| match values.get(name) {
            Some(OptionValue::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let revisions = match (text("revision"), text("commit")) {
            (Some(_), Some(_)) => {
                return usage("argument --changed-since: not allowed with a revision");
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
        let word = text("format").unwrap_or_default();
        let Some(format) = Format::named(&word) else {
            return usage(&format!(
                "argument --format: invalid choice: '{word}' (choose from {})",
                Format::NAMES.join(", ")
            ));
        };
        let fail_on = match text("severity") {
            None => None,
            Some(word) => match Level::named(&word) {
                Some(level) => Some(level),
                None => {
                    return usage(&format!(
                        "argument --fail-on: invalid choice: '{word}' (choose from {})",
                        Level::NAMES.join(", ")
                    ));
                }
            },
        };
        Parsed::Options(Box::new(Options {
            revisions,
            format,
            fail_on,
            fix: values.get("fix") == Some(&OptionValue::Boolean(true)),
            output: text("file"),
        }))
    }
}
