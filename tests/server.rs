//! Revisions on a server: the locks that they take, as a recording tells them, and reviews on copies of its databases.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/pages.rs"]
mod examples;
#[path = "../src/main.rs"]
#[allow(dead_code, reason = "only its host is wanted")]
mod program;
mod support;

use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use limbeck::cli::review::{RULES, ReviewedRevision, Settings};
use limbeck::command;
use limbeck::driver::{ConnectArguments, Driver, Parameters, Value, postgresql::PostgresDriver};
use limbeck::ground::event::Blocks;
use limbeck::ground::host::Host;
use limbeck::ground::run::Run;
use limbeck::review::{Recorder, Rows, Severity, Timeline};
use program::NativeHost;

const ENV: &str = "\
from alembic import context
from sqlalchemy import create_engine

with create_engine('postgresql://postgres@ADDRESS/postgres').connect() as connection:
    context.configure(connection=connection, version_table='locks_version')
    with context.begin_transaction():
        context.run_migrations()
";

const FIRST: &str = "\
from alembic import op
import sqlalchemy as sa
revision = 'a1'
down_revision = None

def upgrade():
    op.create_table('locks_users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.String(20)))
    op.create_table('locks_posts', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('user_id', sa.Integer()))

def downgrade():
    op.drop_table('locks_posts')
    op.drop_table('locks_users')
";

const SECOND: &str = "\
from alembic import op
import sqlalchemy as sa
revision = 'b2'
down_revision = 'a1'

def upgrade():
    op.add_column('locks_users', sa.Column('email', sa.String(20)))
    op.alter_column('locks_users', 'id', type_=sa.BigInteger())
    op.create_index('ix_locks', 'locks_posts', ['user_id'])
    op.create_foreign_key('fk_locks', 'locks_posts', 'locks_users', ['user_id'], ['id'])
    op.execute(\"UPDATE locks_users SET name = 'a'\")

def downgrade():
    op.drop_constraint('fk_locks', 'locks_posts', type_='foreignkey')
    op.drop_index('ix_locks', 'locks_posts')
    op.drop_column('locks_users', 'email')
";

/// Runs a command of the project and gives its recordings.
fn recorded(host: &Rc<dyn Host>, command: &str) -> Vec<Timeline> {
    let recorder = Rc::new(Recorder::new(host, Recorder::CAP));
    let run = Run::observed(host.clone(), recorder.clone());
    let argv: Vec<String> = command.split(' ').map(str::to_owned).collect();
    let status = command::run(&run, &argv);
    assert_eq!(status, 0, "{command}: {:?}", recorder.failure());
    recorder.take()
}

#[test]
fn each_statement_tells_what_it_locks() {
    let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
        support::not_asked("LIMBECK_POSTGRESQL names no server");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let project: Rc<dyn Host> = Rc::new(NativeHost::captured(folder.path().to_str().unwrap()));
    project.create_directories("migrations/versions").unwrap();
    let files = [
        (
            "alembic.ini",
            "[alembic]\nscript_location = migrations\n".to_owned(),
        ),
        ("migrations/env.py", ENV.replace("ADDRESS", &address)),
        ("migrations/versions/a1.py", FIRST.to_owned()),
        ("migrations/versions/b2.py", SECOND.to_owned()),
    ];
    for (path, text) in files {
        project.write(path, text.as_bytes()).unwrap();
    }
    recorded(&project, "upgrade a1");
    let timelines = recorded(&project, "upgrade b2");
    let [timeline] = timelines.as_slice() else {
        panic!("one revision ran")
    };
    let told: Vec<(&str, &str, &str, Blocks, bool)> = timeline
        .steps
        .iter()
        .flat_map(|step| {
            step.statements
                .iter()
                .map(move |statement| (step, statement))
        })
        .flat_map(|(step, statement)| {
            statement.locks.iter().map(|lock| {
                (
                    step.name.as_str(),
                    lock.table.as_str(),
                    lock.mode,
                    lock.blocks,
                    lock.rewritten,
                )
            })
        })
        .collect();
    let all = Blocks::ReadsAndWrites;
    assert_eq!(
        told,
        [
            ("add_column", "locks_users", "ACCESS EXCLUSIVE", all, false),
            ("alter_column", "locks_users", "ACCESS EXCLUSIVE", all, true),
            (
                "create_index",
                "locks_posts",
                "SHARE",
                Blocks::Writes,
                false
            ),
        ],
        "the foreign key blocks nothing more, and changing rows is not told"
    );
    recorded(&project, "downgrade base");
}

/// The first column of what a statement gives on the server.
fn ask(address: &str, database: &str, sql: &str) -> Vec<Value> {
    let (host, port) = address.rsplit_once(':').unwrap();
    let run = Run::new(Rc::new(NativeHost::captured("/")));
    let arguments = ConnectArguments::new()
        .with("host", host)
        .with("port", port)
        .with("user", "postgres")
        .with("dbname", database);
    let connection = PostgresDriver::Psycopg2.connect(&run, &arguments).unwrap();
    let raw = limbeck::driver::postgresql::PostgresConnection::of(&*connection).unwrap();
    raw.set_autocommit(true).unwrap();
    let cursor = connection.execute(sql, &Parameters::NONE).unwrap();
    connection.close();
    let rows = cursor.rows.into_iter();
    rows.filter_map(|row| row.into_iter().next()).collect()
}

/// Held by a test that makes copies: one of them looks whether any is left.
static COPIES: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    COPIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A project on a database of its own, at the example of a page that was before.
struct Example {
    address: String,
    database: &'static str,
    host: Rc<NativeHost>,
    _folder: tempfile::TempDir,
}

impl Drop for Example {
    fn drop(&mut self) {
        self.host.drop_copies();
    }
}

impl Example {
    fn new(address: &str, database: &'static str, before: &str) -> Self {
        ask(
            address,
            "postgres",
            &format!("DROP DATABASE IF EXISTS {database}"),
        );
        ask(address, "postgres", &format!("CREATE DATABASE {database}"));
        let folder = tempfile::tempdir().unwrap();
        let host = Rc::new(NativeHost::captured(folder.path().to_str().unwrap()));
        let example = Example {
            address: address.to_owned(),
            database,
            host,
            _folder: folder,
        };
        example
            .host
            .create_directories("migrations/versions")
            .unwrap();
        let env = ENV
            .replace("ADDRESS/postgres", &format!("{address}/{database}"))
            .replace(", version_table='locks_version'", "");
        example.write("alembic.ini", "[alembic]\nscript_location = migrations\n");
        example.write("migrations/env.py", &env);
        let text = examples::script("r1", None, before);
        example.write("migrations/versions/r1.py", &text);
        let argv = ["upgrade".to_owned(), "head".to_owned()];
        assert_eq!(command::run(&Run::new(example.host.clone()), &argv), 0);
        example
    }

    fn write(&self, path: &str, text: &str) {
        self.host.write(path, text.as_bytes()).unwrap();
    }

    /// The rules, with severity, that find something in a revision.
    fn found(&self, revision: &str, rows: Rows, settings: &Settings) -> Vec<(String, Severity)> {
        let run = Run::new(self.host.clone());
        let reviewed = ReviewedRevision::of(&run, revision, rows, settings, &[]).unwrap();
        let findings = reviewed.findings.into_iter();
        let mut found: Vec<_> = findings
            .map(|finding| (finding.code, finding.severity))
            .collect();
        found.dedup();
        found
    }
}

#[test]
fn the_pages_about_servers_are_true() {
    let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
        support::not_asked("LIMBECK_POSTGRESQL names no server");
        return;
    };
    let _alone = alone();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for rule in RULES {
        let code = rule.code.word();
        let path = examples::folder().join(format!("{code}.md"));
        let page = std::fs::read_to_string(path).unwrap();
        if !page.contains(". Databases: PostgreSQL.\n") {
            continue;
        }
        let severity = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .find(|one| page.contains(&format!("\nSeverity: {}.", one.word())))
            .unwrap();
        tried += 1;
        let blocks = examples::blocks(&page);
        let project = Example::new(
            &address,
            "limbeck_pages",
            examples::example(&blocks, "before"),
        );
        for (name, wanted) in [("fails", true), ("mended", false)] {
            let text = examples::script("r2", Some("r1"), examples::example(&blocks, name));
            project.write("migrations/versions/r2.py", &text);
            let found = project.found("r2", Rows::AtHand, &examples::asking(rule));
            let own = (code.to_owned(), severity);
            let right = if wanted {
                found == [own]
            } else {
                !found.iter().any(|(known, _)| known == code)
            };
            if !right {
                wrong.push(format!("{code}: what is {name} gives {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 12, "{tried} pages are about servers");
}

/// What operations do is found in SQL of the script's own, too.
#[test]
fn locks_of_plain_sql_are_found() {
    let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
        support::not_asked("LIMBECK_POSTGRESQL names no server");
        return;
    };
    let _alone = alone();
    let before = "def upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), \
                  sa.Column('name', sa.Text()))\n    op.execute(\"INSERT INTO users VALUES (1, 'Ada'), (2, 'Bob')\")\n    \
                  op.execute('ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL)')\n\n\n\
                  def downgrade():\n    op.drop_table('users')\n";
    let project = Example::new(&address, "limbeck_plain", before);
    for (sql, back, wanted) in [
        (
            "CREATE INDEX ix ON users (name)",
            "DROP INDEX ix",
            Some("index-blocks-writes"),
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT u UNIQUE (name)",
            "ALTER TABLE users DROP CONSTRAINT u",
            Some("unique-blocks-reads"),
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT x EXCLUDE USING btree (name WITH =)",
            "ALTER TABLE users DROP CONSTRAINT x",
            Some("unique-blocks-reads"),
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0)",
            "ALTER TABLE users DROP CONSTRAINT c",
            Some("constraint-scans-table"),
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
            "ALTER TABLE users DROP CONSTRAINT c",
            None,
        ),
        // The CHECK that is there spares looking at the rows.
        (
            "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
            "ALTER TABLE users ALTER COLUMN name DROP NOT NULL",
            None,
        ),
    ] {
        let text = format!(
            "def upgrade():\n    op.execute('{sql}')\n\n\ndef downgrade():\n    op.execute('{back}')\n"
        );
        project.write(
            "migrations/versions/r2.py",
            &examples::script("r2", Some("r1"), &text),
        );
        let found = project.found("r2", Rows::AtHand, &Settings::default());
        let found: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(found, wanted.into_iter().collect::<Vec<_>>(), "{sql}");
    }
}

#[test]
fn a_review_leaves_the_database_as_it_was() {
    let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
        support::not_asked("LIMBECK_POSTGRESQL names no server");
        return;
    };
    let _alone = alone();
    let before = "def upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), \
                  sa.Column('name', sa.Text()))\n    op.execute(\"INSERT INTO users VALUES (1, 'Ada'), (2, 'Ada')\")\n\n\n\
                  def downgrade():\n    op.drop_table('users')\n";
    let project = Example::new(&address, "limbeck_kept", before);
    let text = "def upgrade():\n    op.create_index('ux', 'users', ['name'], unique=True)\n    \
                op.execute('DELETE FROM users')\n\n\ndef downgrade():\n    op.drop_index('ux', table_name='users')\n";
    project.write(
        "migrations/versions/r2.py",
        &examples::script("r2", Some("r1"), text),
    );
    let unique = ("unique-on-duplicates".to_owned(), Severity::Error);
    assert!(
        project
            .found("r2", Rows::AtHand, &Settings::default())
            .contains(&unique)
    );
    let told = project.host.take_output();
    assert!(!told.contains("can't be copied"), "{told}");
    // What is applied is taken back and run again, and compared with the database as it is.
    assert_eq!(project.found("r1", Rows::AtHand, &Settings::default()), []);
    let names = ask(&address, "limbeck_kept", "SELECT name FROM users");
    assert_eq!(names.len(), 2);
    let version = ask(
        &address,
        "limbeck_kept",
        "SELECT version_num FROM alembic_version",
    );
    assert_eq!(version, [Value::Text("r1".into())]);
    project.host.drop_copies();
    let (address, database) = (project.address.clone(), project.database);
    let left = "SELECT datname FROM pg_database WHERE starts_with(datname, 'limbeck_copy_')";
    assert_eq!(ask(&address, database, left), []);
}

#[test]
fn a_database_in_use_is_not_copied() {
    let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
        support::not_asked("LIMBECK_POSTGRESQL names no server");
        return;
    };
    let _alone = alone();
    let before = "def upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), \
                  sa.Column('active', sa.Boolean(), nullable=False), sa.Column('photo', sa.LargeBinary(), nullable=False))\n\n\n\
                  def downgrade():\n    op.drop_table('users')\n";
    let project = Example::new(&address, "limbeck_used", before);
    let text = "def upgrade():\n    op.add_column('users', sa.Column('score', sa.Integer(), nullable=False))\n\n\n\
                def downgrade():\n    op.drop_column('users', 'score')\n";
    project.write(
        "migrations/versions/r2.py",
        &examples::script("r2", Some("r1"), text),
    );
    let (host, port) = address.rsplit_once(':').unwrap();
    let run = Run::new(Rc::new(NativeHost::captured("/")));
    let arguments = ConnectArguments::new()
        .with("host", host)
        .with("port", port)
        .with("user", "postgres")
        .with("dbname", "limbeck_used");
    let busy = PostgresDriver::Psycopg2.connect(&run, &arguments).unwrap();
    busy.execute("SELECT 1", &Parameters::NONE).unwrap();
    // The migrations make the tables, and rows are made up.
    let missing = ("not-null-without-default".to_owned(), Severity::Error);
    assert_eq!(
        project.found("r2", Rows::Generated, &Settings::default()),
        [missing]
    );
    busy.close();
    drop(project);
}

#[test]
fn branches_and_seeds_are_tried_on_a_server() {
    let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
        support::not_asked("LIMBECK_POSTGRESQL names no server");
        return;
    };
    let _alone = alone();
    let before = "def upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), \
                  sa.Column('name', sa.Text()))\n    op.execute(\"INSERT INTO users VALUES (1, 'Ada')\")\n\n\n\
                  def downgrade():\n    op.drop_table('users')\n";
    let project = Example::new(&address, "limbeck_branches", before);
    for (id, mark) in [("r2", "2"), ("r3", "3")] {
        let text = format!(
            "def upgrade():\n    op.execute(\"UPDATE users SET name = concat(name, {mark})\")\n\n\n\
             def downgrade():\n    pass\n"
        );
        project.write(
            &format!("migrations/versions/{id}.py"),
            &examples::script(id, Some("r1"), &text),
        );
    }
    let run = Run::new(project.host.clone());
    // The rows tell which of both ran first.
    let rebase = limbeck::review::rebase(&run, "r3", Some("r2")).unwrap();
    assert!(!rebase.is_proven());
    assert!(rebase.rebased.iter().all(|one| one.is_empty()));
    assert_eq!(rebase.rebased.len(), 1);

    // A dump as pg_dump --inserts writes it is the database on which a revision is tried.
    project.write(
        "migrations/versions/r3.py",
        &examples::script(
            "r3",
            Some("r2"),
            "def upgrade():\n    op.create_index('ux', 'users', ['name'], unique=True)\n\n\n\
             def downgrade():\n    op.drop_index('ux', table_name='users')\n",
        ),
    );
    project.write(
        "dump.sql",
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET client_encoding = 'UTF8';\n\
         SELECT pg_catalog.set_config('search_path', '', false);\n\
         CREATE TABLE public.alembic_version (version_num character varying(32) NOT NULL);\n\
         CREATE TABLE public.users (id integer PRIMARY KEY, name text);\n\
         INSERT INTO public.alembic_version VALUES ('r2');\n\
         INSERT INTO public.users VALUES (1, 'Fay');\nINSERT INTO public.users VALUES (2, 'Fay');\n\n\
         \\unrestrict abc\n",
    );
    project.host.take_output();
    let argv = ["--seed", "dump.sql"].map(str::to_owned);
    let status = limbeck::cli::review::run(&run, &argv);
    let told = project.host.take_output();
    assert_eq!(status, 1, "{told}");
    assert!(told.contains("error[unique-on-duplicates]"), "{told}");
    assert!(told.contains("name = Fay"), "{told}");
    let rows = ask(&address, "limbeck_branches", "SELECT name FROM users");
    assert_eq!(rows, [Value::Text("Ada".into())]);
}
