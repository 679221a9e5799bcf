// The editor's bundle is loaded when it is first wanted, so that the page starts without it.
let bundle;
export function load() {
  const path = document.querySelector("script[data-editor]").dataset.editor;
  bundle ??= import(new URL(path, document.baseURI).href);
  return bundle;
}
