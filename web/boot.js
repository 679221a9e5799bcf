// Starts the page; a file of its own, since the content security policy forbids inline scripts. The build knows what
// `page-glue` is: the JavaScript that wasm-bindgen has written for the page's module.
import { deferred } from "./deferred.js";

const { wasm, deferred: later, offline, build } = document.querySelector("script[data-wasm]").dataset;
const root = document.documentElement;
const asked = new URLSearchParams(location.search);
let kept = {};
try {
  // A frame is another site's: what the visitor chose here is not for it.
  if (window.parent === window) kept = { ...localStorage };
} catch {
  // A browser that keeps nothing: the system's theme it is.
}
const theme = asked.get("theme") ?? kept["limbeck:theme"];
if (["light", "dark"].includes(theme)) root.dataset.theme = theme;
if (asked.has("hide")) root.dataset.hide = asked.get("hide").replaceAll(",", " ");
// `window.limbeck` is there before the page's module is: what is asked of it early is done when that has come.
let page;
let come;
const coming = new Promise((resolve) => (come = resolve));
const waitingFor = (of) => (name) => (...given) => coming.then((page) => of(page)[name](...given));
const waiting = waitingFor((page) => page);
const early = {
  ready: coming.then((page) => page.ready),
  files: new Proxy({}, { get: (_, name) => waitingFor((page) => page.files)(name) }),
  // These answer at once.
  cancel() {},
  state: () => ({ ready: false, running: 0 }),
  history: () => [],
  on(...given) {
    const end = waiting("on")(...given);
    return () => end.then((end) => end());
  },
};
const limbeck = new Proxy(early, {
  get(_, name) {
    const value = page ? page[name] : early[name];
    if (value !== undefined) return typeof value === "function" ? value.bind(page) : value;
    // No promise by itself.
    return page || typeof name === "symbol" || name === "then" ? undefined : waiting(name);
  },
});
Object.defineProperty(window, "limbeck", {
  get: () => limbeck,
  set(made) {
    page = made;
    come(made);
  },
});

const at = (path) => new URL(path, document.baseURI).href;
const load = later && deferred(at(later));
const started = import("page-glue").then((page) => page.default({ module_or_path: at(wasm) }));
started.catch((error) => {
  document.querySelector("#start").textContent =
    "Limbeck did not start: " + error.message + ". It needs a browser with WebAssembly and module workers, such as Firefox 115, Chrome 115 or Safari 16.4 and later.";
});

// What a first look does not want comes behind the first command's needs; a shared link wants it at once.
if (load) (location.hash ? started : limbeck.ready).then(load, () => {});

// After the first visit the page opens without a network; another build is loaded whole beside it, and opens next time.
if (offline && window.parent === window && "serviceWorker" in navigator) {
  const workers = navigator.serviceWorker;
  const before = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (before) dispatchEvent(new Event("limbeck:update"));
  });
  // It must not compete with what the first command needs.
  limbeck.ready
    .then(() => workers.register(at(offline), { scope: at("./"), updateViaCache: "none" }))
    .then(() => workers.ready)
    .then((registration) => registration.active?.postMessage({ limbeck: build }))
    .catch(() => {});
}
