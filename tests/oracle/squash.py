"""Random projects whose revisions `limbeck squash` makes one: real Alembic must come to the same schema and rows with the
new file, up, down, and down from what the old files upgraded.

    python squash.py LIMBECK [FIRST_SEED [HOW_MANY]]

Prints each difference and ends with status 1 if there was one.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from random_revisions import ENV, INI, run_alembic


class Writer:
    """Writes a revision, knowing the tables that there are when it runs."""

    def __init__(self, rng, revision, tables):
        self.rng, self.revision, self.tables = rng, revision, tables
        self.up, self.down, self.module, self.count = [], [], [], 0

    def name(self):
        self.count += 1
        return f"{self.revision}_{self.count}"

    def step(self):
        choices = [self.create_table]
        if self.tables:
            choices += [self.add_column, self.add_column, self.drop_column, self.index, self.rename, self.batch, self.insert,
                        self.module_update, self.bind, self.loop, self.drop_table, self.bulk]
        self.rng.choice(choices)()

    def table(self):
        return self.rng.choice(sorted(self.tables))

    def both(self, up, down):
        self.up.append(up)
        self.down.insert(0, down)

    def create_table(self):
        name = self.name()
        columns = {"name": "sa.Text()", f"c_{name}": self.rng.choice(["sa.Integer()", "sa.String(20)", "sa.Boolean()"])}
        self.tables[name] = columns
        self.both(self.create(name, columns), f"op.drop_table('{name}')")

    def create(self, name, columns):
        break_ = ",\n        " if self.rng.random() < 0.5 else ", "
        items = [f"'{name}'", "sa.Column('id', sa.Integer(), primary_key=True)"]
        items += [f"sa.Column('{column}', {kind})" for column, kind in columns.items()]
        if self.rng.random() < 0.3:
            items.append("sa.UniqueConstraint('id', 'name', name=None)")
        return f"op.create_table({break_.join(items)})"

    def add_column(self):
        table, name = self.table(), self.name()
        kind = self.rng.choice(["sa.Integer()", "sa.Float()", "sa.String(length=30)"])
        more = self.rng.choice(["", ", server_default='5'", ", nullable=True"])
        self.tables[table][name] = kind
        self.both(f"op.add_column('{table}', sa.Column('{name}', {kind}{more}))", f"op.drop_column('{table}', '{name}')")

    def loose_column(self):
        table = self.table()
        return table, [column for column in self.tables[table] if column != "name" and "," not in column]

    def drop_column(self):
        table, columns = self.loose_column()
        if columns:
            column = self.rng.choice(columns)
            kind = self.tables[table].pop(column)
            self.both(f"op.drop_column('{table}', '{column}')",
                      f"op.add_column('{table}', sa.Column('{column}', {kind}))")

    def index(self):
        table, name = self.table(), f"ix_{self.name()}"
        self.both(f"op.create_index('{name}', '{table}', ['name'])", f"op.drop_index('{name}', table_name='{table}')")
        if self.rng.random() < 0.3:
            self.both(f"op.drop_index('{name}', table_name='{table}')", f"op.create_index('{name}', '{table}', ['name'])")

    def rename(self):
        table, columns = self.loose_column()
        if columns:
            column, new = self.rng.choice(columns), self.name()
            self.tables[table][new] = self.tables[table].pop(column)
            self.both(f"op.alter_column('{table}', '{column}', new_column_name='{new}')",
                      f"op.alter_column('{table}', '{new}', new_column_name='{column}')")

    def batch(self):
        table, name = self.table(), self.name()
        self.tables[table][name] = "sa.Integer()"
        self.both(f"with op.batch_alter_table('{table}') as batch_op:\n        # A comment.\n"
                  f"        batch_op.add_column(sa.Column('{name}', sa.Integer()))\n"
                  "        batch_op.alter_column('name', type_=sa.String(40))",
                  f"with op.batch_alter_table('{table}') as batch_op:\n        batch_op.drop_column('{name}')\n"
                  "        batch_op.alter_column('name', type_=sa.Text())")

    def insert(self):
        table, value = self.table(), self.name()
        self.both(f"op.execute(\"INSERT INTO {table} (name) VALUES ('{value}')\")",
                  f"op.execute(\"DELETE FROM {table} WHERE name = '{value}'\")")

    def bulk(self):
        table, value = self.table(), self.name()
        self.both(f"# What is there from the start.\n    op.bulk_insert(sa.table('{table}', sa.column('name')), [{{'name': '{value}'}}])",
                  f"op.execute(\"DELETE FROM {table} WHERE name = '{value}'\")")

    def module_update(self):
        """By a table that the module defines, now and then under the same name as others do."""
        table = self.table()
        name = "rows" if self.rng.random() < 0.4 else f"table_{self.revision}"
        if any(line.startswith(name) for line in self.module):
            return
        self.module.append(f"{name} = sa.table('{table}', sa.column('name'))")
        self.both(f"op.execute({name}.update().values(name={name}.c.name + '{self.revision}'))", "pass")

    def bind(self):
        table = self.table()
        self.both(f"bind = op.get_bind()\n    for row in bind.execute(sa.text('SELECT id FROM {table}')).all():\n"
                  f"        bind.execute(sa.text('UPDATE {table} SET name = name || :id WHERE id = :id'), {{'id': row.id}})",
                  "pass")

    def loop(self):
        table, names = self.table(), [self.name(), self.name()]
        for name in names:
            self.tables[table][name] = "sa.Integer()"
        self.both(f"for name in {names}:\n        op.add_column('{table}', sa.Column(name, sa.Integer()))",
                  f"for name in {names}:\n        op.drop_column('{table}', name)")

    def drop_table(self):
        table = self.table()
        columns = self.tables.pop(table)
        self.both(f"op.drop_table('{table}')", self.create(table, columns))

    def text(self, parents):
        if self.rng.random() < 0.15:
            self.up.insert(0, "if op.get_bind().dialect.name == 'oracle':\n        return")
        down = repr(parents[0] if len(parents) == 1 else tuple(parents) or None)
        up, back = ("\n    ".join(lines) or "pass" for lines in (self.up, self.down))
        imports = "from alembic import op\nimport sqlalchemy as sa\n"
        if self.rng.random() < 0.3:
            imports = "import sqlalchemy as sa\nfrom typing import Union\nfrom alembic import op, context\n"
        return (f'"""{self.revision}\n\nRevision ID: {self.revision}\nRevises: {", ".join(parents)}\nCreate Date: today\n"""\n'
                f"{imports}\nrevision = '{self.revision}'\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n"
                + "".join(f"{line}\n" for line in self.module)
                + f"\n\ndef upgrade() -> None:\n    {up}\n\n\ndef downgrade() -> None:\n    {back}\n")


TEMPLATE = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}
"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''


def lay_out(rng, project):
    """Writes the project; its revisions in the order of a trunk in which now and then two branches meet."""
    versions = project / "migrations/versions"
    versions.mkdir(parents=True)
    (project / "alembic.ini").write_text(INI)
    (project / "migrations/env.py").write_text(ENV)
    (project / "migrations/script.py.mako").write_text(TEMPLATE)
    trunk, tables = [], {}

    def write(revision, parents, tables, steps):
        writer = Writer(rng, revision, tables)
        for _ in range(steps):
            writer.step()
        (versions / f"{revision}.py").write_text(writer.text(parents))

    for number in range(rng.randint(3, 7)):
        parents = trunk[-1:]
        if parents and rng.random() < 0.15:
            sides = [f"l{number}", f"r{number}"]
            names = sorted(tables)
            # Each side has its own tables, so that their order does not matter.
            parts = [{name: tables[name] for name in names[::2]}, {name: tables[name] for name in names[1::2]}]
            for side, part in zip(sides, parts):
                write(side, parents, part, rng.randint(1, 2))
            tables = {**parts[0], **parts[1]}
            parents = sides
        trunk.append(f"t{number}")
        write(trunk[-1], parents, tables, 0 if len(parents) > 1 else rng.randint(1, 4))
    return trunk


def compare(seed, limbeck, scratch):
    rng = random.Random(seed)
    project = Path(scratch) / f"project-{seed}"
    trunk = lay_out(rng, project)
    first = rng.randrange(len(trunk) - 1)
    last = rng.randrange(first + 1, len(trunk))
    begin, end = trunk[first], trunk[last]
    back = "base" if first == 0 else f"{trunk[first - 1]}"
    stands = rng.choice([None, "before", "at", "between"])
    target = {"before": back, "at": end, "between": begin}.get(stands)
    if stands and target != "base":
        outcome = run_alembic(project, [("upgrade", target)])
        if isinstance(outcome, str):
            return f"Alembic fails to upgrade: {outcome}"
    old, new = Path(scratch) / f"old-{seed}", Path(scratch) / f"new-{seed}"
    shutil.copytree(project, old)
    word = "base" if first == 0 and rng.random() < 0.5 else begin
    done = subprocess.run([limbeck, "squash", f"{word}:{end}"], cwd=project, capture_output=True, text=True)
    if stands == "between":
        return None if done.returncode == 2 and "would be gone" in done.stderr else f"{done}"
    if done.returncode != 0:
        return f"it does not squash: {done.stdout}{done.stderr}"
    # A downgrade that fails with the revisions fails with the new one as well.
    fails = "downgrade fails with the revisions" in done.stdout
    if done.stdout.count("the same schema and rows") == 0 and not fails:
        return f"no proof: {done.stdout}"
    shutil.copytree(project, new)
    left = {path.stem for path in (project / "migrations/versions").glob("*.py")}
    if begin in left and begin != end:
        return f"{begin} is still there: {left}"
    crossed = Path(scratch) / f"crossed-{seed}"
    for name, commands in [("up", [("upgrade", end)]), ("down", [("downgrade", back)]),
                           ("again", [("upgrade", "head")])]:
        expected, found = run_alembic(old, commands), run_alembic(new, commands)
        if expected != found:
            return f"{name}: {expected}\nis with one revision {found}\n{done.stdout}"
        if isinstance(expected, str):
            return None if name == "down" and fails else f"Alembic fails: {name} {expected}"
        if name == "up":
            shutil.copytree(old, crossed)
            shutil.rmtree(crossed / "migrations")
            shutil.copytree(project / "migrations", crossed / "migrations")
        if name == "down" and run_alembic(crossed, commands) != expected:
            return f"what the old files upgraded, the new one downgrades to another state\n{done.stdout}"
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
    print(f"{count} squashes, {failed} differ")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
