// The tables that the bench prints, in Markdown.
import { median } from "./commands.mjs";
import { LONG } from "./trace.mjs";

const AIM_PYODIDE = 3;
/** Autogenerate and check. */
const AIM_COMPARING = 10;
const AIM_OPENING = 8;

const time = (milliseconds) => (Number.isNaN(milliseconds) ? "–" : milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds).toLocaleString("en"));
const ratio = (number) => (Number.isFinite(number) ? (number < 10 ? number.toFixed(1) : number.toFixed(0)) : "–");

function print(title, head, rows) {
  console.log(`\n${title}\n`);
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(" | ")} |`;
  console.log([line(all[0]), `|${widths.map((width, column) => (column ? `${"-".repeat(width + 1)}:` : "-".repeat(width + 2))).join("|")}|`, ...all.slice(1).map(line)].join("\n"));
}

export function printCommands(measurements) {
  const missed = [];
  printOpening(measurements, missed);
  const rows = measurements.rows().map((row) => {
    const of = (column) => measurements.of(row, column);
    // The worst of apart and back to back, cold and warm, each beside Pyodide in the same state.
    const pyodide = Math.min(...["cold", "warm"].flatMap((state) => ["apart", "together"].map((how) => of(`Pyodide ${state}`) / of(`${how} ${state}`))));
    const native = of("native warm") / Math.max(of("apart warm"), of("together warm"));
    const aim = /^(autogenerate|check)/.test(row) ? AIM_COMPARING : AIM_PYODIDE;
    if (!(pyodide >= aim)) missed.push(`${row}: ${ratio(pyodide)} times Pyodide's speed, the aim is ${aim}`);
    if (!(native >= 1)) missed.push(`${row}: ${ratio(native)} times native Alembic's speed, the aim is 1`);
    const columns = ["native warm", "Pyodide cold", "Pyodide warm", "apart cold", "apart warm", "together cold", "together warm"];
    return [row, ...columns.map((column) => time(of(column))), `${ratio(pyodide)} x`, `${ratio(native)} x`];
  });
  print(
    "Commands, median milliseconds (cold: the first time in a page; apart: 4 s after the one before; together: at once; the ratios are the worst of ours)",
    ["command", "CPython warm", "Pyodide cold", "Pyodide warm", "apart cold", "apart warm", "together cold", "together warm", "beside Pyodide", "beside CPython"],
    rows,
  );
  console.log(`\nmain thread during these commands: ${measurements.overLong ? `longest task ${time(measurements.longest)} ms, ${measurements.overLong} of ${LONG} ms and more` : `no task of ${LONG} ms or more`}`);
  printPhases(measurements);
  console.log(missed.length ? `\nShort of the aim:\n${missed.map((one) => `- ${one}`).join("\n")}` : "\nAll aims are met.");
}

function printOpening({ opening }, missed) {
  const sorted = (column) => [...(opening.get(column) ?? [])].sort((a, b) => a - b);
  const rows = ["cold", "warm"].map((state) => {
    const [pyodide, ours] = [sorted(`Pyodide ${state}`), sorted(`Limbeck ${state}`)];
    const middle = (list) => list[list.length >> 1] ?? NaN;
    const faster = middle(pyodide) / middle(ours);
    if (!(faster >= AIM_OPENING)) missed.push(`open to first command, ${state}: ${ratio(faster)} times Pyodide's speed, the aim is ${AIM_OPENING}`);
    return [`open to first command, ${state}`, ...[pyodide, ours].map((list) => `${time(middle(list))} (${time(list[0] ?? NaN)}–${time(list.at(-1) ?? NaN)})`), `${ratio(faster)} x`];
  });
  print("Opening, median milliseconds (quickest–slowest)", ["", "Pyodide", "Limbeck", "faster"], rows);
}

function printPhases(measurements) {
  const columns = measurements.columns();
  if (!columns.length) {
    console.log("\nwhere the time goes: this page's `limbeck.run` gives no `timings`");
    return;
  }
  const entries = measurements.rows().flatMap((row) => columns.map((column) => ({ row, column, phases: measurements.phases(row, column) })));
  const names = [...new Set(entries.flatMap((entry) => Object.keys(entry.phases)))];
  const rows = entries.map(({ row, column, phases }) => [`${row}, ${column}`, ...names.map((name) => time(phases[name] ?? NaN)), time(measurements.of(row, column))]);
  print("Where the time goes, median milliseconds", ["command", ...names, "whole"], rows);
}

const overLong = (tasks, measure) => tasks.filter((task) => task[measure] > LONG).length;

export function printKeystrokes(results) {
  print(
    "Keystroke to pending operations, milliseconds",
    ["tables", "median", "slowest", "longest task", `tasks over ${LONG} ms`, "of processor time"],
    results.map(({ tables, taken, tasks }) => [tables, time(taken[taken.length >> 1]), time(taken.at(-1)), time(tasks[0]?.milliseconds ?? NaN), overLong(tasks, "milliseconds"), overLong(tasks, "processor")]),
  );
}

export function printMemory({ counts, sides }) {
  print(
    "Memory of the page's process, MB, after so many commands",
    ["commands", ...sides.map((side) => side.label)],
    counts.map((count, index) => [count, ...sides.map((side) => (side.megabytes[index] === undefined ? "–" : side.megabytes[index].toFixed(0)))]),
  );
}

export function printHectic({ tasks, commands, quiet, probe, failures, done, seconds }) {
  const long = tasks.filter((task) => task.milliseconds > LONG);
  const count = Object.entries(done).map(([name, times]) => `${name} ${times}`);
  console.log(`\n${seconds} s of hectic use (${count.join(", ")}): ${tasks.length.toLocaleString("en")} tasks on the main thread, ${long.length} over ${LONG} ms, ${overLong(tasks, "processor")} of them by processor time (aim: none)`);
  long.sort((a, b) => b.processor - a.processor);
  if (long.length) print(`Tasks over ${LONG} ms, those first that took most of the processor, milliseconds`, ["during", "task", "on the processor", "its longest part"], long.slice(0, 20).map((task) => [task.during, time(task.milliseconds), time(task.processor), task.part]));
  const slowest = (list) => (list.length ? Math.max(...list) : NaN);
  const rows = Object.keys(quiet).map((line) => {
    const ran = commands.filter((one) => one.line === line && !one.before && !one.failed);
    const taken = ran.map((one) => one.milliseconds);
    const waited = taken.map((milliseconds) => Math.max(0, milliseconds - quiet[line]));
    const told = ran.map((one) => one.timings?.wait).filter((milliseconds) => milliseconds !== undefined);
    return [line, ran.length, time(quiet[line]), time(median(taken)), time(slowest(taken)), time(median(waited)), time(slowest(waited)), told.length ? `${time(median(told))}, ${time(slowest(told))}` : "–"];
  });
  print(
    `Commands that no other command went before, milliseconds (${probe} does next to nothing: what it takes beyond the quiet is waiting; aim: 5)`,
    ["command", "times", "in quiet", "median", "slowest", "beyond quiet", "slowest", "waited, by its own account"],
    rows,
  );
  const failed = commands.filter((one) => one.failed || (one.status && one.line === probe));
  if (failed.length) console.log(`\n${failed.length} commands failed, the first: ${failed[0].line}: ${failed[0].failed ?? `status ${failed[0].status}`}`);
  if (failures.length) console.log(`\n${failures.length} actions could not be done:\n${[...new Set(failures)].map((one) => `- ${one}`).join("\n")}`);
}

export function printPostgresql({ first, again, megabytes: [before, after], state: [bytes, packed] }) {
  const size = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
  print("PostgreSQL in the page", ["", ""], [
    ["from the click to the end of the first upgrade, first visit", `${time(first.cold)} ms`],
    ["the same, with what the browser has kept", `${time(first.warm)} ms`],
    ...again.map(([name, milliseconds]) => [`${name}, after that`, `${time(milliseconds)} ms`]),
    ["the page's process before it is loaded, and after 15 commands", `${megabytesOf(before)}, ${megabytesOf(after)}`],
    ["a saved state of the example's database, and deflated", `${size(bytes)}, ${size(packed)}`],
  ]);
}

const megabytesOf = (megabytes) => (megabytes === undefined ? "–" : `${megabytes.toFixed(0)} MB`);
