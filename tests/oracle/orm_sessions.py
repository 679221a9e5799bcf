"""Random mapped classes with relationships, and random work of a session on them inside a migration,
run by real Alembic and by Limbeck: exit status, what the migration printed (values, states, the
exceptions that it caught) and the rows of all tables must be equal.

    python orm_sessions.py LIMBECK [FIRST_SEED [HOW_MANY]] [--keep FOLDER]

LIMBECK is the native program. Prints each difference and ends with status 1 if there was one.
"""

import io
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import warnings

ENV = '''
from alembic import context
from sqlalchemy import create_engine

engine = create_engine("sqlite:///app.db")
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
'''

INI = "[alembic]\nscript_location = alembic\npath_separator = os\n"

HEAD = '''"""a random session"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import event, orm
from sqlalchemy.orm import backref, relationship

revision = "one"
down_revision = None

engine = sa.create_engine("sqlite:///work.db")

%(base)s


class Named:
    def __repr__(self):
        # Not the name, which may be expired: that would show which attributes were loaded when.
        identity = sa.inspect(self).identity
        return "%%s(%%s)" %% (type(self).__name__, "new" if identity is None else identity[0])


%(models)s

objects = {}


def keep(obj):
    objects.setdefault(type(obj).__name__.rstrip("23"), []).append(obj)
    return obj


def pick(name, number):
    """One of the objects that were made, unless its row is gone or about to go."""
    found = [
        obj for obj in objects.get(name, ())
        if not sa.inspect(obj).was_deleted
        and not (orm.object_session(obj) and obj in orm.object_session(obj).deleted)
    ]
    return found[number %% len(found)] if found else None


def shown(value):
    if isinstance(value, (set, frozenset)):
        return sorted(repr(item) for item in value)
    if isinstance(value, dict):
        return sorted((str(key), repr(item)) for key, item in value.items())
    if hasattr(value, "all"):
        return [shown(item) for item in value.all()]
    return value


def state(obj):
    found = sa.inspect(obj)
    names = ("transient", "pending", "persistent", "deleted", "detached")
    return [name for name in names if getattr(found, name)]


def rows(connection):
    for table in Base.metadata.sorted_tables:
        keys = [column for column in table.c]
        print("   ", table.name, connection.execute(sa.select(*keys).order_by(*keys)).all())


def upgrade():
    Base.metadata.create_all(%(bind)s)
    session = %(session)s

    def bind():
        return %(connection)s

%(listeners)s

    def step(number, work):
        try:
            result = work()
        except Exception as error:
            print(number, type(error).__name__, "|".join(str(error).split("\\n")%(lines)s))
            %(after)s
        else:
            if result is not None:
                print(number, shown(result))

%(steps)s
    try:
        session.commit()
    except Exception as error:
        print("commit", type(error).__name__)
        session.rollback()
    rows(bind())
    session.close()


def downgrade():
    pass
'''


class Generator:
    """One random migration."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.style2 = self.rng.random() < 0.4
        self.events = []
        self.steps = []
        self.number = 0

    def chance(self, probability):
        return self.rng.random() < probability

    def choose(self, *items):
        return self.rng.choice(items)

    # Models

    def column(self, name, kind, *extra):
        arguments = ", ".join([kind] + [item for item in extra if item])
        if self.style2:
            return "    %s = orm.mapped_column(%s)" % (name, arguments)
        return "    %s = sa.Column(%s)" % (name, arguments)

    def models(self):
        rng = self.rng
        self.two_way = self.choose("back_populates", "back_populates", "backref", "none", "one")
        cascade = self.choose(None, None, "all", "all, delete-orphan", "save-update, merge, delete", "merge")
        self.lazy = self.choose("select", "select", "select", "joined", "selectin", "subquery", "dynamic")
        self.orphans = cascade is not None and "orphan" in cascade
        self.single_child = self.chance(0.12)
        if self.single_child and self.lazy == "dynamic":
            self.lazy = "select"
        self.ordered = self.chance(0.4)
        self.required = self.chance(0.25)
        self.collection = self.choose("list", "list", "list", "set") if self.lazy != "dynamic" else "list"
        lines = ["class Parent(Named, Base):", '    __tablename__ = "parent"']
        lines.append(self.column("id", "sa.Integer", "primary_key=True"))
        lines.append(self.column("name", "sa.String(20)", self.choose("", "unique=True", "nullable=False")))
        lines.append(self.column("score", "sa.Integer", self.choose("", "default=5", 'server_default="7"')))
        options = []
        if self.two_way == "back_populates":
            options.append('back_populates="parent"')
        elif self.two_way == "backref":
            options.append(self.choose('backref="parent"', 'backref=backref("parent")'))
        if cascade is not None:
            options.append("cascade=%r" % cascade)
        if self.lazy != "select":
            options.append("lazy=%r" % self.lazy)
        if self.ordered and not self.single_child:
            options.append('order_by="Child.name"')
        if self.single_child:
            options.append("uselist=False")
        elif self.collection == "set":
            options.append("collection_class=set")
        if self.chance(0.1):
            deletes = cascade is not None and ("all" in cascade or "delete" in cascade)
            options.append("passive_deletes=%s" % ("True" if deletes else self.choose("True", '"all"')))
        if self.two_way != "one":
            lines.append("    children = relationship(%s)" % ", ".join(['"Child"'] + options))
        self.m2m = self.chance(0.6)
        if self.m2m:
            tags = ['"Tag"', "secondary=links"]
            self.tag_back = self.choose("backref", "none", "populates")
            if self.tag_back == "backref":
                tags.append('backref="parents"')
            elif self.tag_back == "populates":
                tags.append('back_populates="parents"')
            if self.chance(0.5):
                tags.append('order_by="Tag.name"')
            if self.chance(0.2):
                tags.append("lazy=%r" % self.choose("selectin", "joined"))
            lines.append("    tags = relationship(%s)" % ", ".join(tags))
        lines += ["", "", "class Child(Named, Base):", '    __tablename__ = "child"']
        lines.append(self.column("id", "sa.Integer", "primary_key=True"))
        lines.append(self.column("name", "sa.String(20)", self.choose("", 'default=lambda: "dflt"')))
        lines.append(self.column("touched", "sa.Integer", "default=0", self.choose("", "onupdate=9", "onupdate=lambda: 8")))
        self.deferred = self.chance(0.25)
        if self.deferred:
            lines.append("    note = orm.deferred(sa.Column(sa.Text))")
        else:
            lines.append(self.column("note", "sa.Text"))
        lines.append(self.column("parent_id", 'sa.ForeignKey("parent.id")', "nullable=False" if self.required else ""))
        if self.two_way == "back_populates":
            lines.append('    parent = relationship("Parent", back_populates="children")')
        elif self.two_way in ("none", "one"):
            lines.append('    parent = relationship("Parent"%s)' % (', overlaps="children"' if self.two_way == "none" else ""))
        if self.chance(0.25):
            lines += ["", '    @orm.validates("name")', "    def check(self, key, value):",
                      '        if value == "bad":', '            raise ValueError("a bad name")',
                      "        return value and value.upper()"]
        self.single = self.chance(0.3)
        self.joined = not self.single and self.chance(0.4)
        if self.single or self.joined:
            lines.insert(lines.index("class Child(Named, Base):") + 2, self.column("kind", "sa.String(10)"))
            lines.insert(lines.index("class Child(Named, Base):") + 3,
                         '    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "child"}')
            for name in ("Child2", "Child3"):
                lines += ["", "", "class %s(Child):" % name]
                if self.joined:
                    lines.append('    __tablename__ = "%s"' % name.lower())
                    lines.append(self.column("id", 'sa.ForeignKey("child.id")', "primary_key=True"))
                lines.append(self.column("extra%s" % name[-1], "sa.Integer"))
                lines.append('    __mapper_args__ = {"polymorphic_identity": "%s"}' % name.lower())
        if self.m2m:
            table = ['links = sa.Table("links", Base.metadata,',
                     '    sa.Column("parent_id", sa.ForeignKey("parent.id"), primary_key=True),',
                     '    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True))', "", ""]
            lines = table + lines + ["", "", "class Tag(Named, Base):", '    __tablename__ = "tag"']
            lines.append(self.column("id", "sa.Integer", "primary_key=True"))
            lines.append(self.column("name", "sa.String(20)"))
            if self.tag_back == "populates":
                lines.append('    parents = relationship("Parent", secondary=links, back_populates="tags")')
        self.tree = self.chance(0.4)
        if self.tree:
            lines += ["", "", "class Node(Named, Base):", '    __tablename__ = "node"']
            lines.append(self.column("id", "sa.Integer", "primary_key=True"))
            lines.append(self.column("name", "sa.String(20)"))
            lines.append(self.column("up_id", 'sa.ForeignKey("node.id")'))
            cascade = self.choose("", ', cascade="all"', ', cascade="all, delete-orphan"')
            lines.append('    below = relationship("Node"%s, backref=backref("up", remote_side="Node.id"))' % cascade)
        return "\n".join(lines)

    def listeners(self):
        lines = []
        if self.chance(0.25):
            for name in self.rng.sample(["before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete"], 3):
                target = self.choose("Parent", "Child")
                lines += ['@event.listens_for(%s, "%s", propagate=True)' % (target, name),
                          "def %s_%s(mapper, connection, target):" % (name, target.lower()),
                          '    print("   %s", target)' % name]
                if name == "before_insert" and self.chance(0.5):
                    lines.append('    target.name = "from event"')
        if self.chance(0.15) and self.two_way != "one" and self.lazy != "dynamic" and not self.single_child:
            for name in ("append", "remove"):
                lines += ['@event.listens_for(Parent.children, "%s")' % name,
                          "def children_%s(target, value, initiator):" % name,
                          '    print("   %s", target, value)' % name]
        if self.chance(0.15):
            lines += ['@event.listens_for(Parent.name, "set", retval=True)',
                      "def name_set(target, value, oldvalue, initiator):",
                      '    print("   set", value, oldvalue)',
                      "    return value"]
        if self.chance(0.15):
            for name in self.rng.sample(["before_flush", "after_flush", "before_commit", "after_commit", "after_rollback", "after_begin"], 2):
                lines += ['@event.listens_for(session, "%s")' % name, "def session_%s(*given):" % name,
                          '    print("   %s")' % name]
        return textwrap.indent("\n".join(lines), "    ")

    # Work

    def one(self, name):
        return "pick(%r, %d)" % (name, self.rng.randrange(6))

    def name(self):
        return repr(self.choose("a", "b", "c", "d", "e", "bad", "Z") + self.choose("", "", "1", "2"))

    def child_class(self):
        if self.single or self.joined:
            return self.choose("Child", "Child2", "Child3")
        return "Child"

    def new_child(self, parent=True):
        class_ = self.child_class()
        values = ["name=%s" % self.name()]
        if class_ != "Child":
            values.append("extra%s=%d" % (class_[-1], self.rng.randrange(9)))
        if parent and self.chance(0.4):
            values.append(self.choose("parent=%s" % self.one("Parent"), "parent_id=%d" % self.rng.randrange(1, 5)))
        if self.chance(0.2):
            values.append("note='n'")
        return "keep(%s(%s))" % (class_, ", ".join(values))

    def new_parent(self):
        values = ["name=%s" % self.name()]
        if self.chance(0.2):
            values.append("id=%d" % self.rng.randrange(1, 9))
        if self.chance(0.2):
            values.append("score=%s" % self.choose("1", "None"))
        if self.two_way != "one" and self.chance(0.5):
            if self.single_child:
                values.append("children=" + self.new_child(False))
            else:
                items = ", ".join(self.new_child(False) for _ in range(self.rng.randrange(2 if self.collection == "set" else 3)))
                if self.collection == "set":
                    values.append("children={%s}" % items if items else "children=set()")
                else:
                    values.append("children=[%s]" % items)
        if self.m2m and self.chance(0.3):
            values.append("tags=[%s]" % ", ".join("keep(Tag(name=%s))" % self.name() for _ in range(self.rng.randrange(3))))
        return "keep(Parent(%s))" % ", ".join(values)

    def classes(self):
        found = ["Parent", "Child"]
        if self.m2m:
            found.append("Tag")
        if self.tree:
            found.append("Node")
        return found

    def relationships(self):
        """(class, attribute, class at the other end, kind)"""
        found = []
        if self.two_way != "one":
            kind = "scalar" if self.single_child else self.collection
            if self.lazy == "dynamic":
                kind = "dynamic"
            found.append(("Parent", "children", "Child", kind))
        found.append(("Child", "parent", "Parent", "scalar"))
        if self.m2m:
            found.append(("Parent", "tags", "Tag", "list"))
            if self.tag_back != "none":
                found.append(("Tag", "parents", "Parent", "list"))
        if self.tree:
            found += [("Node", "below", "Node", "list"), ("Node", "up", "Node", "scalar")]
        return found

    def change_relationship(self):
        class_, key, other, kind = self.rng.choice(self.relationships())
        owner, item = self.one(class_), self.one(other)
        lines = ["it, other = %s, %s" % (owner, item)]
        if class_ == other:
            lines.append("assert it is not other")
        if kind == "scalar":
            lines.append(self.choose("it.%s = other", "it.%s = other", "it.%s = None") % key)
        elif kind == "list":
            lines.append(self.choose(
                "it.%(k)s.append(other)", "it.%(k)s.append(other)", "it.%(k)s = [other]", "it.%(k)s = []",
                "it.%(k)s.clear()", "it.%(k)s.insert(0, other)", "it.%(k)s.extend([other])",
                "it.%(k)s and it.%(k)s.pop()", "other in it.%(k)s and it.%(k)s.remove(other)",
                "it.%(k)s[:] = [other]", "it.%(k)s += [other]", "it.%(k)s = list(reversed(it.%(k)s))",
            ) % {"k": key})
        elif kind == "set":
            lines.append(self.choose("it.%(k)s.add(other)", "it.%(k)s.discard(other)", "it.%(k)s = {other}",
                                     "it.%(k)s.clear()", "it.%(k)s |= {other}") % {"k": key})
        else:
            lines.append(self.choose("it.%(k)s.append(other)", "it.%(k)s.remove(other)", "it.%(k)s = [other]") % {"k": key})
        return lines

    def read(self):
        class_, key, other, kind = self.rng.choice(self.relationships())
        return self.choose(
            ["it = %s" % self.one(class_), "return it.%s" % key],
            ["it = %s" % self.one(class_), "return it.%s" % key],
            ["it = %s" % self.one(class_), "return it and state(it)"],
            ["it = %s" % self.one(class_), "return it in session"],
            ["return len(session.new), len(session.dirty), len(session.deleted)"],
            ["it = %s" % self.one(class_), "return sa.inspect(it).attrs.name.history"],
            ["it = %s" % self.one("Child"), "return it.name, it.touched, it.note, it.parent_id"],
            ["it = %s" % self.one("Parent"), "return it.id, it.name, it.score"],
            ["it = %s" % self.one(class_), "return session.is_modified(it)"],
        )

    def query(self):
        owner = self.one("Parent")
        child = self.child_class()
        choices = [
            "session.query(Parent).order_by(Parent.id).all()",
            "session.query(%s).order_by(Child.id).all()" % child,
            "session.query(Child).filter_by(parent=%s).order_by(Child.id).all()" % owner,
            "session.query(Child).filter(Child.parent == %s).count()" % owner,
            "session.query(Child).filter(Child.parent != None).count()",
            "session.query(Child.name, Parent.name).join(Child.parent).order_by(Child.id).all()",
            "session.query(Child, Parent).outerjoin(Parent, Child.parent_id == Parent.id).order_by(Child.id).all()",
            "session.query(Child).join(Parent).filter(Parent.name == %s).order_by(Child.id).all()" % self.name(),
            "session.query(Child).filter(Child.parent.has(name=%s)).order_by(Child.id).all()" % self.name(),
            "session.query(sa.func.count(Child.id), Child.parent_id).group_by(Child.parent_id).order_by(Child.parent_id).all()",
            "session.query(Parent.name).distinct().order_by(Parent.name).all()",
            "session.query(Parent).order_by(Parent.id.desc()).first()",
            "session.query(Parent).order_by(Parent.id)[1:3]",
            "session.query(Parent).filter_by(name=%s).one_or_none()" % self.name(),
            "session.query(Parent).filter_by(name=%s).one()" % self.name(),
            "session.query(Parent.id).filter_by(name=%s).scalar()" % self.name(),
            "session.get(Parent, %d)" % self.rng.randrange(6),
            "session.get(%s, %d)" % (child, self.rng.randrange(6)),
            "session.scalars(sa.select(Parent).order_by(Parent.name, Parent.id)).unique().all()",
            "session.scalars(sa.select(Child).join(Child.parent).where(Parent.id > 1).order_by(Child.id)).all()",
            "session.execute(sa.select(Parent.id, Child.name).join_from(Parent, Child, isouter=True).order_by(Parent.id, Child.id)).all()",
            "session.execute(sa.select(Child).options(orm.load_only(Child.name)).order_by(Child.id)).scalars().all()",
            "session.scalars(sa.select(Child).options(orm.joinedload(Child.parent)).order_by(Child.id)).all()",
            "[x.parent for x in session.query(Child).options(orm.selectinload(Child.parent)).order_by(Child.id)]",
            "[x.parent for x in session.query(Child).join(Child.parent).options(orm.contains_eager(Child.parent)).order_by(Child.id)]",
            "session.query(Parent).filter(Parent.id.in_(session.query(Child.parent_id))).order_by(Parent.id).all()",
            "session.query(Parent).filter(sa.exists().where(Child.parent_id == Parent.id)).order_by(Parent.id).all()",
            "session.query(Child).filter(Child.id < 3).union(session.query(Child).filter(Child.id > 2)).order_by(Child.id).all()",
            "session.query(Parent).from_statement(sa.text('select * from parent order by id')).all()",
            "session.query(orm.aliased(Parent)).count()",
            "session.scalar(sa.select(sa.func.count()).select_from(Child))",
            "session.execute(sa.text('select count(*) from child')).scalar()",
        ]
        if self.two_way != "one":
            if not self.single_child:
                choices += [
                    "session.query(Parent).filter(Parent.children.any(Child.name == %s)).order_by(Parent.id).all()" % self.name(),
                    "session.query(Parent).filter(~Parent.children.any()).order_by(Parent.id).all()",
                    "session.query(Parent).filter(Parent.children.contains(%s)).order_by(Parent.id).all()" % self.one("Child"),
                ]
            choices += [
                "session.query(Child).filter(orm.with_parent(%s, Parent.children)).order_by(Child.id).all()" % owner,
                "session.query(Parent, Child).join(Parent.children).order_by(Parent.id, Child.id).all()",
                "session.query(Parent).join(Parent.children).filter_by(name=%s).order_by(Parent.id).all()" % self.name(),
            ]
            if self.lazy != "dynamic":
                choices.append("[shown(x.children) for x in session.query(Parent).options(orm.%s(Parent.children)).order_by(Parent.id)]"
                               % self.choose("joinedload", "selectinload", "subqueryload", "lazyload"))
        if self.m2m:
            choices += [
                "session.query(Parent).filter(Parent.tags.any(name=%s)).order_by(Parent.id).all()" % self.name(),
                "session.query(Parent.id, Tag.name).join(Parent.tags).order_by(Parent.id, Tag.id).all()",
                "[x.tags for x in session.query(Parent).options(orm.selectinload(Parent.tags)).order_by(Parent.id)]",
            ]
        if self.tree:
            choices += [
                "[(x, x.up) for x in session.query(Node).order_by(Node.id)]",
                "session.query(Node).filter(Node.up == None).order_by(Node.id).all()",
                "session.query(Node).filter(Node.below.any(name=%s)).order_by(Node.id).all()" % self.name(),
            ]
        return ["return " + self.rng.choice(choices)]

    def bulk(self):
        name = self.name()
        return self.choose(
            ["return session.query(Child).filter(Child.name == %s).update({'note': %s}%s)" % (
                self.name(), name, self.choose("", ", synchronize_session=False", ", synchronize_session='fetch'"))],
            ["return session.query(Child).filter(Child.id == %d).delete(%s)" % (
                self.rng.randrange(6), self.choose("", "synchronize_session=False", "'fetch'"))],
            ["session.execute(sa.update(Parent).where(Parent.id == %d).values(name=%s))" % (self.rng.randrange(6), name)],
            ["return session.execute(sa.update(Child).values(note=%s).returning(Child.id, Child.note)).all()" % name],
            ["session.execute(sa.delete(%s).where(Child.id == %d))" % ("Child", self.rng.randrange(9))],
            ["session.bulk_insert_mappings(Parent, [{'name': %s, 'score': 3}, {'name': %s, 'nope': 1}])" % (name, self.name())],
            ["session.bulk_save_objects([Parent(name=%s), Parent(name=%s, score=2)])" % (name, self.name())],
            ["session.bulk_update_mappings(Parent, [{'id': %d, 'name': %s}])" % (self.rng.randrange(5), name)],
            ["session.execute(sa.insert(Parent), [{'name': %s}, {'name': %s}])" % (name, self.name())],
            ["return session.scalars(sa.insert(Parent).returning(Parent), [{'name': %s}, {'name': %s}]).all()" % (name, self.name())],
            ["bind().execute(sa.text(\"update parent set score = 77\"))"],
        )

    def manage(self):
        class_ = self.rng.choice(self.classes())
        it = self.one(class_)
        return self.choose(
            ["session.flush()"], ["session.commit()"], ["session.commit()"], ["session.rollback()"],
            ["session.expire_all()"], ["session.expire(%s)" % it], ["session.refresh(%s)" % it],
            ["session.expunge(%s)" % it], ["session.delete(%s)" % it], ["session.delete(%s)" % it],
            ["session.delete(%s)" % it], ["session.add(%s)" % it],
            ["keep(session.merge(%s))" % it],
            ["keep(session.merge(Parent(id=%d, name=%s)))" % (self.rng.randrange(1, 6), self.name())],
            ["with session.begin_nested():", "    session.add(%s)" % self.new_parent()],
            ["nested = session.begin_nested()", "session.add(%s)" % self.new_parent(), "session.flush()", "nested.rollback()"],
            ["with session.no_autoflush:", "    return session.query(Parent).count()"],
            ["session.expire(%s, ['name'])" % it],
        )

    def set_column(self):
        class_ = self.rng.choice(self.classes())
        it = self.one(class_)
        if class_ == "Child":
            return ["it = %s" % it, self.choose(
                "it.name = %s" % self.name(), "it.note = %s" % self.name(), "it.parent_id = %d" % self.rng.randrange(1, 5),
                "it.parent_id = None", "it.name = it.name", "it.touched = Child.touched + 1")]
        if class_ == "Parent":
            return ["it = %s" % it, self.choose("it.name = %s" % self.name(), "it.score = %d" % self.rng.randrange(9),
                                                "it.name = None", "it.score = Parent.score + 1", "it.score = None")]
        return ["it = %s" % it, "it.name = %s" % self.name()]

    def new(self):
        pick = self.rng.random()
        if pick < 0.45:
            made = self.new_parent()
        elif pick < 0.85:
            made = self.new_child()
        elif self.tree:
            made = "keep(Node(name=%s, below=[%s]))" % (self.name(), self.choose("", "keep(Node(name='leaf'))"))
        elif self.m2m:
            made = "keep(Tag(name=%s))" % self.name()
        else:
            made = self.new_parent()
        return ["session.add(%s)" % made] if self.chance(0.85) else [made]

    def add_step(self, lines):
        self.number += 1
        name = "work%d" % self.number
        self.steps.append("    def %s():\n%s\n\n    step(%d, %s)\n" % (
            name, textwrap.indent("\n".join(lines), " " * 8), self.number, name))

    def script(self):
        base = "class Base(orm.DeclarativeBase):\n    pass" if self.style2 else "Base = orm.declarative_base()"
        models = self.models()
        listeners = self.listeners()
        for _ in range(3):
            self.add_step(self.new())
        for name in self.classes():
            self.add_step(["session.add(keep(%s(name='first')))" % name])
        self.add_step(["session.commit()"])
        for _ in range(self.rng.choice([6, 10, 16, 24])):
            kinds = [self.new, self.change_relationship, self.change_relationship, self.change_relationship,
                     self.read, self.read, self.query, self.query, self.bulk, self.manage, self.manage, self.set_column]
            self.add_step(self.rng.choice(kinds)())
            if self.chance(0.15):
                self.add_step(["session.flush()", "rows(bind())"])
        # In Alembic's transaction, which a rollback ends, or on an engine, where a commit is one.
        engine = self.chance(0.6)
        bind = "engine" if engine else "op.get_bind()"
        session = self.choose("orm.Session(bind=%s)", "orm.Session(%s)", "orm.sessionmaker(bind=%s)()",
                              "orm.Session(%s, expire_on_commit=False)", "orm.Session(%s, autoflush=False)") % bind
        connection = "session.connection()" if engine else bind
        # Most migrations end with the first exception.
        after = "session.rollback()" if self.chance(0.3) else "raise"
        return HEAD % dict(after=after, bind=bind, connection=connection, base=base, models=models, listeners=listeners, session=session,
                           steps="\n".join(self.steps), lines="[:1]")


def project(folder, script):
    os.makedirs(os.path.join(folder, "alembic", "versions"))
    for name, text in (("alembic.ini", INI), ("alembic/env.py", ENV), ("alembic/versions/one.py", script)):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def tables(folder):
    found = {}
    for file in ("app.db", "work.db"):
        path = os.path.join(folder, file)
        if not os.path.exists(path):
            continue
        connection = sqlite3.connect(path)
        for (name,) in connection.execute("select name from sqlite_master where type = 'table' order by 1").fetchall():
            found[file, name] = sorted(map(repr, connection.execute('select * from "%s"' % name)))
        connection.close()
    return found


def folded(text):
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    # Which steps of a circle are named, and in which order, comes from a set.
    return re.sub(r"(Circular dependency detected\.).*", r"\1", text)


def last_error(text):
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "[", "(")) and "Warning" not in line]
    return lines[-1:]


def real(folder):
    """Real Alembic, in a child that has it loaded already."""
    out = os.path.join(folder, "real.out")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.chdir(folder)
            stdout, stderr = open(out, "w"), open(out + ".err", "w")
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            import traceback
            from alembic.config import main
            try:
                main(["upgrade", "head"])
                status = 0
            except SystemExit as error:
                status = error.code or 0
            except BaseException:
                traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, status = os.waitpid(child, 0)
    with open(out) as stdout, open(out + ".err") as stderr:
        return os.waitstatus_to_exitcode(status), stdout.read(), stderr.read(), tables(folder)


def limbeck(program, folder):
    done = subprocess.run([program, "upgrade", "head"], cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr, tables(folder)


def compare(program, seed, keep):
    script = Generator(seed).script()
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for name in ("real", "limbeck"):
            inside = os.path.join(folder, name)
            project(inside, script)
            results.append(real(inside) if name == "real" else limbeck(program, inside))
        one, other = results
        same = (
            one[0] == other[0] and folded(one[1]) == folded(other[1]) and one[3] == other[3]
            and (one[0] == 0 or last_error(folded(one[2])) == last_error(folded(other[2])))
        )
        if same:
            return True
        print("seed %d differs" % seed)
        for label, result in (("status", 0), ("printed", 1)):
            if one[result] != other[result]:
                before, after = folded(str(one[result])).splitlines(), folded(str(other[result])).splitlines()
                for place in range(max(len(before), len(after))):
                    left = before[place] if place < len(before) else "(end)"
                    right = after[place] if place < len(after) else "(end)"
                    if left != right:
                        print("  %s, line %d\n    Alembic: %s\n    Limbeck: %s" % (label, place + 1, left, right))
                        break
        if one[3] != other[3]:
            print("  rows differ")
        if other[0] != one[0]:
            print("  Limbeck's last words:", other[2].strip().splitlines()[-1:])
            print("  Alembic's last words:", one[2].strip().splitlines()[-1:])
        if keep:
            target = os.path.join(keep, str(seed))
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)
            for name, result in zip(("real", "limbeck"), results):
                with open(os.path.join(target, name + ".txt"), "w") as file:
                    file.write(folded(result[1]) + folded(result[2]))
        return False


def main(arguments):
    keep = None
    if "--keep" in arguments:
        place = arguments.index("--keep")
        keep = arguments[place + 1]
        del arguments[place:place + 2]
    program = os.path.abspath(arguments[0])
    first = int(arguments[1]) if len(arguments) > 1 else 1
    count = int(arguments[2]) if len(arguments) > 2 else 100
    import alembic.command
    import sqlalchemy.orm
    import sqlalchemy.dialects.sqlite
    equal = sum([compare(program, seed, keep) for seed in range(first, first + count)])
    print("%d of %d random sessions agree" % (equal, count))
    return 0 if equal == count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
