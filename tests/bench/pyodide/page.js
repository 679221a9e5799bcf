// `window.alembic`: real Alembic under Pyodide in a worker, as a page would have it.
const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
let last = 0;
worker.onmessage = ({ data: { number, error, value } }) => {
  const { done, fail } = waiting.get(number);
  waiting.delete(number);
  if (error) fail(new Error(error));
  else done(value);
};
worker.onerror = (event) => {
  for (const { fail } of waiting.values()) fail(new Error(event.message));
};
const ask = (name, ...values) =>
  new Promise((done, fail) => {
    last += 1;
    waiting.set(last, { done, fail });
    worker.postMessage({ number: last, name, values });
  });
window.alembic = {
  /** Makes the project's folder anew, with these files: `{path: text}`. */
  load: (files) => ask("load", files),
  /** Runs a command: `{status, output}`. */
  run: (argv) => ask("run", argv),
  remove: (path) => ask("remove", path),
};
