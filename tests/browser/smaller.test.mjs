// Small things in the way of a person.
import assert from "node:assert/strict";
import { command, query, run, until } from "./steps.mjs";
import { overlaps } from "./room.test.mjs";

const models = (page) => page.waitForSelector("#models .cm-content");

/** A zip without compression, made by hand. */
async function zipOf(page, files) {
  return page.evaluate(async (files) => {
    const encoder = new TextEncoder();
    const table = Uint32Array.from({ length: 256 }, (_, n) => {
      for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
      return n >>> 0;
    });
    const crc = (bytes) => ~bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;
    const parts = [];
    const entries = [];
    let at = 0;
    for (const [name, text] of Object.entries(files)) {
      const [path, bytes] = [encoder.encode(name), encoder.encode(text)];
      const head = new DataView(new ArrayBuffer(30));
      head.setUint32(0, 0x04034b50, true);
      head.setUint16(4, 20, true);
      head.setUint32(14, crc(bytes), true);
      head.setUint32(18, bytes.length, true);
      head.setUint32(22, bytes.length, true);
      head.setUint16(26, path.length, true);
      parts.push(new Uint8Array(head.buffer), path, bytes);
      const entry = new DataView(new ArrayBuffer(46));
      entry.setUint32(0, 0x02014b50, true);
      entry.setUint16(6, 20, true);
      entry.setUint32(16, crc(bytes), true);
      entry.setUint32(20, bytes.length, true);
      entry.setUint32(24, bytes.length, true);
      entry.setUint16(28, path.length, true);
      entry.setUint32(42, at, true);
      entries.push(new Uint8Array(entry.buffer), path);
      at += 30 + path.length + bytes.length;
    }
    const size = entries.reduce((sum, one) => sum + one.length, 0);
    const end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true);
    end.setUint16(8, entries.length / 2, true);
    end.setUint16(10, entries.length / 2, true);
    end.setUint32(12, size, true);
    end.setUint32(16, at, true);
    return [...new Uint8Array(await new Blob([...parts, ...entries, end.buffer]).arrayBuffer())];
  }, files);
}

const drop = (page, name, bytes) =>
  page.evaluate(([name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], name));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, bytes]);

export default {
  "Escape and a press beside it close a menu, and the form of a verb": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    for (const menu of [".workspaces", ".share-menu", ".open-menu", ".help-menu"]) {
      await page.click(`${menu} > summary`);
      await page.waitForSelector(`${menu}[open]`);
      await page.keyboard.press("Escape");
      await page.waitForSelector(`${menu}:not([open])`);
      await page.click(`${menu} > summary`);
      await page.waitForSelector(`${menu}[open]`);
      // The band is nothing that takes the keyboard.
      await page.mouse.click(700, 60);
      await page.waitForSelector(`${menu}:not([open])`);
    }
    await page.click("#autogenerate");
    await page.waitForSelector("#message:focus");
    await page.mouse.click(30, 75);
    await page.waitForSelector("#message", { state: "detached" });
    await page.click("#autogenerate");
    await page.waitForSelector("#message:focus");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#message", { state: "detached" });
    await page.click("#tab-diagram");
    await page.click(".diagram-export summary");
    await page.mouse.click(700, 60);
    await page.waitForSelector(".diagram-export:not([open])");
  },

  "two heads cover nothing, from 320 to 1440 pixels": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.reset("shop"));
    await page.waitForSelector("#merge");
    // With both applied there is no single step back; the button's longest words take the most room.
    await run(page, "alembic upgrade heads");
    await page.waitForFunction(() => /choose a revision to go back to/.test(document.querySelector("#downgrade").innerText));
    for (const [width, height] of [[1440, 900], [1180, 820], [1024, 768], [390, 844], [360, 740], [320, 640]]) {
      await page.setViewportSize({ width, height });
      assert.deepEqual(await overlaps(page), [], `${width} px`);
      // With the file tree, which takes from the room of the columns.
      if (width < 900) continue;
      await page.keyboard.press("Control+b");
      await page.waitForSelector(".tree");
      assert.deepEqual(await overlaps(page), [], `${width} px, with files`);
      await page.keyboard.press("Control+b");
      await page.waitForSelector(".tree", { state: "detached" });
    }
  },

  "a script opens at its first column": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    const long = `"""long\n\nRevision ID: ee01\nRevises: 8e5d27b46c10\n"""\nfrom alembic import op\n\nrevision = "ee01"\ndown_revision = "8e5d27b46c10"\n\n\ndef upgrade():\n    op.execute("${"SELECT 1; ".repeat(60)}")\n\n\ndef downgrade():\n    pass\n`;
    await page.evaluate((text) => window.limbeck.files.write("alembic/versions/ee01_long.py", text), long);
    await page.click('.revision:has-text("long")');
    const left = () => page.evaluate(() => document.querySelector("#migrations .editor").shadowRoot.querySelector(".cm-scroller").scrollLeft);
    await until(page, () => document.querySelector("#migrations .editor").shadowRoot.textContent.includes("ee01"));
    assert.equal(await left(), 0);
    // Scrolled to the right, and opened again from elsewhere.
    await page.evaluate(() => (document.querySelector("#migrations .editor").shadowRoot.querySelector(".cm-scroller").scrollLeft = 400));
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.type("SELECT 1; SELECT 1; SELECT 1");
    await page.waitForSelector(".found-line");
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector("#migrations .editor").shadowRoot.querySelector(".cm-scroller").scrollLeft === 0);
    // Whatever was done to the one before: here the cursor went to the end of a long line.
    await page.locator("#migrations .cm-line", { hasText: "SELECT 1" }).first().click({ position: { x: 60, y: 10 } });
    await page.keyboard.press("End");
    await until(page, () => document.querySelector("#migrations .editor").shadowRoot.querySelector(".cm-scroller").scrollLeft > 300);
    await page.click("#revision-8e5d27b46c10");
    await until(page, () => document.querySelector("#migrations .editor").dataset.path.includes("8e5d27b46c10"));
    await until(page, () => document.querySelector("#migrations .editor").shadowRoot.querySelector(".cm-scroller").scrollLeft === 0);
  },

  "SQL typed into the console goes to the SQL box": async (fresh) => {
    for (const phone of [false, true]) {
      const { page, context } = await fresh(phone ? { width: 390, height: 844, hasTouch: true, isMobile: true } : {});
      if (phone) await page.tap('nav.tabs button:has-text("Console")');
      else await models(page);
      await page.fill("#console-input", "DELETE FROM loan WHERE id = 1");
      await page.press("#console-input", "Enter");
      await page.waitForSelector(".entry >> text=This is SQL");
      assert.deepEqual(await query(page, "SELECT count(*) FROM loan WHERE id = 1"), [[1]], "it is not run");
      await page.click(".entry >> text=Put it into the SQL box");
      await until(page, () => document.querySelector(".sql-frame .editor")?.shadowRoot?.textContent.includes("DELETE FROM loan"));
      assert.ok(await page.isVisible("#run-sql"));
      await page.click("#run-sql");
      await page.waitForSelector(".results >> text=1 row changed");
      assert.deepEqual(await query(page, "SELECT count(*) FROM loan WHERE id = 1"), [[0]]);
      await context.close();
    }
  },

  "SQL says how many rows": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    const sql = async (text) => {
      await page.keyboard.press("Alt+3");
      await page.keyboard.press("Control+a");
      await page.keyboard.type(text);
      await page.keyboard.press("Control+Enter");
    };
    await sql("SELECT * FROM book");
    await page.waitForSelector("#database .results .rows-bar >> text=7 rows");
    await sql("DELETE FROM loan WHERE id = -1");
    await page.waitForSelector("#database .results >> text=0 rows changed");
    await sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i FROM n");
    await page.waitForSelector("#database .results >> text=the first 1,000 of 10,000 rows");
  },

  "Clear says so, and can be undone": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    await command(page, "alembic current");
    await page.click('.console-head button:has-text("Clear")');
    await page.waitForSelector(".entry", { state: "detached" });
    await page.click(".cleared >> text=Undo");
    await page.waitForSelector(".entry >> text=alembic current");
    await page.focus("#console-input");
    await page.keyboard.press("Control+l");
    await page.waitForSelector(".cleared");
    await command(page, "alembic heads");
    assert.equal(await page.locator(".cleared").count(), 0);
  },

  "help and opening files have their own place": async (fresh) => {
    for (const width of [1440, 390, 320]) {
      const { page, context } = await fresh({ width, height: 800 });
      await page.click(".help-menu summary");
      await page.click('.help-menu .choice:has-text("console")');
      await page.waitForSelector(".entry >> text=alembic");
      await page.click(".open-menu summary");
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click(".open-menu .choice >> nth=0")]);
      assert.ok(chooser);
      const header = await page.evaluate(() => [...document.querySelectorAll(".header > *")].filter((one) => one.getClientRects().length && (one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)).map((one) => one.className));
      assert.deepEqual(header, [], `${width} px`);
      await context.close();
    }
  },

  "a link opened again offers the project that it made": async (fresh, { url }) => {
    const { page } = await fresh();
    await models(page);
    const link = await page.evaluate(() => window.limbeck.share({}).then((shared) => shared.url));
    const open = async () => {
      await page.waitForLoadState("networkidle");
      await page.goto("about:blank");
      await page.goto(link);
      await page.getByRole("dialog").waitFor();
    };
    await open();
    await page.click('dialog .actions button:has-text("Open")');
    await page.waitForSelector("dialog", { state: "detached" });
    await run(page, "touch mine.txt");
    await open();
    await page.click("dialog .made-before button");
    await page.waitForSelector("dialog", { state: "detached" });
    await until(page, async () => (await window.limbeck.files.list()).some((file) => file.path === "mine.txt"));
  },

  "a link that was cut says so": async (fresh, { url }) => {
    const { page } = await fresh();
    const link = await page.evaluate(() => window.limbeck.share({}).then((shared) => shared.url));
    const payload = link.indexOf("#limbeck=");
    for (const length of [payload + 6, payload + 11, payload + 14, payload + 60, link.length - 40]) {
      // A page that is left while its workers load complains.
      await page.waitForLoadState("networkidle");
      await page.goto("about:blank");
      await page.goto(link.slice(0, length));
      await page.waitForSelector("dialog >> text=cut off");
    }
  },

  "a zip with several projects asks which": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    const ini = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///app.db\n";
    const env = "from alembic import context\n";
    const bytes = await zipOf(page, { "all/one/alembic.ini": ini, "all/one/migrations/env.py": env, "all/two/alembic.ini": ini, "all/two/migrations/env.py": env, "all/README.md": "both" });
    await drop(page, "all.zip", bytes);
    await page.getByRole("dialog", { name: "Which project?" }).waitFor();
    await page.click('dialog .choice:has-text("two/alembic.ini")');
    await page.waitForFunction(() => window.limbeck.state().directory === "two");
    const files = await page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));
    assert.ok(files.includes("README.md") && files.includes("one/alembic.ini"));
  },

  "what was said of a project goes with it": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    await page.evaluate(() => window.limbeck.files.write("alembic/versions/ff01_long.py", 'revision = "ff01"\ndown_revision = "8e5d27b46c10"\n\n\ndef upgrade():\n    while True:\n        pass\n\n\ndef downgrade():\n    pass\n'));
    await page.fill("#console-input", "alembic upgrade ff01");
    await page.press("#console-input", "Enter");
    await page.click('.work-strip button, .console-head button:has-text("Stop")');
    await page.waitForSelector(".notice >> text=Stopped");
    await page.click(".workspaces > summary");
    await page.click('[data-example="heroes"]');
    await page.waitForSelector(".workspaces > summary >> text=Heroes");
    assert.equal(await page.locator(".notice >> text=Stopped").count(), 0);
  },

  "the page prints what it shows": async (fresh) => {
    const { page } = await fresh();
    await models(page);
    await page.emulateMedia({ media: "print" });
    for (const gone of [".band", ".prompt", ".time-bar", ".sql"]) assert.equal(await page.isVisible(gone), false, gone);
    for (const shown of ["#models .editor", "#migrations .revision", "#database .rows"]) assert.ok(await page.locator(shown).first().isVisible(), shown);
    const columns = await page.evaluate(() => [...document.querySelectorAll(".column")].map((one) => one.getBoundingClientRect().top));
    assert.ok(columns[0] < columns[1] && columns[1] < columns[2], "one after the other");
  },
};
