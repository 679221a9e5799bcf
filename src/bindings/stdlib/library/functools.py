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


WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        try:
            setattr(wrapper, name, getattr(wrapped, name))
        except AttributeError:
            pass
    for name in updated:
        for key, value in getattr(wrapped, name, {}).items():
            setattr(wrapper, key, value)
    try:
        wrapper.__wrapped__ = wrapped
    except AttributeError:
        pass
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


class _CacheInfo(tuple):
    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return "CacheInfo(hits=%d, misses=%d, maxsize=%s, currsize=%d)" % self


class _Cached:
    def __init__(self, function, maxsize=None):
        self.function = function
        self.results = {}
        self.maxsize = maxsize
        self.hits = self.misses = 0
        self.__name__ = getattr(function, "__name__", "cached")
        self.__wrapped__ = function

    def __call__(self, *args, **keywords):
        key = (args, tuple(keywords.items())) if keywords else args
        if key in self.results:
            self.hits += 1
            result = self.results[key]
            if self.maxsize is not None:
                del self.results[key]
                self.results[key] = result
            return result
        self.misses += 1
        result = self.function(*args, **keywords)
        if self.maxsize != 0:
            self.results[key] = result
        if self.maxsize is not None and len(self.results) > self.maxsize:
            del self.results[next(iter(self.results))]
        return result

    def __get__(self, instance, owner=None):
        return self if instance is None else partial(self, instance)

    def cache_clear(self):
        self.results.clear()
        self.hits = self.misses = 0

    def cache_info(self):
        return _CacheInfo((self.hits, self.misses, self.maxsize, len(self.results)))

    def cache_parameters(self):
        return {"maxsize": self.maxsize, "typed": False}


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize, 128)
    return lambda function: _Cached(function, maxsize)


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


def _annotated_class(function):
    import typing

    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    for hint in hints.values():
        return hint
    raise TypeError(
        f"Invalid first argument to `register()`: {function!r}. Use either `@register(some_class)` or plain "
        "`@register` on an annotated function."
    )


def _classes(cls):
    """The classes that an argument of `register` names: a class, or a union of them."""
    if isinstance(cls, type):
        return [cls]
    import types
    import typing

    if isinstance(cls, types.UnionType) or typing.get_origin(cls) is typing.Union:
        return [each for each in typing.get_args(cls)]
    return None


def singledispatch(func):
    registry = {object: func}

    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry and base is not object:
                return registry[base]
        for known in registry:
            # An abstract class counts for what is registered with it.
            if known is not object and issubclass(cls, known):
                return registry[known]
        return registry[object]

    def register(cls, func=None):
        classes = _classes(cls)
        if classes is None:
            if func is not None or not callable(cls):
                raise TypeError(f"Invalid first argument to `register()`. {cls!r} is not a class or union type.")
            func = cls
            classes = _classes(_annotated_class(func))
            if classes is None:
                raise TypeError(f"Invalid annotation for {next(iter(func.__annotations__))!r}. {_annotated_class(func)!r} is not a class.")
        elif func is None:
            return lambda func: register(cls, func)
        for each in classes:
            registry[type(None) if each is None else each] = func
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f"{getattr(func, '__name__', 'singledispatch function')} requires at least 1 positional argument")
        return dispatch(args[0].__class__)(*args, **kw)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def method(*args, **kwargs):
            found = self.dispatcher.dispatch(args[0].__class__)
            if hasattr(found, "__get__"):
                return found.__get__(obj, cls)(*args, **kwargs)
            return found(obj, *args, **kwargs)

        method.register = self.register
        return method


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, obj, cls=None):
        return partial(self.func, obj, *self.args, **self.keywords)
