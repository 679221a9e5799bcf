//! Alembic's commands, one function each, and [`run`], which the programs call.

mod flask;
mod models;
mod project;
mod python;
mod revisions;
mod versions;

use crate::bindings::alembic::command::Commands;
use crate::bindings::alembic::{Environment, EnvironmentScope};
use crate::config::{Command, CommandLine, CommandOptions, Config, ParsedCommandLine};
use crate::script::messaging::message;
use crate::script::{Script, ScriptDirectory};
use ::python::format_traceback;
use ground::diagnostic::{Error, Result};
use ground::event::Event;
use ground::exception;
use ground::formatting::integer;
use ground::logging::Level;
use ground::run::Run;
use std::cell::RefCell;
use std::rc::Rc;

pub use crate::bindings::completion::{Completion, completions};
pub use models::{ModelClass, ModelKind, after_imports, model_classes, with_index};
pub use project::{
    DatabaseState, PendingState, ProjectRevision, ProjectState, describe, describe_scripts,
    model_statements, pending,
};

/// Does what `alembic ARGV` does: parses the arguments, carries the command out, writes to the
/// host's two streams, and returns the exit status.
/// `python …` and `flask …` run the project's own scripts and commands.
pub fn run(run: &Run, argv: &[String]) -> i32 {
    let status = match argv {
        [verb, words @ ..] if verb == "python" => python::run_python(run, words),
        [verb, words @ ..] if verb == "flask" => flask::run_flask(run, words),
        _ => run_arguments(run, argv),
    };
    // Databases that are still open are written back, whether the command failed or not.
    match driver::finish(&run.host) {
        Ok(()) => status,
        Err(error) => {
            run.warn(&format!(
                "limbeck: a database could not be written: {error}\n"
            ));
            if status == 0 { 1 } else { status }
        }
    }
}

/// Parses the arguments of `alembic` and carries the command out.
fn run_arguments(run: &Run, argv: &[String]) -> i32 {
    match CommandLine::new(columns(run)).parse(argv) {
        ParsedCommandLine::Text(text) => {
            run.print(&text);
            0
        }
        ParsedCommandLine::Usage(text) => {
            run.warn(&text);
            2
        }
        ParsedCommandLine::Command(parsed) => {
            let (command, options) = *parsed;
            run_command(run, &command, options, Project::open)
        }
    }
}

/// The commands as a program calls them that is running.
fn offer_commands(environment: &Environment) {
    // Cannot fail: nothing is run.
    let _ = environment.with_interpreter(|vm| {
        vm.set_extension(Rc::new(Commands {
            run: |config, command| {
                carry_out(config, command, Project::open_within, &RefCell::new(None))
            },
            main: |run, argv| match CommandLine::new(columns(run)).parse(argv) {
                ParsedCommandLine::Text(text) => {
                    run.print(&text);
                    0
                }
                ParsedCommandLine::Usage(text) => {
                    run.warn(&text);
                    2
                }
                ParsedCommandLine::Command(parsed) => {
                    let (command, options) = *parsed;
                    run_command(run, &command, options, Project::open_within)
                }
            },
        }));
        Ok(())
    });
}

/// The width that usage and help are written for, as `shutil.get_terminal_size` finds it.
fn columns(run: &Run) -> Option<usize> {
    run.host
        .environment("COLUMNS")
        .and_then(|text| integer::parse(&text))
        .and_then(|columns| usize::try_from(columns).ok())
        .filter(|columns| *columns > 0)
        .or_else(|| run.host.terminal_width())
}

/// Opens the project of a configuration.
type Open = fn(&Config) -> Result<Project>;

fn run_command(run: &Run, command: &Command, options: CommandOptions, open: Open) -> i32 {
    let raise = options.flag("raiseerr");
    let config = match Config::from_options(run, options) {
        Ok(config) => config,
        Err(error) => return uncaught(run, &error),
    };
    // What handlers of the project's own say of a failure, its Python must still be there for.
    let opened = RefCell::new(None);
    let Err(error) = carry_out(&config, command, open, &opened) else {
        return 0;
    };
    run.tell(Event::Failed {
        error: error.clone(),
    });
    if is_command_error(&error) && !raise {
        match opened.take() {
            Some(project) => {
                let environment = project.environment.clone();
                environment
                    .lend(|| Ok(failed(&config, &error)))
                    .unwrap_or(255)
            }
            None => failed(&config, &error),
        }
    } else {
        uncaught(run, &error)
    }
}

/// Whether `CommandLine.run_cmd` catches it.
fn is_command_error(error: &Error) -> bool {
    matches!(
        &*error.class,
        exception::COMMAND_ERROR
            | exception::DATABASE_NOT_AT_HEAD
            | exception::AUTOGENERATE_DIFFS_DETECTED
    )
}

/// `util.err`.
fn failed(config: &Config, error: &Error) -> i32 {
    let run = config.run();
    run.logging
        .log("alembic.util.messaging", Level::ERROR, &error.message);
    message(
        run,
        config.quiet(),
        &format!("FAILED: {}", error.message),
        true,
    );
    255
}

/// Prints an uncaught exception as Python does, and returns the exit status.
fn uncaught(run: &Run, error: &Error) -> i32 {
    if error.class_name() == exception::SYSTEM_EXIT {
        let text = error.message.trim();
        if text.is_empty() || text == "None" {
            return 0;
        }
        if let Some(code) = integer::parse(text) {
            return (code & 0xff) as i32;
        }
        run.warn(&format!("{text}\n"));
        return 1;
    }
    run.warn(&format_traceback(error));
    if let Some(hint) = &error.hint {
        run.warn(&format!("hint: {hint}\n"));
    }
    1
}

/// Carries a command out; the scripts that it made.
fn carry_out(
    config: &Config,
    command: &Command,
    open: Open,
    opened: &RefCell<Option<Rc<Project>>>,
) -> Result<Vec<Rc<Script>>> {
    let project = || -> Result<Rc<Project>> {
        let project = Rc::new(open(config)?);
        opened.replace(Some(project.clone()));
        Ok(project)
    };
    match command {
        Command::Revision { .. } => return project()?.revision(command),
        Command::ListTemplates => {
            list_templates(config);
            Ok(())
        }
        Command::Init {
            directory,
            template,
            package,
        } => crate::script::project_template::init(config, directory, template, *package),
        Command::Branches { verbose } => project()?.branches(*verbose),
        Command::Heads {
            verbose,
            resolve_dependencies,
        } => project()?.heads(*verbose, *resolve_dependencies),
        Command::History {
            rev_range,
            verbose,
            indicate_current,
        } => project()?.history(rev_range.as_deref(), *verbose, *indicate_current),
        Command::Show { rev } => project()?.show(rev),
        Command::Edit { rev } => project()?.edit(rev),
        Command::Merge {
            revisions,
            message,
            branch_label,
            rev_id,
            splice,
        } => {
            return project()?.merge(
                revisions,
                message.as_deref(),
                branch_label.as_deref(),
                rev_id.as_deref(),
                *splice,
            );
        }
        Command::Check => project()?.check(),
        Command::Upgrade { revision, sql, tag } => {
            project()?.upgrade(revision, *sql, tag.as_deref())
        }
        Command::Downgrade { revision, sql, tag } => {
            project()?.downgrade(revision, *sql, tag.as_deref())
        }
        Command::Current {
            check_heads,
            verbose,
        } => project()?.current(*check_heads, *verbose),
        Command::Stamp {
            revisions,
            sql,
            tag,
            purge,
        } => project()?.stamp(revisions, *sql, tag.as_deref(), *purge),
        Command::EnsureVersion { sql } => project()?.ensure_version(*sql),
    }
    .map(|()| Vec::new())
}

/// `alembic list_templates`.
fn list_templates(config: &Config) {
    config.print_stdout("Available templates:\n");
    for template in crate::script::project_template::PROJECT_TEMPLATES {
        config.print_stdout(&format!("{} - {}", template.name, template.synopsis()));
    }
    config.print_stdout("\nTemplates are used via the 'init' command, e.g.:");
    config.print_stdout("\n  alembic init --template generic ./scripts");
}

/// An opened project: what the functions of `alembic.command` begin with.
pub(crate) struct Project {
    config: Config,
    environment: Environment,
    script: ScriptDirectory,
    /// On the handle that opened the project: with it, the environment ends.
    _scope: Option<EnvironmentScope>,
}

impl Project {
    /// `ScriptDirectory.from_config(config)`, with a Python to load scripts and run env.py.
    fn open(config: &Config) -> Result<Self> {
        let environment = Environment::new(config.run(), config);
        let scope = environment.scope();
        offer_commands(&environment);
        let script = ScriptDirectory::from_config(config, environment.loader())?;
        Ok(Project {
            _scope: Some(scope),
            config: config.clone(),
            environment,
            script,
        })
    }

    /// The same in the Python of a program that is running.
    fn open_within(config: &Config) -> Result<Self> {
        let environment = Environment::lent(config);
        let script = ScriptDirectory::from_config(config, environment.loader())?;
        Ok(Project {
            _scope: None,
            config: config.clone(),
            environment,
            script,
        })
    }
}

/// Python's error for unpacking a list of the wrong length into two names.
fn two_parts(parts: &[&str]) -> Result<(String, String)> {
    match parts {
        [first, second] => Ok(((*first).to_owned(), (*second).to_owned())),
        [_] | [] => Err(Error::new(
            exception::VALUE_ERROR,
            format!(
                "not enough values to unpack (expected 2, got {})",
                parts.len()
            ),
        )),
        _ => Err(Error::new(
            exception::VALUE_ERROR,
            "too many values to unpack (expected 2)",
        )),
    }
}

/// `text.split(":", 2)` unpacked into two names.
fn split_range(text: &str) -> Result<(String, String)> {
    let parts: Vec<&str> = text.splitn(3, ':').collect();
    two_parts(&parts)
}
