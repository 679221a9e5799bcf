//! The arguments of the program's own commands, read as Alembic's are.

use ground::run::Run;

use crate::config::{Namespace, OptionAction, OptionRule, OptionValue, Parser, Stop};

/// The exit status of a command line that can't be read, or a command that can't do anything.
pub(super) const UNUSABLE: i32 = 2;

/// `-h`, `--help`.
pub(super) const HELP: OptionRule = OptionRule {
    flags: &["-h", "--help"],
    dest: "help",
    kind: OptionAction::Help,
    help: "show this help message and exit",
};

/// The arguments of one command.
pub(super) struct Arguments<'a> {
    run: &'a Run,
    parser: &'a Parser,
    values: Namespace,
}

impl<'a> Arguments<'a> {
    /// Reads the words after the command. Where they end the command (`--help`, a usage error),
    /// that is printed, and the exit status is the error.
    pub(super) fn parse(run: &'a Run, parser: &'a Parser, argv: &[String]) -> Result<Self, i32> {
        let mut arguments = Arguments {
            run,
            parser,
            values: Namespace::default(),
        };
        match parser.parse(argv, &mut arguments.values) {
            Err(Stop::Error(message)) => Err(arguments.usage(&message)),
            Err(Stop::Help | Stop::Version) => {
                run.print(&parser.help(arguments.columns()));
                Err(0)
            }
            Ok(left) if !left.is_empty() => {
                Err(arguments.usage(&format!("unrecognized arguments: {}", left.join(" "))))
            }
            Ok(_) => Ok(arguments),
        }
    }

    fn columns(&self) -> usize {
        self.run.host.terminal_width().unwrap_or(80)
    }

    /// Prints a usage error; the exit status.
    pub(super) fn usage(&self, message: &str) -> i32 {
        self.run.warn(&format!(
            "{}{}: error: {message}\n",
            self.parser.usage(self.columns()),
            self.parser.program
        ));
        UNUSABLE
    }

    /// The text of an argument, where given.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name) {
            Some(OptionValue::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// Whether a flag is given.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.values.get(name) == Some(&OptionValue::Boolean(true))
    }

    /// The value that a word of an option stands for; a word that it does not know is a usage
    /// error, whose exit status is the error.
    pub(super) fn choice<T>(
        &self,
        option: &str,
        word: &str,
        choices: &[&str],
        named: fn(&str) -> Option<T>,
    ) -> Result<T, i32> {
        named(word).ok_or_else(|| {
            self.usage(&format!(
                "argument {option}: invalid choice: '{word}' (choose from {})",
                choices.join(", ")
            ))
        })
    }
}
