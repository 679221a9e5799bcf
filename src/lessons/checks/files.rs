//! Conditions on files: `file = "models.py"` and what it says.

use super::super::Problem;
use super::super::fields::Fields;
use super::super::play::fitting;
use super::super::state::{State, hash, shown};
use super::Part;
use python::tree::{ExpressionKind, Statement, StatementKind};

/// A file, and what is required of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FileCondition {
    /// Its path; one `*` in its name stands for any text, and one fitting file is enough.
    file: String,
    absent: bool,
    /// Whether it is Python that can be read.
    parses: bool,
    /// Classes, functions and names that the module defines.
    defines: Vec<String>,
    /// Pieces of its text, white space aside.
    contains: Vec<String>,
    /// Pieces that it must not have.
    lacks: Vec<String>,
    /// Whether it is as at the step's start.
    unchanged: bool,
}

impl FileCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<FileCondition, Problem> {
        Ok(FileCondition {
            file: fields.required("file")?,
            absent: fields.flag("absent")?,
            parses: fields.flag("parses")?,
            defines: fields.texts("defines")?.unwrap_or_default(),
            contains: fields.texts("contains")?.unwrap_or_default(),
            lacks: fields.texts("lacks")?.unwrap_or_default(),
            unchanged: fields.flag("unchanged")?,
        })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let file = &self.file;
        let paths = fitting(&*state.run().host, file);
        if self.absent {
            return vec![Part::new(
                paths.is_empty(),
                format!("There is no file {file}."),
                "It is there.",
            )];
        }
        let mut nearest: Option<Vec<Part>> = None;
        for path in &paths {
            let parts = self.parts_of(state, path);
            let wrong = |parts: &[Part]| parts.iter().filter(|part| !part.holds).count();
            if nearest
                .as_ref()
                .is_none_or(|known| wrong(&parts) < wrong(known))
            {
                nearest = Some(parts);
            }
        }
        match nearest {
            Some(parts) if !parts.is_empty() => parts,
            Some(_) => vec![Part::new(true, format!("There is a file {file}."), "")],
            None => vec![Part::new(
                false,
                format!("There is a file {file}."),
                "It is not there.",
            )],
        }
    }

    fn parts_of(&self, state: &State<'_>, path: &str) -> Vec<Part> {
        let text = state.text(path).unwrap_or_default();
        let mut parts = Vec::new();
        if self.parses || !self.defines.is_empty() {
            match python::parse(&text) {
                Err(error) => {
                    let line = error.traceback.last().map(|frame| frame.location.line);
                    let place = line.map_or_else(String::new, |line| format!("Line {line}: "));
                    let found = format!("{place}{}.", shown(&error));
                    parts.push(Part::new(false, format!("{path} is valid Python."), found));
                }
                Ok(code) => {
                    let names = defined(&code.body);
                    if self.parses {
                        parts.push(Part::new(true, format!("{path} is valid Python."), ""));
                    }
                    parts.extend(self.defines.iter().map(|name| {
                        Part::new(
                            names.contains(name),
                            format!("{path} defines {name}."),
                            "Not yet.",
                        )
                    }));
                }
            }
        }
        let squeezed = |text: &str| -> String {
            text.chars()
                .filter(|c| !c.is_whitespace())
                .map(|c| if c == '\'' { '"' } else { c })
                .collect()
        };
        let whole = squeezed(&text);
        for piece in &self.contains {
            let holds = whole.contains(&squeezed(piece));
            let expected = format!("{path} has `{piece}` in it.");
            parts.push(Part::new(holds, expected, "Not yet."));
        }
        for piece in &self.lacks {
            let holds = !whole.contains(&squeezed(piece));
            let expected = format!("{path} does not have `{piece}` in it.");
            parts.push(Part::new(holds, expected, "It is still there."));
        }
        if self.unchanged {
            let holds = state.start().files.get(path) == Some(&hash(text.as_bytes()));
            let found = "It has changed since the step began.";
            parts.push(Part::new(holds, format!("{path} is as it was."), found));
        }
        parts
    }
}

/// The names that a module's own statements bind.
pub(in crate::lessons) fn defined(statements: &[Statement]) -> Vec<String> {
    let mut names = Vec::new();
    for statement in statements {
        match &statement.kind {
            StatementKind::Class(class) => names.push(class.bound.0.to_string()),
            StatementKind::Function(function) => names.push(function.code.name.to_string()),
            StatementKind::Assign(targets, _) => {
                for target in targets {
                    if let ExpressionKind::Name(name, _) = &target.kind {
                        names.push(name.to_string());
                    }
                }
            }
            _ => {}
        }
    }
    names
}
