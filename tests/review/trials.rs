//! Runs up and down: verdicts, failures and what is recorded of a run.

use std::rc::Rc;

use limbeck::command;
use limbeck::driver::Value;
use limbeck::ground::event::Observer;
use limbeck::ground::host::Host;
use limbeck::ground::run::Run;
use limbeck::review::{
    Change, Code, Database, Ground, ItemKind, Part, RecordedOperation, Recorder, Renames, Rows,
    Severity, Verdict, compare, findings, round_trip, round_trips,
};

use super::{codes, only, users, with};

#[test]
fn what_a_script_catches_is_no_error() {
    let mut project = users();
    let id = project.revision(
        "try:\n    op.create_unique_constraint('uq', 'users', ['name'])\n\
         except NotImplementedError:\n    pass\n\
         op.create_index('ix', 'users', ['age'])",
        "op.drop_index('ix', table_name='users')",
    );
    let review = project.review(&id);
    assert!(
        review
            .findings
            .iter()
            .all(|finding| finding.severity != Severity::Error),
        "{:#?}",
        review.findings
    );
}

#[test]
fn a_merge_goes_there_and_back() {
    let mut project = users();
    project.revision("pass", "pass");
    let text = project.read("alembic/versions/r2_step.py");
    for (name, down) in [("side", "'r1'"), ("joined", "('r2', 'side')")] {
        project.write(
            &format!("alembic/versions/{name}.py"),
            &text
                .replace("revision = 'r2'", &format!("revision = '{name}'"))
                .replace("down_revision = 'r1'", &format!("down_revision = {down}")),
        );
    }
    assert_eq!(codes(&project.review("joined")), [""; 0]);
    for upgraded in [false, true] {
        if upgraded {
            assert_eq!(project.alembic("upgrade head"), 0);
        }
        for id in ["r1", "r2", "side", "joined"] {
            let trip = round_trip(&project.run(), id, Rows::AtHand).unwrap();
            assert_eq!(trip.verdict.word(), "lossless", "{trip:#?}");
        }
    }
}

#[test]
fn the_way_back_may_fail_for_its_rows() {
    let mut project = users();
    project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    batch_op.drop_column('name')",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.add_column(sa.Column('name', sa.VARCHAR(length=50), nullable=False))",
    );
    let review = project.review(&id);
    assert_eq!(codes(&review), ["drops-data", "not-null-without-default"]);
    let mended = project.fixed(&review, &review.findings[1]);
    assert!(with(&mended, Code::NotNullWithoutDefault).is_none());
    assert!(with(&mended, Code::DowngradeFails).is_none());
}

#[test]
fn no_way_back() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('score', sa.Integer(), nullable=True))",
        "pass",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::DowngradeMissing);
    let trip = round_trip(&project.run(), &id, Rows::AtHand).unwrap();
    assert!(trip.empty_downgrade);
    assert_eq!(trip.verdict.word(), "broken");
    // Once it has run, the database can't be taken back to before it.
    assert_eq!(project.alembic("upgrade head"), 0);
    let applied = project.review(&id);
    only(&applied, Code::DowngradeMissing);
    assert_eq!(applied.ground, Ground::Empty);
    assert!(
        applied
            .unreachable
            .unwrap()
            .message
            .contains("downgrade() of r2 does nothing")
    );
    assert_eq!(project.alembic("stamp r1"), 0);
    project.sql("ALTER TABLE users DROP COLUMN score");
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert!(
        !round_trip(&project.run(), &id, Rows::AtHand)
            .unwrap()
            .empty_downgrade
    );

    // A revision that does nothing needs no way back, and one that says so is only noted.
    let id = project.revision("pass", "pass");
    assert_eq!(codes(&project.review(&id)), [""; 0]);
    let id = project.revision(
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))",
        "raise NotImplementedError('no')",
    );
    let review = project.review(&id);
    assert_eq!(
        only(&review, Code::DowngradeMissing).severity,
        Severity::Note
    );
}

#[test]
fn a_way_back_that_leads_elsewhere() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('score', sa.Integer(), nullable=True))\n\
         op.create_index('ix_users_name', 'users', ['name'])",
        "op.drop_column('users', 'score')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::DowngradeNotReversing);
    assert!(finding.message.contains("ix_users_name"), "{finding:?}");
    let trip = round_trip(&project.run(), &id, Rows::AtHand).unwrap();
    let Verdict::Broken { step, .. } = &trip.verdict else {
        panic!("{trip:?}");
    };
    assert_eq!(*step, "upgrade again");
    let path = "alembic/versions/r2_step.py";
    let text = project.read(path);
    project.write(
        path,
        &text.replace("['name'])", "['name'], if_not_exists=True)"),
    );
    let trip = round_trip(&project.run(), &id, Rows::AtHand).unwrap();
    assert_eq!(trip.verdict.word(), "not reversed");
    let item = &trip.back[0].tables[0].items[0];
    assert_eq!((item.kind, item.change), (ItemKind::Index, Change::Added));
}

#[test]
fn a_failure_is_told_with_its_line() {
    let mut project = users();
    let id = project.revision("op.drop_table('missing')", "op.drop_table('users')");
    let review = project.review(&id);
    let finding = with(&review, Code::UpgradeFails).unwrap();
    assert!(
        finding.message.contains("no such table: missing"),
        "{finding:?}"
    );
    assert_eq!(finding.location.line, 13);
    let trip = round_trip(&project.run(), &id, Rows::AtHand).unwrap();
    let Verdict::Broken { step, location, .. } = trip.verdict else {
        panic!("{trip:?}");
    };
    assert_eq!((step, location.unwrap().line), ("upgrade", 13));
}

#[test]
fn verdicts_of_each_kind() {
    let mut project = users();
    let lossless = project.revision(
        "op.add_column('users', sa.Column('note', sa.Text(), nullable=True))",
        "op.drop_column('users', 'note')",
    );
    let schema_only = project.revision(
        "op.execute(\"UPDATE users SET note = 'none' WHERE note IS NULL\")",
        "op.execute('SELECT 1')",
    );
    let loses = project.revision(
        "op.drop_column('users', 'age')",
        "op.add_column('users', sa.Column('age', sa.String(length=10), nullable=True))",
    );
    let broken = project.revision(
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))",
        "op.drop_table('tee')",
    );
    let before = project.host.files();
    let ids = ["r1".to_owned(), lossless, schema_only, loses, broken];
    let trips = round_trips(&project.run(), &ids);
    let words: Vec<&str> = trips
        .iter()
        .map(|(_, trip)| trip.as_ref().unwrap().verdict.word())
        .collect();
    assert_eq!(
        words,
        [
            "lossless",
            "lossless",
            "schema only",
            "loses data",
            "broken"
        ],
        "{trips:#?}"
    );
    assert_eq!(before, project.host.files());
    let loses = trips[3].1.as_ref().unwrap();
    let rows = loses.back[0].tables[0].rows.as_ref().unwrap();
    assert_eq!(rows.columns[0].column, "age");
    assert_eq!(rows.columns[0].lost, 3);
    assert_eq!(rows.sample[0].cells[0].before, Some(Value::from("36")));
    // The first revision has the user's rows, which going back would lose.
    let now = &trips[0].1.as_ref().unwrap().now;
    assert_eq!(now.len(), 1);
    assert_eq!(now[0].tables[0].rows.as_ref().unwrap().lost, 3);
}

#[test]
fn a_review_can_be_cancelled() {
    struct Cancelled;
    impl Observer for Cancelled {
        fn event(&self, _: limbeck::ground::event::Event) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let project = users();
    let run = Run::observed(project.host.clone(), Rc::new(Cancelled));
    assert!(findings(&run, "r1", Rows::AtHand).is_err());
    assert!(round_trips(&run, &["r1".to_owned()]).is_empty());
}

#[test]
fn a_run_is_recorded_step_by_step() {
    let mut project = users();
    project.revision(
        "op.rename_table('users', 'people')\n\
         with op.batch_alter_table('people') as batch_op:\n    \
         batch_op.alter_column('name', new_column_name='full_name', existing_type=sa.String(50), \
         type_=sa.Text(), existing_nullable=True)\n\
         op.execute(\"UPDATE people SET age = '1'\")\n\
         op.get_bind().execute(sa.text(\"DELETE FROM people WHERE id = 3\"))\n\
         op.create_index('ix', 'people', ['age'])",
        "pass",
    );
    let host: Rc<dyn Host> = project.host.clone();
    let recorder = Rc::new(Recorder::new(&host, Recorder::CAP));
    let run = Run::observed(host.clone(), recorder.clone());
    let first = Database::of_host(&host, "app.db").unwrap();
    assert_eq!(
        command::run(&run, &["upgrade".to_owned(), "head".to_owned()]),
        0
    );
    let timelines = recorder.take();
    let [timeline] = timelines.as_slice() else {
        panic!("{timelines:#?}");
    };
    assert!(timeline.finished && !timeline.truncated && timeline.error.is_none());
    let names: Vec<&str> = timeline
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "rename_table",
            "alter_column",
            "batch_alter_table",
            "execute",
            "",
            "create_index",
            "alembic_version"
        ]
    );
    let batch = &timeline.steps[2];
    assert_eq!(batch.location.as_ref().unwrap().line, 14);
    let parts: Vec<Part> = batch
        .statements
        .iter()
        .map(|statement| statement.part)
        .filter(|part| !matches!(part, Part::Statement | Part::Transaction))
        .collect();
    assert_eq!(
        parts,
        [
            Part::BatchCreate,
            Part::BatchCopy,
            Part::BatchDrop,
            Part::BatchRename
        ]
    );
    assert!(matches!(
        timeline.steps[1].operation,
        Some(RecordedOperation::AlterColumn { .. })
    ));
    assert!(timeline.steps[1].batch && timeline.steps[1].statements.is_empty());
    assert_eq!(timeline.steps[3].rows(), 3);
    assert_eq!(timeline.steps[4].rows(), 1);
    // What is not committed yet is seen.
    let count = |step: usize, after: bool| {
        let step = &timeline.steps[step];
        let snapshot = if after { &step.after } else { &step.before };
        let image = snapshot.as_ref().unwrap().image(None).unwrap();
        let database = Database::from_image(image).unwrap();
        database
            .query("SELECT count(*), min(age) FROM people")
            .unwrap()
            .remove(0)
    };
    assert_eq!(count(3, false), [Value::Integer(3), Value::from("36")]);
    assert_eq!(count(3, true), [Value::Integer(3), Value::from("1")]);
    assert_eq!(count(4, false), [Value::Integer(3), Value::from("1")]);
    assert_eq!(count(4, true), [Value::Integer(2), Value::from("1")]);
    let renames = Renames::of(&timelines);
    assert_eq!(renames.new_table("users"), "people");
    let last = Database::of_host(&host, "app.db").unwrap();
    let difference = compare(&first, &last, &renames, 10).unwrap();
    let [table] = difference.tables.as_slice() else {
        panic!("{difference:#?}");
    };
    assert_eq!(table.was.as_deref(), Some("users"));
    let rows = table.rows.as_ref().unwrap();
    assert_eq!((rows.lost, rows.added, rows.changed), (1, 0, 2));
    let columns: Vec<&str> = rows.columns.iter().map(|c| c.column.as_str()).collect();
    assert_eq!(columns, ["age"]);

    // Beyond the cap steps are recorded without images.
    assert_eq!(project.alembic("downgrade -1"), 0);
    let recorder = Rc::new(Recorder::new(&host, 10));
    let run = Run::observed(host, recorder.clone());
    command::run(&run, &["stamp".to_owned(), "r1".to_owned()]);
    assert!(
        recorder
            .take()
            .iter()
            .all(|timeline| timeline.direction == "stamp")
    );
}
