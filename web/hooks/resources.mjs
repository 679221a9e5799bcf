// The texts that the engine and the worker carry and a first visit does not read (`ground::resource`), by the names that
// they ask for: a path in src, or an example, whose files are an object of texts by their paths.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL("../../src", import.meta.url));
const examples = fileURLToPath(new URL("../examples", import.meta.url));

const APART = /^bindings\/.*\.py$|^bindings\/names\/[^/]+\.txt$|^script\/templates\/|^driver\/.*\.txt$/;
/** What is built in, since a first visit reads it. */
const BUILT_IN = [
  "bindings/alembic/rewriter.py",
  "bindings/sqlmodel/session.py",
  "bindings/stdlib/library/collections.py",
];

/** The files below a folder, by their paths there. */
function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return paths.map((path) => [path.slice(folder.length + 1).replaceAll("\\", "/"), path]);
}

/** All that may be asked for. */
export function resources() {
  const texts = files(sources)
    .filter(([name]) => APART.test(name) && !BUILT_IN.includes(name))
    .map(([name, path]) => [name, readFileSync(path, "utf8")]);
  const projects = readdirSync(examples)
    .sort()
    .filter((name) => name !== "library")
    .map((name) => {
      const contents = files(join(examples, name)).map(([path, file]) => [path, readFileSync(file, "utf8")]);
      return [`examples/${name}`, JSON.stringify(Object.fromEntries(contents))];
    });
  return Object.fromEntries([...texts, ...projects]);
}
