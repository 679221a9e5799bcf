"""Paths that match a pattern."""

import fnmatch
import os
import re

_magic = re.compile(r"([*?[])")


def has_magic(s):
    return _magic.search(s) is not None


def escape(pathname):
    return _magic.sub(r"[\1]", pathname)


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    return list(iglob(pathname, root_dir=root_dir, recursive=recursive, include_hidden=include_hidden))


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    pathname = os.fspath(pathname)
    base = "/" if pathname.startswith("/") else ""
    parts = [part for part in pathname.split("/")]
    if base:
        parts = parts[1:]
    yield from _below(base, parts, os.fspath(root_dir) if root_dir else "", recursive, include_hidden)


def _real(root, path):
    return os.path.join(root, path) if root else path or "."


def _names(root, path):
    try:
        return os.listdir(_real(root, path))
    except OSError:
        return []


def _below(base, parts, root, recursive, hidden):
    first, rest = parts[0], parts[1:]
    if first == "":
        if not rest:
            if os.path.isdir(_real(root, base)):
                yield base
        else:
            yield from _below(base, rest, root, recursive, hidden)
        return
    if first == "**" and recursive:
        if rest:
            yield from _below(base, rest, root, recursive, hidden)
        elif base:
            yield base
        for name in _names(root, base):
            if name.startswith(".") and not hidden:
                continue
            path = base + name
            folder = os.path.isdir(_real(root, path))
            if folder:
                yield from _below(path + "/", parts, root, recursive, hidden)
            elif not rest:
                yield path
        return
    if has_magic(first):
        names = [
            name
            for name in _names(root, base)
            if fnmatch.fnmatchcase(name, first) and (hidden or first.startswith(".") or not name.startswith("."))
        ]
    else:
        names = [first] if os.path.exists(_real(root, base + first)) else []
    for name in names:
        path = base + name
        if not rest:
            yield path
        elif os.path.isdir(_real(root, path)):
            yield from _below(path + "/", rest, root, recursive, hidden)
