import dataclasses
from typing import Optional

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.orm import MappedAsDataclass, DeclarativeBase, Mapped, mapped_column, registry, relationship

mapper_registry = registry(metadata=MetaData(schema=None))


@mapper_registry.mapped
class First:
    __tablename__ = "first"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Optional[str]]


@mapper_registry.mapped_as_dataclass
class Second:
    __tablename__ = "second"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    other: Mapped[Optional[str]] = mapped_column(default=None)


class Third:
    pass


third = Table(
    "third",
    mapper_registry.metadata,
    Column("id", Integer, primary_key=True),
    Column("first_id", ForeignKey(First.id)),
    Column("name", String(50)),
)
mapper_registry.map_imperatively(Third, third, properties={"first": relationship(First)})

Generated = mapper_registry.generate_base()


class Fourth(Generated):
    __table__ = Table("fourth", Generated.metadata, Column("id", Integer, primary_key=True), Column("x", String))


class DataBase(MappedAsDataclass, DeclarativeBase):
    registry = mapper_registry


class Fifth(DataBase):
    __tablename__ = "fifth"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("second.id"), init=False)
    label: Mapped[str] = mapped_column(String(3), default="abc")


target_metadata = mapper_registry.metadata
