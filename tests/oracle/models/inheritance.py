from typing import Optional

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    name: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "person"}


class Engineer(Person):
    __tablename__ = "engineer"
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Manager(Person):
    division: Mapped[str] = mapped_column(nullable=True)
    start: Mapped[Optional[int]] = mapped_column(use_existing_column=True)
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Director(Person):
    start: Mapped[Optional[int]] = mapped_column(use_existing_column=True)
    board: Mapped[Optional[bool]]
    __mapper_args__ = {"polymorphic_identity": "director"}


class SeniorEngineer(Engineer):
    rank: Mapped[Optional[int]]
    __mapper_args__ = {"polymorphic_identity": "senior"}


target_metadata = Base.metadata
