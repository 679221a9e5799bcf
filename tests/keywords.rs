//! Every keyword argument of what models and migrations call has its effect or is refused: none is dropped
//! without a word.
//!
//! `tests/keywords/probes.py`, with `harness.py` before it, calls each function without a keyword and with it, and shows what came of it;
//! `answers.jsonl` is what the real programs show. Where `$LIMBECK_ORACLE_PYTHON` is set, both are made again
//! by `tests/oracle/keywords.py`. `tests/keywords/refused.md` lists what Limbeck refuses, and
//! `tests/keywords/differences.txt` what is allowed to differ, with the reason. `LIMBECK_REWRITE=1` writes all
//! but the last.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use limbeck::ground::host::{MemoryHost, Stream};
use limbeck::ground::run::Run;
use limbeck::python::Interpreter;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keywords")
}

fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What one probe showed, by the part of the answer; `stopped` where the run ended in it.
enum Shown {
    Parts(BTreeMap<String, String>),
    Stopped(String),
}

/// Runs probes until one stops the run: what they printed, and with what it ended.
fn run(harness: &str, probes: &[&str]) -> (Vec<Value>, Option<String>) {
    let host = Rc::new(MemoryHost::default());
    let mut vm = Interpreter::new(Run::new(host.clone()), limbeck::bindings::registry());
    let source = format!("{harness}{}", probes.concat());
    let result = vm.exec_module("__main__", "probes.py", &source);
    let printed: String = host
        .take_output()
        .into_iter()
        .filter(|(stream, _)| *stream == Stream::Stdout)
        .map(|(_, text)| text)
        .collect();
    let lines = printed
        .lines()
        .map(|line| serde_json::from_str(line).expect("a probe prints JSON"))
        .collect();
    (lines, result.err().map(|error| error.message.to_string()))
}

/// What each probe shows here. A construct that is refused ends the run: the probes after it have one of
/// their own.
fn shown_here(harness: &str, probes: &str) -> Vec<Shown> {
    let probes: Vec<&str> = probes
        .split_inclusive('\n')
        .filter(|line| line.starts_with("probe("))
        .collect();
    let mut shown = Vec::new();
    while shown.len() < probes.len() {
        let (answers, ended) = run(harness, &probes[shown.len()..]);
        shown.extend(answers.iter().map(|answer| Shown::Parts(parts(answer))));
        if shown.len() < probes.len() {
            shown.push(Shown::Stopped(
                ended.expect("a run that ended early says why"),
            ));
        }
    }
    shown
}

fn parts(answer: &Value) -> BTreeMap<String, String> {
    let parts = answer["shows"]
        .as_object()
        .expect("a probe shows something");
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    parts
        .iter()
        .map(|(part, value)| (part.clone(), text(value)))
        .collect()
}

/// Whether a part of an answer is the text of an exception.
fn is_failure(text: &str) -> bool {
    let Some((class, _)) = text.split_once(": ") else {
        return false;
    };
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    class.chars().all(word) && (class.ends_with("Error") || class.ends_with("Unsupported"))
}

/// The parts that differ; none where all is as it should be.
fn differences(real: &BTreeMap<String, String>, here: &BTreeMap<String, String>) -> Vec<String> {
    let parts: BTreeSet<&String> = real.keys().chain(here.keys()).collect();
    parts
        .into_iter()
        .filter(|part| real.get(*part) != here.get(*part))
        // An attribute that only Limbeck shows misleads nobody.
        .filter(|part| *part != "attribute" || real.contains_key("attribute"))
        .cloned()
        .collect()
}

fn make_again() {
    let Some(python) = support::oracle_python() else {
        support::not_asked("the keywords of the real packages are compared as recorded");
        return;
    };
    let rewrite = std::env::var_os("LIMBECK_REWRITE").is_some();
    let made = tempfile::tempdir().expect("a folder");
    let target = if rewrite {
        folder()
    } else {
        made.path().to_owned()
    };
    let script = folder().join("../oracle/keywords.py");
    let output = Command::new(python)
        .arg(script)
        .arg(&target)
        .output()
        .expect("the reference programs' Python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for name in ["probes.py", "answers.jsonl"] {
        let again = std::fs::read_to_string(target.join(name)).expect("it was written");
        assert!(
            again == read(name),
            "tests/keywords/{name} is not up to date (LIMBECK_REWRITE=1 cargo test --test keywords):\n{}",
            support::first_difference(&read(name), &again)
        );
    }
}

#[test]
fn no_keyword_is_dropped_silently() {
    make_again();
    let allowed_text = read("differences.txt");
    let mut allowed: BTreeMap<&str, bool> = allowed_text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            (
                line.split_once(": ").expect("a probe and a reason").0,
                false,
            )
        })
        .collect();
    let answers = read("answers.jsonl");
    let shown = shown_here(&read("harness.py"), &read("probes.py"));
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).expect("an answer"))
        .collect();
    assert_eq!(answers.len(), shown.len());
    assert!(
        answers.len() > 900,
        "only {} keywords were asked",
        answers.len()
    );
    let (mut silent, mut refused, mut effects) = (Vec::new(), String::new(), 0);
    for (answer, shown) in answers.iter().zip(&shown) {
        let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
        let probe = format!("{} {}", text("subject"), text("keyword"));
        effects += usize::from(!answer["effect"].as_array().expect("a list").is_empty());
        let real = parts(answer);
        let here = match shown {
            Shown::Stopped(message) => {
                refused.push_str(&format!("- `{probe}`: {message}\n"));
                continue;
            }
            Shown::Parts(here) => here,
        };
        let different = differences(&real, here);
        let Some(first) = different.first() else {
            continue;
        };
        let failure = different
            .iter()
            .filter_map(|part| here.get(part))
            .find(|text| is_failure(text));
        if let Some(allowed) = allowed.get_mut(&*probe) {
            *allowed = true;
        } else if let Some(failure) = failure {
            refused.push_str(&format!("- `{probe}`: {failure}\n"));
        } else {
            let shown = |parts: &BTreeMap<String, String>| parts.get(first).cloned();
            silent.push(format!(
                "{probe}, {first}:\n  real: {:?}\n  here: {:?}",
                shown(&real),
                shown(here)
            ));
        }
    }
    assert!(
        silent.is_empty(),
        "{} differ:\n{}",
        silent.len(),
        silent.join("\n")
    );
    let idle: Vec<_> = allowed.iter().filter(|(_, used)| !**used).collect();
    assert!(
        idle.is_empty(),
        "differences.txt allows what does not differ: {idle:?}"
    );
    // Otherwise most of it would compare nothing.
    assert!(
        effects * 2 > answers.len(),
        "only {effects} keywords show an effect"
    );
    let list =
        format!("# Keywords that Limbeck refuses\n\nWritten by `tests/keywords.rs`.\n\n{refused}");
    if std::env::var_os("LIMBECK_REWRITE").is_some() {
        std::fs::write(folder().join("refused.md"), &list).expect("it is written");
    }
    assert_eq!(
        read("refused.md"),
        list,
        "LIMBECK_REWRITE=1 writes the list again"
    );
}
