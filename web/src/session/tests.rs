use std::cell::Cell as StdCell;

use limbeck::host::Now;

use super::*;
use crate::protocol::{Cell, Change};

fn outside() -> Rc<Outside> {
    let clock = StdCell::new(0u64);
    Rc::new(Outside {
        now: Box::new(|| Now {
            microseconds: 1_767_225_600_000_000,
            local_offset: 0,
        }),
        elapsed: Box::new(move || {
            clock.set(clock.get() + 1);
            clock.get()
        }),
        random: Box::new(|buffer| buffer.fill(7)),
    })
}

fn session(example: &str) -> Session {
    Session::with_example(example, outside()).expect("the examples are in order")
}

fn run(session: &mut Session, line: &str) -> Ran {
    let listener: Listener = Rc::new(|_| {});
    session.run(line, &listener)
}

#[test]
fn every_example_opens_with_its_tables() {
    for example in EXAMPLES {
        let mut session = session(example.name);
        let view = session.view();
        assert!(
            view.files.iter().any(|file| file.path == "alembic.ini"),
            "{}",
            example.name
        );
        assert_eq!(
            view.databases.is_empty(),
            example.name == "empty",
            "{}",
            example.name
        );
        for database in view.databases.iter() {
            assert_eq!(database.failure, None);
            assert!(database.tables.iter().any(|table| table.rows > 1));
        }
    }
}

#[test]
fn the_shell_words_work() {
    let mut session = session("library");
    assert_eq!(
        run(&mut session, "cd alembic && pwd").stdout,
        "/project/alembic\n"
    );
    assert_eq!(
        run(&mut session, "ls").stdout,
        "env.py\nscript.py.mako\nversions/\n"
    );
    let gone = run(&mut session, "cat nothing.py");
    assert_eq!(
        (gone.status, gone.stderr.as_str()),
        (1, "cat: nothing.py: No such file or directory\n")
    );
    run(&mut session, "cd; export A='b c'");
    assert_eq!(run(&mut session, "echo \"$A\" # said").stdout, "b c\n");
    assert_eq!(run(&mut session, "frobnicate").status, 127);
    assert_eq!(run(&mut session, "echo 'open").status, 2);
    assert!(session.history.is_empty());
}

#[test]
fn rows_change_are_marked_and_come_back() {
    let mut session = session("library");
    let ran = run(
        &mut session,
        "sqlite3 library.db \"UPDATE book SET title = 'Kin' WHERE id = 4; DELETE FROM loan WHERE id = 1; INSERT INTO member (name, email) VALUES ('x', 'y')\"",
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let tables: Vec<_> = ran
        .view
        .changes
        .tables
        .iter()
        .map(|t| (t.table.as_str(), t.added, t.removed, t.altered))
        .collect();
    assert_eq!(
        tables,
        [("book", 0, 0, 1), ("loan", 0, 1, 0), ("member", 1, 0, 0)]
    );
    assert_eq!(ran.view.changes.tables[0].rows, [(4, Change::Altered)]);
    let number = ran.view.history[0].number;
    let listener: Listener = Rc::new(|_| {});
    let reply = session.answer(Request::Undo { entry: number }, &listener);
    assert!(matches!(reply, Reply::Done(Answer::View(_))));
    let reply = session.answer(
        Request::Rows {
            database: "library.db".into(),
            table: "book".into(),
            offset: 3,
            limit: 1,
        },
        &listener,
    );
    let Reply::Done(Answer::Rows(rows)) = reply else {
        panic!("{reply:?}");
    };
    assert_eq!(rows.rows[0][1], Cell::Text("Kindred".into()));
    assert_eq!((rows.rowids.as_slice(), rows.total), ([4].as_slice(), 7));
}

#[test]
fn an_exported_workspace_loads_again() {
    let mut session = session("heroes");
    let listener: Listener = Rc::new(|_| {});
    let Reply::Done(Answer::Workspace(workspace)) = session.answer(Request::Export, &listener)
    else {
        panic!("no workspace");
    };
    let mut other = super::Session::with_example("empty", outside()).expect("in order");
    other.answer(
        Request::Load {
            workspace: workspace.clone(),
        },
        &listener,
    );
    assert_eq!(other.export(), workspace);
    assert_eq!(other.view().databases, session.view().databases);
}

#[test]
fn the_library_goes_down_and_up_again() {
    let mut session = session("library");
    let view = session.view();
    assert_eq!(view.migrations.failure, None);
    let ids: Vec<(&str, bool, bool)> = view
        .migrations
        .revisions
        .iter()
        .map(|one| (one.id.as_str(), one.current, one.applied))
        .collect();
    assert_eq!(
        ids,
        [("8e5d27b46c10", true, true), ("3b1f0c9a7d42", false, true)]
    );
    assert_eq!(view.migrations.back.as_deref(), Some("3b1f0c9a7d42"));
    assert_eq!(view.migrations.database.as_deref(), Some("library.db"));
    let down = run(&mut session, "alembic downgrade -1");
    assert_eq!(down.status, 0, "{}", down.stderr);
    assert_eq!(down.view.migrations.ahead, 1);
    let listener: Listener = Rc::new(|_| {});
    let Reply::Done(Answer::Pending(pending)) = session.answer(Request::Pending, &listener) else {
        panic!("no answer");
    };
    assert!(pending.behind, "{pending:?}");
    let up = run(&mut session, "alembic upgrade head");
    assert_eq!(up.status, 0, "{}", up.stderr);
    let Reply::Done(Answer::Pending(pending)) = session.answer(Request::Pending, &listener) else {
        panic!("no answer");
    };
    assert_eq!(
        (pending.operations.len(), pending.failure.clone()),
        (0, None),
        "{pending:?}"
    );
}
