import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, Dict, List, Literal, Optional, Union

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, MetaData, Numeric, SmallInteger, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column, registry

intpk = Annotated[int, mapped_column(primary_key=True)]
timestamp = Annotated[datetime.datetime, mapped_column(nullable=False, server_default=func.CURRENT_TIMESTAMP())]
str30 = Annotated[str, 30]
str50 = Annotated[str, mapped_column(String(50))]
optstr = Annotated[Optional[str], mapped_column(String(7))]
user_fk = Annotated[int, mapped_column(ForeignKey("users.id"), index=True)]
num_12_4 = Annotated[decimal.Decimal, 12]


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Level(str, enum.Enum):
    low = "LOW"
    high = "HIGH!"


class Number(enum.IntEnum):
    one = 1


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str30: String(30),
        num_12_4: Numeric(12, 4),
        dict[str, Any]: JSON,
        int: BigInteger,
        datetime.datetime: DateTime(timezone=True),
    }


class User(Base):
    __tablename__ = "users"
    id: Mapped[intpk]
    name: Mapped[str30]
    nick: Mapped[Optional[str30]]
    title: Mapped[str50] = mapped_column(index=True)
    code: Mapped[optstr]
    created: Mapped[timestamp]
    changed: Mapped[Optional[timestamp]]
    amount: Mapped[num_12_4]
    plain: Mapped[decimal.Decimal]
    blob: Mapped[bytes]
    day: Mapped[datetime.date]
    clock: Mapped[Optional[datetime.time]]
    span: Mapped[Union[datetime.timedelta, None]]
    key: Mapped[uuid.UUID] = mapped_column(unique=True)
    color: Mapped[Color]
    level: Mapped[Optional[Level]]
    number: Mapped[Number]
    answer: Mapped[Literal["yes", "no", "perhaps"]]
    settings: Mapped[dict[str, Any]]
    small: Mapped[int] = mapped_column(SmallInteger)
    rename: Mapped[int] = mapped_column("renamed", default=3)
    late: Mapped[str] = mapped_column(deferred=True)
    flag: Mapped[bool]
    ratio: Mapped[float]


class Item(Base):
    __tablename__ = "items"
    id: Mapped[intpk]
    user_id: Mapped[user_fk]
    second_id: Mapped[Optional[user_fk]]
    big: Mapped["int"]
    maybe: Mapped["Optional[str]"]
    either: Mapped["str | None"]


target_metadata = Base.metadata
