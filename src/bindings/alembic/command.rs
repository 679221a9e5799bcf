//! `alembic.command` and `alembic.config.main`: the commands as a program calls them. What carries
//! them out lies above this room and is handed in.

use std::rc::Rc;

use super::config::ConfigState;
use super::environment::AlembicState;
use super::script::script_value;
use crate::config::{Command, Config};
use crate::script::Script;
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use python::{Bound, FreeFunction, Interpreter, Module, Value, function};

/// Carries out commands for a program that is running.
#[derive(Clone, Copy)]
pub struct Commands {
    /// A command of `alembic.command`; the scripts that it made.
    pub run: fn(&Config, &Command) -> Result<Vec<Rc<Script>>>,
    /// A command line; the exit status.
    pub main: fn(&Run, &[String]) -> i32,
}

/// The module `alembic.command`.
pub(super) fn module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("alembic.command")
        .functions(FUNCTIONS)
        .build())
}

/// The functions that do what the command line does.
fn commands(vm: &mut Interpreter) -> Result<Commands> {
    match vm.find_extension::<Commands>() {
        Some(commands) => Ok(*commands),
        None => Err(Error::unsupported("a command from here")),
    }
}

/// Carries out a command with the program's own `Config`, which env.py then finds as
/// `context.config`.
fn run(vm: &mut Interpreter, bound: &mut Bound<'_>, command: &Command) -> Result<Vec<Rc<Script>>> {
    let given = bound.value("config");
    vm.require_known(&given, "the configuration of the command")?;
    let Some(state) = given.downcast::<ConfigState>() else {
        let class = vm.class_of(&given).name();
        return Err(vm.type_error(format!("a Config was expected, not {class}")));
    };
    let commands = commands(vm)?;
    let alembic = vm.extension::<AlembicState>();
    let outer = alembic.config.replace(Some(given));
    let config = state.config.clone();
    let result = vm.lend(|| (commands.run)(&config, command));
    alembic.config.replace(outer);
    result
}

fn flag(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<bool> {
    let value = bound.value(name);
    vm.truth(&value)
}

fn text(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Option<String>> {
    let value = bound.take_some(name);
    if let Some(value) = &value {
        vm.require_known(value, name)?;
    }
    value.map(|value| vm.str(&value)).transpose()
}

fn texts(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Vec<String>> {
    let Some(value) = bound.take_some(name) else {
        return Ok(Vec::new());
    };
    if let Some(text) = value.as_text() {
        return Ok(vec![text.to_string()]);
    }
    let items = vm.collect(&value)?;
    items.iter().map(|item| vm.str(item)).collect()
}

/// What a command that makes scripts returns.
fn made(vm: &mut Interpreter, scripts: &[Rc<Script>]) -> Value {
    let mut values: Vec<Value> = Vec::new();
    for script in scripts {
        values.push(script_value(vm, script));
    }
    match values.len() {
        0 => Value::None,
        1 => values.remove(0),
        _ => Value::list(values),
    }
}

/// A command that returns nothing.
macro_rules! command {
    ($name:literal, $signature:literal, |$vm:ident, $bound:ident| $command:expr) => {
        function($name, $signature, |$vm, $bound| {
            let command = $command;
            run($vm, $bound, &command)?;
            Ok(Value::None)
        })
    };
}

static FUNCTIONS: &[FreeFunction] = &[
    command!(
        "upgrade",
        "config, revision, sql=False, tag=None",
        |vm, bound| Command::Upgrade {
            revision: text(vm, bound, "revision")?.unwrap_or_default(),
            sql: flag(vm, bound, "sql")?,
            tag: text(vm, bound, "tag")?,
        }
    ),
    command!(
        "downgrade",
        "config, revision, sql=False, tag=None",
        |vm, bound| Command::Downgrade {
            revision: text(vm, bound, "revision")?.unwrap_or_default(),
            sql: flag(vm, bound, "sql")?,
            tag: text(vm, bound, "tag")?,
        }
    ),
    command!(
        "stamp",
        "config, revision, sql=False, tag=None, purge=False",
        |vm, bound| Command::Stamp {
            revisions: texts(vm, bound, "revision")?,
            sql: flag(vm, bound, "sql")?,
            tag: text(vm, bound, "tag")?,
            purge: flag(vm, bound, "purge")?,
        }
    ),
    command!(
        "current",
        "config, check_heads=False, verbose=False",
        |vm, bound| Command::Current {
            check_heads: flag(vm, bound, "check_heads")?,
            verbose: flag(vm, bound, "verbose")?,
        }
    ),
    command!(
        "history",
        "config, rev_range=None, verbose=False, indicate_current=False",
        |vm, bound| Command::History {
            rev_range: text(vm, bound, "rev_range")?,
            verbose: flag(vm, bound, "verbose")?,
            indicate_current: flag(vm, bound, "indicate_current")?,
        }
    ),
    command!(
        "heads",
        "config, verbose=False, resolve_dependencies=False",
        |vm, bound| Command::Heads {
            verbose: flag(vm, bound, "verbose")?,
            resolve_dependencies: flag(vm, bound, "resolve_dependencies")?,
        }
    ),
    command!("branches", "config, verbose=False", |vm, bound| {
        Command::Branches {
            verbose: flag(vm, bound, "verbose")?,
        }
    }),
    command!("show", "config, rev", |vm, bound| Command::Show {
        rev: text(vm, bound, "rev")?.unwrap_or_default(),
    }),
    command!("edit", "config, rev", |vm, bound| Command::Edit {
        rev: text(vm, bound, "rev")?.unwrap_or_default(),
    }),
    command!("check", "config", |_vm, bound| {
        let _ = &bound;
        Command::Check
    }),
    command!("ensure_version", "config, sql=False", |vm, bound| {
        Command::EnsureVersion {
            sql: flag(vm, bound, "sql")?,
        }
    }),
    command!("list_templates", "config", |_vm, bound| {
        let _ = &bound;
        Command::ListTemplates
    }),
    command!(
        "init",
        "config, directory, template='generic', package=False",
        |vm, bound| Command::Init {
            directory: text(vm, bound, "directory")?.unwrap_or_default(),
            template: text(vm, bound, "template")?.unwrap_or_else(|| "generic".to_owned()),
            package: flag(vm, bound, "package")?,
        }
    ),
    function(
        "revision",
        "config, message=None, autogenerate=False, sql=False, head='head', splice=False, \
         branch_label=None, version_path=None, rev_id=None, depends_on=None, \
         process_revision_directives=None",
        |vm, bound| {
            bound.refuse(&["process_revision_directives"])?;
            let command = Command::Revision {
                message: text(vm, bound, "message")?,
                autogenerate: flag(vm, bound, "autogenerate")?,
                sql: flag(vm, bound, "sql")?,
                head: Some(text(vm, bound, "head")?.unwrap_or_else(|| "head".to_owned())),
                splice: flag(vm, bound, "splice")?,
                branch_label: text(vm, bound, "branch_label")?,
                version_path: text(vm, bound, "version_path")?,
                rev_id: text(vm, bound, "rev_id")?,
                depends_on: Some(texts(vm, bound, "depends_on")?).filter(|ids| !ids.is_empty()),
            };
            let scripts = run(vm, bound, &command)?;
            Ok(made(vm, &scripts))
        },
    ),
    function(
        "merge",
        "config, revisions, message=None, branch_label=None, rev_id=None",
        |vm, bound| {
            let command = Command::Merge {
                revisions: texts(vm, bound, "revisions")?,
                message: text(vm, bound, "message")?,
                branch_label: text(vm, bound, "branch_label")?,
                rev_id: text(vm, bound, "rev_id")?,
                splice: false,
            };
            let scripts = run(vm, bound, &command)?;
            Ok(made(vm, &scripts))
        },
    ),
];

/// `alembic.config.main`.
pub(super) static MAIN: FreeFunction =
    function("main", "argv=None, prog=None, **kwargs", |vm, bound| {
        // The program that a usage message names is alembic.
        bound.ignore(&["prog"]);
        let words = match bound.take_some("argv") {
            Some(argv) => vm.collect(&argv)?,
            None => vm.collect(&vm.argv.clone())?.into_iter().skip(1).collect(),
        };
        let mut argv = Vec::new();
        for word in &words {
            argv.push(vm.str(word)?);
        }
        let commands = commands(vm)?;
        let run = vm.run.clone();
        let alembic = vm.extension::<AlembicState>();
        let outer = alembic.config.replace(None);
        let status = vm.lend(|| (commands.main)(&run, &argv));
        alembic.config.replace(outer);
        match status {
            0 => Ok(Value::None),
            status => Err(Error::new(
                ground::exception::SYSTEM_EXIT,
                status.to_string(),
            )),
        }
    });
