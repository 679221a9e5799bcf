// The small pieces of the browser that sharing needs at once, where Rust would be longer.

/** Hands a person a file. */
export function download(name, type, contents) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([contents], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** What was dropped or pasted; it can be asked only while the event runs. */
export function entries(event) {
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
  return items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
}

/** Whether files are dragged, and not text. */
export const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

/** The patch that was pasted where no text is written, or nothing. */
export function pastedPatch(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const writes = event.composedPath().some((one) => one.isContentEditable || /^(INPUT|TEXTAREA)$/.test(one.tagName));
  return !writes && /^(diff --git |--- .*\n\+\+\+ )/m.test(text) && /^@@ |^rename from /m.test(text) ? text : undefined;
}

/** Lets a person choose files, or a folder; never ends where they choose none. */
export function choose(folder) {
  const input = document.createElement("input");
  input.type = "file";
  if (folder) input.webkitdirectory = true;
  else input.accept = ".zip,.json,.db,.sqlite,.sqlite3,.limbeck-lesson,.patch,.diff";
  return new Promise((done) => {
    input.addEventListener("change", () => done([...input.files]));
    input.addEventListener("cancel", () => done([]));
    input.click();
  });
}

/** Copies a text; where the browser refuses, fails. */
export const copy = (text) => navigator.clipboard.writeText(text);

/** Whether the page is in another one. */
export const embedded = () => window.parent !== window;
