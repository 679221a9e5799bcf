// Runs the tests of this folder in Chromium, Firefox and WebKit: node tests/browser/engines/run.mjs [NAME ...]
// A name is an engine's or a part of a test's. An engine that is not on this machine is skipped, and that is said.
// The page is the release build in dist/ (DIST names another folder). PICTURES names a folder for a picture of each failure.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../../web/serve.mjs";
import { Absent } from "./absent.mjs";
import tests from "./tests.mjs";

const ENGINES = ["chromium", "firefox", "webkit"];
const SECONDS = 180;
const here = dirname(fileURLToPath(import.meta.url));
const root = process.env.DIST ?? join(here, "../../../dist");
if (!existsSync(join(root, "offline.js"))) {
  console.error(`${root} holds no release build of the page; build it first: make page`);
  process.exit(1);
}
const asked = process.argv.slice(2);
const engines = asked.some((name) => ENGINES.includes(name)) ? ENGINES.filter((name) => asked.includes(name)) : ENGINES;
const parts = asked.filter((name) => !ENGINES.includes(name));
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });
const server = await serve({ port: 0, root, prefix: "/some/where/" });
const url = `http://127.0.0.1:${server.address().port}/some/where/`;
const count = { passed: 0, failed: 0, skipped: 0 };
for (const name of engines) await inEngine(name);
server.close();
console.log(`${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} engines skipped` : ""}`);
process.exit(count.failed || !count.passed ? 1 : 0);

async function inEngine(name) {
  const { start } = await import(`./${name}.mjs`);
  let engine;
  try {
    engine = await start();
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    console.log(`skipped: ${error.message}`);
    count.skipped += 1;
    return;
  }
  console.log(`in ${engine.version}`);
  for (const [title, test] of Object.entries(tests)) {
    if (parts.length && !parts.some((part) => title.includes(part))) continue;
    // A busy machine may keep a page waiting; what fails twice is broken.
    const passed = (await attempt(engine, name, title, test, false)) || (await attempt(engine, name, title, test, true));
    count[passed ? "passed" : "failed"] += 1;
  }
  await engine.close();
}

async function attempt(engine, name, title, test, again) {
  const tabs = [];
  const open = async ({ width = 1440, height = 900, address = url } = {}) => {
    const tab = await engine.tab({ width, height });
    tabs.push(tab);
    await tab.open(address);
    return tab;
  };
  const started = Date.now();
  try {
    await Promise.race([
      test({ open, url, root }),
      new Promise((_, fail) => setTimeout(() => fail(new Error(`took longer than ${SECONDS} s`)), SECONDS * 1000).unref()),
    ]);
    const complaints = tabs.flatMap((tab) => tab.complaints);
    if (complaints.length) throw new Error(`the browser complains:\n  ${complaints.join("\n  ")}`);
    console.log(`ok    ${title} (${((Date.now() - started) / 1000).toFixed(1)} s${again ? ", at the second try" : ""})`);
    return true;
  } catch (error) {
    console.log(`FAILED ${title}\n  ${String(error.stack ?? error).split("\n").slice(0, 14).join("\n  ")}`);
    for (const [index, tab] of tabs.entries()) {
      if (tab.complaints.length) console.log(`  browser: ${tab.complaints.join("\n  ")}`);
      if (pictures) await tab.screenshot(join(pictures, `${name}-${title.replace(/\W+/g, "-")}-${index}.png`)).catch(() => {});
    }
    return false;
  } finally {
    for (const tab of tabs) await tab.close().catch(() => {});
  }
}
