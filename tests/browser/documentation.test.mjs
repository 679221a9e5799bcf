// Help leads to the documentation, which nobody loads who does not read it, and which is there without a network then.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = process.env.DIST ?? join(dirname(fileURLToPath(import.meta.url)), "../../dist");

export default {
  "help leads to the documentation, which loads when it is opened and stays without a network": async (fresh) => {
    const { page, context } = await fresh({ serviceWorkers: "allow" });
    const asked = [];
    context.on("request", (request) => {
      if (request.url().includes("/docs/")) asked.push(request.url());
    });
    const offline = existsSync(join(root, "offline.js"));
    if (offline) {
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    }
    assert.deepEqual(asked, []);
    await page.click(".help-menu summary");
    const [opened] = await Promise.all([
      context.waitForEvent("page"),
      page.click('.help-menu .choice:has-text("Documentation")'),
    ]);
    await opened.waitForSelector("h1:has-text('Limbeck')");
    assert.ok(asked.length > 0);
    await opened.click("nav >> text=drops-data");
    await opened.waitForSelector("h1:has-text('drops-data')");
    if (!offline) return;
    const pages = await page.evaluate(async () => {
      const count = async () => {
        let found = 0;
        for (const name of await caches.keys()) {
          const kept = await (await caches.open(name)).keys();
          found += kept.filter(({ url }) => url.includes("/docs/") && url.endsWith(".html")).length;
        }
        return found;
      };
      let before = -1;
      for (let now = await count(); now !== before || now === 0; now = await count()) {
        before = now;
        await new Promise((done) => setTimeout(done, 300));
      }
      return before;
    });
    assert.ok(pages > 30, `${pages} pages are kept`);
    await context.setOffline(true);
    await opened.click("nav >> text=Hosting");
    await opened.waitForSelector("h1:has-text('Hosting')");
    await context.setOffline(false);
  },
};
