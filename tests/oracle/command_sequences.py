"""Random revision graphs, and random sequences of commands on them, run by real Alembic and by
Limbeck in two folders alike: exit status, standard output, errors, files, version rows and the
database's schema must be equal.

    python command_sequences.py LIMBECK [FIRST_SEED [HOW_MANY]]

LIMBECK is the native program. Prints each difference and ends with status 1 if there was one. What
Alembic takes from the hashes of a set (the order of several current revisions, of labels, of what a
branch point branches into, one of several ways down) may be what any seed of the hashes gives: where
the two differ, Alembic is asked again under others.
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
SECONDS = 20
HASH_SEEDS = [str(seed) for seed in range(10)]

ENV = '''
from alembic import context
from sqlalchemy import MetaData, create_engine

%(logging)s
target_metadata = MetaData()
options = dict(target_metadata=target_metadata, version_table=%(version_table)r%(options)s)


def include_name(name, type_, parent_names):
    return type_ != "table"


def run_offline():
    context.configure(url="sqlite:///app.db", literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def run_online():
    engine = create_engine("sqlite:///app.db")
    with engine.connect() as connection:
        context.configure(connection=connection, include_name=include_name, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
'''

LOGGING = '''
import logging, sys

handler = logging.StreamHandler(sys.stderr)
handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
logging.getLogger("alembic").addHandler(handler)
logging.getLogger("alembic").setLevel(logging.INFO)
'''

SCRIPT = '''"""%(doc)s

Revision ID: %(revision)s
"""
from alembic import op
import sqlalchemy as sa

revision = %(revision)r
down_revision = %(down)r
branch_labels = %(labels)r
depends_on = %(depends)r


def upgrade():
    op.create_table("t_%(revision)s", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
    op.execute("INSERT INTO journal VALUES ('up %(revision)s')")%(fails)s


def downgrade():
    op.drop_table("t_%(revision)s")
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


def random_graph(rng, folders):
    names = names_of(rng, rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 10, 14]))
    labels = ["alpha", "beta", "gamma", "delta", "al"]
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
                down = rng.sample(before, min(rng.choice([2, 2, 3]), len(before)))
        depends = []
        if before and rng.random() < 0.2:
            depends = [dep for dep in rng.sample(before, min(len(before), rng.choice([1, 1, 2]))) if dep not in down]
            if depends and rng.random() < 0.2:
                labelled = [one for one in graph if one["labels"]]
                if labelled:
                    depends[0] = rng.choice(labelled)["labels"][0]
        mine = [labels.pop() for _ in range(rng.choice([1, 1, 2])) if labels] if rng.random() < 0.2 else []
        graph.append(
            dict(
                revision=name,
                down=down,
                labels=mine,
                depends=depends,
                fails=rng.random() < 0.02,
                folder=rng.choice(folders),
            )
        )
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
        elif odd < 0.07:
            victim["revision"] = rng.choice(names)
    return graph


def scalar(items):
    return None if not items else items[0] if len(items) == 1 else tuple(items)


def random_settings(rng):
    """What alembic.ini and env.py say."""
    lines = ["script_location = alembic"]
    folders = ["alembic/versions"]
    if rng.random() < 0.25:
        folders = rng.choice([["one", "two"], ["one", "alembic/versions"], ["one", "two", "three"]])
        separator, character = rng.choice([("os", ":"), ("space", " "), (";", ";"), ("newline", "\n    ")])
        lines += ["version_locations = " + character.join(folders), "path_separator = " + separator]
    if rng.random() < 0.15:
        lines.append("file_template = " + rng.choice(["%%(rev)s", "%%(slug)s-%%(rev)s", "%%(rev)s_%%(slug).3s"]))
    if rng.random() < 0.1:
        lines.append("truncate_slug_length = " + rng.choice(["3", "8", "0"]))
    if rng.random() < 0.1:
        lines.append("revision_environment = " + rng.choice(["true", "false"]))
    options = rng.choice(["", "", ", transaction_per_migration=True", ", version_table_pk=False", ", transactional_ddl=True"])
    env = ENV % dict(
        logging=LOGGING if rng.random() < 0.5 else "",
        version_table="alembic_version" if rng.random() < 0.9 else "versions",
        options=options,
    )
    return "[alembic]\n%s\n\n[other]\nscript_location = alembic\n" % "\n".join(lines), env, folders


def lay_out(folder, graph, ini, env, folders):
    for one in folders:
        os.makedirs(os.path.join(folder, one))
    os.makedirs(os.path.join(folder, "alembic"), exist_ok=True)
    with open(os.path.join(folder, "alembic.ini"), "w") as file:
        file.write(ini)
    with open(os.path.join(folder, "alembic", "env.py"), "w") as file:
        file.write(env)
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
            fails='\n    raise RuntimeError("this one fails")' if one["fails"] else "",
        )
        with open(os.path.join(folder, one["folder"], "%s_%d.py" % (one["revision"], at)), "w") as file:
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
        return "%s@%s" % (label, rng.choice(["head", "base", "heads", name, name[:3], "+1", "-1", "+2", "-2"]))
    if pick < 0.9:
        return rng.choice(["+1", "-1", "+2", "-2", "+3", "-4"])
    if pick < 0.92:
        return rng.choice(labels) if labels else name
    return rng.choice([name, name[:4], "head", rng.choice(labels) if labels else name]) + rng.choice(["+1", "-1", "+2", "-2"])


def random_command(rng, names, labels, folders, number):
    some = names or ["nothing"]
    some_labels = labels or ["alpha"]

    def one():
        return word(rng, some, some_labels)

    def some_of(*options):
        return [word for option in options if rng.random() < 0.3 for word in option]

    def ranged():
        return rng.choice([one() + ":" + one(), "base:" + one(), one() + ":base", ":" + one(), one() + ":", one() + ":" + one() + ":" + one()])

    kinds = dict(
        upgrade=20, downgrade=16, stamp=9, history=8, current=6, heads=4, branches=4, show=5, revision=12,
        merge=7, sql=9, ensure_version=2, check=3, edit=4, init=1, list_templates=0.5, strange=1,
    )
    kind = rng.choices(list(kinds), list(kinds.values()))[0]
    if kind == "upgrade":
        return ["upgrade", rng.choice(["head", "heads", "+1", one(), one()]), *some_of(["--tag", "x"])]
    if kind == "downgrade":
        return ["downgrade", rng.choice(["base", "-1", one(), one()])]
    if kind == "stamp":
        return ["stamp", *[one() for _ in range(rng.choice([1, 1, 1, 2, 3]))], *some_of(["--purge"])]
    if kind == "history":
        options = some_of(["-v"], ["-i"])
        return ["history", *options, *rng.choice([[], ["-r", ranged()], ["-r", one() + ":" + one()], ["--rev-range", "current:" + one()], ["-r", one() + ":current"], ["-r:" + one()]])]
    if kind == "current":
        return ["current", *some_of(["-v"], ["--check-heads"])]
    if kind == "heads":
        return ["heads", *some_of(["-v"], ["--resolve-dependencies"])]
    if kind == "branches":
        return ["branches", *some_of(["-v"])]
    if kind == "show":
        return ["show", one()]
    if kind == "revision":
        command = ["revision", "-m", rng.choice(["added %d", "Very: long, message — %d of it"]) % number, "--rev-id", "added%d" % number]
        if rng.random() < 0.5:
            command += ["--head", one()]
        if rng.random() < 0.3:
            command += ["--splice"]
        if rng.random() < 0.2:
            command += ["--branch-label", rng.choice(["fresh%d" % number, *some_labels])]
        for _ in range(2):
            if rng.random() < 0.15:
                command += ["--depends-on", one()]
        if rng.random() < (0.5 if len(folders) > 1 else 0.05):
            command += ["--version-path", rng.choice(folders + ["elsewhere"])]
        command += rng.choice([[], [], [], [], [], ["--sql"], ["--autogenerate"], ["--autogenerate", "--sql"]])
        return command
    if kind == "merge":
        command = ["merge", "-m", "merged", "--rev-id", "merged%d" % number]
        command += [one() for _ in range(rng.choice([1, 2, 2, 3]))]
        return command + some_of(["--splice"], ["--branch-label", "joined%d" % number])
    if kind == "sql":
        target = rng.choice([one(), ranged(), one() + ":" + one(), "base:" + one()])
        return [rng.choice(["upgrade", "downgrade", "stamp"]), target, "--sql", *some_of(["--tag", "t"])]
    if kind == "ensure_version":
        return ["ensure_version", *some_of(["--sql"])]
    if kind == "check":
        return ["check"]
    if kind == "edit":
        return ["edit", one()]
    if kind == "init":
        return ["init", rng.choice(["alembic", "fresh%d" % number]), "-t", rng.choice(["generic", "nosuch", "multidb", "async"])]
    if kind == "list_templates":
        return ["list_templates"]
    return rng.choice(
        [
            ["-q", "heads"], ["-n", "other", "heads"], ["-n", "nosuch", "heads"], ["-c", "nosuch.ini", "current"],
            ["--raiseerr", "show", one()], ["--raiseerr", "upgrade", one()], ["-x", "a=b", "current"], ["--version"],
            ["upgrade"], ["nosuch"], [], ["show", one(), one()], ["-q", "upgrade", one()], ["stam", one()], ["histo"],
        ]
    )


def tree(folder):
    """The texts of a project's files, without dates."""
    files = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith((".py", ".mako", ".ini", "README")):
                path = os.path.join(place, name)
                with open(path, encoding="utf-8") as file:
                    text = file.read().replace(folder, "@")
                files[os.path.relpath(path, folder)] = re.sub("Create Date: .*", "Create Date:", text)
    return files


def state_of(folder):
    database = sqlite3.connect(os.path.join(folder, "app.db"))
    journal = database.execute("SELECT line FROM journal").fetchall()
    schema = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
    rows = {
        name: sorted(database.execute(f"SELECT version_num FROM {name}").fetchall())
        for _, name, _ in schema
        if name in ("alembic_version", "versions")
    }
    database.close()
    return dict(files=tree(folder), journal=journal, rows=rows, schema=schema)


def loose(text):
    """The text without any order that may come from hashes."""
    return sorted(" ".join(sorted(re.split(r"[ ,()]+", line))) for line in text.splitlines())


def plain(text, folder):
    """A text without dates and the folder's name."""
    text = re.sub("Create Date: .*", "Create Date:", text.replace(folder, "@"))
    text = re.sub("Template rendering failed; .*", "Template rendering failed", text)
    return re.sub(r"No such template \S*?([^/\s]+)$", r"No such template \1", text, flags=re.M)


def errors(text, folder):
    """Standard error without what COMPAT.md leaves open: frames, the library's places."""
    lines, last, inside, warning = [], None, False, False
    for line in plain(text, folder).splitlines():
        if warning and line.startswith("  "):
            warning = False
            continue
        found = re.match(r"\S+\.py:\d+: (\w*Warning: .*)", line)
        warning = bool(found)
        if found:
            lines.append(found.group(1))
        elif line.startswith("Traceback (most recent call last):"):
            inside, last = True, None
        elif inside and (line.startswith(" ") or not line):
            continue
        elif inside and line.startswith(("During handling of", "The above exception")):
            continue
        elif inside:
            last = line
            lines.append("\0" + line)
        else:
            lines.append(line)
    kept = [line for line in lines if not line.startswith("\0")]
    return "\n".join(kept + ([last] if last else []))


class Alembic:
    def __init__(self, hash_seed=None):
        environment = dict(os.environ)
        if hash_seed is not None:
            environment["PYTHONHASHSEED"] = hash_seed
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "alembic_server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, folder, argv):
        request = dict(directory=folder, argv=argv, environment={"EDITOR": "cat", "PATH": "/usr/bin:/bin"}, seconds=SECONDS)
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Comparison:
    def __init__(self, program):
        self.program = program
        self.alembic = Alembic()
        self.others = {}

    def limbeck(self, folder, argv):
        environment = {"COLUMNS": "80", "EDITOR": "cat", "PATH": "/usr/bin:/bin"}
        try:
            done = subprocess.run([self.program, *argv], cwd=folder, capture_output=True, text=True, env=environment, timeout=4 * SECONDS)
        except subprocess.TimeoutExpired:
            return dict(status="timeout", stdout="", stderr="")
        return dict(status=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def answer(self, result, folder):
        state = state_of(folder)
        return dict(
            state,
            status=result["status"],
            stdout=loose(plain(result["stdout"], folder)),
            stderr=loose(errors(result["stderr"], folder)),
        )

    def step(self, theirs, ours, argv):
        """Runs one command in both folders. Gives both answers, and whether Alembic gave up."""
        before = theirs + "-before"
        shutil.copytree(theirs, before)
        try:
            real = self.alembic.run(theirs, argv)
            if real["status"] == -14:
                return None
            mine = self.limbeck(ours, argv)
            answers = self.answer(real, theirs), self.answer(mine, ours)
            if answers[0] != answers[1]:
                for seed in HASH_SEEDS:
                    again = theirs + "-again"
                    shutil.copytree(before, again)
                    try:
                        other = self.others.setdefault(seed, None) or Alembic(seed)
                        self.others[seed] = other
                        result = other.run(again, argv)
                        answer = self.answer(result, again)
                        if answer == answers[1]:
                            shutil.rmtree(theirs)
                            shutil.copytree(again, theirs)
                            return answer, answers[1], result, mine
                    finally:
                        shutil.rmtree(again)
            return *answers, real, mine
        finally:
            shutil.rmtree(before)


def main():
    program = os.path.abspath(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    comparison = Comparison(program)
    asked = succeeded = wrong = endless = 0
    for seed in range(first, first + count):
        rng = random.Random(seed)
        ini, env, folders = random_settings(rng)
        graph = random_graph(rng, folders)
        names = [one["revision"] for one in graph]
        labels = [label for one in graph for label in one["labels"]]
        root = os.path.realpath(tempfile.mkdtemp(prefix="limbeck-sequences-"))
        theirs, ours = os.path.join(root, "a"), os.path.join(root, "b")
        for folder in (theirs, ours):
            os.mkdir(folder)
            lay_out(folder, graph, ini, env, folders)
        history = []
        for number in range(10):
            argv = random_command(rng, names, labels, folders, number)
            history.append(argv)
            asked += 1
            step = comparison.step(theirs, ours, argv)
            if step is None:
                endless += 1
                break
            real, mine, real_raw, mine_raw = step
            succeeded += real["status"] == mine["status"] == 0
            if real != mine:
                wrong += 1
                if wrong <= 12:
                    print("seed", seed, json.dumps(graph))
                    print("  settings", json.dumps(ini), json.dumps(env[-900:-500]))
                    print("  commands", json.dumps(history))
                    for who, answer in (("alembic", real_raw), ("limbeck", mine_raw)):
                        print(f"  {who} {answer['status']}", answer["stdout"][-700:])
                        print("         ", answer["stderr"][-700:])
                    for key in real:
                        if real[key] != mine[key] and key not in ("stdout", "stderr"):
                            print("  ", key, real[key])
                            print("  ", " " * len(key), mine[key])
                break
            for name in real["files"]:
                text = real["files"][name]
                found = re.search(r"^revision(?:: str)? = '(.*)'$", text, re.M)
                if found and found.group(1) and found.group(1) not in names:
                    names.append(found.group(1))
        shutil.rmtree(root)
    print(f"{asked} commands on {count} graphs, {succeeded} with success, {wrong} differences, {endless} that Alembic did not end")
    # Commands that all fail would compare messages only.
    return 1 if wrong or succeeded * 4 < asked or asked < 3 * count else 0


if __name__ == "__main__":
    sys.exit(main())
