// Starts the worker. Its second half loads once the first has said that it is ready, or at once where something of it is
// wanted before; the build puts the file's name into LATER, or nothing where the worker is whole.
import init from "./worker.js";

const LATER = "";
const url = LATER && new URL(LATER, import.meta.url);
let imports;
let first;
let compiled;

// The glue makes the imports and keeps the exports: both are seen as they pass.
for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name];
  if (!LATER || !original) continue;
  WebAssembly[name] = async (module, given) => {
    imports = { ...given, later: { load } };
    const made = await original.call(WebAssembly, module, imports);
    first = (made.instance ?? made).exports;
    return made;
  };
}

function fetched() {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch {
    throw new Error("a part of the engine could not be loaded; is there a network?");
  }
  if (request.status !== 200) throw new Error(`a part of the engine could not be loaded (${request.status})`);
  return new WebAssembly.Module(request.response);
}

function load() {
  new WebAssembly.Instance(compiled ?? fetched(), { ...imports, f: first });
  first.is_there.value = 1;
}

async function ahead() {
  try {
    compiled = await WebAssembly.compile(await (await fetch(url, { priority: "low" })).arrayBuffer());
  } catch {
    // Then it is loaded when it is wanted.
  }
}

if (LATER) {
  const post = self.postMessage;
  // The first thing that the worker says is that it is ready.
  self.postMessage = (...message) => {
    self.postMessage = post;
    self.postMessage(...message);
    setTimeout(ahead, 200);
  };
}
init({ module_or_path: new URL("worker_bg.wasm", import.meta.url) });
