//! `limbeck review` on a repository with a base branch and a pull request.

use std::fs;

use serde_json::Value as Json;

use super::{Repository, findings, valid_sarif};

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
    let sarif = valid_sarif(&repository.read("out.sarif"));
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
fn a_file_seeds_the_database() {
    let repository = Repository::new("");
    repository.revision(
        "b2",
        Some("a1"),
        "with op.batch_alter_table('users') as users:\n    users.create_unique_constraint('uq_name', ['name'])",
        "with op.batch_alter_table('users') as users:\n    users.drop_constraint('uq_name')",
    );
    let codes = |words: &[&str]| -> Vec<String> {
        let found = findings(&repository.json(words));
        found.into_iter().map(|(_, code)| code).collect()
    };
    // The rows at hand repeat a name; those of the files don't, or do.
    assert_eq!(codes(&["b2"]), ["unique-on-duplicates"]);
    let rows =
        |names: &str| format!("-- rows; for users\nINSERT INTO users (id, name) VALUES {names};\n");
    // a1 has put some there itself.
    let other = rows("(7, 'Cem'), (8, 'Dora')");
    repository.write("rows.sql", &format!("DELETE FROM users;\n{other}"));
    assert!(codes(&["b2", "--seed", "rows.sql"]).is_empty());
    repository.write("rows.sql", &rows("(7, 'Eve'), (8, 'Eve')"));
    let document = repository.json(&["b2", "--seed", "rows.sql"]);
    let evidence = &document["revisions"][0]["findings"][0]["evidence"]["rows"];
    assert!(evidence.to_string().contains("[7,\"Eve\"]"), "{evidence}");
    // A dump is the whole database, and says which revisions it has.
    repository.write(
        "dump.sql",
        "BEGIN TRANSACTION;\n\
         CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);\n\
         INSERT INTO alembic_version VALUES ('a1');\n\
         CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50), age VARCHAR(10));\n\
         INSERT INTO users VALUES (1, 'Fay', NULL), (2, 'Fay', NULL);\n\
         COMMIT;\n",
    );
    let document = repository.json(&["--seed", "dump.sql"]);
    assert_eq!(document["selection"], "what the database does not have yet");
    assert_eq!(findings(&document).len(), 1);
    assert_eq!(document["revisions"][0]["tried_on"], "here");
    assert!(document.to_string().contains("Fay"), "{document}");
    // Neither was the project's own database touched, nor is a file told wrong without its line.
    assert_eq!(repository.limbeck(&["current"]).stdout, "a1\n");
    repository.write("rows.sql", "\nINSERT INTO nobody VALUES (1);\n");
    let ended = repository.limbeck(&["review", "b2", "--seed", "rows.sql"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.stderr,
        "limbeck review: rows.sql, line 2: no such table: nobody\n"
    );
    repository.write("rows.sql", "SELECT 1;\nCOPY users (id) FROM stdin;\n1\n");
    let ended = repository.limbeck(&["review", "b2", "--seed", "rows.sql"]);
    assert!(
        ended.stderr.contains("line 2") && ended.stderr.contains("pg_dump --inserts"),
        "{}",
        ended.stderr
    );
    // What --fix mends is the project's file, not the copy's.
    repository.revision(
        "b2",
        Some("a1"),
        "op.add_column('users', sa.Column('score', sa.Integer(), nullable=False))",
        "op.drop_column('users', 'score')",
    );
    repository.write("rows.sql", &other);
    let ended = repository.limbeck(&["review", "b2", "--seed", "rows.sql", "--fix"]);
    assert_eq!(ended.status, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(
        repository
            .read(&Repository::path("b2"))
            .contains("server_default='0'")
    );
}

/// A repository with models on the branch `work`, from which the branch `next` is left.
fn with_models() -> Repository {
    let repository = Repository::new("");
    models(
        &repository,
        "sa.Column('name', sa.String(50)), sa.Column('age', sa.String(10))",
    );
    let env = repository.read("migrations/env.py");
    repository.write(
        "migrations/env.py",
        &env.replace(
            "target_metadata = None",
            "from models import metadata as target_metadata",
        ),
    );
    repository.commit();
    repository.git(&["switch", "--quiet", "--create", "next"]);
    repository
}

fn models(repository: &Repository, columns: &str) {
    repository.write(
        "models.py",
        &format!(
            "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\nusers = sa.Table('users', metadata, \
             sa.Column('id', sa.Integer(), primary_key=True), {columns})\n"
        ),
    );
}

#[test]
fn a_branch_says_in_which_order_it_is_deployed() {
    const OLD: &str = "sa.Column('name', sa.String(50)), sa.Column('age', sa.String(10))";
    let repository = with_models();
    let base = || repository.json(&["--changed-since", "work"])["base"].clone();
    assert_eq!(base(), Json::Null, "nothing differs yet");
    let order = |upgrade: &str, columns: &str| -> (String, Json) {
        repository.revision("b2", Some("a1"), upgrade, "pass");
        models(&repository, columns);
        let base = base();
        assert_eq!(base["revisions"][0]["revision"], "b2", "{base:#}");
        assert_eq!(base["revisions"][0]["new"], true);
        (
            base["deployment"]["order"].as_str().unwrap().to_owned(),
            base,
        )
    };
    let (word, base) = order(
        "op.add_column('users', sa.Column('city', sa.String(9)))",
        &format!("{OLD}, sa.Column('city', sa.String(9))"),
    );
    assert_eq!(word, "migrate first");
    let broken = &base["deployment"]["new_code_old_schema"][0];
    assert_eq!(broken["statement"], "SELECT");
    assert_eq!(broken["message"], "no such column: users.city");
    assert_eq!(
        base["upgrade"]["changes"],
        serde_json::json!(["users: column none before, city VARCHAR(9) after"])
    );
    let (word, _) = order(
        "op.drop_column('users', 'age')",
        "sa.Column('name', sa.String(50))",
    );
    assert_eq!(word, "deploy code first");
    let (word, base) = order(
        "with op.batch_alter_table('users') as users:\n    users.alter_column('name', new_column_name='title')",
        &OLD.replace("name", "title"),
    );
    assert_eq!(word, "needs two steps", "{base:#}");
    // The old code says nothing of a column that must have a value from here.
    let (word, base) = order(
        "op.execute('DELETE FROM users')\nwith op.batch_alter_table('users') as users:\n    \
         users.add_column(sa.Column('score', sa.Integer(), nullable=False))",
        &format!("{OLD}, sa.Column('score', sa.Integer(), nullable=False, default=0)"),
    );
    assert_eq!(word, "needs two steps");
    let broken = &base["deployment"]["old_code_new_schema"][0];
    assert_eq!(broken["statement"], "INSERT");
    assert_eq!(broken["message"], "NOT NULL constraint failed: users.score");
    let (word, _) = order("op.create_index('ix_age', 'users', ['age'])", OLD);
    assert_eq!(word, "any");
    let text = repository.limbeck(&["review", "--changed-since", "work", "--fail-on", "never"]);
    assert!(
        text.stdout.contains(
            "work and this state\n  b2: new\n  The upgrade of the database as work makes it changes this:\n"
        ),
        "{}",
        text.stdout
    );
    let markdown =
        repository.limbeck(&["review", "--changed-since", "work", "--format", "markdown"]);
    assert!(
        markdown
            .stdout
            .contains("- Old and new code work with both schemas: deploy in any order.\n"),
        "{}",
        markdown.stdout
    );
    assert_eq!(repository.limbeck(&["current"]).stdout, "a1\n");
}

#[test]
fn a_branch_says_what_became_of_revisions() {
    let repository = with_models();
    for (id, parent) in [("b2", "a1"), ("c3", "b2")] {
        repository.revision(
            id,
            Some(parent),
            &format!("op.add_column('users', sa.Column('{id}', sa.Integer()))"),
            &format!("op.drop_column('users', '{id}')"),
        );
    }
    repository.commit();
    repository.git(&["switch", "--quiet", "--create", "last"]);
    // c3 goes before b2, which is edited; a1 has another file.
    for (id, was, is) in [("b2", "'a1'", "'c3'"), ("c3", "'b2'", "'a1'")] {
        let path = Repository::path(id);
        let text = repository.read(&path).replace(
            &format!("down_revision = {was}"),
            &format!("down_revision = {is}"),
        );
        let text = match id {
            "b2" => text.replace("Integer", "Text"),
            _ => text,
        };
        repository.write(&path, &text);
    }
    let first = repository.read(&Repository::path("a1"));
    repository.write(&Repository::path("first"), &first);
    fs::remove_file(repository.project.join(Repository::path("a1"))).unwrap();
    let document = repository.json(&["--changed-since", "next", "--fail-on", "never"]);
    let changes = &document["base"]["revisions"];
    let of = |id: &str| {
        let all = changes.as_array().unwrap();
        all.iter()
            .find(|one| one["revision"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(of("b2")["edited"], true);
    assert_eq!(of("b2")["parents_before"], serde_json::json!(["a1"]));
    assert_eq!(of("c3")["edited"], false);
    assert_eq!(of("c3")["parents_before"], serde_json::json!(["b2"]));
    assert!(
        of("a1")["path_before"]
            .as_str()
            .unwrap()
            .ends_with("versions/a1.py")
    );
    assert_eq!(of("a1")["edited"], false);
}
