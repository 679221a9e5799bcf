"""`association_proxy()`: an attribute of the objects at the other end, as if it were one's own."""

import _sqlalchemy_orm as _orm

from sqlalchemy.orm.mapping import mapping_of
from sqlalchemy.orm.util import RelationshipComparator


class AssociationProxy:
    """The proxy in the class body; a descriptor."""

    def __init__(self, target_collection, attr, *, creator=None, getset_factory=None,
                 proxy_factory=None, proxy_bulk_set=None, info=None,
                 cascade_scalar_deletes=False, create_on_none_assignment=False, **dataclass):
        for name, value in (
            ("getset_factory", getset_factory), ("proxy_factory", proxy_factory),
            ("proxy_bulk_set", proxy_bulk_set),
            ("create_on_none_assignment", create_on_none_assignment),
        ):
            if value:
                _orm.unsupported("%s of association_proxy()" % name)
        self.target_collection = target_collection
        self.value_attr = attr
        self.creator = creator
        self.cascade_scalar_deletes = cascade_scalar_deletes
        self.info = dict(info or {})

    def __class_getitem__(cls, item):
        return cls

    def make(self, owner, *values):
        """A new object at the other end for a value."""
        if self.creator is not None:
            return self.creator(*values)
        relationship = mapping_of(owner).relationships[self.target_collection]
        return relationship.target.class_(*values)

    def _relationship(self, owner):
        return mapping_of(owner).relationships[self.target_collection]

    def __get__(self, instance, owner=None):
        if instance is None:
            return AssociationProxyInstance(self, owner)
        relationship = self._relationship(type(instance))
        target = getattr(instance, self.target_collection)
        if not relationship.uselist:
            return None if target is None else getattr(target, self.value_attr)
        if isinstance(target, dict):
            return _AssociationDict(self, instance)
        if isinstance(target, set):
            return _AssociationSet(self, instance)
        return _AssociationList(self, instance)

    def __set__(self, instance, values):
        relationship = self._relationship(type(instance))
        if not relationship.uselist:
            target = getattr(instance, self.target_collection)
            if target is None:
                if values is not None:
                    setattr(instance, self.target_collection, self.make(type(instance), values))
                return
            setattr(target, self.value_attr, values)
            if values is None and self.cascade_scalar_deletes:
                setattr(instance, self.target_collection, None)
            return
        proxy = self.__get__(instance, type(instance))
        if values is not proxy:
            proxy._replace(values)

    def __delete__(self, instance):
        setattr(instance, self.target_collection, None)


class AssociationProxyInstance:
    """`Parent.proxy` in a statement."""

    def __init__(self, proxy, owner):
        self.proxy = proxy
        self.owning_class = owner

    @property
    def _target(self):
        return RelationshipComparator(self.owning_class, self.proxy.target_collection)

    @property
    def _attribute(self):
        return getattr(self._target.target_entity, self.proxy.value_attr)

    @property
    def attr(self):
        return (getattr(self.owning_class, self.proxy.target_collection), self._attribute)

    def _exists(self, criterion):
        target = self._target
        return target.any(criterion) if target.relationship.uselist else target.has(criterion)

    def any(self, criterion=None, **kwargs):
        attribute = self._attribute
        if _orm.is_relationship(attribute):
            inner = RelationshipComparator(attribute.class_, attribute.key)
            method = inner.any if inner.relationship.uselist else inner.has
            return self._exists(method(criterion, **kwargs))
        return self._exists(criterion)

    has = any

    def contains(self, value):
        return self._exists(self._attribute == value)

    def __eq__(self, other):
        return self._exists(self._attribute == other)

    def __ne__(self, other):
        return self._exists(self._attribute != other)

    def __hash__(self):
        return id(self)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        operator = getattr(self._attribute, name)
        return lambda *args, **kw: self._exists(operator(*args, **kw))


class _AssociationCollection:
    def __init__(self, proxy, owner):
        self._proxy = proxy
        self._owner = owner

    @property
    def col(self):
        return getattr(self._owner, self._proxy.target_collection)

    def _value(self, item):
        return getattr(item, self._proxy.value_attr)

    def _make(self, *values):
        return self._proxy.make(type(self._owner), *values)

    def __len__(self):
        return len(self.col)

    def __bool__(self):
        return bool(self.col)

    def __eq__(self, other):
        return self._plain() == other

    def __ne__(self, other):
        return self._plain() != other

    def __hash__(self):
        return id(self)

    def __repr__(self):
        return repr(self._plain())

    def clear(self):
        self.col.clear()


class _AssociationList(_AssociationCollection):
    def _plain(self):
        return [self._value(item) for item in self.col]

    def __iter__(self):
        return iter(self._plain())

    def __contains__(self, value):
        return value in self._plain()

    def __getitem__(self, index):
        return self._plain()[index]

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            self.col[index] = [self._make(item) for item in value]
        else:
            setattr(self.col[index], self._proxy.value_attr, value)

    def __delitem__(self, index):
        del self.col[index]

    def __add__(self, other):
        return self._plain() + list(other)

    def __iadd__(self, values):
        self.extend(values)
        return self

    def append(self, value):
        self.col.append(self._make(value))

    def insert(self, index, value):
        self.col.insert(index, self._make(value))

    def extend(self, values):
        for value in list(values):
            self.append(value)

    def remove(self, value):
        for place, known in enumerate(self._plain()):
            if known == value:
                del self.col[place]
                return
        raise ValueError("value not in list")

    def pop(self, index=-1):
        return self._value(self.col.pop(index))

    def index(self, value):
        return self._plain().index(value)

    def count(self, value):
        return self._plain().count(value)

    def copy(self):
        return self._plain()

    def _replace(self, values):
        self.clear()
        self.extend(values)


class _AssociationSet(_AssociationCollection):
    def _plain(self):
        return {self._value(item) for item in self.col}

    def __iter__(self):
        return iter([self._value(item) for item in self.col])

    def __contains__(self, value):
        return value in self._plain()

    def add(self, value):
        if value not in self:
            self.col.add(self._make(value))

    def discard(self, value):
        for item in list(self.col):
            if self._value(item) == value:
                self.col.discard(item)
                return

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def update(self, *others):
        for other in others:
            for value in list(other):
                self.add(value)

    def copy(self):
        return self._plain()

    def _replace(self, values):
        wanted = set(values)
        for value in list(self):
            if value not in wanted:
                self.discard(value)
        for value in values:
            self.add(value)


class _AssociationDict(_AssociationCollection):
    def _plain(self):
        return {key: self._value(item) for key, item in self.col.items()}

    def __iter__(self):
        return iter(self.col)

    def __contains__(self, key):
        return key in self.col

    def __getitem__(self, key):
        return self._value(self.col[key])

    def __setitem__(self, key, value):
        if key in self.col:
            setattr(self.col[key], self._proxy.value_attr, value)
        else:
            self.col[key] = self._make(key, value)

    def __delitem__(self, key):
        del self.col[key]

    def get(self, key, default=None):
        return self[key] if key in self.col else default

    def keys(self):
        return self._plain().keys()

    def values(self):
        return self._plain().values()

    def items(self):
        return self._plain().items()

    def pop(self, key, *default):
        if key in self.col:
            return self._value(self.col.pop(key))
        if default:
            return default[0]
        raise KeyError(key)

    def update(self, *others, **values):
        for other in others:
            for key, value in dict(other).items():
                self[key] = value
        for key, value in values.items():
            self[key] = value

    def copy(self):
        return self._plain()

    def _replace(self, values):
        for key in list(self.col):
            if key not in values:
                del self[key]
        self.update(values)


def association_proxy(target_collection, attr, *, creator=None, getset_factory=None,
                      proxy_factory=None, proxy_bulk_set=None, info=None,
                      cascade_scalar_deletes=False, create_on_none_assignment=False, **dataclass):
    return AssociationProxy(
        target_collection, attr, creator=creator, getset_factory=getset_factory,
        proxy_factory=proxy_factory, proxy_bulk_set=proxy_bulk_set, info=info,
        cascade_scalar_deletes=cascade_scalar_deletes,
        create_on_none_assignment=create_on_none_assignment,
    )
