//! The versions that COMPAT.md names are the ones in use.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::Path;
use std::process::Command;

const SQLITE: &str = "3.51.3";

fn compat() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("COMPAT.md");
    std::fs::read_to_string(path).expect("COMPAT.md")
}

#[test]
fn the_native_program_has_the_named_sqlite() {
    assert_eq!(limbeck::driver::sqlite::sqlite_version(), SQLITE);
    assert!(compat().contains(&format!("SQLite | {SQLITE} |")));
}

#[test]
fn the_reference_has_the_named_versions() {
    let Some(python) = support::oracle_python() else {
        return;
    };
    let script = "import sqlite3, importlib.metadata as m\n\
                  print('SQLite |', sqlite3.sqlite_version, '|')\n\
                  for name in ('alembic', 'SQLAlchemy', 'sqlmodel', 'Mako', 'MarkupSafe'):\n\
                  \x20   print(name, '|', m.version(name), '|')";
    let output = Command::new(python)
        .args(["-c", script])
        .output()
        .expect("the oracle's Python starts");
    let text = String::from_utf8(output.stdout).expect("its answer is text");
    assert_eq!(text.lines().count(), 6, "{text}");
    let compat = compat();
    for line in text.lines() {
        assert!(compat.contains(line), "COMPAT.md does not say: {line}");
    }
}
