"""Every keyword argument of what models and migrations call, each with a value: writes the probes of tests/keywords.

    python keywords.py FOLDER

The keywords are asked of the real packages (signatures, and each dialect's own options), so that none is forgotten: one
for which no value stands below stops this program. FOLDER/probes.py is a Python program that Limbeck runs too;
FOLDER/answers.jsonl is what the real programs show.
"""

import inspect
import pathlib
import subprocess
import sys

import sqlalchemy as sa
from alembic.operations import BatchOperations, Operations
from sqlalchemy import orm, schema
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.sql import selectable

HARNESS = pathlib.Path(__file__).resolve().parent.parent / "keywords/harness.py"

# A value for a keyword, wherever it stands; SPECIAL has those of one subject.
VALUES = {
    "schema": "'s'", "if_not_exists": "True", "if_exists": "True", "nullable": "False", "comment": "'it''s'", "existing_comment": "'old'",
    "unique": "True", "info": "{'k': 1}", "name": "'n1'", "deferrable": "True", "initially": "'DEFERRED'", "onupdate": "'CASCADE'",
    "ondelete": "'SET NULL'", "match": "'FULL'", "use_alter": "True", "link_to_name": "True", "autoincrement": "False",
    "default": "5", "insert_default": "6", "doc": "'d'", "key": "'k1'", "index": "True", "primary_key": "True", "server_default": "'7'",
    "server_onupdate": "sa.FetchedValue()", "quote": "True", "system": "True", "insert_sentinel": "True", "type_": "sa.BigInteger()",
    "quote_schema": "True", "implicit_returning": "False", "prefixes": "['TEMPORARY']", "extend_existing": "True", "keep_existing": "True",
    "autoload_replace": "False", "include_columns": "['a']", "resolve_fks": "False", "listeners": "[]", "naming_convention": "Naming.convention",
    "persisted": "True", "always": "True", "on_null": "True", "start": "3", "increment": "4", "minvalue": "1", "maxvalue": "99",
    "nominvalue": "True", "nomaxvalue": "True", "cycle": "True", "cache": "5", "order": "True", "data_type": "sa.BigInteger()", "optional": "True",
    "metadata": "sa.MetaData()", "for_update": "True", "cascade": "True", "isolate_from_table": "False", "context": "{'x': 1}",
    "literal_execute": "True", "expanding": "True", "required": "True", "isoutparam": "True", "value": "4", "is_literal": "True",
    "partition_by": "t.c.a", "order_by": "t.c.b", "rows": "(1, 2)", "range_": "(None, 0)", "groups": "(1, 1)", "exclude": "'TIES'",
    "else_": "9", "escape": "'/'", "autoescape": "True", "symmetric": "True", "flags": "'i'", "precedence": "15", "is_comparison": "True",
    "return_type": "sa.String()", "python_impl": "lambda a, b: a", "isouter": "True", "full": "True", "onclause": "t.c.a == u.c.d",
    "nowait": "True", "read": "True", "of": "t.c.a", "skip_locked": "True", "key_share": "True", "recursive": "True", "nesting": "True", "nest_here": "True",
    "with_ties": "True", "percent": "True", "maintain_column_froms": "True", "flat": "True", "only_synonyms": "False", "dialect": "'oracle'", "dialect_name": "'oracle'",
    "include_defaults": "False", "sort_by_parameter_order": "True", "supplemental_cols": "[t.c.b]", "joins_implicitly": "True", "table_valued": "True", "types": "[sa.BigInteger(), sa.String()]",
    # Operations
    "new_column_name": "'z'", "existing_type": "sa.String(5)", "existing_server_default": "'x'", "existing_nullable": "False",
    "inline_references": "True", "inline_primary_key": "True", "multiinsert": "False", "source_schema": "'s1'", "referent_schema": "'s2'",
    "postgresql_using": "'a::integer'", "execution_options": "{'k': 1}", "existing_autoincrement": "True",
    "insert_before": "'b'", "insert_after": "'id'", "recreate": "'always'", "partial_reordering": "[('b', 'a')]", "copy_from": "table_of(sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(9)))",
    "table_args": "(sa.CheckConstraint('id > 0', name='positive'),)", "table_kwargs": "{'sqlite_with_rowid': False}", "reflect_args": "[sa.Column('a', sa.String(77))]",
    "reflect_kwargs": "{'include_columns': ['id', 'a']}",
    "mssql_drop_default": "True", "mssql_drop_check": "True", "mssql_drop_foreign_key": "True", "mysql_existing_nullable": "True",
    # mapped_column
    "init": "False", "repr": "False", "default_factory": "list", "compare": "False", "kw_only": "True", "hash": "True", "deferred": "True", "deferred_group": "'g'",
    "deferred_raiseload": "True", "use_existing_column": "True", "active_history": "True", "sort_order": "-1", "dataclass_metadata": "{'k': 1}",
    # Types
    "length": "7", "collation": "'NOCASE'", "precision": "6", "scale": "2", "asdecimal": "False", "decimal_return_scale": "3", "timezone": "True", "native_uuid": "False", "as_uuid": "False",
    "none_as_null": "True", "create_constraint": "True", "native": "False", "second_precision": "3", "day_precision": "2", "item_type": "sa.Integer", "dimensions": "2", "zero_indexes": "True", "as_tuple": "True",
    "native_enum": "False", "validate_strings": "True", "values_callable": "lambda e: [m.name.lower() for m in e]", "inherit_schema": "True", "omit_aliases": "False", "sort_key_function": "lambda v: v", "create_type": "False",
    "fields": "'DAY TO SECOND'", "varying": "True", "unsigned": "True", "zerofill": "True", "display_width": "4", "fsp": "3", "charset": "'utf8mb4'", "national": "True", "ascii": "True", "unicode": "True", "binary": "True", "filestream": "True",
    "local_timezone": "True", "collation_schema": "'pg_catalog'", "protocol": "4", "pickler": "json", "comparator": "lambda a, b: a == b", "impl": "sa.LargeBinary", "convert_int": "True", "use_blob": "True", "dim": "3", "storage_type": "oracle.VectorStorageType.SPARSE" , "seed": "sa.func.random()",  "operator_class": "sa.sql.operators.OperatorClass.MATH", "visit_name": "'v'", "binary_precision": "5", "retrieve_as_bitwise": "True", "storage_format": "'%(year)04d/%(month)02d/%(day)02d'", "regexp": "r'(\\d+)/(\\d+)/(\\d+)'", "text_type": "sa.Text()", "astext_type": "sa.Text()", "not_null": "True", "constraint_name": "'cn'", "check": "'VALUE > 0'",
}
# Those of one subject alone.
SPECIAL = {
    ("sa.Column", "onupdate"): "5", ("mapped_column", "onupdate"): "5", ("sa.Column", "type_"): None, ("mapped_column", "type_"): None,
    ("sa.Table", "autoload_with"): "sa.create_engine('sqlite://')", ("sa.Table", "listeners"): "[('column_reflect', print)]",
    ("op.alter_column", "server_default"): "'9'", ("op.alter_column", "type_"): "sa.Integer()", ("op.alter_column", "comment"): "'new'", ("batch.alter_column", "server_default"): "'9'", ("batch.alter_column", "type_"): "sa.Integer()",
    ("op.drop_constraint", "type_"): "'foreignkey'", ("batch.drop_constraint", "type_"): "'unique'", ("op.inline_literal", "type_"): "sa.String()",
    ("sa.bindparam", "value"): "4", ("sa.bindparam", "type_"): "sa.String()", ("sa.bindparam", "callable_"): "lambda: 8", ("sa.case", "value"): "t.c.a",
    ("sa.CheckConstraint", "table"): "table_of(sa.Column('z', sa.Integer))", ("sa.ForeignKeyConstraint", "table"): "table_of(sa.Column('a', sa.Integer), sa.Column('b', sa.Integer))",
    ("sa.ForeignKey", "name"): "'fkn'", ("sa.values", "literal_binds"): "True", ("func.over", "order_by"): "t.c.b", ("sa.over", "order_by"): "t.c.b",
    ("Select.lateral", "name"): "'l'", ("batch_alter_table", "schema"): "'main'", ("sa.Identity", "order"): "True",
    ("op.drop_index", "table_name"): "'t'", ("Insert.with_hint", "selectable"): "t", ("Update.with_hint", "selectable"): "t", ("Delete.with_hint", "selectable"): "t",
    ("schema.CreateTable", "include_foreign_key_constraints"): "[]", ("sa.Enum", "name"): "'en'", ("sa.Enum", "schema"): "'s'",
}
UNASKED = {"self", "args", "kw", "kwargs", "kw_args", "opt", "dialect_kw", "dialect_kwargs", "bind"}



def subjects():
    """Name, what is asked for its signature, the way of showing, and the call; `{}` is where the keyword goes."""
    for name, call in {
        "add_column": "'t', sa.Column('x', sa.Integer, sa.ForeignKey('u.id'))", "alter_column": "'t', 'a'",
        "create_check_constraint": "'ck', 't', 'a > 0'", "create_exclude_constraint": "'ex', 't', ('a', '=')",
        "create_foreign_key": "'fk', 't', 'u', ['a'], ['id']", "create_index": "'ix', 't', ['a']", "create_primary_key": "'pk', 't', ['a']",
        "create_table": "'t', sa.Column('a', sa.Integer)", "create_table_comment": "'t', 'c'", "create_unique_constraint": "'uq', 't', ['a']",
        "drop_column": "'t', 'a'", "drop_constraint": "'uq', 't'", "drop_index": "'ix'" , "drop_table": "'t'", "drop_table_comment": "'t'",
        "execute": "'SELECT 1'", "rename_table": "'t', 'z'", "bulk_insert": "t, [{{'a': 1}}, {{'a': 2, 'b': 'x'}}]",
    }.items():
        yield "op." + name, getattr(Operations, name), "offline", "lambda op: op.%s(%s{})" % (name, call)
    for name, call in {
        "add_column": "sa.Column('x', sa.Integer)", "alter_column": "'a'", "create_check_constraint": "'ck', 'id > 0'", "create_exclude_constraint": "'ex', ('a', '=')",
        "create_foreign_key": "'fk', 'u', ['id'], ['id']", "create_index": "'ix2', ['a']", "create_primary_key": "'pk', ['id']",
        "create_unique_constraint": "'uq2', ['b']", "drop_column": "'a'", "drop_constraint": "'uq'", "drop_index": "'ix'",
    }.items():
        yield "batch." + name, getattr(BatchOperations, name), "batch", "lambda op: op.%s(%s{})" % (name, call)
    yield "batch_alter_table", Operations.batch_alter_table, "whole_batch", "lambda op: add_x(op.batch_alter_table('t'{}))"
    yield "sa.Column", sa.Column, "of_column", "lambda: sa.Column('x', sa.Integer{})"
    yield "mapped_column", orm.mapped_column, "model", "lambda: mapped_column(sa.Integer{})"
    yield "sa.Table", sa.Table, "of_table", "lambda: sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer){})"
    yield "sa.MetaData", sa.MetaData, "of_table", "lambda: sa.Table('t', sa.MetaData({}), sa.Column('a', sa.Integer, sa.ForeignKey('u.id'), index=True, unique=False), sa.Column('b', sa.Integer, unique=True, primary_key=True), sa.CheckConstraint('a > 0', name='pos'))"
    yield "sa.Index", sa.Index, "of_index", "lambda: sa.Index('ix', 'a', 'b'{})"
    yield "sa.ForeignKey", sa.ForeignKey, "of_table", "lambda: table_of(sa.Column('a', sa.Integer, sa.ForeignKey('u.id'{})))"
    for name, call in {
        "ForeignKeyConstraint": "['a', 'b'], ['u.x', 'u.y']", "PrimaryKeyConstraint": "'a'", "UniqueConstraint": "'a', 'b'", "CheckConstraint": "'a > 0'",
    }.items():
        yield "sa." + name, getattr(sa, name), "of_constraint", "lambda: sa.%s(%s{})" % (name, call)
    yield "postgresql.ExcludeConstraint", postgresql.ExcludeConstraint, "of_constraint", "lambda: postgresql.ExcludeConstraint(('a', '='){})"
    yield "sa.Computed", sa.Computed, "of_table", "lambda: table_of(sa.Column('a', sa.Integer, sa.Computed('b + 1'{})))"
    yield "sa.Identity", sa.Identity, "of_table", "lambda: table_of(sa.Column('a', sa.Integer, sa.Identity({})))"
    yield "sa.Sequence", sa.Sequence, "statement", "lambda: schema.CreateSequence(sa.Sequence('q'{}))"
    yield "sa.DDL", sa.DDL, "statement", "lambda: sa.DDL('CREATE %(x)s'{})"
    # Elements of DDL
    yield "schema.CreateTable", schema.CreateTable, "statement", "lambda: schema.CreateTable(table_of(sa.Column('a', sa.Integer, sa.ForeignKey('u.id'))){})"
    yield "schema.DropTable", schema.DropTable, "statement", "lambda: schema.DropTable(table_of(sa.Column('a', sa.Integer)){})"
    yield "schema.CreateIndex", schema.CreateIndex, "statement", "lambda: schema.CreateIndex(sa.Index('ix', sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer)).c.a){})"
    yield "schema.DropIndex", schema.DropIndex, "statement", "lambda: schema.DropIndex(sa.Index('ix', sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer)).c.a){})"
    yield "schema.AddConstraint", schema.AddConstraint, "statement", "lambda: schema.AddConstraint(sa.UniqueConstraint(sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer)).c.a, name='uq'){})"
    yield "schema.DropConstraint", schema.DropConstraint, "statement", "lambda: schema.DropConstraint(sa.UniqueConstraint(sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer)).c.a, name='uq'){})"
    yield "schema.CreateSequence", schema.CreateSequence, "statement", "lambda: schema.CreateSequence(sa.Sequence('q'){})"
    yield "schema.DropSequence", schema.DropSequence, "statement", "lambda: schema.DropSequence(sa.Sequence('q'){})"
    yield "schema.CreateSchema", schema.CreateSchema, "statement", "lambda: schema.CreateSchema('s'{})"
    yield "schema.DropSchema", schema.DropSchema, "statement", "lambda: schema.DropSchema('s'{})"
    # Expressions
    yield "sa.bindparam", sa.bindparam, "statement", "lambda: sa.select(sa.bindparam('p'{}))"
    yield "sa.column", sa.column, "statement", "lambda: sa.select(sa.column('x y'{}))"
    yield "sa.table", lambda schema: None, "statement", "lambda: sa.select(sa.table('t', sa.column('a'){}))"
    yield "sa.case", sa.case, "statement", "lambda: sa.select(sa.case((t.c.a == 1, 'x'){}))"
    yield "sa.literal", sa.literal, "statement", "lambda: sa.select(sa.literal(5{}))"
    yield "sa.over", sa.over, "statement", "lambda: sa.select(sa.over(sa.func.count(t.c.a){}))"
    yield "func.over", sa.sql.functions.FunctionElement.over, "statement", "lambda: sa.select(sa.func.count(t.c.a).over({}))"
    yield "func.alias", sa.sql.functions.FunctionElement.alias, "statement", "lambda: sa.select(sa.func.unnest(t.c.a).alias({}).column)"
    yield "sa.tuple_", sa.tuple_, "statement", "lambda: sa.select(t.c.a).where(sa.tuple_(t.c.a, t.c.b{}) == (1, 'x'))"
    for name, call in {
        "like": "'x%'", "ilike": "'x%'", "not_like": "'x%'", "not_ilike": "'x%'", "startswith": "'x%'", "endswith": "'x%'", "contains": "'%'", "istartswith": "'x%'", "iendswith": "'x%'", "icontains": "'%'",
        "between": "'a', 'b'", "regexp_match": "'x'", "regexp_replace": "'x', 'y'",
    }.items():
        yield "column." + name, getattr(sa.ColumnElement, name), "rows_of" if name not in ("ilike", "icontains", "istartswith", "iendswith", "not_ilike") else "statement", "lambda: sa.select(t.c.a).where(t.c.b.%s(%s{}))" % (name, call)
    yield "column.op", sa.ColumnElement.op, "statement", "lambda: sa.select((t.c.a.op('&'{})(5)) + 1)"
    yield "column.bool_op", sa.ColumnElement.bool_op, "statement", "lambda: sa.select((t.c.a.bool_op('&'{})(5)) == 1)"
    yield "sa.join", sa.join, "statement", "lambda: sa.select(t.c.a).select_from(sa.join(t, u, t.c.a == u.c.a{}))"
    yield "sa.outerjoin", sa.outerjoin, "statement", "lambda: sa.select(t.c.a).select_from(sa.outerjoin(t, u, t.c.a == u.c.a{}))"
    yield "text.columns", lambda: None, "statement", "lambda: sa.text('SELECT a FROM t').columns(t.c.a{})"
    # Statements
    for name, call in {
        "join": "u, t.c.a == u.c.a", "outerjoin": "u, t.c.a == u.c.a", "join_from": "t, u, t.c.a == u.c.a", "outerjoin_from": "t, u, t.c.a == u.c.a", "with_for_update": "",
        "prefix_with": "'HINT'", "suffix_with": "'TAIL'", "with_hint": "t, 'WITH (x)'", "with_statement_hint": "'OPTION (y)'", "fetch": "5", "slice": "1, 3",
    }.items():
        yield "Select." + name, getattr(sa.Select, name), "statement", "lambda: sa.select(t.c.a).order_by(t.c.a).%s(%s{})" % (name, call)
    yield "Select.with_only_columns", sa.Select.with_only_columns, "statement", "lambda: sa.select(t.c.a, u.c.d).with_only_columns(sa.literal_column('1'){})"
    yield "Select.cte", sa.Select.cte, "statement", "lambda: sa.select(sa.select(t.c.a).cte({}))"
    yield "Select.nested_cte", lambda nesting: None, "statement", "lambda: sa.select(sa.select(sa.select(t.c.a).cte('inner_'{})).cte('outer_'))"
    yield "Select.add_cte", sa.Select.add_cte, "statement", "lambda: sa.select(sa.select(u.c.a).add_cte(sa.select(t.c.a).cte('c'){}).subquery())"
    yield "Select.subquery", sa.Select.subquery, "statement", "lambda: sa.select(sa.select(t.c.a).subquery({}))"
    yield "Select.alias", sa.Select.alias, "statement", "lambda: sa.select(sa.select(t.c.a).alias({}))"
    yield "Select.lateral", sa.Select.lateral, "statement", "lambda: sa.select(t.c.b, sa.select(u.c.d).where(u.c.a == t.c.a).lateral({}))"
    yield "Select.label", sa.Select.label, "statement", "lambda: sa.select(sa.select(t.c.a).label('x'))"
    yield "CompoundSelect.fetch", selectable.CompoundSelect.fetch, "statement", "lambda: sa.union(sa.select(t.c.a), sa.select(u.c.a)).fetch(3{})"
    yield "CompoundSelect.with_for_update", selectable.CompoundSelect.with_for_update, "statement", "lambda: sa.union(sa.select(t.c.a), sa.select(u.c.a)).with_for_update({})"
    yield "table.join", selectable.FromClause.join, "statement", "lambda: sa.select(t.c.a).select_from(t.join(u, t.c.a == u.c.a{}))"
    yield "table.alias", selectable.FromClause.alias, "statement", "lambda: sa.select(t.alias({}).c.a)"
    yield "table.tablesample", selectable.FromClause.tablesample, "statement", "lambda: sa.select(t.tablesample(10{}))"
    for kind, call in {"Insert": "sa.insert(t).values(a=1)", "Update": "sa.update(t).values(a=1)", "Delete": "sa.delete(t)"}.items():
        for name, given in {"prefix_with": "'HINT'", "with_hint": "'WITH (x)'", "returning": "t.c.a", "return_defaults": "t.c.a", "add_cte": "sa.select(u.c.a).cte('c')"}.items():
            yield kind + "." + name, getattr(getattr(sa, kind), name), "statement", "lambda: %s.%s(%s{})" % (call, name, given)
    yield "Insert.from_select", sa.Insert.from_select, "statement", "lambda: sa.insert(table_of(sa.Column('a', sa.Integer), sa.Column('b', sa.Integer, default=5))).from_select(['a'], sa.select(u.c.a){})"
    yield "sa.values", sa.values, "statement", "lambda: sa.select(sa.values(sa.column('a', sa.Integer), sa.column('b', sa.String){}).data([(1, 'x'), (2, 'y')]))"
    # Engines
    yield "sa.create_engine", lambda echo, hide_parameters, logging_name, execution_options, isolation_level, poolclass, pool_logging_name, json_serializer, json_deserializer, label_length, paramstyle, connect_args, module, creator, pool_pre_ping, pool_recycle, pool_reset_on_return, pool_size, max_overflow, pool_timeout, pool_use_lifo, echo_pool, future, query_cache_size, plugins, max_identifier_length, implicit_returning, use_insertmanyvalues, insertmanyvalues_page_size, skip_autocommit_rollback, native_datetime, pool_events, events, nonsense: None, "engine", "lambda: sa.create_engine('sqlite://'{})"
    # Types
    for module, name in [(sa, "sa"), (postgresql, "postgresql"), (mysql, "mysql"), (sqlite, "sqlite"), (mssql, "mssql"), (oracle, "oracle")]:
        for kind in sorted(dir(module)):
            found = getattr(module, kind)
            if not (inspect.isclass(found) and issubclass(found, sa.types.TypeEngine)) or kind[0] == "_":
                continue
            if found in (sa.types.TypeEngine, sa.types.TypeDecorator, getattr(sa.types, "UserDefinedType", None), sa.types.SchemaType if hasattr(sa.types, "SchemaType") else None):
                continue
            first = {"ARRAY": "sa.Integer", "Enum": "'x', 'y', name='e'", "ENUM": "'x', 'y', name='e'" if name == "postgresql" else "'x', 'y'", "SET": "'x', 'y'", "DOMAIN": "'d', sa.Integer"}.get(kind, "")
            keywords = found
            if kind in ("Enum",) or kind == "ENUM":
                keywords = lambda create_constraint, native_enum, length, schema, quote, validate_strings, inherit_schema, metadata, omit_aliases, **kw: None
                if kind == "ENUM" and name == "postgresql":
                    keywords = lambda create_type, schema, metadata, quote, inherit_schema, validate_strings, native_enum: None
                if kind == "ENUM" and name == "mysql":
                    keywords = lambda charset, collation, ascii, unicode, binary, national: None
            yield "%s.%s" % (name, kind), keywords, "of_type", "lambda: %s.%s(%s{})" % (name, kind, first)
            if kind in ("Enum", "Boolean", "ENUM"):
                yield "column of %s.%s" % (name, kind), keywords, "of_column", "lambda: sa.Column('x', %s.%s(%s{}))" % (name, kind, first)


def options_of(name):
    """The dialects' own options of a construct, as the dialects declare them."""
    word = name.split(".")[-1]
    word = {"create_table": "Table", "create_index": "Index", "drop_index": "Index", "create_unique_constraint": "UniqueConstraint", "create_foreign_key": "ForeignKeyConstraint", "create_check_constraint": "CheckConstraint", "ForeignKey": "ForeignKeyConstraint", "mapped_column": "Column", "drop_table": "Table"}.get(word, word)
    if name.startswith("batch."):
        return
    values = {
        "using": "'btree'", "include": "['b']", "where": "sa.text('a > 1')", "ops": "{'a': 'int4_ops'}", "concurrently": "True", "with": "{'fillfactor': 50}", "tablespace": "'ts'", "nulls_not_distinct": "True",
        "ignore_search_path": "True", "partition_by": "'RANGE (a)'", "with_oids": "True", "on_commit": "'DROP'", "inherits": "'base'", "not_valid": "True", "length": "5", "prefix": "'FULLTEXT'", "with_parser": "'ngram'",
        "autoincrement": "True", "with_rowid": "False", "strict": "True", "on_conflict_primary_key": "'IGNORE'", "on_conflict_not_null": "'FAIL'", "on_conflict_unique": "'REPLACE'", "on_conflict": "'IGNORE'",
        "clustered": "True", "columnstore": "True", "identity_start": "3", "identity_increment": "4", "resolve_synonyms": "True", "compress": "True", "bitmap": "True", "vector": "True", "order": "True", "on_null": "True", "invalid": "True",
    }
    for module in (postgresql, mysql, sqlite, mssql, oracle):
        dialect = module.dialect
        for kind, arguments in dialect.construct_arguments:
            base = {"CheckConstraint", "UniqueConstraint", "PrimaryKeyConstraint", "ForeignKeyConstraint"} if kind.__name__ == "Constraint" else {kind.__name__}
            if word not in base:
                continue
            for argument in arguments:
                if argument == "*":
                    for more, value in {"engine": "'InnoDB'", "default_charset": "'utf8mb4'", "charset": "'utf8mb4'", "collate": "'utf8mb4_bin'", "row_format": "'DYNAMIC'", "partition_by": "'HASH(a)'", "comment": "'c'", "auto_increment": "'5'", "data_directory": "'/x'"}.items():
                        yield "mysql_" + more, value
                    yield "mariadb_engine", "'Aria'"
                elif argument in values:
                    value = values[argument]
                    yield "%s_%s" % (dialect.name, argument), "sa.text('a > 1')" if argument == "where" else value
        if word in ("Table", "Index", "Column"):
            yield "nodialect_option", "1"


def keywords_of(name, target):
    for parameter in inspect.signature(target.__init__ if inspect.isclass(target) else target).parameters.values():
        keyword = parameter.name
        # What must be given is in the call already.
        if parameter.default is parameter.empty and (name, keyword) not in SPECIAL and not name.startswith(("sa.create_engine", "column of", "Select.nested_cte", "sa.table")) and "<lambda>" not in getattr(target, "__name__", ""):
            continue
        if keyword in UNASKED or keyword[0] == "_" or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            continue
        yield keyword


ENGINE = {
    "echo": "False", "hide_parameters": "True", "logging_name": "'ln'", "execution_options": "{'k': 1}", "isolation_level": "'READ UNCOMMITTED'", "poolclass": "sa.pool.NullPool", "pool_logging_name": "'pl'",
    "json_serializer": "lambda value: '[7]'", "json_deserializer": "lambda value: 'read'", "label_length": "10", "paramstyle": "'named'", "connect_args": "{'timeout': 3}", "module": "None", "creator": "lambda: __import__('sqlite3').connect(':memory:')",
    "pool_pre_ping": "True", "pool_recycle": "100", "pool_reset_on_return": "None", "pool_size": "3", "max_overflow": "1", "pool_timeout": "4", "pool_use_lifo": "True", "echo_pool": "False", "future": "True", "query_cache_size": "0", "plugins": "[]",
    "max_identifier_length": "20", "implicit_returning": "True", "use_insertmanyvalues": "False", "insertmanyvalues_page_size": "5", "skip_autocommit_rollback": "True", "native_datetime": "True", "pool_events": "[]", "events": "[]", "nonsense": "1",
}


def probes():
    missing = []
    for name, target, way, code in subjects():
        plain = code.replace("({})", "()").replace("{}", "").replace("{{", "{").replace("}}", "}")
        found = []
        arguments = code[code.index("("):]
        for keyword in keywords_of(name, target):
            if keyword + "=" in arguments:
                continue
            value = SPECIAL.get((name, keyword), VALUES.get(keyword) if name != "sa.create_engine" else ENGINE[keyword])
            if value is None:
                if (name, keyword) not in SPECIAL:
                    missing.append((name, keyword))
                continue
            found.append((keyword, value))
        found += options_of(name)
        for keyword, value in found:
            given = "%s=%s" % (keyword, value)
            marked = code.replace("({})", "(\0)").replace("{}", ", \0").replace("{{", "{").replace("}}", "}").replace("\0", given)
            yield name, keyword, way, plain, marked
    if missing:
        sys.exit("no value for %s" % ", ".join(" ".join(pair) for pair in missing))


def main():
    folder = pathlib.Path(sys.argv[1])
    lines = ["# Written by tests/oracle/keywords.py; tests/keywords/harness.py stands before it.\n"]
    for name, keyword, way, plain, given in probes():
        lines.append("probe(%r, %r, %s, %s, %s)\n" % (name, keyword, way, plain, given))
    probes_text = "".join(lines)
    (folder / "probes.py").write_text(probes_text)
    done = subprocess.run([sys.executable, "-W", "ignore", "-"], input=HARNESS.read_text() + probes_text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    (folder / "answers.jsonl").write_text(done.stdout)


if __name__ == "__main__":
    main()
