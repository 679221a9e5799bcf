"""Random operation scripts, run by real Alembic and by limbeck; whatever differs is shown.

    python tests/oracle/operations_fuzz.py --limbeck target/debug/limbeck --seeds 0:200

Each seed makes a project with two or three revisions full of op.* calls (batches, bulk inserts,
failures half-way, odd names) and walks it up and down, online and with --sql. Compared are exit
status, both output streams (a traceback by its last lines), sqlite_master and all rows; on PostgreSQL
(--postgresql psycopg) what pg_dump gives.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import postgresql
import psycopg
from random_operations import project

HERE = Path(__file__).resolve().parent

VERSION_ROWS = re.compile(r"0x[0-9a-f]+")
# What the server's clock or its random numbers gave.
CLOCK = re.compile(
    r"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?(?:\+\d\d)?)?|\d\d:\d\d:\d\d\.\d+(?:\+\d\d)?"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
)
SHOWN_CLOCK = re.compile(
    r"datetime\.(?:datetime|date)\(20(?:2[5-9]|[3-9]\d), [^()]*(?:\([^()]*\)[^()]*)?\)|UUID\('[0-9a-f-]+'\)|datetime\.time\([^()]*(?:\([^()]*\))?\)"
)
MOMENT = re.compile(r"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")


def settled(lines):
    """Table constraints in the SQL of a message, which Alembic orders by hash, in a fixed order."""
    words = ("\tCONSTRAINT", "\tPRIMARY KEY", "\tUNIQUE", "\tCHECK", "\tFOREIGN KEY")
    run = []
    for line in [*lines, ""]:
        if line.startswith(words):
            run.append(line.rstrip(", "))
            continue
        yield from sorted(run)
        run = []
        yield line


def last_lines(stderr):
    """A traceback's frames and marks are the interpreter's own affair: keep all other lines."""
    kept = []
    for line in stderr.splitlines():
        # What psycopg's pipelines say of themselves when one breaks off; COMPAT.md names it.
        if "[psycopg] error ignored terminating <psycopg.Pipeline" in line:
            continue
        # Where a warning was given from is a line of the reference's own source.
        line = re.sub(r"^.*?:\d+: (\w+Warning: )", r"\1", line)
        if line.startswith(("  ", "    ")) or "^^^" in line or line.startswith("/"):
            continue
        kept.append(VERSION_ROWS.sub("0x", line))
    text = "\n".join(settled(kept)).replace("<memory at 0x>", "<bytes>").replace(repr(b"\x00\xff"), "<bytes>")
    # Chained exceptions: what counts is the last one.
    marks = ("\nDuring handling of the above exception", "\nThe above exception was the direct cause")
    parts = re.split("(?:" + "|".join(map(re.escape, marks)) + r")[^\n]*\n", text)
    if len(parts) > 1:
        first = parts[0].split("Traceback (most recent call last):")[0]
        first = "".join(l + "\n" for l in first.splitlines() if not re.match(r"[\w.]+(Error|Exception)\b", l))
        return first + parts[-1].strip()
    return text.rstrip()


def without_batches(reference, limbeck):
    """Of an INSERT of many rows the reference shows a batch, Limbeck its rows (COMPAT.md): the rest must be the same."""
    if not re.search(r"\[SQL: INSERT INTO .*__0\)s", reference):
        return reference, limbeck
    shown = ("[SQL: INSERT INTO", "[parameters: ")
    kept = lambda text: "\n".join(line for line in text.splitlines() if not line.startswith(shown))
    return kept(reference), kept(limbeck)


def split_items(sql):
    """The items of a CREATE TABLE, at its top level."""
    start = sql.find("(")
    head, body = sql[: start + 1], sql[start + 1 :]
    items, depth, quote, item = [], 0, None, ""
    for character in body:
        if quote:
            quote = None if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and depth == 0:
            items.append(item.strip())
            item = ""
            continue
        item += character
    items.append(item.strip().rstrip(")").strip())
    return head, items


def unordered(sql):
    """Alembic's batches order constraints by hash; compare the table's constraints as a set."""
    if not sql or not sql.upper().lstrip().startswith("CREATE T"):
        return sql
    head, items = split_items(sql)
    words = ("CONSTRAINT", "PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY")
    columns = [i for i in items if not i.startswith(words)]
    constraints = sorted(i for i in items if i.startswith(words))
    return [head, columns, constraints]


def unordered_script(text):
    """The same for each statement of a script; indexes of one table may change places, too."""
    statements = text.split(";\n")
    shown = []
    run = []
    for statement in statements:
        stripped = statement.strip()
        if stripped.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
            run.append(stripped)
            continue
        shown += sorted(run)
        run = []
        shown.append(json.dumps(unordered(stripped)))
    return shown + sorted(run)


def database(directory):
    path = directory / "app.db"
    if not path.exists():
        return None
    connection = sqlite3.connect(path)
    connection.text_factory = lambda b: b.decode("utf-8", "surrogateescape")
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name, tbl_name").fetchall()
    result = {"schema": [[a, b, c, unordered(d)] for a, b, c, d in rows], "rows": {}}
    for kind, name, _, _ in rows:
        if kind == "table":
            quoted = name.replace('"', '""')
            try:
                result["rows"][name] = sorted(MOMENT.sub("now", repr(row)) for row in connection.execute(f'SELECT * FROM "{quoted}"'))
            except sqlite3.Error as error:
                result["rows"][name] = str(error)
    connection.close()
    return result


class Oracle:
    def __init__(self, python):
        environment = dict(os.environ, PYTHONHASHSEED="0")
        self.process = subprocess.Popen(
            [python, str(HERE / "alembic_server.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def run(self, directory, argv):
        self.process.stdin.write(json.dumps({"directory": str(directory), "argv": argv}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Postgresql:
    """The database of a server that all projects use, one after the other."""

    def __init__(self, address, driver):
        self.host, self.port = address.rsplit(":", 1)
        self.name = f"operations_{os.getpid()}"
        self.url = f"postgresql+{driver}://postgres@{address}/{self.name}"
        self.connect = lambda name: psycopg.connect(
            host=self.host, port=self.port, user="postgres", dbname=name, autocommit=True
        )
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {self.name}")

    def drop(self):
        with self.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE {self.name} WITH (FORCE)")

    def clear(self):
        with self.connect(self.name) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def state(self):
        dump = subprocess.run(
            ["pg_dump", "--schema-only", "-h", self.host, "-p", self.port, "-U", "postgres", self.name],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        lines = [line for line in dump.splitlines() if line and not line.startswith(("--", "\\restrict", "\\unrestrict"))]
        rows = {}
        with self.connect(self.name) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (name,) in names:
                quoted = name.replace('"', '""')
                texts = connection.execute(f'SELECT t::text FROM "{quoted}" t').fetchall()
                rows[name] = sorted(CLOCK.sub("now", text) for (text,) in texts)
        return {"schema": lines, "rows": rows}


def limbeck(program, directory, argv):
    try:
        done = subprocess.run([program, *argv], cwd=directory, capture_output=True, timeout=60, env=dict(os.environ, COLUMNS="80"))
    except subprocess.TimeoutExpired:
        return {"status": "timeout", "stdout": "", "stderr": ""}
    return {
        "status": done.returncode & 255,
        "stdout": done.stdout.decode("utf-8", "replace"),
        "stderr": done.stderr.decode("utf-8", "replace"),
    }


def compare(seed, oracle, program, keep, server=None):
    with tempfile.TemporaryDirectory() as scratch:
        # Both run in a folder of the same path, one after the other, so that no message differs.
        place = Path(scratch) / "project"
        commands = project(seed, place, "postgresql", server.url) if server else project(seed, place)
        pristine = Path(scratch) / "pristine"
        shutil.copytree(place, pristine)

        def walk(run):
            shutil.rmtree(place)
            shutil.copytree(pristine, place)
            results = []
            if server:
                server.clear()
            for argv in commands:
                answer = run(place, argv)
                answer["database"] = server.state() if server else database(place)
                if server:
                    for part in ("stdout", "stderr"):
                        answer[part] = SHOWN_CLOCK.sub("now", CLOCK.sub("now", answer[part]))
                results.append(answer)
            return results

        expected = walk(oracle.run)
        actual = walk(lambda d, a: limbeck(program, d, a))
        problems = []
        for argv, want, got in zip(commands, expected, actual):
            for part in ("status", "stdout", "stderr", "database"):
                one, other = want[part], got[part]
                if part == "stderr":
                    one, other = without_batches(last_lines(one), last_lines(other))
                elif part == "stdout" and "--sql" in argv:
                    one, other = unordered_script(one), unordered_script(other)
                if one != other:
                    problems.append((argv, part, one, other))
            if problems:
                break
        statuses = [(want["status"], got["status"]) for want, got in zip(expected, actual, strict=True)]
        if problems and keep:
            target = Path(keep) / f"seed-{seed}"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(pristine, target)
        return problems, statuses


def show(one, other):
    import difflib

    if not isinstance(one, str):
        one = "\n".join(one) if isinstance(one, list) else json.dumps(one, indent=1, ensure_ascii=False)
        other = "\n".join(other) if isinstance(other, list) else json.dumps(other, indent=1, ensure_ascii=False)
    return "\n".join(
        list(difflib.unified_diff(one.splitlines(), other.splitlines(), "alembic", "limbeck", lineterm="", n=1))[:40]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--limbeck", default="target/debug/limbeck")
    parser.add_argument("--seeds", default="0:50", help="FIRST:END")
    parser.add_argument("--python", default=os.environ.get("LIMBECK_ORACLE_PYTHON", sys.executable))
    parser.add_argument("--keep", help="folder for the projects that differ")
    parser.add_argument("--most", type=int, default=10, help="stop after so many differences")
    parser.add_argument("--postgresql", metavar="DRIVER", help="on a server (see postgresql.py), with that driver, such as psycopg")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        server = None
        if options.postgresql:
            try:
                server = Postgresql(stack.enter_context(postgresql.server()), options.postgresql)
            except RuntimeError as error:
                if os.environ.get("CI"):
                    raise
                print(f"note: {error}; operations on PostgreSQL are not compared", file=sys.stderr)
                return 0
            stack.callback(server.drop)
        return run(options, server)


def run(options, server):
    first, end = map(int, options.seeds.split(":"))
    program = str(Path(options.limbeck).resolve())
    oracle = Oracle(options.python)
    bad = commands = succeeded = 0
    for seed in range(first, end):
        problems, statuses = compare(seed, oracle, program, options.keep, server)
        commands += len(statuses)
        succeeded += statuses.count((0, 0))
        for argv, part, one, other in problems:
            print(f"seed {seed}: {' '.join(argv)}: {part} differs\n{show(one, other)}\n")
        bad += bool(problems)
        if bad >= options.most:
            break
    print(f"{seed - first + 1} seeds, {succeeded} of {commands} commands with success, {bad} differ")
    # Commands that all fail would compare messages only.
    return 1 if bad or succeeded * 4 < commands or commands < end - first else 0


if __name__ == "__main__":
    sys.exit(main())
