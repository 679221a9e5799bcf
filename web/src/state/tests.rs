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

#[test]
fn a_review_is_due_where_it_is_looked_at_and_out_of_date() {
    let state = started();
    assert!(!state.review_due());
    let state = state.reduce(Action::ScriptTab(ScriptTab::Review));
    assert!(state.review_due());
    let done = |state: &State| {
        state.reduce(Action::Reviewing).reduce(Action::Reviewed {
            revision: "a".into(),
            outcome: Outcome::Stopped,
        })
    };
    let state = done(&state);
    assert!(!state.reviewing && !state.review_due());
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
    let chosen = state.reduce(Action::Revision("b".into()));
    assert!(chosen.review_due() && chosen.shown_review().is_none());
    assert!(state.reduce(Action::ReviewAgain).review_due());
    // A link to a line opens the script.
    let opened = state.reduce(Action::Open {
        path: "versions/a.py".into(),
        line: Some(2),
    });
    assert_eq!(opened.script_tab, ScriptTab::Script);
}

#[test]
fn a_verdict_gives_its_reason() {
    use crate::protocol::{
        ColumnCells, Differs, Ground, Place as FilePlace, Review, RoundTrip, RowDifference,
        TableDifference, Verdict,
    };
    let mut review = Review {
        revision: "a".into(),
        path: "versions/a.py".into(),
        ground: Ground::Here,
        unreachable: None,
        rows: 12,
        findings: Vec::new(),
        round_trip: RoundTrip {
            verdict: Verdict::Lossless,
            step: None,
            failure: None,
            empty_downgrade: false,
            back: Vec::new(),
            again: Vec::new(),
            now: Vec::new(),
        },
        microseconds: 1,
    };
    let said = |review: &Review| {
        let (word, sentence) = verdict(review);
        format!("{word}: {sentence}")
    };
    assert_eq!(
        said(&review),
        "Lossless: upgrade, downgrade, upgrade on a copy with your 12 rows gave the same schema \
         and rows."
    );
    let table = TableDifference {
        table: "author".into(),
        was: None,
        change: None,
        items: Vec::new(),
        rows: Some(RowDifference {
            lost: 1,
            columns: vec![ColumnCells {
                column: "born".into(),
                lost: 3,
                changed: 0,
                converted: 0,
                filled_in: 0,
            }],
            ..RowDifference::default()
        }),
    };
    review.round_trip.verdict = Verdict::LosesData;
    review.round_trip.back = vec![table.clone()];
    assert_eq!(
        said(&review),
        "Loses data: upgrade, downgrade, upgrade on a copy with your 12 rows loses 1 row of \
         author; 3 values of author.born."
    );
    review.round_trip.verdict = Verdict::NotReversed;
    review.round_trip.empty_downgrade = true;
    review.round_trip.back[0].change = Some(Differs::Added);
    assert_eq!(
        said(&review),
        "Not reversed: downgrade on a copy with your 12 rows does not bring back the schema from \
         before: table author is left over. downgrade() does nothing."
    );
    review.ground = Ground::Empty;
    review.round_trip.verdict = Verdict::Broken;
    review.round_trip.empty_downgrade = false;
    review.round_trip.step = Some("downgrade".into());
    review.round_trip.failure = Some(Failure {
        message: "OperationalError: no such table: x\nmore".into(),
        place: Some(FilePlace {
            path: "versions/a.py".into(),
            line: 14,
            column: 1,
            end_line: 14,
            end_column: 2,
        }),
        ..Failure::default()
    });
    assert_eq!(
        said(&review),
        "Broken: downgrade on an empty database fails at line 14: OperationalError: no such \
         table: x"
    );
}
