// A module of WebAssembly in two parts, as the build splits it (hooks/split.mjs). The primary part starts; for each
// function of the deferred part that it calls it has a placeholder. Whatever placeholder is called before the deferred
// part has come has it loaded at once, within the call.

/** The text at `url`, which is waited for within the call. */
export function readNow(url, charset = "utf-8") {
  const request = new XMLHttpRequest();
  try {
    request.open("GET", url, false);
    request.overrideMimeType(`text/plain; charset=${charset}`);
    request.send();
    if (request.status !== 200) throw new Error(`the answer is ${request.status}`);
  } catch (error) {
    throw new Error(`a part of Limbeck could not be loaded; is there a network? (${error.message})`);
  }
  return request.responseText;
}

/** Prepares the next module that is instantiated to have its deferred part at `url`; gives what loads that part, to be
 * called once there is time for it. `compiled` gets the module, where it was compiled here. A part that the service worker
 * has kept is there before the module's first function runs: a later visit wants more of it than a first one, and without
 * a network WebKit does not answer what is asked for within a call. */
export function deferred(url, compiled = () => {}) {
  // The deferred part has the imports of the primary one, and what that exports.
  let imports;
  const isLoaded = () => imports.primary.deferred_is_loaded.value;
  function instantiate(module) {
    new WebAssembly.Instance(module, imports);
    imports.primary.deferred_is_loaded.value = 1;
  }
  const compile = async (response) => WebAssembly.compile(await response.arrayBuffer());
  async function kept() {
    try {
      const response = await caches.match(url);
      return response && (await compile(response));
    } catch {
      // A browser, or a frame, that keeps nothing.
      return undefined;
    }
  }
  const ahead = kept();

  function loadNow() {
    // A document, unlike a worker, gets text from a request that it waits for: a character a byte, in its low half.
    const text = readNow(url, "x-user-defined");
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    instantiate(new WebAssembly.Module(bytes));
  }

  async function load() {
    if (isLoaded()) return;
    try {
      const module = await compile(await fetch(url, { priority: "low" }));
      if (!isLoaded()) instantiate(module);
    } catch {
      // It comes when it is wanted, or when there is a network again.
      addEventListener("online", load, { once: true });
    }
  }

  // wasm-bindgen keeps what a module imports and exports to itself: it is seen, once, as it passes.
  const originals = { instantiate: WebAssembly.instantiate, instantiateStreaming: WebAssembly.instantiateStreaming };
  for (const [name, original] of Object.entries(originals)) {
    WebAssembly[name] = async (source, given) => {
      const made = await original.call(WebAssembly, source, { ...given, deferred: { load: loadNow } });
      Object.assign(WebAssembly, originals);
      imports = { ...given, primary: (made.instance ?? made).exports };
      if (made.module) compiled(made.module);
      const module = await ahead;
      if (module) instantiate(module);
      return made;
    };
  }
  return load;
}
