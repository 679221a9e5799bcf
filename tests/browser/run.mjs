// Runs every test of the page in Chromium: node tests/browser/run.mjs [NAME ...]
// The page is the release build in dist/ (DIST names another folder), under a path prefix.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { launch, open } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = process.env.DIST ?? join(here, "../../dist");
if (!existsSync(join(root, "index.html"))) {
  console.error(`${root} holds no page; build it first: make page`);
  process.exit(1);
}
const server = await serve({ port: 0, root, prefix: "/some/where/" });
const url = `http://127.0.0.1:${server.address().port}/some/where/`;
const browser = await launch();
const wanted = process.argv.slice(2);
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });
// How long a test may take, in seconds. One that needs longer says so: test.seconds = 600.
const USUAL = 90;
let passed = 0;
let failed = 0;
const waiting = [];
for (const file of readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort()) {
  const tests = (await import(`./${file}`)).default;
  if (!Object.keys(tests).length) {
    console.log(`FAILED ${file} holds no test`);
    failed += 1;
  }
  for (const [name, test] of Object.entries(tests)) {
    if (!wanted.length || wanted.some((part) => `${file} ${name}`.includes(part))) waiting.push([name, test]);
  }
}
// The longest first, so that none is left alone at the end.
waiting.sort(([, one], [, other]) => (other.seconds ?? USUAL) - (one.seconds ?? USUAL));
// Two at a time: a page waits for its worker more than it works. A busy machine may keep a page waiting: what fails is
// tried again, alone; what fails twice is broken.
const again = [];
async function lane() {
  for (let next; (next = waiting.shift()); ) {
    if (await attempt(...next, false)) passed += 1;
    else again.push(next);
  }
}
await Promise.all([lane(), lane()]);
for (const next of again) {
  if (await attempt(...next, true)) passed += 1;
  else failed += 1;
}
await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);

// Runs one test in contexts of its own and says how it went.
async function attempt(name, test, again) {
  const opened = [];
  const seconds = test.seconds ?? USUAL;
  // Each test gets its own browser context: nothing is saved from another.
  const fresh = async (options) => {
    const one = await open(browser, url, options);
    opened.push(one);
    return one;
  };
  try {
    await Promise.race([
      test(fresh, { url, browser }),
      new Promise((_, fail) => setTimeout(() => fail(new Error(`took longer than ${seconds} s`)), seconds * 1000).unref()),
    ]);
    const complaints = opened.flatMap((one) => one.complaints);
    if (complaints.length) throw new Error(`the browser complains:\n  ${complaints.join("\n  ")}`);
    console.log(`ok    ${name}${again ? " (at the second try)" : ""}`);
    return true;
  } catch (error) {
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split("\n").slice(0, 14).join("\n  ")}`);
    for (const [index, one] of opened.entries()) {
      if (one.complaints.length) console.log(`  browser: ${one.complaints.join("\n  ")}`);
      if (pictures) await one.page.screenshot({ path: join(pictures, `${name.replace(/\W+/g, "-")}-${index}.png`) }).catch(() => {});
    }
    return false;
  } finally {
    for (const one of opened) await one.context.close();
  }
}
