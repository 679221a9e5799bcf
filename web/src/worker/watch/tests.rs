use protocol::{Contents, Differs};

use super::*;
use crate::session::tests::{run, session};

const HEAD: &str = "8e5d27b46c10";

/// Adds a revision to the library example.
fn add(session: &mut Session, id: &str, upgrade: &str, downgrade: &str) {
    let text = format!(
        "\"\"\"{id}\n\nRevision ID: {id}\nRevises: {HEAD}\n\n\"\"\"\nfrom alembic import op\n\
         import sqlalchemy as sa\n\nrevision = \"{id}\"\ndown_revision = \"{HEAD}\"\n\n\n\
         def upgrade():\n{upgrade}\n\n\ndef downgrade():\n{downgrade}\n"
    );
    session
        .write(&format!("alembic/versions/{id}.py"), &Contents::Text(text))
        .expect("the path is one of the project");
}

fn shown(session: &mut Session, id: &str, direction: Option<Direction>) -> Option<Recording> {
    session.steps(id, direction).shown
}

const BATCH: &str = "    with op.batch_alter_table(\"author\") as batch_op:\n        \
                     batch_op.alter_column(\"born\", new_column_name=\"birth_year\")\n        \
                     batch_op.alter_column(\"name\", type_=sa.Text())\n    \
                     op.execute(\"DELETE FROM loan WHERE id = 1\")\n    \
                     op.execute(\"UPDATE book SET title = 'Other' WHERE id = 2\")";

#[test]
fn a_run_is_replayed_as_it_was_recorded() {
    let mut session = session("library");
    add(&mut session, "aa01", BATCH, "    pass");
    assert!(shown(&mut session, "aa01", None).is_none());
    assert_eq!(run(&mut session, "alembic upgrade head").status, 0);
    let recording = shown(&mut session, "aa01", None).expect("it ran");
    assert_eq!(recording.command, "alembic upgrade head");
    assert_eq!(recording.copy, None);
    assert!(!recording.outdated);
    let names: Vec<&str> = recording
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "alter_column",
            "alter_column",
            "batch_alter_table",
            "execute",
            "execute",
            "alembic_version"
        ]
    );
    let batch = &recording.steps[2];
    assert_eq!(
        batch
            .statements
            .iter()
            .map(|statement| statement.part.as_str())
            .filter(|part| *part != "transaction")
            .collect::<Vec<_>>(),
        ["create", "copy", "drop", "rename"]
    );
    assert!(recording.steps[0].waits && !batch.waits);
    assert_eq!(
        recording.steps[0].call,
        "batch_op.alter_column(\"born\", new_column_name=\"birth_year\")"
    );
    assert_eq!(recording.steps[3].rows, 1);
    assert_eq!(
        recording.steps[3].place.as_ref().map(|place| place.line),
        Some(18)
    );

    // What each step did: a rename is no loss.
    let of = |step: usize| {
        session
            .step_difference(recording.number, step)
            .expect("it is kept")
            .expect("the databases are small")
    };
    assert!(of(0).is_empty());
    let author = &of(2)[0].tables[0];
    assert_eq!(author.table, "author");
    assert!(author.items.iter().any(|item| {
        item.change == Differs::Altered
            && item
                .after
                .as_ref()
                .is_some_and(|text| text.starts_with("birth_year"))
    }));
    assert!(author.rows.is_none());
    let loan = of(3)[0].tables[0].rows.clone().expect("a row is gone");
    assert_eq!((loan.lost, loan.added, loan.changed), (1, 0, 0));
    let book = of(4)[0].tables[0].rows.clone().expect("a cell is another");
    assert_eq!((book.lost, book.changed), (0, 1));

    // The script is edited: what ran stays what is shown.
    add(&mut session, "aa01", "    pass", "    pass");
    let again = shown(&mut session, "aa01", None).expect("it is kept");
    assert!(again.outdated && again.text == recording.text);
}

#[test]
fn the_states_before_and_after_a_run_are_compared() {
    let mut session = session("library");
    add(&mut session, "aa01", BATCH, "    pass");
    run(&mut session, "alembic upgrade head");
    run(
        &mut session,
        "sqlite3 library.db \"DELETE FROM loan WHERE id = 2\"",
    );
    let last = session
        .difference(None, None)
        .expect("there are two states");
    // The script that was added is a state too.
    assert_eq!((last.from, last.to), (2, 3));
    assert_eq!(last.databases[0].tables.len(), 1);
    let both = session
        .difference(Some(1), Some(3))
        .expect("they are known");
    let tables: Vec<(&str, u64)> = both.databases[0]
        .tables
        .iter()
        .map(|table| {
            (
                table.table.as_str(),
                table.rows.as_ref().map_or(0, |rows| rows.lost),
            )
        })
        .collect();
    assert_eq!(tables, [("author", 0), ("book", 0), ("loan", 2)]);
    assert!(session.difference(Some(7), Some(9)).is_err());
}

#[test]
fn a_failure_is_recorded_as_far_as_it_came() {
    let mut session = session("library");
    add(
        &mut session,
        "aa02",
        "    op.create_table(\"shelf\", sa.Column(\"id\", sa.Integer(), primary_key=True))\n    \
         op.add_column(\"nowhere\", sa.Column(\"x\", sa.Integer()))\n    \
         op.drop_table(\"shelf\")",
        "    pass",
    );
    assert_ne!(run(&mut session, "alembic upgrade head").status, 0);
    let recording = shown(&mut session, "aa02", Some(Direction::Upgrade)).expect("it began");
    assert_eq!(recording.steps.len(), 2);
    assert!(recording.steps[0].failure.is_none());
    let failure = recording.steps[1].failure.as_ref().expect("it failed");
    assert!(failure.message.contains("nowhere"), "{}", failure.message);
    assert!(recording.failure.is_some());
    let made = session
        .step_difference(recording.number, 0)
        .expect("kept")
        .expect("small");
    assert_eq!(made[0].tables[0].change, Some(Differs::Added));
}

#[test]
fn a_revision_that_never_ran_runs_on_a_copy() {
    let mut session = session("library");
    let before = session.host.files();
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        let steps = session.rehearse(HEAD, direction).expect("it can be tried");
        let recording = steps.shown.expect("it ran");
        assert_eq!(recording.copy, Some(CopyOf::TakenBack));
        assert_eq!(recording.direction, direction);
        assert!(recording.failure.is_none() && steps.recorded.is_empty());
        assert!(recording.steps.len() > 1);
    }
    assert!(session.host.files().same(&before));
    assert!(session.rehearse("nothing", Direction::Upgrade).is_err());
}

#[test]
fn revisions_of_one_command_follow_each_other() {
    let mut session = session("library");
    run(&mut session, "alembic downgrade base");
    run(&mut session, "alembic upgrade head --sql");
    assert!(shown(&mut session, HEAD, Some(Direction::Upgrade)).is_none());
    let first = shown(&mut session, HEAD, None).expect("it ran");
    assert_eq!(
        (first.previous, first.next.as_deref()),
        (None, Some("3b1f0c9a7d42"))
    );
    run(&mut session, "alembic upgrade +1; alembic upgrade +1");
    let second = shown(&mut session, HEAD, None).expect("it ran");
    assert_eq!(second.direction, Direction::Upgrade);
    assert_eq!(second.previous.as_deref(), Some("3b1f0c9a7d42"));
    assert_eq!(session.steps(HEAD, None).recorded.len(), 2);
}

#[test]
fn sql_is_written_for_each_dialect_and_nothing_changes() {
    // A project with types of PostgreSQL is written for no other database.
    let all = protocol::examples::EXAMPLES.iter();
    for example in all.filter(|example| example.url.is_none()) {
        let mut session = session(example.name);
        let before = session.host.files();
        let ids: Vec<String> = session
            .view()
            .migrations
            .revisions
            .iter()
            .map(|revision| revision.id.clone())
            .collect();
        for id in ids {
            let texts = session.sql_of(&id).expect("the revision is there");
            for one in &texts {
                println!(
                    "{} {} {:?}\n{}",
                    example.name, one.command, one.failure, one.text
                );
            }
            assert!(texts.iter().any(|one| one.dialect == "sqlite"
                && one.direction == Direction::Upgrade
                && one.text.contains("alembic_version")));
            assert!(texts.iter().any(|one| one.dialect == "postgresql"));
        }
        assert!(session.host.files().same(&before), "{}", example.name);
    }
}
