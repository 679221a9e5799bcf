//! The Action: what it runs annotates a pull request.

use std::fs;
use std::process::Command;

use super::{Repository, valid_sarif};

/// The script of a step of the action, by its name.
fn action_script(step: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    let text = fs::read_to_string(path).unwrap();
    let start = text
        .find(&format!("- name: {step}\n"))
        .expect("the step is there");
    let (_, script) = text[start..]
        .split_once("run: |\n")
        .expect("it runs a script");
    script
        .lines()
        .map_while(|line| line.strip_prefix("        "))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn the_action_annotates_and_fails() {
    let repository = Repository::new("shop");
    repository.six_faults();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_limbeck"));
    let path = std::env::join_paths(
        std::iter::once(program.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let act = |fail_on: &str| {
        Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", &action_script("Review")])
            .current_dir(&repository.project)
            .env("PATH", &path)
            .env("BASE", "main")
            .env("ROWS", "generate")
            .env("FAIL_ON", fail_on)
            .env("SARIF", "out.sarif")
            .env("GITHUB_STEP_SUMMARY", repository.project.join("summary.md"))
            .output()
            .expect("bash starts")
    };
    let output = act("");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let annotations = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = annotations.lines().collect();
    assert_eq!(lines.len(), 6, "{annotations}");
    assert!(
        lines[0].starts_with("::error file=shop/migrations/versions/b2.py,line=10,"),
        "{annotations}"
    );
    assert!(
        repository
            .read("summary.md")
            .starts_with("### Migration review: ")
    );
    let sarif = valid_sarif(&repository.read("out.sarif"));
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 6);
    assert_eq!(act("never").status.code(), Some(0));
}
