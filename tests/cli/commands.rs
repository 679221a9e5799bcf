//! The page of the commands, `docs/commands.md`, is what the program says of itself; `LIMBECK_REWRITE=yes` writes it again.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The program's own commands.
const OWN: [&str; 5] = ["review", "rebase", "squash", "test", "lessons"];
/// Alembic's.
const ALEMBIC: [&str; 15] = [
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "history",
    "init",
    "list_templates",
    "merge",
    "revision",
    "show",
    "stamp",
    "upgrade",
];

fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_limbeck"))
        .args(words)
        .arg("--help")
        .env("COLUMNS", "90")
        .output()
        .expect("limbeck starts");
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn section(words: &[&str]) -> String {
    let name = ["limbeck"].iter().chain(words).copied().collect::<Vec<_>>();
    format!(
        "## {}\n\n```text\n{}\n```\n\n",
        name.join(" "),
        help(words).trim_end()
    )
}

#[test]
fn the_page_of_the_commands_is_what_they_say() {
    let mut page = String::from(
        "# Commands\n\n\
         This page is made of what the program says of itself. First what is Limbeck's own, then Alembic's commands, which do \
         here\nwhat they do there. The page's console takes both.\n\n",
    );
    for command in OWN {
        page.push_str(&section(&[command]));
    }
    page.push_str(&section(&[]));
    for command in ALEMBIC {
        page.push_str(&section(&[command]));
    }
    let page = format!("{}\n", page.trim_end());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    if std::env::var_os("LIMBECK_REWRITE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, page,
        "LIMBECK_REWRITE=yes cargo test --test cli writes docs/commands.md again"
    );
}
