//! GitLab's code quality report.

use md5::{Digest as _, Md5};
use serde_json::json;

use crate::cli::review::reviewed::Report;
use crate::review::Severity;

pub(super) fn write(report: &Report) -> String {
    let mut entries = Vec::new();
    for finding in report.findings() {
        let severity = match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Note => "info",
        };
        // The same finding has the same fingerprint when lines above it come or go.
        let mut hash = Md5::new();
        for part in [
            &finding.code,
            &*finding.location.path,
            finding.target.as_deref().unwrap_or_default(),
            &finding.message,
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let fingerprint: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        entries.push(json!({
            "description": finding.message,
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": severity,
            "location": {
                "path": format!("{}{}", report.folder, finding.location.path),
                "lines": {"begin": finding.location.line},
            },
        }));
    }
    format!("{:#}\n", serde_json::Value::Array(entries))
}
