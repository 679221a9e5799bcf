// Runs the page in Node as a first visit does, on a document of its own, to see which of its functions that takes:
//   node web/hooks/rehearse_page.mjs DIST MODULE.wasm GLUE.js OUT.json
// DIST has the worker as wasm-bindgen made it. A process of its own, since the glue takes what is global for the page.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import { GlobalRegistrator } from "@happy-dom/global-registrator";
import { marked } from "./split.mjs";

const [dist, wasm, glue, out] = process.argv.slice(2);
const root = pathToFileURL(`${resolve(dist)}/`);
const rehearsed = marked(readFileSync(wasm));

// Node's own, since the document brings others.
const { setTimeout } = globalThis;
const fail = (reason) => {
  console.error("the page can't be rehearsed:", reason);
  process.exit(1);
};
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
setTimeout(() => fail("it takes too long"), 300_000);

GlobalRegistrator.register({ url: "http://localhost/", width: 1440, height: 900 });
// happy-dom's throws when CodeMirror asks it.
Object.defineProperty(ShadowRoot.prototype, "activeElement", { get: () => null });
// What is global is no instance of happy-dom's Window.
globalThis.Window = class {
  static [Symbol.hasInstance](value) {
    return value === globalThis;
  }
};
// Milliseconds that what the worker says takes to arrive.
let delay = 0;
globalThis.Worker = class {
  constructor(_url, { name }) {
    this.thread = new Thread(new URL("worker_thread.mjs", import.meta.url), { workerData: { root: root.href, name } });
    this.thread.on("message", (data) => setTimeout(() => this.onmessage(new MessageEvent("message", { data })), delay));
    this.thread.on("error", fail);
  }

  postMessage(message) {
    this.thread.postMessage(message);
  }

  terminate() {
    this.thread.terminate();
  }
};
const parts = Object.fromEntries(readdirSync(join(dist, "parts")).map((name) => [name.replace(/(-[0-9a-f]+)?\.js$/, ""), `./parts/${name}`]));
document.write(`<base href="${root.href}"><div id="app"></div><script type="text" data-worker="worker.js" data-parts='${JSON.stringify(parts)}'></script>`);

const find = (selector) => document.querySelector(selector);
async function until(look) {
  for (;;) {
    const seen = look();
    if (seen) return seen;
    await new Promise((done) => setTimeout(done, 20));
  }
}
async function settled() {
  await until(() => !find(".entry.runs") && find(".pending")?.getAttribute("aria-busy") === "false");
  // What is drawn and saved a moment later.
  await new Promise((done) => setTimeout(done, 1000));
}
function type(element, key) {
  element.focus();
  for (const type of ["keydown", "keyup"]) element.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
}
async function press(element, key) {
  type(element, key);
  await settled();
}
async function command(line) {
  const input = find("#console-input");
  input.value = line;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await press(input, "Enter");
}
async function click(selector) {
  const element = await until(() => find(selector));
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
  }
  await settled();
}

const { default: init } = await import(pathToFileURL(resolve(glue)));
await init({ module_or_path: rehearsed.bytes });
await window.limbeck.ready;
await settled();
const editor = await until(() => find("#models .editor")?.shadowRoot?.querySelector(".cm-content"));
for (const key of ["a", "Enter", "Backspace"]) await press(editor, key);
const models = await window.limbeck.files.read("models.py");
for (const text of [`${models}\nx = (`, `${models}\nx`, models]) {
  await window.limbeck.files.write("models.py", text);
  await settled();
  await command("alembic check");
}
await window.limbeck.run("alembic heads");
await click("#upgrade");
await click("#downgrade");
for (const line of ["alembic current", "alembic upgrade head", "alembic upgrade nowhere", "alembic history", "ls"]) await command(line);
for (const key of ["a", "ArrowUp", "ArrowDown", "Escape", "Tab"]) await press(find("#console-input"), key);
// On a slow machine an edit comes before the answer on the one before it, and a command waits for both.
delay = 2000;
for (const key of ["Enter", "Backspace"]) {
  type(editor, key);
  await new Promise((done) => setTimeout(done, 700));
}
await command("alembic current");
delay = 0;
await click("#autogenerate");
await click("form.message [type=submit]");
// Turning to another tab, and leaving.
document.dispatchEvent(new Event("visibilitychange"));
for (const name of ["beforeunload", "pagehide"]) window.dispatchEvent(new Event(name, { cancelable: true }));
await settled();
const said = find("#console").textContent;
for (const words of ["Running upgrade", "Running downgrade", "nowhere", "done"]) {
  if (!said.includes(words)) fail(`its console does not say: ${words}`);
}
writeFileSync(out, JSON.stringify(rehearsed.called()));
process.exit(0);
