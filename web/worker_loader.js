// Starts the worker. The build says what its files are called: PRIMARY, DEFERRED where the module is split, RESOURCES,
// texts that the engine reads when it first wants one of them (`ground::resource`), and POSTGRESQL, what PostgreSQL is
// loaded from when a project first connects to one.
import init from "worker-glue";
import { deferred, readNow } from "./deferred.js";

const at = (name) => new URL(name, import.meta.url);
// A worker for trials is given the module that the first worker has compiled.
const { trials } = JSON.parse(self.name || "{}");
const given = trials ? await new Promise((take) => (self.onmessage = ({ data }) => take(data))) : null;
const load = DEFERRED && deferred(at(DEFERRED), give);
function give(module) {
  try {
    if (!trials) self.postMessage(module);
  } catch {
    // A browser that can't hand modules on compiles again.
  }
}
let resources;
self.readResource = (name) => {
  // What is asked for within a call is waited for; a worker may.
  resources ??= JSON.parse(readNow(at(RESOURCES)));
  return resources[name];
};
self.loadPostgreSQL = async (told, extensions) => {
  const { load } = await import("./postgresql/postgresql.js");
  return load(POSTGRESQL, at, told, extensions);
};
await init({ module_or_path: given ?? at(PRIMARY) });
// What the first command needs goes first.
setTimeout(async () => {
  if (load) await load();
  try {
    const response = await fetch(at(RESOURCES), { priority: "low" });
    resources ??= await response.json();
  } catch {
    // They come when they are wanted.
  }
}, 200);
