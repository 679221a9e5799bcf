//! Runs the programs of `tests/oracle/engine/` and compares their output with that of the real
//! SQLAlchemy. To record it again: `for f in core session asynchronous; do $LIMBECK_ORACLE_PYTHON
//! tests/oracle/engine/$f.py > tests/oracle/engine/$f.txt; done`.

use std::rc::Rc;

use ground::host::{MemoryHost, Stream};
use ground::run::Run;
use python::{Dict, Interpreter, Value};

/// The output of a program.
fn output_of(source: &str) -> String {
    let host = Rc::new(MemoryHost::default());
    let run = Run::new(host.clone());
    let mut vm = Interpreter::new(run, crate::bindings::registry());
    let globals = Rc::new(Dict::new());
    globals.set_str("__name__", Value::str("__main__"));
    let mut printed = String::new();
    if let Err(error) = vm.run_source("program.py", source, &globals) {
        printed = python::format_traceback(&error);
    }
    let text: String = host
        .take_output()
        .into_iter()
        .filter(|(stream, _)| *stream == Stream::Stdout)
        .map(|(_, text)| text)
        .collect();
    text + &printed
}

fn compare(source: &str, expected: &str) {
    let told = output_of(source);
    let address = ground::regex::Regex::new("0x[0-9a-f]+").expect("a pattern");
    let without_addresses = |text: &str| {
        let (mut out, mut last) = (String::new(), 0);
        for found in address.captures_iter(text).filter_map(|found| found.get(0)) {
            out.push_str(&text[last..found.start()]);
            out.push_str("0x");
            last = found.end();
        }
        out + &text[last..]
    };
    let (told, expected) = (without_addresses(&told), without_addresses(expected));
    let differing: Vec<String> = told
        .lines()
        .map(Some)
        .chain(std::iter::repeat(None))
        .zip(expected.lines().map(Some).chain(std::iter::repeat(None)))
        .take_while(|(told, expected)| told.is_some() || expected.is_some())
        .filter(|(told, expected)| told != expected)
        .map(|(told, expected)| {
            format!(
                "told     {}\nexpected {}",
                told.unwrap_or("(nothing)"),
                expected.unwrap_or("(nothing)")
            )
        })
        .collect();
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

#[test]
fn engines_and_results_read_as_in_sqlalchemy() {
    compare(
        include_str!("../../../../tests/oracle/engine/core.py"),
        include_str!("../../../../tests/oracle/engine/core.txt"),
    );
}

#[test]
fn sessions_read_as_in_sqlalchemy() {
    compare(
        include_str!("../../../../tests/oracle/engine/session.py"),
        include_str!("../../../../tests/oracle/engine/session.txt"),
    );
}

#[test]
fn asynchronous_engines_read_as_in_sqlalchemy() {
    compare(
        include_str!("../../../../tests/oracle/engine/asynchronous.py"),
        include_str!("../../../../tests/oracle/engine/asynchronous.txt"),
    );
}
