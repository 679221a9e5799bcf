//! `--fix`: the fixes of findings, one after the other, each followed by another review, since an
//! edit moves what stands below it.

use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::reviewed::ReviewedRevision;
use super::settings::Settings;
use super::silence::silences;
use crate::cli::shown_path;
use crate::review::{self, Finding, Rows, apply_edits};

/// Applies what can be applied to a revision's file, and reviews what it is then. A finding that
/// the project ignores or the script silences is left alone. Revisions are tried by `tried`; files are those of `run`.
///
/// # Errors
/// Where the revision can't be tried, or its file can't be written.
pub(super) fn review_and_fix(
    run: &Run,
    tried: &Run,
    revision: &str,
    rows: Rows,
    settings: &Settings,
    beside: &[Finding],
) -> Result<(ReviewedRevision, Vec<(String, String)>)> {
    let mut applied: Vec<(String, String)> = Vec::new();
    loop {
        let found = review::findings(tried, revision, rows)?;
        let text = run
            .host
            .read(&found.path)
            .map_err(|error| Error::command(format!("Can't read {}: {error}", found.path)))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let comments = silences(&text);
        let next = found.findings.iter().find_map(|finding| {
            let fix = finding.fix.as_ref()?;
            let silenced = comments.iter().any(|comment| comment.silences(finding));
            let again = applied.iter().any(|(title, _)| *title == fix.title);
            (!silenced && !again && settings.severity(finding.code, finding.severity).is_some())
                .then_some(fix)
        });
        let Some(fix) = next else {
            return Ok((
                ReviewedRevision::of(tried, revision, rows, settings, beside)?,
                applied,
            ));
        };
        let mended = apply_edits(&text, &fix.edits);
        run.host
            .write(&found.path, mended.as_bytes())
            .map_err(|error| Error::command(format!("Can't write {}: {error}", found.path)))?;
        applied.push((fix.title.clone(), shown_path(run, &found.path)));
    }
}
