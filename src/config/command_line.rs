//! Alembic's command line: the commands, their options, and the parsing of an `argv`.

use crate::config::arguments::{
    Count, Namespace, OptionAction, OptionRule, OptionValue, Parser, PositionalRule, Stop,
};

/// The version that `--version` names: the Alembic whose behaviour this is.
pub const ALEMBIC_VERSION: &str = "1.20.1";

/// What one command line asks for. One variant a command of `alembic`, fields as its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `alembic branches`.
    Branches {
        /// `-v`.
        verbose: bool,
    },
    /// `alembic check`.
    Check,
    /// `alembic current`.
    Current {
        /// `-c`, `--check-heads`.
        check_heads: bool,
        /// `-v`.
        verbose: bool,
    },
    /// `alembic downgrade`.
    Downgrade {
        /// The target revision.
        revision: String,
        /// `--sql`.
        sql: bool,
        /// `--tag`.
        tag: Option<String>,
    },
    /// `alembic edit`.
    Edit {
        /// The revision.
        rev: String,
    },
    /// `alembic ensure_version`.
    EnsureVersion {
        /// `--sql`.
        sql: bool,
    },
    /// `alembic heads`.
    Heads {
        /// `-v`.
        verbose: bool,
        /// `--resolve-dependencies`.
        resolve_dependencies: bool,
    },
    /// `alembic history`.
    History {
        /// `-r`.
        rev_range: Option<String>,
        /// `-v`.
        verbose: bool,
        /// `-i`.
        indicate_current: bool,
    },
    /// `alembic init`.
    Init {
        /// The folder to make.
        directory: String,
        /// `-t`.
        template: String,
        /// `--package`.
        package: bool,
    },
    /// `alembic list_templates`.
    ListTemplates,
    /// `alembic merge`.
    Merge {
        /// What to merge.
        revisions: Vec<String>,
        /// `-m`.
        message: Option<String>,
        /// `--branch-label`.
        branch_label: Option<String>,
        /// `--rev-id`.
        rev_id: Option<String>,
        /// `--splice`.
        splice: bool,
    },
    /// `alembic revision`.
    Revision {
        /// `-m`.
        message: Option<String>,
        /// `--autogenerate`.
        autogenerate: bool,
        /// `--sql`.
        sql: bool,
        /// `--head`.
        head: Option<String>,
        /// `--splice`.
        splice: bool,
        /// `--branch-label`.
        branch_label: Option<String>,
        /// `--version-path`.
        version_path: Option<String>,
        /// `--rev-id`.
        rev_id: Option<String>,
        /// `--depends-on`, as often as given.
        depends_on: Option<Vec<String>>,
    },
    /// `alembic show`.
    Show {
        /// The revision.
        rev: String,
    },
    /// `alembic stamp`.
    Stamp {
        /// The revision.
        revisions: Vec<String>,
        /// `--sql`.
        sql: bool,
        /// `--tag`.
        tag: Option<String>,
        /// `--purge`.
        purge: bool,
    },
    /// `alembic upgrade`.
    Upgrade {
        /// The target revision.
        revision: String,
        /// `--sql`.
        sql: bool,
        /// `--tag`.
        tag: Option<String>,
    },
}

/// `Config.cmd_opts`: what the command line said, by the names of `argparse`'s namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOptions {
    /// Every destination with its value, those of the main parser first.
    pub values: Namespace,
    /// Name of the command's function.
    pub command: String,
}

impl CommandOptions {
    /// A flag; `false` where the command has no such option.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(OptionValue::Boolean(true)))
    }

    /// A string.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name) {
            Some(OptionValue::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// A list; `None` where it was not given.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.values.get(name) {
            Some(OptionValue::List(list)) => Some(list.clone()),
            _ => None,
        }
    }

    /// The `-x` arguments, in order.
    pub fn x(&self) -> Vec<String> {
        self.list("x").unwrap_or_default()
    }
}

/// The result of parsing an `argv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedCommandLine {
    /// A command to carry out.
    Command(Box<(Command, CommandOptions)>),
    /// Text for standard output and exit status 0: `--help`, `--version`.
    Text(String),
    /// Text for standard error and exit status 2.
    Usage(String),
}

/// `alembic.config.CommandLine`.
#[derive(Debug)]
pub struct CommandLine {
    columns: usize,
    main: Parser,
}

const HELP: OptionRule = OptionRule {
    flags: &["-h", "--help"],
    dest: "help",
    kind: OptionAction::Help,
    help: "show this help message and exit",
};

impl CommandLine {
    /// A command line whose usage text is as wide as the terminal.
    pub fn new(columns: Option<usize>) -> Self {
        CommandLine {
            columns: columns.filter(|columns| *columns > 0).unwrap_or(80),
            main: main_parser(),
        }
    }

    /// Parses the arguments after the program's name.
    pub fn parse(&self, arguments: &[String]) -> ParsedCommandLine {
        let mut namespace = Namespace::default();
        let mut extras = match self.main.parse(arguments, &mut namespace) {
            Ok(extras) => extras,
            Err(stop) => return self.stopped(&self.main, stop),
        };
        let Some(OptionValue::List(words)) = namespace.shift_remove("command") else {
            return match extras.is_empty() {
                true => self.stopped(&self.main, Stop::Error("too few arguments".to_owned())),
                false => self.unrecognized(&extras),
            };
        };
        let name = words[0].clone();
        let parser = command_parser(&name);
        match parser.parse(&words[1..], &mut namespace) {
            // argparse puts what the command's parser left over after its own.
            Ok(mut more) => extras.append(&mut more),
            Err(stop) => return self.stopped(&parser, stop),
        }
        if !extras.is_empty() {
            return self.unrecognized(&extras);
        }
        let options = CommandOptions {
            values: namespace,
            command: name,
        };
        match command_of(&options) {
            Some(command) => ParsedCommandLine::Command(Box::new((command, options))),
            None => self.stopped(&self.main, Stop::Error("too few arguments".to_owned())),
        }
    }

    fn unrecognized(&self, extras: &[String]) -> ParsedCommandLine {
        self.stopped(
            &self.main,
            Stop::Error(format!("unrecognized arguments: {}", extras.join(" "))),
        )
    }

    fn stopped(&self, parser: &Parser, stop: Stop) -> ParsedCommandLine {
        match stop {
            Stop::Help => ParsedCommandLine::Text(parser.help(self.columns)),
            Stop::Version => {
                ParsedCommandLine::Text(format!("{} {ALEMBIC_VERSION}\n", parser.program))
            }
            Stop::Error(message) => ParsedCommandLine::Usage(format!(
                "{}{}: error: {message}\n",
                parser.usage(self.columns),
                parser.program
            )),
        }
    }
}

/// Every command with the first paragraph of its documentation, in the order of `alembic --help`.
pub const COMMANDS: &[(&str, &str)] = &[
    ("branches", "Show current branch points."),
    (
        "check",
        "Check if revision command with autogenerate has pending upgrade ops.",
    ),
    ("current", "Display the current revision for a database."),
    ("downgrade", "Revert to a previous version."),
    ("edit", "Edit revision script(s) using $EDITOR."),
    (
        "ensure_version",
        "Create the alembic version table if it doesn't exist already .",
    ),
    (
        "heads",
        "Show current available heads in the script directory.",
    ),
    ("history", "List changeset scripts in chronological order."),
    ("init", "Initialize a new scripts directory."),
    ("list_templates", "List available templates."),
    (
        "merge",
        "Merge two revisions together. Creates a new migration file.",
    ),
    ("revision", "Create a new revision file."),
    ("show", "Show the revision(s) denoted by the given symbol."),
    (
        "stamp",
        "'stamp' the revision table with the given revision; don't run any migrations.",
    ),
    ("upgrade", "Upgrade to a later version."),
];

fn main_parser() -> Parser {
    Parser {
        program: "alembic".to_owned(),
        options: vec![
            HELP,
            OptionRule {
                flags: &["--version"],
                dest: "version",
                kind: OptionAction::Version,
                help: "show program's version number and exit",
            },
            OptionRule {
                flags: &["-c", "--config"],
                dest: "config",
                kind: OptionAction::Append,
                help: "Alternate config file; defaults to value of ALEMBIC_CONFIG environment \
                       variable, or \"alembic.ini\". May also refer to pyproject.toml file. May \
                       be specified twice to reference both files separately",
            },
            OptionRule {
                flags: &["-n", "--name"],
                dest: "name",
                kind: OptionAction::Value(Some("alembic")),
                help: "Name of section in .ini file to use for Alembic config (only applies to \
                       configparser config, not toml)",
            },
            OptionRule {
                flags: &["-x"],
                dest: "x",
                kind: OptionAction::Append,
                help: "Additional arguments consumed by custom env.py scripts, e.g. -x \
                       setting1=somesetting -x setting2=somesetting",
            },
            OptionRule {
                flags: &["--raiseerr"],
                dest: "raiseerr",
                kind: OptionAction::Flag,
                help: "Raise a full stack trace on error",
            },
            OptionRule {
                flags: &["-q", "--quiet"],
                dest: "quiet",
                kind: OptionAction::Flag,
                help: "Do not log to std output.",
            },
        ],
        positional: Some(PositionalRule {
            dest: "command",
            count: Count::Command,
            help: None,
        }),
        commands: COMMANDS.to_vec(),
    }
}

fn option(name: &str) -> Option<OptionRule> {
    let value = OptionAction::Value(None);
    let (flags, dest, kind, help): (&'static [&'static str], _, _, _) = match name {
        "template" => (
            &["-t", "--template"],
            "template",
            OptionAction::Value(Some("generic")),
            "Setup template for use with 'init'",
        ),
        "message" => (
            &["-m", "--message"],
            "message",
            value,
            "Message string to use with 'revision'",
        ),
        "sql" => (
            &["--sql"],
            "sql",
            OptionAction::Flag,
            "Don't emit SQL to database - dump to standard output/file instead. See docs on \
             offline mode.",
        ),
        "tag" => (
            &["--tag"],
            "tag",
            value,
            "Arbitrary 'tag' name - can be used by custom env.py scripts.",
        ),
        "head" => (
            &["--head"],
            "head",
            value,
            "Specify head revision or <branchname>@head to base new revision on.",
        ),
        "splice" => (
            &["--splice"],
            "splice",
            OptionAction::Flag,
            "Allow a non-head revision as the 'head' to splice onto",
        ),
        "depends_on" => (
            &["--depends-on"],
            "depends_on",
            OptionAction::Append,
            "Specify one or more revision identifiers which this revision should depend on.",
        ),
        "rev_id" => (
            &["--rev-id"],
            "rev_id",
            value,
            "Specify a hardcoded revision id instead of generating one",
        ),
        "version_path" => (
            &["--version-path"],
            "version_path",
            value,
            "Specify specific path from config for version file",
        ),
        "branch_label" => (
            &["--branch-label"],
            "branch_label",
            value,
            "Specify a branch label to apply to the new revision",
        ),
        "verbose" => (
            &["-v", "--verbose"],
            "verbose",
            OptionAction::Flag,
            "Use more verbose output",
        ),
        "resolve_dependencies" => (
            &["--resolve-dependencies"],
            "resolve_dependencies",
            OptionAction::Flag,
            "Treat dependency versions as down revisions",
        ),
        "autogenerate" => (
            &["--autogenerate"],
            "autogenerate",
            OptionAction::Flag,
            "Populate revision script with candidate migration operations, based on comparison \
             of database to model.",
        ),
        "rev_range" => (
            &["-r", "--rev-range"],
            "rev_range",
            value,
            "Specify a revision range; format is [start]:[end]",
        ),
        "indicate_current" => (
            &["-i", "--indicate-current"],
            "indicate_current",
            OptionAction::Flag,
            "Indicate the current revision",
        ),
        "purge" => (
            &["--purge"],
            "purge",
            OptionAction::Flag,
            "Unconditionally erase the version table before stamping",
        ),
        "package" => (
            &["--package"],
            "package",
            OptionAction::Flag,
            "Write empty __init__.py files to the environment and version locations",
        ),
        "check_heads" => (
            &["-c", "--check-heads"],
            "check_heads",
            OptionAction::Flag,
            "Check if all head revisions are applied to the database. Exit with an error code \
             if this is not the case.",
        ),
        _ => return None,
    };
    Some(OptionRule {
        flags,
        dest,
        kind,
        help,
    })
}

/// The options and the positional argument of a command, in the order of its function's signature.
fn signature(command: &str) -> (&'static [&'static str], Option<PositionalRule>) {
    let positional = |dest, count, help| Some(PositionalRule { dest, count, help });
    let revision = positional("revision", Count::One, Some("revision identifier"));
    let revisions = positional(
        "revisions",
        Count::Many,
        Some("one or more revisions, or 'heads' for all heads"),
    );
    let rev = positional("rev", Count::One, None);
    match command {
        "branches" => (&["verbose"], None),
        "current" => (&["check_heads", "verbose"], None),
        "downgrade" | "upgrade" => (&["sql", "tag"], revision),
        "edit" | "show" => (&[], rev),
        "ensure_version" => (&["sql"], None),
        "heads" => (&["verbose", "resolve_dependencies"], None),
        "history" => (&["rev_range", "verbose", "indicate_current"], None),
        "init" => (
            &["template", "package"],
            positional(
                "directory",
                Count::One,
                Some("location of scripts directory"),
            ),
        ),
        "merge" => (&["message", "branch_label", "rev_id", "splice"], revisions),
        "revision" => (
            &[
                "message",
                "autogenerate",
                "sql",
                "head",
                "splice",
                "branch_label",
                "version_path",
                "rev_id",
                "depends_on",
            ],
            None,
        ),
        "stamp" => (&["sql", "tag", "purge"], revisions),
        _ => (&[], None),
    }
}

fn command_parser(command: &str) -> Parser {
    let (names, positional) = signature(command);
    let mut options = vec![HELP];
    options.extend(names.iter().filter_map(|name| option(name)));
    Parser {
        program: format!("alembic {command}"),
        options,
        positional,
        commands: Vec::new(),
    }
}

fn command_of(options: &CommandOptions) -> Option<Command> {
    let sql = options.flag("sql");
    let verbose = options.flag("verbose");
    Some(match options.command.as_str() {
        "branches" => Command::Branches { verbose },
        "check" => Command::Check,
        "current" => Command::Current {
            check_heads: options.flag("check_heads"),
            verbose,
        },
        "downgrade" => Command::Downgrade {
            revision: options.text("revision")?,
            sql,
            tag: options.text("tag"),
        },
        "edit" => Command::Edit {
            rev: options.text("rev")?,
        },
        "ensure_version" => Command::EnsureVersion { sql },
        "heads" => Command::Heads {
            verbose,
            resolve_dependencies: options.flag("resolve_dependencies"),
        },
        "history" => Command::History {
            rev_range: options.text("rev_range"),
            verbose,
            indicate_current: options.flag("indicate_current"),
        },
        "init" => Command::Init {
            directory: options.text("directory")?,
            template: options.text("template")?,
            package: options.flag("package"),
        },
        "list_templates" => Command::ListTemplates,
        "merge" => Command::Merge {
            revisions: options.list("revisions")?,
            message: options.text("message"),
            branch_label: options.text("branch_label"),
            rev_id: options.text("rev_id"),
            splice: options.flag("splice"),
        },
        "revision" => Command::Revision {
            message: options.text("message"),
            autogenerate: options.flag("autogenerate"),
            sql,
            head: options.text("head"),
            splice: options.flag("splice"),
            branch_label: options.text("branch_label"),
            version_path: options.text("version_path"),
            rev_id: options.text("rev_id"),
            depends_on: options.list("depends_on"),
        },
        "show" => Command::Show {
            rev: options.text("rev")?,
        },
        "stamp" => Command::Stamp {
            revisions: options.list("revisions")?,
            sql,
            tag: options.text("tag"),
            purge: options.flag("purge"),
        },
        "upgrade" => Command::Upgrade {
            revision: options.text("revision")?,
            sql,
            tag: options.text("tag"),
        },
        _ => return None,
    })
}
