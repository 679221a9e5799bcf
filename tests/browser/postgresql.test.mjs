// Projects for PostgreSQL: their env.py reads a URL of a server, and they run here on PostgreSQL itself.
import assert from "node:assert/strict";
import { load, project } from "./projects.mjs";
import { command, pending, query, read, run, succeeds, until } from "./steps.mjs";

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

const numbers = (rows) => rows.map((row) => row.map((value) => (typeof value === "bigint" ? Number(value) : value)));
const rowsOf = async (page, sql) => numbers(await query(page, sql));
const current = async (page) => (await page.evaluate(() => window.limbeck.state().migrations.current)).length;
const CUSTOMER = `INSERT INTO customer (email, tags, profile) VALUES ('a@example.org', '{new,paid}', '{"age": 3}')`;

export default {
  "a project for PostgreSQL runs up, down and up with no edit": async (fresh) => {
    const { page } = await fresh();
    await load(page, SHOP);
    await succeeds(page, "alembic revision --autogenerate -m shop");
    const text = await read(page, (await page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path))).find((path) => path.endsWith("_shop.py")));
    for (const part of ["sa.Identity(always=True)", "postgresql.ARRAY(sa.String())", "postgresql.JSONB(", "name='order_status'", "postgresql_where="]) assert.ok(text.includes(part), part);
    await succeeds(page, "alembic upgrade head");
    assert.match(await command(page, "alembic check"), /No new upgrade operations detected/);
    assert.match(await page.innerText(".version"), /^PostgreSQL 18/);
    await query(page, CUSTOMER);
    assert.deepEqual(await rowsOf(page, "SELECT id, email, tags[2], profile->>'age' FROM customer"), [[1, "a@example.org", "paid", "3"]]);
    assert.match(await command(page, 'psql shop -c "select tags from customer"'), /\{new,paid\}\s+\(1 row\)/);
    // What a person types is no text with marks for parameters.
    assert.match(await command(page, 'psql shop -c "select 7 % 4 as rest"'), /\s3\s+\(1 row\)/);
    assert.deepEqual(await rowsOf(page, "SELECT 7 % 4"), [[3]]);
    await succeeds(page, "alembic downgrade base");
    // The enum stays behind, as it does on a server; what failed leaves nothing.
    const failed = await run(page, "alembic upgrade head");
    assert.match(failed.stderr, /DuplicateObject\) type "order_status" already exists/);
    assert.equal(await current(page), 0);
    assert.deepEqual(await rowsOf(page, "SELECT count(*) FROM pg_tables WHERE tablename = 'customer'"), [[0]]);
    assert.match(await command(page, 'psql -c "drop type order_status"'), /DROP TYPE/);
    await succeeds(page, "alembic upgrade head");
    assert.equal(await current(page), 1);
  },

  "a database of PostgreSQL comes back after a reload, goes to and fro in time, and travels in a link": async (fresh) => {
    const { page } = await fresh();
    await load(page, SHOP);
    await succeeds(page, "alembic revision --autogenerate -m shop");
    await succeeds(page, "alembic upgrade head");
    await query(page, CUSTOMER);
    await query(page, "UPDATE customer SET email = 'b@example.org'");
    const mail = () => rowsOf(page, "SELECT email FROM customer");
    const states = () => page.evaluate(() => window.limbeck.history().length);
    const before = await states();
    assert.deepEqual(await mail(), [["b@example.org"]]);
    assert.equal(await states(), before, "who only reads makes no state");
    await page.reload();
    await page.evaluate(() => window.limbeck.ready);
    await until(page, () => window.limbeck.state().migrations.database === "postgresql:///shop");
    assert.deepEqual(await mail(), [["b@example.org"]]);
    const at = await page.evaluate(() => window.limbeck.history().find((state) => state.current).number);
    await page.evaluate((at) => window.limbeck.travel(at - 1), at);
    assert.deepEqual(await mail(), [["a@example.org"]]);
    const changes = await page.evaluate((at) => window.limbeck.difference(at - 1, at), at);
    assert.equal(changes.databases[0].failure, null);
    assert.deepEqual(changes.databases[0].tables.map((table) => [table.table, table.rows.changed]), [["customer", 1]]);
    await page.evaluate((at) => window.limbeck.travel(at), at);
    const { url } = await page.evaluate(() => window.limbeck.share());

    const other = await fresh();
    await other.page.goto(url);
    await other.page.locator("dialog[open]").getByRole("button", { name: "Open", exact: true }).click();
    await until(other.page, () => window.limbeck.state().migrations.database === "postgresql:///shop");
    assert.deepEqual(await rowsOf(other.page, "SELECT email FROM customer"), [["b@example.org"]]);
  },

  "a revision of PostgreSQL is reviewed on copies": async (fresh) => {
    const { page } = await fresh();
    await load(page, SHOP);
    await succeeds(page, "alembic revision --autogenerate -m shop");
    await succeeds(page, "alembic upgrade head");
    await query(page, CUSTOMER);
    const review = await page.evaluate(() => window.limbeck.review(window.limbeck.state().revision));
    // Its downgrade forgets the type.
    assert.match(JSON.stringify(review.round_trip), /order_status\W+ already exists/);
    assert.deepEqual(await rowsOf(page, "SELECT count(*) FROM customer"), [[1]]);
  },

  "a visitor of a project on SQLite loads nothing of PostgreSQL": async (fresh) => {
    const { asked, prepare } = watched();
    const { page } = await fresh({ prepare });
    await pending(page, /./);
    await command(page, "alembic downgrade -1");
    await command(page, "alembic upgrade head");
    assert.deepEqual(asked, []);
    await page.evaluate(() => window.limbeck.reset("orders"));
    assert.match(await command(page, "alembic upgrade head"), /Context impl PostgresqlImpl[\s\S]*Running upgrade 5c0e9b7d1a34 -> e21f4d8c6b90, tags and open purchases/);
    assert.equal(asked.length, 4);
    assert.match(await command(page, "alembic check"), /No new upgrade operations detected/);
    assert.deepEqual(await rowsOf(page, "SELECT count(*) FROM purchase WHERE status = 'open'"), [[1]]);
    await succeeds(page, "alembic downgrade base && alembic upgrade head");
  },

  "extensions of PostgreSQL's own distribution come when a statement wants them": async (fresh) => {
    const { page } = await fresh();
    const revision = (id, down, up) => `from alembic import op\n\nrevision = "${id}"\ndown_revision = ${down}\n\n\ndef upgrade():\n${up.map((sql) => `    op.execute(${JSON.stringify(sql)})\n`).join("")}\n\ndef downgrade():\n    pass\n`;
    await load(page, {
      ...SHOP,
      files: {
        ...SHOP.files,
        "alembic/versions/a.py": { Text: revision("a", "None", ['CREATE EXTENSION IF NOT EXISTS "uuid-ossp"', "CREATE EXTENSION citext", "CREATE TABLE person (id uuid DEFAULT uuid_generate_v4() PRIMARY KEY, mail citext UNIQUE)", "INSERT INTO person (mail) VALUES ('A@example.org')"]) },
        "alembic/versions/b.py": { Text: revision("b", '"a"', ["CREATE EXTENSION earthdistance CASCADE", "CREATE EXTENSION pg_trgm"]) },
        "alembic/versions/c.py": { Text: revision("c", '"b"', ["CREATE EXTENSION postgis"]) },
      },
    });
    await succeeds(page, "alembic upgrade b");
    const found = () => rowsOf(page, "SELECT length(id::text) FROM person WHERE mail = 'a@EXAMPLE.org'");
    assert.deepEqual(await found(), [[36]]);
    assert.match(await command(page, `psql -c "select similarity('abc', 'abd') > 0 as near"`), /near\s+-+\s+t/);
    // What PGlite does not have is refused in PostgreSQL's words, and once: nothing loops.
    const { status, stderr } = await run(page, "alembic upgrade head");
    assert.equal(status, 1);
    assert.match(stderr, /extension "postgis" is not available/);
    assert.equal(await current(page), 1);
    // A database that has them finds them again.
    await page.reload();
    await page.evaluate(() => window.limbeck.ready);
    await until(page, () => window.limbeck.state().migrations.database === "postgresql:///shop");
    assert.match(await command(page, `psql -c "select mail from person where mail = 'a@example.ORG'"`), /A@example\.org/);
    assert.deepEqual(await found(), [[36]]);
  },

  "where PostgreSQL can't be loaded that is said, and SQLite works": async (fresh) => {
    const prepare = (context) => context.route(/\/postgresql-files-/, (route) => route.fulfill({ status: 404, body: "" }));
    const { page, complaints } = await fresh({ prepare });
    await page.evaluate(() => window.limbeck.reset("orders"));
    const { status, stderr } = await run(page, "alembic upgrade head");
    assert.notEqual(status, 0);
    assert.match(stderr, /PostgreSQL did not start in this browser/);
    await page.evaluate(() => window.limbeck.reset("library"));
    await succeeds(page, "alembic downgrade -1");
    // The browser says so itself.
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !/status of 404/.test(one)));
  },

  "a statement that runs too long is stopped, and the database is as it was": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.reset("orders"));
    await succeeds(page, "alembic upgrade head");
    const running = page.evaluate(() =>
      window.limbeck.run(`psql -c "update purchase set total = 0 where (select count(*) from generate_series(1, 2000000000)) > 0"`).then(() => "ended", () => "stopped"));
    await page.waitForSelector(".entry.runs");
    await page.evaluate(() => window.limbeck.cancel());
    assert.equal(await running, "stopped");
    assert.deepEqual(await rowsOf(page, "SELECT count(*) FROM purchase WHERE total > 0"), [[3]]);
    await succeeds(page, "alembic downgrade -1");
  },

  "after PostgreSQL was loaded once it works without a network": async (fresh) => {
    const { page, context } = await fresh({ serviceWorkers: "allow" });
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => new Promise((done) => {
      (function look() { navigator.serviceWorker.controller ? done() : setTimeout(look, 20); })();
    })));
    await page.evaluate(() => window.limbeck.reset("orders"));
    await succeeds(page, "alembic upgrade head");
    await until(page, async () => {
      const cache = await caches.open((await caches.keys())[0]);
      return (await cache.keys()).filter((request) => /\/postgresql-/.test(request.url)).length === 4;
    });
    await context.setOffline(true);
    await page.reload();
    await page.evaluate(() => window.limbeck.ready);
    await succeeds(page, "alembic downgrade base && alembic upgrade head");
    assert.deepEqual(await rowsOf(page, "SELECT count(*) FROM purchase"), [[3]]);
  },
};
