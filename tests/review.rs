//! What a review tells: each finding where it belongs and nowhere else, fixes that mend what they
//! speak of, verdicts, and differences between states.

use std::path::Path;
use std::rc::Rc;

use limbeck::command;
use limbeck::driver::{ConnectArguments, Driver, Parameters, Sqlite, Value};
use limbeck::ground::event::Observer;
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;
use limbeck::review::{
    Change, Code, Database, Finding, Ground, ItemKind, Part, RecordedOperation, Recorder, Renames,
    Review, Severity, Verdict, apply_edits, compare, findings, round_trip, round_trips,
};

const ENV: &str = "\
from sqlalchemy import create_engine
from alembic import context

target_metadata = None
engine = create_engine(context.config.get_main_option('sqlalchemy.url'))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
";

struct Project {
    host: Rc<MemoryHost>,
    count: usize,
}

impl Project {
    fn new() -> Project {
        let host = Rc::new(MemoryHost::new("/project"));
        for folder in ["/project/alembic/versions", "/project/app"] {
            host.create_directories(folder).unwrap();
        }
        let project = Project { host, count: 0 };
        project.write(
            "alembic.ini",
            "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n\
             sqlalchemy.url = sqlite:///app.db\n",
        );
        project.write("alembic/env.py", ENV);
        project
    }

    fn write(&self, path: &str, text: &str) {
        self.host.write(path, text.as_bytes()).unwrap();
    }

    fn read(&self, path: &str) -> String {
        String::from_utf8(self.host.read(path).unwrap()).unwrap()
    }

    fn run(&self) -> Run {
        Run::new(self.host.clone())
    }

    /// Adds a revision after the last one.
    fn revision(&mut self, upgrade: &str, downgrade: &str) -> String {
        self.revision_with("", upgrade, downgrade)
    }

    fn revision_with(&mut self, imports: &str, upgrade: &str, downgrade: &str) -> String {
        self.count += 1;
        let id = format!("r{}", self.count);
        let down = match self.count {
            1 => "None".to_owned(),
            count => format!("'r{}'", count - 1),
        };
        let body = |text: &str| {
            text.lines()
                .map(|line| format!("    {line}\n"))
                .collect::<String>()
        };
        self.write(
            &format!("alembic/versions/{id}_step.py"),
            &format!(
                "\"\"\"step\n\nRevision ID: {id}\n\"\"\"\nfrom alembic import op\n\
                 import sqlalchemy as sa\n{imports}\nrevision = '{id}'\ndown_revision = {down}\n\n\n\
                 def upgrade() -> None:\n{}\n\ndef downgrade() -> None:\n{}",
                body(upgrade),
                body(downgrade)
            ),
        );
        id
    }

    fn alembic(&self, words: &str) -> i32 {
        let argv: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let status = command::run(&self.run(), &argv);
        if status != 0 {
            eprintln!("alembic {words}: {:?}", self.host.take_output());
        }
        status
    }

    fn sql(&self, script: &str) {
        let connection = self.connect();
        connection.execute_script(script).unwrap();
        connection.close();
        let host: Rc<dyn Host> = self.host.clone();
        limbeck::driver::flush(&host).unwrap();
    }

    fn connect(&self) -> Rc<dyn limbeck::driver::Connection> {
        Sqlite
            .connect(
                &self.run(),
                &ConnectArguments {
                    database: "app.db".to_owned(),
                    ..ConnectArguments::default()
                },
            )
            .unwrap()
    }

    fn query(&self, sql: &str) -> Vec<Vec<Value>> {
        let connection = self.connect();
        let rows = connection.execute(sql, &Parameters::NONE).unwrap().rows;
        connection.close();
        rows
    }

    fn review(&self, revision: &str) -> Review {
        let before = self.host.files();
        let review = findings(&self.run(), revision).unwrap();
        assert_eq!(before, self.host.files(), "a review touches nothing");
        review
    }

    /// Applies a fix, and reviews again.
    fn fixed(&self, review: &Review, finding: &Finding) -> Review {
        let fix = finding
            .fix
            .as_ref()
            .unwrap_or_else(|| panic!("no fix: {finding:?}"));
        let text = self.read(&review.path);
        let mended = apply_edits(&text, &fix.edits);
        eprintln!("---- {}\n{mended}", fix.title);
        self.write(&review.path, &mended);
        self.review(&review.revision)
    }
}

fn with(review: &Review, code: Code) -> Option<&Finding> {
    review.findings.iter().find(|finding| finding.code == code)
}

fn codes(review: &Review) -> Vec<&'static str> {
    review
        .findings
        .iter()
        .map(|finding| finding.code.word())
        .collect()
}

fn only(review: &Review, code: Code) -> &Finding {
    assert_eq!(codes(review), [code.word()], "{:#?}", review.findings);
    &review.findings[0]
}

const USERS: (&str, &str) = (
    "op.create_table('users',\nsa.Column('id', sa.Integer(), nullable=False),\n\
     sa.Column('name', sa.String(length=50), nullable=True),\n\
     sa.Column('age', sa.String(length=10), nullable=True),\n\
     sa.PrimaryKeyConstraint('id')\n)",
    "op.drop_table('users')",
);

/// A project with a table of three users, whose revision is run.
fn users() -> Project {
    let mut project = Project::new();
    project.revision(USERS.0, USERS.1);
    assert_eq!(project.alembic("upgrade head"), 0);
    project.sql("INSERT INTO users VALUES (1, 'Ada', '36'), (2, 'Grace', '85'), (3, 'Ada', 'old')");
    project
}

#[test]
fn what_autogenerate_writes_is_no_alarm() {
    let mut project = Project::new();
    let first = project.revision(USERS.0, USERS.1);
    assert_eq!(codes(&project.review(&first)), [""; 0]);
    let second = project.revision(
        "op.add_column('users', sa.Column('email', sa.String(), nullable=True))\n\
         op.create_index(op.f('ix_users_email'), 'users', ['email'], unique=True)",
        "op.drop_index(op.f('ix_users_email'), table_name='users')\n\
         op.drop_column('users', 'email')",
    );
    assert_eq!(codes(&project.review(&second)), [""; 0]);
    assert_eq!(project.review(&second).ground, Ground::Here);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(codes(&project.review(&first)), [""; 0]);
    assert_eq!(codes(&project.review(&second)), [""; 0]);
    assert_eq!(project.review(&second).ground, Ground::TakenBack);
}

#[test]
fn a_column_that_looks_renamed() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('full_name', sa.String(length=50), nullable=True))\n\
         op.drop_column('users', 'name')",
        "op.add_column('users', sa.Column('name', sa.String(length=50), nullable=True))\n\
         op.drop_column('users', 'full_name')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::LooksLikeRename);
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.evidence.as_ref().unwrap().total, 3);
    assert_eq!(finding.location.line, 14);
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert!(matches!(
        round_trip(&project.run(), &id).unwrap().verdict,
        Verdict::Lossless
    ));
    assert_eq!(project.alembic("upgrade head"), 0);
    let rows = project.query("SELECT full_name FROM users ORDER BY id");
    assert_eq!(rows[1], [Value::from("Grace")]);
    assert_eq!(project.alembic("downgrade -1"), 0);
    assert_eq!(project.query("SELECT name FROM users").len(), 3);
}

#[test]
fn a_column_renamed_with_another_type_in_a_batch_and_out_of_it() {
    for batch in [false, true] {
        let mut project = users();
        let (up, down) = (
            "op.add_column('users', sa.Column('user_name', sa.Text(), nullable=False))\n\
             op.drop_column('users', 'name')",
            "op.add_column('users', sa.Column('name', sa.String(length=50), nullable=True))\n\
             op.drop_column('users', 'user_name')",
        );
        let batched = |text: &str| {
            let lines: String = text
                .lines()
                .map(|line| {
                    format!(
                        "\n    batch_op.{}",
                        line.trim_start_matches("op.").replace("'users', ", "")
                    )
                })
                .collect();
            format!("with op.batch_alter_table('users', schema=None) as batch_op:{lines}\n")
        };
        let id = if batch {
            project.revision(&batched(up), &batched(down))
        } else {
            project.revision(up, down)
        };
        let review = project.review(&id);
        let finding = with(&review, Code::LooksLikeRename)
            .unwrap_or_else(|| panic!("{:#?}", review.findings));
        let mended = project.fixed(&review, finding);
        assert_eq!(codes(&mended), [""; 0], "{:#?}", mended.findings);
        assert_eq!(project.alembic("upgrade head"), 0);
        assert_eq!(project.query("SELECT user_name FROM users").len(), 3);
        assert_eq!(project.alembic("downgrade -1"), 0);
        let schema = Database::of_host(&(project.host.clone() as Rc<dyn Host>), "app.db").unwrap();
        assert_eq!(
            schema.tables().unwrap()[0]
                .column("name")
                .unwrap()
                .definition,
            "VARCHAR(50)"
        );
    }
}

#[test]
fn a_column_that_is_replaced_is_no_rename() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('member_since', sa.Date(), nullable=True))\n\
         op.drop_column('users', 'name')",
        "op.add_column('users', sa.Column('name', sa.String(length=50), nullable=True))\n\
         op.drop_column('users', 'member_since')",
    );
    let review = project.review(&id);
    only(&review, Code::DropsData);
    // What the script carries over is not lost.
    let id = {
        project.write(
            "alembic/versions/r2_step.py",
            &project.read("alembic/versions/r2_step.py").replace(
                "    op.drop_column('users', 'name')",
                "    op.add_column('users', sa.Column('label', sa.String(length=50)))\n    \
                 op.execute('UPDATE users SET label = name')\n    op.drop_column('users', 'name')",
            )
            .replace(
                "    op.drop_column('users', 'member_since')",
                "    op.drop_column('users', 'member_since')\n    op.drop_column('users', 'label')",
            ),
        );
        id
    };
    let review = project.review(&id);
    assert_eq!(only(&review, Code::DropsData).severity, Severity::Note);
}

#[test]
fn a_table_that_looks_renamed() {
    let mut project = users();
    let people = USERS.0.replace("'users'", "'people'");
    let id = project.revision(
        &format!(
            "{people}\nop.create_index(op.f('ix_people_name'), 'people', ['name'])\n\
             op.drop_table('users')"
        ),
        &format!(
            "{}\nop.drop_index(op.f('ix_people_name'), table_name='people')\n\
             op.drop_table('people')",
            USERS.0
        ),
    );
    let review = project.review(&id);
    let finding = only(&review, Code::LooksLikeRename);
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(project.query("SELECT * FROM people").len(), 3);
    assert_eq!(project.alembic("downgrade -1"), 0);
    assert_eq!(project.query("SELECT * FROM users").len(), 3);

    let mut project = users();
    let id = project.revision(
        "op.create_table('invoices', sa.Column('number', sa.Integer(), nullable=False), \
         sa.Column('total', sa.Numeric(), nullable=False))\nop.drop_table('users')",
        &format!("{}\nop.drop_table('invoices')", USERS.0),
    );
    only(&project.review(&id), Code::DropsData);
}

#[test]
fn data_that_a_drop_loses() {
    let mut project = users();
    let id = project.revision(
        "op.drop_column('users', 'age')",
        "op.add_column('users', sa.Column('age', sa.String(length=10), nullable=True))",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::DropsData);
    assert_eq!(
        finding.message,
        "users.age has 3 values that the drop loses."
    );
    assert_eq!(finding.target.as_deref(), Some("users.age"));
    project.sql("UPDATE users SET age = NULL");
    assert_eq!(codes(&project.review(&id)), [""; 0]);

    let mut project = users();
    let id = project.revision("op.execute('DROP TABLE users')", USERS.0);
    only(&project.review(&id), Code::DropsData);
}

#[test]
fn not_null_without_a_default() {
    let mut project = users();
    let id = project.revision(
        "op.add_column('users', sa.Column('score', sa.Integer(), nullable=False))",
        "op.drop_column('users', 'score')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::NotNullWithoutDefault);
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.evidence.as_ref().unwrap().total, 3);
    assert!(!finding.evidence.as_ref().unwrap().made);
    // Without rows it would still fail with one, and that is proven by one that is made.
    project.sql("DELETE FROM users");
    let review = project.review(&id);
    let finding = only(&review, Code::NotNullWithoutDefault);
    assert_eq!(finding.severity, Severity::Note);
    assert!(finding.evidence.as_ref().unwrap().made);
    project.sql("INSERT INTO users VALUES (1, 'Ada', '36')");
    let review = project.review(&id);
    let mended = project.fixed(&review, only(&review, Code::NotNullWithoutDefault));
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(
        project.query("SELECT score FROM users")[0],
        [Value::Integer(0)]
    );
}

#[test]
fn a_column_with_nulls_becomes_not_null() {
    let mut project = users();
    project.sql("UPDATE users SET name = NULL WHERE id = 2");
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.String(length=50), nullable=False)",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.String(length=50), nullable=True)",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::NotNullWithoutDefault);
    assert_eq!(
        finding.evidence.as_ref().unwrap().rows,
        [[Value::Integer(2), Value::Null]]
    );
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
}

#[test]
fn unique_on_duplicates() {
    let mut project = users();
    let id = project.revision(
        "op.create_index('ix_users_name', 'users', ['name'], unique=True)",
        "op.drop_index('ix_users_name', table_name='users')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::UniqueOnDuplicates);
    let evidence = finding.evidence.as_ref().unwrap();
    assert_eq!(evidence.columns, ["id", "name"]);
    assert_eq!(evidence.total, 2);
    project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
    assert_eq!(codes(&project.review(&id)), [""; 0]);
}

#[test]
fn a_type_that_loses_values() {
    let mut project = users();
    let batch = |kind: &str, was: &str| {
        format!(
            "with op.batch_alter_table('users') as batch_op:\n    \
             batch_op.alter_column('age', existing_type={was}, type_={kind})"
        )
    };
    let id = project.revision(
        &batch("sa.Integer()", "sa.String(length=10)"),
        &batch("sa.String(length=10)", "sa.Integer()"),
    );
    let review = project.review(&id);
    let finding = only(&review, Code::TypeLosesValues);
    assert_eq!(
        finding.evidence.as_ref().unwrap().rows,
        [[Value::Integer(3), Value::from("old")]]
    );
    let trip = round_trip(&project.run(), &id).unwrap();
    assert_eq!(trip.verdict.word(), "loses data");
    project.sql("UPDATE users SET age = '7' WHERE id = 3");
    assert_eq!(codes(&project.review(&id)), [""; 0]);
    let trip = round_trip(&project.run(), &id).unwrap();
    assert_eq!(trip.verdict.word(), "lossless", "{trip:#?}");
}

#[test]
fn a_foreign_key_without_an_index() {
    let mut project = users();
    let id = project.revision(
        "op.create_table('posts', sa.Column('id', sa.Integer(), nullable=False), \
         sa.Column('user_id', sa.Integer(), nullable=True),\n\
         sa.ForeignKeyConstraint(['user_id'], ['users.id']), sa.PrimaryKeyConstraint('id'))",
        "op.drop_table('posts')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::ForeignKeyWithoutIndex);
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(codes(&project.fixed(&review, finding)), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(project.alembic("downgrade -1"), 0);
}

#[test]
fn a_constraint_without_a_name() {
    let mut project = users();
    project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.create_unique_constraint(None, ['name'])",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.drop_constraint(None, type_='unique')",
    );
    let review = project.review(&id);
    let finding = only(&review, Code::UnnamedConstraint);
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0]);
    assert_eq!(project.alembic("upgrade head"), 0);
    assert_eq!(project.alembic("downgrade -1"), 0);
}

#[test]
fn a_constraint_that_has_no_name_in_the_database() {
    let mut project = Project::new();
    project.revision(
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), \
         sa.Column('a', sa.Integer()), sa.UniqueConstraint('a'))",
        "op.drop_table('t')",
    );
    assert_eq!(project.alembic("upgrade head"), 0);
    let id = project.revision(
        "with op.batch_alter_table('t', schema=None) as batch_op:\n    \
         batch_op.drop_constraint(None, type_='unique')",
        "with op.batch_alter_table('t', schema=None) as batch_op:\n    \
         batch_op.create_unique_constraint(None, ['a'])",
    );
    let review = project.review(&id);
    let finding = with(&review, Code::UnnamedConstraint).unwrap();
    let mended = project.fixed(&review, finding);
    assert_eq!(codes(&mended), [""; 0], "{:#?}", mended.findings);
    assert_eq!(project.alembic("upgrade head"), 0);
    project.sql("INSERT INTO t VALUES (1, 1), (2, 1)");
    let review = project.review(&id);
    assert_eq!(
        codes(&review),
        [""; 0],
        "the rows that repeat are not there any more"
    );
}

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
            let trip = round_trip(&project.run(), id).unwrap();
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
fn an_enum_that_loses_names_and_texts_that_are_no_dates() {
    let mut project = users();
    let id = project.revision(
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.String(length=50), \
         type_=sa.Enum('Ada', 'Alan', name='who'))\n    \
         batch_op.alter_column('age', existing_type=sa.String(length=10), type_=sa.Date())",
        "with op.batch_alter_table('users') as batch_op:\n    \
         batch_op.alter_column('name', existing_type=sa.Enum('Ada', 'Alan', name='who'), \
         type_=sa.String(length=50))\n    \
         batch_op.alter_column('age', existing_type=sa.Date(), type_=sa.String(length=10))",
    );
    let review = project.review(&id);
    assert_eq!(
        codes(&review),
        ["type-loses-values"; 2],
        "{:#?}",
        review.findings
    );
    assert_eq!(review.findings[0].evidence.as_ref().unwrap().total, 1);
}

#[test]
fn alterations_that_need_batch_mode() {
    let cases = [
        (
            "op.alter_column('users', 'name', existing_type=sa.String(length=50), nullable=False)",
            "op.alter_column('users', 'name', existing_type=sa.String(length=50), nullable=True)",
        ),
        (
            "op.create_unique_constraint('uq_users_name', 'users', ['name'])",
            "op.drop_constraint('uq_users_name', 'users', type_='unique')",
        ),
        (
            "op.create_unique_constraint(None, 'users', ['name'])",
            "op.drop_constraint(None, 'users', type_='unique')",
        ),
        (
            "op.add_column('users', sa.Column('boss', sa.Integer(), \
             sa.ForeignKey('users.id'), nullable=True))\n\
             op.create_index('ix_users_boss', 'users', ['boss'])",
            "with op.batch_alter_table('users') as batch_op:\n    \
             batch_op.drop_index('ix_users_boss')\n    batch_op.drop_column('boss')",
        ),
    ];
    for (up, down) in cases {
        let mut project = users();
        project.sql("UPDATE users SET name = 'Eve' WHERE id = 3");
        let id = project.revision(up, down);
        let mut review = project.review(&id);
        assert!(with(&review, Code::NeedsBatch).is_some(), "{review:#?}");
        for _ in 0..3 {
            let Some(finding) = with(&review, Code::NeedsBatch).cloned() else {
                break;
            };
            review = project.fixed(&review, &finding);
        }
        assert_eq!(codes(&review), [""; 0], "{:#?}", review.findings);
        assert_eq!(project.alembic("upgrade head"), 0);
        assert_eq!(project.alembic("downgrade -1"), 0);
    }
    let mut project = users();
    let id = project.revision(
        "op.alter_column('users', 'name', new_column_name='full_name')",
        "op.alter_column('users', 'full_name', new_column_name='name')",
    );
    assert_eq!(codes(&project.review(&id)), [""; 0]);
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
    let trip = round_trip(&project.run(), &id).unwrap();
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
    assert!(!round_trip(&project.run(), &id).unwrap().empty_downgrade);

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
    let trip = round_trip(&project.run(), &id).unwrap();
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
    let trip = round_trip(&project.run(), &id).unwrap();
    assert_eq!(trip.verdict.word(), "not reversed");
    let item = &trip.back[0].tables[0].items[0];
    assert_eq!((item.kind, item.change), (ItemKind::Index, Change::Added));
}

#[test]
fn imports_that_are_there_or_not() {
    let mut project = users();
    project.write("app/__init__.py", "");
    project.write(
        "app/types.py",
        "import sqlalchemy as sa\nName = sa.String(20)\n",
    );
    project.write(
        "app/models.py",
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\
         class Base(DeclarativeBase): pass\n\
         class User(Base):\n    __tablename__ = 'users'\n    \
         id: Mapped[int] = mapped_column(primary_key=True)\n",
    );
    let id = project.revision_with(
        "from app.models import User\n",
        "op.add_column('users', sa.Column('a', app.types.Name, nullable=True))\n\
         op.add_column('users', sa.Column('b', sqlmodel.sql.sqltypes.AutoString(), nullable=True))",
        "op.drop_column('users', 'b')\nop.drop_column('users', 'a')",
    );
    let mut review = project.review(&id);
    let models = with(&review, Code::ModelsImported).unwrap();
    assert_eq!(models.location.line, 7);
    for _ in 0..2 {
        let missing = with(&review, Code::ImportMissing).unwrap().clone();
        review = project.fixed(&review, &missing);
    }
    only(&review, Code::ModelsImported);
    let text = project.read(&review.path);
    assert!(text.contains("import app.types\n") && text.contains("import sqlmodel\n"));
    project.write(
        &review.path,
        &text.replace("from app.models import User\n", ""),
    );
    assert_eq!(codes(&project.review(&id)), [""; 0]);
}

#[test]
fn several_heads() {
    let mut project = users();
    project.revision("pass", "pass");
    let text = project.read("alembic/versions/r2_step.py");
    project.write(
        "alembic/versions/other.py",
        &text.replace("revision = 'r2'", "revision = 'other'"),
    );
    only(&project.review("r2"), Code::SeveralHeads);
    assert_eq!(codes(&project.review("r1")), [""; 0]);
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
    let trip = round_trip(&project.run(), &id).unwrap();
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
    assert!(findings(&run, "r1").is_err());
    assert!(round_trips(&run, &["r1".to_owned()]).is_empty());
}

fn database(sql: &str) -> Database {
    let host: Rc<dyn Host> = Rc::new(MemoryHost::new("/"));
    let connection = Sqlite
        .connect(
            &Run::new(host.clone()),
            &ConnectArguments {
                database: "a.db".to_owned(),
                ..ConnectArguments::default()
            },
        )
        .unwrap();
    connection.execute_script(sql).unwrap();
    connection.close();
    limbeck::driver::flush(&host).unwrap();
    Database::of_host(&host, "a.db").unwrap()
}

#[test]
fn states_that_differ() {
    let before = database(
        "CREATE TABLE gone (id INTEGER PRIMARY KEY); INSERT INTO gone VALUES (1), (2);
         CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c TEXT, old TEXT);
         CREATE INDEX ix_a ON t (a);
         INSERT INTO t VALUES (1, 'x', 1, NULL, 'o'), (2, 'y', 2, 'k', NULL), (3, 'z', 3, 'k', 'p');
         CREATE TABLE keyless (a, b); INSERT INTO keyless VALUES (1, 1), (2, 2), (3, 3);
         DELETE FROM keyless WHERE a = 1;
         CREATE TABLE word (w TEXT PRIMARY KEY, n) WITHOUT ROWID; INSERT INTO word VALUES ('a', 1);
         CREATE TABLE same (id INTEGER PRIMARY KEY, v); INSERT INTO same VALUES (1, 1);",
    );
    let after = database(
        "CREATE TABLE new (id INTEGER PRIMARY KEY); INSERT INTO new VALUES (1);
         CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT, c TEXT, d TEXT,
            CONSTRAINT uq_b UNIQUE (b));
         INSERT INTO t VALUES (1, 'x', '1', 'filled', 'd'), (2, 'Y', '2', NULL, NULL),
            (4, 'n', 4, NULL, NULL);
         CREATE TABLE keyless (a, b); INSERT INTO keyless VALUES (2, 2), (3, 4);
         CREATE TABLE word (w TEXT PRIMARY KEY, n) WITHOUT ROWID; INSERT INTO word VALUES ('a', 2);
         CREATE TABLE same (id INTEGER PRIMARY KEY, v); INSERT INTO same VALUES (1, 1);",
    );
    let difference = compare(&before, &after, &Renames::default(), 10).unwrap();
    let names: Vec<&str> = difference
        .tables
        .iter()
        .map(|table| table.table.as_str())
        .collect();
    assert_eq!(names, ["gone", "keyless", "new", "t", "word"]);
    assert_eq!(difference.tables[0].change, Some(Change::Removed));
    assert_eq!(difference.tables[0].rows.as_ref().unwrap().lost, 2);
    let keyless = difference.tables[1].rows.as_ref().unwrap();
    assert_eq!(keyless.matched_by, "place");
    assert_eq!((keyless.lost, keyless.added, keyless.changed), (0, 0, 1));
    assert_eq!(difference.tables[2].rows.as_ref().unwrap().added, 1);
    let items: Vec<(ItemKind, Change, &str)> = difference.tables[3]
        .items
        .iter()
        .map(|item| {
            let side = item.after.as_ref().or(item.before.as_ref()).unwrap();
            (item.kind, item.change, side.name.as_str())
        })
        .collect();
    assert_eq!(
        items,
        [
            (ItemKind::Column, Change::Altered, "a"),
            (ItemKind::Column, Change::Altered, "b"),
            (ItemKind::Column, Change::Added, "d"),
            (ItemKind::Column, Change::Removed, "old"),
            (ItemKind::Unique, Change::Added, "uq_b"),
            (ItemKind::Index, Change::Removed, "ix_a"),
        ]
    );
    let rows = difference.tables[3].rows.as_ref().unwrap();
    assert_eq!(rows.matched_by, "id");
    assert_eq!((rows.lost, rows.added, rows.changed), (1, 1, 2));
    let counts: Vec<(&str, u64, u64, u64, u64)> = rows
        .columns
        .iter()
        .map(|c| {
            (
                c.column.as_str(),
                c.lost,
                c.changed,
                c.converted,
                c.filled_in,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("a", 0, 1, 0, 0),
            ("b", 0, 0, 2, 0),
            ("c", 1, 0, 0, 1),
            ("old", 2, 0, 0, 0),
            ("d", 0, 0, 0, 1),
        ]
    );
    assert_eq!(rows.sample.len(), 4);
    assert_eq!(difference.tables[4].rows.as_ref().unwrap().changed, 1);
    assert!(
        compare(&before, &before, &Renames::default(), 10)
            .unwrap()
            .is_empty()
    );
    assert!(Database::from_bytes(b"no database at all".to_vec()).is_err());
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

/// The page's examples: nothing to be afraid of.
#[test]
fn the_examples_have_no_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/examples");
    for example in ["library", "heroes", "blog", "shop"] {
        let host = Rc::new(MemoryHost::new("/project"));
        copy(&folder.join(example), "/project", &host);
        let sql = String::from_utf8(host.read("database.sql").unwrap()).unwrap();
        // The blog's project stands in a folder of its own.
        if host.is_directory("backend") {
            host.set_current_directory("/project/backend");
        }
        let run = Run::new(host.clone());
        let connection = Sqlite
            .connect(
                &run,
                &ConnectArguments {
                    database: format!("{example}.db"),
                    ..ConnectArguments::default()
                },
            )
            .unwrap();
        connection
            .execute_script(&format!("BEGIN;\n{sql}\nCOMMIT;"))
            .unwrap();
        connection.close();
        let dynamic: Rc<dyn Host> = host.clone();
        limbeck::driver::flush(&dynamic).unwrap();
        let state = command::describe(&run);
        assert!(!state.revisions.is_empty(), "{example}: {:?}", state.errors);
        for revision in &state.revisions {
            let review = findings(&run, &revision.revision).unwrap();
            for finding in &review.findings {
                eprintln!(
                    "{example} {} {}: {} {}",
                    revision.revision,
                    finding.location.line,
                    finding.code.word(),
                    finding.message
                );
                assert!(
                    finding.severity == Severity::Note || finding.code == Code::SeveralHeads,
                    "{finding:#?}"
                );
            }
            let trip = round_trip(&run, &revision.revision).unwrap();
            assert!(
                matches!(trip.verdict, Verdict::Lossless),
                "{example}: {trip:#?}"
            );
        }
    }
}

fn copy(from: &Path, to: &str, host: &MemoryHost) {
    host.create_directories(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{to}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            copy(&entry.path(), &path, host);
        } else {
            host.write(&path, &std::fs::read(entry.path()).unwrap())
                .unwrap();
        }
    }
}

/// The projects of `tests/cases`, as their documents leave them after each block of commands.
#[test]
fn the_cases_have_no_false_alarm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let document = path.file_stem().unwrap().to_string_lossy().into_owned();
        // The other documents are about commands; LIMBECK_CASE= takes them all in.
        let wanted = match std::env::var("LIMBECK_CASE") {
            Ok(only) => document.contains(&only),
            Err(_) => [
                "branches",
                "declarative",
                "half-way",
                "operations",
                "seed-00",
            ]
            .iter()
            .any(|name| document.starts_with(name)),
        };
        if !wanted {
            continue;
        }
        let host = Rc::new(MemoryHost::new("/project"));
        host.create_directories("/project").unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else {
                continue;
            };
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if let Some(file) = info.strip_prefix("file ") {
                if let Some((folder, _)) = file.rsplit_once('/') {
                    host.create_directories(folder).unwrap();
                }
                host.write(file, (body.join("\n") + "\n").as_bytes())
                    .unwrap();
                continue;
            }
            for line in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                let words: Vec<String> = line
                    .split(' ')
                    .map(|word| word.trim_matches(['\'', '"']).to_owned())
                    .collect();
                if words[0] == "alembic" {
                    command::run(&Run::new(host.clone()), &words[1..]);
                }
                if words[0] == "rm" {
                    let _ = host.remove(&words[1]);
                }
            }
        }
        let run = Run::new(host.clone());
        for revision in &command::describe(&run).revisions {
            let id = &revision.revision;
            let (Ok(review), Ok(trip)) = (findings(&run, id), round_trip(&run, id)) else {
                continue;
            };
            let errors: Vec<&Finding> = review
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            // An error is told if and only if something fails.
            let broken = matches!(
                trip.verdict,
                Verdict::Broken { step, .. } if step != "upgrade again" && !trip.empty_downgrade
            ) && with(&review, Code::DowngradeMissing).is_none();
            assert!(
                errors.is_empty() != broken || with(&review, Code::DowngradeMissing).is_some(),
                "{document} {id}: {:#?} {errors:#?}",
                trip.verdict
            );
        }
    }
}

/// How long a review takes in a project of many revisions.
#[test]
#[ignore = "a measurement, not a test: cargo test --release --test review -- --ignored --nocapture"]
fn many_revisions() {
    let mut project = Project::new();
    project.revision(USERS.0, USERS.1);
    for number in 0..1_000 {
        project.revision(
            &format!(
                "op.add_column('users', sa.Column('c{}', sa.Integer()))",
                number % 300
            )
            .replace(
                "op.add_column",
                if number < 300 {
                    "op.add_column"
                } else {
                    "print"
                },
            ),
            "pass",
        );
    }
    let start = std::time::Instant::now();
    assert_eq!(project.alembic("upgrade head"), 0);
    eprintln!("upgrade head: {:?}", start.elapsed());
    for id in ["r1001", "r2"] {
        let start = std::time::Instant::now();
        let review = project.review(id);
        eprintln!("review of {id}: {:?} {:?}", start.elapsed(), codes(&review));
        let start = std::time::Instant::now();
        let trip = round_trip(&project.run(), id).unwrap();
        eprintln!(
            "round trip of {id}: {:?} {}",
            start.elapsed(),
            trip.verdict.word()
        );
    }
}

/// A small sequence of numbers from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

#[derive(Clone)]
struct RandomTable {
    name: String,
    /// Name, type, NOT NULL, further keywords.
    columns: Vec<(String, String, bool, String)>,
    constraints: Vec<String>,
}

const TYPES: &[&str] = &[
    "sa.Integer()",
    "sa.String(20)",
    "sa.String(3)",
    "sa.Text()",
    "sa.Boolean()",
    "sa.Float()",
    "sa.Numeric(8, 2)",
    "sa.Date()",
    "sa.DateTime()",
    "sa.Enum('a', 'b', name='letter')",
];

const NAMES: &[&str] = &[
    "title",
    "full_title",
    "price",
    "unit_price",
    "made",
    "kind",
    "state",
    "code",
    "note",
    "label",
];

fn random_column(numbers: &mut Numbers) -> (String, String, bool, String) {
    (
        numbers.of(NAMES).to_owned(),
        numbers.of(TYPES).to_owned(),
        numbers.below(3) == 0,
        numbers
            .of(&[
                "",
                "",
                "",
                ", index=True",
                ", unique=True",
                ", server_default='1'",
            ])
            .to_owned(),
    )
}

fn random_tables(numbers: &mut Numbers) -> Vec<RandomTable> {
    let mut tables = Vec::new();
    for name in ["books", "users", "rooms"] {
        let mut table = RandomTable {
            name: name.to_owned(),
            columns: Vec::new(),
            constraints: Vec::new(),
        };
        for _ in 0..1 + numbers.below(4) {
            let column = random_column(numbers);
            if table.columns.iter().all(|known| known.0 != column.0) {
                table.columns.push(column);
            }
        }
        tables.push(table);
    }
    tables
}

fn changed_tables(tables: &[RandomTable], numbers: &mut Numbers) -> Vec<RandomTable> {
    let mut tables = tables.to_vec();
    for _ in 0..1 + numbers.below(3) {
        let place = numbers.below(tables.len());
        let kind = numbers.below(9);
        let table = &mut tables[place];
        let column = numbers.below(table.columns.len());
        match kind {
            0 => {
                let new = random_column(numbers);
                if table.columns.iter().all(|known| known.0 != new.0) {
                    table.columns.push(new);
                }
            }
            1 if table.columns.len() > 1 => {
                table.columns.remove(column);
            }
            2 | 3 => {
                let name = format!("{}_new", table.columns[column].0);
                table.columns[column].0 = name;
            }
            4 => table.columns[column].1 = numbers.of(TYPES).to_owned(),
            5 => table.columns[column].2 = !table.columns[column].2,
            6 => {
                let name = table.columns[column].0.clone();
                let named = numbers.of(&["", ", name='uq_it'"]);
                table.constraints = vec![format!("sa.UniqueConstraint('{name}'{named})")];
            }
            7 => {
                table.columns.push((
                    "other_id".to_owned(),
                    "sa.Integer(), sa.ForeignKey('users.id')".to_owned(),
                    false,
                    String::new(),
                ));
                let mut seen = std::collections::BTreeSet::new();
                table.columns.retain(|column| seen.insert(column.0.clone()));
            }
            _ if table.name != "users" => table.name = format!("{}_new", table.name),
            _ => {}
        }
    }
    tables
}

fn models(tables: &[RandomTable]) -> String {
    let mut text = "import sqlalchemy as sa\nmetadata = sa.MetaData()\n".to_owned();
    for table in tables {
        text.push_str(&format!(
            "sa.Table('{}', metadata, sa.Column('id', sa.Integer(), primary_key=True)",
            table.name
        ));
        for (name, kind, not_null, more) in &table.columns {
            let nullable = if *not_null { "False" } else { "True" };
            text.push_str(&format!(
                ",\n    sa.Column('{name}', {kind}, nullable={nullable}{more})"
            ));
        }
        for constraint in &table.constraints {
            text.push_str(&format!(",\n    {constraint}"));
        }
        text.push_str(")\n");
    }
    text
}

fn value(kind: &str, numbers: &mut Numbers, row: usize) -> String {
    match kind {
        kind if kind.starts_with("sa.Integer") => row.to_string(),
        "sa.Boolean()" => numbers.below(2).to_string(),
        "sa.Float()" | "sa.Numeric(8, 2)" => format!("{row}.5"),
        "sa.Date()" => format!("'2026-01-{row:02}'"),
        "sa.DateTime()" => format!("'2026-01-{row:02} 10:00:00.000000'"),
        kind if kind.starts_with("sa.Enum") => numbers.of(&["'a'", "'b'"]).to_owned(),
        _ => format!("'{}{row}'", numbers.of(&["x", "long text ", "7"])),
    }
}

/// Random changes of models, as autogenerate writes them: an error is told if and only if the
/// revision fails, and each fix mends what it speaks of.
#[test]
fn fixes_mend_what_autogenerate_writes() {
    let count: u64 = std::env::var("LIMBECK_REVIEWS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(6);
    for seed in 1..=count {
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let project = Project::new();
        let batch = if numbers.below(3) == 0 {
            "False"
        } else {
            "True"
        };
        project.write(
            "alembic/env.py",
            &ENV.replace("target_metadata = None", "from models import metadata")
                .replace(
                    "target_metadata=target_metadata",
                    &format!("target_metadata=metadata, render_as_batch={batch}"),
                ),
        );
        project.write(
            "alembic/script.py.mako",
            &String::from_utf8(
                std::fs::read(
                    Path::new(env!("CARGO_MANIFEST_DIR"))
                        .join("web/examples/empty/alembic/script.py.mako"),
                )
                .unwrap(),
            )
            .unwrap(),
        );
        let before = random_tables(&mut numbers);
        project.write("models.py", &models(&before));
        assert_eq!(
            project.alembic("revision --autogenerate -m one --rev-id one"),
            0
        );
        assert_eq!(project.alembic("upgrade head"), 0);
        for table in &before {
            for row in 1..=numbers.below(4) {
                let values: Vec<String> = table
                    .columns
                    .iter()
                    .map(|column| {
                        if !column.2 && numbers.below(4) == 0 {
                            "NULL".to_owned()
                        } else {
                            value(&column.1, &mut numbers, row)
                        }
                    })
                    .collect();
                let connection = project.connect();
                // A unique column may refuse a row; then there is one less.
                let _ = connection.execute(
                    &format!(
                        "INSERT INTO {} VALUES ({row}, {})",
                        table.name,
                        values.join(", ")
                    ),
                    &Parameters::NONE,
                );
                connection.commit().unwrap();
                connection.close();
            }
        }
        let host: Rc<dyn Host> = project.host.clone();
        limbeck::driver::flush(&host).unwrap();
        let after = changed_tables(&before, &mut numbers);
        project.write("models.py", &models(&after));
        assert_eq!(
            project.alembic("revision --autogenerate -m two --rev-id two"),
            0
        );
        let path = "alembic/versions/two_two.py";
        let mut trouble = String::new();
        for _ in 0..12 {
            let text = project.read(path);
            let review = project.review("two");
            let trip = round_trip(&project.run(), "two").unwrap();
            let errors = review
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .count();
            let broken = matches!(trip.verdict, Verdict::Broken { .. });
            if (errors > 0) != broken {
                trouble.push_str(&format!(
                    "errors and verdict part: {} {:#?}\n",
                    trip.verdict.word(),
                    review.findings
                ));
            }
            for finding in &review.findings {
                let Some(fix) = &finding.fix else { continue };
                let mended = apply_edits(&text, &fix.edits);
                project.write(path, &mended);
                let again = project.review("two");
                let same = |known: &&Finding| {
                    known.code == finding.code
                        && known.message == finding.message
                        && known.evidence == finding.evidence
                };
                let before = review.findings.iter().filter(same).count();
                if again.findings.iter().filter(same).count() >= before {
                    trouble.push_str(&format!("{} stays: {mended}\n", fix.title));
                }
                let count = |findings: &[Finding]| {
                    findings
                        .iter()
                        .filter(|finding| finding.severity == Severity::Error)
                        .count()
                };
                if count(&again.findings) > count(&review.findings) {
                    trouble.push_str(&format!(
                        "{} makes new errors: {:#?}\n{mended}\n",
                        fix.title, again.findings
                    ));
                }
            }
            // Then on with the first of them.
            let Some(fix) = review
                .findings
                .iter()
                .find(|finding| finding.severity != Severity::Note && finding.fix.is_some())
                .and_then(|finding| finding.fix.as_ref())
            else {
                project.write(path, &text);
                break;
            };
            project.write(path, &apply_edits(&text, &fix.edits));
        }
        assert!(
            trouble.is_empty(),
            "seed {seed}:\n{trouble}\n{}",
            project.read(path)
        );
    }
}
