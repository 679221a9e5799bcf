// Starts the worker. The build says what its files are called: PRIMARY, and DEFERRED where the module is split.
import init from "worker-glue";
import { deferred } from "./deferred.js";

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
await init({ module_or_path: given ?? at(PRIMARY) });
// What the first command needs goes first.
if (load) setTimeout(load, 200);
