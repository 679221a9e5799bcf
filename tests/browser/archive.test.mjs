// Projects that come in as folders and zips, and go out as zips that real Alembic runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync, strToU8 } from "fflate";
import { project } from "./projects.mjs";
import { command, query, read, run, succeeds } from "./steps.mjs";

const script = fileURLToPath(new URL("../oracle/exported_zip.py", import.meta.url));
const python = process.env.LIMBECK_ORACLE_PYTHON;

/** Asks real Alembic. */
function oracle(words, input = "") {
  if (!python) throw new Error("LIMBECK_ORACLE_PYTHON is not set: . scripts/environment.sh, after make set-up-oracle");
  try {
    return execFileSync(python, [script, ...words], { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`real Alembic: ${error.stdout}${error.stderr}`);
  }
}

/** A folder for the time of a test. */
async function within(work) {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-archive-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Chooses something of the menu that saves a file; gives its path and name. */
async function saved(page, choice) {
  await page.click(".share-menu summary");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-share="${choice}"]`)]);
  return { path: await download.path(), name: download.suggestedFilename() };
}

/** Drops files on the page. */
const drop = (page, files) =>
  page.evaluate((files) => {
    const data = new DataTransfer();
    for (const [name, base64] of files) {
      data.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name));
    }
    document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files.map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]));

const files = (page) => page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));

/** Waits until an imported project has been looked over; gives what the dialog says. */
async function imported(page) {
  await page.waitForFunction(() => /Everything runs here|Problems found|has no alembic\.ini/.test(document.querySelector("dialog[open]")?.innerText ?? ""), null, { timeout: 60_000 });
  return page.innerText("dialog[open]");
}

const close = async (page) => {
  await page.locator("dialog[open]").getByRole("button", { name: "Continue" }).click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
};

const exported = (name) => async (fresh) => {
  const { page } = await fresh();
  await page.evaluate((name) => window.limbeck.reset(name), name);
  await within(async (folder) => {
    const { path, name: given } = await saved(page, "zip");
    assert.match(given, /\.zip$/);
    const archive = join(folder, "exported.zip");
    writeFileSync(archive, readFileSync(path));
    // What real Alembic prints there is what it prints here.
    const expected = [];
    for (const line of ["alembic heads", "alembic history", "alembic upgrade heads", "alembic check", "alembic current", "alembic downgrade base", "alembic current"]) {
      const { status, stdout } = await run(page, line);
      expected.push({ line, status, stdout });
    }
    const said = oracle(["check", archive], JSON.stringify(expected));
    assert.match(said, name === "empty" ? /skipped/ : /passed/);
  });
};

export default {
  "the exported library runs under real Alembic, and its test passes": exported("library"),
  "the exported heroes run under real Alembic, and their test passes": exported("heroes"),
  "the exported blog runs under real Alembic, and its test passes": exported("blog"),
  "the exported shop runs under real Alembic, and its test passes": exported("shop"),
  "the exported bare project is what alembic init writes": exported("empty"),

  "a project of real Alembic comes in, runs, and goes out unchanged but for what was done": async (fresh) => {
    const { page } = await fresh();
    await within(async (folder) => {
      const archive = join(folder, "harbour.zip");
      oracle(["init", archive]);
      await drop(page, [["harbour.zip", readFileSync(archive)]]);
      const said = await imported(page);
      assert.match(said, /harbour: \d+ files[\s\S]*Everything runs here/);
      assert.match(said, /Left out: 2/);
      await page.click(".left-out summary");
      assert.match(await page.innerText(".left-out"), /\.git\/[\s\S]*logo\.png[\s\S]*neither text nor a SQLite database/);
      await close(page);

      assert.match(await command(page, "alembic upgrade head"), /Running upgrade {2}-> [0-9a-f]+, owners and boats/);
      const models = await read(page, "models.py");
      await page.evaluate((text) => window.limbeck.files.write("models.py", text), models + '    name: Mapped[str] = mapped_column(String(30), server_default="?")\n');
      await succeeds(page, 'alembic revision --autogenerate -m "names of boats"');
      await succeeds(page, "alembic upgrade head");
      await page.evaluate((text) => window.limbeck.files.write("models.py", text), models);
      const written = (await files(page)).filter((path) => path.includes("names_of_boats"));
      assert.equal(written.length, 1);

      const { path } = await saved(page, "zip");
      const back = join(folder, "back.zip");
      writeFileSync(back, readFileSync(path));
      const more = JSON.parse(oracle(["same", archive, back]));
      assert.deepEqual(more, ["README.md", "harbour.db", "requirements.txt", "tests/test_migrations.py", written[0]].sort());
    });
  },

  "an imported project says what does not run here, and runs the rest": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.reset("library"));
    const workspace = await page.evaluate(() => window.limbeck.export());
    const head = "8e5d27b46c10";
    const revision = (id, down, body) => `"""${id}"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = "${down}"\n\n\ndef upgrade():\n${body}\n\n\ndef downgrade():\n    pass\n`;
    const path = (id) => `alembic/versions/${id}_x.py`;
    const given = [
      ...Object.entries(workspace.files).filter(([name]) => !name.endsWith(".db")).map(([name, held]) => [name, held.Text]),
      [path("aaaa11112222"), revision("aaaa11112222", head, "    from settings import KIND\n    op.add_column('author', sa.Column('kind', KIND))")],
      [path("bbbb11112222"), revision("bbbb11112222", "aaaa11112222", "    op.add_column('author', sa.Column('x', sa.Integer))")],
    ];
    const bytes = await page.evaluate(async (given) => {
      // A zip by the page itself, of a project by hand.
      await window.limbeck.load({ files: Object.fromEntries(given.map(([name, text]) => [name, { Text: text }])) });
      return [...await window.limbeck.exportZip()];
    }, given);
    await drop(page, [["strange.zip", Uint8Array.from(bytes)]]);
    const said = await imported(page);
    assert.match(said, /Problems found/);
    assert.match(said, /aaaa11112222_x\.py:\d+/);
    assert.match(said, /settings/);
    // Its line is one click away.
    await page.locator(".not-run button.link").first().click();
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await page.waitForFunction(() => window.limbeck.state().revision === "aaaa11112222");
    // The rest runs.
    await succeeds(page, `alembic upgrade ${head}`);
    assert.match(await command(page, "alembic history"), /bbbb11112222/);
  },

  "an imported project is tried with its own rows, a missing variable can be set, and a server is named": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.reset("library"));
    await succeeds(page, "alembic downgrade -1");
    const workspace = await page.evaluate(() => window.limbeck.export());
    const parts = Object.fromEntries(Object.entries(workspace.files).map(([name, held]) => [name, "Text" in held ? strToU8(held.Text) : Buffer.from(held.Binary, "base64")]));
    const zip = (more = {}) => zipSync({ ...parts, ...more });
    await drop(page, [["library.zip", zip()]]);
    const said = await imported(page);
    assert.match(said, /Everything runs here\. Tested on copies/);
    assert.match(said, /env\.py and the models: 4 tables/);
    assert.match(said, /library\.db, with its \d+ rows: 1 revision upgraded/);
    assert.match(said, /an empty database: all 2 revisions upgraded/);
    // The project itself is as it came.
    await close(page);
    assert.match(await command(page, "alembic current"), /3b1f0c9a7d42/);

    const env = Buffer.from(parts["alembic/env.py"]).toString();
    const wants = strToU8("import os\n" + env.replace("config = context.config\n", 'config = context.config\nconfig.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])\n'));
    await drop(page, [["wants.zip", zip({ "alembic/env.py": wants, ".env": strToU8("DATABASE_URL=postgresql://me:secret@db/app\n") })]]);
    assert.match(await imported(page), /The project reads DATABASE_URL, which is not set[\s\S]*from \.env[\s\S]*PostgreSQL runs in this page/);
    const field = page.getByLabel(/DATABASE_URL/);
    assert.equal(await field.inputValue(), "postgresql://me:secret@db/app");
    await field.press("Enter");
    await page.waitForFunction(() => /Everything runs here/.test(document.querySelector("dialog[open]").innerText), null, { timeout: 60_000 });
    await close(page);
    await succeeds(page, "alembic upgrade head");

    const ini = Buffer.from(parts["alembic.ini"]).toString().replace("sqlite:///library.db", "postgresql://me:secret@db/app");
    await drop(page, [["postgresql.zip", zip({ "alembic.ini": strToU8(ini) })]]);
    assert.match(await imported(page), /Everything runs here[\s\S]*This project uses PostgreSQL\. The page runs PostgreSQL itself/);
    assert.equal(await page.locator("#use-sqlite").count(), 0);
    await close(page);
    assert.match(await command(page, "alembic upgrade head"), /PostgresqlImpl/);

    await drop(page, [["server.zip", zip({ "alembic.ini": strToU8(ini.replace("postgresql:", "mysql:")) })]]);
    const told = await imported(page);
    assert.match(told, /This project uses MySQL\. A page can't connect to a MySQL server/);
    assert.match(told, /the SQL for MySQL: alembic upgrade heads --sql/);
    await page.click("#use-sqlite");
    await page.waitForFunction(() => /Everything runs here/.test(document.querySelector("dialog[open]").innerText), null, { timeout: 60_000 });
    await close(page);
    await succeeds(page, "alembic upgrade head");
  },

  "a folder comes in by the button, without what is no part of it": async (fresh) => {
    const { page } = await fresh();
    await within(async (folder) => {
      const project = join(folder, "backend");
      const put = (path, contents) => {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), contents);
      };
      await page.evaluate(() => window.limbeck.reset("heroes"));
      const { files: all } = await page.evaluate(() => window.limbeck.export());
      for (const [path, held] of Object.entries(all)) put(`service/${path}`, "Text" in held ? held.Text : Buffer.from(held.Binary, "base64"));
      put("node_modules/x/index.js", "no");
      put("service/__pycache__/models.cpython-311.pyc", "\0\0");
      put("service/.venv/lib/site.py", "no");
      put("service/large.txt", Buffer.alloc(6_000_000, "a"));
      await page.evaluate(() => window.limbeck.reset("empty"));
      await page.click(".open-menu summary");
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click('.open-menu .choice:has-text("folder")')]);
      await chooser.setFiles(project);
      const said = await imported(page);
      assert.match(said, /Everything runs here/);
      await page.click(".left-out summary");
      const left = await page.innerText(".left-out");
      for (const one of [/node_modules\//, /__pycache__\//, /\.venv\//, /large\.txt too large/]) assert.match(left, one);
      await close(page);
      assert.equal(await page.evaluate(() => window.limbeck.state().directory), "service");
      assert.ok(!(await files(page)).some((path) => /node_modules|pycache|venv|large/.test(path)));
      await succeeds(page, "alembic upgrade head");
    });
  },

  "a database comes in, alone or into the open project": async (fresh) => {
    const { page } = await fresh();
    const { path, name } = await saved(page, "database");
    assert.equal(name, "library.sqlite");
    const bytes = readFileSync(path);
    assert.equal(bytes.subarray(0, 15).toString(), "SQLite format 3");
    await drop(page, [["other.db", bytes]]);
    const dialog = page.locator("dialog[open]");
    await dialog.getByRole("button", { name: "Add to this project" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "other.db");
    assert.deepEqual(await query(page, "SELECT * FROM author", "other.db"), await query(page, "SELECT * FROM author", "library.db"));
    await drop(page, [["alone.sqlite", bytes]]);
    await dialog.getByRole("button", { name: "Open as a new project" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "alone.sqlite");
    assert.deepEqual(await files(page), ["alone.sqlite"]);
    assert.ok((await query(page, "SELECT * FROM author")).length > 0);
  },

  "the SQL alone makes the database anew": async (fresh) => {
    const { page } = await fresh();
    const { path, name } = await saved(page, "sql");
    assert.equal(name, "library.sql");
    const sql = readFileSync(path, "utf8");
    assert.match(sql, /CREATE TABLE author/);
    await page.evaluate((sql) => window.limbeck.files.write("again.sql", sql), sql);
    const before = await query(page, "SELECT * FROM author");
    await succeeds(page, "sqlite3 again.db '.read again.sql'");
    assert.deepEqual(await query(page, "SELECT * FROM author", "again.db"), before);
  },

  "of a project with too many files comes in what Alembic reads, wherever it stands in the zip": async (fresh) => {
    const { page } = await fresh();
    const { files: own } = project([{ id: "aaaa", message: "first", up: "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))" }]);
    const zip = zipSync(Object.fromEntries([
      ...Array.from({ length: 2_500 }, (_, number) => [`assets/${number}.json`, strToU8("{}")]),
      ...Object.entries(own).map(([path, held]) => [`service/${path}`, strToU8(held.Text)]),
    ]));
    await drop(page, [["large.zip", zip]]);
    const said = await imported(page);
    assert.match(said, /4 files[\s\S]*Everything runs here[\s\S]*Left out: 2500/);
    await close(page);
    await succeeds(page, "alembic upgrade head");
    assert.deepEqual(await query(page, "SELECT count(*) FROM t"), [[0]]);
    // Two at once are none.
    await drop(page, [["one.zip", zip], ["two.zip", zip]]);
    await page.waitForSelector(".notice >> text=open zip files one at a time");
  },

  "zips that are none, or too much, are refused": async (fresh) => {
    const { page } = await fresh();
    const before = await files(page);
    const refused = async (name, bytes, message) => {
      await drop(page, [[name, bytes]]);
      await page.waitForFunction((source) => new RegExp(source).test(document.querySelector(".notice")?.innerText ?? ""), message.source);
      await page.click(".notice button");
      await page.locator(".notice").waitFor({ state: "detached" });
    };
    await refused("broken.zip", Buffer.from("PK\x03\x04 and then nothing"), /not a readable zip file/);
    await refused("none.zip", Buffer.from("text"), /not a readable zip file/);
    await refused("none.db", Buffer.from("no database"), /not a SQLite database/);
    // A bomb: 200 MB of one letter, twenty files.
    const bomb = execFileSync(python ?? "python3", ["-c", `
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
    for number in range(20):
        made.writestr(f"p/{number}.py", b"a" * 10_000_000)
    made.writestr("../../escape.py", b"x")
sys.stdout.buffer.write(out.getvalue())`]);
    await refused("bomb.zip", bomb, /can't be opened/);
    assert.deepEqual(await files(page), before);
  },
};
