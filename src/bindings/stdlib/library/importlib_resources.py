"""Files beside the modules of a package."""

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path


def files(anchor):
    module = import_module(anchor) if isinstance(anchor, str) else anchor
    file = getattr(module, "__file__", None)
    if file:
        return Path(os.path.dirname(file))
    return Path(list(module.__path__)[0])


@contextmanager
def as_file(path):
    yield path


@contextmanager
def path(package, resource):
    yield files(package) / resource


def read_text(package, resource, encoding="utf-8", errors="strict"):
    return (files(package) / resource).read_text(encoding=encoding, errors=errors)


def read_binary(package, resource):
    return (files(package) / resource).read_bytes()


def open_text(package, resource, encoding="utf-8", errors="strict"):
    return (files(package) / resource).open("r", encoding=encoding, errors=errors)


def open_binary(package, resource):
    return (files(package) / resource).open("rb")


def is_resource(package, name):
    return (files(package) / name).is_file()


def contents(package):
    return [each.name for each in files(package).iterdir()]
