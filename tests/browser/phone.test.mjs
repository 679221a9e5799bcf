// A phone: one pane at a time, by touch; and letters of twice the size.
import assert from "node:assert/strict";
import { clipped as clippedIn } from "./layout.mjs";
import { command, query, until } from "./steps.mjs";

const phone = { width: 390, height: 844, hasTouch: true, isMobile: true };
const tab = (page, name) => page.locator("nav.tabs button", { hasText: name }).tap();

const clipped = (page) => page.evaluate(clippedIn);

const small = (page) => page.evaluate(() => [...document.querySelectorAll("button, summary, select, input, [role=tab]")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.matches(".link") && !element.closest("details:not([open]) > :not(summary)"))
  .map((element) => ({ name: element.getAttribute("aria-label") || element.innerText?.trim() || element.id, box: element.getBoundingClientRect() }))
  .filter(({ box }) => box.width && (box.height < 39.5 || box.width < 23.5))
  .map(({ name, box }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`));

export default {
  "the whole loop by touch, one pane at a time": async (fresh) => {
    const { page } = await fresh(phone);
    await page.waitForSelector("#models .cm-content");
    await page.evaluate(async () => {
      const text = await window.limbeck.files.read("models.py");
      await window.limbeck.files.write("models.py", text.replace("#isbn", "isbn"));
    });
    await page.waitForFunction(() => /\d.* to write/.test(document.querySelector("#autogenerate").innerText));
    await page.tap("#autogenerate");
    await page.waitForSelector("#message:focus");
    assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("#message")).fontSize)) >= 16);
    await page.locator(".message .solid").tap();
    await page.waitForSelector("#migrations .revision >> text=add book.isbn");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("1 revision ahead"));
    await page.tap("#upgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("up to date"));
    await tab(page, "Database");
    await page.waitForSelector("#database >> text=book");
    await page.locator('[data-table="book"]').tap();
    await page.locator(".detail-bar [role=tab]", { hasText: "Rows" }).tap();
    // A tap edits a cell.
    await page.locator("table.rows tbody tr", { hasText: "Kindred" }).locator("td[tabindex]").nth(3).tap();
    await page.waitForSelector("table.rows td.edited input:focus");
    await page.keyboard.type("9780807083697");
    await page.keyboard.press("Enter");
    await until(page, async () => (await window.limbeck.query("SELECT count(*) FROM book WHERE isbn = '9780807083697'")).rows[0][0] === 1);
    await page.tap("#downgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").innerText.includes("1 revision ahead"));
  },

  "the console opens at what was printed last": async (fresh) => {
    const { page } = await fresh(phone);
    await page.waitForSelector("#models .cm-content");
    for (let number = 0; number < 12; number += 1) await page.evaluate((number) => window.limbeck.run(`echo line ${number}`), number);
    await page.evaluate(() => window.limbeck.run("alembic history --verbose"));
    await tab(page, "Console");
    await page.waitForFunction(() => {
      const log = document.querySelector(".log");
      return log.scrollHeight > log.clientHeight && log.scrollTop + log.clientHeight >= log.scrollHeight - 2;
    });
  },

  "the field in a cell stays inside the page": async (fresh) => {
    const { page } = await fresh(phone);
    await page.waitForSelector("#models .cm-content");
    await tab(page, "Database");
    await page.locator('[data-table="member"]').tap();
    await page.locator(".detail-bar [role=tab]", { hasText: "Rows" }).tap();
    const cells = page.locator("table.rows tbody tr").nth(1).locator("td[tabindex]");
    for (let column = 0; column < await cells.count(); column += 1) {
      await page.locator("table.rows tbody tr[aria-rowindex]").first().locator("td[data-at]").nth(column).tap();
      await page.waitForSelector("table.rows td.edited input:focus");
      const right = await page.evaluate(() => document.querySelector("td.edited .set-null").getBoundingClientRect().right);
      assert.ok(right <= 390.5, `column ${column}: ${right}`);
      await page.keyboard.press("Escape");
      await page.waitForSelector("td.edited", { state: "detached" });
    }
  },

  "comments by touch": async (fresh) => {
    const { page } = await fresh(phone);
    await page.waitForSelector("#models .cm-content");
    await tab(page, "Migrations");
    await page.getByRole("button", { name: "Comment on this line" }).tap();
    await page.fill("#comment-name", "Ann");
    await page.fill("#comments .thread.begun textarea", "By thumb.");
    await page.tap("#comments .thread.begun button[type=submit]");
    await page.waitForSelector("#comments .comment-text >> text=By thumb.");
    assert.deepEqual(await clipped(page), []);
    assert.deepEqual(await small(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    // To the line, and back to the thread.
    await page.locator("#comments .thread-place").tap();
    await page.waitForFunction(() => document.querySelector("#migrations .editor")?.checkVisibility());
    await tab(page, "Comments");
    await page.waitForSelector("#comments .comment-text >> text=By thumb.");
    await page.locator("#comments").getByRole("button", { name: "Close" }).tap();
    await page.waitForSelector("#comments", { state: "detached" });
    assert.deepEqual(await clipped(page), []);
  },

  "files, the palette and the keys by touch": async (fresh) => {
    const { page } = await fresh(phone);
    await page.waitForSelector("#models .cm-content");
    await page.locator('#models [aria-label="All files"]').tap();
    await page.waitForSelector(".tree");
    assert.ok(await page.locator('[aria-label="Rename alembic.ini"]').isVisible());
    await page.locator(".tree .open", { hasText: "alembic.ini" }).tap();
    await page.waitForFunction(() => window.limbeck.state().file === "alembic.ini");
    await page.waitForSelector(".tree", { state: "detached" });
    await page.locator('.header [aria-label="Commands"]').tap();
    await page.locator(".palette-item", { hasText: "alembic current" }).tap();
    await page.waitForSelector("dialog", { state: "detached" });
    await tab(page, "Console");
    await page.waitForFunction(() => document.querySelector(".entry:last-child")?.innerText.includes("8e5d27b46c10"));
  },

  "the console on a phone: large letters, long output cut to its end, help that wraps": async (fresh) => {
    const { page } = await fresh(phone);
    await tab(page, "Console");
    await page.tap("#console-input");
    assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("#console-input")).fontSize)) >= 16);
    await command(page, "alembic history --verbose");
    const entry = page.locator(".entry:last-child");
    const height = async () => (await entry.boundingBox()).height;
    const cut = await height();
    assert.ok(cut < 330, `the output takes ${cut} pixels`);
    await entry.getByRole("button", { name: /Show all \d+ lines/ }).tap();
    await page.waitForFunction((cut) => document.querySelector(".entry:last-child").getBoundingClientRect().height > cut + 40, cut);
    await command(page, "help");
    const wide = await page.evaluate(() => [...document.querySelectorAll(".log, .entry:last-child .output")].some((one) => one.scrollWidth > one.clientWidth + 1));
    assert.equal(wide, false);
  },

  "every pane on a phone: nothing is cut off or too small to hit": async (fresh) => {
    const { page } = await fresh(phone);
    await page.waitForSelector("#models .cm-content");
    for (const name of ["Models", "Migrations", "Database", "Console"]) {
      await tab(page, name);
      await page.waitForSelector(`.page.tab-${name.toLowerCase()}`);
      assert.deepEqual(await clipped(page), [], name);
      assert.deepEqual(await small(page), [], name);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${name} scrolls sideways`);
    }
  },

  "at 200 %: as the browser zooms, and with letters of twice the size": async (fresh) => {
    // Zoomed to 200 %, a window of 1440 × 900 has 720 × 450 of its pixels, a phone 195 × 422.
    for (const options of [{ width: 720, height: 450 }, { width: 195, height: 422 }]) {
      const { page } = await fresh(options);
      await page.waitForSelector("#models .cm-content", { state: "attached" });
      for (const name of ["Models", "Migrations", "Database", "Console"]) {
        await page.locator("nav.tabs button", { hasText: name }).click();
        await page.waitForSelector(`.page.tab-${name.toLowerCase()}`);
        assert.deepEqual(await clipped(page), [], `${options.width}: ${name}`);
      }
      assert.match(await command(page, "alembic current"), /8e5d27b46c10/);
    }
    // The reader's own letters: 32 pixels instead of 16.
    for (const options of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      const { page, context } = await fresh(options);
      const devtools = await context.newCDPSession(page);
      await devtools.send("Page.enable");
      await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
      await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === "32px");
      await page.waitForFunction(() => parseFloat(getComputedStyle(document.querySelector("#upgrade")).fontSize) >= 24);
      for (const name of ["Models", "Migrations", "Database", "Console"]) {
        await page.locator("nav.tabs button", { hasText: name }).click();
        await page.waitForSelector(`.page.tab-${name.toLowerCase()}`);
        assert.deepEqual(await clipped(page), [], `large letters, ${options.width}: ${name}`);
      }
    }
  },
};
