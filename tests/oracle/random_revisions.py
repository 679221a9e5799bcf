"""Random revision files, and what real Alembic makes of them: for `rebase.py` and `squash.py`."""

import os
import shutil
import sqlite3
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
        indexes = sorted(row[0] or "" for row in connection.execute(
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
    return run_alembic(folder, [("upgrade", target) for target in targets])


def run_alembic(folder, commands):
    """What real Alembic makes of a project by these commands, each a verb and a target."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        config = alembic.config.Config("alembic.ini")
        for verb, target in commands:
            getattr(alembic.command, verb)(config, target)
        return state(folder)
    except Exception as error:  # a failing script is an answer too
        return type(error).__name__
    finally:
        os.chdir(before)
