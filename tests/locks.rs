//! The locks that a revision takes on a server, as a recording tells them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../src/main.rs"]
#[allow(dead_code, reason = "only its host is wanted")]
mod program;
mod support;

use std::rc::Rc;

use limbeck::command;
use limbeck::ground::event::Blocks;
use limbeck::ground::host::Host;
use limbeck::ground::run::Run;
use limbeck::review::{Recorder, Timeline};
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
