// Starts the page; a file of its own, since the content security policy forbids inline scripts.
const { js, wasm } = document.currentScript?.dataset ?? document.querySelector("script[data-wasm]").dataset;
try {
  const theme = localStorage.getItem("limbeck:theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing: the system's theme it is.
}
const at = (path) => new URL(path, document.baseURI).href;
import(at(js))
  .then((page) => page.default({ module_or_path: at(wasm) }))
  .catch((error) => {
    document.querySelector("#start").textContent =
      "Limbeck did not start: " + error.message + ". It wants a browser with WebAssembly and module workers, such as Firefox 114, Chrome 95 or Safari 16.4 and later.";
  });
