"""Random revision graphs, and random sequences of commands on them, run by real Alembic and by
Limbeck in two folders alike: exit status, standard output, files and version rows must be equal.

    python command_sequences.py LIMBECK [FIRST_SEED [HOW_MANY]]

LIMBECK is the native program. Prints each difference and ends with status 1 if there was one. What
Alembic takes from the hashes of a set (the order of several current revisions, of labels, of what
a branch point branches into) is compared without order.
"""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

ENV = '''
from alembic import context
from sqlalchemy import create_engine

def run_offline():
    context.configure(url="sqlite:///app.db", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()

def run_online():
    engine = create_engine("sqlite:///app.db")
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_offline()
else:
    run_online()
'''

SCRIPT = '''"""%(doc)s

Revision ID: %(revision)s
"""
from alembic import op

revision = %(revision)r
down_revision = %(down)r
branch_labels = %(labels)r
depends_on = %(depends)r


def upgrade():
    op.execute("INSERT INTO journal VALUES ('up %(revision)s')")


def downgrade():
    op.execute("INSERT INTO journal VALUES ('down %(revision)s')")
'''


def names_of(rng, count):
    names = []
    while len(names) < count:
        length = rng.choice([4, 5, 8, 12, 12])
        name = "".join(rng.choice("abcdef0123456789") for _ in range(length))
        if name.isdigit() or name in names:
            continue
        if rng.random() < 0.2 and names:
            name = names[-1][:4] + name[4:]
        if name not in names:
            names.append(name)
    return names


def random_graph(rng):
    names = names_of(rng, rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 10]))
    labels = ["alpha", "beta", "gamma", "delta"]
    graph = []
    for at, name in enumerate(names):
        before = names[:at]
        down = []
        if before and rng.random() > 0.15:
            down = [before[-1]]
            pick = rng.random()
            if pick < 0.3:
                down = [rng.choice(before)]
            elif pick < 0.45:
                down = rng.sample(before, min(2, len(before)))
        depends = []
        if before and rng.random() < 0.15:
            depends = [dep for dep in rng.sample(before, 1) if dep not in down]
        mine = [labels.pop()] if labels and rng.random() < 0.2 else []
        graph.append(dict(revision=name, down=down, labels=mine, depends=depends))
    odd = rng.random()
    if graph:
        victim = rng.choice(graph)
        if odd < 0.02:
            victim["down"] = ["absent"]
        elif odd < 0.04:
            victim["down"] = [rng.choice(names)]
        elif odd < 0.05:
            victim["depends"] = ["absent"]
        elif odd < 0.06:
            victim["labels"] = [rng.choice(names)]
    return graph


def scalar(items):
    return None if not items else items[0] if len(items) == 1 else tuple(items)


def lay_out(folder, graph):
    versions = os.path.join(folder, "alembic", "versions")
    os.makedirs(versions)
    with open(os.path.join(folder, "alembic.ini"), "w") as file:
        file.write("[alembic]\nscript_location = alembic\n")
    with open(os.path.join(folder, "alembic", "env.py"), "w") as file:
        file.write(ENV)
    shutil.copy(
        os.path.join(HERE, "../../src/script/templates/generic/script.py.mako"),
        os.path.join(folder, "alembic", "script.py.mako"),
    )
    for at, one in enumerate(graph):
        text = SCRIPT % dict(
            doc="revision number %d\n\nmore about it" % at,
            revision=one["revision"],
            down=scalar(one["down"]),
            labels=tuple(one["labels"]) or None,
            depends=scalar(one["depends"]),
        )
        with open(os.path.join(versions, "%s_%d.py" % (one["revision"], at)), "w") as file:
            file.write(text)
    database = sqlite3.connect(os.path.join(folder, "app.db"))
    database.execute("CREATE TABLE journal (line TEXT)")
    database.commit()
    database.close()


def word(rng, names, labels):
    name = rng.choice(names)
    pick = rng.random()
    if pick < 0.25:
        return name
    if pick < 0.35:
        return name[: rng.randrange(2, len(name) + 1)]
    if pick < 0.55:
        return rng.choice(["head", "heads", "base", "head", "heads", "nosuch", "current"])
    if pick < 0.75:
        label = rng.choice(labels + [name, "nolabel"])
        return "%s@%s" % (label, rng.choice(["head", "base", "heads", name, "+1", "-1", "+2"]))
    if pick < 0.9:
        return rng.choice(["+1", "-1", "+2", "-2", "+3"])
    return name + rng.choice(["+1", "-1", "+2", "-2"])


def random_command(rng, names, labels, number):
    some = names or ["nothing"]
    some_labels = labels or ["alpha"]

    def one():
        return word(rng, some, some_labels)

    pick = rng.random()
    if pick < 0.2:
        return ["upgrade", rng.choice(["head", "heads", one()])]
    if pick < 0.35:
        return ["downgrade", rng.choice(["base", "-1", one()])]
    if pick < 0.43:
        return ["stamp", *[one() for _ in range(rng.choice([1, 1, 1, 2]))]] + (
            ["--purge"] if rng.random() < 0.2 else []
        )
    if pick < 0.5:
        return ["history"] + rng.choice([[], ["-v"], ["-i"], ["-r", one() + ":" + one()], ["-r:" + one()], ["-r", one() + ":"]])
    if pick < 0.56:
        return ["current"] + rng.choice([[], ["-v"], ["--check-heads"]])
    if pick < 0.61:
        return ["heads"] + rng.choice([[], ["-v"], ["--resolve-dependencies"]])
    if pick < 0.65:
        return ["branches"] + rng.choice([[], ["-v"]])
    if pick < 0.7:
        return ["show", one()]
    if pick < 0.82:
        command = ["revision", "-m", "added %d" % number, "--rev-id", "added%d" % number]
        if rng.random() < 0.5:
            command += ["--head", one()]
        if rng.random() < 0.3:
            command += ["--splice"]
        if rng.random() < 0.2:
            command += ["--branch-label", rng.choice(["fresh%d" % number, *some_labels])]
        if rng.random() < 0.2:
            command += ["--depends-on", one()]
        return command
    if pick < 0.88:
        return ["merge", "-m", "merged", "--rev-id", "merged%d" % number, *[one() for _ in range(rng.choice([1, 2, 2]))]] + (
            ["--splice"] if rng.random() < 0.3 else []
        )
    if pick < 0.95:
        target = rng.choice([one(), one() + ":" + one(), "base:" + one()])
        return [rng.choice(["upgrade", "downgrade", "stamp"]), target, "--sql"]
    return rng.choice([["ensure_version"], ["ensure_version", "--sql"], ["check"], ["edit", "nosuch"]])


def state_of(folder):
    files = {}
    versions = os.path.join(folder, "alembic", "versions")
    for name in sorted(os.listdir(versions)):
        if name.endswith(".py"):
            with open(os.path.join(versions, name)) as file:
                files[name] = re.sub("Create Date: .*", "Create Date:", file.read())
    database = sqlite3.connect(os.path.join(folder, "app.db"))
    journal = database.execute("SELECT line FROM journal").fetchall()
    try:
        rows = sorted(database.execute("SELECT version_num FROM alembic_version").fetchall())
    except sqlite3.OperationalError:
        rows = None
    database.close()
    return dict(files=files, journal=journal, rows=rows)


def loose(text):
    """The text without any order that may come from hashes."""
    return sorted(" ".join(sorted(re.split(r"[ ,()]+", line))) for line in text.splitlines())


class Alembic:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "alembic_server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, folder, argv):
        request = dict(directory=folder, argv=argv, environment={})
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def run_limbeck(program, folder, argv):
    done = subprocess.run(
        [program, *argv], cwd=folder, capture_output=True, text=True, env={"COLUMNS": "80"}
    )
    return dict(status=done.returncode, stdout=done.stdout, stderr=done.stderr)


def main():
    program = os.path.abspath(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    alembic = Alembic()
    asked = wrong = 0
    for seed in range(first, first + count):
        rng = random.Random(seed)
        graph = random_graph(rng)
        names = [one["revision"] for one in graph]
        labels = [label for one in graph for label in one["labels"]]
        root = tempfile.mkdtemp(prefix="limbeck-sequences-")
        theirs, ours = os.path.join(root, "a"), os.path.join(root, "b")
        for folder in (theirs, ours):
            os.mkdir(folder)
            lay_out(folder, graph)
        history = []
        for number in range(8):
            argv = random_command(rng, names, labels, number)
            history.append(argv)
            asked += 1
            real = alembic.run(theirs, argv)
            mine = run_limbeck(program, ours, argv)
            texts = [real["stdout"].replace(theirs, "@"), mine["stdout"].replace(ours, "@")]
            texts = [re.sub("Create Date: .*", "Create Date:", text) for text in texts]
            states = [state_of(theirs), state_of(ours)]
            same = real["status"] == mine["status"] and states[0] == states[1]
            if same and texts[0] != texts[1]:
                same = loose(texts[0]) == loose(texts[1])
            if not same:
                wrong += 1
                if wrong <= 8:
                    print("seed", seed, json.dumps(graph))
                    print("  commands", json.dumps(history))
                    print("  alembic ", real["status"], texts[0][-600:])
                    print("          ", real["stderr"][-300:])
                    print("  limbeck ", mine["status"], texts[1][-600:])
                    print("          ", mine["stderr"][-500:])
                    for key in states[0]:
                        if states[0][key] != states[1][key]:
                            print("  ", key, states[0][key])
                            print("  ", " " * len(key), states[1][key])
                break
            names = names + [
                name[:-3].split("_")[0] for name in states[0]["files"] if name[:-3].split("_")[0] not in names
            ]
        shutil.rmtree(root)
    print(f"{asked} commands on {count} graphs, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
