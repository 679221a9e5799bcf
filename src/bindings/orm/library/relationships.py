"""Relationships as sessions see them: the direction, the columns that join, the cascade."""

import enum
import re
import types

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm.mapping import ensure_configured, mapping_of



class RelationshipDirection(enum.Enum):
    ONETOMANY = 1
    MANYTOONE = 2
    MANYTOMANY = 3


ONETOMANY = RelationshipDirection.ONETOMANY
MANYTOONE = RelationshipDirection.MANYTOONE
MANYTOMANY = RelationshipDirection.MANYTOMANY

CASCADES = ("save-update", "merge", "refresh-expire", "expunge", "delete", "delete-orphan")

KEYWORDS = (
    "argument", "secondary", "uselist", "collection_class", "primaryjoin", "secondaryjoin",
    "back_populates", "order_by", "backref", "overlaps", "post_update", "cascade", "viewonly",
    "lazy", "passive_deletes", "passive_updates", "active_history", "enable_typechecks",
    "foreign_keys", "remote_side", "join_depth", "single_parent", "innerjoin", "distinct_target_key",
    "doc", "query_class", "info", "omit_join", "sync_backref", "comparator_factory", "bake_queries",
    "cascade_backrefs", "load_on_pending",
)

LAZY = {
    None: "noload", True: "select", False: "joined", "select": "select", "joined": "joined",
    "subquery": "selectin", "selectin": "selectin", "immediate": "selectin", "noload": "noload",
    "raise": "raise", "raise_on_sql": "raise_on_sql", "dynamic": "dynamic",
    "write_only": "write_only",
}


class _Namespace(dict):
    """The names that a relationship's text may use."""

    def __init__(self, mapping):
        super().__init__()
        import sqlalchemy
        from sqlalchemy import orm
        for name in ("and_", "or_", "not_", "func", "desc", "asc", "text", "case", "cast", "select"):
            self[name] = getattr(sqlalchemy, name)
        self["foreign"], self["remote"] = orm.foreign, orm.remote
        metadata = mapping.registry.metadata
        for table in metadata.tables.values():
            self.setdefault(table.name, table)
        for name, class_ in _orm.registry_classes(mapping.class_).items():
            self[name] = class_
            # Paths such as `app.models.Child`.
            for part in class_.__module__.split("."):
                self.setdefault(part, _Path())
        for part in [part for part in self if isinstance(self[part], _Path)]:
            self[part].names = self


class _Path:
    names = None

    def __getattr__(self, name):
        return self.names[name]


class RelationshipConfiguration:
    """One relationship of a mapped class."""

    def __init__(self, parent, key, positional, keywords, annotation):
        self.parent = parent
        self.origin = parent
        self.key = key
        self.keywords = dict(keywords)
        if positional:
            self.keywords["argument"] = positional[0]
        if len(positional) > 1:
            self.keywords["secondary"] = positional[1]
        for name in self.keywords:
            if name not in KEYWORDS:
                _orm.unsupported("%s of relationship()" % name)
        for name in ("comparator_factory", "load_on_pending", "query_class"):
            if self.keywords.get(name):
                _orm.unsupported("%s of relationship()" % name)
        self.annotation = annotation
        self.target = None
        self.secondary = None
        self.viewonly = bool(self.keywords.get("viewonly"))
        self.post_update = bool(self.keywords.get("post_update"))
        self.passive_deletes = self.keywords.get("passive_deletes", False)
        self.single_parent = bool(self.keywords.get("single_parent"))
        lazy = self.keywords.get("lazy", "select")
        if annotation is not None and annotation[0] in ("DynamicMapped", "WriteOnlyMapped"):
            lazy = "dynamic" if annotation[0] == "DynamicMapped" else "write_only"
        if lazy not in LAZY:
            raise exc.ArgumentError(
                "Expected str or bool for 'lazy' argument; got %r" % (lazy,)
            )
        self.lazy = LAZY[lazy]
        self.back_populates = self.keywords.get("back_populates")
        # The relationships at the other end: all, and those that change when this one does.
        self.reverse = []
        self.backrefs = []
        self.extra = None
        self._cascade(self.keywords.get("cascade"))

    def _cascade(self, given):
        if given is None or given is False:
            self.cascade = {"merge"} if self.viewonly else {"save-update", "merge"}
            if self.viewonly:
                self.cascade = set()
        else:
            names = given.split(",") if isinstance(given, str) else list(given)
            names = {name.strip() for name in names if name and name.strip()}
            unknown = [name for name in sorted(names) if name not in CASCADES + ("all", "none")]
            if unknown:
                raise exc.ArgumentError(
                    "Invalid cascade option(s): %s" % ", ".join(repr(name) for name in unknown)
                )
            if "all" in names:
                names |= {"save-update", "merge", "refresh-expire", "expunge", "delete"}
            if "none" in names:
                names = set()
            names.discard("all")
            self.cascade = names
        self.delete_orphan = "delete-orphan" in self.cascade

    @property
    def name(self):
        return "%s.%s" % (self.origin.class_.__name__, self.key)

    @property
    def tracks_parent(self):
        """Whether the objects at the other end remember their parent."""
        return self.direction is ONETOMANY or self.single_parent

    @property
    def shown(self):
        return "%s.%s" % (self.parent.class_.__name__, self.key)

    def __str__(self):
        return self.shown

    def for_subclass(self, mapping):
        made = RelationshipConfiguration.__new__(RelationshipConfiguration)
        made.parent = mapping
        made.inherited_from = self
        return made

    def __getattr__(self, name):
        # What the parent's relationship found out when it was configured.
        inherited = self.__dict__.get("inherited_from")
        if inherited is not None:
            return getattr(inherited, name)
        raise AttributeError(name)

    # Configuration

    def _resolve(self, value, single=True):
        if isinstance(value, str):
            try:
                return eval(value, _Namespace(self.parent))
            except NameError as error:
                name = error.args[0].split("'")[1]
                raise exc.InvalidRequestError(
                    "When initializing mapper %s, expression %r failed to locate a name (%r)."
                    " If this is a class name, consider adding this relationship() to the %r class"
                    " after both dependent classes have been defined."
                    % (self.parent.dispatch_name, value, name, self.parent.class_)
                ) from None
        if isinstance(value, types.FunctionType):
            return value()
        return value

    def _columns(self, name):
        value = self.keywords.get(name)
        if value is None:
            return []
        value = self._resolve(value)
        if not isinstance(value, (list, tuple, set)):
            value = [value]
        return [_orm.column(self._resolve(item)) for item in value]

    def configure(self):
        argument = self.keywords.get("argument")
        annotated = None if self.annotation is None else self.annotation[2]
        if argument is None:
            argument = self.annotation[1]
        elif not isinstance(argument, (type, str)) and not callable(argument):
            annotated = repr(argument)
        elif isinstance(argument, str) and ("[" in argument or "|" in argument):
            annotated = argument
        self.collection = None
        if annotated is not None:
            self.collection, name = _annotated(annotated)
            if not isinstance(argument, type) and (argument is not self.keywords.get("argument") or (
                not isinstance(argument, str) or "[" in argument or "|" in argument
            )):
                argument = _orm.registry_classes(self.parent.class_).get(name, name)
        target = self._resolve(argument)
        if _orm.mapped_class(target) is None:
            raise exc.ArgumentError(
                "relationship '%s' expects a class or a mapper argument (received: %s)"
                % (self.key, type(target))
            )
        self.target = mapping_of(target)
        secondary = self.keywords.get("secondary")
        if isinstance(secondary, str):
            metadata = self.parent.registry.metadata
            if secondary in metadata.tables:
                secondary = metadata.tables[secondary]
            else:
                secondary = self._resolve(secondary)
        elif secondary is not None:
            secondary = self._resolve(secondary)
        if secondary is not None and _orm.mapped_class(secondary) is not None:
            secondary = secondary.__table__
        self.secondary = secondary
        self._join()
        self._find_collection()
        self._check_cascade()
        order = self.keywords.get("order_by")
        self.order_by = []
        if order is not None and order is not False:
            order = self._resolve(order)
            if not isinstance(order, (list, tuple)):
                order = [order]
            self.order_by = [self._resolve(item) for item in order]
        self.use_get = (
            self.direction is MANYTOONE
            and not self.extra_criteria
            and len(self.pairs) == len(self.target.primary_key)
            and all(
                any(remote in self.target.columns[key].columns for _, remote in self.pairs)
                for key in self.target.primary_keys
            )
        ) if self.secondary is None else False
        self._backref()

    def _join(self):
        """Finds the columns that join: from the foreign keys, or from `primaryjoin`."""
        parent_tables, target_tables = self.parent.tables, self.target.tables
        primary = self.keywords.get("primaryjoin")
        self.secondary_pairs = []
        self.extra_criteria = []
        if self.secondary is not None:
            self.direction = MANYTOMANY
            second = self.keywords.get("secondaryjoin")
            self.pairs = self._secondary_side(primary, parent_tables, None)
            self.secondary_pairs = self._secondary_side(second, target_tables, self.pairs)
            return
        foreign = self._columns("foreign_keys")
        remote_side = self._columns("remote_side")
        if primary is not None:
            condition = self._resolve(primary)
            found = self._pairs_of_condition(condition, parent_tables, target_tables, foreign)
        else:
            found = self._foreign_key_pairs(parent_tables, target_tables, foreign)
        # found: pairs (referring column, referred column)
        self_referential = any(table in target_tables for table in parent_tables)
        pairs = []
        direction = None
        for referring, referred in found:
            in_parent = _in(referring, parent_tables) and _in(referred, target_tables)
            in_target = _in(referring, target_tables) and _in(referred, parent_tables)
            if in_parent and in_target and self_referential:
                remote = remote_side or _orm.remote_columns()
                if any(column is referred for column in remote):
                    pair, way = (referring, referred), MANYTOONE
                elif remote_side or any(column is referring for column in remote):
                    pair, way = (referred, referring), ONETOMANY
                else:
                    pair, way = (referred, referring), ONETOMANY
            elif in_target:
                pair, way = (referred, referring), ONETOMANY
            else:
                pair, way = (referring, referred), MANYTOONE
            pairs.append(pair)
            direction = direction or way
            if direction != way:
                _orm.unsupported("%s, whose columns refer both ways" % self.shown)
        self.pairs, self.direction = pairs, direction

    def _pairs_of_condition(self, condition, parent_tables, target_tables, foreign):
        equal, rest = _orm.equated(condition)
        annotated = _orm.foreign_columns()
        pairs = []
        for left, right in equal:
            both = (_in(left, parent_tables) and _in(right, target_tables)) or (
                _in(right, parent_tables) and _in(left, target_tables)
            )
            if not both:
                _orm.unsupported("such a primaryjoin as that of %s" % self.shown)
            if any(column is left for column in foreign):
                pairs.append((left, right))
            elif any(column is right for column in foreign):
                pairs.append((right, left))
            elif any(column is left for column in annotated):
                pairs.append((left, right))
            elif any(column is right for column in annotated):
                pairs.append((right, left))
            elif _refers(left, right):
                pairs.append((left, right))
            elif _refers(right, left):
                pairs.append((right, left))
            elif foreign or annotated:
                rest = rest + [left == right]
        if not pairs:
            raise exc.ArgumentError(
                "Could not locate any relevant foreign key columns for primary join condition '%s'"
                " on relationship %s.  Ensure that referencing columns are associated with a "
                "ForeignKey or ForeignKeyConstraint, or are annotated in the join condition with "
                "the foreign() annotation." % (condition, self.shown)
            )
        self.extra_criteria = rest
        return pairs

    def _foreign_key_pairs(self, parent_tables, target_tables, foreign):
        groups = []
        for tables, others in ((parent_tables, target_tables), (target_tables, parent_tables)):
            for table in tables:
                for constraint in _orm.foreign_key_constraints(table):
                    pairs = []
                    for column, referred in constraint:
                        if referred is not None and _in(referred, others):
                            if not foreign or any(column is given for given in foreign):
                                pairs.append((column, referred))
                    if pairs and not any(pairs[0][0] is group[0][0] for group in groups):
                        groups.append(pairs)
        if self.parent.inherits is not None or self.target.inherits is not None:
            groups = self._without_inheritance(groups)
        # Two columns that refer to one table: the whole is ambiguous unless they are one key.
        if not groups:
            raise exc.NoForeignKeysError(
                "Could not determine join condition between parent/child tables on relationship %s"
                " - there are no foreign keys linking these tables.  Ensure that referencing"
                " columns are associated with a ForeignKey or ForeignKeyConstraint, or specify a"
                " 'primaryjoin' expression." % self.shown
            )
        if len(groups) > 1:
            raise exc.AmbiguousForeignKeysError(
                "Could not determine join condition between parent/child tables on relationship %s"
                " - there are multiple foreign key paths linking the tables.  Specify the"
                " 'foreign_keys' argument, providing a list of those columns which should be"
                " counted as containing a foreign key reference to the parent table." % self.shown
            )
        return groups[0]

    def _without_inheritance(self, groups):
        """Leaves out the keys by which a joined table refers to its parent's."""
        kept = []
        for group in groups:
            referring, referred = group[0]
            inherited = any(
                referring.table in mapping.tables and referred.table in mapping.tables
                and referring in mapping.key_by_column
                and mapping.key_by_column[referring] == mapping.key_by_column.get(referred)
                for mapping in (self.parent, self.target)
            )
            if not inherited:
                kept.append(group)
        return kept

    def _secondary_side(self, condition, tables, taken):
        """Pairs (column of the class, column of the secondary table)."""
        if condition is not None:
            equal, rest = _orm.equated(self._resolve(condition))
            if rest:
                _orm.unsupported("criteria in the joins of %s" % self.shown)
            pairs = []
            for left, right in equal:
                if left.table is self.secondary:
                    pairs.append((right, left))
                else:
                    pairs.append((left, right))
            return pairs
        pairs = []
        for constraint in _orm.foreign_key_constraints(self.secondary):
            found = [
                (referred, column)
                for column, referred in constraint
                if referred is not None and _in(referred, tables)
            ]
            pairs.extend(found)
        if not pairs:
            raise exc.NoForeignKeysError(
                "Could not determine join condition between parent/child tables on relationship %s"
                " - there are no foreign keys linking these tables via secondary table '%s'. "
                " Ensure that referencing columns are associated with a ForeignKey or"
                " ForeignKeyConstraint, or specify 'primaryjoin' and 'secondaryjoin' expressions."
                % (self.shown, self.secondary.name)
            )
        referred = [id(column) for column, _ in pairs]
        if len(set(referred)) != len(referred):
            raise exc.AmbiguousForeignKeysError(
                "Could not determine join condition between parent/child tables on relationship %s"
                " - there are multiple foreign key paths linking the tables via secondary table"
                " '%s'.  Specify the 'foreign_keys' argument, providing a list of those columns"
                " which should be counted as containing a foreign key reference from the secondary"
                " table to each of the parent and child tables."
                % (self.shown, self.secondary.name)
            )
        return pairs

    def _find_collection(self):
        uselist = self.keywords.get("uselist")
        collection = self.keywords.get("collection_class")
        annotated = self.__dict__.get("collection")
        if uselist is None:
            if self.annotation is not None:
                uselist = annotated is not None or self.annotation[0] != "Mapped"
            else:
                uselist = self.direction is not MANYTOONE
        self.uselist = bool(uselist)
        if collection is None and annotated == "set":
            collection = set
        self.collection_class = collection or list

    def _check_cascade(self):
        if self.delete_orphan and not self.single_parent and self.direction in (MANYTOONE, MANYTOMANY):
            kind = "many-to-one" if self.direction is MANYTOONE else "many-to-many"
            raise exc.ArgumentError(
                'For %s relationship %s, delete-orphan cascade is normally configured only on the'
                ' "one" side of a one-to-many relationship, and not on the "many" side of a'
                ' many-to-one or many-to-many relationship.  To force this relationship to allow a'
                ' particular "%s" object to be referenced by only a single "%s" object at a time'
                ' via the %s relationship, which would allow delete-orphan cascade to take place'
                ' in this direction, set the single_parent=True flag. (Background on this error at:'
                ' https://sqlalche.me/e/21/bbf0)'
                % (kind, self.shown, self.target.class_.__name__, self.parent.class_.__name__,
                   self.shown)
            )
        if self.passive_deletes == "all" and self.cascade & {"delete", "delete-orphan"}:
            raise exc.ArgumentError(
                "On %s, can't set passive_deletes='all' in conjunction with 'delete' or"
                " 'delete-orphan' cascade" % self.shown
            )
        if "delete-orphan" in self.cascade and "delete" not in self.cascade:
            _orm.warn("The 'delete-orphan' cascade option requires 'delete'.")

    def _backref(self):
        given = self.keywords.get("backref")
        if given is not None:
            name, keywords = (given, {}) if isinstance(given, str) else given
            self._make_backref(name, dict(keywords))
        names = self.back_populates
        if names is not None:
            names = [names] if isinstance(names, str) else list(names)
            for name in names:
                name = name if isinstance(name, str) else name.key
                other = self.target.relationships.get(name)
                if other is None:
                    raise exc.InvalidRequestError(
                        "Mapper '%s' has no property '%s'.  If this property was indicated from"
                        " other mappers or configure events, ensure registry.configure() has been"
                        " called." % (self.target.dispatch_name, name)
                    )
                _link(self, other)

    def _make_backref(self, name, keywords):
        for mapping in self.target.self_and_descendants():
            if name in mapping.relationships or name in mapping.columns:
                raise exc.ArgumentError(
                    "Error creating backref '%s' on relationship '%s': property of that name exists"
                    " on mapper '%s'" % (name, self.shown, mapping.dispatch_name)
                )
        for inherited in ("viewonly", "post_update", "passive_updates"):
            if self.keywords.get(inherited):
                keywords.setdefault(inherited, self.keywords[inherited])
        made = RelationshipConfiguration(self.target, name, (self.parent.class_,), keywords, None)
        made.target = self.parent
        made.secondary = self.secondary
        made.extra_criteria = self.extra_criteria
        made.order_by = []
        if keywords.get("order_by") is not None:
            order = made._resolve(keywords["order_by"])
            made.order_by = list(order) if isinstance(order, (list, tuple)) else [order]
        if self.direction is MANYTOMANY:
            made.direction = MANYTOMANY
            made.pairs, made.secondary_pairs = self.secondary_pairs, self.pairs
        else:
            made.direction = ONETOMANY if self.direction is MANYTOONE else MANYTOONE
            made.pairs = [(remote, local) for local, remote in self.pairs]
            made.secondary_pairs = []
        made._find_collection()
        made._check_cascade()
        made.use_get = (
            made.direction is MANYTOONE
            and not made.extra_criteria
            and len(made.pairs) == len(made.target.primary_key)
            and all(
                any(remote in made.target.columns[key].columns for _, remote in made.pairs)
                for key in made.target.primary_keys
            )
        )
        self.target.own_relationships.append(made)
        for mapping in self.target.self_and_descendants():
            mapping.relationships[name] = made if mapping is self.target else made.for_subclass(mapping)
        _orm.install_relationship(self.target.class_, name)
        _link(self, made)
        _link(made, self)

    # Of instances

    @property
    def mapper(self):
        return self.target.class_.__mapper__

    entity = mapper

    @property
    def local_columns(self):
        return {local for local, _ in self.pairs}

    @property
    def remote_side(self):
        if self.secondary is not None:
            return {of for _, of in self.pairs} | {of for _, of in self.secondary_pairs}
        return {remote for _, remote in self.pairs}

    @property
    def local_remote_pairs(self):
        if self.secondary is not None:
            return list(self.pairs) + list(self.secondary_pairs)
        return list(self.pairs)

    def local_keys(self):
        return [self.parent.key_by_column[local] for local, _ in self.pairs]

    def remote_keys(self):
        return [self.target.key_by_column[remote] for _, remote in self.pairs]

    def target_keys(self):
        """Of a many-to-many relationship: the target's attributes that the secondary refers to."""
        return [self.target.key_by_column[column] for column, _ in self.secondary_pairs]


def find_relationship(class_, key):
    """The relationship of a class, for what its property tells of it."""
    ensure_configured()
    return mapping_of(class_).relationships[key]


def _annotated(text):
    """The kind of collection and the name of the class in an annotation."""
    collection = None
    text = text.strip()
    while True:
        text = text.strip().strip("'\"").strip()
        found = re.match(r"^(?:[\w.]+\.)?(\w+)\[(.*)\]$", text)
        if found is not None:
            head, inside = found.group(1).lower(), found.group(2)
            if head in ("list", "set", "dict", "sequence", "mutablesequence", "collection"):
                collection = {"set": "set", "dict": "dict"}.get(head, "list")
            parts = [part for part in _split(inside, ",") if part.strip() not in ("None", "NoneType")]
            text = parts[-1]
            continue
        found = re.match(r"^(?:[\w.]+\.)?ForwardRef\((.*)\)$", text)
        if found is not None:
            text = found.group(1)
            continue
        parts = [part for part in _split(text, "|") if part.strip() not in ("None", "NoneType")]
        if len(parts) == 1 and parts[0] != text:
            text = parts[0]
            continue
        break
    found = re.match(r"^<class '(.*)'>$", text)
    if found is not None:
        text = found.group(1)
    return collection, text.split(".")[-1]


def _split(text, separator):
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        if character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == separator and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return parts


def _link(one, other):
    if other not in one.reverse:
        one.reverse.append(other)
    if one not in other.reverse:
        other.reverse.append(one)
    if not one.viewonly and not other.viewonly and other not in one.backrefs:
        if one.keywords.get("sync_backref") is not False:
            one.backrefs.append(other)
    if one.direction is not None and one.direction == other.__dict__.get("direction"):
        if one.direction is not MANYTOMANY:
            raise exc.ArgumentError(
                "%s and back-reference %s are both of the same direction %r.  Did you"
                " mean to set remote_side on the many-to-one side ?"
                % (one.shown, other.shown, one.direction)
            )


def _in(column, tables):
    return any(column.table is table for table in tables)


def _refers(column, other):
    return any(key.column is other for key in column.foreign_keys)
