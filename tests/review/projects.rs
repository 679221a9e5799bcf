//! Reviews of whole projects: the examples of the page, the documents of `tests/cases`.

use std::path::Path;
use std::rc::Rc;

use limbeck::command;
use limbeck::driver::sqlite::{Sqlite, execute_script};
use limbeck::driver::{ConnectArguments, Driver};
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;
use limbeck::review::{Code, Finding, Rows, Severity, Verdict, findings, round_trip};

use super::{Project, USERS, codes, with};

/// The page's examples: nothing to be afraid of.
#[test]
fn the_examples_have_no_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/examples");
    for example in ["library", "heroes", "blog", "shop"] {
        let host = Rc::new(MemoryHost::new("/project"));
        copy(&folder.join(example), "/project", &host);
        let sql = String::from_utf8(host.read("database.sql").unwrap()).unwrap();
        // The blog's project stands in a folder of its own.
        if host.is_directory("backend") {
            host.set_current_directory("/project/backend");
        }
        let run = Run::new(host.clone());
        let connection = Sqlite
            .connect(
                &run,
                &ConnectArguments::new().with("database", format!("{example}.db")),
            )
            .unwrap();
        execute_script(&*connection, &format!("BEGIN;\n{sql}\nCOMMIT;")).unwrap();
        connection.close();
        let dynamic: Rc<dyn Host> = host.clone();
        limbeck::driver::flush(&dynamic).unwrap();
        let state = command::describe(&run);
        assert!(!state.revisions.is_empty(), "{example}: {:?}", state.errors);
        for revision in &state.revisions {
            let review = findings(&run, &revision.revision, Rows::AtHand).unwrap();
            for finding in &review.findings {
                eprintln!(
                    "{example} {} {}: {} {}",
                    revision.revision,
                    finding.location.line,
                    finding.code.word(),
                    finding.message
                );
                assert!(
                    finding.severity == Severity::Note || finding.code == Code::SeveralHeads,
                    "{finding:#?}"
                );
            }
            let trip = round_trip(&run, &revision.revision, Rows::AtHand).unwrap();
            assert!(
                matches!(trip.verdict, Verdict::Lossless),
                "{example}: {trip:#?}"
            );
        }
    }
}

fn copy(from: &Path, to: &str, host: &MemoryHost) {
    host.create_directories(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{to}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            copy(&entry.path(), &path, host);
        } else {
            host.write(&path, &std::fs::read(entry.path()).unwrap())
                .unwrap();
        }
    }
}

/// The projects of `tests/cases`, as their documents leave them after each block of commands.
#[test]
fn the_cases_have_no_false_alarm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut reviewed = 0;
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let document = path.file_stem().unwrap().to_string_lossy().into_owned();
        // The other documents are about commands; LIMBECK_CASE= takes them all in.
        let wanted = match std::env::var("LIMBECK_CASE") {
            Ok(only) => document.contains(&only),
            Err(_) => [
                "branches",
                "declarative",
                "half-way",
                "operations",
                "seed-00",
            ]
            .iter()
            .any(|name| document.starts_with(name)),
        };
        if !wanted {
            continue;
        }
        let host = Rc::new(MemoryHost::new("/project"));
        host.create_directories("/project").unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else {
                continue;
            };
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if let Some(file) = info.strip_prefix("file ") {
                if let Some((folder, _)) = file.rsplit_once('/') {
                    host.create_directories(folder).unwrap();
                }
                host.write(file, (body.join("\n") + "\n").as_bytes())
                    .unwrap();
                continue;
            }
            for line in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                let words: Vec<String> = line
                    .split(' ')
                    .map(|word| word.trim_matches(['\'', '"']).to_owned())
                    .collect();
                if words[0] == "alembic" {
                    command::run(&Run::new(host.clone()), &words[1..]);
                }
                if words[0] == "rm" {
                    let _ = host.remove(&words[1]);
                }
            }
        }
        let run = Run::new(host.clone());
        for revision in &command::describe(&run).revisions {
            let id = &revision.revision;
            let (Ok(review), Ok(trip)) = (
                findings(&run, id, Rows::AtHand),
                round_trip(&run, id, Rows::AtHand),
            ) else {
                continue;
            };
            reviewed += 1;
            let errors: Vec<&Finding> = review
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            // An error is told if and only if something fails.
            let broken = matches!(
                trip.verdict,
                Verdict::Broken { step, .. } if step != "upgrade again" && !trip.empty_downgrade
            ) && with(&review, Code::DowngradeMissing).is_none();
            assert!(
                errors.is_empty() != broken || with(&review, Code::DowngradeMissing).is_some(),
                "{document} {id}: {:#?} {errors:#?}",
                trip.verdict
            );
        }
    }
    let least = if std::env::var_os("LIMBECK_CASE").is_some() {
        1
    } else {
        20
    };
    assert!(reviewed >= least, "only {reviewed} revisions were reviewed");
}

/// How long a review takes in a project of many revisions.
#[test]
#[ignore = "a measurement, not a test: cargo test --release --test review -- --ignored --nocapture"]
fn many_revisions() {
    let mut project = Project::new();
    project.revision(USERS.0, USERS.1);
    for number in 0..1_000 {
        project.revision(
            &format!(
                "op.add_column('users', sa.Column('c{}', sa.Integer()))",
                number % 300
            )
            .replace(
                "op.add_column",
                if number < 300 {
                    "op.add_column"
                } else {
                    "print"
                },
            ),
            "pass",
        );
    }
    let start = std::time::Instant::now();
    assert_eq!(project.alembic("upgrade head"), 0);
    eprintln!("upgrade head: {:?}", start.elapsed());
    for id in ["r1001", "r2"] {
        let start = std::time::Instant::now();
        let review = project.review(id);
        eprintln!("review of {id}: {:?} {:?}", start.elapsed(), codes(&review));
        let start = std::time::Instant::now();
        let trip = round_trip(&project.run(), id, Rows::AtHand).unwrap();
        eprintln!(
            "round trip of {id}: {:?} {}",
            start.elapsed(),
            trip.verdict.word()
        );
    }
}
