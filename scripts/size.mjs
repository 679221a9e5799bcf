// Prints the brotli bytes of every file that the page ships, and the sums that we hold ourselves to.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = process.argv[2] ?? "dist";
const files = [];
(function walk(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else files.push(path);
  }
})(root);

const compressed = (path) =>
  brotliCompressSync(readFileSync(path), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  }).length;

// What loads when it is first used, or behind the first command: other parts than the editor, the second halves of page
// and worker, and what only tools and installed pages read.
const LATER = /^parts\/(?!editor)|_later\.wasm$|\.d\.ts$|^icons?[-/].*png$|\.webmanifest$|^service/;
const sums = { page: 0, worker: 0, later: 0 };
for (const path of files) {
  const name = relative(root, path);
  const bytes = compressed(path);
  const when = LATER.test(name) ? "later" : /^worker-/.test(name) ? "worker" : "page";
  sums[when] += bytes;
  console.log(`${bytes.toLocaleString("en").padStart(12)}  ${name}${when === "later" ? "  (later)" : ""}`);
}
const line = (bytes, words) => console.log(`${bytes.toLocaleString("en").padStart(12)}  ${words}`);
line(sums.page, "the page with editor and fonts, without the worker (aim: 450,000)");
line(sums.page + sums.worker, "to the first command (aim: 1,500,000)");
line(sums.page + sums.worker + sums.later, "all");
