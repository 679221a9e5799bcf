"""Records what SQLAlchemy's Inspector tells of a corpus of databases.

Run with the pinned reference: `$LIMBECK_ORACLE_PYTHON tests/oracle/reflection/record.py`
writes answers.json next to this file, which the tests of reflection in src/sqlalchemy compare with; with --check it
compares with the file instead (tests/recorded.rs).
"""

import json
import pathlib
import random
import sys
import warnings

import sqlalchemy as sa

HAND = [
    ["CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(30) NOT NULL, n NUMERIC(10, 2) DEFAULT 0)"],
    ["create table t (x, y blob, z text default 'it''s', w varchar (20), v nvarchar(10), u double precision)"],
    ["CREATE TABLE t (a TINYINT(1), b BIGINT(20), c UNSIGNED BIG INT, d DECIMAL(5), e FLOAT(8), f BOOLEAN, g BOOL(1), h DATETIME(6), i TIMESTAMP DEFAULT CURRENT_TIMESTAMP, j JSON, k JSONB, l UUID, m CLOB, n 'MY TYPE', o STRING, p DATE_CHAR, q TIME, r CHARACTER VARYING(9), s NCHAR(3,4,5,6,7))"],
    ["CREATE TABLE p (a INTEGER, b INTEGER, CONSTRAINT pk_p PRIMARY KEY (b, a))",
     "CREATE TABLE c (id INTEGER NOT NULL, a INTEGER, b INTEGER, CONSTRAINT \"fk c\" FOREIGN KEY(b, a) REFERENCES p (b, a) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (id))"],
    ["CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE c (pid INTEGER REFERENCES p(id), qid INTEGER REFERENCES p ON DELETE CASCADE, rid INTEGER CONSTRAINT named REFERENCES p (id))"],
    ["CREATE TABLE c (pid INTEGER REFERENCES missing, FOREIGN KEY (pid) REFERENCES other (x) ON DELETE NO ACTION)"],
    ["CREATE TABLE c (a INTEGER, b INTEGER, FOREIGN KEY (a) REFERENCES c (b), FOREIGN KEY (a) REFERENCES c (b))"],
    ["CREATE TABLE c (a INTEGER, FOREIGN KEY (a)\n REFERENCES \"we ird\" (\"i d\")\n ON DELETE\n SET\n NULL NOT DEFERRABLE)"],
    ["CREATE TABLE u (a INTEGER UNIQUE, b TEXT NOT NULL UNIQUE, c VARCHAR(20) UNIQUE, \"d e\" INTEGER UNIQUE, CONSTRAINT uq UNIQUE (a, b), UNIQUE (b, c), CONSTRAINT \"u q\" UNIQUE (c, \"d e\"))"],
    ["CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT PRIMARY_KEY, [b] INTEGER UNIQUE, `c` INTEGER   UNIQUE)"],
    ["CREATE TABLE k (id TEXT PRIMARY KEY, v INTEGER UNIQUE) WITHOUT ROWID"],
    ["CREATE TABLE k (id INTEGER PRIMARY KEY AUTOINCREMENT, v INT) STRICT"],
    ["CREATE TABLE k (id INTEGER PRIMARY KEY, v INT) STRICT, WITHOUT ROWID"],
    ["CREATE TABLE c (a INTEGER, b INTEGER, CHECK (a > 0), CONSTRAINT ck_b CHECK (b IN (1, 2) AND (a < 3)), CONSTRAINT \"q n\" CHECK (b <> ')'), constraint [br] check (a > 1), CONSTRAINT `bt` CHECK(a>2), CONSTRAINT 'sq' CHECK ( a > 3 ))"],
    ["CREATE TABLE xCHECK (a INTEGER, aCHECK INTEGER CHECK (aCHECK > 0), b TEXT CHECK (length(b) > 2\n OR b IS NULL))"],
    ["CREATE TABLE g (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2), c TEXT GENERATED ALWAYS AS (a || 'x') STORED, d AS (a+1), e INTEGER GENERATED ALWAYS AS (coalesce(a, 1)) VIRTUAL NOT NULL)"],
    ["CREATE TABLE i (a INTEGER, b TEXT, c TEXT)", "CREATE INDEX ix_a ON i (a)", "CREATE UNIQUE INDEX ix_b ON i (b, a)", "CREATE INDEX ix_low ON i (lower(b))", "CREATE INDEX ix_part ON i (c) WHERE c IS NOT NULL AND a > 3", "CREATE UNIQUE INDEX \"Ix Z\" ON i (c DESC)"],
    ["CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT)", "CREATE VIEW v AS SELECT id, x || 'y' AS z FROM b", "CREATE VIEW w AS SELECT * FROM gone"],
    ["CREATE TEMP TABLE tt (id INTEGER PRIMARY KEY, a TEXT UNIQUE)", "CREATE TABLE real_one (id INTEGER)"],
    ["CREATE TABLE \"Mixed Case\" (\"Id\" INTEGER NOT NULL, \"from\" TEXT, \"a\"\"b\" INTEGER, PRIMARY KEY (\"Id\"))"],
    ["CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT)", "INSERT INTO s VALUES (1)"],
    ["CREATE TABLE z (a INTEGER DEFAULT (1 + 2), b TEXT DEFAULT NULL, c TEXT DEFAULT \"dq\", d REAL DEFAULT -1.5, e DEFAULT (datetime('now')), f BLOB DEFAULT x'00', g BOOLEAN DEFAULT TRUE)"],
    ["CREATE TABLE o (id INTEGER CONSTRAINT pkname PRIMARY KEY, a INTEGER CONSTRAINT nn NOT NULL CONSTRAINT uu UNIQUE CONSTRAINT cc CHECK (a > 0) CONSTRAINT ff REFERENCES o (id) ON UPDATE RESTRICT)"],
    ["CREATE TABLE r (id INTEGER PRIMARY KEY, x TEXT)", "ALTER TABLE r ADD COLUMN y INTEGER DEFAULT 5 NOT NULL", "ALTER TABLE r RENAME TO rr", "ALTER TABLE rr RENAME COLUMN x TO \"x y\""],
    ["CREATE TABLE q (a INTEGER, b INTEGER, CONSTRAINT f1 FOREIGN KEY (a) REFERENCES q (b) DEFERRABLE, CONSTRAINT f2 FOREIGN KEY(b) REFERENCES \"q\" (\"a\") ON UPDATE CASCADE INITIALLY IMMEDIATE)"],
    ["CREATE VIRTUAL TABLE ft USING fts5(title, body)"],
    ["CREATE TABLE é (ü TEXT UNIQUE, ñ INTEGER CHECK (ñ > 0), UNIQUE (ñ))"],
    ["CREATE TABLE cm (a INTEGER /* UNIQUE */, b TEXT -- CHECK (b)\n, c TEXT)"],
]

TYPES = ["INTEGER", "VARCHAR(40)", "TEXT", "NUMERIC(10, 2)", "DATETIME", "BOOLEAN", "BLOB", "FLOAT", "", "BIGINT", "CHAR(2)", "DATE", "JSON", "VARCHAR", "INT(11)"]
WORDS = ["id", "name", "order", "user_id", "Total", "a b", "value", "état", "x1"]


def quote(name):
    return name if name.isidentifier() and name.islower() and name != "order" and name.isascii() else '"%s"' % name


def generated(rnd):
    statements = []
    tables = {}
    for number in range(rnd.randint(1, 4)):
        table = rnd.choice(["t%d", "Table%d", "a b%d", "order%d"]) % number
        names = rnd.sample(WORDS, rnd.randint(2, 6))
        parts, later = [], []
        pk = rnd.choice(["none", "inline", "table", "named", "composite"])
        for index, name in enumerate(names):
            column = quote(name) + " " + rnd.choice(TYPES)
            if index == 0 and pk == "inline":
                column += " PRIMARY KEY"
            if rnd.random() < 0.3:
                column += " NOT NULL"
            if rnd.random() < 0.3:
                column += " DEFAULT " + rnd.choice(["0", "'x'", "(1 + 1)", "CURRENT_TIMESTAMP", "NULL", "'a, b'"])
            if rnd.random() < 0.15:
                column += " UNIQUE"
            if rnd.random() < 0.1:
                column += " CHECK (%s > 0)" % quote(name)
            if rnd.random() < 0.15 and tables:
                other = rnd.choice(list(tables))
                column += " REFERENCES %s (%s)" % (quote(other), quote(rnd.choice(tables[other])))
            if rnd.random() < 0.1:
                column += " COLLATE NOCASE"
            parts.append(column.strip())
        if pk == "table":
            later.append("PRIMARY KEY (%s)" % quote(names[0]))
        elif pk == "named":
            later.append("CONSTRAINT %s PRIMARY KEY (%s)" % (quote("pk " + table), quote(names[0])))
        elif pk == "composite":
            later.append("PRIMARY KEY (%s, %s)" % (quote(names[1]), quote(names[0])))
        for _ in range(rnd.randint(0, 3)):
            label = rnd.choice(["", "CONSTRAINT c%d " % rnd.randint(0, 99), 'CONSTRAINT "c %d" ' % rnd.randint(0, 99)])
            kind = rnd.choice(["unique", "check", "foreign", "foreign"])
            columns = rnd.sample(names, rnd.randint(1, 2))
            listed = ", ".join(map(quote, columns))
            if kind == "unique":
                later.append("%sUNIQUE (%s)" % (label, listed))
            elif kind == "check":
                later.append("%sCHECK (%s)" % (label, rnd.choice(["{0} > 0", "{0} IN (1, 2)", "length({0}) < 5 AND ({0} <> ')')"]).format(quote(columns[0]))))
            elif tables:
                other = rnd.choice(list(tables))
                if len(tables[other]) >= len(columns):
                    target = rnd.sample(tables[other], len(columns))
                    clause = "%sFOREIGN KEY(%s) REFERENCES %s (%s)" % (label, listed, quote(other), ", ".join(map(quote, target)))
                    for word in ("DELETE", "UPDATE"):
                        if rnd.random() < 0.3:
                            clause += " ON %s %s" % (word, rnd.choice(["CASCADE", "SET NULL", "NO ACTION", "RESTRICT", "set default"]))
                    clause += rnd.choice(["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED", " NOT DEFERRABLE", " INITIALLY IMMEDIATE"]) if rnd.random() < 0.5 else ""
                    later.append(clause)
        separator = rnd.choice([", ", ",\n\t", " , \n"])
        statements.append("CREATE TABLE %s (\n\t%s\n)" % (quote(table), separator.join(parts + later)))
        tables[table] = names
        for index in range(rnd.randint(0, 2)):
            columns = rnd.sample(names, rnd.randint(1, 2))
            statements.append("CREATE %sINDEX %s ON %s (%s)%s" % (
                rnd.choice(["", "UNIQUE "]), quote("ix_%s_%d" % (table, index)), quote(table), ", ".join(map(quote, columns)),
                rnd.choice(["", "", " WHERE %s IS NOT NULL" % quote(columns[0])])))
    return statements


def ask(method, *arguments):
    try:
        return method(*arguments)
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error).split("\n")[0]}


def shown(value):
    if isinstance(value, sa.types.TypeEngine):
        return repr(value)
    if isinstance(value, sa.TextClause):
        return value.text
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    return value


def describe(statements):
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        kept = []
        for statement in statements:
            try:
                connection.exec_driver_sql(statement)
                kept.append(statement)
            except sa.exc.DBAPIError:
                pass
        connection.commit()
        inspector = sa.inspect(connection)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            names = inspector.get_table_names()
            views = inspector.get_view_names()
            temporary = inspector.get_temp_table_names()
            tables = {}
            for name in names + views + temporary + ["absent"]:
                tables[name] = {
                    "has": ask(inspector.has_table, name),
                    "columns": shown(ask(inspector.get_columns, name)),
                    "pk": shown(ask(inspector.get_pk_constraint, name)),
                    "foreign_keys": shown(ask(inspector.get_foreign_keys, name)),
                    "indexes": shown(ask(inspector.get_indexes, name)),
                    "unique": shown(ask(inspector.get_unique_constraints, name)),
                    "checks": shown(ask(inspector.get_check_constraints, name)),
                    "options": shown(ask(inspector.get_table_options, name)),
                }
        messages = []
        for warning in caught:
            text = str(warning.message)
            if text not in messages:
                messages.append(text)
    return {"statements": kept, "tables": names, "views": views, "temporary": temporary,
            "described": tables, "warnings": sorted(messages)}


def main():
    rnd = random.Random(20261121)
    corpus = HAND + [generated(rnd) for _ in range(60)]
    answers = [describe(statements) for statements in corpus]
    target = pathlib.Path(__file__).with_name("answers.json")
    lines = ",\n".join(json.dumps(answer, ensure_ascii=False, sort_keys=True) for answer in answers)
    text = "[\n%s\n]\n" % lines
    if "--check" in sys.argv:
        if target.read_text(encoding="utf-8") != text:
            sys.exit("answers.json differs from what the reference says")
    else:
        target.write_text(text, encoding="utf-8")


main()
