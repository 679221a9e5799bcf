// Room: dividers, wide views, the console's line, and the grid of rows.
import assert from "node:assert/strict";
import { command, query, until } from "./steps.mjs";

const box = (page, selector) => page.locator(selector).first().boundingBox();

async function drag(page, selector, by) {
  const at = await box(page, selector);
  const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x / 2, y + by.y / 2);
  await page.mouse.move(x + by.x, y + by.y);
  await page.mouse.up();
}

/** Fills a table with many rows and opens it. */
async function many(page, rows = 10_000) {
  await page.evaluate(async (rows) => {
    await window.limbeck.query(`CREATE TABLE many (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, amount INTEGER, born DATE);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO many SELECT i, 'row ' || i, (i * 7919) % 10007, '2026-01-01' FROM n;`);
  }, rows);
  await page.click('.tables button[data-table="many"]');
  await page.click('#database .detail-bar [role="tab"]:has-text("Rows")');
  await page.waitForSelector('.rows td:text-is("row 1")');
}

const cell = (page, row, column) => page.locator(`.rows td[data-at="${row},${column}"]`);

/** What was copied last. */
async function clipboard(page) {
  await page.evaluate(() => {
    window.copied = null;
    navigator.clipboard.writeText = async (text) => void (window.copied = text);
  });
  return async () => {
    await page.waitForFunction(() => window.copied !== null);
    return page.evaluate(() => {
      const text = window.copied;
      window.copied = null;
      return text;
    });
  };
}

export default {
  "the columns' dividers move by mouse and keys, and are remembered": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    const before = (await box(page, "#models")).width;
    await drag(page, ".divider.first", { x: 150, y: 0 });
    const dragged = (await box(page, "#models")).width;
    assert.ok(Math.abs(dragged - before - 150) < 8, `${before} → ${dragged}`);
    await page.focus(".divider.second");
    const migrations = (await box(page, "#migrations")).width;
    await page.keyboard.press("ArrowRight");
    await until(page, (before) => document.querySelector("#migrations").getBoundingClientRect().width > before + 10, migrations);
    const role = await page.getByRole("separator", { name: "Width of Models" }).getAttribute("aria-valuenow");
    assert.ok(Number(role) > 40, role);
    await page.reload();
    await page.waitForSelector("#models .cm-content");
    assert.ok(Math.abs((await box(page, "#models")).width - dragged) < 8);
    // Brought back by a double click.
    await page.dblclick(".divider.first");
    await until(page, (before) => Math.abs(document.querySelector("#models").getBoundingClientRect().width - before) < 8, before);
  },

  "a finger moves the dividers too": async (fresh) => {
    const { page, context } = await fresh({ width: 1180, height: 820, hasTouch: true });
    await page.waitForSelector("#models .cm-content");
    const before = (await box(page, "#models")).width;
    const at = await box(page, ".divider.first");
    const session = await context.newCDPSession(page);
    const touch = (type, x) => session.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: at.y + 200 }] });
    const x = at.x + at.width / 2;
    await touch("touchStart", x);
    await touch("touchMove", x - 60);
    await touch("touchMove", x - 120);
    await touch("touchEnd", x - 120);
    const after = (await box(page, "#models")).width;
    assert.ok(Math.abs(before - after - 120) < 12, `${before} → ${after}`);
  },

  "no divider makes a column too narrow to be used": async (fresh) => {
    const { page } = await fresh({ width: 1024, height: 768 });
    await page.waitForSelector("#models .cm-content");
    await page.focus(".divider.first");
    await page.keyboard.press("Home");
    assert.ok((await box(page, "#models")).width > 150);
    await page.keyboard.press("End");
    assert.ok((await box(page, "#migrations")).width > 150);
    await page.focus(".divider.second");
    await page.keyboard.press("End");
    assert.ok((await box(page, "#database")).width > 150);
    // Heads and verbs don't lie over each other.
    assert.deepEqual(await overlaps(page), []);
  },

  "a small window shows rows and script beside a console that was used": async (fresh) => {
    const { page } = await fresh({ width: 1024, height: 768 });
    await page.waitForSelector("#models .cm-content");
    // Nothing of the first steps touches the headings.
    const [steps, heading] = [await box(page, ".first-steps"), await box(page, "#models-title")];
    assert.ok(heading.y >= steps.y + steps.height + 6, `${heading.y}`);
    await command(page, "alembic history");
    await page.click('.tables button[data-table="book"]');
    await page.click('#database .detail-bar [role="tab"]:has-text("Rows")');
    await page.waitForSelector('.rows td:text-is("Kindred")');
    const rows = await page.evaluate(() => {
      const frame = document.querySelector("#database .scroll").getBoundingClientRect();
      return [...document.querySelectorAll("#database .rows tbody tr[aria-rowindex]")].filter((row) => row.getBoundingClientRect().bottom <= frame.bottom).length;
    });
    assert.ok(rows >= 2, `${rows} rows in sight`);
    const lines = await page.evaluate(() => document.querySelector("#migrations .editor").clientHeight / 20);
    assert.ok(lines >= 5, `${lines} lines of the script in sight`);
  },

  "an empty console takes a line, and its height is remembered": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    assert.ok((await box(page, "#console")).height < 60, "one line");
    assert.match(await page.innerText("#console"), /Each button runs a command/);
    await command(page, "alembic current");
    const first = (await box(page, "#console")).height;
    assert.ok(first > 200, `${first}`);
    await drag(page, ".divider.edge", { x: 0, y: -120 });
    const taller = (await box(page, "#console")).height;
    assert.ok(Math.abs(taller - first - 120) < 8, `${first} → ${taller}`);
    await page.focus(".divider.edge");
    await page.keyboard.press("ArrowDown");
    await until(page, (taller) => document.querySelector("#console").getBoundingClientRect().height < taller - 10, taller);
    const kept = (await box(page, "#console")).height;
    await page.reload();
    await page.waitForSelector("#models .cm-content");
    await page.waitForSelector(".entry");
    assert.ok(Math.abs((await box(page, "#console")).height - kept) < 4);
  },

  "a wide column uses its room": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    const wide = async (name) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type(`maximize or restore ${name}`);
      await page.keyboard.press("Enter");
      await page.waitForSelector(`.page.wide-${name.toLowerCase()}`);
      await page.waitForTimeout(300);
    };
    await page.focus("#upgrade");
    await wide("Models");
    const [editor, pending] = [await box(page, "#models .editor-frame"), await box(page, ".pending")];
    assert.ok(pending.x >= editor.x + editor.width - 2, "Pending stands beside the editor");
    await page.focus("#upgrade");
    await wide("Migrations");
    const [graph, script] = [await box(page, ".revisions"), await box(page, "#script-panel")];
    assert.ok(script.x >= graph.x + graph.width - 2 && script.width > 600, "the script stands beside the graph");
    await page.focus("#upgrade");
    await wide("Database");
    const [tables, detail] = [await box(page, ".tables"), await box(page, "#database .detail")];
    assert.ok(detail.x >= tables.x + tables.width - 2 && detail.width > 800, "rows stand beside the tables");
  },

  "10,000 rows scroll, and the head stays": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await many(page);
    assert.match(await page.innerText("#database .rows-bar"), /10,000 rows/);
    const drawn = await page.locator(".rows tbody tr").count();
    assert.ok(drawn < 150, `${drawn} rows are drawn`);
    const head = (await box(page, ".rows thead th:nth-child(2)")).y;
    await page.evaluate(() => {
      const scroll = document.querySelector("#database .detail .scroll");
      scroll.scrollTop = scroll.scrollHeight;
    });
    await page.waitForSelector('.rows td:text-is("row 10000")');
    assert.ok(Math.abs((await box(page, ".rows thead th:nth-child(2)")).y - head) < 2);
    // By the keyboard, from one end to the other.
    await cell(page, 9_999, 1).click();
    await page.keyboard.press("Control+Home");
    await page.waitForSelector('.rows td[data-at="0,0"]:focus');
    await page.keyboard.press("Control+End");
    await page.waitForSelector('.rows td[data-at="9999,3"]:focus');
    await page.keyboard.press("PageUp");
    await page.waitForFunction(() => Number(document.activeElement.dataset.at?.split(",")[0]) < 9_999);
  },

  "headers sort and columns resize, by mouse and keys": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await many(page);
    const amounts = () => page.locator('.rows tbody td[data-at$=",2"]').allInnerTexts();
    const header = page.getByRole("columnheader", { name: "amount" });
    await header.click();
    await page.waitForFunction(() => document.querySelector('.rows td[data-at="0,2"]')?.innerText === "0" || document.querySelector('.rows td[data-at="0,2"]')?.innerText === "1");
    const up = (await amounts()).slice(0, 20).map(Number);
    assert.deepEqual(up, [...up].sort((a, b) => a - b));
    assert.equal(await header.getAttribute("aria-sort"), "ascending");
    await header.click();
    await until(page, () => Number(document.querySelector('.rows td[data-at="0,2"]').innerText) > 9_000);
    assert.equal(await header.getAttribute("aria-sort"), "descending");
    // The third time it is as it is stored.
    await header.focus();
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector('.rows td[data-at="0,0"]').innerText === "1");
    const width = (await header.boundingBox()).width;
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await until(page, (width) => document.querySelector('.rows th[data-at="head,2"]').getBoundingClientRect().width > width + 20, width);
    await drag(page, '.rows th[data-at="head,1"] .column-edge', { x: 80, y: 0 });
    const name = await page.getByRole("columnheader", { name: "name" }).boundingBox();
    assert.ok(name.width > 120, `${name.width}`);
    await page.dblclick('.rows th[data-at="head,1"] .column-edge');
    await page.waitForSelector(".rows:not(.sized)");
    assert.equal(await header.getAttribute("aria-sort"), "none", "an edge does not sort");
  },

  "a table is one stop of Tab, with arrow keys inside": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.click('.tables button[data-table="book"]');
    await page.waitForSelector(".rows td[data-at]");
    assert.equal(await page.locator('.rows [tabindex="0"]').count(), 1);
    await cell(page, 0, 1).click();
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('.rows td[data-at="1,1"]:focus');
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector('.rows td[data-at="1,2"]:focus');
    assert.equal(await page.locator('.rows [tabindex="0"]').count(), 1);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => Boolean(document.activeElement.closest(".rows"))), false);
    await page.keyboard.press("Shift+Tab");
    await page.waitForSelector('.rows td[data-at="1,2"]:focus');
  },

  "NULL has its own key, and an unfit value is told before it is stored": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.click('.tables button[data-table="author"]');
    await page.waitForSelector(".rows td[data-at]");
    const column = async (name) => (await page.locator(".rows thead th[data-at]").allInnerTexts()).findIndex((one) => one.startsWith(name));
    const born = await column("born");
    const stored = async () => (await query(page, "SELECT born, typeof(born) FROM author ORDER BY rowid LIMIT 1"))[0];
    await cell(page, 0, born).click();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rows td.edited input:focus");
    await page.keyboard.type("soon");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rows .unfit >> text=not a whole number");
    assert.equal((await stored())[1], "integer", "nothing was stored");
    // Once more takes it, as SQLite would.
    await page.keyboard.press("Enter");
    await until(page, async () => (await window.limbeck.query("SELECT typeof(born) FROM author ORDER BY rowid LIMIT 1")).rows[0][0] === "text");
    await page.waitForSelector(`.rows td[data-at="0,${born}"]:focus`);
    await page.keyboard.press("Alt+n");
    await until(page, async () => (await window.limbeck.query("SELECT born FROM author ORDER BY rowid LIMIT 1")).rows[0][0] === null);
    await page.waitForSelector(`.rows td[data-at="0,${born}"] .null`);
    // Fingers and mice have a button; a NOT NULL column says that it is one.
    const name = await column("name");
    await cell(page, 0, name).dblclick();
    await page.click(".rows .set-null");
    await page.waitForSelector(".rows .unfit >> text=NOT NULL");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".rows td.edited", { state: "detached" });
    // An empty text is not NULL.
    await cell(page, 0, name).dblclick();
    await page.waitForSelector(".rows td.edited input:focus");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Enter");
    await until(page, async () => (await window.limbeck.query("SELECT name FROM author ORDER BY rowid LIMIT 1")).rows[0][0] === "");
    await page.waitForSelector(`.rows td[data-at="0,${name}"] .blank-text`);
  },

  "rows are copied as TSV, CSV, INSERT and Markdown": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await many(page, 1_999);
    assert.match(await page.innerText("#database .rows-bar"), /1,999 rows/);
    const copied = await clipboard(page);
    const as = async (name) => {
      await page.click(".copy-rows summary");
      await page.click(`.copy-rows .choice:has-text("${name}")`);
      return copied();
    };
    const csv = await as("CSV");
    assert.equal(csv.trimEnd().split("\n").length, 2_000, "all rows and their head");
    assert.ok(csv.startsWith("id,name,amount,born\n1,row 1,7919,2026-01-01\n"));
    await page.waitForSelector("#database .copied >> text=1,999 rows copied");
    // Two selected by the keyboard.
    await cell(page, 2, 1).click();
    await page.keyboard.press("Shift+ArrowDown");
    await page.waitForSelector("#database .rows-bar >> text=2 of 1,999 rows selected");
    assert.equal(await as("Markdown"), "| id | name | amount | born |\n| --- | --- | --- | --- |\n| 3 | row 3 | 3743 | 2026-01-01 |\n| 4 | row 4 | 1655 | 2026-01-01 |\n");
    assert.equal((await as("INSERT")).split("\n")[0], `INSERT INTO "many" ("id", "name", "amount", "born") VALUES (3, 'row 3', 3743, '2026-01-01');`);
    await page.click('.rows td[data-at="2,1"]');
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Control+c");
    assert.equal(await copied(), "id\tname\tamount\tborn\n3\trow 3\t3743\t2026-01-01\n4\trow 4\t1655\t2026-01-01\n");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+c");
    assert.equal(await copied(), "row 4", "without a selection, the cell");
  },

  "rows are edited by fingers on a phone": async (fresh) => {
    const { page } = await fresh({ width: 390, height: 844, hasTouch: true, isMobile: true });
    await page.tap('nav.tabs button:has-text("Database")');
    await page.tap('.tables button[data-table="author"]');
    await page.waitForSelector(".rows td[data-at]");
    await cell(page, 0, 1).tap();
    await page.waitForSelector(".rows td.edited input:focus");
    assert.ok((await box(page, ".rows .set-null")).height >= 28);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Tove Jansson");
    await page.keyboard.press("Enter");
    await until(page, async () => (await window.limbeck.query("SELECT name FROM author ORDER BY rowid LIMIT 1")).rows[0][0] === "Tove Jansson");
  },
};

/** Heads and verbs that lie over each other. */
export function overlaps(page) {
  return page.evaluate(() => {
    const parts = [...document.querySelectorAll(".band h2, .band .about, .band .verb")].filter((one) => one.getClientRects().length && getComputedStyle(one.closest(".head, .verb")).clipPath === "none");
    const found = [];
    for (const one of parts) {
      for (const other of parts) {
        if (one === other || one.closest(".head") !== null === (other.closest(".head") !== null) && one.closest(".head") === other.closest(".head") && one.closest(".head")) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const covers = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
        if (covers) found.push(`${one.innerText} / ${other.innerText}`);
      }
      const a = one.getBoundingClientRect();
      if (a.left < -1 || a.right > innerWidth + 1) found.push(`${one.innerText} leaves the page`);
    }
    return found;
  });
}
