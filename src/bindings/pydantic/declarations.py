"""`pydantic`: errors, and what is written in the body of a model."""


import datetime
import decimal
import inspect
import json
import pathlib
import types
import typing
import uuid
_URL = "https://errors.pydantic.dev/2.14/v/"


class _Undefined:
    __name__ = "PydanticUndefinedType"

    def __repr__(self):
        return "PydanticUndefined"

    def __bool__(self):
        return True


PydanticUndefined = _Undefined()


def _shortened(value):
    text = repr(value)
    return text if len(text) <= 50 else text[:25] + "..." + text[-24:]


class ValidationError(ValueError):
    __module__ = "pydantic_core._pydantic_core"

    def __init__(self, title, problems):
        self.title = title
        self._problems = problems
        ValueError.__init__(self)

    @classmethod
    def from_exception_data(cls, title, line_errors, input_type="python", hide_input=False):
        return cls(title, [Problem(each["type"], tuple(each.get("loc", ())), str(each["type"]), each.get("input"), {}) for each in line_errors])

    def error_count(self):
        return len(self._problems)

    def errors(self, *, include_url=True, include_context=True, include_input=True):
        found = []
        for each in self._problems:
            entry = {"type": each.kind, "loc": each.loc, "msg": each.message}
            if include_input:
                entry["input"] = each.value
            if include_context and each.context:
                entry["ctx"] = dict(each.context)
            if include_url and each.url:
                entry["url"] = _URL + each.kind
            found.append(entry)
        return found

    def json(self, *, indent=None, include_url=True, include_context=True, include_input=True):
        found = self.errors(include_url=include_url, include_context=include_context, include_input=include_input)
        return json.dumps(found, indent=indent, separators=None if indent else (",", ":"), default=str)

    def __str__(self):
        count = len(self._problems)
        lines = [f"{count} validation error{'' if count == 1 else 's'} for {self.title}"]
        for each in self._problems:
            if each.loc:
                lines.append(".".join(str(part) for part in each.loc))
            lines.append(f"  {each.message} [type={each.kind}, input_value={_shortened(each.value)}, input_type={type(each.value).__name__}]")
            if each.url:
                lines.append(f"    For further information visit {_URL}{each.kind}")
        return "\n".join(lines)

    __repr__ = __str__


class PydanticUserError(TypeError):
    __module__ = "pydantic.errors"

    def __init__(self, message, code=None):
        self.message = message
        self.code = code
        TypeError.__init__(self, message)

    def __str__(self):
        return self.message if self.code is None else f"{self.message}\n\nFor further information visit https://errors.pydantic.dev/2.14/u/{self.code}"


class PydanticImportError(ImportError):
    __module__ = "pydantic.errors"


class PydanticUndefinedAnnotation(NameError):
    __module__ = "pydantic.errors"


class PydanticSchemaGenerationError(PydanticUserError):
    pass


class PydanticCustomError(ValueError):
    __module__ = "pydantic_core._pydantic_core"

    def __init__(self, error_type, message_template, context=None):
        self.type = error_type
        self.message_template = message_template
        self.context = context or {}
        ValueError.__init__(self, message_template)

    def message(self):
        return self.message_template.format(**self.context)

    __str__ = message


class Problem:
    def __init__(self, kind, loc, message, value, context, url=True):
        self.kind, self.loc, self.message, self.value, self.context, self.url = kind, loc, message, value, context, url


class Failed(Exception):
    """Problems found below a place, relative to it."""

    def __init__(self, problems):
        self.problems = problems


def _fail(kind, message, value, **context):
    raise Failed([Problem(kind, (), message, value, context)])


def _at(part, problems):
    return [Problem(p.kind, (part, *p.loc), p.message, p.value, p.context, p.url) for p in problems]


class ValidationInfo:
    def __init__(self, config, data, field_name, context=None, mode="python"):
        self.config = config
        self.data = data
        self.field_name = field_name
        self.context = context
        self.mode = mode


FieldValidationInfo = ValidationInfo


# What is written in a class body.


class Decorated:
    """A function that a decorator marked; in the class it is what it was."""

    def __init__(self, function, kind, fields=(), mode="after", **options):
        self.function = function
        self.kind = kind
        self.fields = fields
        self.mode = mode
        self.options = options

    def __get__(self, instance, owner=None):
        function = self.function
        if isinstance(function, (classmethod, staticmethod)):
            inner = function.__func__
            return inner if isinstance(function, staticmethod) else types.MethodType(inner, owner or type(instance))
        return function if instance is None else types.MethodType(function, instance)

    def __call__(self, *args, **kwargs):
        return _plain(self.function)(*args, **kwargs)


def _plain(function):
    return function.__func__ if isinstance(function, (classmethod, staticmethod)) else function


def field_validator(field, /, *fields, mode="after", check_fields=None, json_schema_input_type=PydanticUndefined):
    if callable(field) and not isinstance(field, str):
        raise PydanticUserError("`@field_validator` should be used with fields and keyword arguments, not bare. E.g. usage should be `@validator('<field_name>', ...)`", code="validator-no-fields")
    return lambda function: Decorated(function, "field", (field, *fields), mode)


def model_validator(*, mode):
    return lambda function: Decorated(function, "model", (), mode)


def validator(__field, *fields, pre=False, each_item=False, always=False, check_fields=None, allow_reuse=False):
    return lambda function: Decorated(function, "field", (__field, *fields), "before" if pre else "after", old=True, always=always, each=each_item)


def root_validator(*args, pre=False, skip_on_failure=False, allow_reuse=False):
    def made(function):
        return Decorated(function, "root", (), "before" if pre else "after")

    if args:
        return made(args[0])
    if not pre and not skip_on_failure:
        raise PydanticUserError("If you use `@root_validator` with pre=False (the default) you MUST specify `skip_on_failure=True`. Note that `@root_validator` is deprecated and should be replaced with `@model_validator`.", code="root-validator-pre-skip")
    return made


def field_serializer(field, /, *fields, mode="plain", return_type=PydanticUndefined, when_used="always", check_fields=None):
    return lambda function: Decorated(function, "serializer", (field, *fields), mode, when=when_used)


def model_serializer(f=None, /, *, mode="plain", when_used="always", return_type=PydanticUndefined):
    def made(function):
        return Decorated(function, "model_serializer", (), mode)

    return made if f is None else made(f)


class Computed:
    def __init__(self, given, options):
        self.property = given
        self.options = options
        self.name = None

    def __set_name__(self, owner, name):
        self.name = name
        if hasattr(self.property, "__set_name__"):
            self.property.__set_name__(owner, name)

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        given = self.property
        if isinstance(given, property):
            return given.fget(instance)
        if hasattr(given, "__get__") and not inspect.isfunction(given):
            return given.__get__(instance, owner)
        return given(instance)

    def setter(self, function):
        self.property = self.property.setter(function)
        return self


def computed_field(func=None, /, **options):
    def made(function):
        return Computed(function, options)

    return made if func is None else made(func)


class ModelPrivateAttr:
    __module__ = "pydantic.fields"

    def __init__(self, default=PydanticUndefined, *, default_factory=None):
        self.default = default
        self.default_factory = default_factory


def PrivateAttr(default=PydanticUndefined, *, default_factory=None, init=False):
    return ModelPrivateAttr(default, default_factory=default_factory)


def ConfigDict(**values):
    return values


def with_config(config=None, /, **kwargs):
    return lambda cls: cls


class Wrapper:
    def __init__(self, func):
        self.func = func


class BeforeValidator(Wrapper):
    pass


class AfterValidator(Wrapper):
    pass


class PlainValidator(Wrapper):
    pass


class WrapValidator(Wrapper):
    pass


class PlainSerializer(Wrapper):
    def __init__(self, func, return_type=PydanticUndefined, when_used="always"):
        self.func = func


WrapSerializer = PlainSerializer


class StringConstraints:
    def __init__(self, strip_whitespace=None, to_upper=None, to_lower=None, strict=None, min_length=None, max_length=None, pattern=None, ascii_only=None):
        self.strip_whitespace, self.to_upper, self.to_lower, self.strict = strip_whitespace, to_upper, to_lower, strict
        self.min_length, self.max_length, self.pattern = min_length, max_length, pattern


class Strict:
    def __init__(self, strict=True):
        self.strict = strict


class AliasPath:
    def __init__(self, first_arg, *args):
        self.path = [first_arg, *args]

    def search_dict_for_path(self, d):
        for part in self.path:
            try:
                d = d[part]
            except (KeyError, IndexError, TypeError):
                return PydanticUndefined
        return d


class AliasChoices:
    def __init__(self, first_choice, *choices):
        self.choices = [first_choice, *choices]


class AliasGenerator:
    def __init__(self, alias=None, validation_alias=None, serialization_alias=None):
        self.alias, self.validation_alias, self.serialization_alias = alias, validation_alias, serialization_alias


class Discriminator:
    def __init__(self, discriminator, **options):
        self.discriminator = discriminator


class Tag:
    def __init__(self, tag):
        self.tag = tag


class SkipValidation:
    def __class_getitem__(cls, item):
        return typing.Annotated[item, SkipValidation()]


class InstanceOf:
    def __class_getitem__(cls, item):
        return typing.Annotated[item, InstanceOf()]


class ImportString:
    def __class_getitem__(cls, item):
        return cls


class Json:
    def __class_getitem__(cls, item):
        return typing.Annotated[item, Json()]


class SecretStr:
    __module__ = "pydantic.types"

    def __init__(self, secret_value):
        self._secret_value = secret_value

    def get_secret_value(self):
        return self._secret_value

    def _shown(self):
        return "**********" if self._secret_value else ""

    def __str__(self):
        return str(self._shown())

    def __repr__(self):
        return f"{type(self).__name__}({self._shown()!r})"

    def __eq__(self, other):
        return type(self) is type(other) and self._secret_value == other._secret_value

    def __hash__(self):
        return hash(self._secret_value)

    def __len__(self):
        return len(self._secret_value)


class SecretBytes(SecretStr):
    __module__ = "pydantic.types"

    def _shown(self):
        return b"**********" if self._secret_value else b""


class Secret(SecretStr):
    __module__ = "pydantic.types"

    def __class_getitem__(cls, item):
        return typing.Annotated[cls, item]


class _Limited:
    """Limits of a type: what `Field(gt=…)` and the constrained types say."""

    def __init__(self, **limits):
        for name in _LIMITS:
            setattr(self, name, limits.get(name))


_LIMITS = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "strict", "max_digits", "decimal_places")


def _limited(base, **limits):
    return typing.Annotated[base, _Limited(**limits)]


def conint(*, strict=None, gt=None, ge=None, lt=None, le=None, multiple_of=None):
    return _limited(int, strict=strict, gt=gt, ge=ge, lt=lt, le=le, multiple_of=multiple_of)


def confloat(*, strict=None, gt=None, ge=None, lt=None, le=None, multiple_of=None, allow_inf_nan=None):
    return _limited(float, strict=strict, gt=gt, ge=ge, lt=lt, le=le, multiple_of=multiple_of)


def condecimal(*, strict=None, gt=None, ge=None, lt=None, le=None, multiple_of=None, max_digits=None, decimal_places=None, allow_inf_nan=None):
    return _limited(decimal.Decimal, strict=strict, gt=gt, ge=ge, lt=lt, le=le, multiple_of=multiple_of, max_digits=max_digits, decimal_places=decimal_places)


def constr(*, strip_whitespace=None, to_upper=None, to_lower=None, strict=None, min_length=None, max_length=None, pattern=None, ascii_only=None):
    return typing.Annotated[str, StringConstraints(strip_whitespace, to_upper, to_lower, strict, min_length, max_length, pattern)]


def conlist(item_type, *, min_length=None, max_length=None, unique_items=None):
    return _limited(typing.List[item_type], min_length=min_length, max_length=max_length)


def conset(item_type, *, min_length=None, max_length=None):
    return _limited(typing.Set[item_type], min_length=min_length, max_length=max_length)


def conbytes(*, min_length=None, max_length=None, strict=None):
    return _limited(bytes, min_length=min_length, max_length=max_length, strict=strict)


PositiveInt, NegativeInt = _limited(int, gt=0), _limited(int, lt=0)
NonNegativeInt, NonPositiveInt = _limited(int, ge=0), _limited(int, le=0)
PositiveFloat, NegativeFloat = _limited(float, gt=0), _limited(float, lt=0)
NonNegativeFloat, NonPositiveFloat = _limited(float, ge=0), _limited(float, le=0)
FiniteFloat = float
StrictStr, StrictInt, StrictFloat = _limited(str, strict=True), _limited(int, strict=True), _limited(float, strict=True)
StrictBool, StrictBytes = _limited(bool, strict=True), _limited(bytes, strict=True)
FilePath = DirectoryPath = NewPath = pathlib.Path
UUID1 = UUID3 = UUID4 = UUID5 = uuid.UUID
JsonValue = typing.Any
PastDate = FutureDate = datetime.date
PastDatetime = FutureDatetime = datetime.datetime
IPvAnyAddress = IPvAnyNetwork = IPvAnyInterface = str
OnErrorOmit = typing.Optional


class ByteSize(int):
    __module__ = "pydantic.types"


class AwareDatetime:
    __module__ = "pydantic.types"


class NaiveDatetime:
    __module__ = "pydantic.types"
