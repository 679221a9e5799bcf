//! Everything, for programs. `version` grows when a member changes its meaning or goes; new members
//! may come at any time.

use serde_json::{Value as Json, json};

use driver::Value;

use crate::cli::review::reviewed::{Report, ReportedFinding, ReviewedRevision, verdict_sentence};
use crate::review::{Evidence, Severity};

/// The version of the document.
const VERSION: u32 = 1;

pub(super) fn write(report: &Report) -> String {
    let document = json!({
        "version": VERSION,
        "selection": report.selection,
        "counts": {
            "error": report.count(Severity::Error),
            "warning": report.count(Severity::Warning),
            "note": report.count(Severity::Note),
        },
        "fixed": report.fixed.iter().map(|(title, path)| json!({"title": title, "path": path}))
            .collect::<Vec<_>>(),
        "revisions": report.revisions.iter().map(revision).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn revision(revision: &ReviewedRevision) -> Json {
    json!({
        "revision": revision.revision,
        "path": revision.path,
        "tried_on": revision.ground.word(),
        "tried_on_empty_because": revision.unreachable.as_ref().map(|error| &error.message),
        "round_trip": {
            "verdict": revision.round_trip.verdict.word(),
            "explanation": verdict_sentence(&revision.round_trip),
        },
        "ignored": revision.silenced,
        "findings": revision.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &ReportedFinding) -> Json {
    let place = &finding.location;
    json!({
        "code": finding.code,
        "severity": finding.severity.word(),
        "message": finding.message,
        "path": &*place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "target": finding.target,
        "evidence": finding.evidence.as_ref().map(evidence),
        "fix": finding.fix,
    })
}

fn evidence(evidence: &Evidence) -> Json {
    json!({
        "columns": evidence.columns,
        "rows": evidence.rows.iter()
            .map(|row| row.iter().map(value).collect::<Vec<_>>())
            .collect::<Vec<_>>(),
        "total": evidence.total,
        "made": evidence.made,
    })
}

/// A value; what JSON has no type for is its text.
fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => json!(number),
        Value::Real(number) => json!(number),
        other => json!(super::cell(other)),
    }
}
