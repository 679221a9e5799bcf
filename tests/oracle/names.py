"""The public names of the packages that projects import, written as the table in src/bindings/names/table.txt.

    names.py > table.txt

A line for each module, then one for each class:

    sqlalchemy.orm.exc *c ConcurrentModificationError@sqlalchemy.orm.exc … *e … *f … *v … *m …
    :sqlalchemy.orm.session.Session *f add … *v autoflush …

`*c` begins classes, `*e` exceptions (`Name<base`, the base by its dotted name), `*f` functions, `*v` other values, `*m`
modules below. `Name@other` says that the object is the one that `other` shows under that name. A module of the standard
library that ends in `*` has names that are not listed: any is taken.
"""

import importlib
import keyword
import pkgutil
import sys
import types
import warnings

warnings.simplefilter("ignore")

PACKAGES = [
    "alembic", "sqlalchemy", "sqlmodel", "pydantic", "pydantic_settings", "flask", "flask_sqlalchemy", "flask_migrate",
    "dotenv",
]
# Not for programs that migrate: the packages' own tests, and interfaces of other versions.
SKIPPED = (".testing", ".v1", ".mypy", ".plugin", ".deprecated", ".ipython")
# Modules of the standard library whose names are listed: those that models, settings and env.py files import.
STANDARD = """
abc argparse ast asyncio atexit base64 binascii bisect builtins bz2 calendar codecs collections collections.abc
concurrent.futures configparser contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib
email email.message email.utils enum errno faulthandler fileinput fnmatch fractions functools gc getpass gettext glob
gzip hashlib heapq hmac html http http.client http.server imaplib importlib importlib.abc importlib.machinery
importlib.metadata importlib.resources importlib.util inspect io ipaddress itertools json json.decoder json.encoder
keyword linecache locale logging logging.config logging.handlers math mimetypes multiprocessing numbers operator os
os.path pathlib pickle pkgutil platform posixpath pprint queue random re reprlib sched secrets select shelve shlex
shutil signal site smtplib socket sqlite3 ssl stat statistics string struct subprocess sys sysconfig tarfile tempfile
textwrap threading time timeit token tokenize tomllib traceback types typing typing_extensions unicodedata unittest unittest.mock
urllib urllib.error urllib.parse urllib.request uuid warnings weakref webbrowser xml.etree.ElementTree zipfile zlib
zoneinfo
""".split()


def modules(name):
    """The public modules of a package, importable ones."""
    if any(part in name for part in SKIPPED) or any(part.startswith("_") for part in name.split(".")):
        return
    try:
        module = importlib.import_module(name)
    except ImportError:
        return
    yield name, module
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield from modules(f"{name}.{found.name}")


def is_exception(value):
    return isinstance(value, type) and issubclass(value, BaseException)


FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType)


def kind(value):
    if isinstance(value, types.ModuleType):
        return "m"
    if is_exception(value):
        return "e"
    if isinstance(value, type):
        return "c"
    return "f" if isinstance(value, FUNCTIONS) else "v"


def dotted(cls):
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def own_package(module, value):
    where = getattr(value, "__module__", None)
    if not isinstance(where, str):
        where = getattr(type(value), "__module__", "builtins")
        return where == "builtins" or where.split(".")[0] == module.split(".")[0]
    return where.split(".")[0].lstrip("_") == module.split(".")[0].lstrip("_")


def public(module, listed):
    """The names that a program may import from a module."""
    names = {}
    declared = set(getattr(module, "__all__", ()))
    for name in dir(module):
        if name.startswith("_") or keyword.iskeyword(name):
            continue
        try:
            value = getattr(module, name)
        except Exception:
            continue
        if isinstance(value, types.ModuleType):
            if value.__name__ != f"{module.__name__}.{name}" and name not in declared:
                continue
        elif name not in declared and not own_package(module.__name__, value):
            continue
        names[name] = value
    return names


def line(head, entries):
    text = [head]
    for letter in "cefvm":
        words = sorted(word for own, word in entries if own == letter)
        if words:
            text += ["*" + letter, *words]
    return " ".join(text)


def attributes(cls):
    entries = []
    names = dict(vars(cls))
    for base in cls.__mro__[1:]:
        # What private bases define is the class's own.
        if base.__name__.startswith("_") and base is not object:
            names = {**vars(base), **names}
    for name, value in names.items():
        if name.startswith("_"):
            continue
        function = isinstance(value, (*FUNCTIONS, staticmethod, classmethod, types.ClassMethodDescriptorType))
        entries.append(("f" if function else "v", name))
    for name in vars(cls).get("__annotations__", ()) if isinstance(vars(cls).get("__annotations__"), dict) else ():
        if not name.startswith("_") and name not in names:
            entries.append(("v", name))
    return entries


def main():
    found = {}
    for package in PACKAGES:
        found.update((name, public(module, False)) for name, module in modules(package))
    for name in STANDARD:
        found[name] = public(importlib.import_module(name), True)
    # Where each object is first shown: in the module nearest to the top.
    places = {}
    for module in sorted(found, key=lambda name: (name.count("."), name)):
        for name, value in found[module].items():
            if isinstance(value, (type, types.FunctionType)):
                places.setdefault((id(value), name), []).append(module)
    classes = {}
    print("# Written by `make names` (tests/oracle/names.py).")
    for module in sorted(found):
        entries = []
        for name, value in found[module].items():
            letter, word = kind(value), name
            shown = places.get((id(value), name), [module])
            if module.split(".")[0] in PACKAGES and len(shown) > 1:
                where = getattr(value, "__module__", None)
                other = shown[0] if shown[0] != module else where if where in shown and where != module else None
                if other:
                    word += f"@{other}"
            elif letter == "e":
                base = value.__bases__[0]
                word += f"<{dotted(base)}"
            entries.append((letter, word))
            if isinstance(value, type) and own_package(module, value):
                classes.setdefault(dotted(value), value)
        print(line(module, entries))
    for name in sorted(sys.stdlib_module_names):
        if name not in found and not name.startswith("_") and name not in ("this", "antigravity", "idlelib", "test"):
            print(f"{name} *")
    for name, cls in sorted(classes.items()):
        entries = attributes(cls)
        if entries and not is_exception(cls):
            print(line(":" + name, entries))


main()
