// Starts the worker. The build says what its files are called: PRIMARY, and DEFERRED where the module is split.
import init from "worker-glue";
import { deferred } from "./deferred.js";

const at = (name) => new URL(name, import.meta.url);
const load = DEFERRED && deferred(at(DEFERRED));
await init({ module_or_path: at(PRIMARY) });
// What the first command needs goes first.
if (load) setTimeout(load, 200);
