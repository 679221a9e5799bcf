"""Writes the files that are made from the real SQLAlchemy and its drivers; Rust is laid out by rustfmt.

    generate.py             writes them
    generate.py --check     fails if one is not what would be written
"""

import difflib
import pathlib
import subprocess
import sys

import reserved_words
import sqlstates
import type_classes

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What is written where.
FILES = {
    "src/driver/postgresql/sqlstates.txt": sqlstates.text,
    "src/sqlalchemy/sqltypes/classes.rs": type_classes.text,
    "src/sqlalchemy/dialects/default/reserved_words.rs": reserved_words.default,
    "src/sqlalchemy/dialects/sqlite/reserved_words.rs": reserved_words.sqlite,
    "src/sqlalchemy/dialects/postgresql/reserved_words.rs": reserved_words.postgresql,
    "src/sqlalchemy/dialects/mysql/reserved_words.rs": reserved_words.mysql,
    "src/sqlalchemy/dialects/mssql/reserved_words.rs": reserved_words.mssql,
    "src/sqlalchemy/dialects/oracle/reserved_words.rs": reserved_words.oracle,
}


def laid_out(path, text):
    if not path.endswith(".rs"):
        return text
    return subprocess.run(
        ["rustfmt", "--edition", "2024"], input=text, capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def main():
    stale = 0
    for path, make in FILES.items():
        text, file = laid_out(path, make()), ROOT / path
        found = file.read_text() if file.exists() else ""
        if found == text:
            continue
        if "--check" not in sys.argv:
            file.write_text(text)
            print(f"{path} is written")
            continue
        stale += 1
        print(f"{path} is not what make generated writes:")
        difference = difflib.unified_diff(found.splitlines(), text.splitlines(), "is", "should be", lineterm="", n=1)
        print("\n".join(list(difference)[:40]))
    print(f"{len(FILES)} generated files, {stale} out of date")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
