// The texts that the engine carries and a first visit does not read (`ground::resource`): by their paths in
// src/bindings, as the engine names them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../src/bindings", import.meta.url));

/** All that may be asked for. */
export function resources() {
  const paths = readdirSync(folder, { recursive: true })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.py$|^names\/[^/]+\.txt$/.test(path))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
