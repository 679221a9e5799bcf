// The worker of the rehearsed page, in a thread of Node: what a browser gives a worker, as far as ours asks for it.
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const { root, name } = workerData;
globalThis.self = globalThis;
globalThis.name = name;
globalThis.location = new URL("http://localhost/worker/worker.js");
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on("message", (data) => globalThis.onmessage(new MessageEvent("message", { data })));
const { default: init } = await import(new URL("worker.js", root));
await init({ module_or_path: readFileSync(new URL("worker_bg.wasm", root)) });
