"""Writes random model files: python random_models.py SEED COUNT FOLDER.

The same seed gives the same files. They mix the forms that models really have: declarative with and
without annotations, mixins, abstract bases, single and joined inheritance, plain tables, SQLModel.
"""

import pathlib
import random
import sys

SA_TYPES = [
    "Integer", "BigInteger", "SmallInteger()", "String", "String({n})", "Text", "Text()", "Unicode({n})", "UnicodeText",
    "Float", "Float({p})", "Double", "Numeric", "Numeric({p}, {s})", "Date", "Time", "DateTime", "DateTime(timezone=True)",
    "Boolean", "Boolean()", "LargeBinary", "JSON", "Uuid", "Interval", "PickleType", "VARCHAR({n})", "CHAR({n})", "TIMESTAMP",
    "DECIMAL({p}, {s})", "REAL", "BLOB", "SMALLINT", "TEXT", "Enum('a', 'bb', 'ccc', name='e{n}')", "Enum(Kind)",
    "Enum(Kind, native_enum=False)", "Enum(Kind, values_callable=lambda k: [m.value for m in k])", "Boolean(create_constraint=True, name='b{n}')",
    "String({n}).with_variant(Text(), 'sqlite')", "JSON().with_variant(postgresql.JSONB(), 'postgresql')",
    "String({n}, collation='NOCASE')", "Small", "Small({n})", "Place({p})",
]
PY_TYPES = [
    "int", "str", "bool", "float", "bytes", "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta",
    "decimal.Decimal", "uuid.UUID", "Kind", "Text_", "Literal['x', 'yy']", "short", "money", "stamp", "dict[str, Any]",
]
DEFAULTS = ["'abc'", "'5'", "text('1')", "text(\"'q'\")", "func.now()", "func.current_timestamp()", "text('(1 + 2)')", "true()", "false()", "literal_column('3')", "''", "\"it's\""]
HEADER = '''import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, ClassVar, List, Literal, Optional, Union

from sqlalchemy import *
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import *
from sqlalchemy.types import TypeDecorator, UserDefinedType


class Kind(enum.Enum):
    one = "first"
    two = "second value"


class Text_(str, enum.Enum):
    a = "A"
    b = "B"


class Small(TypeDecorator):
    impl = String
    cache_ok = True


class Place(UserDefinedType):
    cache_ok = True

    def __init__(self, size=3):
        self.size = size

    def get_col_spec(self, **kw):
        return f"PLACE({self.size})"


short = Annotated[str, mapped_column(String(12))]
money = Annotated[decimal.Decimal, "money"]
stamp = Annotated[datetime.datetime, mapped_column(server_default=func.now())]
'''
CONVENTIONS = [
    "",
    '{"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}',
    '{"ix": "i_%(table_name)s_%(column_0_N_name)s", "fk": "%(table_name)s_%(column_0N_key)s_fkey"}',
]


class Writer:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.tables = []  # (class or variable name, table, primary key column)
        self.serial = 0
        self.lines = []

    def chance(self, p):
        return self.r.random() < p

    def name(self, stem):
        self.serial += 1
        return self.r.choice([stem, stem, stem.title(), "select", "order"])[: 20] + str(self.serial)

    def sa_type(self):
        return self.r.choice(SA_TYPES).format(n=self.r.randint(1, 90), p=self.r.randint(1, 12), s=self.r.randint(0, 4))

    def options(self, mapped, allow_default=True):
        r, out = self.r, []
        if self.chance(0.15):
            out.append(f"nullable={r.choice(['True', 'False'])}")
        if self.chance(0.1):
            out.append("unique=True")
        if self.chance(0.12):
            out.append(f"index={r.choice(['True', 'True', 'False'])}")
        if allow_default and self.chance(0.15):
            out.append(f"server_default={r.choice(DEFAULTS)}")
        if self.chance(0.08):
            out.append(f"comment={r.choice(['simple', 'it is', chr(39)])!r}")
        if self.chance(0.05):
            out.append(f"key='k{self.serial}'") if not mapped else out.append(f"sort_order={r.randint(-2, 2)}")
        return out

    def foreign(self):
        name, table, key = self.r.choice(self.tables)
        out = [f"'{table}.{key}'"]
        if self.chance(0.3):
            out.append(f"ondelete={self.r.choice(['CASCADE', 'SET NULL', 'RESTRICT'])!r}")
        if self.chance(0.1):
            out.append("onupdate='CASCADE'")
        if self.chance(0.15):
            self.serial += 1
            out.append(f"name='fk_{self.serial}'")
        if self.chance(0.06):
            out.append("deferrable=True, initially='DEFERRED'")
        return f"ForeignKey({', '.join(out)})"

    def column(self, style, names):
        r = self.r
        name = self.name("col")
        names.append(name)
        if style == "table":
            args = [f"'{name}'", self.sa_type()]
            if self.tables and self.chance(0.15):
                args = [f"'{name}'"] + ([] if self.chance(0.5) else ["Integer"]) + [self.foreign()]
            return f"Column({', '.join(args + [o for o in self.options(False)  if not o.startswith('key')])})"
        if style == "classic" or self.chance(0.15):
            call = "Column" if style == "classic" or self.chance(0.5) else "mapped_column"
            args = [self.sa_type()]
            if self.tables and self.chance(0.15):
                args = ([] if self.chance(0.5) else ["Integer"]) + [self.foreign()]
            if self.chance(0.1):
                args.insert(0, f"'{name}_db'")
                names[-1] += "_db"
            return f"{name} = {call}({', '.join(args + [o for o in self.options(call == 'mapped_column') if not o.startswith('key')])})"
        annotation = r.choice(PY_TYPES)
        annotation = r.choice(["{}", "{}", "Optional[{}]", "{} | None" if "short" not in annotation else "{}", "Union[{}, None]"]).format(annotation)
        if self.chance(0.1) and "Literal" not in annotation:
            annotation = f'"{annotation}"'
        if self.chance(0.5):
            return f"{name}: Mapped[{annotation}]"
        args = []
        if self.tables and self.chance(0.25) and "int" in annotation:
            args.append(self.foreign())
        elif self.chance(0.3):
            args.append(self.sa_type())
        if self.chance(0.1):
            args.insert(0, f"'{name}_db'")
            names[-1] += "_db"
        return f"{name}: Mapped[{annotation}] = mapped_column({', '.join(args + [o for o in self.options(True) if not o.startswith('key')])})"

    def table_args(self, names):
        r, out = self.r, []
        for _ in range(r.randint(0, 2)):
            self.serial += 1
            some = r.sample(names, min(len(names), r.randint(1, 2)))
            quoted = ", ".join(repr(n) for n in some)
            out.append(r.choice([
                f"UniqueConstraint({quoted}" + (f", name='uq_{self.serial}')" if self.chance(0.6) else ")"),
                f"Index('ix_{self.serial}', {quoted}" + (", unique=True)" if self.chance(0.3) else ")"),
                f"CheckConstraint('{self.serial} > 0', name='ck_{self.serial}')",
                f"Index('ix_{self.serial}', text('lower(\"{some[0]}\")'))",
                f"Index('ix_{self.serial}', {some[0]!r}, sqlite_where=text('1 = 1'), postgresql_where=text('true'))",
            ]))
        return out

    def declarative(self, style):
        r = self.r
        mixins = []
        for _ in range(r.randint(0, 2)):
            mixin = f"Mixin{self.serial}"
            self.serial += 1
            names = []
            self.lines.append(f"class {mixin}:")
            for _ in range(r.randint(1, 3)):
                self.lines.append("    " + self.no_foreign(style, names))
            if self.tables and self.chance(0.4):
                name = self.name("ref")
                body = self.foreign()
                if style == "classic":
                    self.lines += ["    @declared_attr", f"    def {name}(cls):", f"        return Column({body})"]
                else:
                    self.lines += ["    @declared_attr", f"    def {name}(cls) -> Mapped[int]:", f"        return mapped_column({body})"]
            self.lines.append("")
            mixins.append((mixin, names))
        count = r.randint(1, 4)
        for _ in range(count):
            name = f"Model{self.serial}"
            self.serial += 1
            table = self.name("table").lower()
            used = [m for m in mixins if self.chance(0.5)]
            names = []
            bases = [m for m, _ in used] + ["Base"]
            self.lines.append(f"class {name}({', '.join(bases)}):")
            self.lines.append(f"    __tablename__ = {table!r}")
            key = r.choice(["id", "Key", "pk"])
            if style == "classic":
                first = f"    {key} = Column(Integer, primary_key=True)"
            else:
                first = f"    {key}: Mapped[int] = mapped_column(primary_key=True)"
            body = ["    " + self.column(style, names) for _ in range(r.randint(1, 7))]
            body.insert(r.choice([0, 0, 0, len(body)]), first)
            every = names + [key] + [n for _, ns in used for n in ns]
            args = self.table_args(every)
            if args:
                self.lines.append(f"    __table_args__ = ({', '.join(args)},{r.choice(['', '', ' {}', chr(32) + repr({'comment': 'c'})])})")
            elif self.chance(0.1):
                self.lines.append("    __table_args__ = {'sqlite_autoincrement': True}")
            self.lines += body
            self.lines.append("")
            self.tables.append((name, table, key))
            if self.chance(0.25):
                child = f"Child{self.serial}"
                self.serial += 1
                if self.chance(0.5):
                    self.lines.append(f"class {child}({name}):")
                    self.lines.append("    " + self.no_foreign(style, []))
                    self.lines.append("")
                else:
                    table2 = self.name("joined").lower()
                    self.lines.append(f"class {child}({name}):")
                    self.lines.append(f"    __tablename__ = {table2!r}")
                    if style == "classic":
                        self.lines.append(f"    own = Column(ForeignKey('{table}.{key}'), primary_key=True)")
                    else:
                        self.lines.append(f"    own: Mapped[int] = mapped_column(ForeignKey('{table}.{key}'), primary_key=True)")
                    self.lines.append("    " + self.no_foreign(style, []))
                    self.lines.append("")

    def no_foreign(self, style, names):
        held, self.tables = self.tables, []
        try:
            return self.column(style, names)
        finally:
            self.tables = held

    def core(self):
        table = self.name("core").lower()
        names = []
        columns = ["Column('id', Integer, primary_key=True)"] + [self.column("table", names) for _ in range(self.r.randint(1, 6))]
        args = self.table_args(names + ["id"])
        self.lines.append(f"{table} = Table({table!r}, metadata,")
        self.lines += [f"    {c}," for c in columns + args]
        self.lines.append(")")
        self.lines.append("")
        self.tables.append((table, table, "id"))

    def sqlmodel(self):
        r = self.r
        types = ["int", "str", "bool", "float", "bytes", "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "decimal.Decimal", "uuid.UUID", "Kind", "Text_"]
        base = None
        out = []

        def field(name):
            annotation = r.choice(types)
            form = r.choice(["{}", "{}", "Optional[{}]", "{} | None"])
            options = []
            if self.chance(0.3):
                options.append("default=None" if form != "{}" else r.choice(["default=...", "default_factory=lambda: None"]))
            if self.chance(0.15):
                options.append("index=True")
            if self.chance(0.1):
                options.append("unique=True")
            if self.chance(0.1):
                options.append(f"nullable={r.choice(['True', 'False'])}")
            if annotation == "str" and self.chance(0.3):
                options.append(f"max_length={r.randint(3, 99)}")
            if annotation == "decimal.Decimal" and self.chance(0.5):
                options.append("max_digits=8, decimal_places=2")
            if self.chance(0.1):
                options.append("sa_type=" + r.choice(["Text", "String(9)", "JSON", "BigInteger()"]))
            elif annotation == "int" and self.tables and self.chance(0.4):
                _, table, key = r.choice(self.tables)
                options.append(f"foreign_key='{table}.{key}'")
            if self.chance(0.08):
                options.append("sa_column_kwargs={'server_default': 'x', 'comment': 'c'}")
            call = f" = Field({', '.join(options)})" if options else r.choice(["", "", " = None" if form != "{}" else ""])
            return f"    {name}: {form.format(annotation)}{call}"

        for _ in range(r.randint(1, 4)):
            parents = "SQLModel"
            if base is None or self.chance(0.3):
                base = f"Base{self.serial}"
                self.serial += 1
                out.append(f"class {base}(SQLModel):")
                out += [field(f"b{self.serial}_{i}") for i in range(r.randint(1, 3))]
                out.append("")
            if self.chance(0.6):
                parents = base
            name = f"Hero{self.serial}"
            self.serial += 1
            out.append(f"class {name}({parents}, table=True):")
            table = name.lower()
            if self.chance(0.2):
                table = self.name("own").lower()
                out.append(f"    __tablename__ = {table!r}")
            body = [field(f"f{i}") for i in range(r.randint(1, 6))]
            body.insert(r.choice([0, 0, len(body)]), "    id: Optional[int] = Field(default=None, primary_key=True)")
            out += body
            out.append("")
            self.tables.append((name, table, "id"))
        self.lines += out

    def text(self):
        r = self.r
        convention = r.choice(CONVENTIONS)
        metadata = f"MetaData(naming_convention={convention})" if convention else "MetaData()"
        kind = r.choice(["annotated", "annotated", "annotated", "classic", "core", "sqlmodel"])
        head = HEADER
        if kind == "sqlmodel":
            head = head.replace("from sqlalchemy.orm import *\n", "from sqlalchemy.orm import mapped_column\n").replace("import *\n", "import *\n", 1)
            self.lines += ["from sqlmodel import Field, Relationship, SQLModel", "", ""]
            self.sqlmodel()
            self.lines.append("target_metadata = SQLModel.metadata")
        elif kind == "core":
            self.lines.append(f"metadata = {metadata}")
            for _ in range(r.randint(1, 4)):
                self.core()
            self.lines.append("target_metadata = metadata")
        elif kind == "classic":
            self.lines += [f"metadata = {metadata}", "Base = declarative_base(metadata=metadata)", ""]
            if self.chance(0.5):
                self.core()
            self.declarative("classic")
            self.lines.append("target_metadata = Base.metadata")
        else:
            self.lines += [f"metadata = {metadata}", "", "", "class Base(DeclarativeBase):", "    metadata = metadata" if False else f"    metadata = {metadata}"]
            self.lines.append("    type_annotation_map = {dict[str, Any]: JSON, money: Numeric(9, 3)" + r.choice(["", ", int: BigInteger", ", str: String(77)"]) + "}")
            if self.chance(0.2):
                self.lines.append("    extra: Mapped[Optional[str]]")
            self.lines.append("")
            self.declarative("annotated")
            self.lines.append("target_metadata = Base.metadata")
        return head + "\n\n" + "\n".join(self.lines) + "\n"


def main():
    seed, count, folder = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        (folder / f"random_{seed + index}.py").write_text(Writer(seed + index).text())


main()
