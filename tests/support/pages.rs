//! The examples in the pages of the rules, `docs/rules/CODE.md`.

use std::path::{Path, PathBuf};

use limbeck::cli::review::{Rule, Settings};
use limbeck::review::Severity;

/// A project's settings, which ask for a rule where it must be asked for.
pub fn asking(rule: &Rule) -> Settings {
    let settings = Settings::default();
    if rule.code.on_request() {
        settings.with(rule.code, Severity::Note)
    } else {
        settings
    }
}

/// Where the pages are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

/// The blocks of a page: the words after the fence, and the text.
pub fn blocks(page: &str) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let words = words.split_whitespace().map(str::to_owned).collect();
            found.push((words, body.join("\n") + "\n"));
        }
    }
    found
}

/// A revision whose functions are an example.
pub fn script(id: &str, parent: Option<&str>, body: &str) -> String {
    let parent = parent.map_or("None".to_owned(), |parent| format!("'{parent}'"));
    let downgrade = if body.contains("def downgrade") {
        ""
    } else {
        "\n\ndef downgrade():\n    pass\n"
    };
    format!(
        "\"\"\"{id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\n\
         down_revision = {parent}\n\n{body}{downgrade}"
    )
}

/// The example of that name: `before`, `fails`, `mended`.
pub fn example<'a>(page: &'a [(Vec<String>, String)], name: &str) -> &'a str {
    let found = page
        .iter()
        .find(|(words, _)| words.get(1).is_some_and(|word| word == name));
    found.map_or_else(
        || panic!("the page has no example that is {name}"),
        |(_, text)| text,
    )
}
