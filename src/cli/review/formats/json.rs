//! Everything, for programs. `version` grows when a member changes its meaning or goes; new members
//! may come at any time.

use serde_json::{Value as Json, json};

use driver::Value;

use crate::cli::review::BaseComparison;
use crate::cli::review::reviewed::{Report, ReportedFinding, ReviewedRevision, verdict_sentence};
use crate::review::{Breakage, Evidence, Severity, difference_lines};

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
        "base": report.base.as_ref().map(base),
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

fn base(base: &BaseComparison) -> Json {
    let states = match &base.states {
        Ok(states) => states,
        Err(error) => return json!({"commit": base.commit, "error": error.message}),
    };
    let upgrade = &states.upgrade;
    let changes = upgrade.changes.iter();
    let changes = changes.flat_map(|one| difference_lines(one, "before", "after"));
    json!({
        "commit": base.commit,
        "revisions": states.revisions.iter().map(|change| json!({
            "revision": change.revision,
            "path": change.path,
            "new": change.added,
            "removed": change.removed,
            "edited": change.edited,
            "parents": change.parents,
            "parents_before": change.moved_from,
            "path_before": change.was_at,
        })).collect::<Vec<_>>(),
        "heads_before": states.base_heads,
        "heads": states.head_heads,
        "heads_merged": states.meet,
        "upgrade": {
            "tried_on": upgrade.ground.word(),
            "error": upgrade.error.as_ref().map(|error| &error.message),
            "changes": changes.collect::<Vec<_>>(),
        },
        "deployment": states.deployment.as_ref().map(|deployment| json!({
            "order": deployment.order().word(),
            "advice": deployment.order().advice(),
            "old_code_new_schema": deployment.old_code.iter().map(breakage).collect::<Vec<_>>(),
            "new_code_old_schema": deployment.new_code.iter().map(breakage).collect::<Vec<_>>(),
        })),
    })
}

fn breakage(broken: &Breakage) -> Json {
    json!({
        "table": broken.table,
        "statement": broken.access.word(),
        "message": broken.message,
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
