"""Collections of related objects, which tell their owner what is added and removed."""

import operator

import _sqlalchemy_orm as _orm


class CollectionAdapter:
    """Ties a collection to the attribute of the instance that owns it."""

    def __init__(self, state, relationship, collection):
        self.owner_state = state
        self.relationship = relationship
        self.collection = _orm.ref(collection)

    def append(self, item, initiator=None):
        from sqlalchemy.orm import attributes
        return attributes.collection_append(self, item, initiator)

    def remove(self, item, initiator=None):
        from sqlalchemy.orm import attributes
        attributes.collection_remove(self, item, initiator)


def collection_adapter(collection):
    return collection._sa_adapter


class _Instrumented:
    """What the collections share: an adapter, or none for one that was replaced."""

    _sa_adapter = None

    def _added(self, item, initiator=None):
        adapter = self._sa_adapter
        return item if adapter is None else adapter.append(item, initiator)

    def _removed(self, item, initiator=None):
        adapter = self._sa_adapter
        if adapter is not None:
            adapter.remove(item, initiator)


class InstrumentedList(_Instrumented, list):
    """A list of related objects."""

    def _sa_iterate(self):
        return list(self)

    def _sa_append(self, item):
        list.append(self, item)

    def _sa_discard(self, item):
        for index, known in enumerate(self):
            if known is item:
                list.__delitem__(self, index)
                return

    def append(self, item):
        list.append(self, self._added(item))

    def insert(self, index, item):
        list.insert(self, index, self._added(item))

    def extend(self, items):
        for item in list(items):
            self.append(item)

    def __iadd__(self, items):
        self.extend(items)
        return self

    def remove(self, item):
        index = list.index(self, item)
        self._removed(list.__getitem__(self, index))
        list.__delitem__(self, index)

    def pop(self, index=-1):
        item = list.__getitem__(self, index)
        self._removed(item)
        list.__delitem__(self, index)
        return item

    def clear(self):
        for item in list(self):
            self._removed(item)
        list.clear(self)

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            values = list(value)
            start, stop, step = index.indices(len(self))
            if step == 1:
                for _ in range(start, stop):
                    del self[start]
                for place, item in enumerate(values):
                    self.insert(start + place, item)
            else:
                places = list(range(start, stop, step))
                if len(places) != len(values):
                    raise ValueError(
                        "attempt to assign sequence of size %s to extended slice of size %s"
                        % (len(values), len(places))
                    )
                for place, item in zip(places, values):
                    self[place] = item
            return
        old = list.__getitem__(self, index)
        self._removed(old)
        list.__setitem__(self, index, self._added(value))

    def __delitem__(self, index):
        found = list.__getitem__(self, index)
        for item in list(found) if isinstance(index, slice) else [found]:
            self._removed(item)
        list.__delitem__(self, index)


class InstrumentedSet(_Instrumented, set):
    """A set of related objects."""

    def _sa_iterate(self):
        return list(self)

    def _sa_append(self, item):
        set.add(self, item)

    def _sa_discard(self, item):
        set.discard(self, item)

    def add(self, item):
        if item not in self:
            item = self._added(item)
        set.add(self, item)

    def remove(self, item):
        if item not in self:
            raise KeyError(item)
        self._removed(item)
        set.remove(self, item)

    def discard(self, item):
        if item in self:
            self.remove(item)

    def pop(self):
        for item in self:
            self.remove(item)
            return item
        raise KeyError("pop from an empty set")

    def clear(self):
        for item in list(self):
            self.remove(item)

    def update(self, *others):
        for other in others:
            for item in list(other):
                self.add(item)

    def difference_update(self, *others):
        for other in others:
            for item in list(other):
                self.discard(item)

    def intersection_update(self, *others):
        for other in others:
            for item in list(self):
                if item not in other:
                    self.remove(item)

    def __ior__(self, other):
        self.update(other)
        return self

    def __isub__(self, other):
        self.difference_update(other)
        return self

    def __iand__(self, other):
        self.intersection_update(other)
        return self


class InstrumentedDict(_Instrumented, dict):
    """A dictionary of related objects."""

    _sa_key = None

    def _sa_iterate(self):
        return list(self.values())

    def _key_of(self, item):
        return type(self)._sa_key(item)

    def _sa_append(self, item):
        dict.__setitem__(self, self._key_of(item), item)

    def _sa_discard(self, item):
        for key, known in list(self.items()):
            if known is item:
                dict.__delitem__(self, key)
                return

    def set(self, item, _sa_initiator=None):
        self[self._key_of(item)] = item

    def remove(self, item, _sa_initiator=None):
        for key, known in list(self.items()):
            if known is item:
                del self[key]
                return

    def __setitem__(self, key, item):
        if key in self:
            old = dict.__getitem__(self, key)
            if old is item:
                return
            self._removed(old)
        dict.__setitem__(self, key, self._added(item))

    def __delitem__(self, key):
        self._removed(dict.__getitem__(self, key))
        dict.__delitem__(self, key)

    def pop(self, key, *default):
        if key in self:
            item = dict.__getitem__(self, key)
            del self[key]
            return item
        if default:
            return default[0]
        raise KeyError(key)

    def popitem(self):
        for key in reversed(list(self)):
            item = self[key]
            del self[key]
            return key, item
        raise KeyError("popitem(): dictionary is empty")

    def clear(self):
        for key in list(self):
            del self[key]

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *others, **items):
        for other in others:
            for key, item in dict(other).items():
                self[key] = item
        for key, item in items.items():
            self[key] = item


class KeyFuncDict(dict):
    """The class of `attribute_keyed_dict()` and the like."""

    def __init__(self, keyfunc, *args, ignore_unpopulated_attribute=False):
        self.keyfunc = keyfunc


MappedCollection = KeyFuncDict


class _KeyedBy:
    """A collection class that takes the key from the object."""

    def __init__(self, function):
        self.function = function

    def __call__(self):
        return KeyFuncDict(self.function)


def attribute_keyed_dict(attr_name, *, ignore_unpopulated_attribute=False):
    return _KeyedBy(operator.attrgetter(attr_name))


def column_keyed_dict(mapping_spec, *, ignore_unpopulated_attribute=False):
    columns = mapping_spec if isinstance(mapping_spec, (list, tuple)) else [mapping_spec]
    columns = [_orm.column(column) for column in columns]

    def key(item):
        from sqlalchemy.orm.mapping import mapping_of
        mapping = mapping_of(type(item))
        values = [getattr(item, mapping.key_by_column[column]) for column in columns]
        return values[0] if len(values) == 1 else tuple(values)

    return _KeyedBy(key)


def keyfunc_mapping(keyfunc, *, ignore_unpopulated_attribute=False):
    return _KeyedBy(keyfunc)


attribute_mapped_collection = attribute_keyed_dict
column_mapped_collection = column_keyed_dict
mapped_collection = keyfunc_mapping

_classes = {}


def _collection_type(relationship):
    """The instrumented class of a relationship's collections."""
    given = relationship.collection_class
    found = _classes.get((id(given), relationship.name))
    if found is not None:
        return found
    if given is list:
        made = InstrumentedList
    elif given is set:
        made = InstrumentedSet
    elif isinstance(given, _KeyedBy):
        made = type("MappedCollection", (InstrumentedDict,), {"_sa_key": staticmethod(given.function)})
    elif isinstance(given, type) and issubclass(given, list):
        made = type(given.__name__, (InstrumentedList, given), {})
    elif isinstance(given, type) and issubclass(given, set):
        made = type(given.__name__, (InstrumentedSet, given), {})
    else:
        _orm.unsupported("such a collection_class as that of %s" % relationship.shown)
    _classes[(id(given), relationship.name)] = made
    return made


def new_collection(state, relationship):
    """An empty collection of an instance's attribute."""
    made = _collection_type(relationship)()
    made._sa_adapter = CollectionAdapter(state, relationship, made)
    return made


def items_of(relationship, values):
    """The objects in what was assigned to a collection.

    Raises TypeError for another kind of collection.
    """
    wanted = _collection_type(relationship)
    if issubclass(wanted, list):
        kind, fits = "list", isinstance(values, (list, tuple)) or (
            hasattr(values, "__iter__") and not isinstance(values, (set, frozenset, dict, str))
        )
    elif issubclass(wanted, set):
        kind, fits = "set", isinstance(values, (set, frozenset))
    else:
        kind, fits = "dict", isinstance(values, dict)
    if not fits:
        given = "None" if values is None else type(values).__name__
        raise TypeError("Incompatible collection type: %s is not %s-like" % (given, kind))
    if kind == "dict":
        keyed = wanted._sa_key
        for key, value in values.items():
            if keyed(value) != key:
                raise TypeError(
                    "Found incompatible key %r for value %r; this collection's keying function"
                    " requires a key of %r for this value." % (key, value, keyed(value))
                )
        return list(values.values())
    return list(values)
