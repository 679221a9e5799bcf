"""Projects with random operation scripts, for operations_fuzz.py."""

import random

INI = """[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = %(url)s

[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
"""

ENV = """from logging.config import fileConfig

from sqlalchemy import MetaData, engine_from_config, pool

from alembic import context

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
target_metadata = {metadata}


def run_migrations_offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds={literal_binds},
        dialect_opts={{"paramstyle": "named"}},
        {options}
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {{}}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, {options})
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""

CONVENTION = (
    'MetaData(naming_convention={"ix": "ix_%(column_0_label)s", '
    '"uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", '
    '"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", '
    '"pk": "pk_%(table_name)s"})'
)

PLAIN_CONVENTION = (
    'MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", '
    '"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"})'
)

TABLES = ["person", "order", "Mixed Case", "item", "log_entry", "a"]
COLUMNS = ["name", "value", "group", "Camel", "created_at", "price", "ref", "note", "flag", "x y", "n"]


class Table:
    def __init__(self, name):
        self.name = name
        self.columns = {}  # name -> kind
        self.constraints = {}  # name -> kind
        self.indexes = []
        self.key = "id"


class Generator:
    """Writes one project's revisions; keeps a rough idea of what exists, and now and then lies."""

    def __init__(self, seed, dialect="sqlite"):
        self.r = random.Random(seed)
        self.postgresql = dialect == "postgresql"
        self.tables = {}
        self.serial = 0
        self.boldness = self.r.choice([0.0, 0.0, 0.02, 0.08])

    def chance(self, p):
        return self.r.random() < p

    def fresh(self, prefix):
        self.serial += 1
        return f"{prefix}_{self.serial}"

    def type_(self):
        r = self.r
        kind = r.choice(
            ["array", "jsonb", "interval", "inet", "int", "str", "num", "dt", "bool"] if self.postgresql and self.chance(0.3) else ["int", "str", "text", "bool", "float", "num", "dt", "date", "bin", "json", "enum", "big", "small", "uuid", "time", "uni", "ckbool", "ckenum", "upper"]
        )
        text = {
            "int": r.choice(["sa.Integer()", "sa.Integer"]),
            "str": f"sa.String({r.choice(['length=', ''])}{r.randint(1, 60)})" if self.chance(0.8) else "sa.String()",
            "text": "sa.Text()",
            "bool": "sa.Boolean()",
            "float": r.choice(["sa.Float()", "sa.Float(precision=5)"]),
            "num": f"sa.Numeric({r.randint(5, 12)}, {r.randint(0, 4)})",
            "dt": r.choice(["sa.DateTime()", "sa.DateTime(timezone=True)"]),
            "date": "sa.Date()",
            "bin": "sa.LargeBinary()",
            "json": "sa.JSON()",
            "enum": f"sa.Enum('one', 'two', \"th'ree\", name='{self.fresh('kind')}')",
            "big": "sa.BigInteger()",
            "small": "sa.SmallInteger()",
            "uuid": "sa.Uuid()",
            "time": "sa.Time()",
            "uni": f"sa.Unicode({r.randint(1, 20)})",
            "ckbool": f"sa.Boolean(name='{self.fresh('ckb')}', create_constraint=True)",
            "ckenum": f"sa.Enum('a', 'b', name='{self.fresh('cke')}', create_constraint=True)",
            "array": "postgresql.ARRAY(sa.Integer())",
            "jsonb": "postgresql.JSONB()",
            "interval": "sa.Interval()",
            "inet": "postgresql.INET()",
            "upper": r.choice(["sa.VARCHAR(20)", "sa.INTEGER()", "sa.DECIMAL(8, 3)", "sa.TIMESTAMP()", "sa.CHAR(3)"]),
        }[kind]
        return kind, text

    def server_default(self, kind):
        r = self.r
        if self.postgresql and not self.chance(self.boldness):
            return self.typed_default(kind)
        if kind in ("int", "big", "small", "num", "float", "bool", "ckbool"):
            return r.choice(["'0'", "sa.text('1')", "'7'", "sa.text('(1 + 1)')"] + (["sa.false()", "sa.true()"] if "bool" in kind else []))
        if kind in ("dt", "date"):
            return r.choice(["sa.func.now()", "sa.text('CURRENT_TIMESTAMP')", "sa.text('(CURRENT_TIMESTAMP)')", "sa.func.current_timestamp()"])
        if kind in ("enum",):
            return "'one'"
        if kind in ("ckenum",):
            return "'a'"
        return r.choice(["'x'", "\"it's\"", "sa.text(\"'y'\")", "''"])

    def typed_default(self, kind):
        """One that the type takes, which PostgreSQL looks at."""
        r = self.r
        if kind in ("int", "big", "small", "num", "float"):
            return r.choice(["'0'", "sa.text('1')", "'7'", "sa.text('(1 + 1)')"])
        return {
            "bool": r.choice(["sa.false()", "sa.true()", "sa.text('false')", "'t'"]),
            "ckbool": "sa.true()",
            "dt": r.choice(["sa.func.now()", "sa.text('CURRENT_TIMESTAMP')", "sa.text(\"timezone('utc', now())\")"]),
            "date": r.choice(["sa.func.current_date()", "sa.text('CURRENT_DATE')"]),
            "time": "sa.text('CURRENT_TIME')",
            "enum": "'one'",
            "ckenum": "'a'",
            "bin": "sa.text(\"'\\\\x00'\")",
            "json": "sa.text(\"'{}'\")",
            "jsonb": "sa.text(\"'{}'::jsonb\")",
            "array": "'{}'",
            "interval": "sa.text(\"'1 day'\")",
            "inet": "'127.0.0.1'",
            "uuid": "sa.text('gen_random_uuid()')",
            "upper": "sa.null()",
        }.get(kind) or r.choice(["'x'", "\"it's\"", "sa.text(\"'y'\")", "''"])

    def column(self, name=None, new=False):
        r = self.r
        name = name or r.choice(COLUMNS)
        kind, text = self.type_()
        args = []
        if self.chance(0.1) and self.tables and not new:
            other = r.choice(list(self.tables.values()))
            args.append(f"sa.ForeignKey({other.name + '.' + other.key!r})")
            kind, text = "int", "sa.Integer()"
        kw = []
        if self.chance(0.5):
            kw.append(f"nullable={r.choice(['True', 'False'])}")
        if self.chance(0.3):
            kw.append(f"server_default={self.server_default(kind)}")
        if self.chance(0.06):
            kw.append("unique=True")
        if self.chance(0.08):
            kw.append("index=True")
        if self.chance(0.05):
            kw.append("comment='about it'")
        if self.chance(0.03):
            args.append(f"sa.Computed('1 + 1'{r.choice(['', ', persisted=True', ', persisted=False'])})")
            kw = [k for k in kw if not k.startswith("server_default")]
        parts = [repr(name), text, *args, *kw]
        return name, kind, f"sa.Column({', '.join(parts)})"

    def constraint_name(self, prefix):
        name = self.fresh(prefix)
        return name, f"op.f({name!r})" if self.chance(0.3) else repr(name)

    def create_table(self):
        r = self.r
        free = [n for n in TABLES if n not in self.tables] or TABLES
        table = Table(r.choice(free))
        items = []
        style = r.random()
        if style < 0.6:
            items.append("sa.Column('id', sa.Integer(), nullable=False)")
            if self.chance(0.5):
                name, shown = self.constraint_name("pk")
                table.constraints[name] = "primary"
                pk = f"sa.PrimaryKeyConstraint('id', name={shown})"
            else:
                pk = "sa.PrimaryKeyConstraint('id')"
        else:
            items.append("sa.Column('id', sa.Integer, primary_key=True)")
            pk = None
        table.columns["id"] = "int"
        names = r.sample(COLUMNS, r.randint(1, 5))
        for name in names:
            _, kind, text = self.column(name)
            table.columns[name] = kind
            items.append(text)
        if pk:
            items.append(pk)
        if self.chance(0.3):
            name, shown = self.constraint_name("uq")
            table.constraints[name] = "unique"
            columns = r.sample(names, r.randint(1, min(2, len(names))))
            named = f", name={shown}" if self.chance(0.7) else ""
            if not named:
                table.constraints.pop(name)
            items.append(f"sa.UniqueConstraint({', '.join(map(repr, columns))}{named})")
        if self.chance(0.25):
            name, shown = self.constraint_name("ck")
            named = f", name={shown}" if self.chance(0.7) else ""
            if named:
                table.constraints[name] = "check"
            items.append(f"sa.CheckConstraint({r.choice(['id > 0', 'id <> 77', 'length(id) < 20'])!r}{named})")
        if self.chance(0.3) and self.tables:
            other = r.choice(list(self.tables.values()))
            name, shown = self.constraint_name("fk")
            named = f", name={shown}" if self.chance(0.7) else ""
            if named:
                table.constraints[name] = "foreignkey"
            extra = r.choice(["", ", ondelete='CASCADE'", ", onupdate='SET NULL'", ", deferrable=True, initially='DEFERRED'"])
            items.append(f"sa.ForeignKeyConstraint(['id'], [{other.name + '.' + other.key!r}]{named}{extra})")
        kw = []
        if self.chance(0.05):
            kw.append("sqlite_autoincrement=True")
        if self.chance(0.05):
            kw.append("if_not_exists=True")
        if self.chance(0.05):
            kw.append("comment='a table'")
        if self.chance(0.03):
            kw.append("sqlite_with_rowid=False")
        if self.chance(0.03):
            kw.append("prefixes=['TEMPORARY']")
        self.tables[table.name] = table
        lines = [f"op.create_table({table.name!r},"] + [f"    {i}," for i in items + kw] + [")"]
        if self.chance(0.2):
            lines[0] = "t = " + lines[0]
            lines.append(f"op.bulk_insert(t, [{', '.join(self.row(table) for _ in range(r.randint(0, 3)))}]{r.choice(['', ', multiinsert=False'])})")
        return lines

    def value(self, kind):
        r = self.r
        return {
            "int": str(r.randint(-5, 99)),
            "big": str(r.randint(0, 2**40)),
            "small": "3",
            "str": r.choice(["'abc'", "\"it's\"", "None", "''", "'%(x)s :y'"]),
            "text": "'long text\\nwith lines'",
            "uni": "'\u00e9t\u00e9'",
            "bool": r.choice(["True", "False", "None"]),
            "ckbool": r.choice(["True", "False"]),
            "float": "1.5",
            "num": "12.25",
            "dt": "datetime.datetime(2024, 1, 2, 3, 4, 5)",
            "date": "datetime.date(2024, 1, 2)",
            "time": "datetime.time(1, 2, 3)",
            "bin": "b'\\x00\\xff'",
            "json": "{'a': [1, None, True]}",
            "enum": "'two'",
            "ckenum": r.choice(["'a'", "'b'"]),
            "uuid": "uuid.UUID('12345678123456781234567812345678')",
            "array": r.choice(["[1, 2]", "[]", "None"]),
            "jsonb": r.choice(["{'b': {'c': 1.5}}", "[]", "'x'", "None"]),
            "interval": "datetime.timedelta(days=2, seconds=3, microseconds=4)",
            "inet": "'10.0.0.1'",
            "upper": "None",
        }.get(kind, "None")

    def row(self, table, names=None):
        names = names or list(table.columns)
        self.serial += 1
        return "{" + ", ".join(f"{n!r}: {self.serial if n == 'id' else self.value(table.columns[n])}" for n in names) + "}"

    SA = {
        "int": "sa.Integer", "big": "sa.BigInteger", "small": "sa.SmallInteger", "str": "sa.String", "text": "sa.Text",
        "uni": "sa.Unicode", "bool": "sa.Boolean", "ckbool": "sa.Boolean", "float": "sa.Float", "num": "sa.Numeric(10, 2)",
        "dt": "sa.DateTime", "date": "sa.Date", "time": "sa.Time", "bin": "sa.LargeBinary", "json": "sa.JSON",
        "array": "postgresql.ARRAY(sa.Integer)", "jsonb": "postgresql.JSONB", "interval": "sa.Interval", "inet": "postgresql.INET",
        "enum": "sa.String", "ckenum": "sa.String", "uuid": "sa.Uuid",
    }

    def bulk_insert(self, table):
        r = self.r
        columns = [n for n in table.columns if n in ("id",) or self.chance(0.6)]
        declared = ", ".join(f"sa.column({n!r}, {self.SA.get(table.columns[n], 'sa.String')})" if self.chance(0.9) else f"sa.column({n!r})" for n in columns)
        rows = ", ".join(self.row(table, columns) for _ in range(r.randint(1, 3)))
        multi = r.choice(["", "", ", multiinsert=False"])
        return [f"op.bulk_insert(sa.table({table.name!r}, {declared}), [{rows}]{multi})"]

    def insert(self, table):
        names = [n for n in table.columns if n == "id" or self.chance(0.5)]
        quoted = ", ".join(f'"{n}"' for n in names)
        self.serial += 1
        values = ", ".join(str(self.serial) if n == "id" else self.sql_value(table.columns[n]) for n in names)
        sql = f'INSERT INTO "{table.name}" ({quoted}) VALUES ({values})'
        style = self.r.random()
        if style < 0.7:
            return [f"op.execute({sql!r})"]
        if style < 0.85:
            return [f"op.execute(sa.text({sql!r}))"]
        return [f"op.get_bind().execute(sa.text({sql!r}))"]

    def sql_value(self, kind):
        """A literal for an INSERT; SQLite takes any, PostgreSQL what fits the type."""
        if not self.postgresql or self.chance(self.boldness):
            return self.r.choice(["'1'", "2", "NULL", "'text'"])
        return {
            "int": "5", "big": "1099511627776", "small": "'3'", "num": "1.25", "float": "'1.5'", "bool": "'f'", "ckbool": "true",
            "dt": "'2024-01-02 03:04:05'", "date": "'2024-01-02'", "time": "'01:02:03'", "bin": "'\\\\x00ff'", "json": "'[1]'",
            "jsonb": "'{\"a\": 1}'", "array": "'{1,2}'", "interval": "'1 day'", "inet": "'::1'", "enum": "'one'", "ckenum": "'b'",
            "uuid": "'12345678-1234-5678-1234-567812345678'", "upper": "NULL", "str": "'a'", "uni": "'é'",
        }.get(kind, "'text'")  # fmt: skip

    def execute(self, table):
        r = self.r
        column = r.choice([n for n in table.columns if n != "id"] or ["other"])
        choice = r.random()
        if choice < 0.35:
            return [f"op.execute('UPDATE \"{table.name}\" SET \"{column}\" = \"{column}\"')"]
        if choice < 0.6:
            kind = self.SA.get(table.columns.get(column), "sa.String")
            return [
                f"t = sa.table({table.name!r}, sa.column('id', sa.Integer), sa.column({column!r}, {kind}))",
                f"op.execute(t.update().where(t.c.id == op.inline_literal({r.randint(1, 30)})).values({{{column!r}: {self.value(table.columns.get(column))}}}))",
            ]
        if choice < 0.8:
            return [f"op.execute('DELETE FROM \"{table.name}\" WHERE id {r.choice(['%', '%%'])} 3 = 1')"] if self.postgresql and self.chance(0.1) else [f"op.execute('DELETE FROM \"{table.name}\" WHERE id % 3 = 1')"]
        return [f"op.execute(sa.text('UPDATE \"{table.name}\" SET id = id WHERE id > :low').bindparams(low={r.randint(0, 9)}))"]

    def pick_column(self, table, key=False):
        names = [n for n in table.columns if key or n != "id"]
        if self.chance(self.boldness) or not names:
            return "missing"
        return self.r.choice(names)

    def index(self, table, prefix):
        r = self.r
        name = self.fresh("ix")
        columns = list(dict.fromkeys(self.pick_column(table, True) for _ in range(r.randint(1, 2))))
        shown = [repr(c) for c in columns]
        if self.chance(0.15):
            shown = [f"sa.text('\"{columns[0]}\" DESC')"]
        elif self.chance(0.1):
            shown = [f"sa.text('lower(\"{columns[0]}\")')"]
        kw = r.choice(["", "", "", ", unique=False", ", unique=True", ", sqlite_where=sa.text('id > 3')", ", if_not_exists=True"])
        table.indexes.append(name)
        head = f"{name!r}" if self.chance(0.8) else f"op.f({name!r})"
        middle = f", {table.name!r}" if prefix == "op" else ""
        return [f"{prefix}.create_index({head}{middle}, [{', '.join(shown)}]{kw})"]

    def drop_index(self, table, prefix):
        name = self.r.choice(table.indexes) if table.indexes and not self.chance(self.boldness) else "ix_missing"
        if name in table.indexes:
            table.indexes.remove(name)
        if prefix == "op":
            return [f"op.drop_index({name!r}{self.r.choice([', table_name=' + repr(table.name), ', ' + repr(table.name), '', ', if_exists=True'])})"]
        return [f"{prefix}.drop_index({name!r})"]

    def alter(self, table, prefix, name=None):
        r = self.r
        name = name or self.pick_column(table)
        kw = []
        if self.chance(0.4):
            kw.append(f"nullable={r.choice(['True', 'False'])}")
        if self.chance(0.35):
            kind, text = self.type_()
            # A value that can't be read as the new type would fail each time.
            if self.postgresql and not self.chance(self.boldness):
                kind, text = r.choice([("text", "sa.Text()"), ("str", "sa.String(200)"), ("uni", "sa.Unicode(80)")])
            kw.append(f"type_={text}")
            if name in table.columns:
                table.columns[name] = kind
        if self.postgresql and kw and self.chance(0.2):
            kw.append(f"postgresql_using='\"{name}\"::text'")
        if self.chance(0.4):
            kw.append(f"existing_type={self.type_()[1]}")
        if self.chance(0.3):
            kw.append(f"server_default={r.choice(['None', self.server_default(table.columns.get(name, 'str'))])}")
        if self.chance(0.3):
            new = self.fresh(r.choice(["renamed", "New Name"]))
            kw.append(f"new_column_name={new!r}")
            if name in table.columns:
                table.columns[new] = table.columns.pop(name)
        if self.chance(0.1):
            kw.append("existing_nullable=True")
        if self.chance(0.05):
            kw.append("comment='changed'")
        if self.chance(0.05):
            kw.append("existing_server_default=sa.text('1')")
        middle = f"{table.name!r}, " if prefix == "op" else ""
        return [f"{prefix}.alter_column({middle}{name!r}{''.join(', ' + k for k in kw)})"]

    def add_column(self, table, prefix):
        r = self.r
        free = [n for n in COLUMNS if n not in table.columns]
        if not free:
            return ["pass"]
        name, kind, text = self.column(r.choice(free), new=prefix == "op" and self.chance(0.7))
        middle = f"{table.name!r}, " if prefix == "op" else ""
        extra = ""
        if prefix != "op" and self.chance(0.15):
            extra = f", insert_{r.choice(['before', 'after'])}={self.pick_column(table, True)!r}"
        elif self.chance(0.03):
            extra = r.choice([", if_not_exists=True", ", inline_references=True", ", inline_primary_key=True"])
        table.columns[name] = kind
        return [f"{prefix}.add_column({middle}{text}{extra})"]

    def drop_column(self, table, prefix):
        name = self.pick_column(table, self.chance(0.03))
        table.columns.pop(name, None)
        middle = f"{table.name!r}, " if prefix == "op" else ""
        return [f"{prefix}.drop_column({middle}{name!r})"]

    def constraint(self, table, prefix):
        r = self.r
        middle = f"{table.name!r}, " if prefix == "op" else ""
        kind = r.choice(["unique", "check", "foreignkey", "primary"])
        name, shown = self.constraint_name({"unique": "uq", "check": "ck", "foreignkey": "fk", "primary": "pk"}[kind])
        if self.chance(0.05):
            shown = "None"
        else:
            table.constraints[name] = kind
        column = self.pick_column(table)
        if kind == "unique":
            return [f"{prefix}.create_unique_constraint({shown}, {middle}[{column!r}])"]
        if kind == "check":
            return [f"{prefix}.create_check_constraint({shown}, {middle}{r.choice(['id >= 0', 'id <> 1000'])!r})"]
        if kind == "primary":
            table.constraints[name] = "primary"
            return [f"{prefix}.create_primary_key({shown}, {middle}['id'])"]
        other = r.choice(list(self.tables.values()))
        extra = r.choice(["", ", ondelete='CASCADE'", ", onupdate='RESTRICT', ondelete='SET NULL'", ", deferrable=True", ", match='FULL'"])
        return [f"{prefix}.create_foreign_key({shown}, {middle}{other.name!r}, [{column!r}], ['id']{extra})"]

    def drop_constraint(self, table, prefix):
        r = self.r
        middle = f", {table.name!r}" if prefix == "op" else ""
        if table.constraints and not self.chance(self.boldness):
            name = r.choice(list(table.constraints))
            kind = table.constraints.pop(name)
        else:
            name, kind = "missing", "unique"
        type_ = r.choice([f", type_={kind!r}", f", {kind!r}", ""])
        return [f"{prefix}.drop_constraint({name!r}{middle}{type_})"]

    def droppable(self, table):
        return self.postgresql and table.constraints

    def batch(self, table):
        r = self.r
        kw = []
        if self.chance(0.25):
            kw.append(f"recreate={r.choice(['always', 'auto', 'never'])!r}")
        if self.chance(0.1):
            kw.append("naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s', 'ck': 'ck_%(table_name)s_%(constraint_name)s', 'pk': 'pk_%(table_name)s'}")
        if self.chance(0.06):
            kw.append("table_args=(sa.CheckConstraint('id < 100000'),)")
        if self.chance(0.05):
            kw.append("table_kwargs={'sqlite_autoincrement': True}")
        if self.chance(0.05):
            names = list(table.columns)
            r.shuffle(names)
            kw.append(f"partial_reordering=[{tuple(names[:3])!r}]")
        if self.chance(0.05):
            name = r.choice(list(table.columns))
            kw.append(f"reflect_args=[sa.Column({name!r}, {self.SA.get(table.columns[name], 'sa.String')})]")
        if self.chance(0.06):
            items = ", ".join(f"sa.Column({n!r}, {self.SA.get(k, 'sa.String')}{', primary_key=True' if n == 'id' else ''})" for n, k in table.columns.items())
            kw.append(f"copy_from=sa.Table({table.name!r}, sa.MetaData(), {items})")
        lines = [f"with op.batch_alter_table({table.name!r}{''.join(', ' + k for k in kw)}) as batch_op:"]
        for _ in range(r.randint(1, 4)):
            make = r.choices(
                [self.add_column, self.drop_column, self.alter, self.constraint, self.drop_constraint, self.index, self.drop_index, self.batch_execute],
                [4, 3, 4, 3, 2, 2, 1, 0.3],
            )[0]
            if make == self.drop_index and not table.indexes and not self.chance(self.boldness):
                continue
            if make == self.drop_constraint and not table.constraints and not self.chance(self.boldness):
                continue
            lines += ["    " + line for line in make(table, "batch_op")]
        if len(lines) == 1:
            lines.append("    pass")
        return lines

    def batch_execute(self, table, prefix):
        return [f"{prefix}.execute('SELECT 1')"]

    def rename_table(self, table):
        new = self.fresh("renamed")
        self.tables.pop(table.name, None)
        old, table.name = table.name, new
        self.tables[new] = table
        return [f"op.rename_table({old!r}, {new!r})"]

    def drop_table(self, table):
        self.tables.pop(table.name, None)
        return [f"op.drop_table({table.name!r}{', if_exists=True' if self.chance(0.2) else ''})"]

    def other(self, table):
        r = self.r
        return r.choice(
            [
                ["with op.get_context().autocommit_block():", "    op.execute('SELECT 1')"],
                ["print(op.get_bind().dialect.name if op.get_bind() is not None else None)"],
                [f"op.create_table_comment({table.name!r}, 'text', existing_comment=None)"],
                ["print(op.get_context().as_sql, op.get_context().dialect.name)"],
                ["op.execute('not sql at all')"] if self.chance(self.boldness * 4) else ["op.execute('SELECT 2')"],
                ["raise RuntimeError('half way')"] if self.chance(self.boldness * 4) else ["pass"],
                ["op.execute(\"set local lock_timeout = '5s'\")"] if self.postgresql else ["pass"],
                ["op.execute(\"CREATE TYPE mood AS ENUM ('sad')\")", "with op.get_context().autocommit_block():", "    op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'\")"]
                if self.postgresql and self.chance(0.2)
                else ["pass"],
                [f"print(op.get_bind().execute(sa.text('SELECT * FROM \"{table.name}\" ORDER BY 1 LIMIT 3')).fetchall() if op.get_bind() is not None else None)"]
                if self.postgresql
                else ["pass"],
                [f"op.add_column({table.name!r})"] if self.chance(self.boldness * 4) else ["pass"],
            ]
        )

    def body(self, size):
        r = self.r
        lines = []
        for _ in range(size):
            if not self.tables or self.chance(0.2):
                lines += self.create_table()
                continue
            table = r.choice(list(self.tables.values()))
            make = r.choices(
                [
                    lambda t: self.batch(t),
                    lambda t: self.add_column(t, "op"),
                    lambda t: self.drop_column(t, "op"),
                    lambda t: self.index(t, "op"),
                    lambda t: self.drop_index(t, "op") if t.indexes else ["pass"],
                    lambda t: self.insert(t),
                    lambda t: self.bulk_insert(t),
                    lambda t: self.execute(t),
                    lambda t: self.rename_table(t),
                    lambda t: self.drop_table(t),
                    lambda t: self.alter(t, "op") if self.postgresql or self.chance(self.boldness * 3) else [f"op.alter_column({t.name!r}, {self.pick_column(t)!r})"],
                    lambda t: self.constraint(t, "op") if self.postgresql or self.chance(self.boldness * 2) else ["pass"],
                    lambda t: self.drop_constraint(t, "op") if self.droppable(t) or self.chance(self.boldness * 2) else ["pass"],
                    lambda t: self.other(t),
                ],
                [2, 3, 2, 2, 1, 4, 3, 3, 0.7, 0.7, 2, 2, 1, 2] if self.postgresql else [10, 3, 1, 2, 1, 5, 3, 3, 0.7, 0.7, 0.5, 1, 0.5, 1.5],
            )[0]
            lines += make(table)
        return lines or ["pass"]


def script(revision, down, message, up, downgrade):
    indent = lambda lines: "\n".join("    " + line for line in lines)
    return f'''"""{message}

Revision ID: {revision}
Revises: {down or ""}

"""
import datetime
import uuid

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = {revision!r}
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
{indent(up)}


def downgrade():
{indent(downgrade)}
'''


def project(seed, directory, dialect="sqlite", url="sqlite:///app.db"):
    generator = Generator(seed, dialect)
    r = generator.r
    directory.mkdir(parents=True)
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "alembic.ini").write_text(INI.replace("%(url)s", url))
    options = r.choice(["", "", "transaction_per_migration=True", "transactional_ddl=True", "transactional_ddl=True, transaction_per_migration=True"])
    (directory / "migrations" / "env.py").write_text(
        ENV.format(
            metadata=r.choice(["None", "MetaData()", "MetaData()", CONVENTION, PLAIN_CONVENTION]),
            literal_binds=r.choice(["True", "True", "False"]),
            options=options,
        )
    )
    down = None
    count = r.randint(1, 3)
    for number in range(count):
        revision = f"{number + 1:03d}abc"
        up = generator.body(r.randint(2, 7))
        last = number == count - 1
        back = generator.body(r.randint(0, 2)) if last and generator.chance(0.5) else ["pass"]
        (versions / f"{revision}_step.py").write_text(script(revision, down, f"step {number + 1}", up, back))
        down = revision
    commands = [["upgrade", "head", "--sql"], ["upgrade", "head"], ["current"], ["upgrade", "head"], ["downgrade", "-1"], ["current"]]
    if r.random() < 0.2:
        commands.insert(2, ["downgrade", "head:base", "--sql"])
    return commands
