// For a page that has Limbeck in a frame: its methods as functions that return promises.

/**
 * Speaks with a frame of Limbeck, by what embed.md says.
 * @param {HTMLIFrameElement} frame whose address is that of the page
 */
export async function connect(frame) {
  const { origin } = new URL(frame.src, location.href);
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  let ready;
  const isReady = new Promise((done) => (ready = done));
  const hear = ({ source, data }) => {
    if (source !== frame.contentWindow || data?.limbeck !== 1) return;
    if (data.event === "ready") return ready();
    if (data.event) {
      for (const listener of listeners) listener(data.event, data.details);
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (!call) return;
    if (data.error) call.fail(Object.assign(new Error(data.error.message), data.error));
    else call.done(data.result);
  };
  addEventListener("message", hear);
  const call = (method, ...given) =>
    new Promise((done, fail) => {
      const id = ++last;
      waiting.set(id, { done, fail });
      frame.contentWindow.postMessage({ limbeck: 1, id, method, arguments: given }, origin);
    });
  // A frame that was loaded before says so no more, but answers.
  call("state").then(ready, ready);
  await isReady;
  return {
    call,
    run: (command) => call("run", command),
    query: (sql) => call("query", sql),
    load: (workspace) => call("load", workspace),
    listen(listener) {
      listeners.add(listener);
      call("subscribe");
      return () => listeners.delete(listener);
    },
    close() {
      removeEventListener("message", hear);
    },
  };
}
