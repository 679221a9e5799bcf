"""declarative_base() with Column, as most older projects have it."""
import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, DateTime, Enum, Float, ForeignKey, Integer, LargeBinary, Numeric, String
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import backref, relationship

Base = declarative_base()

association = Table(
    "left_right",
    Base.metadata,
    Column("left_id", ForeignKey("left_table.id"), primary_key=True),
    Column("right_id", ForeignKey("right_table.id"), primary_key=True),
    Column("weight", Float, nullable=False, server_default="1.5"),
)


class Left(Base):
    __tablename__ = "left_table"
    id = Column(Integer, primary_key=True)
    kind = Column("type", Enum("a", "b", name="kind"), nullable=False)
    uid = Column(sa.Uuid, default=uuid.uuid4)
    data = Column(LargeBinary())
    price = Column(Numeric(10, 2), nullable=False, default=0)
    made = Column(DateTime(timezone=True), default=datetime.datetime.utcnow, onupdate=datetime.datetime.utcnow)
    rights = relationship("Right", secondary=association, backref=backref("lefts", lazy="dynamic"))
    note = Column(String, comment="a note")
    enabled = Column(Boolean, nullable=False, server_default=sa.true())
    document = Column(postgresql.JSONB().with_variant(sa.JSON(), "sqlite"))


class Right(Base):
    __tablename__ = "right_table"
    __table_args__ = {"comment": "right ones", "sqlite_autoincrement": True}
    id = Column(Integer, primary_key=True)
    parent_id = Column(Integer, ForeignKey("right_table.id", name="fk_parent", ondelete="SET NULL", onupdate="CASCADE"))
    left_id = Column(ForeignKey("left_table.id"), index=True)
    code = Column(String(length=10, collation="NOCASE"), unique=True, index=True)
    parent = relationship("Right", remote_side=[id])


target_metadata = Base.metadata
