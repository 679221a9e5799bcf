import { serve } from "./web/serve.mjs";
import { launch, open } from "./tests/browser/browser.mjs";
const server = await serve({ port: 0, root: process.env.DIST ?? "dist", prefix: "/some/where/" });
const url = `http://127.0.0.1:${server.address().port}/some/where/`;
const browser = await launch();
for (const [name, o] of Object.entries({ dark: { theme: "dark" }, phone: { width: 390, height: 844 }})) {
  const { page } = await open(browser, url, o);
  page.setDefaultTimeout(15000);
  await page.waitForSelector(".share-menu");
  await page.click(".share-menu summary"); await page.screenshot({ path: `/tmp/limbeck/s-${name}-menu.png` });
  await page.click('[data-share="link"]');
  await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
  await page.screenshot({ path: `/tmp/limbeck/s-${name}-offer.png` });
  const a = await page.evaluate(() => window.limbeck.share({ run: ["alembic downgrade -1", "alembic upgrade head"] }));
  await page.keyboard.press("Escape");
  await page.evaluate((hash) => { location.hash = hash; }, new URL(a.url).hash);
  await page.waitForSelector("dialog[open] pre"); await page.screenshot({ path: `/tmp/limbeck/s-${name}-arrived.png` });
  await page.keyboard.press("Escape");
  await page.evaluate(() => { location.hash = "#limbeck=1.AAAA"; });
  await page.waitForSelector("dialog[open] [role=alert]"); await page.screenshot({ path: `/tmp/limbeck/s-${name}-refused.png` });
}
await browser.close(); server.close();
