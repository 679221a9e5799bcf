//! GitHub's workflow commands: each becomes an annotation at its line.

use crate::cli::review::reviewed::Report;
use crate::review::Severity;

pub(super) fn write(report: &Report) -> String {
    let mut text = String::new();
    for finding in report.findings() {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let place = &finding.location;
        text.push_str(&format!(
            "::{command} file={},line={},endLine={},col={},title={}::{}\n",
            property(&format!("{}{}", report.folder, place.path)),
            place.line,
            place.end_line.max(place.line),
            place.column,
            property(&finding.code),
            message(&finding.message)
        ));
    }
    text
}

/// The text of an annotation, in which a newline is written as its code.
fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, in which what ends one is written as its code too.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
