"""The modules below a package."""

import os
import sys
from collections import namedtuple
from importlib import import_module
from importlib.machinery import FileFinder

ModuleInfo = namedtuple("ModuleInfo", "module_finder name ispkg")


def iter_modules(path=None, prefix=""):
    if isinstance(path, str):
        raise ValueError("path must be None or list of paths to look for modules in")
    seen = set()
    for place in sys.path if path is None else path:
        place = os.fspath(place) or "."
        if not os.path.isdir(place):
            continue
        finder = FileFinder(place)
        for name in sorted(os.listdir(place)):
            stem, dot, suffix = name.rpartition(".")
            full = os.path.join(place, name)
            package = False
            if not dot and os.path.isdir(full):
                if not os.path.isfile(os.path.join(full, "__init__.py")):
                    continue
                stem, package = name, True
            elif suffix != "py" or stem == "__init__":
                continue
            if stem in seen or not stem or "." in stem:
                continue
            seen.add(stem)
            yield ModuleInfo(finder, prefix + stem, package)


def walk_packages(path=None, prefix="", onerror=None):
    for info in iter_modules(path, prefix):
        yield info
        if not info.ispkg:
            continue
        try:
            import_module(info.name)
        except ImportError:
            if onerror is not None:
                onerror(info.name)
        except Exception:
            if onerror is None:
                raise
            onerror(info.name)
        else:
            yield from walk_packages(getattr(sys.modules[info.name], "__path__", None) or [], info.name + ".", onerror)


def get_data(package, resource):
    from importlib.util import find_spec

    spec = find_spec(package)
    if spec is None or not spec.origin:
        return None
    with open(os.path.join(os.path.dirname(spec.origin), *resource.split("/")), "rb") as file:
        return file.read()


def extend_path(path, name):
    return path


def find_loader(fullname):
    from importlib.util import find_spec

    spec = find_spec(fullname)
    return spec and spec.loader


get_loader = find_loader


def resolve_name(name):
    module, colon, attributes = name.partition(":")
    if colon:
        found = import_module(module)
        parts = attributes.split(".") if attributes else []
    else:
        parts = name.split(".")
        path = parts.pop(0)
        found = import_module(path)
        while parts:
            try:
                found = import_module(f"{path}.{parts[0]}")
            except ImportError:
                break
            path += "." + parts.pop(0)
    for part in parts:
        found = getattr(found, part)
    return found
