// Runs the worker in Node as a first visit does, to see which of its functions that takes:
//   node web/hooks/rehearse_worker.mjs MODULE.wasm GLUE.js OUT.json
// A process of its own, since the glue takes Node for a worker and the worker never ends by itself.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { marked } from "./split.mjs";

const [wasm, glue, out] = process.argv.slice(2);
const { bytes, called } = marked(readFileSync(wasm));

// The few words of the protocol that are spoken here; `the_build_speaks_the_protocol` in the session's tests holds them.
const source = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../src/protocol/lib.rs"), "utf8");
const PROTOCOL = Number(/pub const PROTOCOL: u32 = (\d+);/.exec(source)[1]);
const text = (of) => [...number(Buffer.byteLength(of)), ...Buffer.from(of)];
const number = (of) => (of < 128 ? [of] : [(of & 127) | 128, ...number(of >> 7)]);
const run = (line) => [0, 0, ...text(line)];
const PENDING = [1, 0];
const READY = 0;
const PROGRESS = 1;
const DONE = 2;

const waiting = new Map();
const answer = (id) => new Promise((done) => waiting.set(id, done));
globalThis.postMessage = (message) => {
  const view = new DataView(message.buffer, message.byteOffset);
  const [id, kind] = [view.getUint32(4, true), view.getUint8(8)];
  if (kind !== PROGRESS) waiting.get(id)?.(kind);
};
globalThis.location ??= new URL("http://localhost/worker/worker.js");
globalThis.name ??= "";

const { default: init } = await import(pathToFileURL(glue).href);
const started = answer(0);
await init({ module_or_path: bytes });
if ((await started) !== READY) throw new Error("the worker is not ready");
let last = 0;
for (const body of [
  PENDING,
  run("alembic current"),
  run("alembic downgrade -1"),
  run("alembic upgrade head"),
  run("alembic history"),
  run("ls && cat models.py"),
  run("sqlite3 library.db 'select * from book'"),
  run("alembic revision --autogenerate -m first"),
  run("alembic upgrade head"),
  run("alembic check"),
  run("python -m alembic upgrade nowhere"),
  PENDING,
]) {
  last += 1;
  const done = answer(last);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, PROTOCOL, true);
  head.setUint32(4, last, true);
  const data = Uint8Array.from([...new Uint8Array(head.buffer), ...body]);
  globalThis.onmessage(new MessageEvent("message", { data }));
  if ((await done) !== DONE) throw new Error(`the worker does not answer request ${last}`);
}
writeFileSync(out, JSON.stringify(called()));
process.exit(0);
