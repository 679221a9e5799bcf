use super::*;
use crate::protocol::{Database, FileEntry, Migrations, PendingOperation};

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
    assert_eq!(state.file.as_deref(), Some("models.py"));
    assert_eq!(state.revision.as_deref(), Some("a"));
    assert_eq!(state.table.as_deref(), Some("t"));
    assert!(state.hint);
    let state = state.reduce(Action::Changed(view(&["other.py"], &[], &[])));
    assert_eq!(state.file.as_deref(), Some("other.py"));
    assert_eq!((state.revision, state.table), (None, None));
}

#[test]
fn a_written_revision_is_opened_and_output_is_joined() {
    let piece = |text: &str| Piece {
        error: false,
        text: text.into(),
    };
    let state = started()
        .reduce(Action::Started {
            id: 4,
            line: "alembic revision".into(),
        })
        .reduce(Action::Printed {
            id: 4,
            pieces: vec![piece("a"), piece("b\n")],
        })
        .reduce(Action::Ended {
            id: 4,
            ran: Rc::new(Ran {
                status: 0,
                stdout: String::new(),
                stderr: String::new(),
                events: Vec::new(),
                microseconds: 5,
                view: view(&["models.py"], &[("c", false), ("a", true)], &["t"]),
                written: vec!["versions/c.py".into()],
                opened: Vec::new(),
                clear: false,
                failure: None,
                stayed: None,
            }),
        });
    assert_eq!(state.revision.as_deref(), Some("c"));
    assert_eq!(state.console[0].text(), "$ alembic revision\nab\n");
    assert_eq!((state.running, state.hint), (0, false));
}

#[test]
fn files_open_where_they_belong() {
    let state = started().reduce(Action::Open {
        path: "versions/b.py".into(),
        line: Some(3),
    });
    assert_eq!(state.revision.as_deref(), Some("b"));
    assert_eq!(state.tab, Place::Migrations);
    assert_eq!(state.reveal.as_ref().map(|reveal| reveal.line), Some(3));
    let state = state.reduce(Action::Open {
        path: "alembic.ini".into(),
        line: None,
    });
    assert_eq!(state.file.as_deref(), Some("alembic.ini"));
}

#[test]
fn messages_name_the_change() {
    let operation = |name: &str, target: &str| PendingOperation {
        name: name.into(),
        target: target.into(),
        ..PendingOperation::default()
    };
    let pending = Pending {
        operations: vec![
            operation("add_column", "book.isbn"),
            operation("create_index", "ix_book_isbn"),
        ],
        ..Pending::default()
    };
    assert_eq!(suggested_message(&pending), "add book.isbn");
}
