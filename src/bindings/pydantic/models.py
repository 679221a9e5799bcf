"""`pydantic`: models, whose fields Rust collects (`cls.model_fields`)."""

import datetime
import enum
import inspect
import json
import typing
from collections import abc, deque

import _pydantic_checks
from _pydantic_checks import _call, _guarded, _inner, _label, _limits, check
from _pydantic_declarations import (
    AliasChoices, AliasPath, Computed, Decorated, Failed, ModelPrivateAttr, Problem, PydanticUndefined, ValidationError,
    ValidationInfo, _at, _plain,
)


def values_of(cls, value):
    found = {}
    for name, field in cls.model_fields.items():
        for key in (getattr(field, "alias", None), name):
            if isinstance(key, str) and hasattr(value, key):
                found[key] = getattr(value, key)
                break
    return found


def made(cls, data):
    found = cls.__new__(cls)
    problems = fill(found, data)
    if problems:
        raise Failed(problems)
    return found


class Plan:
    """What the class bodies of a model say, besides its fields."""

    def __init__(self, cls):
        self.config = config_of(cls)
        self.before, self.after, self.wrap = {}, {}, {}
        self.model_before, self.model_after, self.model_wrap = [], [], []
        self.computed, self.private, self.serializers = {}, {}, {}
        self.model_serializer = None
        for base in reversed(cls.__mro__):
            for name, value in dict(vars(base)).items():
                if isinstance(value, Decorated):
                    self._decorated(name, value)
                elif isinstance(value, Computed):
                    self.computed[name] = value
                elif isinstance(value, ModelPrivateAttr):
                    self.private[name] = value
            for name in getattr(base, "__annotations__", {}) if "__annotations__" in vars(base) else ():
                if name.startswith("_") and not name.startswith("__") and name not in self.private and name in vars(base):
                    self.private[name] = ModelPrivateAttr(vars(base)[name])

    def _decorated(self, name, value):
        kind, mode = value.kind, value.mode
        if kind == "field":
            table = {"before": self.before, "after": self.after, "wrap": self.wrap, "plain": self.wrap}[mode]
            for field in value.fields:
                known = [(n, v) for n, v in table.get(field, []) if n != name]
                table[field] = [*known, (name, value)]
        elif kind in ("model", "root"):
            table = {"before": self.model_before, "after": self.model_after, "wrap": self.model_wrap}[mode]
            table[:] = [(n, v) for n, v in table if n != name] + [(name, value)]
        elif kind == "serializer":
            for field in value.fields:
                self.serializers[field] = value
        else:
            self.model_serializer = value


def config_of(cls):
    config = {}
    if any(base.__name__ == "BaseSettings" and base.__module__.startswith("pydantic_settings") for base in cls.__mro__):
        config = {"extra": "forbid", "validate_default": True, "arbitrary_types_allowed": True}
    for base in reversed(cls.__mro__):
        own = vars(base)
        old = own.get("Config")
        if isinstance(old, type):
            config.update({name: value for name, value in vars(old).items() if not name.startswith("__")})
        given = own.get("model_config")
        if isinstance(given, dict):
            config.update(given)
        config.update(own.get("__class_keywords__") or {})
    return config


def plan_of(cls):
    plan = vars(cls).get("__pydantic_plan__")
    if plan is None:
        plan = Plan(cls)
        cls.__pydantic_plan__ = plan
    return plan


def keys_of(name, field, config):
    """The keys under which a field's value is looked for, and the one that errors name."""
    alias = getattr(field, "validation_alias", None)
    if alias is None:
        alias = getattr(field, "alias", None)
    if alias is None and callable(config.get("alias_generator")):
        alias = config["alias_generator"](name)
    if alias is None:
        return [name], name
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    first = choices[0]
    shown = first.path[0] if isinstance(first, AliasPath) else first
    keys = list(choices)
    if config.get("populate_by_name") or config.get("validate_by_name"):
        keys.append(name)
    return keys, shown


def _found(keys, data):
    for key in keys:
        if isinstance(key, AliasPath):
            value = key.search_dict_for_path(data)
            if value is not PydanticUndefined:
                return key.path[0], value
        elif key in data:
            return key, data[key]
    return None, PydanticUndefined


def _copied(value):
    if isinstance(value, (list, dict, set)):
        import copy

        return copy.deepcopy(value)
    return value


def _bound(value, cls):
    return value.__get__(None, cls)


def _field_value(cls, plan, name, field, value, seen):
    given = value
    info = ValidationInfo(plan.config, seen, name)
    for _, each in reversed(plan.before.get(name, [])):
        value = _validator_call(cls, each, value, info)
    if plan.config.get("str_strip_whitespace") and isinstance(value, str):
        value = value.strip()
    if plan.config.get("coerce_numbers_to_str") and field.annotation is str and isinstance(value, (int, float)):
        value = str(value)
    wraps = plan.wrap.get(name, [])
    if wraps and wraps[-1][1].mode == "plain":
        value = _validator_call(cls, wraps[-1][1], value, info)
    elif wraps:
        each = wraps[-1][1]
        value = _guarded(_bound(each, cls), value, value, lambda v: _inner(field.annotation, v))
    else:
        value = check(field.annotation, value, bool(getattr(field, "strict", None) or plan.config.get("strict")))
        if value is not None:
            _limits(field, value, given)
    for _, each in plan.after.get(name, []):
        value = _validator_call(cls, each, value, info)
    if plan.config.get("use_enum_values") and isinstance(value, enum.Enum):
        value = value.value
    return value


def _validator_call(cls, each, value, info):
    function = _bound(each, cls)
    if each.options.get("old"):
        names = list(inspect.signature(_plain(each.function)).parameters)
        extra = {}
        if "values" in names:
            extra["values"] = info.data
        return _guarded(lambda: function(value, **extra), value)
    if not isinstance(each.function, (classmethod, staticmethod)):
        bare = each.function
        function = lambda *args: bare(cls, *args)
        count = len(inspect.signature(bare).parameters) - 1
        return _guarded(lambda: function(value, info) if count > 1 else function(value), value)
    return _guarded(_call, value, function, value, info)


def fill(self, data, given=None):
    """Sets the fields of a model from its data; returns what is wrong."""
    cls = type(self)
    plan = plan_of(cls)
    whole = data
    try:
        for _, each in reversed(plan.model_before):
            function = _bound(each, cls) if isinstance(each.function, (classmethod, staticmethod)) else (lambda v, f=each.function: f(cls, v))
            if each.kind == "model":
                data = _guarded(_call, data, function, data, ValidationInfo(plan.config, {}, None))
            else:
                data = _guarded(function, data, data)
        if plan.model_wrap:
            each = plan.model_wrap[-1][1]

            def handler(value):
                problems = _set_fields(self, cls, plan, value)
                if problems:
                    raise ValidationError(cls.__name__, problems)
                return self

            _guarded(_bound(each, cls), data, data, handler)
        else:
            if isinstance(data, cls):
                data = dict(vars(data))
            problems = _set_fields(self, cls, plan, data)
            if problems:
                return problems
        for name, attribute in plan.private.items():
            if attribute.default_factory is not None:
                object.__setattr__(self, name, attribute.default_factory())
            elif attribute.default is not PydanticUndefined:
                object.__setattr__(self, name, _copied(attribute.default))
        if hasattr(cls, "model_post_init"):
            _guarded(lambda: self.model_post_init(None), whole)
        for _, each in plan.model_after:
            if each.kind == "root":
                values = _guarded(_bound(each, cls), whole, {name: getattr(self, name) for name in cls.model_fields})
                for name, value in (values or {}).items():
                    object.__setattr__(self, name, value)
            else:
                count = len(inspect.signature(_plain(each.function)).parameters)
                if isinstance(each.function, classmethod):
                    function = _bound(each, cls)
                    _guarded(lambda: function(self, ValidationInfo(plan.config, {}, None)) if count > 2 else function(self), whole)
                elif count > 1:
                    _guarded(each.function, whole, self, ValidationInfo(plan.config, {}, None))
                else:
                    _guarded(each.function, whole, self)
    except Failed as failed:
        return failed.problems
    return []


def _set_fields(self, cls, plan, data):
    if not isinstance(data, (dict, abc.Mapping)):
        return [Problem("model_type", (), f"Input should be a valid dictionary or instance of {cls.__name__}", data, {"class_name": cls.__name__})]
    problems, seen, used, given = [], {}, set(), set()
    for name, field in cls.model_fields.items():
        keys, shown = keys_of(name, field, plan.config)
        key, value = _found(keys, data)
        if value is PydanticUndefined:
            if field.default_factory is not None:
                value = field.default_factory()
            elif field.default is ... or field.default is PydanticUndefined:
                problems.append(Problem("missing", (shown,), "Field required", data, {}))
                continue
            else:
                value = _copied(field.default)
            always = any(each.options.get("always") for _, each in [*plan.before.get(name, []), *plan.after.get(name, [])])
            if not (plan.config.get("validate_default") or getattr(field, "validate_default", None) or always):
                seen[name] = value
                continue
        else:
            used.update(each.path[0] if isinstance(each, AliasPath) else each for each in keys)
            given.add(name)
            shown = key
        try:
            seen[name] = _field_value(cls, plan, name, field, value, dict(seen))
        except Failed as failed:
            problems += _at(shown, failed.problems)
    extra = plan.config.get("extra", "ignore")
    rest = {name: value for name, value in data.items() if name not in used} if extra != "ignore" else {}
    if extra == "forbid":
        for name, value in rest.items():
            problems.append(Problem("extra_forbidden", (name,), "Extra inputs are not permitted", value, {}))
    if problems:
        return problems
    for name, value in seen.items():
        object.__setattr__(self, name, value)
    object.__setattr__(self, "__pydantic_fields_set__", given)
    object.__setattr__(self, "__pydantic_extra__", None)
    if extra == "allow":
        for name, value in rest.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "__pydantic_extra__", rest)
        given.update(rest)
    return []


def initialize(self, data):
    problems = fill(self, data)
    if problems:
        raise ValidationError(config_of(type(self)).get("title") or type(self).__name__, problems)


def assign(self, name, value):
    """What `self.name = value` does; whether it was done."""
    cls = type(self)
    fields = cls.model_fields
    plan = plan_of(cls)
    config = plan.config
    if name in fields:
        if config.get("frozen") or getattr(fields[name], "frozen", None):
            kind = "frozen_instance" if config.get("frozen") else "frozen_field"
            message = "Instance is frozen" if config.get("frozen") else "Field is frozen"
            raise ValidationError(cls.__name__, [Problem(kind, (name,), message, value, {})])
        if config.get("validate_assignment"):
            try:
                value = _field_value(cls, plan, name, fields[name], value, {})
            except Failed as failed:
                raise ValidationError(cls.__name__, _at(name, failed.problems)) from None
        object.__setattr__(self, name, value)
        self.__dict__.setdefault("__pydantic_fields_set__", set()).add(name)
        return True
    if name.startswith("_"):
        return False
    found = getattr(cls, name, PydanticUndefined)
    if found is not PydanticUndefined:
        return False
    if config.get("extra") == "allow":
        object.__setattr__(self, name, value)
        return True
    raise ValueError(f'"{cls.__name__}" object has no field "{name}"')


# Serialization.


def _shown(value, mode, options):
    if hasattr(type(value), "model_fields") and not isinstance(value, type):
        return dump(value, mode=mode, **options)
    if isinstance(value, dict):
        return {_shown(key, mode, {}): _shown(each, mode, options) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, deque)) and not hasattr(value, "_fields"):
        items = [_shown(each, mode, options) for each in value]
        return items if mode == "json" else type(value)(items)
    if mode != "json":
        return value
    if isinstance(value, enum.Enum):
        return _shown(value.value, mode, options)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        text = value.isoformat()
        return text[:-6] + "Z" if text.endswith("+00:00") else text
    if isinstance(value, datetime.timedelta):
        seconds = value.seconds + value.microseconds / 1e6
        text = "P" + (f"{value.days}D" if value.days else "")
        if seconds or not value.days:
            hours, rest = divmod(seconds, 3600)
            minutes, rest = divmod(rest, 60)
            text += "T" + (f"{int(hours)}H" if hours else "") + (f"{int(minutes)}M" if minutes else "") + (f"{rest:g}S" if rest or not (hours or minutes) else "")
        return text
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return str(value)


def _wanted(name, include, exclude):
    if include is not None and name not in include:
        return False
    if exclude is None or name not in exclude:
        return True
    return isinstance(exclude, dict) and exclude[name] not in (True, ...)


def dump(self, mode="python", include=None, exclude=None, by_alias=None, exclude_unset=False, exclude_defaults=False, exclude_none=False, **rest):
    cls = type(self)
    plan = plan_of(cls)
    if plan.model_serializer is not None and plan.model_serializer.mode == "plain":
        return plan.model_serializer.function(self)
    given = getattr(self, "__dict__", {}).get("__pydantic_fields_set__")
    options = dict(by_alias=by_alias, exclude_unset=exclude_unset, exclude_defaults=exclude_defaults, exclude_none=exclude_none)
    found = {}
    fields = cls.model_fields
    names = [*fields, *(getattr(self, "__dict__", {}).get("__pydantic_extra__") or {})]
    for name in [*names, *plan.computed]:
        if not _wanted(name, include, exclude):
            continue
        field = fields.get(name)
        if field is not None and getattr(field, "exclude", None):
            continue
        if exclude_unset and given is not None and name in fields and name not in given:
            continue
        value = getattr(self, name, None)
        if exclude_none and value is None:
            continue
        if exclude_defaults and field is not None:
            default = field.default_factory() if field.default_factory else field.default
            if value == default:
                continue
        serializer = plan.serializers.get(name)
        if serializer is not None and (serializer.options.get("when") != "json" or mode == "json"):
            function = _plain(serializer.function)
            count = len(inspect.signature(function).parameters)
            if serializer.mode == "wrap":
                value = function(self, value, lambda v: _shown(v, mode, options))
            else:
                value = function(self, value, None) if count > 2 else function(self, value) if count > 1 else function(value)
        else:
            below = exclude.get(name) if isinstance(exclude, dict) else None
            value = _shown(value, mode, {**options, "exclude": below} if below else options)
        if by_alias and field is not None:
            name = getattr(field, "serialization_alias", None) or getattr(field, "alias", None) or name
        found[name] = value
    return found


class Methods:
    """The methods of `BaseModel`."""

    def model_dump(self, **options):
        return dump(self, **options)

    def model_dump_json(self, *, indent=None, ensure_ascii=False, **options):
        options["mode"] = "json"
        text = json.dumps(dump(self, **options), indent=indent, separators=None if indent else (",", ":"), ensure_ascii=ensure_ascii)
        return text

    def dict(self, **options):
        return dump(self, **options)

    def json(self, **options):
        return Methods.model_dump_json(self, **options)

    def model_copy(self, *, update=None, deep=False):
        import copy

        made = type(self).__new__(type(self))
        for name, value in vars(self).items():
            object.__setattr__(made, name, copy.deepcopy(value) if deep else value)
        for name, value in (update or {}).items():
            object.__setattr__(made, name, value)
        return made

    def copy(self, *, include=None, exclude=None, update=None, deep=False):
        return Methods.model_copy(self, update=update, deep=deep)

    def model_validate(cls, obj, *, from_attributes=None, update=None, **options):
        if isinstance(obj, cls) and not update:
            return obj
        data = obj
        if not isinstance(obj, dict) and (from_attributes or plan_of(cls).config.get("from_attributes") or hasattr(cls, "metadata")):
            data = values_of(cls, obj)
        if update:
            data = {**data, **update}
        if hasattr(cls, "__table__"):
            return cls(**data)
        try:
            return made(cls, data) if isinstance(data, dict) or plan_of(cls).model_before else _pydantic_checks._model(cls, data)
        except Failed as failed:
            raise ValidationError(cls.__name__, failed.problems) from None

    def model_validate_json(cls, json_data, **options):
        return Methods.model_validate(cls, json.loads(json_data))

    def parse_obj(cls, obj, update=None):
        return Methods.model_validate(cls, obj, update=update)

    def parse_raw(cls, b, **options):
        return Methods.model_validate_json(cls, b)

    def from_orm(cls, obj, update=None):
        return Methods.model_validate(cls, obj, from_attributes=True, update=update)

    def model_construct(cls, _fields_set=None, **values):
        made = cls.__new__(cls)
        for name, field in cls.model_fields.items():
            if name in values:
                object.__setattr__(made, name, values[name])
            elif field.default_factory is not None:
                object.__setattr__(made, name, field.default_factory())
            elif field.default is not ...:
                object.__setattr__(made, name, _copied(field.default))
        object.__setattr__(made, "__pydantic_fields_set__", set(values) if _fields_set is None else _fields_set)
        return made

    def fields_set(self):
        return self.__dict__.get("__pydantic_fields_set__", set())

    def extra(self):
        return self.__dict__.get("__pydantic_extra__")

    def pairs(self):
        return [(name, getattr(self, name)) for name in [*type(self).model_fields, *(Methods.extra(self) or {})] if hasattr(self, name)]

    def shown(self):
        parts = [(name, value) for name, value in Methods.pairs(self) if getattr(type(self).model_fields.get(name), "repr", None) is not False]
        return [*parts, *((name, getattr(self, name)) for name, each in plan_of(type(self)).computed.items() if each.options.get("repr", True))]


class TypeAdapter:
    __module__ = "pydantic.type_adapter"

    def __class_getitem__(cls, item):
        return cls

    def __init__(self, type, *, config=None, _parent_depth=2, module=None):
        self._type = type

    def validate_python(self, object, /, **options):
        try:
            return check(self._type, object, bool(options.get("strict")))
        except Failed as failed:
            raise ValidationError(_label(self._type), failed.problems) from None

    def validate_json(self, data, /, **options):
        return self.validate_python(json.loads(data))

    def dump_python(self, instance, /, *, mode="python", **options):
        return _shown(instance, mode, {})

    def dump_json(self, instance, /, *, indent=None, **options):
        return json.dumps(_shown(instance, "json", {}), indent=indent, separators=None if indent else (",", ":")).encode()


def parse_obj_as(type_, obj, type_name=None):
    return TypeAdapter(type_).validate_python(obj)


def validate_call(func=None, /, *, config=None, validate_return=False):
    def made(function):
        hints = typing.get_type_hints(function, include_extras=True)
        names = list(inspect.signature(function).parameters)

        def checked(*args, **kwargs):
            args = [TypeAdapter(hints[name]).validate_python(value) if name in hints else value for name, value in zip(names, args)]
            kwargs = {name: TypeAdapter(hints[name]).validate_python(value) if name in hints else value for name, value in kwargs.items()}
            return function(*args, **kwargs)

        checked.__name__ = function.__name__
        checked.__doc__ = function.__doc__
        return checked

    return made if func is None else made(func)


validate_arguments = validate_call


def create_model(model_name, /, *, __config__=None, __doc__=None, __base__=None, __module__=None, __validators__=None, __cls_kwargs__=None, **field_definitions):
    from pydantic import BaseModel

    annotations, namespace = {}, {}
    for name, given in field_definitions.items():
        if isinstance(given, tuple):
            annotations[name] = given[0]
            if len(given) > 1 and given[1] is not ...:
                namespace[name] = given[1]
        else:
            annotations[name] = given if isinstance(given, type) or typing.get_origin(given) else type(given)
            if annotations[name] is not given:
                namespace[name] = given
    namespace["__annotations__"] = annotations
    if __config__:
        namespace["model_config"] = __config__
    if __validators__:
        namespace.update(__validators__)
    bases = __base__ if isinstance(__base__, tuple) else (__base__ or BaseModel,)
    return type(model_name, bases, namespace)
