from datetime import datetime
from typing import Any, ClassVar, Optional

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, UniqueConstraint, func
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "s"

    def as_dict(self) -> dict[str, Any]:
        return {column.name: getattr(self, column.name) for column in self.__table__.columns}


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[Optional[datetime]] = mapped_column(DateTime(timezone=True), onupdate=func.now())


class OwnerMixin:
    owner_note = Column(String(20))

    @declared_attr
    def owner_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("accounts.id"), sort_order=5)

    @declared_attr
    def owner(cls) -> Mapped["Account"]:
        return relationship("Account", foreign_keys=[cls.owner_id])


class NameMixin:
    name: Mapped[str] = mapped_column(String(30))
    other: Mapped[int]
    __table_args__ = (UniqueConstraint("name"),)


class Account(TimestampMixin, Base):
    limit: ClassVar[int] = 10
    login: Mapped[str]


class Project(NameMixin, TimestampMixin, OwnerMixin, Base):
    title: Mapped[str]


class Task(OwnerMixin, NameMixin, Base):
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_task"), {"info": {"a": 1}})
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    name: Mapped[str] = mapped_column(String(60), nullable=True)


class Abstract(Base):
    __abstract__ = True
    version: Mapped[int]
    extra = Column(Integer)


class Concrete(Abstract):
    label: Mapped[Optional[str]]


target_metadata = Base.metadata
