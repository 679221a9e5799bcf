//! Lines for a person at a terminal.

use super::{cell, counted, tally};
use crate::cli::review::reviewed::{Report, ReportedFinding, ReviewedRevision, verdict_sentence};
use crate::review::Ground;

/// The most rows of evidence that are shown.
const ROWS: usize = 3;

pub(super) fn write(report: &Report) -> String {
    let mut text = String::new();
    for revision in &report.revisions {
        write_revision(revision, &mut text);
    }
    if let Some(base) = &report.base {
        text.push_str(&format!("{} and this state\n", base.commit));
        for line in base.lines() {
            text.push_str(&format!("  {line}\n"));
        }
        text.push('\n');
    }
    for (title, path) in &report.fixed {
        text.push_str(&format!("fixed: {title} ({path})\n"));
    }
    let silenced: usize = report.revisions.iter().map(|one| one.silenced).sum();
    let also = match silenced {
        0 => String::new(),
        count => format!("; {count} ignored by comments"),
    };
    text.push_str(&format!(
        "{} reviewed ({}): {}{also}\n",
        counted(report.revisions.len(), "revision"),
        report.selection,
        tally(report)
    ));
    text
}

fn write_revision(revision: &ReviewedRevision, text: &mut String) {
    text.push_str(&format!("{}  {}\n", revision.revision, revision.path));
    for finding in &revision.findings {
        write_finding(finding, text);
    }
    text.push_str(&format!(
        "  {}: {}\n",
        revision.round_trip.verdict.word(),
        verdict_sentence(&revision.round_trip)
    ));
    if let (Ground::Empty, Some(why)) = (revision.ground, &revision.unreachable) {
        let why = why.message.lines().next().unwrap_or_default();
        text.push_str(&format!(
            "  Tried on an empty database, since yours can't be brought to where it begins: {why}\n"
        ));
    }
    text.push('\n');
}

fn write_finding(finding: &ReportedFinding, text: &mut String) {
    let place = &finding.location;
    text.push_str(&format!(
        "  {}:{}:{}: {}[{}]: {}\n",
        place.path,
        place.line,
        place.column,
        finding.severity.word(),
        finding.code,
        finding.message
    ));
    if let Some(evidence) = &finding.evidence {
        for row in evidence.rows.iter().take(ROWS) {
            let cells: Vec<String> = evidence
                .columns
                .iter()
                .zip(row)
                .map(|(column, value)| format!("{column} = {}", cell(value)))
                .collect();
            text.push_str(&format!("      {}\n", cells.join(", ")));
        }
        let shown = evidence.rows.len().min(ROWS) as u64;
        if evidence.total > shown {
            text.push_str(&format!("      and {} more\n", evidence.total - shown));
        }
        if evidence.made {
            text.push_str("      (rows made up on a copy: the table has none)\n");
        }
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!("      fix: {fix}\n"));
    }
}
