// The page in a frame of another site.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { command } from "./steps.mjs";

/** A small site of its own that holds the page in a frame. */
async function host(test) {
  let body = "";
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>host</title>${body}
<script>
  window.heard = [];
  window.answers = new Map();
  addEventListener("message", ({ source, data }) => {
    if (source !== document.querySelector("iframe").contentWindow || data?.limbeck !== 1) return;
    if ("id" in data) window.answers.get(data.id)?.(data);
    else window.heard.push(data);
  });
  let number = 0;
  window.ask = (method, ...given) => new Promise((done) => {
    number += 1;
    window.answers.set(number, done);
    document.querySelector("iframe").contentWindow.postMessage({ limbeck: 1, id: number, method, arguments: given }, "*");
  });
</script>`));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    await test(`http://localhost:${server.address().port}/`, (source) => {
      body = `<link rel="icon" href="data:,"><iframe src="${source.replaceAll("&", "&amp;")}" width="1200" height="800"></iframe>`;
    });
  } finally {
    server.close();
  }
}

const listening = (page) => page.waitForFunction(() => window.heard.some((one) => one.event === "ready"), null, { timeout: 60_000 });
const ask = (page, method, ...given) => page.evaluate(([method, given]) => window.ask(method, ...given), [method, given]);

export default {
  "a host page runs commands in a frame and hears what happens": (fresh, { url }) => host(async (site, hold) => {
    hold(`${url}?example=shop&view=migrations&theme=dark&hide=header,console`);
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.goto(site);
    await listening(page);
    const frame = page.frameLocator("iframe");
    await frame.locator("#migrations").waitFor();
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
    assert.equal(await frame.locator(".header").isVisible(), false);
    assert.equal(await frame.locator(".console").isVisible(), false);
    assert.equal((await ask(page, "state")).result.view, "migrations");
    assert.equal((await ask(page, "state")).result.migrations.heads.length, 2);

    // Nothing is heard before it is asked for.
    assert.equal((await ask(page, "run", "alembic heads")).result.status, 0);
    assert.deepEqual(await page.evaluate(() => window.heard.map((one) => one.event)), ["ready"]);
    await ask(page, "subscribe");
    const ran = await ask(page, "run", "alembic merge heads -m both");
    assert.equal(ran.result.status, 0, ran.result.stderr);
    await page.waitForFunction(() => window.heard.some((one) => one.event === "command" && one.details.command.startsWith("alembic merge")));
    assert.match((await ask(page, "files.read", "models.py")).result, /class/);
    assert.equal((await ask(page, "query", "SELECT 1 AS one")).result.columns[0], "one");
    await ask(page, "unsubscribe");
    await page.evaluate(() => { window.heard.length = 0; });
    await ask(page, "run", "alembic heads");
    assert.deepEqual(await page.evaluate(() => window.heard), []);

    // What is not on the list is not there; a failure is told as one.
    for (const method of ["constructor", "free", "ready", "files.constructor", "__proto__", "on", "files.__proto__.list"]) {
      assert.match((await ask(page, method)).error.message, /there is no method/, method);
    }
    assert.match((await ask(page, "files.read", "none.py")).error.message, /there is no file none\.py/);
    assert.match((await ask(page, "query", "SELECT wrong")).error.message, /no such column/);
  }),

  "a frame keeps its work apart from the visitor's own": (fresh, { url }) => host(async (site, hold) => {
    const { page, context } = await fresh();
    await command(page, "echo mine > mine.txt");
    // The same site even, so that the browser itself keeps nothing apart.
    hold(url);
    const other = await context.newPage();
    await other.goto(site);
    await listening(other);
    await other.frameLocator("iframe").locator(".storage", { hasText: "Embedded: changes are not saved" }).waitFor({ state: "attached" });
    assert.ok(!(await ask(other, "files.list")).result.some((file) => file.path === "mine.txt"));
    await ask(other, "run", "echo theirs > theirs.txt");
    await other.reload();
    await listening(other);
    assert.ok(!(await ask(other, "files.list")).result.some((file) => file.path === "theirs.txt"));
    await page.reload();
    await page.evaluate(() => new Promise((done) => { (function look() { window.limbeck ? window.limbeck.ready.then(done) : setTimeout(look, 10); })(); }));
    const paths = await page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));
    assert.ok(paths.includes("mine.txt") && !paths.includes("theirs.txt"));
  }),

  "a frame answers its host alone, and a page in no frame nobody": (fresh, { url }) => host(async (site, hold) => {
    hold(`${url}?origin=https://elsewhere.example`);
    const { page } = await fresh();
    const answers = () => page.evaluate(() => new Promise((done) => {
      const heard = [];
      addEventListener("message", ({ data }) => data?.id === 99 && "result" in data && heard.push(data));
      const to = document.querySelector("iframe")?.contentWindow ?? window;
      to.postMessage({ limbeck: 1, id: 99, method: "state" }, "*");
      // As many turns as an answer would take many times over.
      setTimeout(() => done(heard.length), 1_000);
    }));
    assert.equal(await answers(), 0);
    await page.waitForSelector("#models .cm-content");
    await page.goto(site);
    await page.frameLocator("iframe").locator("#models .cm-content").waitFor({ timeout: 60_000 });
    assert.equal(await answers(), 0);
  }),

  "a frame shows a link's project at once, read-only where it says so": (fresh, { url }) => host(async (site, hold) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.files.write("notes.txt", "for the frame"));
    const shared = await page.evaluate(() => window.limbeck.share({ readOnly: true, run: ["alembic downgrade base"] }));
    const address = new URL(shared.url);
    address.searchParams.set("run", "open");
    hold(address.href);
    await page.waitForSelector("#models .cm-content");
    await page.goto(site);
    await listening(page);
    const frame = page.frameLocator("iframe");
    await frame.locator(".view-only").waitFor();
    assert.equal((await ask(page, "files.read", "notes.txt")).result, "for the frame");
    // Its commands did not run, and it can't be changed.
    assert.equal((await ask(page, "state")).result.migrations.current.length, 1);
    assert.match((await ask(page, "files.write", "notes.txt", "x")).error.message, /read-only/);
    await frame.locator("#models .cm-content").click();
    await page.keyboard.type("nothing");
    assert.doesNotMatch(await frame.locator("#models .cm-content").innerText(), /nothing/);
    assert.equal(await frame.getByRole("button", { name: "Edit anyway" }).count(), 0);
  }),

  "an address names a revision by its beginning, and one that is not there chooses nothing": async (fresh, { url }) => {
    const { page } = await fresh();
    for (const [wanted, chosen] of [["3b1f", "3b1f0c9a7d42"], ["zzzz", "8e5d27b46c10"]]) {
      await page.waitForSelector("#models .cm-content");
      await page.goto(`${url}?revision=${wanted}`);
      await page.waitForSelector(`[id="revision-${chosen}"].chosen`);
      await page.waitForFunction((chosen) => document.querySelector("#migrations .editor")?.dataset.path?.includes(chosen), chosen);
    }
  },
};
