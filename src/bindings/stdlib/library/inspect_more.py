"""Signatures, and what else `inspect` says of functions."""

import types

from _inspect import parameter_text, parameters


class _empty:
    pass


class _Kind(int):
    _names = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")
    _texts = ("positional-only", "positional or keyword", "variadic positional", "keyword-only", "variadic keyword")

    @property
    def name(self):
        return self._names[self]

    @property
    def description(self):
        return self._texts[self]

    def __repr__(self):
        return f"<_ParameterKind.{self.name}: {int(self)}>"

    def __str__(self):
        return self.name


_KINDS = [_Kind(number) for number in range(5)]


def _shown(annotation):
    if isinstance(annotation, type) and getattr(annotation, "__module__", "") == "builtins":
        return annotation.__qualname__
    if isinstance(annotation, str):
        return repr(annotation)
    if isinstance(annotation, type):
        return f"{annotation.__module__}.{annotation.__qualname__}"
    return repr(annotation)


def formatannotation(annotation, base_module=None):
    return _shown(annotation)


class Parameter:
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = _KINDS
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name = name
        self.kind = _KINDS[kind]
        self.default = default
        self.annotation = annotation

    def replace(self, **changes):
        given = {"name": self.name, "kind": self.kind, "default": self.default, "annotation": self.annotation, **changes}
        return Parameter(given["name"], given["kind"], default=given["default"], annotation=given["annotation"])

    def __str__(self):
        text = self.name
        if self.annotation is not _empty:
            text += ": " + _shown(self.annotation)
        if self.default is not _empty:
            text += (" = " if self.annotation is not _empty else "=") + repr(self.default)
        return {2: "*", 4: "**"}.get(self.kind, "") + text

    def __repr__(self):
        return f'<Parameter "{self}">'

    def __eq__(self, other):
        return isinstance(other, Parameter) and (self.name, self.kind, self.default, self.annotation) == (other.name, other.kind, other.default, other.annotation)

    def __hash__(self):
        return hash((self.name, self.kind))


class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature = signature
        self.arguments = arguments

    @property
    def args(self):
        found = []
        for name, parameter in self.signature.parameters.items():
            if parameter.kind in (3, 4) or name not in self.arguments:
                break
            if parameter.kind == 2:
                found.extend(self.arguments[name])
            else:
                found.append(self.arguments[name])
        return tuple(found)

    @property
    def kwargs(self):
        found = {}
        for name, parameter in self.signature.parameters.items():
            if name in self.arguments:
                if parameter.kind == 4:
                    found.update(self.arguments[name])
                elif parameter.kind == 3:
                    found[name] = self.arguments[name]
        return found

    def apply_defaults(self):
        found = {}
        for name, parameter in self.signature.parameters.items():
            if name in self.arguments:
                found[name] = self.arguments[name]
            elif parameter.default is not _empty:
                found[name] = parameter.default
            elif parameter.kind == 2:
                found[name] = ()
            elif parameter.kind == 4:
                found[name] = {}
        self.arguments = found


class Signature:
    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        self.parameters = {each.name: each for each in parameters or ()}
        self.return_annotation = return_annotation

    @classmethod
    def from_callable(cls, obj, **options):
        return signature(obj)

    def replace(self, *, parameters=None, return_annotation=_empty):
        kept = self.return_annotation if return_annotation is _empty else return_annotation
        return Signature(list(self.parameters.values()) if parameters is None else parameters, return_annotation=kept)

    def bind_partial(self, *args, **kwargs):
        return self._bound(args, kwargs, True)

    def bind(self, *args, **kwargs):
        return self._bound(args, kwargs, False)

    def _bound(self, args, kwargs, partial):
        args, kwargs, found = list(args), dict(kwargs), {}
        for name, parameter in self.parameters.items():
            kind = parameter.kind
            if kind == 2:
                found[name] = tuple(args)
                args = []
            elif kind == 4:
                found[name] = kwargs
                kwargs = {}
            elif args and kind != 3:
                if name in kwargs:
                    raise TypeError(f"multiple values for argument {name!r}")
                found[name] = args.pop(0)
            elif name in kwargs and kind != 0:
                found[name] = kwargs.pop(name)
            elif parameter.default is _empty and not partial:
                raise TypeError(f"missing a required argument: {name!r}")
        if args:
            raise TypeError("too many positional arguments")
        if kwargs:
            raise TypeError(f"got an unexpected keyword argument {next(iter(kwargs))!r}")
        return BoundArguments(self, found)

    def __str__(self):
        parts, slash, star = [], False, False
        for parameter in self.parameters.values():
            if parameter.kind == 0:
                slash = True
            elif slash:
                parts.append("/")
                slash = False
            if parameter.kind == 2:
                star = True
            elif parameter.kind == 3 and not star:
                parts.append("*")
                star = True
            parts.append(str(parameter))
        if slash:
            parts.append("/")
        text = "(" + ", ".join(parts) + ")"
        if self.return_annotation is not _empty:
            text += " -> " + _shown(self.return_annotation)
        return text

    def __repr__(self):
        return f"<Signature {self}>"

    def __eq__(self, other):
        return isinstance(other, Signature) and list(self.parameters.values()) == list(other.parameters.values())


def _written(text):
    """The parameters that a text names, as a function that has them."""
    space = {}
    names = text.replace("<object object>", "None").replace("…", "None")
    try:
        exec(f"def function({names}): pass", {"PydanticUndefined": None, "Query": None, "Model": None, "math": None}, space)
    except Exception:
        return None
    return parameters(space["function"])


def signature(callable, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    obj = callable
    bound = 0
    if isinstance(obj, types.MethodType):
        obj, bound = obj.__func__, 1
    elif isinstance(obj, type):
        new, init = obj.__dict__.get("__new__"), getattr(obj, "__init__", None)
        obj, bound = (init, 1) if init is not None else (new, 1)
    elif isinstance(obj, (classmethod, staticmethod)):
        obj = obj.__func__
    while follow_wrapped and hasattr(obj, "__wrapped__"):
        obj = obj.__wrapped__
    if hasattr(obj, "func") and hasattr(obj, "keywords"):
        inner = signature(obj.func)
        rest = list(inner.parameters.values())[len(obj.args) :]
        return Signature([each.replace(default=obj.keywords[each.name], kind=3) if each.name in obj.keywords else each for each in rest])
    found = parameters(obj)
    if found is None:
        text = parameter_text(obj)
        found = None if text is None else _written(text)
    if found is None and not isinstance(callable, (type, types.FunctionType)) and hasattr(type(obj), "__call__"):
        inner = type(obj).__call__
        found, bound = parameters(inner), 1
        obj = inner
    if found is None:
        if isinstance(callable, type):
            return Signature([])
        raise ValueError(f"no signature found for builtin {callable!r}")
    hints = getattr(obj, "__annotations__", None) or {}
    made = [
        Parameter(name, kind, default=default[0] if default else _empty, annotation=hints.get(name, _empty))
        for name, kind, default in found[bound:]
    ]
    return Signature(made, return_annotation=hints.get("return", _empty))


def getfullargspec(func):
    from collections import namedtuple

    spec = namedtuple("FullArgSpec", "args varargs varkw defaults kwonlyargs kwonlydefaults annotations")
    found = list(signature(func).parameters.values())
    args = [each for each in found if each.kind in (0, 1)]
    only = [each for each in found if each.kind == 3]
    return spec(
        [each.name for each in args],
        next((each.name for each in found if each.kind == 2), None),
        next((each.name for each in found if each.kind == 4), None),
        tuple(each.default for each in args if each.default is not _empty) or None,
        [each.name for each in only],
        {each.name: each.default for each in only if each.default is not _empty} or None,
        dict(getattr(func, "__annotations__", {})),
    )


def unwrap(func, *, stop=None):
    while hasattr(func, "__wrapped__"):
        func = func.__wrapped__
    return func


def getmodule(object, _filename=None):
    import sys

    return sys.modules.get(getattr(object, "__module__", None))


def getmodulename(path):
    import os

    name = os.path.basename(path)
    return name[:-3] if name.endswith(".py") else None


def getfile(object):
    file = getattr(getmodule(object) if not isinstance(object, types.ModuleType) else object, "__file__", None)
    if not file:
        raise TypeError(f"{object!r} is a built-in")
    return file


getsourcefile = getabsfile = getfile


def getmro(cls):
    return cls.__mro__


def isdatadescriptor(object):
    return not isinstance(object, type) and hasattr(type(object), "__set__")


def ismethoddescriptor(object):
    return False


def isasyncgenfunction(obj):
    return False


def isasyncgen(object):
    return False


def getattr_static(obj, attr, *default):
    for place in [getattr(obj, "__dict__", {}), *(vars(cls) for cls in (obj.__mro__ if isinstance(obj, type) else type(obj).__mro__))]:
        if attr in place:
            return place[attr]
    if default:
        return default[0]
    raise AttributeError(attr)


def get_annotations(obj, *, globals=None, locals=None, eval_str=False):
    return dict(getattr(obj, "__annotations__", None) or {})
