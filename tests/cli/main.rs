//! The program's own commands: `limbeck review` on a repository with a base branch and a pull request, `limbeck rebase`
//! where two branches have met.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod action;
mod commands;
mod history;
mod project;
mod review;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

/// A Git repository that holds an Alembic project, by default at its root.
struct Repository {
    root: TempDir,
    project: PathBuf,
}

/// What a command left behind.
struct Ended {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Repository {
    /// A project with one revision, which is applied, on the branch `main`; the work goes on on
    /// another branch.
    fn new(folder: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join(folder);
        fs::create_dir_all(&project).unwrap();
        let repository = Repository { root, project };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        assert_eq!(repository.limbeck(&["init", "migrations"]).status, 0);
        let ini = repository.read("alembic.ini");
        repository.write(
            "alembic.ini",
            &ini.replace("driver://user:pass@localhost/dbname", "sqlite:///app.db"),
        );
        repository.revision(
            "a1",
            None,
            "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True),\n\
             \x20       sa.Column('name', sa.String(50)), sa.Column('age', sa.String(10)))\n\
             op.execute(\"INSERT INTO users VALUES (1, 'Ada', '36'), (2, 'Bob', '40'), (3, 'Ada', 'old')\")",
            "op.drop_table('users')",
        );
        repository.write(".gitignore", "app.db\n");
        assert_eq!(repository.limbeck(&["upgrade", "head"]).status, 0);
        repository.commit();
        repository.git(&["switch", "--quiet", "--create", "work"]);
        repository
    }

    fn git(&self, words: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
            .args(words)
            .current_dir(self.root.path())
            .output()
            .expect("Git starts");
        assert!(output.status.success(), "{words:?}: {output:?}");
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "work"]);
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.project.join(path)).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.project.join(path), text).unwrap();
    }

    fn path(id: &str) -> String {
        format!("migrations/versions/{id}.py")
    }

    fn revision(&self, id: &str, parent: Option<&str>, upgrade: &str, downgrade: &str) {
        let parent = parent.map_or("None".to_owned(), |parent| format!("'{parent}'"));
        let body = |text: &str| text.replace('\n', "\n    ");
        self.write(
            &Self::path(id),
            &format!(
                "\"\"\"{id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\n\
                 down_revision = {parent}\n\n\ndef upgrade():\n    {}\n\n\ndef downgrade():\n    {}\n",
                body(upgrade),
                body(downgrade)
            ),
        );
    }

    /// The pull request: one revision with six faults.
    fn six_faults(&self) {
        self.revision(
            "b2",
            Some("a1"),
            "op.add_column('users', sa.Column('score', sa.Integer(), nullable=False))\n\
             op.create_index('ux_users_name', 'users', ['name'], unique=True)\n\
             op.drop_column('users', 'age')\n\
             op.create_unique_constraint('uq_users', 'users', ['id', 'name'])\n\
             op.add_column('users', sa.Column('city', sqlmodel.sql.sqltypes.AutoString()))",
            "pass",
        );
    }

    fn limbeck(&self, words: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_limbeck"))
            .args(words)
            .current_dir(&self.project)
            .env("COLUMNS", "80")
            .output()
            .expect("limbeck starts");
        Ended {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn json(&self, words: &[&str]) -> Json {
        let ended = self.limbeck(&[&["review", "--format", "json"], words].concat());
        serde_json::from_str(&ended.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", ended.stdout, ended.stderr))
    }
}

/// Fails where a text is no SARIF 2.1.0, by the schema of OASIS.
fn valid_sarif(text: &str) -> Json {
    let document: Json = serde_json::from_str(text).unwrap();
    let schema: Json = serde_json::from_str(include_str!("../support/sarif-2.1.0.json")).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("sarif.json", schema).unwrap();
    let schema = compiler.compile("sarif.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(&document, schema) {
        panic!("{error:#}");
    }
    document
}

/// Line and rule of each finding.
fn findings(document: &Json) -> Vec<(u64, String)> {
    document["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|revision| revision["findings"].as_array().unwrap().clone())
        .map(|finding| {
            (
                finding["line"].as_u64().unwrap(),
                finding["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}
