// Goes through a first visit in Node, to see which functions of both modules that takes:
//   node web/hooks/rehearse.mjs FOLDER OUT.json
// FOLDER has what trunk built. OUT gets the functions' names, of the `page` and of the `worker`. The page runs in jsdom,
// its workers in threads. jsdom lays nothing out and some of what a visit calls is chance, so a few functions may be
// missing; they load when they are called (web/deferred.js).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import { build } from "esbuild";
import { JSDOM, VirtualConsole } from "jsdom";
import { instrument, watched } from "./split.mjs";

const [folder, out] = process.argv.slice(2);
const named = (pattern) => join(folder, readdirSync(folder).find((name) => pattern.test(name)));

// jsdom runs scripts, not modules: the page's are made one.
const { outputFiles } = await build({
  entryPoints: [named(/^page-\w+\.js$/)],
  bundle: true,
  write: false,
  format: "iife",
  globalName: "glue",
  define: { "import.meta.url": '""' },
  alias: { limbeck: fileURLToPath(new URL("..", import.meta.url)) },
  loader: { ".css": "text" },
  logLevel: "error",
});
const { window } = new JSDOM(readFileSync(join(folder, "index.html")), {
  url: "http://localhost/",
  pretendToBeVisual: true,
  runScripts: "outside-only",
  virtualConsole: new VirtualConsole().sendTo(console),
});

// What a browser has and jsdom lacks, as far as the page asks for it.
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.assign(window, { IntersectionObserver: Observer, ResizeObserver: Observer, MessageChannel, TextDecoder, TextEncoder });
window.matchMedia = (media) => ({ media, matches: false, addEventListener() {}, removeEventListener() {} });
window.performance.mark = () => {};
window.Element.prototype.scrollIntoView = () => {};
window.Element.prototype.scrollTo = () => {};
window.Range.prototype.getBoundingClientRect = () => new window.DOMRect();
window.Range.prototype.getClientRects = () => [];

const instrumentedWorker = instrument(readFileSync(join(folder, "worker_bg.wasm")));
const workers = [];
window.Worker = class {
  constructor(_url, { name }) {
    const workerData = { instrumented: instrumentedWorker, glue: join(folder, "worker.js"), name };
    this.thread = new Thread(new URL("rehearse_worker.mjs", import.meta.url), { workerData });
    this.thread.on("message", ({ data, called }) => {
      if (called) this.tell(called);
      // Of the window's own kind, as the page looks for it.
      else this.onmessage?.({ data: data && new window.Uint8Array(data) });
    });
    this.thread.on("error", (error) => {
      throw error;
    });
    workers.push(this);
  }

  postMessage(data, given = []) {
    const ports = [...given].filter((one) => one instanceof MessagePort);
    this.thread.postMessage({ data: ArrayBuffer.isView(data) ? new Uint8Array(data) : 0, ports }, ports);
  }

  called() {
    return new Promise((told) => {
      this.tell = told;
      this.thread.postMessage({ ask: true });
    });
  }

  terminate() {
    throw new Error("the page has ended a worker");
  }
};

const instrumentedPage = instrument(readFileSync(named(/^page-\w+_bg\.wasm$/)));
const calledOfPage = watched(instrumentedPage, window);
window.eval(outputFiles[0].text);
// An object of the window's own kind, as the glue looks for it.
await window.eval("(module_or_path) => glue.default({ module_or_path })")(instrumentedPage.bytes);

const { document } = window;
async function until(what, look) {
  const end = Date.now() + 120_000;
  while (!look()) {
    if (Date.now() > end) throw new Error(`the rehearsal waits in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
/** Waits until nothing runs and what is shown says so. */
async function rest() {
  await until("nothing runs", () => !window.limbeck.state().running && !document.querySelector(".entry.runs"));
  await until("what changes next is known", () => document.querySelector(".pending")?.getAttribute("aria-busy") === "false");
}
function press(element, key) {
  element.dispatchEvent(new window.KeyboardEvent("keydown", { bubbles: true, cancelable: true, key, code: key }));
}
function click(selector) {
  const element = document.querySelector(selector);
  element.dispatchEvent(new window.MouseEvent("pointerdown", { bubbles: true, cancelable: true }));
  element.click();
}
function type(line) {
  click("#console-input");
  const input = document.querySelector("#console-input");
  input.focus();
  input.value = line;
  input.dispatchEvent(new window.InputEvent("input", { bubbles: true, data: line.at(-1) }));
  press(input, "Enter");
}
const says = (selector, text) => document.querySelector(selector)?.textContent.includes(text);

// What the page does by itself, and the commands that a person tries first. What makes or reviews a revision comes later
// than the deferred modules do.
await window.limbeck.ready;
await window.limbeck.run("alembic current");
await rest();
press(document.body, "Tab");
type("alembic history");
await until("the history is printed", () => says("#console", "<base> ->"));
await rest();
for (const verb of ["downgrade", "upgrade"]) {
  click(`#${verb}`);
  await until(`the ${verb} is told`, () => says("#console", `Running ${verb}`));
  await rest();
}
type("alembic upgrade nowhere");
await until("the typo is explained", () => says("#console", "Can't locate revision"));
await rest();
const leave = () => window.dispatchEvent(new window.Event("beforeunload", { cancelable: true }));
leave();
await until("all is saved", () => says(".storage", "saved in this browser"));
leave();

const calledOfWorkers = await Promise.all(workers.map((worker) => worker.called()));
writeFileSync(out, JSON.stringify({ page: calledOfPage(), worker: [...new Set(calledOfWorkers.flat())] }));
// Threads and timers never end by themselves.
process.exit(0);
