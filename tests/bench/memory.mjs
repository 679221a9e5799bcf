// What the page's process holds after so many commands.
import { readFileSync } from "node:fs";
import { Ours, Pyodide } from "./sides.mjs";

const TABLES = 100;
const CYCLE = [["check"], ["downgrade", "base"], ["upgrade", "head"], ["history"], ["current"]];

/** Megabytes after each of these numbers of commands, for ours and for Pyodide. */
export async function memory(pages, native, counts, progress) {
  const { files } = await native.make("tables", TABLES);
  const sides = [];
  for (const side of [Ours, Pyodide]) {
    progress(`memory of ${side.label}`);
    const context = await pages.context();
    try {
      const one = await side.open(pages, context, files);
      const megabytes = [];
      await one.load(files);
      await one.run(["revision", "--autogenerate", "-m", "all"]);
      await one.run(["upgrade", "head"]);
      for (let done = 1; done <= counts.at(-1); done += 1) {
        await one.run(CYCLE[done % CYCLE.length]);
        if (counts.includes(done)) megabytes.push(await held(pages.browser, one.page));
      }
      sides.push({ label: side.label, megabytes });
    } finally {
      await context.close();
    }
  }
  return { counts, sides };
}

/** Megabytes of the process that draws the page and runs its workers, after a collection of garbage. */
export async function held(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.detach();
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  await system.detach();
  const sizes = processInfo.filter((one) => one.type === "renderer").map((one) => resident(one.id));
  // Chromium keeps a spare renderer, which is small.
  return Math.max(...sizes);
}

/** Linux alone tells it; elsewhere the table has dashes. */
function resident(pid) {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]) / 1024;
  } catch {
    return undefined;
  }
}
