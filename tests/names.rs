//! Every public name of the packages that projects import (`tests/oracle/names.txt`, which
//! `tests/oracle/names.py` writes): each can be imported, stands in an annotation, is subscripted,
//! derived from and used as a decorator, whether it is implemented or a placeholder.
//!
//! The table that the program carries, `src/bindings/names/table.txt`, is what of the list is not
//! implemented; one that is not up to date fails. With LIMBECK_REWRITE=1 it is written.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use limbeck::bindings;
use limbeck::ground::host::MemoryHost;
use limbeck::ground::run::Run;
use python::{Dict, Interpreter};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("the list is there")
}

fn interpreter() -> Interpreter {
    let run = Run::new(Rc::new(MemoryHost::default()));
    let mut vm = Interpreter::new(run, bindings::registry());
    vm.limits.steps = u64::MAX;
    vm.limits.memory = u64::MAX;
    vm.limits.output = usize::MAX;
    vm
}

/// A line of the list: a module, or a class after a colon, and its words.
fn owners(list: &str) -> Vec<(&str, Vec<&str>)> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap_or_default(), words.collect())
        })
        .collect()
}

/// A name without what follows it.
fn bare(word: &str) -> &str {
    word.split(['@', '<']).next().unwrap_or(word)
}

/// Uses a value as annotations, bases and decorators do.
const USE: &str = "
def use(value):
    def annotated(x: value, *rest: value) -> value:
        y: value = None
    if isinstance(value, type) or placeholder(value):
        try:
            class Derived(value):
                pass
        except TypeError:
            pass
        try:
            value[int]
            value['int', ...]
        except (TypeError, KeyError):
            pass
    if placeholder(value):
        @value
        def decorated():
            pass
        @value('argument', option=1)
        def decorated_too():
            pass
        value.attribute.of.it
        made = value()
        made | None


def placeholder(value):
    return repr(value).startswith('<opaque ')
";

#[test]
fn every_name_can_be_imported_and_used() {
    let list = read("tests/oracle/names.txt");
    let mut failures = String::new();
    let (mut modules, mut names) = (0, 0);
    let mut vm = interpreter();
    let globals = Rc::new(Dict::new());
    vm.run_source("use.py", USE, &globals)
        .expect("the program runs");
    for (module, words) in owners(&list) {
        if module.starts_with(':') || module == "__main__" {
            continue;
        }
        modules += 1;
        let mut source = format!("import {module}\n");
        for word in words {
            let name = bare(word);
            if word.starts_with('*') || name.is_empty() {
                continue;
            }
            names += 1;
            let _ = writeln!(source, "from {module} import {name} as value");
            source.push_str("use(value)\n");
        }
        if let Err(error) = vm.run_source(module, &source, &globals) {
            let line = error
                .traceback
                .first()
                .map_or(0, |frame| frame.location.line);
            let statement = source.lines().nth(line.saturating_sub(1) as usize);
            let _ = writeln!(
                failures,
                "{module}: {}: {} ({})",
                error.class_name(),
                error.message,
                statement.unwrap_or_default()
            );
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(
        modules >= 500 && names >= 10_000,
        "only {modules} modules and {names} names"
    );
}

/// Whether the table says of a module only that it is there: of what the standard library has and
/// Limbeck has nothing of, and of modules that no program names.
fn is_unlisted(owner: &str) -> bool {
    const PACKAGES: [&str; 9] = [
        "alembic",
        "sqlalchemy",
        "sqlmodel",
        "pydantic",
        "pydantic_settings",
        "flask",
        "flask_sqlalchemy",
        "flask_migrate",
        "dotenv",
    ];
    const INTERNAL: [&str; 8] = [
        "sqlalchemy.connectors.",
        "sqlalchemy.util.",
        "sqlalchemy.engine.processors",
        "pydantic.experimental.",
        "pydantic_settings.sources.",
        "flask.sansio.",
        "flask.json.",
        "sqlalchemy.orm.strategies",
    ];
    const OF_DIALECTS: [&str; 14] = [
        "base",
        "types",
        "json",
        "array",
        "hstore",
        "ranges",
        "named_types",
        "ext",
        "dml",
        "enumerated",
        "operators",
        "bitstring",
        "vector",
        "information_schema",
    ];
    if bindings::registry().get(owner).is_some() || owner.starts_with(':') {
        return false;
    }
    let parts: Vec<&str> = owner.split('.').collect();
    let driver = owner.starts_with("sqlalchemy.dialects.")
        && parts.len() > 3
        && !OF_DIALECTS.contains(&parts[3]);
    driver
        || !PACKAGES.contains(&parts[0])
        || INTERNAL.iter().any(|internal| owner.starts_with(internal))
}

/// What of the list is not implemented.
fn missing(list: &str) -> String {
    let mut vm = interpreter();
    // The classes are made when their modules are imported.
    for name in bindings::registry().names() {
        let _ = vm.import(name);
    }
    let mut lines = Vec::new();
    for (owner, words) in owners(list) {
        if is_unlisted(owner) {
            lines.push((owner, format!("{owner} *")));
            continue;
        }
        let mut kept = Vec::new();
        let mut letter = None;
        let class = owner.strip_prefix(':');
        let registered = bindings::registry().get(owner).is_some();
        for word in words {
            if word.len() == 2 && word.starts_with('*') {
                letter = Some(word);
                continue;
            }
            let lacks = match class {
                Some(dotted) => match vm.registered_class(dotted) {
                    Some(class) => class.lookup(bare(word)).is_none(),
                    None => false,
                },
                None => !vm.implements(owner, bare(word)).unwrap_or(false),
            };
            if lacks {
                kept.extend(letter.take());
                kept.push(word);
            }
        }
        if class.is_some() && kept.is_empty() || class.is_none() && registered && kept.is_empty() {
            continue;
        }
        // A class's attributes need no kinds.
        if class.is_some() {
            kept.retain(|word| !word.starts_with('*'));
        }
        let mut line = owner.to_owned();
        for word in kept {
            let _ = write!(line, " {word}");
        }
        lines.push((owner, line));
    }
    // The program looks lines up by their first words.
    lines.sort();
    lines
        .into_iter()
        .fold(String::new(), |mut text, (_, line)| {
            text.push_str(&line);
            text.push('\n');
            text
        })
}

#[test]
fn the_table_holds_what_is_not_implemented() {
    let path = "src/bindings/names/table.txt";
    let list = read("tests/oracle/names.txt");
    let wanted = missing(&list);
    if std::env::var_os("LIMBECK_REWRITE").is_some() {
        std::fs::write(root().join(path), &wanted).expect("the table is written");
    }
    let found = read(path);
    assert!(
        found == wanted,
        "{path} is not up to date (make names):\n{}",
        support::first_difference(&found, &wanted)
    );
}

#[test]
fn the_list_is_what_the_real_packages_show() {
    let Some(python) = support::oracle_python() else {
        return;
    };
    let output = Command::new(python)
        .arg(root().join("tests/oracle/names.py"))
        .output()
        .expect("the oracle's Python starts");
    assert!(output.status.success(), "tests/oracle/names.py failed");
    let shown = String::from_utf8(output.stdout).expect("its answer is text");
    let path = Path::new("tests/oracle/names.txt");
    if std::env::var_os("LIMBECK_REWRITE").is_some() {
        std::fs::write(root().join(path), &shown).expect("the list is written");
    }
    let listed = read("tests/oracle/names.txt");
    assert!(
        shown == listed,
        "{} is not what the real packages show (make names):\n{}",
        path.display(),
        support::first_difference(&listed, &shown)
    );
}
