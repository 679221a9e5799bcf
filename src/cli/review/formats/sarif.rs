//! SARIF 2.1.0 (OASIS), which code hosts show at the lines.

use serde_json::{Value as Json, json};

use crate::cli::review::reviewed::{Report, ReportedFinding, UNUSED_SILENCE};
use crate::cli::review::rules::RULES;
use crate::review::Severity;

pub(super) fn write(report: &Report) -> String {
    let mut rules: Vec<Json> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code.word(),
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.help},
                "help": {"text": rule.help},
            })
        })
        .collect();
    let text = "A comment ignores a rule that finds nothing there";
    rules.push(json!({"id": UNUSED_SILENCE, "shortDescription": {"text": text}}));
    let results: Vec<Json> = report
        .findings()
        .map(|finding| result(finding, &report.folder, &rules))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "limbeck",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            // Columns count characters, not UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn result(finding: &ReportedFinding, folder: &str, rules: &[Json]) -> Json {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = &finding.location;
    let mut region = json!({"startLine": place.line, "startColumn": place.column});
    if (place.end_line, place.end_column) > (place.line, place.column) {
        region["endLine"] = json!(place.end_line);
        region["endColumn"] = json!(place.end_column);
    }
    let mut result = json!({
        "ruleId": finding.code,
        "level": level,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&format!("{folder}{}", place.path))},
            "region": region,
        }}],
    });
    if let Some(index) = rules
        .iter()
        .position(|rule| rule["id"] == finding.code.as_str())
    {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// A path as a relative reference: what a URI has no character for is percent-encoded.
fn uri(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
