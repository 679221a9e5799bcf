//! What `git diff` writes, applied to the files of a workspace.

use std::cmp::Reverse;

use diffy::patch_set::{FileOperation, ParseOptions, PatchKind, PatchSet};
use protocol::{Failure, Place};

use super::words;
use crate::session::failed;
use crate::workspace::{Files, absolute};

/// How many folders at the front of a patch's paths may not be the project's: a patch is of a
/// repository, in which the project may lie deeper.
const DEEPEST: usize = 5;

/// The files after a patch.
///
/// # Errors
///
/// Where the text is no patch, speaks of a file that is not there, or of other lines than the file
/// has; the place is the line of the patch.
pub fn apply(files: &Files, text: &str) -> Result<Files, Failure> {
    let options = if text.lines().any(|line| line.starts_with("diff --git ")) {
        ParseOptions::gitdiff()
    } else {
        ParseOptions::unidiff()
    };
    let mut patches = Vec::new();
    for patch in PatchSet::parse(text, options) {
        patches.push(patch.map_err(|error| unreadable(text, &error.to_string()))?);
    }
    let operations: Vec<FileOperation<'_, str>> = patches
        .iter()
        .map(|patch| patch.operation().clone())
        .collect();
    let prefixed = text.lines().any(|line| line.starts_with("diff --git a/"));
    let depth = depth(files, &operations, prefixed);
    let mut after = files.clone();
    for (number, patch) in patches.iter().enumerate() {
        let operation = stripped(patch.operation(), depth, prefixed);
        let (from, to) = match &operation {
            FileOperation::Delete(path) => (Some(path), None),
            FileOperation::Create(path) => (None, Some(path)),
            FileOperation::Modify { original, modified } => (Some(original), Some(modified)),
            FileOperation::Rename { from, to } | FileOperation::Copy { from, to } => {
                (Some(from), Some(to))
            }
        };
        let told = to.or(from).map_or("", |path| path);
        let refused = |hunk: usize, message: String| Failure {
            place: Some(Place {
                path: words::PATCH.to_owned(),
                line: line_of(text, number, hunk),
                column: 1,
                end_line: line_of(text, number, hunk),
                end_column: 1,
            }),
            ..failed(message)
        };
        let PatchKind::Text(hunks) = patch.patch() else {
            // Bytes are no code: a database or a picture of the project is left as it is.
            continue;
        };
        let before = match from {
            None => String::new(),
            Some(path) => {
                let contents = files.files.get(&absolute(path));
                let contents = contents.ok_or_else(|| refused(0, words::no_file(path)))?;
                String::from_utf8(contents.to_vec())
                    .map_err(|_| refused(0, words::no_text(path)))?
            }
        };
        let is = diffy::apply(&before, hunks).map_err(|error| {
            let digits: String = error
                .to_string()
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            refused(digits.parse().unwrap_or(1), words::other_lines(told))
        })?;
        if let Some(path) = from
            && !matches!(operation, FileOperation::Copy { .. })
        {
            after.files.remove(&absolute(path));
        }
        if let Some(path) = to {
            let path = absolute(path);
            if !super::inside(&path) {
                return Err(refused(0, words::outside(told)));
            }
            after.put(&path, is.into_bytes());
        }
    }
    Ok(after)
}

fn unreadable(text: &str, why: &str) -> Failure {
    // The parser counts bytes.
    let byte = why
        .strip_prefix("error parsing patches at byte ")
        .and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
    let line = byte.and_then(|byte| text.get(..byte)).map_or(1, |before| {
        u32::try_from(before.matches('\n').count() + 1).unwrap_or(1)
    });
    let why = why.rsplit(": ").next().unwrap_or(why);
    Failure {
        place: Some(Place {
            path: words::PATCH.to_owned(),
            line,
            column: 1,
            end_line: line,
            end_column: 1,
        }),
        ..failed(words::no_patch(why))
    }
}

/// An operation without the folders at the front of its paths. Git writes `rename from` and `copy from`
/// without the `a/` and `b/` of all other paths.
fn stripped<'a>(
    operation: &'a FileOperation<'_, str>,
    depth: usize,
    prefixed: bool,
) -> FileOperation<'a, str> {
    match operation {
        FileOperation::Rename { .. } | FileOperation::Copy { .. } if prefixed => {
            operation.strip_prefix(depth.saturating_sub(1))
        }
        _ => operation.strip_prefix(depth),
    }
}

/// How many folders at the front of the paths are to be left out, so that most of the files that a
/// patch changes are there, and the folders of those that it makes.
fn depth(files: &Files, operations: &[FileOperation<'_, str>], prefixed: bool) -> usize {
    let fits = |depth: &usize| -> (usize, bool, Reverse<usize>) {
        let there = operations.iter().filter(|operation| {
            let path = match stripped(operation, *depth, prefixed) {
                FileOperation::Create(path) => {
                    // Where too much is left out, everything is at the top.
                    return path.rsplit_once('/').is_some_and(|(folder, _)| {
                        files.folders.contains(absolute(folder).as_str())
                    });
                }
                FileOperation::Delete(path) => path.into_owned(),
                FileOperation::Modify { original, .. } => original.into_owned(),
                FileOperation::Rename { from, .. } | FileOperation::Copy { from, .. } => {
                    from.into_owned()
                }
            };
            files.files.contains_key(&absolute(&path))
        });
        // Git's own `a/` and `b/` are the rule; a name alone stays what it is, whatever is left out.
        (there.count(), *depth == 1, Reverse(*depth))
    };
    (0..=DEEPEST).max_by_key(fits).unwrap_or(1)
}

/// The line of a patch on which a hunk of a file begins, or the file where the hunk is 0; from 1.
fn line_of(text: &str, file: usize, hunk: usize) -> u32 {
    let lines: Vec<&str> = text.lines().collect();
    let git = lines.iter().any(|line| line.starts_with("diff --git "));
    let begins = |number: usize| {
        if git {
            lines[number].starts_with("diff --git ")
        } else {
            lines[number].starts_with("--- ")
                && lines
                    .get(number + 1)
                    .is_some_and(|next| next.starts_with("+++ "))
        }
    };
    let starts = (0..lines.len()).filter(|number| begins(*number));
    let Some(start) = starts.clone().nth(file) else {
        return 1;
    };
    let end = starts.clone().nth(file + 1).unwrap_or(lines.len());
    let mut hunks = (start..end).filter(|number| lines[*number].starts_with("@@ "));
    let line = match hunk.checked_sub(1) {
        Some(before) => hunks.nth(before).unwrap_or(start),
        None => start,
    };
    u32::try_from(line + 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::workspace::Files;

    fn files() -> Files {
        let mut files = Files::new();
        files.put("/project/models.py", b"one\ntwo\nthree\n".to_vec());
        files.put("/project/versions/a1.py", b"revision = 'a1'\n".to_vec());
        files.put("/project/old.py", b"gone\n".to_vec());
        files
    }

    const PATCH: &str = "\
diff --git a/shop/models.py b/shop/models.py
index 1111111..2222222 100644
--- a/shop/models.py
+++ b/shop/models.py
@@ -1,3 +1,3 @@
 one
-two
+deux
 three
diff --git a/shop/versions/b2.py b/shop/versions/b2.py
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/shop/versions/b2.py
@@ -0,0 +1 @@
+revision = 'b2'
diff --git a/shop/versions/a1.py b/shop/versions/first.py
similarity index 100%
rename from shop/versions/a1.py
rename to shop/versions/first.py
diff --git a/shop/old.py b/shop/old.py
deleted file mode 100644
index 4444444..0000000
--- a/shop/old.py
+++ /dev/null
@@ -1 +0,0 @@
-gone
";

    #[test]
    fn a_patch_of_a_repository_is_applied_where_the_project_lies() {
        applied(PATCH);
        applied(&PATCH.replace("shop/", "services/shop/"));
        applied(&PATCH.replace("shop/", ""));
    }

    fn applied(patch: &str) {
        let after = apply(&files(), patch).unwrap();
        let text = |path: &str| {
            let contents = after.files.get(path)?;
            String::from_utf8(contents.to_vec()).ok()
        };
        assert_eq!(
            text("/project/models.py").as_deref(),
            Some("one\ndeux\nthree\n")
        );
        assert_eq!(
            text("/project/versions/b2.py").as_deref(),
            Some("revision = 'b2'\n")
        );
        assert_eq!(
            text("/project/versions/first.py").as_deref(),
            Some("revision = 'a1'\n")
        );
        assert_eq!(text("/project/versions/a1.py"), None);
        assert_eq!(text("/project/old.py"), None);
    }

    #[test]
    fn a_patch_that_does_not_fit_is_told_with_its_line() {
        let place = |text: &str| {
            let failure = apply(&files(), text).unwrap_err();
            (failure.place.unwrap().line, failure.message)
        };
        let (line, message) = place(&PATCH.replace("-two", "-zwei"));
        assert_eq!(line, 5, "{message}");
        assert!(message.contains("shop/models.py") || message.contains("models.py"));
        let (line, message) = place(&PATCH.replace("shop/old.py", "shop/other.py"));
        assert_eq!(line, 21, "{message}");
        let (_, message) = place("not a patch at all\n");
        assert!(message.contains("patch"), "{message}");
    }
}
