import { serve } from "./web/serve.mjs";
import { launch, open } from "./tests/browser/browser.mjs";
const server = await serve({ port: 0, root: process.env.DIST ?? "dist", prefix: "/some/where/" });
const url = `http://127.0.0.1:${server.address().port}/some/where/`;
const browser = await launch();
const t0 = Date.now(); const log = (...a) => console.log(((Date.now()-t0)/1000).toFixed(1), ...a);
const { page, complaints } = await open(browser, url, { permissions: ["clipboard-read", "clipboard-write"] });
log("open");
page.setDefaultTimeout(20000);
const withTime = (p, n) => Promise.race([p, new Promise((_, f) => setTimeout(() => f(new Error("hang " + n)), 25000))]);
try {
  await withTime(page.evaluate(() => window.limbeck.run("alembic downgrade -1")), "run"); log("ran");
  await page.click(".share-menu summary"); log("menu");
  await page.screenshot({ path: "/tmp/limbeck/s-menu.png" });
  await page.click('[data-share="link"]'); log("clicked");
  await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1.")); log("made", (await page.inputValue("#share-link")).length, await page.innerText("#share-size"));
  await page.screenshot({ path: "/tmp/limbeck/s-offer.png" });
  await page.click("#share-copy"); log("copy clicked");
  await page.waitForFunction(() => document.querySelector(".said").textContent !== ""); log(await page.innerText(".said"));
  log(await withTime(page.evaluate(() => navigator.clipboard.readText()), "read"));
} catch (e) { log(String(e)); await page.screenshot({ path: "/tmp/limbeck/s-fail.png" }); }
log(complaints);
await browser.close(); server.close();
