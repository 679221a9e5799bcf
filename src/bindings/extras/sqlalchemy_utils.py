"""`sqlalchemy_utils`: the types that columns of models and migrations name."""

import enum
import ipaddress
import json
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import mssql, postgresql
from sqlalchemy.types import TypeDecorator, UserDefinedType

__version__ = "0.43.0"


class ImproperlyConfigured(Exception):
    __module__ = "sqlalchemy_utils.exceptions"


class UUIDType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.uuid"
    impl = sa.types.BINARY(16)
    python_type = uuid.UUID
    cache_ok = True

    def __init__(self, binary=True, native=True):
        self.binary = binary
        self.native = native
        super().__init__()

    def __repr__(self):
        given = [f"{name}=False" for name in ("binary", "native") if not getattr(self, name)]
        return f"UUIDType({', '.join(given)})"

    def _is_native(self, dialect):
        return self.native and dialect.name in ("postgresql", "cockroachdb", "mssql")

    def load_dialect_impl(self, dialect):
        if self.native and dialect.name in ("postgresql", "cockroachdb"):
            return dialect.type_descriptor(postgresql.UUID())
        if self.native and dialect.name == "mssql":
            return dialect.type_descriptor(mssql.UNIQUEIDENTIFIER())
        return dialect.type_descriptor(sa.types.BINARY(16) if self.binary else sa.types.CHAR(32))

    @staticmethod
    def _coerce(value):
        if value and not isinstance(value, uuid.UUID):
            try:
                value = uuid.UUID(value)
            except (TypeError, ValueError):
                value = uuid.UUID(bytes=value)
        return value

    def process_bind_param(self, value, dialect):
        if value is None:
            return value
        value = self._coerce(value)
        if self._is_native(dialect):
            return str(value)
        return value.bytes if self.binary else value.hex

    def process_literal_param(self, value, dialect):
        return value

    def process_result_value(self, value, dialect):
        if value is None:
            return value
        if self._is_native(dialect):
            return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
        return uuid.UUID(bytes=value) if self.binary else uuid.UUID(value)


class EmailType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.email"
    impl = sa.Unicode
    cache_ok = True

    def __init__(self, length=255, *args, **kwargs):
        super().__init__(length=length, *args, **kwargs)

    def process_bind_param(self, value, dialect):
        return value.lower() if value is not None else value


class Choice:
    __module__ = "sqlalchemy_utils.types.choice"

    def __init__(self, code, value):
        self.code = code
        self.value = value

    def __eq__(self, other):
        return self.code == (other.code if isinstance(other, Choice) else other)

    def __hash__(self):
        return hash(self.code)

    def __str__(self):
        return str(self.value)

    def __repr__(self):
        return f"Choice(code={self.code}, value={self.value})"


class ChoiceType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.choice"
    impl = sa.Unicode(255)
    cache_ok = True

    def __init__(self, choices, impl=None):
        self.choices = tuple(choices) if isinstance(choices, list) else choices
        self._enum = isinstance(choices, type) and issubclass(choices, enum.Enum)
        if not self._enum:
            if not choices:
                raise ImproperlyConfigured("ChoiceType needs list of choices defined.")
            self._known = dict(choices)
        super().__init__()
        if impl:
            self.impl = impl

    @property
    def python_type(self):
        return self.impl.python_type

    def process_bind_param(self, value, dialect):
        if self._enum:
            return None if value is None else self.choices(value).value
        return value.code if isinstance(value, Choice) else value

    def process_result_value(self, value, dialect):
        if value is None:
            return value
        return self.choices(value) if self._enum else Choice(value, self._known[value])


class JSONType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.json"
    impl = sa.UnicodeText
    hashable = False
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSON())
        return dialect.type_descriptor(self.impl)

    def process_bind_param(self, value, dialect):
        if dialect.name == "postgresql":
            return value
        return json.dumps(value) if value is not None else value

    def process_result_value(self, value, dialect):
        if dialect.name == "postgresql":
            return value
        return json.loads(value) if value is not None else value


class URLType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.url"
    impl = sa.UnicodeText
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return str(value) if value is not None else value


class ArrowType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.arrow"
    impl = sa.DateTime
    cache_ok = True


class IPAddressType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.ip_address"
    impl = sa.Unicode(50)
    cache_ok = True

    def __init__(self, max_length=50, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.impl = sa.Unicode(max_length)

    def process_bind_param(self, value, dialect):
        return str(value) if value else None


class TimezoneType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.timezone"
    impl = sa.Unicode(50)
    cache_ok = True

    def __init__(self, backend="dateutil"):
        super().__init__()
        self.backend = backend

    def process_bind_param(self, value, dialect):
        return str(value) if value else None


class ScalarListType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.scalar_list"
    impl = sa.UnicodeText()
    cache_ok = True

    def __init__(self, coerce_func=str, separator=","):
        super().__init__()
        self.separator = separator
        self.coerce_func = coerce_func

    def process_bind_param(self, value, dialect):
        return self.separator.join(str(each) for each in value) if value is not None else None

    def process_result_value(self, value, dialect):
        if value is not None:
            return [self.coerce_func(each) for each in value.split(self.separator)] if value else []


class _Text(TypeDecorator):
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return getattr(value, "code", None) or str(value) if value is not None else value


class ColorType(_Text):
    __module__ = "sqlalchemy_utils.types.color"
    impl = sa.Unicode(20)
    cache_ok = True

    def __init__(self, max_length=20, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.impl = sa.Unicode(max_length)


class CountryType(_Text):
    __module__ = "sqlalchemy_utils.types.country"
    impl = sa.String(2)
    cache_ok = True


class CurrencyType(_Text):
    __module__ = "sqlalchemy_utils.types.currency"
    impl = sa.String(3)
    cache_ok = True


class LocaleType(_Text):
    __module__ = "sqlalchemy_utils.types.locale"
    impl = sa.Unicode(10)
    cache_ok = True


class PhoneNumberType(_Text):
    __module__ = "sqlalchemy_utils.types.phone_number"
    impl = sa.Unicode(20)
    cache_ok = True

    def __init__(self, region="US", max_length=20, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.region = region
        self.impl = sa.Unicode(max_length)


class LtreeType(UserDefinedType):
    __module__ = "sqlalchemy_utils.types.ltree"
    cache_ok = True

    def get_col_spec(self, **kw):
        return "LTREE"


class TSVectorType(TypeDecorator):
    __module__ = "sqlalchemy_utils.types.ts_vector"
    impl = postgresql.TSVECTOR
    cache_ok = True

    def __init__(self, *args, **kwargs):
        self.columns = args
        self.options = kwargs
        super().__init__()

    def __repr__(self):
        return "TSVectorType()"


class Timestamp:
    __module__ = "sqlalchemy_utils.models"
    created = sa.Column(sa.DateTime, default=datetime.utcnow, nullable=False)
    updated = sa.Column(sa.DateTime, default=datetime.utcnow, nullable=False)


def generic_repr(*fields):
    return fields[0] if len(fields) == 1 and isinstance(fields[0], type) else lambda cls: cls


def force_auto_coercion(mapper=None):
    pass


def force_instant_defaults(mapper=None):
    pass


def _database(url):
    return sa.make_url(url).database


def database_exists(url):
    import os

    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite":
        raise NotImplementedError("sqlalchemy_utils.database_exists: only SQLite has databases here")
    return made.database in (None, "", ":memory:") or os.path.exists(made.database)


def create_database(url, encoding="utf8", template=None):
    if not database_exists(url):
        open(_database(url), "wb").close()


def drop_database(url):
    import os

    if _database(url) not in (None, "", ":memory:"):
        os.remove(_database(url))


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'sqlalchemy_utils' has no attribute {name!r}")
    from _imports import placeholder

    return placeholder(f"sqlalchemy_utils.{name}")
