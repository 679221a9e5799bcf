// Prints the brotli bytes of every file that the page ships, and the two sums that we hold ourselves to.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = "dist";
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

let all = 0;
let worker = 0;
for (const path of files) {
  const name = relative(root, path);
  const bytes = compressed(path);
  all += bytes;
  if (/(^|[/-])worker/.test(name)) worker += bytes;
  console.log(`${bytes.toLocaleString("en").padStart(12)}  ${name}`);
}
console.log(`${(all - worker).toLocaleString("en").padStart(12)}  the page with editor and fonts, without the worker (aim: 450,000)`);
console.log(`${all.toLocaleString("en").padStart(12)}  all (aim: 1,500,000)`);
