"""Random operations rendered with --sql for each dialect, by real Alembic and by limbeck; whatever differs is shown.

    python tests/oracle/dialect_statements.py target/debug/limbeck FIRST COUNT [--dialect NAME ...]

A seed makes a project for each dialect with one revision of many items (random_statements.py). An item that raises
prints its error, so that one failure hides no other.
"""

import argparse
import difflib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from operations_fuzz import Oracle, limbeck
from random_statements import Statements

URLS = {
    "sqlite": ["sqlite://"],
    "postgresql": ["postgresql+psycopg2://u:p@localhost/d", "postgresql://u:p@localhost/d", "postgresql+asyncpg://u:p@localhost/d"],
    "mysql": ["mysql+pymysql://u:p@localhost/d", "mysql://u:p@localhost/d"],
    "mariadb": ["mariadb+pymysql://u:p@localhost/d"],
    "mssql": ["mssql+pyodbc://u:p@localhost/d"],
    "oracle": ["oracle+oracledb://u:p@localhost/d"],
}
INI = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {url}\n"
ENV = """from alembic import context
import sqlalchemy as sa

context.configure(url=context.config.get_main_option("sqlalchemy.url"), target_metadata={metadata}, literal_binds={literal_binds}{options})
with context.begin_transaction():
    context.run_migrations()
"""
CONVENTION = (
    'sa.MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", '
    '"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"})'
)
HEAD = '''"""random"""
import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.dialects.mysql import INET4, INET6

from alembic import context, op

revision = "a1"
down_revision = None


class Kind(enum.Enum):
    ONE = 1
    TWO = "two"


def failed(number, error):
    print("-- failed", number, type(error).__name__, str(error).split("\\n")[0])


def upgrade():
'''
ADDRESS = re.compile(r"0x[0-9a-f]+")
ITEMS = 25


def project(seed, dialect, directory):
    statements = Statements(seed, dialect)
    r = statements.r
    (directory / "migrations" / "versions").mkdir(parents=True)
    (directory / "alembic.ini").write_text(INI.format(url=r.choice(URLS[dialect])))
    (directory / "migrations" / "env.py").write_text(
        ENV.format(
            metadata=r.choice(["None", "sa.MetaData()", CONVENTION]),
            literal_binds=r.choice(["True", "True", "True", "False"]),
            options=r.choice(["", "", ', dialect_opts={"paramstyle": "named"}', ", transactional_ddl=True", ", include_schemas=True", ", transaction_per_migration=True"]),
        )
    )
    items, lines = [], []
    for number in range(ITEMS):
        item = statements.item()
        items.append(item)
        lines += [f'    print("-- item {number}")', "    try:", *("        " + line for line in item), "    except Exception as error:", f"        failed({number}, error)"]
    (directory / "migrations" / "versions" / "a1_random.py").write_text(HEAD + "\n".join(lines) + "\n    print('-- item end')\n")
    return items


def constraints_sorted(text):
    """The constraints of a table without a name come in the order of a set's hashes."""
    words = ("CONSTRAINT", "PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY", "EXCLUDE")
    shown, run = [], []
    for line in [*text.splitlines(), ""]:
        if line.strip().startswith(words):
            run.append(line.rstrip(", "))
            continue
        shown += sorted(run)
        run = []
        shown.append(line)
    return "\n".join(shown)


def parts(text):
    found = re.split(r"^-- item (\w+)\n", text, flags=re.M)
    answer = {"start": found[0]}
    for name, body in zip(found[1::2], found[2::2]):
        answer[name] = constraints_sorted(ADDRESS.sub("0x", body))
    return answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("limbeck")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--dialect", action="append", choices=URLS)
    parser.add_argument("--python", default=os.environ.get("LIMBECK_ORACLE_PYTHON", sys.executable))
    parser.add_argument("--most", type=int, default=30, help="stop after so many differences")
    options = parser.parse_args()
    program = str(Path(options.limbeck).resolve())
    oracle = Oracle(options.python)
    bad = asked = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(options.first, options.first + options.count):
            for dialect in options.dialect or URLS:
                place = Path(scratch) / "project"
                shutil.rmtree(place, ignore_errors=True)
                items = project(seed, dialect, place)
                want = oracle.run(place, ["upgrade", "head", "--sql"])
                got = limbeck(program, place, ["upgrade", "head", "--sql"])
                one, other = parts(want["stdout"]), parts(got["stdout"])
                asked += len(items)
                failed += sum("-- failed" in body for body in one.values())
                if "end" not in one:
                    print(f"seed {seed} {dialect}: the reference stops\n{want['stderr'][-600:]}")
                    bad += 1
                for name in one:
                    if one[name] == other.get(name):
                        continue
                    bad += 1
                    source = "\n".join(items[int(name)]) if name.isdigit() else name
                    print(f"seed {seed} {dialect}: {source}")
                    if name not in other:
                        print(got["stderr"][-500:])
                        break
                    print("\n".join(list(difflib.unified_diff(one[name].splitlines(), other[name].splitlines(), "alembic", "limbeck", lineterm="", n=0))[2:12]), "\n")
                if bad >= options.most:
                    break
            if bad >= options.most:
                break
    print(f"{asked} items, {failed} fail in the reference, {bad} differ")
    # Items that all fail would compare messages only.
    return 1 if bad or failed * 2 > asked else 0


if __name__ == "__main__":
    sys.exit(main())
