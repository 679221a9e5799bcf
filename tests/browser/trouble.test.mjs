// Bad input: each gives a clear error at its line, the database is as Alembic leaves it, the text is
// kept, and the page still answers.
import assert from "node:assert/strict";
import { command, cursorAt, pending, query, read, revisionFile, run } from "./steps.mjs";

const head = "8e5d27b46c10";

async function script(page, id, upgrade) {
  const text = revisionFile({ id, message: "trouble", parent: head, upgrade });
  await page.evaluate(([id, text]) => window.limbeck.files.write(`alembic/versions/${id}_trouble.py`, text), [id, text]);
}

export default {
  "a syntax error in the models is underlined at its line": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "class Author");
    await page.keyboard.type(" (");
    await pending(page, /(Syntax|Indentation)Error/);
    await page.waitForSelector("#models .cm-lintRange-error");
    assert.match(await page.innerText(".pending .link"), /models\.py:1[34]/);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await pending(page, /database matches the models/);
    assert.equal(await page.locator("#models .cm-lintRange-error").count(), 0);
  },

  "a syntax error in a script leaves its editor and the graph in sight": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#migrations .cm-content");
    const revisions = await page.locator("#migrations .revision").count();
    await cursorAt(page, "migrations", "down_revision");
    await page.keyboard.press("End");
    await page.keyboard.type("\nx = = 3");
    await page.waitForSelector("#migrations > .failure");
    assert.match(await page.innerText("#migrations > .failure"), /SyntaxError/);
    assert.equal(await page.locator("#migrations .revision").count(), revisions);
    for (let count = 0; count < 8; count += 1) await page.keyboard.press("Backspace");
    await page.waitForSelector("#migrations > .failure", { state: "detached" });
  },

  "a worker that can't be loaded is told": async (_, { url, browser }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const thrown = [];
    page.on("pageerror", (error) => thrown.push(String(error)));
    await page.route("**/worker-*.js", (route) => route.abort());
    await page.goto(url);
    await page.waitForFunction(() => document.body.innerText.includes("the worker could not be loaded"));
    assert.deepEqual(thrown, []);
    await context.close();
  },

  "SQL that fails half-way says what stayed, and one click brings it back": async (fresh) => {
    const { page } = await fresh();
    await script(page, "aa11", `    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")
`);
    const text = await command(page, "alembic upgrade head");
    assert.match(text, /no such table: nowhere/);
    assert.match(text, /1 statement stayed in the database/);
    assert.deepEqual(await query(page, "SELECT name FROM sqlite_master WHERE name = 'half'"), [["half"]]);
    assert.deepEqual(await query(page, "SELECT version_num FROM alembic_version"), [[head]]);
    // The place of the error is shown in the script, and the keyboard stays with the console.
    assert.equal(await page.evaluate(() => document.activeElement.id), "console-input");
    await page.waitForFunction(() => document.querySelector("#migrations .editor").dataset.path.includes("aa11"));
    await page.click("text=Undo this command");
    await page.waitForSelector(".stayed .done");
    assert.deepEqual(await query(page, "SELECT name FROM sqlite_master WHERE name = 'half'"), []);
    assert.match(await read(page, "alembic/versions/aa11_trouble.py"), /INSERT INTO nowhere/);
  },

  "a view over a table that is gone hides no other table": async (fresh) => {
    const { page } = await fresh();
    await command(page, `sqlite3 library.db "CREATE VIEW late AS SELECT * FROM loan; DROP TABLE loan"`);
    await page.locator("#database .tables button", { hasText: "late" }).click();
    await page.locator("#database [role=tab]", { hasText: "Rows" }).click();
    await page.waitForFunction(() => /no such table: main\.loan/.test(document.querySelector("#database").innerText));
    await page.locator("#database .tables button", { hasText: "author" }).click();
    await page.waitForFunction(() => /Ursula K\. Le Guin/.test(document.querySelector("#database").innerText));
  },

  "a script that loops for ever is stopped": async (fresh) => {
    const { page } = await fresh();
    await script(page, "aa22", `    n = 0
    while True:
        n += 1
`);
    await page.fill("#console-input", "alembic upgrade head");
    await page.press("#console-input", "Enter");
    await page.waitForTimeout(300);
    // The page still answers, and can stop it.
    const stop = page.locator(".console-head >> text=Stop");
    if (await stop.count()) await stop.click();
    await page.waitForFunction(() => !document.querySelector(".entry.runs"), null, { timeout: 60_000 });
    assert.match(await page.innerText(".entry:last-child"), /stopped|limit/i);
    assert.deepEqual(await query(page, "SELECT version_num FROM alembic_version"), [[head]]);
    assert.match(await read(page, "alembic/versions/aa22_trouble.py"), /while True/);
  },

  "what the interpreter does not know is said at its line": async (fresh) => {
    const { page } = await fresh();
    await script(page, "aa33", `    import numpy
    op.create_table("t", sa.Column("id", numpy.thing(), primary_key=True))
`);
    const result = await run(page, "alembic upgrade head");
    assert.notEqual(result.status, 0);
    assert.equal(result.failure.place?.path, "alembic/versions/aa33_trouble.py");
    assert.match(result.failure.message, /numpy/);
    assert.deepEqual(await query(page, "SELECT 1"), [[1]]);
  },

  "a printed place is a link": async (fresh) => {
    const { page } = await fresh();
    await script(page, "aa44", "    raise ValueError('on purpose')\n");
    await command(page, "alembic upgrade head");
    await page.click("#models-title");
    await page.locator(".entry .link", { hasText: "aa44_trouble.py" }).last().click();
    await page.waitForFunction(() => window.limbeck.state().revision === "aa44");
  },
};
