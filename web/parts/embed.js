// The page in a frame: what `window.limbeck` does, by messages. It answers the page that it is in, and nobody else.
const METHODS = new Set([
  "run", "cancel", "pending", "review", "files.list", "files.read", "files.write", "files.remove", "files.rename",
  "query", "schema", "state", "open", "history", "travel", "reset", "load", "export", "share", "exportZip", "importZip",
]);
const EVENTS = ["change", "pending", "review", "event", "command", "lesson"];

// A frame whose page has no origin (a file, a sandbox) can't be named.
const target = (origin) => (origin && origin !== "null" ? origin : "*");

export function connect() {
  const host = window.parent;
  if (host === window) return;
  const allowed = new URLSearchParams(location.search).get("origin");
  const endings = [];
  const methods = {
    // Events go to the page that asked, from now on.
    subscribe(origin) {
      while (endings.length) endings.pop()();
      for (const name of EVENTS) {
        endings.push(window.limbeck.on(name, (details) => host.postMessage({ limbeck: 1, event: name, details }, target(origin))));
      }
      // One that is open already was begun before anybody heard.
      const { lesson } = window.limbeck.state();
      if (lesson) host.postMessage({ limbeck: 1, event: "lesson", details: lesson }, target(origin));
    },
    unsubscribe() {
      while (endings.length) endings.pop()();
    },
  };
  window.addEventListener("message", async ({ source, origin, data }) => {
    if (source !== host || data?.limbeck !== 1 || typeof data.method !== "string") return;
    if (allowed !== null && origin !== allowed) return;
    const { id, method } = data;
    const answer = (more) => host.postMessage({ limbeck: 1, id, ...more }, target(origin));
    try {
      if (Object.hasOwn(methods, method)) {
        methods[method](origin);
        return answer({ result: null });
      }
      if (!METHODS.has(method)) throw new Error(`there is no method ${method}`);
      const given = data.arguments ?? [];
      if (!Array.isArray(given)) throw new Error("arguments are a list");
      await window.limbeck.ready;
      const path = method.split(".");
      const name = path.pop();
      const of = path.length ? window.limbeck[path[0]] : window.limbeck;
      answer({ result: (await of[name](...given)) ?? null });
    } catch (error) {
      const { pythonClass, place } = error ?? {};
      answer({ error: { message: String(error?.message ?? error), pythonClass, place } });
    }
  });
  // Says that it listens; nothing of the workspace is in it.
  host.postMessage({ limbeck: 1, event: "ready" }, allowed ?? "*");
}
