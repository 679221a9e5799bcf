"""SQLAlchemy's type classes, its own and those of its dialects, as Rust data.

What a class accepts and what its `repr()` shows is asked of the class itself: the parameters of the constructors along
its order of inheritance, and the arguments that its `repr_struct()` hands to `GenericRepr`.
"""

import enum
import re

import sqlalchemy
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.sql import sqltypes, type_api
from sqlalchemy.sql.type_api import TypeDecorator, TypeEngine, UserDefinedType
from sqlalchemy.util import langhelpers
from sqlalchemy.util.compat import inspect_getfullargspec

MODULES = (sqlalchemy, sqltypes, type_api, sqlite, postgresql, mysql, mssql, oracle)

HEAD = """\
//! Every type class of SQLAlchemy and of its dialects, as data: name, module, signature, bases.
//!
//! Written by `make generated` (scripts/generate/type_classes.py); change that, not this.

use super::{Default, Parameter, TypeClass};
"""

# A default that repr_struct() takes from the instance, which is not there: any value differs from it.
OF_THE_INSTANCE = object()

# Constructors of these take **kw and read it themselves, so that no signature tells the names.
ENUM_KEYWORDS = {
    "name": None,
    "native_enum": True,
    "create_constraint": False,
    "values_callable": None,
    "sort_key_function": None,
    "length": None,
    "omit_aliases": True,
    "validate_strings": False,
    "schema": None,
    "metadata": None,
    "inherit_schema": None,
    "quote": None,
}
ENUM_KEYWORDS_OF_DIALECTS = ("charset", "collation", "ascii", "binary", "unicode", "national", "create_type")
SQLITE_KEYWORDS = {
    sqlite.DATE: {"storage_format": None, "regexp": None},
    sqlite.DATETIME: {"storage_format": None, "regexp": None, "truncate_microseconds": False, "timezone": False},
    sqlite.TIME: {"storage_format": None, "regexp": None, "truncate_microseconds": False, "timezone": False},
}


def all_classes():
    """Bases before what inherits from them."""
    found = []

    def add(cls):
        if cls in found or not issubclass(cls, TypeEngine):
            return
        for base in reversed(cls.__mro__[1:]):
            if base is not object and issubclass(base, TypeEngine):
                add(base)
        found.append(cls)

    for module in MODULES:
        for name in sorted(dir(module)):
            value = getattr(module, name)
            if isinstance(value, type) and issubclass(value, TypeEngine) and "Variant" not in name:
                add(value)
    return found


def defaults_of(spec):
    return dict(zip(spec.args[-len(spec.defaults) :], spec.defaults)) if spec.defaults else {}


def parameters(cls):
    """The positional parameters as (name, required, default), the name of `*args`, and the others by name."""
    positional, variadic, keywords = [], None, {}
    first = True
    for base in cls.__mro__:
        if "__init__" not in base.__dict__ or base in (object, enum.Enum):
            continue
        try:
            spec = inspect_getfullargspec(base.__init__)
        except TypeError:
            continue
        defaults = defaults_of(spec)
        known = {name for name, _, _ in positional} | set(keywords)
        for name in spec.args[1:]:
            if name in known:
                continue
            if first:
                positional.append((name, name not in defaults, defaults.get(name)))
            else:
                keywords[name] = defaults.get(name)
        for name in spec.kwonlyargs:
            if name not in known:
                keywords[name] = (spec.kwonlydefaults or {}).get(name)
        if first:
            variadic = spec.varargs
        if not spec.varkw:
            break
        first = False
    if cls in SQLITE_KEYWORDS:
        positional, keywords = [], SQLITE_KEYWORDS[cls]
    if issubclass(cls, sqlalchemy.Enum):
        own = {name: value for name, value in keywords.items() if name in ENUM_KEYWORDS_OF_DIALECTS}
        keywords = ENUM_KEYWORDS | own
    return positional, variadic, keywords


def shown_by_repr(cls):
    """What `repr()` shows: names without a default, the name of `*args`, and (name, default)."""
    handed = {}
    usual = langhelpers.GenericRepr.__init__

    def init(self, obj, additional_kw=(), to_inspect=None, omit_kwarg=()):
        handed.update(additional=additional_kw, inspected=[obj] if to_inspect is None else list(to_inspect), omitted=omit_kwarg)
        usual(self, obj, additional_kw, to_inspect, omit_kwarg)

    try:
        instance = cls.__new__(cls)
        instance._default_length = OF_THE_INSTANCE
    except (AttributeError, TypeError):
        return [], None, []
    langhelpers.GenericRepr.__init__ = init
    try:
        if issubclass(cls, TypeDecorator):
            TypeEngine.repr_struct(instance)
        else:
            instance.repr_struct()
    finally:
        langhelpers.GenericRepr.__init__ = usual
    positional, variadic, keywords = [], None, {}
    for number, inspected in enumerate(handed["inspected"]):
        try:
            spec = inspect_getfullargspec(inspected.__init__)
        except TypeError:
            continue
        defaults = defaults_of(spec)
        required = [name for name in spec.args[1:] if name not in defaults]
        if number == 0:
            variadic = spec.varargs or variadic
            positional.extend(required)
        elif defaults:
            keywords.update((name, OF_THE_INSTANCE) for name in required)
        keywords.update(defaults)
    shown = [(name, default) for name, default in keywords.items() if name not in handed["omitted"]]
    return positional, variadic, shown + list(handed["additional"])


def affinity(cls):
    """`_type_affinity`, which a class may leave to its instances."""
    # That of Oracle's NUMBER depends on its scale.
    if cls in (TypeEngine, TypeDecorator, oracle.NUMBER) or issubclass(cls, UserDefinedType):
        return None
    # Of the others an instance will do whose constructor has not run, but for a TypeDecorator.
    instance = cls() if issubclass(cls, TypeDecorator) else cls.__new__(cls)
    return instance._type_affinity


def identifier(cls):
    """The name of the Rust item: `BIGINT`, `GENERIC_BIG_INTEGER`, `MYSQL_BIGINT`."""
    parts = cls.__module__.split(".")
    prefix = parts[2].upper() + "_" if parts[1] == "dialects" else ""
    name = cls.__name__
    if name.upper() != name:
        name = "GENERIC_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper().replace("JSONPATH", "JSON_PATH")
    return (prefix + name).replace("__", "_")


def default(value):
    if value is OF_THE_INSTANCE:
        return "Default::Required"
    if value is None:
        return "Default::None"
    if isinstance(value, bool):
        return f"Default::Boolean({str(value).lower()})"
    if isinstance(value, int):
        return f"Default::Integer({value})"
    if isinstance(value, str):
        return f'Default::String("{value}")'
    return "Default::Other"


def public(pairs):
    return [pair for pair in pairs if not pair[0].startswith("_")]


def parameter(name, value):
    return f'Parameter {{ name: "{name}", default: {value} }}'


def optional(name):
    # `*args` without a meaning of its own is no parameter.
    return f'Some("{name}")' if name and name != "args" else "None"


def slice_of(items):
    return "&[" + ", ".join(items) + "]"


def text():
    """The whole file."""
    classes = all_classes()
    names = {cls: identifier(cls) for cls in classes}
    assert len(set(names.values())) == len(classes), "two classes of one name"
    out = [HEAD]
    for cls in classes:
        positional, variadic, keywords = parameters(cls)
        shown, shown_variadic, shown_keywords = shown_by_repr(cls)
        package = cls.__module__.split(".")
        kind = affinity(cls)
        given = [parameter(n, "Default::Required" if required else default(v)) for n, required, v in public(positional)]
        out.append(f"""\
/// `{cls.__module__}.{cls.__name__}`.
pub static {names[cls]}: TypeClass = TypeClass {{
    name: "{cls.__name__}",
    module: "{cls.__module__}",
    dialect: "{package[2] if package[1] == "dialects" else ""}",
    visit_name: "{getattr(cls, "__visit_name__", None) or ""}",
    affinity: {f"Some(&{names[kind]})" if kind else "None"},
    mro: {slice_of("&" + names[base] for base in cls.__mro__ if base in names)},
    positional: {slice_of(given)},
    variadic: {optional(variadic)},
    keywords: {slice_of(parameter(n, default(v)) for n, v in public(keywords.items()))},
    repr_positional: {slice_of(f'"{n}"' for n in shown)},
    repr_variadic: {optional(shown_variadic)},
    repr_keywords: {slice_of(parameter(n, default(v)) for n, v in public(shown_keywords))},
}};
""")
    out.append("/// All of them, bases before what inherits from them.")
    out.append(f"pub static ALL: &[&TypeClass] = {slice_of('&' + names[cls] for cls in classes)};")
    return "\n".join(out) + "\n"
