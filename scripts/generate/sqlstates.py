"""The exception classes that Python's drivers for PostgreSQL have for each SQLSTATE."""

import asyncpg.exceptions
import psycopg.errors
import psycopg2.errors
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi

PEP_249 = (
    "InterfaceError DataError OperationalError IntegrityError InternalError ProgrammingError NotSupportedError "
    "DatabaseError Error"
).split()


def base(cls):
    """The most special class of PEP 249 that a class is one of."""
    return next(c.__name__ for c in cls.__mro__ if c.__name__ in PEP_249)


def asyncpg_class(code):
    by_code = [
        cls
        for cls in vars(asyncpg.exceptions).values()
        if isinstance(cls, type) and getattr(cls, "sqlstate", None) == code and "Cached" not in cls.__name__
    ]
    if by_code:
        return by_code[0]
    group = asyncpg.exceptions._base.PostgresMessageMeta._message_map.get(code[:2] + "000")
    return group or asyncpg.exceptions.PostgresError


def adapted(cls):
    """The class that SQLAlchemy raises for one of asyncpg's."""
    translate = AsyncAdapt_asyncpg_dbapi(__import__("asyncpg"))._asyncpg_error_translate
    return next((translate[c].__name__ for c in cls.__mro__ if c in translate), "Error")


def text():
    lines = []
    for code, cls in sorted(psycopg.errors._sqlcodes.items()):
        if len(code) != 5:
            continue
        try:
            second = base(psycopg2.errors.lookup(code))
        except KeyError:
            second = "DatabaseError"
        native = asyncpg_class(code)
        lines.append(" ".join([code, cls.__name__, base(cls), second, native.__name__, adapted(native)]))
    return "\n".join(lines) + "\n"
