// Starts the page; a file of its own, since the content security policy forbids inline scripts.
const { js, wasm, offline, build } = document.querySelector("script[data-wasm]").dataset;
const root = document.documentElement;
const asked = new URLSearchParams(location.search);
const kept = () => {
  try {
    // A frame is another site's: what the visitor chose here is not for it.
    return window.parent === window ? localStorage.getItem("limbeck:theme") : null;
  } catch {
    // A browser that keeps nothing: the system's theme it is.
    return null;
  }
};
const theme = asked.get("theme") ?? kept();
if (["light", "dark"].includes(theme)) root.dataset.theme = theme;
if (asked.has("hide")) root.dataset.hide = asked.get("hide").replaceAll(",", " ");
const at = (path) => new URL(path, document.baseURI).href;
const started = import(at(js)).then((page) => page.default({ module_or_path: at(wasm) }));
started.catch((error) => {
  document.querySelector("#start").textContent =
    "Limbeck did not start: " + error.message + ". It wants a browser with WebAssembly and module workers, such as Firefox 114, Chrome 95 or Safari 16.4 and later.";
});

// After the first visit the page opens without a network; another build is loaded whole beside it, and opens next time.
if (offline && window.parent === window && "serviceWorker" in navigator) {
  const workers = navigator.serviceWorker;
  const before = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (before) dispatchEvent(new Event("limbeck:update"));
  });
  started
    // It must not compete with what the first command needs.
    .then(() => window.limbeck.ready)
    .then(() => workers.register(at(offline), { scope: at("./"), updateViaCache: "none" }))
    .then(() => workers.ready)
    .then((registration) => registration.active?.postMessage({ limbeck: build }))
    .catch(() => {});
}
