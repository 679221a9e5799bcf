// Starts the page; a file of its own, since the content security policy forbids inline scripts. The build knows what
// `page-glue` is: the JavaScript that wasm-bindgen has written for the page's module.
const { wasm, offline, build } = document.querySelector("script[data-wasm]").dataset;
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
const at = (path) => new URL(path, document.baseURI).href;
const started = import("page-glue").then((page) => page.default({ module_or_path: at(wasm) }));
const ready = started.then(() => window.limbeck.ready);
started.catch((error) => {
  document.querySelector("#start").textContent =
    "Limbeck did not start: " + error.message + ". It needs a browser with WebAssembly and module workers, such as Firefox 115, Chrome 115 or Safari 16.4 and later.";
});

// After the first visit the page opens without a network; another build is loaded whole beside it, and opens next time.
if (offline && window.parent === window && "serviceWorker" in navigator) {
  const workers = navigator.serviceWorker;
  const before = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (before) dispatchEvent(new Event("limbeck:update"));
  });
  // It must not compete with what the first command needs.
  ready
    .then(() => workers.register(at(offline), { scope: at("./"), updateViaCache: "none" }))
    .then(() => workers.ready)
    .then((registration) => registration.active?.postMessage({ limbeck: build }))
    .catch(() => {});
}
