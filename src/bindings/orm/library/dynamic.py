"""Relationships that are never loaded whole: `lazy="dynamic"` and `lazy="write_only"`."""

import _sqlalchemy_orm as _orm

from sqlalchemy import delete, exc, insert, select, update
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm import attributes
from sqlalchemy.orm.attributes import PendingChanges, modified
from sqlalchemy.orm.events import AttributeEvent, AttributeEventToken
from sqlalchemy.orm.query import Query
from sqlalchemy.orm.relationships import MANYTOMANY
from sqlalchemy.orm.state import instance_str
from sqlalchemy.orm.util import related_condition


def _pending(state, relationship):
    return state.pending_changes.setdefault(relationship.key, PendingChanges())


def change(state, obj, relationship, item, what, initiator=None):
    """Appends to or removes from a collection that stays in the database."""
    from_backref = initiator is not None
    if initiator is None:
        op = AttributeEvent.OP_APPEND if what == "append" else AttributeEvent.OP_REMOVE
        initiator = AttributeEventToken(relationship.key, op)
        initiator.relationship = relationship
    item = state.mapping.events.changed(what, state, relationship.key, item, None, initiator)
    attributes._check_mapped(item)
    if what == "append":
        _pending(state, relationship).append(item)
        attributes._gained_parent(state, relationship, item, from_backref)
    else:
        _pending(state, relationship).remove(item)
        attributes._lost_parent(state, relationship, item)
    modified(state, obj)
    attributes._tell_backrefs(relationship, obj, item, what, initiator)


def assign(state, obj, relationship, values):
    values = list(values)
    before = []
    if state.has_identity:
        if relationship.lazy == "write_only":
            raise exc.InvalidRequestError(
                'Collection "%s" does not support implicit iteration; collection replacement'
                " operations can't be used" % relationship.shown
            )
        before = list(AppenderQuery(state, obj, relationship))
    before += [
        item for item in _pending(state, relationship).added
        if not any(item is known for known in before)
    ]
    modified(state, obj)
    for item in values:
        if not any(item is known for known in before):
            change(state, obj, relationship, item, "append")
    for item in before:
        if not any(item is known for known in values):
            change(state, obj, relationship, item, "remove")


def _statement(state, obj, relationship):
    target = relationship.target.class_
    statement = select(target)
    if relationship.direction is MANYTOMANY:
        statement = statement.select_from(_orm.selectable(target), relationship.secondary)
    statement = statement.where(related_condition(relationship, obj, target))
    if relationship.order_by:
        statement = statement.order_by(*relationship.order_by)
    return statement


def stored(session, state, obj, relationship):
    """The objects in the database, without a flush."""
    with session.no_autoflush:
        return session.scalars(_statement(state, obj, relationship)).all()


def collection_of(state, obj, relationship):
    if relationship.lazy == "write_only":
        return WriteOnlyCollection(state, obj, relationship)
    return AppenderQuery(state, obj, relationship)


class _Changes:
    def _start(self, state, obj, relationship):
        self.state = state
        self.instance = obj
        self.relationship = relationship

    def add(self, item):
        change(self.state, self.instance, self.relationship, item, "append")

    def append(self, item):
        self.add(item)

    def add_all(self, iterator):
        for item in list(iterator):
            self.add(item)

    def extend(self, iterator):
        self.add_all(iterator)

    def remove(self, item):
        change(self.state, self.instance, self.relationship, item, "remove")


class WriteOnlyCollection(_Changes):
    """`lazy="write_only"`."""

    def __init__(self, state, obj, relationship):
        self._start(state, obj, relationship)

    def select(self):
        return _statement(self.state, self.instance, self.relationship)

    def insert(self):
        if self.state.key is None:
            raise exc.InvalidRequestError("Can't use insert() on a collection of a transient object")
        values = {
            remote.key: getattr(self.instance, key)
            for (_, remote), key in zip(
                self.relationship.pairs, self.relationship.local_keys()
            )
        }
        return insert(self.relationship.target.class_).values(values)

    def update(self):
        target = self.relationship.target.class_
        return update(target).where(related_condition(self.relationship, self.instance, target))

    def delete(self):
        target = self.relationship.target.class_
        return delete(target).where(related_condition(self.relationship, self.instance, target))

    def __iter__(self):
        raise TypeError(
            "WriteOnly collections don't support iteration in-place; to query for collection"
            " items, use the select() method to produce a SQL statement and execute it with"
            " session.scalars()."
        )


class AppenderQuery(_Changes, Query):
    """`lazy="dynamic"`: a query that also appends and removes."""

    def __init__(self, state, obj, relationship):
        self._start(state, obj, relationship)
        session = state.session
        Query.__init__(self, [relationship.target.class_], session)
        if state.key is not None:
            if session is None:
                raise orm_exc.DetachedInstanceError(
                    "Parent instance %s is not attached to any Session; dynamic relationship"
                    " collections can't be loaded" % instance_str(obj)
                )
            self._statement = _statement(state, obj, relationship)

    def _local(self):
        if self.state.key is None:
            pending = self.state.pending_changes.get(self.relationship.key)
            return [] if pending is None else list(pending.added)
        return None

    def __iter__(self):
        found = self._local()
        return iter(found) if found is not None else Query.__iter__(self)

    def all(self):
        found = self._local()
        return found if found is not None else Query.all(self)

    def count(self):
        found = self._local()
        return len(found) if found is not None else Query.count(self)

    def __getitem__(self, index):
        found = self._local()
        return found[index] if found is not None else Query.__getitem__(self, index)
