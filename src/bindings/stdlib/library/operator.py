"""Operators as functions."""


def itemgetter(item, *items):
    if not items:
        return lambda object: object[item]
    return lambda object: tuple(object[key] for key in (item, *items))


def _attribute(object, path):
    for name in path.split("."):
        object = getattr(object, name)
    return object


def attrgetter(attr, *attrs):
    if not attrs:
        return lambda object: _attribute(object, attr)
    return lambda object: tuple(_attribute(object, path) for path in (attr, *attrs))


def methodcaller(name, /, *args, **keywords):
    return lambda object: getattr(object, name)(*args, **keywords)


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def gt(a, b):
    return a > b


def ge(a, b):
    return a >= b


def and_(a, b):
    return a & b


def or_(a, b):
    return a | b


def xor(a, b):
    return a ^ b


def not_(a):
    return not a


def neg(a):
    return -a


def truth(a):
    return bool(a)


def is_(a, b):
    return a is b


def is_not(a, b):
    return a is not b


def contains(a, b):
    return b in a


def getitem(a, b):
    return a[b]
