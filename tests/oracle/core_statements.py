"""Random Core statements executed on SQLite, by real SQLAlchemy and by limbeck; whatever differs is shown.

    python tests/oracle/core_statements.py target/debug/limbeck FIRST COUNT

A seed makes a project with one revision, whose items each execute a statement on the connection of the migration and
print its rows. An item that raises prints its error, so that one failure hides no other.
"""

import argparse
import difflib
import os
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

from operations_fuzz import Oracle, limbeck

ADDRESS = re.compile(r"0x[0-9a-f]+")
ITEMS = 40
INI = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///app.db\n"
ENV = """from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
HEAD = '''"""random"""
import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from alembic import op

revision = "a1"
down_revision = None


class Kind(enum.Enum):
    ONE = 1
    TWO = "two"


metadata = sa.MetaData()
person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(30), nullable=False),
    sa.Column("n", sa.Integer, server_default="7"),
    sa.Column("price", sa.Numeric(8, 2)),
    sa.Column("at", sa.DateTime),
    sa.Column("day", sa.Date),
    sa.Column("data", sa.LargeBinary),
    sa.Column("j", sa.JSON),
    sa.Column("flag", sa.Boolean, default=True),
    sa.Column("kind", sa.Enum(Kind)),
    sa.Column("u", sa.Uuid),
)
pet = sa.Table(
    "pet",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id")),
    sa.Column("name", sa.String, key="called"),
    sa.Column("weight", sa.Float),
    sa.UniqueConstraint("person_id", "called"),
)
bare = sa.table("person", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("n", sa.Integer), sa.column("j", sa.JSON))


def failed(number, error):
    print("-- failed", number, type(error).__name__, str(error))


def upgrade():
    bind = op.get_bind()
    metadata.create_all(bind)
    bind.execute(
        person.insert(),
        [
            {"id": 1, "name": "Ann", "n": 5, "price": decimal.Decimal("2.50"), "at": datetime.datetime(2024, 2, 3, 4, 5, 6), "day": datetime.date(2024, 2, 3), "data": b"xy", "j": {"a": [1, {"b": "c"}], "k": 5, "s": "x", "t": True, "f": 1.5}, "kind": Kind.ONE, "u": uuid.UUID(int=5)},
            {"id": 2, "name": "Ben", "n": 7, "price": None, "at": None, "day": None, "data": None, "j": {"a": [], "k": 6}, "kind": Kind.TWO, "u": None},
            {"id": 3, "name": "Cleo", "n": 5, "price": decimal.Decimal("10"), "at": datetime.datetime(2023, 1, 1), "day": datetime.date(2023, 1, 1), "data": b"", "j": [1, 2, 3], "kind": None, "u": None},
            {"id": 4, "name": "d'Arc 5%", "n": None, "price": None, "at": None, "day": None, "data": None, "j": None, "kind": None, "u": None},
        ],
    )
    bind.execute(pet.insert(), [{"person_id": 1, "called": "Rex", "weight": 12.5}, {"person_id": 1, "called": "Ivy", "weight": 0.25}, {"person_id": 3, "called": "Rex", "weight": None}])
'''


class Core:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.next = 10

    def pick(self, *options):
        return self.r.choice(options)

    def chance(self, share):
        return self.r.random() < share

    def number(self):
        return self.pick("person.c.n", "person.c.id", "person.c.n + 1", "person.c.n * person.c.id", "sa.func.coalesce(person.c.n, 0)", "sa.literal(3)", "-person.c.n", "person.c.n % 3", "person.c.n / 2", "person.c.n // 2", "sa.func.length(person.c.name)", "sa.extract('year', person.c.at)", "sa.cast(person.c.name, sa.Integer)", "person.c.j['k'].as_integer()", "sa.case((person.c.n > 5, 1), else_=0)", "sa.case({5: 1, 7: 2}, value=person.c.n, else_=3)", "sa.func.abs(person.c.n - 6)")

    def value(self):
        return self.pick(
            "person.c.name", "person.c.price", "person.c.at", "person.c.day", "person.c.data", "person.c.j", "person.c.flag", "person.c.kind", "person.c.u",
            "person.c.name + '!'", "sa.func.upper(person.c.name)", "person.c.name.concat('x')", "sa.func.lower(person.c.name).label('low')", "sa.literal('v')", "sa.literal_column(\"'w'\")", "sa.null()", "sa.true()", "sa.text(\"name || 'z'\")", "sa.literal(decimal.Decimal('1.5'))", "sa.literal(datetime.date(2024, 5, 6))",
            "person.c.j['a']", "person.c.j[('a', 1, 'b')]", "person.c.j['a'][0]", "person.c.j['s'].as_string()", "person.c.j['t'].as_boolean()", "person.c.j['f'].as_float()", "person.c.j['k'].as_json()",
            "sa.cast(person.c.n, sa.String)", "sa.cast(person.c.n, sa.Numeric(5, 1))", "sa.type_coerce(person.c.n, sa.String)", "sa.func.max(person.c.n).over()", "sa.func.row_number().over(order_by=person.c.id)", "sa.func.sum(person.c.n).over(partition_by=person.c.n, order_by=person.c.id.desc())", "sa.func.sum(person.c.n).over(order_by=person.c.id, rows=(-1, 0))", "sa.func.count().filter(person.c.n > 5).over()",
            "sa.select(sa.func.count()).select_from(pet).where(pet.c.person_id == person.c.id).scalar_subquery()", "sa.select(sa.func.max(pet.c.weight)).where(pet.c.person_id == person.c.id).correlate(person).scalar_subquery().label('heaviest')", "sa.exists().where(pet.c.person_id == person.c.id)", "person.c.n.in_([5, 6])", "person.c.n.is_(None)", "~person.c.flag", self.number(), self.number(), self.number(),
        )

    def condition(self):
        return self.pick(
            f"{self.number()} > 2", "person.c.name == 'Ann'", "person.c.name != 'Ann'", "person.c.name.like('%e%')", "person.c.name.ilike('A%')", "person.c.name.not_like('B%')", "person.c.name.contains('5%', autoescape=True)", "person.c.name.startswith('C')", "person.c.name.endswith('n')", "person.c.name.icontains('N')",
            "person.c.n.in_([5, 7])", "person.c.n.not_in([5])", "person.c.n.in_([])", "person.c.n.in_(sa.select(pet.c.person_id))", "person.c.n.between(5, 6)", "person.c.n.is_(None)", "person.c.n.is_not(None)", "person.c.n.is_distinct_from(5)", "sa.tuple_(person.c.id, person.c.n).in_([(1, 5), (2, 7)])",
            "sa.or_(person.c.id == 1, person.c.name == 'Ben')", "sa.and_(person.c.id > 1, person.c.id < 4)", "sa.not_(person.c.id == 1)", "(person.c.id == 1) | (person.c.n == 7)", "~(person.c.id == 1)", "person.c.at > datetime.datetime(2023, 6, 1)", "person.c.day == datetime.date(2024, 2, 3)", "person.c.kind == Kind.ONE", "person.c.kind.in_([Kind.ONE, Kind.TWO])", "person.c.u == uuid.UUID(int=5)", "person.c.price >= decimal.Decimal('2.5')", "person.c.data == b'xy'", "person.c.flag", "person.c.flag.is_(True)",
            "person.c.j['k'].as_integer() == 5", "person.c.j['s'].as_string() == 'x'", "person.c.j == sa.JSON.NULL", "person.c.j.is_(sa.null())", "sa.text('n > :low').bindparams(low=5)", "sa.exists(sa.select(pet.c.id).where(pet.c.person_id == person.c.id))", "sa.select(pet.c.id).where(pet.c.person_id == person.c.id).exists()", "person.c.name.regexp_match('^[AB]')", "sa.func.length(person.c.name) > 3", "person.c.id == sa.bindparam('one', 1)", "person.c.name.collate('NOCASE') == 'ann'", "sa.true()", "sa.false()",
            "person.c.id == sa.any_(sa.select(pet.c.person_id).scalar_subquery())" if self.chance(0.1) else "person.c.id < 3",
        )

    def result(self, call):
        """The statement's rows, by one of the ways to ask for them."""
        way = self.pick(
            ".all()", ".all()", ".all()", ".fetchall()", ".mappings().all()", ".scalars().all()", ".first()", ".one_or_none()", ".scalar()", ".scalar_one_or_none()", ".scalars().first()", ".fetchmany(2)", ".fetchone()", ".keys()", ".columns(0).all()", ".mappings().first()", ".one()", ".scalar_one()", ".tuples().all()",
        )
        if way == ".keys()":
            return [f"print(list({call}.keys()))"]
        if self.chance(0.1):
            return [f"for part in {call}.partitions(2):", "    print(part)"]
        if self.chance(0.08):
            return [f"for row in {call}:", "    print(row, row[0], tuple(row), row._asdict(), len(row))"]
        if self.chance(0.05):
            return [f"result = {call}", "print(result.fetchone(), result.fetchmany(1), result.fetchall(), result.fetchone())"]
        return [f"print({call}{way})"]

    def columns(self):
        return ", ".join(dict.fromkeys(self.value() for _ in range(self.r.randint(1, 3))))

    def select(self):
        text = f"sa.select({self.columns()})"
        if self.chance(0.7):
            text += f".where({self.condition()})"
        if self.chance(0.2):
            text += f".where({self.condition()})"
        text += ".order_by(" + self.pick("person.c.id", "person.c.id.desc()", "person.c.n.nulls_last(), person.c.id", "sa.desc(person.c.name)", "sa.func.length(person.c.name), person.c.id", "sa.text('person.id')") + ")"
        if self.chance(0.3):
            text += self.pick(".limit(2)", ".offset(1)", ".limit(1).offset(1)", ".limit(sa.literal(2))", ".slice(1, 3)")
        if self.chance(0.1):
            text += ".distinct()"
        if self.chance(0.05):
            text += self.pick(".with_for_update()", ".prefix_with('/* p */')", ".add_columns(person.c.id)", ".with_only_columns(person.c.id, person.c.name)")
        return self.result(f"bind.execute({text})")

    def grouped(self):
        key = self.pick("person.c.n", "person.c.flag", "sa.func.substr(person.c.name, 1, 1)")
        answer = self.pick("sa.func.count()", "sa.func.count(person.c.id)", "sa.func.sum(person.c.n)", "sa.func.avg(person.c.n)", "sa.func.min(person.c.at)", "sa.func.max(person.c.price)", "sa.func.group_concat(person.c.name)", "sa.func.count(person.c.n.distinct())", "sa.func.sum(person.c.price)", "sa.func.total(person.c.n)")
        text = f"sa.select({key}, {answer}).group_by({key})"
        if self.chance(0.4):
            text += ".having(" + self.pick("sa.func.count() > 1", f"{answer} > 5") + ")"
        return self.result(f"bind.execute({text}.order_by({key}))")

    def joined(self):
        source = self.pick("person.join(pet)", "person.outerjoin(pet)", "person.join(pet, person.c.id == pet.c.person_id)", "person.outerjoin(pet, sa.and_(pet.c.person_id == person.c.id, pet.c.weight > 1))", "sa.join(person, pet)", "person.join(pet, isouter=True)", "pet.join(person)")
        chosen = self.pick("person.c.name, pet.c.called", "person, pet.c.called", "pet", "person.c.id, pet.c.id", "sa.func.count(pet.c.id)", "person.c.name.label('owner'), pet.c.weight")
        text = self.pick(f"sa.select({chosen}).select_from({source})", f"sa.select({chosen}).select_from({source})", f"sa.select({chosen}).join_from(person, pet)", f"sa.select({chosen}).select_from(person).join(pet)", f"sa.select({chosen}).select_from(person).outerjoin(pet, pet.c.person_id == person.c.id)")
        if self.chance(0.3):
            text += f".where({self.pick('pet.c.weight > 1', 'pet.c.called == ' + repr('Rex'), 'pet.c.id.is_(None)')})"
        return self.result(f"bind.execute({text}.order_by(person.c.id, pet.c.id))")

    def nested(self):
        return self.result(
            "bind.execute("
            + self.pick(
                "sa.select(sa.select(person.c.id, person.c.name).where(person.c.n == 5).subquery('s'))",
                "(lambda s: sa.select(s.c.name, s.c.size).where(s.c.size > 3).order_by(s.c.name))(sa.select(person.c.name, sa.func.length(person.c.name).label('size')).subquery())",
                "(lambda c: sa.select(c).where(c.c.n > 4).order_by(c.c.id))(sa.select(person.c.id, person.c.n).cte('chosen'))",
                "(lambda a: sa.select(person.c.name, a.c.name).join_from(person, a, a.c.id == person.c.id + 1).order_by(person.c.id))(person.alias('other'))",
                "(lambda a: sa.select(a.c.id, a.c.name).where(a.c.n == 5))(person.alias())",
                "(lambda c: sa.select(c.c.x))(sa.select(sa.literal(1).label('x')).cte('numbers', recursive=True))",
                "(lambda c: sa.select(c).order_by(c.c.x))((lambda c: c.union_all(sa.select(c.c.x + 1).where(c.c.x < 4)))(sa.select(sa.literal(1).label('x')).cte('numbers', recursive=True)))",
                "sa.select(person.c.id).where(person.c.id.in_(sa.select(pet.c.person_id).where(pet.c.called == 'Rex'))).order_by(person.c.id)",
                "sa.select(person.c.id, sa.select(sa.func.count(pet.c.id)).where(pet.c.person_id == person.c.id).label('pets')).order_by(person.c.id)",
                "sa.select(1, 2.5, sa.literal('a'), None)",
            )
            + ")"
        )

    def compound(self):
        one, two = (f"sa.select(person.c.id, person.c.name).where({self.pick('person.c.id < 3', 'person.c.n == 5', 'person.c.id > 2')})" for _ in range(2))
        text = self.pick(f"sa.union({one}, {two})", f"sa.union_all({one}, {two})", f"sa.except_({one}, {two})", f"sa.intersect({one}, {two})", f"{one}.union({two})", f"{one}.union_all({two}, {one})")
        return self.result(f"bind.execute({text}.order_by({self.pick(repr('id'), repr('name'), 'sa.text(' + repr('1') + ')', 'sa.desc(' + repr('id') + ')')}){self.pick('', '.limit(2)')})")

    def row(self):
        self.next += 1
        values = {"name": f"'p{self.next}'"}
        for name, options in (
            ("n", ["5", "None", "sa.literal(4) + 1", "sa.select(sa.func.max(person.c.n)).scalar_subquery()", "True"]), ("price", ["decimal.Decimal('3.25')", "1", "2.5", "None"]), ("at", ["datetime.datetime(2024, 5, 6, 7, 8, 9, 10)", "None", "sa.func.now() if False else None"]), ("day", ["datetime.date(2024, 5, 6)"]), ("data", ["b'\\x00\\xff'", "None"]), ("j", ["{'x': [1, None]}", "[]", "'text'", "None", "sa.JSON.NULL", "sa.null()", "5"]), ("flag", ["True", "False", "None", "1"]), ("kind", ["Kind.TWO", "'ONE'", "None"]), ("u", ["uuid.UUID(int=9)", "None"]),
        ):
            if self.chance(0.4):
                values[name] = self.r.choice(options)
        return values

    def shown(self, row):
        return "{" + ", ".join(f"{name!r}: {value}" for name, value in row.items()) + "}"

    def plain(self, row):
        return {name: value for name, value in row.items() if not value.startswith("sa.") or "JSON" in value}

    def insert(self):
        row = self.row()
        many = [self.plain({name: value for name, value in self.row().items() if name in row}) for _ in range(2)]
        names = [name for name in row if all(name in other for other in many)]
        rows = "[" + ", ".join(self.shown({name: other[name] for name in names}) for other in many) + "]"
        returning = self.pick("person.c.id", "person", "person.c.id, person.c.name", "person.c.name.label('called')", "sa.func.upper(person.c.name)", "person.c.j, person.c.kind")
        keywords = ", ".join(f"{name}={value}" for name, value in row.items())
        return self.pick(
            [f"result = bind.execute(person.insert().values({keywords}))", "print(result.inserted_primary_key, result.lastrowid, result.rowcount, result.is_insert, result.returns_rows)"],
            [f"result = bind.execute(sa.insert(person), {self.shown(self.plain(row))})", "print(result.inserted_primary_key, result.rowcount)"],
            [f"result = bind.execute(person.insert(), {rows})", "print(result.rowcount)"],
            [f"result = bind.execute(person.insert().values({rows}))", "print(result.rowcount)"],
            self.result(f"bind.execute(person.insert().values({keywords}).returning({returning}))"),
            self.result(f"bind.execute(person.insert().returning({returning}), {rows})"),
            self.result(f"bind.execute(person.insert().values({rows}).returning({returning}))"),
            self.result(f"bind.execute(person.insert().returning({returning}, sort_by_parameter_order=True), {rows})"),
            [f"print(bind.execute(person.insert().from_select(['name', 'n'], sa.select(person.c.name + '2', person.c.n).where({self.condition()}))).rowcount)"],
            [f"op.bulk_insert(person, {rows})"],
            [f"op.bulk_insert(bare, [{{'name': 'b{self.next}', 'n': 1}}, {{'name': 'c{self.next}'}}])"],
            [f"bind.execute(bare.insert(), [{{'name': 'b{self.next}', 'n': 1}}, {{'name': 'c{self.next}', 'n': None}}])"],
            [f"op.execute(person.insert().values({keywords}))"],
            [f"print(bind.execute(sqlite.insert(person).values(id={self.pick(1, 2, 77)}, name='again').{self.pick('on_conflict_do_nothing()', 'on_conflict_do_nothing(index_elements=[' + repr('id') + '])', 'on_conflict_do_update(index_elements=[person.c.id], set_={' + repr('n') + ': 99})', 'on_conflict_do_update(index_elements=[' + repr('id') + '], set_=dict(name=' + repr('up') + '), where=person.c.n == 5)')}).rowcount)"],
            ["(lambda i: print(bind.execute(i.on_conflict_do_update(index_elements=['id'], set_={'name': i.excluded.name + '+'}).returning(person.c.name)).all()))(sqlite.insert(person).values(id=1, name='new'))"],
            ["print(bind.execute(pet.insert().values(person_id=2, called='Rex', weight=1).prefix_with('OR IGNORE')).rowcount)"],
            ["bind.execute(pet.insert().values())"],
            ["print(bind.execute(pet.insert().returning(pet.c.id, pet.c.called), [{'called': 'm1'}, {'called': 'm2'}, {'called': 'm3'}]).all())"],
            ["bind.execute(person.insert().values(name=None))"],
            ["bind.execute(person.insert().values(nothing=1))"],
            ["bind.execute(person.insert(), [{'name': 'x'}, {'n': 1}])"],
        )

    def update(self):
        sets = self.pick("n=8", "n=person.c.n + 1", "name=sa.func.upper(person.c.name)", "{'name': 'renamed'}", "{person.c.n: 3}", "j={'new': 1}", "flag=False, kind=Kind.TWO", "price=decimal.Decimal('9.99')", "at=datetime.datetime(2020, 1, 2)", "n=sa.select(sa.func.count(pet.c.id)).where(pet.c.person_id == person.c.id).scalar_subquery()", "n=sa.case((person.c.n > 5, 1), else_=2)", "j=sa.JSON.NULL", "u=uuid.UUID(int=4)", "n=None")
        text = f"person.update().where({self.condition()}).values({sets})"
        return self.pick(
            [f"print(bind.execute({text}).rowcount)"],
            [f"print(bind.execute({text}).rowcount)"],
            self.result(f"bind.execute({text}.returning(person.c.id, person.c.n))"),
            [f"op.execute({text})"],
            ["print(bind.execute(person.update().where(person.c.id == sa.bindparam('key')).values(n=sa.bindparam('new')), [{'key': 1, 'new': 5}, {'key': 2, 'new': 6}]).rowcount)"],
            ["bind.execute(person.update().where(person.c.id == sa.bindparam('key')), [{'key': 1, 'name': 'q1'}, {'key': 2, 'name': 'q2'}])"],
            ["print(bind.execute(sa.update(person).values(n=pet.c.id).where(pet.c.person_id == person.c.id, pet.c.called == 'Ivy')).rowcount)"],
            ["bind.execute(person.update().ordered_values((person.c.n, 1), (person.c.name, 'o')).where(person.c.id == 1))"],
            ["bind.execute(person.update().values(nothing=1))"],
            ["bind.execute(person.update().where(person.c.id == 2), {'n': 4})"],
        )

    def delete(self):
        return self.pick(
            [f"print(bind.execute(person.delete().where(sa.and_(person.c.id > 10, {self.condition()}))).rowcount)"],
            self.result("bind.execute(sa.delete(person).where(person.c.id > 11).returning(person.c.id, person.c.name))"),
            ["print(bind.execute(pet.delete().where(pet.c.person_id == person.c.id, person.c.n == 5)).rowcount)"],
            ["print(bind.execute(pet.delete().where(pet.c.id == sa.bindparam('key')), [{'key': 98}, {'key': 99}]).rowcount)"],
            ["op.execute(pet.delete().where(pet.c.weight.is_(None)))"],
        )

    def text(self):
        return self.pick(
            self.result("bind.execute(sa.text('SELECT id, name FROM person WHERE id > :low ORDER BY id'), {'low': 1})"),
            self.result("bind.execute(sa.text('SELECT id, name FROM person WHERE id IN :ids ORDER BY id').bindparams(sa.bindparam('ids', [1, 2], expanding=True)))"),
            self.result("bind.execute(sa.text('SELECT at, j, kind FROM person WHERE id = :id').bindparams(id=1).columns(at=sa.DateTime, j=sa.JSON))"),
            self.result("bind.execute(sa.text('SELECT id FROM person WHERE name = :name').bindparams(sa.bindparam('name', type_=sa.String)), {'name': 'Ann'})"),
            self.result("bind.execute(sa.text(\"SELECT '\\\\:x' AS a, 5 % 3 AS b\"))"),
            self.result("bind.exec_driver_sql('SELECT id, name FROM person WHERE id = ?', (1,))"),
            self.result("bind.execute(sa.text('SELECT id, id FROM person ORDER BY id'))"),
            ["print(bind.execute(sa.text('UPDATE person SET n = :n WHERE id = :id'), [{'n': 1, 'id': 1}, {'n': 2, 'id': 2}]).rowcount)"],
            ["print(bind.scalar(sa.text('SELECT count(*) FROM person')), bind.scalars(sa.text('SELECT id FROM person ORDER BY id')).all())"],
            ["bind.execute(sa.text('SELECT * FROM nowhere'))"],
            ["bind.execute(sa.text('SELECT :missing'))"],
            ["(lambda s: print(bind.execute(sa.select(s.c.id, person.c.name).join_from(s, person, s.c.id == person.c.id)).all()))(sa.text('SELECT id FROM person WHERE id < 3').columns(sa.column('id', sa.Integer)).subquery('t'))"],
            ["row = bind.execute(sa.text('SELECT id, name FROM person ORDER BY id')).first()", "print(row.id, row.name, row[1], row._mapping['name'], dict(row._mapping), row == (1, 'Ann'), row._fields)"],
            ["result = bind.execute(person.select())", "print(result.keys(), result.returns_rows, result.rowcount)", "result.close()"],
            ["print(bind.execute(sa.select(person.c.id)).scalars().one())"],
            ["with bind.begin_nested():", "    bind.execute(pet.insert().values(called='in'))", "print(bind.execute(sa.select(sa.func.count()).select_from(pet)).scalar_one() > 0)"],
            [f"print({self.pick('sa.inspect(bind).get_table_names()', 'sa.inspect(bind).has_table(' + repr('pet') + ')', '[c[' + repr('name') + '] for c in sa.inspect(bind).get_columns(' + repr('person') + ')]')})"],
        )

    def compiled(self):
        statement = self.pick(f"sa.select({self.columns()}).where({self.condition()})", f"person.update().where({self.condition()}).values(n=1)", f"({self.condition()})")
        return [f"print({statement}{self.pick('', '.compile(dialect=sqlite.dialect())', '.compile(bind)', '.compile(dialect=sqlite.dialect(), compile_kwargs=dict(literal_binds=True))')})"]

    def item(self):
        return self.r.choices([self.select, self.grouped, self.joined, self.nested, self.compound, self.insert, self.update, self.delete, self.text, self.compiled], [30, 8, 10, 10, 6, 18, 10, 4, 8, 8])[0]()


def project(seed, directory):
    core = Core(seed)
    (directory / "migrations" / "versions").mkdir(parents=True)
    (directory / "alembic.ini").write_text(INI)
    (directory / "migrations" / "env.py").write_text(ENV)
    items, lines = [], []
    for number in range(ITEMS):
        item = core.item()
        items.append(item)
        lines += [f'    print("-- item {number}")', "    try:", "        with bind.begin_nested():", *("            " + line for line in item), "    except Exception as error:", f"        failed({number}, error)"]
    lines += ['    print("-- item rows")', "    print(*bind.execute(person.select().order_by(person.c.id)), sep='\\n')", "    print(*bind.execute(pet.select().order_by(pet.c.id)), sep='\\n')"]
    (directory / "migrations" / "versions" / "a1_random.py").write_text(HEAD + "\n".join(lines) + "\n    print('-- item end')\n")
    return items


def parts(text):
    found = re.split(r"^-- item (\w+)\n", text, flags=re.M)
    answer = {"start": found[0]}
    answer.update({name: ADDRESS.sub("0x", body) for name, body in zip(found[1::2], found[2::2])})
    return answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("limbeck")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--python", default=os.environ.get("LIMBECK_ORACLE_PYTHON", sys.executable))
    parser.add_argument("--most", type=int, default=30, help="stop after so many differences")
    options = parser.parse_args()
    program = str(Path(options.limbeck).resolve())
    oracle = Oracle(options.python)
    bad = asked = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(options.first, options.first + options.count):
            answers = []
            for run in (oracle.run, lambda place, words: limbeck(program, place, words)):
                place = Path(scratch) / "project"
                shutil.rmtree(place, ignore_errors=True)
                items = project(seed, place)
                answers.append(run(place, ["upgrade", "head"]))
            want, got = answers
            one, other = parts(want["stdout"]), parts(got["stdout"])
            asked += len(items)
            failed += sum("-- failed" in body for body in one.values())
            if "end" not in one:
                print(f"seed {seed}: the reference stops\n{want['stderr'][-600:]}")
                bad += 1
            for name in one:
                if one[name] == other.get(name):
                    continue
                bad += 1
                print(f"seed {seed}: " + ("\n".join(items[int(name)]) if name.isdigit() else name))
                if name not in other:
                    print(got["stderr"][-500:])
                    break
                print("\n".join(list(difflib.unified_diff(one[name].splitlines(), other[name].splitlines(), "alembic", "limbeck", lineterm="", n=0))[2:12]), "\n")
            if bad >= options.most:
                break
    print(f"{asked} items, {failed} fail in the reference, {bad} differ")
    # Items that all fail would compare messages only.
    return 1 if bad or failed * 2 > asked else 0


if __name__ == "__main__":
    sys.exit(main())
