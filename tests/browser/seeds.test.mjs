// Every shell block of the seed documents is typed into the console, line by line, its placeholders
// filled in; every SQL block runs in the SQL box. seeds.txt holds the blocks word for word, and the
// last test fails if one of its lines is in no row here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { query, read, run, succeeds } from "./steps.mjs";

const blocks = [];
for (const part of readFileSync(new URL("seeds.txt", import.meta.url), "utf8").split(/^== /m).slice(1)) {
  const [head, ...lines] = part.trimEnd().split("\n");
  const [document, line, language] = head.split(" ");
  blocks.push({ document, line: Number(line), language, lines });
}
const isCommand = (text) => text.trim() && !text.trim().startsWith("#");
const lineOf = (document, number) => {
  for (const block of blocks) {
    if (block.document === document && block.lines[number - block.line] !== undefined && number >= block.line) return block.lines[number - block.line];
  }
  throw new Error(`${document} has no line ${number}`);
};

/** Types a line; gives its exit status and what it printed. */
async function type(page, line) {
  const before = await page.locator(".entry").count();
  await page.locator("#console-input").fill(line);
  await page.press("#console-input", "Enter");
  await page.waitForFunction((number) => document.querySelectorAll(".entry").length > number && !document.querySelector(".entry.runs"), before);
  return page.locator(".entry").last().evaluate((entry) => ({
    text: entry.innerText,
    status: Number(/exit status (\d+)/.exec(entry.querySelector(".ending.failed")?.textContent ?? "exit status 0")?.[1] ?? -1),
  }));
}

async function sqlBox(page, sql) {
  await page.locator("#database .sql .cm-content").click();
  await page.keyboard.insertText(sql);
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => !document.querySelector(".entry.runs"));
}

const reset = (page, name) => page.evaluate((name) => window.limbeck.reset(name), name);
const replace = async (page, path, from, to) => {
  const text = await read(page, path);
  assert.ok(text.includes(from), `${path} holds ${from}`);
  await page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text.replace(from, to)]);
};
const columns = async (page, table, database) => (await query(page, `SELECT name FROM pragma_table_info('${table}')`, database)).flat();
/** The database that document 004 names. */
const SERVER = "postgresql:///brahminykite";
const serverColumns = async (page, table) => (await query(page, `SELECT column_name FROM information_schema.columns WHERE table_name = '${table}'`, SERVER)).flat();
const version = async (page, database) => (await query(page, "SELECT version_num FROM alembic_version", database)).flat();
const heads = async (page) => (await run(page, "alembic heads")).stdout.trim().split("\n").map((line) => line.split(" ")[0]);
const addBookColumn = (name) => (page) => replace(page, "models.py", "    author: Mapped[\"Author\"]", `    ${name}: Mapped[str | None]\n    author: Mapped["Author"]`);
const addUserColumn = (name) => (page) => replace(page, "backend/app/models/user.py", "    posts = ", `    ${name} = Column(String, nullable=True)\n    posts = `);

// For each document: the example it is typed in, and for each command line its number in the document,
// what comes before it, how its placeholders are filled in, its exit status (0 if not said), what it
// prints, and what is true afterwards.
const wrote = (message) => new RegExp(`Generating /project/\\S+_${message}\\.py \\.\\.\\. {2}done`);

const documents = {
  "000": {
    example: "library",
    rows: [
      { line: 10, before: addBookColumn("isbn"), says: wrote("initial_migration") },
      { line: 13, says: /Running upgrade 8e5d27b46c10 -> \w{12}, initial_migration/, then: async (page) => assert.ok((await columns(page, "book")).includes("isbn")) },
      { line: 19, before: addBookColumn("shelf"), says: wrote("description_of_changes") },
      { line: 22, says: /Running upgrade \w{12} -> \w{12}, description_of_changes/, then: async (page) => assert.ok((await columns(page, "book")).includes("shelf")) },
      { line: 28, says: /^\w{12} \(head\)$/m },
      { line: 31, says: /description_of_changes[\s\S]*<base> -> 3b1f0c9a7d42, authors and books/ },
      { line: 34, says: /Rev: \w{12} \(head\)\nParent: \w{12}/ },
      { line: 37, says: /Running downgrade \w{12} -> \w{12}, description_of_changes/, then: async (page) => assert.ok(!(await columns(page, "book")).includes("shelf")) },
      { line: 40, fill: async (page, text) => text.replace("<revision_id>", (await heads(page))[0]), says: /Running upgrade/, then: async (page) => assert.ok((await columns(page, "book")).includes("shelf")) },
      { line: 43, says: /CREATE TABLE author[\s\S]*ALTER TABLE book ADD COLUMN shelf/ },
      { line: 46, then: async (page) => assert.deepEqual(await version(page), await heads(page)) },
      {
        // The error that the block is about: a database behind its scripts.
        line: 77,
        before: async (page) => {
          await succeeds(page, "alembic downgrade -1");
          await addBookColumn("pages")(page);
          const refused = await type(page, 'alembic revision --autogenerate -m "your_description"');
          assert.equal(refused.status, 255);
          assert.match(refused.text, /Target database is not up to date\./);
        },
        says: /^\w{12}$/m,
      },
      { line: 80, says: /\(head\), description_of_changes/ },
      { line: 83, says: /Running upgrade/ },
      { line: 86, says: /\(head\)/ },
      { line: 89, says: wrote("your_description") },
      {
        line: 96,
        before: async (page) => succeeds(page, 'sqlite3 library.db "DELETE FROM alembic_version"'),
        says: /Running stamp_revision {2}-> \w{12}/,
        then: async (page) => assert.deepEqual(await version(page), await heads(page)),
      },
    ],
  },
  "001": {
    example: "blog",
    rows: [
      { line: 10, before: async (page) => succeeds(page, "cd .."), then: async (page) => assert.equal((await run(page, "pwd")).stdout, "/project/backend\n") },
      { line: 11, says: /SQLiteImpl/ },
      { line: 24, says: wrote("description_of_changes"), then: async (page) => assert.match((await run(page, "cat alembic/versions/*_description_of_changes.py")).stdout, /op\.create_table\('comments'/) },
      { line: 27, before: async (page) => succeeds(page, "alembic upgrade head"), says: wrote("description_of_changes") },
      { line: 34, says: /Running upgrade/, then: async (page) => assert.deepEqual(await query(page, "SELECT count(*) FROM comments"), [[0]]) },
      { line: 37, before: async (page) => succeeds(page, "alembic downgrade -1"), fill: async (page, text) => text.replace("<revision_id>", (await heads(page))[0]), says: /Running upgrade/ },
      { line: 40, before: async (page) => succeeds(page, "alembic downgrade -1"), says: /Running upgrade/ },
      { line: 47, says: /Running downgrade/ },
      { line: 50, fill: async (_page, text) => text.replace("<revision_id>", "5ac41be7f803"), says: /Running downgrade/, then: async (page) => assert.deepEqual(await version(page), ["5ac41be7f803"]) },
      { line: 53, says: /Running downgrade 5ac41be7f803 -> /, then: async (page) => assert.deepEqual(await query(page, "SELECT name FROM sqlite_master WHERE name = 'users'"), []) },
      { line: 60, before: async (page) => succeeds(page, "alembic upgrade head"), says: /\(head\)/ },
      { line: 63, says: /<base> -> 5ac41be7f803, users, posts and tags/ },
      { line: 66, says: /^\w{12} \(head\)$/m },
      { line: 94, before: addUserColumn("new_field"), says: wrote("add_new_field_to_users") },
      { line: 99, says: /Running upgrade/, then: async (page) => assert.ok((await columns(page, "users")).includes("new_field")) },
      {
        line: 109,
        before: async (page) => {
          const [head] = await heads(page);
          await succeeds(page, `alembic revision -m one --head ${head} --rev-id aaaa1111`);
          await succeeds(page, `alembic revision -m two --head ${head} --splice --rev-id bbbb2222`);
          const refused = await type(page, "alembic upgrade head");
          assert.match(refused.text, /Multiple head revisions are present for given argument 'head'/);
        },
        fill: (_page, text) => text.replace("<revision1>", "aaaa1111").replace("<revision2>", "bbbb2222"),
        says: wrote("merge_branches"),
      },
      { line: 118, before: async (page) => succeeds(page, "alembic upgrade head"), says: /Running downgrade/, then: async (page) => assert.deepEqual(await version(page), []) },
      { line: 121, says: /Running upgrade aaaa1111, bbbb2222 -> \w{12}, Merge branches/ },
      { line: 128, says: /CREATE TABLE users[\s\S]*INSERT INTO alembic_version/ },
      // Alembic itself refuses this line of the document: offline it must be told where to begin.
      { line: 131, status: 255, says: /downgrade with --sql requires <fromrev>:<torev>/ },
      { line: 158, says: /SQLiteImpl/, then: async (page) => assert.deepEqual(await version(page), await heads(page)) },
    ],
  },

  "002": {
    example: "library",
    rows: [
      { line: 19, before: addBookColumn("isbn"), says: wrote("description_of_changes") },
      { line: 22, before: async (page) => succeeds(page, "alembic upgrade head"), says: wrote("description_of_changes") },
      { line: 29, says: /Running upgrade/ },
      { line: 32, before: async (page) => succeeds(page, "alembic downgrade -1"), fill: async (page, text) => text.replace("<revision>", (await heads(page))[0]), says: /Running upgrade/ },
      { line: 35, before: async (page) => succeeds(page, "alembic downgrade -2"), says: /Running upgrade[\s\S]*Running upgrade/ },
      { line: 42, says: /Running downgrade/ },
      { line: 45, fill: (_page, text) => text.replace("<revision>", "3b1f0c9a7d42"), says: /Running downgrade 8e5d27b46c10 -> 3b1f0c9a7d42/, then: async (page) => assert.deepEqual(await columns(page, "loan"), []) },
      { line: 48, says: /Running downgrade 3b1f0c9a7d42 -> /, then: async (page) => assert.deepEqual(await columns(page, "book"), []) },
      { line: 55, before: async (page) => succeeds(page, "alembic upgrade head"), says: /\(head\)/ },
      { line: 58, says: /members and loans/ },
      { line: 61, says: /Rev: 8e5d27b46c10\nParent: 3b1f0c9a7d42\nPath: \/project\/alembic/ },
      { line: 64, fill: (_page, text) => text.replace("<revision>", "8e5d27b46c10"), says: /CREATE TABLE loan/ },
      {
        // "Delete all migration files in versions/", and with them what the database knows of them.
        line: 91,
        before: async (page) => {
          await succeeds(page, "rm alembic/versions/*.py");
          await succeeds(page, "rm library.db");
          assert.equal((await run(page, "alembic history")).stdout, "");
        },
        says: wrote("initial_migration"),
      },
      { line: 93, says: /Running upgrade {2}-> \w{12}, Initial migration/, then: async (page) => assert.ok((await columns(page, "loan", "library.db")).includes("due")) },
    ],
  },

  "003": {
    example: "heroes",
    rows: [
      {
        line: 45,
        before: async (page) => {
          await succeeds(page, "alembic upgrade head");
          await replace(page, "models.py", "    secret_name: str\n", "    secret_name: str\n    avatar: str | None = None\n");
        },
        says: wrote("add_user_avatar"),
      },
      { line: 50, says: /add_user_avatar/, then: async (page) => assert.ok((await columns(page, "hero")).includes("avatar")) },
      { line: 57, says: /Running downgrade \w{12} -> c7730d1e95ab, add_user_avatar/ },
      { line: 60, fill: (_page, text) => text.replace("<revision_id>", "1f4a6be0c2d9"), says: /Running downgrade c7730d1e95ab -> 1f4a6be0c2d9/ },
      { line: 63, says: /Running downgrade 1f4a6be0c2d9 -> /, then: async (page) => assert.deepEqual(await columns(page, "hero"), []) },
      { line: 70, says: /SQLiteImpl/ },
      { line: 73, says: /<base> -> 1f4a6be0c2d9/ },
      { line: 76, before: async (page) => succeeds(page, "alembic upgrade +1"), says: /1f4a6be0c2d9 \(current\)|-> 1f4a6be0c2d9 .*\(current\)/ },
      { line: 85, says: /Running upgrade/, then: async (page) => assert.deepEqual(await version(page), await heads(page)) },
      { line: 88, says: /SQLiteImpl/ },
      { line: 94, before: async (page) => succeeds(page, "alembic downgrade -1"), says: /alembic upgrade head\n[\s\S]*Running upgrade/ },
      { line: 95, says: wrote("xxx") },
      { line: 96, before: async (page) => succeeds(page, "make db-migrate"), says: /alembic downgrade -1\n[\s\S]*Running downgrade \w{12} -> \w{12}, xxx/ },
      { line: 97, says: /alembic downgrade base\n[\s\S]*Running downgrade[\s\S]*alembic upgrade head\n[\s\S]*Running upgrade/, then: async (page) => assert.deepEqual(await version(page), await heads(page)) },
      {
        // "Can't locate revision": the SQL block clears the version; the tables are still there, so the
        // next error is the document's next one, and stamp mends it.
        line: 129,
        sql: true,
        before: async (page) => {
          await succeeds(page, "sqlite3 heroes.db \"UPDATE alembic_version SET version_num = 'xxx'\"");
          const lost = await type(page, "alembic upgrade head");
          assert.equal(lost.status, 255);
          assert.match(lost.text, /Can't locate revision identified by 'xxx'/);
        },
        then: async (page) => assert.deepEqual(await version(page), []),
      },
      {
        line: 140,
        before: async (page) => {
          const there = await type(page, "alembic upgrade head");
          assert.equal(there.status, 1);
          assert.match(there.text, /table team already exists/);
        },
        says: /Running stamp_revision/,
        then: async (page) => assert.deepEqual(await version(page), await heads(page)),
      },
    ],
  },

  // A project without revisions whose env.py takes its database from the environment: PostgreSQL.
  "004": {
    example: "library",
    rows: [
      {
        line: 9,
        before: async (page) => {
          await succeeds(page, "rm -rf alembic/versions/* library.db");
          await replace(page, "alembic/env.py", "config = context.config\n", "import os\n\nconfig = context.config\nconfig.set_main_option(\"sqlalchemy.url\", os.environ[\"DATABASE_URL\"])\n");
        },
      },
      { line: 14, says: wrote("initial_schema") },
      { line: 19, says: /Running upgrade {2}-> \w{12}, Initial schema/, then: async (page) => assert.ok((await serverColumns(page, "member")).includes("email")) },
      { line: 27, before: addBookColumn("isbn"), says: wrote("description_of_changes") },
      { line: 30, before: async (page) => succeeds(page, "alembic upgrade head"), says: wrote("description_of_changes") },
      { line: 36, says: /Running upgrade/ },
      { line: 39, before: async (page) => succeeds(page, "alembic downgrade -1"), fill: async (page, text) => text.replace("<revision>", (await heads(page))[0]), says: /Running upgrade/ },
      { line: 42, before: async (page) => succeeds(page, "alembic downgrade -1"), says: /Running upgrade/ },
      { line: 48, says: /Running downgrade/ },
      { line: 51, fill: async (page, text) => text.replace("<revision>", (await run(page, "alembic history")).stdout.match(/<base> -> (\w{12})/)[1]), says: /PostgresqlImpl/ },
      { line: 54, says: /PostgresqlImpl/, then: async (page) => assert.deepEqual(await serverColumns(page, "member"), []) },
      { line: 60, before: async (page) => succeeds(page, "alembic upgrade head"), says: /\(head\)/ },
      { line: 63, says: /<base> -> \w{12}, Initial schema/ },
      { line: 66, says: /Rev: \w{12} \(head\)\nParent: \w{12}/ },
      // Alembic's own answer to this line of the document.
      { line: 95, status: 255, says: /Using --sql with --autogenerate does not make any sense/ },
      { line: 98, before: async (page) => succeeds(page, 'psql brahminykite -c "DELETE FROM alembic_version"'), says: /Running stamp_revision/, then: async (page) => assert.deepEqual(await version(page, SERVER), await heads(page)) },
    ],
  },
};

const tests = {};
for (const [document, { example, rows }] of Object.entries(documents)) {
  tests[`every block of document ${document} runs`] = async (fresh) => {
    const { page } = await fresh();
    await reset(page, example);
    for (const row of rows) {
      const where = `document ${document}, line ${row.line}`;
      await row.before?.(page);
      const text = lineOf(document, row.line);
      if (row.sql) {
        const block = blocks.find((one) => one.document === document && one.line === row.line);
        await sqlBox(page, block.lines.join("\n"));
      } else {
        const line = row.fill ? await row.fill(page, text) : text;
        const answer = await type(page, line);
        assert.equal(answer.status, row.status ?? 0, `${where}: ${answer.text}`);
        assert.match(answer.text, row.says ?? /./, where);
      }
      await row.then?.(page);
    }
  };
}

tests["no line of the documents is forgotten"] = async () => {
  let count = 0;
  for (const { document, line, language, lines } of blocks) {
    for (const [index, text] of lines.entries()) {
      const command = language === "bash" ? isCommand(text) : language === "sql" ? index === 0 : text.startsWith("python -m alembic");
      if (!command) continue;
      count += 1;
      assert.ok(documents[document].rows.some((row) => row.line === line + index), `document ${document}, line ${line + index}: ${text}`);
    }
  }
  assert.ok(count >= 80, `${count} lines`);
};

tests["whole blocks are pasted at once"] = async (fresh) => {
  const { page } = await fresh();
  const paste = async (text) => {
    const before = await page.locator(".entry").count();
    await page.focus("#console-input");
    await page.keyboard.insertText(text);
    assert.equal(await page.inputValue("#console-input"), text);
    await page.keyboard.press("Enter");
    const lines = text.split("\n").filter((line) => line.trim()).length;
    await page.waitForFunction((number) => document.querySelectorAll(".entry").length >= number && !document.querySelector(".entry.runs"), before + lines);
    return page.locator(".entry").evaluateAll((entries, before) => entries.slice(before).map((entry) => entry.innerText), before);
  };
  for (const [document, line] of [["001", 59], ["001", 117], ["003", 69], ["004", 59]]) {
    const block = blocks.find((one) => one.document === document && one.line === line);
    const entries = await paste(block.lines.join("\n"));
    assert.equal(entries.filter((text) => text.includes("exit status")).length, 0, entries.join("\n"));
    // Each line is an entry of its own, its comment before it.
    assert.deepEqual(entries.map((text) => text.replace(/^\$\s*/, "").split("\n")[0]), block.lines.filter((text) => text.trim()));
  }
  assert.deepEqual(await version(page), ["8e5d27b46c10"]);
  // What has no end yet is asked for, and a text between << END is one line.
  await page.fill("#console-input", "cat > notes.txt <<'END'");
  await page.press("#console-input", "Enter");
  await page.keyboard.insertText("one\ntwo\nEND");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#console-input").value === "");
  assert.equal((await run(page, "cat notes.txt")).stdout, "one\ntwo\n");
  // A page under way is waited for: three lines, one after the other.
  const [, , last] = await paste("alembic downgrade base\nalembic upgrade +1\nalembic current");
  assert.match(last, /3b1f0c9a7d42/);
};

tests["what is not for this console gets an honest line"] = async (fresh) => {
  const { page } = await fresh();
  for (const [line, status, says] of [
    ["python seed.py", 2, /can't open file '.*seed\.py': \[Errno 2\] No such file/],
    ["echo 'print(6 * 7)' > seed.py; python seed.py", 0, /^42$/m],
    ["pg_dump app", 127, /no server here; sqlite3/],
    ["pytest", 127, /no Python here/],
    ["git commit -am done", 127, /History/],
    ["pip install numpy", 127, /nothing can be installed/],
    ["flask db migrate", 2, /Could not locate a Flask application/],
    [".\\venv\\Scripts\\pip.exe list", 127, /packages can't be managed/],
    ["make db-migrate", 2, /No rule to make target 'db-migrate'/],
    ["alembic upgrade <revision_id>", 2, /<revision_id> is a placeholder/],
    ["source .venv/bin/activate && docker compose up -d && docker compose exec backend alembic current", 0, /8e5d27b46c10 \(head\)/],
    [".\\venv\\Scripts\\Activate.ps1; poetry run alembic current", 0, /8e5d27b46c10 \(head\)/],
    ["cd backend && python -m alembic current", 0, /8e5d27b46c10 \(head\)/],
    ["alembic history | head -1 > out.txt; cat out.txt", 0, /members and loans/],
    ["sqlite3 library.db .tables", 0, /alembic_version/],
  ]) {
    const answer = await type(page, line);
    assert.equal(answer.status, status, `${line}: ${answer.text}`);
    assert.match(answer.text, says, line);
  }
};

tests["files open in the page's editor"] = async (fresh) => {
  const { page } = await fresh();
  await type(page, "alembic edit 3b1f");
  await page.waitForFunction(() => window.limbeck.state().revision === "3b1f0c9a7d42");
  await type(page, "vim alembic/env.py");
  await page.waitForFunction(() => window.limbeck.state().file === "alembic/env.py");
  // Tab knows files, targets and what a prefix leads to.
  await reset(page, "heroes");
  await page.focus("#console-input");
  for (const [typed, completed] of [["make db-re", "make db-re"], ["make db-rev", "make db-revision "], ["uv run alembic up", "uv run alembic upgrade "], ["cat migrations/e", "cat migrations/env.py "]]) {
    await page.fill("#console-input", typed);
    await page.press("#console-input", "Tab");
    assert.equal(await page.inputValue("#console-input"), completed);
  }
};

export default tests;
