"""Prints every answer of `inspect()` on a database, and what its tables are when they are reflected: env.py of both programs calls it."""

from sqlalchemy import MetaData, Table, inspect
from sqlalchemy.schema import CreateIndex, CreateTable

TYPE_ATTRIBUTES = ("collation", "collation_schema", "default", "constraint_name", "not_null", "create_type", "schema", "timezone")


def show(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(show(item) for item in value) + ",)"
    return repr(value)


def whole(kind):
    """A type with what its repr leaves out."""
    text = type(kind).__module__ + " " + repr(kind)
    for name in TYPE_ATTRIBUTES:
        given = getattr(kind, name, None)
        if given is not None:
            text += f" {name}={given!s}"
    check = getattr(kind, "check", None)
    if check is not None:
        text += f" check={check!s}"
    if hasattr(kind, "item_type"):
        text += " of " + whole(kind.item_type)
    if type(kind).__name__ == "DOMAIN":
        text += " over " + whole(kind.data_type)
    return text


def answers(connection):
    inspector = inspect(connection)
    found = {}

    def ask(label, question, *args, **kw):
        try:
            answer = question(*args, **kw)
        except Exception as error:
            print(label, type(error).__name__, str(error))
            return []
        if label.startswith("columns"):
            answer = [dict(column, type=whole(column["type"])) for column in answer]
        print(label, show(answer))
        return answer

    ask("default schema", lambda: inspector.default_schema_name)
    schemas = ask("schemas", inspector.get_schema_names)
    ask("temporary tables", lambda: sorted(inspector.get_temp_table_names()))
    ask("temporary views", inspector.get_temp_view_names)
    for schema in [None] + [name for name in schemas if name != "information_schema"]:
        names = []
        for label, question in (
            ("tables", inspector.get_table_names),
            ("views", inspector.get_view_names),
            ("materialized views", inspector.get_materialized_view_names),
            ("foreign tables", inspector.get_foreign_table_names),
        ):
            names += ask(f"{label} {schema}", lambda: sorted(question(schema=schema)))
        ask(f"sequences {schema}", lambda: sorted(inspector.get_sequence_names(schema=schema)))
        ask(f"enums {schema}", inspector.get_enums, schema=schema)
        ask(f"domains {schema}", inspector.get_domains, schema=schema)
        for name in names + ["missing"]:
            at = f"{schema}.{name}"
            for label, question in (
                ("columns", inspector.get_columns),
                ("primary key", inspector.get_pk_constraint),
                ("foreign keys", inspector.get_foreign_keys),
                ("indexes", inspector.get_indexes),
                ("unique", inspector.get_unique_constraints),
                ("checks", inspector.get_check_constraints),
                ("options", inspector.get_table_options),
                ("comment", inspector.get_table_comment),
                ("has table", inspector.has_table),
                ("view", inspector.get_view_definition),
            ):
                ask(f"{label} {at}", question, name, schema=schema)
            ask(f"has index {at}", inspector.has_index, name, "ix_a", schema=schema)
        found[schema] = names
        for name in ("mood", "color", "My Enum", "posint", "nothing"):
            ask(f"has type {schema}.{name}", inspector.has_type, name, schema=schema)
        for name in ("lone", "counter", "types_id_seq"):
            ask(f"has sequence {schema}.{name}", inspector.has_sequence, name, schema=schema)
    ask("all enums", inspector.get_enums, schema="*")
    ask("all domains", inspector.get_domains, schema="*")
    ask("oid", lambda: inspector.get_table_oid("types") > 0)
    for schema, names in found.items():
        metadata = MetaData()
        for name in names:
            reflected(connection, name, metadata, schema)
    metadata = MetaData()
    metadata.reflect(connection, views=True)
    print("reflected", sorted(metadata.tables))


def reflected(connection, name, metadata, schema):
    try:
        table = Table(name, metadata, autoload_with=connection, schema=schema)
        print(str(CreateTable(table).compile(dialect=connection.dialect)))
        for index in sorted(table.indexes, key=lambda index: index.name):
            print(str(CreateIndex(index).compile(dialect=connection.dialect)))
        print(table.comment, sorted(table.foreign_key_constraints, key=lambda key: key.name)[:1] != [])
    except Exception as error:
        print("reflecting", schema, name, type(error).__name__, str(error))
