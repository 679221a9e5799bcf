//! What was typed and run, as a solution writes it.

use crate::review::revision_identity;

use super::{Deed, Record, Texts};
use crate::lessons::console_words;

/// One thing that a solution does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A file gets this text.
    Write { path: String, text: String },
    /// A piece of a file, which occurs once, is replaced by another.
    Replace {
        path: String,
        old: String,
        new: String,
    },
    /// A line is run.
    Run {
        line: String,
        output: String,
        /// The id of the revision that it makes.
        made: Option<String>,
    },
}

impl Act {
    /// The file that it changes.
    pub(super) fn path(&self) -> Option<&str> {
        match self {
            Act::Write { path, .. } | Act::Replace { path, .. } => Some(path),
            Act::Run { .. } => None,
        }
    }

    /// It as blocks of a solution.
    pub(super) fn markdown(&self) -> String {
        match self {
            Act::Write { path, text } => {
                let text = text.strip_suffix('\n').unwrap_or(text);
                block(&format!("{} file={path}", language(path)), text)
            }
            Act::Replace { path, old, new } => {
                let language = language(path);
                let old = block(&format!("{language} replace={path}"), old);
                format!("{old}\n\n{}", block(&format!("{language} with"), new))
            }
            Act::Run { line, output, .. } => {
                let output = output.trim_end();
                let between = if output.is_empty() { "" } else { "\n" };
                block("console", &format!("$ {line}{between}{output}"))
            }
        }
    }
}

/// A block of code, its fence longer than any in it.
fn block(info: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{info}\n{text}\n{fence}")
}

fn language(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((_, "py")) => "python",
        Some((_, end @ ("ini" | "toml" | "sql" | "md" | "mako"))) => end,
        _ => "text",
    }
}

/// The path of a file in the workspace, of one from where the console stands.
pub(super) fn whole(directory: &str, path: &str) -> String {
    if directory.is_empty() {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    }
}

/// What is done, from a scene on.
pub(super) fn of(record: &Record, before: usize, deeds: &[Deed]) -> Vec<Act> {
    let nothing = Texts::new();
    let scene = |number: usize| record.scenes.get(number).unwrap_or(&nothing);
    let mut acts = Vec::new();
    // Edits one after the other are one: what counts is what was there when the next command ran.
    let mut edited_from = before;
    let mut last = before;
    for deed in deeds {
        if let Some(outcome) = &deed.command {
            edits(record, scene(edited_from), scene(last), &mut acts);
            acts.push(Act::Run {
                line: outcome.line.trim().to_owned(),
                output: outcome.output.clone(),
                made: made(scene(last), scene(deed.scene)),
            });
            edited_from = deed.scene;
        }
        last = deed.scene;
    }
    edits(record, scene(edited_from), scene(last), &mut acts);
    acts
}

/// The revision that is in the second scene alone, where it is one.
fn made(before: &Texts, after: &Texts) -> Option<String> {
    let mut new = after
        .iter()
        .filter(|(path, _)| path.ends_with(".py") && !before.contains_key(*path))
        .filter_map(|(path, text)| Some(revision_identity(path, text)?.1));
    let only = new.next()?;
    new.next().is_none().then_some(only)
}

/// What a person edited between two scenes. Files beside the folder where the console stands can't be named.
fn edits(record: &Record, before: &Texts, after: &Texts, acts: &mut Vec<Act>) {
    let start = record.scenes.first();
    let inside = |path: &str| -> Option<String> {
        match record.directory.as_str() {
            "" => Some(path.to_owned()),
            directory => path
                .strip_prefix(directory)?
                .strip_prefix('/')
                .map(str::to_owned),
        }
    };
    for (path, text) in after {
        let old = before.get(path);
        let Some(named) = inside(path).filter(|_| old != Some(text)) else {
            continue;
        };
        let replaced = old.and_then(|old| replaced(old, text));
        let made_since = start.is_none_or(|start| !start.contains_key(path));
        acts.push(match (old, replaced) {
            (Some(_), Some((old, new))) if made_since => Act::Replace {
                path: pattern(&named, text, after).unwrap_or(named),
                old,
                new,
            },
            (Some(_), Some((old, new))) => Act::Replace {
                path: named,
                old,
                new,
            },
            _ => Act::Write {
                path: named,
                text: text.clone(),
            },
        });
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        if let Some(path) = inside(path) {
            acts.push(Act::Run {
                line: format!("rm {path}"),
                output: String::new(),
                made: None,
            });
        }
    }
}

/// The path of a revision file whatever its id, where no other file fits that.
fn pattern(path: &str, text: &str, scene: &Texts) -> Option<String> {
    let (_, id, _) = revision_identity(path, text)?;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let end = name.strip_prefix(&*id)?;
    let fits = scene
        .keys()
        .filter(|other| other.ends_with(end) && other.contains(folder))
        .count();
    (end.starts_with('_') && fits == 1).then(|| whole(folder, &format!("*{end}")))
}

/// The lines in which two texts differ, with as many around them as it takes for them to occur once; nothing where that
/// is the better part of the text.
fn replaced(old: &str, new: &str) -> Option<(String, String)> {
    let before: Vec<&str> = old.lines().collect();
    let after: Vec<&str> = new.lines().collect();
    let shortest = before.len().min(after.len());
    let mut top = before
        .iter()
        .zip(&after)
        .take_while(|(one, other)| one == other)
        .count();
    let mut bottom = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take(shortest - top)
        .take_while(|(one, other)| one == other)
        .count();
    loop {
        let piece = before[top..before.len() - bottom].join("\n");
        let instead = after[top..after.len() - bottom].join("\n");
        let is_plain = |piece: &str| !piece.starts_with('\n') && !piece.ends_with('\n');
        if !piece.trim().is_empty()
            && !instead.trim().is_empty()
            && is_plain(&piece)
            && is_plain(&instead)
            && old.matches(&piece).count() == 1
            && old.replacen(&piece, &instead, 1) == new
        {
            // Half a file is more readable whole.
            return (2 * piece.len() < old.len() || before.len() > 20).then_some((piece, instead));
        }
        match (top, bottom) {
            (0, 0) => return None,
            (0, _) => bottom -= 1,
            _ => top -= 1,
        }
    }
}

/// Gives an id of its own to each command that makes a revision which something else names: played again, it would
/// have another one.
pub(super) fn pin<'a>(acts: impl Iterator<Item = &'a mut Act>) {
    let mut acts: Vec<&mut Act> = acts.collect();
    let named = |place: usize, id: &str, acts: &[&mut Act]| {
        acts.iter()
            .enumerate()
            .any(|(other, act)| other != place && names(act, id))
    };
    for place in 0..acts.len() {
        let Act::Run {
            line,
            made: Some(id),
            ..
        } = &*acts[place]
        else {
            continue;
        };
        let words = console_words(line);
        let is_alembic = words.iter().any(|word| word == "alembic")
            && words
                .iter()
                .any(|word| word == "revision" || word == "merge")
            && !words.iter().any(|word| word.starts_with("--rev-id"))
            && !line.contains(['&', ';', '|', '>']);
        if is_alembic && named(place, id, &acts) {
            let pinned = format!("{line} --rev-id {id}");
            if let Act::Run { line, .. } = &mut *acts[place] {
                *line = pinned;
            }
        }
    }
}

/// Whether an act says a revision's id; a command may say its beginning.
fn names(act: &Act, id: &str) -> bool {
    match act {
        Act::Write { path, text } => path.contains(id) || text.contains(id),
        Act::Replace { path, old, new } => [path, old, new].iter().any(|text| text.contains(id)),
        Act::Run { line, .. } => line
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .any(|word| word.len() >= 4 && id.starts_with(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_that_is_replaced_occurs_once() {
        let old = "a = 1\nb = 2\na = 1\nc = 3\n";
        let (piece, instead) = replaced(old, "a = 1\nb = 2\na = 5\nc = 3\n").unwrap_or_default();
        assert_eq!(
            old.replacen(&piece, &instead, 1),
            "a = 1\nb = 2\na = 5\nc = 3\n"
        );
        assert_eq!(old.matches(&piece).count(), 1);
        // What is added takes a line beside it along, and so does what goes.
        let (piece, _) =
            replaced("one\ntwo\nthree\nfour\n", "one\ntwo\nnew\nthree\nfour\n").unwrap_or_default();
        assert_eq!(piece, "two");
        assert_eq!(replaced("a\n", "b\n"), None);
    }

    #[test]
    fn an_id_that_something_names_is_given_to_its_revision() {
        let run = |line: &str, made: Option<&str>| Act::Run {
            line: line.to_owned(),
            output: String::new(),
            made: made.map(str::to_owned),
        };
        let mut acts = [
            run("alembic revision -m one", Some("1975ea83b712")),
            run("alembic revision -m two", Some("ae1027a6acf0")),
            run("alembic downgrade ae10", None),
        ];
        pin(acts.iter_mut());
        let lines: Vec<String> = acts.iter().map(Act::markdown).collect();
        assert!(!lines[0].contains("--rev-id"), "{}", lines[0]);
        assert!(
            lines[1].contains("alembic revision -m two --rev-id ae1027a6acf0"),
            "{}",
            lines[1]
        );
    }
}
