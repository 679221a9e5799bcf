"""Random projects with two branches, rebased by `limbeck rebase`: what it says of the order must be what real Alembic
finds when it runs both orders and the new chain.

    python rebase.py LIMBECK [FIRST_SEED [HOW_MANY]]

Prints each difference and ends with status 1 if there was one.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import alembic.command
import alembic.config

INI = "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///app.db\n"
ENV = """
from alembic import context
from sqlalchemy import create_engine
with create_engine("sqlite:///app.db").connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def operation(rng, name):
    """A random operation, and its reverse; `name` makes what it creates its own."""
    table = rng.choice(["accounts", "orders"])
    return rng.choice([
        (f"op.add_column('{table}', sa.Column('{name}', sa.Integer()))", f"op.drop_column('{table}', '{name}')"),
        (f"op.create_table('{name}', sa.Column('id', sa.Integer(), primary_key=True))", f"op.drop_table('{name}')"),
        (f"op.create_index('ix_{name}', '{table}', ['name'])", f"op.drop_index('ix_{name}', '{table}')"),
        (f"op.execute(\"INSERT INTO {table} (name) VALUES ('{name}')\")",
         f"op.execute(\"DELETE FROM {table} WHERE name = '{name}'\")"),
        # What depends on the rows or the columns that are there.
        (f"op.execute(\"UPDATE {table} SET name = name || '{name}'\")", "pass"),
        (f"op.execute(\"CREATE TABLE {name} AS SELECT count(*) AS n FROM {table}\")", f"op.drop_table('{name}')"),
        (f"op.alter_column('{table}', 'name', new_column_name='{name}')",
         f"op.alter_column('{table}', '{name}', new_column_name='name')"),
    ])


def script(rng, revision, down):
    steps = [operation(rng, f"{revision}_{number}") for number in range(rng.choice([1, 1, 2]))]
    up = "\n    ".join(step[0] for step in steps)
    back = "\n    ".join(step[1] for step in reversed(steps))
    quoted = repr(down) if rng.random() < 0.5 or down is None else f'"{down}"'
    target = rng.choice(["down_revision", "down_revision: str | None"])
    return (f'"""{revision}\n\nRevision ID: {revision}\nRevises: {down or ""}\n"""\nfrom alembic import op\n'
            f'import sqlalchemy as sa\nrevision = "{revision}"\n{target} = {quoted}\n\n'
            f"def upgrade():\n    {up}\n\ndef downgrade():\n    {back}\n")


def lay_out(rng, folder):
    """Writes the project; the revisions, a random one of the branch, and the trunk's last."""
    versions = folder / "migrations/versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    (folder / "migrations/env.py").write_text(ENV)
    first = ("op.create_table('accounts', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.Text()))\n"
             "    op.create_table('orders', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.Text()))\n"
             "    op.execute(\"INSERT INTO accounts (name) VALUES ('ada'), ('bob')\")")
    text = script(random.Random(0), "a0", None).split("def upgrade")[0]
    (versions / "a0.py").write_text(f"{text}def upgrade():\n    {first}\n\ndef downgrade():\n"
                                    "    op.drop_table('orders')\n    op.drop_table('accounts')\n")
    trunk, branch = ["a0"], []
    for number in range(rng.randint(1, 4)):
        trunk.append(f"t{number}")
        (versions / f"t{number}.py").write_text(script(rng, f"t{number}", trunk[-2]))
    start = rng.choice(trunk[:-1])
    for number in range(rng.randint(1, 4)):
        # Now and then the branch parts again.
        parent = (rng.choice(branch) if rng.random() < 0.2 else branch[-1]) if branch else start
        branch.append(f"b{number}")
        (versions / f"b{number}.py").write_text(script(rng, f"b{number}", parent))
    return branch, trunk[-1]


def state(folder):
    """Tables, columns, indexes and rows; the order of columns and rows does not matter."""
    path = folder / "app.db"
    if not path.exists():
        return {}
    connection = sqlite3.connect(path)
    found = {}
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        if name == "alembic_version":
            continue
        columns = sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({name})"))
        indexes = sorted(row[0] for row in connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", [name]))
        shown = ", ".join(f'"{column[0]}"' for column in columns)
        rows = sorted(map(repr, connection.execute(f"SELECT {shown} FROM {name}")))
        found[name] = ([column[:3] for column in columns], indexes, rows)
    connection.close()
    return found


def alembic_state(project, scratch, targets):
    """What real Alembic makes of a copy of the project; an exception where a script fails."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    shutil.copytree(project, folder, dirs_exist_ok=True)
    before = os.getcwd()
    os.chdir(folder)
    try:
        config = alembic.config.Config("alembic.ini")
        for target in targets:
            alembic.command.upgrade(config, target)
        return state(folder)
    except Exception as error:  # a failing script is an answer too
        return type(error).__name__
    finally:
        os.chdir(before)


def heads_of(project, branch):
    followed = {line.split("=")[1].strip().strip("'\"") for name in branch
                for line in (project / f"migrations/versions/{name}.py").read_text().splitlines()
                if line.startswith("down_revision")}
    return [name for name in branch if name not in followed]


def compare(seed, limbeck, scratch):
    rng = random.Random(seed)
    project = Path(scratch) / f"project-{seed}"
    branch, onto = lay_out(rng, project)
    heads = heads_of(project, branch)
    last = alembic_state(project, scratch, [onto, *heads])
    first = alembic_state(project, scratch, [*heads, onto])
    words = ["rebase", rng.choice(branch)] + rng.choice([[], ["--onto", onto]])
    if len(heads) > 1 and "--onto" not in words:
        words += ["--onto", onto]
    run = lambda *more: subprocess.run([limbeck, *words, *more], cwd=project, capture_output=True, text=True)
    asked, done = run("--check"), run()
    chain = alembic_state(project, scratch, heads)
    fails = [one for one in (last, first) if isinstance(one, str)]
    if fails:
        return None if asked.returncode == done.returncode == 2 else f"Alembic fails ({fails}), it says: {asked.stdout}"
    if done.returncode != 0:
        return f"it refuses: {done.stderr}"
    if chain != last:
        return f"the new chain gives {chain}, the branch last gave {last}"
    expected = 0 if first == last else 1
    if asked.returncode != expected:
        return f"status {asked.returncode} instead of {expected}: {asked.stdout}{asked.stderr}\n{first}\n{last}"
    return None


def main():
    limbeck = os.path.abspath(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(seed, seed + count):
            difference = compare(seed, limbeck, scratch)
            if difference:
                failed += 1
                print(f"seed {seed}: {difference}")
    print(f"{count} rebases, {failed} differ")
    sys.exit(1 if failed else 0)


main()
