//! The pages of the rules, `docs/rules/CODE.md`: what fails there is found, by that rule alone, and what is mended
//! is not.

#[path = "../support/pages.rs"]
mod examples;

use limbeck::cli::review::{RULES, ReviewedRevision, Settings};
use limbeck::ground::host::Host as _;
use limbeck::review::{Rows, Severity};

use super::Project;
use examples::{blocks, example, folder, script};

/// Rules about more than one revision and one database: `tests/cli/` and `tests/review/findings.rs` have their
/// examples.
const ELSEWHERE: [&str; 5] = [
    "several-heads",
    "heads-meet",
    "edited-after-merge",
    "applied-differs",
    "unused-ignore",
];

/// The rules, with severity, that find something in an example of a page, where the project asks for its rule.
fn found(
    page: &[(Vec<String>, String)],
    name: &str,
    settings: &Settings,
) -> Vec<(String, Severity)> {
    let project = Project::new();
    project.host.create_directories("/project/shop").unwrap();
    for (words, text) in page {
        if let Some(path) = words.get(1).filter(|word| word.ends_with(".py")) {
            project.write(path, text);
        }
    }
    let before = example(page, "before");
    project.write("alembic/versions/r1.py", &script("r1", None, before));
    assert_eq!(project.alembic("upgrade head"), 0);
    let text = example(page, name);
    project.write("alembic/versions/r2.py", &script("r2", Some("r1"), text));
    let run = project.run();
    let reviewed = ReviewedRevision::of(&run, "r2", Rows::AtHand, settings, &[]).unwrap();
    let mut told: Vec<(String, Severity)> = reviewed
        .findings
        .into_iter()
        .map(|finding| (finding.code, finding.severity))
        .collect();
    told.dedup();
    told
}

#[test]
fn each_rule_has_a_page_and_each_page_is_true() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let code = rule.code.word();
        let page = std::fs::read_to_string(folder().join(format!("{code}.md")))
            .unwrap_or_else(|error| panic!("docs/rules/{code}.md: {error}"));
        assert!(
            page.starts_with(&format!("# {code}: {}\n", rule.title)),
            "docs/rules/{code}.md begins with the code and the title"
        );
        // `tests/server.rs` has those that only a server tells.
        if ELSEWHERE.contains(&code) || page.contains(". Databases: PostgreSQL.\n") {
            continue;
        }
        let settings = examples::asking(rule);
        let blocks = blocks(&page);
        let fails = found(&blocks, "fails", &settings);
        let severity = match fails.as_slice() {
            [(one, severity)] if one == code => Some(*severity),
            _ => None,
        };
        if severity.is_none() {
            wrong.push(format!("{code}: what fails gives {fails:?}"));
        } else if let Some(severity) = severity
            && !page.contains(&format!("\nSeverity: {}.", severity.word()))
        {
            wrong.push(format!("{code}: it is a {}", severity.word()));
        }
        let mended = found(&blocks, "mended", &settings);
        if mended.iter().any(|(one, _)| one == code) {
            wrong.push(format!("{code}: what is mended gives {mended:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_that_is_on_request_is_silent_unasked() {
    let page = std::fs::read_to_string(folder().join("wide-index.md")).unwrap();
    let blocks = blocks(&page);
    assert_eq!(found(&blocks, "fails", &Settings::default()), []);
    for rule in RULES {
        let code = rule.code.word();
        let page = std::fs::read_to_string(folder().join(format!("{code}.md"))).unwrap();
        assert_eq!(
            page.contains("\nA project asks for this rule by giving it a severity"),
            rule.code.on_request(),
            "docs/rules/{code}.md says whether it must be asked for"
        );
    }
}

#[test]
fn each_page_belongs_to_a_rule() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let known = RULES.iter().any(|rule| rule.code.word() == name)
            || ELSEWHERE.contains(&name.as_str())
            || name == "README";
        assert!(known, "docs/rules/{name}.md is about no rule");
    }
}
