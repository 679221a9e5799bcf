# Errors about arguments, dir() and the like, of classes and functions that the standard library has
# in C or in Python.
import asyncio
import base64
import binascii
import collections.abc
import datetime
import decimal
import enum
import hashlib
import inspect
import io
import json
import logging
import math
import os
import re
import secrets
import sys
import types
import typing
import uuid


def show(what, function, *args, **kwargs):
    try:
        print(what, "->", repr(function(*args, **kwargs)))
    except Exception as error:
        print(what, "->", type(error).__name__, error)


match = re.match("(a)(?P<n>b)?", "ab")
day = datetime.date(2024, 2, 29)
moment = datetime.datetime(2024, 2, 29, 12, 30)

# Functions in C: nothing, one, several by position.
show("math.sqrt", math.sqrt)
show("math.sqrt", math.sqrt, 1, 2)
show("math.sqrt", math.sqrt, x=1)
show("math.pow", math.pow, 1)
show("update", hashlib.md5().update)
show("digest", hashlib.md5().digest, 1)
show("hexdigest", hashlib.md5(b"a").hexdigest)
show("Match.start", match.start, 1, 2)
show("Match.start", match.start, group=1)
show("Match.span", match.span, "n")
show("Match.group", match.group, 1, 2)
show("Match.groups", match.groups, default=1)
show("Match.groupdict", match.groupdict)
show("isoformat", day.isoformat, 1)
show("weekday", day.weekday)
show("total_seconds", datetime.timedelta(1).total_seconds, 1)
show("StringIO.read", io.StringIO("abc").read, 1, 2)
show("StringIO.seek", io.StringIO("abc").seek, 0, 2)
show("setrecursionlimit", sys.setrecursionlimit)
show("Decimal.is_nan", decimal.Decimal(1).is_nan, 1)
show("keys", {}.keys().isdisjoint)
show("keys", {1: 2}.keys().isdisjoint, [1])

# Functions in Python.
show("getenv", os.getenv)
show("basename", os.path.basename)
show("join", os.path.join)
show("b64encode", base64.b64encode)
show("re.sub", re.sub, "a", "b")
show("re.compile", re.compile)
show("json.dumps", json.dumps)
show("json.loads", json.loads, "1", s="2")
show("token_hex", secrets.token_hex, 1, 2)
show("uuid3", uuid.uuid3, uuid.NAMESPACE_DNS)
show("uuid5", uuid.uuid5, uuid.NAMESPACE_DNS, "python.org")
show("getLogger", logging.getLogger, 1, 2)
show("Logger.info", logging.getLogger("x").info)
show("Logger.log", logging.getLogger("x").log, 10)
show("Logger.setLevel", logging.getLogger("x").setLevel)
show("cast", typing.cast, int)
show("unique", enum.unique)
show("getdoc", inspect.getdoc)
show("new_class", types.new_class)
show("SimpleNamespace", types.SimpleNamespace, 1)
show("iscoroutinefunction", asyncio.iscoroutinefunction)

# What classes have.
print([name for name in dir(uuid.UUID) if name in ("hex", "int", "urn", "bytes", "version")])
print([name for name in dir(moment) if name in ("year", "hour", "tzinfo", "strftime", "weekday")])
print([name for name in dir(re.Pattern) if name in ("search", "flags", "groups", "pattern")])
print(isinstance(moment, datetime.date), datetime.datetime.__mro__)
print(datetime.timezone.utc is datetime.timezone.utc, datetime.UTC)
print(issubclass(collections.abc.Sequence, collections.abc.Sized))
print(issubclass(collections.abc.MutableMapping, collections.abc.Iterable))
print(enum.IntEnum.__mro__)
print(type(io.StringIO()), type(io.BytesIO()))
print(typing.TypeVar, typing.NewType, enum.member)
print(issubclass(logging.FileHandler, logging.StreamHandler))


class Words(collections.abc.Mapping):
    def __init__(self, words):
        self.words = words

    def __getitem__(self, key):
        return self.words[key]

    def __iter__(self):
        return iter(self.words)

    def __len__(self):
        return len(self.words)


words = Words({"a": 1})
print(words.get("a"), words.get("b", default=2), "a" in words, list(words.items()))
print(hasattr(words, "pop"), isinstance(words, collections.abc.Sized))

# Classes that nothing may inherit from.
for base in (re.Pattern, re.Match, type({}.keys()), types.UnionType):
    show(base.__name__, type, "Own", (base,), {})
