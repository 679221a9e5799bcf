"""Every answer of SQLAlchemy's inspector on a database with everything in it, beside Limbeck's.

    python tests/oracle/inspection/compare.py --limbeck target/debug/limbeck

On a server of its own, or the one that LIMBECK_POSTGRESQL names (see postgresql.py).
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import postgresql  # noqa: E402
from databases import PostgreSQLDatabase  # noqa: E402

INI = """[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
path_separator = os
sqlalchemy.url = {url}
"""
ENV = """from alembic import context
from sqlalchemy import create_engine
from answers import answers

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    answers(connection)
"""


def warnings(text: str) -> list[str]:
    """What was warned of, without the places in files, each once."""
    return sorted(set(re.findall(r"SAWarning: .*", text)))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--limbeck", default="target/debug/limbeck")
    options = parser.parse_args()
    try:
        with postgresql.server() as address:
            return compare(options.limbeck, PostgreSQLDatabase(address, "limbeck_inspection"))
    except RuntimeError as error:
        if os.environ.get("CI"):
            raise
        print(f"note: {error}; the inspector is not compared", file=sys.stderr)
        return 0


def compare(limbeck: str, database: PostgreSQLDatabase) -> int:
    database.administer(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)", f"CREATE DATABASE {database.name}")
    import psycopg

    with psycopg.connect(database.place, autocommit=True) as connection:
        connection.execute((HERE / "everything.sql").read_text())
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "migrations" / "versions").mkdir(parents=True)
        (root / "migrations" / "script.py.mako").write_text("")
        (root / "migrations" / "env.py").write_text(ENV)
        (root / "alembic.ini").write_text(INI.format(url=database.url))
        (root / "answers.py").write_text((HERE / "answers.py").read_text())
        real, ours = (
            subprocess.run(command + ["current"], cwd=root, capture_output=True, text=True)
            for command in ([sys.executable, "-W", "always", "-m", "alembic"], [str(Path(limbeck).resolve())])
        )
    database.remove()
    differences = list(difflib.unified_diff(real.stdout.splitlines(), ours.stdout.splitlines(), "sqlalchemy", "limbeck", lineterm="", n=0))
    differences += difflib.unified_diff(warnings(real.stderr), warnings(ours.stderr), "sqlalchemy's warnings", "limbeck's", lineterm="", n=0)
    for line in differences:
        print(line[:2000])
    lines = len(real.stdout.splitlines())
    print(f"{lines} answers, {len(differences)} lines of difference")
    if lines < 400:
        print(real.stderr)
    return 1 if differences or lines < 400 else 0


if __name__ == "__main__":
    sys.exit(main())
