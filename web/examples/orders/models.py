"""Orders of a shop, with what PostgreSQL has and SQLite has not."""

import enum
from datetime import datetime

from sqlalchemy import DateTime, Enum, ForeignKey, Identity, Index, Numeric, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Status(enum.Enum):
    open = "open"
    paid = "paid"
    sent = "sent"


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    profile: Mapped[dict] = mapped_column(JSONB, server_default="{}")


class Purchase(Base):
    __tablename__ = "purchase"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    status: Mapped[Status] = mapped_column(Enum(Status, name="purchase_status"))
    total: Mapped[float] = mapped_column(Numeric(10, 2))
    placed: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (
        Index("ix_purchase_open", "customer_id", postgresql_where=status == Status.open),
    )
