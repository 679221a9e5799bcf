//! A comment for a pull request.

use super::{cell, counted, tally};
use crate::cli::review::reviewed::{Report, ReportedFinding, verdict_sentence};
use crate::review::{Evidence, Severity};

/// The most rows of evidence that are shown.
const ROWS: usize = 5;

pub(super) fn write(report: &Report) -> String {
    let mut text = format!(
        "### Migration review: {}\n\n{} reviewed ({}).\n",
        tally(report),
        counted(report.revisions.len(), "revision"),
        escaped(&report.selection)
    );
    if !report.revisions.is_empty() {
        text.push_str("\n| revision | file | round trip |\n|---|---|---|\n");
    }
    for revision in &report.revisions {
        text.push_str(&format!(
            "| `{}` | `{}` | **{}**: {} |\n",
            revision.revision,
            revision.path,
            revision.round_trip.verdict.word(),
            escaped(&verdict_sentence(&revision.round_trip))
        ));
    }
    for finding in report.findings() {
        write_finding(finding, &mut text);
    }
    if let Some(base) = &report.base {
        text.push_str(&format!(
            "\n#### {} and this state\n\n",
            escaped(&base.commit)
        ));
        for line in base.lines() {
            let depth = if line.starts_with("  ") { "  " } else { "" };
            text.push_str(&format!("{depth}- {}\n", escaped(line.trim_start())));
        }
    }
    for (title, path) in &report.fixed {
        text.push_str(&format!("\nFixed: {} in `{path}`.\n", escaped(title)));
    }
    text
}

fn write_finding(finding: &ReportedFinding, text: &mut String) {
    let sign = match finding.severity {
        Severity::Error => "🛑",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    text.push_str(&format!(
        "\n{sign} **{}** `{}:{}` {}\n",
        finding.code,
        finding.location.path,
        finding.location.line,
        escaped(&finding.message)
    ));
    if let Some(evidence) = &finding.evidence {
        write_evidence(evidence, text);
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!("\nFix: {}\n", escaped(fix)));
    }
}

fn write_evidence(evidence: &Evidence, text: &mut String) {
    if evidence.columns.is_empty() || evidence.rows.is_empty() {
        return;
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    text.push('\n');
    text.push_str(&line(
        evidence.columns.iter().map(|name| escaped(name)).collect(),
    ));
    text.push_str(&line(vec!["---".to_owned(); evidence.columns.len()]));
    for row in evidence.rows.iter().take(ROWS) {
        text.push_str(&line(
            row.iter().map(|value| escaped(&cell(value))).collect(),
        ));
    }
    let shown = evidence.rows.len().min(ROWS) as u64;
    if evidence.total > shown {
        text.push_str(&format!("\n… and {} more rows.\n", evidence.total - shown));
    }
}

/// Text that Markdown and a table's cell take as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
