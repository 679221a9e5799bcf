"""Prints how long limbeck and real Alembic take for the same commands, in one run on one machine.

Both are warm: Alembic in this process, with SQLAlchemy imported, limbeck in a process that answers
one request after the other (tests/bench/warm.rs). As in a person's terminal, each command loads
env.py, the models and the revision files anew. The better of several runs counts for both. For the
long upgrades the floor is printed too: the statements, begins and commits that Alembic sends, sent
straight to SQLite.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import alembic.config
import psycopg
import sqlalchemy  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/oracle"))
import postgresql  # noqa: E402

INI = """[alembic]
script_location = %(here)s/alembic
prepend_sys_path = .
sqlalchemy.url = %(url)s
"""

ENV = """from sqlalchemy import engine_from_config, pool
from alembic import context
{imports}

config = context.config
target_metadata = {metadata}


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {{}}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
"""

TYPES = ["Integer", "String(80)", "Text", "Boolean", "DateTime", "Numeric(10, 2)", "Float", "Date", "LargeBinary"]


def models(tables, defaults=True):
    """Declares so many tables; not every database takes `'1'` as the default of every type."""
    draw = random.Random(tables)
    lines = [
        "from sqlalchemy import *",
        "from sqlalchemy.orm import DeclarativeBase, mapped_column",
        "",
        "",
        "class Base(DeclarativeBase):",
        "    pass",
    ]
    for number in range(tables):
        lines += ["", "", f"class Model{number}(Base):", f'    __tablename__ = "table_{number:03}"', ""]
        lines.append("    id = mapped_column(Integer, primary_key=True)")
        for column in range(draw.randint(5, 9)):
            extra = draw.choice(["", ", nullable=False", ", index=True", ", server_default='1'" if defaults else "", ""])
            lines.append(f"    column_{column} = mapped_column({draw.choice(TYPES)}{extra})")
        if number and number % 2:
            lines.append(
                f'    parent_id = mapped_column(ForeignKey("table_{draw.randrange(number):03}.id"))'
            )
    return "\n".join(lines) + "\n"


def revision(number):
    down = repr(f"r{number - 1:05}") if number else None
    if number % 4 == 0:
        up = (
            f'op.create_table("t{number}", sa.Column("id", sa.Integer(), nullable=False), '
            f'sa.Column("name", sa.String(50)), sa.Column("made", sa.DateTime()), sa.PrimaryKeyConstraint("id"))'
        )
        back = f'op.drop_table("t{number}")'
    elif number % 4 == 3:
        up = f'op.create_index("ix{number}", "t{number - 3}", ["name"])'
        back = f'op.drop_index("ix{number}", table_name="t{number - 3}")'
    else:
        table = number - number % 4
        up = f'op.add_column("t{table}", sa.Column("c{number}", sa.Integer(), nullable=True))'
        back = f'op.drop_column("t{table}", "c{number}")'
    return (
        f'"""step {number}"""\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "r{number:05}"\n'
        f"down_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    {up}\n\n\n"
        f"def downgrade():\n    {back}\n"
    )


def project(folder, models_text=None, revisions=0, url="sqlite:///app.db"):
    folder.mkdir(parents=True)
    (folder / "alembic/versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI.replace("%(url)s", url))
    imports, metadata = ("from models import Base", "Base.metadata") if models_text else ("", "None")
    (folder / "alembic/env.py").write_text(ENV.format(imports=imports, metadata=metadata))
    template = Path(alembic.__file__).parent / "templates/generic/script.py.mako"
    shutil.copy(template, folder / "alembic/script.py.mako")
    if models_text:
        (folder / "models.py").write_text(models_text)
    for number in range(revisions):
        (folder / f"alembic/versions/r{number:05}.py").write_text(revision(number))
    return folder


class Reference:
    """Real Alembic in this process."""

    name = "alembic"

    def run(self, folder, argv):
        os.chdir(folder)
        sys.modules.pop("models", None)
        # The finder of "." remembers the folder in which it was made.
        sys.path_importer_cache.clear()
        path = list(sys.path)
        status = 0
        with tempfile.TemporaryFile("w+") as out:
            kept = os.dup(1), os.dup(2)
            sys.stdout.flush()
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            start = time.perf_counter()
            try:
                alembic.config.main(argv=argv, prog="alembic")
            except SystemExit as stop:
                status = stop.code
            finally:
                seconds = time.perf_counter() - start
                sys.stdout.flush()
                for number, copy in zip((1, 2), kept):
                    os.dup2(copy, number)
                    os.close(copy)
            out.seek(0)
            text = out.read()
        sys.path[:] = path
        return seconds, status, text


    def processor(self):
        return time.process_time()


class Limbeck:
    """The native engine in a process of its own."""

    name = "limbeck"

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, folder, argv):
        self.process.stdin.write(json.dumps({"directory": str(folder), "argv": argv}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["status"], answer["output"]

    def processor(self):
        """Seconds on the processor so far, as Linux counts them."""
        with open(f"/proc/{self.process.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9


CHAIN = (
    '"""step {number}"""\nfrom alembic import op\n\nrevision = "r{number:05}"\ndown_revision = {down}\n'
    "branch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    op.execute(\"SELECT {number}\")\n\n\n"
    'def downgrade():\n    op.execute("SELECT -{number}")\n'
)


def chain(folder, revisions):
    """A project whose revisions follow one another."""
    project(folder)
    for number in range(revisions):
        down = repr(f"r{number - 1:05}") if number else None
        (folder / f"alembic/versions/r{number:05}.py").write_text(CHAIN.format(number=number, down=down))
    return folder


def chains(root, reference, limbeck, quick):
    """Whether the time for a revision stays the same on a chain twenty times as long."""
    short, long = (200, 2000) if quick else (1000, 20000)
    folders = {size: chain(root / f"chain{size}", size) for size in (short, long)}
    print(f"\n{'processor µs a revision, on chains of':<36}{f'{short:,}':>14}{f'{long:,}':>14}{'ratio':>11}")
    for argv in (["history"], ["heads"], ["upgrade", "head", "--sql"]):
        for program, times in ((limbeck, 3), (reference, 1)):
            took = {
                size: processor_seconds(program, folders[size], argv, times) / size * 1e6
                for size in (short, long)
            }
            print(
                f"{program.name + ' ' + ' '.join(argv):<36}{took[short]:>14.1f}{took[long]:>14.1f}"
                f"{took[long] / took[short]:>9.2f} x",
                flush=True,
            )


def processor_seconds(program, folder, argv, times):
    """What a command takes of the processor: a wall clock tells little of long runs on a busy machine."""
    took = []
    for _ in range(times):
        before = program.processor()
        _, status, output = program.run(folder, argv)
        if status not in (0, None):
            sys.exit(f"{program.name} {' '.join(argv)}: status {status}\n{output[:2000]}")
        took.append(program.processor() - before)
    return min(took)


def best(program, prepare, folder, argv, times, expect=0):
    seconds = []
    for _ in range(times):
        prepare()
        took, status, output = program.run(folder, argv)
        if status != expect:
            sys.exit(f"{program.name} {' '.join(argv)}: status {status}\n{output[:2000]}")
        seconds.append(took)
    return min(seconds)


def line(label, reference, limbeck, floor=None):
    text = f"{label:<36}{reference * 1e3:>11.1f} ms{limbeck * 1e3:>11.2f} ms{reference / limbeck:>9.1f} x"
    if floor is not None:
        text += f"{floor * 1e3:>11.2f} ms{limbeck / floor:>8.2f} x"
    print(text, flush=True)


def straight_to_sqlite(folder, reference, argv, prepare, times):
    """Seconds that SQLite alone takes for the statements, begins and commits that Alembic sends for a command."""
    database = folder / "app.db"
    statements = []
    trace = lambda connection, _: connection.set_trace_callback(statements.append)
    prepare()
    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "connect", trace)
    reference.run(folder, argv)
    sqlalchemy.event.remove(sqlalchemy.engine.Engine, "connect", trace)
    seconds = []
    for _ in range(times):
        prepare()
        connection = sqlite3.connect(database, isolation_level=None)
        start = time.perf_counter()
        for statement in statements:
            connection.execute(statement)
        seconds.append(time.perf_counter() - start)
        connection.close()
    return min(seconds)


def on_postgresql(root, reference, limbeck):
    """The same on a PostgreSQL server, with psycopg beside real Alembic."""
    print(f"\n{'on PostgreSQL':<36}{'alembic':>14}{'limbeck':>14}{'faster':>11}")
    with postgresql.server() as address:
        host, port = address.split(":")
        control = psycopg.connect(host=host, port=port, user="postgres", autocommit=True)
        control.execute("DROP DATABASE IF EXISTS bench")
        control.execute("CREATE DATABASE bench")
        own = psycopg.connect(host=host, port=port, user="postgres", dbname="bench", autocommit=True)
        url = f"postgresql+psycopg://postgres@{address}/bench"

        def clear():
            own.execute("DROP SCHEMA public CASCADE")
            own.execute("CREATE SCHEMA public")

        folder = project(root / "server-tables", models(100, defaults=False), url=url)

        def clean():
            for path in (folder / "alembic/versions").glob("*.py"):
                path.unlink()
            clear()

        argv = ["revision", "--autogenerate", "-m", "all", "--rev-id", "first"]
        took = [best(program, clean, folder, argv, 6) for program in (reference, limbeck)]
        line("autogenerate of 100 new tables", *took)
        reference.run(folder, ["upgrade", "head"])
        took = [best(program, lambda: None, folder, ["check"], 6) for program in (reference, limbeck)]
        line("check of 100 tables, no change", *took)
        folder = project(root / "server-revisions", revisions=100, url=url)
        took = [best(program, clear, folder, ["upgrade", "head"], 6) for program in (reference, limbeck)]
        line("upgrade of 100 revisions", *took)

        def full():
            clear()
            limbeck.run(folder, ["upgrade", "head"])

        took = [best(program, full, folder, ["downgrade", "base"], 6) for program in (reference, limbeck)]
        line("downgrade of 100 revisions", *took)
        own.close()
        control.execute("DROP DATABASE bench")
        control.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / "target/release/examples/warm"))
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    parser.add_argument("--chains", action="store_true", help="the long chains only")
    parser.add_argument("--postgresql", action="store_true", help="PostgreSQL only")
    arguments = parser.parse_args()
    reference, limbeck = Reference(), Limbeck(arguments.program)
    head = f"{'':<36}{'alembic':>14}{'limbeck':>14}{'faster':>11}{'SQLite alone':>14}{'of it':>10}"
    print(head)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as root:
        root = Path(root)
        if arguments.postgresql:
            return on_postgresql(root, reference, limbeck)
        if arguments.chains:
            return chains(root, reference, limbeck, arguments.quick)
        for tables in (10, 100) if arguments.quick else (10, 100, 500):
            folder = project(root / f"tables{tables}", models(tables))
            versions = folder / "alembic/versions"

            def clean():
                for path in versions.glob("*.py"):
                    path.unlink()
                (folder / "app.db").unlink(missing_ok=True)

            times = {10: 40, 100: 24}.get(tables, 4)
            argv = ["revision", "--autogenerate", "-m", "all", "--rev-id", "first"]
            took = [best(program, clean, folder, argv, times) for program in (reference, limbeck)]
            line(f"autogenerate of {tables} new tables", *took)
            reference.run(folder, ["upgrade", "head"])
            nothing = lambda: None
            took = [best(program, nothing, folder, ["check"], times) for program in (reference, limbeck)]
            line(f"check of {tables} tables, no change", *took)
        for revisions in (100,) if arguments.quick else (100, 1000):
            folder = project(root / f"revisions{revisions}", revisions=revisions)
            database = folder / "app.db"
            times = 12 if revisions <= 100 else 2
            prepare = lambda: database.unlink(missing_ok=True)
            took = [best(program, prepare, folder, ["upgrade", "head"], times) for program in (reference, limbeck)]
            floor = straight_to_sqlite(folder, reference, ["upgrade", "head"], prepare, times)
            line(f"upgrade of {revisions} revisions", *took, floor)

            def full():
                prepare()
                limbeck.run(folder, ["upgrade", "head"])

            took = [best(program, full, folder, ["downgrade", "base"], times) for program in (reference, limbeck)]
            floor = straight_to_sqlite(folder, reference, ["downgrade", "base"], full, times)
            line(f"downgrade of {revisions} revisions", *took, floor)
        on_postgresql(root, reference, limbeck)
        chains(root, reference, limbeck, arguments.quick)
    limbeck.process.stdin.close()


if __name__ == "__main__":
    main()
