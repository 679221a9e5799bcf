//! Whether two copies are of one project.

use std::collections::BTreeSet;

use protocol::{Contents, Workspace};

/// The ids of the revisions among a workspace's files: what stands after `revision =`, as scripts are written.
pub fn revisions(workspace: &Workspace) -> BTreeSet<String> {
    let texts = workspace
        .files
        .iter()
        .filter_map(|(path, contents)| match contents {
            Contents::Text(text) if path.ends_with(".py") => Some(text),
            _ => None,
        });
    texts
        .filter_map(|text| text.lines().find_map(revision))
        .collect()
}

fn revision(line: &str) -> Option<String> {
    let rest = line.strip_prefix("revision")?.trim_start();
    let (annotation, value) = rest.split_once('=')?;
    if !annotation.is_empty() && !annotation.starts_with(':') {
        return None;
    }
    let value = value.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|one| ['"', '\''].contains(one))?;
    let (id, _) = value[1..].split_once(quote)?;
    Some(id.to_owned())
}

/// Whether copies with these revisions are of one project: one of them has all that the other has.
pub fn is_same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && (one.is_subset(other) || other.is_subset(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(files: &[(&str, &str)]) -> Workspace {
        let mut workspace = Workspace::default();
        for (path, text) in files {
            let contents = Contents::Text((*text).to_owned());
            workspace.files.insert((*path).to_owned(), contents);
        }
        workspace
    }

    #[test]
    fn revisions_are_read_as_they_are_written() {
        let found = revisions(&workspace(&[
            (
                "a.py",
                "\"\"\"one\"\"\"\nrevision: str = '1a2b'\ndown_revision = None\n",
            ),
            ("b.py", "revision = \"3c4d\"\nrevision = 'later'\n"),
            (
                "c.py",
                "revisions = 'no'\nrevision_id = 'no'\n# revision = 'no'\nrevision == 'no'\n",
            ),
            ("d.txt", "revision = 'no'\n"),
        ]));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1a2b", "3c4d"]);
    }

    #[test]
    fn a_copy_with_more_revisions_is_of_the_same_project() {
        let of = |ids: &[&str]| {
            ids.iter()
                .map(|id| (*id).to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert!(is_same(&of(&["a"]), &of(&["a", "b"])));
        assert!(is_same(&of(&["a", "b"]), &of(&["a"])));
        assert!(!is_same(&of(&["a", "c"]), &of(&["a", "b"])));
        assert!(!is_same(&of(&[]), &of(&["a"])));
        assert!(!is_same(&of(&[]), &of(&[])));
    }
}
