// What the page loads when it is first wanted, so that it starts without it: the editor, the layout of diagrams and
// the like. The build names each file by what is in it and fills in where they are.
const loaded = new Map();
export function load(name) {
  if (!loaded.has(name)) {
    const paths = JSON.parse(document.querySelector("script[data-parts]").dataset.parts);
    const part = import(new URL(paths[name], document.baseURI).href);
    loaded.set(name, part);
    // What could not be loaded, such as without a network, may be tried again.
    part.catch(() => loaded.delete(name));
  }
  return loaded.get(name);
}
