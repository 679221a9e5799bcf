// Sixty seconds of hectic use in a large project: typing, undo, upgrade, downgrade, switching panes, with 200 tables, 300
// revisions and 10,000 rows. Prints the main thread's long tasks and what each was, and how long commands waited before
// they began.
//   node tests/bench/hectic.mjs [--seconds 60] [--seed 1] [--revisions 300]
// The trace is kept in target/hectic-trace.json, for the Performance panel of Chromium.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./commands.mjs";
import { printHectic } from "./report.mjs";
import { Native, Ours, Pages } from "./sides.mjs";
import { settled, traced } from "./trace.mjs";

const ROWS = 10_000;
/** A command that does next to nothing: what it takes beyond a quiet moment, it has waited. */
const PROBE = "ls";
const DOWN = "alembic downgrade -20";
const UP = "alembic upgrade head";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string", default: "1" }, revisions: { type: "string", default: "300" } },
});
const seconds = Number(values.seconds);

// mulberry32: a seed gives the same numbers again.
let state = Number(values.seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const one = (list) => list[Math.floor(random() * list.length)];
const shuffled = (list) => list.map((item) => [random(), item]).sort(([a], [b]) => a - b).map(([, item]) => item);

async function inModels(page) {
  await page.locator("#models .cm-line", { hasText: "column_0" }).first().click({ timeout: 5000 });
  await page.keyboard.press("Home");
  for (const _ of "column_0") await page.keyboard.press("ArrowRight");
}

const press = async (page, key, times, pause = 60) => {
  for (let number = 0; number < times; number += 1) {
    await page.keyboard.press(key);
    await page.waitForTimeout(pause);
  }
};

const actions = [
  [
    "typing a name",
    async (page) => {
      await inModels(page);
      await page.keyboard.type(one(["name", "title", "of_the_day", "x1"]), { delay: 60 });
    },
  ],
  [
    "typing a comment",
    async (page) => {
      await inModels(page);
      await page.keyboard.press("End");
      await page.keyboard.type("  # what a person types", { delay: 50 });
    },
  ],
  [
    "undo",
    async (page) => {
      await inModels(page);
      await press(page, "Control+z", 6);
    },
  ],
  ["upgrade", (page) => page.evaluate((line) => window.command(line), UP)],
  ["downgrade", (page) => page.evaluate((line) => window.command(line), DOWN)],
  [
    "switching panes",
    async (page) => {
      for (const key of ["Alt+2", "Alt+3", "Alt+4", "Alt+1"]) await press(page, key, 1, 80);
    },
  ],
  [
    "choosing revisions",
    async (page) => {
      await page.locator(".revision").first().click({ timeout: 5000 });
      await press(page, "ArrowDown", 8, 40);
    },
  ],
  [
    "scrolling 10,000 rows",
    async (page) => {
      await page.locator('[data-table="t0"]').first().click({ timeout: 5000 });
      await page.locator("#database [role=tab]", { hasText: "Rows" }).first().click({ timeout: 5000 });
      // What scrolls, not the table: the middle of that lies far outside.
      await page.locator("#database .detail .scroll").first().hover({ timeout: 5000 });
      for (let number = 0; number < 10; number += 1) {
        await page.mouse.wheel(0, 900);
        await page.waitForTimeout(40);
      }
    },
  ],
];

const file = join(dirname(fileURLToPath(import.meta.url)), "../../target/hectic-trace.json");
mkdirSync(dirname(file), { recursive: true });
const native = new Native();
const pages = await Pages.start(native);
try {
  const { files } = await native.make("hectic", Number(values.revisions));
  const context = await pages.context();
  const ours = await Ours.open(pages, context);
  const { page } = ours;
  await ours.load(files);
  await ours.run(["upgrade", "head"]);
  await page.evaluate(
    (rows) => window.limbeck.query(`INSERT INTO t0 (id, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i, 'row ' || i FROM n`),
    ROWS,
  );
  await page.evaluate(() => window.limbeck.open({ file: "models.py", line: 1 }));
  await settled(page);
  const quiet = await inQuiet(page);
  const failures = [];
  const done = {};
  const tasks = await traced(pages.browser, page, file, async () => {
    await startCommands(page, PROBE, seconds);
    const end = Date.now() + seconds * 1000;
    let ahead = [];
    while (Date.now() < end) {
      if (!ahead.length) ahead = shuffled(actions);
      const [name, act] = ahead.pop();
      await page.evaluate((name) => performance.mark(`bench:${name}`), name);
      try {
        await act(page);
        done[name] = (done[name] ?? 0) + 1;
      } catch (error) {
        failures.push(`${name}: ${String(error.message).split("\n")[0]}`);
      }
    }
  });
  const commands = await page.evaluate(() => Promise.all(window.commands));
  printHectic({ tasks, commands, quiet, probe: PROBE, failures, done, seconds });
} finally {
  await pages.close();
  native.close();
}

/** What the commands take when nothing else happens: median milliseconds by command line. */
async function inQuiet(page) {
  const taken = { [PROBE]: [], [DOWN]: [], [UP]: [] };
  for (let round = 0; round < 3; round += 1) {
    for (const line of Object.keys(taken)) {
      await settled(page);
      taken[line].push(
        await page.evaluate(async (line) => {
          const start = performance.now();
          await window.limbeck.run(line);
          return performance.now() - start;
        }, line),
      );
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([line, times]) => [line, median(times)]));
}

/** Lets the page run commands without waiting for them; a probe goes every half second while no command is under way. */
async function startCommands(page, probe, seconds) {
  await page.evaluate(
    ([probe, seconds]) => {
      window.commands = [];
      window.underWay = 0;
      window.command = (line) => {
        const before = window.underWay;
        const start = performance.now();
        window.underWay += 1;
        window.commands.push(
          window.limbeck.run(line).then(
            ({ status, timings }) => {
              window.underWay -= 1;
              return { line, milliseconds: performance.now() - start, status, before, timings };
            },
            (error) => {
              window.underWay -= 1;
              return { line, milliseconds: performance.now() - start, failed: String(error), before };
            },
          ),
        );
      };
      const timer = setInterval(() => window.underWay || window.command(probe), 500);
      setTimeout(() => clearInterval(timer), seconds * 1000);
    },
    [probe, seconds],
  );
}
