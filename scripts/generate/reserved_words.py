"""The words that each dialect's identifier preparer quotes."""

from sqlalchemy.dialects.mssql import base as mssql_base
from sqlalchemy.dialects.mysql import reserved_words as mysql_words
from sqlalchemy.dialects.oracle.base import OracleIdentifierPreparer
from sqlalchemy.dialects.postgresql import base as postgresql_base
from sqlalchemy.dialects.sqlite.base import SQLiteIdentifierPreparer
from sqlalchemy.sql import compiler


def file(title, *constants):
    """A file of constants: the name, where SQLAlchemy keeps them, and the words."""
    out = [f"//! {title}; in order.\n//!\n//! Written by `make generated` (scripts/generate/reserved_words.py).\n"]
    for name, source, words in constants:
        lines = "".join(f'    "{word}",\n' for word in sorted(words))
        out.append(f"/// `{source}`.\npub(super) const {name}: &[&str] = &[\n{lines}];\n")
    return "\n".join(out)


def default():
    return file(
        "Reserved words of SQL, as `IdentifierPreparer` lists them",
        ("DEFAULT", "sqlalchemy.sql.compiler.RESERVED_WORDS", compiler.RESERVED_WORDS),
    )


def sqlite():
    return file(
        "Reserved words, as `SQLiteIdentifierPreparer` lists them",
        ("SQLITE", "SQLiteIdentifierPreparer.reserved_words", SQLiteIdentifierPreparer.reserved_words),
    )


def postgresql():
    return file(
        "Reserved words, as `PGIdentifierPreparer` lists them",
        ("POSTGRESQL", "sqlalchemy.dialects.postgresql.base.RESERVED_WORDS", postgresql_base.RESERVED_WORDS),
    )


def mysql():
    package = "sqlalchemy.dialects.mysql.reserved_words"
    return file(
        "Reserved words of MySQL and of MariaDB, as their identifier preparers list them",
        ("MYSQL", f"{package}.RESERVED_WORDS_MYSQL", mysql_words.RESERVED_WORDS_MYSQL),
        ("MARIADB", f"{package}.RESERVED_WORDS_MARIADB", mysql_words.RESERVED_WORDS_MARIADB),
    )


def mssql():
    return file(
        "Reserved words, as `MSIdentifierPreparer` lists them",
        ("MSSQL", "sqlalchemy.dialects.mssql.base.RESERVED_WORDS", mssql_base.RESERVED_WORDS),
    )


def oracle():
    return file(
        "Reserved words, as `OracleIdentifierPreparer` lists them",
        ("ORACLE", "OracleIdentifierPreparer.reserved_words", OracleIdentifierPreparer.reserved_words),
    )
