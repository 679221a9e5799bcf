// The page without a network, and how it takes another version.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { open } from "./browser.mjs";
import { command, cursorAt, pending, query, read, succeeds, until } from "./steps.mjs";

const root = process.env.DIST ?? join(dirname(fileURLToPath(import.meta.url)), "../../dist");

/** Waits until the page is kept whole. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => new Promise((done) => {
  (function look() { navigator.serviceWorker.controller ? done() : setTimeout(look, 20); })();
})));

const caches = (page) => page.evaluate(() => caches.keys());
const ready = (page) => page.evaluate(() => new Promise((done) => {
  (function look() { window.limbeck ? window.limbeck.ready.then(done) : setTimeout(look, 10); })();
}));
const release = (test) => async (...all) => {
  if (!existsSync(join(root, "offline.js"))) throw new Error("this build has no service worker: build with --release, or with LIMBECK_OFFLINE=yes");
  return test(...all);
};

const sum = (contents) => createHash("sha256").update(contents).digest("hex").slice(0, 32);

/** The same build with another script of the page and another index.html, as a later version has. */
function later(from, to) {
  cpSync(from, to, { recursive: true });
  const html = readFileSync(join(to, "index.html"), "utf8");
  const script = html.match(/boot-[0-9A-Z]{8}\.js/)[0];
  const renamed = "boot-00000000.js";
  renameSync(join(to, script), join(to, renamed));
  writeFileSync(join(to, renamed), `document.documentElement.dataset.script = "later";\n${readFileSync(join(to, renamed), "utf8")}`);
  const build = html.match(/data-build="([0-9a-f]+)"/)[1];
  const next = html.replaceAll(script, renamed).replace(build, "00000000000000ff").replace("<html", '<html data-page="later"');
  writeFileSync(join(to, "index.html"), next);
  const worker = readFileSync(join(to, "offline.js"), "utf8")
    .replaceAll(build, "00000000000000ff")
    .replace(`"${script}":"${sum(readFileSync(join(from, script)))}"`, `"${renamed}":"${sum(readFileSync(join(to, renamed)))}"`)
    .replace(`"index.html":"${sum(html)}"`, `"index.html":"${sum(next)}"`);
  assert.ok(worker.includes(renamed) && worker.includes(sum(next)));
  writeFileSync(join(to, "offline.js"), worker);
}

export default {
  "after the first visit all of it works without a network": release(async (fresh) => {
    const { page, context, complaints } = await fresh({ serviceWorkers: "allow" });
    await kept(page);
    await context.setOffline(true);
    // In the same visit, with parts that were never loaded.
    assert.ok((await page.evaluate(async () => (await window.limbeck.exportZip()).length)) > 1_000);
    assert.match((await page.evaluate(() => window.limbeck.share())).url, /#limbeck=1\./);

    // And in the next one.
    await page.reload();
    await ready(page);
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "born: Mapped");
    await page.keyboard.type("\nmotto: Mapped[str | None]");
    await pending(page, /author\.motto/);
    await succeeds(page, 'alembic revision --autogenerate -m "mottoes"');
    assert.match(await command(page, "alembic upgrade head"), /Running upgrade .*mottoes/);
    assert.equal((await query(page, "SELECT count(*) FROM pragma_table_info('author') WHERE name = 'motto'"))[0][0], 1);

    await page.click(".share-menu summary");
    await page.click('[data-share="link"]');
    await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
    const address = await page.inputValue("#share-link");
    await page.keyboard.press("Escape");
    await page.click(".share-menu summary");
    const [zip] = await Promise.all([page.waitForEvent("download"), page.click('[data-share="zip"]')]);
    assert.equal(readFileSync(await zip.path()).subarray(0, 2).toString(), "PK");

    // A link opens too.
    await page.goto(address);
    await ready(page);
    await page.locator("dialog[open]").getByRole("button", { name: "Open", exact: true }).click();
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    assert.match(await read(page, "models.py"), /motto/);
    assert.deepEqual(complaints.filter((text) => !text.includes("ERR_INTERNET_DISCONNECTED")), []);
    complaints.length = 0;
  }),

  "another version is taken whole, and never mixed with the one before": release(async (fresh, { browser }) => {
    const folder = mkdtempSync(join(tmpdir(), "limbeck-offline-"));
    let served = root;
    const asked = [];
    // The same address gives one build, then the other.
    const older = await serve({ port: 0, root, prefix: "/x/" });
    const after = join(folder, "later");
    later(root, after);
    const newer = await serve({ port: 0, root: after, prefix: "/x/" });
    const { createServer, request } = await import("node:http");
    let broken = false;
    const front = createServer((incoming, outgoing) => {
      asked.push(incoming.url);
      const { port } = (served === root ? older : newer).address();
      if (broken && incoming.url.includes("boot-00000000")) return outgoing.writeHead(503).end();
      incoming.pipe(request({ port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (response) => {
        outgoing.writeHead(response.statusCode, response.headers);
        response.pipe(outgoing);
      }));
    });
    await new Promise((done) => front.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${front.address().port}/x/`;
    const one = await open(browser, url, { serviceWorkers: "allow" });
    try {
      const { page, context } = one;
      await kept(page);
      const [first] = await caches(page);
      const version = () => page.evaluate(() => [document.documentElement.dataset.page ?? "first", document.documentElement.dataset.script ?? "first"]);
      assert.deepEqual(await version(), ["first", "first"]);

      // The server has half of another version: nothing of it is taken.
      served = after;
      broken = true;
      await page.reload();
      await ready(page);
      assert.deepEqual(await version(), ["first", "first"]);
      await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()).catch(() => {}));
      while (!asked.some((path) => path.includes("boot-00000000"))) await new Promise((done) => setTimeout(done, 50));
      await until(page, async () => (await caches.keys()).length === 1);
      assert.deepEqual(await caches(page), [first]);
      await page.reload();
      await ready(page);
      assert.deepEqual(await version(), ["first", "first"]);

      // Now it has all of it: it is loaded beside, told, and opens next time; what is open goes on as it was.
      broken = false;
      await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
      await page.waitForFunction(() => /new version/i.test(document.querySelector(".notice")?.innerText ?? ""));
      assert.deepEqual(await version(), ["first", "first"]);
      await context.setOffline(true);
      assert.match((await page.evaluate(() => window.limbeck.share())).url, /#limbeck=1\./);
      await page.reload();
      await ready(page);
      assert.deepEqual(await version(), ["later", "later"]);
      await context.setOffline(false);
      // The old one goes when no page of it is open.
      await until(page, async (first) => !(await caches.keys()).includes(first), first);
      assert.equal((await caches(page)).length, 1);
    } finally {
      await one.context.close();
      for (const server of [front, older, newer]) server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }),

  "it can be installed: the manifest and its icons are there": async (fresh, { url }) => {
    const { page } = await fresh();
    const manifest = await page.evaluate(async () => {
      const response = await fetch(document.querySelector('link[rel="manifest"]').href);
      return { type: response.headers.get("content-type"), ...(await response.json()) };
    });
    assert.equal(manifest.type, "application/manifest+json");
    assert.equal(manifest.name, "Limbeck");
    assert.ok(manifest.icons.length > 0);
    for (const icon of manifest.icons) {
      const size = await page.evaluate((src) => new Promise((done, fail) => {
        const image = new Image();
        image.onload = () => done(`${image.naturalWidth}x${image.naturalHeight}`);
        image.onerror = fail;
        image.src = src;
      }), new URL(icon.src, url).href);
      if (icon.type === "image/png") assert.equal(size, icon.sizes);
    }
  },
};
