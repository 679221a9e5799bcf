//! Looking for a text in all files, and for what the models are called.

use protocol::{Found, FoundIn, Symbol, occurrences};

use crate::workspace::{Files, absolute, relative};

/// How many lines are listed at most.
const LISTED: usize = 500;

/// How many characters of a line are shown at most.
const SHOWN: usize = 200;

fn text_of(contents: &[u8]) -> Option<&str> {
    std::str::from_utf8(contents)
        .ok()
        .filter(|text| !text.contains('\0'))
}

/// The lines that hold a text, in all files that are texts.
pub(super) fn search(files: &Files, wanted: &str) -> Found {
    let mut found = Found::default();
    let mut listed = 0;
    for (path, contents) in &files.files {
        let Some(text) = text_of(contents) else {
            continue;
        };
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let Some(first) = occurrences(line, wanted).first().cloned() else {
                continue;
            };
            if listed == LISTED {
                found.more = true;
                break;
            }
            listed += 1;
            lines.push((number, shown(line, first.start)));
        }
        if !lines.is_empty() {
            found.files.push(FoundIn {
                path: relative(path),
                lines,
            });
        }
        if found.more {
            break;
        }
    }
    found
}

/// A line as it is listed: without its indentation, and of a very long one what lies around the place.
fn shown(line: &str, place: usize) -> String {
    let trimmed = line.trim();
    if trimmed.chars().count() <= SHOWN {
        return trimmed.to_owned();
    }
    let from = line[..place]
        .char_indices()
        .rev()
        .nth(SHOWN / 4)
        .map_or(0, |(index, _)| index);
    line[from..].chars().take(SHOWN).collect()
}

/// A name at the beginning of a text.
fn name_at(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// Classes and their attributes, and tables that have a name of their own, as they stand in these files.
pub(super) fn symbols(files: &Files, paths: &[String]) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for path in paths {
        let contents = files.files.get(&absolute(path));
        let Some(text) = contents.and_then(|contents| text_of(contents)) else {
            continue;
        };
        let mut class: Option<&str> = None;
        for (line, text) in (1..).zip(text.lines()) {
            let mut add = |name: String| {
                symbols.push(Symbol {
                    name,
                    path: path.clone(),
                    line,
                });
            };
            if let Some(rest) = text.strip_prefix("class ") {
                let name = name_at(rest);
                class = Some(name);
                add(name.to_owned());
            } else if let Some((of, rest)) = class.zip(text.strip_prefix("    ")) {
                let name = name_at(rest);
                let after = rest[name.len()..].trim_start();
                let assigned =
                    after.starts_with(':') || after.starts_with('=') && !after.starts_with("==");
                if !name.is_empty() && !name.starts_with("__") && assigned {
                    add(format!("{of}.{name}"));
                }
            } else if !text.trim().is_empty() && !text.starts_with([' ', '#', ')']) {
                class = None;
                let name = name_at(text);
                if text[name.len()..].trim_start().starts_with("= Table(") {
                    add(name.to_owned());
                }
            }
        }
    }
    symbols
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let mut files = Files::new();
        files.put(
            "/project/models.py",
            b"class Book(Base):\n    __tablename__ = \"book\"\n\n    title: Mapped[str]\n    pages = Column(Integer)\n\n\
              link = Table(\"link\", Base.metadata)\nx = 1\n"
                .to_vec(),
        );
        files.put("/project/app.db", vec![0, 1, b'B']);
        files
    }

    #[test]
    fn lines_are_found_whatever_their_case() {
        let found = search(&files(), "book");
        let lines: Vec<u32> = found.files[0].lines.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2]);
        // A capital counts.
        assert_eq!(search(&files(), "Book").files[0].lines.len(), 1);
        assert!(search(&files(), "").files.is_empty());
    }

    #[test]
    fn very_long_lines_are_cut_around_the_place() {
        let mut files = Files::new();
        let line = format!("{}é needle é{}", "é".repeat(5_000), "é".repeat(5_000));
        files.put("/project/a.txt", line.into_bytes());
        let found = search(&files, "needle");
        let (_, shown) = &found.files[0].lines[0];
        assert!(
            shown.contains("needle") && shown.chars().count() <= SHOWN,
            "{shown}"
        );
    }

    #[test]
    fn classes_and_attributes_are_named() {
        let names: Vec<String> = symbols(&files(), &["models.py".to_owned()])
            .into_iter()
            .map(|symbol| symbol.name)
            .collect();
        assert_eq!(names, ["Book", "Book.title", "Book.pages", "link"]);
    }
}
