// Runs the worker in Node as a first visit does, to see which of its functions that takes:
//   node web/hooks/rehearse_worker.mjs MODULE.wasm GLUE.js OUT.json [TOLD.json]
// OUT gets the functions' names and what a worker for trials was told; with that as TOLD, one for trials is run. A process of its own, since the glue takes Node for a worker and the worker never ends by itself.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import "fake-indexeddb/auto";
import { resources } from "./resources.mjs";
import { instrument } from "./split.mjs";

const [wasm, glue, out, told] = process.argv.slice(2);
const { bytes, called } = instrument(readFileSync(wasm));

// The few words of the protocol that are spoken here; `the_build_speaks_the_protocol` in the session's tests holds them.
const source = readFileSync(new URL("../src/protocol/lib.rs", import.meta.url), "utf8");
const PROTOCOL = Number(/pub const PROTOCOL: u32 = (\d+);/.exec(source)[1]);
const number = (of) => (of < 128 ? [of] : [(of & 127) | 128, ...number(of >> 7)]);
const text = (of) => [...number(Buffer.byteLength(of)), ...Buffer.from(of)];
const run = (line) => [0, 0, ...text(line)];
const PENDING = [1, 0];
const read = (path) => [3, 0, ...text(path)];
const rows = (database, table) => [4, 1, ...text(database), ...text(table), 0, 100, 0];
const type = (path, contents) => [3, 6, ...text(path), 0, ...text(contents)];
const tell = (trial) => [11, 0, ...number(trial)];
const READY = 0;
const PROGRESS = 1;
const DONE = 2;
const LISTENING = 9;

// What the page asks by itself, and what a person may.
const VISIT = [
  rows("library.db", "author"),
  PENDING,
  read("models.py"),
  run("alembic current"),
  run("alembic downgrade -1"),
  // It says that the database is not up to date.
  PENDING,
  run("alembic upgrade head"),
  // A table that it made, with a default.
  rows("library.db", "loan"),
  run("alembic history"),
  run("ls && cat models.py"),
  run("sqlite3 library.db 'select * from book'"),
  run("alembic revision --autogenerate -m first"),
  run("alembic upgrade head"),
  run("alembic check"),
  run("python -m alembic upgrade nowhere"),
  PENDING,
];

// What a browser gives a worker and Node does not, as far as ours asks for it. Nobody else wants the locks.
// The name is what the page says to a worker, as JSON.
const name = told ? '{"trials":true}' : '{"workspace":"","held":false,"unsaved":false}';
Object.assign(globalThis, { name, location: new URL("http://localhost/worker.js") });
Object.defineProperty(globalThis, "navigator", {
  value: { locks: { request: async (name, _options, granted) => granted({ name }) } },
});
// What IndexedDB says comes as an event; those of fake-indexeddb are not Node's.
const texts = resources();
globalThis.readResource = (name) => texts[name];
globalThis.Event = Object.getPrototypeOf(IDBVersionChangeEvent);
const waiting = new Map();
const answer = (id) => new Promise((done) => waiting.set(id, done));
globalThis.postMessage = (message) => {
  const view = new DataView(message.buffer, message.byteOffset);
  const [id, kind] = [view.getUint32(4, true), view.getUint8(8)];
  if (kind !== PROGRESS) waiting.get(id)?.(kind);
};

const message = (id, body) => {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, PROTOCOL, true);
  head.setUint32(4, id, true);
  return Uint8Array.from([...new Uint8Array(head.buffer), ...body]);
};
const send = (data, ports = []) => globalThis.onmessage(new MessageEvent("message", { data, ports }));
async function ask(id, body) {
  const done = answer(id);
  send(message(id, body));
  if ((await done) !== DONE) throw new Error(`the worker does not answer request ${id}`);
}

const { default: init } = await import(pathToFileURL(glue));
const started = answer(0);
await init({ module_or_path: bytes });
if ((await started) !== (told ? LISTENING : READY)) throw new Error("the worker is not ready");
const { port1, port2 } = new MessageChannel();
if (told) {
  send(new Uint8Array(), [port1]);
  for (const [index, update] of JSON.parse(readFileSync(told)).told.entries()) {
    port2.postMessage(Uint8Array.from(update));
    await ask(index + 1, PENDING);
  }
  writeFileSync(out, JSON.stringify({ called: called() }));
  process.exit(0);
}
const updates = [];
const tellTrials = async (ports) => {
  const next = new Promise((done) => (port2.onmessage = ({ data }) => done(data)));
  send(message(0, tell(updates.length + 1)), ports);
  updates.push([...(await next)]);
};
await tellTrials([port1]);
for (const [index, body] of VISIT.entries()) await ask(index + 1, body);
await ask(VISIT.length + 1, type("models.py", "# empty"));
await tellTrials();
if (!(await indexedDB.databases()).length) throw new Error("the worker has saved nothing");
writeFileSync(out, JSON.stringify({ called: called(), told: updates }));
process.exit(0);
