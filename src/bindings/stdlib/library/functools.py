"""Higher-order functions: what migrations and models use of Python's functools."""


class partial:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend(repr(value) for value in self.args)
        parts.extend(f"{name}={value!r}" for name, value in self.keywords.items())
        return f"functools.partial({', '.join(parts)})"


def reduce(function, sequence, *initial):
    iterator = iter(sequence)
    if initial:
        value = initial[0]
    else:
        try:
            value = next(iterator)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    for item in iterator:
        value = function(value, item)
    return value


WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__")


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=()):
    for name in assigned:
        try:
            setattr(wrapper, name, getattr(wrapped, name))
        except AttributeError:
            pass
    try:
        wrapper.__wrapped__ = wrapped
    except AttributeError:
        pass
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=()):
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


class _Cached:
    def __init__(self, function):
        self.function = function
        self.results = {}
        self.__name__ = getattr(function, "__name__", "cached")
        self.__wrapped__ = function

    def __call__(self, *args, **keywords):
        key = (args, tuple(keywords.items())) if keywords else args
        try:
            return self.results[key]
        except KeyError:
            result = self.results[key] = self.function(*args, **keywords)
            return result

    def __get__(self, instance, owner=None):
        return self if instance is None else partial(self, instance)

    def cache_clear(self):
        self.results.clear()


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize)
    return _Cached


def cache(function):
    return _Cached(function)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.name = func.__name__

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = self.func(instance)
        instance.__dict__[self.name] = value
        return value


class cmp_to_key:
    def __init__(self, function):
        self.function = function

    def __call__(self, value):
        return _Compared(self.function, value)


class _Compared:
    def __init__(self, function, value):
        self.function = function
        self.value = value

    def __lt__(self, other):
        return self.function(self.value, other.value) < 0

    def __eq__(self, other):
        return self.function(self.value, other.value) == 0


def total_ordering(cls):
    if "__lt__" in cls.__dict__:
        cls.__gt__ = lambda self, other: not (self < other or self == other)
        cls.__le__ = lambda self, other: self < other or self == other
        cls.__ge__ = lambda self, other: not self < other
    elif "__gt__" in cls.__dict__:
        cls.__lt__ = lambda self, other: not (self > other or self == other)
        cls.__ge__ = lambda self, other: self > other or self == other
        cls.__le__ = lambda self, other: not self > other
    elif "__le__" in cls.__dict__:
        cls.__gt__ = lambda self, other: not self <= other
        cls.__lt__ = lambda self, other: self <= other and self != other
        cls.__ge__ = lambda self, other: not self <= other or self == other
    else:
        cls.__lt__ = lambda self, other: not self >= other
        cls.__gt__ = lambda self, other: self >= other and self != other
        cls.__le__ = lambda self, other: not self >= other or self == other
    return cls


def singledispatch(function):
    registry = {}

    def dispatch(*args, **keywords):
        for cls in type(args[0]).__mro__:
            if cls in registry:
                return registry[cls](*args, **keywords)
        return function(*args, **keywords)

    def register(cls, implementation=None):
        if implementation is None:
            return lambda implementation: register(cls, implementation)
        registry[cls] = implementation
        return implementation

    dispatch.register = register
    return dispatch
