// Projects for PostgreSQL: their env.py reads a URL of a server, and they run here on PostgreSQL itself.
import assert from "node:assert/strict";
import { load, project } from "./projects.mjs";
import { command, pending, query, run, succeeds, until } from "./steps.mjs";

const ENVIRONMENT = `import os

from alembic import context
from sqlalchemy import create_engine, pool

from models import Base

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
`;

const MODELS = `import enum
from datetime import datetime

from sqlalchemy import DateTime, Enum, ForeignKey, Identity, Index, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Status(enum.Enum):
    draft = "draft"
    paid = "paid"


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String))
    profile: Mapped[dict] = mapped_column(JSONB)


class Order(Base):
    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    status: Mapped[Status] = mapped_column(Enum(Status, name="order_status"))
    placed: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (Index("ix_order_open", "customer_id", postgresql_where=status == Status.draft),)
`;

export const SHOP = {
  ...project([], { "alembic/env.py": ENVIRONMENT, "models.py": MODELS, "alembic.ini": "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n" }),
  environment: { DATABASE_URL: "postgresql://app:secret@db.example.org:5432/shop?sslmode=require" },
};

const isPostgresql = (request) => /\/postgresql-/.test(request.url());

/** Notes what of PostgreSQL a page asks for. */
function watched() {
  const asked = [];
  return { asked, prepare: (context) => context.on("request", (request) => isPostgresql(request) && asked.push(request.url())) };
}

const current = async (page) => (await page.evaluate(() => window.limbeck.state().migrations.current)).length;

export default {
  "a project for PostgreSQL runs up, down and up with no edit": async (fresh) => {
    const { page } = await fresh();
    await load(page, SHOP);
    assert.match(await succeeds(page, "alembic revision --autogenerate -m shop"), /Detected added table 'customer'/);
    assert.match(await command(page, "alembic upgrade head"), /Context impl PostgresqlImpl[\s\S]*Running upgrade {2}-> \w{12}, shop/);
    assert.match(await command(page, "alembic check"), /No new upgrade operations detected/);
    await query(page, `INSERT INTO customer (email, tags, profile) VALUES ('a@example.org', '{new,paid}', '{"age": 3}')`);
    assert.deepEqual(await query(page, "SELECT id, email, tags[2], profile->>'age' FROM customer"), [[1n, "a@example.org", "paid", "3"]].map((row) => row.map((value) => (typeof value === "bigint" ? Number(value) : value))));
    assert.match(await command(page, "alembic downgrade base"), /Running downgrade/);
    // The enum stays behind, as it does on a server.
    assert.match((await run(page, "alembic upgrade head")).stderr, /type "order_status" already exists/);
    assert.equal(await current(page), 0);
    await query(page, "DROP TYPE order_status");
    await succeeds(page, "alembic upgrade head");
    assert.equal(await current(page), 1);
  },
};
