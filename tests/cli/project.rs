//! `limbeck test`, and what a project may import.

use std::fs;
use std::process::Command;

use super::Repository;

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
