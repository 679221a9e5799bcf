"""Data classes."""


class _Missing:
    def __repr__(self):
        return "<dataclasses._MISSING_TYPE object>"


MISSING = _Missing()


class KW_ONLY:
    pass


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _collect(cls, kw_only):
    fields = {}
    for base in reversed(cls.__mro__[1:]):
        for name, item in getattr(base, "__dataclass_fields__", {}).items():
            fields[name] = item
    for name, annotation in cls.__dict__.get("__annotations__", {}).items():
        if isinstance(annotation, str):
            # As in Python, whose files run by path are not among the modules.
            import sys

            sys.modules.get(cls.__module__).__dict__
        if annotation is KW_ONLY or annotation in ("KW_ONLY", "dataclasses.KW_ONLY"):
            kw_only = True
            continue
        if "ClassVar" in (annotation if isinstance(annotation, str) else repr(annotation)):
            continue
        item = cls.__dict__.get(name, MISSING)
        if not isinstance(item, Field):
            item = field(default=item)
        elif item.default is not MISSING:
            setattr(cls, name, item.default)
        else:
            delattr(cls, name)
        if isinstance(item.default, (list, dict, set)):
            raise ValueError(f"mutable default {type(item.default)} for field {name} is not allowed: use default_factory")
        item.name = name
        item.type = annotation
        if item.kw_only is MISSING:
            item.kw_only = kw_only
        fields[name] = item
    return fields


def _make_init(cls, fields):
    positional = [item for item in fields.values() if item.init and not item.kw_only]
    seen_default = None
    for item in positional:
        if item.default is not MISSING or item.default_factory is not MISSING:
            seen_default = item.name
        elif seen_default is not None:
            raise TypeError(f"non-default argument {item.name!r} follows default argument")

    def __init__(self, *args, **keywords):
        if len(args) > len(positional):
            required = sum(1 for item in positional if item.default is MISSING and item.default_factory is MISSING)
            takes = len(positional) + 1
            count = str(takes) if required == len(positional) else f"from {required + 1} to {takes}"
            raise TypeError(f"{cls.__qualname__}.__init__() takes {count} positional arguments but {len(args) + 1} were given")
        values = {item.name: value for item, value in zip(positional, args)}
        for name, value in keywords.items():
            if name in values:
                raise TypeError(f"{cls.__qualname__}.__init__() got multiple values for argument {name!r}")
            if name not in fields or not fields[name].init:
                raise TypeError(f"{cls.__qualname__}.__init__() got an unexpected keyword argument {name!r}")
            values[name] = value
        missing = []
        for name, item in fields.items():
            if name not in values:
                if item.default_factory is not MISSING:
                    values[name] = item.default_factory()
                elif item.default is not MISSING:
                    values[name] = item.default
                elif item.init:
                    missing.append(name)
        if missing:
            names = " and ".join([", ".join(repr(name) for name in missing[:-1])] * (len(missing) > 1) + [repr(missing[-1])])
            plural = "s" if len(missing) > 1 else ""
            raise TypeError(f"{cls.__qualname__}.__init__() missing {len(missing)} required positional argument{plural}: {names}")
        for name in fields:
            if name in values:
                object.__setattr__(self, name, values[name])
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    return __init__


def _process(cls, init, repr_, eq, order, frozen, kw_only):
    fields = _collect(cls, kw_only)
    cls.__dataclass_fields__ = fields
    compared = [item.name for item in fields.values() if item.compare]
    shown = [item.name for item in fields.values() if item.repr]

    def key(self):
        return tuple(getattr(self, name) for name in compared)

    if init and "__init__" not in cls.__dict__:
        cls.__init__ = _make_init(cls, fields)
    if repr_ and "__repr__" not in cls.__dict__:

        def __repr__(self):
            parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
            return f"{type(self).__qualname__}({parts})"

        cls.__repr__ = __repr__
    if eq and "__eq__" not in cls.__dict__:

        def __eq__(self, other):
            return key(self) == key(other) if type(other) is type(self) else NotImplemented

        cls.__eq__ = __eq__
        if frozen:
            cls.__hash__ = lambda self: hash(key(self))
    if order:
        cls.__lt__ = lambda self, other: key(self) < key(other)
        cls.__le__ = lambda self, other: key(self) <= key(other)
        cls.__gt__ = lambda self, other: key(self) > key(other)
        cls.__ge__ = lambda self, other: key(self) >= key(other)
    if frozen:

        def __setattr__(self, name, value):
            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        cls.__setattr__ = __setattr__
    return cls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        cls = _process(cls, init, repr, eq, order, frozen, kw_only)
        if match_args and "__match_args__" not in cls.__dict__:
            given = cls.__dataclass_fields__.values()
            cls.__match_args__ = tuple(item.name for item in given if item.init and not item.kw_only)
        return cls

    return wrap if cls is None else wrap(cls)


def fields(class_or_instance):
    return tuple(class_or_instance.__dataclass_fields__.values())


def is_dataclass(object):
    return hasattr(object, "__dataclass_fields__")


def _plain(value, dict_factory):
    if is_dataclass(value):
        return dict_factory([(item.name, _plain(getattr(value, item.name), dict_factory)) for item in fields(value)])
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item, dict_factory) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item, dict_factory) for key, item in value.items()}
    return value


def asdict(instance, *, dict_factory=dict):
    return _plain(instance, dict_factory)


def astuple(instance, *, tuple_factory=tuple):
    return tuple_factory([getattr(instance, item.name) for item in fields(instance)])


def replace(instance, /, **changes):
    values = {item.name: getattr(instance, item.name) for item in fields(instance) if item.init}
    values.update(changes)
    return type(instance)(**values)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    import typing

    annotations, space = {}, dict(namespace or {})
    for item in fields:
        if isinstance(item, str):
            name, kind = item, typing.Any
        elif len(item) == 2:
            name, kind = item
        else:
            name, kind, default = item
            space[name] = default
        annotations[name] = kind
    space["__annotations__"] = annotations
    made = type(cls_name, bases, space)
    return dataclass(made, init=init, repr=repr, eq=eq, order=order, frozen=frozen, kw_only=kw_only)
