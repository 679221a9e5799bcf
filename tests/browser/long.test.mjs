// Long work: it says how far it has come, it can be stopped, and it keeps nobody waiting.
import assert from "node:assert/strict";
import { command, query, read, revisionFile, until } from "./steps.mjs";

const head = "8e5d27b46c10";

async function script(page, id, parent, upgrade) {
  const text = revisionFile({ id, message: `long ${id}`, parent, upgrade });
  await page.evaluate(([id, text]) => window.limbeck.files.write(`alembic/versions/${id}_long.py`, text), [id, text]);
}

const busy = (rounds) => `    n = 0
    for i in range(${rounds}):
        for j in range(1000):
            n += j
`;
// More than any machine does in a test, and less than the interpreter's own limit would take.
const forEver = `    n = 0
    while True:
        n += 1
`;

async function start(page, line) {
  await page.fill("#console-input", line);
  await page.press("#console-input", "Enter");
  await page.waitForSelector(".work-strip");
}

const ended = (page) => page.waitForFunction(() => !document.querySelector(".entry.runs") && !document.querySelector(".work-strip"));

export default {
  "a script that loops for ever is stopped by mouse, by Ctrl+C and by Escape": async (fresh) => {
    const { page } = await fresh();
    await script(page, "aa22", head, forEver);
    for (const stop of [
      () => page.click(".work-strip button"),
      () => page.keyboard.press("Control+c"),
      () => page.keyboard.press("Escape"),
      async () => {
        await page.focus("#upgrade");
        await page.keyboard.press("Escape");
      },
    ]) {
      await start(page, "alembic upgrade head");
      assert.match(await page.innerText(".work-strip"), /alembic upgrade head[\s\S]*revision 1 of 1[\s\S]*aa22 long aa22/);
      await stop();
      await ended(page);
      assert.match(await page.innerText(".entry:last-child"), /stopped; files and databases are unchanged/);
      assert.match(await page.innerText(".notice"), /Stopped: alembic upgrade head\. Files and databases are unchanged/);
      assert.deepEqual(await query(page, "SELECT version_num FROM alembic_version"), [[head]]);
    }
    assert.match(await read(page, "alembic/versions/aa22_long.py"), /while True/);
    assert.match(await command(page, "alembic current"), /8e5d27b46c10/);
  },

  "a file that is opened while a command runs is there when it is stopped": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await start(page, 'sqlite3 library.db "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"');
    await page.locator("button", { hasText: "Files" }).first().click();
    await page.locator(".tree .open", { hasText: "alembic.ini" }).click();
    await page.click(".work-strip button");
    await ended(page);
    await page.waitForFunction(() => /script_location/.test(document.querySelector("#models .editor").shadowRoot.querySelector(".cm-content").innerText));
    // Nothing had been done that could be lost.
    assert.match(await page.innerText(".notice"), /Files and databases are unchanged/);
  },

  "what was typed before a command that is stopped is kept": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await script(page, "aa23", head, forEver);
    await page.locator("#models .cm-line").first().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# kept");
    await start(page, "alembic upgrade head");
    // Typed while it runs: it reaches the next worker.
    await page.locator("#models .cm-line").first().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" and this");
    await page.click(".work-strip button");
    await ended(page);
    await until(page, async () => /# kept and this/.test(await window.limbeck.files.read("models.py")));
  },

  "many revisions are counted while they run": async (fresh) => {
    const { page } = await fresh();
    let parent = head;
    for (let number = 1; number <= 12; number += 1) {
      const id = `cc${String(number).padStart(2, "0")}`;
      await script(page, id, parent, busy(number > 2 ? 300 : 10));
      parent = id;
    }
    // The steps that the strip shows, as they are drawn.
    await page.evaluate(() => {
      window.steps = [];
      new MutationObserver(() => {
        const text = document.querySelector(".work-step")?.innerText;
        if (text && window.steps.at(-1) !== text) window.steps.push(text);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await page.fill("#console-input", "alembic upgrade head");
    await page.press("#console-input", "Enter");
    await page.waitForFunction(() => window.steps.includes("revision 12 of 12"));
    await ended(page);
    const steps = await page.evaluate(() => window.steps);
    assert.ok(steps.every((step) => /^revision \d+ of 12$/.test(step)), steps.join(", "));
    assert.deepEqual(await query(page, "SELECT version_num FROM alembic_version"), [["cc12"]]);
  },

  "a short command shows no progress": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => {
      window.strips = 0;
      new MutationObserver(() => (window.strips += document.querySelector(".work-strip") ? 1 : 0)).observe(document.body, { childList: true, subtree: true });
    });
    await command(page, "pwd");
    assert.equal(await page.evaluate(() => window.strips), 0);
  },

  "a command does not wait for a review": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#migrations .cm-content");
    await script(page, "aa24", head, busy(60_000));
    await page.waitForFunction(() => window.limbeck.state().storage === "Saved");
    await page.waitForSelector("#revision-aa24");
    await page.click("#revision-aa24");
    await page.click("#tab-review");
    await page.waitForFunction(() => document.querySelector("#review-panel")?.getAttribute("aria-busy") === "true" && document.querySelector("#review-panel").innerText.includes("copy"));
    await page.fill("#console-input", "alembic current");
    const before = await page.locator(".entry").count();
    await page.press("#console-input", "Enter");
    await page.waitForFunction((before) => document.querySelectorAll(".entry").length > before && !document.querySelector(".entry.runs"), before);
    assert.match(await page.innerText(".entry:last-child"), /8e5d27b46c10/);
    // The review goes on by itself, and ends.
    await page.waitForFunction(() => document.querySelector("#review-panel")?.getAttribute("aria-busy") === "true");
    await page.waitForFunction(() => document.querySelector("#review-panel")?.getAttribute("aria-busy") === "false", null, { timeout: 60_000 });
    assert.match(await page.innerText("#review-panel"), /took longer than|Lossless|Schema only/);
  },
};
