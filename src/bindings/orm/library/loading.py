"""From rows to instances: entities of a statement, lazy and eager loads."""

import _sqlalchemy_orm as _orm

from sqlalchemy import and_, exc, or_, select
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm.attributes import set_loaded
from sqlalchemy.orm.mapping import mapping_of
from sqlalchemy.orm.relationships import MANYTOMANY, MANYTOONE
from sqlalchemy.orm.state import InstanceState, instance_state, instance_str
from sqlalchemy.orm.strategy_options import (
    column_is_deferred, raises_on_load, steps_for, strategy_of,
)
from sqlalchemy.orm.util import (
    AliasedClass, adapted, entity_mapping, related_condition,
)

EAGER = ("joined", "selectin")
# How many keys one SELECT of an eager load asks for.
CHUNK = 500


class EntityLoader:
    """Makes instances of one entity out of the columns of a row."""

    def __init__(self, session, entity, steps=(), path=(), populate_existing=False, adapt=None):
        self.session = session
        self.entity = entity
        self.mapping = mapping = entity_mapping(entity)
        self.steps = steps
        self.path = path
        self.populate_existing = populate_existing
        self.start = 0
        self.columns = []
        self.keys = []
        pairs = entity._pairs() if isinstance(entity, AliasedClass) else None
        for key, attribute in list(mapping.columns.items()) + list(mapping.expressions.items()):
            if column_is_deferred(steps, path, attribute, mapping.primary_keys):
                if key != mapping.polymorphic_key:
                    continue
            expression = attribute.column
            if pairs is not None:
                try:
                    expression = entity._column(expression)
                except (KeyError, AttributeError):
                    expression = _orm.adapt(expression, pairs)
            if adapt is not None:
                expression = _orm.adapt(expression, adapt)
            self.keys.append(key)
            self.columns.append(expression)
        self.discriminator = None
        if mapping.polymorphic_key is not None:
            self.discriminator = self.keys.index(mapping.polymorphic_key)
        elif mapping.polymorphic_expression is not None:
            expression = mapping.polymorphic_expression
            self.discriminator = len(self.columns)
            self.columns.append(_orm.adapt(expression, pairs) if pairs else expression)
        self.primary = [self.keys.index(key) for key in mapping.primary_keys]
        self.loaded = []
        self.seen = set()

    @property
    def name(self):
        if isinstance(self.entity, AliasedClass):
            return self.entity._alias_name or self.mapping.class_.__name__
        return self.mapping.class_.__name__

    def _mapping_for(self, row):
        if self.discriminator is None:
            return self.mapping
        identity = row[self.start + self.discriminator]
        if identity is None:
            return self.mapping
        found = self.mapping.polymorphic_map.get(identity)
        if found is None:
            raise AssertionError(
                "No such polymorphic_identity %r is defined" % (identity,)
            )
        return found if found.is_a(self.mapping) else self.mapping

    def instance(self, row):
        """The instance of a row, or None where an outer join found nothing."""
        primary_key = tuple([row[self.start + place] for place in self.primary])
        if all(value is None for value in primary_key):
            return None
        if None in primary_key and not self.mapping.arguments.get("allow_partial_pks", True):
            return None
        mapping = self._mapping_for(row)
        session = self.session
        key = mapping.identity_key(primary_key)
        state = session._identity_state(key)
        is_new = False
        if state is None:
            obj = _orm.new_instance(mapping.class_)
            state = InstanceState(obj, mapping)
            obj.__dict__["_sa_instance_state"] = state
            state.key = key
            is_new = True
        else:
            obj = state.obj()
        values = obj.__dict__
        load_all = is_new or (self.populate_existing and id(obj) not in self.seen)
        refreshed = []
        expired = state.expired_attributes
        if load_all and not is_new:
            state.commit_all()
        for place, name in enumerate(self.keys):
            if load_all or name in expired or name not in values:
                if not load_all and name in state.committed:
                    continue
                values[name] = row[self.start + place]
                refreshed.append(name)
                expired.discard(name)
        if refreshed:
            state.expired = False
        if is_new:
            state.load_options = (self.steps, self.path)
            session._loaded(state, obj)
            mapping.events.load(state, session._context)
        elif refreshed and id(obj) not in self.seen:
            if self.steps:
                state.load_options = (self.steps, self.path)
            refreshed.extend(
                name for name in mapping.relationships if name in state.expired_relationships
            )
            state.expired_relationships.clear()
            mapping.events.refresh(state, session._context, refreshed)
        if id(obj) not in self.seen:
            self.seen.add(id(obj))
            self.loaded.append(obj)
        return obj

    def finish(self):
        """Loads what is to be loaded eagerly for the instances that came."""
        if self.loaded:
            load_eagerly(
                self.session, self.loaded, self.steps, self.path, self.populate_existing
            )


class EagerFromRow:
    """`contains_eager()`: the related objects are in the statement's own rows."""

    def __init__(self, parent, relationship, entity, steps, path):
        self.parent = parent
        self.relationship = relationship
        self.loader = EntityLoader(
            parent.session, entity, steps, path, parent.populate_existing
        )
        self.found = {}

    def row(self, obj, row):
        if obj is None:
            return None
        child = self.loader.instance(row)
        _, items = self.found.setdefault(id(obj), (obj, []))
        if child is not None and not any(item is child for item in items):
            items.append(child)
        return child

    def finish(self):
        key = self.relationship.key
        for obj, items in self.found.values():
            if key not in obj.__dict__ or self.parent.populate_existing:
                set_loaded(instance_state(obj), obj, self.relationship, items)
        self.loader.finish()


class Part:
    """One part of a statement's rows: an entity or a column."""

    def __init__(self, name, loader, count, start):
        self.name = name
        self.loader = loader
        self.count = count
        self.start = start
        self.eager = []


class SelectContext:
    """A SELECT of entities, ready to be executed."""

    def __init__(self, session, statement, entities, options, populate_existing=False, adapt=None):
        self.session = session
        self.parts = []
        self.columns = []
        self.needs_unique = False
        for raw in entities:
            mapping = entity_mapping(raw) if _orm.is_entity(raw) else None
            if mapping is None:
                found = _orm.columns_of(raw)
                if adapt is not None:
                    found = [_orm.adapt(column, adapt) for column in found]
                for column in found:
                    self.parts.append(
                        Part(_orm.column_name(column), None, 1, len(self.columns))
                    )
                    self.columns.append(column)
                continue
            steps = steps_for(options, raw, mapping.class_)
            loader = EntityLoader(session, raw, steps, (), populate_existing, adapt)
            loader.start = len(self.columns)
            part = Part(loader.name, loader, len(loader.columns), loader.start)
            self.parts.append(part)
            self.columns.extend(loader.columns)
            self._eager_parts(part, loader, steps)
            if joins_collection(mapping, steps):
                self.needs_unique = True
        for part in self.parts:
            for eager, _ in part.eager:
                eager.loader.start = len(self.columns)
                self.columns.extend(eager.loader.columns)
        self.statement = _orm.with_columns(statement, self.columns)

    def _eager_parts(self, part, loader, steps):
        made = {(): (loader, None)}
        for step in steps:
            if step.strategy != "contains_eager" or step.path in made:
                continue
            parent, above = made[step.path[:-1]]
            relationship = parent.mapping.relationships[step.path[-1]]
            entity = step.arguments[0] if step.arguments else None
            if entity is None:
                entity = relationship.target.class_
            elif not isinstance(entity, AliasedClass) and _orm.mapped_class(entity) is None:
                from sqlalchemy.orm.util import aliased
                entity = aliased(relationship.target.class_, entity)
            eager = EagerFromRow(parent, relationship, entity, steps, step.path)
            made[step.path] = (eager.loader, eager)
            part.eager.append((eager, above))

    def rows(self, result):
        """The rows with instances in the place of columns."""
        found = []
        for row in result:
            made = []
            for part in self.parts:
                if part.loader is None:
                    made.append(row[part.start])
                    continue
                obj = part.loader.instance(row)
                made.append(obj)
                children = {}
                for eager, above in part.eager:
                    owner = obj if above is None else children.get(id(above))
                    children[id(eager)] = eager.row(owner, row)
            found.append(made)
        for part in self.parts:
            for eager, _ in part.eager:
                eager.finish()
            if part.loader is not None:
                part.loader.finish()
        return found


def joins_collection(mapping, steps, path=()):
    for key, relationship in mapping.relationships.items():
        found = strategy_of(steps, path, key)
        strategy = relationship.lazy if found is None else found[0]
        if strategy in ("joined", "contains_eager"):
            if relationship.uselist:
                return True
            if found is not None and joins_collection(relationship.target, steps, path + (key,)):
                return True
    return False


# Lazy loads


def select_entity(session, mapping, condition, steps=(), path=(), order_by=(), populate=False):
    """The instances of a class for which a condition holds."""
    loader = EntityLoader(session, mapping.class_, steps, path, populate)
    statement = select(*loader.columns).select_from(_orm.selectable(mapping.class_))
    statement = statement.where(condition)
    criterion = _orm.single_criterion(mapping.class_)
    if criterion is not None:
        statement = statement.where(criterion)
    if order_by:
        statement = statement.order_by(*order_by)
    rows = session.connection().execute(statement).all()
    found = []
    for row in rows:
        obj = loader.instance(row)
        if obj is not None and not any(obj is known for known in found[-1:]):
            found.append(obj)
    loader.finish()
    return found


def load_by_key(session, mapping, primary_key, steps=(), populate=False, for_update=None):
    conditions = [
        column == value for column, value in zip(mapping.primary_key, primary_key)
    ]
    found = select_entity(session, mapping, and_(*conditions), steps, (), (), populate)
    return found[0] if found else None


def load_attribute(session, state, obj, key):
    """Loads an expired or deferred attribute, with all that are expired."""
    mapping = state.mapping
    steps, path = state.load_options
    wanted = set(state.expired_attributes)
    attribute = mapping.columns.get(key) or mapping.expressions.get(key)
    if attribute is None:
        return
    if key not in wanted:
        if attribute.raiseload or raises_on_load(steps, path, key):
            raise exc.InvalidRequestError(
                "'%s.%s' is not available due to raiseload=True" % (mapping.class_.__name__, key)
            )
        wanted.add(key)
        if attribute.group is not None:
            for name, other in mapping.columns.items():
                if other.group == attribute.group and name not in obj.__dict__:
                    wanted.add(name)
    load_columns(session, state, obj, wanted, key)


def load_columns(session, state, obj, wanted, needed=None):
    mapping = state.mapping
    attributes = [
        (key, attribute)
        for key, attribute in list(mapping.columns.items()) + list(mapping.expressions.items())
        if key in wanted and (key == needed or not _stays_deferred(state, attribute))
    ]
    conditions = [
        column == value for column, value in zip(mapping.primary_key, state.key[1])
    ]
    columns = [attribute.column for _, attribute in attributes]
    statement = select(*columns).select_from(_orm.selectable(mapping.class_)).where(*conditions)
    row = session.connection().execute(statement).first()
    if row is None:
        raise orm_exc.ObjectDeletedError(
            "Instance '%s' has been deleted, or its row is otherwise not present."
            % instance_str(obj)
        )
    values = obj.__dict__
    loaded = []
    for (key, _), value in zip(attributes, row):
        if key in values and key in state.committed:
            continue
        values[key] = value
        loaded.append(key)
        state.expired_attributes.discard(key)
    state.expired = False
    expired = [key for key in mapping.relationships if key in state.expired_relationships]
    state.expired_relationships.clear()
    if any(mapping.relationships[key].lazy in EAGER and key not in values for key in expired):
        load_eagerly(session, [obj], *state.load_options)
    mapping.events.refresh(state, session._context, loaded + expired)


def _stays_deferred(state, attribute):
    return attribute.deferred


def load_related(session, state, obj, relationship):
    """What a relationship of a persistent instance leads to, as a list."""
    steps, path = state.load_options
    below = path + (relationship.key,)
    if relationship.use_get:
        values = _local_values(state, obj, relationship)
        if all(value is None for value in values):
            return []
        key = relationship.target.identity_key(_in_key_order(relationship, values))
        known = session._identity_state(key)
        if known is not None and not known._deleted:
            found = known.obj()
            if not isinstance(found, relationship.target.class_):
                return []
            if known.expired and not session._is_still_there(known, found):
                return []
            return [found]
    elif any(value is None for value in _local_values(state, obj, relationship)):
        if relationship.direction is not MANYTOMANY:
            return []
    condition = related_condition(relationship, obj, relationship.target.class_)
    if relationship.use_get:
        conditions = [
            remote == value
            for (_, remote), value in zip(relationship.pairs, values)
        ]
        condition = and_(*conditions)
    found = _select_related(session, relationship, condition, steps, below)
    return found


def _select_related(session, relationship, condition, steps, path):
    target = relationship.target
    if relationship.direction is not MANYTOMANY:
        return select_entity(session, target, condition, steps, path, relationship.order_by)
    loader = EntityLoader(session, target.class_, steps, path)
    statement = (
        select(*loader.columns)
        .select_from(_orm.selectable(target.class_), relationship.secondary)
        .where(condition)
    )
    if relationship.order_by:
        statement = statement.order_by(*relationship.order_by)
    found = [loader.instance(row) for row in session.connection().execute(statement).all()]
    loader.finish()
    return found


def _local_values(state, obj, relationship):
    values = []
    for key in relationship.local_keys():
        values.append(getattr(obj, key))
    return values


def foreign_values(state, obj, relationship):
    """The foreign key of an instance as it is in the database."""
    values = []
    for key in relationship.local_keys():
        if key not in obj.__dict__:
            getattr(obj, key)
        before = state.committed.get(key)
        values.append(before if _is_known(before) else obj.__dict__.get(key))
    return values


def _is_known(value):
    from sqlalchemy.orm.state import NO_VALUE
    return value is not None and value is not NO_VALUE


def _in_key_order(relationship, values):
    """Values of the remote columns in the order of the target's primary key."""
    by_key = dict(zip(relationship.remote_keys(), values))
    return [by_key[key] for key in relationship.target.primary_keys]


# Eager loads


def load_eagerly(session, objects, steps, path, populate_existing=False, above=()):
    by_mapping = {}
    for obj in objects:
        by_mapping.setdefault(instance_state(obj).mapping, []).append(obj)
    done = set()
    for mapping in by_mapping:
        for key, relationship in mapping.relationships.items():
            if relationship.name in done:
                continue
            found = strategy_of(steps, path, key)
            if found is None:
                if relationship.lazy not in EAGER or relationship.name in above:
                    continue
            elif found[0] not in EAGER:
                continue
            done.add(relationship.name)
            owners = [
                obj
                for other, group in by_mapping.items()
                for obj in group
                if other.is_a(relationship.origin)
            ]
            wanted = [obj for obj in owners if key not in obj.__dict__ or populate_existing]
            criteria = () if found is None else [
                item for item in found[1] if _orm.is_expression(item)
            ]
            children = []
            for first in range(0, len(wanted), CHUNK):
                children.extend(
                    select_in(
                        session, wanted[first:first + CHUNK], relationship, steps, path + (key,),
                        criteria,
                    )
                )
            if not children:
                continue
            unique = []
            seen = set()
            for child in children:
                if id(child) not in seen:
                    seen.add(id(child))
                    unique.append(child)
            load_eagerly(
                session, unique, steps, path + (key,), populate_existing,
                above + (relationship.name,) + tuple(other.name for other in relationship.reverse),
            )


def _condition_in(columns, keys):
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return or_(*[
        and_(*[column == value for column, value in zip(columns, key)]) for key in keys
    ])


def select_in(session, objects, relationship, steps, path, criteria=()):
    """Loads one relationship of many instances; all the related objects."""
    target = relationship.target
    owners = {}
    for obj in objects:
        state = instance_state(obj)
        key = tuple(_local_values(state, obj, relationship))
        owners.setdefault(key, []).append(obj)
    keys = [key for key in owners if not any(value is None for value in key)]
    found = {}
    if relationship.use_get and not criteria:
        missing = []
        for key in keys:
            known = session._identity_state(
                target.identity_key(_in_key_order(relationship, key))
            )
            if known is not None and not known.expired_attributes:
                found[key] = [known.obj()]
            else:
                missing.append(key)
        keys = missing
    loader = EntityLoader(session, target.class_, steps, path)
    if keys:
        if relationship.direction is MANYTOMANY:
            owner_columns = [of for _, of in relationship.pairs]
            conditions = [
                column == of for column, of in relationship.secondary_pairs
            ]
            froms = [_orm.selectable(target.class_), relationship.secondary]
        else:
            owner_columns = [remote for _, remote in relationship.pairs]
            conditions = list(relationship.extra_criteria)
            froms = [_orm.selectable(target.class_)]
        conditions.append(_condition_in(owner_columns, keys))
        criterion = _orm.single_criterion(target.class_)
        if criterion is not None:
            conditions.append(criterion)
        conditions.extend(criteria)
        statement = select(*owner_columns, *loader.columns).select_from(*froms).where(*conditions)
        if relationship.order_by:
            statement = statement.order_by(*relationship.order_by)
        loader.start = len(owner_columns)
        for row in session.connection().execute(statement).all():
            key = tuple([row[place] for place in range(len(owner_columns))])
            found.setdefault(key, []).append(loader.instance(row))
    children = []
    for key, group in owners.items():
        items = found.get(key, [])
        for obj in group:
            set_loaded(instance_state(obj), obj, relationship, items)
        children.extend(items)
    return children
