use protocol::lessons::{CommandOutcome, Folder};
use protocol::{Reply, Request};

use super::*;
use crate::session::tests::{outside, run};

const LESSON: &str = r#"+++
title = "Up"
minutes = 1
database = "sqlite"
start = ["alembic revision -m first", "! alembic upgrade nowhere"]
+++
Go up. <script>alert(1)</script> is text.

## Upgrade {#up}

Run *one* command. See [the next](02-next).

> Hint: It is `alembic upgrade head`.
"#;

fn folder(changes: &[(&str, &str)]) -> Folder {
    let blank = crate::keep::examples::files(
        protocol::examples::example(protocol::examples::BLANK),
        &outside(),
    )
    .expect("the empty project");
    let mut folder: Folder = blank
        .files
        .iter()
        .map(|(path, contents)| {
            let path = format!("start/{}", crate::workspace::relative(path));
            (path, protocol::to_wire(contents))
        })
        .collect();
    let texts = [
        ("start/alembic/versions/README", "Revisions.\n"),
        ("lesson.md", LESSON),
        (
            "checks.toml",
            "[[up]]\ncommand = \"alembic upgrade head\"\n\n[[up]]\nnew_revisions = 0\n",
        ),
        (
            "solution/up.md",
            "```console\n$ alembic upgrade head\n```\n",
        ),
    ];
    for (path, text) in texts.iter().chain(changes) {
        folder.insert((*path).to_owned(), Contents::Text((*text).to_owned()));
    }
    folder
}

fn ask(session: &mut Session, request: LessonsRequest) -> Reply {
    let listener: Listener = Rc::new(|_| {});
    session.answer(Request::Lessons(request), &listener)
}

#[test]
fn a_lesson_begins_with_what_its_commands_made_and_a_step_is_checked_on_a_copy() {
    let folder = folder(&[]);
    let mut session = Session::with_lesson(&folder, outside()).expect("a lesson");
    let opened = session.opened();
    assert_eq!(opened.view.migrations.revisions.len(), 1);
    assert_eq!(opened.view.history.len(), 1, "its start is the first state");
    let shown: Vec<(&str, i32)> = opened
        .console
        .iter()
        .map(|printed| (printed.line.as_str(), printed.status))
        .collect();
    assert_eq!(shown[0], ("alembic revision -m first", 0));
    assert_ne!(shown[1].1, 0, "the trouble that it begins with");

    let slug = "01-up".to_owned();
    let begin = LessonsRequest::Begin {
        slug: slug.clone(),
        folder: folder.clone(),
    };
    let Reply::Done(Answer::StepStart(start)) = ask(&mut session, begin) else {
        panic!("a start")
    };
    let check = |session: &mut Session, outcomes: Vec<CommandOutcome>, state| {
        let check = Check {
            slug: slug.clone(),
            folder: folder.clone(),
            step: "up".to_owned(),
            outcomes,
            start: start.clone(),
            state,
        };
        match ask(session, LessonsRequest::Check(Box::new(check))) {
            Reply::Done(Answer::Verdict(verdict)) => verdict,
            other => panic!("{other:?}"),
        }
    };
    let before = session.host.files();
    let verdict = check(&mut session, Vec::new(), None);
    let holding: Vec<bool> = verdict.parts.iter().map(|part| part.holds).collect();
    assert_eq!((verdict.holds, holding), (false, vec![false, true]));
    assert_eq!(session.host.files(), before);

    let ran = run(&mut session, "alembic upgrade head");
    let outcome = CommandOutcome {
        line: "alembic upgrade head".to_owned(),
        status: ran.status,
        output: ran.stderr.clone(),
    };
    assert!(check(&mut session, vec![outcome.clone()], None).holds);
    // The same of a project that was handed in.
    let state = session.export();
    let mut other = Session::new(Moment::default(), "", outside());
    assert!(check(&mut other, vec![outcome], Some(state)).holds);
}

#[test]
fn a_lesson_that_is_wrong_says_where() {
    let said = |folder: &Folder| match Session::with_lesson(folder, outside()) {
        Ok(_) => String::new(),
        Err(failure) => failure.message,
    };
    let cases = [
        ("lesson.md", "Up", "lesson.md:1"),
        ("checks.toml", "[[up]]\nnothing = 1\n", "checks.toml:"),
    ];
    for (path, text, place) in cases {
        let message = said(&folder(&[(path, text)]));
        assert!(message.starts_with(place), "{message}");
    }
    let fails = LESSON.replace("! alembic upgrade nowhere", "alembic upgrade nowhere");
    let message = said(&folder(&[("lesson.md", &fails)]));
    assert!(
        message.starts_with("lesson.md:5: of its start, `alembic upgrade nowhere` fails"),
        "{message}"
    );
}

/// A lesson of a project that was worked on as a newcomer would.
fn drafted(example: &str, work: &[(&str, Option<(&str, &str)>)]) -> Folder {
    let mut session = crate::session::tests::session(example);
    for (line, edit) in work {
        if let Some((old, new)) = edit {
            let text = session.host.files().files[&absolute(line)].to_vec();
            let text = String::from_utf8(text).expect("a text");
            assert!(text.contains(old), "{text}");
            let write = protocol::FilesRequest::Write {
                path: (*line).to_owned(),
                contents: Contents::Text(text.replacen(old, new, 1)),
            };
            let listener: Listener = Rc::new(|_| {});
            let reply = session.answer(Request::Files(write), &listener);
            assert!(matches!(reply, Reply::Done(_)), "{reply:?}");
        } else {
            run(&mut session, line);
        }
    }
    let draft = LessonsRequest::Draft {
        title: "Two \"ways\"".to_owned(),
    };
    match ask(&mut session, draft) {
        Reply::Done(Answer::Workspace(workspace)) => workspace.files,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_done_becomes_a_lesson_that_can_be_played() {
    let folder = drafted(
        "library",
        &[
            ("alembic history", None),
            ("models.py", Some(("    #isbn", "    isbn"))),
            ("alembic revision --autogenerate -m isbn", None),
            ("alembic upgrade head", None),
            ("alembic downgrade -1", None),
            ("alembic upgrade nowhere", None),
            ("sqlite3 library.db \"DELETE FROM loan\"", None),
        ],
    );
    let text = |path: &str| match &folder[path] {
        Contents::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let (lesson, checks) = (text("lesson.md"), text("checks.toml"));
    assert!(lesson.contains("title = \"Two \\\"ways\\\"\""));
    for proposal in [
        "command = \"alembic history\"",
        "column = \"isbn\"",
        "new_revisions = 1",
        "current = \"head\"",
        "models = \"match\"",
        "current = \"head-1\"",
        "fails = \"Can't locate revision",
        "FROM loan\"\nrows = []",
    ] {
        assert!(checks.contains(proposal), "{proposal}\n{checks}");
    }
    let mut session = Session::new(Moment::default(), "", outside());
    let play = LessonsRequest::Play {
        slug: "drafted".to_owned(),
        folder,
    };
    let wrong = match ask(&mut session, play) {
        Reply::Done(Answer::Played(wrong)) => wrong,
        other => panic!("{other:?}"),
    };
    assert_eq!(wrong, Vec::<String>::new());
}

/// The texts of a folder on disk, by path in it.
fn texts(root: &std::path::Path, path: &str, folder: &mut Folder) {
    for entry in std::fs::read_dir(root.join(path)).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        let inner = if path.is_empty() {
            name.into_owned()
        } else {
            format!("{path}/{name}")
        };
        let whole = root.join(&inner);
        if whole.is_dir() {
            texts(root, &inner, folder);
        } else {
            let text = std::fs::read_to_string(whole).expect("a text");
            folder.insert(inner, Contents::Text(text));
        }
    }
}

/// Plays a lesson's solutions at the page's console; the steps whose checks don't say what they should.
fn played(slug: &str, folder: &Folder) -> Vec<String> {
    // Ids are to differ.
    let mut outside = Rc::into_inner(outside()).expect("one handle");
    let drawn = Cell::new(0u64);
    outside.random = Box::new(move |buffer| {
        for byte in buffer {
            drawn.set(
                drawn
                    .get()
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1),
            );
            *byte = (drawn.get() >> 56) as u8;
        }
    });
    let mut session = Session::with_lesson(folder, Rc::new(outside)).expect("a lesson");
    let lesson = read(slug, folder).expect("a lesson");
    let mut wrong = Vec::new();
    for step in &lesson.steps {
        let begin = LessonsRequest::Begin {
            slug: slug.to_owned(),
            folder: folder.clone(),
        };
        let Reply::Done(Answer::StepStart(start)) = ask(&mut session, begin) else {
            panic!("a start")
        };
        let mut outcomes = Vec::new();
        let is_done = |session: &mut Session, outcomes: &[CommandOutcome]| {
            let check = Check {
                slug: slug.to_owned(),
                folder: folder.clone(),
                step: step.id.clone(),
                outcomes: outcomes.to_vec(),
                start: start.clone(),
                state: None,
            };
            match ask(session, LessonsRequest::Check(Box::new(check))) {
                Reply::Done(Answer::Verdict(verdict)) => verdict,
                other => panic!("{other:?}"),
            }
        };
        if is_done(&mut session, &outcomes).holds {
            wrong.push(format!(
                "{slug}/{}: it holds before anything is done",
                step.id
            ));
        }
        for action in &step.solution.actions {
            let lessons::Action::Run { line, .. } = action else {
                lessons::play(&*session.host, action, &mut |_| unreachable!("no command"))
                    .expect("an edit");
                continue;
            };
            let ran = run(&mut session, line);
            outcomes.push(CommandOutcome {
                line: line.clone(),
                status: ran.status,
                output: format!("{}{}", ran.stdout, ran.stderr),
            });
        }
        let verdict = is_done(&mut session, &outcomes);
        if !verdict.holds {
            wrong.push(format!("{slug}/{}: {verdict:#?}\n{outcomes:#?}", step.id));
        }
    }
    wrong
}

/// Those on PostgreSQL are played in the browser.
#[test]
fn every_solution_can_be_typed_at_the_console() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let mut lessons = 0;
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(&root).expect("web/lessons") {
        let path = entry.expect("an entry").path();
        if !path.is_dir() {
            continue;
        }
        let mut folder = Folder::new();
        texts(&path, "", &mut folder);
        let slug = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let lesson = read(&slug, &folder).unwrap_or_else(|failure| panic!("{slug}: {failure:?}"));
        if lesson.database.dialect == "sqlite" {
            lessons += 1;
            wrong.extend(played(&slug, &folder));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lessons > 10, "only {lessons} lessons were played");
}
