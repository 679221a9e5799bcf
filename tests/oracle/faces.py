"""What the real packages show of the names that Limbeck has: `dir()`, `inspect.signature`, and the order of inheritance.

    faces.py < names.json > faces.json

The input maps each module to the names that Limbeck has in it. The answer holds, for each of those modules, the
public names that the real one has and what they are, the asked names that it lacks, and, for each class that was
asked for and the classes it inherits from, its own names. A function is the list of its parameters as Python writes
them; a default that is not a number, a text, a truth value or None is `…`.
"""

import __future__

import importlib
import inspect
import json
import sys
import types
import typing
import warnings

UNTOLD = "…"
FEATURE = type(__future__.annotations)


def default(value):
    # Where this Python is says nothing of the module.
    if value == sys.executable:
        return UNTOLD
    return repr(value) if type(value) in (type(None), bool, int, float, str) else UNTOLD


def signature(function, bound=False):
    """The parameter list, or None where Python does not tell it."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):
        return None
    if bound:
        parameters = parameters[1:]
    parts = []
    last = None
    for parameter in parameters:
        kind = parameter.kind
        if last == parameter.POSITIONAL_ONLY and kind != last:
            parts.append("/")
        if kind == parameter.KEYWORD_ONLY and last not in (kind, parameter.VAR_POSITIONAL):
            parts.append("*")
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(kind, "")
        told = "" if parameter.default is parameter.empty else "=" + default(parameter.default)
        parts.append(stars + parameter.name + told)
        last = kind
    if last == inspect.Parameter.POSITIONAL_ONLY:
        parts.append("/")
    text = ", ".join(parts)
    # A function that hands on whatever it gets says nothing about what it takes.
    return None if text == "*args, **kw" else text


def dotted(cls):
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
)


def is_function(value):
    return isinstance(value, FUNCTIONS)


def told(value):
    """A name of a module: a class, a function with its parameters, a module, or any other value."""
    if isinstance(value, type):
        return {"class": dotted(value)}
    if isinstance(value, types.ModuleType):
        return "module"
    if is_function(value):
        return {"function": signature(value)}
    return "value"


def own_names(cls):
    """The public names that a class itself defines, those among them that only annotations declare."""
    names = {}
    for name, value in vars(cls).items():
        if name.startswith("_"):
            continue
        if isinstance(value, staticmethod):
            names[name] = {"function": signature(value.__func__)}
        elif isinstance(value, (classmethod, types.ClassMethodDescriptorType)):
            names[name] = {"function": signature(getattr(cls, name))}
        elif is_function(value):
            names[name] = {"function": signature(value, bound=True)}
        elif isinstance(value, type):
            names[name] = {"class": dotted(value)}
        else:
            names[name] = "value"
    annotations = vars(cls).get("__annotations__")
    for name in annotations if isinstance(annotations, dict) else ():
        if not name.startswith("_"):
            names.setdefault(name, "annotation")
    return names


def belongs(module, name, value):
    """Whether a name is the module's own, not something that it imported for itself."""
    if isinstance(value, (FEATURE, typing.TypeVar)) or name == "TYPE_CHECKING":
        return False
    if hasattr(module, "__all__"):
        return name in module.__all__
    package = module.__name__.split(".")[0]
    if isinstance(value, types.ModuleType):
        return value.__name__ == f"{module.__name__}.{name}"
    where = getattr(value, "__module__", None)
    if not isinstance(where, str):
        where = type(value).__module__
        return where == "builtins" or where.split(".")[0] == package
    if where == module.__name__:
        return True
    # A package gathers what its modules define; a module lets what it imported be seen by accident.
    return hasattr(module, "__path__") and where.split(".")[0] == package


def main():
    warnings.simplefilter("ignore")
    modules, classes = {}, {}

    def add(cls):
        if dotted(cls) in classes:
            return
        names, bases = own_names(cls), []
        for base in cls.__bases__:
            if dotted(base) == dotted(cls):
                # The named tuple behind a class of the same name.
                names = own_names(base) | names
                bases += base.__bases__
            elif base is not object:
                bases.append(base)
        classes[dotted(cls)] = {"bases": [dotted(base) for base in bases], "constructor": signature(cls), "names": names}
        for base in bases:
            add(base)

    for name, asked in json.load(sys.stdin).items():
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            modules[name] = {"absent": str(error)}
            continue
        names, absent = {}, []
        for each in dir(module):
            if not each.startswith("_") and belongs(module, each, getattr(module, each, None)):
                names[each] = told(getattr(module, each))
        for each in asked:
            try:
                value = getattr(module, each)
            except AttributeError:
                absent.append(each)
                continue
            names[each] = told(value)
            if isinstance(value, type):
                add(value)
        modules[name] = {"names": names, "lacks": sorted(absent)}
    answer = {"python": "%d.%d" % sys.version_info[:2], "modules": modules, "classes": classes}
    # A line for each module and class, so that a change can be read.
    print("{")
    print(f' "python": {json.dumps(answer["python"])},')
    for key, last in (("modules", False), ("classes", True)):
        print(f" {json.dumps(key)}: {{")
        entries = sorted(answer[key].items())
        for place, (name, entry) in enumerate(entries):
            text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            print(f"  {json.dumps(name)}: {text}{',' if place + 1 < len(entries) else ''}")
        print(" }" if last else " },")
    print("}")


main()
