"""`pydantic`: what a type takes."""

import datetime
import decimal
import enum
import inspect
import json
import pathlib
import re
import types
import typing
import uuid
from collections import OrderedDict, abc, defaultdict, deque

from _pydantic_declarations import (
    AfterValidator, BeforeValidator, Failed, Json, PlainValidator, Problem, PydanticCustomError, SecretBytes, Secret, SecretStr,
    SkipValidation, StringConstraints, ValidationError, ValidationInfo, Wrapper, WrapValidator, _at, _fail,
)
from pydantic.networks import UrlError, _BaseUrl


def _name(expected):
    words = [repr(each) for each in expected]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _int(value, strict):
    if isinstance(value, bool):
        if strict:
            _fail("int_type", "Input should be a valid integer", value)
        return int(value)
    if isinstance(value, int):
        return value
    if not strict:
        if isinstance(value, float) or isinstance(value, decimal.Decimal):
            if value != int(value):
                _fail("int_from_float", "Input should be a valid integer, got a number with a fractional part", value)
            return int(value)
        if isinstance(value, (str, bytes)):
            text = value.decode() if isinstance(value, bytes) else value
            text = text.strip()
            if re.fullmatch(r"[+-]?\d+(_\d+)*(\.0+)?", text):
                return int(text.partition(".")[0])
            _fail("int_parsing", "Input should be a valid integer, unable to parse string as an integer", value)
    _fail("int_type", "Input should be a valid integer", value)


def _float(value, strict):
    if isinstance(value, float):
        return value
    if isinstance(value, (int, decimal.Decimal)) and not (strict and isinstance(value, bool)):
        return float(value)
    if isinstance(value, (str, bytes)) and not strict:
        try:
            return float(value)
        except ValueError:
            _fail("float_parsing", "Input should be a valid number, unable to parse string as a number", value)
    _fail("float_type", "Input should be a valid number", value)


def _str(value, strict):
    if isinstance(value, enum.Enum) and isinstance(value, str):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, bytes) and not strict:
        return value.decode()
    _fail("string_type", "Input should be a valid string", value)


def _bytes(value, strict):
    if isinstance(value, bytes):
        return value
    if isinstance(value, str) and not strict:
        return value.encode()
    _fail("bytes_type", "Input should be a valid bytes", value)


_TRUE = {"1", "true", "t", "yes", "y", "on"}
_FALSE = {"0", "false", "f", "no", "n", "off"}


def _bool(value, strict):
    if isinstance(value, bool):
        return value
    if not strict:
        if isinstance(value, (int, float)) and value in (0, 1):
            return bool(value)
        if isinstance(value, (str, bytes)):
            text = (value.decode() if isinstance(value, bytes) else value).lower()
            if text in _TRUE:
                return True
            if text in _FALSE:
                return False
        if isinstance(value, (str, bytes, int, float)):
            _fail("bool_parsing", "Input should be a valid boolean, unable to interpret input", value)
    _fail("bool_type", "Input should be a valid boolean", value)


def _decimal(value, strict):
    if isinstance(value, decimal.Decimal):
        return value
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            return decimal.Decimal(str(value).strip())
        except (decimal.InvalidOperation, ValueError):
            _fail("decimal_parsing", "Input should be a valid decimal", value)
    _fail("decimal_type", "Decimal input should be an integer, float, string or Decimal object", value)


def _datetime(value, strict):
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > 2e10 else value
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return _datetime(float(text) if "." in text else int(text), strict)
        try:
            return datetime.datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
        except ValueError:
            if len(text) < 10:
                _fail("datetime_from_date_parsing", "Input should be a valid datetime or date, input is too short", value, error="input is too short")
            _fail("datetime_parsing", "Input should be a valid datetime, invalid character in year", value, error="invalid character in year")
    _fail("datetime_type", "Input should be a valid datetime", value)


def _date(value, strict):
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            _fail("date_from_datetime_inexact", "Datetimes provided to dates should have zero time - e.g. be exact dates", value)
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value.strip()[:10])
        except ValueError:
            if len(value.strip()) < 10:
                _fail("date_from_datetime_parsing", "Input should be a valid date or datetime, input is too short", value, error="input is too short")
            _fail("date_from_datetime_parsing", "Input should be a valid date or datetime, invalid character in year", value, error="invalid character in year")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _datetime(value, strict).date()
    _fail("date_type", "Input should be a valid date", value)


def _time(value, strict):
    if isinstance(value, datetime.time):
        return value
    if isinstance(value, str):
        try:
            return datetime.time.fromisoformat(value.strip())
        except ValueError:
            _fail("time_parsing", "Input should be in a valid time format, invalid character in hour", value, error="invalid character in hour")
    _fail("time_type", "Input should be a valid time", value)


_DURATION = re.compile(
    r"(?P<sign>[+-])?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_CLOCK = re.compile(r"(?P<sign>[+-])?(?:(?P<days>\d+) ?(?:d|days?),? ?)?(?:(?P<hours>\d+):(?P<minutes>\d+)(?::(?P<seconds>\d+(?:\.\d+)?))?)?")


def _timedelta(value, strict):
    if isinstance(value, datetime.timedelta):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.timedelta(seconds=value)
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return datetime.timedelta(seconds=float(text))
        match = text and (_DURATION.fullmatch(text) or _CLOCK.fullmatch(text))
        if match:
            parts = {name: float(part) for name, part in match.groupdict().items() if part and name != "sign"}
            days = parts.pop("days", 0) + 365 * parts.pop("years", 0) + 30 * parts.pop("months", 0)
            found = datetime.timedelta(days=days, **parts)
            return -found if match["sign"] == "-" else found
        _fail("time_delta_parsing", "Input should be a valid timedelta, invalid digit in duration", value, error="invalid digit in duration")
    _fail("time_delta_type", "Input should be a valid timedelta", value)


def _uuid(value, strict):
    if isinstance(value, uuid.UUID):
        return value
    if isinstance(value, str):
        try:
            return uuid.UUID(value)
        except ValueError:
            for at, c in enumerate(value):
                if c not in "0123456789abcdefABCDEF-":
                    _fail("uuid_parsing", f"Input should be a valid UUID, invalid character: found `{c}` at {at}", value, error=f"invalid character: found `{c}` at {at}")
            size = len(value.replace("-", ""))
            _fail("uuid_parsing", f"Input should be a valid UUID, invalid length: expected length 32 for simple format, found {size}", value, error=f"invalid length: expected length 32 for simple format, found {size}")
    if isinstance(value, bytes):
        return uuid.UUID(bytes=value) if len(value) == 16 else uuid.UUID(value.decode())
    _fail("uuid_type", "UUID input should be a string, bytes or UUID object", value)


def _path(value, strict):
    if isinstance(value, (str, pathlib.PurePath)):
        return pathlib.Path(value)
    _fail("path_type", "Input is not a valid path", value)


_SIMPLE = {
    int: _int, float: _float, str: _str, bool: _bool, bytes: _bytes, decimal.Decimal: _decimal, datetime.datetime: _datetime,
    datetime.date: _date, datetime.time: _time, datetime.timedelta: _timedelta, uuid.UUID: _uuid, pathlib.Path: _path, pathlib.PurePath: _path,
}
_LISTS = {list: ("list", list), set: ("set", set), frozenset: ("frozenset", frozenset), deque: ("deque", deque)}
_DICTS = (dict, abc.Mapping, abc.MutableMapping, defaultdict, OrderedDict)
_SEQUENCES = (abc.Sequence, abc.Iterable, abc.Collection, abc.MutableSequence)


def _label(tp):
    origin = typing.get_origin(tp)
    if origin is typing.Annotated:
        return _label(typing.get_args(tp)[0])
    if origin is typing.Literal:
        return "literal[" + ",".join(repr(each) for each in typing.get_args(tp)) + "]"
    if origin in _LISTS or origin in _DICTS or origin is tuple:
        args = [each for each in typing.get_args(tp) if each is not ...]
        return f"{getattr(origin, '__name__', 'list')}[{','.join(_label(each) for each in args)}]"
    if tp is None or tp is type(None):
        return "none"
    return {decimal.Decimal: "decimal", datetime.datetime: "datetime", datetime.date: "date", uuid.UUID: "uuid"}.get(tp) or getattr(tp, "__name__", "any")


def _items(tp, values):
    done, problems = [], []
    for at, each in enumerate(values):
        try:
            done.append(check(tp, each))
        except Failed as failed:
            problems += _at(at, failed.problems)
    if problems:
        raise Failed(problems)
    return done


def _dict(tp, value):
    if not isinstance(value, (dict, abc.Mapping)):
        _fail("dict_type", "Input should be a valid dictionary", value)
    args = typing.get_args(tp) or (typing.Any, typing.Any)
    done, problems = {}, []
    for key, each in value.items():
        try:
            found = check(args[0], key)
        except Failed as failed:
            problems += _at(key, _at("[key]", failed.problems))
            continue
        try:
            done[found] = check(args[1], each)
        except Failed as failed:
            problems += _at(key, failed.problems)
    if problems:
        raise Failed(problems)
    return done


def _tuple(args, value):
    if not isinstance(value, (list, tuple, set, frozenset, deque)):
        _fail("tuple_type", "Input should be a valid tuple", value)
    values = list(value)
    if len(args) == 2 and args[1] is ...:
        return tuple(_items(args[0], values))
    done, problems = [], []
    for at, tp in enumerate(args):
        if at >= len(values):
            problems.append(Problem("missing", (at,), "Field required", value, {}))
            continue
        try:
            done.append(check(tp, values[at]))
        except Failed as failed:
            problems += _at(at, failed.problems)
    if len(values) > len(args):
        problems.append(Problem("too_long", (), f"Tuple should have at most {len(args)} items after validation, not {len(values)}", value, {}))
    if problems:
        raise Failed(problems)
    return tuple(done)


def _exact(tp, value):
    """Whether a value is of the type without any conversion."""
    origin = typing.get_origin(tp)
    if origin is typing.Annotated:
        return _exact(typing.get_args(tp)[0], value)
    if origin is typing.Literal:
        return any(each == value and type(each) is type(value) for each in typing.get_args(tp))
    if tp is None or tp is type(None):
        return value is None
    if isinstance(origin, type):
        return isinstance(value, origin)
    return isinstance(tp, type) and type(value) is tp


def _union(args, value):
    if value is None and any(each is None or each is type(None) for each in args):
        return None
    for tp in args:
        if _exact(tp, value):
            try:
                return check(tp, value)
            except Failed:
                pass
    problems = []
    members = [each for each in args if each is not None and each is not type(None)]
    for tp in members:
        try:
            return check(tp, value)
        except Failed as failed:
            problems += failed.problems if len(members) == 1 else _at(_label(tp), failed.problems)
    raise Failed(problems)


def _call(function, value, info):
    """A validator's function, which may take the information or not."""
    try:
        count = len([p for p in inspect.signature(function).parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty])
    except (TypeError, ValueError):
        count = 1
    return function(value, info) if count > 1 else function(value)


def _guarded(function, value, *arguments):
    try:
        return function(*arguments)
    except ValidationError as e:
        raise Failed(e._problems) from None
    except PydanticCustomError as e:
        raise Failed([Problem(e.type, (), e.message(), value, e.context, False)]) from None
    except ValueError as e:
        raise Failed([Problem("value_error", (), f"Value error, {e}", value, {"error": e})]) from None
    except AssertionError as e:
        raise Failed([Problem("assertion_error", (), f"Assertion failed, {e}", value, {"error": e})]) from None


def _limits(limits, value, given):
    get = lambda name: getattr(limits, name, None)
    if get("gt") is not None and not value > get("gt"):
        _fail("greater_than", f"Input should be greater than {get('gt')}", given, gt=get("gt"))
    if get("ge") is not None and not value >= get("ge"):
        _fail("greater_than_equal", f"Input should be greater than or equal to {get('ge')}", given, ge=get("ge"))
    if get("lt") is not None and not value < get("lt"):
        _fail("less_than", f"Input should be less than {get('lt')}", given, lt=get("lt"))
    if get("le") is not None and not value <= get("le"):
        _fail("less_than_equal", f"Input should be less than or equal to {get('le')}", given, le=get("le"))
    if get("multiple_of") is not None and value % get("multiple_of"):
        _fail("multiple_of", f"Input should be a multiple of {get('multiple_of')}", given, multiple_of=get("multiple_of"))
    least, most = get("min_length"), get("max_length")
    if (least is not None or most is not None) and hasattr(value, "__len__"):
        size = len(value)
        text = isinstance(value, (str, bytes))
        kind = type(value).__name__.capitalize()
        if least is not None and size < least:
            if text:
                _fail("string_too_short" if isinstance(value, str) else "bytes_too_short", f"{'String' if isinstance(value, str) else 'Data'} should have at least {least} character{'' if least == 1 else 's'}", given, min_length=least)
            _fail("too_short", f"{kind} should have at least {least} item{'' if least == 1 else 's'} after validation, not {size}", given, min_length=least)
        if most is not None and size > most:
            if text:
                _fail("string_too_long" if isinstance(value, str) else "bytes_too_long", f"{'String' if isinstance(value, str) else 'Data'} should have at most {most} character{'' if most == 1 else 's'}", given, max_length=most)
            _fail("too_long", f"{kind} should have at most {most} item{'' if most == 1 else 's'} after validation, not {size}", given, max_length=most)
    pattern = get("pattern")
    if pattern is not None and isinstance(value, str):
        shown = pattern if isinstance(pattern, str) else pattern.pattern
        if re.search(pattern, value) is None:
            _fail("string_pattern_mismatch", f"String should match pattern '{shown}'", given, pattern=shown)
    if isinstance(value, decimal.Decimal) and get("decimal_places") is not None:
        places = max(0, -value.as_tuple().exponent) if hasattr(value, "as_tuple") else 0
        if places > get("decimal_places"):
            _fail("decimal_max_places", f"Decimal input should have no more than {get('decimal_places')} decimal places", given)
    return value


def _annotated(args, value):
    base, metadata = args[0], args[1:]
    if any(isinstance(each, SkipValidation) for each in metadata):
        return value
    for each in reversed(metadata):
        if isinstance(each, BeforeValidator):
            value = _guarded(_call, value, each.func, value, ValidationInfo({}, {}, None))
        elif isinstance(each, Json):
            try:
                value = json.loads(value)
            except ValueError as e:
                _fail("json_invalid", f"Invalid JSON: {e}", value)
    given = value
    plain = [each for each in metadata if isinstance(each, PlainValidator)]
    wraps = [each for each in metadata if isinstance(each, WrapValidator)]
    if plain:
        value = _guarded(_call, value, plain[-1].func, value, ValidationInfo({}, {}, None))
    elif wraps:
        value = _guarded(wraps[-1].func, value, value, lambda v: _inner(base, v))
    else:
        strict = any(getattr(each, "strict", None) for each in metadata)
        value = check(base, value, strict)
    for each in metadata:
        if isinstance(each, AfterValidator):
            value = _guarded(_call, value, each.func, value, ValidationInfo({}, {}, None))
        elif isinstance(each, StringConstraints):
            if each.strip_whitespace:
                value = value.strip()
            if each.to_upper:
                value = value.upper()
            if each.to_lower:
                value = value.lower()
            _limits(each, value, given)
        elif not isinstance(each, (Wrapper, type)):
            _limits(each, value, given)
    return value


def _inner(tp, value):
    try:
        return check(tp, value)
    except Failed as failed:
        raise ValidationError(_label(tp), failed.problems) from None


def check(tp, value, strict=False):
    """The value as the type takes it; raises what is wrong with it."""
    if tp is typing.Any or tp is object or isinstance(tp, typing.TypeVar):
        return value
    simple = _SIMPLE.get(tp) if isinstance(tp, type) else None
    if simple is not None:
        return simple(value, strict)
    if tp is None or tp is type(None):
        if value is not None:
            _fail("none_required", "Input should be None", value)
        return None
    origin = typing.get_origin(tp)
    if origin is typing.Union or isinstance(tp, types.UnionType):
        return _union(typing.get_args(tp), value)
    if origin is typing.Annotated:
        return _annotated(typing.get_args(tp), value)
    if origin is typing.Literal:
        for each in typing.get_args(tp):
            if each == value and type(each) is type(value):
                return each
        _fail("literal_error", f"Input should be {_name(typing.get_args(tp))}", value, expected=_name(typing.get_args(tp)))
    base = origin or tp
    if base in (typing.ClassVar, typing.Final):
        return value
    if base in _LISTS:
        name, kind = _LISTS[base]
        wanted = (list, tuple, set, frozenset, deque) if base in (list, deque) else (set, frozenset, list, tuple, deque)
        if not isinstance(value, wanted) and not inspect.isgenerator(value):
            _fail(f"{name}_type", f"Input should be a valid {name}", value)
        args = typing.get_args(tp)
        return kind(_items(args[0], value) if args else value)
    if base is tuple:
        args = typing.get_args(tp)
        return _tuple(args or (typing.Any, ...), value)
    if base in _SEQUENCES:
        args = typing.get_args(tp)
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            _fail("list_type", "Input should be a valid list", value)
        return _items(args[0], value) if args else list(value)
    if base in _DICTS:
        return _dict(tp, value)
    if base is type:
        if not isinstance(value, type):
            _fail("is_type", "Input should be a type", value)
        return value
    if base is abc.Callable or base is typing.Callable:
        if not callable(value):
            _fail("callable_type", "Input should be callable", value)
        return value
    if hasattr(tp, "__supertype__"):
        return check(tp.__supertype__, value, strict)
    if base is re.Pattern:
        return value if not isinstance(value, str) else re.compile(value)
    if isinstance(base, type):
        return _class(base, value, strict)
    return value


def _class(cls, value, strict):
    if isinstance(value, cls) and not issubclass(cls, enum.Enum):
        return value
    if issubclass(cls, enum.Enum):
        if isinstance(value, cls):
            return value
        for member in cls:
            if member.value == value:
                return member
        if hasattr(cls, "_missing_"):
            found = cls._missing_(value)
            if found is not None:
                return found
        names = _name([member.value for member in cls])
        _fail("enum", f"Input should be {names}", value, expected=names)
    if issubclass(cls, _BaseUrl):
        if not isinstance(value, (str, _BaseUrl)):
            _fail("url_type", "URL input should be a string or URL", value)
        try:
            return cls(str(value))
        except UrlError as e:
            raise Failed([Problem(e.kind, (), e.message, value, e.context)]) from None
    if issubclass(cls, (SecretStr,)):
        wanted = bytes if issubclass(cls, SecretBytes) else str
        return cls(check(wanted, value) if cls is not Secret else value)
    name = f"{cls.__module__}.{cls.__qualname__}"
    if name == "pydantic.networks.EmailStr":
        text = _str(value, strict)
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", text):
            why = "An email address must have an @-sign." if "@" not in text else "The part after the @-sign is not valid."
            _fail("value_error", f"value is not a valid email address: {why}", value, reason=why)
        return text
    if name in ("pydantic.types.AwareDatetime", "pydantic.types.NaiveDatetime"):
        moment = _datetime(value, strict)
        if name.endswith("AwareDatetime") and moment.tzinfo is None:
            _fail("timezone_aware", "Input should have timezone info", value)
        if name.endswith("NaiveDatetime") and moment.tzinfo is not None:
            _fail("timezone_naive", "Input should not have timezone info", value)
        return moment
    if hasattr(cls, "model_fields"):
        return _model(cls, value)
    if hasattr(cls, "__dataclass_fields__"):
        if isinstance(value, dict):
            return cls(**value)
        _fail("dataclass_type", f"Input should be a dictionary or an instance of {cls.__name__}", value, class_name=cls.__name__)
    for base in _SIMPLE:
        if issubclass(cls, base):
            return cls(_SIMPLE[base](value, strict))
    if hasattr(cls, "__annotations__") and issubclass(cls, dict):
        return value
    if hasattr(cls, "__get_validators__"):
        for each in cls.__get_validators__():
            value = _guarded(_call, value, each, value, None)
        return value
    _fail("is_instance_of", f"Input should be an instance of {cls.__qualname__}", value)


def _model(cls, value):
    from _pydantic_models import made, plan_of, values_of

    if isinstance(value, dict):
        return made(cls, value)
    plan = plan_of(cls)
    if plan.config.get("from_attributes") and not isinstance(value, (str, int, float, list, tuple)):
        return made(cls, values_of(cls, value))
    _fail("model_type", f"Input should be a valid dictionary or instance of {cls.__name__}", value, class_name=cls.__name__)
