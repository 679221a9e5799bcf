"""`alembic_utils`: functions, views, triggers and grants of PostgreSQL as operations of a migration.

Creating, replacing and dropping them is here; comparing them with a database is not.
"""

import re
from enum import Enum

import _sqlalchemy_orm as _orm

from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import text


class AlembicUtilsException(Exception):
    """Base of the package's exceptions."""

    __module__ = "alembic_utils.exceptions"


class SQLParseFailure(AlembicUtilsException):
    """SQL that is no statement of the kind that is wanted."""

    __module__ = "alembic_utils.exceptions"


class FailedToGenerateComparable(AlembicUtilsException):
    """Never raised here: nothing is compared."""

    __module__ = "alembic_utils.exceptions"


class UnreachableException(AlembicUtilsException):
    """Never raised here: nothing is compared."""

    __module__ = "alembic_utils.exceptions"


class BadInputException(AlembicUtilsException):
    """Arguments that do not go together."""

    __module__ = "alembic_utils.exceptions"


# Texts


def normalize_whitespace(text, base_whitespace=" "):
    return base_whitespace.join(text.split()).strip()


def strip_terminating_semicolon(sql):
    return sql.strip().rstrip(";").strip()


def strip_double_quotes(sql):
    return sql.strip().rstrip('"').strip().lstrip('"').strip()


def escape_colon_for_sql(sql):
    """Escapes colons for `text()`, but for those of casts."""
    return re.sub(r"::|:", lambda found: found.group() if len(found.group()) == 2 else r"\:", sql)


def escape_colon_for_plpgsql(sql):
    """The same for PL/pgSQL, whose assignments stay, as what is escaped already does."""
    return re.sub(r"::|:=|\\:|:", lambda found: r"\:" if found.group() == ":" else found.group(), sql)


def coerce_to_quoted(text):
    return ".".join('"%s"' % strip_double_quotes(part) for part in text.split(".", 1))


def coerce_to_unquoted(text):
    return text.replace('"', "")


def _matched(pattern, sql, class_):
    found = re.match(pattern + r"\Z", sql, re.IGNORECASE | re.DOTALL)
    if found is None:
        raise SQLParseFailure('Failed to parse SQL into %s """%s"""' % (class_, sql))
    return found.groupdict()


# Entities


class ReplaceableEntity:
    """Something in a schema that a migration creates, replaces and drops whole."""

    __module__ = "alembic_utils.replaceable_entity"
    _version_to_replace = None

    def __init__(self, schema, signature, definition):
        self.schema = coerce_to_unquoted(normalize_whitespace(schema))
        self.signature = coerce_to_unquoted(normalize_whitespace(signature))
        self.definition = escape_colon_for_sql(strip_terminating_semicolon(definition))

    @property
    def type_(self):
        raise NotImplementedError()

    @classmethod
    def from_sql(cls, sql):
        raise NotImplementedError()

    @classmethod
    def from_path(cls, path):
        with path.open() as file:
            return cls.from_sql(file.read())

    @classmethod
    def from_database(cls, sess, schema="%"):
        _orm.unsupported("alembic_utils.%s.from_database()" % cls.__name__)

    @property
    def literal_schema(self):
        return coerce_to_quoted(self.schema)

    @property
    def identity(self):
        return "%s: %s.%s" % (type(self).__name__, self.schema, self.signature)

    def to_variable_name(self):
        name = self.signature.split("(")[0].strip().lower().replace("-", "_")
        return "%s_%s" % (self.schema.lower(), name)

    @classmethod
    def render_import_statement(cls):
        return "from %s import %s\nfrom sqlalchemy import text as sql_text" % (
            cls.__module__, cls.__name__,
        )

    def _shown_arguments(self, definition):
        return [
            'schema="%s"' % self.schema, 'signature="%s"' % self.signature,
            "definition=%r" % definition,
        ]

    def render_self_for_migration(self, omit_definition=False):
        definition = "# not required for op" if omit_definition else self.definition
        return "%s = %s(\n    %s\n)\n" % (
            self.to_variable_name(), type(self).__name__,
            ",\n    ".join(self._shown_arguments(definition)),
        )


class OnEntityMixin:
    """What belongs to a table or a view."""

    __module__ = "alembic_utils.on_entity_mixin"

    def __init__(self, schema, signature, definition, on_entity):
        super().__init__(schema=schema, signature=signature, definition=definition)
        if "." not in on_entity:
            on_entity = "public." + on_entity
        self.on_entity = coerce_to_unquoted(on_entity)

    @property
    def identity(self):
        return "%s: %s.%s %s" % (type(self).__name__, self.schema, self.signature, self.on_entity)

    def _shown_arguments(self, definition):
        shown = super()._shown_arguments(definition)
        shown.insert(2, 'on_entity="%s"' % self.on_entity)
        return shown

    def to_variable_name(self):
        name = self.signature.split("(")[0].strip().lower()
        return "%s_%s_%s" % (self.schema.lower(), self.on_entity.lower().partition(".")[2], name)


class PGFunction(ReplaceableEntity):
    """A function: its signature, and what follows it."""

    __module__ = "alembic_utils.pg_function"
    type_ = "function"

    def __init__(self, schema, signature, definition):
        super().__init__(schema, signature, definition)
        language = normalize_whitespace(definition).lower().replace("'", "")
        escape = escape_colon_for_plpgsql if "language plpgsql" in language else escape_colon_for_sql
        self.definition = escape(strip_terminating_semicolon(definition))

    @classmethod
    def from_sql(cls, sql):
        found = _matched(
            r"create.+?function\s+(?P<schema>.+?)\.(?P<signature>.+?)\s+returns\s+(?P<rest>.+)",
            sql.strip(), "PGFunction",
        )
        signature = found["signature"]
        if signature.startswith('"'):
            signature = "".join(signature.split('"', 2))
        return cls(found["schema"], signature, "returns " + found["rest"])

    @property
    def literal_signature(self):
        name, rest = self.signature.split("(", 1)
        return '"%s"(%s' % (name.strip(), rest)

    def to_sql_statement_create(self):
        return text("CREATE FUNCTION %s.%s %s" % (
            self.literal_schema, self.literal_signature, self.definition))

    def to_sql_statement_drop(self, cascade=False):
        name, _, rest = self.signature.partition("(")
        inside = rest.rpartition(")")[0].strip()
        parameters = [
            part[:len(part.lower().split("default")[0])].strip() for part in inside.split(",")
        ]
        return text('DROP FUNCTION %s."%s"(%s) %s' % (
            self.literal_schema, name.strip(), ", ".join(parameters),
            "cascade" if cascade else ""))

    def to_sql_statement_create_or_replace(self):
        yield text("CREATE OR REPLACE FUNCTION %s.%s %s" % (
            self.literal_schema, self.literal_signature, self.definition))


class PGView(ReplaceableEntity):
    """A view: its name and its SELECT."""

    __module__ = "alembic_utils.pg_view"
    type_ = "view"

    def __init__(self, schema, signature, definition):
        self.schema = coerce_to_unquoted(normalize_whitespace(schema))
        self.signature = coerce_to_unquoted(normalize_whitespace(signature))
        self.definition = strip_terminating_semicolon(definition)

    @classmethod
    def from_sql(cls, sql):
        found = _matched(
            r"create.+?view\s+(?P<schema>.+?)\.(?P<signature>.+?)\s+as\s+(?P<rest>.+)", sql, "PGView"
        )
        signature = found["signature"].split("(")[0].replace('"', "")
        return cls(found["schema"], signature, strip_terminating_semicolon(found["rest"]))

    @property
    def _shown(self):
        return '%s."%s"' % (self.literal_schema, self.signature)

    def to_sql_statement_create(self):
        return text("CREATE VIEW %s AS %s;" % (self._shown, self.definition))

    def to_sql_statement_drop(self, cascade=False):
        return text("DROP VIEW %s %s" % (self._shown, "cascade" if cascade else ""))

    def to_sql_statement_create_or_replace(self):
        # A view whose columns change can't be replaced: it is dropped then.
        yield text("\n".join([
            "",
            "        do $$",
            "            begin",
            "                CREATE OR REPLACE VIEW %s AS %s;" % (self._shown, self.definition),
            "",
            "            exception when others then",
            "                DROP VIEW IF EXISTS %s;" % self._shown,
            "",
            "                CREATE VIEW %s AS %s;" % (self._shown, self.definition),
            "            end;",
            "        $$ language 'plpgsql'",
            "        ",
        ]))


class PGMaterializedView(PGView):
    """A view whose rows are stored."""

    __module__ = "alembic_utils.pg_materialized_view"
    type_ = "materialized_view"

    def __init__(self, schema, signature, definition, with_data=True):
        super().__init__(schema, signature, definition)
        self.with_data = with_data

    @classmethod
    def from_sql(cls, sql):
        # As alembic_utils reads it: of what is "with no data" it takes one character.
        head = r"create.+?materialized.+?view\s+(?P<schema>.+?)\.(?P<signature>.+?)\s+as\s+(?P<rest>.+?)"
        sql = strip_terminating_semicolon(sql)
        for tail in (r"\s+with\s+data", r".+?with\s+(?P<no>.+?)\s+data", ""):
            try:
                found = _matched(head + tail, sql, "PGView")
                break
            except SQLParseFailure:
                if not tail:
                    raise
        signature = found["signature"].split("(")[0].replace('"', "")
        return cls(found["schema"], signature, found["rest"], with_data="no" not in found)

    def _create(self):
        return "CREATE MATERIALIZED VIEW %s AS %s WITH %s DATA" % (
            self._shown, self.definition.rstrip().rstrip(";"), "" if self.with_data else "NO")

    def to_sql_statement_create(self):
        return text(self._create() + ";")

    def to_sql_statement_drop(self, cascade=False):
        return text("DROP MATERIALIZED VIEW %s %s" % (self._shown, "cascade" if cascade else ""))

    def to_sql_statement_create_or_replace(self):
        yield text("DROP MATERIALIZED VIEW IF EXISTS %s; " % self._shown)
        yield text(self._create())

    def render_self_for_migration(self, omit_definition=False):
        definition = "# not required for op" if omit_definition else self.definition
        shown = self._shown_arguments(definition) + ["with_data=%r" % self.with_data]
        return "%s = %s(\n            %s\n        )\n\n" % (
            self.to_variable_name(), type(self).__name__, ",\n            ".join(shown),
        )


class PGTrigger(OnEntityMixin, ReplaceableEntity):
    """A trigger of a table."""

    __module__ = "alembic_utils.pg_trigger"
    type_ = "trigger"

    def __init__(self, schema, signature, definition, on_entity, is_constraint=False):
        super().__init__(
            schema=schema, signature=signature, definition=definition, on_entity=on_entity
        )
        self.is_constraint = is_constraint

    @classmethod
    def from_sql(cls, sql):
        found = _matched(
            r"create\s+(?P<constraint>constraint\s+)?trigger\s+(?P<signature>.+?)\s+(?P<event>.+?)\s+on\s+"
            r"(?P<on_entity>.+?)\s+(?P<action>.+)",
            sql, "PGTrigger",
        )
        on_entity = found["on_entity"]
        if "." not in on_entity:
            on_entity = "public." + on_entity
        return cls(
            schema=on_entity.split(".")[0], signature=found["signature"], on_entity=on_entity,
            definition=" %s ON %s %s" % (found["event"], on_entity, found["action"]),
            is_constraint=found["constraint"] is not None,
        )

    @property
    def identity(self):
        return "%s: %s.%s %s %s" % (
            type(self).__name__, self.schema, self.signature, self.is_constraint, self.on_entity)

    def _shown_arguments(self, definition):
        shown = super()._shown_arguments(definition)
        shown.insert(3, "is_constraint=%s" % self.is_constraint)
        return shown

    def to_sql_statement_create(self):
        found = _matched(
            r"(?P<event>.+?)\s+on\s+(?P<on_entity>.+?)\s+(?P<action>.+)", self.definition,
            "PGTrigger.definition",
        )
        table = found["on_entity"].partition(".")[2] or found["on_entity"]
        return text('CREATE%sTRIGGER "%s" %s ON %s.%s %s' % (
            " CONSTRAINT " if self.is_constraint else " ", self.signature, found["event"],
            self.schema, table, found["action"]))

    def to_sql_statement_drop(self, cascade=False):
        return text('DROP TRIGGER "%s" ON %s %s' % (
            self.signature, self.on_entity, "cascade" if cascade else ""))

    def to_sql_statement_create_or_replace(self):
        yield text('DROP TRIGGER IF EXISTS "%s" ON %s;' % (self.signature, self.on_entity))
        yield self.to_sql_statement_create()


class PGPolicy(OnEntityMixin, ReplaceableEntity):
    """A policy of row-level security."""

    __module__ = "alembic_utils.pg_policy"
    type_ = "policy"

    @classmethod
    def from_sql(cls, sql):
        found = _matched(
            r"create policy\s+(?P<signature>.+?)\s+on\s+(?P<on_entity>.+?)\s+(?P<rest>.+)",
            sql.strip(), "PGPolicy",
        )
        on_entity = found["on_entity"]
        if "." not in on_entity:
            on_entity = "public." + on_entity
        return cls(
            schema=on_entity.partition(".")[0], signature=found["signature"],
            definition=found["rest"], on_entity=on_entity,
        )

    def _create(self):
        return "CREATE POLICY %s on %s %s" % (self.signature, self.on_entity, self.definition)

    def to_sql_statement_create(self):
        return text(self._create())

    def to_sql_statement_drop(self, cascade=False):
        return text("DROP POLICY %s on %s %s" % (
            self.signature, self.on_entity, "cascade" if cascade else ""))

    def to_sql_statement_create_or_replace(self):
        yield text("DROP POLICY IF EXISTS %s on %s;" % (self.signature, self.on_entity))
        yield text(self._create() + ";")


class PGExtension(ReplaceableEntity):
    """An extension of the server."""

    __module__ = "alembic_utils.pg_extension"
    type_ = "extension"

    def __init__(self, schema, signature):
        self.schema = coerce_to_unquoted(normalize_whitespace(schema))
        self.signature = coerce_to_unquoted(normalize_whitespace(signature))
        self.definition = "%s: %s %s" % (type(self).__name__, self.schema, self.signature)

    @property
    def identity(self):
        return "%s: %s" % (type(self).__name__, self.signature)

    def _shown_arguments(self, definition):
        return super()._shown_arguments(definition)[:2]

    def to_sql_statement_create(self):
        return text('CREATE EXTENSION "%s" WITH SCHEMA %s;' % (self.signature, self.literal_schema))

    def to_sql_statement_drop(self, cascade=False):
        return text('DROP EXTENSION "%s" %s' % (self.signature, "CASCADE" if cascade else ""))

    def to_sql_statement_create_or_replace(self):
        raise NotImplementedError()


class PGGrantTableChoice(str, Enum):
    __module__ = "alembic_utils.pg_grant_table"

    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    REFERENCES = "REFERENCES"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"
    TRIGGER = "TRIGGER"

    def __str__(self):
        return self.value

    def __repr__(self):
        return "'%s'" % self.value


OF_COLUMNS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")


class PGGrantTable(ReplaceableEntity):
    """A right of a role on a table or on some of its columns."""

    __module__ = "alembic_utils.pg_grant_table"
    type_ = "grant_table"

    def __init__(self, schema, table, role, grant, columns=None, with_grant_option=False):
        self.schema = coerce_to_unquoted(schema)
        self.table = coerce_to_unquoted(table)
        self.columns = sorted(columns) if columns else []
        self.role = coerce_to_unquoted(role)
        self.grant = PGGrantTableChoice(grant)
        self.with_grant_option = with_grant_option
        self.signature = self.identity
        if (self.grant.value in OF_COLUMNS) != bool(self.columns):
            raise BadInputException(
                "When grant type is %s a value must %sbe provided for columns"
                % (self.grant, "not " if self.columns else "")
            )

    @property
    def identity(self):
        return "%s: %s.%s.%s.%s" % (
            type(self).__name__, self.schema, self.table, self.role, self.grant)

    @property
    def definition(self):
        return str(self)

    def __repr__(self):
        return (
            "PGGrantTable(schema=%r, table=%r, columns=%r, role=%r, grant=%r, with_grant_option=%r)"
            % (self.schema, self.table, self.columns, self.role, self.grant, self.with_grant_option)
        )

    def to_variable_name(self):
        return ("%s_%s_%s_%s" % (self.schema, self.table, self.role, self.grant)).lower()

    def render_self_for_migration(self, omit_definition=False):
        return "%s = %s\n" % (self.to_variable_name(), self)

    def _on(self):
        return "%s.%s" % (self.literal_schema, coerce_to_quoted(self.table))

    def to_sql_statement_create(self):
        columns = "( %s )" % ", ".join(self.columns) if self.columns else ""
        return text("GRANT %s %s ON %s TO %s %s" % (
            self.grant, columns, self._on(), coerce_to_quoted(self.role),
            " WITH GRANT OPTION" if self.with_grant_option else ""))

    def to_sql_statement_drop(self, cascade=False):
        return text("REVOKE %s ON %s FROM %s" % (
            self.grant, self._on(), coerce_to_quoted(self.role)))

    def to_sql_statement_create_or_replace(self):
        yield self.to_sql_statement_drop()
        yield self.to_sql_statement_create()


# Operations


class ReversibleOp(MigrateOperation):
    """An operation on an entity."""

    __module__ = "alembic_utils.reversible_op"

    def __init__(self, target):
        self.target = target

    @classmethod
    def invoke_for_target(cls, operations, target):
        return operations.invoke(cls(target))

    @classmethod
    def invoke_for_target_optional_cascade(cls, operations, target, cascade=False):
        return operations.invoke(cls(target, cascade=cascade))

    def reverse(self):
        raise NotImplementedError()


@Operations.register_operation("create_entity", "invoke_for_target")
class CreateOp(ReversibleOp):
    __module__ = "alembic_utils.reversible_op"

    def reverse(self):
        return DropOp(self.target)

    def to_diff_tuple(self):
        return "create_entity", self.target.identity, str(self.target.to_sql_statement_create())


@Operations.register_operation("drop_entity", "invoke_for_target_optional_cascade")
class DropOp(ReversibleOp):
    __module__ = "alembic_utils.reversible_op"

    def __init__(self, target, cascade=False):
        self.cascade = cascade
        super().__init__(target)

    def reverse(self):
        return CreateOp(self.target)

    def to_diff_tuple(self):
        return "drop_entity", self.target.identity


def _replacement(target):
    return str([str(statement) for statement in target.to_sql_statement_create_or_replace()])


class RevertOp(ReversibleOp):
    __module__ = "alembic_utils.reversible_op"

    def to_diff_tuple(self):
        return "replace_or_revert_entity", self.target.identity, _replacement(self.target)


@Operations.register_operation("replace_entity", "invoke_for_target")
class ReplaceOp(ReversibleOp):
    __module__ = "alembic_utils.reversible_op"

    def reverse(self):
        return RevertOp(self.target)

    def to_diff_tuple(self):
        return "replace_or_revert_entity", self.target.identity, _replacement(self.target)


@Operations.implementation_for(CreateOp)
def create_entity(operations, operation):
    operations.execute(operation.target.to_sql_statement_create())


@Operations.implementation_for(DropOp)
def drop_entity(operations, operation):
    operations.execute(operation.target.to_sql_statement_drop(cascade=operation.cascade))


@Operations.implementation_for(ReplaceOp)
@Operations.implementation_for(RevertOp)
def replace_or_revert_entity(operations, operation):
    for statement in operation.target.to_sql_statement_create_or_replace():
        operations.execute(statement)


def _render(autogen_context, target, call):
    autogen_context.imports.add(target.render_import_statement())
    return target.render_self_for_migration() + call % target.to_variable_name()


@renderers.dispatch_for(CreateOp)
def render_create_entity(autogen_context, op):
    return _render(autogen_context, op.target, "op.create_entity(%s)\n")


@renderers.dispatch_for(DropOp)
def render_drop_entity(autogen_context, op):
    return _render(autogen_context, op.target, "op.drop_entity(%s)\n")


@renderers.dispatch_for(ReplaceOp)
def render_replace_entity(autogen_context, op):
    return _render(autogen_context, op.target, "op.replace_entity(%s)\n")


@renderers.dispatch_for(RevertOp)
def render_revert_entity(autogen_context, op):
    target = op.target._version_to_replace
    if target is None:
        raise UnreachableException
    return _render(autogen_context, target, "op.replace_entity(%s)")


# Registered entities


class ReplaceableEntityRegistry:
    __module__ = "alembic_utils.replaceable_entity"

    def __init__(self):
        self.clear()

    def clear(self):
        self._entities = {}
        self.schemas = set()
        self.exclude_schemas = set()
        self.entity_types = set()

    def register(self, entities, schemas=None, exclude_schemas=None, entity_types=None):
        self._entities.update({entity.identity: entity for entity in entities})
        self.schemas.update(schemas or ())
        self.exclude_schemas.update(exclude_schemas or ())
        self.entity_types.update(entity_types or ())

    def entities(self):
        return list(self._entities.values())


registry = ReplaceableEntityRegistry()


def register_entities(entities, schemas=None, exclude_schemas=None, entity_types=None):
    registry.register(entities, schemas, exclude_schemas, entity_types)


@comparators.dispatch_for("schema")
def compare_registered_entities(autogen_context, upgrade_ops, schemas):
    _orm.unsupported("the comparison of alembic_utils' entities with a database")
