//! What an author and a learner notice.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::*;
use ground::host::{Host, MemoryHost};
use ground::run::Run;

const FRONT: &str = "+++\ntitle = \"One\"\nminutes = 3\ndatabase = \"sqlite\"\n+++\n";

/// The texts of a lesson with one step, `go`.
fn texts(body: &str, checks: &str) -> BTreeMap<String, String> {
    let files = [
        ("lesson.md", format!("{FRONT}{body}")),
        ("checks.toml", checks.to_owned()),
        (
            "solution/go.md",
            "```console\n$ alembic current\n```\n".to_owned(),
        ),
    ];
    files
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text))
        .collect()
}

const STEP: &str = "Hello.\n\n## Go on {#go}\n\nDo it.\n";
const CHECK: &str = "[[go]]\ncurrent = \"head\"\n";

fn problem(texts: &BTreeMap<String, String>) -> String {
    match Lesson::read("one", texts) {
        Ok(_) => "it can be read".to_owned(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn a_lesson_is_read() {
    let body = format!("{STEP}\n> Hint: Look *there*.\n\n> Hint: And there.\n");
    let lesson = Lesson::read("one", &texts(&body, CHECK)).expect("a lesson");
    assert_eq!((lesson.title.as_str(), lesson.minutes), ("One", 3));
    assert_eq!(lesson.introduction.len(), 1);
    let step = &lesson.steps[0];
    assert_eq!((step.id.as_str(), step.title.as_str()), ("go", "Go on"));
    assert_eq!((step.text.len(), step.hints.len()), (1, 2));
    let Block::Paragraph(words) = &step.hints[0][0] else {
        panic!("a hint is a paragraph")
    };
    assert_eq!(plain(words), "Look there.");
    let other = Lesson::read("one", &texts(&format!("{body}\n"), CHECK)).expect("a lesson");
    assert_ne!(lesson.hash, other.hash);
}

#[test]
fn mistakes_are_told_with_file_and_line() {
    let with = |body: &str, checks: &str| problem(&texts(body, checks));
    let front = |text: &str| {
        let mut texts = texts(STEP, CHECK);
        texts.insert("lesson.md".to_owned(), text.to_owned());
        problem(&texts)
    };
    for (found, expected) in [
        (
            front("# One\n"),
            "lesson.md:1: A lesson begins with a line of +++.",
        ),
        (
            front("+++\ntitle = \"One\"\n"),
            "lesson.md:2: The front matter does not end",
        ),
        (
            front("+++\ntitle = One\n+++\n"),
            "lesson.md:2: This is no TOML",
        ),
        (
            front(&FRONT.replace("minutes", "minuets")),
            "lesson.md:2: minutes is missing",
        ),
        (
            front(&FRONT.replace("minutes = 3", "minutes = \"three\"")),
            "lesson.md:3: minutes is a whole number.",
        ),
        (
            front(&FRONT.replace("+++\ntitle", "+++\nopen = \"x.py\"\ntitle")),
            "lesson.md:2: start/ has no file x.py.",
        ),
        (
            front(&FRONT.replace("sqlite", "oracle")),
            "lesson.md:4: There are no lessons on \"oracle\"",
        ),
        (
            with("Hello.\n", CHECK),
            "lesson.md:6: The lesson has no steps",
        ),
        (
            with("## Go on\n\nDo it.\n", CHECK),
            "lesson.md:6: A step's heading ends in its id",
        ),
        (
            with(&format!("{STEP}\n## Again {{#go}}\n\nDo.\n"), CHECK),
            "lesson.md:12: There is another step with the id \"go\".",
        ),
        (
            with(&format!("{STEP}\n## More {{#more}}\n\nDo.\n"), CHECK),
            "lesson.md:12: checks.toml has no [[more]]",
        ),
        (
            with(&format!("{STEP}\n> Hint: So.\n\nAnd then.\n"), CHECK),
            "lesson.md:14: Hints stand at the end of a step",
        ),
        (
            with(&STEP.replace("Do it", "[Do](javascript:alert(1))"), CHECK),
            "lesson.md:10: A link leads to \"javascript:alert(1)\"",
        ),
        (
            with(STEP, "[[go]]\ncurent = \"head\"\n"),
            "checks.toml:1: This is no condition that there is",
        ),
        (
            with(
                STEP,
                "[[go]]\ncurrent = \"head\"\n\n[[go]]\ntable = \"a\"\ncolum = \"b\"\n",
            ),
            "checks.toml:6: A condition of this kind has no \"colum\".",
        ),
        (
            with(STEP, "[[go]]\nfinding = \"bad\"\nin = \"head\"\n"),
            "checks.toml:2: finding is \"upgrade-fails\"",
        ),
        (
            with(
                STEP,
                "[[go]]\nany = [\n  { current = \"head\" },\n  { revisions = \"1\" },\n]\n",
            ),
            "checks.toml:4: revisions is a whole number.",
        ),
        (
            with(
                STEP,
                "[[og]]\ncurrent = \"head\"\n[[go]]\ncurrent = \"head\"\n",
            ),
            "checks.toml:1: No step of lesson.md has the id \"og\".",
        ),
        (
            with(STEP, "[[go]]\ncurrent = head\n"),
            "checks.toml:2: This is no TOML",
        ),
    ] {
        assert!(
            found.starts_with(expected),
            "{found}\nshould begin {expected}"
        );
    }
}

#[test]
fn a_solution_says_what_it_does() {
    let solved = |text: &str| {
        let mut texts = texts(STEP, CHECK);
        texts.insert("solution/go.md".to_owned(), text.to_owned());
        Lesson::read("one", &texts).map(|lesson| lesson.steps[0].solution.actions.clone())
    };
    let text = "First:\n\n```python file=a/models.py\nx = 1\n```\n\n```python replace=a/*.py\nx\n```\n\n\
                ```python with\ny\n```\n\n```console\n$ alembic current\n12 (head)\n$ ls\n```\n";
    let run = |line: &str, output: &str| Action::Run {
        line: line.to_owned(),
        output: output.to_owned(),
    };
    assert_eq!(
        solved(text).expect("a solution"),
        [
            Action::Write {
                path: "a/models.py".to_owned(),
                text: "x = 1\n".to_owned(),
            },
            Action::Replace {
                path: "a/*.py".to_owned(),
                old: "x".to_owned(),
                new: "y".to_owned(),
            },
            run("alembic current", "12 (head)\n"),
            run("ls", ""),
        ]
    );
    for (text, expected) in [
        ("Nothing.\n", "solution/go.md:1: The solution does nothing"),
        (
            "So:\n\n```python file=../x.py\n```\n",
            "solution/go.md:3: \"../x.py\" is no path within the lesson's folder",
        ),
        (
            "```python replace=x.py\na\n```\n",
            "solution/go.md:1: After `replace=x.py` comes the block",
        ),
        (
            "```console\nalembic current\n```\n",
            "solution/go.md:1: A console block begins",
        ),
    ] {
        let found = solved(text).expect_err("a mistake").to_string();
        assert!(
            found.starts_with(expected),
            "{found}\nshould begin {expected}"
        );
    }
}

#[test]
fn hostile_markdown_is_text_or_refused() {
    let body = STEP.replace(
        "Do it.",
        "<script>alert(1)</script>\n\nA <b onclick=x>word</b> ![picture](https://example.invalid/x.png)",
    );
    let lesson = Lesson::read("one", &texts(&body, CHECK)).expect("a lesson");
    let words: Vec<String> = lesson.steps[0]
        .text
        .iter()
        .map(|block| match block {
            Block::Paragraph(words) => plain(words),
            _ => String::new(),
        })
        .collect();
    assert_eq!(
        words,
        [
            "<script>alert(1)</script>\n",
            "A <b onclick=x>word</b> picture"
        ]
    );
    let deep = format!("{STEP}\n{} deep\n", ">".repeat(5000));
    assert!(problem(&texts(&deep, CHECK)).contains("nested more than"));
    let stars = format!("{STEP}\n{}a{}\n", "*".repeat(3000), "*".repeat(3000));
    assert!(problem(&texts(&stars, CHECK)).contains("nested more than"));
}

/// A project of one table with a row, before and after its migration.
fn project() -> Rc<MemoryHost> {
    let host = Rc::new(MemoryHost::new("/project"));
    for (path, text) in [
        (
            "alembic.ini",
            include_str!("../../web/examples/blank/alembic.ini"),
        ),
        (
            "alembic/env.py",
            include_str!("../../web/examples/blank/alembic/env.py"),
        ),
        (
            "alembic/script.py.mako",
            include_str!("../../web/examples/blank/alembic/script.py.mako"),
        ),
        (
            "models.py",
            "from sqlalchemy import Column, Integer, MetaData, String, Table\n\n\n\
             class Base:\n    metadata = MetaData()\n\n\n\
             hero = Table(\n    \"hero\",\n    Base.metadata,\n    Column(\"id\", Integer, primary_key=True),\n    \
             Column(\"name\", String(50), nullable=False, unique=True),\n)\n",
        ),
    ] {
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        host.create_directories(folder).expect("a folder");
        host.write(path, text.as_bytes()).expect("a file");
    }
    host.create_directories("alembic/versions")
        .expect("a folder");
    host
}

fn alembic(host: &Rc<MemoryHost>, line: &str) -> CommandOutcome {
    let run = Run::new(host.clone());
    let words = console_words(line);
    let status = crate::command::run(&run, &words[1..]);
    let output = host.take_output().into_iter().map(|(_, text)| text);
    CommandOutcome {
        line: line.to_owned(),
        status,
        output: output.collect(),
    }
}

/// What a check says of a host, a line for each part.
fn said(
    host: &Rc<MemoryHost>,
    outcomes: &[CommandOutcome],
    start: &StepStart,
    checks: &str,
) -> Vec<String> {
    let lesson = Lesson::read("one", &texts(STEP, checks)).expect("a lesson");
    let below: Rc<dyn Host> = host.clone();
    let run = Run::new(crate::review::CopyHost::new(&below));
    let verdict = evaluate(&lesson.steps[0].check, &State::new(&run, outcomes, start));
    assert_eq!(verdict.holds, verdict.parts.iter().all(|part| part.holds));
    let lines = verdict.parts.into_iter();
    lines
        .map(|part| {
            let sign = if part.holds { "+" } else { "-" };
            format!("{sign} {} {}", part.expected, part.found)
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn a_check_says_what_is_missing_and_what_holds_already() {
    let host = project();
    let start = StepStart::of(&Run::new(crate::review::CopyHost::new(
        &(host.clone() as Rc<dyn Host>),
    )));
    let checks = "[[go]]\nmodels = \"differ\"\nfinds = [\"create_table hero\"]\n\
                  [[go]]\nnew_revisions = 1\n[[go]]\ntable = \"hero\"\ncolumn = \"name\"\ntype = \"VARCHAR(80)\"\nnullable = false\n\
                  [[go]]\ncurrent = \"head\"\n[[go]]\ncommands = [{ run = \"alembic revision\" }, { run = \"alembic upgrade head\" }]\n";
    assert_eq!(
        said(&host, &[], &start, checks),
        [
            "+ Autogenerate would write create_table hero.",
            "- There is one new revision. There are no new revisions.",
            "- There is a table hero. The database has no tables yet.",
            "- The database is at the head. It has none yet.",
            "- You ran `alembic revision`. It was not run yet.",
            "- You ran `alembic upgrade head`. It was not run yet.",
        ]
    );
    let outcomes = [
        alembic(&host, "alembic revision --autogenerate -m hero"),
        alembic(&host, "alembic upgrade head"),
    ];
    let after = said(&host, &outcomes, &start, checks);
    assert_eq!(
        after[1..],
        [
            "+ There is one new revision.",
            "+ hero has a column name.",
            "- hero.name is of type VARCHAR(80). It is VARCHAR(50).",
            "+ hero.name is NOT NULL.",
            "+ The database is at the head.",
            "+ You ran `alembic revision`.",
            "+ You ran `alembic upgrade head`.",
        ]
    );
    let more = "[[go]]\nmodels = \"match\"\n[[go]]\nround_trip = \"new\"\n[[go]]\nreview = \"clean\"\nin = \"head\"\n\
                [[go]]\nfinding = \"downgrade-missing\"\nin = \"head\"\n\
                [[go]]\nrevision = \"new\"\noperation = \"create_table\"\non = \"hero\"\n\
                [[go]]\ntable = \"hero\"\nunique = \"name\"\nnamed = true\n\
                [[go]]\nquery = \"SELECT * FROM hero\"\nrows = [[1, \"Ann\"]]\n\
                [[go]]\nquery = \"SELECT * FROM villain\"\ncount = 2\n\
                [[go]]\ntable = \"hero\"\nindex = \"name\"\nunique = true\n\
                [[go]]\ntable = \"hero\"\nforeign_key = \"team_id\"\nreferences = \"team.id\"\n\
                [[go]]\ntable = \"hero\"\nprimary_key = \"id\"\n\
                [[go]]\ntable = \"hero\"\ncolumns = [\"name\", \"id\"]\n\
                [[go]]\nsays = \"The commands were run.\"\ncommands = [{ run = \"alembic upgrade\", fails = \"nothing\" }, { run = \"alembic stamp\" }]\n\
                [[go]]\ncommand = \"alembic upgrade\"\nprints = \"Running upgrade\"\nomits = \"hero\"\n\
                [[go]]\ncurrent = \"head-1\"\n[[go]]\nkept = true\n\
                [[go]]\nany = [{ shape = \"a; b(a)\" }, { shape = \"a\" }]\n\
                [[go]]\nsays = \"There is no table villain.\"\nnot = [{ table = \"villain\" }]\n\
                [[go]]\nfile = \"alembic/versions/*_hero.py\"\ndefines = [\"upgrade\"]\nlacks = \"batch\"\ncontains = 'sa.String(length=50)'\n";
    let names = host.list("alembic/versions").expect("the revisions");
    let file = format!("alembic/versions/{}", names[0]);
    assert_eq!(
        said(&host, &outcomes, &start, more),
        [
            "+ The database matches the models: `alembic check` finds nothing to do.",
            "+ The new revision can be taken back and run again, and nothing is lost.",
            "+ A review of the head finds nothing to mend.",
            "- A review of the head finds “downgrade-missing”. It finds none.",
            "+ The new revision does create_table on hero.",
            "+ The values of name in hero are unique.",
            "- It has a name. It is without a name.",
            "- `SELECT * FROM hero` gives (1, Ann). It gives no rows.",
            "- `SELECT * FROM villain` gives 2 rows. The database says: no such table: villain.",
            "- hero has an index on name. There is none.",
            "- hero has a foreign key from team_id to team.id. There is none.",
            "+ The primary key of hero is id.",
            "+ The columns of hero are name and id.",
            "- The commands were run. It ran, and succeeded. It was not run yet.",
            "- You ran `alembic upgrade`. It ran, and printed “hero” as well.",
            "- The database is one revision before the head. It is at 0d54a87d909d.",
            "+ The revisions that were there are as they were.",
            "+ The revisions follow each other as the step says: one revision, one head.",
            "+ There is no table villain.",
            &format!("+ {file} defines upgrade."),
            &format!("+ {file} has `sa.String(length=50)` in it."),
            &format!("+ {file} does not have `batch` in it."),
        ]
    );
}
