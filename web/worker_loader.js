// Starts the worker; its own file, so that it can say what went wrong where the glue can't be loaded at all. The build
// gives LATER the name of the second half, or nothing where the worker is whole.
import init from "./worker.js";
import { halves } from "./halves.js";

if (LATER) {
  const ahead = halves(new URL(LATER, import.meta.url), {
    failed(error) {
      throw new Error(`a part of the engine could not be loaded; is there a network? (${error.message})`);
    },
  });
  const post = self.postMessage;
  // The first thing that the worker says is that it is ready.
  self.postMessage = (...message) => {
    self.postMessage = post;
    self.postMessage(...message);
    setTimeout(ahead, 200);
  };
}
init({ module_or_path: new URL("worker_bg.wasm", import.meta.url) });
