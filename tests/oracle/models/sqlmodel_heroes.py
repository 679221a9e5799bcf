import datetime
import enum
import uuid
from decimal import Decimal
from typing import List, Optional

from sqlalchemy import JSON, Column, DateTime, Index, Text, UniqueConstraint, func
from sqlmodel import Field, Relationship, SQLModel


class Level(str, enum.Enum):
    low = "low"
    high = "high"


class HeroTeamLink(SQLModel, table=True):
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", primary_key=True)
    hero_id: Optional[int] = Field(default=None, foreign_key="hero.id", primary_key=True)
    is_training: bool = False


class TeamBase(SQLModel):
    name: str = Field(index=True)
    headquarters: str


class Team(TeamBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="teams", link_model=HeroTeamLink)


class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=40)
    secret_name: str = Field(unique=True)
    age: Optional[int] = Field(default=None, index=True)


class Hero(HeroBase, table=True):
    __table_args__ = (UniqueConstraint("name", "age"), Index("ix_two", "age", "money"))
    id: Optional[int] = Field(default=None, primary_key=True)
    money: Decimal = Field(default=0, max_digits=5, decimal_places=3)
    level: Level = Level.low
    day: datetime.date
    made: datetime.datetime = Field(default_factory=datetime.datetime.now)
    span: datetime.timedelta | None = None
    clock: Optional[datetime.time]
    key: uuid.UUID = Field(default_factory=uuid.uuid4, nullable=False)
    blob: bytes
    ratio: float
    flag: bool = True
    doc: dict = Field(default={}, sa_column=Column(JSON))
    text: str = Field(sa_type=Text)
    at: datetime.datetime = Field(sa_column=Column(DateTime(timezone=True), server_default=func.now(), nullable=False))
    extra: str = Field(sa_column_kwargs={"server_default": "x", "comment": "more"})
    teams: list[Team] = Relationship(back_populates="heroes", link_model=HeroTeamLink)


class HeroCreate(HeroBase):
    pass


class Ownership(SQLModel, table=True):
    __tablename__ = "owns"
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    hero_id: int = Field(foreign_key="hero.id", ondelete="CASCADE")
    other_id: int | None = Field(default=None, foreign_key="hero.id", ondelete="SET NULL", nullable=True)


target_metadata = SQLModel.metadata
