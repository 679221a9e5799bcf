//! The parsed source files, to map a span to file, line and column.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ground::diagnostic::{Frame, Location, Span};

/// The files by number; cheap to clone.
#[derive(Clone, Default)]
pub struct Sources(Rc<RefCell<BTreeMap<u32, Rc<SourceFile>>>>);

/// A source file.
pub struct SourceFile {
    /// Its path as it was opened.
    pub path: Rc<str>,
    /// Its text.
    pub text: Rc<str>,
    /// The byte at which each line starts.
    line_starts: Vec<u32>,
}

impl SourceFile {
    pub(super) fn new(path: Rc<str>, text: Rc<str>) -> SourceFile {
        let mut line_starts = vec![0];
        for (index, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                line_starts.push(u32::try_from(index + 1).unwrap_or(u32::MAX));
            }
        }
        SourceFile {
            path,
            text,
            line_starts,
        }
    }

    /// The 1-based line and column of a byte offset; columns count characters.
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts[line.saturating_sub(1)] as usize;
        let offset = (offset as usize).min(self.text.len());
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |text| text.chars().count());
        (
            u32::try_from(line).unwrap_or(u32::MAX),
            u32::try_from(column + 1).unwrap_or(u32::MAX),
        )
    }

    /// The text of a 1-based line, without its line ending.
    pub fn line(&self, line: u32) -> &str {
        let index = line.saturating_sub(1) as usize;
        let Some(&start) = self.line_starts.get(index) else {
            return "";
        };
        let end = self
            .line_starts
            .get(index + 1)
            .map_or(self.text.len(), |&end| end as usize);
        self.text
            .get(start as usize..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }
}

impl Sources {
    /// Adds a file under its number.
    pub(super) fn add(&self, number: u32, file: Rc<SourceFile>) {
        self.0.borrow_mut().insert(number, file);
    }

    /// A file by its number.
    pub fn file(&self, number: u32) -> Option<Rc<SourceFile>> {
        self.0.borrow().get(&number).cloned()
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> Option<Rc<str>> {
        let file = self.file(span.file)?;
        file.text
            .get(span.start as usize..span.end as usize)
            .map(Rc::from)
    }

    /// The file, line and column of a span.
    pub fn location(&self, span: Span) -> Option<Location> {
        let file = self.file(span.file)?;
        let (line, column) = file.position(span.start);
        let (end_line, end_column) = file.position(span.end);
        Some(Location {
            path: file.path.clone(),
            line,
            column,
            end_line,
            end_column,
        })
    }

    /// An entry of a traceback.
    pub fn frame(&self, span: Span, location: Location, function: Rc<str>) -> Frame {
        let file = self.file(span.file);
        let line = file.as_ref().map_or("", |file| file.line(location.line));
        let indentation = line.chars().count() - line.trim_start().chars().count();
        Frame {
            source_line: Rc::from(line.trim()),
            indentation: u32::try_from(indentation).unwrap_or(0),
            location,
            function,
        }
    }

    /// The source line where a span starts, dedented.
    pub fn source_line(&self, span: Span) -> Option<Rc<str>> {
        let file = self.file(span.file)?;
        let (line, _) = file.position(span.start);
        Some(Rc::from(file.line(line).trim()))
    }
}
