//! The schema, type and expression compilers against what SQLAlchemy makes of the same things.
//!
//! `tests/oracle/core/cases.jsonl` holds recorded answers. With LIMBECK_ORACLE_PYTHON set, new
//! random cases are asked for as well; LIMBECK_CORE_SEED and LIMBECK_CORE_COUNT choose them, and
//! LIMBECK_CORE_CASES names a file to read instead.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod expressions;
mod schema;
mod statements;
#[path = "../support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::process::Command;

use limbeck::ground::diagnostic::Result;
use limbeck::sqlalchemy::dialects::{Dialect, mysql, postgresql, sqlite};
use limbeck::sqlalchemy::sql::FromClause;
use serde_json::{Value, json};

use expressions::make;
use schema::{table_case, type_case};
use statements::{compiled, dml_case, fixed_scope, make_select};

type Scope = HashMap<String, FromClause>;

fn dialects() -> [(&'static str, Dialect); 3] {
    [
        ("sqlite", sqlite::dialect()),
        ("postgresql", postgresql::dialect()),
        ("mysql", mysql::dialect()),
    ]
}

fn attempt(result: Result<String>) -> Value {
    match result {
        Ok(text) => Value::String(text),
        Err(error) => json!({"error": error.class_name(), "message": error.message}),
    }
}

fn answer(kind: &str, case: &Value, scope: &Scope) -> Value {
    let answer = match kind {
        "type" => type_case(case),
        "table" => table_case(case),
        "expression" => make(case, scope).map(|expression| compiled(&expression.into())),
        "select" => make_select(case, scope).map(|select| compiled(&select.into())),
        _ => dml_case(case, scope),
    };
    match answer {
        Ok(answer) => answer,
        Err(error) => json!({"error": error.class_name(), "message": error.message}),
    }
}

/// Errors are compared by class where their text has an address.
fn same(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) if a.contains_key("error") => {
            a["error"] == *b.get("error").unwrap_or(&Value::Null)
                && (a["message"] == a["error"]
                    || b.get("message")
                        .is_some_and(|message| *message == a["message"]))
        }
        (Value::Object(a), Value::Object(b)) => a
            .iter()
            .all(|(key, value)| b.get(key).is_some_and(|other| same(value, other))),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::String(a), Value::String(b)) if a.contains("UnsupportedCompilation") => {
            b.contains("UnsupportedCompilation")
        }
        _ => expected == got,
    }
}

fn cases() -> String {
    if let Ok(path) = std::env::var("LIMBECK_CORE_CASES") {
        return std::fs::read_to_string(path).expect("the file of cases");
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/core");
    let mut all = std::fs::read_to_string(format!("{folder}/cases.jsonl")).expect("recorded cases");
    if let Some(python) = support::oracle_python() {
        let seed = std::env::var("LIMBECK_CORE_SEED").unwrap_or_else(|_| "7".into());
        let count = std::env::var("LIMBECK_CORE_COUNT").unwrap_or_else(|_| "500".into());
        let output = Command::new(python)
            .args([&format!("{folder}/ask.py"), &seed, &count])
            .output()
            .expect("the reference's Python");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        all.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    all
}

#[test]
fn compiles_as_sqlalchemy() {
    let scope = fixed_scope();
    let only = std::env::var("LIMBECK_CORE_KIND").ok();
    let mut totals: HashMap<String, (usize, usize)> = HashMap::new();
    let mut shown = 0;
    for line in cases().lines() {
        let record: Value = serde_json::from_str(line).expect("a line of JSON");
        let kind = record["kind"].as_str().unwrap().to_owned();
        if only.as_deref().is_some_and(|only| only != kind) {
            continue;
        }
        let got = answer(&kind, &record["case"], &scope);
        let entry = totals.entry(kind.clone()).or_default();
        entry.0 += 1;
        if same(&record["expected"], &got) {
            continue;
        }
        entry.1 += 1;
        if shown < 25 {
            shown += 1;
            println!("--- {kind} {}", record["case"]);
            report(&record["expected"], &got, "");
        }
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    totals.sort();
    for (kind, (count, wrong)) in &totals {
        println!("{kind}: {count} cases, {wrong} differ");
    }
    assert!(totals.iter().all(|(_, (_, wrong))| *wrong == 0));
    // A file of one's own may hold any cases, of one kind or none of another.
    if only.is_none() && std::env::var_os("LIMBECK_CORE_CASES").is_none() {
        let counted: Vec<&str> = totals
            .iter()
            .filter(|(_, (count, _))| *count >= 40)
            .map(|(kind, _)| &**kind)
            .collect();
        assert_eq!(counted, ["dml", "expression", "select", "table", "type"]);
    }
    assert!(!totals.is_empty(), "no case was compared");
}

fn report(expected: &Value, got: &Value, path: &str) {
    if same(expected, got) {
        return;
    }
    match (expected, got) {
        (Value::Object(a), Value::Object(b))
            if !a.contains_key("error") && !b.contains_key("error") =>
        {
            for (key, value) in a {
                report(
                    value,
                    b.get(key).unwrap_or(&Value::Null),
                    &format!("{path}.{key}"),
                );
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (place, (a, b)) in a.iter().zip(b).enumerate() {
                report(a, b, &format!("{path}[{place}]"));
            }
        }
        _ => println!("  {path}\n    expected {expected}\n    got      {got}"),
    }
}
