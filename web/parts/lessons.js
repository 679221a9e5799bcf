// What lessons want of the browser: the list of them and their archives, and a place to keep how far one is.
const ARCHIVE = 4_000_000;

/** Where the page lies, so that it works under any path. */
const base = new URL("./", document.baseURI);

async function get(url) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin" });
  } catch {
    throw "unreachable";
  }
  if (!response.ok) throw "missing";
  // A redirect may lead to another site.
  if (new URL(response.url).origin !== location.origin) throw "origin";
  return response;
}

/** The lessons that the page comes with, as JSON. */
export const courses = async () => (await get(new URL("lessons/index.json", base))).text();

/** The archive at an address of the page's own origin. */
export async function fetched(address) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    throw "missing";
  }
  if (url.origin !== location.origin) throw "origin";
  const bytes = new Uint8Array(await (await get(url)).arrayBuffer());
  if (bytes.length > ARCHIVE) throw "large";
  return bytes;
}

let opened;
function database() {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open(`limbeck-lessons:${base.pathname}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail("store");
    request.onblocked = () => fail("store");
  });
  return opened;
}

function ask(mode, act) {
  return database().then((database) => new Promise((done, fail) => {
    const transaction = database.transaction("kept", mode, { durability: "relaxed" });
    const request = act(transaction.objectStore("kept"));
    transaction.oncomplete = () => done(request.result ?? null);
    transaction.onerror = transaction.onabort = () => fail("store");
  }));
}

/** What was kept under a key, or null. */
export const kept = (key) => ask("readonly", (store) => store.get(key));

/** Keeps a text; one that is empty goes. */
export const keep = (key, text) => ask("readwrite", (store) => (text ? store.put(text, key) : store.delete(key)));
