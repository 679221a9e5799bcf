"""Tracebacks as text."""

import sys

from _traceback import format_error


class FrameSummary:
    def __init__(self, filename, lineno, name, *, line=None, **options):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self.line = line


class StackSummary(list):
    def format(self):
        return [f'  File "{each.filename}", line {each.lineno}, in {each.name}\n' for each in self]


_absent = object()


def _value(exc, value):
    return exc if value is _absent else value


def format_exception_only(exc, /, value=_absent):
    value = _value(exc, value)
    if value is None:
        return ["NoneType: None\n"]
    text = str(value)
    cls = type(value)
    name = cls.__qualname__
    if cls.__module__ not in ("__main__", "builtins"):
        name = f"{cls.__module__}.{name}"
    lines = [f"{name}: {text}\n" if text else f"{name}\n"]
    for note in getattr(value, "__notes__", ()):
        lines.append(f"{note}\n")
    return lines


def format_exception(exc, /, value=_absent, tb=_absent, limit=None, chain=True):
    value = _value(exc, value)
    if value is None:
        return ["NoneType: None\n"]
    return format_error(value).splitlines(keepends=True)


def format_exc(limit=None, chain=True):
    return "".join(format_exception(sys.exc_info()[1]))


def print_exception(exc, /, value=_absent, tb=_absent, limit=None, file=None, chain=True):
    print("".join(format_exception(exc, value)), end="", file=file or sys.stderr)


def print_exc(limit=None, file=None, chain=True):
    print(format_exc(), end="", file=file or sys.stderr)


def format_tb(tb, limit=None):
    return []


def extract_tb(tb, limit=None):
    return StackSummary()


def extract_stack(f=None, limit=None):
    return StackSummary()


def format_stack(f=None, limit=None):
    return []


def print_stack(f=None, limit=None, file=None):
    pass


class TracebackException:
    def __init__(self, exc_type, exc_value, exc_traceback=None, **options):
        self._value = exc_value
        self.exc_type = exc_type

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc)

    def format(self, *, chain=True):
        return iter(format_exception(self._value))

    def format_exception_only(self):
        return iter(format_exception_only(self._value))

    def __str__(self):
        return str(self._value)
