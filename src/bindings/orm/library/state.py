"""The state that a session keeps for each instance of a mapped class."""

import enum

import _sqlalchemy_orm as _orm

from sqlalchemy.orm.mapping import mapping_of


class LoaderCallableStatus(enum.Enum):
    PASSIVE_NO_RESULT = 0
    PASSIVE_CLASS_MISMATCH = 1
    ATTR_WAS_SET = 2
    ATTR_EMPTY = 3
    NO_VALUE = 4


NO_VALUE = LoaderCallableStatus.NO_VALUE


class History(tuple):
    """`inspect(obj).attrs.name.history`: what was added, is unchanged, was deleted."""

    @property
    def added(self):
        return self[0]

    @property
    def unchanged(self):
        return self[1]

    @property
    def deleted(self):
        return self[2]

    def has_changes(self):
        return bool(self[0] or self[2])

    def empty(self):
        return not self[0] and not self[1] and not self[2]

    def sum(self):
        return list(self[0]) + list(self[1]) + list(self[2])

    def non_deleted(self):
        return list(self[0]) + list(self[1])

    def non_added(self):
        return list(self[1]) + list(self[2])

    def __repr__(self):
        return "History(added=%r, unchanged=%r, deleted=%r)" % (self[0], self[1], self[2])


class AttributeState:
    """One attribute of `inspect(obj).attrs`."""

    def __init__(self, state, key):
        self.state = state
        self.key = key

    @property
    def loaded_value(self):
        return self.state.dict.get(self.key, NO_VALUE)

    @property
    def value(self):
        return getattr(self.state.obj(), self.key)

    @property
    def history(self):
        from sqlalchemy.orm.attributes import get_history
        return get_history(self.state.obj(), self.key, _load=False)

    def load_history(self):
        from sqlalchemy.orm.attributes import get_history
        return get_history(self.state.obj(), self.key)


class AttributeStates:
    """`inspect(obj).attrs`: by name, as attributes and as items."""

    def __init__(self, state):
        self._states = {key: AttributeState(state, key) for key in state.mapping.attribute_keys()}

    def __getattr__(self, name):
        try:
            return self._states[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name):
        return self._states[name]

    def __contains__(self, name):
        return name in self._states

    def __iter__(self):
        return iter(self._states.values())

    def keys(self):
        return list(self._states)

    def values(self):
        return list(self._states.values())

    def items(self):
        return list(self._states.items())

    def get(self, name, default=None):
        return self._states.get(name, default)


class InstanceState:
    """What a session knows about one instance; `inspect(obj)` returns it.

    The instance is held weakly: the identity map keeps no row alive that nobody holds, so that it
    is read anew the next time, as in SQLAlchemy.
    """

    def __init__(self, obj, mapping):
        self.obj = _orm.ref(obj)
        self.mapping = mapping
        # The identity key, once the row is in the database: (class, primary key, None).
        self.key = None
        # Whether the row was inserted by a flush that is not over: to others it is pending yet.
        self.inserting = False
        self._session = None
        # The values before the first change since the last flush, of the attributes that changed.
        self.committed = {}
        # The attributes that the next access loads together.
        self.expired_attributes = set()
        # Whether all were expired and none was loaded since.
        self.expired = False
        # The relationships that were expired with them, which `refresh` events name.
        self.expired_relationships = set()
        # The attributes that had no value when the row was inserted: None, without a SELECT.
        self.never_set = set()
        self.modified = False
        # Whether the row was deleted in the running transaction.
        self._deleted = False
        # Whether the instance was removed from a parent of the delete-orphan kind while pending.
        self.orphaned = False
        # Appends to and removals from collections that are not loaded: (added, removed) by key.
        self.pending_changes = {}
        # By relationship: the state of the instance's last parent, or False without one.
        self.parents = {}
        self.insert_order = 0
        # The loader options of the query that loaded the instance: (options, path).
        self.load_options = ((), ())

    @property
    def dict(self):
        obj = self.obj()
        return {} if obj is None else obj.__dict__

    @property
    def session(self):
        return None if self._session is None else self._session()

    @property
    def async_session(self):
        return None

    @property
    def class_(self):
        return self.mapping.class_

    @property
    def mapper(self):
        return self.mapping.class_.__mapper__

    @property
    def object(self):
        return self.obj()

    @property
    def is_instance(self):
        return True

    @property
    def identity(self):
        return self.key[1] if self.has_identity else None

    @property
    def identity_key(self):
        return self.key if self.has_identity else None

    @property
    def has_identity(self):
        return self.key is not None and not self.inserting

    @property
    def transient(self):
        return self.key is None and self.session is None

    @property
    def pending(self):
        return not self.has_identity and self.session is not None

    @property
    def persistent(self):
        return self.has_identity and self.session is not None and not self._deleted

    @property
    def deleted(self):
        return self.key is not None and self.session is not None and self._deleted

    @property
    def was_deleted(self):
        return self._deleted

    @property
    def detached(self):
        return self.key is not None and self.session is None

    @property
    def attrs(self):
        return AttributeStates(self)

    @property
    def unloaded(self):
        loaded = self.dict
        return {key for key in self.mapping.attribute_keys() if key not in loaded}

    @property
    def unmodified(self):
        return {key for key in self.mapping.attribute_keys() if key not in self.committed}

    def attach(self, session):
        self._session = None if session is None else session._self_reference

    def has_parent(self, relationship, optimistic):
        return self.parents.get(relationship.name, optimistic) is not False

    def commit_all(self):
        """What is in the instance is what is in the database."""
        self.committed.clear()
        self.pending_changes.clear()
        self.modified = False
        self.expired = False
        session = self.session
        if session is not None:
            session._forget_modified(self)

    def expire(self, keys=None):
        """Forgets loaded values, all or those of some attributes; the next access loads them."""
        values = self.dict
        mapping = self.mapping
        if keys is None:
            self.commit_all()
            self.never_set.clear()
            self.expired_attributes.clear()
            for key in mapping.attribute_keys():
                values.pop(key, None)
            self.expired_attributes.update(mapping.columns)
            self.expired = True
            self.expired_relationships.update(mapping.relationships)
            self.load_options = ((), ())
        else:
            for key in keys:
                values.pop(key, None)
                self.committed.pop(key, None)
                self.pending_changes.pop(key, None)
                if key in mapping.columns:
                    self.never_set.discard(key)
                    self.expired_attributes.add(key)
        mapping.events.expire(self, keys)

    def __repr__(self):
        return "<sqlalchemy.orm.state.InstanceState object at %s>" % hex(id(self))


def instance_str(obj):
    """An instance as messages show it."""
    return "<%s at %s>" % (type(obj).__name__, hex(id(obj)))


def instance_state(obj):
    """The state of an instance, made when it is first asked for."""
    state = obj.__dict__.get("_sa_instance_state")
    if state is None:
        state = InstanceState(obj, mapping_of(type(obj)))
        obj.__dict__["_sa_instance_state"] = state
    return state


def mapped_state(obj):
    """The state of an instance that a user passed.

    Raises `UnmappedInstanceError` for what is no instance of a mapped class.
    """
    if not _orm.is_mapped_instance(obj):
        _orm.unmapped(obj)
    return instance_state(obj)
