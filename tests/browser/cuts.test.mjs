// Nothing that was shown as saved is ever lost, and half of a command is never saved: the page is cut
// off at random moments, 200 times (CUTS=… for more, SEED=… for the same ones again), and what is there
// when it opens again is exactly what there was before or after one of the things under way.
import assert from "node:assert/strict";

const CUTS = Number(process.env.CUTS ?? 200);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const LANES = Number(process.env.LANES ?? 2);

// mulberry32: a seed gives the same numbers again.
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const project = {
  files: {
    "alembic.ini": { Text: "[alembic]\nscript_location = m\nsqlalchemy.url = sqlite:///app.db\n" },
    "m/env.py": { Text: `from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
engine = engine_from_config(config.get_section(config.config_ini_section), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
` },
    "m/versions/aa_one.py": { Text: `"""one"""
from alembic import op
import sqlalchemy as sa

revision = "aa"
down_revision = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO one (id) VALUES (1), (2), (3)")
    op.create_table("two", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO two SELECT id FROM one")


def downgrade():
    op.drop_table("two")
    op.drop_table("one")
` },
  },
};

// What there is after the things up to number n: they go in turns.
function expected(n) {
  const last = (turn) => (n >= turn ? n - ((n - turn) % 4) : 0);
  return {
    number: last(1),
    rows: n >= 1 ? Math.floor((n - 1) / 4) + 1 : 0,
    note: last(2),
    upgraded: n >= 3 && n % 4 === 3 ? 1 : 0,
  };
}

// In the page: does the things from a number on until the page is cut off, and tells of each when it
// begins and when the page shows that it is saved.
function go(from) {
  const { limbeck } = window;
  const saved = () => limbeck.state().storage === "Saved";
  (async () => {
    for (let n = from; ; n += 1) {
      await window.tell("begun", n);
      if (n % 4 === 1) await limbeck.run(`sqlite3 app.db "INSERT INTO t VALUES (${n})" && echo ${n} > number.txt`);
      else if (n % 4 === 2) await limbeck.files.write("note.txt", String(n));
      else if (n % 4 === 3) await limbeck.run("alembic upgrade head");
      else await limbeck.run("alembic downgrade base");
      if (saved()) window.tell("saved", n);
    }
  })().catch(() => {});
}

// In the page: all that there is.
async function look() {
  const { limbeck } = window;
  const query = async (sql) => (await limbeck.query(sql, { database: "app.db" })).rows;
  const read = async (path) => Number((await limbeck.files.list()).some((file) => file.path === path) ? await limbeck.files.read(path) : 0);
  const tables = (await query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).flat();
  const version = tables.includes("alembic_version") ? (await query("SELECT version_num FROM alembic_version")).flat() : [];
  const history = limbeck.history();
  return {
    number: await read("number.txt"),
    rows: (await query("SELECT count(*) FROM t"))[0][0],
    largest: (await query("SELECT coalesce(max(n), 0) FROM t"))[0][0],
    note: await read("note.txt"),
    tables: tables.filter((name) => !["t", "alembic_version"].includes(name)),
    two: tables.includes("two") ? (await query("SELECT count(*) FROM two"))[0][0] : 0,
    version,
    last: history.find((one) => one.current).command,
    states: history.length,
  };
}

async function lane(context, url, cuts, next, report) {
  let page = await context.newPage();
  const complaints = [];
  const told = { begun: 0, saved: 0 };
  const ready = async () => {
    await page.waitForFunction(() => window.limbeck, null, { timeout: 60_000, polling: 20 });
    await page.evaluate(() => window.limbeck.ready);
    // The worker of the page that was cut off may take a moment to give its lock back.
    await page.waitForFunction(() => window.limbeck.state().storage === "Saved", null, { timeout: 60_000, polling: 20 });
  };
  const tell = (_, what, n) => {
    told[what] = Math.max(told[what], n);
  };
  await page.goto(url);
  await page.waitForFunction(() => window.limbeck, null, { timeout: 60_000 });
  await page.evaluate(async (project) => {
    await window.limbeck.ready;
    await window.limbeck.load(project);
    await window.limbeck.run('sqlite3 app.db "CREATE TABLE t (n)"');
  }, project);
  await context.exposeBinding("tell", tell);
  await page.reload();
  await ready();
  // One round of the four things, for how long a cut waits: it should fall into each of them.
  const began = Date.now();
  await page.evaluate(async () => {
    for (const line of ["true", "alembic upgrade head", "alembic downgrade base"]) await window.limbeck.run(line);
  });
  const round = Math.max(60, Date.now() - began);
  let n = 0;
  for (let cut = 0; cut < cuts; cut += 1) {
    told.begun = n;
    told.saved = n;
    await page.evaluate(go, n + 1);
    await page.waitForTimeout(Math.floor(next() * round * 1.5));
    const how = Math.floor(next() * 4);
    if (how === 0) {
      // The renderer breaks: nothing of the page gets to say anything.
      const client = await context.newCDPSession(page);
      client.send("Page.crash").catch(() => {});
      await page.waitForEvent("crash", { timeout: 30_000 }).catch(() => {});
      await page.close().catch(() => {});
      page = await context.newPage();
      await page.goto(url);
    } else if (how === 1) {
      await page.close();
      page = await context.newPage();
      await page.goto(url);
    } else if (how === 2) {
      await page.reload();
    } else {
      // The worker alone: the page starts another one. What goes on after is cut off with the page.
      await page.evaluate(() => window.limbeck.cancel());
      await page.reload();
    }
    page.on("pageerror", (error) => complaints.push(error.message));
    await ready();
    const found = await page.evaluate(look);
    const where = `cut ${cut} of seed ${SEED} (${["crash", "close", "reload", "worker"][how]}), ${told.saved} saved, ${told.begun} begun: ${JSON.stringify(found)}`;
    // Which of the things under way it stands after.
    let match = -1;
    // Where the worker alone was cut off, one more may have begun before the page went.
    for (let k = told.saved; k <= told.begun + 4; k += 1) {
      const want = expected(k);
      if (want.number === found.number && want.rows === found.rows && want.note === found.note && want.upgraded === (found.version[0] === "aa" ? 1 : 0)) {
        match = k;
        break;
      }
    }
    assert.ok(match >= told.saved, `it is none of the states that there were: ${where}`);
    assert.equal(found.largest, found.number, `half of a command: ${where}`);
    assert.deepEqual(found.tables, found.version.length ? ["one", "two"] : [], `half of an upgrade: ${where}`);
    assert.equal(found.two, found.version.length ? 3 : 0, `half of an upgrade: ${where}`);
    if (match > 0) {
      const last = [/^alembic downgrade/, /^sqlite3 .*number\.txt$/, /^edited note\.txt$/, /^alembic upgrade/][match % 4];
      assert.match(found.last, last, `the history is of another state: ${where}`);
    }
    report(how, match - told.saved);
    n = match;
    // The cycle goes on where it stands.
  }
  assert.deepEqual(complaints, []);
}

const cuts = async (_, { url, browser }) => {
  const counts = [0, 0, 0, 0];
  let beyond = 0;
  const report = (how, more) => {
    counts[how] += 1;
    if (more > 0) beyond += 1;
    const done = counts.reduce((sum, one) => sum + one);
    if (done % 50 === 0) console.log(`      ${done} cuts in ${Math.round((Date.now() - started) / 1000)} s`);
  };
  const started = Date.now();
  // Contexts of their own: what a page that is cut off leaves undone is no complaint.
  const contexts = await Promise.all(Array.from({ length: LANES }, () => browser.newContext({ serviceWorkers: "block" })));
  try {
    await Promise.all(contexts.map((context, index) => lane(context, url, Math.ceil(CUTS / LANES), random(SEED + index), report)));
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
  }
  console.log(`      seed ${SEED}: ${counts[0]} crashes, ${counts[1]} closed pages, ${counts[2]} reloads, ${counts[3]} workers in ${Math.round((Date.now() - started) / 1000)} s; ${beyond} times more was saved than the page had said`);
};
// Far more than it takes, for a machine that does other things too.
cuts.seconds = 300 + CUTS * 10;

export default { "cut off at any moment, nothing saved is lost and nothing is saved by half": cuts };
