// What everyone expects of such a page: files, the console, what is kept, narrow screens, the interface.
import assert from "node:assert/strict";
import { command, cursorAt, pending, query, read, run, succeeds } from "./steps.mjs";

export default {
  "a workspace survives a reload, edits and history too": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "A lending library");
    await page.keyboard.press("Enter");
    await page.keyboard.type("# kept ✓ 𝄞");
    await command(page, `sqlite3 library.db "DELETE FROM loan"`);
    await page.waitForFunction(() => window.limbeck.state().storage === "Saved");
    await page.reload();
    await page.evaluate(() => new Promise((done) => (function look() { window.limbeck ? window.limbeck.ready.then(done) : setTimeout(look, 10); })()));
    assert.match(await read(page, "models.py"), /# kept ✓ 𝄞/);
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[0]]);
    const history = await page.evaluate(() => window.limbeck.history());
    assert.equal(history.at(-1).command, `sqlite3 library.db "DELETE FROM loan"`);
    await page.evaluate((number) => window.limbeck.travel(number), history.at(-1).parent);
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[4]]);
    // Earlier command lines come back with the arrow keys.
    await page.focus("#console-input");
    await page.keyboard.press("ArrowUp");
    assert.match(await page.inputValue("#console-input"), /DELETE FROM loan/);
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.inputValue("#console-input"), "");
  },

  "files are made, renamed and deleted": async (fresh) => {
    const { page } = await fresh();
    await page.keyboard.press("Control+b");
    await page.click('[aria-label="New file"]');
    await page.waitForSelector("#file-name:focus");
    await page.keyboard.type("app/extra.py");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().file === "app/extra.py");
    await page.locator("#models .cm-content").click();
    await page.keyboard.type("x = 1");
    await page.hover('.tree li:has-text("extra.py")');
    await page.click('[aria-label="Rename app/extra.py"]');
    await page.waitForSelector("#file-name:focus");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("app/other.py");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".tree >> text=other.py");
    assert.equal(await read(page, "app/other.py"), "x = 1");
    await page.hover('.tree li:has-text("other.py")');
    await page.click('[aria-label="Delete app/other.py"]');
    await page.click(".tree .danger");
    await page.waitForFunction(() => ![...document.querySelectorAll(".tree .file-name")].some((one) => one.innerText === "other.py"));
    const bytes = await page.evaluate(async () => {
      await window.limbeck.files.write("blob.bin", new Uint8Array([0, 255, 1]));
      return Array.from(await window.limbeck.files.read("blob.bin"));
    });
    assert.deepEqual(bytes, [0, 255, 1]);
    await assert.rejects(page.evaluate(() => window.limbeck.files.read("nowhere.py")), /no file/);
  },

  "the console completes, and Tab leaves it when it is empty": async (fresh) => {
    const { page } = await fresh();
    await page.keyboard.press("Alt+4");
    await page.keyboard.type("alem");
    await page.keyboard.press("Tab");
    await page.keyboard.type("down");
    await page.keyboard.press("Tab");
    await page.keyboard.type("3b");
    await page.keyboard.press("Tab");
    assert.equal(await page.inputValue("#console-input"), "alembic downgrade 3b1f0c9a7d42 ");
    await page.fill("#console-input", "");
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => document.activeElement.id), "console-input");
    assert.match(await command(page, "frobnicate"), /command not found/);
    assert.match(await command(page, "cd alembic && ls"), /env\.py/);
    assert.match(await command(page, "cat nowhere"), /No such file/);
    assert.match(await command(page, "# only a comment"), /comment/);
    await page.fill("#console-input", "clear");
    await page.press("#console-input", "Enter");
    await page.waitForFunction(() => document.querySelectorAll(".entry").length === 0);
  },

  "the editor offers names and parameters": async (fresh) => {
    const { page } = await fresh();
    const offered = (column) => page.waitForFunction((column) => {
      const found = [...document.querySelector(`#${column} .editor`).shadowRoot.querySelectorAll(".cm-tooltip-autocomplete .cm-completionLabel")].map((one) => one.innerText);
      return found.length ? found : false;
    }, column).then((handle) => handle.jsonValue());
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "title: Mapped[str]");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type(", server_d", { delay: 50 });
    assert.equal((await offered("models"))[0], "server_default=");
    await page.keyboard.press("Escape");
    await cursorAt(page, "migrations", "def upgrade");
    await page.keyboard.press("Enter");
    await page.keyboard.type("op.drop_t", { delay: 50 });
    assert.ok((await offered("migrations")).includes("drop_table"));
  },

  "the editor searches": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "class Book");
    await page.keyboard.press("Control+f");
    await page.locator("#models .cm-search input[name=search]").waitFor();
    await page.keyboard.type("born");
    await page.locator("#models .cm-searchMatch").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#models .cm-search").waitFor({ state: "detached" });
  },

  "SQL runs with Ctrl+Enter, and its errors are shown": async (fresh) => {
    const { page } = await fresh();
    await page.locator("#database .sql .cm-content").click();
    await page.keyboard.type("select name from author where born > 1930");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".results td >> text=Octavia E. Butler");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("select missing");
    await page.click("#run-sql");
    await page.waitForSelector(".results .failure >> text=no such column");
    const values = await page.evaluate(async () => {
      const { rows } = await window.limbeck.query("SELECT NULL, 1, 1.5, 'é', x'00ff', 9223372036854775807");
      return rows[0].map((value) => (value instanceof Uint8Array ? Array.from(value) : typeof value === "bigint" ? String(value) : value));
    });
    assert.deepEqual(values, [null, 1, 1.5, "é", [0, 255], "9223372036854775807"]);
  },

  "SQLite in the page is the one that is promised": async (fresh) => {
    const { page } = await fresh();
    assert.deepEqual(await query(page, "SELECT sqlite_version()"), [["3.51.3"]]);
    // From 3.53 on this would work, and batch mode would lose its reasons.
    await assert.rejects(query(page, "ALTER TABLE author ALTER COLUMN name SET NOT NULL"), /syntax error/);
    assert.deepEqual(await query(page, "PRAGMA page_size; PRAGMA foreign_keys"), [[0]]);
    await assert.rejects(query(page, "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"), /interrupt|limit|stopp/i);
    assert.deepEqual(await query(page, "SELECT 1"), [[1]]);
  },

  "a workspace is exported and loaded": async (fresh) => {
    const { page } = await fresh();
    const same = await page.evaluate(async () => {
      await window.limbeck.reset("heroes");
      const one = await window.limbeck.export();
      await window.limbeck.reset("library");
      await window.limbeck.load(one);
      const two = await window.limbeck.export();
      return JSON.stringify(one) === JSON.stringify(two) && Object.keys(one.files).includes("heroes.db");
    });
    assert.ok(same);
    await page.waitForFunction(() => window.limbeck.state().database === "heroes.db");
  },

  "a tree of two thousand files draws those in sight": async (fresh) => {
    const { page } = await fresh();
    const name = (number) => `file${String(number).padStart(4, "0")}.txt`;
    await page.evaluate((names) => window.limbeck.load({ files: Object.fromEntries(names.map((name) => [`many/${name}`, { Text: name }])) }), Array.from({ length: 2000 }, (_, number) => name(number)));
    await page.locator("button", { hasText: "Files" }).first().click();
    await page.waitForSelector(`.tree .file-name >> text=${name(0)}`);
    const drawn = () => page.locator(".tree li").count();
    assert.ok((await drawn()) < 150, `${await drawn()} rows are drawn`);
    // By the wheel, to somewhere in the middle: what is in sight is drawn, in its place.
    await page.mouse.move(100, 400);
    for (const part of [0.3, 0.6, 1]) {
      await page.locator(".tree").evaluate((tree, part) => (tree.scrollTop = (tree.scrollHeight - tree.clientHeight) * part), part);
      await page.waitForFunction(() => {
        const box = document.querySelector(".tree").getBoundingClientRect();
        const row = document.elementFromPoint(box.left + 80, box.top + box.height / 2)?.closest("li.file");
        if (!row) return false;
        const place = (document.querySelector(".tree").scrollTop + box.height / 2) / row.offsetHeight;
        return Math.abs(place - Number(row.getAttribute("aria-posinset"))) < 4;
      });
      assert.ok((await drawn()) < 150);
    }
    await page.locator(".tree .file-name", { hasText: name(1999) }).click();
    await page.waitForFunction((path) => document.querySelector("#models .editor")?.dataset.path === path, `many/${name(1999)}`);
    // The head stays in sight; what is renamed far down is renamed.
    assert.ok(await page.locator(".tree-head").isVisible());
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".tree .name-form input:focus");
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page.keyboard.type("many/last.txt");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".tree .file-name >> text=last.txt");
  },

  "text from files is shown as text": async (fresh) => {
    const { page } = await fresh();
    const evil = `<img src=x onerror="document.title='evil'">`;
    await run(page, `sqlite3 library.db "INSERT INTO author (name) VALUES ('${evil.replaceAll('"', '\\"').replaceAll("'", "''")}')"`);
    await page.click('[data-table="author"]');
    await page.waitForSelector("table.rows td >> text=onerror");
    assert.equal(await page.title(), "Limbeck");
  },

  "a narrow screen shows one column at a time": async (fresh) => {
    const { page } = await fresh({ width: 390, height: 844, hasTouch: true });
    for (const [name, selector] of [["Migrations", "#migrations"], ["Database", "#database"], ["Console", "#console"], ["Models", "#models"]]) {
      await page.locator(".tabs button", { hasText: name }).tap();
      await page.waitForSelector(`${selector}`, { state: "visible" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${name} is ${wide} pixels wide`);
    }
    for (const id of ["autogenerate", "upgrade", "downgrade"]) {
      const box = await page.locator(`#${id}`).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.height >= 40, `${id}: ${JSON.stringify(box)}`);
    }
  },

  "the page answers while it types in a long models file": async (fresh) => {
    const { page } = await fresh();
    const table = (n) => `\n\nclass T${n}(Base):\n    __tablename__ = "t${n}"\n    id: Mapped[int] = mapped_column(primary_key=True)\n` + Array.from({ length: 10 }, (_, c) => `    c${c}: Mapped[str | None] = mapped_column(String(40))\n`).join("");
    const text = (await read(page, "models.py")) + Array.from({ length: 50 }, (_, n) => table(n)).join("");
    await page.evaluate((text) => window.limbeck.files.write("models.py", text), text);
    await pending(page, /50 changes/);
    await page.evaluate(() => {
      window.longest = 0;
      new PerformanceObserver((list) => { for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration); }).observe({ type: "longtask" });
    });
    await cursorAt(page, "models", "class Base");
    await page.keyboard.type(" # typed while the engine compares", { delay: 30 });
    await pending(page, /50 changes/);
    const longest = await page.evaluate(() => window.longest);
    console.log(`      longest task while typing: ${longest || "under 50"} ms`);
  },
};
