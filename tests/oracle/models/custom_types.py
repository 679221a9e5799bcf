import json
import uuid

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column, synonym, validates
from sqlalchemy.types import CHAR, TypeDecorator, UserDefinedType


class GUID(TypeDecorator):
    """A UUID on every database."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID())
        return dialect.type_descriptor(CHAR(32))

    def process_bind_param(self, value, dialect):
        return value if value is None else str(value)


class Json(TypeDecorator):
    impl = types.Text

    def __init__(self, size=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.size = size

    def process_bind_param(self, value, dialect):
        return json.dumps(value)


class Lower(types.TypeDecorator):
    impl = types.String(40)
    cache_ok = True


class Point(UserDefinedType):
    cache_ok = True

    def __init__(self, srid=4326):
        self.srid = srid

    def get_col_spec(self, **kw):
        return "POINT(%d)" % self.srid


class Base(DeclarativeBase):
    type_annotation_map = {uuid.UUID: GUID}


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    guid: Mapped[str] = mapped_column(GUID())
    doc: Mapped[dict] = mapped_column(Json)
    doc2: Mapped[dict] = mapped_column(Json(5, length=20))
    low: Mapped[str] = mapped_column(Lower)
    low2: Mapped[str] = mapped_column(Lower(9))
    place: Mapped[str] = mapped_column(Point(1))
    place2 = sa.Column(Point)
    bag: Mapped[dict] = mapped_column(MutableDict.as_mutable(sa.JSON))
    bags = sa.Column(MutableList.as_mutable(sa.PickleType))
    first: Mapped[str]
    last: Mapped[str]
    full = column_property(first.column + " " + last.column) if False else None
    nick = synonym("first")

    @validates("first")
    def check(self, key, value):
        return value

    @hybrid_property
    def whole(self):
        return self.first + " " + self.last

    @whole.expression
    def whole(cls):
        return cls.first + " " + cls.last


target_metadata = Base.metadata
