// The page's module comes in two halves: the first is all that a first visit needs until its first commands are
// answered, and the second comes behind it, or at once where it is wanted.
import assert from "node:assert/strict";
import { command, cursorAt, pending, run } from "./steps.mjs";

const later = /\/page-[0-9a-f]+_later\.wasm$/;

/** Holds the second half back where the page fetches it ahead, until `free`; `atOnce` gathers how it is asked for
 * otherwise, in vain if it is `lost`. */
function held({ lost = false } = {}) {
  const state = { atOnce: [], lost, free: false };
  state.prepare = (context) =>
    context.route(later, (route) => {
      if (state.free) return route.continue();
      if (route.request().resourceType() === "fetch") return undefined;
      state.atOnce.push(route.request().resourceType());
      return state.lost ? route.abort() : route.continue();
    });
  return state;
}

export default {
  "a first visit comes to its first commands without the page's second half": async (fresh) => {
    const half = held();
    const { page } = await fresh({ prepare: half.prepare });
    await pending(page, /./);
    await cursorAt(page, "models", "class Book");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Backspace");
    await page.click("#downgrade");
    await page.waitForFunction(() => /Running downgrade/.test(document.querySelector("#console").textContent));
    await page.waitForFunction(() => !document.querySelector(".entry.runs"));
    await page.click("#upgrade");
    await page.waitForFunction(() => /Running upgrade/.test(document.querySelector("#console").textContent));
    assert.match(await command(page, "alembic current"), /\(head\)/);
    assert.match(await command(page, "alembic upgrade nowhere"), /Can't locate revision identified by 'nowhere'/);
    assert.deepEqual(half.atOnce, []);
  },

  "what is wanted before the page's second half has come loads it at once": async (fresh) => {
    const half = held();
    const { page } = await fresh({ prepare: half.prepare });
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    assert.deepEqual(half.atOnce, ["xhr"]);
    await page.keyboard.press("Escape");
    await page.click("#tab-diagram");
    await page.locator("#diagram-panel svg").first().waitFor();
    assert.deepEqual(half.atOnce, ["xhr"], "once is enough");
  },

  "a page whose second half can't be loaded says so, and keeps what was saved": async (fresh) => {
    const half = held({ lost: true });
    const opened = await fresh({ prepare: half.prepare });
    const { page } = opened;
    await command(page, "alembic downgrade -1");
    await page.waitForSelector(".storage >> text=saved in this browser");
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByText("A part of the page could not be loaded").waitFor();
    // That it complains is as it should be.
    opened.complaints.length = 0;
    half.free = true;
    await page.reload();
    await page.waitForFunction(() => window.limbeck);
    await page.evaluate(() => window.limbeck.ready);
    const { stdout } = await run(page, "alembic history -i");
    assert.match(stdout, /\(current\)/);
    assert.doesNotMatch(stdout, /\(head\) \(current\)|\(current\) \(head\)|\(head, current\)/);
  },
};
