// A first visit: the page itself shows its first steps, and ticks off what is done.
import assert from "node:assert/strict";
import { pending, run } from "./steps.mjs";

const phone = { width: 390, height: 844, hasTouch: true, isMobile: true };
const done = (page) => page.locator(".first-steps li.done").count();

/** Whether the marked line is inside the visible part of its editor. */
const inSight = (page) => page.waitForFunction(() => {
  // The editor comes after the page.
  const shadow = document.querySelector("#models .editor")?.shadowRoot;
  if (!shadow) return false;
  const line = shadow.querySelector(".cm-marked")?.getBoundingClientRect();
  const frame = shadow.querySelector(".cm-scroller").getBoundingClientRect();
  return line && line.top >= frame.top && line.bottom <= frame.bottom && line.bottom <= innerHeight;
});

export default {
  "the first steps are done as they say, and ticked": async (fresh) => {
    const { page } = await fresh();
    await inSight(page);
    // A newcomer reads what this is before what to do.
    assert.match(await page.innerText(".first-steps"), /^Limbeck is Alembic in your browser, on a real SQLite database\./);
    assert.match(await page.innerText(".first-steps li.next"), /delete its #, or press Ctrl\+\//);
    // The cursor is put before the sign: one key deletes it, and what is left is Python.
    await page.getByRole("button", { name: "Show the line" }).click();
    await page.waitForFunction(() => document.activeElement?.className === "editor");
    await page.keyboard.press("Delete");
    await pending(page, /book\.isbn/);
    assert.doesNotMatch(await page.innerText(".pending"), /IndentationError/);
    assert.equal(await done(page), 1);
    assert.equal(await page.locator("#models .cm-marked").count(), 0);
    await page.click("#autogenerate");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".first-steps li.done").length === 2);
    await page.click("#upgrade");
    await page.waitForSelector(".first-steps .all-done");
    await page.getByRole("button", { name: "Close the first steps" }).click();
    await page.waitForSelector(".first-steps", { state: "detached" });
  },

  "Ctrl+/ uncomments the line too": async (fresh) => {
    const { page } = await fresh();
    await page.locator("#models .cm-marked").click();
    await page.keyboard.press("Control+/");
    await pending(page, /book\.isbn/);
    assert.equal(await done(page), 1);
  },

  "on a phone the next step alone is shown, and its line is in sight": async (fresh) => {
    const { page } = await fresh(phone);
    await inSight(page);
    const shown = () => page.locator(".first-steps li:visible").count();
    assert.equal(await shown(), 1);
    await page.getByRole("button", { name: "Show the line" }).tap();
    await page.waitForFunction(() => document.activeElement?.className === "editor");
    await page.keyboard.press("Delete");
    await page.waitForFunction(() => /Autogenerate, then Write/.test(document.querySelector(".first-steps li.next").innerText));
    assert.equal(await shown(), 1);
    await page.tap("#autogenerate");
    await page.locator(".message .solid").tap();
    await page.waitForFunction(() => /Click Upgrade/.test(document.querySelector(".first-steps li.next").innerText));
    await page.tap("#upgrade");
    await page.waitForSelector(".first-steps .all-done");
  },

  "on the smallest phone Pending is in sight beside the first steps": async (fresh) => {
    const { page } = await fresh({ ...phone, width: 320, height: 640 });
    await inSight(page);
    const seen = await page.evaluate(() => {
      const [pending, tabs] = [".pending", "nav.tabs"].map((name) => document.querySelector(name).getBoundingClientRect());
      return pending.height >= 40 && pending.bottom <= tabs.top + 1;
    });
    assert.ok(seen);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  },

  "a reload goes on where the first steps were": async (fresh) => {
    const { page } = await fresh();
    await page.locator("#models .cm-marked").click();
    await page.keyboard.press("Control+/");
    await pending(page, /book\.isbn/);
    await page.click("#autogenerate");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".first-steps li.done").length === 2);
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll(".first-steps li.done").length === 2);
    await page.click("#upgrade");
    await page.waitForSelector(".first-steps .all-done");
    await page.getByRole("button", { name: "Close the first steps" }).click();
    await page.reload();
    await page.evaluate(() => window.limbeck.ready);
    assert.equal(await page.locator(".first-steps").count(), 0);
  },

  "a migration that its review calls broken is not to be upgraded with": async (fresh) => {
    const { page } = await fresh();
    await inSight(page);
    // NOT NULL without a default: a table with rows can't get it.
    const text = await page.evaluate(() => window.limbeck.files.read("models.py"));
    await page.evaluate((text) => window.limbeck.files.write("models.py", text), text.replace("#isbn: Mapped[str | None]", "isbn: Mapped[str]"));
    await pending(page, /book\.isbn/);
    await page.click("#autogenerate");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /The review tried this migration on a copy, and it fails/.test(document.querySelector(".first-steps li.next")?.innerText));
    assert.doesNotMatch(await page.innerText(".first-steps li.next"), /Click Upgrade/);
    await page.getByRole("button", { name: "Open the review" }).click();
    await page.waitForSelector('.verdict[data-verdict="Broken"]');
  },

  "another project and a later visit have no first steps": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector(".first-steps");
    await page.click(".workspaces > summary");
    await page.click('[data-example="heroes"]');
    await page.waitForSelector(".first-steps", { state: "detached" });
    await run(page, "alembic upgrade head");
    await page.reload();
    await page.evaluate(() => window.limbeck.ready);
    assert.equal(await page.locator(".first-steps").count(), 0);
  },
};
