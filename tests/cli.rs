//! The program's own commands: `limbeck review` on a repository with a base branch and a pull request, `limbeck rebase`
//! where two branches have met.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

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

#[test]
fn six_faults_are_told_at_their_lines() {
    let repository = Repository::new("");
    repository.six_faults();
    let document = repository.json(&["--changed-since", "main"]);
    let found = findings(&document);
    let found: Vec<(u64, &str)> = found.iter().map(|(line, code)| (*line, &**code)).collect();
    assert_eq!(
        found,
        [
            (10, "not-null-without-default"),
            (11, "unique-on-duplicates"),
            (12, "drops-data"),
            (13, "needs-batch"),
            (14, "import-missing"),
            (17, "downgrade-missing"),
        ]
    );
    assert_eq!(document["version"], 1);
    let revision = &document["revisions"][0];
    assert_eq!(revision["round_trip"]["verdict"], "broken");
    let proof = &revision["findings"][1]["evidence"];
    assert_eq!(proof["columns"], serde_json::json!(["id", "name"]));
    assert_eq!(proof["rows"], serde_json::json!([[1, "Ada"], [3, "Ada"]]));
    // Nothing of the project has changed.
    let current = repository.limbeck(&["current"]);
    assert_eq!(current.stdout, "a1\n");
}

#[test]
fn the_exit_status_is_by_severity() {
    let repository = Repository::new("");
    let review = |words: &[&str]| repository.limbeck(&[&["review"], words].concat()).status;
    // What is on the base branch is not asked about, and has nothing wrong.
    assert_eq!(review(&["--changed-since", "main", "--fail-on", "note"]), 0);
    repository.revision(
        "b2",
        Some("a1"),
        "op.drop_column('users', 'age')",
        "op.add_column('users', sa.Column('age', sa.String(10)))",
    );
    assert_eq!(review(&[]), 0);
    assert_eq!(review(&["--fail-on", "warning"]), 1);
    assert_eq!(review(&["--fail-on", "never"]), 0);
    let ini = repository.read("alembic.ini");
    repository.write(
        "alembic.ini",
        &format!("{ini}\n[limbeck]\ndrops-data = error\n"),
    );
    assert_eq!(review(&[]), 1);
    repository.write(
        "alembic.ini",
        &format!("{ini}\n[limbeck]\ndrops-data = ignore\n"),
    );
    assert_eq!(review(&["--fail-on", "note"]), 0);
    repository.write(
        "alembic.ini",
        &format!("{ini}\n[limbeck]\ndrop-data = ignore\n"),
    );
    let ended = repository.limbeck(&["review"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.stderr.starts_with(
            "limbeck review: There is no rule 'drop-data' ([limbeck] of alembic.ini)."
        ),
        "{}",
        ended.stderr
    );
    assert_eq!(review(&["nowhere"]), 2);
    assert_eq!(review(&["--format", "xml"]), 2);
}

#[test]
fn fixes_mend_what_they_say() {
    let repository = Repository::new("");
    repository.six_faults();
    let ended = repository.limbeck(&["review", "--fix", "--fail-on", "never"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let script = repository.read(&Repository::path("b2"));
    assert!(script.contains("server_default='0'"), "{script}");
    assert!(script.contains("batch_alter_table('users')"), "{script}");
    assert!(script.contains("import sqlmodel"), "{script}");
    let left = findings(&repository.json(&[]));
    let left: Vec<&str> = left.iter().map(|(_, code)| &**code).collect();
    assert!(!left.contains(&"not-null-without-default"), "{left:?}");
    assert!(!left.contains(&"needs-batch"), "{left:?}");
    assert!(left.contains(&"unique-on-duplicates"), "{left:?}");
}

#[test]
fn a_comment_ignores_a_finding() {
    let repository = Repository::new("");
    repository.revision(
        "b2",
        Some("a1"),
        "op.drop_column('users', 'age')  # limbeck: ignore[drops-data] moved in a1",
        "op.add_column('users', sa.Column('age', sa.String(10)))",
    );
    let document = repository.json(&[]);
    assert_eq!(findings(&document), []);
    assert_eq!(document["revisions"][0]["ignored"], 1);
    repository.revision(
        "b2",
        Some("a1"),
        "# limbeck: ignore[unnamed-constraint, no-such-rule] here\nop.add_column('users', sa.Column('x', sa.String(10)))",
        "op.drop_column('users', 'x')  # limbeck: ignore[drops-data] not there",
    );
    let document = repository.json(&[]);
    assert_eq!(
        findings(&document),
        [
            (10, "unused-ignore".to_owned()),
            (15, "unused-ignore".to_owned())
        ]
    );
}

#[test]
fn code_hosts_get_paths_from_the_repository() {
    let repository = Repository::new("services/shop");
    repository.six_faults();
    let path = "services/shop/migrations/versions/b2.py";
    let annotations =
        repository.limbeck(&["review", "--changed-since", "main", "--format", "github"]);
    assert_eq!(annotations.status, 1);
    let first = annotations.stdout.lines().next().unwrap();
    let start = format!(
        "::error file={path},line=10,endLine=10,col=5,title=not-null-without-default::users.score is NOT NULL"
    );
    assert!(first.starts_with(&start), "{first}");
    assert_eq!(annotations.stdout.lines().count(), 6);

    let sarif = repository.limbeck(&["review", "--format", "sarif", "--output", "out.sarif"]);
    assert_eq!((sarif.status, sarif.stdout.as_str()), (1, ""));
    let sarif: Json = serde_json::from_str(&repository.read("out.sarif")).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], path);
        let rule = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }

    let quality = repository.limbeck(&["review", "--format", "gitlab"]);
    let quality: Json = serde_json::from_str(&quality.stdout).unwrap();
    assert_eq!(quality[0]["location"]["path"], path);
    assert_eq!(quality[0]["location"]["lines"]["begin"], 10);
    let mut fingerprints: Vec<&str> = quality
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["fingerprint"].as_str().unwrap())
        .collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 6);
}

#[test]
fn a_range_and_a_revision_are_reviewed() {
    let repository = Repository::new("");
    for (id, parent) in [("b2", "a1"), ("c3", "b2"), ("d4", "c3")] {
        repository.revision(
            id,
            Some(parent),
            &format!("op.add_column('users', sa.Column('{id}', sa.Integer()))"),
            &format!("op.drop_column('users', '{id}')"),
        );
    }
    let reviewed = |words: &[&str]| -> Vec<String> {
        repository.json(words)["revisions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|revision| revision["revision"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(reviewed(&[]), ["b2", "c3", "d4"]);
    assert_eq!(reviewed(&["c3"]), ["c3"]);
    assert_eq!(reviewed(&["b2.."]), ["c3", "d4"]);
    assert_eq!(reviewed(&["base..b2"]), ["a1", "b2"]);
    repository.commit();
    repository.git(&["switch", "--quiet", "--create", "next"]);
    repository.write(
        &Repository::path("d4"),
        &repository
            .read(&Repository::path("d4"))
            .replace("Integer", "Text"),
    );
    assert_eq!(reviewed(&["--changed-since", "work"]), ["d4"]);
    assert_eq!(reviewed(&["--changed-since", "main"]), ["b2", "c3", "d4"]);
}

/// Two branches that begin at `a1`: `b2`, `c3` and `x2`, `y3`.
fn two_branches(x_upgrade: &str, x_downgrade: &str) -> Repository {
    let repository = Repository::new("");
    let column = |id: &str| {
        (
            format!("op.add_column('users', sa.Column('{id}', sa.Integer()))"),
            format!("op.drop_column('users', '{id}')"),
        )
    };
    for (id, parent) in [("b2", "a1"), ("c3", "b2"), ("y3", "x2")] {
        let (up, down) = column(id);
        repository.revision(id, Some(parent), &up, &down);
    }
    repository.revision("x2", Some("a1"), x_upgrade, x_downgrade);
    repository
}

#[test]
fn a_branch_is_put_after_the_other() {
    let repository = two_branches(
        "op.create_table('tags', sa.Column('id', sa.Integer(), primary_key=True))",
        "op.drop_table('tags')",
    );
    let before = repository.read(&Repository::path("x2"));
    let check = repository.limbeck(&["rebase", "y3", "--check"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    assert_eq!(repository.read(&Repository::path("x2")), before);
    let ended = repository.limbeck(&["rebase", "y3"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert_eq!(
        ended.stdout.lines().next().unwrap(),
        "x2 follows c3 (until now a1): migrations/versions/x2.py"
    );
    assert!(
        ended.stdout.contains("give the same schema and rows"),
        "{}",
        ended.stdout
    );
    assert_eq!(
        repository.read(&Repository::path("x2")),
        before.replace("down_revision = 'a1'", "down_revision = 'c3'")
    );
    let history = repository.limbeck(&["heads"]);
    assert_eq!(history.stdout, "y3 (head)\n");
    assert_eq!(repository.limbeck(&["upgrade", "head"]).status, 0);
    assert_eq!(repository.limbeck(&["downgrade", "base"]).status, 0);
}

#[test]
fn an_order_that_matters_is_told() {
    let repository = two_branches(
        "op.execute(\"CREATE TABLE counts AS SELECT count(*) AS columns FROM pragma_table_info('users')\")",
        "op.drop_table('counts')",
    );
    let ended = repository.limbeck(&["rebase", "x2", "--onto", "c3", "--check"]);
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("The order matters."),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("counts: 1 rows first, 1 last"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_rebase_that_would_lie_is_refused() {
    let repository = two_branches("op.execute('SELECT 1')", "op.execute('SELECT 1')");
    let refused = |words: &[&str], why: &str| {
        let ended = repository.limbeck(&[&["rebase"], words].concat());
        assert_eq!(ended.status, 2, "{}", ended.stdout);
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    };
    refused(&["zz"], "Can't locate revision identified by 'zz'");
    refused(&["b2", "--onto", "c3"], "c3 builds on b2");
    refused(&["c3", "--onto", "b2"], "c3 follows b2 already");
    assert_eq!(repository.limbeck(&["upgrade", "x2"]).status, 0);
    refused(&["y3"], "x2 is applied in sqlite:///app.db");
    assert_eq!(repository.limbeck(&["downgrade", "a1"]).status, 0);
    assert_eq!(
        repository
            .limbeck(&["merge", "c3", "y3", "-m", "both"])
            .status,
        0
    );
    refused(&["y3", "--onto", "c3"], "merges the two branches");
}

#[test]
fn the_docstring_follows() {
    let repository = two_branches("pass", "pass");
    let path = Repository::path("x2");
    let text = repository.read(&path).replace(
        "\"\"\"x2\"\"\"",
        "\"\"\"x2\n\nRevision ID: x2\nRevises: a1\nCreate Date: today\n\n\"\"\"",
    );
    repository.write(
        &path,
        &text.replace("down_revision = 'a1'", "down_revision: str | None = \"a1\""),
    );
    assert_eq!(repository.limbeck(&["rebase", "y3"]).status, 0);
    let text = repository.read(&path);
    assert!(
        text.contains("\nRevises: c3\nCreate Date: today\n"),
        "{text}"
    );
    assert!(
        text.contains("\ndown_revision: str | None = \"c3\"\n"),
        "{text}"
    );
}

/// Three revisions after `a1`: a table, a column of it, rows in it.
fn three_revisions() -> Repository {
    let repository = Repository::new("");
    repository.revision(
        "b2",
        Some("a1"),
        "op.create_table(\n    'tags',\n    sa.Column('id', sa.Integer(), primary_key=True),\n)",
        "op.drop_table('tags')",
    );
    repository.revision(
        "c3",
        Some("b2"),
        "# Shown beside posts.\nop.add_column('tags', sa.Column('name', sa.String(20)))",
        "op.drop_column('tags', 'name')",
    );
    repository.revision(
        "d4",
        Some("c3"),
        "op.execute(\"INSERT INTO tags (name) VALUES ('new')\")",
        "op.execute(\"DELETE FROM tags WHERE name = 'new'\")",
    );
    repository
}

#[test]
fn many_revisions_become_one() {
    let repository = three_revisions();
    let check = repository.limbeck(&["squash", "b2:d4", "--check"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    assert!(repository.project.join(Repository::path("b2")).exists());
    let ended = repository.limbeck(&["squash", "b2:d4", "-m", "tags"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert_eq!(
        ended.stdout,
        "d4 stands for b2, c3, d4: migrations/versions/d4_tags.py\n\
         Tried from an empty database, up and down: the same schema and rows.\n\
         Tried on the rows at hand, up and down: the same schema and rows.\n\
         A database that has d4 needs nothing. One at b2 or c3 does not know its revision any more: \
         upgrade it to d4 with the files as they were, before it gets the new one.\n"
    );
    for gone in ["b2", "c3", "d4"] {
        assert!(!repository.project.join(Repository::path(gone)).exists());
    }
    let text = repository.read("migrations/versions/d4_tags.py");
    for line in [
        "Replaces: b2, c3\n",
        "\ndown_revision: Union[str, Sequence[str], None] = 'a1'\n",
        "        sa.Column('id', sa.Integer(), primary_key=True),\n        sa.Column('name', sa.String(20)),\n    )\n    \
         op.execute(\"INSERT INTO tags (name) VALUES ('new')\")\n",
        "    op.execute(\"DELETE FROM tags WHERE name = 'new'\")\n    op.drop_table('tags')\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    assert_eq!(repository.limbeck(&["upgrade", "head"]).status, 0);
    assert_eq!(repository.limbeck(&["downgrade", "base"]).status, 0);
}

#[test]
fn a_squash_that_would_lie_is_refused() {
    let repository = three_revisions();
    let refused = |words: &[&str], why: &str| {
        let ended = repository.limbeck(&[&["squash"], words].concat());
        assert_eq!(ended.status, 2, "{}", ended.stdout);
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    };
    refused(&["b2"], "FIRST:LAST is expected");
    refused(&["zz:d4"], "Can't locate revision identified by 'zz'");
    refused(&["d4:b2"], "b2 does not build on d4");
    refused(&["d4:d4"], "d4 is one revision already");
    refused(
        &["a1:c3"],
        "sqlite:///app.db stands at a1, which would be gone",
    );
    repository.revision("x3", Some("b2"), "pass", "pass");
    refused(&["b2:d4"], "x3 builds on b2, which would be gone");
}

#[test]
fn the_base_branch_is_looked_at() {
    let repository = Repository::new("");
    let column = |id: &str, column: &str| {
        repository.revision(
            id,
            Some("a1"),
            &format!("op.add_column('users', sa.Column('{column}', sa.Integer()))"),
            &format!("op.drop_column('users', '{column}')"),
        );
    };
    repository.git(&["switch", "--quiet", "main"]);
    column("b2", "theirs");
    repository.commit();
    repository.git(&["switch", "--quiet", "work"]);
    column("c2", "ours");
    let path = Repository::path("a1");
    let text = repository.read(&path);
    // Comments and the docstring may change.
    repository.write(
        &path,
        &text.replace("\"\"\"a1\"\"\"", "\"\"\"users\"\"\"\n# first"),
    );
    let document = repository.json(&["--changed-since", "main"]);
    assert_eq!(findings(&document), [(6, "heads-meet".to_owned())]);
    let message = document["revisions"][1]["findings"][0]["message"]
        .as_str()
        .unwrap();
    assert!(
        message.starts_with(
            "b2 follows the same revision in main: after the merge there are two heads."
        ),
        "{message}"
    );
    repository.write(&path, &text.replace("sa.String(10)", "sa.String(12)"));
    let document = repository.json(&["--changed-since", "main"]);
    // The database has it as it was.
    assert_eq!(
        findings(&document),
        [
            (6, "edited-after-merge".to_owned()),
            (9, "applied-differs".to_owned()),
            (6, "heads-meet".to_owned())
        ]
    );
    let differs = document["revisions"][0]["findings"][1]["message"]
        .as_str()
        .unwrap();
    assert!(
        differs.contains("age VARCHAR(10) in the database"),
        "{differs}"
    );
}

#[test]
fn rows_are_made_up_for_an_empty_database() {
    let repository = Repository::new("");
    repository.revision(
        "b2",
        Some("a1"),
        "op.create_table('posts', sa.Column('id', sa.Integer(), primary_key=True),\n\
         \x20   sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id'), nullable=False, index=True),\n\
         \x20   sa.Column('kind', sa.String(5), sa.CheckConstraint(\"kind IN ('draft', 'open')\", name='kind'), nullable=False),\n\
         \x20   sa.Column('slug', sa.String(8), nullable=False, unique=True),\n\
         \x20   sa.Column('at', sa.DateTime(), nullable=False))\n\
         op.execute('DELETE FROM users')",
        "op.drop_table('posts')",
    );
    repository.revision(
        "c3",
        Some("b2"),
        "op.add_column('posts', sa.Column('score', sa.Integer(), nullable=False))",
        "op.drop_column('posts', 'score')",
    );
    fs::remove_file(repository.project.join("app.db")).unwrap();
    let kept = repository.json(&["c3"]);
    assert_eq!(kept["counts"]["error"], 0, "{kept:#}");
    let document = repository.json(&["c3", "--rows", "generate"]);
    assert_eq!(document["counts"]["error"], 1, "{document:#}");
    let evidence = &document["revisions"][0]["findings"][0]["evidence"];
    assert_eq!(evidence["made"], true);
    assert_eq!(evidence["total"], 3);
    let rows = evidence["rows"].as_array().unwrap();
    let column = |name: &str| {
        let columns = evidence["columns"].as_array().unwrap();
        columns.iter().position(|known| known == name)
    };
    assert_eq!(rows.len(), 3, "{evidence:#}");
    if let Some(kind) = column("kind") {
        assert!(
            rows.iter()
                .all(|row| row[kind] == "draft" || row[kind] == "open")
        );
    }
    assert!(
        !repository.project.join("app.db").exists(),
        "the project has no database, and gets none"
    );
}

#[test]
fn a_project_in_good_order_passes_its_test() {
    let repository = Repository::new("");
    let env = repository.read("migrations/env.py");
    repository.write(
        "models.py",
        "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n\
         users = sa.Table('users', metadata, sa.Column('id', sa.Integer(), primary_key=True),\n\
         \x20   sa.Column('name', sa.String(50)), sa.Column('age', sa.String(10)))\n",
    );
    repository.write(
        "migrations/env.py",
        &env.replace(
            "target_metadata = None",
            "from models import metadata as target_metadata",
        ),
    );
    let ended = repository.limbeck(&["test"]);
    assert_eq!(
        ended.stdout,
        "ok      there is one head\n\
         ok      the models match the migrations\n\
         ok      tables made from the models are those of the migrations\n\
         ok      a1 can be undone\n\
         4 passed, 0 failed\n"
    );
    assert_eq!(ended.status, 0);
    repository.revision(
        "b2",
        Some("a1"),
        "op.add_column('users', sa.Column('email', sa.String(80), server_default='none'))",
        "pass",
    );
    repository.revision(
        "c2",
        Some("a1"),
        "op.create_table('x', sa.Column('id', sa.Integer()))",
        "op.drop_table('y')",
    );
    let ended = repository.limbeck(&["test"]);
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    for line in [
        "FAILED  there is one head\n        The heads are b2, c2.\n",
        "FAILED  the models match the migrations\n        drop_table x\n        drop_column users.email\n",
        "FAILED  tables made from the models are those of the migrations\n",
        "FAILED  b2 can be undone\n        users: column none before, email VARCHAR(80) DEFAULT 'none' after\n",
        "FAILED  c2 can be undone\n        downgrade: (sqlite3.OperationalError) no such table: y\n",
    ] {
        assert!(ended.stdout.contains(line), "{line:?} in {}", ended.stdout);
    }
}

#[test]
fn a_package_that_is_only_installed_is_found() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("pyproject.toml", "[project]\nname = \"shop\"\n");
    write("src/shop/__init__.py", "NAME = 'shop'\n");
    write("elsewhere/tools.py", "NAME = 'tools'\n");
    write(
        "show.py",
        "import sys\nfrom shop import NAME\nimport tools\nprint(NAME, tools.NAME)\n",
    );
    let run = |python_path: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_limbeck"))
            .args(["python", "show.py"])
            .current_dir(root.path())
            .env("PYTHONPATH", python_path)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert_eq!(run("elsewhere"), (Some(0), "shop tools\n".to_owned()));
    assert_ne!(run("").1, "shop tools\n");
}

/// The script of a step of the action, by its name.
fn action_script(step: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    let text = fs::read_to_string(path).unwrap();
    let start = text
        .find(&format!("- name: {step}\n"))
        .expect("the step is there");
    let (_, script) = text[start..]
        .split_once("run: |\n")
        .expect("it runs a script");
    script
        .lines()
        .map_while(|line| line.strip_prefix("        "))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn the_action_annotates_and_fails() {
    let repository = Repository::new("shop");
    repository.six_faults();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_limbeck"));
    let path = std::env::join_paths(
        std::iter::once(program.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let act = |fail_on: &str| {
        Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", &action_script("Review")])
            .current_dir(&repository.project)
            .env("PATH", &path)
            .env("BASE", "main")
            .env("ROWS", "generate")
            .env("FAIL_ON", fail_on)
            .env("SARIF", "out.sarif")
            .env("GITHUB_STEP_SUMMARY", repository.project.join("summary.md"))
            .output()
            .expect("bash starts")
    };
    let output = act("");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let annotations = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = annotations.lines().collect();
    assert_eq!(lines.len(), 6, "{annotations}");
    assert!(
        lines[0].starts_with("::error file=shop/migrations/versions/b2.py,line=10,"),
        "{annotations}"
    );
    assert!(
        repository
            .read("summary.md")
            .starts_with("### Migration review: ")
    );
    let sarif: Json = serde_json::from_str(&repository.read("out.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 6);
    assert_eq!(act("never").status.code(), Some(0));
}
