// From a key that changes models to the pending operations that say so, and what the main thread does meanwhile.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ours } from "./sides.mjs";
import { settled, traced } from "./trace.mjs";

const KEYS = "abcdefghijklmnopqrstuvwxyz";
/** Where each takes long there are fewer of them. */
const AT_MOST_SECONDS = 60;
const target = join(dirname(fileURLToPath(import.meta.url)), "../../target");

/** Types a column's name, letter by letter, in models that the database matches; milliseconds are sorted. */
export async function keystrokes(pages, native, sizes, progress) {
  mkdirSync(target, { recursive: true });
  const results = [];
  for (const tables of sizes) {
    progress(`keystrokes in models of ${tables} tables`);
    const { files } = await native.make("tables", tables);
    const context = await pages.context();
    try {
      const ours = await Ours.open(pages, context);
      const { page } = ours;
      await ours.load(files);
      await ours.run(["revision", "--autogenerate", "-m", "all"]);
      await ours.run(["upgrade", "head"]);
      await page.evaluate(() => window.limbeck.open({ file: "models.py", line: 1 }));
      await settled(page);
      await toColumn(page);
      const taken = [];
      const file = join(target, `keystrokes-${tables}-trace.json`);
      const tasks = await traced(pages.browser, page, file, async () => {
        const end = Date.now() + AT_MOST_SECONDS * 1000;
        for (let number = 0; number < KEYS.length && Date.now() < end; number += 1) taken.push(await keystroke(page, KEYS[number], `column_0${KEYS.slice(0, number + 1)}`));
      });
      results.push({ tables, taken: taken.sort((a, b) => a - b), tasks });
    } finally {
      await context.close();
    }
  }
  return results;
}

/** Puts the cursor behind the name of the first table's first column. */
async function toColumn(page) {
  await page.locator("#models .cm-line", { hasText: "column_0 = " }).first().click();
  await page.keyboard.press("Home");
  for (const _ of "column_0") await page.keyboard.press("ArrowRight");
}

/** Presses a key, and measures in the page from its event to the pending operations that name the column. */
async function keystroke(page, key, column) {
  await page.evaluate((column) => {
    window.keystroke = new Promise((done, fail) => {
      let pressed;
      window.addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true, once: true });
      const late = setTimeout(() => fail(new Error(`Pending never named ${column}`)), 60_000);
      const end = window.limbeck.on("pending", () => {
        const operations = window.limbeck.state().pending?.operations ?? [];
        if (!operations.some((operation) => JSON.stringify(operation).includes(column))) return;
        clearTimeout(late);
        end();
        done(performance.now() - pressed);
      });
    });
  }, column);
  await page.keyboard.press(key);
  const milliseconds = await page.evaluate(() => window.keystroke);
  // Nobody types a letter at the very moment that the answer to the one before appears.
  await page.waitForTimeout(150);
  return milliseconds;
}
