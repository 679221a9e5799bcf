"""Reading and changing the attributes of mapped instances."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm.collections import InstrumentedDict, items_of, new_collection
from sqlalchemy.orm.events import AttributeEvent, AttributeEventToken
from sqlalchemy.orm.state import (
    NO_VALUE, History, InstanceState, instance_state, instance_str, mapped_state,
)

PENDING_DETACHED = "(Background on this error at: https://sqlalche.me/e/21/bhk3)"


class PendingChanges:
    """What was added to and removed from a collection that is not loaded yet."""

    def __init__(self):
        self.added = []
        self.removed = []

    def append(self, item):
        if not _take(self.removed, item) and not _has(self.added, item):
            self.added.append(item)

    def remove(self, item):
        if not _take(self.added, item) and not _has(self.removed, item):
            self.removed.append(item)


def _take(items, item):
    for index, known in enumerate(items):
        if known is item:
            del items[index]
            return True
    return False


def _has(items, item):
    return any(known is item for known in items)


# Reading


def get_attribute(obj, key):
    """The value of a mapped attribute that the instance's dictionary does not have."""
    state = instance_state(obj)
    mapping = state.mapping
    relationship = mapping.relationships.get(key)
    if relationship is not None:
        return _get_related(state, obj, relationship)
    if state.key is None:
        if key == mapping.polymorphic_key and mapping.identity is not None:
            obj.__dict__[key] = mapping.identity
            return mapping.identity
        return mapping.events.initial(state, key)
    if key in state.never_set:
        return None
    session = state.session
    if session is None:
        raise orm_exc.DetachedInstanceError(
            "Instance %s is not bound to a Session; attribute refresh operation cannot proceed %s"
            % (instance_str(obj), PENDING_DETACHED)
        )
    session._load_attribute(state, obj, key)
    return obj.__dict__.get(key)


def _get_related(state, obj, relationship):
    key = relationship.key
    if relationship.lazy in ("dynamic", "write_only"):
        from sqlalchemy.orm import dynamic
        return dynamic.collection_of(state, obj, relationship)
    if state.key is None:
        if not relationship.uselist:
            return None
        made = new_collection(state, relationship)
        obj.__dict__[key] = made
        return made
    lazy = relationship.lazy
    options = state.session._lazy_option(state, relationship) if state.session else None
    if options is not None:
        lazy = options
    if lazy == "noload":
        set_loaded(state, obj, relationship, [])
        return obj.__dict__[key]
    if lazy == "raise" or (lazy == "raise_on_sql" and not relationship.use_get):
        raise exc.InvalidRequestError(
            "'%s' is not available due to lazy='%s'" % (relationship.shown, lazy)
        )
    session = state.session
    if session is None:
        raise orm_exc.DetachedInstanceError(
            "Parent instance %s is not bound to a Session; lazy load operation of attribute '%s'"
            " cannot proceed %s" % (instance_str(obj), key, PENDING_DETACHED)
        )
    found = session._load_related(state, obj, relationship)
    if key not in obj.__dict__:
        set_loaded(state, obj, relationship, found)
    return obj.__dict__[key]


def set_loaded(state, obj, relationship, found):
    """Puts what was loaded into an instance: the related objects in a list."""
    key = relationship.key
    if not relationship.uselist:
        if len(found) > 1:
            _orm.warn(
                "Multiple rows returned with uselist=False for lazily-loaded attribute '%s' "
                % relationship.shown
            )
        obj.__dict__[key] = found[0] if found else None
        return
    made = new_collection(state, relationship)
    for item in found:
        made._sa_append(item)
    pending = state.pending_changes.pop(key, None)
    if pending is not None and (pending.added or pending.removed):
        state.committed[key] = list(made._sa_iterate())
        for item in pending.added:
            if not _has(made._sa_iterate(), item):
                made._sa_append(item)
        for item in pending.removed:
            made._sa_discard(item)
    obj.__dict__[key] = made


# Changing


def modified(state, obj):
    """Notes that an instance has changes that are not flushed."""
    if state.modified:
        return
    state.modified = True
    session = state.session
    if session is not None:
        if state.key is not None:
            session._note_modified(state, obj)
        session._autobegin()


def set_attribute(obj, key, value):
    """`obj.key = value` for a mapped attribute."""
    state = instance_state(obj)
    mapping = state.mapping
    relationship = mapping.relationships.get(key)
    initiator = AttributeEventToken(key, AttributeEvent.OP_REPLACE)
    if relationship is None:
        _set_column(state, obj, key, value, initiator)
    elif relationship.lazy in ("dynamic", "write_only"):
        from sqlalchemy.orm import dynamic
        dynamic.assign(state, obj, relationship, value)
    elif relationship.uselist:
        _set_collection(state, obj, relationship, value)
    else:
        _set_related(state, obj, relationship, value, initiator)


def _set_column(state, obj, key, value, initiator):
    values = obj.__dict__
    mapping = state.mapping
    old = values.get(key, NO_VALUE)
    events = mapping.events
    if old is NO_VALUE and state.key is not None and key not in state.never_set:
        attribute = mapping.columns.get(key)
        if key in mapping.primary_keys or events.wants_history(key) or (
            attribute is not None and attribute.active_history
        ):
            old = get_attribute(obj, key)
    value = events.changed("set", state, key, value, old, initiator)
    if key not in state.committed:
        state.committed[key] = old
    values[key] = value
    state.expired_attributes.discard(key)
    modified(state, obj)
    events.modified(state, key, initiator)


def delete_attribute(obj, key):
    """`del obj.key`."""
    state = instance_state(obj)
    mapping = state.mapping
    values = obj.__dict__
    relationship = mapping.relationships.get(key)
    initiator = AttributeEventToken(key, AttributeEvent.OP_REMOVE)
    if relationship is not None:
        if relationship.uselist:
            collection = getattr(obj, key)
            collection.clear()
        else:
            old = getattr(obj, key)
            if old is None and key not in values:
                raise AttributeError("%s object does not have a value" % relationship.shown)
            _set_related(state, obj, relationship, None, initiator)
        values.pop(key, None)
        if state.key is None:
            return
        values[key] = new_collection(state, relationship) if relationship.uselist else None
        return
    if key not in values:
        if state.key is None or key not in state.expired_attributes:
            raise AttributeError(
                "%s.%s object does not have a value" % (type(obj).__name__, key)
            )
        get_attribute(obj, key)
    old = values.pop(key)
    mapping.events.changed("remove", state, key, old, old, initiator)
    state.committed.setdefault(key, old)
    modified(state, obj)


def _check_mapped(obj):
    if obj is not None and not _orm.is_mapped_instance(obj):
        raise AttributeError(
            "'%s' object has no attribute '_sa_instance_state'" % type(obj).__name__
        )


def _set_related(state, obj, relationship, value, initiator, from_backref=False):
    """A scalar relationship: the related object, or None."""
    key = relationship.key
    values = obj.__dict__
    old = values.get(key, NO_VALUE)
    events = state.mapping.events
    active = (
        not relationship.use_get or relationship.delete_orphan or relationship.single_parent
        or relationship.keywords.get("active_history") or events.wants_history(key)
    )
    if old is NO_VALUE and state.key is not None and not relationship.viewonly:
        if active and state.session is not None:
            with state.session.no_autoflush:
                old = _get_related(state, obj, relationship)
        elif state.session is not None:
            old = state.session._related_if_present(state, obj, relationship)
    value = events.changed("set", state, key, value, old, initiator)
    _check_mapped(value)
    if value is not None and relationship.single_parent:
        other = instance_state(value)
        if other.parents.get(relationship.name) and value is not old:
            raise exc.InvalidRequestError(
                "Instance %s is already associated with an instance of %s via its %s attribute,"
                " and is only allowed a single parent. (Background on this error at:"
                " https://sqlalche.me/e/21/bbf1)"
                % (instance_str(value), relationship.parent.class_, relationship.shown)
            )
    if key not in state.committed:
        state.committed[key] = old
    values[key] = value
    modified(state, obj)
    if old is value:
        return
    if old is not None and old is not NO_VALUE:
        _lost_parent(state, relationship, old)
        _tell_backrefs(relationship, obj, old, "remove", initiator, True)
    if value is not None:
        _gained_parent(state, relationship, value, from_backref)
        _tell_backrefs(relationship, obj, value, "append", initiator)
    events.modified(state, key, initiator)


def _gained_parent(state, relationship, item, from_backref):
    other = instance_state(item)
    if relationship.tracks_parent:
        other.parents[relationship.name] = state
    session = state.session
    if from_backref or session is None or "save-update" not in relationship.cascade:
        return
    if other.session is None or other.key is None:
        if other.session is not session:
            session._add_cascaded(item)
    other.orphaned = False


def _lost_parent(state, relationship, item):
    other = instance_state(item)
    if relationship.tracks_parent:
        last = other.parents.get(relationship.name)
        if last is not None and last is not False and last is not state:
            # It belongs to another one meanwhile.
            return
        other.parents[relationship.name] = False
    if relationship.delete_orphan and other.key is None:
        other.orphaned = True
        if other.session is not None and other.mapping.is_orphan(other):
            other.session.expunge(item)


def _ends(reverse, what, replaced):
    """The changes of the other end that a change of this end must not be carried back to."""
    if what == "append":
        if reverse.uselist:
            return (AttributeEvent.OP_APPEND, AttributeEvent.OP_BULK_REPLACE)
        return (AttributeEvent.OP_REPLACE,)
    if replaced:
        return (AttributeEvent.OP_REMOVE if reverse.uselist else AttributeEvent.OP_REPLACE,)
    if reverse.uselist:
        return (AttributeEvent.OP_REMOVE, AttributeEvent.OP_BULK_REPLACE)
    return (AttributeEvent.OP_REMOVE, AttributeEvent.OP_REPLACE)


def _tell_backrefs(relationship, obj, item, what, initiator, replaced=False):
    """Changes the other end of a relationship, unless the change came from there. Each class has
    attributes of its own: a change that came from a subclass did not come from its parent."""
    origin = getattr(initiator, "relationship", None)
    for reverse in relationship.backrefs:
        other_state = instance_state(item)
        if not other_state.mapping.is_a(reverse.parent):
            continue
        reverse = other_state.mapping.relationships[reverse.key]
        if origin is reverse and initiator.op in _ends(reverse, what, replaced):
            continue
        token = initiator
        if origin is None or replaced:
            token = AttributeEventToken(relationship.key, initiator.op)
            if replaced:
                token = AttributeEventToken(relationship.key, AttributeEvent.OP_REPLACE)
            token.relationship = relationship
        _from_backref(reverse, other_state, item, obj, what, token)


def _from_backref(reverse, state, owner, item, what, initiator):
    values = owner.__dict__
    key = reverse.key
    if reverse.lazy in ("dynamic", "write_only"):
        from sqlalchemy.orm import dynamic
        dynamic.change(state, owner, reverse, item, what, initiator)
        return
    if reverse.uselist:
        collection = values.get(key)
        if collection is None and state.key is None:
            collection = _get_related(state, owner, reverse)
        if collection is None:
            events = state.mapping.events
            pending = state.pending_changes.setdefault(key, PendingChanges())
            if what == "append":
                item = events.changed("append", state, key, item, None, initiator)
                pending.append(item)
                _gained_parent(state, reverse, item, True)
            else:
                events.changed("remove", state, key, item, None, initiator)
                pending.remove(item)
                _lost_parent(state, reverse, item)
            modified(state, owner)
            return
        if what == "append":
            item = collection._sa_adapter.append(item, initiator)
            collection._sa_append(item)
        elif _has(collection._sa_iterate(), item):
            collection._sa_adapter.remove(item, initiator)
            collection._sa_discard(item)
        return
    if what == "append":
        if values.get(key, NO_VALUE) is not item:
            _set_related(state, owner, reverse, item, initiator, True)
    else:
        current = values.get(key, NO_VALUE)
        if current is NO_VALUE and state.key is not None and state.session is not None:
            current = state.session._related_if_present(state, owner, reverse)
        if current is item or (current is NO_VALUE and state.key is not None):
            _set_related(state, owner, reverse, None, initiator, True)


# Collections


def _before_change(state, obj, relationship):
    key = relationship.key
    if key not in state.committed:
        collection = obj.__dict__.get(key)
        state.committed[key] = [] if collection is None else list(collection._sa_iterate())
    modified(state, obj)


def collection_append(adapter, item, initiator=None):
    """An object comes into a collection; the object that is to be stored."""
    state, relationship = adapter.owner_state, adapter.relationship
    obj = state.obj()
    if obj is None:
        return item
    if obj.__dict__.get(relationship.key) is not adapter.collection():
        return item
    from_backref = initiator is not None
    if initiator is None:
        initiator = AttributeEventToken(relationship.key, AttributeEvent.OP_APPEND)
        initiator.relationship = relationship
    item = state.mapping.events.changed("append", state, relationship.key, item, None, initiator)
    _before_change(state, obj, relationship)
    if item is None:
        # The flush refuses it.
        return None
    _check_mapped(item)
    _gained_parent(state, relationship, item, from_backref)
    _tell_backrefs(relationship, obj, item, "append", initiator)
    return item


def collection_remove(adapter, item, initiator=None):
    """An object leaves a collection."""
    state, relationship = adapter.owner_state, adapter.relationship
    obj = state.obj()
    if obj is None or item is None:
        return
    if obj.__dict__.get(relationship.key) is not adapter.collection():
        return
    if initiator is None:
        initiator = AttributeEventToken(relationship.key, AttributeEvent.OP_REMOVE)
        initiator.relationship = relationship
    state.mapping.events.changed("remove", state, relationship.key, item, None, initiator)
    _before_change(state, obj, relationship)
    _lost_parent(state, relationship, item)
    _tell_backrefs(relationship, obj, item, "remove", initiator)


def _set_collection(state, obj, relationship, values):
    """`obj.children = [...]`."""
    key = relationship.key
    current = obj.__dict__.get(key)
    if values is current and current is not None:
        return
    items = items_of(relationship, values)
    if current is None and (state.key is None or state.session is not None):
        current = _get_related(state, obj, relationship)
    old = [] if current is None else current._sa_iterate()
    initiator = AttributeEventToken(key, AttributeEvent.OP_BULK_REPLACE)
    state.mapping.events.bulk_replace(state, key, items, initiator)
    if key not in state.committed:
        state.committed[key] = list(old)
    modified(state, obj)
    made = new_collection(state, relationship)
    obj.__dict__[key] = made
    former, wanted = {id(item) for item in old}, {id(item) for item in items}
    for item in items:
        if id(item) in former:
            made._sa_append(item)
        else:
            made._sa_append(made._sa_adapter.append(item))
    for item in old:
        if id(item) not in wanted:
            made._sa_adapter.remove(item)
            if any(not reverse.uselist for reverse in relationship.backrefs):
                # The other end, now None, removes it once more.
                state.mapping.events.changed("remove", state, key, item, None, initiator)
    if current is not None:
        current._sa_adapter = None


# What SQLAlchemy's module has


def related_history(state, obj, relationship):
    """What was added to, is unchanged in and was deleted from a relationship: three lists."""
    key = relationship.key
    values = obj.__dict__
    pending = state.pending_changes.get(key)
    if relationship.lazy in ("dynamic", "write_only"):
        if pending is None:
            return [], [], []
        return list(pending.added), [], list(pending.removed)
    if key not in values:
        if pending is not None:
            return list(pending.added), [], list(pending.removed)
        return [], [], []
    current = values[key]
    if relationship.uselist:
        now = current._sa_iterate()
        if key not in state.committed:
            return [], list(now), []
        before = state.committed[key]
        before = [] if before is NO_VALUE else before
        former, present = {id(item) for item in before}, {id(item) for item in now}
        return (
            [item for item in now if id(item) not in former],
            [item for item in now if id(item) in former],
            [item for item in before if id(item) not in present],
        )
    if key not in state.committed:
        return [], ([] if current is None else [current]), []
    before = state.committed[key]
    if before is current:
        return [], [current], []
    deleted = [] if before is NO_VALUE or before is None else [before]
    if current is None:
        # To have been set to None is a change even where the former object is not known.
        return [None], [], deleted
    return [current], [], deleted


def get_history(obj, key, passive=None, _load=True):
    state = mapped_state(obj)
    relationship = state.mapping.relationships.get(key)
    if relationship is not None:
        if _load and key not in obj.__dict__:
            getattr(obj, key)
        if key not in obj.__dict__ and relationship.lazy not in ("dynamic", "write_only"):
            return History(((), (), ()))
        added, unchanged, deleted = related_history(state, obj, relationship)
        return History((added, unchanged, deleted))
    if _load and key not in obj.__dict__ and state.key is not None:
        getattr(obj, key)
    values = obj.__dict__
    if key not in values:
        if key in state.committed and state.committed[key] is not NO_VALUE:
            return History(((), (), [state.committed[key]]))
        return History(((), (), ()))
    current = values[key]
    if key not in state.committed:
        return History(((), [current], ()))
    before = state.committed[key]
    if before is NO_VALUE:
        return History(([current], (), ()))
    if before is current or before == current:
        return History(((), [current], ()))
    return History(([current], (), [before]))


def flag_modified(instance, key):
    """Marks an attribute as changed, as after a change inside its value."""
    state = mapped_state(instance)
    if key not in instance.__dict__:
        raise exc.InvalidRequestError(
            "Can't flag attribute '%s' modified; it's not present in the object state" % key
        )
    state.committed[key] = NO_VALUE
    modified(state, instance)


def flag_dirty(instance):
    modified(mapped_state(instance), instance)


def set_committed_value(instance, key, value):
    """Puts a value into an instance as if it had been loaded."""
    state = mapped_state(instance)
    relationship = state.mapping.relationships.get(key)
    if relationship is None:
        instance.__dict__[key] = value
    elif relationship.uselist:
        set_loaded(state, instance, relationship, items_of(relationship, value))
    else:
        set_loaded(state, instance, relationship, [] if value is None else [value])
    state.committed.pop(key, None)


def init_collection(obj, key):
    state = mapped_state(obj)
    made = new_collection(state, state.mapping.relationships[key])
    obj.__dict__[key] = made
    return made._sa_adapter
