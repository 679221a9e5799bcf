"""What a session needs to know of a mapped class: its tables, columns and relationships."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm.events import MappingEvents

_mappings = {}


class ColumnAttribute:
    """A mapped column: the attribute's name and its columns, one in each table of the class."""

    def __init__(self, key, column):
        self.key = key
        self.columns = [column]
        self.deferred = False
        self.group = None
        self.raiseload = False
        self.active_history = False
        self.is_expression = False

    @property
    def column(self):
        return self.columns[0]


class Mapping:
    """A mapped class as sessions see it."""

    def __init__(self, class_):
        found = _orm.mapping(class_)
        self.class_ = class_
        self.registry = found["registry"]
        self.arguments = arguments = found["arguments"]
        for name in arguments:
            if name in REFUSED_ARGUMENTS and arguments[name] not in (None, False):
                _orm.unsupported("__mapper_args__[%r] of %s in a session" % (name, class_.__name__))
        self.inherits = None if found["inherits"] is None else mapping_of(found["inherits"])
        self.single = found["single"] and self.inherits is not None
        self.local_table = found["table"]
        self.columns = {}
        self.relationships = {}
        self.synonyms = {}
        self.composites = {}
        self.expressions = {}
        self.children = []
        parent = self.inherits
        if parent is None:
            self.base = self
            self.tables = [] if self.local_table is None else [self.local_table]
            self.polymorphic_map = {}
        else:
            self.base = parent.base
            self.tables = list(parent.tables)
            if not self.single:
                self.tables.append(self.local_table)
            self.polymorphic_map = self.base.polymorphic_map
            parent.children.append(self)
            for key, attribute in parent.columns.items():
                copy = ColumnAttribute(key, attribute.column)
                copy.__dict__.update(attribute.__dict__)
                copy.columns = list(attribute.columns)
                self.columns[key] = copy
            self.synonyms.update(parent.synonyms)
            self.composites.update(parent.composites)
            self.expressions.update(parent.expressions)
        self.own_relationships = []
        for key, kind, value in found["attributes"]:
            self._add_attribute(key, kind, value)
        self.key_by_column = {}
        for key, attribute in self.columns.items():
            for column in attribute.columns:
                self.key_by_column[column] = key
        self._find_primary_key()
        self._find_discriminator()
        version = arguments.get("version_id_col")
        if version is None and parent is not None:
            self.version_key = parent.version_key
        else:
            self.version_key = None if version is None else self._key_of(version)
        self.order = parent.order if parent is not None else None
        self.events = MappingEvents(self)
        self.validators = {}
        self.reconstructors = []
        for ancestor in reversed(class_.__mro__):
            for name, value in list(vars(ancestor).items()):
                names = getattr(value, "_sa_validates", None)
                if names is not None and callable(value):
                    for key in names[0]:
                        self.validators[key] = (value, names[1])
                if getattr(value, "_sa_reconstructor", False) is True:
                    self.reconstructors.append(value)
        if parent is not None:
            self._inherit_relationships()

    def _add_attribute(self, key, kind, value):
        if kind == "column":
            attribute = self.columns.get(key)
            if attribute is not None and not self.single:
                attribute.columns.insert(0, value)
            else:
                self.columns[key] = ColumnAttribute(key, value)
        elif kind == "property":
            name, positional, keywords, annotation = _orm.property_parts(value)
            if name == "Relationship":
                from sqlalchemy.orm.relationships import RelationshipConfiguration
                made = RelationshipConfiguration(self, key, positional, keywords, annotation)
                self.own_relationships.append(made)
                self.relationships[key] = made
            elif name == "Synonym":
                self.synonyms[key] = positional[0] if positional else keywords["name"]
            elif name == "Composite":
                self.composites[key] = value
            elif name == "ColumnProperty":
                columns = _orm.property_columns(value)
                attribute = ColumnAttribute(key, columns[0] if columns else positional[0])
                attribute.columns = list(columns) or [positional[0]]
                attribute.is_expression = not columns
                attribute.deferred = bool(keywords.get("deferred"))
                attribute.group = keywords.get("group")
                attribute.raiseload = bool(keywords.get("raiseload"))
                attribute.active_history = bool(keywords.get("active_history"))
                if attribute.is_expression:
                    self.expressions[key] = attribute
                else:
                    self.columns[key] = attribute
            else:
                _orm.unsupported("%s.%s, a %s, in a session" % (self.class_.__name__, key, name))
        elif kind == "deferred":
            # `mapped_column(deferred=True)`
            attribute = self.columns[key]
            attribute.deferred, attribute.group, attribute.raiseload = value

    def _find_primary_key(self):
        base = self.base
        if base is not self:
            self.primary_key = base.primary_key
            self.primary_keys = [base.key_by_column[column] for column in base.primary_key]
            return
        given = self.arguments.get("primary_key")
        if given is not None:
            if not isinstance(given, (list, tuple)):
                given = [given]
            self.primary_key = [self._column_of(column) for column in given]
        elif self.local_table is not None:
            self.primary_key = [column for column in self.local_table.primary_key.columns]
        else:
            self.primary_key = []
        self.primary_keys = [self.key_by_column[column] for column in self.primary_key]

    def _column_of(self, value):
        if isinstance(value, str):
            return self.columns[value].column
        return _orm.column(value)

    def _key_of(self, value):
        if isinstance(value, str) and value in self.columns:
            return value
        column = _orm.column(value)
        if column is None:
            return None
        return self.key_by_column.get(column)

    def _find_discriminator(self):
        parent = self.inherits
        given = self.arguments.get("polymorphic_on")
        self.polymorphic_key = None
        self.polymorphic_expression = None
        if given is not None:
            self.polymorphic_key = self._key_of(given)
            if self.polymorphic_key is None:
                self.polymorphic_expression = given
        elif parent is not None:
            self.polymorphic_key = parent.polymorphic_key
            self.polymorphic_expression = parent.polymorphic_expression
        identity = self.arguments.get("polymorphic_identity")
        self.identity = identity
        if identity is not None:
            self.polymorphic_map[identity] = self

    def _inherit_relationships(self):
        from sqlalchemy.orm.relationships import RelationshipConfiguration
        for key, relationship in self.inherits.relationships.items():
            if key not in self.relationships:
                self.relationships[key] = relationship.for_subclass(self)

    @property
    def is_polymorphic(self):
        return self.polymorphic_key is not None or self.polymorphic_expression is not None

    def attribute_keys(self):
        """The names that an instance's dictionary may hold."""
        return list(self.columns) + list(self.expressions) + list(self.relationships)

    def self_and_descendants(self):
        found = [self]
        for child in self.children:
            found.extend(child.self_and_descendants())
        return found

    def is_a(self, other):
        mapping = self
        while mapping is not None:
            if mapping is other:
                return True
            mapping = mapping.inherits
        return False

    def name_for_table(self, table):
        """The attributes of a table's columns: (attribute name, column)."""
        found = []
        for key, attribute in self.columns.items():
            for column in attribute.columns:
                if column.table is table:
                    found.append((key, column))
        return found

    @property
    def sort_key(self):
        return "%s.%s" % (self.class_.__module__, self.class_.__name__)

    @property
    def dispatch_name(self):
        return "Mapper[%s(%s)]" % (
            self.class_.__name__,
            self.local_table.name if self.local_table is not None else "None",
        )

    def identity_key(self, primary_key):
        return (self.base.class_, tuple(primary_key), None)

    def inherited_keys(self, table):
        """The attributes of a joined table's key, and those of the parent's that they repeat."""
        found = []
        for column in table.primary_key.columns:
            for key in column.foreign_keys:
                source = self.key_by_column.get(key.column)
                target = self.key_by_column.get(column)
                if source is not None and target is not None and source != target:
                    found.append((source, target))
        return found

    def primary_key_of(self, obj):
        values = obj.__dict__
        return [values.get(key) for key in self.primary_keys]

    def is_orphan(self, state):
        """Whether no parent of the delete-orphan kind has the instance."""
        relationships = [
            relationship
            for ancestor in self.lineage()
            for relationship in ancestor.orphan_parents()
        ]
        if not relationships:
            return False
        if self.arguments.get("legacy_is_orphan"):
            return not any(state.has_parent(r, state.has_identity) for r in relationships)
        return any(not state.has_parent(r, state.has_identity) for r in relationships)

    def lineage(self):
        found = []
        mapping = self
        while mapping is not None:
            found.append(mapping)
            mapping = mapping.inherits
        return found

    def orphan_parents(self):
        """The relationships with delete-orphan that lead to exactly this class."""
        found = []
        for mapping in list(_mappings.values()):
            for relationship in mapping.own_relationships:
                if relationship.delete_orphan and relationship.target is self:
                    found.append(relationship)
        return found

    def __repr__(self):
        return "<Mapping of %s>" % self.class_.__name__


# Keywords of `__mapper_args__` that change rows in ways that are not built.
REFUSED_ARGUMENTS = (
    "concrete",
    "polymorphic_abstract",
    "include_properties",
    "exclude_properties",
    "version_id_generator",
    "column_prefix",
    "always_refresh",
    "local_table",
    "non_primary",
    "allow_partial_pks",
    "passive_deletes",
)


def mapping_of(class_):
    """The mapping of a class; makes those of its registry when it is first asked for."""
    found = _mappings.get(class_)
    if _failed and not _configuring:
        configure()
    if found is None:
        nearest = _orm.mapped_class(class_)
        if nearest is None:
            _orm.unmapped_class(class_)
        if nearest is not class_:
            return mapping_of(nearest)
        if not _configuring:
            configure()
            return _mappings[class_]
        found = Mapping(class_)
        _mappings[class_] = found
        _pending.append(found)
    return found


_pending = []
_configuring = []
_failed = []


def configure():
    """Resolves the relationships of all mapped classes, as `configure_mappers()` does."""
    if _configuring:
        return
    if _failed:
        mapping, error = _failed[0]
        raise exc.InvalidRequestError(
            "One or more mappers failed to initialize - can't proceed with initialization of other"
            " mappers. Triggering mapper: '%s'. Original exception was: %s"
            % (mapping.dispatch_name, error)
        )
    _configuring.append(True)
    try:
        for class_ in _orm.mapped_classes():
            mapping_of(class_)
        while _pending:
            mapping = _pending.pop(0)
            for relationship in mapping.own_relationships:
                if getattr(relationship, "direction", None) is not None:
                    # The other end of one that made it as its backref.
                    continue
                try:
                    relationship.configure()
                except Exception as error:
                    _failed.append((mapping, error))
                    raise
            mapping.events.configured()
    finally:
        _configuring.clear()


def configure_mappers():
    ensure_configured()


def ensure_configured():
    """Takes in classes that were mapped since the last time."""
    if not _configuring and (_failed or _orm.count_of_mapped_classes() != len(_mappings)):
        configure()
