//! Model files mean what SQLAlchemy and SQLModel make of them: tests/oracle/models/*.py against the
//! recorded tables (`python tests/oracle/record_models.py` asks the real programs again).
//!
//! `LIMBECK_MODELS=FOLDER` compares the files of another folder with FOLDER.json beside it, such as
//! those that tests/oracle/random_models.py writes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use limbeck::bindings;
use limbeck::bindings::conversion::find_metadata;
use limbeck::ground::host::{MemoryHost, Stream};
use limbeck::ground::run::Run;
use limbeck::python::Interpreter;
use limbeck::sqlalchemy::compiler::ddl;
use limbeck::sqlalchemy::dialects::{postgresql, sqlite};
use limbeck::sqlalchemy::schema::Table;
use serde_json::{Value, json};

/// What this program makes of a file, in the shape of the recorded answers.
fn ask(name: &str, source: &str) -> Value {
    let host = Rc::new(MemoryHost::new("/project"));
    let mut vm = Interpreter::new(Run::new(host.clone()), bindings::registry());
    let module = match vm.exec_module(name, &format!("/project/{name}.py"), source) {
        Ok(module) => module,
        Err(error) => return json!({"error": [error.class, error.message]}),
    };
    let mut answer = serde_json::Map::new();
    if let Some(metadata) = module
        .get("target_metadata")
        .as_ref()
        .and_then(find_metadata)
    {
        let tables = match metadata.sorted_tables() {
            Ok(tables) => tables,
            Err(error) => return json!({"error": [error.class, error.message]}),
        };
        // A project's own types are asked when a statement is compiled.
        let described: Vec<Value> = vm.lend(|| tables.iter().map(describe).collect());
        answer.insert("tables".into(), described.into());
    }
    let printed: String = host
        .take_output()
        .into_iter()
        .filter(|(stream, _)| *stream == Stream::Stdout)
        .map(|(_, text)| text)
        .collect();
    if !printed.is_empty() {
        answer.insert("printed".into(), printed.into());
    }
    answer.into()
}

fn describe(table: &Table) -> Value {
    let mut entry = serde_json::Map::new();
    entry.insert("name".into(), table.fullname().into());
    entry.insert("repr".into(), table.python_repr().into());
    for (name, dialect) in [
        ("sqlite", sqlite::dialect()),
        ("postgresql", postgresql::dialect()),
    ] {
        let mut texts = vec![text(ddl::create_table(table, &dialect, false, None))];
        let mut indexes = table.indexes();
        indexes.sort_by_key(|index| index.name().as_str().map(str::to_owned));
        if !texts[0].starts_with("CompileError") {
            for index in &indexes {
                texts.push(text(ddl::create_index(index, &dialect, false)));
            }
        }
        if let Some(failed) = texts.iter().find(|text| text.starts_with("CompileError")) {
            texts = vec![failed.clone()];
        }
        entry.insert(name.into(), texts.into());
    }
    entry.into()
}

fn text(result: limbeck::ground::diagnostic::Result<String>) -> String {
    match result {
        Ok(text) => text,
        Err(error) => format!("{}: {}", error.class_name(), error.message),
    }
}

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            python_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

/// Differences between what was recorded and what this program says; addresses, and warnings on
/// standard error, are left out.
fn compare(name: &str, expected: &Value, actual: &Value, differences: &mut Vec<String>) {
    if let Some(error) = expected.get("error") {
        let mut mine = actual.get("error").cloned().unwrap_or(Value::Null);
        // The place of a module is not recorded.
        if let Some(message) = mine[1].as_str()
            && let Some(cut) = message.find(" (")
            && message.starts_with("cannot import name")
        {
            mine[1] = message[..cut].into();
        }
        if *error != mine {
            differences.push(format!("{name}:\n  wanted {error}\n  got    {actual}"));
        }
        return;
    }
    if let Some(error) = actual.get("error") {
        differences.push(format!("{name}: fails with {error}"));
        return;
    }
    if expected.get("printed") != actual.get("printed") {
        let lines = |answer: &Value| -> Vec<String> {
            let printed = answer["printed"].as_str().unwrap_or_default();
            printed.lines().map(str::to_owned).collect()
        };
        let (wanted, got) = (lines(expected), lines(actual));
        for index in 0..wanted.len().max(got.len()) {
            if wanted.get(index) != got.get(index) {
                differences.push(format!(
                    "{name}: line {} printed\n  wanted {:?}\n  got    {:?}",
                    index + 1,
                    wanted.get(index),
                    got.get(index)
                ));
            }
        }
    }
    let empty = Vec::new();
    let wanted = expected["tables"].as_array().unwrap_or(&empty);
    let got = actual["tables"].as_array().unwrap_or(&empty);
    let names = |tables: &[Value]| -> Vec<String> {
        tables
            .iter()
            .map(|table| table["name"].to_string())
            .collect()
    };
    if names(wanted) != names(got) {
        differences.push(format!(
            "{name}: tables\n  wanted {:?}\n  got    {:?}",
            names(wanted),
            names(got)
        ));
        return;
    }
    for (wanted, got) in wanted.iter().zip(got) {
        for key in ["sqlite", "postgresql"] {
            if wanted[key] != got[key] {
                differences.push(format!(
                    "{name}: {} {key}\n  wanted {}\n  got    {}",
                    wanted["name"], wanted[key], got[key]
                ));
                break;
            }
        }
    }
}

#[test]
fn model_files_mean_what_the_reference_makes_of_them() {
    let folder = match std::env::var_os("LIMBECK_MODELS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/models"),
    };
    let recorded = folder.with_extension("json");
    let recorded = std::fs::read_to_string(&recorded).unwrap_or_else(|error| {
        panic!("{} can't be read: {error}", recorded.display());
    });
    let recorded: Value = serde_json::from_str(&recorded).expect("the recorded answers are JSON");
    let mut files = Vec::new();
    python_files(&folder, &mut files);
    files.sort();
    let answers = recorded.as_object().expect("an answer for each file");
    assert_eq!(
        files.len(),
        answers.len(),
        "so many files in {}, so many answers",
        folder.display()
    );
    let least = match std::env::var_os("LIMBECK_MODELS") {
        Some(_) => 1,
        None => 41,
    };
    assert!(files.len() >= least, "only {} model files", files.len());
    let mut differences = Vec::new();
    let mut good = 0;
    for path in &files {
        let key = path
            .strip_prefix(&folder)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let source = std::fs::read_to_string(path).expect("a file of models");
        let Some(expected) = answers.get(&key) else {
            differences.push(format!("{key}: nothing is recorded"));
            continue;
        };
        let before = differences.len();
        compare(&key, expected, &ask(&stem, &source), &mut differences);
        good += usize::from(before == differences.len());
    }
    assert!(
        differences.is_empty(),
        "{good} of {} files agree\n{}",
        files.len(),
        differences.join("\n")
    );
}
