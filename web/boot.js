// Starts the page; a file of its own, since the content security policy forbids inline scripts.
import { halves } from "./halves.js";

const { js, wasm, later, offline, build } = document.querySelector("script[data-wasm]").dataset;
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
// What a first visit runs comes first. Whoever was here before has the rest at hand, and a link or a frame asks for more.
const known = location.hash || location.search || "limbeck:console" in kept || navigator.serviceWorker?.controller;
const ahead = later && halves(at(later), {
  whole: Boolean(known),
  failed() {
    const lost = document.querySelector("#lost") ?? document.body.appendChild(document.createElement("p"));
    lost.id = "lost";
    lost.setAttribute("role", "alert");
    lost.textContent = "A part of the page could not be loaded. Is there a network? What was saved is still there: load the page again.";
  },
});
const started = import(at(js)).then((page) => page.default({ module_or_path: at(wasm) }));
const ready = started.then(() => window.limbeck.ready);
ready.then(() => ahead && !known && setTimeout(ahead, 200), () => {});
started.catch((error) => {
  document.querySelector("#start").textContent =
    "Limbeck did not start: " + error.message + ". It wants a browser with WebAssembly and module workers, such as Firefox 115, Chrome 115 or Safari 16.4 and later.";
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
