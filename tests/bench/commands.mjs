// How long commands take: on ours, on Alembic under Pyodide, and on Alembic under native CPython.
import { Ours, Pyodide } from "./sides.mjs";
import { longTasks, settled, watchLongTasks } from "./trace.mjs";

/** Seconds between two commands of somebody who looks at what the first has done. */
const APART = 4;
const REVISION = "first";

const jobs = {
  tables: {
    sizes: [10, 100, 500],
    commands: [
      ["autogenerate", ["revision", "--autogenerate", "-m", "all", "--rev-id", REVISION]],
      ["upgrade", ["upgrade", "head"]],
      ["check", ["check"]],
      ["downgrade", ["downgrade", "base"]],
    ],
    made: `alembic/versions/${REVISION}_all.py`,
  },
  revisions: {
    sizes: [100, 1000],
    commands: [
      ["upgrade", ["upgrade", "head"]],
      ["history", ["history"]],
      ["downgrade", ["downgrade", "base"]],
    ],
  },
};

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** What was measured: a list of milliseconds by row and column, and where our time went. */
export class Measurements {
  times = new Map();
  timings = new Map();
  opening = new Map();
  longest = 0;
  overLong = 0;

  static #push(map, key, value) {
    if (!map.has(key)) map.set(key, []);
    map.get(key).push(value);
  }

  add(row, column, { milliseconds, timings }) {
    Measurements.#push(this.times, `${row}|${column}`, milliseconds);
    if (timings) Measurements.#push(this.timings, `${row}|${column}`, timings);
  }

  of(row, column) {
    return median(this.times.get(`${row}|${column}`) ?? []);
  }

  /** Median milliseconds by phase. */
  phases(row, column) {
    const all = this.timings.get(`${row}|${column}`) ?? [];
    const names = [...new Set(all.flatMap((one) => Object.keys(one)))];
    return Object.fromEntries(names.map((name) => [name, median(all.map((one) => one[name] ?? 0))]));
  }

  opened(column, milliseconds) {
    Measurements.#push(this.opening, column, milliseconds);
  }

  rows() {
    return [...new Set([...this.times.keys()].map((key) => key.split("|")[0]))];
  }

  columns() {
    return [...new Set([...this.timings.keys()].map((key) => key.split("|")[1]))];
  }
}

export const median = (numbers) => {
  if (!numbers.length) return NaN;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** One side after the other, in turns, so that a busy moment of the machine meets all of them. */
export async function measure(pages, native, { rounds, sizes }, measurements, progress) {
  const first = await native.make("tables", 10);
  // The servers compress what they have not sent before; nobody's opening shall wait for that.
  for (const side of [Ours, Pyodide]) await once(pages, side, first.files, async () => {});
  for (let round = 1; round <= rounds; round += 1) {
    for (const [kind, job] of Object.entries(jobs)) {
      for (const size of job.sizes.filter((size) => sizes.includes(size))) {
        progress(`round ${round} of ${rounds}: ${size.toLocaleString("en")} ${kind}`);
        const project = await native.make(kind, size);
        const rows = job.commands.map(([name, argv]) => ({ row: `${name}, ${size.toLocaleString("en")} ${kind}`, argv }));
        const passes = (side, column, pause) => inPage(side, job, rows, pause, (row, temperature, taken) => measurements.add(row, `${column} ${temperature}`, taken));
        await once(pages, Ours, project.files, passes(Ours, "together", 0), measurements);
        await once(pages, Pyodide, first.files, async (side) => {
          await side.load(project.files);
          await passes(Pyodide, "Pyodide", 0)(side);
        }, measurements);
        await once(pages, Ours, project.files, passes(Ours, "apart", APART), measurements);
        await nativePasses(native, project.folder, job, rows, measurements);
      }
    }
  }
}

/** Opens a side in a context of its own and works in it. */
async function once(pages, side, files, work, measurements) {
  const context = await pages.context();
  try {
    if (side === Ours) await context.addInitScript(watchLongTasks);
    const one = await side.open(pages, context, files);
    measurements?.opened(`${side.label} cold`, one.opened);
    if (side === Ours) await one.load(files);
    await work(one);
    if (side === Ours && measurements) {
      const tasks = await longTasks(one.page);
      measurements.longest = Math.max(measurements.longest, ...tasks);
      measurements.overLong += tasks.length;
    }
    if (measurements) {
      await one.page.close();
      const again = await side.open(pages, context, files);
      measurements.opened(`${side.label} warm`, again.opened);
    }
  } finally {
    await context.close();
  }
}

/** The commands twice: in a page that has just opened, and in one that has done them before. */
const inPage = (side, job, rows, pause, record) => async (one) => {
  for (const temperature of ["cold", "warm"]) {
    if (side === Ours) await settled(one.page);
    for (const { row, argv } of rows) {
      if (pause) await wait(pause);
      record(row, temperature, await one.run(argv));
    }
    if (job.made) await one.remove(job.made);
  }
};

async function nativePasses(native, folder, job, rows, measurements) {
  for (const temperature of ["cold", "warm", "warm"]) {
    for (const { row, argv } of rows) {
      measurements.add(row, `native ${temperature}`, { milliseconds: await native.run(folder, argv) });
    }
    if (job.made) await native.remove(folder, job.made);
  }
}
