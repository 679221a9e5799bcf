//! Findings that a script silences: `# limbeck: ignore[code] reason` at the end of the line that a
//! finding is about, or on a line of its own above it.

use crate::review::{Code, Finding};

use super::rules::rule;

/// One such comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The line of the comment, from one.
    pub line: u32,
    /// The lines that it speaks of: its own, or where it stands alone the next line of code.
    pub about: u32,
    /// The rules that it silences.
    pub codes: Vec<Code>,
    /// The words in its brackets that are no rule.
    pub unknown: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Silence {
    /// Whether it silences a finding of its script.
    pub fn silences(&self, finding: &Finding) -> bool {
        let (first, last) = (finding.location.line, finding.location.end_line);
        self.codes.contains(&finding.code) && (first..=last.max(first)).contains(&self.about)
    }
}

/// The comments of a script, in order.
pub fn silences(text: &str) -> Vec<Silence> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(start) = line.find(MARK) else {
            continue;
        };
        let Some((words, reason)) = line[start + MARK.len()..].split_once(']') else {
            continue;
        };
        let mut codes = Vec::new();
        let mut unknown = Vec::new();
        for word in words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match rule(word) {
                Some(rule) => codes.push(rule.code),
                None => unknown.push(word.to_owned()),
            }
        }
        let alone = line[..start].trim().is_empty();
        let about = if alone {
            let after = lines[place + 1..].iter().position(|line| {
                let line = line.trim();
                !line.is_empty() && !line.starts_with('#')
            });
            place + 1 + after.unwrap_or(0)
        } else {
            place
        };
        found.push(Silence {
            line: number(place),
            about: number(about),
            codes,
            unknown,
            reason: reason.trim().to_owned(),
        });
    }
    found
}

/// The number of a line, from one.
fn number(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
}

/// How such a comment begins.
const MARK: &str = "# limbeck: ignore[";
