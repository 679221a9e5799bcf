//! The lessons in `web/lessons`: each is in order, and what its solutions show is what real Alembic prints.
//!
//! `LIMBECK_LESSON=10` plays those alone whose name has `10` in it; `LIMBECK_REWRITE=yes` writes the
//! outputs into the solutions.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../src/main.rs"]
#[allow(dead_code, reason = "the program's own main is not called here")]
mod program;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use limbeck::cli::lessons::{Performance, read_lesson, run_line};
use limbeck::ground::host::Host;
use limbeck::ground::run::Run;
use limbeck::lessons::{Action, Lesson, Player as _, console_words, lay_out, play, rehearse};
use program::NativeHost;
use support::postgresql::Server;
use support::{Oracle, comparable, first_difference};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web/lessons")
}

/// The lessons, in order.
fn lessons() -> Vec<Lesson> {
    let host = NativeHost::new(&folder().to_string_lossy());
    let only = std::env::var("LIMBECK_LESSON").unwrap_or_default();
    let names = host.list(".").expect("web/lessons");
    let names = names
        .iter()
        .filter(|name| host.is_directory(name) && name.contains(&only));
    names
        .map(|name| match read_lesson(&host, name) {
            Ok(lesson) => lesson,
            Err(problem) => panic!("{name}/{problem}"),
        })
        .collect()
}

/// The ids of revision files that commands drew, in the order in which they came.
#[derive(Default)]
struct DrawnIds(Vec<String>);

impl DrawnIds {
    fn look(&mut self, host: &dyn Host, folder: &str) {
        for name in host.list(folder).unwrap_or_default() {
            let path = format!("{folder}/{name}");
            if host.is_directory(&path) {
                self.look(host, &path);
            } else if name.ends_with(".py") {
                let text = host.read(&path).unwrap_or_default();
                let text = String::from_utf8_lossy(&text).into_owned();
                let id = text
                    .lines()
                    .find_map(|line| line.strip_prefix("Revision ID: "));
                if let Some(id) = id.map(str::trim)
                    && id.len() == 12
                    && !self.0.iter().any(|known| known == id)
                {
                    self.0.push(id.to_owned());
                }
            }
        }
    }

    /// An output with the ids by their numbers, its lines in one order, and several ids in one too:
    /// Alembic takes the parents of a merge from a set.
    fn hidden(&self, output: &str, directory: &str) -> String {
        let text = comparable(output, Path::new(directory));
        let text = self.0.iter().enumerate().fold(text, |text, (at, id)| {
            text.replace(id.as_str(), &format!("<rev{}>", at + 1))
        });
        let in_one_order = |line: &str| {
            if !line.contains(">, <rev") {
                return line.to_owned();
            }
            let mut words: Vec<&str> = line.split([' ', ',']).collect();
            words.sort_unstable();
            words.join(" ")
        };
        let mut lines: Vec<String> = text.lines().map(in_one_order).collect();
        lines.sort_unstable();
        lines.join("\n")
    }
}

/// Whether what a line prints is Alembic's to say.
fn is_compared(line: &str) -> bool {
    let words = console_words(line);
    let program = words.iter().find(|word| !word.contains('='));
    program.is_some_and(|program| ["alembic", "python"].contains(&program.as_str()))
}

/// Every command of a lesson, start and solutions, with what it prints at Limbeck's console.
fn played(lesson: &Lesson) -> Option<Vec<(String, String, DrawnIds)>> {
    let run = Run::new(Rc::new(NativeHost::new("/")));
    let mut performance = Performance::begin(&run, lesson).expect("the start")?;
    let mut drawn = DrawnIds::default();
    drawn.look(&*performance.host(), ".");
    let mut printed = Vec::new();
    for step in &lesson.steps {
        for action in &step.solution.actions {
            let outcome = performance.play(action).expect("an action");
            if let (Some(outcome), Action::Run { line, .. }) = (outcome, action) {
                drawn.look(&*performance.host(), ".");
                printed.push((line.clone(), outcome.output, DrawnIds(drawn.0.clone())));
            }
        }
    }
    Some(printed)
}

/// What real Alembic prints for the commands of the solutions, in the form of [`DrawnIds::hidden`].
fn asked(lesson: &Lesson, oracle: &mut Oracle, server: Option<&Server>) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("its real path");
    let shown = root.to_string_lossy().into_owned();
    let mut environment = Vec::new();
    if let (Some(server), Some(name)) = (server, &lesson.database.name) {
        server.clear();
        if name != "app" {
            server.query("postgres", &format!("CREATE DATABASE \"{name}\""));
        }
        environment.extend(server.environment());
    }
    let run = Run::new(Rc::new(NativeHost::new(&shown)));
    lay_out(&run, lesson).expect("the files");
    let directory = root.join(&lesson.directory);
    let host: Rc<dyn Host> = Rc::new(NativeHost::captured(&directory.to_string_lossy()));
    let mut console = |line: &str| -> String {
        let mut words = console_words(line);
        let mut environment = environment.clone();
        while let Some((name, value)) = words.first().and_then(|word| word.split_once('='))
            && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        {
            environment.push((name.to_owned(), value.to_owned()));
            words.remove(0);
        }
        let answer = match (words[0].as_str(), server) {
            ("alembic", _) => oracle.alembic(&directory, &words[1..], &environment),
            ("python", _) if words[1] == "-m" => {
                oracle.alembic(&directory, &words[3..], &environment)
            }
            ("python", _) => oracle.ask(&directory, "python", &words[1..], &environment),
            ("psql", Some(server)) => {
                let statement = words.last().expect("a statement");
                let database = words
                    .iter()
                    .find(|word| Some(*word) == lesson.database.name.as_ref());
                return server.query(database.expect("the lesson's database"), statement);
            }
            _ => {
                run_line(&host, line);
                return String::new();
            }
        };
        format!("{}{}", answer.stdout, answer.stderr)
    };
    for command in &lesson.start {
        console(&command.line);
    }
    let mut drawn = DrawnIds::default();
    drawn.look(&*host, ".");
    let mut printed = Vec::new();
    for step in &lesson.steps {
        for action in &step.solution.actions {
            if let Action::Run { line, .. } = action {
                let output = console(line);
                drawn.look(&*host, ".");
                printed.push(drawn.hidden(&output, &shown));
            } else {
                play(&*host, action, &mut |_| unreachable!("no command")).expect("an edit");
            }
        }
    }
    printed
}

/// A solution with other outputs below its commands.
fn rewritten(text: &str, outputs: &mut dyn Iterator<Item = String>) -> String {
    let mut written = String::new();
    let (mut in_console, mut in_output) = (false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            in_console = !in_console && line == "```console";
            in_output = false;
        }
        if in_console && line.starts_with("$ ") {
            let output = outputs.next().expect("an output for each command");
            in_output = is_compared(&line[2..]);
            let _ = write!(written, "{line}\n{}", if in_output { &output } else { "" });
        } else if !in_output {
            let _ = writeln!(written, "{line}");
        }
    }
    written
}

#[test]
fn solutions_show_what_real_alembic_prints() {
    let rewrite = std::env::var_os("LIMBECK_REWRITE").is_some();
    let mut oracle = Oracle::start();
    let server = Server::named();
    let mut wrong = String::new();
    let mut compared = 0;
    for lesson in lessons() {
        let Some(printed) = played(&lesson) else {
            continue;
        };
        if let Some(oracle) = &mut oracle {
            let on_server = lesson.database.dialect == "postgresql";
            let answers = asked(&lesson, oracle, server.as_ref().filter(|_| on_server));
            for ((line, output, drawn), reference) in printed.iter().zip(&answers) {
                let found = drawn.hidden(output, "/project");
                if is_compared(line) && found != *reference {
                    let difference = first_difference(reference, &found);
                    let _ = write!(wrong, "\n{}: $ {line}\n{difference}", lesson.slug);
                }
                compared += usize::from(is_compared(line));
            }
        }
        let mut outputs = printed.into_iter().map(|(_, output, _)| output);
        for step in &lesson.steps {
            let path = folder()
                .join(&lesson.slug)
                .join(format!("solution/{}.md", step.id));
            let text = fs::read_to_string(&path).expect("a solution");
            let now = rewritten(&text, &mut outputs);
            if rewrite {
                fs::write(&path, now).expect("the solution is written");
            } else if now != text {
                let difference = first_difference(&text, &now);
                let _ = write!(wrong, "\n{}/{}: {difference}", lesson.slug, step.id);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(oracle.is_none() || compared > 0, "no command was compared");
}

/// Other ways than the solution's through a step: the lesson, the step, and what is done in it.
const OTHER_WAYS: &[(&str, &str, &[Other])] = &[
    (
        "02-add-a-column",
        "three-steps",
        &[
            Other::Replace(
                "models.py",
                "    newsletter: Mapped[bool]",
                "    newsletter: Mapped[bool]\n    number: Mapped[str] = mapped_column(String(10))",
            ),
            Other::Run("python -m alembic revision --rev-id a1 -m add"),
            Other::Replace(
                "alembic/versions/a1_add.py",
                "\"\"\"Upgrade schema.\"\"\"\n    pass",
                "with op.batch_alter_table('customer') as batch:\n        \
                 batch.add_column(sa.Column('number', sa.String(10)))",
            ),
            Other::Run("alembic revision --rev-id a2 -m fill"),
            Other::Replace(
                "alembic/versions/a2_fill.py",
                "\"\"\"Upgrade schema.\"\"\"\n    pass",
                "op.get_bind().execute(sa.text(\"UPDATE customer SET number = 'C' || id\"))\n    \
                 with op.batch_alter_table('customer') as batch:\n        \
                 batch.alter_column('number', nullable=False)",
            ),
            Other::Run("alembic upgrade +2"),
        ],
    ),
    (
        "03-where-am-i",
        "one-step",
        &[Other::Run("alembic upgrade +1")],
    ),
    (
        "06-show-the-sql",
        "a-range",
        &[Other::Run(
            "python -m alembic upgrade --sql 3c1f0a52b7d4:8a90de41c6f2",
        )],
    ),
    (
        "10-two-heads",
        "make-yours-anew",
        &[
            Other::Run("alembic downgrade 8a90"),
            Other::Run("limbeck rebase b27e --onto e5f4"),
            Other::Run("alembic upgrade head"),
        ],
    ),
    (
        "11-a-rename",
        "rename-the-column",
        &[
            Other::Run("rm alembic/versions/*_email_address.py"),
            Other::Run("alembic revision --rev-id c0ffee -m \"better name\""),
            Other::Replace(
                "alembic/versions/c0ffee_better_name.py",
                "\"\"\"Upgrade schema.\"\"\"\n    pass",
                "op.execute('ALTER TABLE customer RENAME COLUMN email TO email_address')",
            ),
            Other::Replace(
                "alembic/versions/c0ffee_better_name.py",
                "\"\"\"Downgrade schema.\"\"\"\n    pass",
                "with op.batch_alter_table('customer') as batch:\n        \
                 batch.alter_column('email_address', new_column_name='email')",
            ),
            Other::Run("alembic upgrade heads"),
        ],
    ),
];

#[derive(Clone, Copy)]
enum Other {
    Replace(&'static str, &'static str, &'static str),
    Run(&'static str),
}

impl Other {
    fn action(self) -> Action {
        match self {
            Other::Replace(path, old, new) => Action::Replace {
                path: path.to_owned(),
                old: old.to_owned(),
                new: new.to_owned(),
            },
            Other::Run(line) => Action::Run {
                line: line.to_owned(),
                output: String::new(),
            },
        }
    }
}

#[test]
fn other_ways_than_the_solution_count_as_well() {
    let host = NativeHost::new(&folder().to_string_lossy());
    for (slug, id, others) in OTHER_WAYS {
        let lesson = read_lesson(&host, slug).unwrap_or_else(|problem| panic!("{slug}/{problem}"));
        let run = Run::new(Rc::new(NativeHost::new("/")));
        let performance = Performance::begin(&run, &lesson).expect("the start");
        let mut performance = performance.expect("a lesson that needs no server");
        let at = lesson
            .steps
            .iter()
            .position(|step| step.id == *id)
            .expect("a step");
        for step in &lesson.steps[..at] {
            assert_eq!(
                rehearse(&mut performance, step),
                Vec::<String>::new(),
                "{slug}"
            );
        }
        let start = performance.step_start();
        let mut outcomes = Vec::new();
        for other in *others {
            let outcome = performance.play(&other.action());
            outcomes
                .extend(outcome.unwrap_or_else(|error| panic!("{slug}/{id}: {}", error.message)));
        }
        let verdict = performance.check(&lesson.steps[at], &outcomes, &start);
        assert!(verdict.holds, "{slug}/{id}: {verdict:#?}\n{outcomes:#?}");
    }
}

/// A lesson of one step in a folder, with these checks and this solution.
fn written_lesson(checks: &str, solution: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("one");
    let base = self::folder().join("07-not-up-to-date/start");
    for path in [
        "alembic.ini",
        "models.py",
        "alembic/env.py",
        "alembic/script.py.mako",
    ] {
        let to = root.join("start").join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(base.join(path), to).expect("a file");
    }
    fs::create_dir_all(root.join("solution")).expect("a folder");
    for (path, text) in [
        (
            "lesson.md",
            "+++\ntitle = \"One\"\nminutes = 3\ndatabase = \"sqlite\"\n+++\n\n## Go {#go}\n\nGo on.\n",
        ),
        ("checks.toml", checks),
        ("solution/go.md", solution),
    ] {
        fs::write(root.join(path), text).expect("a file");
    }
    folder
}

#[test]
fn what_is_wrong_with_a_lesson_is_told() {
    let upgrade =
        "```console\n$ alembic revision --autogenerate -m first\n$ alembic upgrade head\n```\n";
    let current = "[[go]]\ncurrent = \"head\"\n";
    for (checks, solution, status, expected) in [
        (
            "[[go]]\ncurrent = \"head\"\n\n[[go]]\nmodels = \"match\"\n",
            upgrade,
            0,
            "ok      one (1 steps)",
        ),
        (
            "[[go]]\ntable = \"hero\"\nabsent = true\n",
            upgrade,
            1,
            "go: The check holds before anything is done.",
        ),
        (
            current,
            "```console\n$ alembic revision -m first\n```\n",
            1,
            "The database is at the head. It has none yet.",
        ),
        (
            current,
            upgrade,
            1,
            "The table bike has changed, and the check does not look at it.",
        ),
        (
            "[[go]]\nmodels = \"match\"\n",
            "```console\n$ alembic revision --autogenerate -m first\n$ alembic upgrade head\n$ python -c \"\"\n```\n\n\
             ```text file=notes.txt\nx\n```\n",
            0,
            "ok      one",
        ),
        (
            current,
            "```python replace=models.py\nnowhere\n```\n\n```python with\n```\n",
            1,
            "models.py does not have the text to be replaced",
        ),
        (
            "[[go]]\ncurent = 1\n",
            upgrade,
            1,
            "one/checks.toml:1: This is no condition",
        ),
    ] {
        let folder = written_lesson(checks, solution);
        let argv = ["lessons".to_owned(), "one".to_owned()];
        let answer = support::limbeck(folder.path(), &argv, &[]);
        assert!(
            answer.stdout.contains(expected) && answer.status == status,
            "should say {expected:?} and end with {status}:\n{answer:#?}"
        );
    }
}
