//! `limbeck rebase` where two branches have met, and `limbeck squash` of many revisions.

use super::Repository;

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
