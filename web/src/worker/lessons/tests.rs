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
        message.contains("`alembic upgrade nowhere` fails"),
        "{message}"
    );
}
