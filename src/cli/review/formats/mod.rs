//! The formats that a report is written in.

mod github;
mod gitlab;
mod json;
mod markdown;
mod sarif;
mod text;

use driver::Value;

use super::reviewed::Report;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines for a person at a terminal.
    Text,
    /// Everything, for programs; the document has a version.
    Json,
    /// A comment for a pull request.
    Markdown,
    /// SARIF 2.1.0, which code hosts show at the lines.
    Sarif,
    /// GitHub's workflow commands, which become annotations.
    Github,
    /// GitLab's code quality report.
    Gitlab,
}

impl Format {
    /// The names of the formats, in the order of their variants.
    pub const NAMES: &[&str] = &["text", "json", "markdown", "sarif", "github", "gitlab"];

    /// The format of that name.
    pub fn named(name: &str) -> Option<Format> {
        Some(match name {
            "text" => Format::Text,
            "json" => Format::Json,
            "markdown" => Format::Markdown,
            "sarif" => Format::Sarif,
            "github" => Format::Github,
            "gitlab" => Format::Gitlab,
            _ => return None,
        })
    }

    /// Writes a report, with a newline at its end.
    pub fn write(self, report: &Report) -> String {
        match self {
            Format::Text => text::write(report),
            Format::Json => json::write(report),
            Format::Markdown => markdown::write(report),
            Format::Sarif => sarif::write(report),
            Format::Github => github::write(report),
            Format::Gitlab => gitlab::write(report),
        }
    }
}

/// A value of a row, as people read it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Text(text) => text.to_string(),
        other => other.python_repr(),
    }
}

/// `1 error`, `2 errors`.
fn counted(count: usize, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {one}{s}")
}

/// How many findings of each severity there are, in words.
fn tally(report: &Report) -> String {
    use crate::review::Severity;
    [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| counted(report.count(severity), severity.word()))
        .join(", ")
}
