// A module of WebAssembly in two halves, as the release build makes them: the first runs at once, and where it wants
// something of the second it calls `later.load`, unless that half has come by itself before.

// Within a call from WebAssembly nothing can be waited for, so this asks for the bytes as a script did before there were
// promises; a page may ask so for text alone.
function fetchedNow(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`it is not there (${request.status})`);
  return Uint8Array.from(request.responseText, (unit) => unit.charCodeAt(0));
}

/** Sees to it that the next module that is instantiated has its second half at `url`: before it starts if `whole`, and
 * else when `ahead` is called or something of it is wanted. `failed` is told why it could not be loaded when it was wanted.
 * Gives `ahead`. */
export function halves(url, { whole = false, failed }) {
  const { instantiate, instantiateStreaming } = WebAssembly;
  const coming = whole && fetch(url);
  // The glue makes the imports and keeps the exports: both are seen as they pass.
  let imports;
  const isThere = () => imports.f.is_there.value;
  const came = () => {
    imports.f.is_there.value = 1;
  };
  const load = () => {
    try {
      new WebAssembly.Instance(new WebAssembly.Module(fetchedNow(url)), imports);
    } catch (error) {
      failed(error);
      throw error;
    }
    came();
  };
  const ahead = async (response) => {
    if (isThere()) return;
    try {
      const bytes = await (await (response ?? fetch(url, { priority: "low" }))).arrayBuffer();
      if (isThere()) return;
      await instantiate.call(WebAssembly, bytes, imports);
      came();
    } catch {
      // Then it is loaded when it is wanted, if it did not come before.
      addEventListener("online", () => ahead(), { once: true });
    }
  };
  const seen = (original) => async (module, given) => {
    WebAssembly.instantiate = instantiate;
    WebAssembly.instantiateStreaming = instantiateStreaming;
    const made = await original.call(WebAssembly, module, { ...given, later: { load } });
    imports = { ...given, f: (made.instance ?? made).exports };
    if (whole) await ahead(coming);
    return made;
  };
  WebAssembly.instantiate = seen(instantiate);
  if (instantiateStreaming) WebAssembly.instantiateStreaming = seen(instantiateStreaming);
  return ahead;
}
