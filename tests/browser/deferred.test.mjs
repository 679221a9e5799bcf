// The modules of page and worker come in two parts each: the primary one is all that a first visit needs until its first
// commands are answered, and the deferred one comes behind it, or at once where it is wanted.
import assert from "node:assert/strict";
import { command, pending, run, until } from "./steps.mjs";

const all = /\/(page-deferred|worker-deferred|worker-resources)-[0-9a-f]+\.(wasm|json)$/;
const resources = /\/worker-resources-[0-9a-f]+\.json$/;
const ofWorker = /\/worker-deferred-[0-9a-f]+\.wasm$/;
const ofPage = /\/page-deferred-[0-9a-f]+\.wasm$/;

/** Holds deferred parts back where they are fetched ahead; `atOnce` gathers how they are asked for otherwise, in vain if
 * they are `lost`. */
function held(deferred, { lost = false } = {}) {
  const state = { atOnce: [], lost };
  state.prepare = (context) =>
    context.route(deferred, (route) => {
      const type = route.request().resourceType();
      if (type === "fetch") return undefined;
      state.atOnce.push(type);
      return state.lost ? route.abort() : route.continue();
    });
  return state;
}

export default {
  "a first visit comes to its first commands without the deferred parts": async (fresh) => {
    const part = held(all);
    const { page } = await fresh({ prepare: part.prepare });
    await pending(page, /./);
    await page.click("#downgrade");
    await page.waitForFunction(() => /Running downgrade/.test(document.querySelector("#console").textContent));
    await page.waitForFunction(() => !document.querySelector(".entry.runs"));
    await page.click("#upgrade");
    await page.waitForFunction(() => /Running upgrade/.test(document.querySelector("#console").textContent));
    assert.match(await command(page, "alembic current"), /\(head\)/);
    assert.match(await command(page, "alembic upgrade nowhere"), /Can't locate revision identified by 'nowhere'/);
    assert.deepEqual(part.atOnce, []);
  },

  "what is wanted before the engine's deferred part has come loads it at once": async (fresh) => {
    const part = held(ofWorker);
    const { page } = await fresh({ prepare: part.prepare });
    assert.match((await run(page, "alembic upgrade base:head --sql")).stdout, /CREATE TABLE/);
    assert.deepEqual(part.atOnce, ["xhr"]);
    assert.equal((await run(page, "alembic branches --verbose")).status, 0);
    assert.equal((await run(page, "sqlite3 library.db .schema")).status, 0);
    assert.deepEqual(part.atOnce, ["xhr"], "once is enough");
  },

  "a module of the library that few projects need comes when it is first imported": async (fresh) => {
    const part = held(resources);
    const { page } = await fresh({ prepare: part.prepare });
    await page.evaluate(async () => {
      const path = (await window.limbeck.files.list()).map((file) => file.path).find((path) => path.endsWith("env.py"));
      const text = await window.limbeck.files.read(path);
      await window.limbeck.files.write(path, `import csv, io\nprint(next(csv.reader(io.StringIO("a,'b c'"))))\n${text}`);
    });
    assert.match((await run(page, "alembic current")).stdout, /\['a', "'b c'"\]/);
    // The worker for trials imports it, too.
    assert.ok(part.atOnce.length > 0);
  },

  "what is wanted before the page's deferred part has come loads it at once": async (fresh) => {
    const part = held(ofPage);
    const { page } = await fresh({ prepare: part.prepare });
    await page.keyboard.press("Control+KeyK");
    await page.waitForSelector("dialog[open] input");
    assert.deepEqual(part.atOnce, ["xhr"]);
  },

  "a page whose engine can't be loaded whole says so, and keeps what was saved": async (fresh) => {
    const part = held(ofWorker, { lost: true });
    const opened = await fresh({ prepare: part.prepare });
    const { page } = opened;
    await command(page, "alembic downgrade -1");
    await page.waitForSelector(".storage >> text=saved in this browser");
    page.evaluate(() => window.limbeck.run("alembic upgrade base:head --sql")).catch(() => {});
    await page.getByText("a part of Limbeck could not be loaded").first().waitFor();
    // That it complains is as it should be.
    opened.complaints.length = 0;
    part.lost = false;
    await until(page, async () => /\(current\)/.test((await window.limbeck.run("alembic history -i")).stdout));
    assert.doesNotMatch((await run(page, "alembic history -i")).stdout, /\(head\) \(current\)|\(current\) \(head\)|\(head, current\)/);
    opened.complaints.length = 0;
  },
};
