//! The interpreter against CPython 3.11: each `tests/python/NAME.py` prints, and what it prints is
//! recorded in `NAME.out` by `tests/python/record.sh`. Where a `python3.11` is at hand it is asked
//! again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use limbeck::host::{Host, MemoryHost, Stream};
use limbeck::python::{Interpreter, format_traceback};
use limbeck::run::Run;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python")
}

/// What a program prints, its traceback last if it fails.
fn run(path: &str, source: &str) -> String {
    let host = Rc::new(MemoryHost::default());
    for (name, text) in [
        (
            "pack/__init__.py",
            "from .inner import value\nfrom . import other\n",
        ),
        ("pack/inner.py", "value = 42\n"),
        (
            "pack/other.py",
            "from .inner import value as renamed\n__all__ = ['renamed']\n",
        ),
        ("plain.py", "x = 1\n_hidden = 2\n"),
    ] {
        let _ = host.create_directories("pack");
        assert_eq!(host.write(name, text.as_bytes()), Ok(()));
    }
    let mut vm = Interpreter::new(Run::new(host.clone()), limbeck::modules::registry());
    vm.path = limbeck::python::Value::list(vec!["".into()]);
    let result = vm.exec_module("__main__", path, source);
    let mut text: String = host
        .take_output()
        .into_iter()
        .filter(|(stream, _)| *stream == Stream::Stdout)
        .map(|(_, text)| text)
        .collect();
    if let Err(error) = result {
        text.push_str(&format_traceback(&error));
    }
    text
}

#[test]
fn prints_what_cpython_prints() {
    let only = std::env::var("CASE").ok();
    let mut failed = Vec::new();
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of cases is part of the project")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    names.sort();
    for path in names {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        let file = format!("{name}.py");
        let expected = std::fs::read_to_string(path.with_extension("out")).unwrap_or_default();
        let printed = run(&file, &source);
        if printed != expected {
            let line = printed
                .lines()
                .zip(expected.lines())
                .position(|(a, b)| a != b)
                .unwrap_or(printed.lines().count().min(expected.lines().count()));
            failed.push(format!(
                "{name}: line {}:\n  here:    {}\n  CPython: {}",
                line + 1,
                printed.lines().nth(line).unwrap_or("<end>"),
                expected.lines().nth(line).unwrap_or("<end>"),
            ));
            if only.is_some() {
                println!("{printed}");
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The recorded answers are those of the Python at hand.
#[test]
fn recorded_answers_are_those_of_python() {
    let Ok(version) = Command::new("python3.11").arg("--version").output() else {
        return;
    };
    if !version.status.success() {
        return;
    }
    let output = Command::new("sh")
        .arg(folder().join("record.sh"))
        .arg("--check")
        .output()
        .expect("sh is there where python3.11 is");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
