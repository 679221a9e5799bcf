import { serve } from "./web/serve.mjs";
import { launch, open } from "./tests/browser/browser.mjs";
const server = await serve({ port: 0, root: process.env.DIST ?? "dist", prefix: "/some/where/" });
const url = `http://127.0.0.1:${server.address().port}/some/where/`;
const browser = await launch();
const t0 = Date.now(); const log = (...a) => console.log(((Date.now()-t0)/1000).toFixed(1), ...a);
const { page, complaints } = await open(browser, url, { permissions: ["clipboard-read", "clipboard-write"] });
log("open");
page.setDefaultTimeout(20000);
try {
  await page.evaluate(() => window.limbeck.run("alembic downgrade base")); log("ran");
  const address = await page.evaluate(() => window.limbeck.share({ run: ["alembic current", "alembic upgrade head"], view: "database" }));
  log(address.bytes);
  const other = await open(browser, url);
  const loud = new URL(address.url); loud.searchParams.set("run", "auto"); const third = await open(browser, url); await third.page.goto(loud.href); await new Promise((d) => setTimeout(d, 6000)); log(await third.page.locator(".entry").allInnerTexts(), third.page.url(), third.complaints, await third.page.innerText("body"));
  await other.page.evaluate((hash) => { location.hash = hash; }, new URL(address.url).hash);
  const dialog = other.page.locator("dialog[open]");
  await dialog.waitFor(); log(await dialog.innerText());
  await other.page.screenshot({ path: "/tmp/limbeck/s-arrived.png" });
  await dialog.getByRole("button", { name: "Open and run" }).click();
  await new Promise((d) => setTimeout(d, 4000));
  log(await other.page.locator(".entry").allInnerTexts());
  await other.page.screenshot({ path: "/tmp/limbeck/s-ran.png" });
  log(other.complaints);
} catch (e) { log(String(e)); await page.screenshot({ path: "/tmp/limbeck/s-fail.png" }); }
log(complaints);
await browser.close(); server.close();
