"""Warnings and the filters that they pass."""

import sys

from _warnings import run_once, show

_ACTIONS = ("error", "ignore", "always", "default", "module", "once")
_DEFAULT = [
    ("default", None, DeprecationWarning, "__main__", 0),
    ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0),
    ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0),
]
filters = list(_DEFAULT)
defaultaction = "default"
onceregistry = {}
_recorders = []
_captured = False


class WarningMessage:
    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source

    def __str__(self):
        return "{message : %r, category : %r, filename : %r, lineno : %s, line : %r}" % (self.message, self.category.__name__, self.filename, self.lineno, self.line)


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    if isinstance(message, Warning):
        category = message.__class__
    if category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError("category must be a Warning subclass, not '{:s}'".format(type(category).__name__))
    instance = message if isinstance(message, Warning) else category(message)
    handle(instance, category, str(instance))


def handle(instance, category, text, module=None):
    """What a filter says about a warning is done."""
    import re

    action = defaultaction
    for each in filters:
        kind, pattern, wanted, where, line = each
        if (pattern is None or re.match(pattern, text, re.IGNORECASE)) and issubclass(category, wanted) and (
            where is None or (module is not None and re.match(where, module))
        ):
            action = kind
            break
    if action == "ignore":
        return
    if action == "error":
        raise instance
    if action != "always" and not run_once(category.__name__, text):
        if not _recorders:
            return
    if _recorders:
        _recorders[-1].append(WarningMessage(instance, category, "", 0))
    elif showwarning is not _showwarning:
        showwarning(instance, category, "", 0)
    elif _captured:
        import logging

        logging.getLogger("py.warnings").warning("%s", formatwarning(instance, category, "", 0))
    else:
        show(formatwarning(instance, category, "", 0) if formatwarning is not _formatwarning else f"{category.__name__}: {text}\n")


def handle_named(name, text):
    """A warning of the library itself."""
    import builtins

    category = getattr(builtins, name, None)
    if category is None:
        from sqlalchemy import exc

        category = getattr(exc, name, UserWarning)
    handle(category(text), category, text, "sqlalchemy")


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    instance = message if isinstance(message, Warning) else category(message)
    handle(instance, category, str(instance), module or filename.rpartition("/")[2].removesuffix(".py"))


def _capture(on):
    global _captured
    _captured = on


def formatwarning(message, category, filename, lineno, line=None):
    return f"{filename}:{lineno}: {category.__name__}: {message}\n"


_formatwarning = formatwarning


def showwarning(message, category, filename, lineno, file=None, line=None):
    (file or sys.stderr).write(formatwarning(message, category, filename, lineno, line))


_showwarning = showwarning


def _add(item, append):
    global filters
    from _warnings import filtered

    filtered()
    if item in filters:
        if append:
            return
        filters.remove(item)
    if append:
        filters.append(item)
    else:
        filters.insert(0, item)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    if action not in _ACTIONS:
        raise AssertionError("invalid action: %r" % (action,))
    _add((action, message or None, category, module or None, lineno), append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    if action not in _ACTIONS:
        raise AssertionError("invalid action: %r" % (action,))
    _add((action, None, category, None, lineno), append)


def resetwarnings():
    from _warnings import filtered

    filtered()
    filters[:] = []


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self.record = record
        self._filter = None if action is None else (action, category, lineno, append)

    def __enter__(self):
        self._saved = list(filters)
        if self._filter:
            simplefilter(*self._filter)
        if self.record:
            from _warnings import filtered

            filtered()
            _recorders.append([])
            return _recorders[-1]
        return None

    def __exit__(self, *exception):
        filters[:] = self._saved
        if self.record:
            _recorders.pop()


def deprecated(message, /, *, category=DeprecationWarning, stacklevel=1):
    return lambda decorated: decorated
