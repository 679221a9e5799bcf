//! One revision file and its short and long descriptions.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::ScriptModule;
use super::revision::{Revision, RevisionError};

/// Alembic's `Script`: a revision that stands in a file. A cheap handle.
#[derive(Clone)]
pub struct Script {
    revision: Rc<Revision>,
    file: Rc<ScriptFile>,
}

/// What a [`Revision`] of a script directory has attached.
pub(super) struct ScriptFile {
    path: String,
    module: ScriptModule,
    current: Cell<bool>,
}

impl Script {
    /// A revision with its file attached, for the map.
    pub(super) fn revision_of(
        revision: &str,
        path: &str,
        module: ScriptModule,
    ) -> Result<Revision, RevisionError> {
        let node = Revision::new(
            revision,
            module.down_revision.clone(),
            module.depends_on.clone(),
            module.branch_labels.clone(),
        )?;
        let mut node = node.with_attachment(Rc::new(ScriptFile {
            path: path.to_owned(),
            module,
            current: Cell::new(false),
        }));
        node.describe = Some(describe);
        Ok(node)
    }

    /// The script that a revision of a script directory's map is.
    pub fn of(revision: &Rc<Revision>) -> Option<Self> {
        let file = revision.attachment.clone()?.downcast::<ScriptFile>().ok()?;
        Some(Script {
            revision: revision.clone(),
            file,
        })
    }

    /// Its revision in the map.
    pub fn node(&self) -> &Rc<Revision> {
        &self.revision
    }

    /// Path of the file.
    pub fn path(&self) -> &str {
        &self.file.path
    }

    /// The module as it was loaded.
    pub fn module(&self) -> &ScriptModule {
        &self.file.module
    }

    /// Marks it as the current revision of a database, which lists show.
    pub fn set_current(&self, current: bool) {
        self.file.current.set(current);
    }

    /// `doc`: the docstring's first paragraph.
    pub fn doc(&self) -> String {
        self.file.doc()
    }

    /// `longdoc`: the docstring without the white space around it.
    pub fn longdoc(&self) -> String {
        self.file.longdoc().to_owned()
    }

    fn labels(&self) -> String {
        let labels = self.branch_labels();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        labels.join(", ")
    }

    /// `log_entry`: everything about it, over several lines.
    pub fn log_entry(&self) -> String {
        let flag = |is: bool, text: &'static str| if is { text } else { "" };
        let mut entry = format!(
            "Rev: {}{}{}{}{}\n",
            self.revision.revision,
            flag(self.is_head(), " (head)"),
            flag(self.is_branch_point(), " (branchpoint)"),
            flag(self.is_merge_point(), " (mergepoint)"),
            flag(self.file.current.get(), " (current)"),
        );
        let parents = if self.is_merge_point() {
            "Merges"
        } else {
            "Parent"
        };
        entry.push_str(&format!("{parents}: {}\n", format_down_revision(self)));
        if !self.dependencies.is_empty() {
            entry.push_str(&format!(
                "Also depends on: {}\n",
                self.dependencies.join(", ")
            ));
        }
        if self.is_branch_point() {
            let next = self.nextrev();
            let next: Vec<&str> = next.iter().map(String::as_str).collect();
            entry.push_str(&format!("Branches into: {}\n", next.join(", ")));
        }
        if !self.branch_labels().is_empty() {
            entry.push_str(&format!("Branch names: {}\n", self.labels()));
        }
        entry.push_str(&format!("Path: {}\n", self.path()));
        let doc: Vec<String> = python_lines(&self.longdoc())
            .into_iter()
            .map(|line| format!("    {line}"))
            .collect();
        entry.push_str(&format!("\n{}\n", doc.join("\n")));
        entry
    }

    /// `_head_only`.
    fn head_only(
        &self,
        include_branches: bool,
        include_doc: bool,
        include_parents: bool,
        tree_indicators: bool,
    ) -> String {
        let mut text = self.revision.revision.clone();
        if include_parents {
            let down = format_down_revision(self);
            text = if self.dependencies.is_empty() {
                format!("{down} -> {text}")
            } else {
                format!("{down} ({}) -> {text}", self.dependencies.join(", "))
            };
        }
        if include_branches && !self.branch_labels().is_empty() {
            text.push_str(&format!(" ({})", self.labels()));
        }
        if self.is_real_head() {
            text.push_str(" (head)");
        } else if self.is_head() {
            text.push_str(" (effective head)");
        }
        if self.file.current.get() {
            text.push_str(" (current)");
        }
        if tree_indicators {
            if self.is_branch_point() {
                text.push_str(" (branchpoint)");
            }
            if self.is_merge_point() {
                text.push_str(" (mergepoint)");
            }
        }
        if include_doc {
            text.push_str(&format!(", {}", self.doc()));
        }
        text
    }

    /// `cmd_format`.
    pub fn cmd_format(
        &self,
        verbose: bool,
        include_branches: bool,
        include_doc: bool,
        include_parents: bool,
        tree_indicators: bool,
    ) -> String {
        if verbose {
            self.log_entry()
        } else {
            self.head_only(
                include_branches,
                include_doc,
                include_parents,
                tree_indicators,
            )
        }
    }
}

impl Deref for Script {
    type Target = Revision;
    fn deref(&self) -> &Revision {
        &self.revision
    }
}

impl PartialEq for Script {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.revision, &other.revision)
    }
}

impl fmt::Display for Script {
    /// `str(script)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&describe(&self.revision))
    }
}

/// `str(script)`.
fn describe(revision: &Revision) -> String {
    let flag = |is: bool, text: &'static str| if is { text } else { "" };
    let file = revision
        .attachment
        .as_ref()
        .and_then(|file| file.downcast_ref::<ScriptFile>());
    format!(
        "{} -> {}{}{}{}, {}",
        format_down_revision(revision),
        revision.revision,
        flag(revision.is_head(), " (head)"),
        flag(revision.is_branch_point(), " (branchpoint)"),
        flag(revision.is_merge_point(), " (mergepoint)"),
        file.map(ScriptFile::doc).unwrap_or_default()
    )
}

fn format_down_revision(revision: &Revision) -> String {
    if revision.down_revision.is_empty() {
        "<base>".to_owned()
    } else {
        revision.down_revision.join(", ")
    }
}

impl ScriptFile {
    fn longdoc(&self) -> &str {
        self.module.doc.as_deref().unwrap_or_default().trim()
    }

    fn doc(&self) -> String {
        let doc = self.longdoc();
        doc.split("\n\n").next().unwrap_or_default().to_owned()
    }
}

/// `str.splitlines()`.
fn python_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let ends = matches!(
            c,
            '\n' | '\r'
                | '\u{b}'
                | '\u{c}'
                | '\u{1c}'
                | '\u{1d}'
                | '\u{1e}'
                | '\u{85}'
                | '\u{2028}'
                | '\u{2029}'
        );
        if !ends {
            continue;
        }
        lines.push(&text[start..at]);
        start = at + c.len_utf8();
        if c == '\r' && characters.next_if(|(_, next)| *next == '\n').is_some() {
            start += 1;
        }
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}
