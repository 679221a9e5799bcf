// One worker of the rehearsal (rehearse.mjs), in a thread: what a browser gives a worker and Node does not, as far as ours
// asks for it. `workerData` has the instrumented module, the glue's path, what names the resources, and the worker's name.
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import "fake-indexeddb/auto";
import { resources } from "./resources.mjs";
import { watched } from "./split.mjs";

const { instrumented, glue, name } = workerData;
const called = watched(instrumented);
Object.assign(globalThis, { name, location: new URL("http://localhost/worker.js") });
// Nobody else wants the locks.
Object.defineProperty(globalThis, "navigator", {
  value: { locks: { request: async (name, _options, granted) => granted({ name }) } },
});
// What IndexedDB says comes as an event; those of fake-indexeddb are not Node's.
globalThis.Event = Object.getPrototypeOf(IDBVersionChangeEvent);
const texts = resources();
globalThis.readResource = (name) => texts[name];
globalThis.postMessage = (data) => parentPort.postMessage({ data });

// What comes before somebody listens waits, as it does in a browser.
const arrived = [];
const deliver = () => {
  while (arrived.length && globalThis.onmessage) globalThis.onmessage(Object.assign(new Event("message"), arrived.shift()));
};
parentPort.on("message", ({ ask, ...message }) => {
  if (ask) parentPort.postMessage({ called: called() });
  else arrived.push(message);
  deliver();
});

// The compiled module, which the first worker hands on to those for trials (web/worker_loader.js); a stand-in here.
if (JSON.parse(name).trials) await new Promise((go) => ((globalThis.onmessage = go), deliver()));
else globalThis.postMessage(0);
globalThis.onmessage = null;
const { default: init } = await import(pathToFileURL(glue));
await init({ module_or_path: instrumented.bytes });
deliver();
