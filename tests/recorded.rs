//! Answers of the real programs that other tests read from files are still what these answer. Asked
//! only where $LIMBECK_ORACLE_PYTHON is set; `tests/faces.rs` and `tests/cases.rs` ask for their own.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn oracle() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

/// Runs one of the programs in `tests/oracle`; `None` where there is no reference to ask.
fn ask(arguments: &[&str]) -> Option<Output> {
    let output = Command::new(support::oracle_python()?)
        .args(arguments)
        .current_dir(oracle())
        .output()
        .expect("the oracle's Python starts");
    assert!(
        output.status.success(),
        "{arguments:?}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some(output)
}

#[test]
fn models_mean_what_is_recorded() {
    ask(&["record_models.py", "--check"]);
}

#[test]
fn databases_are_reflected_as_recorded() {
    ask(&["reflection/record.py", "--check"]);
}

#[test]
fn programs_with_engines_print_what_is_recorded() {
    for name in ["core", "session", "asynchronous"] {
        let Some(output) = ask(&[&format!("engine/{name}.py")]) else {
            return;
        };
        let printed = String::from_utf8(output.stdout).expect("its output is text");
        let recorded = std::fs::read_to_string(oracle().join(format!("engine/{name}.txt")))
            .expect("the recorded output");
        // Objects have other addresses each time.
        let root = oracle();
        let (printed, recorded) = (
            support::comparable(&printed, &root),
            support::comparable(&recorded, &root),
        );
        assert!(
            printed == recorded,
            "engine/{name}.txt: {}",
            support::first_difference(&recorded, &printed)
        );
    }
}
