// PostgreSQL in the page: from the click that opens a project on it to the end of its first command, what commands take
// after that, what the page's process holds, and how large a saved state is.
import { gzipSync } from "node:zlib";
import { median } from "./commands.mjs";
import { held } from "./memory.mjs";
import { Ours } from "./sides.mjs";

const EXAMPLE = "orders";
const AGAIN = [["downgrade", "base"], ["upgrade", "head"], ["check"]];
const TIMES = 5;

/** Milliseconds of the first command, for a first visit (cold) and for one with what the browser has kept (warm); of the
 * commands after it; megabytes before and after; bytes of the state. */
export async function postgresql(pages, progress) {
  const context = await pages.context();
  try {
    const first = {};
    let result;
    for (const temperature of ["cold", "warm"]) {
      progress(`PostgreSQL, ${temperature}`);
      const ours = await Ours.open(pages, context);
      const before = await held(pages.browser, ours.page);
      first[temperature] = await ours.page.evaluate(async (example) => {
        const start = performance.now();
        await window.limbeck.reset(example);
        const { status, stderr } = await window.limbeck.run("alembic upgrade head");
        if (status) throw new Error(stderr);
        return performance.now() - start;
      }, EXAMPLE);
      const again = Object.fromEntries(AGAIN.map(([name]) => [name, []]));
      for (let time = 0; time < TIMES; time += 1) {
        for (const argv of AGAIN) again[argv[0]].push((await ours.run(argv)).milliseconds);
      }
      const after = await held(pages.browser, ours.page);
      const bytes = Buffer.from(await ours.page.evaluate(async () => {
        const contents = await window.limbeck.files.read("postgresql:///orders");
        return typeof contents === "string" ? [...new TextEncoder().encode(contents)] : [...contents];
      }));
      result = {
        again: Object.entries(again).map(([name, times]) => [name, median(times)]),
        megabytes: [before, after],
        state: [bytes.length, gzipSync(bytes).length],
      };
      await ours.page.close();
    }
    return { first, ...result };
  } finally {
    await context.close();
  }
}
