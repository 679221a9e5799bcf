//! A review as it is reported: findings at their lines, with the project's severities, without
//! those that are silenced.

use ground::diagnostic::{Error, Location, Result};
use ground::order::InOrder;
use ground::run::Run;

use super::base::BaseComparison;
use super::settings::{Level, Settings};
use super::silence::{Silence, silences};
use crate::cli::shown_path;
use crate::review::{
    self, Code, Evidence, Finding, Ground, Review, RoundTrip, Rows, Severity, Verdict,
    difference_lines,
};

/// The code of findings about `# limbeck: ignore[…]` itself.
pub const UNUSED_SILENCE: &str = "unused-ignore";

/// A finding as it is reported.
#[derive(Clone, Debug)]
pub struct ReportedFinding {
    /// The word of its rule, such as `drops-data`.
    pub code: String,
    /// Its severity in this project.
    pub severity: Severity,
    /// Where it is, the path as the project's folder sees it.
    pub location: Location,
    /// The explanation, in one sentence.
    pub message: String,
    /// The table, or table and column.
    pub target: Option<String>,
    /// The rows that prove it.
    pub evidence: Option<Evidence>,
    /// The label of its fix.
    pub fix: Option<String>,
}

/// A revision with what its review found.
#[derive(Clone, Debug)]
pub struct ReviewedRevision {
    /// Its id.
    pub revision: String,
    /// The path of its file, as the project's folder sees it.
    pub path: String,
    /// The data that it was tried on.
    pub ground: Ground,
    /// Why it was tried on an empty database, if it was.
    pub unreachable: Option<Error>,
    /// The findings, by line.
    pub findings: Vec<ReportedFinding>,
    /// How many findings the script silences.
    pub silenced: usize,
    /// Upgrade, downgrade, upgrade.
    pub round_trip: RoundTrip,
}

/// The reviews of a command.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The project's folder as the root of its Git repository sees it, with a slash at its end;
    /// empty at the root, and without a repository. Code hosts want paths from there.
    pub folder: String,
    /// Which revisions these are.
    pub selection: String,
    /// The revisions, the oldest first.
    pub revisions: Vec<ReviewedRevision>,
    /// The titles of fixes that were applied, with the path of the file.
    pub fixed: Vec<(String, String)>,
    /// The project beside its base, where it was asked for by a commit and differs.
    pub base: Option<BaseComparison>,
}

impl Report {
    /// A report about a selection, without revisions yet.
    pub fn new(run: &Run, selection: &str) -> Self {
        Report {
            folder: folder_in_repository(run),
            selection: selection.to_owned(),
            ..Report::default()
        }
    }

    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &ReportedFinding> {
        self.revisions.iter().flat_map(|one| &one.findings)
    }

    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// Whether some finding is at that level or worse.
    pub fn reaches(&self, level: Level) -> bool {
        self.findings()
            .any(|finding| level.reached_by(finding.severity))
    }
}

impl ReviewedRevision {
    /// Reviews a revision; `beside` is what is known of it from elsewhere.
    ///
    /// # Errors
    /// Where it can't be tried at all.
    pub fn of(
        run: &Run,
        revision: &str,
        rows: Rows,
        settings: &Settings,
        beside: &[Finding],
    ) -> Result<Self> {
        let mut found = review::findings(run, revision, rows)?;
        let round_trip = review::round_trip(run, revision, rows)?;
        found.findings.extend(beside.iter().cloned());
        found.findings.extend(applied_differs(&round_trip, &found));
        let text = run
            .host
            .read(&found.path)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default();
        let comments = silences(&text);
        let path = shown_path(run, &found.path);
        let mut used = vec![false; comments.len()];
        let mut reported = Vec::new();
        let mut silenced = 0;
        for finding in &found.findings {
            let Some(severity) = settings.severity(finding.code, finding.severity) else {
                continue;
            };
            let own = shown_path(run, &finding.location.path) == path;
            let silence = comments
                .iter()
                .position(|comment| own && comment.silences(finding));
            if let Some(place) = silence {
                used[place] = true;
                silenced += 1;
                continue;
            }
            reported.push(ReportedFinding {
                code: finding.code.word().to_owned(),
                severity,
                location: Location {
                    path: shown_path(run, &finding.location.path).into(),
                    ..finding.location.clone()
                },
                message: finding.message.clone(),
                target: finding.target.clone(),
                evidence: finding.evidence.clone(),
                fix: finding.fix.as_ref().map(|fix| fix.title.clone()),
            });
        }
        for (comment, used) in comments.iter().zip(used) {
            if let Some(message) = wrong_silence(comment, used) {
                reported.push(ReportedFinding {
                    code: UNUSED_SILENCE.to_owned(),
                    severity: Severity::Note,
                    location: Location {
                        path: path.as_str().into(),
                        line: comment.line,
                        column: 1,
                        end_line: comment.line,
                        end_column: 1,
                    },
                    message,
                    target: None,
                    evidence: None,
                    fix: None,
                });
            }
        }
        reported.in_order_by_key(|finding| (finding.location.line, finding.severity));
        Ok(ReviewedRevision {
            revision: found.revision,
            path,
            ground: found.ground,
            unreachable: found.unreachable,
            findings: reported,
            silenced,
            round_trip,
        })
    }
}

/// That a database which has the revision does not look like what the revision makes: the revision
/// was edited after it was applied. Where it can't be undone, nothing can be said.
fn applied_differs(trip: &RoundTrip, review: &Review) -> Option<Finding> {
    if trip.back.iter().any(|back| !back.same_schema()) {
        return None;
    }
    let lines: Vec<String> = trip
        .now
        .iter()
        .filter(|now| !now.same_schema())
        .flat_map(|now| difference_lines(now, "in the database", "by the revision"))
        .collect();
    let first = lines.first()?;
    let more = match lines.len() {
        1 => String::new(),
        count => format!(" ({} more)", count - 1),
    };
    Some(Finding {
        code: Code::AppliedDiffers,
        severity: Severity::Warning,
        location: review.upgrade_location.clone(),
        message: format!(
            "The database has this revision, but is not what it makes: {first}{more}."
        ),
        target: None,
        evidence: None,
        fix: None,
    })
}

/// What is wrong with a comment that silences: nothing, or a rule that there is not, or no finding.
fn wrong_silence(comment: &Silence, used: bool) -> Option<String> {
    if let Some(word) = comment.unknown.first() {
        return Some(format!("There is no rule '{word}' to ignore."));
    }
    let codes: Vec<&str> = comment.codes.iter().map(|code| code.word()).collect();
    (!used).then(|| {
        format!(
            "This comment ignores {}, which is not found here.",
            codes.join(", ")
        )
    })
}

/// The current folder below the nearest folder that has a `.git`.
fn folder_in_repository(run: &Run) -> String {
    let current = run.host.current_directory();
    let mut root = current.as_str();
    loop {
        let git = format!("{}/.git", root.trim_end_matches('/'));
        if run.host.is_directory(&git) || run.host.is_file(&git) {
            let below = current[root.len()..].trim_start_matches('/');
            return match below {
                "" => String::new(),
                below => format!("{below}/"),
            };
        }
        match root.rfind('/') {
            Some(end) if end > 0 => root = &root[..end],
            _ => return String::new(),
        }
    }
}

/// The verdict of a round trip as a sentence.
pub(super) fn verdict_sentence(trip: &RoundTrip) -> String {
    match &trip.verdict {
        Verdict::Lossless => {
            "upgrade, downgrade, upgrade gave the same schema and rows.".to_owned()
        }
        Verdict::SchemaOnly => {
            "upgrade, downgrade, upgrade gave the same schema; rows differ, none is lost."
                .to_owned()
        }
        Verdict::LosesData => "upgrade, downgrade, upgrade loses rows or values.".to_owned(),
        Verdict::NotReversed => "downgrade does not restore the schema.".to_owned(),
        Verdict::Broken { step, error, .. } => {
            let last = error.message.lines().next().unwrap_or_default();
            format!("{step} fails: {last}")
        }
    }
}
