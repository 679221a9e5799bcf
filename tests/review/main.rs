//! What a review tells: each finding where it belongs and nowhere else, fixes that mend what they
//! speak of, verdicts, and differences between states.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod findings;
mod pages;
mod projects;
mod random;
mod renames;
mod states;
mod trials;

use std::rc::Rc;

use limbeck::command;
use limbeck::driver::sqlite::{Sqlite, execute_script};
use limbeck::driver::{ConnectArguments, Driver, Parameters, Value};
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;
use limbeck::review::{Code, Finding, Review, Rows, apply_edits, findings};

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
        execute_script(&*connection, script).unwrap();
        connection.close();
        let host: Rc<dyn Host> = self.host.clone();
        limbeck::driver::flush(&host).unwrap();
    }

    fn connect(&self) -> Rc<dyn limbeck::driver::Connection> {
        Sqlite
            .connect(
                &self.run(),
                &ConnectArguments::new().with("database", "app.db"),
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
        let review = findings(&self.run(), revision, Rows::AtHand).unwrap();
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
