"""What the probes of keyword arguments share: they are run by Limbeck and by the real programs.

A probe is a call without a keyword argument and with it. What it made is shown in every way in which it could show:
as SQL in each dialect, as its repr, and as the attribute of the keyword's name.
"""
import datetime
import io
import json
import re
import warnings

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import schema
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, mapped_column, relationship

warnings.simplefilter("ignore")

DIALECTS = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mssql": mssql.dialect(),
    "oracle": oracle.dialect(),
}

def refusal(error):
    return "%s: %s" % (type(error).__name__, tidy(str(error).split("\n")[0]))


def attempt(function):
    try:
        return function()
    except Exception as error:
        return refusal(error)


def tidy(text):
    return re.sub(r"0x[0-9a-f]+", "0x0", text)


def compiled(make):
    """An element in all dialects; it is made anew for each, since compiling may set names."""
    made = {}
    for name, dialect in DIALECTS.items():
        made[name] = attempt(lambda: str(make().compile(dialect=dialect)))
    return made


def shown(thing, keyword):
    """How it presents itself, and what the attribute of the keyword's name holds."""
    made = {"repr": attempt(lambda: tidy(repr(thing)))}
    value = getattr(thing, keyword, None)
    if isinstance(value, (str, int, float, bool, dict, list, tuple)):
        made["attribute"] = repr(value)
    return made


def parameters(make):
    return attempt(lambda: repr(sorted((make().compile(dialect=DIALECTS["sqlite"]).params or {}).items(), key=str)))


def statement(make, keyword):
    return {**compiled(make), "parameters": parameters(make)}


def table_of(*items, **options):
    return sa.Table("t", sa.MetaData(), *items, **options)


def of_table(make, keyword):
    """A table: its DDL and that of its indexes and foreign keys."""
    made = compiled(lambda: schema.CreateTable(make()))
    table = make()
    for name, dialect in DIALECTS.items():
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            made[name] += "\n" + attempt(lambda: str(schema.CreateIndex(index).compile(dialect=dialect)))
    return {**made, **shown(table, keyword)}


def of_column(make, keyword):
    return {**of_table(lambda: table_of(make()), keyword), **shown(make(), keyword)}


def of_type(make, keyword):
    made = {name: attempt(lambda: make().compile(dialect=dialect)) for name, dialect in DIALECTS.items()}
    return {**made, **shown(make(), keyword)}


def of_constraint(make, keyword):
    columns = [sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)]
    return {**of_table(lambda: table_of(*[column.copy() if hasattr(column, "copy") else column._copy() for column in columns], make()), keyword), **shown(make(), keyword)}


def of_index(make, keyword):
    def create():
        index = make()
        table_of(sa.Column("a", sa.Integer), sa.Column("b", sa.String), index)
        return schema.CreateIndex(index)

    return {**compiled(create), **shown(make(), keyword)}


def offline(call, keyword):
    """What an operation writes for each dialect."""
    made = {}
    for name in DIALECTS:
        output = io.StringIO()
        context = MigrationContext.configure(dialect_name=name, opts={"as_sql": True, "output_buffer": output, "literal_binds": True})
        answer = attempt(lambda: call(Operations(context)) and None)
        made[name] = output.getvalue() + (answer or "")
    return made


def with_rows(operate):
    """An operation on a SQLite database in memory that has a table with rows: the schema and the rows afterwards."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for line in (
            "CREATE TABLE u (id INTEGER PRIMARY KEY)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5) DEFAULT 'x', b INTEGER, CONSTRAINT uq UNIQUE (a), CHECK (b > 0), FOREIGN KEY(b) REFERENCES u (id))",
            "CREATE INDEX ix ON t (b)",
            "INSERT INTO t (id, a) VALUES (1, 'one')",
        ):
            connection.execute(sa.text(line))
        context = MigrationContext.configure(connection)
        answer = attempt(lambda: operate(Operations(context)) and None)
        found = [row[0] for row in connection.execute(sa.text("SELECT sql FROM sqlite_master ORDER BY name")) if row[0]]
        rows = attempt(lambda: repr([tuple(row) for row in connection.execute(sa.text("SELECT * FROM t"))]))
    return {"schema": "\n".join(found), "rows": rows, "failure": answer or ""}


def batch(call, keyword):
    def operate(op):
        with op.batch_alter_table("t") as batch_op:
            call(batch_op)

    return with_rows(operate)


def add_x(batch_operations):
    with batch_operations as op:
        op.add_column(sa.Column("x", sa.Integer))


def whole_batch(call, keyword):
    return with_rows(call)


def model(make, keyword):
    """A mapped class with that column, as a table."""

    def table():
        Base = type("Base", (DeclarativeBase,), {})
        return type("M", (Base,), {"__tablename__": "m", "id": mapped_column(sa.Integer, primary_key=True), "x": make()}).__table__

    made = of_table(table, keyword)
    return {**made, **{"column " + name: value for name, value in shown(list(table().c)[-1], keyword).items()}}


def rows_of(make, keyword):
    """A statement in all dialects, and the rows that it gives on SQLite."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (a INTEGER, b VARCHAR, c DATE)"))
        connection.execute(sa.text("INSERT INTO t VALUES (1, 'x', '2024-01-01'), (2, 'y', NULL), (3, 'z%_', '2024-02-03')"))
        rows = attempt(lambda: repr([tuple(row) for row in connection.execute(make())]))
    return {**statement(make, keyword), "rows": rows}


def engine(make, keyword):
    made = make()
    shown_values = {"repr": attempt(lambda: tidy(repr(made)))}
    for name in ("hide_parameters", "logging_name", "name", "driver"):
        shown_values[name] = attempt(lambda: repr(getattr(made, name)))
    shown_values["pool"] = attempt(lambda: type(made.pool).__name__)
    shown_values["options"] = attempt(lambda: repr(sorted(made.get_execution_options().items())))
    with make().connect() as connection:
        shown_values["isolation"] = attempt(lambda: connection.get_isolation_level())
        shown_values["error"] = attempt(lambda: connection.execute(sa.text("SELECT :x FROM nowhere"), {"x": 5}))
        shown_values["json"] = attempt(lambda: connection.execute(sa.select(sa.literal({"a": 1}, sa.JSON))).scalar())
    return {name: str(value) for name, value in shown_values.items()}


def probe(name, keyword, way, plain, given):
    """Prints what the call with the keyword shows, and in which of it the call without differs."""
    answers = []
    for call in (plain, given):
        try:
            answers.append(way(call, keyword))
        except Exception as error:
            answers.append({"failure": refusal(error)})
    before, after = answers
    effect = sorted(part for part in {*before, *after} if before.get(part) != after.get(part))
    print(json.dumps({"subject": name, "keyword": keyword, "effect": effect, "shows": after}))


t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("c", sa.Date))
u = sa.table("u", sa.column("a", sa.Integer), sa.column("d", sa.Integer))


class Naming:
    """A naming convention for the probes that want one."""

    convention = {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s", "pk": "pk_%(table_name)s"}
