"""Random schema items, types, expressions and statements, with what SQLAlchemy makes of them.

    python ask.py SEED COUNT > cases.jsonl

Each line: {"kind": ..., "case": ..., "expected": {...}}. tests/sqlalchemy_core builds the same from the
description in Rust and compares.
"""

import json
import operator
import random
import sys
import warnings

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

warnings.simplefilter("ignore")

DIALECTS = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
}


def attempt(function):
    try:
        return function()
    except Exception as error:
        message = str(error)
        name = type(error).__name__
        if "object at 0x" in message:
            message = name
        return {"error": name, "message": message}


# ---------------------------------------------------------------- types

TYPES = []
for dialect_name, module in [("", sa), ("sqlite", sqlite), ("postgresql", postgresql), ("mysql", mysql)]:
    for name in sorted(dir(module)):
        value = getattr(module, name)
        if (
            isinstance(value, type)
            and issubclass(value, sa.types.TypeEngine)
            and not name.startswith("_")
            and "Abstract" not in name
            and name == value.__name__
            and (bool(dialect_name) == (".dialects." in value.__module__))
            and name
            not in ("TypeDecorator", "TupleType", "Variant", "PickleType", "NamedType", "HSTORE", "DOMAIN", "TypeEngine", "TableValueType", "UserDefinedType")
        ):
            TYPES.append((dialect_name, name))

WORDS = ["a", "name", "user_id", "Order", "select", "größe", "x y", "t1", "total", "group", "flag", "data", "id", "value", "key"]


def make_type(spec):
    dialect_name, name, args, kwargs = spec
    module = {"": sa, "sqlite": sqlite, "postgresql": postgresql, "mysql": mysql}[dialect_name]
    args = [make_type(a["type"]) if isinstance(a, dict) else a for a in args]
    return getattr(module, name)(*args, **kwargs)


def random_type(rng, simple=False):
    while True:
        dialect_name, name = rng.choice(TYPES) if not simple else ("", rng.choice(
            ["Integer", "String", "Text", "Boolean", "DateTime", "Date", "Numeric", "Float", "BigInteger", "SmallInteger", "JSON", "Uuid", "LargeBinary", "Enum", "Unicode", "VARCHAR", "CHAR", "Time", "Interval", "TIMESTAMP", "DOUBLE", "BLOB"]))
        args, kwargs = [], {}
        upper = name.upper()
        if "ENUM" == upper or upper == "SET":
            args = rng.sample(["a", "b", "long value", "it's", "d", "x%y"], rng.randint(1, 4))
            if upper == "ENUM":
                kwargs["name"] = rng.choice(["kind", "My Enum", "e"])
                if rng.random() < 0.3 and not dialect_name:
                    kwargs["native_enum"] = False
                if rng.random() < 0.3 and dialect_name != "mysql":
                    kwargs["create_constraint"] = True
                if rng.random() < 0.3 and not dialect_name:
                    kwargs["length"] = rng.randint(10, 40)
        elif upper == "ARRAY":
            args = [{"type": random_type(rng, True)}]
            if rng.random() < 0.4:
                kwargs["dimensions"] = rng.randint(1, 3)
        elif "CHAR" in upper or upper in ("STRING", "UNICODE", "TEXT", "UNICODETEXT", "CLOB"):
            if rng.random() < 0.7 and upper not in ("TINYTEXT", "MEDIUMTEXT", "LONGTEXT"):
                args = [rng.randint(1, 300)]
            if rng.random() < 0.2:
                kwargs["collation"] = rng.choice(["NOCASE", "utf8", "de_DE"])
            if dialect_name == "mysql" and rng.random() < 0.3:
                kwargs["charset"] = "latin1"
        elif upper in ("NUMERIC", "DECIMAL"):
            if rng.random() < 0.7:
                args = [rng.randint(1, 20)]
                if rng.random() < 0.6:
                    args.append(rng.randint(0, 5))
            if rng.random() < 0.2:
                kwargs["asdecimal"] = False
        elif upper in ("FLOAT", "DOUBLE", "REAL", "DOUBLE_PRECISION"):
            if rng.random() < 0.3:
                args = [rng.randint(1, 20)]
                if dialect_name == "mysql":
                    args.append(rng.randint(0, 5))
            if rng.random() < 0.2 and dialect_name != "mysql":
                kwargs["asdecimal"] = True
        elif upper in ("DATETIME", "TIME", "TIMESTAMP"):
            if rng.random() < 0.4 and dialect_name != "sqlite":
                kwargs["timezone"] = True
            if dialect_name == "postgresql" and rng.random() < 0.4:
                kwargs["precision"] = rng.randint(0, 6)
            if dialect_name == "mysql" and rng.random() < 0.4:
                kwargs["fsp"] = rng.randint(1, 6)
            if dialect_name == "sqlite" and upper != "DATE" and rng.random() < 0.3:
                kwargs["truncate_microseconds"] = True
        elif "INT" in upper and dialect_name == "mysql":
            if rng.random() < 0.4:
                kwargs["display_width"] = rng.randint(1, 11)
            if rng.random() < 0.4:
                kwargs["unsigned"] = True
        elif upper in ("LARGEBINARY", "BINARY", "VARBINARY", "BLOB", "BYTEA") and rng.random() < 0.5:
            args = [rng.randint(1, 50)]
        elif upper == "BOOLEAN":
            if rng.random() < 0.3:
                kwargs["create_constraint"] = True
                if rng.random() < 0.5:
                    kwargs["name"] = "ck_flag"
        elif upper == "JSON" and rng.random() < 0.3:
            kwargs["none_as_null"] = True
        elif upper == "UUID" and rng.random() < 0.4:
            kwargs["as_uuid"] = False
        elif upper == "BIT":
            args = [rng.randint(1, 8)]
        elif upper == "INTERVAL":
            if not dialect_name and rng.random() < 0.3:
                kwargs["second_precision"] = 3
            if not dialect_name and rng.random() < 0.3:
                kwargs["native"] = False
            if dialect_name == "postgresql" and rng.random() < 0.5:
                kwargs["precision"] = 3
        spec = [dialect_name, name, args, kwargs]
        try:
            make_type(spec)
        except Exception:
            continue
        return spec


def type_case(rng):
    spec = random_type(rng)
    kind = make_type(spec)
    expected = {"repr": repr(kind), "affinity": kind._type_affinity.__name__ if kind._type_affinity else None}
    for name, dialect in DIALECTS.items():
        expected[name] = attempt(lambda: kind.compile(dialect=dialect))
    expected["default"] = attempt(lambda: str(kind))
    return {"kind": "type", "case": spec, "expected": expected}


# ---------------------------------------------------------------- tables

DEFAULTS = [
    None, None, None, "0", "it's", "x",
    ["text", "CURRENT_TIMESTAMP"], ["text", "'abc'"], ["text", "(1 + 2)"], ["text", "datetime('now')"], ["text", "1 + 1"],
    ["func", "now", []], ["true"], ["false"], ["text", "-1"], ["func", "lower", [["v", "X"]]],
]


def random_table(rng, name, others):
    used = []
    columns = []
    for number in range(rng.randint(1, 6)):
        word = rng.choice([w for w in WORDS if w not in used])
        used.append(word)
        column = {"name": word, "type": random_type(rng, simple=True)}
        if number == 0 and rng.random() < 0.8:
            column["primary_key"] = True
            if rng.random() < 0.7:
                column["type"] = ["", "Integer", [], {}]
        elif rng.random() < 0.08:
            column["primary_key"] = True
        if rng.random() < 0.3:
            column["nullable"] = rng.random() < 0.5
        if rng.random() < 0.4:
            default = rng.choice(DEFAULTS)
            if default is not None:
                column["server_default"] = default
        if rng.random() < 0.15:
            column["unique"] = True
        if rng.random() < 0.15:
            column["index"] = True
        if rng.random() < 0.1:
            column["comment"] = "it's a comment"
        if rng.random() < 0.1:
            column["autoincrement"] = rng.choice([True, False])
        if rng.random() < 0.1 and "server_default" not in column and not column.get("primary_key"):
            column["computed"] = [rng.choice(["a + 1", "lower(name)"]), rng.choice([None, True, False])]
        if others and rng.random() < 0.25:
            target = rng.choice(others)
            column["type"] = ["", "Integer", [], {}]
            options = {}
            if rng.random() < 0.4:
                options["ondelete"] = rng.choice(["CASCADE", "SET NULL"])
            if rng.random() < 0.2:
                options["onupdate"] = "CASCADE"
            if rng.random() < 0.2:
                options["name"] = "fk_" + word.replace(" ", "_")
            if rng.random() < 0.1:
                options["deferrable"] = True
                options["initially"] = "DEFERRED"
            if rng.random() < 0.1:
                options["use_alter"] = True
            column["foreign_key"] = [f"{target['name']}.{target['columns'][0]['name']}", options]
        if rng.random() < 0.1:
            column["check"] = rng.choice(["x > 0", "length(name) < 10"])
        columns.append(column)
    table = {"name": name, "columns": columns, "constraints": [], "indexes": []}
    names = [c["name"] for c in columns]
    if rng.random() < 0.3:
        table["constraints"].append({"kind": "unique", "columns": rng.sample(names, rng.randint(1, len(names))), "name": rng.choice([None, "uq_x"])})
    if rng.random() < 0.3:
        table["constraints"].append({"kind": "check", "sqltext": rng.choice(["a > 0", "b in ('x', 'y')", "c like 'a%'"]), "name": rng.choice([None, "ck_x", "checked"])})
    if rng.random() < 0.15 and not any(c.get("primary_key") for c in columns):
        table["constraints"].append({"kind": "primary", "columns": rng.sample(names, rng.randint(1, len(names))), "name": rng.choice([None, "pk_x"])})
    if others and rng.random() < 0.2:
        target = rng.choice(others)
        count = min(len(names), len(target["columns"]), rng.randint(1, 2))
        table["constraints"].append({"kind": "foreign", "columns": rng.sample(names, count), "references": [f"{target['name']}.{c['name']}" for c in target["columns"][:count]], "name": rng.choice([None, "fk_x"]), "ondelete": rng.choice([None, "CASCADE"])})
    for number in range(rng.randint(0, 2)):
        index = {"name": rng.choice([f"ix_{number}_{name}", None, "IX Upper"]), "unique": rng.random() < 0.3, "options": {}}
        index["expressions"] = [rng.choice(names) if rng.random() < 0.8 else ["func", "lower", [["this", rng.choice(names)]]] for _ in range(rng.randint(1, 2))]
        if index["name"] is None and not isinstance(index["expressions"][0], str):
            index["name"] = "ix_named"
        if rng.random() < 0.3:
            index["options"]["sqlite_where"] = ["op", "gt", ["this", names[0]], ["v", 3]]
            index["options"]["postgresql_where"] = ["op", "gt", ["this", names[0]], ["v", 3]]
        table["indexes"].append(index)
    options = {}
    if rng.random() < 0.15:
        options["sqlite_autoincrement"] = True
    if rng.random() < 0.1:
        options["sqlite_with_rowid"] = False
    if rng.random() < 0.1:
        options["sqlite_strict"] = True
    if rng.random() < 0.1:
        options["mysql_engine"] = "InnoDB"
    table["options"] = options
    if rng.random() < 0.1:
        table["schema"] = "other"
    if rng.random() < 0.1:
        table["comment"] = "about it"
    if rng.random() < 0.1:
        table["prefixes"] = ["TEMPORARY"]
    return table


CONVENTIONS = [
    None, None,
    {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"},
    {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0N_name)s", "fk": "fk_%(column_0_N_label)s_%(referred_column_0_name)s", "pk": "pk_%(table_name)s_%(column_0_N_name)s"},
]


def build_table(spec, metadata):
    items = []
    for column in spec["columns"]:
        args = [column["name"], make_type(column["type"])]
        kwargs = {k: column[k] for k in ("primary_key", "nullable", "unique", "index", "comment", "autoincrement") if k in column}
        if "server_default" in column:
            default = column["server_default"]
            kwargs["server_default"] = default if isinstance(default, str) else make(default, {})
        if "computed" in column:
            args.append(sa.Computed(column["computed"][0], persisted=column["computed"][1]))
        if "foreign_key" in column:
            args.append(sa.ForeignKey(column["foreign_key"][0], **column["foreign_key"][1]))
        if "check" in column:
            args.append(sa.CheckConstraint(column["check"]))
        items.append(sa.Column(*args, **kwargs))
    for constraint in spec["constraints"]:
        kind, name = constraint["kind"], constraint["name"]
        if kind == "unique":
            items.append(sa.UniqueConstraint(*constraint["columns"], name=name))
        elif kind == "check":
            items.append(sa.CheckConstraint(constraint["sqltext"], name=name))
        elif kind == "primary":
            items.append(sa.PrimaryKeyConstraint(*constraint["columns"], name=name))
        else:
            items.append(sa.ForeignKeyConstraint(constraint["columns"], constraint["references"], name=name, ondelete=constraint["ondelete"]))
    table = sa.Table(spec["name"], metadata, *items, schema=spec.get("schema"), comment=spec.get("comment"), prefixes=spec.get("prefixes"), **spec["options"])
    for index in spec["indexes"]:
        scope = {"this": table}
        expressions = [e if isinstance(e, str) else make(e, scope) for e in index["expressions"]]
        options = {k: make(v, scope) for k, v in index["options"].items()}
        table.append_constraint(sa.Index(index["name"], *expressions, unique=index["unique"], **options))
    return table


def everything(metadata, name, verb):
    statements = []
    engine = sa.create_mock_engine(f"{name}://", lambda sql, *args, **kw: statements.append(str(sql.compile(dialect=engine.dialect))))
    getattr(metadata, verb)(engine, checkfirst=False)
    # The order of indexes, and of constraints that come by ALTER, is that of a set.
    shown = [json.dumps(s, ensure_ascii=False) for s in statements if "INDEX" not in s.split("(")[0]]
    return [s for s in shown if "ALTER" not in s] + sorted(s for s in shown if "ALTER" in s)


def table_case(rng):
    convention = rng.choice(CONVENTIONS)
    first = random_table(rng, rng.choice(["users", "Order", "items"]), [])
    first.pop("schema", None)
    second = random_table(rng, "child", [first])
    specs = [first, second]
    if rng.random() < 0.3:
        target = second["columns"][0]["name"]
        first["columns"].append({"name": "back", "type": ["", "Integer", [], {}], "foreign_key": [f"child.{target}", rng.choice([{}, {"name": "fk_back"}, {"name": "fk_back", "use_alter": True}])]})
        second.pop("schema", None)
    if rng.random() < 0.3:
        specs = [second, first]

    def run():
        metadata = sa.MetaData(naming_convention=convention)
        tables = [build_table(spec, metadata) for spec in specs]
        out = {"sorted": [t.key for t in metadata.sorted_tables]}
        for name, dialect in DIALECTS.items():
            out[name] = [attempt(lambda: str(CreateTable(t).compile(dialect=dialect))) for t in tables]
            out[name + "_indexes"] = [
                sorted((json.dumps(attempt(lambda: str(CreateIndex(i).compile(dialect=dialect))), ensure_ascii=False) for i in t.indexes))
                for t in tables
            ]
        for name in ("sqlite", "postgresql"):
            out[name + "_create_all"] = attempt(lambda: everything(metadata, name, "create_all"))
            out[name + "_drop_all"] = attempt(lambda: everything(metadata, name, "drop_all"))

        def moved():
            other = sa.MetaData()
            copies = [t.to_metadata(other) for t in tables]
            # The constraints of the copy come in the order of a set.
            return [attempt(lambda: sorted(str(CreateTable(t).compile(dialect=DIALECTS["sqlite"])).replace(", \n", "\n").split("\n"))) for t in copies]

        out["moved"] = attempt(moved)
        out["repr"] = [sorted(str(c.name) for c in t.constraints) for t in tables]
        return out

    return {"kind": "table", "case": {"convention": convention, "tables": specs}, "expected": attempt(run)}


# ---------------------------------------------------------------- expressions and statements

METADATA = sa.MetaData()
USERS = sa.Table(
    "users", METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50)),
    sa.Column("age", sa.Integer),
    sa.Column("active", sa.Boolean),
    sa.Column("created", sa.DateTime),
    sa.Column("balance", sa.Numeric(10, 2)),
    sa.Column("Group", sa.String),
)
POSTS = sa.Table(
    "posts", METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")),
    sa.Column("title", sa.String),
    sa.Column("score", sa.Float),
)
LIGHT = sa.table("lt", sa.column("x", sa.Integer), sa.column("y"))
SCOPE = {"users": USERS, "posts": POSTS, "lt": LIGHT}
COLUMNS = {
    "users": ["id", "name", "age", "active", "balance", "Group"],
    "posts": ["id", "user_id", "title", "score"],
    "lt": ["x", "y"],
}
NUMBERS = {"users": ["id", "age", "balance"], "posts": ["id", "user_id", "score"], "lt": ["x"]}
TEXTS = {"users": ["name", "Group"], "posts": ["title"], "lt": ["y"]}

BINARY = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "floordiv": lambda a, b: a // b, "mod": lambda a, b: a % b,
    # Python itself turns a comparison round when the right side's class is a subclass of the left's.
    "eq": lambda a, b: a.operate(operator.eq, b), "ne": lambda a, b: a.operate(operator.ne, b),
    "lt": lambda a, b: a.operate(operator.lt, b), "le": lambda a, b: a.operate(operator.le, b),
    "gt": lambda a, b: a.operate(operator.gt, b), "ge": lambda a, b: a.operate(operator.ge, b),
    "is": lambda a, b: a.is_(b), "is_not": lambda a, b: a.is_not(b),
    "like": lambda a, b: a.like(b), "not_like": lambda a, b: a.not_like(b), "ilike": lambda a, b: a.ilike(b),
    "startswith": lambda a, b: a.startswith(b), "endswith": lambda a, b: a.endswith(b), "contains": lambda a, b: a.contains(b),
    "concat": lambda a, b: a.concat(b), "distinct_from": lambda a, b: a.is_distinct_from(b),
    "bitand": lambda a, b: a.bitwise_and(b),
}


def make(node, scope):
    head, *rest = node
    if head == "v":
        return rest[0]
    if head == "this":
        return scope["this"].c[rest[0]]
    if head == "col":
        return scope[rest[0]].c[rest[1]]
    if head == "lit":
        return sa.literal(rest[0])
    if head == "text":
        return sa.text(rest[0])
    if head == "lcol":
        return sa.literal_column(rest[0])
    if head == "column":
        return sa.column(rest[0])
    if head == "null":
        return sa.null()
    if head == "true":
        return sa.true()
    if head == "false":
        return sa.false()
    if head == "func":
        return getattr(sa.func, rest[0])(*[make(a, scope) for a in rest[1]])
    if head == "op":
        return BINARY[rest[0]](make(rest[1], scope), make(rest[2], scope))
    if head == "and":
        return sa.and_(*[make(a, scope) for a in rest])
    if head == "or":
        return sa.or_(*[make(a, scope) for a in rest])
    if head == "not":
        return sa.not_(make(rest[0], scope))
    if head == "neg":
        return -make(rest[0], scope)
    if head == "in":
        left = make(rest[0], scope)
        return left.not_in(rest[1]) if rest[2] else left.in_(rest[1])
    if head == "insel":
        left = make(rest[0], scope)
        return left.in_(make_select(rest[1], scope))
    if head == "between":
        return make(rest[0], scope).between(make(rest[1], scope), make(rest[2], scope))
    if head == "label":
        return make(rest[0], scope).label(rest[1])
    if head == "cast":
        return sa.cast(make(rest[0], scope), make_type(rest[1]))
    if head == "coerce":
        return sa.type_coerce(make(rest[0], scope), make_type(rest[1]))
    if head == "case":
        return sa.case(*[(make(w, scope), make(t, scope)) for w, t in rest[0]], else_=make(rest[1], scope) if rest[1] else None)
    if head == "desc":
        return make(rest[0], scope).desc()
    if head == "asc":
        return make(rest[0], scope).asc()
    if head == "nulls_last":
        return make(rest[0], scope).nulls_last()
    if head == "collate":
        return make(rest[0], scope).collate(rest[1])
    if head == "distinct":
        return make(rest[0], scope).distinct()
    if head == "extract":
        return sa.extract(rest[0], make(rest[1], scope))
    if head == "custom":
        return make(rest[1], scope).op(rest[0])(make(rest[2], scope))
    if head == "exists":
        return make_select(rest[0], scope).exists()
    if head == "scalar":
        return make_select(rest[0], scope).scalar_subquery()
    if head == "tuple_in":
        return sa.tuple_(*[make(a, scope) for a in rest[0]]).in_([tuple(r) for r in rest[1]])
    if head == "over":
        return make(rest[0], scope).over(partition_by=[make(a, scope) for a in rest[1]] or None, order_by=[make(a, scope) for a in rest[2]] or None)
    if head == "ref":
        return rest[0]
    raise ValueError(head)


def make_from(node, scope):
    head, *rest = node
    if head == "table":
        return scope[rest[0]]
    if head == "alias":
        return scope[rest[0]].alias(rest[1])
    if head == "subquery":
        return make_select(rest[0], scope).subquery(rest[1])
    if head == "cte":
        return make_select(rest[0], scope).cte(rest[1])
    raise ValueError(head)


def make_select(spec, scope):
    scope = dict(scope)
    for name, node in spec.get("aliases", []):
        scope[name] = make_from(node, scope)
    if "union" in spec:
        parts = [make_select(s, scope) for s in spec["union"]]
        statement = getattr(sa, spec["how"])(*parts)
    else:
        statement = sa.select(*[make(c, scope) for c in spec["columns"]])
        for name in spec.get("from", []):
            statement = statement.select_from(scope[name])
        for name, on, outer in spec.get("joins", []):
            statement = statement.join(scope[name], make(on, scope) if on else None, isouter=outer)
        for condition in spec.get("where", []):
            statement = statement.where(make(condition, scope))
        if spec.get("group"):
            statement = statement.group_by(*[make(g, scope) for g in spec["group"]])
        for condition in spec.get("having", []):
            statement = statement.having(make(condition, scope))
        if spec.get("distinct"):
            statement = statement.distinct()
    if spec.get("order"):
        statement = statement.order_by(*[make(o, scope) for o in spec["order"]])
    if spec.get("limit") is not None:
        statement = statement.limit(spec["limit"])
    if spec.get("offset") is not None:
        statement = statement.offset(spec["offset"])
    return statement


def random_number(rng, names, depth):
    table = rng.choice(names)
    choice = rng.random()
    if depth <= 0 or choice < 0.35:
        return ["col", table, rng.choice(NUMBERS[table])]
    if choice < 0.65:
        return ["op", rng.choice(["add", "sub", "mul", "div", "mod", "floordiv"]), random_number(rng, names, depth - 1), ["v", rng.randint(-5, 99)] if rng.random() < 0.5 else random_number(rng, names, depth - 1)]
    if choice < 0.75:
        return ["func", rng.choice(["abs", "max", "coalesce", "count", "sum"]), [random_number(rng, names, depth - 1)]]
    if choice < 0.82:
        return ["neg", random_number(rng, names, depth - 1)]
    if choice < 0.9:
        return ["cast", random_number(rng, names, depth - 1), ["", rng.choice(["Integer", "Numeric", "String"]), [], {}]]
    if choice < 0.95:
        return ["case", [[random_truth(rng, names, depth - 1), random_number(rng, names, depth - 1)]], random_number(rng, names, depth - 1) if rng.random() < 0.5 else None]
    return ["lit", rng.randint(0, 9)]


def random_text(rng, names, depth):
    table = rng.choice(names)
    choice = rng.random()
    if depth <= 0 or choice < 0.5:
        return ["col", table, rng.choice(TEXTS[table])]
    if choice < 0.7:
        return ["func", rng.choice(["lower", "upper", "trim"]), [random_text(rng, names, depth - 1)]]
    if choice < 0.9:
        return ["op", rng.choice(["add", "concat"]), random_text(rng, names, depth - 1), ["v", rng.choice(["x", "it's", "a:b", "100%"])] if rng.random() < 0.5 else random_text(rng, names, depth - 1)]
    return ["collate", random_text(rng, names, depth - 1), "NOCASE"]


def random_truth(rng, names, depth):
    choice = rng.random()
    if depth > 0 and choice < 0.2:
        return [rng.choice(["and", "or"])] + [random_truth(rng, names, depth - 1) for _ in range(rng.randint(1, 3))]
    if depth > 0 and choice < 0.3:
        inner = random_truth(rng, names, depth - 1)
        return inner if inner[0] == "text" else ["not", inner]
    if choice < 0.5:
        return ["op", rng.choice(["eq", "ne", "lt", "le", "gt", "ge", "distinct_from"]), random_number(rng, names, depth - 1), ["v", rng.randint(0, 9)] if rng.random() < 0.6 else random_number(rng, names, depth - 1)]
    if choice < 0.58:
        return ["op", rng.choice(["eq", "ne", "is", "is_not"]), random_number(rng, names, depth - 1), ["v", None]]
    if choice < 0.66:
        return ["in", random_number(rng, names, depth - 1), [rng.randint(0, 5) for _ in range(rng.randint(0, 3))], rng.random() < 0.4]
    if choice < 0.72:
        return ["in", random_text(rng, names, depth - 1), [rng.choice(["a", "b'c"]) for _ in range(rng.randint(1, 3))], rng.random() < 0.4]
    if choice < 0.8:
        return ["op", rng.choice(["like", "not_like", "ilike", "startswith", "endswith", "contains"]), random_text(rng, names, depth - 1), ["v", rng.choice(["a%", "b_", "c"])]]
    if choice < 0.88:
        return ["between", random_number(rng, names, depth - 1), ["v", rng.randint(0, 3)], random_number(rng, names, 0)]
    if choice < 0.92 and "users" in names:
        return ["col", "users", "active"]
    if choice < 0.95:
        return ["op", rng.choice(["eq", "ne", "is"]), ["func", "foo", [random_number(rng, names, 0)]], [rng.choice(["true", "false", "null"])]]
    if choice < 0.97:
        return [rng.choice(["true", "false"])]
    return ["text", rng.choice(["a = b", "x > :p", "y::int > 3"])]


def random_any(rng, names, depth):
    choice = rng.random()
    if choice < 0.4:
        return random_number(rng, names, depth)
    if choice < 0.6:
        return random_text(rng, names, depth)
    if choice < 0.8:
        return random_truth(rng, names, depth)
    if choice < 0.85:
        return ["extract", rng.choice(["year", "month"]), ["col", "users", "created"]] if "users" in names else ["null"]
    if choice < 0.9:
        return ["over", ["func", "row_number", []], [random_number(rng, names, 0)], [["desc", random_text(rng, names, 0)]]]
    if choice < 0.95:
        return ["func", rng.choice(["now", "count", "current_timestamp", "random"]), []]
    return rng.choice([["null"], ["lit", "x"], ["lcol", "1 + 1"], ["column", "Odd name"], ["custom", "->", random_number(rng, names, 0), ["v", "k"]]])


def random_select(rng, depth=2, names=None):
    names = names or rng.choice([["users"], ["posts"], ["users", "posts"], ["lt"]])
    spec = {"aliases": [], "columns": [], "where": [], "order": [], "joins": [], "group": [], "having": [], "from": []}
    names = list(names)
    if depth > 1 and rng.random() < 0.2:
        source = rng.choice(names)
        spec["aliases"].append(["al", ["alias", source, rng.choice([None, "u2"])]])
        COLUMNS["al"], NUMBERS["al"], TEXTS["al"] = COLUMNS[source], NUMBERS[source], TEXTS[source]
        names.append("al")
    elif depth > 1 and rng.random() < 0.2:
        inner = random_select(rng, 1, ["posts"])
        inner["columns"] = [["col", "posts", c] for c in COLUMNS["posts"]]
        inner["group"], inner["having"], inner["order"] = [], [], []
        spec["aliases"].append(["al", [rng.choice(["subquery", "cte"]), inner, rng.choice([None, "sq"])]])
        COLUMNS["al"], NUMBERS["al"], TEXTS["al"] = COLUMNS["posts"], NUMBERS["posts"], TEXTS["posts"]
        names.append("al")
    for _ in range(rng.randint(1, 3)):
        node = random_any(rng, names, depth) if rng.random() < 0.5 else (lambda t: ["col", t, rng.choice(COLUMNS[t])])(rng.choice(names))
        if rng.random() < 0.2 and node[0] not in ("text",):
            node = ["label", node, rng.choice(["lbl", "My Label"])]
        spec["columns"].append(node)
    if "users" in names and "posts" in names and rng.random() < 0.6:
        spec["from"] = ["users"]
        on = None if rng.random() < 0.6 else ["op", "eq", ["col", "users", "id"], ["col", "posts", "user_id"]]
        spec["joins"].append(["posts", on, rng.random() < 0.4])
    for _ in range(rng.randint(0, 2)):
        spec["where"].append(random_truth(rng, names, depth))
    if depth > 1 and rng.random() < 0.2:
        inner = random_select(rng, 0, ["posts"])
        inner["columns"] = inner["columns"][:1]
        if "users" in names:
            inner["where"].append(["op", "eq", ["col", "posts", "user_id"], ["col", "users", "id"]])
        spec["where"].append(rng.choice([["exists", inner], ["insel", random_number(rng, names, 0), inner], ["op", "gt", random_number(rng, names, 0), ["scalar", inner]], ["not", ["exists", inner]]]))
    if rng.random() < 0.3:
        for _ in range(rng.randint(1, 2)):
            node = random_number(rng, names, 1)
            spec["order"].append(rng.choice([node, ["desc", node], ["asc", node], ["nulls_last", ["desc", node]]]))
    labels = [c for c in spec["columns"] if c[0] == "label"]
    if labels and rng.random() < 0.4:
        spec["order"].append(["ref", labels[0][2]])
    if rng.random() < 0.2:
        spec["group"].append(random_number(rng, names, 0))
        if rng.random() < 0.5:
            spec["having"].append(random_truth(rng, names, 0))
    if rng.random() < 0.2:
        spec["limit"] = rng.randint(1, 10)
    if rng.random() < 0.15:
        spec["offset"] = rng.randint(1, 10)
    if rng.random() < 0.15:
        spec["distinct"] = True
    return spec


def compiled(statement):
    out = {}
    out["default"] = attempt(lambda: str(statement.compile()))
    for name in ("sqlite", "postgresql"):
        out[name] = attempt(lambda: str(statement.compile(dialect=DIALECTS[name])))
    out["literal"] = attempt(lambda: str(statement.compile(dialect=DIALECTS["sqlite"], compile_kwargs={"literal_binds": True})))
    return out


def expression_case(rng):
    names = rng.choice([["users"], ["users", "posts"], ["lt"]])
    node = random_any(rng, names, 3)
    return {"kind": "expression", "case": node, "expected": attempt(lambda: compiled(make(node, SCOPE)))}


def select_case(rng):
    spec = random_select(rng)
    if rng.random() < 0.1:
        parts = []
        for _ in range(2):
            part = random_select(rng, 1, ["posts"])
            part["columns"] = part["columns"][:1]
            part["order"] = []
            part.pop("limit", None)
            part.pop("offset", None)
            parts.append(part)
        spec = {"union": parts, "how": rng.choice(["union", "union_all", "except_", "intersect"])}
        if rng.random() < 0.3:
            spec["limit"] = 3
    return {"kind": "select", "case": spec, "expected": attempt(lambda: compiled(make_select(spec, SCOPE)))}


def dml_case(rng):
    table = rng.choice(["users", "posts", "lt"])
    how = rng.choice(["insert", "insert_many", "insert_plain", "insert_select", "update", "delete"])
    columns = [c for c in COLUMNS[table] if c != "active"]
    spec = {"how": how, "table": table}

    def value(column):
        if column in TEXTS[table]:
            return rng.choice([["v", "it's"], ["func", "lower", [["v", "X"]]], ["v", None], ["v", "a"]])
        return rng.choice([["v", rng.randint(0, 9)], ["op", "add", ["lit", 1], ["v", 2]], ["v", None]])

    picked = rng.sample(columns, rng.randint(1, len(columns)))
    if how == "insert":
        spec["values"] = [[c, value(c)] for c in picked]
    elif how == "insert_many":
        spec["rows"] = [[[c, ["v", rng.randint(0, 9) if c in NUMBERS[table] else "x"]] for c in picked] for _ in range(rng.randint(1, 3))]
    elif how == "insert_select":
        spec["columns"] = picked
        inner = {"columns": [["col", "posts", "id"] if c not in TEXTS[table] else ["col", "posts", "title"] for c in picked], "where": [random_truth(rng, ["posts"], 1)]}
        spec["select"] = inner
    elif how == "update":
        spec["values"] = [[c, value(c) if rng.random() < 0.7 else ["op", "add", ["col", table, c], ["v", 1 if c in NUMBERS[table] else "x"]]] for c in picked]
        spec["where"] = [random_truth(rng, [table], 1) for _ in range(rng.randint(0, 2))]
    elif how == "delete":
        spec["where"] = [random_truth(rng, [table], 1) for _ in range(rng.randint(0, 2))]
        if table == "users" and rng.random() < 0.3:
            spec["where"].append(["insel", ["col", "users", "id"], {"columns": [["col", "posts", "user_id"]], "where": [random_truth(rng, ["posts"], 0)]}])

    def run():
        target = SCOPE[table]
        if how == "insert":
            statement = sa.insert(target).values({c: make(v, SCOPE) for c, v in spec["values"]})
        elif how == "insert_many":
            statement = sa.insert(target).values([{c: make(v, SCOPE) for c, v in row} for row in spec["rows"]])
        elif how == "insert_plain":
            statement = sa.insert(target)
        elif how == "insert_select":
            statement = sa.insert(target).from_select(spec["columns"], make_select(spec["select"], SCOPE))
        elif how == "update":
            statement = sa.update(target).values({c: make(v, SCOPE) for c, v in spec["values"]}).where(*[make(w, SCOPE) for w in spec["where"]])
        else:
            statement = sa.delete(target).where(*[make(w, SCOPE) for w in spec["where"]])
        return compiled(statement)

    return {"kind": "dml", "case": spec, "expected": attempt(run)}


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    kinds = [type_case, table_case, expression_case, select_case, dml_case]
    wanted = sys.argv[3:] or None
    for number in range(count):
        kind = kinds[number % len(kinds)]
        case = kind(rng)
        if wanted and case["kind"] not in wanted:
            continue
        print(json.dumps(case, ensure_ascii=False))


if __name__ == "__main__":
    main()
