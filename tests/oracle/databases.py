"""The databases that random comparisons run on: one for each of the two programs, compared after every command."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from pathlib import Path


class SQLiteFile:
    """`app.db` in the project's folder."""

    dialect = "sqlite"

    def __init__(self, directory: Path):
        self.path = directory / "app.db"
        self.url = "sqlite:///app.db"

    def prepare(self):
        """Nothing: the first connection makes the file."""

    def remove(self):
        """Goes with the folder."""

    def schema(self):
        if not self.path.exists():
            return None
        with sqlite3.connect(self.path) as connection:
            tables = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
            version = []
            if any(row[1] == "alembic_version" for row in tables):
                version = connection.execute("SELECT * FROM alembic_version").fetchall()
        return tables, version

    def copy_to(self, other: SQLiteFile):
        if self.path.exists():
            shutil.copy(self.path, other.path)

    def shown(self, text: str) -> str:
        return text


class PostgreSQLDatabase:
    """A database of its own on the server at an address (see postgresql.py)."""

    dialect = "postgresql"

    def __init__(self, address: str, name: str, driver: str = "psycopg"):
        self.name = name
        self.server = f"postgresql://postgres@{address}"
        self.place = f"{self.server}/{name}"
        self.url = f"postgresql+{driver}://postgres@{address}/{name}"

    def administer(self, *statements: str):
        import psycopg

        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def prepare(self):
        import psycopg

        self.administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")
        with psycopg.connect(self.place, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA other")
            connection.execute("CREATE EXTENSION btree_gist")

    def remove(self):
        self.administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def schema(self):
        dumped = subprocess.run(["pg_dump", "--schema-only", "--no-owner", self.place], capture_output=True, text=True, check=True).stdout
        # A random word that differs from dump to dump.
        dumped = re.sub(r"^\\(un)?restrict .*$", "", dumped, flags=re.M)
        rows = subprocess.run(["pg_dump", "--data-only", "--table=*.alembic_version", self.place], capture_output=True, text=True).stdout
        rows = [line for line in rows.splitlines() if re.fullmatch(r"r\d+", line)]
        return [line for line in dumped.splitlines() if line and not line.startswith("--")], rows

    def copy_to(self, other: PostgreSQLDatabase):
        other.remove()
        self.administer(f"CREATE DATABASE {other.name} TEMPLATE {self.name}")

    def shown(self, text: str) -> str:
        return text.replace(self.name, "DATABASE")
