"""Aliases of mapped classes, and what relationships stand for in statements."""

import _sqlalchemy_orm as _orm

from sqlalchemy import and_, exc, exists, not_, or_, select
from sqlalchemy.orm.mapping import ensure_configured, mapping_of
from sqlalchemy.orm.relationships import MANYTOMANY, MANYTOONE
from sqlalchemy.orm.state import instance_state, instance_str


class AliasedClass:
    """`aliased(Parent)`: the class over another name of its table, or over a subquery."""

    def __init__(self, class_, selectable, name, adapt_on_names=False):
        values = self.__dict__
        values["_sa_from"] = selectable
        values["_aliased_class"] = class_
        values["_alias_name"] = name
        values["_by_name"] = adapt_on_names

    def _column(self, column):
        """A column of the class, as a column of the alias."""
        return alias_column(self._sa_from, column, self._aliased_class)

    def __getattr__(self, name):
        class_ = self.__dict__["_aliased_class"]
        mapping = mapping_of(class_)
        name = mapping.synonyms.get(name, name)
        if name in mapping.columns:
            return _orm.remember_alias(self._column(mapping.columns[name].column), self, name)
        if name in mapping.relationships:
            return RelationshipComparator(self, name)
        if name in mapping.expressions:
            expression = mapping.expressions[name].column
            return _orm.adapt(expression, self._pairs())
        for ancestor in class_.__mro__:
            if name in ancestor.__dict__:
                found = ancestor.__dict__[name]
                get = _orm.hybrid(found, self)
                return get if get is not None else getattr(class_, name)
        raise AttributeError(name)

    def _pairs(self):
        found = []
        mapping = mapping_of(self._aliased_class)
        for attribute in mapping.columns.values():
            for column in attribute.columns:
                try:
                    found.append((column, self._column(column)))
                except KeyError:
                    pass
        return found

    def __repr__(self):
        return "<AliasedClass at %s; %s>" % (hex(id(self)), self._aliased_class.__name__)


def alias_column(selectable, column, class_):
    columns = selectable.c
    key = column.key
    if key in columns:
        return columns[key]
    if column.name in columns:
        return columns[column.name]
    qualified = "%s_%s" % (column.table.name, column.name)
    if qualified in columns:
        return columns[qualified]
    raise KeyError(column.key)


def aliased(element, alias=None, name=None, flat=False, adapt_on_names=False):
    class_ = _orm.mapped_class(element)
    if class_ is None:
        if alias is not None:
            raise exc.ArgumentError("adapt_on_names only applies to ORM elements")
        return element.alias(name)
    if isinstance(element, AliasedClass):
        class_ = element._aliased_class
    mapping = mapping_of(class_)
    if alias is not None:
        alias = getattr(alias, "_sa_select", alias)
        selectable = alias if hasattr(alias, "c") and not hasattr(alias, "subquery") else (
            alias.subquery(name)
        )
    else:
        if len(mapping.tables) > 1:
            _orm.unsupported(
                "aliased() of %s, whose table is joined to its parent's" % class_.__name__
            )
        selectable = mapping.tables[0].alias(name)
    return AliasedClass(class_, selectable, name, adapt_on_names)


def entity_mapping(entity):
    """The mapping of a mapped class or of an alias of one, or None."""
    if isinstance(entity, AliasedClass):
        return mapping_of(entity._aliased_class)
    class_ = _orm.mapped_class(entity)
    return None if class_ is None else mapping_of(class_)


def entity_column(entity, key):
    """A column attribute of an entity as an expression."""
    mapping = entity_mapping(entity)
    column = mapping.columns[key].column
    return entity._column(column) if isinstance(entity, AliasedClass) else column


def adapted(entity, column):
    if isinstance(entity, AliasedClass):
        return entity._column(column)
    return column


class RelationshipComparator:
    """A relationship in a statement: `Parent.children.any(...)`, `join(Parent.children)`."""

    def __init__(self, entity, key, target=None, criteria=None):
        ensure_configured()
        self.entity = entity
        self.key = key
        mapping = entity_mapping(entity)
        self.relationship = mapping.relationships[key]
        self.of = target
        self.criteria = criteria

    @property
    def class_(self):
        return entity_mapping(self.entity).class_

    @property
    def parent(self):
        return self.class_.__mapper__

    @property
    def target_entity(self):
        return self.of if self.of is not None else self.relationship.target.class_

    def of_type(self, entity):
        return RelationshipComparator(self.entity, self.key, entity, self.criteria)

    def and_(self, *criteria):
        return RelationshipComparator(self.entity, self.key, self.of, and_(*criteria))

    # Conditions

    def _join_condition(self, target):
        """The condition without a secondary table."""
        relationship = self.relationship
        # The referred column comes first, as in a condition made of foreign keys.
        sides = [
            (adapted(self.entity, local), adapted(target, remote))
            for local, remote in relationship.pairs
        ]
        if relationship.direction is MANYTOONE:
            sides = [(remote, local) for local, remote in sides]
        conditions = [one == other for one, other in sides]
        pairs = []
        if isinstance(target, AliasedClass):
            pairs += target._pairs()
        if isinstance(self.entity, AliasedClass):
            pairs += self.entity._pairs()
        for extra in relationship.extra_criteria:
            conditions.append(_orm.adapt(extra, pairs) if pairs else extra)
        return and_(*conditions)

    def _exists(self, criterion, values):
        relationship = self.relationship
        target = self.target_entity
        class_ = entity_mapping(target).class_
        inside = target
        same = not isinstance(target, AliasedClass) and any(
            table in relationship.parent.tables for table in relationship.target.tables
        )
        if same:
            inside = aliased(class_)
        conditions = []
        if criterion is not None:
            if same:
                criterion = _orm.adapt(_orm.clause(criterion), inside._pairs())
            conditions.append(criterion)
        if self.criteria is not None:
            conditions.append(self.criteria)
        for name, value in values.items():
            conditions.append(getattr(inside, name) == value)
        if relationship.direction is MANYTOMANY:
            secondary = relationship.secondary.alias() if same else relationship.secondary
            joins = [
                adapted(self.entity, column) == secondary.c[of.key]
                for column, of in relationship.pairs
            ] + [
                adapted(inside, column) == secondary.c[of.key]
                for column, of in relationship.secondary_pairs
            ]
            statement = select(1).select_from(secondary, _selectable(inside))
        else:
            saved, self.of = self.of, inside
            joins = [self._join_condition(inside)]
            self.of = saved
            statement = select(1).select_from(_selectable(inside))
        outer = _selectable(self.entity)
        statement = statement.where(*joins, *conditions)
        return _orm.exists_of(statement, outer)

    def any(self, criterion=None, **kwargs):
        if not self.relationship.uselist:
            raise exc.InvalidRequestError(
                "'any()' not implemented for scalar attributes. Use has()."
            )
        return self._exists(criterion, kwargs)

    def has(self, criterion=None, **kwargs):
        if self.relationship.uselist:
            raise exc.InvalidRequestError("'has()' not implemented for collections. Use any().")
        return self._exists(criterion, kwargs)

    def contains(self, other, **kwargs):
        if not self.relationship.uselist:
            raise exc.InvalidRequestError(
                "'contains' not implemented for scalar attributes.  Use =="
            )
        relationship = self.relationship
        if relationship.direction is MANYTOMANY:
            target = self.target_entity
            conditions = [
                column == value
                for column, value in zip(
                    [adapted(target, column) for column in relationship.target.primary_key],
                    instance_state(other).mapping.primary_key_of(_loaded(other)),
                )
            ]
            return self._exists(and_(*conditions), {})
        return self._equals_instance(other)

    def _equals_instance(self, other, negated=False):
        if not _orm.is_mapped_instance(other):
            raise exc.ArgumentError(
                "Mapped instance expected for relationship comparison to object.   Classes,"
                " queries and other SQL elements are not accepted in this context; for comparison"
                " with a subquery, use %s.has(**criteria)." % self.relationship.shown
            )
        relationship = self.relationship
        session = instance_state(other).session
        if session is not None and instance_state(other).key is None:
            # SQLAlchemy asks for the key when it executes, which is after a flush.
            session._autoflush()
        conditions = []
        for (local, _), key in zip(relationship.pairs, relationship.remote_keys()):
            value = _value_of(other, key)
            column = adapted(self.entity, local)
            if negated:
                conditions.append(or_(column != value, column.is_(None)))
            else:
                conditions.append(column == value)
        return or_(*conditions) if negated else and_(*conditions)

    def __eq__(self, other):
        relationship = self.relationship
        if other is None:
            if relationship.direction is MANYTOONE:
                return and_(*[adapted(self.entity, local).is_(None) for local, _ in relationship.pairs])
            return not_(self._exists(None, {}))
        if relationship.uselist:
            raise exc.InvalidRequestError(
                "Can't compare a collection to an object or collection; use contains() to test for"
                " membership."
            )
        return self._equals_instance(other)

    def __ne__(self, other):
        relationship = self.relationship
        if other is None:
            if relationship.direction is MANYTOONE:
                return and_(
                    *[adapted(self.entity, local).is_not(None) for local, _ in relationship.pairs]
                )
            return self._exists(None, {})
        if relationship.uselist:
            return not_(self.contains(other))
        return self._equals_instance(other, True)

    def __hash__(self):
        return id(self)

    def is_(self, other):
        raise NotImplementedError("<function is_ at %s>" % hex(id(self)))

    def is_not(self, other):
        raise NotImplementedError("<function is_not at %s>" % hex(id(self)))

    isnot = is_not

    def in_(self, other):
        raise NotImplementedError(
            "in_() not yet supported for relationships.  For a simple many-to-one, use in_()"
            " against the set of foreign key values."
        )

    def __str__(self):
        return self.relationship.shown

    # Joins

    def joins(self, left_is_given=False):
        """What `join()` adds: (left, right, condition) for each table."""
        relationship = self.relationship
        target = self.target_entity
        left = _selectable(self.entity)
        right = _selectable(target)
        if relationship.direction is MANYTOMANY:
            secondary = relationship.secondary
            first = and_(*[
                adapted(self.entity, column) == of for column, of in relationship.pairs
            ])
            second = and_(*[
                adapted(target, column) == of for column, of in relationship.secondary_pairs
            ])
            if self.criteria is not None:
                second = and_(second, self.criteria)
            return [(left, secondary, first), (None, right, second)]
        condition = self._join_condition(target)
        if self.criteria is not None:
            condition = and_(condition, self.criteria)
        return [(left, right, condition)]

    @property
    def property(self):
        return getattr(self.class_, self.key).property


def _selectable(entity):
    if isinstance(entity, AliasedClass):
        return entity._sa_from
    return _orm.selectable(entity)


def _loaded(obj):
    state = instance_state(obj)
    for key in state.mapping.primary_keys:
        getattr(obj, key)
    return obj


def _value_of(obj, key):
    """A key of an object that a condition compares with, as it is in the database."""
    state = instance_state(obj)
    if state.key is not None and key in state.mapping.primary_keys:
        return state.key[1][state.mapping.primary_keys.index(key)]
    if state.key is None and key not in obj.__dict__:
        raise exc.StatementError(
            "(sqlalchemy.exc.InvalidRequestError) Can't resolve value for column %s on object %s;"
            " no value has been set for this column"
            % (state.mapping.columns[key].column, instance_str(obj))
        )
    value = getattr(obj, key)
    if value is None:
        _orm.warn(
            "Got None for value of column %s.%s; this is unsupported for a relationship comparison"
            " and will not currently produce an IS comparison (but may in a future release)"
            % (state.mapping.columns[key].column.table.name, key)
        )
    return value


def comparator(class_, key):
    """The comparator of `Parent.children`."""
    return RelationshipComparator(class_, key)


def with_parent(instance, prop, from_entity=None):
    """The condition that a row is related to an instance."""
    if not isinstance(prop, RelationshipComparator):
        prop = RelationshipComparator(prop.class_, prop.key)
    relationship = prop.relationship
    target = from_entity if from_entity is not None else prop.target_entity
    return related_condition(relationship, instance, target)


def related_condition(relationship, obj, target):
    """The condition for the target's rows that an instance's relationship leads to."""
    if relationship.direction is MANYTOMANY:
        secondary = relationship.secondary
        conditions = [
            of == _value_of(obj, key)
            for (_, of), key in zip(relationship.pairs, relationship.local_keys())
        ] + [
            adapted(target, column) == of for column, of in relationship.secondary_pairs
        ]
    else:
        conditions = [
            adapted(target, remote) == _value_of(obj, key)
            for (_, remote), key in zip(relationship.pairs, relationship.local_keys())
        ]
        pairs = target._pairs() if isinstance(target, AliasedClass) else []
        values = [
            (attribute.column, _value_of(obj, key))
            for key, attribute in relationship.parent.columns.items()
            if not any(attribute.column.table is table for table in relationship.target.tables)
        ] if relationship.extra_criteria else []
        for extra in relationship.extra_criteria:
            conditions.append(_orm.adapt(extra, pairs + values))
    return and_(*conditions)


class Bundle:
    """`Bundle("name", Parent.a, Parent.b)`: several columns as one part of a row."""

    def __init__(self, name, *exprs, single_entity=False):
        _orm.unsupported("Bundle()")


def identity_key(*args, instance=None, row=None, identity_token=None, ident=None):
    if instance is not None:
        state = instance_state(instance)
        return state.mapping.identity_key(state.mapping.primary_key_of(instance))
    class_, ident = args[0], args[1] if len(args) > 1 else ident
    if not isinstance(ident, (list, tuple)):
        ident = (ident,)
    return mapping_of(class_).identity_key(ident)


def was_deleted(obj):
    return instance_state(obj).was_deleted


def object_state(obj):
    return instance_state(obj)


def with_polymorphic(base, classes, selectable=False, flat=False, polymorphic_on=None,
                     aliased=False, innerjoin=False, adapt_on_names=False, name=None):
    _orm.unsupported("with_polymorphic()")


def polymorphic_union(*args, **kw):
    _orm.unsupported("polymorphic_union()")


def join(left, right, onclause=None, isouter=False, full=False):
    if isinstance(onclause, RelationshipComparator) or _orm.is_attribute(onclause):
        if _orm.is_relationship(onclause) or isinstance(onclause, RelationshipComparator):
            if not isinstance(onclause, RelationshipComparator):
                onclause = RelationshipComparator(onclause.class_, onclause.key)
            if isinstance(right, AliasedClass):
                onclause = onclause.of_type(right)
            made = None
            for start, end, condition in onclause.joins():
                start = start if made is None else made
                made = _orm.join(start, end, condition, isouter, full)
            return made
    return _orm.join(_selectable_or(left), _selectable_or(right), onclause, isouter, full)


def outerjoin(left, right, onclause=None, full=False):
    return join(left, right, onclause, True, full)


def _selectable_or(value):
    if isinstance(value, AliasedClass) or _orm.mapped_class(value) is not None:
        return _selectable(value)
    return value
