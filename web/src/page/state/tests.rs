use protocol::{
    Database, Failure, FileEntry, FileKind, Migrations, Place, Printed, Ran, Revision, Table, Verb,
};

use super::*;
use crate::app::state::Pane;
use crate::console::state::Piece;
use crate::migrations::state::ScriptTab;
use crate::review::state::{Outcome, Reviewed};

fn view(files: &[&str], revisions: &[(&str, bool)], tables: &[&str]) -> Rc<View> {
    Rc::new(View {
        files: Rc::new(
            files
                .iter()
                .map(|path| FileEntry {
                    path: path.to_string(),
                    size: 1,
                    hash: String::new(),
                    kind: FileKind::Text,
                })
                .collect(),
        ),
        models: Rc::new(vec![files[0].to_owned()]),
        migrations: Rc::new(Migrations {
            revisions: revisions
                .iter()
                .map(|(id, current)| Revision {
                    id: id.to_string(),
                    path: format!("versions/{id}.py"),
                    current: *current,
                    ..Revision::default()
                })
                .collect(),
            ..Migrations::default()
        }),
        databases: Rc::new(vec![Database {
            path: "app.db".into(),
            tables: tables
                .iter()
                .map(|name| Table {
                    name: name.to_string(),
                    ..Table::default()
                })
                .collect(),
            failure: None,
        }]),
        ..View::default()
    })
}

fn started() -> State {
    State::new(Vec::new()).reduce(Action::Ready {
        console: Vec::new(),
        view: view(
            &["models.py", "alembic.ini"],
            &[("b", false), ("a", true)],
            &["t"],
        ),
        sqlite: "3".into(),
        restored: false,
        storage: Storage::Saved,
    })
}

#[test]
fn the_first_view_chooses_what_there_is() {
    let state = started();
    assert_eq!(state.models.file.as_deref(), Some("models.py"));
    assert_eq!(state.migrations.revision.as_deref(), Some("a"));
    assert_eq!(state.database.table.as_deref(), Some("t"));
    assert_eq!(state.models.first_steps, Some(FirstSteps::default()));
    let state = state.reduce(Action::Changed(view(&["other.py"], &[], &[])));
    assert_eq!(state.models.file.as_deref(), Some("other.py"));
    assert_eq!(
        (state.migrations.revision, state.database.table),
        (None, None)
    );
}

#[test]
fn a_written_revision_is_opened_and_output_is_joined() {
    let piece = |text: &str| Piece {
        error: false,
        text: text.into(),
    };
    let state = started()
        .reduce(ConsoleAction::Started {
            id: 4,
            line: "alembic revision".into(),
        })
        .reduce(ConsoleAction::Printed {
            id: 4,
            pieces: vec![piece("a"), piece("b\n")],
        })
        .reduce(ConsoleAction::Ended {
            id: 4,
            ran: Rc::new(Ran {
                status: 0,
                stdout: String::new(),
                stderr: String::new(),
                events: Vec::new(),
                microseconds: 5,
                view: view(&["models.py"], &[("c", false), ("a", true)], &["t"]),
                written: vec!["c".into()],
                opened: Vec::new(),
                clear: false,
                failure: None,
                verb: None,
                stayed: None,
                timings: protocol::Timings::default(),
            }),
        });
    assert_eq!(state.migrations.revision.as_deref(), Some("c"));
    assert_eq!(state.console.entries[0].text(), "$ alembic revision\nab\n");
    assert_eq!(state.console.running, 0);
    assert!(state.models.first_steps.is_some_and(|steps| steps.written));
}

#[test]
fn a_failure_is_shown_until_another_command_begins_or_it_may_be_mended() {
    let place = Place {
        path: "versions/b.py".into(),
        line: 7,
        column: 1,
        end_line: 7,
        end_column: 9,
    };
    let begin = |state: &State, id| {
        state.reduce(ConsoleAction::Started {
            id,
            line: "alembic upgrade head".into(),
        })
    };
    let ran = |place: Option<Place>| Ran {
        status: 1,
        stdout: String::new(),
        stderr: String::new(),
        events: Vec::new(),
        microseconds: 5,
        view: view(
            &["models.py", "versions/b.py"],
            &[("b", false), ("a", true)],
            &["t"],
        ),
        written: Vec::new(),
        opened: Vec::new(),
        clear: false,
        failure: Some(Failure {
            class: "sqlalchemy.exc.OperationalError".into(),
            message: "OperationalError: no such table: x\n[SQL: …]".into(),
            place,
            ..Failure::default()
        }),
        verb: Some(Verb::Upgrade),
        stayed: None,
        timings: protocol::Timings::default(),
    };
    let state = begin(&started(), 4).reduce(ConsoleAction::Ended {
        id: 4,
        ran: Rc::new(ran(Some(place.clone()))),
    });
    assert!(state.explain.has_failed(Verb::Upgrade) && !state.explain.has_failed(Verb::Downgrade));
    let note = state.explain.note.clone().expect("it has a place");
    assert_eq!(
        (&*note.path, note.line, &*note.text),
        ("versions/b.py", 7, "OperationalError: no such table: x")
    );
    assert_eq!(state.console.entries[0].failed, state.explain.failed);
    let again = begin(&state, 5);
    assert!(again.explain.failed.is_none());

    // The same again is told as such.
    let ran = Rc::new(ran(Some(place.clone())));
    let again = again.reduce(ConsoleAction::Ended {
        id: 5,
        ran: ran.clone(),
    });
    assert!(
        again
            .explain
            .failed
            .as_deref()
            .is_some_and(|failed| failed.again)
    );

    // Edited since, it may be mended; another file has nothing to do with it.
    let edited = |path: &str, state: &State| {
        let mut view = (*state.view).clone();
        let files = Rc::make_mut(&mut view.files);
        for file in files.iter_mut().filter(|file| file.path == path) {
            file.hash.push('x');
        }
        state.reduce(Action::Changed(Rc::new(view)))
    };
    assert!(
        edited("models.py", &again)
            .explain
            .has_failed(Verb::Upgrade)
    );
    let mended = edited("versions/b.py", &again);
    assert!(!mended.explain.has_failed(Verb::Upgrade) && mended.explain.failed.is_some());

    // A mistyped line says nothing about the button; it is told all the same.
    let mistyped = started().reduce(ConsoleAction::Started {
        id: 6,
        line: "alembic upgrade haed".into(),
    });
    let mut refused = (*ran).clone();
    if let Some(failure) = &mut refused.failure {
        failure.place = None;
    }
    let mistyped = mistyped.reduce(ConsoleAction::Ended {
        id: 6,
        ran: Rc::new(refused),
    });
    assert!(mistyped.explain.failed.is_some() && !mistyped.explain.has_failed(Verb::Upgrade));
}

#[test]
fn what_failed_last_is_told_on_the_next_visit() {
    let printed = Printed {
        line: "alembic upgrade head".into(),
        status: 1,
        failure: Some(Failure {
            class: "sqlalchemy.exc.OperationalError".into(),
            message: "no such table: x".into(),
            ..Failure::default()
        }),
        verb: Some(Verb::Upgrade),
        ..Printed::default()
    };
    let visit = |console: Vec<Printed>| {
        State::new(Vec::new()).reduce(Action::Ready {
            console,
            view: view(&["models.py"], &[("a", true)], &["t"]),
            sqlite: "3".into(),
            restored: true,
            storage: Storage::Saved,
        })
    };
    let state = visit(vec![printed.clone()]);
    assert!(state.explain.has_failed(Verb::Upgrade));
    assert!(state.console.entries[0].failed.is_some());
    // What was run after it says more.
    let state = visit(vec![printed, Printed::default()]);
    assert!(state.explain.failed.is_none());
    assert!(state.console.entries[0].failed.is_some());
}

#[test]
fn files_open_where_they_belong() {
    let state = started().reduce(FilesAction::Open {
        path: "versions/b.py".into(),
        line: Some(3),
    });
    assert_eq!(state.migrations.revision.as_deref(), Some("b"));
    assert_eq!(state.app.tab, Pane::Migrations);
    assert_eq!(
        state.files.reveal.as_ref().map(|reveal| reveal.line),
        Some(3)
    );
    let state = state.reduce(FilesAction::Open {
        path: "alembic.ini".into(),
        line: None,
    });
    assert_eq!(state.models.file.as_deref(), Some("alembic.ini"));
}

#[test]
fn a_review_is_due_where_it_is_looked_at_and_out_of_date() {
    let state = started();
    assert!(!state.review_due());
    let state = state.reduce(MigrationsAction::Tab(ScriptTab::Review));
    assert!(state.review_due());
    let done = |state: &State| {
        state
            .reduce(ReviewAction::Started)
            .reduce(ReviewAction::Ended(Reviewed {
                revision: "a".into(),
                files: state.view.files.clone(),
                outcome: Outcome::Cancelled,
            }))
    };
    let state = done(&state);
    assert!(!state.review.reviewing && !state.review_due());
    // The same files again, then others.
    let same = state.reduce(Action::Changed(state.view.clone()));
    assert!(!same.review_due());
    let other = state.reduce(Action::Changed(view(
        &["models.py", "b.py"],
        &[("b", false), ("a", true)],
        &["t"],
    )));
    assert!(other.review_due() && other.shown_review().is_some());
    // Another revision has none yet; what was stopped may be asked for again.
    let chosen = state.reduce(MigrationsAction::Choose("b".into()));
    assert!(chosen.review_due() && chosen.shown_review().is_none());
    assert!(state.reduce(ReviewAction::Again).review_due());
    // A link to a line opens the script.
    let opened = state.reduce(FilesAction::Open {
        path: "versions/a.py".into(),
        line: Some(2),
    });
    assert_eq!(opened.migrations.tab, ScriptTab::Script);
}
