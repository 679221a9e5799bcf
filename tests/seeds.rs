//! Every command line of the seed documents is answered in a case (`tests/seeds.md` lists them).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

#[test]
fn every_seed_command_stands_in_its_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let table = fs::read_to_string(root.join("seeds.md")).expect("tests/seeds.md");
    let mut rows = 0;
    for line in table
        .lines()
        .filter(|line| line.contains('`') && line.starts_with("| "))
    {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [document, command, run, case] = cells.as_slice() else {
            panic!("a row of four cells: {line}");
        };
        let run = run.trim_matches('`');
        for case in [(*case).to_owned(), format!("{case}-on-postgresql")] {
            let text = fs::read_to_string(root.join(format!("cases/{case}.md"))).expect("the case");
            assert!(
                text.contains(&format!("\n$ {run}\n")),
                "{case} does not run {run} ({command} of document {document})"
            );
        }
        rows += 1;
    }
    assert!(rows >= 50, "the table has only {rows} rows");
}
