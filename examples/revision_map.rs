//! Answers questions about revision graphs, one JSON line in, one out: the half of
//! `tests/oracle/revision_map.py` that asks Limbeck.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a question that can't be read is an error of the test"
)]

use std::io::{BufRead, Write};

use limbeck::ground::diagnostic::Error;
use limbeck::script::revision::{
    Identifier, IterateOptions, Revision, RevisionError, RevisionMap, RevisionOrBase,
};
use serde_json::{Value, json};

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

fn identifier(value: &Value) -> Identifier {
    match value {
        Value::String(text) => Identifier::One(text.clone()),
        Value::Array(_) => Identifier::Many(strings(value)),
        _ => Identifier::None,
    }
}

fn failure(error: RevisionError) -> Value {
    let error: Error = error.into();
    json!({"error": error.class_name(), "message": error.message})
}

fn place(place: &RevisionOrBase) -> Value {
    match place {
        RevisionOrBase::None => Value::Null,
        RevisionOrBase::Base => json!("base"),
        RevisionOrBase::Revision(revision) => json!(revision.revision),
    }
}

fn ids(revisions: &[std::rc::Rc<Revision>]) -> Value {
    json!(
        revisions
            .iter()
            .map(|revision| revision.revision.clone())
            .collect::<Vec<_>>()
    )
}

fn describe(map: &RevisionMap) -> Result<Value, RevisionError> {
    let sorted = |items: Vec<String>| {
        let mut items = items;
        items.sort();
        items
    };
    let mut revisions = Vec::new();
    for revision in map.revisions()? {
        revisions.push(json!({
            "revision": revision.revision,
            "nextrev": sorted(revision.nextrev().iter().cloned().collect()),
            "all_nextrev": sorted(revision.all_nextrev().iter().cloned().collect()),
            "labels": sorted(revision.branch_labels().iter().cloned().collect()),
            "resolved": revision.resolved_dependencies().clone(),
            "normalized": sorted(revision.normalized_resolved_dependencies().clone()),
        }));
    }
    Ok(json!({
        "heads": map.heads()?,
        "real_heads": map.real_heads()?,
        "bases": map.bases()?,
        "real_bases": map.real_bases()?,
        "revisions": revisions,
    }))
}

fn answer(map: &RevisionMap, query: &Value) -> Value {
    let flag = |name: &str| query[name].as_bool().unwrap_or(false);
    let result: Result<Value, RevisionError> = match query["kind"].as_str().unwrap_or_default() {
        "describe" => describe(map),
        "get_revisions" => map
            .get_identified(&identifier(&query["id"]))
            .map(|places| json!(places.iter().map(place).collect::<Vec<_>>())),
        "get_revision" => map
            .get_revision(query["id"].as_str())
            .map(|revision| json!(revision.map(|revision| revision.revision.clone()))),
        "iterate" => map
            .iterate_revisions(
                &identifier(&query["upper"]),
                &identifier(&query["lower"]),
                IterateOptions {
                    implicit_base: flag("implicit_base"),
                    inclusive: flag("inclusive"),
                    assert_relative_length: flag("assert_relative_length"),
                    select_for_downgrade: flag("select_for_downgrade"),
                },
            )
            .map(|revisions| ids(&revisions)),
        "all_current" => map
            .get_all_current(&strings(&query["id"]))
            .map(|revisions| ids(&revisions)),
        "filter" => map
            .filter_ids_for_lineage(
                &strings(&query["targets"]),
                query["against"].as_str().unwrap_or_default(),
                flag("include_dependencies"),
            )
            .map(|ids| json!(ids)),
        "add" => Revision::new(
            query["revision"].as_str().unwrap_or_default(),
            strings(&query["down"]),
            strings(&query["depends"]),
            strings(&query["labels"]),
        )
        .and_then(|revision| map.add_revision(revision))
        .and_then(|_| describe(map)),
        other => panic!("unknown query {other}"),
    };
    match result {
        Ok(value) => json!({"ok": value}),
        Err(error) => failure(error),
    }
}

fn main() {
    let stdout = std::io::stdout();
    let mut stdout = stdout.lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let request: Value = serde_json::from_str(&line).expect("a line is JSON");
        let written = request["revisions"].as_array().cloned().unwrap_or_default();
        let map = RevisionMap::new(
            move || {
                written
                    .iter()
                    .map(|one| {
                        Revision::new(
                            one["revision"].as_str().unwrap_or_default(),
                            strings(&one["down"]),
                            strings(&one["depends"]),
                            strings(&one["labels"]),
                        )
                    })
                    .collect()
            },
            |_| {},
        );
        let answers: Vec<Value> = request["queries"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|query| answer(&map, query))
            .collect();
        writeln!(stdout, "{}", json!(answers)).expect("standard output is open");
    }
}
