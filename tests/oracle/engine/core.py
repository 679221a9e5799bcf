import sqlalchemy as sa
from sqlalchemy import create_engine, text, inspect, event, exc
from sqlalchemy.engine import make_url, Engine
from sqlalchemy.pool import NullPool


def tell(label, action):
    try:
        print(label, repr(action()))
    except Exception as error:
        print(label, type(error).__module__, type(error).__name__, str(error))


engine = create_engine("sqlite://")
print(engine, engine.url, engine.dialect.name, engine.driver)
with engine.connect() as conn:
    conn.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n NUMERIC(10, 2))"))
    result = conn.execute(text("INSERT INTO t (name) VALUES (:name)"), [{"name": "a"}, {"name": "b"}])
    print(result.rowcount, result.returns_rows)
    result = conn.execute(text("INSERT INTO t (name, n) VALUES (:name, :n)"), {"name": "c", "n": 1.5})
    print(result.rowcount, result.lastrowid)
    conn.commit()
    for row in conn.execute(text("SELECT id, name FROM t ORDER BY id")):
        print(row, row.id, row[1], row._mapping["name"], len(row), tuple(row))
    for id_, name in conn.execute(text("SELECT id, name FROM t WHERE id > :low"), {"low": 1}):
        print(id_, name)
    tell("scalar", lambda: conn.scalar(text("SELECT count(*) FROM t")))
    tell("scalars", lambda: conn.scalars(text("SELECT name FROM t ORDER BY 1")).all())
    tell("fetchall", lambda: conn.execute(text("SELECT * FROM t")).fetchall())
    tell("fetchone", lambda: conn.execute(text("SELECT * FROM t WHERE id = 99")).fetchone())
    tell("first", lambda: conn.execute(text("SELECT * FROM t")).first())
    tell("mappings", lambda: conn.execute(text("SELECT * FROM t")).mappings().all())
    tell("mapping", lambda: dict(conn.execute(text("SELECT id, name FROM t")).mappings().first()))
    tell("keys", lambda: conn.execute(text("SELECT id, name AS who FROM t")).keys())
    tell("keys list", lambda: list(conn.execute(text("SELECT id, name AS who FROM t")).keys()))
    tell("one", lambda: conn.execute(text("SELECT id FROM t")).one())
    tell("scalar_one", lambda: conn.execute(text("SELECT max(id) FROM t")).scalar_one())
    tell("scalar_one_or_none", lambda: conn.execute(text("SELECT id FROM t WHERE id = 9")).scalar_one_or_none())
    tell("one_or_none", lambda: conn.execute(text("SELECT id FROM t")).one_or_none())
    tell("asdict", lambda: conn.execute(text("SELECT id, name FROM t")).first()._asdict())
    tell("fields", lambda: conn.execute(text("SELECT id, name FROM t")).first()._fields)
    tell("no column", lambda: conn.execute(text("SELECT id FROM t")).first().nope)
    tell("no key", lambda: conn.execute(text("SELECT id FROM t")).first()._mapping["nope"])
    tell("index", lambda: conn.execute(text("SELECT id FROM t")).first()["id"])
    tell("equal", lambda: conn.execute(text("SELECT id, name FROM t")).first() == (1, "a"))
    tell("not executable", lambda: conn.execute("SELECT 1"))
    tell("no table", lambda: conn.execute(text("SELECT * FROM nope")))
    tell("not null", lambda: conn.execute(text("INSERT INTO t (name) VALUES (:x)"), {"x": None}))
    tell("missing", lambda: conn.execute(text("SELECT :a, :b"), {"a": 1}))
    tell("driver", lambda: conn.exec_driver_sql("SELECT ?, ?", (1, "x")).fetchall())
    tell("driver named", lambda: conn.exec_driver_sql("SELECT :a", {"a": 2}).scalar())
    tell("two", lambda: conn.execute(text("SELECT 1; SELECT 2")))
    tell("fetch of insert", lambda: conn.execute(text("DELETE FROM t WHERE id = 3")).fetchall())
    tell("begin", lambda: conn.begin())
    conn.rollback()
    try:
        with conn.begin():
            conn.execute(text("INSERT INTO t (name) VALUES ('z')"))
            raise ValueError("out")
    except ValueError as error:
        print("left by", error)
    tell("count", lambda: conn.scalar(text("SELECT count(*) FROM t")))
    conn.commit()
    with conn.begin():
        with conn.begin_nested() as nested:
            conn.execute(text("INSERT INTO t (name) VALUES ('y')"))
            nested.rollback()
        conn.execute(text("INSERT INTO t (name) VALUES ('x')"))
    tell("names", lambda: conn.execute(text("SELECT name FROM t")).scalars().all())
    print(conn.in_transaction(), conn.closed)
    try:
        conn.execute(text("INSERT INTO t (id, name) VALUES (1, 'a')"))
    except exc.IntegrityError as error:
        print(type(error.orig), error.orig, error.statement, error.code)
    except exc.DBAPIError:
        print("no")
print(conn.closed)
tell("closed", lambda: conn.execute(text("SELECT 1")))

with engine.begin() as conn:
    conn.execute(text("CREATE TABLE p (id INTEGER NOT NULL, a VARCHAR(20) UNIQUE, CONSTRAINT pk_p PRIMARY KEY (id))"))
    conn.execute(text("CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER DEFAULT 3, CONSTRAINT fk FOREIGN KEY(p) REFERENCES p (id) ON DELETE CASCADE, CHECK (p > 0))"))
    conn.execute(text("CREATE INDEX ix ON c (p)"))
    insp = inspect(conn)
    print(insp.get_table_names(), insp.has_table("p"), insp.has_table("q"))
    for column in insp.get_columns("p"):
        print(column["name"], repr(column["type"]), column["nullable"], column["default"], column["primary_key"])
    print(insp.get_pk_constraint("p"))
    print(insp.get_foreign_keys("c"))
    print(insp.get_indexes("c"), insp.get_unique_constraints("p"))
    print(insp.get_check_constraints("c"))
    tell("no table", lambda: insp.get_columns("nope"))
    print([c["name"] for c in insp.get_columns("c")], "p" in [c["name"] for c in insp.get_columns("c")])

print([name for name in inspect(engine).get_table_names()])
url = make_url("postgresql+psycopg2://u:secret@h:5432/db?a=1")
print(url, url.render_as_string(hide_password=False), url.host, url.port, url.database, dict(url.query), url.username)
print(url.set(drivername="postgresql", database="other"), url.get_backend_name(), url.get_driver_name())
tell("bad url", lambda: create_engine("nonsense"))
tell("bad dialect", lambda: create_engine("foo://"))
tell("bad keyword", lambda: create_engine("sqlite://", nope=1))
tell("config", lambda: sa.engine_from_config({"sqlalchemy.url": "sqlite://", "sqlalchemy.echo": "false", "x": 1}, prefix="sqlalchemy.", poolclass=NullPool).url)
tell("config without", lambda: sa.engine_from_config({"a": 1}))


@event.listens_for(Engine, "connect")
def set_pragma(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


other = create_engine("sqlite://", poolclass=NullPool)
with other.connect() as conn:
    tell("pragma", lambda: conn.execute(text("PRAGMA foreign_keys")).scalar())
    meta = sa.MetaData()
    users = sa.Table(
        "users", meta,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30)),
        sa.Column("active", sa.Boolean, default=True),
        sa.Column("at", sa.DateTime),
    )
    meta.create_all(conn)
    import datetime
    result = conn.execute(users.insert().values(name="n", at=datetime.datetime(2024, 1, 2, 3, 4, 5)))
    print(result.inserted_primary_key, result.rowcount)
    conn.execute(sa.insert(users), [{"name": "o"}, {"name": "p"}])
    print(conn.execute(sa.select(users).order_by(users.c.id)).fetchall())
    print(conn.execute(sa.select(users.c.name).where(users.c.active == sa.true())).scalars().all())
    print(conn.execute(users.update().where(users.c.id == 2).values(name="q")).rowcount)
    print(conn.execute(sa.select(users.c.name, users.c.active).where(users.c.id.in_([1, 2]))).all())
    row = conn.execute(sa.select(users).where(users.c.id == 1)).one()
    print(row._mapping[users.c.name], row.at, row.active)
    print(conn.execute(users.delete().where(users.c.name.like("p%"))).rowcount)
    print(conn.execute(sa.select(sa.func.count()).select_from(users)).scalar())
    lite = sa.table("users", sa.column("id"), sa.column("name"))
    print(conn.execute(sa.select(lite.c.name)).fetchall())
    reflected = sa.Table("users", sa.MetaData(), autoload_with=conn)
    print([(c.name, repr(c.type), c.nullable, c.primary_key) for c in reflected.columns])
    conn.rollback()
print(sa.exc.IntegrityError.__mro__[1].__name__, issubclass(sa.exc.NoSuchColumnError, KeyError))
