// Prints how quick the page is beside real Alembic under Pyodide in the same Chromium, and beside real Alembic under
// native CPython.
//   node tests/bench/page.mjs [--quick] [--rounds 2] [--sizes 10,100,500,1000] [--only commands,keystrokes,memory,postgresql]
// It wants the release page in dist/ (DIST names another folder) and what `scripts/set-up.sh test` installs.
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Measurements, measure } from "./commands.mjs";
import { keystrokes } from "./keystrokes.mjs";
import { memory } from "./memory.mjs";
import { postgresql } from "./postgresql.mjs";
import { printCommands, printKeystrokes, printMemory, printPostgresql } from "./report.mjs";
import { Native, Pages } from "./sides.mjs";

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, rounds: { type: "string" }, sizes: { type: "string" }, only: { type: "string" } },
});
const parts = (values.only ?? "commands,keystrokes,memory,postgresql").split(",");
const rounds = Number(values.rounds ?? (values.quick ? 1 : 2));
const sizes = values.sizes?.split(",").map(Number) ?? (values.quick ? [10, 100] : [10, 100, 500, 1000]);
const progress = (text) => process.stderr.write(`${text}\n`);

const load = () => loadavg()[0].toFixed(1);

const native = new Native();
const pages = await Pages.start(native);
console.log(`${pages.browser.version()} (Chromium), ${cpus().length} processors; load before the start: ${load()}`);
try {
  if (parts.includes("commands")) {
    const measurements = new Measurements();
    await measure(pages, native, { rounds, sizes }, measurements, progress);
    printCommands(measurements);
  }
  if (parts.includes("keystrokes")) printKeystrokes(await keystrokes(pages, native, values.quick ? [50] : [50, 200], progress));
  if (parts.includes("memory")) printMemory(await memory(pages, native, values.quick ? [1, 10, 50] : [1, 10, 50, 200], progress));
  if (parts.includes("postgresql")) printPostgresql(await postgresql(pages, progress));
  console.log(`\nload at the end: ${load()}${loadavg()[0] > cpus().length ? "; the machine had other work, read these figures with care" : ""}`);
} finally {
  await pages.close();
  native.close();
}
