//! The interpreter against CPython 3.11: each `tests/python/NAME.py` prints, and what it prints is
//! recorded in `NAME.out` by `tests/python/record.sh`. Python 3.11 is asked again: the reference
//! programs' where it is that version, else `python3.11`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use limbeck::ground::host::{Host, MemoryHost, Stream};
use limbeck::ground::run::Run;
use limbeck::python::{Interpreter, format_traceback};

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
    let mut vm = Interpreter::new(Run::new(host.clone()), limbeck::bindings::registry());
    vm.path = limbeck::python::Value::list(vec!["".into()]);
    let result = vm.exec_module("__main__", path, source);
    let mut text: String = host
        .take_output()
        .into_iter()
        .filter(|(stream, _)| *stream == Stream::Stdout)
        .map(|(_, text)| text)
        .collect();
    if let Err(error) = result {
        let whole = format_traceback(&error);
        // Python's own main program has no frame above a file that does not parse, and so no
        // heading; under Alembic it always has.
        let shown = match whole.strip_prefix("Traceback (most recent call last):\n") {
            Some(rest) if error.traceback.is_empty() => rest,
            _ => &whole,
        };
        text.push_str(shown);
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
    let mut compared = 0;
    for path in names {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        compared += 1;
        let source = std::fs::read_to_string(&path).expect("a program");
        let file = format!("{name}.py");
        let expected = std::fs::read_to_string(path.with_extension("out"))
            .unwrap_or_else(|error| panic!("{name}.out: {error} (tests/python/record.sh)"));
        assert!(!expected.is_empty(), "{name} prints nothing");
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
    let least = if only.is_some() { 1 } else { 12 };
    assert!(compared >= least, "only {compared} programs were compared");
}

/// The recorded answers are those of the Python at hand.
#[test]
fn recorded_answers_are_those_of_python() {
    let candidates = support::oracle_python()
        .into_iter()
        .chain([PathBuf::from("python3.11")]);
    let is_it = |python: &PathBuf| {
        let version = Command::new(python).arg("--version").output();
        version.is_ok_and(|version| version.stdout.starts_with(b"Python 3.11."))
    };
    let Some(python) = candidates.into_iter().find(is_it) else {
        support::not_asked(
            "there is no Python 3.11: what tests/python/*.out record is compared, not asked again",
        );
        return;
    };
    let output = Command::new("sh")
        .arg(folder().join("record.sh"))
        .arg("--check")
        .env("PYTHON", python)
        .output()
        .expect("sh is there where Python is");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// Runs a program that must not bring the interpreter down, and gives the class of its error.
fn class_of_error(source: &str) -> String {
    let host = Rc::new(MemoryHost::default());
    let mut vm = Interpreter::new(Run::new(host), limbeck::bindings::registry());
    vm.limits.steps = 2_000_000;
    match vm.exec_module("__main__", "limits.py", source) {
        Ok(_) => "none".to_owned(),
        Err(error) => {
            assert!(
                !error.traceback.is_empty() || error.raised.is_some(),
                "{error:?}"
            );
            error.class.to_string()
        }
    }
}

#[test]
fn bounds_stop_a_program_and_nothing_else() {
    let nested = format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000));
    let chain = format!("x = 1{}", " + 1".repeat(10_000));
    let calls = format!("x = f{}", "()".repeat(10_000));
    let minus = format!("x = {}1", "-".repeat(10_000));
    let lines: String = (0..300)
        .map(|i| format!("{}if 1:\n", " ".repeat(i)))
        .collect();
    let many = format!("x = [{}]", "(1, 'a', f(x=2)), ".repeat(5000)).replace("f(x=2)", "2 + 3");
    for (source, class) in [
        ("while True: pass", "limbeck.LimitExceeded"),
        (
            "try:\n    while True: pass\nexcept BaseException:\n    pass",
            "limbeck.LimitExceeded",
        ),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
        (
            "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
            "RecursionError",
        ),
        (
            "class A:\n    def __getattr__(self, n): return self.x\nA().y",
            "RecursionError",
        ),
        ("a = []\nfor i in range(100000): a = [a]\n", "none"),
        (
            "a = []\nfor i in range(100000): a = [a]\nrepr(a)",
            "RecursionError",
        ),
        (
            "a = []\nb = []\nfor i in range(100000): a = [a]; b = [b]\na == b",
            "RecursionError",
        ),
        ("a = {}\nfor i in range(100000): a = {'k': a}\n", "none"),
        (
            "a = ()\nfor i in range(100000): a = (a,)\n",
            "limbeck.Unsupported",
        ),
        (
            "class N: pass\na = None\nfor i in range(100000):\n    n = N(); n.next = a; a = n\n",
            "none",
        ),
        (
            "f = None\nfor i in range(100000): f = (lambda g: lambda: g)(f)\n",
            "none",
        ),
        (
            "a = iter([1])\nfor i in range(100000): a = map(str, a)\nlist(a)",
            "RecursionError",
        ),
        (
            "def g(x): yield from x\na = []\nfor i in range(10000): a = g(a)\nlist(a)",
            "RecursionError",
        ),
        ("x = 'a' * 10**12", "MemoryError"),
        ("x = [0] * 10**12", "MemoryError"),
        ("x = 10 ** 10 ** 10", "MemoryError"),
        ("x = 1 << 10 ** 12", "MemoryError"),
        ("x = '%1000000000000d' % 1", "MemoryError"),
        ("x = f'{1:1000000000000}'", "MemoryError"),
        ("x = 'a'\nwhile True: x = x + x", "MemoryError"),
        (
            "x = []\nwhile True: x += [1] * 100000",
            "limbeck.LimitExceeded",
        ),
        ("while True: print('x' * 1000000)", "limbeck.LimitExceeded"),
        (&nested, "SyntaxError"),
        (&chain, "limbeck.Unsupported"),
        (&calls, "limbeck.Unsupported"),
        (&minus, "limbeck.Unsupported"),
        (&lines, "IndentationError"),
        (&many, "none"),
        ("import nothing_here\nnothing_here.x.y(1)[2]\n", "none"),
        (
            "import nothing_here\nif nothing_here.x: pass\n",
            "limbeck.Unsupported",
        ),
        (
            "import nothing_here\nfor a in nothing_here.x(): pass\n",
            "limbeck.Unsupported",
        ),
        (
            "from nothing_here import Base\nclass A(Base):\n    x = 1\n    def f(self): return self.x\nassert A().f() == 1\n",
            "none",
        ),
        (
            "from nothing_here import deco\n@deco\ndef f(): pass\nf()\n",
            "none",
        ),
        (
            "import os.path\nimport os.nothing_here\n",
            "ModuleNotFoundError",
        ),
        (
            "try:\n    import orjson\nexcept ImportError:\n    orjson = None\nassert orjson is None\n",
            "none",
        ),
    ] {
        let found = class_of_error(source);
        let shown: String = source.chars().take(80).collect();
        assert_eq!(found, class, "{shown}");
    }
}
