// Types in a models file of 50 tables and reports the page's longest task, from a recorded trace.
//   node tests/bench/typing.mjs        the trace is kept in target/typing-trace.json
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { launch, open } from "../browser/browser.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const trace = join(root, "target/typing-trace.json");
mkdirSync(dirname(trace), { recursive: true });
const server = await serve({ port: 0, root: process.env.DIST ?? join(root, "dist") });
const browser = await launch();
const { page } = await open(browser, `http://127.0.0.1:${server.address().port}/limbeck/`);
const table = (number) =>
  `\n\nclass T${number}(Base):\n    __tablename__ = "t${number}"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n` +
  Array.from({ length: 10 }, (_, column) => `    c${column}: Mapped[str | None] = mapped_column(String(40))\n`).join("");
await page.evaluate(async (more) => {
  const text = await window.limbeck.files.read("models.py");
  await window.limbeck.files.write("models.py", text + more);
}, Array.from({ length: 50 }, (_, number) => table(number)).join(""));
const settled = () => page.waitForFunction(() => document.querySelector(".pending").getAttribute("aria-busy") === "false", null, { timeout: 60_000 });
await page.waitForTimeout(500);
await settled();
await page.locator("#models .cm-line", { hasText: "class Base" }).click();
await page.keyboard.press("End");
await browser.startTracing(page, { path: trace, categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
const started = Date.now();
await page.keyboard.type("  # what a person types while the engine compares fifty tables", { delay: 60 });
await settled();
const seconds = (Date.now() - started) / 1000;
await browser.stopTracing();
const events = JSON.parse(readFileSync(trace)).traceEvents;
const main = events.find((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain");
const tasks = events.filter((event) => event.name.endsWith("RunTask") && event.ph === "X" && event.pid === main?.pid && event.tid === main?.tid);
const durations = tasks.map((event) => event.dur / 1000).sort((a, b) => b - a);
const state = await page.evaluate(() => window.limbeck.state().pending);
console.log(`typing in a models file of 50 tables, ${seconds.toFixed(1)} s, ${durations.length} tasks on the main thread`);
console.log(`  longest tasks: ${durations.slice(0, 5).map((ms) => ms.toFixed(1)).join(", ")} ms (aim: none over 50 ms)`);
console.log(`  over 50 ms: ${durations.filter((ms) => ms > 50).length}`);
console.log(`  Pending found ${state?.operations.length} changes in ${((state?.microseconds ?? 0) / 1000).toFixed(0)} ms, in the worker`);
await browser.close();
server.close();
