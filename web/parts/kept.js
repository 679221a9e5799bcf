// Texts that the page keeps in the browser by itself, beside the workspaces, which the worker keeps.

/** Where the page lies, so that it works under any path. */
export const base = new URL("./", document.baseURI);

/** A place for texts, each under a key, of a name of its own. */
export function texts(name) {
  let opened;
  function database() {
    opened ??= new Promise((done, fail) => {
      const request = indexedDB.open(`${name}:${base.pathname}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("kept");
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail("store");
      request.onblocked = () => fail("store");
    });
    return opened;
  }

  /** What `act` gives to `done`, once the transaction is over. */
  const ask = (mode, act) =>
    database().then((database) => new Promise((done, fail) => {
      const transaction = database.transaction("kept", mode, { durability: "relaxed" });
      let result = null;
      act(transaction.objectStore("kept"), (given) => (result = given ?? null));
      transaction.oncomplete = () => done(result);
      transaction.onerror = transaction.onabort = () => fail("store");
    }));
  const answer = (request, give) => (request.onsuccess = () => give(request.result));

  return {
    /** What was kept under a key, or null. */
    kept: (key) => ask("readonly", (store, give) => answer(store.get(key), give)),
    /** Keeps a text; one that is empty goes. */
    keep: (key, text) => ask("readwrite", (store) => (text ? store.put(text, key) : store.delete(key))),
    /** Keeps what `make` makes of what was kept under a key, and gives that; nobody comes between. */
    change: (key, make) =>
      ask("readwrite", (store, give) => answer(store.get(key), (old) => {
        const text = make(old ?? null);
        store.put(text, key);
        give(text);
      })),
    /** All keys with their texts. */
    all: () =>
      ask("readonly", (store, give) => answer(store.getAllKeys(), (keys) => answer(store.getAll(), (all) => give(keys.map((key, index) => [key, all[index]]))))),
  };
}
