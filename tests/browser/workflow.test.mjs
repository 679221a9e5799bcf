// The seeds' workflow: models edited, revision, upgrade, rows, second revision, upgrade, downgrade.
import assert from "node:assert/strict";
import { command, cursorAt, pending, query, read, run, succeeds } from "./steps.mjs";

export default {
  "the whole loop by mouse and keyboard": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await pending(page, /database matches the models/);

    // The hint's first step: take the # off.
    const line = page.locator("#models .cm-line", { hasText: "#isbn" });
    await line.click();
    await page.keyboard.press("Home");
    await page.keyboard.press("Delete");
    await pending(page, /book\.isbn/);
    assert.match(await page.innerText("#autogenerate"), /2 changes to write/);

    // Autogenerate, with the message that is suggested.
    await page.click("#autogenerate");
    assert.equal(await page.inputValue("#message"), "add book.isbn");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".revision >> text=add book.isbn");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("1 revision ahead"));
    const script = page.locator("#migrations .cm-content");
    await page.waitForFunction(() => document.querySelector("#migrations .editor").dataset.path.includes("add_book_isbn"));
    await script.getByText("add_column").waitFor();
    assert.match(await page.innerText(".entry:last-child"), /alembic revision --autogenerate -m 'add book.isbn'[\s\S]*Generating/);

    // Upgrade: the column is there, marked, and the rows are too.
    await page.click("#upgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("up to date"));
    await page.waitForSelector('.tables button.altered[data-table="book"]');
    assert.deepEqual(await query(page, "SELECT count(*), count(isbn) FROM book"), [[7, 0]]);
    assert.match(await page.innerText(".entry:last-child"), /Running upgrade 8e5d27b46c10 -> \w{12}, add book.isbn/);

    // A row by hand, in the Database column.
    await page.click('[data-table="book"]');
    await page.locator(".detail-bar [role=tab]", { hasText: "Rows" }).click();
    const cell = page.locator("table.rows tbody tr", { hasText: "Kindred" }).locator("td").last();
    await page.locator("table.rows tbody tr", { hasText: "Kindred" }).locator("td[tabindex]").nth(3).dblclick();
    await page.keyboard.type("9780807083697");
    await page.keyboard.press("Enter");
    await page.waitForSelector("table.rows tr.altered >> text=9780807083697");
    assert.ok(await cell.count());
    await page.click("text=New row");
    await page.fill('[name="field-1"]', "The Lathe of Heaven");
    await page.fill('[name="field-2"]', "1");
    await page.keyboard.press("Enter");
    await page.waitForSelector("table.rows tr.added >> text=The Lathe of Heaven");

    // A second revision, by keyboard alone.
    await page.keyboard.press("Alt+4");
    await page.keyboard.type("alembic revision -m 'second thoughts'");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".revision >> text=second thoughts");
    await cursorAt(page, "migrations", '"""Upgrade schema."""');
    await page.keyboard.press("Enter");
    await page.keyboard.type("op.execute(\"UPDATE book SET isbn = 'none' WHERE isbn IS NULL\")");
    await command(page, "alembic upgrade +1");
    assert.deepEqual(await query(page, "SELECT count(*) FROM book WHERE isbn = 'none'"), [[7]]);

    // And back, twice; the rows are as they were.
    await page.click("#downgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("1 revision ahead"));
    await page.click("#downgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("2 revisions ahead"));
    assert.deepEqual(await query(page, "SELECT title FROM book WHERE author_id = 1 ORDER BY id"), [["The Dispossessed"], ["The Left Hand of Darkness"], ["The Lathe of Heaven"]]);
    const columns = await query(page, "SELECT name FROM pragma_table_info('book')");
    assert.deepEqual(columns, [["id"], ["title"], ["author_id"]]);
  },

  "the commands of the seeds": async (fresh) => {
    const { page } = await fresh();
    await succeeds(page, "python -m alembic upgrade head");
    assert.match((await succeeds(page, "alembic current")).stdout, /^8e5d27b46c10 \(head\)\n$/);
    assert.match((await succeeds(page, "alembic history --indicate-current")).stdout, /\(head\) \(current\), members and loans/);
    assert.match((await succeeds(page, "python -m alembic heads")).stdout, /8e5d27b46c10 \(head\)/);
    assert.match((await succeeds(page, "alembic show head")).stdout, /Rev: 8e5d27b46c10 \(head\)/);
    assert.match((await succeeds(page, "alembic downgrade 8e5d27b46c10:base --sql")).stdout, /DROP TABLE author;/);
    await succeeds(page, "alembic downgrade base");
    assert.match((await succeeds(page, "alembic upgrade head --sql")).stdout, /CREATE TABLE author/);
    await succeeds(page, "alembic upgrade +1");
    await succeeds(page, "alembic upgrade 8e5d");
    await succeeds(page, "alembic check");
    await succeeds(page, "alembic downgrade -1");
    await succeeds(page, "alembic stamp head");
    const refused = await run(page, "alembic upgrade nowhere");
    assert.equal(refused.status, 255);
    assert.match(refused.stderr, /Can't locate revision identified by 'nowhere'/);
  },

  "every example does what it is there for": async (fresh) => {
    const { page } = await fresh();
    const example = (name) => page.evaluate((name) => window.limbeck.reset(name), name);
    await example("heroes");
    await succeeds(page, "alembic upgrade head");
    await succeeds(page, "alembic check");
    await example("blog");
    await pending(page, /comments/);
    await succeeds(page, "alembic revision --autogenerate -m comments");
    await succeeds(page, "alembic upgrade head");
    assert.deepEqual(await query(page, "SELECT count(*) FROM comments"), [[0]]);
    await example("shop");
    await page.waitForSelector("#merge");
    await page.click("#merge");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".revision >> text=merge heads");
    await page.click("#upgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("up to date"));
    assert.deepEqual(await query(page, "SELECT count(*), sum(in_stock) FROM product"), [[3, 0]]);
    await example("empty");
    const ini = await read(page, "alembic.ini");
    await page.evaluate((text) => window.limbeck.files.write("alembic.ini", text), ini.replace(/^sqlalchemy.url = .*/m, "sqlalchemy.url = sqlite:///app.db"));
    await succeeds(page, "alembic revision -m first");
    await succeeds(page, "alembic upgrade head");
    await page.waitForFunction(() => window.limbeck.state().database === "app.db");
  },
};
